"""The options by which a verb is told which engine reads texts."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tolqyn.wave import Engine, model_engine, rules_engine

__all__ = ["ANSWERS", "ENDPOINT", "ENGINE", "KEY_ENV", "MODEL", "TIMEOUT", "EngineName", "chosen_engine"]


class EngineName(StrEnum):
    """What can read texts."""

    RULES = "rules"
    MODEL = "model"


_PANEL = "Language model"
ENGINE = Annotated[
    EngineName | None,
    typer.Option(
        help="What reads the texts: our rules, offline (the default), or a language model.",
        rich_help_panel=_PANEL,
    ),
]
ENDPOINT = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="OpenAI-compatible endpoint, such as http://127.0.0.1:11434/v1; the texts are sent there.",
        rich_help_panel=_PANEL,
    ),
]
MODEL = Annotated[
    str | None, typer.Option(metavar="NAME", help="Name of the model there.", rich_help_panel=_PANEL)
]
KEY_ENV = Annotated[
    str | None,
    typer.Option(
        metavar="VARIABLE",
        help="Environment variable that holds the key, if one is needed.",
        rich_help_panel=_PANEL,
    ),
]
TIMEOUT = Annotated[
    float, typer.Option(min=1.0, metavar="SECONDS", help="Time for one answer.", rich_help_panel=_PANEL)
]
ANSWERS = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="Where answers are kept, so that nothing is asked twice; else in your folder for caches.",
        rich_help_panel=_PANEL,
    ),
]


def chosen_engine(
    engine: EngineName | None,
    endpoint: str | None,
    model: str | None,
    key_env: str | None,
    timeout: float,
    answers: Path | None,
) -> Engine | None:
    """The engine that the options name; None where they name none.

    Raises:
        typer.BadParameter: options that do not go together.
        UsageError: an endpoint, model or key that is not to be used.
    """
    if engine is not EngineName.MODEL:
        if endpoint or model or key_env or answers:
            raise typer.BadParameter("--endpoint, --model, --key-env and --answers go with --engine model")
        return rules_engine() if engine else None
    if not endpoint or not model:
        raise typer.BadParameter("--engine model needs --endpoint URL and --model NAME")
    return model_engine(endpoint, model, key_variable=key_env, seconds=timeout, answers=answers)
