"""Text in, claims with exact offsets out. One engine; a language is a data file."""

from tolqyn.extract.detect import detect_language
from tolqyn.extract.engine import Extraction, extract, extract_all, learn_events
from tolqyn.extract.events import events_of

ENGINE = "rules 5"
"""Name and version of the engine, kept with every claim: a new number has every text read again."""

__all__ = ["ENGINE", "Extraction", "detect_language", "events_of", "extract", "extract_all", "learn_events"]
