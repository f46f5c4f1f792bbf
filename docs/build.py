"""Keeps the docs true: runs their examples, writes what they print, and the pages made from code.

    python -m docs.build            run every example and rewrite its output; write generated pages
    python -m docs.build --check    fail, with the difference, where a page no longer says what happens

Examples are fenced blocks: ```console with lines that begin with `$ `, and ```pycon. Those of a page
run in order, in a fresh folder that holds a copy of the example wave as `kz`.
"""

from __future__ import annotations

import code
import contextlib
import difflib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(console|pycon)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def main(argv: list[str]) -> int:
    """Refresh or check every page; 1 where a check fails."""
    check = "--check" in argv
    stale = 0
    for path, fresh in [*examples(), *generated()]:
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        if old == fresh:
            continue
        stale += 1
        name = str(path.relative_to(ROOT))
        if check:
            sys.stdout.writelines(
                difflib.unified_diff(
                    old.splitlines(True), fresh.splitlines(True), name, f"{name} (as it runs)"
                )
            )
        else:
            path.write_text(fresh, encoding="utf-8")
            print(f"rewrote {name}")
    if check and stale:
        print(f"{stale} pages are out of date; `make docs` rewrites them")
    return int(check and stale > 0)


def examples() -> Iterator[tuple[Path, str]]:
    """Each page that has examples, with their output as it is now."""
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        if BLOCK.search(text):
            yield path, refresh(text)


def refresh(text: str) -> str:
    """The page with the output of each example as it is now."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(
            ROOT / "examples" / "kazakhstan-2022",
            Path(folder, "kz"),
            ignore=shutil.ignore_patterns(".tolqyn", "report.*"),
        )
        session = code.InteractiveConsole()
        here = Path.cwd()
        os.chdir(folder)
        try:
            fresh = BLOCK.sub(
                lambda block: (
                    f"```{block[1]}\n{shell(block[2]) if block[1] == 'console' else python(block[2], session)}```"
                ),
                text,
            )
            if "Traceback (most recent call last)" in fresh:
                sys.exit("an example fails:\n" + fresh[fresh.index("Traceback (most") - 400 :][:4000])
            return fresh
        finally:
            session.runcode(compile("globals().clear()", "<end>", "exec"))  # closes what the page left open
            os.chdir(here)


def shell(block: str) -> str:
    """A console block: each `$ ` command with what it prints, standard error after standard output."""
    lines = []
    for line in block.splitlines():
        if not line.startswith("$ "):
            continue
        path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            line[2:],
            shell=True,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PATH": path, "COLUMNS": "110", "NO_COLOR": "1", "TERM": "dumb"},
        )
        lines += [line, *[row.rstrip() for row in (done.stdout + done.stderr).splitlines()]]
    return "".join(f"{line}\n" for line in lines)


def python(block: str, session: code.InteractiveConsole) -> str:
    """A pycon block: each statement with what it prints."""
    lines: list[str] = []
    for line in [*block.splitlines(), ">>> "]:
        if line.startswith((">>> ", "... ")):
            if line == ">>> " and not (lines and pending(session)):
                continue
            lines += [line] if line != ">>> " else []
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                session.push(line[4:])
            lines += printed.getvalue().splitlines()
    return "".join(f"{line}\n" for line in lines)


def pending(session: code.InteractiveConsole) -> bool:
    """Whether a statement has been begun and not ended."""
    return bool(session.buffer)


def generated() -> Iterator[tuple[Path, str]]:
    """Each page made from code, with its text as it is now."""
    yield ROOT / "docs" / "reference" / "cli.md", cli_reference()
    yield ROOT / "docs" / "reference" / "rules-on-file.md", rules_reference()
    yield ROOT / "docs" / "guide" / "kazakhstan-2022.svg", picture()


def picture() -> str:
    """Entries and exits of the example wave, as its report draws them."""
    import tolqyn
    from tolqyn.report.model import Chart
    from tolqyn.wave import copy_example

    with (
        tempfile.TemporaryDirectory() as folder,
        tolqyn.open(copy_example("kazakhstan-2022", Path(folder))) as wave,
    ):
        wave.add()
        report = wave.situation_report()
    charts = (block for section in report.sections for block in section.blocks if isinstance(block, Chart))
    return next(charts).wide


def cli_reference() -> str:
    """The help of every verb."""
    from tolqyn.cli.app import VERBS

    parts = ["# Command line\n\nMade from `tolqyn VERB --help` by `make docs`.\n"]
    for name in VERBS:
        printed = shell(f"$ tolqyn {name} --help").partition("\n")[2].strip()
        parts += [f"\n## tolqyn {name}\n\n```text\n{printed}\n```\n"]
    return "".join(parts)


def rules_reference() -> str:
    """Every rule of stay on file, with its sources."""
    from tolqyn.stay import load_rules

    parts = [
        "# Rules on file\n\nMade from `src/tolqyn/stay/rules/` by `make docs`. What the keys mean: [rule files](rules.md).\n"
    ]
    for rule in load_rules().rules:
        who = ", ".join(rule.nationals).replace("*", "all")
        but = f" but {', '.join(rule.not_nationals)}" if rule.not_nationals else ""
        parts.append(f"\n## {rule.id}\n\n{rule.destination}, {rule.question}; nationals: {who}{but}.\n\n")
        for version in rule.versions:
            parts.append(
                f"- **{version.id}**: {version.words}; {version.in_force} [{', '.join(version.sources)}]"
            )
            parts += [f"; {end.last_day} as known from {end.known_from}" for end in version.ends]
            parts += [f". {text}" for text in (version.note, version.conflict) if text]
            parts.append("\n")
        for duty in rule.duties:
            since = f", from {duty.valid_from}" if duty.valid_from else ""
            unit = duty.unit.replace("_", " ")
            parts.append(
                f"- **{duty.id}**: {duty.who}: {duty.what}, {unit} {duty.days} from {duty.start}{since}; "
                f"day 1: {duty.first_day} [{', '.join(duty.sources)}]\n"
            )
        parts += [
            f"- **{e.id}**, if the basis is {e.basis}: {e.effect} [{', '.join(e.sources)}]\n"
            for e in rule.exemptions
        ]
        parts.append("\n| source | | kind | where | seen | read |\n| --- | --- | --- | --- | --- | --- |\n")
        parts += [
            f"| {s.id} | {s.title} | {s.kind} | {s.where} | {s.seen} | {s.read_on or ''} |\n"
            for s in rule.sources.values()
        ]
    return "".join(parts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
