"""Places are found in texts: names, peoples, adjectives, inflected or not, and never a word too many."""

import unicodedata

import pytest
from growth import calls
from hypothesis import given
from hypothesis import strategies as st

from tolqyn.errors import ExtractError
from tolqyn.places import gazetteer

RUSSIAN = [
    "а", "у", "ом", "е", "и", "ой", "ою", "ы", "я", "ю", "ей", "ем", "ии", "ию", "ах", "ам", "ами", "ов",
    "ого", "его", "ому", "ую", "ие", "их", "ими", "ым", "им",
]  # fmt: skip
KAZAKH = [
    "ның", "нің", "дың", "дің", "тың", "тің", "ға", "ге", "қа", "ке", "на", "не", "да", "де", "та", "те",
    "нда", "нде", "дан", "ден", "тан", "тен", "нан", "нен", "дағы", "тағы",
]  # fmt: skip


@pytest.fixture(scope="module")
def russian():
    return gazetteer(
        "ru",
        names={"RUS": ["Россия", "РФ"], "West Kazakhstan Region": ["ЗКО"]},
        peoples={"RUS": ["россиянин", "россияне"]},
        adjectives={"RUS": ["российский"]},
        endings=RUSSIAN,
    )


@pytest.fixture(scope="module")
def english():
    return gazetteer(
        "en",
        names={"USA": ["US", "U.S."]},
        peoples={"POL": ["Poles"]},
        adjectives={"POL": ["Polish"], "KAZ": ["Kazakh"]},
        not_places=["Nice"],
    )


def found(gazette, text):
    return [(text[m.start : m.end], m.place.code, m.form) for m in gazette.find(text)]


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("в Казахстан", [("Казахстан", "KAZ", "name")]),
        ("98 тысяч россиян", [("россиян", "RUS", "people")]),
        ("российских граждан", [("российских", "RUS", "adjective")]),
        (
            "в Западно-Казахстанской области",
            [("Западно-Казахстанской области", "West Kazakhstan Region", "name")],
        ),
        ("жители ЗКО и РФ", [("ЗКО", "West Kazakhstan Region", "name"), ("РФ", "RUS", "name")]),
        ("через Уральск", [("Уральск", "Uralsk", "name")]),
        ("на Верхнем Ларсе", [("Верхнем Ларсе", "Verkhny Lars", "name")]),
        ("из Нижнего Новгорода", [("Нижнего Новгорода", "Nizhny Novgorod", "name")]),
        ("в Ростове-на-Дону", [("Ростове-на-Дону", "Rostov-on-Don", "name")]),
        ("в Орске и Орле", [("Орске", "Orsk", "name")]),
        ("до Росси\u0301и", [("Росси\u0301и", "RUS", "name")]),
        ("казахстан", []),
    ],
)
def test_a_russian_name_is_found_in_the_form_that_the_sentence_gives_it(russian, text, mentions):
    assert found(russian, text) == mentions


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Қазақстанға кірді", "KAZ"),
        ("Батыс Қазақстан облысында", "West Kazakhstan Region"),
        ("Солтүстік Қазақстан облысына", "North Kazakhstan Region"),
        ("Оралда", "Uralsk"),
        ("Ақтөбеден", "Aktobe"),
        ("Ресейден", "RUS"),
    ],
)
def test_a_kazakh_name_is_found_under_its_case_endings(text, place):
    assert [m.place.code for m in gazetteer("kk", endings=KAZAKH).find(text)] == [place]


