"""Whose a body is, and how it is called for that in English: "Ministry of Internal Affairs of Georgia".

Pure.
"""

from __future__ import annotations

from functools import lru_cache

from tolqyn.extract.chains import Chain
from tolqyn.extract.reading import Reading
from tolqyn.places import Place, place

__all__ = [
    "BARE",
    "OF_PROVINCES",
    "OF_SEATS",
    "OF_STATES",
    "OF_THE",
    "OF_TOWNS",
    "called",
    "inherent_land",
    "is_local_body",
    "is_of_land",
    "lands_of_bodies",
    "organization_of",
    "owner_of",
]


# Bodies that a town has of its own, and those that a region or a town has.
OF_TOWNS = {"City", "Municipality"}
OF_SEATS = {"Prefecture", "Sub-Prefecture"}  # called after the town that they sit in
OF_PROVINCES = {*OF_SEATS, "Governorate", "District Governorate", "Government"}
_OF_REGIONS = {
    "Administration", "Akimat", "Police", "Governorate", "District Governorate", "Prefecture", "Sub-Prefecture",
    "Provincial Administration", "District Administration", "Military Administration", "State Administration",
    "Provincial Government", "Regency", "Region", "County", "County Council", "County Governor",
    "Regional Council", "Departmental Council", "Voivodeship Office", "Executive Authority",
    "Border Detachment", "Occupation administration", "Disaster Management Agency", "Labour Office",
    "Police Headquarters", "Senate Department", "Presidential Delegation", "Government Delegation",
}  # fmt: skip
# Bodies of which a country has many: without a place beside them they stay bare.
_LOCAL = OF_TOWNS | _OF_REGIONS | {"Embassy", "Consulate General"}


def inherent_land(chain: Chain | None) -> Place | None:
    """The country of a body that has but one: "Home Office of the United Kingdom"."""
    names = reversed(chain.names) if chain is not None else ()
    return next((owner for owner in map(_inherent_owner, names) if owner is not None), None)


@lru_cache(maxsize=2_000)
def _inherent_owner(name: str) -> Place | None:
    """The country in the name of a body, as in "Rosstat of Russia"."""
    owner = place(name.rpartition(" of ")[2].removeprefix("the ")) if " of " in name else None
    return owner if owner is not None and owner.kind == "country" else None


def lands_of_bodies(reading: Reading) -> list[str]:
    """Alpha-3 codes of the countries that have the bodies which a sentence names, where but one country has each."""
    bodies = reading.of("source")
    return [owner.code for hit in bodies if (owner := _inherent_owner(str(hit.value[1]))) is not None]


def _sits_in_capital(chain: Chain) -> bool:
    """Whether a body that a country has as well as its towns is said to be in the capital: "police in Ljubljana"."""
    named = chain.country
    if named is None or BARE.isdisjoint(chain.names[-1:]) or "in" not in named.roles:
        return False
    land = place(named.place.country or "")
    return land is not None and named.place.is_capital_of(land)


OF_STATES = {"Embassy", "Consulate General"}
BARE = OF_STATES | {"Police"}  # bodies that a country has as well as its towns


def is_local_body(chain: Chain) -> bool:
    """Whether a body is one of many of its kind, that of a town or region."""
    if not chain.names or not (chain.names[-1] in _LOCAL or chain.regional):
        return False
    return chain.country is None or is_of_land(chain)


def is_of_land(chain: Chain) -> bool:
    """Whether a town hall stands beside a country, whose it cannot be."""
    land = chain.country is not None and chain.country.place.kind == "country"
    return land and bool(chain.names) and chain.names[-1] in OF_TOWNS


def organization_of(chain: Chain, home: str | None, seat: str | None = None) -> str | None:
    """The name of a body in English with that of whose it is: as named, its seat, or the country given; None without one."""
    if not chain.names:
        return None
    if inherent_land(chain) is not None:
        return OF_THE.join(chain.names)
    country = owner_of(chain)
    owner = country or (seat if is_local_body(chain) else home if chain.national else None)
    body = OF_THE.join(chain.names)
    return called(body, owner) if owner else body


def called(body: str, owner: str) -> str:
    """The name of a body with that of whose it is, as the country itself calls it in English."""
    if _INTERIOR in body and owner == "United Kingdom":
        body = body.replace(_INTERIOR, "Home Office")
    elif _INTERIOR in body and not _says_internal_affairs(owner):
        body = body.replace(_INTERIOR, "Ministry of the Interior")
    return f"{body} of {_ENGLISH.get(owner, owner)}" if owner else body


OF_THE = " of the "
_ENGLISH = {
    "Türkiye": "Turkey",
    "United Kingdom": "the United Kingdom",
    "United States": "the United States",
    "Czechia": "the Czech Republic",
    "Hong Kong SAR China": "Hong Kong",
    "Macao SAR China": "Macao",
    "Myanmar (Burma)": "Myanmar",
    "Congo - Kinshasa": "the Democratic Republic of the Congo",
    "Congo - Brazzaville": "the Republic of the Congo",
    "Côte d’Ivoire": "Ivory Coast",
    "Bosnia & Herzegovina": "Bosnia and Herzegovina",
    "Palestinian Territories": "Palestine",
    "Dominican Republic": "the Dominican Republic",
    "Central African Republic": "the Central African Republic",
}


# States that came out of the Soviet Union kept its name of the ministry; others say "of the Interior".
_INTERIOR = "Ministry of Internal Affairs"
_INTERNAL_AFFAIRS = frozenset(
    {"RUS", "UKR", "BLR", "MDA", "GEO", "ARM", "AZE", "KAZ", "UZB", "KGZ", "TJK", "TKM"}
)


def _says_internal_affairs(owner: str) -> bool:
    found = place(owner)
    return found is None or found.country in _INTERNAL_AFFAIRS


def owner_of(chain: Chain) -> str | None:
    """Whose a body is: the country or region beside it; of a city, the country, if the body is national."""
    where = chain.country.place if chain.country else None
    if where is None or not chain.national or is_of_land(chain):
        return None
    if _sits_in_capital(chain):
        land = place(where.country or "")
        return land.name if land is not None else None
    single = any(name.startswith(_OF_LANDS) for name in chain.names)
    town = where.kind == "city" and not chain.regional
    if (single or town) and where.country and not set(chain.names) & _LOCAL:
        land = place(where.country)
        return land.name if land else where.name
    return where.name


# How bodies begin of which a country has but one, and a region none.
_OF_LANDS = (
    "Border", "State Border", "National", "Federal", "Coast Guard", "Customs", "Army", "Navy", "Security Service",
    "State Security", "Foreign", "General Security", "Ministry of Foreign", "Ministry of Defence",
)  # fmt: skip
