"""Which money is meant by a name that several countries share: pesos, rupees, CFA francs.

Pure. Such a name has a word in the place of its code in a language file (`PESO = ["pesos"]`); the country that
the price is told of settles it. Codes: ISO 4217.
"""

from __future__ import annotations

from tolqyn.places import Place

__all__ = ["settle_currency"]

_SHARED: dict[str, dict[str, str]] = {
    "PESO": {
        "MEX": "MXN", "CHL": "CLP", "COL": "COP", "ARG": "ARS", "URY": "UYU", "CUB": "CUP", "DOM": "DOP",
        "PHL": "PHP",
    },
    "CFA": {
        "CMR": "XAF", "CAF": "XAF", "TCD": "XAF", "COG": "XAF", "GNQ": "XAF", "GAB": "XAF", "BEN": "XOF",
        "BFA": "XOF", "CIV": "XOF", "GNB": "XOF", "MLI": "XOF", "NER": "XOF", "SEN": "XOF", "TGO": "XOF",
    },
    "FRANC": {
        "CHE": "CHF", "FRA": "FRF", "BEL": "BEF", "RWA": "RWF", "BDI": "BIF", "COD": "CDF", "GIN": "GNF",
        "DJI": "DJF", "COM": "KMF", "NCL": "XPF", "PYF": "XPF",
    },
    "DINAR": {
        "DZA": "DZD", "TUN": "TND", "LBY": "LYD", "IRQ": "IQD", "JOR": "JOD", "KWT": "KWD", "BHR": "BHD",
        "SRB": "RSD", "MKD": "MKD",
    },
    "RUPEE": {"IND": "INR", "PAK": "PKR", "NPL": "NPR", "LKA": "LKR", "MUS": "MUR"},
    "CROWN": {
        "CZE": "CZK", "SVK": "SKK", "SWE": "SEK", "NOR": "NOK", "DNK": "DKK", "ISL": "ISK", "EST": "EEK",
    },
    "SHILLING": {"KEN": "KES", "UGA": "UGX", "TZA": "TZS", "SOM": "SOS"},
    "POUND": {
        "GBR": "GBP", "EGY": "EGP", "SDN": "SDG", "SSD": "SSP", "SYR": "SYP", "LBN": "LBP", "IRL": "IEP",
        "CYP": "CYP", "TUR": "TRY",
    },
    "LIRA": {"TUR": "TRY", "ITA": "ITL", "SYR": "SYP", "LBN": "LBP", "MLT": "MTL"},
    "RIAL": {"IRN": "IRR", "YEM": "YER", "OMN": "OMR", "SAU": "SAR", "QAT": "QAR"},
    "LEU": {"ROU": "RON", "MDA": "MDL"},
    "DIRHAM": {"MAR": "MAD", "ARE": "AED"},
}  # fmt: skip


def settle_currency(unit: str, *places: Place | None) -> str:
    """A unit of money with the code of its country's own: "PESO/month" in Chile is "CLP/month".

    Args:
        unit: as the language file has it, with the time of a rate.
        places: those that the price may be told of, the likeliest first.
    """
    name, slash, time = unit.partition("/")
    shared = _SHARED.get(name)
    if shared is None:
        return unit
    lands = (place.country for place in places if place is not None and place.country is not None)
    code = next((shared[land] for land in lands if land in shared), "unknown")
    return f"{code}{slash}{time}"
