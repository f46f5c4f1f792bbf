"""A register's published tally in a wave: a claims table among its tables, and its coverage among its sources."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

from tolqyn.claims import Claim
from tolqyn.errors import UsageError
from tolqyn.files import write_whole
from tolqyn.situation import SourceNote
from tolqyn.wave.folder import SETTINGS, Wave

__all__ = ["keep_tally"]

COLUMNS = (
    "measure", "place", "counterpart", "group", "value", "unit", "qualifier", "window_start", "window_end",
    "organization", "said", "published",
)  # fmt: skip


def keep_tally(wave: Wave, claims: Sequence[Claim], note: SourceNote) -> Path:
    """Write the claims of a tally into a wave's tables; what `tolqyn add` and every estimate then read.

    The table is named by the claims' document; an earlier one of that name is replaced. The coverage of the
    register goes into the settings where they do not speak of it yet.

    Args:
        wave: opened.
        claims: from `tolqyn.register.tally_claims`, of a tally as it may be published.
        note: what is known of the register as a source.

    Raises:
        UsageError: a tally without figures.
    """
    if not claims:
        raise UsageError("the tally has no figure to keep", hint="each was hidden or silent")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for claim in claims:
        cells = [getattr(claim, name) for name in COLUMNS]
        writer.writerow(
            ["" if cell is None else f"{cell:.15g}" if isinstance(cell, float) else cell for cell in cells]
        )
    path = wave.path / "tables" / f"{claims[0].doc}.csv"
    path.parent.mkdir(exist_ok=True)
    write_whole(path, text.getvalue().encode())
    if note.coverage and note.name not in {known.name for known in wave.situation.sources}:
        settings = wave.path / SETTINGS
        low, high = note.coverage
        name = json.dumps(note.name, ensure_ascii=False)
        added = f"\n[[source]]\nname = {name}\ncoverage = [{low}, {high}]\n"
        write_whole(settings, settings.read_bytes().rstrip() + b"\n" + added.encode())
    return path
