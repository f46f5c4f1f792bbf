"""What a figure counts, whose it is, and in what money. All texts are invented."""

from datetime import date, timedelta

import pytest

from tolqyn.claims import Document, Measure
from tolqyn.extract import extract
from tolqyn.extract.currencies import settle_currency
from tolqyn.places import place

DAY = date(2023, 5, 10)


def claims(text, language="en"):
    """The claims of an invented text."""
    return extract(Document("invented", text, published=DAY, language=language)).claims


def test_who_lives_in_a_camp_is_housed_and_who_lives_with_relatives_is_not():
    camp, kin = claims("In Renk 8,900 people live in a camp. Another 300 people live with relatives.")

    assert (camp.measure, kin.measure) == (Measure.SHELTER, Measure.STOCK)


def test_a_presence_goes_on_from_the_camp_that_the_paragraph_has_counted():
    room, night = claims("The shelter in Tijuana has room for 300 people. On Monday 410 people stayed in it.")

    assert (room.measure, night.measure) == (Measure.SHELTER, Measure.SHELTER)


def test_a_people_behind_a_comma_is_not_that_of_the_figure():
    (claim,) = claims("Serbia's border police detained 71 people on Monday, mostly Moroccans.")

    assert claim.group == "any"


def test_refugees_from_a_country_come_from_there_whoever_they_are():
    (claim,) = claims("On Monday 600 refugees from Syria entered Jordan.")

    assert (claim.group, claim.counterpart) == ("any", "SYR")


def test_nine_out_of_ten_is_a_share():
    whole, share = claims("In May 400 Tunisians entered Italy; nine out of ten of them are men.")

    assert (whole.value, share.value, share.measure) == (400, 90, Measure.SHARE)


def test_who_goes_home_from_where_arrivals_were_counted_leaves_there():
    came, went = claims("On Monday 5,300 Venezuelans entered Brazil and 2,120 went home.")

    assert (came.measure, came.place) == (Measure.ENTRIES, "BRA")
    assert (went.measure, went.place, went.counterpart) == (Measure.EXITS, "BRA", "VEN")


def test_a_country_that_returned_people_to_another_removed_them():
    (claim,) = claims("In April Norway returned 70 people to Russia.")

    assert (claim.measure, claim.place, claim.counterpart) == (Measure.DEPORTATIONS, "NOR", "RUS")


def test_a_noun_before_its_figure_counts_it():
    came, went = claims(
        "The ministry put Tuesday's arrivals in Kazakhstan at 7,800 and departures at 10,500."
    )

    assert (came.value, came.measure) == (7800, Measure.ENTRIES)
    assert (went.value, went.measure) == (10500, Measure.EXITS)


def test_a_paper_that_heads_a_table_counts_its_rows():
    rows = claims("Work permits of Georgia, April\nBatumi: 1,204\nKutaisi: 377\n")

    assert [(row.value, row.measure, row.kind) for row in rows] == [
        (1204, Measure.REGISTRATIONS, "work_permit"),
        (377, Measure.REGISTRATIONS, "work_permit"),
    ]


def test_a_rise_is_that_of_the_rents_spoken_of_just_before():
    (claim,) = claims("Rents in Tbilisi do not ebb. They rose by 43 percent in April.")

    assert (claim.measure, claim.kind, claim.value) == (Measure.PRICE, "rent_change_percent", 43)


def test_digits_go_on_after_an_and_written_onto_them():
    (claim,) = claims("دخل 91 ألفا و200 شخص تونس يوم الاثنين.", "ar")

    assert claim.value == 91200


@pytest.mark.parametrize(
    ("unit", "country", "code"),
    [("PESO/month", "CHL", "CLP/month"), ("CFA", "NER", "XOF"), ("CFA", "CMR", "XAF"), ("EUR", "CHL", "EUR")],
)
def test_money_of_a_shared_name_is_that_of_the_country(unit, country, code):
    assert settle_currency(unit, None, place(country)) == code


