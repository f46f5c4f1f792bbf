"""The page of the studies: the tables in docs/concepts/studies.md are written from studies/results.

A table stands between `<!-- table NAME -->` and `<!-- end -->`; what stands there is replaced.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from studies import table
from studies.nowcast import when

__all__ = ["PAGE", "fresh", "write"]

PAGE = Path(__file__).parent.parent / "docs" / "concepts" / "studies.md"
Rows = Sequence[Mapping[str, str]]


def write() -> None:
    """Write the tables into the page."""
    PAGE.write_text(fresh(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def fresh(text: str) -> str:
    """The page with its tables as the results are now."""
    return re.sub(
        r"(<!-- table (\w+) -->\n).*?(<!-- end -->)",
        lambda found: f"{found[1]}{TABLES[found[2]](_rows(found[2]))}{found[3]}",
        text,
        flags=re.DOTALL,
    )


def _rows(name: str) -> Rows:
    """The results that a table is made of; none before the study has run."""
    return table.read(name) if (table.RESULTS / f"{name}.csv").exists() else []


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _percent(share: str) -> str:
    return f"{100 * float(share):.0f}"


def _held(row: Mapping[str, str]) -> str:
    """Shares of 50, 80, 90 and 95 % intervals that held."""
    names = [name for name in row if name.startswith("inside_")]
    return ", ".join(_percent(row[name]) for name in names)


def _coverage(rows: Rows) -> str:
    things = list(dict.fromkeys(row["thing"] for row in rows))
    families = list(dict.fromkeys(row["family"] for row in rows))
    by = {(row["family"], row["thing"]): _held(row) for row in rows}
    waves = {row["family"]: row["waves"] for row in reversed(rows)}  # of days, which every wave tells of
    return _markdown(
        ["family", "waves", *things],
        [[family, waves[family], *(by[family, thing] for thing in things)] for family in families],
    )


def _real(rows: Rows) -> str:
    return _markdown(
        ["series", "statements", "of", "CRPS", "best simple method: error", "ratio", "with the best spread", "held"],
        [
            [
                row["series"], row["family"], row["thing"], f"{float(row['crps']):,.0f}",
                f"{row['best_rival']}: {float(row['best_rival_error']):,.0f}", f"{float(row['ratio_crps']):.2f}",
                f"{float(row['ratio_crps_spread']):.2f}", _held(row),
            ]
            for row in rows
        ],
    )  # fmt: skip


def _border_guard(rows: Rows) -> str:
    return _markdown(
        ["windows", "truth", "median error", "CRPS", "linear", "PCHIP", "Denton", "ratio to the best", "held"],
        [
            [
                row["windows"], row["truth"], f"{100 * float(row['median_error']):.1f} %",
                *(f"{float(row[name]):,.0f}" for name in ("crps", "error_linear", "error_pchip", "error_denton")),
                f"{float(row['ratio_crps']):.2f}", _held(row),
            ]
            for row in rows
        ],
    )  # fmt: skip


def _scorecard(rows: Rows) -> str:
    def excess(row: Mapping[str, str]) -> str:
        if not row["bias"]:
            return "not enough"
        low, middle, high = (f"{100 * float(row[name]):+.1f}" for name in ("bias_low", "bias", "bias_high"))
        return f"{middle} % ({low} to {high})"

    return _markdown(
        ["what was read", "figures", "excess of the Guard"],
        [[row["what_was_read"], row["statements"], excess(row)] for row in rows],
    )


def _nowcast(rows: Rows) -> str:
    return _markdown(
        ["series", "day", "nowcasts", "CRPS", "first published: error", "chain ladder: error", "ratios", "held"],
        [
            [
                row["series"], when(int(row["age"])), row["nowcasts"], f"{float(row['crps']):,.0f}",
                f"{float(row['error_first_published']):,.0f}", f"{float(row['error_chain_ladder']):,.0f}",
                f"{float(row['ratio_first_published']):.2f}, {float(row['ratio_chain_ladder']):.2f}", _held(row),
            ]
            for row in rows
        ],
    )  # fmt: skip


def _referee(rows: Rows) -> str:
    return _markdown(
        ["family", "waves", "gap of means, median and 95 %", "noise", "width ratio, 5, 50, 95 %", "noise", "seconds", "NUTS", "times faster"],
        [
            [
                row["family"], row["waves"], f"{row['mean_gap_median']}, {row['mean_gap_95']}", row["noise_mean"],
                f"{row['width_ratio_05']}, {row['width_ratio_median']}, {row['width_ratio_95']}", row["noise_width"],
                row["seconds_estimate"], row["seconds_nuts"], row["speed_ratio"],
            ]
            for row in rows
        ],
    )  # fmt: skip


def _transit(rows: Rows) -> str:
    return _markdown(
        ["what is said", "of", "borders", "held", "90 % width", "median error"],
        [
            [row["said"], row["thing"], row["borders"], _held(row), f"{float(row['width_90']):.2f}", f"{float(row['median_error']):.3f}"]
            for row in rows
        ],
    )  # fmt: skip


TABLES: dict[str, Callable[[Rows], str]] = {
    "coverage": _coverage,
    "real": _real,
    "border_guard": _border_guard,
    "border_guard_scorecard": _scorecard,
    "nowcast": _nowcast,
    "referee": _referee,
    "transit": _transit,
}
