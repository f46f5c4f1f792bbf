"""documents.csv: what a person knows about the documents beside it. Pure."""

from __future__ import annotations

from tolqyn.errors import Problem, ReadError
from tolqyn.read.document import GIVEN_FIELDS
from tolqyn.read.encoding import decode
from tolqyn.read.limits import check_size
from tolqyn.read.names import shown
from tolqyn.read.rows import parse_csv

__all__ = ["INDEX_NAME", "read_index"]

INDEX_NAME = "documents.csv"


def read_index(
    content: bytes, name: str = INDEX_NAME
) -> tuple[dict[str, dict[str, str]], tuple[Problem, ...]]:
    """What is given about each document, by doc, and the rows that were set aside.

    Args:
        content: CSV with the column doc and any of publisher, published, language, url, retold,
            title; other columns are ignored.
        name: for messages.

    Raises:
        ReadError: not a table, or no column doc.
    """
    where = shown(name)
    check_size(len(content), where)
    sheet = parse_csv(decode(content, where).text, where)
    columns = {cell.strip().lower(): n for n, cell in enumerate(sheet.header)}
    if "doc" not in columns:
        have = ", ".join(shown(column) for column in columns)[:500]
        raise ReadError(
            f"column 'doc' is missing; the columns are: {have}",
            f"{where}, row 1",
            "doc holds the name of the file without its ending",
        )
    index: dict[str, dict[str, str]] = {}
    problems = list(sheet.problems)
    for row in sheet.rows:
        spot = f"{where}, row {row.number}"
        if len(row.cells) != len(sheet.header):
            message = f"the row has {len(row.cells)} cells, the header {len(sheet.header)}"
            problems.append(Problem(spot, message, "text that holds the separator needs quotation marks"))
            continue
        given = {key: str(row.cells[columns[key]]).strip() for key in GIVEN_FIELDS if key in columns}
        if not given["doc"]:
            problems.append(Problem(spot, "doc is empty"))
        elif given["doc"] in index:
            problems.append(
                Problem(spot, f"{shown(given['doc'])} stands above already; the first row counts")
            )
        else:
            index[given["doc"]] = given
    return index, tuple(problems)
