"""Rule files: what they must hold, and how they are refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tolqyn.errors import StayError
from tolqyn.stay import load_rules, parse_limits, parse_rule

GOOD = """
schema = 1
id = "xx"
destination = "XX"
nationals = ["YY"]
question = "visa-free stay"

[[version]]
id = "xx-old"
valid_to = 2019-12-31
limits = [{ kind = "per_entry", days = 30 }]
sources = ["a"]

[[version]]
id = "xx-new"
valid_from = 2020-01-01
known_from = 2019-11-15
limits = [{ kind = "rolling", days = 90, window = 180 }]
sources = ["a"]

[[duty]]
id = "xx-notice"
what = "give notice"
who = "host"
days = 3
unit = "working_day"
from = "arrival"
first_day = "unknown"
sources = ["a"]

[source.a]
title = "An invented law"
kind = "law"
where = "nowhere"
seen = "full-text"
read_on = 2026-11-22
"""


def test_a_good_file_is_a_rule():
    rule = parse_rule(GOOD, "xx.toml")

    assert [version.id for version in rule.versions] == ["xx-old", "xx-new"]
    assert rule.version_on(date(2019, 12, 31)).id == "xx-old"
    assert rule.version_on(date(2020, 1, 1)).words == "90 days in any 180"


@pytest.mark.parametrize(
    ("old", "new", "where", "message"),
    [
        ('sources = ["a"]', 'sources = ["b"]', "xx.toml, version xx-old, sources", "no source 'b'"),
        ("valid_to = 2019-12-31", "", "xx.toml", "both govern"),
        ("valid_to = 2019-12-31", "valid_to = 2020-01-01", "xx.toml", "both govern 2020-01-01"),
        ("days = 30", "days = 0", "xx.toml, version xx-old, limits 1, days", "not a whole number above zero"),
        ("days = 30", "days = 30, window = 180", "xx.toml, version xx-old, limits 1", "it needs days or months"),
        ("days = 90, window = 180", "days = 90", "xx.toml, version xx-new, limits 1", "it needs days and window"),
        ('"per_entry"', '"per_visit"', "xx.toml, version xx-old, limits 1, kind", "it is one of: rolling"),
        ("valid_to = 2019-12-31", 'valid_to = "2019-12-31"', "xx.toml, version xx-old, valid_to", "not a date"),
        ("valid_to = 2019-12-31", "valid_until = 2019-12-31", "xx.toml, version xx-old", "unknown key 'valid_until'"),
        ('nationals = ["YY"]', "", "xx.toml", "nationals is missing"),
        ("schema = 1", "schema = 2", "xx.toml, schema", "reads schema 1"),
        ('kind = "law"', 'kind = "rumour"', "xx.toml, source.a, kind", "news"),
        ('first_day = "unknown"', 'first_day = "maybe"', "xx.toml, duty xx-notice, first_day", "arrival, next, unknown"),
        ('id = "xx-new"', 'id = "xx-old"', "xx.toml", "same id"),
        ("schema = 1", "schema = ", "xx.toml", "not TOML"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_its_file_and_key(old, new, where, message):
    with pytest.raises(StayError) as caught:
        parse_rule(GOOD.replace(old, new, 1), "xx.toml")

    assert caught.value.where == where
    assert message in str(caught.value)


def test_a_folder_adds_rules_and_may_not_shadow_ours(tmp_path):
    (tmp_path / "xx.toml").write_text(GOOD)
    assert load_rules(tmp_path).find("xx", "yy").id == "xx"

    (tmp_path / "yy.toml").write_text(GOOD.replace('id = "xx"', 'id = "kz-eaeu"'))
    with pytest.raises(StayError, match="'kz-eaeu' is also in"):
        load_rules(tmp_path)


def test_what_was_not_known_yet_is_not_told():
    rule = parse_rule(GOOD, "xx.toml")

    early, late = rule.as_known(date(2019, 11, 14)), rule.as_known(date(2019, 11, 15))

    assert early.version_on(date(2020, 6, 1)).id == "xx-old"
    assert late.version_on(date(2020, 6, 1)).id == "xx-new"


def test_every_number_of_ours_has_a_source_that_says_how_it_was_read():
    for rule in load_rules().rules:
        for each in (*rule.versions, *rule.duties, *rule.exemptions):
            assert each.sources, each.id
        used = {name for each in (*rule.versions, *rule.duties, *rule.exemptions) for name in each.sources}
        used |= {name for version in rule.versions for end in version.ends for name in end.sources}
        assert used == set(rule.sources), f"{rule.where}: sources that nothing cites"


def test_each_person_and_place_has_one_rule():
    book = load_rules()
    for destination in ("KZ", "RU", "GE", "SCHENGEN", "GB", "US", "KG", "MN", "TR", "RS", "AM", "UZ", "EU"):
        for national in ("RU", "UA", "KZ", "DE", "US", "GB", "KG"):
            book.find(destination, national)


@given(
    st.lists(
        st.sampled_from(["rolling:90/180", "per_entry:30", "per_entry:6m", "first_entry:90/180", "calendar_year:90", "absence:180/12m"]),
        min_size=1, max_size=3,
    )
)  # fmt: skip
def test_limits_are_written_as_they_are_read(parts):
    text = "+".join(parts)
    assert "+".join(map(str, parse_limits(text))) == text
