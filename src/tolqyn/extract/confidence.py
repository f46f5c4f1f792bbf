"""How likely a record is to be right, from how each of its fields was settled.

Pure but for one table, read once. The table, data/confidence.toml, holds a weight in log odds for each
sign; it was fitted to annotated texts by `python tests/extract/calibrate.py --write`. Right means that
figure, measure, place and both ends of the window are those of the text.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files

from tolqyn.claims import Modality
from tolqyn.extract.draft import Draft

__all__ = ["chance", "signs"]

_LEAST, _MOST = 0.02, 0.98  # no more than this is known of anything that a table of signs says
_SHORT = 6  # sentences: a text of so few leaves less to carry
_DEFAULTS = {"most spoken of", "of the source", "country of the source"}
_FRAMES = {
    "head of the sentence", "subject of the sentence", "named before", "their own country",
    "from the text below", "the other way",
}  # fmt: skip
_LOOSE = {
    "now", "recent", "so_far", "earlier", "usual", "same", "same_day", "next_days", "next_week", "past_week",
}  # fmt: skip


def signs(draft: Draft, sentences: int) -> tuple[str, ...]:
    """What speaks for and against a draft, in words.

    Args:
        draft: the claim in the making.
        sentences: how many the text has.
    """
    return (
        f"measure {_measure(draft)}",
        f"place {_place(draft)}",
        f"window {_window(draft)}",
        f"figures {min(len(draft.reading.figures), 4)}",
        f"figure of {draft.head.what or 'nothing named'}",
        "text short" if sentences <= _SHORT else "text long",
        "observed" if draft.modality is Modality.OBSERVED else "not observed",
    )


def _measure(draft: Draft) -> str:
    if draft.evidence["measure"].endswith("(carried)"):
        return "carried"
    return "touching" if draft.cue.distance <= 2 else "near" if draft.cue.distance <= 6 else "far"


def _place(draft: Draft) -> str:
    if draft.place is None:
        return "unknown"
    told = draft.evidence.get("place", "")
    if told == "carried":
        return "carried"
    return "supplied" if told in _DEFAULTS else "framed" if told in _FRAMES else "named"


def _window(draft: Draft) -> str:
    told = draft.evidence.get("window", "none")
    if told == "day of the article":
        return "supplied to a flow" if draft.cue.measure.is_flow else "supplied to a level"
    if told in {"carried", "of the heading", "from the text below", "none"}:
        return told
    return "loose" if draft.span.kind in _LOOSE else "named"


def chance(given: Iterable[str]) -> float:
    """How likely a record with these signs is to be right, 0 to 1, to two places."""
    return _chance(tuple(given))


@lru_cache(maxsize=2_000)  # the same signs come again and again
def _chance(given: tuple[str, ...]) -> float:
    weights = _weights()
    odds = weights["all"] + sum(weights.get(sign, 0.0) for sign in given)
    return round(min(max(1 / (1 + math.exp(-odds)), _LEAST), _MOST), 2)


@cache
def _weights() -> Mapping[str, float]:
    text = files("tolqyn.extract").joinpath("data", "confidence.toml").read_text(encoding="utf-8")
    weights: dict[str, float] = tomllib.loads(text)["weights"]
    return weights
