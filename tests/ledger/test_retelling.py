"""What a statement became on its way. The bodies are real, the mentions invented."""

from datetime import date

from ledger.make import said

from tolqyn.claims import Measure, Qualifier
from tolqyn.ledger import group_echoes, retellings


def test_a_qualifier_that_got_lost_is_shown_where_it_got_lost():
    claims = [
        said(300, doc="a", qualifier=Qualifier.UP_TO, organization="UNHCR"),
        said(300, doc="b", qualifier=Qualifier.UP_TO, organization="UNHCR", published=date(2022, 9, 28)),
        said(300, doc="c", organization="UNHCR", published=date(2022, 9, 29)),
    ]

    (statement,) = group_echoes(reversed(claims))

    assert [(told.claim.doc, told.changed) for told in retellings(statement)] == [
        ("a", ()),
        ("b", ()),
        ("c", ("qualifier",)),
    ]


def test_all_that_changed_is_named():
    first = said(20_000, counterpart="SDN", place="TCD", organization="UNHCR", speaker="Ana Beck")
    fled = said(20_000, doc="b", measure=Measure.EXITS, place="SDN", counterpart="TCD", group="any",
                organization="UNHCR", window_end=None)  # fmt: skip

    (statement,) = group_echoes([first, fled])

    assert retellings(statement)[1].changed == ("end", "group", "days")
