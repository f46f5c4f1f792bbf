"""Whatever encoding a text was saved in, the same text is read."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tolqyn.errors import ReadError
from tolqyn.read.encoding import decode

RUSSIAN = "В Казахстан с 21 сентября въехали около 98 тысяч граждан России, сообщило министерство.\r\n"
POLISH = "Ponad 98 tysięcy osób wjechało do kraju, podał rząd; wyjechało 64 tysiące. Źródło: straż.\n"
FRENCH = "Près de 98 000 personnes sont entrées depuis mercredi, a déclaré le ministère à Noël.\n"
KAZAKH = "Қазақстанға 98 мың адам келді, деді министр. Шекарадан өткендер саны өсті.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufeff"), min_size=1, max_size=200))
def test_unicode_text_comes_back_whole_from_a_marked_file(encoding, text):
    marks = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}

    assert decode(marks.get(encoding, b"") + text.encode(encoding), "a.txt").text == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [RUSSIAN, POLISH, KAZAKH])
def test_utf_16_without_a_mark_is_told_by_its_zero_bytes(encoding, text):
    assert decode(text.encode(encoding), "a.txt").text == text


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866", "iso8859-5"])
@pytest.mark.parametrize(
    "text", [RUSSIAN, "Въехало 200 тысяч", "Они выехали из страны в Грузию: 7 000 за день."]
)
def test_cyrillic_of_older_files_is_recognised(encoding, text):
    decoded = decode(text.encode(encoding), "a.txt")

    assert decoded.text == text
    assert decoded.guessed


@pytest.mark.parametrize(
    ("text", "encoding", "language"),
    [
        (POLISH, "cp1250", "pl"),
        (POLISH, "iso8859-2", "pl"),
        (FRENCH, "cp1252", "fr"),
        (FRENCH, "latin-1", "fr"),
        (FRENCH, "latin-1", None),
        ("Yaklaşık 98 bin kişi ülkeye girdi, dedi bakanlık. Işıklı şehir, güneş.", "cp1254", "tr"),
        ("Į šalį atvyko daugiau kaip 98 tūkst. žmonių, pranešė ministerija.", "cp1257", "lt"),
        ("До країни в'їхали 98 тисяч осіб, повідомило міністерство України.", "koi8-u", "uk"),
    ],
)
def test_letters_of_other_languages_are_recognised_where_the_language_is_known(text, encoding, language):
    assert decode(text.encode(encoding), "a.txt", language=language).text == text


def test_a_declared_encoding_is_taken_at_its_word_unless_the_bytes_are_utf_8():
    assert decode(FRENCH.encode("cp1252"), "a.txt", declared="ISO-8859-1").text == FRENCH
    assert decode(RUSSIAN.encode("koi8-r"), "a.txt", declared="koi8-r").guessed is False
    assert decode(RUSSIAN.encode(), "a.txt", declared="windows-1251").text == RUSSIAN
    assert decode(RUSSIAN.encode("cp1251"), "a.txt", declared="no-such-encoding").text == RUSSIAN


@given(st.binary(min_size=1, max_size=300))
def test_any_bytes_are_a_text_or_a_read_error(content):
    try:
        text = decode(content, "a.txt").text
    except ReadError as error:
        text = error.message

    assert isinstance(text, str)
