"""A document taken apart, with what holds for all of it: whom and where it is about, events, speakers.

Pure but for the language files and names, which are read once.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import islice
from operator import attrgetter

from tolqyn.claims import Document
from tolqyn.extract.groups import find_groups
from tolqyn.extract.headings import is_lone_name
from tolqyn.extract.people import find_people, find_surname, unify_names
from tolqyn.extract.reading import Reading, read_sentence
from tolqyn.extract.sentences import Sentence, split_sentences
from tolqyn.extract.speakers import (
    SEATS,
    Attribution,
    find_aliases,
    find_attribution,
    find_body,
    find_clauses,
    find_release,
    find_seats,
    is_local,
    lands_of_bodies,
    with_known,
)
from tolqyn.extract.whereabouts import heads_report
from tolqyn.extract.windows import resolve
from tolqyn.languages import Language
from tolqyn.places import Gazetteer, Mention, Place, gazetteer, place

__all__ = ["Scene", "find_events", "set_scene"]

_NEAR_EVENT = 9  # items between an event, its date and the word for its beginning
_CREDITED = 12  # sentences above the line that names their source, at most
_LETTERHEAD = 6  # sentences among which a press release names the body that issues it
_OPENING = 4  # sentences in which the home of a language is named if the text plays there
_NAMED = 12  # sentences back to the body of an office, at most
_SPOTS = 40  # names that no list has, looked for again, at most
_LEAD = 3  # sentences before the first speaker that are still theirs


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
        origin: `people`, where the document says that people come from that country; else None.
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
    origin: str | None
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
    readings = _read(document.text, language, near, split_sentences(document.text, language))
    events = _events(readings, document.published)
    peoples = _peoples(readings)
    people = max(peoples, key=peoples.__getitem__, default=None)
    home = place(language.home) if language.home else None
    release = find_release(readings[:_LETTERHEAD], document.text, None)
    label = _label(readings)
    focus = label or place(release.country if release and release.country else "")
    focus = focus or _focus(readings, people, home)
    focus = focus or (place(next(iter(near))) if len(near) == 1 else None)
    if focus is None and home is not None and home.code != people:
        focus = home
    if (
        focus is None
        and people is not None
        and any(
            named.form == "name" and named.place.code == people
            for reading in readings
            for named in reading.named
        )
    ):
        focus = place(people)
    lands = frozenset(
        named.place.code
        for reading in readings
        for named in reading.named
        if named.form == "name" and named.place.kind == "country"
    ).union(*map(lands_of_bodies, readings))
    countries = frozenset(
        named.place.country for reading in readings for named in reading.named if named.place.country
    )
    # Who writes "the border guard" in a language of one country means that country's, where it plays a part.
    owner = home if home is not None and _writes_from(readings, home, focus) else focus
    aliases = find_aliases(readings, document.text)
    attributions, heard = _attributions(
        readings, document.text, owner, focus, language, aliases, issued=release is not None
    )
    hint = document.published or max([*events.values(), *_full_dates(readings)], default=None)
    origin = people if _is_named(readings, people) else None
    titled, led = _citizenships(readings[:1]), _citizenships(readings[:_OPENING])
    return Scene(
        readings,
        events,
        people,
        peoples,
        titled,
        led,
        focus,
        attributions,
        heard,
        hint,
        _origins(readings),
        origin,
        countries,
        lands,
        label,
        owner,
        owner is not None and owner is home,
        _town(readings, focus),
        _seat(readings, focus),
        _clauses(readings, document.text, owner, aliases) if ";" in document.text else {},
        _is_sole(attributions),
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
    }
    return {n: clauses for n, clauses in found.items() if clauses}


def find_events(document: Document, language: Language, near: Collection[str]) -> dict[str, date]:
    """Kind of event -> its day, as a document dates it: `Scene.events`, without taking all of it apart."""
    text = document.text
    if not language.may_date(text):
        return {}
    dating = [
        sentence
        for sentence in split_sentences(text, language)
        if language.may_date(text[sentence.start : sentence.end])
    ]
    return _events(_read(text, language, near, dating), document.published) if dating else {}


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
        other.roles == {"from"} and all(hit.value != "exits" for hit in reading.of("measures"))
        for reading, other in there
    )


def _plays(readings: Sequence[Reading], country: Place) -> bool:
    """Whether a country plays a part: it is named, or more than once a place in it, not a dateline alone."""
    named = [other for reading in readings for other in reading.named if other.place.country == country.code]
    return len(named) > 1 or any(other.place.kind == "country" for other in named)


def _is_named(readings: Sequence[Reading], people: str | None) -> bool:
    """Whether the country of a people is named other than to say whose citizens they are."""
    for reading in readings:
        citizens = {
            i
            for group in find_groups(reading, None)
            if group.form == "citizens"
            for i in range(group.first, group.last)
        }
        if any(
            named.form == "name"
            and named.place.country == people
            and (named.roles or named.first not in citizens)
            for named in reading.named
        ):
            return True
    return False


def _read(
    text: str, language: Language, near: Collection[str], sentences: Sequence[Sentence]
) -> list[Reading]:
    """Sentences of a text taken apart."""
    places = _gazetteer(language, tuple(sorted(near)))
    found = places.find(text, unsure=True)
    named = {mention.place.code for mention in found if mention.place.kind == "country"}
    mentions = places.settle(text, found, named)
    readings = [
        read_sentence(text, sentence, language, _inside(mentions, sentence)) for sentence in sentences
    ]
    hosts = {land for reading in readings for land in lands_of_bodies(reading)} - named
    if hosts:
        # "The Home Office" speaks of Britain, and so of the towns there.
        meant = places.settle(text, found, named | hosts)
        moved = set(meant) ^ set(mentions)
        mentions = meant
        for n, sentence in enumerate(sentences if moved else ()):
            if any(sentence.start <= mention.start < sentence.end for mention in moved):
                readings[n] = read_sentence(text, sentence, language, _inside(mentions, sentence))
    for at, again in _found_again(text, readings, sentences).items():
        known = sorted([*_inside(mentions, sentences[at]), *again], key=lambda mention: mention.start)
        readings[at] = read_sentence(text, sentences[at], language, known)
    return readings


def _inside(mentions: Sequence[Mention], sentence: Sentence) -> Sequence[Mention]:
    """Those of all mentions of a text, in order, that begin in a sentence."""
    first = bisect_left(mentions, sentence.start, key=_start)
    return mentions[first : bisect_left(mentions, sentence.end, key=_start)]


_start = attrgetter("start")


def _found_again(
    text: str, readings: Sequence[Reading], sentences: Sequence[Sentence]
) -> dict[int, list[Mention]]:
    """Sentence -> names in it that no list has, which another sentence tells to be places."""
    spots = {
        named.place.name: named.place for reading in readings for named in reading.named if not named.listed
    }
    found: dict[int, list[Mention]] = {}
    starts = [sentence.start for sentence in sentences]
    for mention in _mentions_again(text, spots):
        at = bisect_right(starts, mention.start) - 1
        if at >= 0 and mention.end <= sentences[at].end and not _is_taken(text, readings[at], mention):
            found.setdefault(at, []).append(mention)
    return found


def _mentions_again(text: str, spots: Mapping[str, Place]) -> Iterator[Mention]:
    """Where a text has the names that no list has, which one of its sentences tells to be places."""
    if not spots:
        return
    few = islice(spots.items(), _SPOTS)  # so that time stays linear in the text
    names = {form: spot for name, spot in few for form in (name, name.upper())}
    for match in re.finditer(r"(?<!\w)(?:" + "|".join(map(re.escape, names)) + r")(?!\w)", text):
        yield Mention(match.start(), match.end(), names[match.group()], "name")


def _is_taken(text: str, reading: Reading, mention: Mention) -> bool:
    """Whether what stands at a mention is known already, or part of a body or a person's name."""
    items = reading.items
    begin = bisect_left([item.start for item in items], mention.start)
    if any(named.first <= begin < named.last for named in reading.named):
        return True
    if any(hit.first <= begin < hit.last for hit in reading.of("source", "group", "source.media")):
        return True
    before = items[begin - 1] if begin > 0 else None
    # "Ali Sample" is nobody's town.
    named = before is not None and before.kind == "w" and begin > 1 and text[before.start].isupper()
    return named and not text[mention.start : mention.end].isupper()


