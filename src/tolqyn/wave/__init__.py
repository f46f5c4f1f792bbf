"""A wave on disk: the folder of settings, documents, tables and ledger, and what can be done with it."""

from tolqyn.wave.engines import Engine, model_engine, rules_engine
from tolqyn.wave.example import copy_example
from tolqyn.wave.extraction import extract_paths
from tolqyn.wave.files import write_draws, write_table
from tolqyn.wave.folder import Context, Verdict, Wave, create, open  # noqa: A004 (tolqyn.open is the Python face)
from tolqyn.wave.intake import Added
from tolqyn.wave.registers import REGISTERS, TALLY_DOC, RegisterNote, read_note, write_note
from tolqyn.wave.tallies import keep_tally
from tolqyn.wave.vintages import Believed

__all__ = [
    "REGISTERS",
    "TALLY_DOC",
    "Added",
    "Believed",
    "Context",
    "Engine",
    "RegisterNote",
    "Verdict",
    "Wave",
    "copy_example",
    "create",
    "extract_paths",
    "keep_tally",
    "model_engine",
    "open",
    "read_note",
    "rules_engine",
    "write_draws",
    "write_note",
    "write_table",
]
