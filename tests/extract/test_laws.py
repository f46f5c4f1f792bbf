"""What holds for every text: it never fails, quotes stand at their offsets, work is linear."""

import random
import re
from datetime import date
from importlib.resources import files

import pytest
from growth import calls
from hypothesis import given, settings
from hypothesis import strategies as st

from tolqyn.claims import Document, claim_from_record, claim_to_record
from tolqyn.extract import detect_language, extract, extract_all, learn_events
from tolqyn.languages import codes

PIECES = [
    "98,000", "4 млн 399 тыс.", "двадцать пять", "Russians", "россиян", "entered", "въехали", "left", "from",
    "Georgia", "в Грузию", "since", "September 21", "с 1 по 24 сентября", "2022", "yesterday", "percent", "%",
    "respectively", "соответственно", "the same number", "the interior ministry", "said", "not", "if", "—", ":",
    "•", "\n", "\n\n", ".", ",", "(", ")", "“", "”", "\u200f", "\u00ad", "a", "of", "31 February", "99/99/2022",
    "10 a.m.", "$400", "a month", "first week", "per day", "10-12", "10 to 9 million", "{n}", "0",
]  # fmt: skip
mixed = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=60).map(" ".join)


@settings(max_examples=150)
@given(text=st.text(max_size=300) | mixed, code=st.sampled_from(["en", "ru"]), day=st.none() | st.dates())
def test_any_text_gives_claims_whose_quotes_stand_where_they_say(text, code, day):
    """Nothing is dropped in silence either: what cannot be a claim is a problem."""
    found = extract(Document("any", text, published=day, language=code))

    assert found.language == code
    for claim in found.claims:
        assert text[claim.start : claim.end] == claim.quote != ""
        assert claim_from_record(claim_to_record(claim)).id == claim.id
        assert dict(claim.evidence)["measure"]
        assert 0 < claim.confidence < 1


@given(mixed)
def test_the_same_text_gives_the_same_claims(text):
    document = Document("same", text, published=date(2022, 10, 1), language="en")

    assert extract(document) == extract(document)


@pytest.mark.parametrize(
    "piece",
    [
        "In 2022 about 5,000 Russians entered Georgia, 3,000 left, ((( from 1 to 24 September ",
        "1 ", "5,000 ", "since ", "from from ", "million ", "\u200f", "a.b. ", "((((", "twenty ", "тысяч ", "Russia ",
    ],
)  # fmt: skip
def test_work_grows_with_the_text_and_no_faster(piece):
    """A single line of any length, however dense."""

    def document(size):
        return Document("long", piece * (size // len(piece)), published=date(2022, 10, 1), language="en")

    extract(document(2_000))  # what is loaded once is not counted
    few, many = document(8_000), document(40_000)

    assert calls(lambda: extract(many)) < 6 * calls(lambda: extract(few)) + 1_000


def test_a_language_without_a_file_is_a_problem_and_no_crash():
    found = extract(Document("a", "x", language="xx"))

    assert found.claims == ()
    assert found.language is None
    assert "no language file for 'xx'" in found.problems[0].message


def test_a_text_without_letters_is_a_problem():
    found = extract(Document("a", "1 2 3"))

    assert "could not be told" in found.problems[0].message


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("About 98,000 Russians have entered the country since Wednesday.", "en"),
        ("За неделю в страну въехали около 98 тысяч россиян.", "ru"),
    ],
)
def test_the_language_is_found_out_from_the_text(text, code):
    assert detect_language(text) == code
    assert extract(Document("a", text)).language == code


def test_a_day_of_an_event_is_learnt_from_another_document():
    """The wave knows what one text leaves out."""
    dated = Document(
        "a", "A curfew and a coup were announced on 3 May 2021.", published=date(2021, 6, 1), language="en"
    )
    bare = Document(
        "b", "Since the coup 5,000 people have fled to Chad.", published=date(2021, 6, 1), language="en"
    )

    alone = extract(bare).claims[0]
    together = [extraction.claims for _, extraction in extract_all([dated, bare])][1][0]

    assert learn_events([dated, bare]) == {"coup": date(2021, 5, 3)}
    assert alone.window_start is None
    assert together.window_start == date(2021, 5, 3)


def test_a_public_event_is_known_where_its_country_is_named():
    text = "Since the invasion 5,000 Ukrainians have entered Moldova."

    (claim,) = extract(Document("a", text, published=date(2022, 3, 20), language="en")).claims

    assert claim.window_start == date(2022, 2, 24)


def test_what_the_caller_knows_of_an_event_stands_before_the_public_list():
    text = "Since the invasion 5,000 Ukrainians have entered Moldova."

    (claim,) = extract(
        Document("a", text, published=date(2022, 3, 20), language="en"), events={"war": date(2022, 2, 25)}
    ).claims

    assert claim.window_start == date(2022, 2, 25)


SLOTS = {"{n}": "12", "{day}": "5 October", "{event}": "war", "{place}": "Poland", "{clock}": "10:00"}
BESIDE = ["\u0640", "5,000", "12", "21.09", "2022", "(", ")", ".", ",", "\n", "-", ":", "Poland", "98", "1,2"]


def vocabulary(code):
    """The words of a language file, without the signs that make them phrases."""
    file = files("tolqyn.languages").joinpath("data", f"{code}.toml")
    text = file.read_text(encoding="utf-8")
    for slot, word in SLOTS.items():
        text = text.replace(slot, word)
    return [*re.findall(r"[^\W\d_]+", text), *BESIDE * 40]


@pytest.mark.parametrize("code", codes())
def test_any_order_of_the_words_of_a_language_is_survived(code):
    """Phrases meet in orders that nobody thought of; quotes still stand at their offsets."""
    chance, words = random.Random(20221004), vocabulary(code)

    for day in (None, date.min, date.max, *[date(2022, 10, 4)] * 8):
        text = " ".join(chance.choice(words) for _ in range(200))
        for claim in extract(Document("a", text, published=day, language=code)).claims:
            assert text[claim.start : claim.end] == claim.quote
