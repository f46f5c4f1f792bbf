"""Files made to harm cost one error each, in bounded time, and the next file is read."""

import io
import os
import zipfile
import zlib

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter

from tolqyn.errors import ReadError
from tolqyn.read import read_bytes, read_document, read_table
from tolqyn.read.sandbox import parse_apart

TABLE = {"measure": ["entries"], "place": ["KAZ"], "group": ["RUS"], "value": [98000.0]}


def workbook(far=None):
    book = openpyxl.Workbook()
    book.active.append(list(TABLE))
    book.active.append([values[0] for values in TABLE.values()])
    if far:
        book.active[far] = 1
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def archive(parts, size=10):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name in parts:
            file.writestr(name, bytes(size))
    return buffer.getvalue()


def parquet(table):
    buffer = io.BytesIO()
    pq.write_table(pa.table(table), buffer)
    return buffer.getvalue()


def pdf(stream=b"", pages=1):
    """A PDF of `pages` pages that share one packed stream."""
    packed = zlib.compress(stream, 9)
    kids = b" ".join(b"%d 0 R" % (n + 4) for n in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
        *[
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 3 0 R /Resources << /Font << >> >> >>"
        ]
        * pages,
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    return out + head + table + tail


def encrypted_pdf():
    writer = PdfWriter()
    writer.add_blank_page(99, 99)
    writer.encrypt("secret", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "make", "message"),
    [
        ("bomb.xlsx", lambda: archive(["xl/worksheets/sheet1.xml"], 301_000_000), "unpacks to 301,000,000 bytes"),
        ("many.xlsx", lambda: archive([f"part{n}" for n in range(2_001)]), "2,001 parts, above the limit of 2,000"),
        ("junk.xlsx", lambda: b"PK\x03\x04junk", "not a whole XLSX file"),
        ("other.xlsx", lambda: archive(["hello.txt"]), "cannot be parsed"),
        ("cut.xlsx", lambda: workbook()[:-100], "not a whole XLSX file"),
        ("wide.xlsx", lambda: workbook("XFD1048576"), "the parser broke down on it"),
        ("tall.xlsx", lambda: workbook("A300000"), "300,000 rows by 4 columns, above the limit"),
        ("cut.parquet", lambda: parquet(TABLE)[:-20], "not a whole Parquet file"),
        ("junk.parquet", lambda: b"PAR1" + bytes(100) + b"PAR1", "not a whole Parquet file"),
        ("long.parquet", lambda: parquet({"measure": pa.array(["entries"] * 300_000)}), "300,000 rows by 1 columns"),
        ("locked.pdf", encrypted_pdf, "the PDF is encrypted"),
        ("scan.pdf", pdf, "no text on its 1 pages"),
        ("bomb.pdf", lambda: pdf(bytes(100_000_000)), "page 1 cannot be read (LimitReachedError"),
        ("long.pdf", lambda: pdf(pages=2_001), "2,001 pages, above the limit of 2,000"),
        ("junk.pdf", lambda: b"%PDF-1.7 junk", "not a whole PDF"),
        ("nest.html", lambda: b"<div>" * 400_000 + b"98 thousand", "no text is left of the page"),
        ("large.csv", lambda: b"x" * 50_000_001, "50,000,001 bytes, above the limit of 50,000,000"),
        ("commas.csv", lambda: b"," * 2_000_000, "the header cannot be read (a line of 2,000,000 characters)"),
        ("cell.csv", lambda: b"measure\n" + b"x" * 5_000_000, "column 'place' is missing"),
        ("rows.csv", lambda: b"measure,place,group,value\n" + b"\n" * 200_001, "more than 200,000 rows"),
        ("binary.csv", lambda: b"\x00\x01\x02\x03" * 1_000, "column 'place' is missing"),
    ],
)  # fmt: skip
def test_a_file_made_to_harm_is_refused_by_name(name, make, message):
    with pytest.raises(ReadError) as caught:
        read_bytes(make(), name)

    assert caught.value.where.startswith(name)
    assert caught.value.message.startswith(message)


