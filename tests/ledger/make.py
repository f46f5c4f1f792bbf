"""Documents and claims for the tests of the ledger; the people and bodies are invented."""

from datetime import date

from tolqyn.claims import Claim, Document, Measure

SENTENCE = "{figure} people came."


def made(doc, *figures, published=date(2022, 9, 27), **known):
    """A document that says each figure in a sentence of its own, and its claims."""
    sentences = [SENTENCE.format(figure=figure) for figure in figures]
    text = " ".join([doc, *sentences])
    claims = []
    for figure, sentence in zip(figures, sentences, strict=True):
        start = text.index(sentence)
        claims.append(
            said(figure, doc=doc, quote=sentence, start=start, end=start + len(sentence), published=published)
        )
    return Document(doc, text, published=published, **known), text.encode(), claims


def said(value, **fields):
    """A claim with everything filled that the test does not care about."""
    known = {
        "doc": "a",
        "quote": str(value),
        "measure": Measure.ENTRIES,
        "place": "KAZ",
        "group": "RUS",
        "window_start": date(2022, 9, 21),
        "window_end": date(2022, 9, 27),
        "published": date(2022, 9, 27),
    }
    return Claim(**{**known, "value": value, **fields})
