"""Who speaks in all of a text: the body that issues it, or the person whom it interviews.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tolqyn.extract.attribution import Attribution
from tolqyn.extract.bodies import find_bodies
from tolqyn.extract.chains import Chain, find_chains, join_bodies
from tolqyn.extract.owners import organization_of
from tolqyn.extract.people import find_people
from tolqyn.extract.reading import Reading
from tolqyn.extract.speakers import find_body
from tolqyn.extract.unspoken import alone_in_brackets

__all__ = ["find_release"]


def find_release(readings: Sequence[Reading], text: str, home: str | None) -> Attribution | None:
    """Who speaks in all of a text: the body that issues it, or whom it interviews; None where nobody does.

    A body issues it where its first lines say so ("press release", "operational update") or are its letterhead.

    Args:
        readings: the first sentences.
        text: of the document.
        home: English name of the country that the body belongs to.
    """
    issued = any(reading.of("speech.release") for reading in readings)
    for reading in readings:
        found = find_chains(reading, text)
        forms = {i for hit in reading.of("speech.release") for i in range(hit.first, hit.last)}
        if found and forms:
            bodies = find_bodies(reading, text)
            found = join_bodies(
                reading, [hit for hit in bodies if forms.isdisjoint(range(hit.first, hit.last))]
            )
        chains = [chain for chain in found if chain.names]
        titled = bool(forms) and not reading.has("measures", "speech.verbs")
        if chains and ((issued and not reading.figures) or titled or _is_letterhead(reading, chains)):
            # A letterhead goes from the ministry down to its committee.
            names = [name for chain in chains for name in chain.names]
            names.sort(key=lambda name: name.startswith("Ministry"))
            whole = replace(chains[0], names=tuple(dict.fromkeys(names)))
            return Attribution(
                None,
                organization_of(whole, home),
                next((chain.country.place.country for chain in chains if chain.country), None),
                reading.words(whole.first, chains[-1].last),
            )
    return _find_interviewed(readings, text, home)


def _is_letterhead(reading: Reading, chains: Sequence[Chain]) -> bool:
    """Whether a line is nothing but names of bodies and what parts them, or ends in one in brackets."""
    if not reading.figures and alone_in_brackets(reading, chains):
        return True  # "Key figures as of 12 May (UNHCR)"
    inside = {i for chain in chains for i in range(chain.first, chain.last)}
    inside |= {i for named in reading.named for i in range(named.first, named.last)}
    return all(
        i in inside or item.kind in "pd" or (item.kind == "w" and len(item.text) <= _AND)
        for i, item in enumerate(reading.items)
    )


_AND = 3  # letters of a word that joins two names, at most


def _find_interviewed(readings: Sequence[Reading], text: str, home: str | None) -> Attribution | None:
    """The person whom a text interviews, with the body named beside them."""
    if not any(
        reading.of("speech.interview") and not reading.has("speech.verbs", "speech.told")
        for reading in readings
    ):
        return None
    for reading in readings:
        people = find_people(reading, text)
        body = find_body(reading, text, home) if people else None
        if body is not None:
            return replace(body, speaker=people[0][2])
    return None
