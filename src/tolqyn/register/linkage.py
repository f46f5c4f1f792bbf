"""Entries and exits matched without a key: by document, birth date, citizenship, post and name, and by order in time.

Pure: tables in, tables out; needs the extra `linkage` (Splink). How alike two crossings are is weighed as Fellegi and
Sunter (1969) do, with the weights learnt by expectation maximisation from the crossings themselves. What time says is ours:
an exit needs an earlier entry; a likely crossing of the same person between two makes them no pair; a crossing is in one
pair at most.
"""

from __future__ import annotations

import logging
import unicodedata
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tolqyn.errors import UsageError

__all__ = ["LinkCounts", "Linked", "count_linked", "link_crossings", "sound_of"]

SECONDS, DAY = 1_000_000, 86_400
LEAST = 0.01
"""Pairs that are less likely than this to be one stay, by what is written, are not looked at."""

PAIRS = 1e6
"""Random pairs from which it is learnt how often strangers agree."""

LETTERS = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
    "і": "i", "ї": "i", "є": "e", "ґ": "g", "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h",
})  # fmt: skip
"""Cyrillic as it is written in Latin documents, in its shortest form."""

ALIKE = (("shch", "sch"), ("tch", "ch"), ("kh", "h"), ("zh", "j"), ("ts", "c"), ("tz", "c"), ("ph", "f"), ("w", "v"),
         ("x", "ks"), ("q", "k"), ("ya", "ia"), ("yu", "iu"), ("ye", "e"), ("yo", "e"), ("y", "i"), ("ii", "i"))  # fmt: skip
"""Spellings that differ between tables of transliteration for one sound."""


@dataclass(frozen=True, slots=True, eq=False)
class Linked:
    """Stays that were found without a key.

    Attributes:
        pairs: entry, exit (rows of the table, from 0), probability; each row once at most, and only pairs that are
            more likely than not.
        left: of each entry, the chance that one of the exits is its own; of an exit, NaN, (row,).
        classes: expected entries `left`, `within_term` and `unmatched`; they add up to the entries.
    """

    pairs: pa.Table
    left: NDArray[np.float64]
    classes: dict[str, float]


def link_crossings(crossings: pa.Table, *, term_days: int = 90, seed: int = 0) -> Linked:
    """Which exit ends which entry, with what probability, where there is no key to tell.

    Args:
        crossings: `time`, `direction` ("in", "out"), `citizenship`, `checkpoint`, and at least one of `document`, `born`
            and `name`; `sex` helps. Names may be in Cyrillic or Latin letters. Times in order of their rows or not.
        term_days: an entry without an exit is `within_term` for so many days before the last crossing.
        seed: of the random pairs.

    Raises:
        UsageError: the extra is not installed, or nothing in the table tells people apart.
    """
    if not {"document", "born", "name"} & set(crossings.column_names):
        raise UsageError("nothing tells people apart", hint="a column document, born or name")
    table = _prepared(crossings)
    inward = np.asarray(pc.equal(table["direction"], "in"))
    time = table["t"].to_numpy()
    entry, leave, alike = _alike(table, seed)
    odds = _in_time(entry, leave, alike, time)
    rows, columns = (np.bincount(of, odds, len(table)) for of in (entry, leave))
    # A pair against all others that either could be in, and against none of them.
    chance = odds / (1 + rows[entry] + columns[leave] - odds)
    left = np.where(inward, np.minimum(np.bincount(entry, chance, len(table)), 1.0), np.nan)
    over = time < (time.max() if time.size else 0) - term_days * DAY
    classes = {
        "left": float(np.nansum(left)),
        "within_term": float(np.nansum((1 - left)[~over])),
        "unmatched": float(np.nansum((1 - left)[over])),
    }
    chosen = _one_to_one(entry, leave, chance)
    pairs = {"entry": entry[chosen], "exit": leave[chosen], "probability": chance[chosen]}
    return Linked(pa.table(pairs), left, classes)


CERTAINTY = (0.5, 0.9, 0.99)
"""Least probability of each band in which pairs are counted."""


@dataclass(frozen=True, slots=True, eq=False)
class LinkCounts:
    """What linkage finds, in counts.

    Attributes:
        classes: citizenship, entries = left + within_term + unmatched, exits_without_entry, repeated_scans: the
            expected numbers, rounded so that they add up.
        certainty: probability ("0.5-0.9", ...), pairs, and how many of them are expected to be right.
    """

    classes: pa.Table
    certainty: pa.Table


