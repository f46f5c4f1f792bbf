"""What an estimate gives back: draws behind every number, and how each statement fared.

Pure: arrays and values. Every interval is of a stated thing: that day, that window, that stock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tolqyn.claims import Statement
from tolqyn.errors import EstimateError

if TYPE_CHECKING:
    from tolqyn.situation import Situation

__all__ = ["TABLE_COLUMNS", "Posterior", "Reading", "SourceFit", "Stream", "Told", "Torn", "Trust"]

TABLE_COLUMNS = (
    "date", "measure", "place", "counterpart", "group", "kind",
    "mean", "sd", "q05", "q25", "q50", "q75", "q95",
)  # fmt: skip
_FIGURES = frozenset(TABLE_COLUMNS[6:])


@dataclass(frozen=True, slots=True)
class Stream:
    """One directed daily series.

    `measure` is entries, exits, registrations, or one derived from them: net, stock, excess_entries,
    excess_exits, ordinary_entries, ordinary_exits, ...
    """

    measure: str
    place: str
    group: str
    counterpart: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How one statement fared.

    Attributes:
        statement: what was said.
        used: whether it entered the likelihood; `why_not` tells the reader why if it did not.
        functional: in words, what it was read as ("entries of RUS to KAZ, 2022-09-21 to 2022-09-27").
        expected, expected_sd: the quantity under the posterior that leaves this statement out, in
            the statement's unit; None if it could not be compared.
        fitted, fitted_low, fitted_high: median and 90 % interval under the full posterior.
        residual: stated minus expected, in persons, of a share in points (for a bound: how far it is broken, else 0).
        residual_sd: the residual in standard deviations, of expectation and reading together.
        influence: largest move, in posterior standard deviations, of any headline number when the
            statement is left out.
    """

    statement: Statement
    used: bool
    why_not: str | None = None
    functional: str | None = None
    expected: float | None = None
    expected_sd: float | None = None
    fitted: float | None = None
    fitted_low: float | None = None
    fitted_high: float | None = None
    residual: float | None = None
    residual_sd: float | None = None
    influence: float | None = None


