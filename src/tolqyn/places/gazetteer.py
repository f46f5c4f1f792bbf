"""Find places in a text, and resolve a name to a place.

Pure once the names are loaded. A text is read word by word from the left; at each word the longest
name that begins there wins. How names, inflection and guards work: docs/reference/places.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from tolqyn.errors import ExtractError
from tolqyn.places import atlas
from tolqyn.places.place import Form, Mention, Place
from tolqyn.places.words import WORD, fold, fold_name, is_capital, stem_bases

__all__ = ["Gazetteer", "gazetteer"]

# What may stand between two words of one name; a full stop only after a short word ("St. Louis").
_JOINT = re.compile(r"[^\S\n]?(?:[-‐‑–'’ʼʹ`´·.]|\n)?[^\S\n]?")
_SHORT = 4  # letters below which a word is taken as it is, and a full stop may be inside a name
_REMEMBERED = 100_000  # words whose readings are kept
_READINGS = 4  # a word is read in at most so many ways, so that long names stay cheap
_ACRONYM = 5  # letters up to which a name all in capitals is an acronym
_ALIKE = 50_000  # inhabitants from which a bare name shared with a region means the city


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the language's own lists say of one key."""

    place: Place
    form: Form
    capital: bool  # must a mention begin with one


@dataclass(frozen=True, slots=True)
class _Cities:
    """The names of cities in one script; shared by the gazetteers of its languages."""

    names: Mapping[str, str]
    longest: Mapping[str, int]  # first word of a name -> most words of a name that begins so
    words: Collection[str]  # every word of every name


class Gazetteer:
    """The places that texts in one language name. Made by `gazetteer`; does not change."""

    def __init__(
        self,
        language: str,
        entries: Mapping[str, _Entry],
        acronyms: Mapping[str, Place],
        endings: Collection[str],
        near: Collection[str],
        not_places: Collection[str],
    ) -> None:
        self._countries = atlas.country_names(language)
        self._curated = atlas.curated(language)
        self._cities = _cities(atlas.script_of_language(language))
        self._entries = entries
        self._acronyms = acronyms
        self._acronym_starts = {key.split(" ")[0] for key in acronyms}
        self._endings = frozenset(endings)
        self._reach = max(map(len, endings), default=0)
        self._near = frozenset(near)
        self._not_places = frozenset(not_places)
        few = [*entries, *self._countries, *self._curated]
        self._longest = _longest(few)
        self._words = {word for key in few for word in key.split(" ")}
        self._lower_starts = {key.split(" ")[0] for key, entry in entries.items() if not entry.capital}
        self._group_words = {
            word for key, entry in entries.items() if entry.form != "name" for word in key.split(" ")
        }
        # Texts repeat their words: most are looked up once and then known to begin nothing.
        self._starts: dict[str, tuple[str, ...]] = {}

    def find(self, text: str) -> list[Mention]:
        """The places that a text mentions, in order, none over another.

        Takes time in proportion to the length of the text.
        """
        words = list(WORD.finditer(text))
        found: list[Mention] = []
        free = 0  # the first word that no mention has used
        for at, match in enumerate(words):
            word = match.group()
            starts = self._starts.get(word)
            if starts is None:
                starts = self._remember(word)
            if at < free or not (starts or word in self._acronym_starts):
                continue
            for end, place, form in self._from(text, words, at, starts):
                found.append(Mention(match.start(), words[end - 1].end(), place, form))
                free = end
                break
        return found

    def resolve(self, name: str, near: Collection[str] = ()) -> Place | None:
        """The place of exactly that name in the language or in English; None where there is none.

        Args:
            name: as written, in any case.
            near: alpha-3 codes; where several places share the name, one there is preferred.
        """
        acronym = self._acronyms.get(" ".join(WORD.findall(name)))
        if acronym is not None:
            return acronym
        key = fold_name(name)
        entry = self._entries.get(key)
        if entry is not None and entry.form == "name":
            return entry.place
        return self._named(key, frozenset(near) or self._near) or atlas.place(name)

    def _from(
        self, text: str, words: Sequence[re.Match[str]], at: int, starts: tuple[str, ...]
    ) -> Iterator[tuple[int, Place, Form]]:
        """Mentions that begin at a word, the longest first: end (in words), place, form."""
        most = max((self._most(start) for start in starts), default=1)
        run = self._run(text, words, at, max(most, 3 if self._acronyms else 1))
        capital = is_capital(run[0])
        readings = [starts, *(self._readings(word) for word in run[1:most])]
        for length in range(len(run), 0, -1):
            acronym = self._acronyms.get(" ".join(run[:length]))
            if acronym is not None and not _in_capitals(words, at, at + length):
                yield at + length, acronym, "name"
            if length == 1 and fold(run[0]) in self._not_places:
                continue
            for reading in product(*readings[:length]) if length <= len(readings) else ():
                key = " ".join(reading)
                entry = self._entries.get(key)
                if entry is not None and (capital or not entry.capital):
                    yield at + length, entry.place, entry.form
                named = self._named(key, self._near) if capital else None
                if named is not None:
                    yield at + length, named, "name"

    def _run(self, text: str, words: Sequence[re.Match[str]], at: int, most: int) -> list[str]:
        """The words that could be one name with the word there."""
        run = [words[at].group()]
        for left, right in zip(words[at : at + most - 1], words[at + 1 : at + most], strict=False):
            gap = text[left.end() : right.start()]
            if not gap or not _JOINT.fullmatch(gap) or ("." in gap and len(left.group()) >= _SHORT):
                break
            run.append(right.group())
        return run

    def _most(self, start: str) -> int:
        return max(self._longest.get(start, 1), self._cities.longest.get(start, 1))

    def _remember(self, word: str) -> tuple[str, ...]:
        """The readings of a word under which a name can begin with it."""
        if len(self._starts) >= _REMEMBERED:
            self._starts.clear()
        readings = self._readings(word)
        if is_capital(word):
            starts = tuple(base for base in readings if base in self._longest or base in self._cities.longest)
        else:
            starts = tuple(base for base in readings if base in self._lower_starts)
        self._starts[word] = starts
        return starts

    def _readings(self, word: str) -> tuple[str, ...]:
        """The words of names that a word of a text may be a form of; itself first."""
        folded = fold(word)
        found = [folded] if self._is_word(folded) else []
        for cut in range(len(folded) - 1, max(len(folded) - self._reach, _SHORT - 1) - 1, -1):
            if folded[cut:] in self._endings:
                found += [
                    base for base in stem_bases(folded[:cut]) if len(base) >= _SHORT and self._is_word(base)
                ]
        if self._endings and len(folded) >= _SHORT:
            # Peoples in the genitive plural have no ending at all: "россияне", "россиян".
            found += [base for base in stem_bases(folded) if base in self._group_words]
        return tuple(dict.fromkeys(found))[:_READINGS]

    def _is_word(self, folded: str) -> bool:
        return folded in self._words or folded in self._cities.words

    def _named(self, key: str, near: Collection[str]) -> Place | None:
        """The place that a folded name means, from the shared names."""
        code = self._countries.get(key)
        if code is not None:
            return atlas.settled()[code]
        if key in self._not_places:
            return None
        curated = self._curated.get(key, ())
        towns = [atlas.city(int(row)) for row in self._cities.names.get(key, "").split()]
        large = [town for town in towns if (town.population or 0) >= _ALIKE]
        candidates = [*large, *curated, *(town for town in towns if town not in large)]
        return min(candidates, key=lambda place: place.country not in near, default=None)


