"""Run a study: `python -m studies NAME [--waves N]`; without a name, every one.

Results go to studies/results as tables and pictures. Seeds are fixed: the same study of the same
code gives the same files.
"""

import argparse

from studies import coverage

STUDIES = {"coverage": coverage.run}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m studies", description=__doc__)
    parser.add_argument("name", nargs="?", choices=sorted(STUDIES))
    parser.add_argument("--waves", type=int, default=60, help="simulated waves of each family")
    given = parser.parse_args()
    for name in [given.name] if given.name else STUDIES:
        STUDIES[name](given.waves)


main()
