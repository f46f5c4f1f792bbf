"""A wave on disk: the folder of settings, documents, tables and ledger, and what can be done with it."""

from tolqyn.wave.engines import Engine, model_engine, rules_engine
from tolqyn.wave.example import copy_example
from tolqyn.wave.files import write_draws, write_table
from tolqyn.wave.folder import Context, Verdict, Wave, create, open  # noqa: A004 (tolqyn.open is the Python face)
from tolqyn.wave.intake import Added, extract_paths
from tolqyn.wave.tallies import keep_tally
from tolqyn.wave.vintages import Believed

__all__ = [
    "Added",
    "Believed",
    "Context",
    "Engine",
    "Verdict",
    "Wave",
    "copy_example",
    "create",
    "extract_paths",
    "keep_tally",
    "model_engine",
    "open",
    "rules_engine",
    "write_draws",
    "write_table",
]
