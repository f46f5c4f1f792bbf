"""Run a study: `python -m studies [NAME] [--waves N]`; without a name, every one.

Results go to studies/results as tables and pictures. Seeds are fixed: the same study of the same
code gives the same files. A study that is broken off goes on where it stopped.
"""

import argparse
import importlib
import sys

from studies import page

STUDIES = ("coverage", "real", "border_guard", "nowcast", "referee", "transit", "overstays")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m studies", description=__doc__)
    parser.add_argument("name", nargs="?", choices=sorted(STUDIES))
    parser.add_argument(
        "--waves", type=int, default=200, help="simulated waves of each family; other studies scale with it"
    )
    given = parser.parse_args()
    missing = 0
    for name in [given.name] if given.name else STUDIES:
        try:
            importlib.import_module(f"studies.{name}").run(given.waves)
        except ModuleNotFoundError as lacking:
            missing += 1
            print(f"{name}: needs {lacking.name}, of the extra `study`: pip install 'tolqyn[study]'")
    page.write()
    return int(missing > 0)


sys.exit(main())