@dataclass(frozen=True, slots=True)
class SourceFit:
    """How one source errs on one measure, as learnt by overlap with the others.

    Attributes:
        statements: how many of its statements were used.
        coverage, coverage_low, coverage_high: the share of the true count that it states, mean and
            90 % interval; 1 is all.
        spread: standard deviation of its error, as a share of the count.
        learnt: False where the data said next to nothing and the prior speaks.
    """

    source: str
    measure: str
    statements: int
    coverage: float
    coverage_low: float
    coverage_high: float
    spread: float
    learnt: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What was told together or more than once, as one side of a `Torn`.

    Attributes:
        ids: of the statements, the one that speaks for them first.
        chance: that the first is right.
        otherwise: what the first one's quantity comes to where the other side is right, in its own unit.
    """

    ids: tuple[str, ...]
    chance: float
    otherwise: float


@dataclass(frozen=True, slots=True)
class Torn:
    """Statements of two sides of which the estimate holds each possible, and both together not."""

    one: Told
    other: Told


@dataclass(frozen=True, slots=True)
class Trust:
    """How well the draws follow what the figures say.

    Attributes:
        k: the worst of the figures' shapes; below 0.5 good, above 0.7 doubtful. None if too few draws were made.
        effective: the least share of draws that a figure's ratios leave effective.
        astray: the largest share of its draws that a figure would have elsewhere, were the ratios their weights.
        doubtful: ids of the statements with k above 0.7 and more than a fifth of the draws astray.
        looked_at: how many figures.
    """

    LIMIT: ClassVar[float] = 0.7  # of k, beyond which a mean by importance need not settle

    k: float | None
    effective: float | None
    astray: float | None
    doubtful: tuple[str, ...]
    looked_at: int

    def note(self) -> str | None:
        """What a reader must know, in plain words; None if there is nothing to doubt."""
        if not self.doubtful:
            return None
        named = ", ".join(one[:8] for one in self.doubtful[:5])
        more = ", ..." if len(self.doubtful) > 5 else ""
        return (
            f"The draws are doubtful at {len(self.doubtful)} of {self.looked_at} figures ({named}{more}): what was "
            f"said there allows far values that the draws hardly reach (Pareto k up to {self.k:.1f}, above {self.LIMIT}), and "
            f"up to {self.astray:.0%} of the draws should be elsewhere. Intervals that hang on these figures are not to be relied on."
        )


@runtime_checkable
class _Checked(Protocol):
    """What can tell whether its draws can be trusted."""

    def trust(self) -> Trust:
        """How well they follow what the figures say."""


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """Draws of every stream on every day of the study.

    Attributes:
        situation: what was studied.
        as_of: only what was said by this day was used; None means all.
        seed: what the draws were made from; the same seed gives the same bytes.
        days: the days of the study, in order.
        values: stream -> array (draw, day), persons (a stock at the end of the day).
        readings: one for each statement that was offered, used or not.
        sources: one for each source and measure.
        notes: what a reader must know of this estimate, in words.
        unknown: streams of which nothing tells the size: their draws are hardly more than the prior, and serve to
            reckon with. Tables leave their figures empty.
        torn: statements that exclude each other, between which the estimate does not decide.
        working: what `estimate(..., start=...)` needs to go on from here; None if it was not made by it.
    """

    situation: Situation
    as_of: date | None
    seed: int
    days: tuple[date, ...]
    values: Mapping[Stream, NDArray[np.float64]]
    readings: tuple[Reading, ...] = ()
    sources: tuple[SourceFit, ...] = ()
    notes: tuple[str, ...] = ()
    unknown: frozenset[Stream] = frozenset()
    torn: tuple[Torn, ...] = ()
    working: object = field(default=None, repr=False)

    @property
    def n_draws(self) -> int:
        """Number of draws."""
        return next(iter(self.values.values())).shape[0] if self.values else 0

    @property
    def trust(self) -> Trust | None:
        """How well the draws follow what the figures say, worked out when asked; None if `estimate` did not make them."""
        return self.working.trust() if isinstance(self.working, _Checked) else None

    def draws(
        self, measure: str, place: str, group: str, *, counterpart: str | None = None, kind: str | None = None
    ) -> NDArray[np.float64]:
        """The draws of one stream, (draw, day), in persons.

        Raises:
            EstimateError: no such stream was estimated.
        """
        stream = Stream(measure, place, group, counterpart, kind)
        try:
            return self.values[stream]
        except KeyError:
            known = "; ".join(f"{s.measure} {s.place} {s.group} {s.kind or ''}".strip() for s in self.values)
            raise EstimateError(f"{stream} was not estimated", hint=f"estimated: {known}") from None

    def window(
        self,
        measure: str,
        place: str,
        group: str,
        start: date,
        end: date,
        *,
        counterpart: str | None = None,
        kind: str | None = None,
    ) -> NDArray[np.float64]:
        """Draws of a flow summed over `start` to `end`, both included; of a stock, on `end`. (draw,).

        Raises:
            EstimateError: no such stream, or a day outside the study.
        """
        series = self.draws(measure, place, group, counterpart=counterpart, kind=kind)
        if start < self.days[0] or end > self.days[-1] or end < start:
            raise EstimateError(
                f"{start} to {end} is not within the study, {self.days[0]} to {self.days[-1]}"
            )
        first, last = (start - self.days[0]).days, (end - self.days[0]).days
        return series[:, last] if measure == "stock" else series[:, first : last + 1].sum(axis=1)

    def sum_of(self, stream: Stream, first: date, last: date) -> NDArray[np.float64]:
        """The draws of `window` for a stream. (draw,).

        Raises:
            EstimateError: no such stream, or a day outside the study.
        """
        return self.window(
            stream.measure, stream.place, stream.group, first, last,
            counterpart=stream.counterpart, kind=stream.kind,
        )  # fmt: skip

    def table(self) -> pa.Table:
        """One row a day and stream, with the columns of `TABLE_COLUMNS`; figures that are unknown are null."""
        columns: dict[str, list[object]] = {name: [] for name in TABLE_COLUMNS}
        for stream, series in self.values.items():
            quantiles = np.quantile(series, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
            rows = {
                "date": self.days,
                "measure": [stream.measure] * len(self.days),
                "place": [stream.place] * len(self.days),
                "counterpart": [stream.counterpart] * len(self.days),
                "group": [stream.group] * len(self.days),
                "kind": [stream.kind] * len(self.days),
                "mean": series.mean(axis=0),
                "sd": series.std(axis=0),
                **dict(zip(("q05", "q25", "q50", "q75", "q95"), quantiles, strict=True)),
            }
            for name, column in rows.items():
                missing = stream in self.unknown and name in _FIGURES
                columns[name].extend([None] * len(self.days) if missing else column)
        text = pa.string()
        types = [pa.date32(), text, text, text, text, text, *[pa.float64()] * 7]
        return pa.table(columns, schema=pa.schema(list(zip(TABLE_COLUMNS, types, strict=True))))

    def draw_table(self, count: int) -> pa.Table:
        """The first `count` draws, one row a day, stream and draw; null where they are unknown.

        Raises:
            EstimateError: more draws are asked for than were made.
        """
        if count > self.n_draws:
            raise EstimateError(f"{count} draws are asked for, and {self.n_draws} were made")
        days = pa.array(self.days, pa.date32())
        parts = []
        for stream, series in self.values.items():
            n = count * len(self.days)
            words = {
                name: pa.repeat(pa.scalar(getattr(stream, name), pa.string()), n)
                for name in ("measure", "place", "counterpart", "group", "kind")
            }
            parts.append(
                pa.table(
                    {
                        "date": days.take(pa.array(np.tile(np.arange(len(self.days)), count))),
                        **words,
                        "draw": pa.array(np.repeat(np.arange(count), len(self.days)), pa.int32()),
                        "value": pa.nulls(n, pa.float64())
                        if stream in self.unknown
                        else series[:count].ravel(),
                    }
                )
            )
        return pa.concat_tables(parts)
