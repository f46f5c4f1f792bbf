"""Tallies as claims of a register."""

from datetime import date

import pytest
from register.crossings import crossing, write

from tolqyn.claims import Measure, Qualifier, claim_from_record, claim_to_record
from tolqyn.errors import UsageError
from tolqyn.register import open_register, protect, register_source, tally_claims

OWNER = "Border Service of Examplia"


@pytest.fixture
def register(tmp_path):
    rows = [crossing(f"p{n}", "21 10:00", "in", "Post A") for n in range(7)]
    rows += [crossing("p0", "21 12:00", "out", "Post A"), crossing("q", "22 10:00", "in", "Post B")]
    with open_register(write(tmp_path / "events.parquet", rows)) as opened:
        yield opened


def claims_of(table, **more):
    return tally_claims(table, doc="tally", organization=OWNER, said=date(2022, 9, 23), **more)


def test_each_shown_figure_is_a_claim(register):
    claims = claims_of(register.tally(("date", "checkpoint")))

    entries = claims[0]
    assert (entries.measure, entries.place, entries.group, entries.value) == (
        Measure.ENTRIES,
        "Post A",
        "any",
        7,
    )
    assert entries.window_start == entries.window_end == date(2022, 9, 21)
    assert entries.unit == "crossings"  # a person can make many
    assert (entries.source, entries.quote) == (OWNER, "2022-09-21,Post A,entries=7")
    assert len(claims) == 4  # two posts, each on the one day on which it reported
    assert [claim_from_record(claim_to_record(claim)) for claim in claims] == claims


def test_a_sum_over_silent_posts_is_a_floor(register):
    claims = claims_of(register.tally(("date",)), place="EXA")

    assert {claim.qualifier for claim in claims} == {Qualifier.OVER}
    assert dict(claims[0].evidence)["qualifier"] == "1 posts were silent or closed"


def test_what_was_hidden_is_not_claimed(register):
    by = ("date", "citizenship")
    published = protect({by: register.tally(by)}, threshold=5)

    claims = claims_of(published.tables[by], place="EXA")

    shown = [(claim.measure, claim.window_start.day, claim.value) for claim in claims]
    # On the 22nd one person came and nobody left; on the 21st one person left.
    assert shown == [(Measure.ENTRIES, 21, 7), (Measure.EXITS, 22, 0)]


def test_a_tally_that_cannot_be_claimed_is_refused(register):
    with pytest.raises(UsageError, match="by date, not by purpose"):
        claims_of(register.tally(("citizenship",)), place="EXA")
    with pytest.raises(UsageError, match="the place of the tally is not known"):
        claims_of(register.tally(("date",)))


def test_coverage_is_stated():
    assert register_source(OWNER, (0.9, 0.97)).coverage == (0.9, 0.97)
