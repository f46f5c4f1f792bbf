"""The rules that come with the package, and those of a wave's own `rules/` folder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

from tolqyn.errors import StayError
from tolqyn.stay.parse import parse_rule
from tolqyn.stay.rule import Duty, Rule

__all__ = ["RuleBook", "load_rules"]

STAY = "visa-free stay"
"""The question of a rule that says how long a visitor may stay; other rules answer others."""


@dataclass(frozen=True)
class RuleBook:
    """Rules to look things up in."""

    rules: tuple[Rule, ...]

    def rule(self, name: str) -> Rule | None:
        """The rule of an id, or a rule with one version alone if the id is a version's."""
        for rule in self.rules:
            if rule.id == name:
                return rule
        return next((rule.only(name) for rule in self.rules if rule.version(name)), None)

    def duty(self, name: str) -> tuple[Rule, Duty] | None:
        """The duty of an id, and the rule it stands in."""
        return next(((rule, duty) for rule in self.rules for duty in rule.duties if duty.id == name), None)

    def find(
        self, destination: str, national: str, question: str = STAY, *, on: date | None = None
    ) -> Rule | None:
        """The rule for nationals of a country at a destination; None if there is none on file.

        A country of an area, such as FR of SCHENGEN, is answered by the area's rule, from the day on which it
        joined if `on` is given.

        Raises:
            StayError: two rules answer.
        """
        found = [rule for rule in self.rules if rule.question == question and rule.is_for(destination, national, on)]  # fmt: skip
        if len(found) > 1:
            raise StayError(
                f"{' and '.join(rule.id for rule in found)} both answer for {national} at {destination}",
                found[1].where,
                "narrow their nationals",
            )
        return found[0] if found else None

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids that can be asked for: rules and their versions."""
        return tuple(
            name for rule in self.rules for name in dict.fromkeys((rule.id, *(v.id for v in rule.versions)))
        )


def load_rules(*folders: Path) -> RuleBook:
    """Every rule of the package, and of the *.toml files of folders such as a wave's `rules/`.

    Raises:
        StayError: a folder that is not there; a file that cannot be used; an id that two files have.
    """
    rules = list(_ours())
    for folder in folders:
        if not folder.is_dir():
            raise StayError(f"{folder} is not a folder", hint="rules are *.toml files in a folder")
        rules += [
            parse_rule(_text(path), str(path))
            for path in sorted(folder.glob("*.toml"), key=lambda path: path.name)
        ]
    return RuleBook(tuple(_distinct(rules)))


@cache
def _ours() -> tuple[Rule, ...]:
    folder = files("tolqyn.stay").joinpath("rules")
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    return tuple(
        parse_rule(entry.read_text(encoding="utf-8"), entry.name)
        for entry in entries
        if entry.name.endswith(".toml")
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StayError(f"cannot be read: {error}", str(path)) from None


def _distinct(rules: Iterable[Rule]) -> Iterable[Rule]:
    seen: dict[str, Rule] = {}
    for rule in rules:
        for name in dict.fromkeys((rule.id, *(v.id for v in rule.versions), *(d.id for d in rule.duties))):
            if name in seen:
                raise StayError(
                    f"{name!r} is also in {seen[name].where}", rule.where, "give it an id of its own"
                )
            seen[name] = rule
        yield rule
