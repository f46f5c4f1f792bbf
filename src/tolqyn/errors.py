"""What can go wrong, said so that a person can mend it.

    TolqynError
    ├── ClaimError        a claim whose fields do not fit together
    ├── SituationError    a settings file that cannot be read as one
    ├── ReadError         a document or table that cannot be read
    ├── ExtractError      a language file or an engine that cannot be used
    ├── LedgerError       a store that is not ours, too new, or damaged
    ├── EstimateError     statements from which nothing can be estimated
    ├── RegisterError     crossing events that cannot be read or matched
    ├── StayError         a rule or a case of stay that cannot be answered
    ├── ReportError       a report that cannot be made or written
    └── UsageError        a request that does not make sense

Below the CLI and the web, code raises; only those two turn an error into text. What is set aside
while the rest goes on is a `Problem`: the same three facts, returned beside what passed.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "ClaimError",
    "EstimateError",
    "ExtractError",
    "LedgerError",
    "Problem",
    "ReadError",
    "RegisterError",
    "ReportError",
    "SituationError",
    "StayError",
    "TolqynError",
    "UsageError",
]


class TolqynError(Exception):
    """What went wrong with its value; where; what to do.

    Args:
        message: what went wrong, with the value that is wrong.
        where: file and row, or file and characters ("kz.txt:120-164"); None where no place is meant.
        hint: what to do about it; None where nothing is known.
    """

    def __init__(self, message: str, where: str | None = None, hint: str | None = None) -> None:
        # All three go to Exception, so that an error survives pickling on its way back from a worker.
        super().__init__(message, where, hint)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        """One line for the fact, one for the hint."""
        head = f"{self.where}: {self.message}" if self.where else self.message
        return f"{head}\n  hint: {self.hint}" if self.hint else head


class ClaimError(TolqynError):
    """A claim whose fields do not fit together."""


class SituationError(TolqynError):
    """A settings file that cannot be read as one."""


class ReadError(TolqynError):
    """A document or table that cannot be read."""


class ExtractError(TolqynError):
    """A language file or an engine that cannot be used."""


class LedgerError(TolqynError):
    """A store that is not ours, too new, or damaged."""


class EstimateError(TolqynError):
    """Statements from which nothing can be estimated."""


class RegisterError(TolqynError):
    """Crossing events that cannot be read or matched."""


class StayError(TolqynError):
    """A rule or a case of stay that cannot be answered."""


class ReportError(TolqynError):
    """A report that cannot be made or written."""


class UsageError(TolqynError):
    """A request that does not make sense."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something set aside while the rest went on: counted, listed, never dropped in silence."""

    where: str
    message: str
    hint: str | None = None

    @classmethod
    def of(cls, error: TolqynError, where: str | None = None) -> Problem:
        """The problem that an error describes.

        Args:
            error: what was raised.
            where: used when the error itself names no place.
        """
        return cls(error.where or where or "", error.message, error.hint)

    def __str__(self) -> str:
        """As the error would have read."""
        return str(TolqynError(self.message, self.where or None, self.hint))
