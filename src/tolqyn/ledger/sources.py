"""Whether two namings of a source mean one and the same.

Pure. A body is named in English, office before country; a unit of a body speaks for it, so
"Migration Service Committee of the Ministry of Internal Affairs of Kazakhstan" and "Interior
Ministry of Kazakhstan" are one source. A person is known by the sound of the surname, because one
name is spelled in as many ways as there are alphabets: Ахметжанов, Akhmetzhanov, Achmetschanow.
Why so, and where it fails: docs/concepts/ledger.md.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from tolqyn.claims import Claim
from tolqyn.languages import short_name

__all__ = ["Kinship", "Person", "Source", "kinship", "source_of"]


class Kinship(Enum):
    """How two namings of a source stand to each other."""

    SAME = "same"
    UNKNOWN = "unknown"  # one of them names nobody, or one a person and the other a body
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Person:
    """A person as heard: the sounds that the surname may stand for, and the initial of the given name."""

    surname: frozenset[str]
    initial: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """Who states a figure, in a form that can be compared.

    Attributes:
        body: telling words of the organization; empty where none is named.
        person: the speaker; None where none is named.
    """

    body: frozenset[str] = frozenset()
    person: Person | None = None

    def __bool__(self) -> bool:
        """Whether anybody is named at all."""
        return bool(self.body) or self.person is not None


def source_of(claim: Claim, aliases: Mapping[str, str] | None = None) -> Source:
    """The source that a claim names, in a form that can be compared.

    Args:
        claim: its organization and speaker are read.
        aliases: other names of a body -> the name to take for it.
    """
    names = aliases or {}
    body, speaker = claim.organization, claim.speaker
    return Source(
        _body(names.get(body, body)) if body else frozenset(),
        _person(names.get(speaker, speaker)) if speaker else None,
    )


def kinship(one: Source, other: Source) -> Kinship:
    """Whether two sources are one.

    The same person is the same source whatever body is named beside the name; two bodies are one
    if they are of one name, or one is part of the other.
    """
    persons = _same_person(one.person, other.person) if one.person and other.person else None
    if persons:
        return Kinship.SAME
    if one.body and other.body:
        return Kinship.SAME if _same_body(one.body, other.body) else Kinship.DIFFERENT
    return Kinship.UNKNOWN if persons is None else Kinship.DIFFERENT


# Bodies ------------------------------------------------------------------------------------------

_STOP = frozenset({"of", "the", "and", "for", "in", "at", "to", "on", "republic", "affairs", "s"})
# One office under two words.
_WORDS = {
    "interior": "internal", "minister": "ministry", "ministries": "ministry", "labor": "labour",
    "defense": "defence", "guards": "guard", "services": "service", "govt": "government",
    "authority": "authorities", "statistical": "statistics",
}  # fmt: skip
_STATE = frozenset({"government", "authorities"})
# What a body of the state calls itself; none of them alone says which body it is.
_OFFICES = frozenset({
    "administration", "agency", "authorities", "bureau", "center", "centre", "commission", "committee",
    "council", "department", "directorate", "federal", "government", "guard", "headquarters", "ministry",
    "national", "office", "president", "regional", "service", "state",
})  # fmt: skip
# What such a body sees to.
_FIELDS = frozenset({"border", "immigration", "internal", "migration", "police", "security", "statistics"})
# Labels under which nobody in particular speaks.
_NOBODY = frozenset({
    "anonymous", "correspondent", "expert", "experts", "eyewitness", "eyewitnesses", "insider", "local",
    "locals", "media", "network", "networks", "newspaper", "official", "officials", "outlets", "people",
    "press", "report", "reports", "reporter", "resident", "residents", "social", "some", "source",
    "sources", "unnamed", "user", "users", "witness", "witnesses",
})  # fmt: skip


@lru_cache(maxsize=4096)
def _body(name: str) -> frozenset[str]:
    """The telling words of a body's name; empty for a label that names nobody."""
    words = re.findall(r"\w+", _plain(short_name(name).casefold()))
    told = frozenset(_WORDS.get(word, word) for word in words) - _STOP
    return frozenset() if told <= _NOBODY | {"authorities"} else told


def _same_body(one: frozenset[str], other: frozenset[str]) -> bool:
    """One name, a unit and the body above it, or a government and an office of it."""
    for outer, inner in ((one, other), (other, one)):
        if outer <= inner and outer - _OFFICES:
            return True
        if outer & _STATE and inner & (_OFFICES | _FIELDS) and outer - _STATE <= inner:
            return True
    return one == other


# Persons -----------------------------------------------------------------------------------------

