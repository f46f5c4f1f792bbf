"""What a model answered, as candidates: nothing in it is believed yet.

Pure. Every form of nonsense ends in an ExtractError, whatever the server sends.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from tolqyn.errors import ExtractError

__all__ = ["read_candidates", "read_content"]

_FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*)\n\s*```\s*\Z", re.DOTALL)


def read_content(response: object) -> str:
    """The words of the model in the response to a chat completion.

    Raises:
        ExtractError: the response has another form; the model refused, or its answer is cut off.
    """
    try:
        choice = response["choices"][0]  # type: ignore[index]
        message, reason = choice["message"], choice.get("finish_reason")
        content, refusal = message.get("content"), message.get("refusal")
    except (LookupError, TypeError, AttributeError):
        raise ExtractError(
            "the response is no chat completion", hint="does the endpoint speak /v1/chat/completions?"
        ) from None
    if reason == "length":
        raise ExtractError(
            "the model's answer is cut off by the server's limit",
            hint="raise the limit of the server, or choose a model with longer answers",
        )
    if refusal or reason == "content_filter":
        raise ExtractError(f"the model would not answer: {str(refusal or reason)[:200]!r}")
    if not isinstance(content, str) or not content.strip():
        raise ExtractError("the model's answer is empty")
    return content


def read_candidates(content: str) -> list[Any]:
    """The records in a model's words; plain JSON, or JSON in a fenced block.

    Raises:
        ExtractError: not JSON, or not of the form {"claims": [...]}.
    """
    fenced = _FENCE.match(content)
    try:
        answer = json.loads(fenced.group(1) if fenced else content)
    except (ValueError, RecursionError) as error:
        raise ExtractError(f"the model's answer is not JSON: {str(error)[:120]}; {content[:80]!r}") from None
    claims = answer.get("claims") if isinstance(answer, Mapping) else None
    if not isinstance(claims, list):
        raise ExtractError(f'the model\'s answer has no list of "claims": {content[:80]!r}')
    return claims
