"""How work grows with its input, counted and not timed, so that a busy machine changes nothing.

What a pattern does inside one call is not seen; `python -m bench growth` times that.
"""

import sys


def calls(work):
    """How many calls of functions, Python's and C's, `work()` makes."""
    made = 0

    def count(_frame, event, _argument):
        nonlocal made
        made += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return made
