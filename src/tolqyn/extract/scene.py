"""A document taken apart, with what holds for all of it: whom and where it is about, events, speakers.

Pure but for the language files and names, which are read once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tolqyn.claims import Document
from tolqyn.extract.asides import heads_report
from tolqyn.extract.attribution import Attribution
from tolqyn.extract.days import resolve
from tolqyn.extract.groups import find_groups
from tolqyn.extract.owners import lands_of_bodies
from tolqyn.extract.reading import Named, Reading, has_date
from tolqyn.extract.releases import find_release
from tolqyn.extract.sentences import Sentence, split_sentences
from tolqyn.extract.speakers import find_aliases, find_clauses
from tolqyn.extract.text import read_text
from tolqyn.extract.voices import LETTERHEAD, find_voices
from tolqyn.languages import Language
from tolqyn.places import Place, place

__all__ = ["Scene", "find_events", "set_scene"]

_NEAR_EVENT = 9  # items between an event, its date and the word for its beginning
_OPENING = 4  # sentences in which the home of a language is named if the text plays there
_LEAD = 3  # sentences that may begin with where the report was written


@dataclass(frozen=True, slots=True)
class Scene:
    """What the sentences of a document share.

    Attributes:
        readings: its sentences, taken apart.
        events: kind of event -> its day, as the document dates it.
        people: alpha-3 of the citizenship that it speaks of most; None without one.
        peoples: alpha-3 -> how often it names that citizenship.
        titled: the citizenships that its first sentence names. led: those that its first sentences name.
        focus: the country that it is about; None where it names none.
        attributions: for each sentence who speaks; None where nobody does.
        heard: for each sentence the one that names who speaks in it; None where the whole text is theirs.
        origins: alpha-3 -> how often it lets people come from that country, or a place in it.
        label: the country that the headline begins with, before a colon, if it does.
        owner: the country of bodies named without one. at_home: whether the language tells it.
        town: the town, region or checkpoint of that country that the headline names, where the text is about it.
        seat: the town where the text was written, if it is in that country and not its capital.
        countries: alpha-3 codes of the countries that it names, or whose towns or people it names.
        lands: alpha-3 codes of those that it names by their names, or by a body that is theirs alone.
        hint: a day near that of the document, where the document's own is not known; to tell years.
        clauses: sentence -> its clauses with a source of their own, as (first item, item after, source).
        sole: whether it names but one source.
    """

    readings: Sequence[Reading]
    events: Mapping[str, date]
    people: str | None
    peoples: Mapping[str, int]
    titled: frozenset[str]
    led: frozenset[str]
    focus: Place | None
    attributions: Sequence[Attribution | None]
    heard: Sequence[int | None]
    hint: date | None
    origins: Mapping[str, int]
    countries: frozenset[str]
    lands: frozenset[str]
    label: Place | None
    owner: Place | None
    at_home: bool
    town: Place | None
    seat: Place | None
    clauses: Mapping[int, Sequence[tuple[int, int, Attribution | None]]]
    sole: bool

    def source_at(self, n: int, item: int) -> Attribution | None:
        """Who speaks at an item of a sentence: who has its clause, else who has the sentence."""
        for first, last, source in self.clauses.get(n, ()):
            if first <= item < last:
                return source
        return self.attributions[n]


def set_scene(document: Document, language: Language, near: Collection[str]) -> Scene:
    """A document taken apart."""
    text = document.text
    readings = read_text(text, language, near, split_sentences(text, language))
    events = _events(readings, document.published)
    peoples = _peoples(readings)
    people = max(peoples, key=peoples.__getitem__, default=None)
    home = place(language.home) if language.home else None
    release = find_release(readings[:LETTERHEAD], text, None)
    label = _label(readings)
    focus = label or place(release.country if release and release.country else "")
    focus = focus or _focus(readings, people, home) or _focus_of_few(readings, people, home, near)
    # Who writes "the border guard" in a language of one country means that country's, where it plays a part.
    owner = home if home is not None and _writes_from(readings, home, focus) else focus
    aliases = find_aliases(readings, text)
    issued = release is not None
    attributions, heard = find_voices(readings, text, owner, focus, language, aliases, issued=issued)
    return Scene(
        readings=readings,
        events=events,
        people=people,
        peoples=peoples,
        titled=_citizenships(readings[:1]),
        led=_citizenships(readings[:_OPENING]),
        focus=focus,
        attributions=attributions,
        heard=heard,
        hint=document.published or max([*events.values(), *_full_dates(readings)], default=None),
        origins=_origins(readings),
        countries=_countries(readings),
        lands=_lands(readings),
        label=label,
        owner=owner,
        at_home=owner is not None and owner is home,
        town=_town(readings, focus),
        seat=_seat(readings, focus),
        clauses=_clauses(readings, text, owner, aliases),
        sole=_is_sole(attributions),
    )


def _focus_of_few(
    readings: Sequence[Reading], people: str | None, home: Place | None, near: Collection[str]
) -> Place | None:
    """The country of a text that hardly names any: the one asked for, the home of its language, its people's own."""
    if len(near) == 1:
        return place(next(iter(near)))
    if home is not None and home.code != people:
        return home
    return place(people) if people is not None and people in _lands_named(readings) else None


