"""How a figure is worded: how sharply, in what sense, and over what time if it is a rate.

Pure.
"""

from __future__ import annotations

from tolqyn.claims import Measure, Modality, Qualifier
from tolqyn.extract.figures import Figure
from tolqyn.extract.measures import Cue
from tolqyn.extract.reading import Reading
from tolqyn.extract.windows import EVENTS
from tolqyn.languages import Hit

__all__ = ["find_modality", "find_qualifier", "find_rate"]

# How far a word that makes something doubtful reaches, in words.
# How far the time of a rate, of an average, and of a rate that opens its sentence, stands from its figure, in words.
_RATE, _MEAN, _OPENING = 7.0, 12.0, 16.0
_DOUBTFUL = (
    "modality.denied_near", "modality.denied", "modality.hypothetical", "modality.possible", "modality.forecast",
)  # fmt: skip
_REACH = {Modality.DENIED: 14.0, Modality.HYPOTHETICAL: 11.0, Modality.FORECAST: 9.0}


def find_qualifier(reading: Reading, figure: int) -> tuple[Qualifier, str, int, int]:
    """The qualifier of a figure, the words that decided, and their items (0, 0 where none did)."""
    value = reading.items[figure].value
    if isinstance(value, Figure) and value.low is not None:
        return (Qualifier.ORDER if value.order else Qualifier.RANGE), "", 0, 0
    own = [
        hit
        for hit in reading.of("qualifiers")
        if figure in hit.slots or (not hit.slots and _leads(reading, hit.last, figure))
    ]
    if own:
        # "Over 12,000 in all", "has come to over 12,000": a word for a total tells least.
        hit = next((hit for hit in own if hit.value not in {"exact", "reached"}), own[0])
        words = reading.words(hit.first, hit.last)
        return _qualifier(reading, figure, str(hit.value)), words, hit.first, hit.last
    if isinstance(value, Figure) and value.rough:
        return Qualifier.ABOUT, reading.words(figure, figure + 1), figure, figure + 1
    return Qualifier.EXACT, "", 0, 0


def _qualifier(reading: Reading, figure: int, key: str) -> Qualifier:
    """What a phrase makes of its figure: a total that "reached" it is that, a rate or price was up to it."""
    if key != "reached":
        return Qualifier(key)
    money = reading.at("money", figure + 1) or reading.ending("money", figure)
    peak = money is not None or find_rate(reading, figure) is not None
    return Qualifier.UP_TO if peak else Qualifier.EXACT


def _leads(reading: Reading, last: int, figure: int) -> bool:
    """Whether words up to an item belong to the figure: at most one word or sign stands between."""
    gap = reading.items[last:figure]
    if last > figure or len(gap) > 1:
        return False
    if gap and _closes_phrase(reading, last):
        return False  # "to the country 2,194": no "up to"
    return not gap or (gap[0].kind in {"w", "p"} and gap[0].text not in {",", ".", ";", ")", ":"})


def _closes_phrase(reading: Reading, at: int) -> bool:
    """Whether a word is a noun or a name of its own, so that the preposition before it is not the figure's."""
    if any(named.first <= at < named.last and named.form == "name" for named in reading.named):
        return True  # "near Lanzarote 98 Moroccans": not "about"
    return any(
        hit.first <= at < hit.last
        for hit in reading.among("role.country", "role.town", "role.area", "documents")
    )