@lru_cache(maxsize=64)
def _gazetteer(language: Language, near: tuple[str, ...]) -> Gazetteer:
    return gazetteer(
        language.code,
        names=language.names,
        peoples=language.peoples,
        adjectives=language.adjectives,
        endings=language.endings,
        near=near,
        not_places=language.not_places,
        changes=language.changes,
        prefixes=language.prefixes,
        name_endings=language.name_endings,
        capital_nouns=language.capital_nouns,
    )


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
                if any(other.text == "." for other in reading.items[first:last]):
                    continue  # "Tbilisi, 21 June. Since the war began ..."
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
        if first is None or first.place.kind != "city" or first.place.country != focus.code:
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


def _focus(readings: Sequence[Reading], people: str | None, home: Place | None) -> Place | None:
    """The country that a document is about: where its people are, not where they come from.

    The home of the language counts double: its press writes of the world from there.
    """
    counts: Counter[str] = Counter()
    there: set[str] = set()
    parts: dict[str, set[str]] = {}
    for n, reading in enumerate(readings):
        labels = {group.first for group in find_groups(reading, None) if group.form == "label"}
        for named in reading.named:
            code = named.place.country
            at_home = code == people and not {"in", "to"} & named.roles
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
            if border is not None and border.last - border.first > 1 and not {"to", "in"} & named.roles:
                weight *= 0.3  # "the border with Belarus" is the other side's
            weight *= 2.0 if home is not None and code == home.code else 1.0
            counts[code] += weight  # type: ignore[assignment]
        for code in lands_of_bodies(reading):
            counts[code] += 0.0 if code == people else 0.5  # type: ignore[assignment]
    if home is not None and counts and all(seen == {"from", "to"} for seen in parts.values()):
        return home  # "arrivals from Ukraine, departures to Ukraine" are those of the home of the language
    if home is not None and counts and not there and any(reading.of("role.country") for reading in readings):
        return home  # "the country" is none of those that people only come from
    code, most = counts.most_common(1)[0] if counts else (None, 0.0)
    # A country that people are once said to come from is no match for the home of the language.
    return place(code) if code is not None and (most >= 1.0 or home is None) else None


