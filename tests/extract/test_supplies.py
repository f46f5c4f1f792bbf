"""What a sentence leaves out: who speaks, where, and where people come from. All texts are invented."""

from datetime import date

import pytest

from tolqyn.claims import Document, Measure
from tolqyn.extract import extract

DAY = date(2023, 5, 10)


def claims(text, language="en"):
    """The claims of an invented text."""
    return extract(Document("invented", text, published=DAY, language=language)).claims


@pytest.mark.parametrize(
    "second",
    [
        "He said that 300 Russians left on Monday.",
        "On Monday, Sample said, 300 Russians left.",
        "On Monday 300 Russians left.",
    ],
)
def test_a_source_speaks_on_by_pronoun_by_surname_or_unnamed(second):
    first = "Georgia's interior minister, Ivane Sample, said that 900 Russians entered Georgia on Monday. "

    told = claims(first + second)

    assert {claim.organization for claim in told} == {"Ministry of Internal Affairs of Georgia"}
    assert [claim.speaker for claim in told] == ["Ivane Sample", "Ivane Sample"]


def test_she_is_the_person_named_just_before():
    text = (
        "Serbia's border police said 500 Russians entered Serbia on Monday. "
        "The broker Marija Muster is busy. She says 40 Russians left on Tuesday."
    )

    first, second = claims(text)

    assert first.organization == "Border Police of Serbia"
    assert (second.speaker, second.organization) == ("Marija Muster", None)


def test_a_capital_speaks_for_its_government_and_is_no_place():
    (claim,) = claims("Ankara said that 2,000 Syrians returned to Syria last week.")

    assert (claim.organization, claim.place) == ("Government of Turkey", "SYR")


def test_a_bare_ministry_is_of_the_country_that_it_counts_arrivals_in():
    text = "Norway is calm. Officials in Oslo and Bergen wait. {}"
    there = "On Monday 700 people came to Poland from Ukraine, the border guard said."

    (claim,) = claims(text.format(there))

    assert claim.organization == "Border Guard of Poland"


def test_who_is_told_is_no_source():
    (claim,) = claims("The prime minister of Armenia told parliament that 900 people entered Armenia.")

    assert claim.organization == "Prime Minister of Armenia"


def test_a_body_that_leads_its_sentence_is_the_source():
    (claim,) = claims(
        "Die Bundespolizei hat am Montag 1.870 Personen an der Grenze zu Polen zurückgewiesen.", "de"
    )

    assert (claim.measure, claim.place) == (Measure.REFUSALS, "DEU")
    assert claim.organization == "Federal Police of Germany"


def test_bare_people_come_from_where_those_before_came_but_citizens_only_where_it_is_said():
    first = "It is the rainy season. The road is bad. On Monday 900 people came to Chad from Sudan. "

    bare = claims(first + "On Tuesday 400 people arrived in Chad.")[1]
    citizens = claims(first + "\n\nLast year 400 Sudanese arrived in Chad.")[1]

    assert (bare.group, bare.counterpart) == ("any", "SDN")
    assert (citizens.group, citizens.counterpart) == ("SDN", None)


def test_who_leaves_next_need_not_go_back():
    entries, exits = claims("12,040 Russians entered Mongolia from Russia in April, 3,100 left Mongolia.")

    assert (entries.counterpart, exits.counterpart) == ("RUS", None)


def test_a_local_story_is_about_its_one_town_but_a_capital_stands_for_its_country():
    town = claims("Tijuana. Yesterday 357 people arrived.")
    capital = claims("Riga. Yesterday 357 people arrived.")

    assert [claim.place for claim in town] == ["Tijuana"]
    assert [claim.place for claim in capital] == ["LVA"]


def test_a_movement_whose_verb_no_list_has_goes_where_its_people_go():
    (claim,) = claims("Overnight 30,000 people were catapulted from Ukraine to Poland.")

    assert (claim.measure, claim.place, claim.counterpart) == (Measure.ENTRIES, "POL", "UKR")


@pytest.mark.parametrize("mark", ["", " |", ":", " ........"])
def test_rows_of_a_table_are_groups_under_their_heading(mark):
    text = f"Asylum applications in Austria, April 2023\nSyria{mark} 2,105\nMorocco{mark} 97"

    told = [(claim.group, claim.place, claim.measure, claim.value) for claim in claims(text)]

    assert told == [("SYR", "AUT", "applications", 2105), ("MAR", "AUT", "applications", 97)]


