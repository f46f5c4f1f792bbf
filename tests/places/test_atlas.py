"""The data of the gazetteer: every country in every main language, sane coordinates, names that resolve."""

import csv
from importlib.resources import files

import pytest
from babel import Locale

from tolqyn.places import gazetteer, place
from tolqyn.places.atlas import settled

DATA = files("tolqyn.places") / "data"
LANGUAGES = ["en", "ru", "kk", "uk", "de", "fr", "es", "pl"]


def table(name):
    return list(csv.DictReader((DATA / name).read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_country_resolves_to_itself_by_code_and_by_name(language):
    gazette = gazetteer(language)
    territories = Locale(language).territories

    for row in table("countries.csv"):
        assert gazette.resolve(row["code"]).code == row["code"]
        if row["alpha2"] in territories:
            assert gazette.resolve(territories[row["alpha2"]]).code == row["code"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_region_and_checkpoint_resolves_by_its_english_name_in_any_language(language):
    gazette = gazetteer(language)

    for name in (row["name"] for file in ("regions.csv", "checkpoints.csv") for row in table(file)):
        assert gazette.resolve(name) is not None, name


def test_a_coordinate_is_on_the_globe_or_not_given():
    for spot in settled().values():
        assert (spot.latitude is None) == (spot.longitude is None), spot
        if spot.latitude is not None:
            assert -90 < spot.latitude < 90, spot
            assert -180 <= spot.longitude <= 180, spot
            assert (spot.latitude, spot.longitude) != (0, 0), spot


def test_a_checkpoint_lies_between_two_countries_and_its_names_belong_to_it():
    codes = {row["code"] for row in table("countries.csv")}
    for row in table("checkpoints.csv"):
        assert {row["country"], row["counterpart"]} <= codes, row
        assert row["country"] != row["counterpart"], row
    for kind in ("region", "checkpoint"):
        known = {row["name"] for row in table(f"{kind}s.csv")}
        assert {row["name"] for row in table(f"{kind}-names.csv")} == known & {
            row["name"] for row in table(f"{kind}-names.csv")
        }


@pytest.mark.parametrize(
    ("name", "code", "country"),
    [
        ("KAZ", "KAZ", "KAZ"),
        ("Turkey", "TUR", "TUR"),
        ("Ivory Coast", "CIV", "CIV"),
        ("Uralsk", "Uralsk", "KAZ"),
        ("Oral", "Uralsk", "KAZ"),
        ("Petropavlovsk", "Petropavlovsk", "KAZ"),
        ("West Kazakhstan Oblast", "West Kazakhstan Region", "KAZ"),
        ("North Ossetia-Alania", "North Ossetia", "RUS"),
        ("Upper Lars", "Verkhny Lars", "RUS"),
        ("Cúcuta", "Cúcuta", "COL"),
    ],
)
def test_a_place_is_known_by_the_names_of_it_in_english(name, code, country):
    assert (place(name).code, place(name).country) == (code, country)


def test_nothing_is_found_for_a_name_that_is_no_places():
    assert place("Xyzzy") is None
    assert place("") is None
    assert gazetteer("ru").resolve("Ыыы") is None


def test_of_places_with_one_name_the_nearer_is_meant_when_said():
    gazette = gazetteer("en")

    assert gazette.resolve("Tripoli").country == "LBY"
    assert gazette.resolve("Tripoli", near=["LBN"]).country == "LBN"


def test_the_data_stay_small():
    assert sum(len(file.read_bytes()) for file in DATA.iterdir()) < 5_000_000
