"""Who states a figure: the person, the office, the body, as the text names them.

Pure. Bodies are given in English, office before country: "Ministry of Internal Affairs of Georgia".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tolqyn.extract.bodies import find_bodies
from tolqyn.extract.outlets import find_outlet
from tolqyn.extract.people import find_people, is_name
from tolqyn.extract.reading import Named, Reading
from tolqyn.extract.titles import LEVELS
from tolqyn.languages import Hit
from tolqyn.places import Place, place

__all__ = [
    "SEATS",
    "Attribution",
    "find_aliases",
    "find_attribution",
    "find_body",
    "find_clauses",
    "find_release",
    "find_seats",
    "is_local",
    "lands_of_bodies",
    "with_known",
]

# Bodies that a town has of its own, and those that a region or a town has.
_OF_TOWNS = {"City", "Municipality"}
_OF_PROVINCES = {"Prefecture", "Sub-Prefecture", "Governorate", "District Governorate", "Government"}
# What may be a town: the gazetteer has some as checkpoints.
SEATS = ("city", "checkpoint")
_OF_REGIONS = {
    "Administration", "Akimat", "Police", "Governorate", "District Governorate", "Prefecture", "Sub-Prefecture",
    "Provincial Administration", "District Administration", "Military Administration", "State Administration",
    "Provincial Government", "Regency", "Region", "County", "County Council", "County Governor",
    "Regional Council", "Departmental Council", "Voivodeship Office", "Executive Authority",
    "Border Detachment", "Occupation administration", "Disaster Management Agency", "Labour Office",
    "Police Headquarters", "Presidential Delegation", "Government Delegation",
}  # fmt: skip
# Bodies of which a country has many: without a place beside them they stay bare.
_LOCAL = _OF_TOWNS | _OF_REGIONS | {"Embassy", "Consulate General"}
# The government of a region, whose governor speaks for it, as language files name both.
_REGIONAL_GOVERNMENT = "Regional Government"
# A minister whose ministry is not said, as language files name the office.
_MINISTER = "Minister"
# Officials, who speak for the government of the country named beside them, and else for whoever spoke before.
_OFFICIALS = "Officials"
_HEAD = 8  # items that the name of an outlet may take before its colon
_NEAR = 12  # items between a verb of speech and who speaks
_DATED = 6  # items of a date between a body and its colon, at most


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says it.

    Attributes:
        speaker: the person as named; None where only a body speaks.
        organization: in English; None where only a person does.
        country: alpha-3 of the country that the body belongs to, where named.
        words: the body or office as written.
        taken: items of the sentence that belong to the source and are no places of movement.
        aside: whether it holds for its own sentence alone: it stands in brackets.
        local: whether it is one of many bodies of its kind, as a town hall, and holds for its own paragraph.
        acts: whether it did itself what is counted ("the border guard detained 23"), and nobody speaks.
        body: the organization without its country, where the sentence does not say whose it is.
        by_pronoun: whether only "he" or "she" speaks.
        alone: whether it is somebody who speaks for no body: an economist, a driver.
        government: that of a minister whose ministry is not said.
        seatless: the body of a town or region, where the sentence does not say of which.
        guessed: whether a lone name is taken for that of a body, which may be somebody's surname.
    """

    speaker: str | None
    organization: str | None
    country: str | None = None
    words: str = ""
    taken: frozenset[int] = frozenset()
    aside: bool = False
    local: bool = False
    acts: bool = False
    body: str | None = None
    by_pronoun: bool = False
    alone: bool = False
    government: str | None = None
    seatless: str | None = None
    guessed: bool = False

    def owned_by(self, land: Place) -> Attribution:
        """The attribution with a body as that of a country, where the sentence does not say whose it is."""
        return replace(self, organization=_called(self.body, land.name)) if self.body else self

    def untaken(self) -> Attribution:
        """The attribution for another sentence, of which no items belong to the source."""
        return replace(self, taken=frozenset()) if self.taken else self

    def seated_in(self, seat: Place) -> Attribution:
        """The attribution with a body as that of a town or region, where the sentence does not say of which."""
        if self.seatless is None:
            return self
        return replace(self, organization=_called(self.seatless, seat.name), seatless=None)

    @property
    def is_bare(self) -> bool:
        """Whether only an office speaks ("the official added"): then whoever spoke before."""
        return self.speaker is None and self.organization is None and not self.alone

    @property
    def sits_in_town(self) -> bool:
        """Whether the body is one that a town has, as a town hall."""
        return self.seatless in _OF_TOWNS

    @property
    def sits_in_province(self) -> bool:
        """Whether the body is one of a province that may bear the name of its town, as a prefecture."""
        return self.seatless in _OF_PROVINCES


_GOES_ON = Attribution(None, None, by_pronoun=True)


@dataclass(frozen=True, slots=True)
class _Chain:
    """Bodies and offices named one inside the other."""

    first: int
    last: int
    names: tuple[str, ...]
    national: bool
    country: Named | None
    regional: bool = False
    minister: bool = False


