"""The vocabulary: what a sentence about a migration wave says, as small immutable values.

Pure: no files, no languages, no models. Each word of the vocabulary is one module.
"""

from tolqyn.claims.claim import RECORD_FIELDS, Claim, claim_from_record, claim_to_record
from tolqyn.claims.document import Document
from tolqyn.claims.measure import KINDS, MEASURES, Measure, Modality, Qualifier
from tolqyn.claims.statement import Statement
from tolqyn.claims.window import Window

__all__ = [
    "KINDS",
    "MEASURES",
    "RECORD_FIELDS",
    "Claim",
    "Document",
    "Measure",
    "Modality",
    "Qualifier",
    "Statement",
    "Window",
    "claim_from_record",
    "claim_to_record",
]
