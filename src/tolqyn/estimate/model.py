"""Readings to a problem that can be fitted: accounts, quantities, figures, sources.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tolqyn.claims import Measure
from tolqyn.estimate.account import Account, Roughness
from tolqyn.estimate.breaths import Breath, breaths, difference, remaining
from tolqyn.estimate.likelihood import UNHEARD, Figures, read_bound, read_figure
from tolqyn.estimate.priors import Priors
from tolqyn.estimate.problem import Block, Problem, Sources
from tolqyn.estimate.quantities import Quantities, Quantity
from tolqyn.estimate.reading import Functional, Heard
from tolqyn.estimate.retold import likeness, retold
from tolqyn.situation import Situation, SourceNote

__all__ = ["Model", "blunder_chance", "notes_by_name", "source_name", "unmoved"]

Array = NDArray[np.float64]
Key = tuple[str, str]
_Row = tuple[float, float, float, float, float]  # low, high, slope, extra, blunder of one of the Figures

_CHECKED_DAYS = 14  # on so many days, evenly spread, the fit is told that the stock is not negative
_NEAR_DAYS = 7  # between days whose difference tells how days stray
_FEWEST_STEPS = 5  # such differences, at least
_MOST_STRAY = 5  # log2 of the stray at which a search begins
_NO_LIMIT = 60.0  # as a log: so many times as many as left are never there
_HAIR = 5e-4  # by so much, as a log, may a figure be read otherwise and be the same
_MUCH = 400  # figures of all accounts together that take seconds to weigh
_MISREAD = 0.5  # chance that a figure is wrong, from which on it does not tell what ordinary days were like
_AT_THE_BORDER = (Measure.ENTRIES, Measure.EXITS, Measure.NET)


class Model:
    """The readings of one situation, ready to be fitted under any roughness.

    Attributes:
        heard: the used statements, in the order of the first rows of the problem.
        first: the first latent day. days: how many.
        accounts: place and group of each block.
        quantities: one for each row; beyond the statements' rows are facts that hold by
            definition (no stock is negative) or that the situation states (its population).
        kinds: of registrations that are spoken of, for each account.
        cover: (source, measure) of each log coverage. cover_sds: their standard deviations.
        cover_parts: (q, cover) what each whitened part of the sources' errors brings to them.
        odd: sources that count otherwise than the rest, so that their coverage is wide.
        tells_of_nobody: for each account, whether days are told on which nobody or one person came or left.
    """

    def __init__(
        self,
        heard: Sequence[Heard],
        situation: Situation,
        span: tuple[date, date],
        priors: Priors,
        odd: frozenset[str] = frozenset(),
    ) -> None:
        self._made_of = (heard, situation, span, priors)
        self.odd = odd
        self.heard = tuple(heard)
        self.priors = priors
        self.first, self.days = span[0], (span[1] - span[0]).days + 1
        self.events = tuple(
            (event.date - span[0]).days for event in situation.events if span[0] <= event.date <= span[1]
        )
        functionals = [one.read_as for one in heard]
        mine = [(f.place, f.group) for f in functionals]
        spoken = set(mine)
        self.accounts: tuple[Key, ...] = tuple(
            (place, group)
            for place in situation.places
            for group in situation.groups
            if (place, group) in spoken
        )
        of_account = {
            key: [one for one, k in zip(heard, mine, strict=True) if k == key] for key in self.accounts
        }
        surge = self.first + timedelta(min(self.events, default=0))
        self._untold = {
            key for key, told in of_account.items() if self.events and not _tells_before(surge, told, priors)
        }
        self._levels = {key: _typical_entries(told, priors) for key, told in of_account.items()}
        for key in self._untold:
            self._levels[key] *= float(np.exp(-priors.untold_height))
        self._stocks = {
            key: situation.population.get(key[0], {}).get(key[1]) or self._levels[key] * priors.stock_days
            for key in self.accounts
        }
        notes = notes_by_name(situation)
        quantities: list[Quantity] = []
        keys: list[Key] = []
        figures: list[_Row] = []
        covers: list[tuple[str, Measure] | None] = []
        for one, f in zip(heard, functionals, strict=True):
            note = notes.get(one.claim.source.casefold()) if one.claim.source else None
            quantities.append(self.quantity(f, one, note))
            keys.append((f.place, f.group))
            if f.bound and not f.tells_size:
                low, high, slope, extra = read_bound(one.claim, f.bound, priors)
            else:
                low, high, slope, extra = read_figure(
                    one.claim, log=quantities[-1].log, priors=priors, half=one.habit.half
                )
                low, high = low + one.habit.rise, high + one.habit.rise
                extra = float(np.hypot(extra, one.habit.rise_sd))
            if f.usual:
                extra = float(np.hypot(extra, priors.usual_sd))
            if f.bound == "most" and not one.claim.source:
                extra = float(np.hypot(extra, priors.others_sd))
            wrong = blunder_chance(one, priors)
            if f.measure is Measure.SHARE:
                extra = float(np.hypot(extra, priors.share_sd))
                wrong = 1 - (1 - wrong) * (1 - priors.share_otherwise_chance)
            figures.append((low, high, slope, extra, wrong))
            covers.append((source_name(f, one, note), f.measure) if one.claim.source else None)
        only_if = [(-1, -1)] * len(heard)
        told_together = breaths(heard)
        remain = self._remaining(told_together)
        for row, (chance, _) in remain.items():
            low, high, slope, extra, wrong = figures[row]
            figures[row] = (low, high, slope, extra, 1 - (1 - wrong) * (1 - chance))
        for breath in told_together:
            told = self._difference(breath)
            if told is not None:
                quantities.append(told[0])
                keys.append(keys[breath.entries])
                figures.append(told[1])
                covers.append(None)
                only_if.append((breath.entries, breath.exits))
        for key in self.accounts:
            for quantity, figure in self._given(key, situation):
                quantities.append(quantity)
                keys.append(key)
                figures.append(figure)
                covers.append(None)
                only_if.append((-1, -1))
        self.quantities = tuple(quantities)
        self._keys = tuple(keys)
        rows_of: dict[Key, list[int]] = {key: [] for key in self.accounts}
        for row, key in enumerate(keys):
            rows_of[key].append(row)
        self._rows = [np.array(rows, dtype=np.intp) for rows in rows_of.values()]
        self._days_alone = [self._alone(rows) for rows in self._rows]
        self.tells_of_nobody = [self._told_of_nobody(rows) for rows in self._rows]
        self._said: dict[
            int, Quantities
        ] = {}  # of each account, under whichever roughness it was asked for first
        low, high, slope, extra, blunder = np.array(figures, dtype=float).T
        gates = np.array(only_if, dtype=np.intp).reshape(-1, 2)
        bounds = np.array(
            [row < len(heard) and not functionals[row].tells_size for row in range(len(blunder))]
        )
        lost = np.where(bounds | np.any(gates >= 0, axis=1), UNHEARD, 0.0)
        told_again = retold(heard)
        together = [*([one.entries, one.exits] for one in told_together), *told_again]
        self.figures = Figures(low, high, slope, extra, blunder, gates, _events(len(blunder), together))
        self.kinds = {
            key: sorted(
                {q.kind for q, k in zip(self.quantities, self._keys, strict=True) if k == key and q.kind}
            )
            for key in self.accounts
        }
        self.cover = tuple(dict.fromkeys(cover for cover in covers if cover is not None))
        self.covers = tuple(covers)
        self.sources = self._sources(covers, notes, functionals)
        for chain in told_again:
            for row in chain[1:]:
                lost[row] = likeness(heard[chain[0]], heard[row], self._apart(chain[0], row))
        for row, (chance, density) in remain.items():
            if chance > priors.blunder_chance:
                lost[row] = density
        self.figures = replace(self.figures, lost=lost)
        first = [self.covers.index(cover) for cover in self.cover]
        self.cover_parts = self.sources.coverage[first].T
        self.cover_sds = np.linalg.norm(self.cover_parts, axis=0)

    def with_odd(self, odd: frozenset[str]) -> Model:
        """The same with other sources that count otherwise than the rest."""
        return self if odd == self.odd else Model(*self._made_of, odd)

    @property
    def is_much(self) -> bool:
        """Whether its accounts are worth a process each."""
        return len(self.quantities) >= _MUCH

    def problem(self, accounts: Sequence[Account]) -> Problem:
        """The problem that some accounts come to, one for each place and group."""
        blocks = tuple(self.block(number, account) for number, account in enumerate(accounts))
        return Problem(blocks, self.figures, self.sources, self.priors)

    def account(self, number: int, roughness: Roughness) -> Account:
        """The account of one place and group, under one roughness."""
        key = self.accounts[number]
        return Account(
            days=self.days,
            weekday=self.first.weekday(),
            events=self.events,
            kinds=self.kinds[key],
            level=self._levels[key],
            stock=self._stocks[key],
            roughness=roughness,
            priors=self.priors,
            alone=self._days_alone[number],
            untold=key in self._untold,
        )

    def begin(self, number: int) -> Roughness:
        """A roughness to begin the search at: days stray as stated days do from the next that is stated.

        From too smooth a beginning, true days far from their neighbours are taken for blunders, and the search may end there.
        """
        heard = [self.heard[row] for row in self.rows_of(number) if row < len(self.heard)]
        steps = []
        for measure in (Measure.ENTRIES, Measure.EXITS):
            told = sorted(
                (f.first, one.claim.centre * f.per)
                for one, f in ((one, one.read_as) for one in heard)
                if f.measure is measure and f.days == 1 and not f.bound
            )
            days, counts = (
                np.array([day.toordinal() for day, _ in told]),
                np.array([count for _, count in told]),
            )
            near = np.diff(days) <= _NEAR_DAYS
            steps.append(np.abs(np.diff(np.log1p(np.maximum(counts, 0))))[near])
        size = float(np.mean(np.concatenate(steps))) if sum(map(len, steps)) >= _FEWEST_STEPS else 0.0
        return Roughness(
            stray=2.0 ** int(np.clip(np.log2(max(size / self.priors.day_sd, 1e-9)), 0, _MOST_STRAY))
        )

    def _told_of_nobody(self, rows: NDArray[np.intp]) -> bool:
        """Whether days on which nobody or one person came or left are told by some rows, as by a table and not by the press."""
        heard = [self.heard[row] for row in rows if row < len(self.heard)]
        flows = [one for one in heard if one.read_as.measure in (Measure.ENTRIES, Measure.EXITS)]
        return any(one.read_as.days == 1 and one.claim.centre <= 1 for one in flows)

    def _alone(self, rows: NDArray[np.intp]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Days of which one of some rows, of entries or of exits, speaks of that day alone, each (day,)."""
        days = {measure: np.zeros(self.days, dtype=np.bool_) for measure in (Measure.ENTRIES, Measure.EXITS)}
        for row in rows:
            quantity = self.quantities[row]
            if quantity.measure in days and quantity.first == quantity.last:
                days[quantity.measure][quantity.first] = True
        return days[Measure.ENTRIES], days[Measure.EXITS]

    def block(self, number: int, account: Account) -> Block:
        """What is said of one account."""
        rows = self.rows_of(number)
        if number not in self._said:
            self._said[number] = Quantities(account, [self.quantities[row] for row in rows])
        return Block(rows, self._said[number].under(account))

    def rows_of(self, number: int) -> NDArray[np.intp]:
        """Which rows are of one account, in order."""
        return self._rows[number]

    def quantity(self, functional: Functional, heard: Heard, note: SourceNote | None = None) -> Quantity:
        """The scale and sum of one functional, as its claim is read."""
        claim = heard.claim
        log = functional.measure is not Measure.NET
        scale = functional.per
        if not log:
            sign = -1.0 if claim.centre < 0 else 1.0
            scale *= sign * (abs(claim.centre) or 1.0)
        offset = 0.0
        if note is not None and note.coverage is not None and log:
            offset = float(np.log(note.coverage).mean())
        if functional.bound == "most":
            offset += self.priors.others
        return Quantity(
            functional.measure, functional.kind, (functional.first - self.first).days,
            (functional.last - self.first).days, log, scale, offset, functional.peak,
        )  # fmt: skip

    def row_name(self, row: int) -> str:
        """What tells one row from all others: its statement, or the fact that it states."""
        if row < len(self.heard):
            return self.heard[row].statement.id
        place, group = self._keys[row]
        return f"{place} {group} {self.quantities[row]}"

    def spreads(self, learnt: Mapping[str, float]) -> Array:
        """Spreads of the sources, as learnt before, or as the prior has them."""
        return np.array([learnt.get(name, self.priors.spread) for name in self.sources.names])

    def _apart(self, one: int, other: int) -> list[float]:
        """Standard deviations of what may set two tellings of one figure apart: words, noise and coverage."""
        figures, sources, own = self.figures, self.sources, self.priors.spread
        words = [_width(figures, row) for row in (one, other)]
        noise = [own if sources.group[row] >= 0 else float(sources.fixed[row]) for row in (one, other)]
        return [*words, *noise, *map(float, sources.coverage[one] - sources.coverage[other])]

    def _remaining(self, told_together: Sequence[Breath]) -> dict[int, tuple[float, float]]:
        """Chance, by row, that a stock counts only those who remain of the ones who came, and its density if it does."""
        chances: dict[int, tuple[float, float]] = {}
        for breath in told_together:
            if breath.stock is not None:
                entries, exits = self.heard[breath.entries].claim, self.heard[breath.exits].claim
                chance = remaining(entries, exits, self.heard[breath.stock].claim, self.priors)
                chances[breath.stock] = max(chance, chances.get(breath.stock, (0.0, 0.0)))
        return chances

    def _difference(self, breath: Breath) -> tuple[Quantity, _Row] | None:
        """What entries and exits of one breath say of the net where both are set apart."""
        entries, exits = self.heard[breath.entries], self.heard[breath.exits]
        told = difference(entries.claim, exits.claim, self.priors)
        if told is None:
            return None
        f = entries.read_as
        first, last = (f.first - self.first).days, (f.last - self.first).days
        net, half, sd = told
        size = abs(net)
        chance = self.priors.difference_chance * breath.confidence / breath.tellings
        return (
            Quantity(Measure.NET, None, first, last, False, net * f.per),
            (1 - half / size, 1 + half / size, 0.0, sd / size, 1 - chance),
        )

    def _given(self, key: Key, situation: Situation) -> list[tuple[Quantity, _Row]]:
        """What holds without any statement: stocks are not negative; the situation's population.

        That no more leave than were there or came is told as the logarithm of their ratio, which is nearly linear in the
        unknowns. As a stock of so many persons it would, about the prior's centre, forbid every stock far below that.
        """
        checked = np.unique(np.linspace(0, self.days - 1, _CHECKED_DAYS).astype(int))
        given = [
            (
                Quantity(Measure.STOCK, None, 0, int(day), True, 1.0, enough=True),
                (0.0, _NO_LIMIT, 0.0, 0.0, 0.0),
            )
            for day in checked
        ]
        population = situation.population.get(key[0], {}).get(key[1])
        if population:
            day = max(min(self.events, default=(situation.start - self.first).days) - 1, 0)
            given.append(
                (
                    Quantity(Measure.STOCK, None, day, day, False, population),
                    (1.0, 1.0, 0.0, self.priors.population_sd, 0.0),
                )
            )
        return given

    def _sources(
        self,
        covers: Sequence[tuple[str, Measure] | None],
        notes: Mapping[str, SourceNote],
        functionals: Sequence[Functional],
    ) -> Sources:
        """Coverage and spread of each figure's source.

        What a body counts at its border, in both directions, has a part of its coverage in common. So have
        all figures for which no source is named: they are copied from somebody, and from the same more often than not.
        """
        priors = self.priors
        names = tuple(dict.fromkeys(name for name, _ in self.cover))
        common = [name for name in names if sum((name, m) in self.cover for m in _AT_THE_BORDER) > 1]
        own = len(self.cover)
        coverage = np.zeros((len(covers), own + len(common) + 1))
        group = np.full(len(covers), -1, dtype=np.intp)
        fixed = np.full(len(covers), 1e-3)
        for row, cover in enumerate(covers):
            if cover is None:
                if row < len(functionals):
                    fixed[row] = priors.spread_anonymous
                    coverage[row, -1] = priors.coverage_anonymous_sd
                continue
            note = notes.get(cover[0].casefold())
            sd = priors.coverage_stock_sd if cover[1] is Measure.STOCK else priors.coverage_sd
            if note is not None and note.coverage is not None:
                # A 90 % range is 3.29 standard deviations wide.
                sd = float(np.diff(np.log(note.coverage))[0]) / 3.29
            if cover[0] in self.odd:
                sd = max(sd, priors.coverage_odd_sd)
            if functionals[row].mirror:
                sd = max(sd, priors.coverage_mirror_sd)
            if functionals[row].bound == "most":
                sd = max(sd, priors.others_sd)
            if functionals[row].since:
                sd = priors.coverage_cut_sd
            shared = priors.coverage_common if cover[0] in common and cover[1] in _AT_THE_BORDER else 0.0
            coverage[row, self.cover.index(cover)] = np.sqrt(1 - shared) * sd
            if shared:
                coverage[row, own + common.index(cover[0])] = np.sqrt(shared) * sd
            group[row] = names.index(cover[0])
        return Sources(coverage, group, fixed, names)


