"""Bytes to text, for encodings declared, marked or to be found out.

Pure. Newlines and every character stay as they are in the file, because offsets count them.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import charset_normalizer

from tolqyn.errors import ReadError

__all__ = ["Decoded", "decode", "refuse_controls"]


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and the encoding that gave it; `guessed` where neither a mark nor a declaration did."""

    text: str
    encoding: str
    guessed: bool = False


# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# Older encodings still met in the press and in agency exports; the first of equals is taken.
_LEGACY = (
    "cp1251", "koi8_r", "koi8_u", "cp1252", "cp1250", "iso8859_2", "cp1254", "cp1257", "cp1256", "cp1255",
    "cp1253", "cp866", "iso8859_5", "iso8859_6", "iso8859_13", "gb18030", "shift_jis", "euc_jp", "euc_kr", "big5",
)  # fmt: skip
_CYRILLIC = ("cp1251", "koi8_r", "koi8_u", "cp866", "iso8859_5")
_CENTRAL = ("cp1250", "iso8859_2", "cp1252")
_BALTIC = ("cp1257", "iso8859_13")
_OF_LANGUAGE = {
    **dict.fromkeys(("ru", "uk", "be", "bg", "kk", "ky", "mn", "sr", "tg"), _CYRILLIC),
    **dict.fromkeys(("pl", "cs", "sk", "hu", "ro", "hr", "sl"), _CENTRAL),
    **dict.fromkeys(("de", "fr", "es", "it", "pt", "nl", "fi", "sv", "da", "no", "en"), ("cp1252",)),
    **dict.fromkeys(("lt", "lv", "et"), _BALTIC),
    **dict.fromkeys(("tr", "az"), ("cp1254",)),
    **dict.fromkeys(("ar", "fa"), ("cp1256", "iso8859_6")),
}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CONTROL_SHARE = 0.01
_C1 = re.compile(r"[\x80-\x84\x86-\x9f]")  # U+0085 is a newline in text from mainframes
_SAMPLE_BYTES = 200_000


def decode(
    content: bytes, where: str, *, declared: str | None = None, language: str | None = None
) -> Decoded:
    """The text that the bytes spell.

    In order: a byte order mark; UTF-8 where the bytes are valid UTF-8 (other text hardly ever is);
    the declared encoding; UTF-16 told by its zero bytes; the likeliest of the older encodings,
    among those of `language` where it is known.

    Args:
        content: the whole file.
        where: the file, for messages.
        declared: the name of an encoding from a header, a page or a person; wrong ones are passed over.
        language: ISO 639-1, where it is known.

    Raises:
        ReadError: text in no known encoding.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            text = _strictly(content, encoding)
            if text is None:
                raise ReadError(f"begins as {encoding} but is not", where, "export it again as UTF-8")
            return Decoded(text, encoding)
    wide = _zero_bytes_tell(content)
    for name in (wide or "utf-8", declared or ""):
        text = _strictly(content, name)
        if text is not None:
            return Decoded(text, name)
    return _guess(content, where, language)


def refuse_controls(text: str, where: str) -> None:
    """Refuse what decodes but is no text: a zero character, or many controls that no text holds.

    A stray control, as old editors leave, is let stand: offsets count it.

    Raises:
        ReadError: with the offset of the first.
    """
    first = _CONTROL.search(text)
    if first is None:
        return
    nul = text.find("\x00")
    if nul >= 0 or len(_CONTROL.findall(text)) > _CONTROL_SHARE * len(text):
        offset = nul if nul >= 0 else first.start()
        raise ReadError(
            f"character U+{ord(text[offset]):04X} at offset {offset}: not text",
            where,
            "is it another kind of file, or damaged?",
        )


def _strictly(content: bytes, encoding: str) -> str | None:
    """The text, None where the encoding is unknown or does not fit."""
    try:
        info = codecs.lookup(encoding.strip())
        # Pages that say Latin-1 mean Windows' superset of it; so does every browser.
        name = {"iso8859-1": "cp1252", "ascii": "cp1252"}.get(info.name, info.name)
        return content.decode(name)
    except (LookupError, ValueError):
        return None


def _zero_bytes_tell(content: bytes) -> str | None:
    """UTF-16 without a mark: in text of any script, one byte of many pairs is zero or small."""
    sample = content[:4096]
    pairs = len(sample) // 2
    if pairs < 2 or len(content) % 2 or 0 not in sample:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    # Spaces, digits and line ends alone make every tenth character of any script one with a zero byte.
    if odd >= pairs * 0.08 and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even >= pairs * 0.08 and odd == 0 else None


def _guess(content: bytes, where: str, language: str | None) -> Decoded:
    """The likeliest older encoding: least mess, then most coherence, then the order above."""
    order = _OF_LANGUAGE.get(language or "", ()) or _LEGACY
    best: tuple[float, float, int] | None = None
    found: Decoded | None = None
    for match in charset_normalizer.from_bytes(content[:_SAMPLE_BYTES], cp_isolation=list(order)):
        text = _strictly(content, match.encoding)
        # What one encoding has for letters another has for controls that no text holds.
        if text is None or match.encoding not in order or _C1.search(text):
            continue
        rank = (round(match.chaos, 2), -round(match.coherence, 1), order.index(match.encoding))
        if best is None or rank < best:
            best, found = rank, Decoded(text, match.encoding, guessed=True)
    if found is None:
        if language:
            return _guess(content, where, None)
        if 0 in content:
            raise ReadError(
                f"a zero byte at offset {content.index(0)}: not text", where, "is it another kind of file?"
            )
        raise ReadError("the bytes are text in no encoding that is known", where, "save it as UTF-8")
    return found
