"""The append-only store of documents, claims, judgements and vintages."""
