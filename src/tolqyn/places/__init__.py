"""Countries, regions, cities and checkpoints by name in many languages."""

from tolqyn.places.atlas import alpha2, capital, neighbours, place, region_of, settled
from tolqyn.places.gazetteer import Gazetteer, gazetteer
from tolqyn.places.place import Mention, Place

__all__ = [
    "Gazetteer",
    "Mention",
    "Place",
    "alpha2",
    "capital",
    "gazetteer",
    "neighbours",
    "place",
    "region_of",
    "settled",
]
