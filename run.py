#!/usr/bin/env python3
"""One door to every chore: python3 run.py COMMAND (the Makefile's targets are aliases of these).

Needs only Python 3.11 or later. The first command makes `.venv` from the hashed lock files, which
takes a minute with a cold cache; after that the set-up is a comparison of digests.

    setup   the virtual environment, with `tolqyn` in it
    demo    the situation report of the example wave, as HTML and PDF, in out/
    test    every fast test, then lint and types
    check   lint and types alone
    study   the slow studies: coverage, agreement with the referee (studies/)
    bench   speed and memory beside what a user would pick instead (bench/)
    docs    run the examples in docs/ and write the generated reference pages

Arguments after the command go to the tool behind it: `python3 run.py test -k ledger`.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "locked.txt"
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock", "study": "requirements-study.lock"}


def main(argv: list[str]) -> int:
    """Run one chore; the exit status is that of the tool behind it."""
    if not argv or argv[0] in {"-h", "--help", "help"}:
        print(__doc__)
        return 0
    command, rest = argv[0], argv[1:]
    chore = CHORES.get(command)
    if chore is None:
        print(f"no chore named {command!r}; there are: {', '.join(CHORES)}", file=sys.stderr)
        return 2
    return chore(rest)


def setup(profile: str) -> None:
    """Bring `.venv` to what the lock file says, unless it is there already."""
    if sys.version_info < (3, 11):
        sys.exit(f"Tolqyn needs Python 3.11 or later; this is {sys.version.split()[0]}")
    have = STAMP.read_text().split() if STAMP.exists() else []
    # Each lock holds everything that those before it hold, so it serves for them too.
    if any(digest(larger) in have for larger in list(LOCKS)[list(LOCKS).index(profile) :]):
        return
    print(f"setting up {VENV} from {LOCKS[profile]} ...", file=sys.stderr, flush=True)
    STAMP.unlink(missing_ok=True)
    uv = boot_uv()
    if uv:
        call(uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, VENV)
        target = ("--python", PYTHON)
        call(uv, "pip", "sync", "--quiet", "--require-hashes", *target, ROOT / LOCKS[profile])
    else:
        call(sys.executable, "-m", "venv", VENV)
        call(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", ROOT / LOCKS[profile])
    install_package()
    STAMP.write_text(digest(profile) + "\n")


def boot_uv() -> Path | None:
    """The installer, by its locked hash, in `.boot`; None where it has no wheel for this machine."""
    home = ROOT / ".boot"
    uv = home / "bin" / ("uv.exe" if os.name == "nt" else "uv")
    if not uv.exists():
        pip = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--root-user-action=ignore",
            "--only-binary",
            ":all:",
            "--require-hashes",
            "--target",
            str(home),
            "-r",
            str(ROOT / "bootstrap.lock"),
        ]
        if subprocess.run(pip, check=False).returncode != 0:
            print("the fast installer is not to be had here; pip takes its place", file=sys.stderr)
            return None
    return uv


def install_package() -> None:
    """Put `src` on the path of `.venv`, and the `tolqyn` command beside its Python.

    By hand rather than by an editable install, so that no build backend is needed to run.
    """
    site = subprocess.check_output(
        [PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
    )
    Path(site.strip(), "tolqyn-src.pth").write_text(f"{ROOT / 'src'}\n", encoding="utf-8")
    if os.name == "nt":
        (BIN / "tolqyn.cmd").write_text(f'@"{PYTHON}" -m tolqyn %*\r\n')
        return
    script = BIN / "tolqyn"
    # Through sh, because a kernel's `#!` line stops at 127 characters on some systems.
    script.write_text(f'#!/bin/sh\nexec "{PYTHON}" -m tolqyn "$@"\n')
    script.chmod(0o755)


def digest(profile: str) -> str:
    """What `.venv` must agree with: the lock file and where the checkout stands."""
    lock = (ROOT / LOCKS[profile]).read_bytes()
    return hashlib.sha256(lock + str(ROOT).encode()).hexdigest()


def call(*words: object) -> None:
    """Run a step of the set-up; stop with its status when it fails."""
    done = subprocess.run([str(word) for word in words], check=False)
    if done.returncode:
        sys.exit(done.returncode)


def tool(*words: object) -> int:
    """Run a tool of the environment from the root of the checkout."""
    return subprocess.run([str(word) for word in words], cwd=ROOT, check=False).returncode


def do_setup(rest: list[str]) -> int:
    setup("dev" if "--dev" in rest else "run")
    return 0


def do_demo(rest: list[str]) -> int:
    setup("run")
    return tool(PYTHON, "-m", "tolqyn", "demo", *rest)


def do_test(rest: list[str]) -> int:
    setup("dev")
    # By groups, so that what is dear to start (Spark) is started by one worker alone.
    return tool(PYTHON, "-m", "pytest", *(rest or ["-n", "2", "--dist", "loadgroup"])) or (
        0 if rest else check()
    )


def do_check(_rest: list[str]) -> int:
    setup("dev")
    return check()


def check() -> int:
    """Lint, layout, types."""
    return (
        tool(PYTHON, "-m", "ruff", "check", ".")
        or tool(PYTHON, "-m", "ruff", "format", "--check", ".")
        or tool(PYTHON, "-m", "mypy")
    )


def do_study(rest: list[str]) -> int:
    setup("study")
    return tool(PYTHON, "-m", "studies", *rest)


def do_bench(rest: list[str]) -> int:
    setup("dev")
    return tool(PYTHON, "-m", "bench", *rest)


def do_docs(rest: list[str]) -> int:
    setup("dev")
    return tool(PYTHON, "-m", "docs.build", *rest)


CHORES = {
    "setup": do_setup,
    "demo": do_demo,
    "test": do_test,
    "check": do_check,
    "study": do_study,
    "bench": do_bench,
    "docs": do_docs,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
