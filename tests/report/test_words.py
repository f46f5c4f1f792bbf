"""How figures, days and strangers' words are written."""

import unicodedata
from datetime import date

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import claims, days

from tolqyn.report import words
from tolqyn.report.draw import text_width, wrap
from tolqyn.report.names import figure, group_name, spelled_out, subject_of
from tolqyn.report.words import QUOTE_LIMIT, Amount, amount, count, known, safe_url, tidy


def read(text):
    """The number that a written figure stands for."""
    number, _, unit = text.replace("−", "-").replace(",", "").partition(" ")
    return float(number) * {"": 1, "million": 1e6, "billion": 1e9}[unit]


@given(st.lists(st.floats(-5e6, 5e6), min_size=2, max_size=20))
@example([0.0, 4_000_000.004])
def test_a_written_interval_holds_the_whole_interval(draws):
    known = amount(np.array(draws))

    low, high = known.ends

    # An end within a billionth of a step of a round figure is that figure.
    slack = 1e-6 + 2e-9 * known.step
    assert read(low) <= known.low + slack
    assert read(high) >= known.high - slack
    assert read(high) - read(low) <= 1.3 * (known.high - known.low) + 2


@given(st.floats(-1e6, 1e6), st.floats(1, 1e6))
def test_a_figure_is_poorly_known_where_its_sign_is_open_and_never_where_it_is_within_a_fifth(middle, spread):
    told = known(middle - spread, middle, middle + spread)

    if spread > abs(middle):
        assert told.poor
    if spread < abs(middle) / 5:
        assert not told.poor


@given(st.integers(-(10**9), 10**9))
def test_a_count_reads_back_as_itself(value):
    assert read(count(value)) == value


@pytest.mark.parametrize(
    ("low", "high", "written"),
    [
        (92_600, 103_400, "92,000–104,000"),
        (-2_100, 3_900, "−2,500 to 4,000"),
        (1_021_000, 1_208_000, "1.02–1.21 million"),
        (760_400, 1_000_000, "760,000–1,000,000"),
        (3, 9, "3–9"),
    ],
)
def test_a_figure_is_rounded_to_what_is_known(low, high, written):
    known = amount(np.interp(np.linspace(0, 1, 2001), [0.05, 0.95], [low, high]))
    exact = Amount((low + high) / 2, low, high, known.step)

    assert exact.interval == written


@pytest.mark.parametrize(
    ("start", "end", "written"),
    [
        (date(2022, 9, 21), date(2022, 9, 27), "21–27 September 2022"),
        (date(2022, 9, 21), date(2022, 10, 4), "21 September – 4 October 2022"),
        (date(2022, 12, 30), date(2023, 1, 2), "30 December 2022 – 2 January 2023"),
        (date(2022, 9, 3), date(2022, 9, 3), "3 September 2022"),
        (None, date(2022, 9, 3), "until 3 September 2022"),
        (date(2022, 9, 3), None, "from 3 September 2022"),
        (None, None, "no dates given"),
    ],
)
def test_days_are_written_as_a_reader_writes_them(start, end, written):
    assert words.days(start, end) == written


@given(st.text(st.characters(), max_size=2000), st.integers(10, 200))
@example("\ud800\u202e\x00 a\u2066b", 50)
def test_strangers_words_come_out_bounded_and_printable(text, limit):
    shown = tidy(text, limit)

    assert len(shown) <= limit + 40
    assert not {unicodedata.category(letter) for letter in shown} & {"Cc", "Cf", "Cs", "Cn"}
    shown.encode("utf-8")


def test_what_is_cut_is_counted():
    assert tidy("x" * 5000).endswith(f" … ({5000 - QUOTE_LIMIT:,} more characters)")


@pytest.mark.parametrize("url", ["https://example.org/a?b=1&c=2", "http://example.org"])
def test_a_web_address_may_be_opened(url):
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "https://a b", 'https://a"onclick=', "//example.org", "", None, "https://x" + "y" * 3000]
)  # fmt: skip
def test_anything_else_may_not(url):
    assert safe_url(url) is None


@given(claims())
def test_every_claim_can_be_said_in_words(claim):
    assert figure(claim)
    assert subject_of(claim)


@given(days, days)
def test_a_window_never_fails_to_be_written(first, second):
    assert words.days(min(first, second), max(first, second))


def test_a_group_is_named_as_people():
    assert group_name("KAZ") == "citizens of Kazakhstan"
    assert group_name("foreign") == "foreign citizens"
    assert group_name("ethnic Kazakhs") == "ethnic Kazakhs"


@given(
    st.text(st.characters(categories=["L", "N", "Zs"]), max_size=120), st.integers(40, 300), st.integers(1, 4)
)
def test_wrapped_words_fit_their_room(text, room, lines):
    broken = wrap(text, room, 12, lines=lines)

    assert len(broken) <= lines
    assert all(text_width(line, 12) <= room + 1e-6 for line in broken)


def test_an_interval_that_is_printed_with_a_zero_has_no_sign():
    assert known(-64_000, -35_000, -1_000).sign == 0
    assert known(-64_000, -35_000, -9_000).sign == -1


def test_codes_of_the_estimate_are_spelled_out():
    line = "Nothing was said of exits of SDN in TCD (SDN): ask the ISD."

    assert spelled_out(line, ["TCD"], ["SDN", "any"]) == (
        "Nothing was said of exits of citizens of Sudan in Chad (citizens of Sudan): ask the ISD."
    )
    assert spelled_out(line, ["Adré"], ["any"]) == line
