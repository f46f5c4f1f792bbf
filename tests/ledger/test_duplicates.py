"""One text under several names is found; two texts on one subject are not."""

import random

from hypothesis import given
from hypothesis import strategies as st

from tolqyn.claims import Document
from tolqyn.ledger import near_duplicates

WORDS = [f"word{n}" for n in range(2000)]


def text_of(seed, length=300):
    return random.Random(seed).choices(WORDS, k=length)


def test_copies_with_small_changes_are_grouped_and_others_left_alone():
    origin = text_of(1)
    changed = [*origin[:150], "added", *origin[151:]]
    cut = origin[:260]
    documents = [
        Document("b-changed", " ".join(changed)),
        Document("c-cut", " ".join(cut).upper()),
        Document("a-origin", ", ".join(origin)),
        *(Document(f"other {seed}", " ".join(text_of(seed))) for seed in range(2, 40)),
        Document("half", " ".join(origin[:150] + text_of(50, 150))),
        Document("empty", ""),
        Document("empty too", "..."),
    ]

    assert near_duplicates(documents) == (("a-origin", "b-changed", "c-cut"),)


@given(st.permutations(range(12)))
def test_the_order_of_documents_does_not_matter(order):
    texts = [text_of(n // 3, 40) for n in range(12)]
    documents = [Document(f"d{n:02}", " ".join(texts[n])) for n in order]

    assert near_duplicates(documents) == tuple(
        tuple(f"d{n:02}" for n in range(k, k + 3)) for k in (0, 3, 6, 9)
    )


@given(st.lists(st.text(max_size=40), max_size=6))
def test_any_text_is_compared(texts):
    documents = [Document(f"d{n}", text) for n, text in enumerate(texts)]

    groups = near_duplicates(documents)

    assert len({name for group in groups for name in group}) == sum(map(len, groups))
