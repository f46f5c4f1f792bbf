"""What whole texts say: carry-over, lists, headlines, sources. The texts are invented."""

from datetime import date

import pytest

from tolqyn.claims import Document
from tolqyn.extract import extract

PUBLISHED = date(2023, 10, 2)


def claims_of(text, language="en", published=PUBLISHED):
    return extract(Document("invented", text, published=published, language=language)).claims


def test_place_window_group_and_source_hold_on_in_the_paragraph():
    claims = claims_of(
        "From 1 to 24 September 5,000 Russians entered Serbia, the interior ministry of Serbia said. "
        "Another 3,000 left."
    )

    assert [(c.value, c.measure, c.place, c.group) for c in claims] == [
        (5000, "entries", "SRB", "RUS"),
        (3000, "exits", "SRB", "RUS"),
    ]
    assert {(c.window_start, c.window_end) for c in claims} == {(date(2023, 9, 1), date(2023, 9, 24))}
    assert {c.organization for c in claims} == {"Ministry of the Interior of Serbia"}


def test_a_headline_takes_window_and_source_from_the_text_below():
    claims = claims_of(
        "5,000 Russians entered Serbia\n\n"
        "From 1 to 24 September 5,012 Russians entered Serbia, Interior Minister Ana Test told reporters.\n"
    )

    assert [c.window_start for c in claims] == [date(2023, 9, 1)] * 2
    assert [c.speaker for c in claims] == ["Ana Test"] * 2


def test_a_list_takes_its_measure_from_the_heading_and_its_groups_from_the_labels():
    claims = claims_of(
        "Въехавшие в Казахстан с начала года, по гражданству:\n— Россия: 1,7 млн;\n— Узбекистан: более 1,5 млн;\n",
        "ru",
    )

    assert [(c.measure, c.place, c.group, c.qualifier) for c in claims] == [
        ("entries", "KAZ", "RUS", "exact"),
        ("entries", "KAZ", "UZB", "over"),
    ]
    assert {c.window_start for c in claims} == {date(2023, 1, 1)}


def test_a_list_of_destinations_has_places_for_labels():
    claims = claims_of(
        "Key figures\n• 377,000 people crossed into neighbouring countries\n  - Egypt: 170,500\n  - Chad: 102,000\n"
    )

    assert [(c.value, c.measure, c.place) for c in claims[1:]] == [
        (170500, "entries", "EGY"),
        (102000, "entries", "TCD"),
    ]


def test_a_press_release_speaks_for_the_body_at_its_head():
    claims = claims_of(
        "MINISTRY OF INTERNAL AFFAIRS | MIGRATION SERVICE COMMITTEE\nPress release No. 318\n\n"
        "Since 1 April 5,000 Russians have entered Kazakhstan.\n"
    )

    assert claims[0].organization == (
        "Migration Service Committee of the Ministry of Internal Affairs of Kazakhstan"
    )


def test_a_figure_without_anything_counted_near_it_is_no_claim():
    assert claims_of("Weather in town: 12 degrees, wind 4 m/s.\nViews: 12 408. Comments: 37.\n") == ()


def test_lines_wrapped_by_hand_are_read_as_one():
    text = (
        "The interior ministry of Serbia told the agency on the telephone that the\n"
        "country had been entered, as far as its officers at the border can tell, in\n"
        "the week from 1 to 7 September by no fewer than 5,000 Russians, who came in\n"
        "cars and on foot from the north and the east and went on to the capital and\n"
        "to other towns in the south of the country."
    )

    (claim,) = claims_of(text)

    assert (claim.value, claim.qualifier, claim.window_start) == (5000, "over", date(2023, 9, 1))


def test_evidence_tells_what_decided_each_field():
    (claim,) = claims_of("About 5,000 Russians entered Serbia on 3 September.")

    told = dict(claim.evidence)
    assert told.pop("confidence").startswith("measure touching; place named; window named")
    assert told == {
        "measure": "entered",
        "place": "serbia",
        "group": "russians",
        "qualifier": "about",
        "window": "on 3 september",
    }


def test_a_figure_in_words_may_end_the_text():
    """Long numerals are put together to the very last word, and nothing is read beyond it."""
    (claim,) = claims_of("From 1 to 24 September Serbia was entered by two hundred and fifty thousand")

    assert (claim.value, claim.measure, claim.place) == (250_000, "entries", "SRB")


def test_an_earlier_year_that_is_only_recalled_carries_nothing_on():
    claims = claims_of(
        "In September 7,000 Russians entered Serbia, in September 2022 it was 900. Most came by air: 4,000 Russians."
    )

    assert [(c.value, c.window_start) for c in claims] == [
        (7000, date(2023, 9, 1)),
        (900, date(2022, 9, 1)),
        (4000, date(2023, 9, 1)),
    ]


def test_a_lone_town_at_the_head_says_where_the_report_was_written():
    """Of several lines that begin so, each is about its own."""
    report = claims_of("Rome. In September 7,000 Syrians entered Italy. Another 300 left.")
    sections = claims_of(
        "Rome. In September 7,000 Syrians arrived.\nMilan. In September 2,000 Syrians arrived.\n"
    )

    assert [c.place for c in report] == ["ITA", "ITA"]
    assert [c.place for c in sections] == ["Rome", "Milan"]


@pytest.mark.parametrize(
    ("words", "figure"),
    [
        ("Two hundred thousand", 200_000),
        ("A hundred thousand", 100_000),
        ("One hundred and twenty thousand", 120_000),
        ("Five hundred", 500),
    ],
)
def test_hundreds_of_thousands_in_words_are_that_and_no_more(words, figure):
    (claim,) = claims_of(f"{words} people entered Georgia in May, the ministry said.")

    assert claim.value == figure


def test_whoever_stands_before_brackets_is_counted_in_them():
    claims = claims_of(
        "Those who entered Serbia in May were mostly Syrians (2,010), Iranians (1,960) and Iraqis (900)."
    )

    assert [claim.group for claim in claims] == ["SYR", "IRN", "IRQ"]


def test_a_heading_by_country_makes_no_peoples_of_destinations():
    claims = claims_of(
        "С 15 апреля из Судана в соседние страны бежали 512 тысяч человек. По странам на 13 июня:\n"
        "— Египет: 255 500;\n— Чад: 121 000.\n",
        "ru",
    )

    assert {claim.group for claim in claims} == {"any"}


def test_georgian_letters_begin_sentences():
    claims = claims_of(
        "სერბეთში 5 ათასი რუსი შევიდა, განაცხადა შინაგან საქმეთა სამინისტრომ. "
        "წითელი ჯვრის მონაცემებით, საბერძნეთში 300 რუსი შევიდა.",
        "ka",
    )

    assert [(claim.value, claim.organization) for claim in claims] == [
        (5000, "Ministry of the Interior of Serbia"),
        (300, "Red Cross"),
    ]
