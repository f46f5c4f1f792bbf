"""Days of events: the document's own, the caller's, then the short public list."""

import csv
import sys
import tomllib
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from corpus import FOLDERS, text_of

from tolqyn.claims import Document
from tolqyn.extract import events_of, extract
from tolqyn.extract.scene import find_events, set_scene
from tolqyn.languages import load


@pytest.mark.parametrize(
    "name",
    [
        "Partial mobilization announced in Russia",
        "В России объявлена частичная мобилизация",
        "Часткова мобілізація в Росії",
        "Teilmobilmachung in Russland",
    ],
)
def test_the_name_of_an_event_tells_its_kind_in_any_language(name):
    assert events_of({name: date(2022, 9, 21)}) == {"mobilization": date(2022, 9, 21)}


def test_of_two_events_of_a_kind_the_earlier_counts():
    named = {
        "Russia declares the mobilization over": date(2022, 10, 28),
        "Partial mobilization announced in Russia": date(2022, 9, 21),
        "A holiday": date(2022, 10, 25),
    }

    assert events_of(named) == {"mobilization": date(2022, 9, 21)}


def test_what_the_caller_knows_stands_before_the_public_list():
    text = "Since the mobilization 5,000 people have entered Georgia from Russia."
    document = Document("a", text, published=date(2022, 10, 1), language="en")

    given = extract(document, events={"mobilization": date(2022, 9, 23)}).claims[0]
    known = extract(document).claims[0]

    assert (given.window_start, known.window_start) == (date(2022, 9, 23), date(2022, 9, 21))


def test_an_event_that_fits_more_of_the_countries_named_stands_before_a_later_one():
    text = "Since the war began 5,000 Ukrainians have come to Israel by way of Russia."
    document = Document("a", text, published=date(2024, 2, 1), language="en")

    claim = extract(document).claims[0]

    assert claim.window_start == date(2022, 2, 24)


def test_every_public_event_has_a_source():
    text = files("tolqyn.extract").joinpath("data", "events.toml").read_text(encoding="utf-8")

    for entry in tomllib.loads(text)["event"]:
        assert entry["source"].startswith("http")
        assert isinstance(entry["day"], date)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_events_are_the_same_whether_or_not_the_whole_text_is_taken_apart(folder):
    """Sentences that name no event, or no beginning, date none: they may be passed over."""
    for row in csv.DictReader((folder / "articles.csv").read_text(encoding="utf-8").splitlines()):
        day = date.fromisoformat(row["published"]) if row["published"] else None
        document = Document(row["doc"], text_of(folder, row["doc"]), published=day)
        language = load(row["language"])

        assert find_events(document, language, ()) == set_scene(document, language, ()).events
