"""The text of a PDF, page by page, with lines that only the margin broke joined again.

Runs in the child process of sandbox.py.
"""

from __future__ import annotations

import io
import re
import unicodedata
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from tolqyn.errors import ReadError
from tolqyn.read.limits import PDF_PAGES, TEXT_CHARACTERS

__all__ = ["join_lines", "parse_pdf", "plain_forms"]

# Ligatures, and the letters of Arabic in the shape that they have at one place in a word.
_FORMS = re.compile(r"[\ufb00-\ufb06\ufb13-\ufb17\ufb1d-\ufdff\ufe70-\ufefc]+")
_BULLET = re.compile(r"\s*([-–—•·▪◦*]|\d{1,2}[.)])\s")
_FULL_LINE = 0.75


def parse_pdf(content: bytes, where: str) -> dict[str, Any]:
    """Text and title of a PDF; notes as in webpage.parse_webpage.

    Raises:
        ReadError: encrypted, damaged, too long, or without text.
    """
    notes: list[list[str]] = []
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise ReadError("the PDF is encrypted", where, "save it without a password")
        pages = len(reader.pages)
        title = reader.metadata.title if reader.metadata else None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        reason = f"{type(error).__name__}: {error}"[:160]
        raise ReadError(
            f"not a whole PDF ({reason})", where, "download it again, or print it to PDF anew"
        ) from None
    if pages > PDF_PAGES:
        raise ReadError(
            f"{pages:,} pages, above the limit of {PDF_PAGES:,}", where, "keep the pages that matter"
        )
    texts: list[str] = []
    for n in range(pages):
        try:
            texts.append(join_lines(plain_forms(reader.pages[n].extract_text() or "")))
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 one bad page does not lose the others
            notes.append(
                [
                    f"page {n + 1} cannot be read ({type(error).__name__}: {error})"[:200],
                    "the other pages are",
                ]
            )
        if sum(map(len, texts)) > TEXT_CHARACTERS:
            raise ReadError(
                f"more than {TEXT_CHARACTERS:,} characters by page {n + 1}",
                where,
                "keep the pages that matter",
            )
    text = "\n\n".join(filter(None, texts)).replace("\x00", "")
    if not text.strip():
        if notes:
            raise ReadError(notes[0][0], where, "it may be damaged: print it to PDF anew")
        raise ReadError(
            f"no text on its {pages} pages", where, "if it is a scan, run character recognition on it first"
        )
    return {"text": text, "title": " ".join(str(title).split())[:500] if title else None, "notes": notes}


def plain_forms(text: str) -> str:
    """Presentation forms as the letters they stand for; all else as it is.

    The whole text must not be normalised: NFKC makes 10² into 102.

    >>> plain_forms("oﬃce 10²")
    'office 10²'
    """
    return _FORMS.sub(lambda form: unicodedata.normalize("NFKC", form.group()), text)


def join_lines(text: str) -> str:
    """The page with its paragraphs on one line each.

    A line goes on in the next where it runs to the margin, ends no sentence, and the next begins
    neither a bullet nor, after a full stop, a sentence. Tables and lists have short lines and stay.
    """
    lines = [" ".join(line.split()) for line in text.splitlines()]
    lengths = sorted(len(line) for line in lines if line)
    if not lengths:
        return ""
    margin = lengths[int(0.9 * (len(lengths) - 1))] * _FULL_LINE
    joined: list[str] = []
    last = ""
    for line in lines:
        goes_on = (
            len(last) >= margin
            and line
            and not _BULLET.match(line)
            and not last.endswith((".", "!", "?", ":", ";"))
        )
        if not goes_on:
            joined.append(line)
        elif re.search(r"[^\W\d_]-$", last) and line[0].islower():
            joined[-1] = joined[-1][:-1] + line
        else:
            joined[-1] += f" {line}"
        last = line
    return "\n".join(line for line in joined if line)