def test_money_of_a_shared_name_is_unknown_where_no_country_has_it():
    assert settle_currency("RUPEE/month", place("FRA")) == "unknown/month"


@pytest.mark.parametrize(
    ("language", "text", "prices"),
    [
        ("es", "El alquiler de un cuarto en Lima pasó de 300 a 500 dólares al mes.", [300, 500]),
        ("ru", "Аренда квартиры в Москве выросла с 2,5 до 7 тыс. рублей в месяц.", [2500, 7000]),
        ("tr", "İstanbul'da bir dairenin kirası ayda 300'den 500 dolara çıktı.", [300, 500]),
    ],
)
def test_what_a_price_rose_from_is_a_price_of_days_not_told(language, text, prices):
    before, now = claims(text, language)

    assert [before.value, now.value] == prices
    assert before.unit == now.unit
    assert (before.window_end, now.window_end) == (None, DAY)


def test_the_name_of_a_country_behind_a_number_is_that_of_its_people():
    text = "In Österreich leben 4700 Ungarn. In Ungarn leben 300 Polen."

    assert [(claim.place, claim.group) for claim in claims(text, "de")] == [("AUT", "HUN"), ("HUN", "POL")]


def test_a_net_outflow_is_below_zero():
    (claim,) = claims("Malta saw a net outflow of 5,100 residents in April.")

    assert (claim.measure, claim.value) == (Measure.NET, -5100)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "El ritmo de las entradas en Ceuta se ha desplomado: ayer fueron 600."),
        ("en", "The pace of arrivals in Malta has slackened: yesterday there were 600."),
        ("it", "Gli arrivi a Malta calano: ieri erano 600."),
    ],
)
def test_what_stands_before_a_colon_tells_what_a_day_brought(language, text):
    (claim,) = claims(text, language)

    assert (claim.value, claim.measure, claim.window_end) == (600, Measure.ENTRIES, DAY - timedelta(1))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A smuggler demands up to 3,000 dollars for the way to Greece."),
        ("de", "Ein Schlepper verlangt bis zu 3000 Dollar für den Weg nach Graz."),
        ("fr", "Un passeur réclame jusqu'à 3 000 dollars par tête."),
        ("it", "Uno scafista chiede fino a 3.000 dollari a testa."),
        ("cs", "Převaděč žádá až 3000 dolarů za osobu."),
    ],
)
def test_what_a_smuggler_asks_is_a_fare(language, text):
    (claim,) = claims(text, language)

    assert (claim.measure, claim.kind, claim.value, claim.unit) == (Measure.PRICE, "fare", 3000, "USD")


def test_part_of_those_who_left_left_whithersoever_it_went():
    text = "Bisher haben 14 200 Menschen Österreich verlassen, davon 2900 in Richtung Großbritannien."

    assert [(c.measure, c.place, c.counterpart) for c in claims(text, "de")] == [
        (Measure.EXITS, "AUT", None),
        (Measure.EXITS, "AUT", "GBR"),
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Over the week 98 thousand people went to Kazakhstan, 53 to Georgia and 43 to Finland."),
        ("de", "In der Woche flohen 98 Tausend nach Kasachstan, 53 nach Georgien und 43 nach Finnland."),
        ("kk", "Қазақстанға 98 мың адам келді, Грузияға – 53, Финляндияға – 43."),
    ],
)
def test_a_list_in_thousands_says_so_once(language, text):
    told = [(claim.value, claim.place) for claim in claims(text, language)]

    assert told == [(98000, "KAZ"), (53000, "GEO"), (43000, "FIN")]