def test_a_percentage_of_a_sum_counts_no_people():
    text = "Some 900 Sudanese came to Chad. UNHCR has received 18 percent of the $214 million it asked for."

    assert [claim.value for claim in claims(text)] == [900]


def test_the_nearer_particle_belongs_to_a_german_verb():
    told = claims("Nach Deutschland sind viele unterwegs: 2.666.000 zogen zu, 1.204.000 fort.", "de")

    assert [claim.measure for claim in told] == [Measure.ENTRIES, Measure.EXITS]


def test_an_unknown_name_beside_a_camp_is_its_place():
    (claim,) = claims("In Kuzumaki camp 4,000 refugees are staying.")

    assert claim.place == "Kuzumaki"


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("On Monday 900 people arrived in Um Beispiel.", "Um Beispiel"),
        ("Bidi Sample now houses 4,200 refugees.", "Bidi Sample"),
        ("In Kenya 300 people reached Bab al-Sample on Monday.", "Bab al-Sample"),
    ],
)
def test_a_name_that_no_list_has_is_a_place_where_only_places_stand(text, spot):
    assert [claim.place for claim in claims(text)] == [spot]


def test_where_people_come_from_over_a_border_is_the_country_and_not_its_region():
    (claim,) = claims("More than 5,000 people have crossed into Chad from Darfur since Monday.")

    assert (claim.place, claim.counterpart) == ("TCD", "SDN")


def test_a_territory_apart_stays_what_it_is_where_people_come_from():
    (claim,) = claims("On Monday 500 people crossed into Egypt from the Gaza Strip.")

    assert (claim.place, claim.counterpart) == ("EGY", "Gaza Strip")


def test_who_comes_through_a_checkpoint_comes_from_its_other_side():
    (claim,) = claims("On Monday 300 people arrived at the Medyka crossing.")

    assert (claim.place, claim.counterpart) == ("Medyka", "UKR")


def test_two_places_that_share_a_figure_are_given_together():
    (claim,) = claims("On Monday 300 people arrived in Kakuma and Dadaab.")

    assert claim.place == "Dadaab, Kakuma"


def test_a_local_story_counts_in_its_town():
    found = claims(
        "Medyka strains as arrivals rise\n\nOn Sunday 900 people arrived in Medyka.\n\n"
        "The school gym sheltered 120 of them on Monday. About 70 people came overnight."
    )

    assert {claim.place for claim in found} == {"Medyka"}


def test_people_who_flee_are_counted_where_they_are_received():
    (claim,) = claims("Egypt received 900 people fleeing Sudan between 15 April and 18 June.")

    assert (claim.measure, claim.place, claim.counterpart) == ("entries", "EGY", "SDN")


def test_a_place_that_one_sentence_tells_is_known_in_all_of_the_text():
    found = claims(
        "SUDANESE IN BEISPIELA, LIBYA\n\nAbout 900 Sudanese arrived in Beispiela on Sunday.\n\n"
        "Beispiela now hosts 2,000 Sudanese."
    )

    assert {claim.place for claim in found} == {"Beispiela"}


def test_the_other_side_of_a_border_is_where_people_come_from_and_not_where_they_are():
    (claim,) = claims("Hungary: on Sunday 4,580 people crossed the border with Romania.")

    assert (claim.place, claim.counterpart) == ("HUN", "ROU")


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Lebanon: 11,000 people crossed to Syria on Monday.", [("SYR", "LBN", "any")]),
        ("fr", "5 000 personnes sont arrivées en Égypte, 40 % sont des enfants.", [("EGY", None, "any"), ("EGY", None, "children")]),
        ("fr", "900 personnes sont arrivées à Pemba et à Mueda.", [("Mueda, Pemba", None, "any")]),
        ("de", "2022 zogen 900 Menschen nach Sachsen zu und 700 fort.", [("Saxony", None, "any"), ("Saxony", None, "any")]),
        ("fr", "Slovaquie : 960 personnes entrées depuis l'Ukraine et 530 sorties vers l'Ukraine.", [("SVK", "UKR", "any"), ("SVK", "UKR", "any")]),
    ],
)  # fmt: skip
def test_where_people_come_from_and_go_and_who_they_are(language, text, expected):
    told = [(claim.place, claim.counterpart, claim.group) for claim in claims(text, language)]

    assert told == expected


