"""Names written in Cyrillic, given in Latin letters.

Pure.
"""

from __future__ import annotations

__all__ = ["in_latin"]

_CYRILLIC = "абвгґдеєёжзиіїйклмнопрстуфхцчшщыэюяәғқңөұүһ"
_LATIN = [
    "a", "b", "v", "g", "g", "d", "e", "ye", "yo", "zh", "z", "i", "i", "yi", "y", "k", "l", "m", "n", "o", "p",
    "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "y", "e", "yu", "ya", "a", "gh", "q", "ng", "o",
    "u", "u", "h",
]  # fmt: skip
_LETTERS = {**dict(zip(_CYRILLIC, _LATIN, strict=True)), "ь": "", "ъ": ""}


# As Ukrainian and Kazakh write them in Latin letters within a word.
_UKRAINIAN = {"я": "ia", "ю": "iu", "є": "ie", "й": "i", "ї": "i", "и": "y", "г": "h"}
_KAZAKH = {"й": "i", "у": "u"}
_KAZAKH_ONLY = set("әғқңөұүһ")
_UKRAINIAN_ONLY = set("іїєґ")


def in_latin(name: str, around: str) -> str:
    """A name with its Cyrillic letters as Latin ones, as the language of the text around it has them.

    Args:
        name: as written.
        around: the sentence in small letters: some letters tell Ukrainian and Kazakh.

    >>> in_latin("Кутупалонг", "лагерь кутупалонг")
    'Kutupalong'
    """
    own: dict[str, str] = {}
    if not _KAZAKH_ONLY.isdisjoint(around):
        own = _KAZAKH
    elif not _UKRAINIAN_ONLY.isdisjoint(around):
        own = _UKRAINIAN
    letters = []
    for at, character in enumerate(name):
        inside = at > 0 and name[at - 1].isalpha()
        letter = character.casefold()
        latin = own.get(letter) if inside or letter == "г" else None
        latin = latin or _LETTERS.get(letter, character)
        letters.append(latin.capitalize() if character.isupper() else latin)
    return "".join(letters)
