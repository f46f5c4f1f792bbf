"""Documents: the text that claims are found in, and what is known about it. The articles are invented."""

import hashlib
from datetime import date

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from tolqyn.errors import ReadError
from tolqyn.read import read_document
from tolqyn.read.pdf import join_lines, plain_forms

PAGE = """<!doctype html><html lang="ru-RU"><head><meta charset="{charset}">
<title>Сто тысяч въехали — Степной вестник</title>
<meta property="og:site_name" content="Степной вестник">
<meta property="article:published_time" content="2022-10-04T23:30:00+06:00">
<link rel="canonical" href="https://www.example.org/news/1">
<style>p {{ color: red }}</style><script>var secret = "5 миллионов въехали";</script></head><body>
<nav><ul><li><a href="/">Главная</a></li><li><a href="/b">Политика</a></li></ul></nav>
<article><h1>Сто тысяч въехали</h1>
<p>В Казахстан въехали 98 тысяч граждан России с 21 сентября, сообщил министр.</p>
<p style="display: none">СЕКРЕТ: 5 миллионов человек</p><p hidden>СПРЯТАНО: 6 миллионов</p>
<iframe src="https://example.org/x">РАМКА</iframe>
<table><tr><th>Дата</th><th>Въезд</th></tr><tr><td>21 сентября</td><td>6 000</td></tr></table>
<ul><li>7 000 въехали</li><li>11 000 выехали</li></ul>
<p>Пограничники добавили, что очереди на пунктах пропуска стали короче, чем неделю назад.</p></article>
<div class="cookie-banner">Мы используем cookie, чтобы сайт работал лучше</div>
<footer>© 2020 Степной вестник</footer></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251", "koi8-r"])
def test_a_page_gives_its_article_and_what_it_says_of_itself(charset):
    codec = {"koi8-r": "koi8-r", "windows-1251": "cp1251"}.get(charset, charset)
    page = PAGE.replace("©", "").replace("—", "-").format(charset=charset).encode(codec)

    read = read_document(page, "news.html")

    document = read.document
    assert document.text.split("\n") == [
        "Сто тысяч въехали",
        "В Казахстан въехали 98 тысяч граждан России с 21 сентября, сообщил министр.",
        "| Дата | Въезд |",
        "| 21 сентября | 6 000 |",
        "- 7 000 въехали",
        "- 11 000 выехали",
        "Пограничники добавили, что очереди на пунктах пропуска стали короче, чем неделю назад.",
    ]
    assert document.doc == "news"
    assert document.title == "Сто тысяч въехали"
    assert document.publisher == "Степной вестник"
    assert document.published == date(2022, 10, 4)
    assert document.language == "ru"
    assert document.url == "https://www.example.org/news/1"
    assert read.sha256 == hashlib.sha256(page).hexdigest()
    assert read.content == page
    assert not read.problems


def test_what_is_given_wins_over_what_the_page_says():
    given = {
        "publisher": "The Wire",
        "published": "2022-10-05",
        "language": "EN",
        "retold": "true",
        "note": "x",
        "title": "",
    }

    document = read_document(PAGE.format(charset="utf-8").encode(), "news.html", given=given).document

    assert (document.publisher, document.published, document.language) == (
        "The Wire",
        date(2022, 10, 5),
        "en",
    )
    assert document.retold
    assert document.title == "Сто тысяч въехали"


def test_a_day_or_a_language_that_cannot_be_read_is_a_problem_and_the_text_stands():
    read = read_document(
        b"98 thousand came", "a.txt", given={"published": "last week", "language": "klingon", "retold": "so"}
    )

    assert read.document.text == "98 thousand came"
    assert read.document.published is None
    assert [problem.message for problem in read.problems] == [
        "published is 'last week', which is no date",
        "language is 'klingon', which is no code",
        "retold is 'so'",
    ]


@pytest.mark.parametrize(
    ("head", "body", "published"),
    [
        (
            '<script type="application/ld+json">{"@graph":[{"datePublished":"2022-09-27T01:00"}]}</script>',
            "",
            date(2022, 9, 27),
        ),
        (
            '<script type="application/ld+json">{broken</script><meta name="date" content="2022-09-26">',
            "",
            date(2022, 9, 26),
        ),
        ("", '<time itemprop="datePublished" datetime="2022-09-25">', date(2022, 9, 25)),
        ("", "<p>Опубликовано: 23.09.2022</p>", date(2022, 9, 23)),
        ("", "<p>С 23.09.2022 въехали 98 тысяч</p>", None),
        ("", "<p>Published: 45.09.2022</p>", None),
        ("", "<footer>© 2019</footer>", None),
        (
            '<meta property="og:url" content="https://example.org/2022/09/24/story.html">',
            "",
            date(2022, 9, 24),
        ),
    ],
)
def test_the_day_of_publication_is_taken_only_from_where_it_is_meant(head, body, published):
    page = f"<html><head>{head}</head><body><article><p>In all 98 thousand people came.</p>{body}</article></body></html>"

    assert read_document(page.encode(), "a.html").document.published == published


def test_a_short_page_and_a_fragment_keep_their_words():
    assert read_document(b"<p>98 thousand came", "a.html").document.text == "98 thousand came"
    text = read_document(b"<div>7,000 came<div>11,000 left</div></div>", "a.html").document.text
    assert text.split("\n") == ["7,000 came", "11,000 left"]


def test_a_page_of_bare_divisions_gives_its_lines_without_the_navigation():
    page = (
        "<body><nav><ul><li><a href=/a>Sections</a></li></ul></nav><div><div>Statement of the ministry</div>"
        "<div>In all 98,000 entered since 21 September.<br><br>Of them 64,234 have left.</div></div></body>"
    )

    assert read_document(page.encode(), "a.html").document.text.split("\n") == [
        "Statement of the ministry",
        "In all 98,000 entered since 21 September.",
        "Of them 64,234 have left.",
    ]


def test_the_headline_is_in_the_text_once_even_if_it_stands_outside_the_article():
    inside = "<html><head><title>Ninety-eight thousand came</title></head><body><article><p>The ministry said so on Tuesday, in the capital.</p></article></body></html>"

    text = read_document(inside.encode(), "a.html").document.text

    assert text == "Ninety-eight thousand came\n\nThe ministry said so on Tuesday, in the capital."


@given(
    text=st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff")
        | st.sampled_from("\r\n\t"),
        min_size=1,
        max_size=200,
    ).filter(str.strip)
)
def test_the_text_of_a_text_file_is_exactly_its_text(text):
    """Offsets of claims are compared with the file's own text."""
    assert read_document(text.encode(), "a.txt").document.text == text