def test_room_is_there_on_the_day_of_writing_whenever_people_slept_there():
    told = claims("On Monday 200 people slept in the shelter in Calais, which has room for 500.")

    assert [(claim.value, claim.window_start) for claim in told] == [(200, date(2023, 5, 8)), (500, DAY)]


def test_what_was_asked_for_and_then_given_is_a_registration():
    told = claims("900 Syrians applied for asylum in Austria in April, 400 were granted it.")

    assert [claim.measure for claim in told] == [Measure.APPLICATIONS, Measure.REGISTRATIONS]


@pytest.mark.parametrize(("days", "origin"), [("In the past week", "RUS"), ("In 2022", None)])
def test_who_is_counted_over_a_whole_year_does_not_come_from_where_the_others_do(days, origin):
    text = f"On Monday 900 people came to Georgia from Russia. {days} 30,000 Russians entered Georgia."

    told = claims(text)

    assert [claim.counterpart for claim in told] == ["RUS", origin]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Some 940 people landed on Italian shores on Monday.", "ITA"),
        ("fr", "Lundi, 940 personnes ont gagné les côtes italiennes.", "ITA"),
        ("it", "Lunedì sono sbarcate sulle coste italiane 940 persone.", "ITA"),
        ("es", "El lunes llegaron a las costas españolas 940 personas.", "ESP"),
        ("de", "Am Montag landeten 940 Menschen an spanischen Küsten.", "ESP"),
        ("ru", "В понедельник до греческих островов добрались 940 человек.", "GRC"),
        ("pl", "W poniedziałek na greckie wyspy przybyło 940 osób.", "GRC"),
        ("sk", "V pondelok dorazilo k talianskym brehom 940 ľudí.", "ITA"),
        ("tr", "Pazartesi günü Yunan adalarına 940 kişi geldi.", "GRC"),
        ("ar", "وصل 940 شخصا إلى السواحل الإيطالية يوم الاثنين.", "ITA"),
    ],
)
def test_the_coasts_and_islands_of_a_country_are_in_it(language, text, expected):
    told = claims(text, language)

    assert [(claim.place, claim.group) for claim in told] == [(expected, "any")]


def test_who_goes_on_through_a_checkpoint_of_this_side_leaves_there():
    text = "Pakistan: on Monday 17,000 people crossed into Afghanistan through Torkham."

    told = claims(text)

    assert [(claim.measure, claim.place, claim.counterpart) for claim in told] == [
        (Measure.EXITS, "Torkham", "AFG")
    ]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "Lundi, 900 migrants ont débarqué à Lampedusa, a annoncé la préfecture d'Agrigente.", "Prefecture of Agrigento"),
        ("en", "On Monday the Danish Refugee Council counted 380 arrivals in Cucuta.", "Danish Refugee Council"),
        ("tr", "İçişleri Bakanı Ali Örnek, 7 bin 621 Suriyelinin ülkesine döndüğünü açıkladı.", "Ministry of the Interior of Turkey"),
    ],
)  # fmt: skip
def test_whose_a_body_is(language, text, expected):
    told = claims(text, language)

    assert [claim.organization for claim in told] == [expected]


def test_a_people_in_the_name_of_a_body_is_not_who_moves():
    told = claims("On Monday the Danish Refugee Council counted 380 arrivals in Cucuta.")

    assert [claim.group for claim in told] == ["any"]


def test_what_somebody_is_the_head_of_is_no_person():
    text = "Il sindaco di Capo Ulivo, Vittorio Esempio, parla di 800 arrivi lunedì a Lampedusa."

    told = claims(text, "it")

    assert [claim.speaker for claim in told] == ["Vittorio Esempio"]


def test_those_who_go_home_do_not_go_to_the_country_that_says_so():
    told = claims("Lebanon says 300,000 Syrians have returned since Monday.")

    assert [claim.place for claim in told] == ["SYR"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Hungary took in 900 people on Monday. The crush at the station of Debrecen has eased. On Tuesday 300 people arrived here."),
        ("de", "Ungarn nahm am Montag 900 Menschen auf. Am Bahnhof von Debrecen ist es ruhiger. Am Dienstag kamen dort 300 Menschen an."),
        ("pl", "Węgry przyjęły w poniedziałek 900 osób. Na dworcu w Debreczynie tłok zelżał. We wtorek przyjechało tu 300 osób."),
    ],
)  # fmt: skip
def test_here_is_the_town_named_last_in_the_paragraph(language, text):
    told = claims(text, language)

    assert [claim.place for claim in told] == ["HUN", "Debrecen"]


