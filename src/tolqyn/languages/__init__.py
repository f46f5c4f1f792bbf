"""Languages as data: one file each, which a linguist can write without Python."""

from tolqyn.languages.items import Item, itemize, read_digits
from tolqyn.languages.language import Coverage, Language
from tolqyn.languages.lexicon import Hit, Lexicon
from tolqyn.languages.load import available, codes, load, parse_language

__all__ = [
    "Coverage",
    "Hit",
    "Item",
    "Language",
    "Lexicon",
    "available",
    "codes",
    "itemize",
    "load",
    "parse_language",
    "read_digits",
]
