"""Which hypotheses an estimate rests on: roughness of each account, and which doubtful figures are blunders.

Pure. Accounts are weighed one by one, each a problem of its own in which the others have told what they
know of the sources: they hang together by those only. Hypotheses are ranked by a look, which linearises
once; the best are fitted until they rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tolqyn.claims import Measure
from tolqyn.estimate.account import Account, Roughness
from tolqyn.estimate.grid import (
    EXIT_SURGE,
    FURTHEST,
    MOVES,
    OUT_OF_REACH,
    SEASON,
    Place,
    log_prior,
    moved_by,
    place_of,
    roughness_at,
    within_reach,
)
from tolqyn.estimate.inference import LOOK_SWEEPS, Begin, begin_from, fit, look
from tolqyn.estimate.mixture import (
    DOUBTED,
    LEAST_WEIGHT,
    Scored,
    Weighed,
    alike,
    gap,
    kept,
    likeliest_first,
    log_odds,
    shared_out,
)
from tolqyn.estimate.model import Model, unmoved
from tolqyn.estimate.problem import Problem
from tolqyn.estimate.side_by_side import side_by_side

__all__ = ["weigh", "weigh_again"]

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

_BEYOND_HOPE = 25.0  # by so much less likely an early look at other beliefs is, as a log, for no fit of them to come near
_GLANCE = 2  # linearisations of that look
_DOUBT = (0.1, 0.9)  # chance of a blunder between which a figure is in doubt
_MOST_DOUBTS, _LEAST_DOUBTS = 8, 2  # figures that are decided: in all, and of each account at least
_HARDLY = 0.1  # standard deviations by which some quantity must move for a doubt to be decided
_DOUBTS_LEFT = 4  # figures of a fit that are decided to tell how likely it is
_ROUNDS, _CLOSER = 30, 16  # linearisations of the best fit from elsewhere, and from nearby
_BESIDE = 4  # of what is likely less: its evidence hardly changes after the first, and draws are solved with the true sums
_ELSEWHERE = 2.0  # prior sds: the unknowns' move from where a hypothesis was linearised, beyond which it is fitted anew
_LITTLE = 4_000_000  # numbers of all kernels of hypotheses, up to which they are kept for one more statement
_COMMON = 9  # of several accounts together: each is fitted by itself between the first time and the last, until it rests
_Verdicts = Mapping[int, bool]  # row -> whether its figure is taken for a blunder


def weigh(model: Model) -> tuple[Weighed, list[list[Weighed]]]:
    """The best fit, and for each account the fits that matter with their weights, the best first.

    Those of an account are fits of its own problem, whose rows are the account's.
    """
    accounts = tuple(model.account(number, model.begin(number)) for number in range(len(model.accounts)))
    problem = model.problem(accounts)
    first = Weighed(problem, accounts, fit(problem, rounds=_COMMON if accounts[1:] else _ROUNDS), 1.0, {})
    return _joined(
        first, side_by_side(lambda one: one[0].weigh(one[1]), _apart(model, first), much=model.is_much)
    )


def weigh_again(
    model: Model, then: Model, best: Weighed, parts: Sequence[Sequence[Weighed]]
) -> tuple[Weighed, list[list[Weighed]]]:
    """As `weigh`, from the hypotheses that mattered before a few statements came or went.

    What was learnt of roughness stays; figures that come into doubt are decided, and all that
    mattered is weighed anew.

    Args:
        model: of the statements now.
        then: of the statements before.
        best: the best fit of those.
        parts: the fits that mattered, for each account.
    """
    rows = {then.row_name(row): row for row in range(len(then.quantities))}
    known = {
        row: rows[name]
        for row, name in enumerate(map(model.row_name, range(len(model.quantities))))
        if name in rows
    }
    now = {row: number for number, row in known.items()}
    same = unmoved(model, then)
    accounts, blocks, unknowns, at = [], [], [], list[NDArray[np.float64] | None]()
    places = [then.accounts.index(key) if key in then.accounts else None for key in model.accounts]
    for number, place in enumerate(places):
        before = None if place is None else best.accounts[place]
        account = model.account(number, before.roughness if before else model.begin(number))
        block = model.block(number, account)
        if before is None or place is None or model.first != then.first:
            places[number] = None
            unknowns.append(np.zeros(account.size))
            at.append(None)
        elif number in same:
            account, block = before, replace(best.problem.blocks[place], rows=block.rows)
            unknowns.append(best.fitted.unknowns[place])
            at.append(None)
        else:
            unknowns.append(account.resumed(best.fitted.unknowns[place], before))
            at.append(account.resumed(best.fitted.linear[place].at, before))
        accounts.append(account)
        blocks.append(block)
    verdicts = {now[row]: blunder for row, blunder in best.verdicts.items() if row in now}
    problem = Problem(tuple(blocks), model.figures, model.sources, model.priors).with_verdicts(verdicts)
    learnt = dict(zip(then.sources.names, best.fitted.spreads, strict=True))
    begin = begin_from(problem, best.fitted, unknowns, at, known, model.spreads(learnt), places)
    here = Weighed(
        problem, tuple(accounts), fit(problem, rounds=_CLOSER, begin=begin, again=True), 1.0, verdicts
    )

    def again(one: tuple[_Account, Weighed]) -> list[Weighed]:
        account, start = one
        key = model.accounts[account.number]
        if key not in then.accounts or model.first != then.first:
            return account.weigh_again(start, [], {})
        place = then.accounts.index(key)
        if account.number in same:
            return [replace(start, weight=parts[place][0].weight), *parts[place][1:]]
        local_then = {int(row): number for number, row in enumerate(best.problem.blocks[place].rows)}
        local = {
            number: local_then[known[int(row)]]
            for number, row in enumerate(account.rows)
            if int(row) in known
        }
        return account.weigh_again(start, parts[place][1:], local)

    return _joined(here, [again(one) for one in _apart(model, here)], learn=False)


def _apart(model: Model, whole: Weighed) -> list[tuple[_Account, Weighed]]:
    """Each account as a problem of its own, fitted as in the whole; the others tell what they know of the sources."""
    told = whole.fitted.told()
    weighted = sum(one for one, _ in told)
    known = np.eye(len(model.cover_parts)) + sum(one for _, one in told)
    apart = []
    for number, account in enumerate(whole.accounts):
        precision = known - told[number][1]
        mean = np.linalg.solve(precision, weighted - told[number][0])
        problem = whole.problem.alone(number, np.asarray(mean, dtype=float), precision)
        rows = whole.problem.blocks[number].rows
        local = {int(row): place for place, row in enumerate(rows)}
        verdicts = {local[row]: blunder for row, blunder in whole.verdicts.items() if row in local}
        fitted = look(problem, whole.fitted.alone(number, problem))
        apart.append((_Account(model, number, rows), Weighed(problem, (account,), fitted, 1.0, verdicts)))
    return apart


def _joined(
    start: Weighed, parts: Sequence[Sequence[Weighed]], *, learn: bool = True
) -> tuple[Weighed, list[list[Weighed]]]:
    """The fit of all accounts, each as it is in its best, and the parts with that in them.

    `learn` is whether the spreads of the sources are learnt once more.
    """
    if len(parts) == 1:
        best = parts[0][0]
        return best, [list(parts[0])]
    best_parts = [part[0] for part in parts]
    rows = [block.rows for block in start.problem.blocks]
    blocks = [replace(part.problem.blocks[0], rows=mine) for part, mine in zip(best_parts, rows, strict=True)]
    verdicts = {
        int(mine[row]): blunder
        for part, mine in zip(best_parts, rows, strict=True)
        for row, blunder in part.verdicts.items()
    }
    problem = start.problem.with_blocks(blocks).with_verdicts(verdicts)
    sites = start.fitted.sites
    for part, mine in zip(best_parts, rows, strict=True):
        sites = sites.with_part(mine, part.fitted.sites)
    begin = Begin(
        tuple(part.fitted.unknowns[0] for part in best_parts),
        sites,
        tuple(part.fitted.linear[0] for part in best_parts),
        tuple(part.fitted.system.blocks[0] for part in best_parts),
    )
    accounts = tuple(part.accounts[0] for part in best_parts)
    best = Weighed(problem, accounts, fit(problem, begin=begin, rounds=_COMMON, learn=learn), 1.0, verdicts)
    firsts = [
        replace(
            part,
            problem=problem.alone(number, *part.problem.sources.known()),
            fitted=best.fitted.alone(number, part.problem),
        )
        for number, part in enumerate(best_parts)
    ]
    return best, [[first, *part[1:]] for first, part in zip(firsts, parts, strict=True)]


@dataclass(frozen=True, slots=True)
class _Account:
    """One account of a model, whose hypotheses are weighed: its number, and its rows in the model."""

    model: Model
    number: int
    rows: Indices

    def weigh(self, first: Weighed) -> list[Weighed]:
        """The fits that matter, with their weights, the best first."""
        here, there = Scored(first, self._score(first)), self._from_another_start(first)
        if there is not None and there.score > here.score:
            here, there = there, here
        climbed = self._climb(here, self._moves())
        best = climbed[0]
        if best.weighed is not first:
            best = self._candidate(best.weighed, place_of(best.weighed), {}, rounds=_ROUNDS)
        if not np.isfinite(best.score):
            # What looked best from afar is a place where numbers run out: stay where the fit came to rest.
            climbed, best = [here], here
        found = self._around(climbed, best, there)
        # What is believed may ask for another roughness, and that for other beliefs.
        here = self._candidate(found[0].weighed, place_of(found[0].weighed), {}, rounds=_CLOSER)
        if np.isfinite(here.score):
            found[0], climbed = here, self._climb(here, within_reach(climbed, self._moves()))
        else:
            climbed = found
        place, seen = place_of(climbed[0].weighed), {place_of(one.weighed) for one in found}
        found = [*found, *(one for one in climbed if place_of(one.weighed) not in seen)]
        if place != place_of(found[0].weighed):
            open_ = self._undecided(climbed[0].weighed)
            best = self._candidate(open_, place, {}, rounds=_ROUNDS)
            if np.isfinite(best.score):
                found = _both(found, self._around(climbed, best, there), place)
        return self._closer(likeliest_first(found))

    def _from_another_start(self, first: Weighed) -> Scored | None:
        """A fit begun where the stock figures are believed that `first` takes for blunders, if it rests elsewhere.

        Few figures tell the stock, so a fit may rest where they are wrong or where they are right. Where most are
        believed, they hold it, and there is no such choice.
        """
        stocks = [
            place
            for place, row in enumerate(self.rows)
            if row < len(self.model.heard) and self.model.quantities[row].measure is Measure.STOCK
        ]
        doubted = [place for place in stocks if first.fitted.tilted.blunder[place] > DOUBTED]
        if not doubted or 2 * len(doubted) < len(stocks):
            return None
        learn = len(self.model.accounts) == 1
        believed = first.problem.with_verdicts(dict.fromkeys(doubted, False))
        start = fit(believed, rounds=_ROUNDS, learn=learn)
        second = replace(first, fitted=fit(first.problem, start, rounds=_ROUNDS, learn=learn))
        return None if alike(first, second) else Scored(second, self._score(second))

    def _around(self, climbed: Sequence[Scored], best: Scored, there: Scored | None) -> list[Scored]:
        """The best fit with its doubts decided, and looks at the other roughnesses that matter; the likeliest first.

        `there` is a fit from another start, to be kept beside it if it believes other figures.
        """
        most = max(_MOST_DOUBTS // len(self.model.accounts), _LEAST_DOUBTS)
        settled = self._settle_doubts(best, most)
        if there is not None:
            peak = self._candidate(there.weighed, place_of(best.weighed), {}, rounds=_ROUNDS)
            if np.isfinite(peak.score) and not alike(peak.weighed, best.weighed):
                # Undecided, as are other pictures below.
                settled = likeliest_first([*settled, peak])
        others = [
            self._candidate(other.weighed, place_of(other.weighed), settled[0].weighed.verdicts)
            for other in kept(climbed)
            if place_of(other.weighed) != place_of(best.weighed)
        ]
        return likeliest_first([*settled, *others])

    def _other_pictures(self, fitted: Sequence[Scored]) -> list[Scored]:
        """What comes of believing figures that the first fit rejects though they were told together or more than once.

        No single figure turns such a fit: those that it believes speak against each of them, as long as all stand. Where
        some of these give way, neither may be right.
        """
        found, best = list[Scored](), fitted[0]
        start, place = self._undecided(best.weighed), place_of(best.weighed)
        for rows in self._rejected(best.weighed):
            believed = dict.fromkeys(rows, False)
            glance = self._candidate(start, place, believed, rounds=_GLANCE)
            # So early nothing is at rest, which is no sign yet that it cannot be.
            if glance.score + glance.weighed.fitted.unrest < best.score - _BEYOND_HOPE:
                continue
            # Begun from nothing, or where the glance leads: what else is believed may come out better in either.
            least = best.weighed.fitted.log_evidence - _BEYOND_HOPE
            near = self._candidate(glance.weighed, place, {}, rounds=_ROUNDS, least=least)
            picture = max(near, self._at_its_best(start, believed, least), key=lambda one: one.score)
            if picture.score < best.score - OUT_OF_REACH:
                continue
            pictures = [picture]
            turned = [row for other in self._rejected(picture.weighed) for row in other if row not in rows]
            gave_way = [row for row in turned if best.weighed.fitted.tilted.blunder[row] < DOUBTED]
            if gave_way:
                neither = dict.fromkeys([*rows, *gave_way], True)
                near = self._candidate(start, place, neither, rounds=_ROUNDS, least=least)
                pictures.append(
                    max(near, self._at_its_best(start, neither, least), key=lambda one: one.score)
                )
            # Not split by what else is in doubt: each part of a lesser peak would be too small to be kept.
            for one in pictures:
                if not any(alike(one.weighed, other.weighed) for other in (*fitted, *found)):
                    # Under all roughness that matters, as the first is: else it would count for less than it is.
                    found += self._climb(one, self._moves())
        return found

    def _at_its_best(self, start: Weighed, verdicts: _Verdicts, least: float) -> Scored:
        """A fit of some verdicts, at the roughness that suits them; given up below the `least` evidence."""
        fitted = self._anew(start, place_of(start), verdicts, least)
        climbed = self._climb(fitted, self._moves())[0]
        suits = place_of(climbed.weighed)
        if suits == place_of(start) or climbed.weighed.fitted.log_evidence < least:
            return fitted
        return max(fitted, self._anew(start, suits, verdicts, least), key=lambda one: one.score)

    def _anew(self, start: Weighed, place: Place, verdicts: _Verdicts, least: float) -> Scored:
        """A fit of some verdicts under a roughness, begun from nothing: what else was believed at the start may hold no more."""
        problem, account = self._under(roughness_at(place), start.problem)
        problem = problem.with_verdicts(verdicts)
        try:
            fitted = fit(problem, rounds=_ROUNDS, learn=len(self.model.accounts) == 1, least=least)
        except np.linalg.LinAlgError:
            return Scored(start, -np.inf)
        found = Weighed(problem, (account,), fitted, 0.0, dict(verdicts))
        return Scored(found, self._score(found))

    def _rejected(self, weighed: Weighed) -> list[list[int]]:
        """Rows that are taken for blunders, by what was told together or again: two at least."""
        event = weighed.problem.figures.event
        assert event is not None
        wrong = weighed.fitted.tilted.blunder > DOUBTED
        together: dict[int, list[int]] = {}
        for row in np.flatnonzero(wrong & (event >= 0)):
            together.setdefault(int(event[row]), []).append(int(row))
        return [rows for rows in together.values() if len(rows) > 1]

    def weigh_again(
        self, start: Weighed, before: Sequence[Weighed], known: Mapping[int, int]
    ) -> list[Weighed]:
        """The same from a fit, with the hypotheses that mattered before beside it.

        Args:
            start: the fit of what is said now.
            before: the hypotheses.
            known: row now -> row before, for the figures that were there.
        """
        settled = self._settle_doubts(Scored(start, self._score(start)), _LEAST_DOUBTS)
        others = [self._carried_on(one, start, known) for one in before]
        return shared_out(kept([*settled, *others]))

    def _carried_on(self, before: Weighed, start: Weighed, known: Mapping[int, int]) -> Scored:
        """A hypothesis as it was before some figures came or went, with what is said now."""
        verdicts = {now: before.verdicts[then] for now, then in known.items() if then in before.verdicts}
        problem, account = self._under(before.accounts[0].roughness, self._undecided(start).problem)
        problem = problem.with_verdicts(verdicts)
        unknowns, at = (
            account.resumed(z, before.accounts[0])
            for z in (before.fitted.unknowns[0], before.fitted.linear[0].at)
        )
        spreads = self.model.spreads(
            dict(zip(before.problem.sources.names, before.fitted.spreads, strict=True))
        )
        begin = begin_from(problem, before.fitted, [unknowns], [at], known, spreads)
        try:
            fitted = fit(problem, begin=begin, rounds=1, learn=False, again=True)
            # Draws that are solved far from where all was linearised do not come to rest.
            if np.linalg.norm(fitted.unknowns[0] - fitted.linear[0].at) > _ELSEWHERE:
                fitted = fit(problem, fitted, rounds=_BESIDE, learn=False)
        except np.linalg.LinAlgError:
            return Scored(start, -np.inf)
        found = Weighed(problem, (account,), fitted, 0.0, verdicts)
        return Scored(found, self._score(found))

    def _under(self, roughness: Roughness, problem: Problem) -> tuple[Problem, Account]:
        """The account's problem under another roughness, and the account so."""
        account = self.model.account(self.number, roughness)
        block = replace(self.model.block(self.number, account), rows=np.arange(len(self.rows)))
        return problem.with_blocks([block]), account

    def _undecided(self, weighed: Weighed) -> Weighed:
        """The same fit, to be started from with no figure decided."""
        figures = self.model.figures.part(self.rows)
        return replace(weighed, problem=replace(weighed.problem, figures=figures), verdicts={})

    def _moves(self) -> list[Place]:
        """The steps on the grid that make another account: where all weeks lie near the event, seasons are none."""
        plain = self.model.account(self.number, Roughness())
        seasons = not np.array_equal(
            plain.level.steps, self.model.account(self.number, Roughness(season=2)).level.steps
        )
        return [
            move
            for move in MOVES
            if (seasons or not move[SEASON]) and (self.model.events or not move[EXIT_SURGE])
        ]

    def _climb(self, first: Scored, moves: Sequence[Place]) -> list[Scored]:
        """Looks at the account's roughness, from place to better place by some steps; the best first.

        A glance, which leaves the sites as they are, tells which steps are worth a look.
        """
        here = place_of(first.weighed)
        tried = {here: first}

        def better(place: Place) -> bool:
            if max(map(abs, place)) > FURTHEST or place[EXIT_SURGE] > 1:
                return False
            if place in tried:
                return tried[place].score > tried[here].score
            tried[place] = self._candidate(tried[here].weighed, place, {}, sweeps=0)
            if tried[place].score > tried[here].score:
                tried[place] = self._candidate(tried[place].weighed, place, {})
            return tried[place].score > tried[here].score

        for move in moves:
            while better(moved_by(here, move)):
                here = moved_by(here, move)
        return [tried[here], *(one for place, one in tried.items() if place != here)]

    def _candidate(
        self, start: Weighed, place: Place, verdicts: _Verdicts, *,
        rounds: int = 0, sweeps: int = LOOK_SWEEPS, learn: bool = True, least: float = -np.inf,
    ) -> Scored:  # fmt: skip
        """The account under a roughness and some verdicts: a fit, or a mere look of some sweeps if `rounds` is 0.

        A hypothesis so far off that its numbers run out is the start again, with no weight.
        """
        verdicts = {**start.verdicts, **verdicts}
        problem, accounts, moved = start.problem, start.accounts, {}
        if place != place_of(start):
            problem, account = self._under(roughness_at(place), problem)
            moved[0] = account.carried(start.fitted.unknowns[0], accounts[0])
            accounts = (account,)
        problem = problem.with_verdicts(verdicts)
        learn = (
            learn and len(self.model.accounts) == 1
        )  # else the sources are learnt from all accounts together
        try:
            fitted = (
                fit(problem, start.fitted, rounds=rounds, moved=moved, learn=learn, least=least)
                if rounds
                else look(problem, start.fitted, moved=moved, sweeps=sweeps)
            )
        except np.linalg.LinAlgError:
            return Scored(start, -np.inf)
        found = Weighed(problem, accounts, fitted, 0.0, verdicts)
        # The sites of a glance have not moved at all: what they want to is no sign that they cannot rest.
        score = self._score(found) + (0.0 if rounds or sweeps else fitted.unrest)
        return Scored(found, score) if np.isfinite(score) else Scored(start, -np.inf)

    def _score(self, weighed: Weighed) -> float:
        """Log posterior of a fit, up to what does not depend on the account.

        Figures that circle about each other can make an evidence far too hopeful: what may be wrong with it counts against it.
        """
        fitted = weighed.fitted
        score = fitted.log_evidence - fitted.unrest
        score += log_prior(weighed.accounts[0].roughness, self.model.priors)
        if not self.model.tells_of_nobody[self.number]:
            # That a day is told says that somebody came. Else single days would seem to stray less than they do.
            score -= fitted.linear[0].about.log_chance_of_somebody
        return score

    def _settle_doubts(self, start: Scored, most: int) -> list[Scored]:
        """Decide the figures in doubt one by one; looks at what may be, the likeliest first.

        Two figures of one day that clash leave a belief with two peaks. Expectation propagation would
        put one broad normal between them, where neither is; a mixture of decided fits does not. Each
        time, the likeliest of the fits that still doubt is put in two, unless both would come to the same: such
        a doubt would only halve a picture.
        """
        place = place_of(start.weighed)
        # Beside each hypothesis, the rows whose verdict would change nothing in it.
        sure, unsure = list[Scored](), [(start, frozenset[int]())]
        for _ in range(most):
            unsure.sort(key=lambda one: one[0].score)
            top = max(one.score for one in (*sure, *(one for one, _ in unsure)))
            row = None
            while unsure and row is None:
                split, idle = unsure[-1]
                row = self._doubt(split.weighed, idle)
                if row is None:
                    unsure.pop()
                    sure.append(split)
            if row is None or split.score < top + np.log(LEAST_WEIGHT):
                break
            unsure.pop()
            answers = [self._candidate(split.weighed, place, {row: blunder}) for blunder in (False, True)]
            told = [answer for answer in answers if np.isfinite(answer.score)]
            if len(told) == 2 and gap(*told) < _HARDLY:
                unsure.append((split, idle | {row}))
                continue
            unsure += [(answer, idle) for answer in told]
            sure += [] if told else [split]
        return likeliest_first([*sure, *(one for one, _ in unsure)])

    def _doubt(self, weighed: Weighed, idle: frozenset[int]) -> int | None:
        """The figure that is most in doubt, as a row; None if there is none but those that are idle."""
        chance = weighed.fitted.tilted.blunder
        figures, quantities = self.model.figures, self.model.quantities
        doubts = [
            (
                figures.lost is not None and bool(figures.lost[row]),
                quantities[row].kind is not None,
                abs(chance[place] - 0.5),
                place,
            )
            for place, row in enumerate(self.rows)
            if row < len(self.model.heard)
            and place not in weighed.verdicts
            and place not in idle
            and (
                _DOUBT[0] < chance[place] < _DOUBT[1]
                # Few figures tell the stock: the fit may have come to rest in the lesser of two peaks.
                or (quantities[row].measure is Measure.STOCK and _DOUBT[0] < figures.blunder[row] < _DOUBT[1])
            )
        ]
        return min(doubts)[3] if doubts else None  # registrations last: they say little of how many came

    def _closer(self, looks: Sequence[Scored]) -> list[Weighed]:
        """Hypotheses fitted more closely, with their weights, the best first.

        Two figures that circle about each other can make a look too hopeful, so what matters is judged by what the fits
        before it came to. Each learns how far the sources stray: a picture in which a careful body errs makes that body careless,
        and the others should not have to take that from it.
        """
        first = self._as_decided(self._rested(looks[0]))
        fitted = self._fitted_beside([first], looks[1:])
        fitted = self._fitted_beside(fitted, likeliest_first(self._other_pictures(likeliest_first(fitted))))
        best, *others = shared_out(kept(fitted))
        kernels = sum(len(self.model.rows_of(number)) ** 2 for number in range(len(self.model.accounts)))
        if len(fitted) * kernels <= _LITTLE:
            return [best, *others]
        return [best, *(replace(one, fitted=one.fitted.lean()) for one in others)]

    def _fitted_beside(self, fitted: Sequence[Scored], looks: Sequence[Scored]) -> list[Scored]:
        """Fits with those of some more hypotheses, the likeliest first, until one is too unlikely to matter."""
        out, first = [*fitted], fitted[0].weighed
        for one in looks:
            if log_odds([*out, one])[-1] < np.log(LEAST_WEIGHT):
                break
            start = _beginning_as(one.weighed, first)
            closer = self._candidate(start, place_of(start), {}, rounds=_BESIDE)
            out.append(self._as_decided(closer if np.isfinite(closer.score) else one, out))
        return out

    def _as_decided(self, one: Scored, others: Sequence[Scored] = ()) -> Scored:
        """A fit, as likely as what it leaves in doubt makes it where that is decided, one way and the other.

        Figures that contradict each other and are half believed each can make an evidence some nats too high. Registrations do:
        they say little of how many came, so that they are seldom worth a hypothesis of their own. One of the same picture as
        one of some others, which are so decided, is too likely by as much as that was.
        """
        for other in others:
            if alike(one.weighed, other.weighed):
                return one._replace(score=one.score + other.score - self._score(other.weighed))
        decided = self._settle_doubts(one, _DOUBTS_LEFT)
        return one._replace(score=float(np.logaddexp.reduce([each.score for each in decided])))

    def _rested(self, one: Scored) -> Scored:
        """A hypothesis fitted until it rests."""
        if one.weighed.fitted.settled:
            return one
        closer = self._candidate(one.weighed, place_of(one.weighed), {}, rounds=_CLOSER)
        return closer if np.isfinite(closer.score) else one


def _beginning_as(one: Weighed, first: Weighed) -> Weighed:
    """A hypothesis that takes the linearisation of another, if both are as rough."""
    if place_of(one) != place_of(first):
        return one
    return replace(one, fitted=replace(one.fitted, linear=first.fitted.linear))


def _both(found: Sequence[Scored], later: Sequence[Scored], place: Place) -> list[Scored]:
    """Hypotheses of two searches, none twice: at `place` of the later one, elsewhere of the first that was there."""
    seen = {place_of(one.weighed) for one in found} - {place}
    return [
        *(one for one in found if place_of(one.weighed) != place),
        *(one for one in later if place_of(one.weighed) not in seen),
    ]