def test_a_header_tells_of_a_text_and_stays_in_it():
    source = "---\r\npublisher: The Steppe Herald\r\npublished: 2022-09-27\r\nmood: grim\r\n---\r\n98 thousand came.\r\n"

    document = read_document(source.encode(), "a.txt").document

    assert document.text == source
    assert (document.publisher, document.published) == ("The Steppe Herald", date(2022, 9, 27))


def test_markdown_gives_words_without_markup():
    source = (
        "---\npublisher: The Steppe Herald\n---\n# Ninety-eight *thousand*\n\nThe [ministry](https://example.org/12000) said\n"
        "**98,000** came.\n\n- 7,000 in\n- 11,000 out\n\n1. first\n\n| day | in |\n|---|---|\n| 3 Oct | 7,000 |\n\n"
        "<script>alert(5)</script>\n"
    )

    document = read_document(source.encode(), "a.md").document

    assert document.text.split("\n") == [
        "Ninety-eight thousand",
        "The ministry said 98,000 came.",
        "- 7,000 in",
        "- 11,000 out",
        "1. first",
        "| day | in |",
        "| 3 Oct | 7,000 |",
    ]
    assert (document.title, document.publisher) == ("Ninety-eight thousand", "The Steppe Herald")


def make_pdf(source):
    return typst.compile(source.encode())


def test_a_pdf_gives_paragraphs_on_one_line_in_cyrillic_and_kazakh():
    paragraph = (
        "Қазақстанға 21 қыркүйектен бері 98 мың адам келді, ал 64 234 адам кетті, деді министр кеше өткен жиында. "
        * 4
    )
    pdf = make_pdf(f"#set page(width: 12cm)\n= Шекара\n\n{paragraph}\n\n- Въехали 7 000\n- Выехали 11 000\n")

    text = read_document(pdf, "statement.pdf").document.text

    assert paragraph.strip() in text
    assert "\n• Въехали 7 000\n• Выехали 11 000" in text


def test_letters_in_their_printed_shapes_become_letters_and_nothing_else_changes():
    assert plain_forms("oﬃce ﻣﺮﺣﺒﺎ 10² ½ №") == "office مرحبا 10² ½ №"


def test_lines_are_joined_where_the_margin_broke_them_only():
    page = "In all ninety-eight thousand peo-\nple came to the country since the\nmobilization. They stay.\nDay In\n3 Oct 7,000\n4 Oct 6,500\n"

    assert join_lines(page).split("\n") == [
        "In all ninety-eight thousand people came to the country since the mobilization. They stay.",
        "Day In",
        "3 Oct 7,000",
        "4 Oct 6,500",
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"", "the file is empty (0 bytes)"),
        ("a.txt", b" \n", "the file holds no text"),
        ("a.txt", bytes(range(256)) * 50, "a zero byte at offset 0: not text"),
        ("a.txt", b"98 thousand\x00 came", "character U+0000 at offset 11: not text"),
        ("a.txt", b"%PDF-1.7 ...", "the file begins as a PDF, not as text"),
        ("a.html", b"\x89PNG\r\n\x1a\n", "the file begins as a picture, not as HTML"),
        ("a.pdf", b"hello", "not a whole PDF"),
        ("a.csv", b"a,b\n1,2\n", "a CSV is not one document"),
        ("a.docx", b"PK\x03\x04", ".docx files are not read"),
        ("a.exe", b"hello", "files ending in .exe are not read"),
        ("a.html", b"<html><script>alert(1)</script></html>", "no text is left of the page"),
        ("a.html", b"x" * 10_000_001, "10,000,001 bytes, above the limit of 10,000,000"),
    ],
)
def test_what_is_no_document_is_refused_with_its_name_and_what_to_do(name, content, message):
    with pytest.raises(ReadError) as caught:
        read_document(content, name)

    assert caught.value.where == name
    assert caught.value.message.startswith(message)


def test_a_name_is_shown_without_what_a_terminal_would_obey():
    with pytest.raises(ReadError) as caught:
        read_document(b"", "a\x1b[2J\u202etxt.exe\n.txt")

    assert caught.value.where == "a\\x1b[2J\\u202etxt.exe\\n.txt"