@pytest.mark.parametrize(
    "text",
    [
        "In May 3 thousand Russians came to Georgia, and in Armenia 53 were arrested.",
        "In May 3 thousand Russians came to Georgia, and 53 Ukrainians to Armenia.",
    ],
)
def test_a_figure_with_a_noun_or_verb_of_its_own_is_in_no_thousands(text):
    assert [claim.value for claim in claims(text)] == [3000, 53]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "On Sunday 7,800 people entered Georgia and 10,500 left. A day earlier it was 7,000 and 11,000."),
        ("de", "Am Sonntag reisten 7800 Menschen nach Georgien ein und 10.500 aus. Am Montag waren es 7000 und 11.000."),
        ("ru", "В воскресенье в Грузию въехали 7800 человек, выехали 10 500. Днём ранее – 7000 и 11 000."),
    ],
)  # fmt: skip
def test_two_figures_alone_repeat_the_two_flows_before(language, text):
    told = [(claim.value, claim.measure) for claim in claims(text, language)]

    assert told[2:] == [(7000, Measure.ENTRIES), (11000, Measure.EXITS)]


def test_both_figures_of_a_change_go_the_other_way():
    text = "On 2 May 22,500 Russians came into Georgia, while the number going the other way edged up from 100 to 116."

    assert [claim.measure for claim in claims(text)] == [Measure.ENTRIES, Measure.EXITS, Measure.EXITS]


def test_a_surplus_is_left_and_nobody_leaves():
    text = "Georgia saw 200,000 entries of Russians and 147,000 departures. That leaves a surplus of 53,000."

    assert claims(text)[-1].measure is Measure.NET


def test_digits_written_onto_a_word_are_its_name():
    text = "A reporter of 47news reached Georgia, to which 6,000 Russians have come."

    assert [claim.value for claim in claims(text)] == [6000]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Билеты в рублях подешевели: - Ереван: с 380 тысяч (67,8 млн сумов) до 13 тысяч (2,3 млн сумов)."),
        ("en", "Fares to Yerevan in roubles have fallen from 380 thousand (6,200 euros) to 13 thousand (214 euros)."),
    ],
)  # fmt: skip
def test_a_sum_said_once_more_in_brackets_is_one_price(language, text):
    told = [(claim.value, claim.measure) for claim in claims(text, language)]

    assert told == [(380000, Measure.PRICE), (13000, Measure.PRICE)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Кяхта - город в Бурятии, где живёт меньше 18 тысяч человек."),
        ("en", "Kyakhta, a town in Buryatia where 18,000 people live, is quiet."),
    ],
)
def test_what_a_town_lies_in_is_not_where_its_people_live(language, text):
    assert [claim.place for claim in claims(text, language)] == ["Kyakhta"]


def test_who_left_for_a_place_named_first_left_where_those_before_did():
    text = "За неделю Россию покинули 194 тысячи человек. Лидирует Казахстан – туда уехали 98 тысяч."

    assert [(claim.place, claim.counterpart) for claim in claims(text, "ru")][1] == ("RUS", "KAZ")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "103,900 Syrians applied for the visa and 97,057 were granted it."),
        ("en", "In all 103,900 have applied for asylum and 97,057 have been granted asylum."),
        ("de", "103.900 Syrer beantragten Asyl und 97.057 erhielten es."),
    ],
)
def test_of_those_who_asked_some_were_given_it(language, text):
    assert [claim.measure for claim in claims(text, language)] == [
        Measure.APPLICATIONS,
        Measure.REGISTRATIONS,
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "In Peru 478,000 Venezuelans hold a temporary residence permit."),
        ("de", "In Peru besitzen 478.000 Venezolaner eine Aufenthaltserlaubnis."),
        ("es", "En Perú, 478.000 venezolanos tienen el permiso de residencia."),
        ("ru", "В Перу вид на жительство имеют 478 тысяч венесуэльцев."),
    ],
)
def test_who_holds_a_permit_is_there(language, text):
    (claim,) = claims(text, language)

    assert (claim.measure, claim.kind, claim.window_start) == (Measure.STOCK, None, DAY)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "On Monday 900 Syrians entered Jordan, 100 fewer than on Sunday."),
        ("fr", "Lundi, 900 Syriens sont entrés en Jordanie, 100 de plus que la veille."),
        ("de", "Am Montag reisten 900 Syrer nach Jordanien ein, 100 weniger als am Sonntag."),
        ("es", "El lunes entraron 900 sirios en Jordania, 100 menos que el domingo."),
        ("ru", "В понедельник в Иорданию въехали 900 сирийцев, на 100 меньше, чем в воскресенье."),
        ("it", "Lunedì 900 siriani sono entrati in Giordania, 100 in più rispetto a domenica."),
        ("cs", "V pondělí do Jordánska přijelo 900 Syřanů, o 100 méně než v neděli."),
        ("pl", "W poniedziałek do Jordanii wjechało 900 Syryjczyków, o 100 mniej niż w niedzielę."),
        ("uk", "У понеділок до Йорданії в'їхали 900 сирійців, на 100 менше, ніж у неділю."),
        ("kk", "Дүйсенбіде Иорданияға 900 сириялық келді, бұл жексенбідегіден 100 адамға аз."),
    ],
)
def test_what_one_day_differs_by_from_another_is_no_count(language, text):
    (claim,) = extract(Document("invented", text, published=date(2023, 6, 18), language=language)).claims

    assert claim.value == 900


