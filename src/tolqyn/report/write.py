"""Put a report on disk, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from tolqyn.files import write_whole
from tolqyn.report.html import to_html
from tolqyn.report.model import Report
from tolqyn.report.pdf import to_pdf

__all__ = ["write_report"]


def write_report(report: Report, path: Path, *, pdf: bool = False) -> tuple[Path, ...]:
    """Write the report as HTML, and as PDF beside it if wanted; returns the files written.

    Both are made before either is put in place, each by a temporary file and a rename: a reader sees
    the old file or the new one, never a part.

    Args:
        report: what to write.
        path: of the HTML file; the PDF has the same name with `.pdf`. A path that ends in `.pdf`
            writes the PDF alone.
        pdf: whether to write the PDF too.

    Raises:
        UsageError: the place cannot be written to.
    """
    wanted: dict[Path, bytes] = {}
    if path.suffix.lower() != ".pdf":
        wanted[path] = to_html(report).encode("utf-8")
    if pdf or path.suffix.lower() == ".pdf":
        wanted[path.with_suffix(".pdf")] = to_pdf(report)
    for target, content in wanted.items():
        write_whole(target, content)
    return tuple(wanted)
