"""The example waves that come with Tolqyn."""

from __future__ import annotations

import shutil
from pathlib import Path

from tolqyn.errors import UsageError

__all__ = ["copy_example"]

PACKAGE = Path(__file__).resolve().parent.parent
HOMES = (PACKAGE / "examples", PACKAGE.parent.parent / "examples")
"""Where they lie: in the installed package, or in a checkout."""


def copy_example(name: str, into: Path) -> Path:
    """Copy an example wave to `into`/`name`, unless it is there already, and give that folder.

    Raises:
        UsageError: no example has that name.
    """
    target = into / name
    if (target / "situation.toml").exists():
        return target
    for home in HOMES:
        if (home / name / "situation.toml").exists():
            # A copy that was cut short must not pass for the example, so it gets its name last.
            part = into / f".{name}.part"
            shutil.rmtree(part, ignore_errors=True)
            shutil.copytree(home / name, part, ignore=shutil.ignore_patterns(".tolqyn", "report.*"))
            part.rename(target)
            return target
    raise UsageError(f"there is no example wave named {name!r}", hint=f"looked in {HOMES[0]} and {HOMES[1]}")
