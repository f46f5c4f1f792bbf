"""The settings of one wave: what is studied, when, where, and what is known beforehand."""

from tolqyn.situation.settings import Event, Situation, SourceNote, parse_situation

__all__ = ["Event", "Situation", "SourceNote", "parse_situation"]
