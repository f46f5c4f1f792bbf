"""Real daily series, hidden: rebuilt from statements as the press would make them, against simple methods.

What is said: studies/said.py. The figures: studies/data. Scores are of single days, of weeks, and at
Hong Kong's control points of the change of stock since the first day.
"""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studies import pictures, table
from studies.rivals import RIVALS, Said
from studies.said import FAMILIES, Key, grouped
from studies.scores import crps, crps_log_normal, interval_score, interval_score_log_normal
from studies.work import each
from tolqyn.claims import Claim
from tolqyn.estimate import Posterior, estimate
from tolqyn.situation import Event, Situation

__all__ = ["SERIES", "Hidden", "rows_of", "run", "tell"]

Array = NDArray[np.float64]

DATA = Path(__file__).parent / "data"
DRAWS = 500
SPREADS = (0.0, 0.03, 0.06, 0.1, 0.15, 0.25, 0.4, 0.7, 1.2)  # of a rival, the best is taken in hindsight
LEVELS = (0.5, 0.8, 0.9, 0.95)
GOALS = {"clean": 0.6, "muddled": 0.4}  # ratio of the CRPS to the best simple method's error


@dataclass(frozen=True)
class Hidden:
    """A real wave: its daily series, each (day,), from `first` on, and what everybody knows of it."""

    first: date
    streams: dict[Key, Array]
    events: tuple[tuple[date, str], ...]

    @property
    def situation(self) -> Situation:
        """Its places, groups and events."""
        days = len(next(iter(self.streams.values())))
        places = tuple(dict.fromkeys(place for _, place, _ in self.streams))
        groups = tuple(dict.fromkeys(group for _, _, group in self.streams))
        return Situation(
            "hidden", self.first, self.first + timedelta(days=days - 1), places, groups,
            tuple(Event(when, name) for when, name in self.events), (),
        )  # fmt: skip


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a table in studies/data."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _daily(name: str, column: str, first: date, last: date, **where: str) -> Array:
    found = {
        date.fromisoformat(row["date"]): float(row[column])
        for row in rows_of(name)
        if all(row[key] == value for key, value in where.items())
    }
    return np.array([found[first + timedelta(days=n)] for n in range((last - first).days + 1)])


def _ukraine() -> Hidden:
    first = date(2022, 2, 24)
    exits = _daily("ukr_exits.csv", "exits", first, date(2022, 8, 31))
    return Hidden(first, {("exits", "UKR", "any"): exits}, ((first, "invasion of Ukraine"),))


def _poland() -> Hidden:
    first = date(2022, 2, 24)
    entries = _daily("pol_entries.csv", "entries", first, date(2022, 5, 29), series="unhcr_2022_06")
    return Hidden(first, {("entries", "POL", "any"): entries}, ((first, "invasion of Ukraine"),))


def _hong_kong(first: date, last: date, events: tuple[tuple[date, str], ...]) -> Hidden:
    points = ("Airport", "Hong Kong-Zhuhai-Macao Bridge", "Shenzhen Bay")
    streams = {
        (measure, point, group): _daily(
            "hkg_passengers.csv", group, first, last, control_point=point, direction=direction
        )
        for point in points
        for group in ("residents", "mainland", "other")
        for measure, direction in (("entries", "arrival"), ("exits", "departure"))
    }
    return Hidden(first, streams, events)


def _channel() -> Hidden:
    first = date(2022, 5, 1)
    arrivals = _daily("gbr_arrivals.csv", "arrivals", first, date(2022, 11, 30))
    return Hidden(first, {("entries", "GBR", "any"): arrivals}, ())


def _italy() -> Hidden:
    first = date(2023, 3, 1)
    arrivals = _daily("ita_arrivals.csv", "arrivals", first, date(2023, 9, 30))
    return Hidden(first, {("entries", "ITA", "any"): arrivals}, ())


