"""Places are found in texts: names, peoples, adjectives, inflected or not, and never a word too many."""

import pytest

from tolqyn.errors import ExtractError
from tolqyn.places import gazetteer

RUSSIAN = [
    "а",
    "у",
    "ом",
    "е",
    "и",
    "ой",
    "ою",
    "ы",
    "я",
    "ю",
    "ей",
    "ем",
    "ии",
    "ию",
    "ах",
    "ам",
    "ами",
    "ов",
    "ого",
    "ому",
    "ую",
    "ие",
    "их",
    "ими",
    "ым",
    "им",
]


@pytest.fixture(scope="module")
def russian():
    return gazetteer(
        "ru",
        names={"RUS": ["Россия", "РФ"], "West Kazakhstan Region": ["ЗКО"]},
        peoples={"RUS": ["россиянин", "россияне"]},
        adjectives={"RUS": ["российский"]},
        endings=RUSSIAN,
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
        ("казахстан", []),
    ],
)
def test_a_name_is_found_in_the_form_that_the_sentence_gives_it(russian, text, mentions):
    assert found(russian, text) == mentions


def test_a_code_that_is_no_places_is_refused_with_its_name():
    with pytest.raises(ExtractError, match="'XYZZY' is no place's code"):
        gazetteer("en", names={"XYZZY": ["Xyzzy"]})


def test_equal_arguments_give_the_same_gazetteer():
    assert gazetteer("en", names={"USA": ["US"]}) is gazetteer("en", names={"USA": ["US"]})
