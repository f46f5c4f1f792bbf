"""Which engine reads the texts of a wave: the rules, or a language model that the user names."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tolqyn.claims import Document
from tolqyn.errors import UsageError

if TYPE_CHECKING:
    from tolqyn.extract import Extraction

__all__ = ["MODEL", "Engine", "model_engine", "rules_engine"]

MODEL = "model:"
"""How the name of every language-model engine begins."""


class Engine(NamedTuple):
    """What finds claims in texts.

    Attributes:
        name: with its version; kept with every document and claim.
        read: the claims of a document; the second argument are countries to prefer where a place
            name is ambiguous. Raises ExtractError where the document could not be read for now.
    """

    name: str
    read: Callable[[Document, Collection[str]], Extraction]


def rules_engine(near: Collection[str] = (), named: Mapping[str, date] | None = None) -> Engine:
    """The engine that needs nothing but this package.

    Its name tells the settings of the wave that a reading depends on, so that a change of them has
    the texts read again.

    Args:
        near: countries to prefer where a place name is ambiguous.
        named: events of the wave, by name: "since the mobilization" is a date in the light of them.
    """
    from tolqyn.extract import ENGINE, events_of, extract

    told = json.dumps([sorted(near), sorted((name, str(day)) for name, day in (named or {}).items())])
    name = f"{ENGINE} {hashlib.sha256(told.encode()).hexdigest()[:8]}" if near or named else ENGINE

    @cache
    def events() -> dict[str, date]:
        # Only when a text is to be read: names of events are looked up in every language file.
        return events_of(named or {})

    return Engine(name, lambda document, near: extract(document, near=near, events=events()))


def model_engine(
    endpoint: str,
    model: str,
    *,
    key_variable: str | None = None,
    seconds: float = 120.0,
    answers: Path | None = None,
) -> Engine:
    """A language model behind an OpenAI-compatible endpoint.

    Args:
        endpoint: its address; https, or this machine.
        model: its name there.
        key_variable: environment variable that holds the key; None sends none.
        seconds: time for one answer.
        answers: folder where answers are kept; None is the user's folder for caches.

    Raises:
        UsageError: an address, name or key that is not to be used, or a variable that is not set.
    """
    from tolqyn.extract.model import ModelEngine
    from tolqyn.wave.answers import Answers, common_folder
    from tolqyn.wave.endpoint import Endpoint

    key = os.environ.get(key_variable) if key_variable else None
    if key_variable and not key:
        raise UsageError(f"the environment variable {key_variable!r:.80} is not set", hint="it holds the key")
    line = Endpoint(endpoint, key, seconds=seconds)
    asked = ModelEngine(
        model, line.complete, Answers(answers or common_folder()), settings={"endpoint": line.url}
    )
    return Engine(asked.name, lambda document, near: asked.extract(document, near=near))