# Letters whose sound is lost when the mark above or below them is dropped, and Cyrillic ones. Capitals
# stand for a class of sounds: S all sibilants, K all gutturals, F the labials.
_LETTERS = str.maketrans({
    "ž": "S", "š": "S", "č": "S", "ć": "S", "ş": "S", "ș": "S", "ç": "S", "ß": "S", "ł": "l", "đ": "d",
    "ğ": "K", "x": "KS", "c": "c",
    "а": "a", "ә": "a", "б": "b", "в": "F", "г": "K", "ғ": "K", "ґ": "K", "д": "d", "е": "e", "є": "e",
    "ё": "e", "ж": "S", "з": "S", "и": "i", "і": "i", "ї": "i", "й": "i", "к": "K", "қ": "K", "л": "l",
    "м": "m", "н": "n", "ң": "n", "о": "o", "ө": "o", "п": "p", "р": "r", "с": "S", "т": "t", "у": "u",
    "ұ": "u", "ү": "u", "ў": "u", "ф": "F", "х": "K", "һ": "K", "ц": "S", "ч": "S", "ш": "S", "щ": "S",
    "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "u", "я": "a",
})  # fmt: skip
# Longest first. Where spellings of two languages clash, both readings are kept: German "tsch" is one
# sound or "t" before "sch"; "ch" is a guttural or a sibilant; "j" is a sibilant or a half-vowel.
_SPELLINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("tsch", ("S", "tS")), ("dsch", ("S",)), ("shch", ("S",)), ("sch", ("S",)), ("tch", ("S",)),
    ("dzh", ("S",)), ("dS", ("S",)), ("zh", ("S",)), ("sh", ("S",)), ("kh", ("K",)), ("gh", ("K",)),
    ("ts", ("S",)), ("dj", ("S",)), ("ph", ("F",)), ("ck", ("K",)), ("ch", ("K", "S")), ("j", ("S", "")),
    ("c", ("K", "S")),
)  # fmt: skip
_CLASSES = str.maketrans({
    "z": "S", "s": "S", "k": "K", "g": "K", "h": "K", "q": "K", "v": "F", "w": "F", "f": "F", "b": "p",
    "d": "t",
})  # fmt: skip
_SPELLED = re.compile("|".join(spelling for spelling, _ in _SPELLINGS))
_READINGS = dict(_SPELLINGS)
_MOST_READINGS = 16  # a name with more clashes than this keeps its first readings


@lru_cache(maxsize=4096)
def _person(name: str) -> Person | None:
    """The person of a name as written, with or without an office before it or after a comma."""
    words = re.findall(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*", name.split(",", maxsplit=1)[0].casefold())
    if not words or set(words) <= _NOBODY:
        return None
    given = words[-2] if len(words) > 1 else None
    return Person(_sounds(words[-1]), _initial(given) if given else None)


def _sounds(surname: str) -> frozenset[str]:
    """The consonants that a surname may stand for, by class of sound."""
    # Baltic languages give a foreign name an ending: Achmetdžanovas.
    word = re.sub(r"(?<=[vw])(?:as|is|us|s)$", "", surname)
    word = _plain(unicodedata.normalize("NFC", word).translate(_LETTERS))
    parts = re.split(f"({_SPELLED.pattern})", word)
    readings = itertools.product(*(_READINGS.get(part, (part,)) for part in parts))
    heard = {_skeleton("".join(reading)) for reading in itertools.islice(readings, _MOST_READINGS)}
    # Too few consonants to know anybody by: take the letters.
    return frozenset(heard) if all(len(sound) > 1 for sound in heard) else frozenset({_plain(surname)})


def _skeleton(word: str) -> str:
    """Consonant classes of a word, doubled ones once."""
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouy'’\-]", "", word.translate(_CLASSES)))


def _initial(given: str) -> str:
    """First sound of a given name; Jewgeni, Yevgeny and Evgeny begin alike."""
    first = _plain(given.translate(_LETTERS))[:1]
    return "e" if first in {"e", "i", "j", "y"} else first.translate(_CLASSES)


def _same_person(one: Person, other: Person) -> bool:
    """Surnames that may sound alike, and given names that do not begin differently."""
    initials = {one.initial, other.initial} - {None}
    return len(initials) < 2 and not one.surname.isdisjoint(other.surname)


def _plain(text: str) -> str:
    """Casefolded Latin letters without marks; capitals that stand for sounds are kept."""
    bare = unicodedata.normalize("NFKD", text)
    kept = "".join(mark for mark in bare if not unicodedata.combining(mark))
    return "".join(letter if letter in "SKF" else letter.casefold() for letter in kept)
