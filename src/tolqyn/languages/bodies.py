"""Bodies of the world under one name, the short one that they go by."""

from __future__ import annotations

__all__ = ["short_name"]

_SHORT = {
    "united nations high commissioner for refugees": "UNHCR",
    "un refugee agency": "UNHCR",
    "united nations refugee agency": "UNHCR",
    "international organization for migration": "IOM",
    "international organisation for migration": "IOM",
    "un migration agency": "IOM",
    "united nations office for the coordination of humanitarian affairs": "OCHA",
    "united nations children's fund": "UNICEF",
}


def short_name(body: str) -> str:
    """The name that a body goes by; of any other body its name as it is.

    >>> short_name("International Organisation for Migration"), short_name("Rosstat")
    ('IOM', 'Rosstat')
    """
    plain = " ".join(body.casefold().replace("\u2019", "'").split()).removeprefix("the ")
    name, _, bracket = plain.partition(" (")
    return _SHORT.get(plain) or (_SHORT.get(name) if bracket else None) or body
