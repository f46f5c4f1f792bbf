"""Find places in a text, and resolve a name to a place.

Pure once the names are loaded. A text is read word by word from the left; at each word the longest
name that begins there wins. How names, inflection and guards work: docs/reference/places.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, pairwise, product

from tolqyn.errors import ExtractError
from tolqyn.places import atlas
from tolqyn.places.place import Form, Mention, Place
from tolqyn.places.words import WORD, fold, fold_name, is_capital, stem_bases
from tolqyn.values import value

__all__ = ["Gazetteer", "gazetteer"]

# What may stand between two words of one name; a full stop only after a short word ("St. Louis").
_JOINT = re.compile(r"[^\S\n]?(?:[-‐‑–'’ʼʹ`´·.]|\n)?[^\S\n]?")
_SHORT = 4  # letters below which a name is taken as it is, and a full stop may follow inside a name
_REMEMBERED = 10_000  # words whose readings are kept
_LONGEST_WORD = 60  # letters above which nothing is a word of a name
_REACH = 8  # words that the longest name may have
_BLOCK = 4096  # words of a text held at a time
_ACRONYM = 5  # letters up to which a name all in capitals is an acronym
_LONG = 5  # letters from which a little-known city's name is recognized in an inflected form
_LARGE = 100_000  # inhabitants below which a capitalized word before a city's name makes it a person's
_WORLD = 1_000_000  # inhabitants from which a city's name is not doubted
_SENTENCE_END = frozenset('.!?…:;»«"“”„‘’—–-•*|()[]>\n\r\t')
_COMMON = 8  # places from which a word in their names is taken for their kind
_TOWN = 30_000  # inhabitants from which a name that is also a word may still be the town's
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
    begun: Collection[str]  # the first words of names, and the first two of those of three, and so on
    words: Collection[str]  # every word of every name


@value
class _Named:
    """A name that begins at a word: how many words it has, and what it means."""

    length: int
    place: Place
    form: Form
    sure: bool = True


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
        changes: Mapping[str, Sequence[str]],
        prefixes: Sequence[str],
        name_endings: Collection[str] | None,
        capital_nouns: bool,
    ) -> None:
        self._codes = {code: place for code, place in atlas.settled().items() if place.kind == "country"}
        self._countries = atlas.country_names(language)
        self._curated = atlas.curated(language)
        self._cities = _cities(atlas.script_of_language(language))
        doubtful = atlas.doubtful(language)
        self._never, self._seldom = doubtful["never"], doubtful["seldom"]
        self._persons = atlas.doubtful(atlas.script_of_language(language))["person"]
        self._entries = entries
        self._acronyms = acronyms
        self._acronym_starts = {key.split(" ")[0] for key in acronyms}
        self._endings = frozenset(endings)
        self._longest_ending = max(map(len, endings), default=0)
        self._prefixes = prefixes
        self._changes = changes
        self._longest_change = max(map(len, changes), default=0)
        self._name_endings = None if name_endings is None else frozenset(name_endings)
        self._near = frozenset(near)
        self._capital_nouns = capital_nouns
        self._not_places = frozenset(not_places) | _kinds(self._curated) | _kinds(atlas.curated("en"))
        few = [*entries, *self._countries, *self._curated]
        self._begun = _begun(few)
        self._words = {word for key in few for word in key.split(" ")}
        self._lower_starts = {key.split(" ")[0] for key, entry in entries.items() if not entry.capital}
        self._group_words = {
            word for key, entry in entries.items() if entry.form != "name" for word in key.split(" ")
        }
        # Texts repeat their words: most are looked up once and then known to begin nothing.
        self._known: dict[str, tuple[str, ...]] = {}
        self._starts: dict[str, tuple[str, ...]] = {}
        self._idle: set[str] = set()
        self._alone: dict[str, _Named] = {}  # those that mean a place whatever stands beside them
        self._meant: dict[str, Place | None] = {}

    def find(self, text: str, *, unsure: bool = False) -> list[Mention]:
        """The places that a text mentions, in order, none over another.

        Takes time in proportion to the length of the text.

        Args:
            text: any.
            unsure: whether names of towns are given too that are also ordinary words; `settle` tells
                which are meant.
        """
        found: list[Mention] = []
        free = 0
        for words, begin, end in _pages(text):
            idle = self._idle
            begun = [
                (at, word)
                for at, match in enumerate(words[begin:end], begin)
                if (word := match[0]) not in idle
            ]
            for at, word in begun:
                starts = self._starts.get(word)
                if starts is None:
                    starts = self._begin(word)
                if not (starts or word in self._acronym_starts) or words[at].start() < free:
                    continue
                named = self._alone.get(word) or self._longest(text, words, at, starts)
                if named is not None and (named.sure or unsure):
                    free = words[at + named.length - 1].end()
                    found.append(Mention(words[at].start(), free, named.place, named.form, named.sure))
        return found

    def settle(self, text: str, mentions: Sequence[Mention], countries: Collection[str]) -> list[Mention]:
        """The mentions, each town outside the countries spoken of taken for its namesake in one of them.

        Of names that are also words those are meant whose country is spoken of, if a capital inside some
        sentence tells that they are names.

        Args:
            text: that they were found in.
            mentions: what `find` gave.
            countries: alpha-3 codes.
        """
        spoken_of = {*countries, *self._near}
        told: set[Place] = set()
        if not all(mention.sure for mention in mentions):
            told = {mention.place for mention in mentions if mention.sure or self._is_told(text, mention)}
        return [
            replace(
                mention, place=self._namesake(text[mention.start : mention.end], mention.place, countries)
            )
            if mention.form == "name"
            and mention.place.kind != "country"
            and mention.place.country not in spoken_of
            else mention
            for mention in mentions
            if mention.sure or (mention.place in told and mention.place.country in spoken_of)
        ]

    def _namesake(self, name: str, place: Place, countries: Collection[str]) -> Place:
        run = WORD.findall(name)
        keys = self._keys(run, self._readings(run[0]))
        if len(keys) < len(run):
            return place
        named = (self._named(key, countries) for key in keys[-1])
        return next((other for other in named if other is not None and other.country in countries), place)

    def resolve(self, name: str, near: Collection[str] = ()) -> Place | None:
        """The place of exactly that name in the language or in English; None where there is none.

        Args:
            name: as written, in any case; or an alpha-3 code in capitals.
            near: alpha-3 codes; where several places share the name, one there is preferred.
        """
        acronym = self._acronyms.get(" ".join(WORD.findall(name)))
        if acronym is not None:
            return acronym
        if name in self._codes:
            return self._codes[name]
        key = fold_name(name)
        entry = self._entries.get(key)
        if entry is not None and entry.form == "name":
            return entry.place
        return self._named(key, frozenset(near) or self._near) or atlas.place(name)

    def _longest(
        self, text: str, words: Sequence[re.Match[str]], at: int, starts: tuple[str, ...]
    ) -> _Named | None:
        """The longest name that begins at a word."""
        word = words[at].group()
        longer = word in self._acronym_starts or any(self._begins_longer(start) for start in starts)
        run = self._run(text, words, at) if longer else [word]
        capital = is_capital(word)
        for length in range(len(run), 0, -1) if word in self._acronym_starts else ():
            acronym = self._acronyms.get(" ".join(run[:length]))
            money = text.startswith("$", words[at + length - 1].end())  # "US$250"
            if acronym is not None and not money and not _in_capitals(words, at, at + length):
                return _Named(length, acronym, "name")
        unsure: Place | None = None
        alone = not longer
        keys = self._keys(run, starts)
        for length in range(len(keys), 0, -1):
            # "Kolumbii" is the country before it is some town called Kolumbi.
            found = keys[length - 1]
            peoples = [entry for key in found if (entry := self._entries.get(key)) and entry.form == "people"]
            if peoples and not self._countries.keys().isdisjoint(found):
                alone = False  # "4,700 Ungarn" are people, and Ungarn is their country
                if _is_counted(text, words[at].start()):
                    return _Named(length, peoples[0].place, "people")
            for key in sorted(found, key=self._is_town) if len(found) > 1 else found:
                if len(key) < _SHORT and key != " ".join(map(fold, run[:length])):
                    continue
                entry = self._entries.get(key)
                land = self._countries.get(key) if capital else None
                if land is not None and entry is not None and entry.form != "name" and not entry.capital:
                    # "Armenia", and in Spanish "armenia"
                    return self._kept(word, _Named(length, self._codes[land], "name"), alone=alone)
                if entry is not None and (capital or not entry.capital):
                    return self._kept(word, _Named(length, entry.place, entry.form), alone=alone)
                if capital and key not in self._meant:
                    self._meant[key] = self._named(key, self._near)
                named = self._meant[key] if capital else None
                if named is None:
                    continue
                if length > 1 and named.kind == "city" and not is_capital(run[length - 1]):
                    continue  # "La porte-parole" is not from La Porte
                alone = alone and named.kind != "city"
                if length > 1 or not self._doubted(text, words, at, key, named):
                    return self._kept(word, _Named(length, named, "name"), alone=alone)
                if unsure is None and self._may_be_town(word, key, named):
                    unsure = named
        return None if unsure is None else _Named(1, unsure, "name", sure=False)

    def _kept(self, word: str, named: _Named, *, alone: bool) -> _Named:
        """A name, remembered where its one word alone told that it is meant, and nothing beside it."""
        if alone:
            self._alone[word] = named
        return named

    def _is_town(self, key: str) -> bool:
        return key not in self._entries and key not in self._countries

    def _keys(self, run: Sequence[str], starts: tuple[str, ...]) -> list[list[str]]:
        """The keys that the first word of a run may be read as, the first two words, and so on.

        Only what some name begins with is carried on, so that the ways to read a run do not multiply.
        """
        keys = [list(starts)]
        for word in run[1:]:
            begun = [key for key in keys[-1] if self._begins_longer(key)]
            if not begun:
                break
            keys.append([f"{key} {base}" for key, base in product(begun, self._readings(word))])
        return keys

    def _begins_longer(self, key: str) -> bool:
        return key in self._begun or key in self._cities.begun

    def _doubted(self, text: str, words: Sequence[re.Match[str]], at: int, key: str, place: Place) -> bool:
        """Whether a city's name of one word is rather an ordinary word, or a person's name."""
        people, word = place.population or 0, fold(words[at].group())
        if place.kind != "country" and (word in self._not_places or not self._may_end(word, key)):
            return True
        if place.kind != "city":
            return False
        if word in self._never or key in self._never:
            return True
        if word in self._seldom or key in self._seldom:
            begins = people < _WORLD and _begins_sentence(text, words[at].start())
            if begins and place.country not in self._near and not _is_dateline(text, words[at]):
                return True
        if word != key and people < _LARGE and len(key) < _LONG:
            return True
        if people >= _WORLD:
            return False
        borne = bool({word, key, key[:-1]} & self._persons)
        wary = borne or (people < _LARGE and place.country not in self._near)
        return _has_initial(text, words, at) or (wary and self._beside_a_name(text, words, at, borne=borne))

    def _may_be_town(self, word: str, key: str, place: Place) -> bool:
        """Whether a word of the language may be the name of a town all the same."""
        folded = fold(word)
        large = place.kind == "city" and (place.population or 0) >= _TOWN
        borne = folded in self._persons or key in self._persons
        return large and not borne and folded not in self._not_places and self._may_end(folded, key)

    def _is_told(self, text: str, mention: Mention) -> bool:
        """Whether a word of the language has a capital for no other reason than that it names a place."""
        name = text[mention.start : mention.end]
        if self._capital_nouns or name.isupper() or name[0].lower() == name[0]:
            return False
        before = text[max(mention.start - _LONGEST_WORD, 0) : mention.start].split(" ")[-2:]
        after = text[mention.end : mention.end + 2]
        beside = len(before) == 2 and not before[1] and before[0][:1].isupper()
        followed = after.startswith(" ") and after[1:].isupper()
        return not (beside or followed or _begins_sentence(text, mention.start))

    def _may_end(self, word: str, key: str) -> bool:
        """Whether a word is a name, or a name with an ending that names of places take on."""
        if word == key or self._name_endings is None:
            return True
        return any(word == key + ending for ending in self._name_endings)

    def _beside_a_name(self, text: str, words: Sequence[re.Match[str]], at: int, *, borne: bool) -> bool:
        """Whether a word stands with another as in "Ivan Kirov" or, of a name that people bear, "Vladimir Ivanov"."""
        if at > 0:
            before = words[at - 1]
            name = before.group()
            beside = text[before.end() : words[at].start()] == " " and name[0].isupper() and len(name) > 1
            if beside and not self._is_country_or_group(name):
                if fold(name) in self._persons:
                    return True
                # "Die Stadt Görlitz": where every noun has a capital, that of the word before tells nothing.
                return not (self._capital_nouns or _begins_sentence(text, before.start()))
        if borne and at + 1 < len(words):
            after = words[at + 1]
            return text[words[at].end() : after.start()] == " " and after.group()[0].isupper()
        return False

    def _is_country_or_group(self, word: str) -> bool:
        return any(base in self._entries or base in self._countries for base in self._readings(word))

    def _run(self, text: str, words: Sequence[re.Match[str]], at: int) -> list[str]:
        """The words that could be one name with the word there."""
        run = [words[at].group()]
        for left, right in pairwise(words[at : at + _REACH]):
            gap = text[left.end() : right.start()]
            if not gap or not _JOINT.fullmatch(gap) or ("." in gap and len(left.group()) >= _SHORT):
                break
            run.append(right.group())
        return run

    def _begin(self, word: str) -> tuple[str, ...]:
        """The readings of a word under which a name may begin with it."""
        readings = tuple(base for base in self._readings(word) if self._begins_name(base))
        if not is_capital(word):
            readings = tuple(base for base in readings if base in self._lower_starts)
        if len(word) <= _LONGEST_WORD:
            self._starts[word] = readings
            if not readings and word not in self._acronym_starts:
                self._idle.add(word)
        return readings

    def _begins_name(self, key: str) -> bool:
        """Whether a word is a name, or the first of one; many are only further words of names."""
        alone = self._entries, self._countries, self._curated, self._cities.names
        return self._begins_longer(key) or any(key in names for names in alone)

    def _readings(self, word: str) -> tuple[str, ...]:
        """The words of names that a word of a text may be a form of; itself first."""
        known = self._known.get(word)
        if known is not None:
            return known
        if len(word) > _LONGEST_WORD:
            return ()
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
            self._starts.clear()
            self._idle.clear()
            self._alone.clear()
            self._meant.clear()
        self._known[word] = readings = tuple(dict.fromkeys(self._read(fold(word))))
        return readings

    def _read(self, folded: str) -> Iterator[str]:
        if self._is_word(folded):
            yield folded
        for cut in range(len(folded) - 1, max(len(folded) - self._longest_ending, 2) - 1, -1):
            if folded[cut:] in self._endings:
                for base in stem_bases(folded[:cut]):
                    if len(base) > 2 and self._is_word(base):
                        yield base
        for prefix in self._prefixes:
            bare = folded.removeprefix(prefix)
            if 2 < len(bare) < len(folded) and self._is_word(bare):
                yield bare
        for cut in range(max(len(folded) - self._longest_change, 2), len(folded)):
            for end in self._changes.get(folded[cut:], ()):
                if self._is_word(folded[:cut] + end):
                    yield folded[:cut] + end
        if self._endings and len(folded) >= _SHORT:
            # Peoples in the genitive plural have no ending at all: "россияне", "россиян".
            yield from (base for base in stem_bases(folded) if base in self._group_words)

    def _is_word(self, folded: str) -> bool:
        return folded in self._words or folded in self._cities.words

    def _is_no_capital(self, town: Place) -> bool:
        """Whether a town is not its country's capital, which a bare name means before larger towns elsewhere."""
        land = self._codes.get(town.country or "")
        return land is None or not town.is_capital_of(land)

    def _named(self, key: str, near: Collection[str]) -> Place | None:
        """The place that a folded name means, from the shared names."""
        code = self._countries.get(key)
        if code is not None:
            return self._codes[code]
        if key in self._not_places:
            return None
        curated = self._curated.get(key, ())
        towns = [atlas.city(int(row)) for row in self._cities.names.get(key, "").split()]
        # "Brandenburg" is the region, and no short name of the town of Brandenburg an der Havel.
        bare = [town for town in towns if not (curated and fold_name(town.name).startswith(f"{key} "))]
        large = [town for town in bare if (town.population or 0) >= _ALIKE]
        large.sort(key=self._is_no_capital)
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
    changes: Mapping[str, Sequence[str]] = {},
    prefixes: Sequence[str] = (),
    name_endings: Sequence[str] | None = None,
    capital_nouns: bool = False,
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
        prefixes: particles that are written onto the front of a name: Arabic "wa-", "li-".
        changes: ends of names as inflection changes them -> what they were: Polish "ce" -> "ka".
        name_endings: those of `endings` that names of towns, regions and checkpoints take on; None for all.
        capital_nouns: whether every noun has a capital, which then tells no names.

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
        tuple((end, tuple(bases)) for end, bases in changes.items()),
        tuple(fold(prefix) for prefix in prefixes),
        None if name_endings is None else tuple(name_endings),
        capital_nouns,
    )