def find_attribution(
    reading: Reading,
    text: str,
    home: str | None,
    land: str | None = None,
    aliases: Mapping[str, str] | None = None,
) -> Attribution | None:
    """Who speaks in a sentence; None where nobody is said to speak.

    Args:
        reading: the sentence.
        text: of the document.
        home: English name of the country that a body without one belongs to.
        land: of the country that the text is about, for "the government of the country".
        aliases: short names that the text gives to bodies -> those bodies.
    """
    speech = reading.of("speech.verbs", "speech.according", "speech.citing", "speech.credit")
    chains = _chains(reading, text, aliases)
    chains = [chain for chain in chains if not _listens(reading, chain) and not _is_lone(reading, chain)]
    opens = _opens(reading, text, chains)
    acting = None if speech or opens else _acting(reading, chains)
    headed = not (speech or chains) and any(item.text == ":" for item in reading.items[:_HEAD])
    if not (
        speech or acting or headed or opens or _alone_in_brackets(reading, chains) or _signs(reading, chains)
    ):
        return None
    people = find_people(reading, text, {i for chain in chains for i in range(chain.first, chain.last)})
    chain = acting or _speaking(reading, chains, speech, people)
    outlet = find_outlet(reading, text, people) if chain is None or not chain.names else None
    if headed and outlet is None:
        return None
    if outlet is not None and (
        chain is None or outlet.person is not None or abs(chain.last - outlet.first) <= 1
    ):
        taken = frozenset(range(outlet.first, outlet.last))
        aside = outlet.person is None
        return Attribution(
            outlet.person, outlet.name, None, outlet.name, taken, aside, guessed=outlet.guessed
        )
    lone = None if acting else _alone(reading, people, chain, speech)
    if lone is not None:
        taken = frozenset(range(lone.first, lone.last))
        person = _person(people, None, [lone, *speech])
        return Attribution(person, None, None, reading.words(lone.first, lone.last), taken, alone=True)
    person = _person(people, chain, speech)
    taken = frozenset(range(chain.first, chain.last)) if chain else frozenset[int]()
    country = chain.country if chain else None
    for named in reading.named:
        # "Russia's ambassador in Helsinki": neither says where people moved.
        beside = chain is not None and chain.national and 0 <= named.first - chain.last <= 1
        if named is country or (beside and not {"to", "from"} & named.roles):
            taken |= frozenset(range(named.first, named.last))
    state = _state(reading, speech)
    if chain is None and person is None:
        return state or (_GOES_ON if _by_pronoun(reading, speech) else None)
    taken |= state.taken if state is not None else frozenset()
    if chain is None:
        return Attribution(person, None, taken=taken)
    owner = _of_land(reading, chain, land) or _subject(reading, chain)
    local = _is_local(chain)
    unlisted = _unlisted_seat(reading, text, chain)
    seat = (unlisted or _seat(reading, chain, home)) if local else None
    if chain.names[-1:] == ("Government",) and chain.country is None:
        owner = unlisted or owner  # "the governor of Sud-Kivu"
    ownerless = chain.national and chain.country is None and _inherent_land(chain) is None
    supplied = ownerless and owner is None and bool(chain.names) and not local
    body = _OF_THE.join(chain.names)
    told = place(owner) if chain.minister and owner else None
    inherent = _inherent_land(chain)
    return Attribution(
        person,
        _organization(chain, owner or home, seat),
        country.place.country if country else told.code if told else inherent.code if inherent else None,
        reading.words(chain.first, chain.last),
        taken,
        _in_brackets(reading, chain.first),
        local and person is None,
        acting is not None,
        body if supplied else None,
        government=_called("Government", _owner(chain) or owner or home or "") if chain.minister else None,
        seatless=body if local and seat is None and chain.names[-1] not in _BARE else None,
    )


def find_clauses(
    reading: Reading, text: str, home: str | None, aliases: Mapping[str, str] | None = None
) -> list[tuple[int, int, Attribution | None]]:
    """The clauses parted by semicolons that have a source of their own, as (first item, item after, source).

    Where only the last ones name it and its figure, what stands before them is nobody's: "Some 160 set out; on
    Monday, the UN says, there were 7,000".

    Args:
        reading: the sentence.
        text: of the document.
        home: English name of the country that a body without one belongs to.
        aliases: short names that the text gives to bodies -> those bodies.
    """
    stops = reading.stops
    chains = [chain for chain in _chains(reading, text, aliases) if chain.names] if stops else []
    if len(chains) < 2:
        return _before_source(reading, stops, chains)
    verbs = reading.of("speech.verbs", "speech.according", "speech.counted", "measures", "acts")
    found: list[tuple[int, int, Attribution | None]] = []
    for first, last in pairwise([-1, *stops, len(reading.items)]):
        for chain in chains:
            end = max(chain.last, chain.country.last if chain.country else 0)
            beside = any(0 <= hit.first - end <= _AFTER or 0 <= chain.first - hit.last <= 1 for hit in verbs)
            if first < chain.first < last and beside:
                owner = None if _is_local(chain) else home
                seat = _seat(reading, chain, home) if _is_local(chain) else None
                land = _inherent_land(chain)
                country = chain.country.place.country if chain.country else land.code if land else None
                words = reading.words(chain.first, chain.last)
                name = _organization(chain, owner, seat)
                found.append((first + 1, last, Attribution(None, name, country, words)))
                break
    return found


