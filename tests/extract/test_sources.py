"""Who states a figure. The texts and people are invented."""

from datetime import date

import pytest

from tolqyn.claims import Document
from tolqyn.extract import extract

PUBLISHED = date(2023, 10, 2)


def claims_of(text, language="en"):
    return extract(Document("invented", text, published=PUBLISHED, language=language)).claims


def organizations(text, language="en"):
    return [claim.organization for claim in claims_of(text, language)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Zehntausende Menschen sagten, dass 5.000 Russen nach Serbien eingereist seien."),
        ("de", "Die Agentur berichtet, dass 5.000 Russen nach Serbien eingereist seien."),
        ("es", "El Estado dijo que 5.000 rusos entraron en Serbia."),
        ("fr", "Des Milliers de Réfugiés disent que 5 000 Russes sont entrés en Serbie."),
        ("ru", "Этот Доклад сообщает, что в Сербию въехали 5 тысяч россиян."),
    ],
)
def test_neither_a_number_nor_an_article_nor_people_are_a_persons_name(language, text):
    assert {claim.speaker for claim in claims_of(text, language)} <= {None}


@pytest.mark.parametrize(
    "head",
    [
        "UNHCR Operational Update #12\nChad, 27 September 2023",
        "Chad: weekly bulletin\nUNHCR | Red Crescent\n27 September 2023",
        "UNHCR\nNews from the east of Chad",
    ],
)
def test_a_text_speaks_for_the_body_that_issues_it(head):
    said = organizations(
        f"{head}\n\nSome 60,000 refugees have entered Chad since 15 April.\n\nDaily arrivals have fallen to 900."
    )

    assert len(said) == 2
    assert all(body is not None and body.startswith("UNHCR") for body in said)


def test_an_interview_speaks_for_whom_it_asks():
    claims = claims_of(
        "Interview\nAna Sample heads the office of UNHCR in the east of Chad.\n\nHow many have come?\n"
        "- Some 60,000 refugees have entered Chad since 15 April.\n"
    )

    assert [(claim.organization, claim.speaker) for claim in claims] == [("UNHCR", "Ana Sample")]


def test_a_short_name_in_small_letters_is_another_word():
    (small,) = organizations("Au mai intrat în Serbia 5.000 de ruși, spune șoferul.", "ro")
    (capitals,) = organizations("Au intrat în Serbia 5.000 de ruși, spune MAI.", "ro")

    assert small is None
    assert capitals is not None


def test_officials_of_a_country_speak_for_its_government():
    assert organizations("Some 5,000 Russians entered Serbia on Sunday, Serbian officials said.") == [
        "Government of Serbia"
    ]


def test_a_rent_in_money_is_not_what_the_police_said():
    said = organizations(
        "About 5,000 Russians entered Serbia on Sunday, the border police said. A flat in Belgrade costs 900 euros."
    )

    assert said == ["Border Police of Serbia", None]


def test_a_mayor_is_of_the_town_spoken_of_and_not_of_that_where_the_report_was_written():
    said = organizations(
        "NOVI SAD - Some 500 people a day now arrive in Subotica. In Subotica 300 sleep in the station, the mayor said."
    )

    assert said[-1] == "City of Subotica"


def test_a_body_without_a_country_is_of_the_home_of_the_language():
    said = organizations("Pasieniečiai per parą sulaikė 33 migrantus iš Baltarusijos.", "lt")

    assert said == ["Border Guard of Lithuania"]


def test_a_ministry_is_not_of_a_country_that_acts_in_another_clause():
    said = organizations(
        "Since Moscow called up reservists, 5,000 Russians a day have come to Georgia, Interior Minister Ana Test said."
    )

    assert said == ["Ministry of Internal Affairs of Georgia"]


def test_what_stands_before_the_clause_of_a_source_is_not_theirs():
    said = organizations(
        "Some 160 Russians left Serbia in May; in June, UNHCR says, 7,000 Russians left Serbia."
    )

    assert said == [None, "UNHCR"]


def test_the_authorities_of_the_region_are_of_no_town_called_region():
    said = organizations(
        "Rund 5500 Fahrzeuge zählten die Behörden der Region am Dienstag vor der Grenze.", "de"
    )

    assert not any("Region" in (body or "") for body in said)


def test_a_regional_body_is_of_the_region_whose_section_it_stands_in():
    said = organizations(
        "UNHCR says that 90,000 Russians entered Kazakhstan in September.\n\nWest Kazakhstan. Much is asked of all.\n"
        "Aktobe. The regional administration puts arrivals at 7,000 Russians.\n"
        "Kostanay. 1,000 Russians entered on 23 September.\n"
    )

    assert said[:2] == ["UNHCR", "Administration of Aktobe Region"]
    assert said[2] != said[1]


def test_a_prefect_is_of_the_town_where_the_text_names_no_region():
    said = organizations(
        "BARI - Lo ha detto il prefetto Mario Esempio: a Bari sono arrivate 5.000 persone dall'Albania.", "it"
    )

    assert said == ["Prefecture of Bari"]


def test_the_only_source_of_a_text_is_that_of_its_levels_too_but_not_of_its_rents():
    said = organizations(
        "About 5,000 Russians entered Serbia in May, the statistics office said.\n\n"
        "At the end of the year 90,000 Russians lived in Serbia.\n\n"
        "A flat in Belgrade costs 900 euros.\n"
    )

    assert said == ["National Statistics Office of Serbia", "National Statistics Office of Serbia", None]


@pytest.mark.parametrize(
    "head",
    [
        "STATE COMMISSION FOR REFUGEES | PRESS OFFICE\n",
        "Ana Sample heads the State Commission for Refugees.\n\nQ: How many have come?\n",
        "Key figures as of 27 September 2023 (State Commission for Refugees)\n",
    ],
)
def test_heads_of_documents_name_their_body(head):
    said = organizations(f"{head}Some 60,000 refugees have entered Chad since 15 April.\n")

    assert said == ["State Commission for Refugees of Chad"]


@pytest.mark.parametrize(
    ("language", "text", "body"),
    [
        ("uk", "Поліція повідомляє, що до Сербії в'їхали 5 тисяч росіян.", "Police"),
        ("no", "Presidenten opplyser at det kom 5000 russere til Serbia.", "President of Serbia"),
    ],
)
def test_a_body_that_begins_a_sentence_is_no_town_of_its_name(language, text, body):
    assert organizations(text, language) == [body]  # there are towns called Police and Presidente Médici


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "La protection civile a indiqué que 5 000 Russes étaient arrivés en Serbie."),
        ("ka", "სამოქალაქო დაცვამ განაცხადა, რომ სერბეთში 5 000 რუსი შევიდა."),
        ("cs", "Civilní ochrana uvedla, že do Srbska přijelo 5 000 Rusů."),
    ],
)
def test_civil_protection_is_one_body_in_all_languages(language, text):
    assert [name.removesuffix(" of Serbia") for name in organizations(text, language)] == ["Civil Protection"]