def gazetteer(
    language: str,
    *,
    names: Mapping[str, Sequence[str]] = {},
    peoples: Mapping[str, Sequence[str]] = {},
    adjectives: Mapping[str, Sequence[str]] = {},
    endings: Sequence[str] = (),
    near: Collection[str] = (),
    not_places: Collection[str] = (),
) -> Gazetteer:
    """The places that texts in a language name; the same object for the same arguments.

    Args:
        language: ISO 639-1 code; names come in the script that it is usually written in.
        names: code or English name of a place -> surface forms, nominative. They stand before the names
            that are there already. One of up to five letters, all capitals, is an acronym: it is
            matched as it is, and does not inflect. Any other must begin with a capital in the text.
        peoples: likewise for those who come from there. Given with a capital, it must have one.
        adjectives: likewise.
        endings: what inflection adds to a word or to its stem; a stem is the word less a final vowel,
            soft sign or й.
        near: alpha-3 codes, preferred where places share a name.
        not_places: words of the language that are also names of little places ("Reading", "Most").

    Raises:
        ExtractError: a code that is no place's.

    >>> [(m.place.code, m.form) for m in gazetteer("en").find("They left Kazakhstan for Tbilisi")]
    [('KAZ', 'name'), ('Tbilisi', 'name')]
    """
    return _made(
        language,
        tuple(
            (code, surface, form)
            for table, form in ((names, "name"), (peoples, "people"), (adjectives, "adjective"))
            for code, surfaces in table.items()
            for surface in surfaces
        ),
        tuple(endings),
        tuple(sorted(near)),
        tuple(sorted(not_places)),
    )


@lru_cache(maxsize=64)
def _made(
    language: str,
    surfaces: tuple[tuple[str, str, Form], ...],
    endings: tuple[str, ...],
    near: tuple[str, ...],
    not_places: tuple[str, ...],
) -> Gazetteer:
    entries: dict[str, _Entry] = {}
    acronyms: dict[str, Place] = {}
    for code, surface, form in surfaces:
        place = atlas.place(code)
        if place is None:
            raise ExtractError(
                f"{code!r} is no place's code or English name",
                f"{form} {surface!r} of language {language!r}",
                "use alpha-3 for a country, else the English name as in docs/reference/places.md",
            )
        key = fold_name(surface)
        if not key:
            raise ExtractError(f"{surface!r} has no letter", f"{form} of {code} in language {language!r}")
        if form == "name" and surface.isupper() and len(key.replace(" ", "")) <= _ACRONYM:
            acronyms.setdefault(" ".join(WORD.findall(surface)), place)
        else:
            entries.setdefault(key, _Entry(place, form, form == "name" or surface[0].isupper()))
    folded_endings = tuple(fold(ending) for ending in endings if ending)
    return Gazetteer(language, entries, acronyms, folded_endings, near, [fold_name(n) for n in not_places])


@lru_cache(maxsize=16)
def _cities(script: str) -> _Cities:
    names = atlas.city_names(script)
    return _Cities(names, _longest(names), frozenset(" ".join(names).split(" ")))


def _longest(keys: Collection[str]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for key in keys:
        first, _, rest = key.partition(" ")
        count = 2 + rest.count(" ") if rest else 1
        if count > longest.get(first, 0):
            longest[first] = count
    return longest


def _in_capitals(words: Sequence[re.Match[str]], start: int, end: int) -> bool:
    """Whether the words on both sides are in capitals: then an acronym cannot be told from a word."""
    around = [words[at].group() for at in (start - 1, end) if 0 <= at < len(words)]
    return len(around) == 2 and all(len(word) > 1 and word.isupper() for word in around)