def test_bare_people_come_from_where_the_headline_says():
    text = (
        "More than 900 refugees from Sudan reach Chad\n\nOn Monday 940 people crossed the border into Chad."
    )

    told = claims(text)

    assert [claim.counterpart for claim in told] == ["SDN", "SDN"]


def test_the_name_of_an_agency_is_no_country():
    text = "До Вірменії у понеділок прибули 617 осіб, повідомляє «Інтерфакс-Україна» з посиланням на уряд країни."

    told = claims(text, "uk")

    assert [claim.organization for claim in told] == ["Government of Armenia"]


def test_the_president_of_a_town_is_its_mayor():
    told = claims("Prezydent Przemyśla podał, że w poniedziałek do miasta przyjechało 300 osób.", "pl")

    assert [claim.organization for claim in told] == ["City of Przemyśl"]


def test_a_title_in_short_ends_no_sentence():
    text = "Texas has bused more than 102,000 migrants to Chicago since April, Gov. Ana Sample's office said."

    told = claims(text)

    assert [(claim.organization, claim.speaker) for claim in told] == [("Government of Texas", "Ana Sample")]


def test_who_is_stopped_along_a_border_is_in_the_country_of_the_body():
    text = "On Monday Border Patrol agents made 2,490 apprehensions along the U.S.-Mexico border, the agency said."

    told = claims(text)

    assert [claim.place for claim in told] == ["USA"]


def test_a_word_in_small_letters_is_no_part_of_a_town():
    text = (
        "La porte-parole du gouvernement arménien a précisé que 634 personnes étaient arrivées lundi à Goris."
    )

    told = claims(text, "fr")

    assert [claim.organization for claim in told] == ["Government of Armenia"]


def test_a_country_that_begins_a_clause_with_its_own_figure_is_not_where_the_one_before_is_counted():
    text = "Romania's interior ministry put arrivals on Sunday at 27,800, while Hungary recorded 9,200."

    told = claims(text)

    assert [claim.place for claim in told] == ["ROU", "HUN"]


def test_a_checkpoint_behind_the_body_that_speaks_is_where_people_pass():
    text = "Van Valiliği, Kapıköy Sınır Kapısı'ndan perşembe günü 1.330 kişinin giriş yaptığını açıkladı."

    told = claims(text, "tr")

    assert [(claim.place, claim.organization, claim.speaker) for claim in told] == [
        ("Kapıköy", "Governorate of Van", None)
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Some 700 people came to Poland over the Ukrainian border on Monday."),
        ("en", "Some 700 people crossed the Polish-Ukrainian border into Poland on Monday."),
        ("de", "Am Montag kamen 700 Menschen über die ukrainische Grenze nach Polen."),
        ("fr", "Lundi, 700 personnes sont arrivées en Pologne par la frontière ukrainienne."),
        ("ru", "В понедельник через украинскую границу в Польшу прибыли 700 человек."),
    ],
)
def test_who_comes_over_a_border_comes_from_its_other_side(language, text):
    (claim,) = claims(text, language)

    assert (claim.place, claim.counterpart) == ("POL", "UKR")


def test_a_border_guard_is_no_border():
    (claim,) = claims("On Monday 700 people came to Poland, the Ukrainian Border Guard said.")

    assert (claim.place, claim.counterpart) == ("POL", None)


def test_many_countries_listed_are_whose_people_they_are():
    (claim,) = claims(
        "On Monday 90 people from Iraq, Syria, Somalia and Yemen came to Finland from Russia, the police said."
    )

    assert (claim.place, claim.counterpart) == ("FIN", "RUS")


def test_nothing_is_carried_to_another_country_where_people_come_from_several():
    text = (
        "On Monday 700 people came to Hungary from Serbia and 80 to Chad from Sudan.\n\n"
        "In Finland 150 people arrived on Tuesday."
    )

    assert claims(text)[-1].counterpart is None


def test_who_crosses_a_wilderness_that_parts_two_countries_comes_from_the_other():
    (claim,) = claims("In March 36,000 people came to Panama through the jungle of Darién.")

    assert (claim.place, claim.counterpart) == ("PAN", "COL")


def test_who_went_the_other_way_went_where_the_others_came_from():
    text = "On Monday 700 people came to Hungary from Serbia. In the opposite direction 80 left."

    assert [claim.counterpart for claim in claims(text)] == ["SRB", "SRB"]


