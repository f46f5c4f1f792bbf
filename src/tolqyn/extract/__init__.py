"""Text in, claims with exact offsets out. One engine; a language is a data file."""