def _before_source(
    reading: Reading, stops: Sequence[int], chains: Sequence[_Chain]
) -> list[tuple[int, int, Attribution | None]]:
    """What stands before the clause of the only source of a sentence, where that clause has its own figure."""
    for chain in chains:
        stop = max((stop for stop in stops if stop < chain.first), default=0)
        if stop and reading.figures and reading.figures[-1] > chain.first:
            return [(0, stop, None)]
    return []


_AFTER = 3  # items between a body and the verb of its clause


def find_aliases(readings: Sequence[Reading], text: str) -> dict[str, str]:
    """The short names in brackets that a text gives to bodies: "the National Migration Institute (INM)"."""
    aliases: dict[str, str] = {}
    for reading in readings if "(" in text else ():
        items = reading.items
        for at in [i + 1 for i, item in enumerate(items) if item.text == "("]:
            if at + 1 >= len(items) or items[at + 1].text != ")":
                continue
            short = text[items[at].start : items[at].end]
            if not short.isupper() or len(short) < 2:
                continue
            for chain in _chains(reading, text):
                end = max(chain.last, chain.country.last if chain.country else 0)
                if chain.names and end == at - 1:
                    aliases[short] = _organization(chain, None) or short
    return aliases


def _is_lone(reading: Reading, chain: _Chain) -> bool:
    """Whether an office is that of somebody who speaks for no body: the director of a school."""
    return not chain.names and any(
        hit.first < chain.last and chain.first < hit.last for hit in reading.of("source.alone")
    )


def _alone(
    reading: Reading,
    people: Sequence[tuple[int, int, str]],
    chain: _Chain | None,
    speech: Sequence[Hit],
) -> Hit | None:
    """Who speaks for no body, nearer to the verb of speech than any body is."""
    best: tuple[int, Hit] | None = None
    for hit in reading.of("source.alone"):
        end = next((last for first, last, _ in people if 0 <= first - hit.last <= 1), hit.last)
        if chain is not None and chain.names and 0 <= chain.first - end <= _JOINED:
            continue  # "the economist Ali Sample of the National Bank"
        for verb in speech:
            apart = min(_apart(hit, verb.first, verb.last), abs(verb.first - end))
            if apart <= _BESIDE and (best is None or apart < best[0]):
                best = apart, hit
    if best is None:
        return None
    if chain is not None and any(
        min(_apart(verb, chain.first, chain.last) + reading.parted(chain.last, verb.first), _NEAR) <= best[0]
        for verb in speech
    ):
        return None
    return best[1]


def _apart(hit: Hit, first: int, last: int) -> int:
    """How many items stand between a phrase and a stretch of items."""
    return max(first - hit.last, hit.first - last, 0)


_OFFICE = 3  # items that the office of a person named beside it counts as nearer
_JOINED = 3  # items between a person and the body they speak for
_BESIDE = 3  # items between a verb of speech and who speaks for nobody


def _listens(reading: Reading, chain: _Chain) -> bool:
    """Whether a body is only told: "the premier told parliament"."""
    return any(0 <= chain.first - hit.last <= 1 for hit in reading.of("speech.told"))


def _by_pronoun(reading: Reading, speech: Sequence[Hit]) -> bool:
    """Whether "he" or "she" stands at a verb of speech."""
    return any(
        0 <= pronoun.first - hit.last <= 1 or 0 <= hit.first - pronoun.last <= 1
        for pronoun in reading.of("speech.pronouns")
        for hit in speech
    )


def _state(reading: Reading, speech: Sequence[Hit]) -> Attribution | None:
    """The government meant where its country or capital speaks: "Baku disputes", "according to Ankara"."""
    for named in reading.named:
        land = place(named.place.country) if named.place.country else None
        if (
            named.form != "name"
            or land is None
            or not (named.place is land or named.place.is_capital_of(land))
        ):
            continue
        if any(_speaks(reading, named, hit) for hit in speech):
            taken = frozenset() if named.place is land else frozenset(range(named.first, named.last))
            words = reading.words(named.first, named.last)
            return Attribution(None, _called("Government", land.name), land.code, words, taken)
    return None


_PARTICLES = 2  # short words between a subject and its verb: "Nicosie en a ..."
_PARTICLE = 3  # letters of such a word, at most


def _speaks(reading: Reading, named: Named, hit: Hit) -> bool:
    """Whether a name is the subject of a verb of speech, or what is cited."""
    if hit.category in {"speech.according", "speech.citing"}:
        return named.first == hit.last
    if hit.category != "speech.verbs" or named.roles or not 0 <= hit.first - named.last <= _PARTICLES:
        return False
    return all(len(item.text) <= _PARTICLE for item in reading.items[named.last : hit.first])


