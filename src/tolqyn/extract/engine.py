"""Text to claims: one document, many, and the events that they share.

Pure but for the language files and names, which are read once. How it works and how far to trust it:
docs/concepts/extraction.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from tolqyn.claims import Claim, Document
from tolqyn.errors import ClaimError, Problem, TolqynError
from tolqyn.extract.confidence import chance, signs
from tolqyn.extract.detect import detect_language
from tolqyn.extract.draft import to_claim
from tolqyn.extract.drafting import draft_claims
from tolqyn.extract.scene import Scene, find_events, set_scene
from tolqyn.languages import load

__all__ = ["Extraction", "extract", "extract_all", "learn_events"]


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was found in a document.

    Attributes:
        claims: in the order of the text.
        problems: what was set aside.
        language: the language that the text was read in; None where it could not be read.
    """

    claims: tuple[Claim, ...]
    problems: tuple[Problem, ...]
    language: str | None


def extract(
    document: Document, *, near: Collection[str] = (), events: Mapping[str, date] | None = None
) -> Extraction:
    """The claims that a document makes.

    Args:
        document: its `language` may be None; then it is found out from the text.
        near: alpha-3 codes; of places that share a name, one there is meant.
        events: kind of event -> its day, where the document itself does not tell (`learn_events`).
    """
    try:
        code, scene = _scene(document, near)
    except TolqynError as error:
        return Extraction((), (Problem.of(error, document.doc),), None)
    if scene is None:
        problem = Problem(
            document.doc, "the language of the text could not be told", "give it with the document"
        )
        return Extraction((), (problem,), None)
    claims: list[Claim] = []
    problems: list[Problem] = []
    for draft in draft_claims(document, scene, events or {}):
        try:
            told = signs(draft, len(scene.readings))
            claims.append(to_claim(draft, document, chance(told), "; ".join(told)))
        except ClaimError as error:
            problems.append(Problem.of(error, document.doc))
    return Extraction(tuple(claims), tuple(problems), code)


def extract_all(
    documents: Iterable[Document],
    *,
    near: Collection[str] = (),
    events: Mapping[str, date] | None = None,
) -> Iterator[tuple[Document, Extraction]]:
    """Each document with its claims, one by one; days of events are learnt from all of them first.

    Documents that can be gone through twice (a list, or an object that reads them anew each time) are not
    held in memory.
    """
    kept = documents if iter(documents) is not documents else list(documents)
    known = {**learn_events(kept, near=near), **(events or {})}
    for document in kept:
        yield document, extract(document, near=near, events=known)


def learn_events(documents: Iterable[Document], *, near: Collection[str] = ()) -> dict[str, date]:
    """Kind of event -> the day that most documents of a wave give for it."""
    seen: dict[str, Counter[date]] = {}
    for document in documents:
        try:
            code = document.language or detect_language(document.text)
            found = find_events(document, load(code), near) if code else {}
        except TolqynError:
            continue  # extract() reports it
        for kind, day in found.items():
            seen.setdefault(kind, Counter())[day] += 1
    return {kind: days.most_common(1)[0][0] for kind, days in seen.items()}


def _scene(document: Document, near: Collection[str]) -> tuple[str | None, Scene | None]:
    code = document.language or detect_language(document.text)
    return code, set_scene(document, load(code), near) if code else None
