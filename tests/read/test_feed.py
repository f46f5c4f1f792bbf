"""Feeds: each item a document, each link told. The feeds are invented."""

from datetime import date

import pytest

from tolqyn.errors import ReadError
from tolqyn.read import read_feed

RSS = """<?xml version="1.0" encoding="{encoding}"?>
<rss version="2.0"><channel><title>Степной вестник</title><language>ru-RU</language>
<item><title>Въехали &amp; выехали</title><link>https://example.org/1</link><guid>one</guid>
<pubDate>Tue, 27 Sep 2022 23:10:00 GMT</pubDate>
<description>&lt;p&gt;98 &lt;b&gt;тысяч&lt;/b&gt; въехали&lt;/p&gt;&lt;script&gt;alert(5)&lt;/script&gt;</description></item>
<item><title>Вторая</title><link>javascript:alert(1)</link><guid>two</guid></item>
<item><guid>empty</guid></item>
<item><title>Снова первая</title><guid>one</guid></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>The Herald</title>
<entry><id>tag:1</id><title type="html">98 &lt;i&gt;thousand&lt;/i&gt;</title><link href="https://example.org/2"/>
<published>2022-09-27T10:00:00+06:00</published>
<content type="html"><![CDATA[<!DOCTYPE html><ul><li>7,000 came</li><li>11,000 left</li></ul>]]></content></entry></feed>"""


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251"])
def test_items_are_documents_with_what_the_feed_says_of_them(encoding):
    feed = read_feed(RSS.format(encoding=encoding).encode(encoding), "news.xml")

    first, second = (read.document for read in feed.reads)
    assert first.text == "Въехали & выехали\n\n98 тысяч въехали"
    assert (first.publisher, first.published, first.language) == ("Степной вестник", date(2022, 9, 27), "ru")
    assert (first.url, second.url) == ("https://example.org/1", None)
    assert first.doc.startswith("news-")
    assert first.doc != second.doc
    assert feed.links == ("https://example.org/1",)
    assert [problem.where for problem in feed.problems] == ["news.xml, item 3", "news.xml, item 4"]


def test_atom_is_read_and_an_article_may_speak_of_document_types():
    (read,) = read_feed(ATOM.encode(), "a.atom").reads

    assert read.document.text == "98 thousand\n\n- 7,000 came\n- 11,000 left"
    assert read.document.published == date(2022, 9, 27)


def test_an_item_keeps_its_name_when_the_feed_moves_on():
    old = read_feed(RSS.format(encoding="utf-8").encode(), "news.xml")
    new = read_feed(
        RSS.format(encoding="utf-8")
        .replace("<item>", "<item><title>Новая</title><guid>new</guid></item><item>", 1)
        .encode(),
        "news.xml",
    )

    assert {read.document.doc for read in old.reads} < {read.document.doc for read in new.reads}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss><channel><title>&b;</title></channel></rss>',
            "declares entities",
        ),
        (
            '<?xml version="1.0"?><!-- x --><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss/>',
            "declares entities",
        ),
        ("<note><to>me</to></note>", "neither RSS nor Atom"),
        ('<rss version="2.0"><channel><title>x</title></channel></rss>', "the feed has no items"),
    ],
)
def test_what_is_no_feed_or_swells_is_refused(content, message):
    with pytest.raises(ReadError) as caught:
        read_feed(content.encode(), "a.xml")

    assert caught.value.where == "a.xml"
    assert caught.value.message.startswith(message)
