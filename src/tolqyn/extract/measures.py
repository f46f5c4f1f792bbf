"""What a figure counts: the nearest phrase that says what people did, or what was done to them.

Pure. Nearness is counted in words, with marks and other figures between making it further; the
weights are in `Reading.between` and here, and are the same for all languages.
"""

from __future__ import annotations

from dataclasses import replace
from operator import itemgetter

from tolqyn.claims import Measure
from tolqyn.extract.reading import Named, Reading, kept
from tolqyn.languages import Hit
from tolqyn.values import value

__all__ = ["Cue", "find_cue", "last_movement", "telling_clause", "topic_cue"]

_FURTHEST = 30.0
_GIVEN = 4  # items from a figure to the verb that says what its people were given
_AROUND = 12  # items between a movement and the places that tell its direction
_TURN = 6.0  # how far words of direction stand from their movement
# A measure noun right after its figure ("9,642 entries") is surer than a verb as near.
_TOUCHING = 2.0
# A document is named beside the verb that also means something else ("received", "asked").
_DOCUMENT = 4.0
# A balance names entries and exits in one phrase ("the surplus of arrivals over departures").
_BALANCE = 8.0
# A phrase that another figure stands nearer to is more likely that figure's.
_OWNED = 5.0
# "More than half of those who came have left": who they are is no count of its own.
_NAMED = 6.0
# The order of figures and movements gives this one to another figure.
_OTHERS = 3.0
_PRESENT = {"stock", "there"}
_DEEDS = {"detentions", "deportations", "refusals"}
_AFTER = 3  # items from a figure to the word that tells how its people moved
_HEAD = 2  # items before the paper that heads a line, at most
_CLAUSE = 16  # items of a clause that says who is housed, at most
_VERBS = {"entries", "exits", "hosts", "sends", "transfers", "returns", "moves", "flees"}
# "There are", "the number of" say less than any verb.
_FAINT = 6.0
# What was done to people is told beside how they moved ("detained while crossing") and is what counts.
_DONE = 6.0
_ACT = 0.5
_NOUN = 4  # items from a figure to the clause that tells of its people, at most
_ACT_REACH = 6  # items between an act and its paper


@value
class Cue:
    """What decided the measure.

    Attributes:
        measure: what is counted.
        view: the key of the language file: "entries", "hosts", "moves" ... tells whose place it is.
        kind: of registrations, applications, prices.
        first, last: its items.
        words: as written, folded.
        distance: how far from the figure; 0 touches it.
        modality: "capacity" where the phrase speaks of room for people.
    """

    measure: Measure
    view: str
    kind: str | None
    first: int
    last: int
    words: str
    distance: float
    modality: str | None = None

    def away(self, distance: float) -> Cue:
        """The same, so far from a figure."""
        return Cue(
            self.measure, self.view, self.kind, self.first, self.last, self.words, distance, self.modality
        )


_MEASURES = {
    "entries": Measure.ENTRIES,
    "hosts": Measure.ENTRIES,
    "moves": Measure.ENTRIES,
    "flees": Measure.EXITS,
    "fleeing": Measure.EXITS,
    "returns": Measure.ENTRIES,
    "exits": Measure.EXITS,
    "sends": Measure.EXITS,
    "transfers": Measure.EXITS,
    "transit": Measure.EXITS,
    "net": Measure.NET,
    "net_loss": Measure.NET,
    "stock": Measure.STOCK,
    "there": Measure.STOCK,
    "again": Measure.STOCK,
    "queue": Measure.QUEUE,
    "deportations": Measure.DEPORTATIONS,
    "refusals": Measure.REFUSALS,
    "detentions": Measure.DETENTIONS,
    "shelter": Measure.SHELTER,
    "capacity": Measure.SHELTER,
    "applications": Measure.APPLICATIONS,
    "registrations": Measure.REGISTRATIONS,
    "rent": Measure.PRICE,
    "fare": Measure.PRICE,
}
_PRICES = {"rent": "rent_level", "fare": "fare"}


