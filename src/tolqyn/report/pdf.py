"""A report as PDF, by Typst: the same blocks and the same pictures as the HTML file.

Reads the template and fonts of this package; system fonts are left out, so that the same report has
the same bytes on any machine. The report reaches the template as JSON and is never read as markup.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from importlib.resources import as_file, files
from typing import Any, Literal

import typst

from tolqyn.errors import ReportError
from tolqyn.report.model import Chart, Report, plain

__all__ = ["to_pdf"]

_Standards = list[Literal["a-2a", "ua-1"]]
_STANDARDS: _Standards = ["a-2a", "ua-1"]
"""Archive and accessibility: ISO 19005-2 level A and ISO 14289-1."""
_UNDATED: _Standards = ["ua-1"]


def to_pdf(report: Report) -> bytes:
    """The report as PDF/A-2a and PDF/UA-1; the same report gives the same bytes.

    An archive wants the day on which it was made; without one it is PDF/UA-1 alone. Where it quotes
    letters that none of the fonts has, it is a plain tagged PDF.

    Raises:
        ReportError: the type setter failed.
    """
    words = json.dumps(_plain(report), ensure_ascii=False)
    try:
        try:
            return _set(words, _STANDARDS if report.made_on else _UNDATED)
        except typst.TypstError as error:
            # The standards forbid a letter that no font here can draw; without them it is set as a box.
            if "could not be displayed" not in str(error):
                raise
            return _set(words, [])
    except typst.TypstError as error:
        raise ReportError(
            f"the PDF could not be set: {error}", hint="the HTML report does not need it"
        ) from None


def _set(words: str, standards: _Standards) -> bytes:
    """The PDF of the report given as JSON."""
    with as_file(files("tolqyn.report")) as folder:
        done = typst.compile(
            str(folder / "templates" / "report.typ"),
            root=str(folder),
            font_paths=[str(folder / "assets" / "fonts")],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"report": words},
            pdf_standards=[*standards],
            timestamp=0,
        )
    assert isinstance(done, bytes)
    return done


def _plain(report: Report) -> dict[str, Any]:
    """The report as values for JSON, each block with its kind; pictures in their wide form only."""
    return {
        "title": report.title,
        "summary": plain(report.headline),
        "headline": [asdict(span) for span in report.headline],
        "stamp": report.stamp,
        "language": report.language,
        "made_on": _day(report.made_on),
        "version": report.method_version,
        "sections": [
            {
                "id": section.id,
                "title": section.title,
                "appendix": section.appendix,
                "blocks": [_block(block) for block in section.blocks],
            }
            for section in report.sections
        ],
    }


def _block(block: Any) -> dict[str, Any]:
    fields = asdict(block)
    fields["kind"] = block.kind
    if isinstance(block, Chart):
        del fields["narrow"]
        fields["table"] = None if block.table is None else _block(block.table)
    return fields


def _day(when: date | None) -> list[int] | None:
    return None if when is None else [when.year, when.month, when.day]