def _attributions(
    readings: Sequence[Reading],
    text: str,
    owner: Place | None,
    focus: Place | None,
    language: Language,
    aliases: Mapping[str, str],
    *,
    issued: bool,
) -> tuple[list[Attribution | None], list[int | None]]:
    """Who speaks in each sentence, named there, carried from before, or from just after; and where named.

    Where a body issued the text it is who speaks else.
    """
    home = owner.name if owner else None
    land = focus.name if focus else None
    own = [find_attribution(reading, text, home, land, aliases) for reading in readings]
    own = [
        _seated(readings, n, _beside_adjective(readings[n], text, found, language), owner)
        if found is not None
        else None
        for n, found in enumerate(own)
    ]
    names = unify_names([found.speaker for found in own if found and found.speaker], language.person_endings)
    known: dict[str, Attribution] = {}
    for found in own:
        if found and found.speaker and (found.organization or found.alone):
            known.setdefault(names[found.speaker], found)
    for n, found in enumerate(own):
        if found and found.speaker:
            own[n] = with_known(replace(found, speaker=names[found.speaker]), known)
    release = last = find_release(readings[:_LETTERHEAD], text, home) if issued else None
    own = _credited(readings, own)
    result: list[Attribution | None] = []
    heard: list[int | None] = []
    at: int | None = None
    surnames = {name.rpartition(" ")[2]: name for name in known}
    for n, reading in enumerate(readings if surnames else ()):
        said = own[n]
        unsure = said is None or said.is_bare or said.guessed
        name = find_surname(reading, text, surnames, language.person_endings) if unsure else None
        if name is None and said is not None and said.guessed:
            name = next((full for full in known if said.words in full.split()), None)
        if name is not None:
            own[n] = replace(known[name], taken=frozenset(), aside=False, acts=False)
    elsewhere = last  # who speaks again where a town hall's paragraph ends
    for n, mentioned in enumerate(own):
        if n and (is_lone_name(readings[n]) or not _same_paragraph(readings[n - 1], readings[n])):
            last = elsewhere
        found = _meant(readings, own, n, text, home) if mentioned is not None else None
        # Who "informs:" speaks in all that follows the colon.
        at = (None if _ends_in_colon(readings[n]) else n) if found is not None else at
        heard.append(at)
        current = found
        if found is None or (found.is_bare and not (found.government and last is None)):
            current = last if last is None or found is None else replace(last, taken=found.taken)
        elif found.government is not None and found.organization is None:
            ministry = _ministry_of(found, [*reversed(result), *own[n + 1 :]])
            current = last = replace(found, organization=ministry or found.government)
        elif (
            found.organization is None
            and found.words
            and not found.alone
            and (of := _body_before(readings, n, text, home) or last)
        ):
            # "The agency's director, Ali Sample, ...": of the body named before.
            current = last = replace(found, organization=of.organization, country=of.country)
        elif not found.aside:
            last = replace(found, taken=frozenset())
        if last is not None and not last.local and release is None:
            elsewhere = last
        result.append(current)
    first = next((n for n, found in enumerate(result) if found is not None), 0)
    for n in range(first):
        apart = readings[n].sentence.line != readings[first].sentence.line
        if apart and is_local(result[first]):
            continue  # a mayor speaks for a town, and not in the lead
        lead = result[first]
        near = first - n <= _LEAD and _same_paragraph(readings[n], readings[first])
        heads = (
            lead is not None and not lead.acts and (readings[n].sentence.headline or _is_open(readings[n]))
        )
        if lead is not None and (near or heads):
            result[n] = replace(lead, taken=frozenset())
            heard[n] = first
    return result, heard