SERIES: dict[str, Callable[[], Hidden]] = {
    "Ukraine, all borders": _ukraine,
    "Ukraine to Poland": _poland,
    "Hong Kong 2020": lambda: _hong_kong(
        date(2020, 1, 25),
        date(2020, 5, 31),
        ((date(2020, 2, 8), "quarantine of arrivals"), (date(2020, 3, 25), "visitors barred")),
    ),
    "Hong Kong 2023": lambda: _hong_kong(
        date(2022, 11, 15),
        date(2023, 4, 30),
        ((date(2023, 1, 8), "border reopens"), (date(2023, 2, 6), "quotas end")),
    ),
    "Channel": _channel,
    "Italy, by sea": _italy,
}


def tell(name: str, family: str, seed: int) -> tuple[Hidden, list[Claim]]:
    """A hidden wave and what is said of it."""
    hidden = SERIES[name]()
    rng = np.random.default_rng([list(SERIES).index(name), list(FAMILIES).index(family), seed])
    return hidden, FAMILIES[family](rng, hidden.streams, hidden.first)


def run(waves: int) -> None:
    """Rebuild each series from `waves` / 10 tellings of each family; write real.csv and real.svg."""
    tellings = max(waves // 10, 1)
    jobs = [(name, family, seed) for name in SERIES for family in FAMILIES for seed in range(tellings)]
    found = each("real", _judged, jobs)
    sums: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for (name, family, _), scored in zip(jobs, found, strict=True):
        for one in scored:
            sums[name, family, one["thing"]].append(one)
    table.write("real", HEAD, [_row(key, parts, tellings) for key, parts in sums.items()])
    ratios: dict[str, dict[str, float]] = defaultdict(dict)
    for row in table.read("real"):
        name = row["series"] + ("" if row["thing"] == "day" else f", {row['thing']}s")
        ratios[name][row["family"]] = float(row["ratio_crps"])
    words = "CRPS of the estimate over the error of the best simple method, by series; 1 is as good"
    pictures.save("real", pictures.ratios(list(ratios.items()), GOALS, words))
    pictures.save("real_series", _example())


def _example() -> str:
    """The total out of Ukraine, rebuilt from one telling of each family."""
    panels = []
    for family in FAMILIES:
        hidden, claims = tell("Ukraine, all borders", family, 0)
        posterior = estimate(grouped(claims), hidden.situation, draws=DRAWS)
        key, truth = next(iter(hidden.streams.items()))
        guesses = _guesses(hidden, claims, key)
        title = f"Exits from Ukraine a day, from 24 February 2022, {family} statements"
        panels.append(
            (title, posterior.draws(*key), truth, {name: guesses[name] for name in ("linear", "denton")})
        )
    return pictures.series(
        panels, hidden.first, "Daily exits from Ukraine as rebuilt from statements, and the truth"
    )


HEAD = (
    "series", "family", "thing", "tellings", "crps", "interval_score", "inside_50", "inside_80", "inside_90", "inside_95",
    "best_rival", "best_rival_error", "ratio_crps", "best_spread_rival", "best_spread", "ratio_crps_spread",
    "ratio_interval_spread", *(f"error_{name.replace(' ', '_')}" for name in RIVALS),
)  # fmt: skip


def _row(key: tuple[str, str, str], parts: list[dict[str, Any]], tellings: int) -> list[str | int]:
    """One line of the table: means over tellings and streams, and the ratios to the best rival.

    A rival's belief is one number, so its CRPS is its absolute error; `spread` gives it the
    log-normal width that suits it best in hindsight.
    """
    ours, width, inside = (
        np.mean([one[name] for one in parts], axis=0) for name in ("crps", "interval", "inside")
    )
    theirs: dict[str, Array] = {  # (crps or interval score, spread)
        name: np.mean([one["rivals"][name] for one in parts], axis=0) for name in RIVALS
    }
    best = min(theirs, key=lambda name: theirs[name][0, 0])
    spread_best = min(theirs, key=lambda name: theirs[name][0].min())
    at = int(theirs[spread_best][0].argmin())
    narrow = min(float(scores[1].min()) for scores in theirs.values())
    return [
        *key, tellings, f"{ours:.4g}", f"{width:.4g}", *(f"{share:.3f}" for share in inside),
        best, f"{theirs[best][0, 0]:.4g}", f"{ours / theirs[best][0, 0]:.3f}",
        spread_best, f"{SPREADS[at]:g}", f"{ours / theirs[spread_best][0, at]:.3f}", f"{width / narrow:.3f}",
        *(f"{theirs[name][0, 0]:.4g}" for name in RIVALS),
    ]  # fmt: skip


def _judged(job: tuple[str, str, int]) -> list[dict[str, Any]]:
    """Scores of one telling, a line for each stream and thing."""
    name, family, seed = job
    hidden, claims = tell(name, family, seed)
    posterior = estimate(grouped(claims), hidden.situation, draws=DRAWS, seed=seed)
    return list(_scored(hidden, claims, posterior))


def _scored(hidden: Hidden, claims: list[Claim], posterior: Posterior) -> Iterator[dict[str, Any]]:
    guesses: dict[Key, dict[str, Array]] = {}
    for key, truth in hidden.streams.items():
        guesses[key] = _guesses(hidden, claims, key)
        draws = posterior.draws(*key)
        yield _line("day", draws, truth, guesses[key])
        yield _line(
            "week",
            _weeks(draws),
            _weeks(truth[None])[0],
            {n: _weeks(g[None])[0] for n, g in guesses[key].items()},
        )
    for (measure, place, group), entries in hidden.streams.items():
        if measure == "entries" and ("exits", place, group) in hidden.streams:
            out: Key = ("exits", place, group)
            truth = np.cumsum(entries - hidden.streams[out])[6::7]
            net = posterior.draws("net", place, group).cumsum(axis=1)[:, 6::7]
            ours = guesses[measure, place, group]
            rivals = {name: np.cumsum(ours[name] - guesses[out][name])[6::7] for name in RIVALS}
            yield _line("stock change", net, truth, rivals)


def _guesses(hidden: Hidden, claims: list[Claim], key: Key) -> dict[str, Array]:
    """What each simple method makes of the claims on one stream."""
    said = [
        Said((claim.window_start - hidden.first).days, (claim.window_end - hidden.first).days, claim.value)
        for claim in claims
        if (claim.measure.value, claim.place, claim.group) == key
        and claim.window_start and claim.window_end and claim.value is not None
    ]  # fmt: skip
    return {name: guess(said, len(hidden.streams[key])) for name, guess in RIVALS.items()}


def _weeks(series: Array) -> Array:
    """Sums of whole weeks, (draw, week)."""
    weeks = series.shape[1] // 7
    return np.asarray(series[:, : 7 * weeks].reshape(len(series), weeks, 7).sum(axis=2))


def _line(thing: str, draws: Array, truth: Array, rivals: dict[str, Array]) -> dict[str, Any]:
    rank = (draws < truth).mean(axis=0) + 0.5 * (draws == truth).mean(axis=0)
    return {
        "thing": thing,
        "crps": float(crps(draws, truth).mean()),
        "interval": float(interval_score(draws, truth).mean()),
        "inside": [float((np.abs(rank - 0.5) <= level / 2).mean()) for level in LEVELS],
        "rivals": {name: _with_spreads(guess, truth) for name, guess in rivals.items()},
    }


def _with_spreads(guess: Array, truth: Array) -> list[list[float]]:
    """A rival's CRPS and interval score with each spread; a change of stock may be negative and has none."""
    flat = (guess < 0).any() or (truth < 0).any()
    spreads = [0.0 if flat else spread for spread in SPREADS]
    return [
        [float(score(guess, spread, truth).mean()) for spread in spreads]
        for score in (crps_log_normal, interval_score_log_normal)
    ]
