"""Words of a text, folded so that spellings of one name meet, and their stems.

Pure. Folding: NFC, case, ё as е, one alef and one yeh, Romanian commas as cedillas; stress marks, vowel points and invisible signs go.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["FOLDED_AWAY", "WORD", "fold", "fold_name", "is_capital", "stem_bases"]

# Signs that ride on letters: accents left over after NFC, Hebrew and Arabic points, tatweel, soft
# hyphen, zero-width joiners and direction marks.
FOLDED_AWAY = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u00ad\u200b-\u200f\u2060\ufeff"
)
WORD = re.compile(rf"[^\W\d_]+(?:[{FOLDED_AWAY}]+[^\W\d_]*)*")
_AWAY = re.compile(f"[{FOLDED_AWAY}]")
# Letters that one name is written with now one way, now the other.
_ALIKE = str.maketrans("ёأإآٱىیکېșț", "еااااييكيşţ")

# What a stem may have lost: one final vowel, soft sign or й.
_TAILS = {
    "LATIN": "aeiouyáéíóúýàèìòùâêîôûäöüõåąęįųėāēīūăəı",
    "CYRILLIC": "аеиоуыэюяьйіїєәөүұўў",
    "GEORGIAN": "აეიოუ",
    "ARMENIAN": "աեէըիոօ",
    "GREEK": "αεηιουωάέήίόύώς",
}
# Adjectives in names ("Ростовская область", "Нижний Новгород") lose two letters.
_ADJECTIVE_TAILS = ("ая", "яя", "ое", "ее", "ий", "ый", "ой", "ые", "ие")


def fold(word: str) -> str:
    """The form under which spellings of one word meet.

    >>> fold("Орёл"), fold("İstanbul"), fold("STRASSE")
    ('орел', 'istanbul', 'strasse')
    """
    if word.isascii():
        return word.lower()
    composed = unicodedata.normalize("NFC", _AWAY.sub("", unicodedata.normalize("NFC", word)))
    return _AWAY.sub("", composed.casefold()).translate(_ALIKE)


def fold_name(name: str) -> str:
    """The folded words of a name, with one space between: its key in the index.

    >>> fold_name("Усть-Каменогорск"), fold_name("U.S."), fold_name("N’Djamena")
    ('усть каменогорск', 'u s', 'n djamena')
    """
    return " ".join(folded for word in WORD.findall(name) if (folded := fold(word)))


def is_capital(word: str) -> bool:
    """Whether a word may begin a proper name: a capital, or a script without case."""
    return word[0].title() == word[0]  # Georgian letters are lower case to Unicode, but titles of themselves


def stem_bases(stem: str) -> list[str]:
    """The words that a stem may come from: itself, or itself with the end restored.

    >>> stem_bases("росси")[0], "россия" in stem_bases("росси"), "ростовская" in stem_bases("ростовск")
    ('росси', True, True)
    """
    tails = _TAILS.get(_script(stem[-1]), "")
    bases = [stem, *(stem + tail for tail in tails)]
    if "\u0400" <= stem[-1] <= "\u04ff":
        bases += [stem + tail for tail in _ADJECTIVE_TAILS]
    return bases


def _script(letter: str) -> str:
    if letter < "\u0250" or "\u1e00" <= letter <= "\u1eff":
        return "LATIN"
    return unicodedata.name(letter, "").partition(" ")[0]