def _is_open(reading: Reading) -> bool:
    """Whether a line ends without a full stop, as a headline does."""
    if reading.sentence.bullet or not reading.items:
        return False
    return reading.items[-1].text not in {".", "!", "?", "…", '"'}


def _beside_adjective(reading: Reading, text: str, found: Attribution, language: Language) -> Attribution:
    """The attribution with the body of a region as that of the one whose adjective stands in its sentence.

    As in Ukrainian "the Lviv administration"; the adjective is tried with the word for a region.
    """
    if found.seatless is None or found.sits_in_town or not language.regions_of_adjectives:
        return found
    ending, region = language.regions_of_adjectives
    start, end = reading.items[0].start, reading.items[-1].end
    for word in re.findall(r"[^\W\d_]{5,}", text[start:end]):
        stem = word[: word.rfind(ending) + len(ending)] if word[0].isupper() and ending in word[3:] else ""
        mentions = _gazetteer(language, ()).find(f"{stem}{region}") if stem else ()
        seat = next((mention.place for mention in mentions if mention.place.kind == "region"), None)
        if seat is not None:
            return found.seated_in(seat)
    return found


def _seated(readings: Sequence[Reading], n: int, found: Attribution, owner: Place | None) -> Attribution:
    """The attribution with the body of a town or region as that of one in the country that the text plays in.

    A town hall is of the town named last in its paragraph, else of that named most; others are of the region whose
    section they stand in, of that named last, or else first.
    """
    if found.seatless is None:
        return found
    land = owner.code if owner is not None else None
    if found.sits_in_town:
        seat = _town_at(readings, n, land)
    else:
        seat = _section(readings, n) or _region_at(readings, n, land)
        if seat is None and found.sits_in_province:
            seat = _town_at(readings, n, land)
    return found.seated_in(seat) if seat is not None else found


