"""How the figures were made, and what they do not say."""

from __future__ import annotations

from tolqyn.report.evidence import Evidence
from tolqyn.report.model import Block, Paragraph, Span
from tolqyn.report.names import spelled_out
from tolqyn.report.words import count, day, tidy

__all__ = ["limit_blocks", "method_blocks"]


def method_blocks(evidence: Evidence, version: str) -> list[Block]:
    """The method in a paragraph, and what this very estimate adds to it."""
    posterior = evidence.posterior
    situation = posterior.situation
    used = sum(reading.used for reading in posterior.readings)
    aside = len(posterior.readings) - used
    as_of = f"Only what had been said by {day(posterior.as_of)} was used. " if posterior.as_of else ""
    text = (
        "Each statement is read as a sum of daily flows over the days it speaks of, or as the number present on its day, "
        "as precisely as it was worded: “98 thousand” leaves 500 either way, “more than” bounds from one side, a range "
        "from two. Statements that repeat one another count once. Daily entries and exits are ordinary traffic times a "
        "surge that may begin at an announced event; people present are those of the day before plus entries minus exits, "
        "on every draw. How far each source overstates, understates or scatters is learnt where it overlaps with others. "
        f"Every interval here is a 90 % interval unless it says otherwise, taken from {count(posterior.n_draws)} draws of "
        f"the estimate (seed {posterior.seed}). {as_of}{count(used)} statements were used and {count(aside)} set aside, each "
        f"with its reason in the appendix. Tolqyn {tidy(version, 60)}."
    )
    doubt = posterior.trust.note() if posterior.trust else None
    notes = [*posterior.notes, *([doubt] if doubt else [])]
    return [
        Paragraph((Span(text),)),
        *(
            Paragraph((Span(tidy(spelled_out(note, situation.places, situation.groups), 600)),), "note")
            for note in notes
        ),
    ]


def limit_blocks() -> list[Block]:
    """What a reader must not take from these figures."""
    limits = (
        (
            "Entries are crossings, not people. ",
            "One person can cross many times; a commuter counts each day.",
        ),
        (
            "The balance is not a number of residents. ",
            "It counts entries minus exits since a day. It holds transit, visits and stays alike, and leaves out whoever was there before.",
        ),
        (
            "A missing exit is no overstay. ",
            "Exits may go unrecorded, by another document or another border. Nothing here says that anyone stays unlawfully.",
        ),
        (
            "An interval holds what was said, not what nobody said. ",
            "A flow that no source speaks of is not in it, except as far as the model's assumptions reach.",
        ),
        (
            "Days without statements are the model's. ",
            "They are shaded in the charts; no headline reaches into them.",
        ),
        (
            "Quotes are as printed. ",
            "A figure that a source or an outlet got wrong stands here as it was written, with the difference beside it.",
        ),
    )
    return [Paragraph((Span(head, strong=True), Span(body))) for head, body in limits]