def _lands_named(readings: Sequence[Reading]) -> set[str]:
    """Alpha-3 codes of the countries that a text names by their names."""
    return {
        named.place.code
        for reading in readings
        for named in reading.named
        if named.form == "name" and named.place.kind == "country"
    }


def _lands(readings: Sequence[Reading]) -> frozenset[str]:
    """Those, and the countries of bodies that but one has."""
    return frozenset(_lands_named(readings)).union(*map(lands_of_bodies, readings))


def _countries(readings: Sequence[Reading]) -> frozenset[str]:
    """Alpha-3 codes of the countries that a text names, or whose towns or people it names."""
    return frozenset(
        named.place.country for reading in readings for named in reading.named if named.place.country
    )


def _is_sole(attributions: Sequence[Attribution | None]) -> bool:
    """Whether all who speak are one and the same."""
    return len({found.organization or found.speaker for found in attributions if found is not None}) == 1


def _clauses(
    readings: Sequence[Reading], text: str, owner: Place | None, aliases: Mapping[str, str]
) -> dict[int, list[tuple[int, int, Attribution | None]]]:
    """Sentence -> its clauses that have a source of their own."""
    found = {
        n: find_clauses(reading, text, owner.name if owner else None, aliases)
        for n, reading in enumerate(readings)
        if reading.figures and (reading.stops or len(reading.among("speech.verbs", "speech.according")) > 1)
    }
    return {n: clauses for n, clauses in found.items() if clauses}


def find_events(document: Document, language: Language, near: Collection[str]) -> dict[str, date]:
    """Kind of event -> its day, as a document dates it: `Scene.events`, without taking all of it apart."""
    dating = [
        (alone, whole)
        for block in filter(language.may_date, document.text.split("\n\n"))
        for sentence in split_sentences(block, language)
        if language.may_date(alone := block[sentence.start : sentence.end])
        if has_date(alone, whole := Sentence(0, len(alone), 0, 0), language)
    ]
    readings = [reading for alone, whole in dating for reading in read_text(alone, language, near, [whole])]
    return _events(readings, document.published)


def _writes_from(readings: Sequence[Reading], home: Place, focus: Place | None) -> bool:
    """Whether bodies without a country are those of the home of the language.

    It plays a part, or no other country is more than whence people come: "the border guard held 33 from Belarus".
    """
    if _plays(readings[:_OPENING], home) or focus is None:
        return True
    there = [
        (reading, other)
        for reading in readings
        for other in reading.named
        if other.place.country == focus.code and other.form != "people"
    ]
    return all(
        (other.roles == {"from"} and all(hit.value != "exits" for hit in reading.of("measures")))
        or _is_end_of_stopped(reading, other)
        for reading, other in there
    )


def _is_end_of_stopped(reading: Reading, named: Named) -> bool:
    """Whether a country is only whence people come, or where they are bound, whom a sentence lets be stopped.

    "The police held 4,702 refugees who were on their way to Germany."
    """
    if named.form != "name":
        return False
    told = {hit.value for hit in reading.of("measures")}
    # Who is refused entry "to Germany" is turned back by Germany.
    bound = named.roles == {"to"} and "detentions" in told and "refusals" not in told
    return bound or (named.roles == {"from"} and not told.isdisjoint({"detentions", "refusals"}))


