"""Every bench, or the one named: `python -m bench [NAME [ARGUMENT ...]]`. A bench is a module here with `main(argv)`."""

import importlib
import sys
from pathlib import Path

BENCHES = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))


def main(argv: list[str]) -> int:
    if argv and argv[0] not in BENCHES:
        print(f"no bench named {argv[0]!r}; there are: {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    for name in argv[:1] or BENCHES:
        print(f"--- {name}")
        importlib.import_module(f"bench.{name}").main(argv[1:])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
