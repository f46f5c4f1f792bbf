"""The language-model engine: a document to an endpoint piece by piece, its answers verified and merged.

Touches nothing of the world: how a request is sent, and where answers are kept, the caller gives.
How far to trust it: docs/concepts/language-model.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, MutableMapping
from typing import Any

from tolqyn.claims import Claim, Document, claim_to_record
from tolqyn.errors import ClaimError, ExtractError, Problem, TolqynError, UsageError
from tolqyn.extract.detect import detect_language
from tolqyn.extract.engine import Extraction
from tolqyn.extract.model.answer import read_candidates, read_content
from tolqyn.extract.model.ground import Ground, survey
from tolqyn.extract.model.pieces import Piece, cut
from tolqyn.extract.model.request import PROMPT, Form, article, request
from tolqyn.extract.model.verify import Verified, verify
from tolqyn.languages import load

__all__ = ["ModelEngine", "RequestRefusedError"]

_MOST_PIECES = 100  # a document that takes more requests is a book, and a bill
_MOST_RECORDS = 500  # in one answer
_PER_FIGURE = 4  # claims that one figure may make: "5,000 entered and left each", and little more


class RequestRefusedError(ExtractError):
    """The endpoint does not take a request of that form; a plainer one may pass."""


class ModelEngine:
    """Claims by way of a language model.

    Args:
        model: its name at the endpoint.
        complete: sends the body of a chat completion, gives the response; raises RequestRefusedError
            where the form is refused, ExtractError where no answer is to be had.
        answers: answers kept from before, by key; new ones are put there. Only answers that could be
            read are kept, and they are verified anew each time.
        settings: what else an answer depends on, such as the endpoint's address; part of the key.
        size, overlap: characters of a piece, and of it those given again with the next.

    Raises:
        UsageError: a name that is none, or sizes that do not fit.
    """

    def __init__(
        self,
        model: str,
        complete: Callable[[Mapping[str, Any]], Mapping[str, Any]],
        answers: MutableMapping[str, Mapping[str, Any]] | None = None,
        *,
        settings: Mapping[str, str] | None = None,
        size: int = 6000,
        overlap: int = 600,
    ) -> None:
        if not model.strip() or len(model) > 100 or not model.isprintable():
            raise UsageError(
                f"{model!r:.120} is no name of a model", hint="--model NAME, as the endpoint lists it"
            )
        if not 0 <= overlap < size:
            raise UsageError(f"the overlap, {overlap}, is not below the size of a piece, {size}")
        self.name = f"model:{model} prompt {PROMPT}"
        self.model = model
        self._complete = complete
        self._answers = {} if answers is None else answers
        self._settings = dict(settings or {})
        self._size, self._overlap = size, overlap
        # Servers differ in what they take; what one has refused is not tried again.
        self._forms = list(Form)

    def extract(self, document: Document, *, near: Collection[str] = ()) -> Extraction:
        """The claims that the model finds in a document and the text bears out.

        Args:
            document: its `language` may be None; then it is found out from the text.
            near: alpha-3 codes; of places that share a name, one there is meant.

        Returns:
            Claims in the order of the text; what was set aside as problems, each with its reason.

        Raises:
            ExtractError: an answer could not be had for every part of the document. Parts already
                answered are kept in `answers`.
        """
        code = document.language or detect_language(document.text)
        if code is None:
            problem = Problem(
                document.doc, "the language of the text could not be told", "give it with the document"
            )
            return Extraction((), (problem,), None)
        try:
            ground = survey(document, load(code), near)
            pieces = self._pieces(ground)
        except TolqynError as error:
            # Without a language file no figure could be read back, so nothing is asked.
            return Extraction((), (Problem.of(error, document.doc),), None)
        answers = [self._ask(document, piece, n + 1, len(pieces)) for n, piece in enumerate(pieces)]
        claims, problems = _Gathering(ground, self.name).run(pieces, answers)
        return Extraction(claims, problems, code)

    def _pieces(self, ground: Ground) -> list[Piece]:
        pieces = cut(ground.sentences, size=self._size, overlap=self._overlap)
        if len(pieces) > _MOST_PIECES:
            raise ExtractError(
                f"{len(ground.document.text):,} characters would take {len(pieces)} requests, above the limit "
                f"of {_MOST_PIECES}",
                ground.document.doc,
                "keep the part that matters, or use the rules",
            )
        return pieces

    def _ask(self, document: Document, piece: Piece, number: int, count: int) -> list[Any]:
        """The candidates for a piece: kept from before, or asked for now."""
        told = article(document, piece, number, count)
        key = self._key(told)
        kept = self._answers.get(key)
        if kept is not None:
            try:
                return read_candidates(kept["content"])
            except (LookupError, TypeError, ExtractError):
                pass  # an answer that was damaged on disk is asked for again
        try:
            response = self._send(told)
            content = read_content(response)
            candidates = read_candidates(content)
        except ExtractError as error:
            raise ExtractError(
                error.message, f"{document.doc}:{piece.start}-{piece.end}", error.hint
            ) from None
        served = response.get("model")
        self._answers[key] = {
            "model": self.model,
            "served_by": served if isinstance(served, str) else None,
            "prompt": PROMPT,
            "settings": self._settings,
            "content": content,
        }
        return candidates

    def _send(self, told: str) -> Mapping[str, Any]:
        """The response to the strictest form that the endpoint takes."""
        while True:
            try:
                return self._complete(request(self.model, told, self._forms[0]))
            except RequestRefusedError:
                if len(self._forms) == 1:
                    raise
                del self._forms[0]

    def _key(self, told: str) -> str:
        """What an answer depends on, as a name for it."""
        parts = {"article": told, "model": self.model, "prompt": PROMPT, "settings": self._settings}
        text = json.dumps(parts, sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()


class _Gathering:
    """The candidates of one document on their way to claims; made for it and thrown away."""

    def __init__(self, ground: Ground, engine: str) -> None:
        self.ground = ground
        self.engine = engine
        self.kept: list[Verified] = []
        self.problems: list[Problem] = []

    def run(
        self, pieces: list[Piece], answers: list[list[Any]]
    ) -> tuple[tuple[Claim, ...], tuple[Problem, ...]]:
        """The claims in the order of the text, and what was set aside."""
        for piece, candidates in zip(pieces, answers, strict=True):
            self._merge(self._read(piece, candidates))
        ordered = sorted(self.kept, key=lambda found: found.mark.start)
        return tuple(found.claim for found in ordered), tuple(self.problems)

    def _read(self, piece: Piece, candidates: list[Any]) -> list[Verified]:
        """What of one answer the text bears out, each reading of a figure once."""
        doc = self.ground.document.doc
        if len(candidates) > _MOST_RECORDS:
            message = f"{len(candidates):,} records in one answer; those after {_MOST_RECORDS} are not read"
            self.problems.append(Problem(doc, message))
        read: list[Verified] = []
        # The same record twice means the next place with the same words.
        given: dict[str, set[tuple[int, int]]] = {}
        for candidate in candidates[:_MOST_RECORDS]:
            try:
                taken = given.setdefault(json.dumps(candidate, sort_keys=True), set())
                found = verify(candidate, self.ground, piece, self.engine, taken)
            except (ExtractError, ClaimError) as error:
                self.problems.append(Problem.of(error, doc))
                continue
            except RecursionError:
                self.problems.append(Problem(doc, "a record is nested too deeply to be one"))
                continue
            taken.add((found.start, found.end))
            same = [other for other in read if other.mark == found.mark]
            twin = next((other for other in same if _about(other.claim) == _about(found.claim)), None)
            if twin is not None:
                self._compare(found, twin)
            elif len(same) >= _PER_FIGURE:
                self._refuse(found, f"more than {_PER_FIGURE} claims are made of one figure")
            else:
                read.append(found)
        return read

    def _merge(self, read: list[Verified]) -> None:
        """Add what was read of a piece to what was read of those before, which overlap it."""
        before = list(self.kept)
        for found in read:
            same = [other for other in before if other.mark == found.mark]
            if not same:
                self.kept.append(found)
                continue
            twin = next((other for other in same if _about(other.claim) == _about(found.claim)), same[0])
            self._compare(found, twin)

    def _compare(self, found: Verified, twin: Verified) -> None:
        """Let go of a second reading of a figure: in silence only where it says the same."""
        differing = _differing(twin.claim, found.claim)
        if differing:
            self._refuse(found, f"the figure was read twice, and differently in {', '.join(differing)}")

    def _refuse(self, found: Verified, message: str) -> None:
        self.problems.append(Problem(found.claim.where, message))


def _about(claim: Claim) -> tuple[object, ...]:
    """What makes two readings of one figure the same claim."""
    return claim.measure, claim.kind, claim.place, claim.counterpart, claim.group


def _differing(one: Claim, other: Claim) -> list[str]:
    """The fields in which two readings of one figure differ; how much was quoted is not one."""
    free = {"quote", "start", "end", "confidence", "evidence"}
    first, second = claim_to_record(one), claim_to_record(other)
    return [name for name in first if name not in free and first[name] != second[name]]
