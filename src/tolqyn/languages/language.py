"""One language: its phrases, compiled, and the plain tables that other rooms ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tolqyn.languages.items import Item, fold, itemize
from tolqyn.languages.lexicon import Lexicon

__all__ = ["Coverage", "Language"]


_STEM = 4  # letters that the stem of a people's name has at least
_ENDING = 4  # letters that a case adds to it at most: "Kazakhstan" is no case of "Kazakhs"


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """What one file says, ready for use.

    Attributes:
        code: ISO 639-1. name: in English.
        decimal: "." or ",".
        joins: whether an apostrophe inside a word belongs to it.
        endings: endings that names may take on.
        prefixes: particles that are written onto the front of a word, as Arabic "and", "to", "the".
        changes: ends of names as cases change them -> what they were.
        abbreviations: folded words after which a full stop does not end a sentence.
        titles: folded titles of persons in short, which a name follows: "Gov. Ana Sample".
        not_places: words that are also names of little places.
        noun_endings: endings, folded, that common nouns with capitals have and names of places have not.
        home: alpha-3 code of the country where the language is at home; None where it has several.
        first: phrases of numbers and dates, found first.
        beside_dates: what stands before a date, behind it or inside it, found where there is one.
        second: all other phrases, found among figures and dates.
        bodies: those of sources alone, looked for again without the adjectives of countries among them.
        acronyms: those of one word that the file writes in capitals, folded: in small letters they are other words.
        nameless: words, folded, that have a capital at the beginning of a sentence and are no part of a name.
        events, begun: how the names of events begin, and the words for their beginning, to see at once whether
            a text may date one.
        adjectives_follow: whether adjectives stand after their noun ("gardes-frontières polonais").
        leading_articles: words of place roles that are articles where they begin a sentence ("A Alemanha").
        capital_peoples: whether a people has a capital and its adjective none.
        capital_nouns: whether every noun has a capital.
        regions_of_adjectives: how an adjective of a region begins to end, and what makes it the name of the region.
        bare_years: whether a year stands without a word before it.
        name_endings: endings that names of towns and regions take on; None for all of `endings`.
        role_endings: role -> endings of a place that has it.
        person_endings: endings that a person's name loses to stand as a subject does.
        roles_follow: whether the words that give a place its role stand behind it.
        endings_alone: whether those endings hold without a word before the place.
        peoples, adjectives, names: alpha-3 code -> forms, for the gazetteer.
        people_stems: beginnings of their names, folded, which cases leave alone.
        phrases: "section.key" -> number of phrases.
        missing: "section.key" of what the file leaves out and nothing else supplies.
    """

    code: str
    name: str
    decimal: str
    joins: bool
    endings: tuple[str, ...]
    changes: Mapping[str, tuple[str, ...]]
    abbreviations: frozenset[str]
    titles: frozenset[str]
    not_places: tuple[str, ...]
    noun_endings: tuple[str, ...]
    home: str | None
    prefixes: tuple[str, ...]
    first: Lexicon
    beside_dates: Lexicon
    second: Lexicon
    bodies: Lexicon
    acronyms: frozenset[str]
    nameless: frozenset[str]
    events: tuple[str, ...]
    begun: tuple[str, ...]
    adjectives_follow: bool
    leading_articles: frozenset[str]
    capital_peoples: bool
    capital_nouns: bool
    regions_of_adjectives: tuple[str, ...]
    bare_years: bool
    month_tails: tuple[str, ...]
    name_endings: tuple[str, ...] | None
    role_endings: Mapping[str, tuple[str, ...]]
    person_endings: tuple[str, ...]
    roles_follow: bool
    endings_alone: bool
    peoples: Mapping[str, tuple[str, ...]]
    adjectives: Mapping[str, tuple[str, ...]]
    names: Mapping[str, tuple[str, ...]]
    people_stems: frozenset[str]
    phrases: Mapping[str, int]
    missing: tuple[str, ...]

    def may_date(self, text: str) -> bool:
        """Whether a text may say when an event began: whether it has words of both."""
        folded = fold(text)
        return all(any(word in folded for word in words) for words in (self.begun, self.events))

    def is_people(self, text: str) -> bool:
        """Whether a text begins with the name of a people, in whatever case."""
        word = text[:40].split(" ", 1)[0].casefold()
        word = word.rstrip(".,;:!?»”)")
        least = max(_STEM, len(word) - _ENDING)
        return any(word[:length] in self.people_stems for length in range(least, len(word) + 1))

    def is_group(self, text: str) -> bool:
        """Whether a text begins with a people that is no citizenship, or with a word and citizens: "Rusijos piliečių"."""
        return any(
            (hit.first, hit.value[0]) in {(0, "peoples"), (1, "citizens")}
            for hit in self.second.find(self._beginning(text)).get("group", ())
        )

    def is_body(self, text: str) -> bool:
        """Whether a text begins with the name of a body."""
        return any(hit.first == 0 for hit in self.bodies.find(self._beginning(text)).get("source", ()))

    def is_month(self, text: str) -> bool:
        """Whether a text begins with the name of a month."""
        return any(
            hit.first == 0 and hit.value[0] == "months"
            for hit in self.first.find(self._beginning(text)[:3]).get("calendar", ())
        )

    def _beginning(self, text: str) -> list[Item]:
        return itemize(text, 0, min(len(text), 40), decimal=self.decimal, join=self.joins)

    @staticmethod
    def stems(peoples: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
        """What `people_stems` holds for a table of peoples: each form less two letters of ending."""
        forms = (form.casefold().split(" ", 1)[0] for forms in peoples.values() for form in forms)
        return frozenset(form[: max(len(form) - 2, _STEM)] for form in forms if len(form) >= _STEM)

    @property
    def coverage(self) -> Coverage:
        """What the file covers."""
        sections: dict[str, int] = {}
        for key, count in self.phrases.items():
            section = key.split(".")[0]
            sections[section] = sections.get(section, 0) + count
        return Coverage(self.code, self.name, sections, self.phrases, self.missing)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much a language file holds.

    Attributes:
        sections: section -> number of phrases in it.
        keys: "section.key" -> number of phrases.
        missing: "section.key" of what the file leaves out.
    """

    code: str
    name: str
    sections: Mapping[str, int]
    keys: Mapping[str, int]
    missing: tuple[str, ...]
