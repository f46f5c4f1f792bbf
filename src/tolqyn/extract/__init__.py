"""Text in, claims with exact offsets out. One engine; a language is a data file."""

from tolqyn.extract.detect import detect_language
from tolqyn.extract.engine import Extraction, extract, extract_all, learn_events

ENGINE = "rules 2"
"""Name and version of the engine, kept with every claim: a new number has every text read again."""

__all__ = ["ENGINE", "Extraction", "detect_language", "extract", "extract_all", "learn_events"]
