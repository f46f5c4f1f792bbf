"""Real statements against real truth: the Polish Border Guard's public figures of 2022, to daily entries.

The truth is UNHCR's daily series. The Border Guard's own head count lies 2.8 % above it on a
median day, so errors are given against the series as it stands and against it on the Guard's scale.
Then the series speaks too, as a second body: does the scorecard find the excess?
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from studies import pictures, table
from studies.real import rows_of
from studies.rivals import RIVALS, Said
from studies.scores import crps, interval_score
from tolqyn.claims import Claim, Measure, Qualifier, Statement
from tolqyn.estimate import Scorecard, estimate, scorecards
from tolqyn.ledger import group_echoes
from tolqyn.situation import Event, Situation, SourceNote

__all__ = ["run"]

Array = NDArray[np.float64]

FIRST, LAST = date(2022, 2, 24), date(2022, 12, 31)
GUARD, UNHCR = "Polish Border Guard", "UNHCR"
EXCESS = 1.028
DRAWS = 1000
LEVELS = (0.5, 0.8, 0.9, 0.95)
HEAD = (
    "windows", "truth", "days", "statements", "median_error", "crps", "interval_score", *(f"inside_{level:g}" for level in LEVELS),
    *(f"error_{name.replace(' ', '_')}" for name in RIVALS), "ratio_crps",
)  # fmt: skip
CARD_HEAD = ("what_was_read", "statements", "bias", "bias_low", "bias_high", "spread", "misses", "not_enough")


def run(_waves: int) -> None:
    """Estimate daily entries; write border_guard.csv, border_guard.svg and border_guard_scorecard.csv."""
    truth = _truth()
    rows: list[list[str | int]] = []
    panels = []
    for windows, claims in (("as written", _claims()), ("to the evening before", _ended_before(_claims()))):
        statements = list(group_echoes(claims))
        posterior = estimate(statements, _situation(), draws=DRAWS)
        used = sum(reading.used for reading in posterior.readings)
        draws = posterior.draws("entries", "POL", "any")
        guesses = _guesses(claims, len(truth))
        for scale, daily in (("UNHCR", truth), ("Border Guard's scale", EXCESS * truth)):
            rows.append([windows, scale, len(daily), used, *_scored(draws, daily, guesses)])
        panels.append(
            (
                f"Entries to Poland a day, 2022, windows {windows}",
                draws,
                EXCESS * truth,
                {"denton": guesses["denton"]},
            )
        )
    table.write("border_guard", HEAD, rows)
    pictures.save(
        "border_guard",
        pictures.series(
            panels,
            FIRST,
            "Daily entries to Poland from the Border Guard's statements, and UNHCR's series times 1.028",
        ),
    )
    table.write("border_guard_scorecard", CARD_HEAD, _cards())


def _situation(*notes: SourceNote) -> Situation:
    event = Event(FIRST, "invasion of Ukraine")
    return Situation("Ukraine to Poland, 2022", FIRST, LAST, ("POL",), ("any",), (event,), notes)


def _truth() -> Array:
    """UNHCR's daily series: the later copy, and the earlier one for the days that it lacks."""
    found: dict[date, float] = {}
    for series in ("unhcr_2022_06", "flee_2023_10"):
        found |= {
            date.fromisoformat(row["date"]): float(row["entries"])
            for row in rows_of("pol_entries.csv")
            if row["series"] == series and row["entries"]
        }
    return np.array([found[FIRST + timedelta(days=n)] for n in range((LAST - FIRST).days + 1)])


def _claims() -> list[Claim]:
    """What was said of whole days and of running totals; an unfinished day is left out."""
    claims = []
    for row in rows_of("pol_statements.csv"):
        partial = row["until"] and row["window_start"] == row["window_end"]
        if partial or not row["window_end"] or row["place"] != "POL":
            continue
        published = date.fromisoformat(row["published"])
        claims.append(
            Claim(
                doc=row["id"],
                quote="",
                measure=Measure(row["measure"]),
                place="POL",
                group="any",
                value=float(row["value"]),
                qualifier=Qualifier(row["qualifier"]),
                window_start=date.fromisoformat(row["window_start"]) if row["window_start"] else None,
                window_end=date.fromisoformat(row["window_end"]),
                organization=GUARD,
                said=published,
                published=published,
            )
        )
    return claims


def _ended_before(claims: Sequence[Claim]) -> list[Claim]:
    """Running totals of the day on which they were published end the evening before: they are told in the morning."""
    return [
        replace(claim, window_end=claim.window_end - timedelta(days=1))
        if claim.window_end == claim.published and claim.window_start != claim.window_end and claim.window_end
        else claim
        for claim in claims
    ]


def _guesses(claims: Sequence[Claim], days: int) -> dict[str, Array]:
    said = [
        Said((claim.window_start - FIRST).days, (claim.window_end - FIRST).days, claim.value)
        for claim in claims
        if claim.measure is Measure.ENTRIES and claim.window_start and claim.window_end
        and claim.value is not None and claim.window_start >= FIRST and claim.window_end <= LAST
    ]  # fmt: skip
    return {name: guess(said, days) for name, guess in RIVALS.items()}


def _scored(draws: Array, truth: Array, guesses: dict[str, Array]) -> list[str]:
    rank = (draws < truth).mean(axis=0)
    ours = float(crps(draws, truth).mean())
    theirs = {name: float(np.abs(guess - truth).mean()) for name, guess in guesses.items()}
    error = float(np.median(np.abs(np.median(draws, axis=0) / truth - 1)))
    return [
        f"{error:.4f}", f"{ours:.0f}", f"{interval_score(draws, truth).mean():.0f}",
        *(f"{(np.abs(rank - 0.5) <= level / 2).mean():.3f}" for level in LEVELS),
        *(f"{value:.0f}" for value in theirs.values()), f"{ours / min(theirs.values()):.3f}",
    ]  # fmt: skip


def _cards() -> list[list[str | int]]:
    """The Guard's scorecard: alone; with UNHCR's daily series beside it; and where that is known to be the measure."""
    said = _ended_before(_claims())
    series = [
        Claim(
            doc="unhcr",
            quote=str(n),
            measure=Measure.ENTRIES,
            place="POL",
            group="any",
            value=float(count),
            window_start=day,
            window_end=day,
            organization=UNHCR,
            said=day + timedelta(days=2),
            published=day + timedelta(days=2),
        )
        for n, count in enumerate(_truth())
        for day in [FIRST + timedelta(days=n)]
    ]
    alone = list(group_echoes(said))
    both = [*alone, *(Statement("u" + claim.id, (claim,), 1) for claim in series)]
    measure = SourceNote(UNHCR, (0.998, 1.002))
    tried = {
        "the Guard alone": (alone, _situation()),
        "with UNHCR's days": (both, _situation()),
        "with UNHCR's days as the measure": (both, _situation(measure)),
    }
    return [_card(words, scorecards(estimate(*given, draws=400))) for words, given in tried.items()]


def _card(words: str, cards: Sequence[Scorecard]) -> list[str | int]:
    card = next(card for card in cards if (card.source, card.measure) == (GUARD, "entries"))
    shares = (card.bias, card.bias_low, card.bias_high, card.spread)
    return [
        words,
        card.statements,
        *("" if share is None else f"{share:.4f}" for share in shares),
        card.misses,
        "; ".join(card.not_enough),
    ]
