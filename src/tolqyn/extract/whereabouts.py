"""Which place a figure is about, and where the other end of the movement lies.

Pure. The measure fixes whose place is meant: entries belong to where people came to, exits to where
they left from; a subject that "took in" people is the place itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from tolqyn.claims import Measure
from tolqyn.extract.asides import heads_report, is_seat, tells_where
from tolqyn.extract.measures import Cue
from tolqyn.extract.reading import Named, Reading, kept
from tolqyn.places import Place, place
from tolqyn.values import value

__all__ = ["Whereabouts", "find_whereabouts"]


@value
class Whereabouts:
    """Place and counterpart as the sentence has them; None where it names none."""

    place: Place | None
    words: str | None
    counterpart: str | None


# Roles that fit the place of a measure, best first; "" is a bare subject or object.
_PLACE_ROLES = {
    Measure.ENTRIES: ("to", "in", "via", ""),
    Measure.EXITS: ("from", "", "in", "via"),
    Measure.STOCK: ("in", ""),
    Measure.DEPORTATIONS: ("from", "", "in", "via"),
    Measure.REFUSALS: ("in", "", "via", "from"),  # who is turned back to a country was not there
}
_ACROSS = {Measure.ENTRIES, Measure.EXITS}
_LEVEL = {Measure.STOCK, Measure.SHELTER, Measure.QUEUE}
_DONE = {Measure.DETENTIONS, Measure.REFUSALS}
_MADE = {*_DONE, Measure.DEPORTATIONS}  # by a government or its bodies
_ANY_ROLES = ("in", "to", "", "from", "via")
_FARE_ROLES = ("to", "in", "", "via", "from")  # where the way leads to
# Done where people are, hardly where they come from; and what it costs a place that it is come from.
_HERE = {Measure.REGISTRATIONS, Measure.APPLICATIONS, Measure.SHELTER, Measure.REFUSALS}
_PASSED = 10.0  # what it costs a country that people pass a checkpoint to it
_ORIGIN = 12.0
_OF_LANDS = {*_MADE, Measure.ENTRIES, Measure.EXITS, Measure.APPLICATIONS, Measure.REGISTRATIONS}
_FURTHEST = 26.0
_SPOT = 10.0
_RELATIVE = 20.0
_OF_ANOTHER = 30.0  # a name of another figure's clause
_FLOWS = {
    "entries", "exits", "hosts", "sends", "transfers", "returns", "moves", "flees", "deportations", "detentions",
    "refusals",
}  # fmt: skip
_ASIDE = 4  # items of a clause that is more than a name
_OTHERS = 6.0  # what it costs that the order of figures and names gives a name to another figure
_OTHER_END = {
    Measure.ENTRIES: "from", Measure.EXITS: "to", Measure.NET: "from", Measure.DEPORTATIONS: "to",
    Measure.REFUSALS: "from",
}  # fmt: skip


def find_whereabouts(
    reading: Reading, figure: int, cue: Cue, *, group: str | None, taken: frozenset[int]
) -> Whereabouts:
    """Place and counterpart of a figure.

    Args:
        reading: the sentence.
        figure: the item of the figure.
        cue: what it counts.
        group: the citizenship counted: its own country is rarely where it is counted.
        taken: items that belong to the name of a group or an organization.
    """
    names = [named for named in _of_movements(reading) if taken.isdisjoint(range(named.first, named.last))]
    if not names:
        return Whereabouts(None, None, None)
    if cue.measure in _OF_LANDS:
        names = [_as_government(reading, figure, named) for named in names]
    if cue.measure not in _MADE:
        names = [named for named in names if not _is_doer(reading, named)]
    if cue.measure in _ACROSS:
        names = [named for named in names if not _in_aside(reading, figure, cue, named)]
    if cue.measure is Measure.PRICE and any(named.listed for named in names):
        names = [named for named in names if named.listed]  # a quarter is part of the town named with it
    best = _best(reading, figure, cue, names, group)
    if best is not None and _speaks_of_country(reading, figure, cue, best):
        best = None
    other = _other_end(reading, figure, cue, names, best)
    words = reading.words(best.first, best.last) if best else None
    spot = _with_joined(reading, best, names) if best else None
    return Whereabouts(_beyond_passage(reading, best, cue, spot) if best and spot else None, words, other)


def _in_aside(reading: Reading, figure: int, cue: Cue, named: Named) -> bool:
    """Whether a name is the subject of a clause set between commas that counts nothing: "since May, when Hungary closed its border, 900 came"."""
    begin, end = reading.clause(named.first)
    if named.roles or begin == 0 or end > min(figure, cue.first) or end - begin < _ASIDE:
        return False
    return not any(begin <= other < end for other in reading.figures)


def _beyond_passage(reading: Reading, best: Named, cue: Cue, spot: Place) -> Place:
    """The country that people come to or leave who cross a wild part of it: "crossed the jungle of Darién"."""
    if cue.measure not in _ACROSS or best.place is not spot or spot.kind != "region":
        return spot
    wild = reading.ending("role.wild", best.first) or reading.at("role.wild", best.last)
    return (place(spot.country or "") or spot) if wild is not None else spot


def _is_gate(named: Named, names: list[Named]) -> bool:
    """Whether a town is where people passed on the way to or from its own country: "entered Mexico by Ciudad Hidalgo"."""
    return named.place.kind == "city" and any(
        other.place.code == named.place.country and {"to", "from"} & other.roles for other in names
    )


@kept
def _of_movements(reading: Reading) -> list[Named]:
    """The names of a sentence that do not only say where somebody writes or sits, or where another place lies."""
    return [
        named
        for named in reading.named
        if named.form == "name"
        and not (heads_report(reading, named) or is_seat(reading, named) or tells_where(reading, named))
    ]


def _with_joined(reading: Reading, best: Named, names: list[Named]) -> Place:
    """A place with that joined to it, where both share one figure: "433 landed in Pidie and Langsa"."""
    run = [best]
    for named in names[names.index(best) + 1 :]:
        if _joins(reading, run[-1], named):
            run.append(named)
    for named in reversed(names[: names.index(best)]):
        if _joins(reading, named, run[0]):
            run.insert(0, named)
    joined = {named.place.code: named.place for named in run}
    last = run[-1]
    if len(joined) == 1 or reading.of("pair") or reading.ending("role.between", best.first):
        return best.place
    if len(reading.figures) > 1 and any(0 <= other - last.last <= _OWN for other in reading.figures):
        return best.place  # each has its own figure
    code = ", ".join(sorted(joined))
    lands = {other.country for other in joined.values()}
    return Place(code, code, best.place.kind, lands.pop() if len(lands) == 1 else None)


def _best(reading: Reading, figure: int, cue: Cue, names: list[Named], group: str | None) -> Named | None:
    roles = _FARE_ROLES if cue.kind == "fare" else _PLACE_ROLES.get(cue.measure, _ANY_ROLES)
    if cue.view in {"hosts", "sends"}:
        roles = ("", "in", "to")
    if cue.view == "returns":
        roles = ("to", "in", "", "via")
    # A flow has a direction, so the role decides; a rent or a queue is where the nearest name is.
    weight = 4.0 if cue.measure in _PLACE_ROLES or cue.kind == "fare" else 1.5
    ways = []
    ranks = {named.first: rank for named in names if (rank := _rank(named, roles, cue)) is not None}
    own = reading.own(figure, [at for at, rank in ranks.items() if rank == 0])
    through = reading.own(figure, [named.first for named in names if "via" in named.roles])
    rows = [named for named in names if named.roles and figure in _labels(reading, named)]
    for named in names:
        rank = ranks.get(named.first)
        aside = cue.measure in _PLACE_ROLES or any(
            "in" in other.roles and other.first < named.first for other in names
        )
        if rank is None or (aside and _is_beyond(reading, named)):
            continue
        if not named.roles and cue.first <= named.first < cue.last and not reading.parted(cue.last, figure):
            rank = 0  # "reached Uganda" is one phrase
        if cue.view == "returns" and _says(reading, named):
            continue
        if named.last == figure - 1 and reading.items[figure - 1].text == "(":
            return named  # "Alicante (21,340) and Barcelona (17,902)"
        if _goes_there(reading, cue, named) or _is_of_part(reading, figure, cue, named):
            continue
        if cue.measure in _MADE and reading.at("role.limit", named.last) is not None:
            continue  # who is stopped "along the U.S.-Mexico border" is not in Mexico
        if _brings_home(cue, named, names, group):
            continue
        cost = rank * weight + _apart(reading, figure, cue, named)
        cost += _ORIGIN if cue.measure in _HERE and "from" in named.roles else 0.0
        own_papers = cue.kind == "citizenship" and 0 <= named.first - cue.last <= 1
        if (
            group is not None
            and named.place.country == group
            and not (
                named.place.kind == "checkpoint" and ({"via", "in"} & named.roles or _is_spot(reading, named))
            )
            and not own_papers
            and not ({"to", "from"} & named.roles and rank == 0)
        ):
            if rank > 0:
                continue
            cost += 14 if cost > 2 else 0
        crossed = "via" in named.roles and (not through or named.first in through)
        if (named.place.kind == "checkpoint" and (crossed or cue.measure is Measure.QUEUE)) or (
            crossed and cue.measure in _ACROSS and _is_gate(named, names)
        ):
            cost -= 12
        if named.place.kind == "country" and any(
            _is_passed(reading, figure, other, named) for other in names
        ):
            cost += _PASSED
        if named.place.kind != "country":
            cost += 10 if _dateline(reading, named) else -2
        cost += (
            _elsewhere(reading, figure, named)
            + (_RELATIVE if _in_relative(reading, figure, named) else 0.0)
            + (_RELATIVE if _in_condition(reading, figure, cue, named) else 0.0)
            + _ruled(reading, figure, cue, named)
            + (4.0 if own and named.first not in own else 0.0)
            + (_SPOT if rows and named not in rows else 0.0)
        )
        if "to" in named.roles and cue.measure in _LEVEL and _leads_figure(reading, figure, named):
            continue  # "4,000 stay in the forest, and to Iraq 431 were flown"
        if cost < _FURTHEST:
            ways.append((cost, named))
    return min(ways, key=lambda way: way[0])[1] if ways else None


def _brings_home(cue: Cue, named: Named, names: list[Named], group: str | None) -> bool:
    """Whether a country fetches its own people: "Azerbaijan evacuated 9,000 of its citizens from Ukraine"."""
    own = cue.measure is Measure.EXITS and not named.roles and named.place.country == group
    return own and any("from" in other.roles and other.place.country != group for other in names)


def _is_spot(reading: Reading, named: Named) -> bool:
    """Whether a bare name has the word for such a place beside it: "who hold the Bab al-Hawa crossing"."""
    beside = reading.at("role.spot", named.last) or reading.ending("role.spot", named.first)
    return not named.roles and beside is not None


def _says(reading: Reading, named: Named) -> bool:
    """Whether a country only says it: "Lebanon says that 300,000 Syrians have gone home"."""
    return not named.roles and any(0 <= hit.first - named.last <= 1 for hit in reading.of("speech.verbs"))


def _goes_there(reading: Reading, cue: Cue, named: Named) -> bool:
    """Whether a figure's own movement leads to a place that people of the clause before came from.

    "8,960 came in from Ukraine and 1,030 left for Ukraine".
    """
    if cue.measure is not Measure.EXITS or named.roles == {"to"}:
        return False
    return any(
        other.roles == {"to"} and other.place is named.place and 0 <= other.first - cue.last <= _BEHIND
        for other in reading.named
    )


def _is_passed(reading: Reading, figure: int, spot: Named, land: Named) -> bool:
    """Whether people are counted at a checkpoint on their way, rather than in the country that it leads to or from."""
    if spot.place.kind != "checkpoint" or "via" not in spot.roles or not land.roles & {"to", "from", "in"}:
        return False
    return land.place.code in {spot.place.country, spot.place.across} and not _elsewhere(
        reading, figure, spot
    )


def _elsewhere(reading: Reading, figure: int, named: Named) -> float:
    """What it costs that a name belongs to the clause of another figure.

    "635,000 crossed into South Sudan and 514,000 into Egypt": where names follow their figures, the one
    before a figure is the one before's; where they lead, the one after is the next one's.
    """
    cost = reading.elsewhere(figure, named.first)
    others = [other for other in reading.figures if other != figure]
    if not others:
        return cost
    beyond = any(figure < other < named.first or named.last <= other < figure for other in others)
    labelled = _labels(reading, named)
    if labelled:
        return cost + (0.0 if figure in labelled else _OF_ANOTHER)
    nearer = min(_gap(reading, other, named) for other in others) < _gap(reading, figure, named)
    # A country may be that of all figures of a sentence; a spot in it is that of the figure beside it.
    apart = 4.0 if named.place.kind == "country" else _SPOT
    return cost + (apart if beyond and nearer else 0.0)


def _labels(reading: Reading, named: Named) -> Collection[int]:
    """The figures that a name stands before as their label: "to Georgia - 438,000, to Mongolia - 65,000".

    A dash labels the one behind it, a colon all up to the next colon: "Moldova: in 755,000, out 649,000. Hungary: in 2 million".
    """
    items = reading.items
    at = named.last
    if at < len(items) and items[at].text in _QUOTES:
        at += 1
    if at >= len(items):
        return ()
    if items[at].text in _DASHES:
        return [other for other in reading.figures if at < other <= at + _OWN][:1]
    ends = [
        other.last
        for other in reading.named
        if items[other.last : other.last + 1] and items[other.last].text == ":"
    ]
    if at not in ends or len(ends) < _LIST:
        return ()
    following = min((end for end in ends if end > at), default=len(items))
    return [other for other in reading.figures if at < other < following]


def _in_relative(reading: Reading, figure: int, named: Named) -> bool:
    """Whether a name stands in a clause that tells more of a day or thing: "the day on which X's queues ..., 4,903 came"."""
    return any(
        opened.last <= named.first
        and reading.parted(named.last, figure)
        and not reading.parted(opened.last, named.first)
        and not any(opened.first < other < named.first for other in reading.figures)
        for opened in reading.of("role.relative")
    )


def _in_condition(reading: Reading, figure: int, cue: Cue, named: Named) -> bool:
    """Whether a name stands in a condition for who comes: "if the fighting reaches White Nile state, 80,000 could come"."""
    if cue.measure is Measure.EXITS:
        return False  # "if the front reaches Kharkiv, half a million may leave"
    first, last = sorted((figure, named.first))
    return reading.parted(first, last) and any(
        hit.last <= named.first
        and not reading.parted(hit.last, named.first)
        and not any(hit.first < other < named.first for other in reading.figures)
        for hit in reading.of("modality.hypothetical")
    )


def _ruled(reading: Reading, figure: int, cue: Cue, named: Named) -> float:
    """What it costs that another movement rules a name: "came from X, 5,000 left".

    It rules what stands right behind it, and all names of its own clause where that has a figure too: "from
    Russia to Kazakhstan came 98,000, left 64,000".
    """
    first, last = sorted((figure, named.first))
    if not reading.parted(first, last):
        return 0.0
    if _leads_another(reading, figure, cue, named):
        return _OF_ANOTHER
    if not named.roles:
        return 0.0
    others = [hit for hit in reading.of("measures") if hit.first >= cue.last or hit.last <= cue.first]
    near = any(
        0 <= named.first - hit.last <= 3 for hit in others if not first <= cue.first < hit.first < last
    )
    return _OF_ANOTHER if _is_of_another(reading, figure, cue, named) else 8.0 if near else 0.0


def _leads_another(reading: Reading, figure: int, cue: Cue, named: Named) -> bool:
    """Whether a name begins a later clause with a figure of its own: "27,800 came, while Hungary recorded 9,200"."""
    begin, end = reading.clause(named.first)
    leads = figure < begin and named.first - begin <= _JOINT
    start, stop = reading.clause(figure)
    own = cue.first < begin or any(start <= other.first < stop for other in reading.named)
    return leads and own and any(named.last <= other < end for other in reading.figures)


def _leads_figure(reading: Reading, figure: int, named: Named) -> bool:
    """Whether a name stands in a later clause, before the figure of that clause."""
    begin, end = reading.clause(named.first)
    return figure < begin and any(named.last <= other < end for other in reading.figures)


def _is_of_another(reading: Reading, figure: int, cue: Cue, named: Named) -> bool:
    """Whether a name stands in a clause with a figure and a movement of its own, and neither of these two."""
    begin, end = reading.clause(named.first)
    if begin <= figure < end or begin <= cue.first < end:
        return False
    counted = any(begin <= other < end for other in reading.figures)
    views = _FLOWS if cue.kind == "fare" else {*_FLOWS, "fare"}
    return counted and any(begin <= hit.first < end and hit.value in views for hit in reading.of("measures"))


def _follows_another(reading: Reading, figure: int, cue: Cue, named: Named) -> bool:
    """Whether a name stands right behind another movement, before this figure: "entered Brazil since 2017 and 69,000 left"."""
    if named.last > min(figure, cue.first):
        return False
    return any(
        hit.value in _FLOWS and 0 <= named.first - hit.last <= _BEHIND and hit.last <= cue.first
        for hit in reading.of("measures")
    )


def _is_of_part(reading: Reading, figure: int, cue: Cue, named: Named) -> bool:
    """Whether a name is where a part of those counted went: "113,000 left, 30,000 of them to Chad", "most of them in Chiapas"."""
    begin, end = reading.clause(named.first)
    if (
        figure < begin
        and not begin <= cue.first < end
        and not any(begin <= other < end for other in reading.figures)
    ):
        most = (hit for hit in reading.of("group") if hit.value[0] == "carried" and hit.first < named.first)
        if any(begin < hit.first and hit.last - begin <= _MOST for hit in most):
            return True
    after = max(figure, cue.last - 1) + 1
    return any(
        after <= other < named.first
        and (reading.parted(after, other) or any(item.text == ":" for item in reading.items[after:other]))
        for other in reading.figures
    )


def _gap(reading: Reading, figure: int, named: Named) -> float:
    return reading.apart(figure, named.first, named.last)


def _is_doer(reading: Reading, named: Named) -> bool:
    """Whether a name is who does something: "the deadline set by Tehran"."""
    return reading.ending("role.by", named.first) is not None and not {"via", "in", "to"} & named.roles


def _as_government(reading: Reading, figure: int, named: Named) -> Named:
    """A capital at the head of a sentence in which somebody speaks, as its country: "In Tehran, a minister denied ..."."""
    land = place(named.place.country or "")
    if named.first > 1 or "in" not in named.roles or land is None or not named.place.governs(land):
        return named
    marked = named.last < len(reading.items) and reading.items[named.last].text == ","
    speaks = any(named.last < hit.first < figure for hit in reading.of("speech.verbs"))
    return replace(named, place=land) if marked and speaks else named


_MOST = 4  # items from a comma to the end of "most of them"


def _is_beyond(reading: Reading, named: Named) -> bool:
    """Whether a name only says which border it is: "crossed the border with Romania"."""
    if {"to", "in"} & named.roles:
        return False
    listed = [other for other in reading.named if other.last <= named.first and other.roles == named.roles]
    for other in reversed(listed):  # "the borders with Poland, Czechia and Switzerland"
        if reading.ending("role.frontier", named.first) is not None:
            break
        if not _is_listed(reading, other, named):
            return False
        named = other
    return reading.ending("role.frontier", named.first) is not None


def _is_listed(reading: Reading, one: Named, other: Named) -> bool:
    """Whether nothing but a comma, or "and" with an article, stands between two names."""
    between = reading.items[one.last : other.first]
    return 0 < len(between) <= _AND and all(
        item.text == "," or (item.kind == "w" and len(item.text) <= _SHORT) for item in between
    )


def _joins(reading: Reading, one: Named, other: Named) -> bool:
    """Whether two names of a kind stand with "and" between them."""
    alike = one.roles == other.roles and one.place.kind == other.place.kind
    between = reading.items[one.last : other.first]
    if not alike or not 0 < len(between) <= _AND or any(item.kind != "w" for item in between):
        return False
    if len(between) == 1:
        return all(reading.ending(role, other.first) is None for role in _ROLE_WORDS)
    # "To Pemba and to Mueda": the same word stands before both.
    return one.first > 0 and reading.items[one.first - 1].text == between[-1].text


_ROLE_WORDS = ("role.to", "role.from", "role.in", "role.via", "role.between")
_BEHIND = 3  # items of a preposition and an article, at most
_REACH, _CLAUSE_REACH = 14, 24  # words to the other end of a movement, and to that within its clause
_SHORT = 3  # letters of such a word, at most
_AND = 2  # items between two names that share a figure, at most
_QUOTES = {"»", "”", '"'}
_DASHES = {"—", "–", "-"}
_JOINT = 2  # items before the subject of a clause: "while", "and the"
_LIST = 2  # names with a colon that make a list, at least
_OWN = 2  # items from a name to a figure of its own


def _speaks_of_country(reading: Reading, figure: int, cue: Cue, named: Named) -> bool:
    """Whether "the country" stands at the movement, nearer than the name: then it is what is meant."""
    if cue.measure not in _PLACE_ROLES:
        return False
    begin, end = reading.clause(figure)
    for hit in reading.of("role.country"):
        if begin <= named.first < end and not (begin <= hit.first < end or begin <= cue.first < end):
            continue  # "entered the country, 9,000 of them at Siret"
        near = 0 <= hit.first - cue.last <= 2 or 0 <= cue.first - hit.last <= 1
        leads = hit.last <= cue.first and named.first > max(figure, cue.last)
        if leads and reading.parted(max(figure, cue.first), named.first):
            return True  # "to the country came 30,000, rents in the capital rose"
        if near and _apart(reading, figure, cue, named) > 1 and not _rules(named, cue):
            return True
    return False


def _rules(named: Named, cue: Cue) -> bool:
    """Whether a name has the very role that the measure asks for."""
    return bool(named.roles) and _PLACE_ROLES[cue.measure][0] in named.roles


def _dateline(reading: Reading, named: Named) -> bool:
    """Whether a city only says where somebody spoke: it stands right at a verb of speech, and nobody moves by it."""
    return "via" not in named.roles and any(
        0 <= named.first - hit.last <= 2 or 0 <= hit.first - named.last <= 2
        for hit in reading.of("speech.verbs")
    )


def _rank(named: Named, roles: tuple[str, ...], cue: Cue) -> int | None:
    own = [role for role in named.roles if role != "between"]
    if cue.measure in _DONE and own in (["from"], ["to"]) and "between" not in named.roles:
        return None  # where those who are stopped come from, or are bound
    if cue.measure is Measure.EXITS and "to" in own and cue.first - named.last <= 1:
        return None  # that is where they went
    sent = "to" in own and "from" not in own and (named.first >= cue.last or "in" not in own)
    if cue.measure is Measure.DEPORTATIONS and sent:
        return None  # that is where they were sent
    if not own and "between" in named.roles and named.place.country is None and named.listed:
        return None  # "once a part of the Soviet Union", "citizens of the European Union"
    if not own and "between" in named.roles and cue.measure is not Measure.QUEUE:
        return None if cue.measure in _DONE else 4  # who is stopped "on the border with X" is not in X
    if own == ["via"] and named.place.kind == "country" and cue.measure is Measure.ENTRIES:
        return 4  # "Germany counted 5,285 entries via Poland"
    fitting = [roles.index(role) for role in own if role in roles] if own else []
    if not own:
        # A bare name right at the verb is its object: "entered Kazakhstan", "покинули Россию".
        touches = named.first == cue.last or named.last == cue.first
        return 0 if touches and cue.view != "moves" else roles.index("") if "" in roles else 3
    return min(fitting) if fitting else None


def _apart(reading: Reading, figure: int, cue: Cue, named: Named) -> float:
    """The nearer of the ways to the cue and to the figure, in words."""

    def way(first: int, last: int) -> float:
        if named.first >= last:
            return reading.between(last, named.first)
        return reading.between(named.last, first)

    own = way(figure, figure + 1)
    first, last = sorted((figure, cue.first))
    # A name beside the cue is another figure's where that stands between.
    shared = any(first < other < last for other in reading.figures)
    return min(own, way(cue.first, cue.last) + (6 if shared else 0))


def _other_end(
    reading: Reading, figure: int, cue: Cue, names: list[Named], place: Named | None
) -> str | None:
    role = "from" if cue.kind == "fare" else _OTHER_END.get(cue.measure)
    if role is None:
        return None
    found: list[Named] = []
    for named in names:
        crossed = cue.measure in {Measure.ENTRIES, Measure.EXITS, Measure.REFUSALS} and _is_beyond(
            reading, named
        )
        if named is place or (role not in named.roles and not crossed):
            continue
        if place is not None and named.place.code == place.place.code:
            continue
        if any(named.last <= other < min(figure, cue.first) for other in reading.figures):
            continue  # where the people of another figure went
        if role == "to" and reading.parted(named.last, min(figure, cue.first)):
            continue  # where the clause before went
        if any(item.text == ":" for item in reading.items[figure : named.first]):
            continue  # "3 million left: to Romania 425,000, to Moldova 337,000"
        if _is_of_another(reading, figure, cue, named) or _is_of_part(reading, figure, cue, named):
            continue
        if role == "to" and _follows_another(reading, figure, cue, named):
            continue
        clause = not reading.parted(*sorted((cue.first, named.first)))
        if _apart(reading, figure, cue, named) <= (_CLAUSE_REACH if clause else _REACH):
            found.append(named)
    if not found:
        return None
    own = reading.own(figure, [named.first for named in found])

    def cost(named: Named) -> float:
        return _apart(reading, figure, cue, named) + (_OTHERS if own and named.first not in own else 0.0)

    joined = _listed_with(reading, min(found, key=cost), names)
    if len(joined) > _MANY and not _is_beyond(reading, joined[0]):
        # "900 from Iraq, Syria, Somalia and Yemen came from Russia": whose people they are
        rest = [named for named in found if named not in joined]
        joined = _listed_with(reading, min(rest, key=cost), names) if rest else []
    return ", ".join(sorted({named.place.code for named in joined})) or None


def _listed_with(reading: Reading, nearest: Named, names: list[Named]) -> list[Named]:
    """A name with those joined to it that have no other role: "to Uzbekistan and Kyrgyzstan"."""
    joined = [nearest]
    alike = [
        named
        for named in names
        if named is not nearest and named.roles == nearest.roles and named.place.kind == nearest.place.kind
    ]
    for named in alike:
        if _is_listed(reading, joined[-1], named):
            joined.append(named)
    for named in reversed(alike):
        if _is_listed(reading, named, joined[0]):
            joined.insert(0, named)
    return joined


_MANY = 2  # countries that people move from or to in one figure, at most
