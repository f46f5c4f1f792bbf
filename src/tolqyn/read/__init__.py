"""Documents and tables as seen: bytes in, text or rows with their metadata out."""