def test_a_page_that_would_be_parsed_for_ever_is_stopped_and_the_next_is_read():
    page = b"<p " + b" ".join(b"a%d=1" % n for n in range(400_000)) + b">98 thousand"
    read_document(b"<p>warm</p>", "a.html")

    with pytest.raises(ReadError, match=r"page\.html: parsing took longer than the 1 s allowed"):
        parse_apart("webpage", page, "page.html", seconds=1.0)

    assert read_document(b"<p>7,000 came</p>", "b.html").document.text == "7,000 came"


def test_brackets_without_end_in_markdown_are_stopped():
    with pytest.raises(ReadError, match="parsing took longer"):
        parse_apart("markdown", b"![" * 400_000, "a.md", seconds=1.0)


def test_an_attribute_of_megabytes_is_passed_over_and_a_cut_page_says_so():
    long = read_document(b"<p a='" + b"x" * 5_000_000 + b"'>98 thousand came", "a.html")
    deep = read_document(b"<p>98 thousand came</p>" + b"<div>" * 100_000 + b"lost", "a.html")

    assert long.document.text == "98 thousand came"
    assert deep.document.text == "98 thousand came"
    assert deep.problems[0].message.startswith("the page is cut at line 1: Excessive depth")


def test_no_file_on_this_machine_and_no_address_is_opened_for_a_page_or_a_feed(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    feed = f'<!DOCTYPE rss SYSTEM "{secret}"><rss version="2.0"><channel><item><title>98 &x; thousand</title></item></channel></rss>'
    page = f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret}">]><p>98 &x; thousand</p><object data="{secret}"></object>'

    assert "SECRET" not in str(read_bytes(feed.encode(), "a.xml"))
    assert "SECRET" not in str(read_bytes(page.encode(), "a.html"))
    assert "SECRET" not in str(read_bytes(f"file://{secret}".encode(), "a.txt"))


def test_formulas_and_scripts_are_text_at_most():
    rows = "measure,place,group,value,organization\nentries,KAZ,RUS,5,=cmd|'/c calc'!A1\n"

    (claim,) = read_table(rows.encode(), "a.csv").claims

    assert claim.organization == "=cmd|'/c calc'!A1"


@settings(max_examples=60)
@given(
    name=st.sampled_from(["a.html", "a.pdf", "a.xlsx", "a.parquet", "a.xml", "a.csv", "a.txt", "a.md", "a"]),
    head=st.sampled_from(
        [
            b"",
            b"%PDF-1.4\n",
            b"PAR1",
            b"PK\x03\x04",
            b"<html>",
            b'<rss version="2.0">',
            b"measure,place,group,value\n",
        ]
    ),
    body=st.binary(max_size=400),
)
def test_any_bytes_under_any_name_are_read_or_refused(name, head, body):
    try:
        items = read_bytes(head + body, name)
    except ReadError as error:
        items = (error,)

    assert all(str(item) for item in items)


@settings(max_examples=40)
@given(st.sampled_from([workbook(), parquet(TABLE), pdf(b"BT (98 thousand) Tj ET")]), st.data())
def test_a_damaged_file_is_read_or_refused(content, data):
    place = data.draw(st.integers(0, len(content) - 1))
    damaged = content[:place] + data.draw(st.binary(max_size=8)) + content[place + 4 :]
    name = "a.xlsx" if content.startswith(b"PK") else "a.parquet" if content.startswith(b"PAR1") else "a.pdf"

    try:
        items = read_bytes(damaged, name)
    except ReadError as error:
        items = (error,)

    assert all(str(item) for item in items)


def test_a_killed_child_is_replaced():
    first = parse_apart("webpage", b"<p>one</p>", "a.html")
    from tolqyn.read import sandbox

    for child in sandbox._idle:
        os.kill(child.pid, 9)
        child.wait()

    assert parse_apart("webpage", b"<p>one</p>", "a.html") == first
