"""How time grows with one line of text, for what could make a pattern or a loop try too much: `python -m bench growth`.

Each piece is repeated to one line of growing length and read by `extract`; the slope is that of the logarithm of
processor time over the logarithm of length, 1 where time grows with the text and no faster, 2 where it grows with
its square. `--largest 5000000` goes on to five megabytes.
"""

import argparse
import time
from datetime import date

import numpy as np

from tolqyn.claims import Document
from tolqyn.extract import extract

PIECES = (
    "In 2022 about 5,000 Russians entered Georgia, 3,000 left, ((( from 1 to 24 September ",
    "1 ", "5,000 ", "since ", "from from ", "million ", "\u200f", "a.b. ", "((((", "twenty ", "тысяч ", "Russia ",
    "San José ", "Ростов-на-", "\u0301", "а'", "U.S.", "Ё ", "New ", "в Россию ", "\u2067", "a\u0300", "-",
)  # fmt: skip


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench growth", description=__doc__)
    parser.add_argument("--largest", type=int, default=160_000, help="characters of the longest line")
    sizes = [parser.parse_args(argv).largest // divisor for divisor in (16, 4, 1)]
    spent("Russia ", 2_000)
    print(f"{'piece':<28}" + "".join(f"{size:>11,}" for size in sizes) + "   slope")
    for piece in PIECES:
        seconds = [spent(piece, size) for size in sizes]
        slope = float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])
        print(
            f"{piece[:24]!a:<28}" + "".join(f"{each:9.2f} s" for each in seconds) + f"{slope:8.2f}",
            flush=True,
        )


def spent(piece: str, size: int) -> float:
    """Seconds of processor time that one line of a piece repeated takes to read."""
    document = Document("line", piece * (size // len(piece)), published=date(2022, 10, 1), language="en")
    begun = time.process_time()
    extract(document)
    return time.process_time() - begun