def find_cue(reading: Reading, figure: int, head: str) -> Cue | None:
    """The phrase that says what a figure counts.

    Args:
        reading: the sentence.
        figure: the item of the figure.
        head: the noun of the figure (`heads.Head.what`): money can only be a price, people never.

    Returns:
        None where nothing near says it, or where what is nearest is something that is not counted.
    """
    ways = [
        (cost + _owned(reading, figure, first, last), cue)
        for cost, cue, first, last in [*_documents(reading, figure), *_movements(reading, figure)]
    ]
    if head == "money":
        ways = [way for way in ways if way[1] is not None and way[1].measure is Measure.PRICE]
        ways = [way for way in ways if not _begins_anew(reading, figure, way[1])]
    elif head != "percent":
        ways = [way for way in ways if way[1] is None or way[1].measure is not Measure.PRICE]
    else:  # "60 percent fewer made the crossing" is no fare
        ways = [way for way in ways if way[1] is None or way[1].view != "fare" or way[0] <= _TURN]
    if not ways:
        return None
    told = telling_clause(reading, figure)
    if told is not None:
        ways = [way for way in ways if way[1] is None or not told[0] <= way[1].first < told[1]] or ways
    cost, cue = min(ways, key=_COST)
    if cue is None or cost > _FURTHEST:
        return None
    if cue.view != "documents":
        cue = cue.away(reading.apart(figure, cue.first, cue.last))
    if cue.measure is Measure.APPLICATIONS and _is_granted(reading, figure, cue):
        return replace(cue, measure=Measure.REGISTRATIONS)
    return _housed(reading, figure, cue)


@kept
def telling_clause(reading: Reading, figure: int) -> tuple[int, int] | None:
    """The clause that only tells how the people of a figure came, where a deed or a presence is said of them behind it.

    "20,000 Russians who came in autumn are still there"; "300 Syrians, who had sailed from Turkey, asked for asylum".
    """
    opened = min((i for i in _openings(reading) if figure < i <= figure + _NOUN), default=None)
    if opened is None:
        return None
    moved = next((hit for hit in reading.of("measures") if hit.first >= opened and hit.value in _VERBS), None)
    if moved is None or any(figure < other < moved.first for other in reading.figures):
        return None
    end = reading.clause(moved.first)[1] if reading.items[opened].text == "," else moved.last
    following = [other for other in reading.figures if other > moved.last]
    limit = following[0] if following else len(reading.items)
    for hit in sorted([*reading.of("measures"), *reading.of("acts")], key=lambda hit: hit.first):
        if end <= hit.first < limit and _says(reading, hit):
            anew = any(end < other.first < hit.first for other in reading.of("role.relative"))
            return None if anew else (opened, end if end > moved.last else hit.first)
    return None


@kept
def _openings(reading: Reading) -> list[int]:
    """Where clauses begin that tell of the people before them: with "who", or a mark and a participle."""
    found = []
    for hit in reading.among("role.relative", "measures"):
        if hit.category == "role.relative":
            found.append(hit.first)
        if hit.first > 0 and reading.items[hit.first - 1].text == ",":
            found.append(hit.first - 1)
    return found


def _says(reading: Reading, hit: Hit) -> bool:
    """Whether a phrase says what is done with people, or that they are there."""
    if hit.category == "acts":
        return any(abs(paper.first - hit.first) <= _ACT_REACH for paper in reading.of("documents"))
    return hit.value in _DEEDS | {"stock", "shelter", "queue"}


def _is_granted(reading: Reading, figure: int, cue: Cue) -> bool:
    """Whether it is said of a figure that what was asked for before it was given: "2,911 applied and 1,204 got it"."""
    begin, end = reading.clause(figure)
    acts = [act for act in reading.of("acts") if begin <= act.first < end]
    if cue.last <= begin and {act.value for act in acts} == {"grant"}:
        return True
    behind = min((act for act in acts if act.first > figure), key=lambda act: act.first, default=None)
    given = behind is not None and behind.value == "grant" and behind.first - figure <= _GIVEN
    return given and cue.last <= figure and any(other < cue.first for other in reading.figures)