@pytest.mark.parametrize(
    ("language", "endings", "text", "place"),
    [
        ("uk", ["ої", "ій", "і"], "у Львівській області", "Lviv Region"),
        ("pl", ["ie", "y"], "w Warszawie", "Warsaw"),
        ("de", ["s"], "Russlands Grenze", "RUS"),
        ("tr", [], "Türkiye'ye", "TUR"),
        ("tr", [], "İSTANBUL", "Istanbul"),
        ("ka", ["ში", "დან"], "საქართველოში", "GEO"),
        ("fi", ["lle"], "Venäjälle", "RUS"),
        ("fr", [], "vers l’Arménie", "ARM"),
        ("ar", [], "إلى تركيا", "TUR"),
    ],
)
def test_other_languages_inflect_by_their_own_endings(language, endings, text, place):
    assert place in [m.place.code for m in gazetteer(language, endings=endings).find(text)]


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("the Polish border", [("Polish", "POL", "adjective")]),
        ("to polish shoes", []),
        ("from the US", [("US", "USA", "name")]),
        ("told us", []),
        ("TELL US MORE", []),
        ("Kazakhstan's U.S. embassy", [("Kazakhstan", "KAZ", "name"), ("U.S", "USA", "name")]),
        ("Kazakh towns", [("Kazakh", "KAZ", "adjective")]),
        ("Nice people", []),
        ("The Region and the Republic", []),
        ("in Kurgan", [("Kurgan", "Kurgan", "name")]),
        ("More than half", []),
        ("Reading the report", []),
        ("Vladimir Putin", []),
        ("reached Vladimir by night", [("Vladimir", "Vladimir", "name")]),
        ("St. Petersburg", [("St. Petersburg", "Saint Petersburg", "name")]),
        ("St Petersburg", [("St Petersburg", "Saint Petersburg", "name")]),
        ("left Russia. Georgia said", [("Russia", "RUS", "name"), ("Georgia", "GEO", "name")]),
        ("West Kazakhstan region", [("West Kazakhstan region", "West Kazakhstan Region", "name")]),
        (
            "West\u00a0Kazakhstan\u00a0Region",
            [("West\u00a0Kazakhstan\u00a0Region", "West Kazakhstan Region", "name")],
        ),
    ],
)
def test_a_word_is_not_taken_for_a_place_that_it_is_not(english, text, mentions):
    assert found(english, text) == mentions


def test_a_person_is_not_a_town(russian):
    assert found(russian, "сказал Владимир Иванов") == []
    assert found(russian, "сказал А. Киров") == []
    assert found(russian, "приехали во Владимир") == [("Владимир", "Vladimir", "name")]


def test_a_decomposed_text_reads_as_a_composed_one(russian):
    text = "в Нижний Новгород и Йошкар-Олу"

    codes = [m.place.code for m in russian.find(text)]

    assert codes == ["Nizhny Novgorod", "Yoshkar-Ola"]
    assert [m.place.code for m in russian.find(unicodedata.normalize("NFD", text))] == codes


def test_the_name_in_the_language_file_stands_before_the_shared_ones():
    plain, told = gazetteer("en"), gazetteer("en", names={"GEO": ["Tripoli"]})

    assert plain.find("in Tripoli")[0].place.country == "LBY"
    assert told.find("in Tripoli")[0].place.code == "GEO"


def test_a_shared_name_is_the_place_that_is_near():
    assert gazetteer("en", near=["LBN"]).find("in Tripoli")[0].place.country == "LBN"


def test_a_code_that_is_no_places_is_refused_with_its_name():
    with pytest.raises(ExtractError, match="'XYZZY' is no place's code"):
        gazetteer("en", names={"XYZZY": ["Xyzzy"]})


def test_equal_arguments_give_the_same_gazetteer():
    assert gazetteer("en", names={"USA": ["US"]}) is gazetteer("en", names={"USA": ["US"]})


names = st.sampled_from(
    ["Казахстан", "Нижний Новгород", "РФ", "россияне", "Verkhny Lars", "Орёл", "İstanbul", "Ростов"]
)
joints = st.sampled_from([" ", "-", "'", "\u200d", "\u0301", "\n", ". ", "\u202b", ""])
texts = st.text(max_size=200) | st.lists(names | joints | st.text(max_size=4), max_size=30).map("".join)


@given(text=texts)
def test_mentions_lie_in_the_text_in_order_and_apart(russian, text):
    mentions = russian.find(text)

    ends = [0, *(mention.end for mention in mentions)]
    assert all(ends[n] <= mention.start < mention.end <= len(text) for n, mention in enumerate(mentions))


@given(text=texts)
def test_a_text_is_read_alike_whatever_was_read_before(text):
    """The memory of words is a convenience; it must not show."""
    fresh = gazetteer("ru", endings=["а", "ом", f"{len(text)}"])

    assert fresh.find(text) == fresh.find(text)


LONG = ["San José ", "Ростов-на-", "\u0301", "а'", "U.S.", "\u200f", "Ё ", "New ", "в Россию "]
"""What made a pattern or a loop try every length at every place."""


@pytest.mark.parametrize("piece", LONG)
def test_work_grows_with_the_text_and_no_faster(russian, piece):
    few, many = (calls(lambda text=piece * times: russian.find(text)) for times in (300, 3_000))

    assert many < 11 * few


@pytest.mark.parametrize("piece", ["New ", "Ё", "в Россию "])
def test_five_megabytes_in_one_line_are_read(russian, piece):
    """Were the time of any pattern the square of the length, this would not end."""
    times = 5_000_000 // len(piece) // 1_000 * 1_000

    assert len(russian.find(piece * times)) == times // 1_000 * len(russian.find(piece * 1_000))