def _town_at(readings: Sequence[Reading], n: int, land: str | None) -> Place | None:
    """The town named last in the paragraph before a sentence, else that named most in the text."""
    named = find_seats(readings, SEATS, {None, land})
    before = [spot for at in range(n) if _same_paragraph(readings[at], readings[n]) for spot in named[at]]
    counts = Counter(spot.name for places in named for spot in places)
    spots = sorted((spot for places in named for spot in places), key=lambda spot: -counts[spot.name])
    return before[-1] if before else spots[0] if spots else None


def _region_at(readings: Sequence[Reading], n: int, land: str | None) -> Place | None:
    """The region of a country named last before the end of a sentence, else first after it; else one beside it."""
    named = find_seats(readings, {"region"}, {land})
    order = [*range(n, -1, -1), *range(n + 1, len(readings))]
    found = next((named[at][-1 if at <= n else 0] for at in order if named[at]), None)
    beside = [reading for reading in readings[: n + 1] if _same_paragraph(reading, readings[n])]
    other = [spot for places in find_seats(beside, {"region"}, None) for spot in places]
    return found or (other[-1] if other else None)


def _section(readings: Sequence[Reading], n: int) -> Place | None:
    """The region whose section a sentence begins, as a list of regions names them: "Aktobe. The administration ..."."""
    before = readings[n - 1] if n else None
    if before is None or not is_lone_name(before) or not _same_paragraph(before, readings[n]):
        return None
    spot = before.named[0].place
    region = spot if spot.kind == "region" else place(f"{spot.name} Region")
    return region if region is not None and region.country == spot.country else None


def _same_paragraph(one: Reading, other: Reading) -> bool:
    return one.sentence.paragraph == other.sentence.paragraph


def _ministry_of(minister: Attribution, said: Sequence[Attribution | None]) -> str | None:
    """The first ministry among those who spoke, which a minister of no named one speaks for; None without one."""
    for found in said:
        if found is not None and found.organization and found.organization.startswith(_MINISTRIES):
            land = (minister.government or "").removeprefix("Government")
            return (
                found.organization if minister.country is None or found.organization.endswith(land) else None
            )
    return None


_MINISTRIES = ("Ministry", "Federal Ministry", "Home Office", "Department")


def _meant(
    readings: Sequence[Reading], own: Sequence[Attribution | None], n: int, text: str, home: str | None
) -> Attribution | None:
    """Who speaks in a sentence; "she says" is whom the sentence before names, if it names one without a speech."""
    found = own[n]
    if found is None or not found.by_pronoun or n == 0 or own[n - 1] is not None:
        return found
    same = readings[n - 1].sentence.paragraph == readings[n].sentence.paragraph
    people = find_people(readings[n - 1], text) if same else []
    if not people:
        return found
    of = find_body(readings[n - 1], text, home)
    return replace(of, speaker=people[-1][2]) if of is not None else Attribution(people[-1][2], None)


def _ends_in_colon(reading: Reading) -> bool:
    return bool(reading.items) and reading.items[-1].text == ":" and not reading.figures


def _body_before(readings: Sequence[Reading], n: int, text: str, home: str | None) -> Attribution | None:
    """The body named last in the same paragraph, whether it spoke or not."""
    for at in range(n - 1, max(n - _NAMED, 0) - 1, -1):
        if readings[at].sentence.paragraph != readings[n].sentence.paragraph:
            return None
        found = find_body(readings[at], text, home)
        if found is not None:
            return found
    return None


def _credited(readings: Sequence[Reading], own: Sequence[Attribution | None]) -> list[Attribution | None]:
    """The attributions, with a line such as "Source: border guard" given to what stands above it.

    So is the name of a body alone in the line below a list.
    """
    credited = list(own)
    for n, reading in enumerate(readings):
        note = own[n]
        signed = note is not None and n > 0 and len(reading.items) - len(note.taken) <= 1
        if note is None or reading.figures or not (reading.of("speech.credit") or signed):
            continue
        above = n - 1
        while above >= 0 and own[above] is None and n - above <= _CREDITED:
            if readings[above].sentence.paragraph < reading.sentence.paragraph - 1:
                break
            credited[above] = replace(note, taken=frozenset())
            above -= 1
    return credited