def unmoved(model: Model, then: Model) -> dict[int, int]:
    """The accounts of which the same is said as then, by the same sources: number now -> number then.

    A figure may be read a hair otherwise than then, since one more figure tells more of how its source rounds.
    """
    if (model.first, model.days, model.events, model.cover) != (
        then.first,
        then.days,
        then.events,
        then.cover,
    ):
        return {}

    def alike(number: int, place: int) -> bool:
        here, there = model.rows_of(number), then.rows_of(place)
        if [*map(model.row_name, here)] != [*map(then.row_name, there)]:
            return False
        now, before = model.figures.part(here), then.figures.part(there)
        return (
            [model.quantities[row] for row in here] == [then.quantities[row] for row in there]
            and all(
                np.allclose(getattr(now, name), getattr(before, name), rtol=0, atol=_HAIR)
                for name in ("low", "high", "slope", "extra", "blunder", "only_if", "event", "lost")
            )
            and np.array_equal(model.sources.coverage[here], then.sources.coverage[there])
        )

    places = {key: place for place, key in enumerate(then.accounts)}
    return {
        number: places[key]
        for number, key in enumerate(model.accounts)
        if key in places and alike(number, places[key])
    }


def _typical_entries(heard: Sequence[Heard], priors: Priors) -> float:
    """Median daily flow that the figures imply: only the centre of a prior that is wide."""
    rates = []
    for one in heard:
        f = one.read_as
        if not f.tells_size or not one.claim.centre:
            continue  # a day of nobody says nothing of how many come on the others
        persons = abs(one.claim.centre) * f.per
        if f.measure in {Measure.ENTRIES, Measure.EXITS}:
            rates.append(persons / (1 if f.peak else f.days))
        elif f.measure is Measure.STOCK:
            rates.append(persons / priors.stock_days)
        elif f.measure is Measure.REGISTRATIONS:
            rates.append(persons / f.days / priors.registration_share)
    return max(float(np.median(rates)), 1.0) if rates else 100.0