def _housed(reading: Reading, figure: int, cue: Cue) -> Cue:
    """A presence as shelter, where its clause says that it is one in a camp, a hostel, a school."""
    if cue.view == "shelter" and _sleeps_out(reading, cue):
        return replace(cue, measure=Measure.STOCK, view="stock")
    received = cue.view == "hosts" and not reading.of("rates")  # "the shelters took in 318"
    if not (received or cue.view in _PRESENT) or reading.has("role.homes", "role.outdoors"):
        return cue
    begin, end = reading.clause(cue.first)
    if received and any(begin <= hit.first < end and hit.value == "now" for hit in reading.of("windows")):
        return replace(cue, measure=Measure.SHELTER, view="shelter")
    crossings = [named for named in reading.named if named.place.kind == "checkpoint"]
    if any(begin <= named.first < end and _stands_at(reading, named) for named in crossings):
        return replace(cue, measure=Measure.QUEUE, view="queue")  # "thousands hold out at Medyka"
    first, last = min(figure, cue.first), max(figure + 1, cue.last)
    for hit in reading.of("role.lodging"):
        begin, end = min(first, hit.first), max(last, hit.last)
        inside = not (cue.first <= hit.first < cue.last)
        if inside and end - begin <= _CLAUSE and not reading.parted(begin, end):
            words = f"{cue.words} + {reading.words(hit.first, hit.last)}"
            return replace(cue, measure=Measure.SHELTER, view="shelter", words=words)
    return cue


def _stands_at(reading: Reading, named: Named) -> bool:
    """Whether a word for a crossing stands before a name, and none for a camp beside it."""
    spot = reading.ending("role.spot", named.first)
    return spot is not None and reading.ending("role.lodging", named.first) is None


def _sleeps_out(reading: Reading, cue: Cue) -> bool:
    """Whether the clause says that who spent the night did so in the street."""
    begin, end = reading.clause(cue.first)
    return any(begin <= hit.first < end for hit in reading.of("role.outdoors"))


def _distance(reading: Reading, figure: int, hit: Hit) -> float:
    return reading.apart(figure, hit.first, hit.last)


def _owned(reading: Reading, figure: int, first: int, last: int) -> float:
    """What it costs that another figure stands nearer to the phrase."""
    mine = reading.apart(figure, first, last)
    for other in reading.beside(first, last):
        if other == figure:
            continue
        theirs = reading.apart(other, first, last)
        if theirs < mine:
            return _OWNED
    return 0.0


_Way = tuple[float, Cue | None, int, int]
_COST = itemgetter(0)


@value
class _Told:
    """A movement, presence or deed as a sentence tells it to whichever figure.

    Attributes:
        hit: its phrase.
        cue: what it counts, if no words of direction turn it; None where that is not counted.
        names: whether it only says who the people are.
    """

    hit: Hit
    cue: Cue | None
    names: bool


@kept
def _told(reading: Reading) -> list[_Told]:
    """What a sentence tells of people, but for words of time and what only says who is present."""
    times = [time for time in reading.of("windows") if not time.slots]
    carried = [group for group in reading.of("group") if group.value[0] == "carried"]
    told = []
    for hit in reading.of("measures"):
        nothing = hit.value == "nothing"
        if any(_is_inside(hit, time) for time in times) or (nothing and _tells_who(reading, hit)):
            continue
        cue = None if nothing else _cue_of(reading, hit)
        told.append(_Told(hit, cue, any(_names(hit, group) for group in carried)))
    return told


def _cue_of(reading: Reading, hit: Hit) -> Cue:
    """What a phrase counts, no words of direction being said; its distance is not known yet."""
    view = str(hit.value)
    measure = _neutral(reading, hit) if view == "moves" else _MEASURES[view]
    if view in {"flees", "fleeing"}:
        view, measure = _whither(reading, hit)
    modality = "capacity" if view == "capacity" else None
    words = reading.words(hit.first, hit.last)
    return Cue(measure, view, _PRICES.get(view), hit.first, hit.last, words, 0.0, modality)


def _movements(reading: Reading, figure: int) -> list[_Way]:
    """What is told of people, with how far it is from a figure."""
    ways: list[_Way] = []
    turns = reading.of("directions")
    own = reading.own(figure, [hit.first for hit in reading.of("measures") if hit.value in _VERBS])
    for told in _told(reading):
        hit, cue = told.hit, told.cue
        distance = _distance(reading, figure, hit)
        if distance > 2 * _FURTHEST or (hit.value == "net" and hit.slots and figure not in hit.slots):
            continue  # "by 5,000 more" is of its own figure
        if cue is not None and hit.last <= figure and _comes_to(reading, figure, hit):
            cue, distance = replace(cue, measure=Measure.STOCK, view="there"), distance + _FAINT
        if cue is None:
            ways.append((distance, None, hit.first, hit.last))
            continue
        turn = _turn(reading, figure, hit, turns) if turns and hit.value in _TURNED else None
        if turn is not None:
            words = f"{cue.words} {reading.words(turn.first, turn.last)}"
            cue = replace(_turned(reading, turn), first=hit.first, last=hit.last, words=words)
        near = _nearness(reading, figure, told, cue.view, distance)
        near += _OTHERS if own and cue.view in _VERBS and hit.first not in own else 0
        # "Arrivals at 7,800 and departures at 10,500": a noun that leads its figure.
        leads = hit.last < figure and distance <= _TURN and hit.first in own
        near += _NAMED if told.names and not leads else 0
        ways.append((near, cue, hit.first, hit.last))
    for turn in turns:
        distance = _distance(reading, figure, turn)
        ways.append((distance, _turned(reading, turn), turn.first, turn.last))
    return ways


