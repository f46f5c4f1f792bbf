"""Languages as data: one file each, which a linguist can write without Python."""

from tolqyn.languages.bodies import short_name
from tolqyn.languages.items import Item, itemize, read_digits
from tolqyn.languages.language import Coverage, Language
from tolqyn.languages.lexicon import Hit, Lexicon
from tolqyn.languages.load import available, codes, load, parse_language
from tolqyn.languages.scores import Score, scores

__all__ = [
    "Coverage",
    "Hit",
    "Item",
    "Language",
    "Lexicon",
    "Score",
    "available",
    "codes",
    "itemize",
    "load",
    "parse_language",
    "read_digits",
    "scores",
    "short_name",
]
