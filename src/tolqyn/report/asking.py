"""Which number to ask for next: what one more figure would do to the band of people present."""

from __future__ import annotations

from collections.abc import Sequence

from tolqyn.estimate.posterior import Stream
from tolqyn.estimate.value import next_numbers
from tolqyn.report.model import Block, Column, Paragraph, Span, Table
from tolqyn.report.names import counted, group_name, in_place
from tolqyn.report.subject import Subject
from tolqyn.report.words import count, day, days, known

__all__ = ["asking_blocks"]

_EACH = 3


def asking_blocks(subjects: Sequence[Subject]) -> list[Block]:
    """The figures that would narrow each subject's number present most, best first; nothing where none would."""
    rows = []
    unknown = [subject for subject in subjects if subject.series("stock") is None]
    for subject in subjects:
        if subject not in unknown:
            present = Stream("stock", subject.place, subject.group)
            best = next_numbers(subject.posterior, present, last=subject.until, count=_EACH)
            rows += [(subject, one) for one in best]
    blocks: list[Block] = [
        Paragraph(
            (
                Span(
                    f"How many {group_name(subject.group)} are present {in_place(subject.place)} is unknown: one figure of "
                    "that, of any day, would tell more than any other."
                ),
            )
        )
        for subject in unknown
    ]
    if not rows:
        return blocks
    columns = (
        Column("To be asked for", share=3), Column("Expected", numeric=True, share=2),
        Column("Width of the 90 % interval now", numeric=True), Column("and then", numeric=True),
    )  # fmt: skip
    first = rows[0]
    text = (
        f"The number present on {day(first[0].until)} is known to within an interval {count(_rounded(first[1].band))} wide. "
        "One more figure, right to 2 %, would narrow it most if it were one of these."
    )
    table = Table(
        "t-asking",
        "What one more figure would tell of the number present",
        columns,
        tuple(
            (
                (
                    Span(
                        f"{counted(one.stream.measure, one.stream.place, one.stream.group)}, {days(one.first, one.last)}"
                    ),
                ),
                (Span(known(one.low, (one.low + one.high) / 2, one.high).interval),),
                (Span(count(_rounded(one.band))),),
                (Span(count(_rounded(one.band_then))),),
            )
            for _, one in rows
        ),
    )
    return [*blocks, Paragraph((Span(text),)), table]


def _rounded(width: float) -> float:
    """Two digits: a width is known no better."""
    return float(f"{width:.2g}")
