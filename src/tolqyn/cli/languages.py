"""`tolqyn languages`: the languages that texts are read in, and what each file covers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tolqyn.cli.common import print_csv, print_jsonl, print_table, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tolqyn.languages import Coverage, Score

__all__ = ["languages"]

FIELDS = ("language", "name", "phrases", "keys_missing", "texts", "claims", "found", "core", "full")


def languages(
    code: Annotated[
        str | None,
        typer.Argument(
            metavar="CODE", help="A language by its ISO 639-1 code: what its file covers, key by key."
        ),
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="One row a language, or a key.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """The languages that texts are read in: how many phrases each file holds, what it leaves out, how well it reads.

    The scores are F1 on texts annotated by hand that were not looked at while the language was written: found (the
    figure), core (measure, place and days too), full (everything else as well). With few claims they are rough.

    With a code, each section of that file: its keys with the number of phrases, and the keys that are missing.

    [dim]Examples:[/dim]

        tolqyn languages

        tolqyn languages pl

        tolqyn languages --csv > languages.csv
    """
    from tolqyn.languages import available, load, scores  # noqa: PLC0415 (language files load when the verb runs)

    if code is not None:
        _tell_keys(load(code).coverage, csv=csv, json=json)
        return
    rows = [_row(coverage, scores()) for coverage in available()]
    if json:
        print_jsonl(rows)
    elif csv:
        print_csv(FIELDS, rows)
    else:
        names = [field.replace("_", " ") for field in FIELDS]
        table = [[_cell(row[field]) for field in FIELDS] for row in rows]
        print_table(names, table, right=names[2:])
        say(f"{len(rows)} languages; `tolqyn languages CODE` tells what is in a file and what is missing")


def _row(coverage: Coverage, measured: Mapping[str, Score]) -> dict[str, object]:
    score = measured.get(coverage.code)
    return {
        "language": coverage.code,
        "name": coverage.name,
        "phrases": sum(coverage.sections.values()),
        "keys_missing": len(coverage.missing),
        "texts": score.texts if score else None,
        "claims": score.claims if score else None,
        "found": score.found if score else None,
        "core": score.core if score else None,
        "full": score.full if score else None,
    }


def _cell(value: object) -> str:
    return "–" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)


def _tell_keys(coverage: Coverage, *, csv: bool, json: bool) -> None:
    """One language key by key; a key that is missing has no phrases."""
    rows = [{"key": key, "phrases": count} for key, count in coverage.keys.items()]
    rows += [{"key": key, "phrases": 0} for key in coverage.missing]
    if json:
        print_jsonl(rows)
    elif csv:
        print_csv(["key", "phrases"], rows)
    else:
        print_table(["section", "phrases"], list(coverage.sections.items()), right=["phrases"])
        typer.echo("")
        for section in dict.fromkeys(key.partition(".")[0] for key in coverage.missing):
            keys = [key.partition(".")[2] for key in coverage.missing if key.startswith(f"{section}.")]
            typer.echo(f"missing in {section}: {', '.join(keys) or 'all'}")
        say(
            f"{coverage.name}: {sum(coverage.sections.values())} phrases, {len(coverage.missing)} keys missing"
        )