def _of_land(reading: Reading, chain: _Chain, land: str | None) -> str | None:
    """The country meant by "the ministry of that country": the last one named, else that of the text."""
    if reading.at("role.country", chain.last) is None and reading.at("role.country", chain.last + 1) is None:
        return None
    before = [
        named.place.name
        for named in reading.named
        if named.last <= chain.first and named.form == "name" and named.place.kind == "country"
    ]
    return before[-1] if before else land


def _inherent_land(chain: _Chain | None) -> Place | None:
    """The country of a body that has but one: "Home Office of the United Kingdom"."""
    names = reversed(chain.names) if chain is not None else ()
    return next((owner for owner in map(_inherent_owner, names) if owner is not None), None)


def _inherent_owner(name: str) -> Place | None:
    """The country in the name of a body, as in "Rosstat of Russia"."""
    owner = place(name.rpartition(" of ")[2].removeprefix("the ")) if " of " in name else None
    return owner if owner is not None and owner.kind == "country" else None


def lands_of_bodies(reading: Reading) -> list[str]:
    """Alpha-3 codes of the countries that have the bodies which a sentence names, where but one country has each."""
    bodies = reading.of("source")
    owners = [_inherent_owner(str(hit.value[1])) for hit in bodies] if bodies else ()
    return [owner.code for owner in owners if owner is not None]


def _seat(reading: Reading, chain: _Chain, home: str | None) -> str | None:
    """The region or city of a local body that is named without one: the nearest in its sentence."""
    if chain.names[-1] in _OF_STATES or (chain.country is not None and not _is_of_land(chain)):
        return chain.country.place.name if chain.country is not None else None
    kinds = (
        set(SEATS) if chain.names[-1] in _OF_TOWNS else {"region"} if chain.regional else {"region", "city"}
    )
    land = place(home) if home else None
    around = [
        named
        for named in reading.named
        if named.form == "name"
        and named.place.kind in kinds
        and named.place.country is not None
        and ("from" not in named.roles or _stands_behind(reading, chain, named))
    ]
    # Of another country only a place that heads the sentence, or stands beside the body.
    home_land = land.code if land is not None else None
    around = [named for named in around if home_land in {None, named.place.country}] or [
        named for named in around if named.first <= 1 or 0 <= named.first - chain.last <= 1
    ]
    around = [named for named in around if not _heads_line(reading, named)] or around
    nearest = min(around, key=lambda named: abs(named.first - chain.first), default=None)
    if nearest is None:
        return None
    return nearest.place.name


def _stands_behind(reading: Reading, chain: _Chain, named: Named) -> bool:
    """Whether nothing but "of" stands between a body and a name: "la préfecture d'Agrigente"."""
    between = reading.items[chain.last : named.first]
    return 0 <= named.first - chain.last <= _OF and all(len(item.text) <= _AND for item in between)


_OF = 2  # items of "of", an apostrophe among them


def _heads_line(reading: Reading, named: Named) -> bool:
    """Whether a name stands at the head of a line, before a mark, and may only say where the report was written."""
    after = reading.items[named.last : named.last + 1]
    return named.first == 0 and bool(after) and after[0].text in _HEADS


_HEADS = {".", "-", "–", "—", "("}


def find_seats(
    readings: Sequence[Reading], kinds: Collection[str], lands: Collection[str | None] | None
) -> list[list[Place]]:
    """The towns or regions in some countries, or in all, that each sentence names.

    Where a report was written counts only if no other is named in all of the text.
    """
    named = [
        [
            other
            for other in reading.named
            if other.form == "name"
            and other.place.kind in kinds
            and (lands is None or other.place.country in lands)
        ]
        for reading in readings
    ]
    inside = [
        [other for other in names if not _heads_line(reading, other)]
        for reading, names in zip(readings, named, strict=True)
    ]
    return [[other.place for other in names] for names in (inside if any(inside) else named)]


def _sits_in_capital(chain: _Chain) -> bool:
    """Whether a body that a country has as well as its towns is said to be in the capital: "police in Ljubljana"."""
    named = chain.country
    if named is None or _BARE.isdisjoint(chain.names[-1:]) or "in" not in named.roles:
        return False
    land = place(named.place.country or "")
    return land is not None and named.place.is_capital_of(land)


def _unlisted_seat(reading: Reading, text: str, chain: _Chain) -> str | None:
    """The town of a local body that no list of names has: "the mayor of Briançon"."""
    link = reading.at("source.from", chain.last)
    if link is None or any(reading.at(noun, at) for noun in _LANDS for at in (chain.last, link.last)):
        return None
    first = last = link.last
    items = reading.items
    while last < len(items) and last - first < _SEAT:
        if not is_name(text, items[last]) and (last == first or items[last].text != "-"):
            break
        last += 1
    listed = any(named.first < last and first < named.last for named in reading.named)
    name = text[items[first].start : items[last - 1].end] if last > first else ""
    return name if name and not listed and name[0] < _NOT_LATIN else None


