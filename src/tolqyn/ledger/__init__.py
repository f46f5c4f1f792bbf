"""The append-only store of documents, claims, judgements and vintages; echoes told from statements."""

from tolqyn.ledger.duplicates import near_duplicates
from tolqyn.ledger.echoes import group_echoes
from tolqyn.ledger.entries import Added, Judgement, Verdict, Vintage
from tolqyn.ledger.retelling import Retelling, retellings
from tolqyn.ledger.store import Ledger, open_ledger

__all__ = [
    "Added",
    "Judgement",
    "Ledger",
    "Retelling",
    "Verdict",
    "Vintage",
    "group_echoes",
    "near_duplicates",
    "open_ledger",
    "retellings",
]
