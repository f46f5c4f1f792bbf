"""Lower rooms never import higher ones, and the pure rooms touch nothing of the world."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "tolqyn"

# From the ground up. A room may import the rooms before it, and itself.
ORDER = [
    "errors", "values", "files", "claims", "languages", "places", "situation", "read", "extract", "ledger", "estimate", "register",
    "stay", "forecast", "simulate", "effects", "report", "export", "wave", "web", "cli", "__main__",
]  # fmt: skip
PURE = ["claims", "situation", "estimate", "forecast", "effects"]
WORLD = {"os", "pathlib", "socket", "sqlite3", "subprocess", "urllib", "http", "time", "random", "sqlalchemy"}


def room_of(path):
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import; rooms are named in full"
            yield node.module
            if node.module == "tolqyn":
                yield from (f"tolqyn.{alias.name}" for alias in node.names)


FILES = sorted(path for path in SOURCE.rglob("*.py") if path != SOURCE / "__init__.py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_room_knows_only_the_rooms_below_it(path):
    room = room_of(path)
    assert room in ORDER, f"{room} has no place in the house; put it in ORDER"

    known = {name.split(".")[1] for name in imports(path) if name.startswith("tolqyn.")}

    allowed = set(ORDER[: ORDER.index(room) + 1]) | {"__version__", "open"}
    assert known <= allowed, f"{room} imports {sorted(known - allowed)}"


@pytest.mark.parametrize("room", PURE)
def test_a_pure_room_touches_no_files_network_or_clock(room):
    for path in FILES:
        if room_of(path) == room:
            touched = {name.split(".")[0] for name in imports(path)} & WORLD
            assert not touched, f"{path.relative_to(SOURCE)} imports {sorted(touched)}"
