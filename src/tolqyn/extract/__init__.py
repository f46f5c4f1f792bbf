"""Text in, claims with exact offsets out. One engine; a language is a data file."""

from tolqyn.extract.detect import detect_language
from tolqyn.extract.engine import Extraction, extract, extract_all, learn_events

__all__ = ["Extraction", "detect_language", "extract", "extract_all", "learn_events"]