def find_modality(reading: Reading, figure: int, cue: Cue) -> tuple[Modality, str]:
    """In what sense a figure is meant, and the words that decided."""
    if cue.modality == "capacity":
        return Modality.CAPACITY, cue.words
    if not reading.has(*_DOUBTFUL):
        return Modality.OBSERVED, ""
    qualified = reading.among("qualifiers", "measures")
    for hit in reading.of("modality.denied_near"):
        if any(word.first <= hit.first and hit.last <= word.last for word in qualified):
            continue  # "no more than" and "did not let in" reject nothing
        # Before the figure, or after it where a language has it there: "{n} емес".
        if (
            figure in hit.slots
            or _leads(reading, hit.last, figure)
            or any(
                word.first == hit.last and _leads(reading, word.last, figure)
                for word in reading.of("qualifiers")
            )
        ):
            return Modality.DENIED, reading.words(hit.first, hit.last)
    # "If in October 900 enter" supposes what is to come; "if in May 900 entered, it is fewer now" tells what was.
    reckoned = [] if reading.has("modality.forecast") else reading.of("modality.reckoned")
    settled = [
        *reading.of("windows"),
        *reckoned,
        *(other for other in reading.of("measures") if other.value not in {"nothing", "again"}),
    ]
    # What could be is supposed beside an "if", and else foreseen: "250,000 could come before the rains".
    could = Modality.HYPOTHETICAL if reading.has("modality.hypothetical") else Modality.FORECAST
    for category, modality in (
        ("modality.denied", Modality.DENIED),
        ("modality.hypothetical", Modality.HYPOTHETICAL),
        ("modality.possible", could),
        ("modality.forecast", Modality.FORECAST),
    ):
        for hit in reading.of(category):
            # "If we count to 27 September" makes nothing doubtful; "denied entry" denies no figure.
            if any(hit.within(other) and not _is_planned(modality, hit, other) for other in settled):
                continue
            if category == "modality.possible" and cue.measure is Measure.PRICE:
                continue  # a seat "which could be had for 250 dollars" was
            done = any(hit.first == other.first and hit.last == other.last for other in settled)
            if modality is Modality.DENIED and (done or _corrects(reading, hit, figure)):
                continue
            if _in_other_statement(reading, hit.first, figure):
                continue
            reach = _REACH[modality]
            if modality is Modality.HYPOTHETICAL and hit.first <= 1:
                reach *= 3  # "If ..., " at the head of a sentence holds for all of it
            if modality is Modality.DENIED and hit.last <= figure and _opens_clause(reading, hit.last):
                reach *= 3  # "denied that ..." holds to the end of what is denied
            if _way(reading, hit.first, hit.last, figure) <= reach:
                return modality, reading.words(hit.first, hit.last)
    return Modality.OBSERVED, ""


def _is_planned(modality: Modality, hit: Hit, other: Hit) -> bool:
    """Whether a window or movement itself says that it is to come: "planned for January", "retornará a"."""
    planned = other.category == "windows" and other.value == "on"
    verb = other.category == "measures" and hit.first == other.first
    return modality is Modality.FORECAST and (planned or verb)


def _in_other_statement(reading: Reading, first: int, figure: int) -> bool:
    """Whether a semicolon parts a phrase from the figure."""
    begin, end = sorted((first, figure))
    return any(item.text == ";" for item in reading.items[begin:end])


def _opens_clause(reading: Reading, last: int) -> bool:
    """Whether "that" follows, after a comma in some languages."""
    return any(0 <= that.first - last <= 1 for that in reading.of("speech.that"))


def _corrects(reading: Reading, hit: Hit, figure: int) -> bool:
    """Whether a figure stands after a denial and a colon: then it is what holds instead."""
    return any(item.text in {":", ";"} for item in reading.items[hit.last : figure])


def _way(reading: Reading, first: int, last: int, figure: int) -> float:
    return reading.apart(figure, first, last)


def find_rate(reading: Reading, figure: int) -> str | None:
    """The time of a rate that belongs to a figure: "day", "week", "month" or "year"."""
    if not reading.of("rates"):
        return None
    average = _is_average(reading, figure)
    windows = reading.among("windows", *EVENTS)
    if reading.of("average"):  # "on average 300 over the past day" is 300 a day; "a year ago" is no rate
        windows = [hit for hit in windows if hit.value in _AGO]
    reach = _MEAN if average else _OPENING if _opens_with_rate(reading, figure) else _RATE
    ways = [
        (_way(reading, hit.first, hit.last, figure), str(hit.value))
        for hit in reading.of("rates")
        if (not hit.slots or figure in hit.slots)
        and not any(
            hit.first < other.last and other.first < hit.last and figure not in other.slots
            for other in windows
        )
    ]
    distance, time = min(ways, default=(99.0, ""))
    # A figure between costs five: a rate does not reach over one to the next, unless averages are given.
    return time if distance <= reach else None


_AGO = {"year_before", "month_before", "week_before", "day_before"}


def _is_average(reading: Reading, figure: int) -> bool:
    """Whether an average is given of a figure, and not of one behind it: "9,800 arrived, an average of 700 a day"."""
    return any(
        hit.first < figure or not any(figure < other < hit.last + _NEXT for other in reading.figures)
        for hit in reading.of("average")
    )


_NEXT = 3  # items from "an average" to its figure


def _opens_with_rate(reading: Reading, figure: int) -> bool:
    """Whether a rate opens the sentence, and the figure is its first: "On each of the last days, some 4,000 came"."""
    dated = {i for hit in reading.of("windows") for i in range(hit.first, hit.last)}
    opens = any(hit.first <= 1 for hit in reading.of("rates"))
    return opens and not any(other < figure and other not in dated for other in reading.figures)
