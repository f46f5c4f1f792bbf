"""Crossing events at national scale: matched in order of time, counted, and safe to publish.

Touches files: reads registers, writes what `generate_register` makes. Personal data stay inside: no
public function returns a key, a document or a birth date. The reasoning is in
docs/concepts/register.md.
"""

from tolqyn.register.generate import Recipe, Truth, generate_register, register_batch, register_of_totals
from tolqyn.register.linkage import LinkCounts, Linked, link_crossings
from tolqyn.register.posts import Posts, read_posts
from tolqyn.register.protection import (
    CLASSES,
    TALLY,
    Cost,
    Published,
    Scheme,
    protect,
    read_published,
    round_figures,
)
from tolqyn.register.register import Check, Register, open_register
from tolqyn.register.settings import Settings
from tolqyn.register.statements import register_source, tally_claims
from tolqyn.register.stays import Overstays, overstays, stay_lengths, stock

__all__ = [
    "CLASSES",
    "TALLY",
    "Check",
    "Cost",
    "LinkCounts",
    "Linked",
    "Overstays",
    "Posts",
    "Published",
    "Recipe",
    "Register",
    "Scheme",
    "Settings",
    "Truth",
    "generate_register",
    "link_crossings",
    "open_register",
    "overstays",
    "protect",
    "read_posts",
    "read_published",
    "register_batch",
    "register_of_totals",
    "register_source",
    "round_figures",
    "stay_lengths",
    "stock",
    "tally_claims",
]
