"""Rule files, read and checked: TOML in, a `Rule` out.

Pure: it is given the text. A file that is wrong is refused whole, with the file and the key, since half a rule
would answer wrongly in silence. The keys are described in docs/reference/rules.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from tolqyn.errors import StayError
from tolqyn.stay.rule import Conventions, Duty, End, Exemption, Kind, Limit, Rule, Source, Version

__all__ = ["SCHEMA", "TableReader", "parse_rule", "parse_sources"]

SCHEMA = 1
SOURCE_KINDS = ("law", "official", "court", "law-firm", "news")
SEEN = ("full-text", "excerpt", "secondary")
_NEEDS = {
    Kind.ROLLING: ({"days", "window"},),
    Kind.FIRST_ENTRY: ({"days", "window"},),
    Kind.PER_ENTRY: ({"days"}, {"months"}),
    Kind.CALENDAR_YEAR: ({"days"},),
    Kind.ABSENCE: ({"days", "window_months"},),
    Kind.FIXED_END: (set[str](),),
}


def parse_rule(text: str, where: str) -> Rule:
    """The rule that the text of a file describes.

    Args:
        text: TOML.
        where: the file, for messages.

    Raises:
        StayError: not TOML; a key that is missing, unknown or of the wrong form; a source that does not exist; two
            versions for one date; a limit without the numbers that its kind needs.
    """
    top = TableReader.of_toml(text, where)
    schema = top.number("schema")
    if schema != SCHEMA:
        raise StayError(
            f"schema is {schema}", f"{where}, schema", f"this version of Tolqyn reads schema {SCHEMA}"
        )
    sources = parse_sources(top)
    versions = tuple(_version(each, sources) for each in top.tables("version"))
    duties = tuple(_duty(each, sources) for each in top.tables("duty"))
    if not versions and not duties:
        raise StayError(
            "neither a version nor a duty", where, "write [[version]] with its limits, or [[duty]]"
        )
    _no_overlap(versions, where)
    examples = _examples(top, {v.id for v in versions} | {d.id for d in duties})
    rule = Rule(
        id=top.text("id"),
        destination=top.text("destination").upper(),
        also=tuple(name.upper() for name in top.texts("also")),
        joined=_joined(top.table("joined")),
        nationals=tuple(name.upper() for name in top.texts("nationals", required=True)),
        not_nationals=tuple(name.upper() for name in top.texts("not_nationals")),
        question=top.text("question"),
        choose_version_by=top.one_of("choose_version_by", ("entry_date", "query_date"), "entry_date"),
        versions=tuple(_with_examples(each, examples) for each in versions),
        conventions=_conventions(top.table("count")),
        duties=duties,
        exemptions=tuple(_exemption(each, sources) for each in top.tables("exception")),
        sources=sources,
        assumes=top.maybe_text("assumes"),
        where=where,
    )
    top.done()
    return rule


def _joined(table: TableReader) -> dict[str, date]:
    """Countries that came to an area, with the first day on which its rule was theirs."""
    days = {name.upper(): table.sure_day(name) for name in table.values}
    table.done()
    return days


def parse_sources(top: TableReader) -> dict[str, Source]:
    """The `[source.ID]` tables of a file.

    Raises:
        StayError: a key that is missing, unknown or of the wrong form.
    """
    sources = {}
    for name, table in top.named_tables("source").items():
        sources[name] = Source(
            id=name,
            title=table.text("title"),
            kind=table.one_of("kind", SOURCE_KINDS),
            where=table.text("where"),
            seen=table.one_of("seen", SEEN),
            read_on=table.day("read_on"),
        )
        table.done()
    return sources


class TableReader:
    """One table of a file: takes its keys, and complains of those nobody took."""

    def __init__(self, table: Mapping[str, Any], where: str) -> None:
        self.values = dict(table)
        self.where = where
        self._taken: set[str] = set()

    @classmethod
    def of_toml(cls, text: str, where: str) -> TableReader:
        """The whole of a file.

        Raises:
            StayError: not TOML.
        """
        try:
            return cls(tomllib.loads(text), where)
        except tomllib.TOMLDecodeError as error:
            raise StayError(f"not TOML: {error}", where) from None

    def wrong(self, key: str, what: str, hint: str | None = None) -> StayError:
        """The error that a key is not what it should be."""
        return StayError(f"{key} is {self.values.get(key)!r}, not {what}", f"{self.where}, {key}", hint)

    def take(self, key: str) -> Any:
        """The value of a key, None if it is not there."""
        self._taken.add(key)
        return self.values.get(key)

    def done(self) -> None:
        """Complain of the first key that nobody took."""
        unknown = sorted(set(self.values) - self._taken)
        if unknown:
            known = ", ".join(sorted(self._taken))
            raise StayError(f"unknown key {unknown[0]!r}", self.where, f"the keys are: {known}")

    def text(self, key: str) -> str:
        """A line of text."""
        value = self.maybe_text(key)
        if value is None:
            raise StayError(f"{key} is missing", self.where, f'{key} = "..."')
        return value

    def maybe_text(self, key: str) -> str | None:
        """A line of text, or nothing."""
        value = self.take(key)
        if value is not None and (not isinstance(value, str) or not value.strip()):
            raise self.wrong(key, "a line of text", f'{key} = "..."')
        return value.strip() if value else None

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of names."""
        value = self.take(key)
        if value is None and not required:
            return ()
        if value is None:
            raise StayError(f"{key} is missing", self.where, f'{key} = ["..."]')
        if not isinstance(value, list) or not value or not all(isinstance(v, str) and v for v in value):
            raise self.wrong(key, "a list of names", f'{key} = ["..."]')
        return tuple(value)

    def one_of(self, key: str, known: Iterable[str], default: str | None = None) -> str:
        """One word of a list."""
        value = self.maybe_text(key) or default
        words = tuple(known)
        if value is None:
            raise StayError(f"{key} is missing", self.where, f"it is one of: {', '.join(words)}")
        if value not in words:
            raise self.wrong(key, "known", f"it is one of: {', '.join(words)}")
        return value

    def number(self, key: str) -> int:
        """A whole number above zero."""
        value = self.maybe_number(key)
        if value is None:
            raise StayError(f"{key} is missing", self.where, f"{key} = 90")
        return value

    def maybe_number(self, key: str) -> int | None:
        """A whole number above zero, or nothing."""
        value = self.take(key)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
            raise self.wrong(key, "a whole number above zero", f"{key} = 90")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self.take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def day(self, key: str) -> date | None:
        """A date, or nothing."""
        value = self.take(key)
        if isinstance(value, datetime) or (value is not None and not isinstance(value, date)):
            raise self.wrong(key, "a date", f"{key} = 2023-01-27, without quotes")
        return value

    def sure_day(self, key: str) -> date:
        """A date."""
        value = self.day(key)
        if value is None:
            raise StayError(f"{key} is missing", self.where, f"{key} = 2023-01-27")
        return value

    def table(self, key: str) -> TableReader:
        """A table, empty if it is not there."""
        value = self.take(key)
        if value is not None and not isinstance(value, dict):
            raise self.wrong(key, "a table", f"write [{key}]")
        return TableReader(value or {}, f"{self.where}, {key}")

    def tables(self, key: str) -> list[TableReader]:
        """A list of tables, empty if it is not there."""
        value = self.take(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise self.wrong(key, "a list of tables", f"write [[{key}]] above each")
        return [
            TableReader(each, f"{self.where}, {key} {each.get('id', n)}") for n, each in enumerate(value, 1)
        ]

    def named_tables(self, key: str) -> dict[str, TableReader]:
        """Tables by name, none if it is not there."""
        value = self.take(key)
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(isinstance(each, dict) for each in value.values()):
            raise self.wrong(key, "tables by name", f"write [{key}.NAME] above each")
        return {name: TableReader(each, f"{self.where}, {key}.{name}") for name, each in value.items()}

    def cited(self, sources: Mapping[str, Source]) -> tuple[str, ...]:
        """The ids under `sources`: at least one, each described in the file."""
        ids = self.texts("sources", required=True)
        for name in ids:
            if name not in sources:
                known = ", ".join(sources) or "none"
                raise StayError(
                    f"no source {name!r}",
                    f"{self.where}, sources",
                    f"write [source.{name}]; there are: {known}",
                )
        return ids


def _version(table: TableReader, sources: Mapping[str, Source]) -> Version:
    valid_from, valid_to = table.day("valid_from"), table.day("valid_to")
    if valid_from and valid_to and valid_to < valid_from:
        raise table.wrong("valid_to", f"on or after valid_from, {valid_from}")
    limits = tuple(_limit(each) for each in table.tables("limits"))
    if not limits:
        raise StayError("limits are missing", table.where, 'limits = [ { kind = "per_entry", days = 90 } ]')
    ends = tuple(_end(each, sources) for each in table.tables("end"))
    fixed = any(limit.kind is Kind.FIXED_END for limit in limits)
    if fixed != bool(ends):
        raise StayError(
            "a limit of kind fixed_end needs [[version.end]], and only that kind has it", table.where
        )
    version = Version(
        id=table.text("id"),
        limits=limits,
        sources=table.cited(sources),
        valid_from=valid_from,
        valid_to=valid_to,
        ends=ends,
        count_stays_entered_from=table.day("count_stays_entered_from"),
        known_from=table.day("known_from"),
        conflict=table.maybe_text("conflict"),
        provision=table.maybe_text("provision"),
        note=table.maybe_text("note"),
    )
    table.done()
    return version


def _limit(table: TableReader) -> Limit:
    kind = Kind(table.one_of("kind", list(Kind)))
    limit = Limit(
        kind,
        days=table.maybe_number("days"),
        months=table.maybe_number("months"),
        window=table.maybe_number("window"),
        window_months=table.maybe_number("window_months"),
    )
    table.done()
    given = set(table.values) - {"kind"}
    if given not in _NEEDS[kind]:
        needs = " or ".join(" and ".join(sorted(each)) or "nothing more" for each in _NEEDS[kind])
        raise StayError(
            f"a limit of kind {kind} with {', '.join(sorted(given)) or 'no numbers'}",
            table.where,
            f"it needs {needs}",
        )
    return limit


def _end(table: TableReader, sources: Mapping[str, Source]) -> End:
    end = End(table.sure_day("last_day"), table.sure_day("known_from"), table.cited(sources))
    table.done()
    return end


def _conventions(table: TableReader) -> Conventions:
    table.one_of("unit", ("calendar_day",), "calendar_day")
    conventions = Conventions(
        entry_day=table.flag("entry_day", default=True),
        exit_day=table.flag("exit_day", default=True),
        not_counted=table.texts("not_counted"),
        assumed=table.maybe_text("assumed"),
    )
    table.done()
    return conventions


def _duty(table: TableReader, sources: Mapping[str, Source]) -> Duty:
    start = table.one_of("from", ("crossing", "arrival", "change"))
    duty = Duty(
        id=table.text("id"),
        what=table.text("what"),
        who=table.text("who"),
        days=table.number("days"),
        unit=table.one_of("unit", ("calendar_day", "working_day")),
        start=start,
        first_day=table.one_of("first_day", ("arrival", "next", "unknown")),
        sources=table.cited(sources),
        valid_from=table.day("valid_from"),
        valid_to=table.day("valid_to"),
        from_entry=start != "change",
        conflict=table.maybe_text("conflict"),
    )
    table.done()
    return duty


def _exemption(table: TableReader, sources: Mapping[str, Source]) -> Exemption:
    when = table.text("when")
    subject, equals, basis = (part.strip() for part in when.partition("="))
    if subject != "basis" or not equals or not basis.isidentifier():
        raise table.wrong("when", "a condition that can be read", 'when = "basis = work_contract"')
    exemption = Exemption(
        id=table.text("id"),
        basis=basis,
        effect=table.text("effect"),
        sources=table.cited(sources),
        valid_from=table.day("valid_from"),
    )
    table.done()
    return exemption


def _no_overlap(versions: tuple[Version, ...], where: str) -> None:
    ids = [version.id for version in versions]
    if len(set(ids)) < len(ids):
        raise StayError(f"two versions have the same id among {', '.join(ids)}", where)
    ordered = sorted(versions, key=lambda version: version.valid_from or date.min)
    for early, late in pairwise(ordered):
        if early.valid_to is None or late.valid_from is None or late.valid_from <= early.valid_to:
            raise StayError(
                f"{early.id} and {late.id} both govern {late.valid_from or 'the first days'}",
                where,
                "each date has one version: set valid_to of the earlier one",
            )


def _examples(top: TableReader, known: set[str]) -> dict[str, tuple[str, ...]]:
    examples: dict[str, tuple[str, ...]] = {}
    for table in top.tables("example"):
        of = table.text("of")
        if of not in known:
            raise table.wrong("of", "a version or duty of this file", f"there are: {', '.join(sorted(known))}")  # fmt: skip
        examples[of] = (*examples.get(of, ()), table.text("case"))
        table.done()
    return examples


def _with_examples(version: Version, examples: Mapping[str, tuple[str, ...]]) -> Version:
    return replace(version, examples=examples.get(version.id, ()))
