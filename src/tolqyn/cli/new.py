"""`tolqyn new`: a folder for a wave, with its settings."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from tolqyn.cli.common import parse_day, say
from tolqyn.situation import Event
from tolqyn.wave import create

__all__ = ["new"]


def new(
    folder: Annotated[Path, typer.Argument(help="Folder to make; it must not be a wave yet.")],
    title: Annotated[str, typer.Option(help="One line for readers.")],
    place: Annotated[
        list[str], typer.Option(help="Whose flows are estimated: a code such as KAZ. May recur.")
    ],
    start: Annotated[date, typer.Option(parser=parse_day, help="First day of the study.", metavar="DATE")],
    end: Annotated[
        date | None, typer.Option(parser=parse_day, help="Last day of the study.", metavar="DATE")
    ] = None,
    group: Annotated[
        list[str] | None, typer.Option(help="Whose movement: a citizenship such as RUS, or any. May recur.")
    ] = None,
    event: Annotated[
        list[str] | None,
        typer.Option(help="A day on which something happened: 2022-09-21=mobilization announced. May recur."),
    ] = None,
) -> None:
    """Make a folder for a wave, with its settings.

    [dim]Example:[/dim]

        tolqyn new kz --title "Russians in Kazakhstan" --place KAZ --group RUS --start 2022-09-01
            --event "2022-09-21=mobilization announced"
    """
    events = [_event(text) for text in event or []]
    create(folder, title=title, places=place, groups=group or ["any"], start=start, end=end, events=events)
    say(f"made {folder}; put texts in {folder / 'documents'} and tables in {folder / 'tables'},")
    say(f"or add them: tolqyn add {folder} FILE...")


def _event(text: str) -> Event:
    day, mark, name = text.partition("=")
    if not mark or not name.strip():
        raise typer.BadParameter(f"{text!r} is not DATE=NAME", param_hint="--event")
    parsed = parse_day(day.strip())
    assert parsed is not None
    return Event(parsed, name.strip())