def _comes_to(reading: Reading, figure: int, hit: Hit) -> bool:
    """Whether a verb of coming only says what a total is: "the number of those who fled has come to 607,000"."""
    for word in reading.of("qualifiers"):
        if word.value == "reached" and _overlap(hit, word):
            at = word.last
            while at < figure and (more := reading.at("qualifiers", at)) is not None:
                at = more.last  # "has come to more than 607,000"
            return at == figure
    return False


_TURNED = {"moves", "entries", "exits"}


def _turned(reading: Reading, turn: Hit) -> Cue:
    """What words of direction alone count."""
    measure = Measure.ENTRIES if turn.value == "into" else Measure.EXITS
    view = "back" if turn.value == "back" else "moves"
    return Cue(measure, view, None, turn.first, turn.last, reading.words(turn.first, turn.last), 0.0)


def _nearness(reading: Reading, figure: int, told: _Told, view: str, distance: float) -> float:
    """How far a phrase counts as being from a figure, by what it says."""
    hit = told.hit
    near = max(distance - (_TOUCHING if _is_noun_of(reading, figure, hit) else 0), 0)
    if view in {"net", "net_loss"}:
        near = near + _OWNED if _sums_up(reading, figure, hit) else max(near - _BALANCE, 0)
    elif view in _DEEDS or (view == "applications" and not reading.of("documents")):
        # "140 sleep there, turned back by the police"; "deported 4,310, 870 were detained"
        parted = reading.parted(figure, hit.first) or (
            reading.parted(hit.last - 1, figure) and _has_own(reading, figure)
        )
        # Of two that touch the figure what was done.
        near = near + _OTHERS if parted else max(near - _DONE, -_ACT)
    counts = view in {"stock", "shelter", "queue"} and (figure in hit.slots or hit.last == figure)
    faint = counts and _has_noun(reading, figure)
    near += _FAINT if faint or view in {"there", "again"} else 0
    near += 1.5 if view in {"hosts", "moves", "transit"} else 0
    near += _NAMED if hit.value == "fleeing" else 0
    return near - (_TOUCHING if figure in hit.slots and view in _VERBS else 0)  # "and 82,420 away"


def _is_inside(hit: Hit, time: Hit) -> bool:
    """Whether a word is part of a longer phrase of time: Turkish "geçen" passes, and "geçen yıl" is last year."""
    return time.first <= hit.first and hit.last <= time.last and time.last - time.first > hit.last - hit.first


def _begins_anew(reading: Reading, figure: int, cue: Cue | None) -> bool:
    """Whether a fare is spoken of only behind a sum: "24 million euros, the flight takes 90 minutes"."""
    if cue is None or cue.view != "fare" or cue.first < figure:
        return False
    return reading.parted(figure, cue.first) or _owned(reading, figure, cue.first, cue.last) > 0


def _has_own(reading: Reading, figure: int) -> bool:
    """Whether the clause of a figure says itself what was done or how people moved."""
    begin, end = reading.clause(figure)
    return any(begin <= hit.first < end and hit.value in _VERBS | _DEEDS for hit in reading.of("measures"))


def _tells_who(reading: Reading, hit: Hit) -> bool:
    """Whether a clause only tells who is present: "hundreds who want to leave are still in the country"."""
    begin, end = reading.clause(hit.first)
    opened = reading.ending("role.relative", hit.first)
    return opened is not None and any(
        hit.last <= other.first < end and begin <= opened.first and other.value in _PRESENT
        for other in reading.of("measures")
    )


def _sums_up(reading: Reading, figure: int, hit: Hit) -> bool:
    """Whether a balance stands behind a mark that ends what a figure told: "260,000 left: the balance is ..."."""
    return any(item.text in {":", ";"} for item in reading.items[figure + 1 : hit.first])


