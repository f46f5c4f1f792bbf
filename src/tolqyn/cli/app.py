"""The `tolqyn` command: gathers the verbs, and turns an error into text and a status."""

from __future__ import annotations

import importlib
import inspect
import sys

import typer

from tolqyn import __version__
from tolqyn.errors import TolqynError

__all__ = ["app", "main"]

app = typer.Typer(
    name="tolqyn",
    help="From scattered, conflicting reports of a migration wave to one defensible picture.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

VERBS = (
    "new",
    "add",
    "extract",
    "claims",
    "echoes",
    "review",
    "estimate",
    "cases",
    "sources",
    "next",
    "cohorts",
    "vintages",
    "report",
    "register",
    "stay",
    "languages",
    "demo",
)
"""Each is a module of that name with a function of that name, or a group of verbs; the order is that of `--help`."""


def main() -> None:
    """Run the command line; status 0 only for success, 1 for an error, 2 for a misused command."""
    try:
        app(prog_name="tolqyn")
    except TolqynError as error:
        typer.echo(f"tolqyn: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        # The reader of a pipe has left (`tolqyn claims ... | head`): nothing more to say.
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        typer.echo("tolqyn: stopped; what was finished is kept", err=True)
        sys.exit(130)


def _version(show: bool) -> None:
    if show:
        typer.echo(f"tolqyn {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print it."),
) -> None:
    """Options of every verb."""


def _unwrap(text: str | None) -> str:
    """A docstring for `--help`: paragraphs in one line each, so that they wrap to the window; examples as they are."""
    paragraphs = inspect.cleandoc(text or "").split("\n\n")
    return "\n\n".join(p if p.startswith(" ") else " ".join(p.split()) for p in paragraphs)


for _name in VERBS:
    _verb = getattr(importlib.import_module(f"tolqyn.cli.{_name}"), _name)
    if isinstance(_verb, typer.Typer):
        for _command in _verb.registered_commands:
            _command.help = _unwrap(_command.callback.__doc__ if _command.callback else None)
        app.add_typer(_verb, name=_name)
    else:
        app.command(_name, help=_unwrap(_verb.__doc__))(_verb)
