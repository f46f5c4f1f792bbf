"""A sentence gives a claim."""

from datetime import date

from tolqyn.claims import Document
from tolqyn.extract import extract


def test_a_plain_sentence_gives_its_claim():
    text = "About 98,000 Russians have entered Kazakhstan since September 21, the interior ministry said."
    found = extract(Document("a", text, published=date(2022, 9, 27), language="en"))
    (claim,) = found.claims
    assert (claim.value, claim.measure, claim.place, claim.group) == (98000, "entries", "KAZ", "RUS")
    assert claim.window_start == date(2022, 9, 21)
