"""Folders: a bad file is told of and the others are read. The articles are invented."""

import os
import socket
from datetime import date

import pytest

from tolqyn.errors import Problem, ReadError
from tolqyn.read import TableRead, name_of_url, read_bytes, read_index, read_path

TABLE = "measure,place,group,value\nentries,KAZ,RUS,98000\nentries,KAZ,RUS,many\n"


def test_a_folder_gives_its_documents_and_tables_and_a_problem_for_each_bad_file(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.txt").write_text("98 thousand came")
    (tmp_path / "b.html").write_text("<p>7,000 came</p>")
    (tmp_path / "c.csv").write_text(TABLE)
    (tmp_path / "d.txt").write_bytes(b"")
    (tmp_path / "e.png").write_bytes(b"\x89PNG")
    (tmp_path / ".hidden.txt").write_text("not seen")
    (tmp_path / "deep" / "f.md").write_text("# Six thousand")
    (tmp_path / "deep" / "a.md").write_text("another of the name a")
    (tmp_path / "documents.csv").write_text(
        "doc,publisher,published,mood\na,The Herald,2022-09-27,grim\nz,Nobody,,\n,x,,\n"
    )

    items = list(read_path(tmp_path))

    told = [
        str(item).replace(f"{tmp_path}{os.sep}", "").partition("\n")[0]
        if isinstance(item, Problem)
        else item.document.doc
        for item in items
    ]
    assert told == [
        "documents.csv, row 4: doc is empty",
        "a",
        "b",
        "c",
        "d.txt: the file is empty (0 bytes)",
        "e.png: files ending in .png are not read",
        "documents.csv: no file is called z",
        "deep/a.md: the name a is taken by a.txt",
        "f",
    ]
    first, table = items[1], items[3]
    assert (first.document.publisher, first.document.published) == ("The Herald", date(2022, 9, 27))
    assert isinstance(table, TableRead)
    assert table.problems[0].where == f"{tmp_path / 'c.csv'}, row 3"


def test_a_single_file_is_read_with_the_index_beside_it_or_another_in_its_place(tmp_path):
    (tmp_path / "a.txt").write_text("98 thousand came")
    (tmp_path / "documents.csv").write_text("doc;publisher\na;The Herald\n")
    index, problems = read_index(b"doc,publisher,extra\na,The Wire,\n", "articles.csv")

    (beside,), (other,) = read_path(tmp_path / "a.txt"), read_path(tmp_path / "a.txt", index=index)

    assert not problems
    assert (beside.document.publisher, other.document.publisher) == ("The Herald", "The Wire")


def test_links_out_of_the_folder_and_what_is_no_plain_file_are_refused(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("98 thousand")
    folder = tmp_path / "wave"
    folder.mkdir()
    (folder / "in.txt").write_text("7,000 came")
    (folder / "out.txt").symlink_to(secret)
    (folder / "up").symlink_to(tmp_path)
    (folder / "within.txt").symlink_to(folder / "in.txt")
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "plug.txt"))

        items = list(read_path(folder))

    messages = {os.path.basename(item.where): item.message for item in items if isinstance(item, Problem)}  # noqa: PTH119
    assert messages == {
        "up": "a link to a folder is not followed",
        "out.txt": "the link leads out of the folder",
        "pipe.txt": "not a plain file",
        "plug.txt": "cannot be opened (No such device or address)",
    }
    assert [item.document.doc for item in items if not isinstance(item, Problem)] == ["in", "within"]


def test_names_that_are_not_text_are_shown_with_escapes(tmp_path):
    with open(os.fsencode(tmp_path) + b"/\xff\x1b[2J.txt", "wb") as file:  # noqa: PTH123
        file.write(b"98 thousand")

    (item,) = read_path(tmp_path)

    assert item.document.doc == "\\udcff\\x1b[2J"


def test_a_path_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(ReadError, match="there is no such file or folder"):
        list(read_path(tmp_path / "none"))


@pytest.mark.parametrize("content", [b"foo,bar\n1,2\n", b""])
def test_a_bad_index_is_told_of_and_the_documents_are_read(tmp_path, content):
    (tmp_path / "a.txt").write_text("98 thousand came")
    (tmp_path / "documents.csv").write_bytes(content)

    problem, read = read_path(tmp_path)

    assert problem.where.startswith(str(tmp_path / "documents.csv"))
    assert read.document.text == "98 thousand came"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("98 thousand came", "Read"),
        ("<!doctype html><p>98 thousand came</p>", "Read"),
        (TABLE, "TableRead"),
        (
            '<?xml version="1.0"?><rss version="2.0"><channel><item><title>98 thousand</title></item></channel></rss>',
            "Read",
        ),
    ],
)
def test_stdin_is_read_for_what_it_holds(content, kind):
    (item,) = read_bytes(content.encode(), "-")

    assert type(item).__name__ == kind
    assert item.document.doc.startswith("stdin")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.example.org/", "example-org"),
        ("https://example.org/2022/09/27/story", "example-org-2022-09-27-story"),
        ("https://example.org/a%2F..%2F/report.pdf?x=1", "example-org-a-report-x-1.pdf"),
        ("https://example.org/новости?id=5", "example-org-новости-id-5"),
        ("https://example.org/" + "a" * 300, "example-org-" + "a" * 68 + "-fb8b71b5"),
    ],
)
def test_a_page_is_named_by_its_address(url, name):
    assert name_of_url(url) == name
