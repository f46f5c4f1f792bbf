"""Phrases are found as they are written, the longest first, with work that grows with the text."""

import pytest
from growth import calls

from tolqyn.errors import ExtractError
from tolqyn.languages import Lexicon, itemize


def found(phrases, text):
    lexicon = Lexicon()
    for phrase in phrases:
        lexicon.add(phrase, "test", phrase, "here")
    items = itemize(text, 0, len(text), decimal=".", join=True)
    return [
        (hit.value, " ".join(item.text for item in items[hit.first : hit.last]))
        for hit in lexicon.find(items).get("test", ())
    ]


@pytest.mark.parametrize(
    ("phrase", "text", "words"),
    [
        ("entered", "they Entered it", "entered"),
        ("arriv*", "new arrivals here", "arrivals"),
        ("*reise*", "die Einreisen nach", "einreisen"),
        ("came in|into", "who came into town", "came into"),
        ("in (the) period", "in period one", "in period"),
        ("in (the) period", "in the period one", "in the period"),
        ("reisten ... ein", "sie reisten am Montag ein", "reisten am montag ein"),
        ("тыс (.)", "5 тыс. человек", "тыс ."),
        ("{n} days ago", "it was 4 days ago", "4 days ago"),
        ("o ' clock", "at six o 'clock", "o ' clock"),
    ],
)
def test_each_way_of_writing_a_phrase_matches(phrase, text, words):
    assert found([phrase], text) == [(phrase, words)]


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("entered", "they enter"),
        ("arriv*", "a rival"),
        ("reisten ... ein", "reisten a b c d e f g h ein"),
        ("{n} days", "some days"),
    ],
)
def test_nothing_else_matches(phrase, text):
    assert found([phrase], text) == []


def test_the_longest_of_rivals_wins():
    assert found(["turned", "turned away"], "he was turned away") == [("turned away", "turned away")]


@pytest.mark.parametrize(
    ("phrase", "message"),
    [
        ("... came", "begins or ends with a gap"),
        ("a|", "empty alternative"),
        ("(a)", "stand for nothing"),
        ("since {dya}", "unknown slot"),
        ("ar*ive", "star in the middle"),
    ],
)
def test_a_phrase_that_cannot_be_read_is_refused_with_its_place(phrase, message):
    with pytest.raises(ExtractError, match=message) as caught:
        Lexicon().add(phrase, "test", 1, "xx.toml, measures.entries")

    assert caught.value.where == "xx.toml, measures.entries"


def test_work_grows_with_the_text_and_no_faster():
    lexicon = Lexicon()
    for phrase in ("a ... b", "a a ... a", "{n} ... a", "a* ... *b"):
        lexicon.add(phrase, "test", phrase, "here")

    few, many = (
        itemize(text, 0, len(text), decimal=".", join=True) for text in ("a 1 ab " * 500, "a 1 ab " * 5_000)
    )

    assert calls(lambda: lexicon.find(many)) < 11 * calls(lambda: lexicon.find(few))
