"""The map: regions, cities and checkpoints that statements name, with the largest count stated there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from tolqyn.claims import Modality, Statement
from tolqyn.places import Place
from tolqyn.report.atlas import BOUNDARY_NOTE, Spot, map_chart
from tolqyn.report.charts import NARROW, WIDE
from tolqyn.report.evidence import Evidence
from tolqyn.report.model import Block, Chart, Column, Paragraph, Span, Table, Text
from tolqyn.report.names import figure, find_place, place_name
from tolqyn.report.subject import Subject
from tolqyn.report.words import days

__all__ = ["map_blocks"]

_PAINT = {"entries": "entries", "exits": "exits", "net": "net", "stock": "stock", "shelter": "stock"}
_LISTED = 40


def map_blocks(subjects: Sequence[Subject], evidence: Evidence) -> list[Block]:
    """A map of the places inside the studied countries, and a table of all places named."""
    studied = dict.fromkeys(_country(subject.place) or subject.place for subject in subjects)
    named: dict[str, list[Statement]] = defaultdict(list)
    for statement in evidence.statements:
        named[statement.claim.place].append(statement)
    inside = {
        code: place
        for code in named
        if (place := find_place(code)) is not None and place.kind != "country" and place.country in studied
    }
    spots = [
        spot for code, place in inside.items() if (spot := _spot(place, named[code], evidence)) is not None
    ]
    blocks: list[Block] = []
    description = f"Map of {', '.join(place_name(code) for code in studied)} with the {len(spots)} places that statements name."
    charts = [
        map_chart(spots, studied, width=width, name=f"map-{width}", description=description)
        for width in (WIDE, NARROW)
    ]
    wide, narrow = charts
    if wide is not None and narrow is not None:
        note: Text = (
            Span(
                "Discs grow with the largest count of persons stated for the place, whatever its days; rings are places without a count of persons. "
            ),
            Span(BOUNDARY_NOTE),
        )
        blocks.append(
            Chart(
                "c-map",
                "Largest count stated of each place",
                "Persons: entries blue, exits orange, people present green, anything else brown",
                wide,
                narrow,
                description,
                _table(named, evidence),
                note,
            )
        )
    elif not spots:
        blocks.append(Paragraph((Span("No place was named that the gazetteer knows."),)))
    return blocks


def _country(code: str) -> str | None:
    place = find_place(code)
    return place.country if place else None


def _spot(place: Place, statements: Sequence[Statement], evidence: Evidence) -> Spot | None:
    """The place with its largest observed count of persons; None without coordinates."""
    if place.latitude is None or place.longitude is None:
        return None
    counted = [s for s in statements if s.claim.unit == "persons" and s.claim.modality is Modality.OBSERVED]
    best = max(counted, key=lambda s: (s.claim.centre, s.id), default=None)
    shown = best or statements[0]
    return Spot(
        place.name,
        place.latitude,
        place.longitude,
        best.claim.centre if best else None,
        _PAINT.get(shown.claim.measure, "registrations"),
        evidence.number(shown),
        evidence.to(shown),
        evidence.title(shown),
    )


def _table(named: dict[str, list[Statement]], evidence: Evidence) -> Table:
    """Places by how often they are named, with what was stated first of each."""
    ranked = sorted(named, key=lambda code: (-len(named[code]), code))
    rows = []
    for code in ranked[:_LISTED]:
        statements = named[code]
        shown = max(statements, key=lambda s: (s.claim.unit == "persons", s.claim.centre, s.id))
        found = find_place(code)
        rows.append(
            (
                (Span(place_name(code)),),
                (Span(found.kind if found else "not in the gazetteer"),),
                (Span(str(len(statements))),),
                (
                    Span(figure(shown.claim)),
                    Span(f" {shown.claim.measure}, {days(shown.claim.window_start, shown.claim.window_end)}"),
                    Span(f" [{evidence.number(shown)}]", evidence.to(shown)),
                ),
            )
        )
    left = len(ranked) - len(rows)
    columns = (
        Column("Place"),
        Column("What it is"),
        Column("Statements", numeric=True),
        Column("Largest figure stated", share=3),
    )
    return Table(
        "t-places",
        "Places named" + (f"; {left} more are left out here" if left else ""),
        columns,
        tuple(rows),
        folded=True,
    )
