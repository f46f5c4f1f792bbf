"""What is asked of a model: the prompt, the article as data, the form of the answer.

Pure but for the prompt, a data file of this package. A prompt is never changed under its number: its
answers are kept under it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from tolqyn.claims import Document, Measure, Modality, Qualifier
from tolqyn.extract.model.pieces import Piece

__all__ = ["PROMPT", "WORDS", "Form", "article", "prompt", "request", "schema"]

PROMPT = 1
"""The number of the prompt in use."""

WORDS = ("measure", "place", "group", "window", "source")
"""What the model must give the deciding words of the text for."""

_OPENING = 600  # characters of the beginning that go with every later piece


class Form(StrEnum):
    """How strictly the form of an answer is asked for; servers differ in what they know."""

    SCHEMA = "schema"
    JSON = "json"
    BARE = "bare"


@cache
def prompt(number: int = PROMPT) -> str:
    """The text of a prompt."""
    return files("tolqyn.extract.model").joinpath(f"prompt-{number}.md").read_text(encoding="utf-8")


def article(document: Document, piece: Piece, number: int, count: int) -> str:
    """A piece of a document as one JSON object, so that nothing in it can end the string it stands in."""
    about: dict[str, Any] = {
        "published": document.published.isoformat() if document.published else None,
        "publisher": document.publisher,
        "title": document.title,
        "part": f"{number} of {count}",
        "text": document.text[piece.start : piece.end],
    }
    if piece.start >= _OPENING:
        about["opening"] = document.text[:_OPENING]
    return json.dumps(about, ensure_ascii=False)


def request(model: str, told: str, form: Form) -> dict[str, Any]:
    """The body of a chat completion.

    Args:
        model: its name at the endpoint.
        told: what `article` gives.
        form: with SCHEMA the server holds the model to the schema; with JSON we only ask for the least
            random answer; BARE asks for nothing that some servers refuse.
    """
    body: dict[str, Any] = {
        "model": model,
        "messages": [{"role": "system", "content": prompt()}, {"role": "user", "content": told}],
    }
    if form is not Form.BARE:
        body["temperature"] = 0
    if form is Form.SCHEMA:
        named = {"name": "claims", "strict": True, "schema": schema()}
        body["response_format"] = {"type": "json_schema", "json_schema": named}
    return body


def schema() -> dict[str, Any]:
    """The JSON Schema of an answer; every field is required, as strict servers demand."""
    text, number = {"type": ["string", "null"]}, {"type": ["number", "null"]}
    record: dict[str, Any] = {
        "quote": {"type": "string"},
        "measure": _one_of(list(Measure)),
        "kind": text,
        "place": {"type": "string"},
        "counterpart": text,
        "group": {"type": "string"},
        "value": number,
        "low": number,
        "high": number,
        "unit": {"type": "string"},
        "qualifier": _one_of(list(Qualifier)),
        "window_start": text,
        "window_end": text,
        "said": text,
        "speaker": text,
        "organization": text,
        "modality": _one_of(list(Modality)),
        "words": _object(dict.fromkeys(WORDS, text)),
    }
    return _object({"claims": {"type": "array", "items": _object(record)}})


def _one_of(words: list[Any]) -> dict[str, Any]:
    return {"type": "string", "enum": [str(word) for word in words]}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