_LANDS = ("role.region", "role.country")  # "the authorities of the region"
_SEAT = 3  # words of the name of a town, at most
_NOT_LATIN = "\u0250"


_OF_STATES = {"Embassy", "Consulate General"}
_BARE = _OF_STATES | {"Police"}  # bodies that a country has as well as its towns


def find_body(reading: Reading, text: str, home: str | None) -> Attribution | None:
    """The body that a sentence names last; None where it names none."""
    named = [chain for chain in _chains(reading, text) if chain.names]
    if not named:
        return None
    chain = named[-1]
    country = chain.country.place.country if chain.country else None
    return Attribution(None, _organization(chain, home), country, reading.words(chain.first, chain.last))


def is_local(found: Attribution | None) -> bool:
    """Whether who speaks is one of many bodies of its kind, as a town hall."""
    return found is not None and found.seatless is not None


def _is_local(chain: _Chain) -> bool:
    if not chain.names or not (chain.names[-1] in _LOCAL or chain.regional):
        return False
    return chain.country is None or _is_of_land(chain)


def _is_of_land(chain: _Chain) -> bool:
    """Whether a town hall stands beside a country, whose it cannot be."""
    land = chain.country is not None and chain.country.place.kind == "country"
    return land and bool(chain.names) and chain.names[-1] in _OF_TOWNS


def _subject(reading: Reading, chain: _Chain) -> str | None:
    """The country that the sentence begins with: "Poland has taken in ..., its border guard said"."""
    if any(hit.last == chain.first or hit.first == chain.last for hit in reading.of("role.country")):
        lands = (other for other in reading.named if other.place.kind == "country" and other.form == "name")
        near = min(lands, key=lambda other: abs(other.first - chain.first), default=None)
        if near is not None:
            return near.place.name  # "... entered Kazakhstan, the country's interior ministry said"
    citizens = {hit.last for hit in reading.of("group") if hit.value[0] == "citizens"}
    citizens |= {named.first for named in reading.named if named.form == "people"}
    # "Of Russia 220 thousand citizens came", as languages with the genitive in front have it.
    nouns = [hit.first for hit in reading.of("group") if hit.value[0] == "citizens"]
    citizens |= {
        named.first
        for named in reading.named
        if named.last in reading.figures and any(0 <= noun - named.last <= _NOUN for noun in nouns)
    }
    for named in reading.named:
        if (
            named.first < chain.first
            and named.first not in citizens
            and named.form == "name"
            and not named.roles
            and named.place.kind == "country"
            and (chain.first - named.last <= _WHOSE or _counts(reading, named))
        ):
            return named.place.name
    return None


_NOUN = 4  # items from a figure to its noun, at most
_WHOSE = 2  # items of ", whose" between a country and its body


def _counts(reading: Reading, named: Named) -> bool:
    """Whether the clause that a name begins has a figure: "Since Moscow called up men, ..." has none."""
    end = next(
        (i for i in range(named.last, len(reading.items)) if reading.items[i].text in {",", ";"}), None
    )
    return any(named.last <= figure and (end is None or figure < end) for figure in reading.figures)


def _in_brackets(reading: Reading, at: int) -> bool:
    marks = [item.text for item in reading.items[:at] if item.text in {"(", ")"}]
    return bool(marks) and marks[-1] == "("


def find_release(readings: Sequence[Reading], text: str, home: str | None) -> Attribution | None:
    """Who speaks in all of a text: the body that issues it, or whom it interviews; None where nobody does.

    A body issues it where its first lines say so ("press release", "operational update") or are its letterhead.

    Args:
        readings: the first sentences.
        text: of the document.
        home: English name of the country that the body belongs to.
    """
    issued = any(reading.of("speech.release") for reading in readings)
    for reading in readings:
        forms = {i for hit in reading.of("speech.release") for i in range(hit.first, hit.last)}
        found = _chains(reading, text)
        if forms:
            bodies = find_bodies(reading, text)
            found = _joined_up(
                reading, [hit for hit in bodies if forms.isdisjoint(range(hit.first, hit.last))]
            )
        chains = [chain for chain in found if chain.names]
        titled = bool(reading.of("speech.release")) and not reading.of("measures", "speech.verbs")
        if chains and ((issued and not reading.figures) or titled or _is_letterhead(reading, chains)):
            # A letterhead goes from the ministry down to its committee.
            names = [name for chain in chains for name in chain.names]
            names.sort(key=lambda name: name.startswith("Ministry"))
            whole = replace(chains[0], names=tuple(dict.fromkeys(names)))
            return Attribution(
                None,
                _organization(whole, home),
                next((chain.country.place.country for chain in chains if chain.country), None),
                reading.words(whole.first, chains[-1].last),
            )
    return _find_interviewed(readings, text, home)


