"""Words to functions; errors to text; progress to stderr. A file per verb; no domain logic."""

from tolqyn.cli.app import main

__all__ = ["main"]
