"""Kill a wave's writer at random moments while its register is taken in, and look after each time at what it left.

Run by test_registers.py: python killed.py WAVE KILLS SEED, with a `registers/` of 3 days in the wave. Before each
writer the register grows or shrinks by a day. One process forks the writers, which alone start an engine.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import tolqyn
from tolqyn.ledger import open_ledger

CLAIMS_A_DAY = 2
"""Entries and exits of one citizenship."""


def main(path, kills, seed):
    chance = random.Random(seed)
    events = path / "registers" / "events.csv"
    lines = events.read_text().splitlines()
    start, seen, torn, killed = time.perf_counter(), set(), [], 0
    add(path)
    patience = 1.2 * (time.perf_counter() - start)
    for kill in range(kills):
        events.write_text("\n".join(lines[: 1 + (len(lines) - 1) * (1 + kill % 3) // 3]) + "\n")
        child = os.fork()
        if child == 0:
            with tolqyn.open(path) as wave:
                wave.add()
            os._exit(0)
        time.sleep(chance.uniform(0, patience))
        os.kill(child, signal.SIGKILL)
        was_killed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
        killed += was_killed
        # On a machine that gets busier or idler the moments of the kills go with it.
        patience *= 1.2 if was_killed else 0.8
        with open_ledger(path / ".tolqyn" / "ledger.sqlite") as ledger:
            days = sorted({claim.window_start.isoformat() for claim in ledger.claims()})
            count = len(ledger.claims())
        seen.add(len(days))
        if count != len(days) * CLAIMS_A_DAY:
            torn.append((len(days), count))
    add(path)
    print(json.dumps({"killed": killed, "seen": sorted(seen), "torn": torn}))


def add(path):
    """Bring the wave up to date in a process of its own, so that no engine runs where writers are forked."""
    child = os.fork()
    if child == 0:
        with tolqyn.open(path) as wave:
            wave.add()
        os._exit(0)
    os.waitpid(child, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
