"""`tolqyn demo`: the example wave, from its folder of reports to its situation report."""

from __future__ import annotations

import os
import sys
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from tolqyn.cli.common import progress, say, tell_problems
from tolqyn.wave import Wave, copy_example

__all__ = ["demo"]


def demo(
    output: Annotated[Path, typer.Option(help="Folder for the copy of the wave and its report.")] = Path(
        "out"
    ),
    show: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the report in the browser, where there is one.")
    ] = True,
) -> None:
    """Make the situation report of Russians in Kazakhstan, autumn 2022, from real statements.

    The wave is copied to out/kazakhstan-2022, so that you can change it and see what moves.
    """
    folder = copy_example("kazakhstan-2022", output)
    with Wave(folder) as opened, progress() as bar:
        task = bar.add_task("reading", total=None)
        added = opened.add(step=lambda done, total: bar.update(task, completed=done, total=total))
        bar.update(task, description="estimating and drawing", total=None)
        written = opened.report(pdf=True)
    tell_problems(added.problems, limit=3)
    say(
        f"{len(added.new)} documents and tables read ({added.unchanged} known already), {added.claims} new claims"
    )
    for path in written:
        say(f"wrote {path}")
    if show and _has_screen():
        webbrowser.open(written[0].resolve().as_uri())


def _has_screen() -> bool:
    """Whether a browser window can be shown to the person who asked."""
    if os.environ.get("CI") or not sys.stderr.isatty():
        return False
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