def _is_letterhead(reading: Reading, chains: Sequence[_Chain]) -> bool:
    """Whether a line is nothing but names of bodies and what parts them, or ends in one in brackets."""
    if not reading.figures and _alone_in_brackets(reading, chains):
        return True  # "Key figures as of 12 May (UNHCR)"
    inside = {i for chain in chains for i in range(chain.first, chain.last)}
    inside |= {i for named in reading.named for i in range(named.first, named.last)}
    return all(
        i in inside or item.kind in "pd" or (item.kind == "w" and len(item.text) <= _AND)
        for i, item in enumerate(reading.items)
    )


_AND = 3  # letters of a word that joins two names, at most


def _find_interviewed(readings: Sequence[Reading], text: str, home: str | None) -> Attribution | None:
    """The person whom a text interviews, with the body named beside them."""
    if not any(
        reading.of("speech.interview") and not reading.of("speech.verbs", "speech.told")
        for reading in readings
    ):
        return None
    for reading in readings:
        people = find_people(reading, text)
        body = find_body(reading, text, home) if people else None
        if body is not None:
            return replace(body, speaker=people[0][2])
    return None


def _acting(reading: Reading, chains: Sequence[_Chain]) -> _Chain | None:
    """The body that did itself what is counted: it stands right at the verb, with no preposition before it."""
    deeds = reading.of("measures", "acts", "documents")
    for chain in chains:
        end = max(chain.last, chain.country.last if chain.country else 0)
        start = min(chain.first, chain.country.first if chain.country else chain.first)
        article = (
            start == 1 and len(reading.items[0].text) == 1
        )  # Portuguese "a" is an article and a preposition
        if not chain.names or (
            not article and any(reading.ending(f"role.{role}", start) for role in _PREPOSITIONS)
        ):
            continue
        if any(0 <= deed.first - end <= 1 or deed.last == start for deed in deeds):
            return chain
        if _leads(reading, start) and any(end < figure for figure in reading.figures) and deeds:
            return chain  # "The committee has, since Monday, given out 300 permits"
    return None


def _leads(reading: Reading, start: int) -> bool:
    """Whether a body is what a sentence begins with, but for an article, or its headline before a colon."""
    begin = next((i + 1 for i in range(start - 1, -1, -1) if reading.items[i].kind == "p"), 0)
    return start - begin <= 1 and not any(begin <= figure < start for figure in reading.figures)


_PREPOSITIONS = ("to", "from", "in", "via", "between")


def _opens(reading: Reading, text: str, chains: Sequence[_Chain]) -> bool:
    """Whether a body stands before a colon at the beginning, or after a dash at the end: a headline."""
    items = reading.items
    for chain in chains:
        end = max(chain.last, chain.country.last if chain.country else 0)
        while chain.names and end < len(items) and is_name(text, items[end]):
            end += 1  # the minister by name
        if chain.first <= 2 and _colon_follows(reading, end):
            return True
        start = min(chain.first, chain.country.first if chain.country else chain.first)
        dashed = start > 0 and items[start - 1].text in {"–", "—", "-"}
        if dashed and (end >= len(items) - 2 or items[end].text == ";"):
            return True
    return False


def _colon_follows(reading: Reading, end: int) -> bool:
    """Whether a colon stands right behind, or behind the days that are told of: "Border guard, 28 August:"."""
    reach = range(end, min(end + _DATED, len(reading.items)))
    colon = next((i for i in reach if reading.items[i].text == ":"), None)
    if colon is None or colon == end:
        return colon is not None
    between = reading.items[end:colon]
    dated = any(item.kind == "d" for item in between)
    return dated and all(item.kind in "wd" or item.text == "," for item in between)


def _signs(reading: Reading, chains: Sequence[_Chain]) -> bool:
    """Whether a line is nothing but the name of a body, as under a list of its figures."""
    return any(
        chain.names
        and min(chain.first, chain.country.first if chain.country else chain.first) == 0
        and max(chain.last, chain.country.last if chain.country else 0) >= len(reading.items) - 1
        for chain in chains
    )


def _alone_in_brackets(reading: Reading, chains: Sequence[_Chain]) -> bool:
    """Whether brackets hold a body and nothing else: "... 730,300 (Rosstat)"."""
    items = reading.items
    return any(
        chain.names
        and chain.first > 0
        and items[chain.first - 1].text == "("
        and items[min(max(chain.last, chain.country.last if chain.country else 0), len(items) - 1)].text
        == ")"
        for chain in chains
    )


_UNNAMED = {_MINISTER, _OFFICIALS}


def _chains(reading: Reading, text: str, aliases: Mapping[str, str] | None = None) -> list[_Chain]:
    """The bodies and offices of a sentence, found once without aliases of the text and once with them."""
    known: list[_Chain] | None = reading.chains.get(bool(aliases))
    if known is None:
        bodies = find_bodies(reading, text, aliases)
        known = reading.chains[bool(aliases)] = _joined_up(reading, bodies) if bodies else []
    return known