def test_citizens_counted_at_the_border_post_of_their_own_country_come_over_it():
    text = (
        "No crowd of Russians at the border\n\n"
        "The Altanbulag crossing works as usual.\n\n"
        "On Monday 263 citizens of Russia came in."
    )

    told = claims(text)

    assert [(claim.place, claim.counterpart) for claim in told] == [("Altanbulag", "RUS")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We can take 2,500 a day, said State Secretary Max Muster in Berlin."),
        ("de", "„Wir können 2.500 am Tag versorgen“, sagte Staatssekretär Max Muster in Berlin."),
    ],
)
def test_where_an_official_speaks_is_not_where_people_are(language, text):
    (claim,) = claims(text, language)

    assert claim.place == "DEU"


def test_the_subject_of_an_aside_is_not_where_people_came():
    text = "Since 3 May, when Hungary closed its border, the Slovenian interior ministry has counted 76,000 arrivals."
    (claim,) = claims(text)

    assert claim.place == "SVN"


def test_a_title_below_a_menu_takes_its_days_from_the_claim_with_its_figure():
    text = (
        "Home | News | Contact\nOver 50,000 Russians enter Kazakhstan in ten days\n\n"
        "From 20 to 30 April 50,928 Russians entered Kazakhstan."
    )
    title, body = claims(text)

    assert (title.value, body.value) == (50_000, 50_928)
    assert (title.window_start, title.window_end) == (date(2023, 4, 20), date(2023, 4, 30))


def test_the_region_spoken_of_after_a_town_is_that_which_it_heads():
    text = (
        "Aktobe Region took in 7,000 Russians.\n\n"
        "In Uralsk 90 Russians sleep in a school. In the region, 2,000 Russians arrived on Monday."
    )
    *_, claim = extract(Document("invented", text, published=date(2022, 10, 5), language="en")).claims

    assert (claim.value, claim.place) == (2000, "West Kazakhstan Region")


def test_fares_of_a_text_are_from_the_country_that_they_let_people_leave():
    text = (
        "Plane tickets out of Sudan have become cheaper.\n\n"
        "A ticket to Cairo costs 900 dollars, one to Nairobi 700 dollars."
    )
    claims = extract(Document("invented", text, published=date(2023, 5, 10), language="en")).claims

    assert [(claim.place, claim.counterpart) for claim in claims] == [("Cairo", "SDN"), ("Nairobi", "SDN")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "In May 500 people came to Jordan, of whom 300 held Syrian passports."),
        ("de", "Im Mai kamen 300 Menschen mit syrischem Pass nach Jordanien."),
    ],
)
def test_those_who_hold_a_passport_are_of_its_country(language, text):
    *_, claim = extract(Document("invented", text, published=date(2023, 5, 10), language=language)).claims

    assert (claim.value, claim.group) == (300, "SYR")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "If we count transit, 900 Syrians left Jordan in May."),
        ("ru", "Если взять транзит, то в мае из Иордании выехали 900 сирийцев."),
        ("ru", "Если в мае из Иордании выехали 900 сирийцев, то теперь выезжающих меньше."),
        ("uk", "Якщо у травні з Йорданії виїхали 900 сирійців, то тепер їх менше."),
        ("de", "Wenn man den Transit nimmt, verließen im Mai 900 Syrer Jordanien."),
        ("fr", "Si l’on compte le transit, 900 Syriens ont quitté la Jordanie en mai."),
        ("es", "Si se cuenta el tránsito, 900 sirios salieron de Jordania en mayo."),
        ("pl", "Jeśli liczyć tranzyt, w maju Jordanię opuściło 900 Syryjczyków."),
        ("kk", "Егер транзитті есептесек, мамырда Иорданиядан 900 сириялық шықты."),
    ],
)
def test_an_if_that_supposes_nothing_leaves_a_figure_observed(language, text):
    (claim, *_) = extract(Document("invented", text, published=date(2023, 6, 10), language=language)).claims

    assert (claim.value, claim.modality.value) == (900, "observed")


def test_an_if_of_what_is_to_come_supposes_it():
    text = "Если в июле в Иорданию въедут 900 сирийцев, лагерь закроют."
    (claim,) = extract(Document("invented", text, published=date(2023, 6, 10), language="ru")).claims

    assert claim.modality.value in {"hypothetical", "forecast"}