@lru_cache(maxsize=64)
def _made(
    language: str,
    surfaces: tuple[tuple[str, str, Form], ...],
    endings: tuple[str, ...],
    near: tuple[str, ...],
    not_places: tuple[str, ...],
    changes: tuple[tuple[str, tuple[str, ...]], ...],
    prefixes: tuple[str, ...],
    name_endings: tuple[str, ...] | None,
    capital_nouns: bool,
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
    folded_changes = {fold(end): tuple(map(fold, bases)) for end, bases in changes}
    never = [fold_name(name) for name in not_places]
    return Gazetteer(
        language, entries, acronyms, folded_endings, near, never, folded_changes, prefixes, name_endings,
        capital_nouns,
    )  # fmt: skip


@lru_cache(maxsize=16)
def _cities(script: str) -> _Cities:
    names = atlas.city_names(script)
    return _Cities(names, _begun(names), frozenset(" ".join(names).split(" ")))


def _pages(text: str) -> Iterator[tuple[list[re.Match[str]], int, int]]:
    """The words of a text by the page, and from which to which a name may begin.

    A book is read by the page; the word before a page is kept, to judge by, and so is what a name may reach to.
    """
    stream = WORD.finditer(text)
    words, begin = list(islice(stream, _BLOCK)), 0
    while more := list(islice(stream, _BLOCK)):
        end = len(words) - _REACH
        yield words, begin, end
        words, begin = words[end - 1 :] + more, 1
    yield words, begin, len(words)


def _kinds(names: Mapping[str, Sequence[Place]]) -> set[str]:
    """The words that many places have in their names, "region" or "область": none is meant by them alone."""
    places = {
        (word, place.code) for key in names if " " in key for word in key.split(" ") for place in names[key]
    }
    shared = Counter(word for word, _ in places)
    return {word for word, count in shared.items() if count >= _COMMON}


def _begun(keys: Collection[str]) -> set[str]:
    """What the longer names begin with."""
    begun = set()
    for key in keys:
        at = key.find(" ")
        while at > 0:
            begun.add(key[:at])
            at = key.find(" ", at + 1)
    return begun


def _in_capitals(words: Sequence[re.Match[str]], start: int, end: int) -> bool:
    """Whether the words on both sides are in capitals: then an acronym cannot be told from a word."""
    around = [words[at].group() for at in (start - 1, end) if 0 <= at < len(words)]
    return len(around) == 2 and all(len(word) > 1 and word.isupper() for word in around)


def _is_counted(text: str, start: int) -> bool:
    """Whether a number that is no year stands right before a word."""
    number = _NUMBER.search(text[max(start - _LONGEST_WORD, 0) : start])
    return number is not None and not _YEAR.fullmatch(number[0].strip())


_NUMBER = re.compile(r"\d(?:[\d.,'’\s]*\d)?[^\S\n]$")
_YEAR = re.compile(r"(?:19|20)\d\d")


def _has_initial(text: str, words: Sequence[re.Match[str]], at: int) -> bool:
    """Whether a word stands as in "A. Kirov"."""
    if at == 0:
        return False
    before = words[at - 1]
    initial = len(before.group()) == 1 and before.group().isupper()
    return initial and text[before.end() : words[at].start()] in {". ", "."}


_DATELINE = re.compile(r"\.\s|\s?[-–—:]\s")


def _is_dateline(text: str, word: re.Match[str]) -> bool:
    """Whether a word stands alone at the head of a line, before a stop or dash: "Zürich. In a week ..."."""
    heads = word.start() == 0 or text[word.start() - 1] == "\n"
    return heads and _DATELINE.match(text, word.end()) is not None


def _begins_sentence(text: str, start: int) -> bool:
    """Whether the word there stands first in its sentence, line or quotation."""
    at = start - 1
    while at >= 0 and text[at] == " ":
        at -= 1
    return at < 0 or text[at] in _SENTENCE_END