def _opens_at_home(readings: Sequence[Reading], home: Place) -> bool:
    """Whether a text speaks of a national body before it names any country: "the border guard says that in May ..."."""
    for reading in readings[:_OPENING]:
        if any(
            other.place.country not in {home.code, None} and other.roles != {"from"}
            for other in reading.named
        ):
            return False
        if any(hit.value[0] == "bodies" and hit.value[1] in _NATIONAL for hit in reading.of("source")):
            return True
    return False


# Bodies that a text names without their country where it is that of its readers.
_NATIONAL = {"Border Guard", "Border Service", "Ministry of Internal Affairs", "Immigration Service"}


def _plays(readings: Sequence[Reading], country: Place) -> bool:
    """Whether a country plays a part: it is named, or more than once a place in it, not a dateline alone."""
    named = [other for reading in readings for other in reading.named if other.place.country == country.code]
    return len(named) > 1 or any(other.place.kind == "country" for other in named)


def _full_dates(readings: Sequence[Reading]) -> list[date]:
    """Every day that the text gives with its year."""
    spans = [
        resolve(when, None)
        for reading in readings
        for when in (reading.items[i].value for i in reading.dates)
        if when.month is not None and when.day is not None
    ]
    return [span.end for span in spans if span is not None and span.end is not None]


def _events(readings: Sequence[Reading], anchor: date | None) -> dict[str, date]:
    """Kind of event -> its day, from a sentence that dates its beginning."""
    found: dict[str, Counter[date]] = {}
    for reading in readings:
        begun = reading.of("events.begin")
        for event in reading.of("event"):
            for i in reading.dates:
                when = reading.items[i].value
                if when.day is None and when.fixed is None:
                    continue
                first, last = sorted((i, event.first))
                if any(other.text in {".", "–", "—"} for other in reading.items[first:last]):
                    continue  # "Tbilisi, 21 June. Since the war began ...", "PARIS, 4 avril – Depuis ..."
                near = last - first <= _NEAR_EVENT and any(
                    min(abs(hit.first - i), abs(hit.first - event.first)) <= _NEAR_EVENT for hit in begun
                )
                span = resolve(when, anchor) if near else None
                if span is not None and span.start is not None and span.start == span.end:
                    found.setdefault(str(event.value), Counter())[span.start] += 1
    return {kind: days.most_common(1)[0][0] for kind, days in found.items()}


def _peoples(readings: Sequence[Reading]) -> Counter[str]:
    """How often each citizenship is named."""
    return Counter(
        group.base
        for reading in readings
        for group in find_groups(reading, None)
        if group.base is not None and group.form in {"people", "citizens"}
    )


def _origins(readings: Sequence[Reading]) -> Counter[str]:
    """How often each country, or a place in it, is one that people come from."""
    return Counter(
        named.place.country
        for reading in readings
        for named in reading.named
        if named.form == "name" and named.roles == {"from"} and named.place.country is not None
    )


def _citizenships(readings: Sequence[Reading]) -> frozenset[str]:
    """The citizenships that sentences name."""
    named = (group for reading in readings for group in find_groups(reading, None))
    return frozenset(group.base for group in named if group.base and group.form in {"people", "citizens"})


def _town(readings: Sequence[Reading], focus: Place | None) -> Place | None:
    """The one town or region that a headline is about: "Spielfeld: 13,600 arrivals", "Sudanese in Kufra, Libya"."""
    if focus is None or not readings:
        return None
    labelled = _labelled(readings[0], focus)
    if labelled is not None:
        return labelled
    headline = [
        reading
        for reading in readings[:_HEADLINES]
        if reading.sentence.headline and reading.sentence.line == readings[0].sentence.line
    ]
    names = [named for reading in headline for named in reading.named if named.form == "name"]
    here = [
        named for named in names if named.place.country in {focus.code, None} and not named.roles & _ELSEWHERE
    ]
    towns = {named.place.code: named for named in here if named.place.kind != "country"}
    if len(towns) != 1:
        return None
    town = next(iter(towns.values()))
    lands = [named for named in here if named.place.kind == "country"]
    if any(not 0 <= named.first - town.last <= 1 for named in lands) or town.place.is_capital_of(focus):
        return None
    again = any(
        named.place.code == town.place.code
        for reading in readings[len(headline) :]
        for named in reading.named
    )
    return town.place if again else None


