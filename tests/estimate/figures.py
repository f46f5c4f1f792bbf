"""Waves to estimate from: the official figures of Kazakhstan 2022, and small made-up ones."""

import csv
from datetime import date
from pathlib import Path

from tolqyn.claims import Claim, Measure, Statement, claim_from_record
from tolqyn.situation import Event, Situation

KAZAKHSTAN = Situation(
    title="Russians in Kazakhstan, autumn 2022",
    start=date(2022, 9, 1),
    end=date(2022, 12, 15),
    places=("KAZ",),
    groups=("RUS",),
    events=(
        Event(date(2022, 9, 21), "partial mobilization announced in Russia"),
        Event(date(2022, 10, 28), "its end announced"),
    ),
)


def official_statements():
    """The figures that officials stated, each once: echoes are the rows that agree in all but their address."""
    path = Path(__file__).parent / "data" / "kazakhstan-2022.csv"
    groups = {}
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            claim = claim_from_record(row, f"{path.name}:{number}")
            key = (claim.organization, claim.measure, claim.kind, claim.place, claim.group, claim.window,
                   claim.value, claim.low, claim.high, claim.qualifier, claim.unit)  # fmt: skip
            groups.setdefault(key, []).append(claim)
    return [
        Statement("s" + claims[0].id, tuple(claims), int(bool(claims[0].source)))
        for claims in groups.values()
    ]


def said(measure, value, first, last=None, **fields):
    """A statement of somebody's border service, made the day after its window."""
    last = last or first
    claim = Claim(
        **{
            "doc": "made-up",
            "quote": "",
            "measure": Measure(measure),
            "place": "KAZ",
            "group": "RUS",
            "value": value,
            "window_start": first,
            "window_end": last,
            "organization": "Border Service",
            "said": last,
            **fields,
        }
    )
    return Statement("s" + claim.id, (claim,), 1)