def _is_noun_of(reading: Reading, figure: int, hit: Hit) -> bool:
    """Whether a measure is the noun of a figure: "9,642 entries", "400,000 Russian arrivals"."""
    at = figure + 1
    for named in reading.named:
        if named.first == at and named.form == "adjective":
            at = named.last
    return hit.first == at


def _has_noun(reading: Reading, figure: int) -> bool:
    """Whether a noun right behind a figure says better what it is: French "on comptait 11 000 retours", "compte 500 places"."""
    nouns = (reading.at("measures", figure + 1), reading.at("measures", figure))
    return any(noun is not None and noun.value in _VERBS | {"capacity"} for noun in nouns)


def _overlap(one: Hit, other: Hit) -> bool:
    return one.first < other.last and other.first < one.last


def _names(hit: Hit, group: Hit) -> bool:
    """Whether a movement only says who the people are: "the arrivals", and not "the number of arrivals"."""
    return _overlap(hit, group) and hit.last - hit.first <= group.last - group.first


def _turn(reading: Reading, figure: int, hit: Hit, turns: list[Hit]) -> Hit | None:
    """The words of direction that belong to a movement: within its clause, not parted by a figure."""
    best: tuple[float, Hit] | None = None
    for turn in turns:
        if turn.first < hit.last and hit.first < turn.last:
            continue
        first, last = (hit.last, turn.first) if turn.first >= hit.last else (turn.last, hit.first)
        distance = reading.between(first, last)
        if distance > _TURN or any(first <= other < last and other != figure for other in reading.figures):
            continue
        if any(item.text in {",", ";"} for item in reading.items[first:last]):
            continue
        if best is None or distance < best[0]:
            best = distance, turn
    return best[1] if best else None


def _neutral(reading: Reading, hit: Hit) -> Measure:
    """Entries or exits of a movement with no direction of its own, by the places beside it.

    Who passes through on the way elsewhere leaves.
    """
    if any(abs(other.first - hit.first) <= 8 for other in reading.of("measures") if other.value == "transit"):
        return Measure.EXITS
    borders = {other.first for other in reading.of("role.border")}
    for via in reading.of("role.via"):
        near = 0 <= via.first - hit.last <= 2 or 0 <= hit.first - via.last <= 8
        passed = next((named for named in reading.named if _passes(named, via)), None)
        land = passed.place.kind == "country" if passed is not None else _is_land(reading, via)
        if near and via.first not in borders and land:
            return Measure.EXITS
    around = [
        named for named in reading.named if named.form == "name" and abs(named.first - hit.last) <= _AROUND
    ]
    to = any("to" in named.roles or (not named.roles and named.first >= hit.last) for named in around)
    away = any("from" in named.roles and "to" not in named.roles for named in around)
    return Measure.EXITS if away and not to else Measure.ENTRIES


def _whither(reading: Reading, hit: Hit) -> tuple[str, Measure]:
    """What fleeing is: entries where its clause says to which place, else exits."""
    begin, end = reading.clause(hit.first)
    for named in reading.named:
        reached = "to" in named.roles
        if begin <= named.first < end and named.form == "name" and reached:
            return "entries", Measure.ENTRIES
    return "exits", Measure.EXITS


def _is_land(reading: Reading, via: Hit) -> bool:
    """Whether "the country", named or not, is passed."""
    return any(0 <= hit.first - via.last <= 1 for hit in reading.of("role.country"))


def _passes(named: Named, via: Hit) -> bool:
    """Whether a place stands right behind the word for through, or before it with that role."""
    return 0 <= named.first - via.last <= 1 or (0 <= via.first - named.last <= 1 and "via" in named.roles)


_ACTS = {"apply": Measure.APPLICATIONS, "hold": Measure.STOCK}  # all else is registration


