"""Which streams nothing tells the size of: there the draws are hardly more than the prior, and no figure is given.

Pure. What tells of one flow tells of the other where their difference is known, or how many of a hundred who came have left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from tolqyn.claims import Measure
from tolqyn.estimate.model import Model
from tolqyn.estimate.posterior import Reading, Stream
from tolqyn.estimate.reading import Functional
from tolqyn.situation import Situation

__all__ = ["unknown_of"]

_FACTOR = 2.0
# What is above ordinary is known where the ordinary is: by a figure with a day before the first event.
_NAMED = {
    "excess_entries": "ordinary_entries",
    "stock_surge": "ordinary_entries",
    "excess_exits": "ordinary_exits",
}


def unknown_of(
    streams: Iterable[Stream], model: Model, told: Sequence[Reading], situation: Situation
) -> frozenset[Stream]:
    """The streams of which no believed figure tells.

    A figure is believed that stands within a factor of two of what the estimate has for it: one far off is a
    blunder, or a floor of what it says no more about. A mere bound (a part, a whole) tells no size either.

    Args:
        streams: those estimated.
        model: of the statements that are used.
        told: how each statement fared.
        situation: its population tells of the stock, its first event how long traffic was ordinary.
    """
    fared = {reading.statement.id: reading for reading in told}
    believed: defaultdict[tuple[str, str], list[Functional]] = defaultdict(list)
    for one in model.heard:
        f = one.functional
        if f is not None and f.tells_size and _is_believed(fared[one.statement.id], f):
            believed[f.place, f.group].append(f)
    event = min((event.date for event in situation.events), default=None)
    known = {(*key, measure) for key in model.accounts for measure in _told_of(believed[key], event)}
    known |= {(place, group, "stock") for place, groups in situation.population.items() for group in groups}
    return frozenset(
        stream
        for stream in streams
        if stream.measure != "registrations"
        and (stream.place, stream.group, _NAMED.get(stream.measure, stream.measure)) not in known
    )


def _is_believed(reading: Reading, functional: Functional) -> bool:
    if functional.measure is Measure.NET:
        return True  # it may lie on either side of nothing, where no factor is far
    if reading.fitted_low is None or reading.fitted_high is None:
        return False
    return reading.fitted_low / _FACTOR <= reading.statement.claim.centre <= _FACTOR * reading.fitted_high


def _told_of(functionals: Sequence[Functional], event: date | None) -> set[str]:
    """The measures of an account whose size its figures tell."""
    measures = {str(f.measure) for f in functionals}
    days = {f.last for f in functionals if f.measure is Measure.STOCK}
    flows = measures & {"entries", "exits"}
    if "share" in measures and flows:
        flows = {"entries", "exits"}
        measures |= flows
    if len(days) > 1 or len(flows) > 1:
        measures.add("net")
    if "net" in measures and flows:
        measures |= {"entries", "exits"}
    before = {str(f.measure) for f in functionals if event is not None and f.first < event}
    # Ordinary exits follow ordinary entries, and these follow those.
    if before & {"entries", "exits"}:
        measures |= {f"ordinary_{flow}" for flow in ("entries", "exits") if flow in measures}
    return measures