def count_linked(
    crossings: pa.Table,
    *,
    last_day: int,
    term_days: int,
    terms: Mapping[str, int],
    scan_seconds: int,
    seed: int = 0,
) -> LinkCounts:
    """`link_crossings`, and of what it finds the counts alone.

    Args:
        crossings: as for `link_crossings`, and `day`, days since 1970.
        last_day: on which stays are judged, days since 1970.
        term_days: an entry without an exit is within its term for so many days.
        terms: citizenship -> days, where they differ.
        scan_seconds: a second scan within this time, of the same document or of the same name and birth date, is the same
            crossing.
        seed: as for `link_crossings`.
    """
    once = _scanned_once(crossings, scan_seconds)
    table = crossings.filter(pa.array(once))
    linked = link_crossings(table, seed=seed)
    groups = np.asarray(crossings["citizenship"].to_pylist(), object)
    allowed = np.array([terms.get(who, term_days) for who in groups])
    within = (crossings["day"].to_numpy() + allowed >= last_day)[once]
    inward = np.asarray(pc.equal(table["direction"], "in"))
    left = np.where(inward, linked.left, 0.0)
    rows = []
    for who in sorted(set(groups)):
        mine = groups[once] == who
        entries, gone = int((mine & inward).sum()), float(left[mine].sum())
        still = float((1 - left)[mine & inward & within].sum())
        parts = _whole([gone, still, entries - gone - still], entries)
        alone = round(max(float((mine & ~inward).sum()) - gone, 0.0))
        rows.append((who, entries, *parts, alone, int((groups == who).sum() - mine.sum())))
    names = (
        "citizenship", "entries", "left", "within_term", "unmatched", "exits_without_entry", "repeated_scans",
    )  # fmt: skip
    classes = pa.table(dict(zip(names, zip(*rows, strict=True), strict=True)))
    return LinkCounts(classes, _certainty(linked.pairs["probability"].to_numpy()))


def sound_of(name: str) -> str:
    """A name in Latin letters, spelt so that transliterations of one name fall together.

    >>> sound_of("Щербаков Юрий"), sound_of("SHCHERBAKOV Yuriy")
    ('scherbakov iuri', 'scherbakov iuri')
    """
    text = name.casefold().translate(LETTERS)
    text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if sign.isalpha() or sign == " ")
    for spelling, one in ALIKE:
        text = text.replace(spelling, one)
    return " ".join(sorted(text.split()))


def _scanned_once(crossings: pa.Table, seconds: int) -> NDArray[np.bool_]:
    """False where a crossing is a second scan, (row,): same way and post, so soon after, by the same document or name and birth."""
    table = _prepared(crossings)
    time = table["t"].to_numpy()
    again = np.zeros(len(table), bool)
    for person in (("document",), ("name", "born")):
        if not set(table.column_names).issuperset(person):
            continue
        same, known = np.zeros(len(table), np.int64), np.ones(len(table), bool)
        for name in (*person, "direction", "checkpoint", "citizenship"):
            if name not in table.column_names:
                continue
            if name in person:
                known &= np.asarray(pc.is_valid(table[name]))
            code = table[name].combine_chunks().dictionary_encode(null_encoding="encode").indices.to_numpy()
            _, same = np.unique(same * (int(code.max(initial=0)) + 1) + code, return_inverse=True)
        order = np.lexsort((time, same))
        soon = (np.diff(same[order]) == 0) & (np.diff(time[order]) <= seconds) & known[order[1:]]
        again[order[1:]] |= soon
    return ~again


def _whole(parts: list[float], whole: int) -> list[int]:
    """Parts of a whole number as whole numbers that add up to it: the largest rests are rounded up."""
    low = np.floor(np.maximum(parts, 0)).astype(int)
    order = np.argsort(low - np.array(parts), kind="stable")
    low[order[: whole - int(low.sum())]] += 1
    return [int(part) for part in low]


def _certainty(chance: NDArray[np.float64]) -> pa.Table:
    """Pairs by how sure they are."""
    band = np.searchsorted(CERTAINTY, chance, side="right") - 1
    ends = [*CERTAINTY[1:], 1.0]
    return pa.table(
        {
            "probability": [f"{low:g}-{high:g}" for low, high in zip(CERTAINTY, ends, strict=True)],
            "pairs": np.bincount(band, minlength=len(ends)),
            "expected_right": [float(chance[band == n].sum()) for n in range(len(ends))],
        }
    )


def _prepared(crossings: pa.Table) -> pa.Table:
    """The columns that are compared, as text, with the row, the second and the day."""
    seconds = crossings["time"].cast(pa.timestamp("us", crossings["time"].type.tz)).cast(pa.int64())
    t = pc.divide(seconds, SECONDS)
    columns = {"unique_id": pa.array(np.arange(len(crossings))), "t": t, "day": pc.divide(t, DAY)}
    for name in ("direction", "citizenship", "checkpoint", "document", "born", "sex"):
        if name in crossings.column_names:
            columns[name] = crossings[name].cast(pa.string())
    if "name" in crossings.column_names:
        names = crossings["name"].to_pylist()
        columns["name"] = pa.array([sound_of(name) if name else None for name in names], pa.string())
    return pa.table(columns)