def _documents(reading: Reading, figure: int) -> list[_Way]:
    """Registrations, applications and those who hold papers: a document named, and an act of giving, asking or having."""
    if not reading.of("documents"):
        return []
    ways: list[_Way] = []
    acts = [act for act in reading.of("acts") if _distance(reading, figure, act) <= 2 * _FURTHEST]
    names = [
        group for group in reading.of("group") if group.last - group.first > 1 or group.value[0] == "carried"
    ]
    for hit in reading.of("documents"):
        if any(_overlap(hit, group) and _names_people(hit, group) for group in names):
            continue  # "asylum seekers" are people
        if hit.value == "none":
            continue
        distance = _distance(reading, figure, hit)
        if distance > 2 * _FURTHEST:
            continue
        act = min(acts, key=lambda act: _act_distance(reading, figure, hit, act), default=None)
        if act is not None and _act_distance(reading, figure, hit, act) > _FURTHEST:
            act = None
        if act is None and hit.value != "other" and not _heads(reading, hit, figure):
            # A permit that is only mentioned is no act of registration.
            continue
        measure = (
            _ACTS.get(str(act.value), Measure.REGISTRATIONS) if act is not None else Measure.REGISTRATIONS
        )
        first, last = hit.first, hit.last
        words = reading.words(first, last)
        if act is not None:
            beside = _distance(reading, figure, act)
            distance = min(distance, beside) + 0.2 * max(distance, beside)
            words += " + " + reading.words(act.first, act.last)
        kind = str(hit.value) if measure is not Measure.STOCK else None
        cue = Cue(measure, "documents", kind, first, last, words, distance)
        bonus = _DOCUMENT if hit.value != "other" else -_FAINT if _is_moved(reading, figure) else -1.0
        ways.append((max(distance - bonus, 0), cue, first, last))
    return ways


def _is_moved(reading: Reading, figure: int) -> bool:
    """Whether the noun of a figure tells how people moved: "registered 320,000 Syrians leaving"."""
    carried = [group for group in reading.of("group") if group.value[0] == "carried"]
    return any(
        0 < hit.first - figure <= _AFTER and not reading.parted(figure, hit.first)
        for hit in reading.of("measures")
        if hit.value in _VERBS and not any(_overlap(hit, group) for group in carried)
    )


def _heads(reading: Reading, document: Hit, figure: int) -> bool:
    """Whether a paper heads its figures: "Work permits for Filipinos: 21,300 last year, 4,890 since January"."""
    opens = document.first <= _HEAD and not any(other < document.first for other in reading.figures)
    return opens and any(item.text == ":" for item in reading.items[document.last : figure])


def _names_people(document: Hit, group: Hit) -> bool:
    """Whether the words of a document name people: the longer phrase, or one compound word."""
    longer = group.last - group.first - (document.last - document.first)
    return longer > 0 or (longer == 0 and group.value[0] == "carried")


def _act_distance(reading: Reading, figure: int, document: Hit, act: Hit) -> float:
    """How far an act is from its document, or from the figure that comes with it."""
    if act.first >= document.last:
        apart = reading.between(document.last, act.first)
    elif act.last <= document.first:
        apart = reading.between(act.last, document.first)
    else:
        apart = 0.0
    # What was asked for may be said to be "received"; what was given is never said to be "asked for".
    return min(apart, _distance(reading, figure, act) + 2) - (4 if act.value == "apply" else 0)


_NO_TOPIC = {"nothing", "rent", "fare", "capacity", "there", "again"}


def last_movement(reading: Reading, before: int) -> Cue | None:
    """The last movement or presence that a sentence speaks of before an item."""
    for hit in reversed(reading.of("measures")):
        if hit.last <= before and hit.value not in _NO_TOPIC:
            paper = next((other for other in reading.of("documents") if _overlap(hit, other)), None)
            kind = str(paper.value) if paper is not None and paper.value != "none" else None
            return replace(_cue_of(reading, hit), kind=kind, distance=15.0)
    return None


def topic_cue(reading: Reading) -> Cue | None:
    """What a sentence without a figure is about: its last movement or presence, else its papers."""
    moved = last_movement(reading, len(reading.items))
    if moved is not None:
        return moved
    papers = [hit for hit in reading.of("documents") if hit.value != "none"]
    if papers and not reading.of("acts") and _is_line(reading):
        first = papers[0]
        words = reading.words(first.first, first.last)
        return Cue(Measure.REGISTRATIONS, "documents", str(first.value), first.first, first.last, words, 15.0)
    for act in reading.of("acts"):
        if act.value == "apply" or papers:
            measure = Measure.APPLICATIONS if act.value == "apply" else Measure.REGISTRATIONS
            kind = str(papers[0].value) if papers else None
            return Cue(
                measure, "documents", kind, act.first, act.last, reading.words(act.first, act.last), 15.0
            )
    return None


def _is_line(reading: Reading) -> bool:
    """Whether a sentence is a line without a verb, as the title of a table: it ends without a stop."""
    return len(reading.items) <= _CLAUSE and reading.items[-1].text not in {".", "!", "?", "…"}
