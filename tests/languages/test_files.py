"""Every language file can be used, and a wrong one is refused with file and key."""

from pathlib import Path

import pytest

from tolqyn.errors import ExtractError
from tolqyn.languages import available, codes, load, parse_language
from tolqyn.languages.schema import SECTIONS
from tolqyn.places import gazetteer

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "languages.md"
LEAST = """
[language]
name = "Test"
decimal = "."
[numbers]
words = { one = 1 }
magnitudes = { thousand = 1000 }
"""


@pytest.mark.parametrize("code", codes())
def test_a_language_can_be_used(code):
    """It loads, and its peoples and names are of places that there are."""
    language = load(code)

    gazetteer(
        code,
        names=language.names,
        peoples=language.peoples,
        adjectives=language.adjectives,
        endings=language.endings,
        not_places=language.not_places,
    )
    assert language.coverage.sections["measures"] > 0
    assert language.is_month(f"{_month(code)} 2022")


def _month(code):
    from babel import Locale

    return Locale.parse(code).months["format"]["wide"][9]


def test_what_is_covered_is_listed_in_order():
    assert [coverage.code for coverage in available()] == sorted(codes())


def test_the_page_on_language_files_names_every_key():
    page = PAGE.read_text(encoding="utf-8")

    missing = [
        f"{section}.{key}" for section, keys in SECTIONS.items() for key in keys if f"| `{key}` |" not in page
    ]

    assert not missing, "docs/reference/languages.md is behind the schema"


def test_the_least_file_is_enough():
    assert parse_language("en", LEAST, "en.toml").name == "Test"


@pytest.mark.parametrize(
    ("more", "where", "message"),
    [
        ("[mesures]\n", "en.toml", "unknown section 'mesures'"),
        ("[measures]\nentires = []\n", "en.toml, measures", "unknown key 'entires'"),
        ("[measures]\nentries = 'came'\n", "en.toml, measures.entries", "not what is needed"),
        ("[measures]\nentries = ['came ...']\n", "en.toml, measures.entries", "gap"),
        ("[windows]\nsince = ['since {date}']\n", "en.toml, windows.since", "0 of the 1 slots"),
        ("[windows]\nsince = ['since {day} {date}']\n", "en.toml, windows.since", "unknown slot"),
        ("[windows]\nlast_weeks = ['two weeks']\n", "en.toml, windows.last_weeks", "0 of the 1 slots"),
        ("[windows]\nspan = ['up to {day}']\n", "en.toml, windows.span", "1 of the 2 slots"),
        ("[dates]\nmonths = [['january']]\n", "en.toml, dates.months", "not what is needed"),
        ("[peoples]\nRussia = ['Russians']\n", "en.toml, peoples", "not an ISO"),
        ("[peoples]\nRUS = 'Russians'\n", "en.toml, peoples.RUS", "not a list"),
        ("speech = 1\n", "en.toml", "speech"),
    ],
)
def test_a_wrong_file_is_refused_with_file_and_key(more, where, message):
    text = more + LEAST if more.startswith("speech") else LEAST + more

    with pytest.raises(ExtractError, match=message) as caught:
        parse_language("en", text, "en.toml")

    assert caught.value.where == where
    assert caught.value.hint


def test_what_must_be_there_is_asked_for():
    with pytest.raises(ExtractError, match=r"numbers\.magnitudes is missing"):
        parse_language(
            "en",
            LEAST.replace("magnitudes", "words_too").replace("words_too = { thousand = 1000 }", ""),
            "en.toml",
        )


def test_an_unknown_language_is_told_with_those_that_are_there():
    with pytest.raises(ExtractError, match="no language file for 'xx'") as caught:
        load("xx")

    assert "en" in caught.value.hint