def _alike(table: pa.Table, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Pairs of an entry and a later exit, with the chance that they are one person's by what is written."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of libraries that Splink would like to have
        try:
            from splink import Linker, SettingsCreator  # noqa: PLC0415 - an optional extra
            from splink.backends.duckdb import DuckDBAPI  # noqa: PLC0415
        except ImportError:
            raise UsageError("Splink is not installed", hint="pip install 'tolqyn[linkage]'") from None
        there = set(table.column_names)
        rules: list[Any] = [
            " AND ".join([*(f"l.{name} = r.{name}" for name in names), "l.t < r.t"])
            for names in (
                ("document",),
                ("born", "name"),
                ("born", "citizenship", "checkpoint"),
                ("name", "citizenship"),
            )
            if there.issuperset(names)
        ]
        logging.getLogger("splink").setLevel(logging.ERROR)
        api = DuckDBAPI()
        sides = [table.filter(pc.equal(table["direction"], way)) for way in ("in", "out")]
        frames = [
            api.register(side, dataset_display_name=name)
            for side, name in zip(sides, ("a", "b"), strict=True)
        ]
        settings = SettingsCreator(
            link_type="link_only",
            comparisons=_comparisons(there),
            blocking_rules_to_generate_predictions=rules,
            retain_matching_columns=False,
        )
        linker: Any = Linker(frames, settings, log_level=logging.ERROR)
        train = linker.training
        sure = rules[:2]
        train.estimate_probability_two_random_records_match(sure, recall=0.9)
        train.estimate_u_using_random_sampling(max_pairs=PAIRS, seed=seed + 1)
        for rule in sure:
            train.estimate_parameters_using_expectation_maximisation(rule, record_sample_proportion=1.0)
        found = linker.inference.predict(threshold_match_probability=LEAST).as_pyarrow_table()
    ids = [found[f"unique_id_{side}"].to_numpy() for side in "lr"]
    return ids[0].astype(np.int64), ids[1].astype(np.int64), found["match_probability"].to_numpy()


def _comparisons(there: set[str]) -> list[Any]:
    """How two crossings are compared, column by column, and by the days between them."""
    from splink import comparison_library as by  # noqa: PLC0415 - as in `_alike`

    found: list[Any] = []
    if "document" in there:
        found.append(by.ExactMatch("document"))
    if "born" in there:
        found.append(by.LevenshteinAtThresholds("born", 1))
    if "name" in there:
        found.append(by.JaroWinklerAtThresholds("name", [0.92, 0.8]))
    found += [by.ExactMatch(name) for name in ("sex", "citizenship", "checkpoint") if name in there]
    bands = [
        {
            "sql_condition": f"day_r - day_l BETWEEN {first} AND {last}",
            "label_for_charts": f"{first} to {last} days",
        }
        for first, last in ((0, 1), (2, 7), (8, 30), (31, 90))
    ]
    other = {"sql_condition": "ELSE", "label_for_charts": "longer"}
    null = {
        "sql_condition": "day_l IS NULL OR day_r IS NULL",
        "label_for_charts": "unknown",
        "is_null_level": True,
    }
    found.append({"output_column_name": "days", "comparison_levels": [null, *bands, other]})
    return found


def _in_time(
    entry: NDArray[np.int64], leave: NDArray[np.int64], alike: NDArray[np.float64], time: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Odds of each pair, when a likely crossing of the same person between the two speaks against it."""
    none_between = np.ones(alike.size)
    for one, other, sign in ((leave, entry, -1), (entry, leave, 1)):
        # Of an exit the latest entry comes first, of an entry the earliest exit.
        order = np.lexsort((sign * time[other], one))
        before = np.log1p(-np.minimum(alike[order], 1 - 1e-12))
        running = np.concatenate([[0.0], np.cumsum(before)])[:-1]
        first = np.append(True, one[order][1:] != one[order][:-1]) if order.size else np.zeros(0, bool)
        start = np.maximum.accumulate(np.where(first, np.arange(order.size), 0))
        none_between[order] *= np.exp(running - running[start])
    odds: NDArray[np.float64] = alike / np.maximum(1 - alike, 1e-12) * none_between
    return odds


def _one_to_one(
    entry: NDArray[np.int64], leave: NDArray[np.int64], chance: NDArray[np.float64]
) -> NDArray[np.int64]:
    """The likeliest pairs, each row once: those above a half cannot compete, since a row's chances add up to one."""
    likely = np.flatnonzero(chance > 0.5)
    return likely[np.lexsort((leave[likely], entry[likely]))]
