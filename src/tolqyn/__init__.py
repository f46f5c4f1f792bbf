"""Tolqyn: from scattered, conflicting reports of a migration wave to one defensible picture."""

__version__ = "0.1.0"