def _joined_up(reading: Reading, hits: Sequence[Hit]) -> list[_Chain]:
    chains: list[_Chain] = []
    hits = [hit for n, hit in enumerate(hits) if not (n and _abbreviates(reading, hits[n - 1], hit))]
    i = 0
    while i < len(hits):
        group = [hits[i]]
        while i + 1 < len(hits) and _joined(reading, group[-1], hits[i + 1]):
            i += 1
            group.append(hits[i])
        i += 1
        names = []
        for hit in group:
            name = str(hit.value[1])
            name = "Government" if name == _REGIONAL_GOVERNMENT else name
            if name and name not in names and name not in _UNNAMED:
                names.append(name)
        names = [name for name in names if not any(name != other and name in other for other in names)]
        if len(names) > 1 and "President" in names:
            names.remove("President")  # of a commission, and of no country
        names.sort(key=_is_whole)  # where the whole stands before its part: "the ministry's service"
        national = any(hit.value[0] != "abbreviations" and hit.value[1] for hit in group)
        country = _country(reading, group)
        if not national and country is not None and group[0].first <= country.first < group[-1].last:
            country = None  # the Norwegian Refugee Council works anywhere
        if names == ["President"] and country is not None and country.place.kind in _PRESIDED:
            names = [_PRESIDED[country.place.kind]]  # Polish "prezydent Przemyśla" is its mayor
        if not names and country is not None and any(hit.value[1] == _OFFICIALS for hit in group):
            names.append("Government")
        chains.append(
            _Chain(
                group[0].first,
                group[-1].last,
                tuple(names),
                national,
                country,
                any(hit.value[0] == "regional" or _is_regional(reading, hit) for hit in group),
                not names and any(hit.value[1] == _MINISTER for hit in group),
            )
        )
    return chains


# What a president of no country is the head of.
_PRESIDED = {"city": "City", "region": "Government"}


def _abbreviates(reading: Reading, whole: Hit, short: Hit) -> bool:
    """Whether a body in brackets is the one right before them by its short name: "State Border Guard (VSAT)"."""
    items = reading.items
    return (
        short.first - whole.last == 1
        and items[whole.last].text == "("
        and short.last < len(items)
        and items[short.last].text == ")"
    )


def _is_regional(reading: Reading, hit: Hit) -> bool:
    """Whether a word beside a body says that it is that of a region: "the republic's ministry"."""
    beside = reading.ending("source.topics", hit.first), reading.at("source.topics", hit.last)
    if hit.value[1] == _REGIONAL_GOVERNMENT:
        return True
    return bool(hit.value[1]) and any(word is not None and word.value in LEVELS for word in beside)


def _is_whole(name: str) -> bool:
    """Whether a body is one that others belong to."""
    return name.startswith("Ministry") or name == "National Security Committee"


def _joined(reading: Reading, hit: Hit, following: Hit) -> bool:
    """Whether the next body is the one that this one belongs to; "UNHCR and IOM" are two."""
    if hit.value[0] == following.value[0] == "abbreviations":
        return False
    between = reading.items[hit.last : following.first]
    if len(between) > 4:
        return False
    inside = {i for named in reading.named for i in range(named.first, named.last)}
    inside |= {i for word in reading.of("source.of") for i in range(word.first, word.last)}
    return all(
        item.kind == "w" and (len(item.text) <= 4 or hit.last + n in inside) for n, item in enumerate(between)
    )


def _country(reading: Reading, group: Sequence[Hit]) -> Named | None:
    """The country named right after the bodies, among them, or right before."""
    first, last = group[0].first, group[-1].last
    after = [
        named
        for named in reading.named
        if 0 <= named.first - last <= 2 and named.form != "people" and not {"to", "in", "from"} & named.roles
    ]
    host = [named for named in reading.named if 0 <= named.first - last <= 1 and named.form == "name"]
    inner = [named for named in reading.named if first <= named.first < last]
    before = [
        named
        for named in reading.named
        if named.last == first and (named.form == "adjective" or (named.form == "name" and not named.roles))
    ] or [
        named
        for named in reading.named
        if named.last == first - 1
        and (named.form == "adjective" or reading.items[named.last].text in _GENITIVES)
    ]
    for named in (*after, *inner, *before, *host):
        gap = reading.items[last : named.first] if named.first >= last else []
        if all(item.kind == "w" and len(item.text) <= 4 for item in gap):
            return named
    return None


_GENITIVES = {"'", "’"}  # "the Canary Islands' government"


def _organization(chain: _Chain, home: str | None, seat: str | None = None) -> str | None:
    if not chain.names:
        return None
    if _inherent_land(chain) is not None:
        return _OF_THE.join(chain.names)
    country = _owner(chain)
    owner = country or (seat if _is_local(chain) else home if chain.national else None)
    body = _OF_THE.join(chain.names)
    return _called(body, owner) if owner else body


def _called(body: str, owner: str) -> str:
    """The name of a body with that of whose it is, as the country itself calls it in English."""
    if _INTERIOR in body and owner == "United Kingdom":
        body = body.replace(_INTERIOR, "Home Office")
    elif _INTERIOR in body and not _says_internal_affairs(owner):
        body = body.replace(_INTERIOR, "Ministry of the Interior")
    return f"{body} of {_ENGLISH.get(owner, owner)}" if owner else body


