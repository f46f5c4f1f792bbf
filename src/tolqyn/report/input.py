"""What a report is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tolqyn.claims import Document, Statement
from tolqyn.estimate.case import Case
from tolqyn.estimate.posterior import Posterior
from tolqyn.estimate.vintages import Belief
from tolqyn.situation import Situation
from tolqyn.stay import RuleBook

__all__ = ["ReportInput"]


@dataclass(frozen=True, slots=True)
class ReportInput:
    """A wave, what was said of it, and what was made of that.

    Attributes:
        situation: the settings of the wave.
        posterior: the estimate.
        cases: the contradictions, largest first as `contradict` returns them.
        statements: everything that was said, used or not.
        documents: by the `doc` of a claim; a claim whose document is missing is still printed.
        made_on: the day to print on the report; None prints none, so that the bytes depend on the rest alone.
        method_version: version of Tolqyn that made the estimate.
        rules: the stay rules on file; None leaves the stay clock out.
        believed: what was believed of a day on that day, and what is believed of it now; may be empty.
    """

    situation: Situation
    posterior: Posterior
    cases: tuple[Case, ...]
    statements: tuple[Statement, ...]
    documents: Mapping[str, Document]
    made_on: date | None
    method_version: str
    rules: RuleBook | None = None
    believed: Sequence[tuple[Belief, Belief]] = ()