def _labelled(reading: Reading, focus: Place) -> Place | None:
    """The town or region of a country that heads a text before a colon: "Mallorca/Balearics: 36 boats ..."."""
    colon = next((i for i, item in enumerate(reading.items[:_LABEL]) if item.text == ":"), 0)
    names = [named for named in reading.named if named.last <= colon]
    alone = bool(names) and sum(named.last - named.first for named in names) + len(names) - 1 == colon
    town = names[-1].place if alone and names[0].first == 0 else None
    if town is None or town.kind == "country" or town.country != focus.code:
        return None
    return None if town.is_capital_of(focus) else town


_LABEL = 6  # items of a label, at most


def _seat(readings: Sequence[Reading], focus: Place | None) -> Place | None:
    """The town of the dateline: "WABAG - The provincial administration ..."."""
    if focus is None:
        return None
    for reading in readings[:_LEAD]:
        first = reading.named[0] if reading.named else None
        if first is None or first.place.kind not in {"city", "region"} or first.place.country != focus.code:
            continue
        if heads_report(reading, first):
            return None if first.place.is_capital_of(focus) else first.place
    return None


_HEADLINES = 2  # sentences of a headline, at most
_ELSEWHERE = {"from", "between"}


def _label(readings: Sequence[Reading]) -> Place | None:
    """The country that a headline begins with, before a colon: "Armenia: ...", "Renk, South Sudan: ..."."""
    names = readings[0].named[:2] if readings else []
    if not names or names[0].first != 0 or names[0].form != "name":
        return None
    joined = len(names) == 2 and names[1].first == names[0].last + 1
    label = names[1] if joined else names[0]
    after = readings[0].items[label.last : label.last + 1]
    return place(label.place.country) if label.place.country and after and after[0].text == ":" else None


def _takes_in(reading: Reading, named: Named) -> bool:
    """Whether a country is the subject that takes people in: "Armenia has taken in 100,417 people"."""
    hosts = (hit.first - named.last for hit in reading.of("measures") if hit.value == "hosts")
    return not named.roles and named.form == "name" and any(0 <= way <= 1 for way in hosts)


def _focus(readings: Sequence[Reading], people: str | None, home: Place | None) -> Place | None:
    """The country that a document is about: where its people are, not where they come from.

    The home of the language counts double: its press writes of the world from there.
    """
    counts: Counter[str] = Counter()
    there: set[str] = set()
    parts: dict[str, set[str]] = {}
    for n, reading in enumerate(readings):
        groups = find_groups(reading, None) if reading.named else ()
        labels = {group.first for group in groups if group.form == "label"}
        for named in reading.named:
            code = named.place.country
            at_home = code == people and not {"in", "to"} & named.roles and not _takes_in(reading, named)
            if code is None or named.form == "people" or at_home or named.first in labels:
                continue
            if named.roles != {"from"}:
                there.add(code)
            if named.form == "name":
                parts.setdefault(code, set()).update(named.roles or {""})
            weight = 3.0 if n == 0 else 1.0
            if named.form == "adjective":
                weight *= 0.7
            if named.place.kind != "country":
                weight *= 0.5
            if "from" in named.roles and not {"to", "in"} & named.roles:
                weight *= 0.5
            border = reading.ending("role.between", named.first)
            frontier = border is not None and border.last - border.first > 1
            if (frontier and not {"to", "in"} & named.roles) or _is_end_of_stopped(reading, named):
                weight *= 0.3  # "the border with Belarus" is the other side's
            weight *= 2.0 if home is not None and code == home.code else 1.0
            counts[code] += weight  # type: ignore[assignment]
        for code in lands_of_bodies(reading):
            counts[code] += 0.0 if code == people else 0.5  # type: ignore[assignment]
    if home is not None and counts and all(seen == {"from", "to"} for seen in parts.values()):
        return home  # "arrivals from Ukraine, departures to Ukraine" are those of the home of the language
    if home is not None and counts and home.code != people and _opens_at_home(readings, home):
        return home
    if home is not None and counts and not there and any(reading.of("role.country") for reading in readings):
        return home  # "the country" is none of those that people only come from
    code, most = counts.most_common(1)[0] if counts else (None, 0.0)
    # A country that people are once said to come from is no match for the home of the language.
    return place(code) if code is not None and (most >= 1.0 or home is None) else None