_OF_THE = " of the "
_ENGLISH = {
    "Türkiye": "Turkey",
    "United Kingdom": "the United Kingdom",
    "United States": "the United States",
    "Czechia": "the Czech Republic",
    "Hong Kong SAR China": "Hong Kong",
    "Macao SAR China": "Macao",
    "Myanmar (Burma)": "Myanmar",
    "Congo - Kinshasa": "the Democratic Republic of the Congo",
    "Congo - Brazzaville": "the Republic of the Congo",
    "Côte d’Ivoire": "Ivory Coast",
    "Bosnia & Herzegovina": "Bosnia and Herzegovina",
    "Palestinian Territories": "Palestine",
    "Dominican Republic": "the Dominican Republic",
    "Central African Republic": "the Central African Republic",
}


# States that came out of the Soviet Union kept its name of the ministry; others say "of the Interior".
_INTERIOR = "Ministry of Internal Affairs"
_INTERNAL_AFFAIRS = frozenset(
    {"RUS", "UKR", "BLR", "MDA", "GEO", "ARM", "AZE", "KAZ", "UZB", "KGZ", "TJK", "TKM"}
)


def _says_internal_affairs(owner: str) -> bool:
    found = place(owner)
    return found is None or found.country in _INTERNAL_AFFAIRS


def _owner(chain: _Chain) -> str | None:
    """Whose a body is: the country or region beside it; of a city, the country, if the body is national."""
    where = chain.country.place if chain.country else None
    if where is None or not chain.national or _is_of_land(chain):
        return None
    if _sits_in_capital(chain):
        land = place(where.country or "")
        return land.name if land is not None else None
    single = any(name.startswith(_OF_LANDS) for name in chain.names)
    town = where.kind == "city" and not chain.regional
    if (single or town) and where.country and not set(chain.names) & _LOCAL:
        land = place(where.country)
        return land.name if land else where.name
    return where.name


# How bodies begin of which a country has but one, and a region none.
_OF_LANDS = (
    "Border", "State Border", "National", "Federal", "Coast Guard", "Customs", "Army", "Navy", "Security Service",
    "State Security", "Foreign", "General Security", "Ministry of Foreign", "Ministry of Defence",
)  # fmt: skip


def _speaking(
    reading: Reading, chains: Sequence[_Chain], speech: Sequence[Hit], people: Sequence[tuple[int, int, str]]
) -> _Chain | None:
    """The body that speaks: what is cited first, else the one nearest to a verb of speech.

    The office of a person named beside it is nearer than any other: "told the council the police chief Ali Sample".
    """
    named = [chain for chain in chains if chain.names]
    if not named:
        return chains[0] if chains else None
    if not speech:
        return named[0]

    def cost(chain: _Chain, hit: Hit) -> float:
        if hit.category == "speech.credit" and chain.last == hit.first:
            return -4  # "the ministry's data", where these follow
        if hit.category in {"speech.citing", "speech.according", "speech.credit"}:
            return chain.first - hit.last - 4 if 0 <= chain.first - hit.last <= _NEAR else 99
        apart = chain.first - hit.last if chain.first >= hit.last else hit.first - chain.last
        if any(hit.last <= that.first < chain.first for that in reading.of("speech.that")):
            apart += _OFFICE  # "the ministry says that the authorities registered ..."
        end = max(chain.last, chain.country.last if chain.country else 0)
        beside = any(first in (end, end + 1) or last == chain.first for first, last, _ in people)
        return max(apart, 0) - (_OFFICE if beside else 0)

    best = min(named, key=lambda chain: min(cost(chain, hit) for hit in speech))
    if min(cost(best, hit) for hit in speech) <= 2 * _NEAR:
        return best
    cited = any(0 <= chain.first - hit.last <= 1 for chain in chains if not chain.names for hit in speech)
    return named[-1] if cited else None  # "the Red Cross houses 24, according to its spokesman"


def _person(
    people: Sequence[tuple[int, int, str]], chain: _Chain | None, speech: Sequence[Hit]
) -> str | None:
    """The person beside the office or the verb of speech."""
    anchors = [(hit.first, hit.last, 4) for hit in speech]
    if chain is not None:
        anchors.append((chain.first, max(chain.last, chain.country.last if chain.country else 0), 3))
    best: tuple[int, str] | None = None
    for first, last, name in people:
        for start, end, reach in anchors:
            apart = first - end if first >= end else start - last
            if apart <= reach and (best is None or apart < best[0]):
                best = apart, name
    return best[1] if best else None


def with_known(found: Attribution, known: Mapping[str, Attribution]) -> Attribution:
    """An attribution to a person whose body was named elsewhere in the document, completed."""
    if found.organization or not found.speaker:
        return found
    other = known.get(found.speaker)
    if other is None:
        return found
    return replace(found, organization=other.organization, country=other.country)
