"""The field's words for measures, kinds, groups, places and figures, as a report prints them.

Reads the gazetteer of `tolqyn.places` for English names, nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from tolqyn.claims import Claim, Measure, Qualifier
from tolqyn.places import Place, place
from tolqyn.report.words import count, days, tidy

__all__ = [
    "counted",
    "figure",
    "find_place",
    "group_name",
    "in_place",
    "kind_name",
    "place_name",
    "spelled_out",
    "subject_of",
]

_KINDS = {
    "iin": "personal numbers (IIN)",
    "residence": "residence permits",
    "temporary_stay": "temporary stay",
    "asylum": "asylum",
    "citizenship": "citizenship",
    "work_permit": "work permits",
    "bank_account": "bank accounts",
    "other": "other",
}
_QUALIFIERS = {
    Qualifier.EXACT: "",
    Qualifier.ABOUT: "about ",
    Qualifier.OVER: "more than ",
    Qualifier.SLIGHTLY_OVER: "slightly more than ",
    Qualifier.UNDER: "fewer than ",
    Qualifier.ALMOST: "almost ",
    Qualifier.UP_TO: "up to ",
    Qualifier.RANGE: "",
    Qualifier.ORDER: "on the order of ",
}
_COUNTS = {
    Measure.ENTRIES: "entries of {group} to {place}",
    Measure.EXITS: "exits of {group} from {place}",
    Measure.NET: "entries minus exits of {group}, {place}",
    Measure.STOCK: "{group} present in {place}",
    Measure.REGISTRATIONS: "registrations of {group} in {place}",
    Measure.APPLICATIONS: "applications of {group} in {place}",
    Measure.DEPORTATIONS: "deportations of {group} from {place}",
    Measure.REFUSALS: "refusals of {group}, {place}",
    Measure.DETENTIONS: "detentions of {group} in {place}",
    Measure.QUEUE: "waiting at {place}, {group}",
    Measure.SHARE: "a share, {group}, {place}",
    Measure.PRICE: "prices in {place}",
    Measure.SHELTER: "shelter for {group} in {place}",
}


@lru_cache(maxsize=4096)
def find_place(code: str) -> Place | None:
    """The place of a code or English name; None where the gazetteer has none."""
    return place(code)


def place_name(code: str) -> str:
    """A place in English; two codes joined in one claim are both named."""
    if "," in code:
        return " and ".join(place_name(part.strip()) for part in code.split(","))
    found = find_place(code)
    return tidy(found.name if found else code, 80)


def in_place(code: str) -> str:
    """With its preposition: "in Kazakhstan", "at Mashtakovo" for a checkpoint."""
    found = find_place(code)
    return f"{'at' if found and found.kind == 'checkpoint' else 'in'} {place_name(code)}"


def group_name(group: str) -> str:
    """The people of a group: "citizens of Russia", "foreign citizens", "people", or its own name."""
    if group in {"foreign", "any"}:
        return {"foreign": "foreign citizens", "any": "people"}[group]
    if len(group) == 3 and group.isupper() and (found := find_place(group)):
        return f"citizens of {found.name}"
    return tidy(group, 80)


def spelled_out(line: str, places: Iterable[str], groups: Iterable[str]) -> str:
    """A line of the estimate with its codes in words: "exits of citizens of Sudan in Chad" for "exits of SDN in TCD"."""
    names = {group: group_name(group) for group in groups} | {code: place_name(code) for code in places}
    codes = "|".join(re.escape(code) for code in names if len(code) == 3 and code.isupper())
    return re.sub(rf"\b(?:{codes})\b", lambda found: names[found[0]], line) if codes else line


def kind_name(kind: str | None) -> str:
    """A kind of registration or application in words."""
    return _KINDS.get(kind or "", tidy((kind or "kind not said").replace("_", " "), 60))


def figure(claim: Claim) -> str:
    """The figure as it was stated: "more than 200,000", "9,000–12,000 a day", "3 %"."""
    if claim.value is not None:
        number = count(claim.value)
    elif claim.low is not None and claim.high is not None:
        number = f"{count(claim.low)}–{count(claim.high)}"
    else:
        number = count(claim.centre)
    return f"{_QUALIFIERS[claim.qualifier]}{number}{_unit(claim.unit)}"


def _unit(unit: str) -> str:
    what, _, time = unit.partition("/")
    noun = {"persons": "", "percent": " %"}.get(what, f" {tidy(what, 20)}")
    return noun + (f" a {tidy(time, 20)}" if time else "")


def subject_of(claim: Claim) -> str:
    """What the figure counts, where, of whom and when, in one line."""
    kind = f" ({kind_name(claim.kind)})" if claim.kind else ""
    return f"{counted(claim.measure, claim.place, claim.group)}{kind}, {days(claim.window_start, claim.window_end)}"


def counted(measure: str, place: str, group: str) -> str:
    """What is counted, of whom and where: "exits of citizens of Russia from Kazakhstan"."""
    return _COUNTS[Measure(measure)].format(group=group_name(group), place=place_name(place))