def test_what_a_level_differs_by_from_an_earlier_one_is_a_balance():
    text = "На кінець червня в Німеччині проживали 900 тисяч українців, що на 20 тисяч більше, ніж у березні."
    _, change = extract(Document("invented", text, published=date(2023, 7, 18), language="uk")).claims

    assert (change.value, change.measure) == (20_000, Measure.NET)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "In May, 900 Syrians and 400 Iraqis entered Jordan; 300 and 200, respectively, left."),
        (
            "de",
            "Im Mai reisten 900 Syrer und 400 Iraker nach Jordanien ein, 300 beziehungsweise 200 reisten aus.",
        ),
    ],
)
def test_figures_told_respectively_share_the_verb_behind_both(language, text):
    found = claims(text, language)

    assert [(claim.measure, claim.group) for claim in found] == [
        (Measure.ENTRIES, "SYR"),
        (Measure.ENTRIES, "IRQ"),
        (Measure.EXITS, "SYR"),
        (Measure.EXITS, "IRQ"),
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Jordan hosts 900,000 Syrians, including 400,000 children; 200,000 live in Amman."),
        ("de", "Jordanien beherbergt 900.000 Syrer, darunter 400.000 Kinder; 200.000 leben in Amman."),
        ("fr", "La Jordanie accueille 900 000 Syriens, dont 400 000 enfants ; 200 000 vivent à Amman."),
        ("es", "Jordania acoge a 900.000 sirios, entre ellos 400.000 niños; 200.000 viven en Ammán."),
        ("ru", "В Иордании находятся 900 000 сирийцев, в том числе 400 000 детей; 200 000 живут в Аммане."),
        (
            "pl",
            "W Jordanii przebywa 900 tys. Syryjczyków, w tym 400 tys. dzieci; 200 tys. mieszka w Ammanie.",
        ),
    ],
)
def test_a_part_behind_a_semicolon_is_of_the_whole_and_not_of_the_part_before(language, text):
    assert [claim.group for claim in claims(text, language)] == ["SYR", "Syrian children", "SYR"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "In May, 900 Syrians left Jordan for Iraq and 400 came back."),
        ("de", "Im Mai reisten 900 Syrer aus Jordanien in den Irak aus und 400 kehrten zurück."),
        ("fr", "En mai, 900 Syriens ont quitté la Jordanie pour l'Irak et 400 sont revenus."),
        ("es", "En mayo, 900 sirios salieron de Jordania hacia Irak y 400 regresaron."),
        ("ru", "В мае 900 сирийцев выехали из Иордании в Ирак, а 400 вернулись."),
        ("pl", "W maju 900 Syryjczyków wyjechało z Jordanii do Iraku, a 400 wróciło."),
    ],
)
def test_who_came_back_comes_to_where_the_others_left_from(language, text):
    gone, returned = claims(text, language)

    assert (gone.measure, gone.place, gone.counterpart) == (Measure.EXITS, "JOR", "IRQ")
    assert (returned.measure, returned.place, returned.counterpart) == (Measure.ENTRIES, "JOR", "IRQ")
