"""Who states a figure: the person, the office, the body, as the text names them.

Pure. Bodies are given in English, office before country: "Ministry of Internal Affairs of Georgia".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from tolqyn.extract.attribution import Attribution
from tolqyn.extract.chains import Chain, find_chains
from tolqyn.extract.outlets import find_outlet
from tolqyn.extract.owners import (
    BARE,
    OF_THE,
    called,
    inherent_land,
    is_local_body,
    organization_of,
    owner_of,
)
from tolqyn.extract.people import find_people
from tolqyn.extract.reading import Named, Reading
from tolqyn.extract.seats import find_seat, unlisted_seat
from tolqyn.extract.unspoken import alone_in_brackets, find_acting, opens_line, signs_line
from tolqyn.languages import Hit
from tolqyn.places import place

__all__ = ["find_aliases", "find_attribution", "find_body", "find_clauses"]

_HEAD = 8  # items that the name of an outlet may take before its colon
_NEAR = 12  # items between a verb of speech and who speaks


_GOES_ON = Attribution(None, None, by_pronoun=True)


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
    speech = reading.among("speech.verbs", "speech.according", "speech.citing", "speech.credit")
    chains = find_chains(reading, text, aliases)
    chains = [chain for chain in chains if not _listens(reading, chain) and not _is_lone(reading, chain)]
    acting = None
    headed = not (speech or chains)
    if headed and all(item.text != ":" for item in reading.items[:_HEAD]):
        return None
    if chains and not (speech or opens_line(reading, text, chains)):
        acting = find_acting(reading, chains)
        if not (acting or alone_in_brackets(reading, chains) or signs_line(reading, chains)):
            return None
    people = find_people(reading, text, {i for chain in chains for i in range(chain.first, chain.last)})
    chain = acting or _speaking(reading, chains, speech, people)
    outlet = find_outlet(reading, text, people) if chain is None or not chain.names else None
    if headed and outlet is None:
        return None
    if outlet is not None and (
        chain is None
        or outlet.person is not None
        or max(outlet.first - chain.last, chain.first - outlet.last) <= 1
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
    state = _state(reading, speech)
    if chain is None and person is None:
        return state or (_GOES_ON if _by_pronoun(reading, speech) else None)
    taken = state.taken if state is not None else frozenset[int]()
    if chain is None:
        return Attribution(person, None, taken=taken)
    return _of_body(reading, text, chain, person, home, land, taken, acts=acting is not None)


def _of_body(
    reading: Reading,
    text: str,
    chain: Chain,
    person: str | None,
    home: str | None,
    land: str | None,
    taken: frozenset[int],
    *,
    acts: bool,
) -> Attribution:
    """The attribution to a body, and to the person who speaks for it."""
    country = chain.country
    taken |= frozenset(range(chain.first, chain.last))
    for named in reading.named:
        # "Russia's ambassador in Helsinki": neither says where people moved.
        beside = chain.national and 0 <= named.first - chain.last <= 1
        beside = beside and reading.items[named.first - 1].kind == "w"
        if named is country or (beside and not {"to", "from"} & named.roles):
            taken |= frozenset(range(named.first, named.last))
    owner = _of_land(reading, chain, land) or _of_twin(reading, text, chain)
    owner = owner or _subject(reading, chain) or _in_capital(reading, chain)
    local = is_local_body(chain)
    unlisted = unlisted_seat(reading, text, chain)
    seat = (unlisted or find_seat(reading, chain, home)) if local else None
    if chain.names[-1:] == ("Government",) and chain.country is None:
        owner = unlisted or owner  # "the governor of Sud-Kivu"
    ownerless = chain.national and chain.country is None and inherent_land(chain) is None
    supplied = ownerless and owner is None and bool(chain.names) and not local
    body = OF_THE.join(chain.names)
    told = place(owner) if chain.minister and owner else None
    inherent = inherent_land(chain)
    return Attribution(
        person,
        organization_of(chain, owner or home, seat),
        country.place.country if country else told.code if told else inherent.code if inherent else None,
        reading.words(chain.first, chain.last),
        taken,
        _in_brackets(reading, chain.first),
        local and person is None,
        acts,
        body=body if supplied else None,
        government=called("Government", owner_of(chain) or owner or home or "") if chain.minister else None,
        seatless=body if local and seat is None and chain.names[-1] not in BARE else None,
    )


def find_clauses(
    reading: Reading, text: str, home: str | None, aliases: Mapping[str, str] | None = None
) -> list[tuple[int, int, Attribution | None]]:
    """The clauses that have a source of their own, as (first item, item after, source): parted by semicolons, or by a comma between two.

    Where only the last ones name it and its figure, what stands before them is nobody's: "Some 160 set out; on
    Monday, the UN says, there were 7,000".

    Args:
        reading: the sentence.
        text: of the document.
        home: English name of the country that a body without one belongs to.
        aliases: short names that the text gives to bodies -> those bodies.
    """
    stops = reading.stops
    chains = [chain for chain in find_chains(reading, text, aliases) if chain.names]
    if not stops:
        return _by_figure(reading, text, home, chains) if len(chains) > 1 else []
    if len(chains) < 2:
        return _before_source(reading, stops, chains)
    verbs = reading.among("speech.verbs", "speech.according", "speech.counted", "measures", "acts")
    found: list[tuple[int, int, Attribution | None]] = []
    for first, last in pairwise([-1, *stops, len(reading.items)]):
        for chain in chains:
            beside = any(
                0 <= hit.first - chain.end <= _AFTER or 0 <= chain.first - hit.last <= 1 for hit in verbs
            )
            if first < chain.first < last and beside:
                found.append((first + 1, last, _as_source(reading, chain, home)))
                break
    return found


def _as_source(reading: Reading, chain: Chain, home: str | None) -> Attribution:
    """A body as the source of a clause."""
    owner = None if is_local_body(chain) else home
    seat = find_seat(reading, chain, home) if is_local_body(chain) else None
    land = inherent_land(chain)
    country = chain.country.place.country if chain.country else land.code if land else None
    return Attribution(
        None, organization_of(chain, owner, seat), country, reading.words(chain.first, chain.last)
    )


def _by_figure(
    reading: Reading, text: str, home: str | None, chains: Sequence[Chain]
) -> list[tuple[int, int, Attribution | None]]:
    """The two parts of a sentence in which two bodies speak: "1,600 return, Ankara's minister said, while Jordan's said 7,250".

    Each has its figures before it or behind it; where one has both, nothing tells which are whose.
    """
    people = find_people(reading, text, {i for chain in chains for i in range(chain.first, chain.last)})
    said = [chain for chain in chains if _has_said(reading, chain, people)]
    if len(said) != 2 or said[0].names == said[1].names:
        return []
    one, other = said
    before = any(at < one.start for at in reading.figures)
    between = any(one.end <= at < other.start for at in reading.figures)
    after = any(at >= other.end for at in reading.figures)
    if before + between + after != 2:
        return []
    marks = [i for i in range(one.end, other.start) if reading.items[i].text == ","]
    if not marks:
        return []
    cut = marks[0] if not after else marks[-1]
    if any(one.end <= at < cut for at in reading.figures) != (not before):
        return []
    sources = [
        replace(
            _as_source(reading, chain, home),
            speaker=_person(people, chain, []),
            taken=frozenset(range(chain.first, chain.last)),
        )
        for chain in said
    ]
    return [(0, cut, sources[0]), (cut, len(reading.items), sources[1])]


def _has_said(reading: Reading, chain: Chain, people: Sequence[tuple[int, int, str]]) -> bool:
    """Whether a verb of speech stands beside a body or the person who speaks for it, or it is cited."""
    named = next((last for first, last, _ in people if 0 <= first - chain.end <= 1), chain.end)
    _, end = reading.clause(named)
    return any(
        named <= hit.first < end or 0 <= hit.first - named <= 1 or 0 <= chain.start - hit.last <= 1
        for hit in reading.among("speech.verbs", "speech.according")
    )


def _before_source(
    reading: Reading, stops: Sequence[int], chains: Sequence[Chain]
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
            for chain in find_chains(reading, text):
                if chain.names and chain.end == at - 1:
                    aliases[short] = organization_of(chain, None) or short
    return aliases


def _is_lone(reading: Reading, chain: Chain) -> bool:
    """Whether an office is that of somebody who speaks for no body: the director of a school."""
    return not chain.names and any(
        hit.first < chain.last and chain.first < hit.last for hit in reading.of("source.alone")
    )


def _alone(
    reading: Reading,
    people: Sequence[tuple[int, int, str]],
    chain: Chain | None,
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


_APPOSED = {",", "–", "—", "-"}  # between a person and their office: "Ali Sample – minister of labour"
_OFFICE = 3  # items that the office of a person named beside it counts as nearer
_JOINED = 3  # items between a person and the body they speak for
_BESIDE = 3  # items between a verb of speech and who speaks for nobody


def _listens(reading: Reading, chain: Chain) -> bool:
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
            return Attribution(None, called("Government", land.name), land.code, words, taken)
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


def _of_land(reading: Reading, chain: Chain, land: str | None) -> str | None:
    """The country meant by "the ministry of that country": the last one named, else that of the text."""
    if reading.at("role.country", chain.last) is None and reading.at("role.country", chain.last + 1) is None:
        return None
    before = [named for named in _lands(reading) if named.last <= chain.first]
    return before[-1].place.name if before else land


def _lands(reading: Reading) -> list[Named]:
    """The countries that a sentence names, without those that people only come from, where it names others."""
    lands = [named for named in reading.named if named.form == "name" and named.place.kind == "country"]
    return [named for named in lands if named.roles != {"from"}] or lands


def _of_twin(reading: Reading, text: str, chain: Chain) -> str | None:
    """The country of the same body where a sentence names it twice: "the Armenian authorities have, their deputy premier said"."""
    twin = (
        other
        for other in find_chains(reading, text)
        if other.names == chain.names and other.country is not None
    )
    named = next(twin, None) if chain.country is None and chain.names else None
    return owner_of(named) if named is not None else None


def find_body(reading: Reading, text: str, home: str | None) -> Attribution | None:
    """The body that a sentence names last; None where it names none."""
    named = [chain for chain in find_chains(reading, text) if chain.names]
    if not named:
        return None
    chain = named[-1]
    country = chain.country.place.country if chain.country else None
    return Attribution(None, organization_of(chain, home), country, reading.words(chain.first, chain.last))


def _in_capital(reading: Reading, chain: Chain) -> str | None:
    """The country whose capital stands right before a body, as where it speaks: "In Jakarta, the minister denied ..."."""
    for named in reading.named:
        land = place(named.place.country or "")
        near = 0 <= chain.start - named.last <= _WHOSE + 1 and not any(
            named.last <= at < chain.start for at in reading.figures
        )
        if near and "in" in named.roles and land is not None and named.place.governs(land):
            return land.name
    return None


def _subject(reading: Reading, chain: Chain) -> str | None:
    """The country that the sentence begins with: "Poland has taken in ..., its border guard said"."""
    if any(hit.last == chain.first or hit.first == chain.last for hit in reading.of("role.country")):
        near = min(_lands(reading), key=lambda other: abs(other.first - chain.first), default=None)
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


def _speaking(
    reading: Reading, chains: Sequence[Chain], speech: Sequence[Hit], people: Sequence[tuple[int, int, str]]
) -> Chain | None:
    """The body that speaks: what is cited first, else the one nearest to a verb of speech.

    The office of a person named beside it is nearer than any other: "told the council the police chief Ali Sample".
    """
    named = [chain for chain in chains if chain.names]
    if not named:
        return chains[0] if chains else None
    if not speech:
        return named[0]

    def cost(chain: Chain, hit: Hit) -> float:
        if hit.category == "speech.credit" and chain.last == hit.first:
            return -4  # "the ministry's data", where these follow
        if hit.category in {"speech.citing", "speech.according", "speech.credit"}:
            return chain.first - hit.last - 4 if 0 <= chain.first - hit.last <= _NEAR else 99
        apart = chain.first - hit.last if chain.first >= hit.last else hit.first - chain.last
        if any(hit.last <= that.first < chain.first for that in reading.of("speech.that")):
            apart += _OFFICE  # "the ministry says that the authorities registered ..."
        beside = any(
            first in (chain.end, chain.end + 1)
            or last == chain.first
            or (last == chain.first - 1 and reading.items[last].text in _APPOSED)
            for first, last, _ in people
        )
        return max(apart, 0) - (_OFFICE if beside else 0)

    best = min(named, key=lambda chain: min(cost(chain, hit) for hit in speech))
    if min(cost(best, hit) for hit in speech) <= 2 * _NEAR:
        return best
    cited = any(0 <= chain.first - hit.last <= 1 for chain in chains if not chain.names for hit in speech)
    return named[-1] if cited else None  # "the Red Cross houses 24, according to its spokesman"


def _person(people: Sequence[tuple[int, int, str]], chain: Chain | None, speech: Sequence[Hit]) -> str | None:
    """The person beside the office or the verb of speech."""
    anchors = [(hit.first, hit.last, 4) for hit in speech]
    if chain is not None:
        anchors.append((chain.first, chain.end, 3))
    best: tuple[int, str] | None = None
    for first, last, name in people:
        for start, end, reach in anchors:
            apart = first - end if first >= end else start - last
            if apart <= reach and (best is None or apart < best[0]):
                best = apart, name
    return best[1] if best else None