def _tells_before(surge: date, heard: Sequence[Heard], priors: Priors) -> bool:
    """Whether a figure, read rightly more likely than not, says how many crossed in days before the surge."""
    flows = {Measure.ENTRIES, Measure.EXITS}
    return any(
        one.read_as.measure in flows
        and one.read_as.tells_size
        and one.read_as.last < surge
        and blunder_chance(one, priors) < _MISREAD
        for one in heard
    )


def _width(figures: Figures, row: int) -> float:
    """Standard deviation that a figure's words leave."""
    slope, even = figures.slope[row], figures.high[row] - figures.low[row]
    words = 1 / abs(slope) if slope else even / np.sqrt(12)
    return float(np.hypot(words, figures.extra[row]))


def _events(count: int, groups: Sequence[list[int]]) -> NDArray[np.intp]:
    """A number that rows of one group share, and groups with a row in common; -1 for a row of none."""
    event = np.full(count, -1, dtype=np.intp)
    for number, group in enumerate(groups):
        joined = np.isin(event, [one for one in event[group] if one >= 0])
        joined[group] = True
        event[joined] = number
    return event


def source_name(functional: Functional, one: Heard, note: SourceNote | None) -> str:
    """The name under which a source's errors are learnt; a series that was cut is a source of its own, and so is one of all."""
    name = (note.name if note else one.claim.source) or ""
    if functional.bound == "most":
        name = f"{name}, with others"
    return f"{name}, from {functional.since}" if functional.since else name


def blunder_chance(one: Heard, priors: Priors) -> float:
    """Chance that a figure is wrong: said wrongly, or misread in every one of its mentions.

    A table's row was not read by a machine; its confidence is not judged and counts as one. Only the
    best-read mention counts, so that copies of a mention change nothing.
    """
    return 1 - (1 - priors.blunder_chance) * one.statement.confidence


def notes_by_name(situation: Situation) -> dict[str, SourceNote]:
    """What is known of a source, by each of its names."""
    return {name.casefold(): note for note in situation.sources for name in (note.name, *note.aliases)}
