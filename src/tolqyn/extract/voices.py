"""Who speaks in each sentence of a document: named there, carried from before, or from just after.

Pure but for the names of places, which are read once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from tolqyn.extract.asides import heads_report
from tolqyn.extract.attribution import Attribution, is_local, with_known
from tolqyn.extract.headings import is_lone_name
from tolqyn.extract.people import find_people, find_surname, unify_names
from tolqyn.extract.reading import Reading
from tolqyn.extract.releases import find_release
from tolqyn.extract.seats import SEATS, find_seats
from tolqyn.extract.speakers import find_attribution, find_body
from tolqyn.extract.text import gazetteer_of
from tolqyn.languages import Language
from tolqyn.places import Place, place

__all__ = ["LETTERHEAD", "find_voices"]

LETTERHEAD = 6  # sentences among which a press release names the body that issues it
_CREDITED = 12  # sentences above the line that names their source, at most
_NAMED = 12  # sentences back to the body of an office, at most
_LEAD = 3  # sentences before the first speaker that are still theirs


def find_voices(
    readings: Sequence[Reading],
    text: str,
    owner: Place | None,
    focus: Place | None,
    language: Language,
    aliases: Mapping[str, str],
    *,
    issued: bool,
) -> tuple[list[Attribution | None], list[int | None]]:
    """Who speaks in each sentence, and the sentence that names them: the same, one before, or one just after.

    Args:
        readings: the sentences.
        text: of the document.
        owner: the country of bodies named without one.
        focus: the country that the text is about.
        language: of the text.
        aliases: short names that the text gives to bodies -> those bodies.
        issued: whether a body issued the text: then it is who speaks where nobody else does.
    """
    home, land = owner.name if owner else None, focus.name if focus else None
    own = [find_attribution(reading, text, home, land, aliases) for reading in readings]
    for n, found in enumerate(own):
        if found is not None:
            own[n] = _seated(readings, n, _beside_adjective(readings[n], text, found, language), owner)
    known = _unify(own, language)
    release = find_release(readings[:LETTERHEAD], text, home) if issued else None
    own = _credited(readings, own)
    _know_again(readings, text, own, known, language)
    result, heard = _carried(readings, text, own, release, home)
    _lead(readings, result, heard)
    return result, heard


def _unify(own: list[Attribution | None], language: Language) -> dict[str, Attribution]:
    """Give each speaker one form of their name, and the body known for it; speaker -> the attribution with the body."""
    names = unify_names([found.speaker for found in own if found and found.speaker], language.person_endings)
    known: dict[str, Attribution] = {}
    for found in own:
        if found and found.speaker and (found.organization or found.alone):
            known.setdefault(names[found.speaker], found)
    for n, found in enumerate(own):
        if found and found.speaker:
            own[n] = with_known(replace(found, speaker=names[found.speaker]), known)
    return known


def _know_again(
    readings: Sequence[Reading],
    text: str,
    own: list[Attribution | None],
    known: Mapping[str, Attribution],
    language: Language,
) -> None:
    """Put those in who are named by their last names alone once their full names are known."""
    surnames = {name.rpartition(" ")[2]: name for name in known}
    for n, reading in enumerate(readings if surnames else ()):
        said = own[n]
        unsure = said is None or said.is_bare or said.guessed
        name = find_surname(reading, text, surnames, language.person_endings) if unsure else None
        if name is None and said is not None and said.guessed:
            name = next((full for full in known if said.words in full.split()), None)
        if name is not None:
            own[n] = replace(known[name], taken=frozenset(), aside=False, acts=False)


def _carried(
    readings: Sequence[Reading],
    text: str,
    own: Sequence[Attribution | None],
    release: Attribution | None,
    home: str | None,
) -> tuple[list[Attribution | None], list[int | None]]:
    """Who speaks in each sentence, carried to those that name nobody, and where they are named."""
    result: list[Attribution | None] = []
    heard: list[int | None] = []
    at: int | None = None
    last = elsewhere = release  # elsewhere: who speaks again where a town hall's paragraph ends
    for n, mentioned in enumerate(own):
        if n and (is_lone_name(readings[n]) or not _same_paragraph(readings[n - 1], readings[n])):
            last = elsewhere
        found = _meant(readings, own, n, text, home) if mentioned is not None else None
        # Who "informs:" speaks in all that follows the colon.
        at = (None if _ends_in_colon(readings[n]) else n) if found is not None else at
        heard.append(at)
        current = found
        anew = _just_named(readings, own, n, text, home) if found is not None and found.is_bare else None
        if found is not None and anew is not None:
            current = last = replace(anew, taken=found.taken)
        elif found is None or (found.is_bare and not (found.government and last is None)):
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
        elif not found.aside or not readings[n].figures:  # "Key figures (SNM)" names the source of its list
            last = found.untaken()
        if last is not None and not last.local and release is None:
            elsewhere = last
        result.append(current)
    return result, heard


def _lead(readings: Sequence[Reading], result: list[Attribution | None], heard: list[int | None]) -> None:
    """Give the headline and lead to the first who speaks."""
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
            result[n] = lead.untaken()
            heard[n] = first


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
        mentions = gazetteer_of(language, ()).find(f"{stem}{region}") if stem else ()
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
        own = _dateline(readings, owner) if found.sits_in_province else None
        seat = _section(readings, n) or (own if found.bears_town else None) or _region_at(readings, n, land)
        if seat is None and found.sits_in_province:
            here = [spot for spots in find_seats(readings[n : n + 1], {"city"}, None) for spot in spots]
            seat = own or (here[-1] if here else _town_at(readings, n, land, {"city"}))
    return found.seated_in(seat) if seat is not None else found


def _dateline(readings: Sequence[Reading], land: Place | None) -> Place | None:
    """The town of a country in which a report was written, where it is not its capital."""
    heads = (
        reading.named[0].place
        for reading in readings[:_LEAD]
        if reading.named and heads_report(reading, reading.named[0])
    )
    town = next((spot for spot in heads if spot.kind == "city"), None)
    if town is None or land is None or town.country != land.code or town.is_capital_of(land):
        return None
    return town


def _town_at(
    readings: Sequence[Reading], n: int, land: str | None, kinds: Collection[str] = SEATS
) -> Place | None:
    """The town named last in the paragraph before a sentence, else that named most in the text."""
    named = find_seats(readings, kinds, {None, land})
    if not any(named):  # an island, or a town that is listed as its district
        here = find_seats(readings[n : n + 1], {"region"}, None)[0]
        if here:
            return here[-1]
        named = find_seats(readings, {"region"}, {land})
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


def _just_named(
    readings: Sequence[Reading], own: Sequence[Attribution | None], n: int, text: str, home: str | None
) -> Attribution | None:
    """The body that the sentence before names without a speech, for which "a spokesman" speaks: "The guard disagrees."."""
    said = own[n]
    if n == 0 or own[n - 1] is not None or said is None or not said.words:
        return None
    if not _same_paragraph(readings[n - 1], readings[n]):
        return None
    return find_body(readings[n - 1], text, home)


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
            credited[above] = note.untaken()
            above -= 1
    return credited
