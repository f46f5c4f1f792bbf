"""What is a number in a text and what only looks like one."""

from datetime import date

import pytest

from tolqyn.claims import Document
from tolqyn.extract import extract


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Some 4 mln people came to Poland.", [4e6]),
        ("A thousand people came to Poland on a BN(O) visa.", [1000]),
        ("People with a BN(O) visa came to the United Kingdom.", []),
    ],
)
def test_a_magnitude_written_short_is_a_number_only_behind_digits(text, values):
    found = extract(Document("a", text, published=date(2022, 10, 1), language="en"))

    assert [claim.value for claim in found.claims] == values
