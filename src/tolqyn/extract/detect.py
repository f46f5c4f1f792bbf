"""Which of the languages that we read a text is in.

Pure but for the model of py3langid, loaded once.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from tolqyn.languages import codes

__all__ = ["detect_language"]

_ENOUGH = 3000  # characters; more tell nothing new


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  its model takes 0.2 s to load

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    known = set(identifier.nb_classes)
    identifier.set_languages([code for code in codes() if code in known])
    return identifier


def detect_language(text: str) -> str | None:
    """The code of the language, among those that have a file; None for a text without letters."""
    sample = text[:_ENOUGH]
    if not any(character.isalpha() for character in sample):
        return None
    return str(_identifier().classify(sample)[0])
