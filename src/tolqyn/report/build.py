"""From an estimate and its evidence to a report: which sections there are, and in what order.

Pure but for the data files of this package and of the gazetteer.
"""

from __future__ import annotations

from tolqyn.errors import ReportError
from tolqyn.report.asking import asking_blocks
from tolqyn.report.believed import believed_blocks
from tolqyn.report.clock import clock_blocks
from tolqyn.report.disputes import dispute_blocks
from tolqyn.report.evidence import Evidence
from tolqyn.report.input import ReportInput
from tolqyn.report.method import limit_blocks, method_blocks
from tolqyn.report.model import Paragraph, Report, Section, Span
from tolqyn.report.named import map_blocks
from tolqyn.report.registrations import registration_blocks
from tolqyn.report.series import flow_blocks, stock_blocks
from tolqyn.report.sources import source_blocks
from tolqyn.report.subject import Subject, subjects
from tolqyn.report.summary import headline, summary, totals
from tolqyn.report.words import day, tidy

__all__ = ["build_report"]

CHARTED = 6
"""Places and groups that get charts of their own; the rest stand in the table of the summary."""


def build_report(source: ReportInput) -> Report:
    """The report of a wave, as sections that any renderer can print.

    Raises:
        ReportError: nothing was estimated.
    """
    # Each statement once, those of the contradictions included: a link to it must find its anchor.
    offered = (*source.statements, *(statement for case in source.cases for statement in case.statements))
    statements = tuple({statement.id: statement for statement in offered}.values())
    evidence = Evidence(source.posterior, statements, source.documents)
    every = subjects(source.posterior, evidence)
    if not every:
        raise ReportError(
            "nothing was estimated, so there is nothing to report",
            hint="check that the places and groups of situation.toml are those of the statements",
        )
    found = [totals(subject, evidence) for subject in every]
    charted = every[:CHARTED]
    body = [
        Section("summary", "In short", tuple(summary(found, evidence))),
        Section("flows", "Who came and who left", tuple(flow_blocks(charted, evidence))),
        Section("stock", "How many more are there", tuple(stock_blocks(charted, evidence))),
        Section(
            "contradictions",
            "Where the sources contradict each other",
            tuple(dispute_blocks(source.cases, evidence)),
        ),
        Section("asking", "Which number to ask for next", tuple(asking_blocks(charted))),
        Section(
            "clock",
            "When the stay rules reach them",
            tuple(clock_blocks(charted, source.rules)) if source.rules else (),
        ),
        Section("believed", "What was believed when", tuple(believed_blocks(source.believed))),
        Section("registrations", "Registrations", tuple(registration_blocks(charted, evidence))),
        Section("sources", "The sources, and how each errs", tuple(source_blocks(evidence))),
        Section("places", "The places named", tuple(map_blocks(every, evidence))),
        Section("method", "How the figures were made", tuple(method_blocks(evidence, source.method_version))),
        Section("limits", "What this does not say", tuple(limit_blocks())),
    ]
    return Report(
        title=tidy(source.situation.title, 160),
        headline=headline(found[0]),
        stamp=_stamp(source, every[0]),
        sections=(*(section for section in body if section.blocks), *_appendix(evidence)),
        language="en",
        made_on=source.made_on,
        method_version=tidy(source.method_version, 60),
    )


def _stamp(source: ReportInput, first: Subject) -> tuple[tuple[str, str], ...]:
    as_of = source.posterior.as_of
    latest = max((one.claim.known for one in source.statements if one.claim.known), default=None)
    stamp = [("Data until", day(first.until))]
    if as_of:
        stamp.insert(0, ("As of", day(as_of)))
    elif latest:
        stamp.insert(0, ("Statements until", day(latest)))
    if source.made_on:
        stamp.append(("Made on", day(source.made_on)))
    return tuple(stamp)


def _appendix(evidence: Evidence) -> tuple[Section, ...]:
    """What each estimated figure rests on; then every statement with its words."""
    figures = Section(
        "figures",
        "What each estimated figure rests on",
        (
            Paragraph(
                (
                    Span(
                        "The statements that tell most of the figure come first. A number in brackets opens the statement."
                    ),
                ),
                "note",
            ),
            *evidence.entries,
        ),
        appendix=True,
    )
    entries, left = evidence.appendix()
    words = "Every statement, in the order in which it was said, with the sentence that it was read from."
    if left:
        words += f" {left:,} further statements that nothing above links to are left out here for length."
    statements = Section(
        "evidence", "The statements", (Paragraph((Span(words),), "note"), *entries), appendix=True
    )
    return (figures, statements)
