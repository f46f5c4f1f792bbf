"""The days that a figure covers, as sentences say them. Sentences and figures are invented."""

from datetime import date

import pytest

from tolqyn.claims import Document
from tolqyn.extract import extract

CASES = [
    # What is cited stands behind its body: the day after it is that of the figure.
    (
        "tr",
        "2014-09-22",
        "Bakanlığın verdiği bilgiye göre yalnızca cumartesi günü 900 kişi Çad'a geldi.",
        "2014-09-20",
        "2014-09-20",
    ),
    (
        "fi",
        "2023-05-16",
        "Ministeriön mukaan lauantaina Tšadiin saapui 900 ihmistä.",
        "2023-05-13",
        "2023-05-13",
    ),
    # Months that are ordinary words; a quarter with its year inside; nights by two bare days.
    ("no", "2023-05-16", "I mars kom det 900 mennesker til Tsjad.", "2023-03-01", "2023-03-31"),
    ("ro", "2023-06-16", "În mai au sosit în Ciad 900 de persoane.", "2023-05-01", "2023-05-31"),
    ("lt", "2023-05-16", "Trečiąjį 2022 m. ketvirtį į Čadą atvyko 900 žmonių.", "2022-07-01", "2022-09-30"),
    ("cs", "2023-05-16", "V noci ze 14. na 15. května přijelo do Čadu 900 lidí.", "2023-05-14", "2023-05-15"),
    (
        "it",
        "2023-05-16",
        "Da gennaio ad aprile sono arrivate in Ciad 900 persone.",
        "2023-01-01",
        "2023-04-30",
    ),
    # Words set in behind a name.
    (
        "pl",
        "2024-10-08",
        "Przejście Masna, zbombardowane 4 października, jest otwarte; dziennie wjeżdża tędy 900 ludzi.",
        "2024-10-08",
        "2024-10-08",
    ),
    # Those of a year up to a month are present at its end; a relative clause is no comparison.
    (
        "en",
        "2024-09-09",
        "In the year to June, 900 people were living in hotels in Chad.",
        "2024-06-30",
        "2024-06-30",
    ),
    (
        "es",
        "2018-10-22",
        "Una pieza en Yamena, que en septiembre se rentaba en 900 dólares, se ofrece hoy.",
        "2018-09-01",
        "2018-09-30",
    ),
    # An average is no span of days.
    (
        "fi",
        "2023-11-21",
        "Marraskuun 17. päivän jälkeen Tšadiin on saapunut keskimäärin 900 päivässä.",
        "2023-11-17",
        "2023-11-21",
    ),
    # The last weeks of a month; a month up to which something could come is the next of its name.
    (
        "ru",
        "2021-09-02",
        "За две последние недели августа в Чад въехали 900 человек.",
        "2021-08-18",
        "2021-08-31",
    ),
    ("en", "2015-05-22", "If they vote, 900 people could enter Chad by November.", None, None),
    # A phrase that holds its number.
    (
        "en",
        "2022-10-19",
        "In the fortnight to 15 October, 900 people entered Chad.",
        "2022-10-02",
        "2022-10-15",
    ),
    ("ar", "2024-10-16", "خلال أسبوعين دخل تشاد 900 شخص.", "2024-10-03", "2024-10-16"),
    # The day that is named, before a colon too, beats "within a day"; a preposition of a comparison is none of a date.
    (
        "ru",
        "2022-10-06",
        "Пик пришёлся на 28 сентября: за сутки в Чад въехали 900 человек.",
        "2022-09-28",
        "2022-09-28",
    ),
    # From a day to come, where the sentence looks ahead.
    (
        "en",
        "2022-12-20",
        "Chad will put up 900 beds for refugees in the capital from Wednesday.",
        "2022-12-21",
        "2022-12-21",
    ),
    # The week before one that was told; what has grown onto a month; hours; a season to come.
    (
        "de",
        "2023-11-20",
        "In der ersten Novemberwoche kamen 900 Menschen nach Tschad.",
        "2023-11-01",
        "2023-11-07",
    ),
    ("fr", "2023-09-15", "En 48 heures, 900 personnes sont arrivées au Tchad.", "2023-09-14", "2023-09-15"),
    ("uk", "2024-03-13", "До літа до Чаду прибудуть 900 осіб.", "2024-03-13", "2024-05-31"),
    (
        "en",
        "2023-05-16",
        "In the first two weeks of the war in Sudan 900 people entered Chad.",
        "2023-04-15",
        "2023-04-28",
    ),
    # So long after an event: since it began, or up to then where that is long over.
    (
        "en",
        "2023-05-06",
        "Three weeks after the fighting began in Sudan, 900 people have entered Chad.",
        "2023-04-15",
        "2023-05-06",
    ),
    (
        "ru",
        "2024-07-10",
        "За три недели войны из Судана в Чад въехали 900 человек.",
        "2023-04-15",
        "2023-05-06",
    ),
    (
        "de",
        "2021-03-04",
        "Drei Wochen nach dem Beben sind 900 Menschen nach Tschad gekommen.",
        "2021-02-11",
        "2021-03-04",
    ),
    # Days of a month in words; the first half of a month is no first day.
    ("ru", "2023-03-14", "С первого по пятое марта в Чад въехали 900 человек.", "2023-03-01", "2023-03-05"),
    (
        "es",
        "2023-03-14",
        "El treinta y uno de enero entraron en Chad 900 personas.",
        "2023-01-31",
        "2023-01-31",
    ),
    ("ar", "2023-03-14", "في النصف الأول من فبراير دخل تشاد 900 شخص.", "2023-02-01", "2023-02-15"),
    # A named day beats "within 24 hours"; "usually" is on no days in particular.
    (
        "de",
        "2023-06-21",
        "Nach Adré kamen am vergangenen Freitag binnen 24 Stunden 900 Menschen.",
        "2023-06-16",
        "2023-06-16",
    ),
    ("fr", "2019-02-27", "En temps normal, 900 personnes entrent au Tchad chaque jour.", None, None),
    # A beginning and an end apart from each other; the week that ends on a day.
    ("en", "2023-12-15", "This year up to October 900 people entered Chad.", "2023-01-01", "2023-10-31"),
    (
        "en",
        "2023-05-17",
        "In Chad 900 people were given asylum in the week to Sunday.",
        "2023-05-08",
        "2023-05-14",
    ),
    # A list of months is one span; what an editor put in does not part two days.
    (
        "en",
        "2023-02-08",
        "In July, August and September of 2022 900 people entered Chad.",
        "2022-07-01",
        "2022-09-30",
    ),
    (
        "en",
        "2022-11-29",
        "Between 2 September [the day the fighting began - ed.] and 4 October, 900 people entered Chad.",
        "2022-09-02",
        "2022-10-04",
    ),
    # What stands before a colon is not when it was, if what follows has days of its own.
    (
        "en",
        "2022-10-05",
        "The tide turned last month: 900 people entered Chad on September 29.",
        "2022-09-29",
        "2022-09-29",
    ),
    # The day beside what is counted is not when it was said.
    ("en", "2022-10-05", "The minister put Tuesday's arrivals in Chad at 900.", "2022-10-04", "2022-10-04"),
    # Two spans side by side that mean the same days are one.
    (
        "ru",
        "2024-08-12",
        "Город покинули 600 жителей за неделю, с 5 по 11 августа.",
        "2024-08-05",
        "2024-08-11",
    ),
    (
        "ru",
        "2024-08-12",
        "В Румынию за минувшие сутки, 10 августа, въехали 900 человек.",
        "2024-08-10",
        "2024-08-10",
    ),
    ("uk", "2023-05-15", "До Польщі у травні (1–10 травня) прибули 900 людей.", "2023-05-01", "2023-05-10"),
    ("en", "2024-03-08", "Since Monday, 4 March, 900 people have entered Chad.", "2024-03-04", "2024-03-08"),
    # A quarter is of the year named behind it.
    (
        "ru",
        "2024-03-08",
        "В III квартале 2022 года в Грузию въехали 9 тысяч человек.",
        "2022-07-01",
        "2022-09-30",
    ),
    # "In the month" is the month spoken of.
    (
        "ru",
        "2022-11-29",
        "ИТОГИ ОКТЯБРЯ. В Чехию за месяц въехали 9 тысяч человек.",
        "2022-10-01",
        "2022-10-31",
    ),
    # Two months that follow one another.
    ("ru", "2022-11-29", "В сентябре и октябре в Чехию въехали 9 тысяч человек.", "2022-09-01", "2022-10-31"),
    # How rare it is does not say when it was.
    (
        "ru",
        "2024-05-16",
        "10 мая впервые с 1 марта в Чад въехали 9 тысяч человек.",
        "2024-05-10",
        "2024-05-10",
    ),
    # The date of a report is when it was said.
    (
        "ru",
        "2024-05-16",
        "С 1 мая в Чад въехали 9 тысяч человек, говорится в отчёте от 12 мая.",
        "2024-05-01",
        "2024-05-12",
    ),
    # "Since Wednesday", said on a Wednesday.
    ("ru", "2024-05-15", "Со среды в Чад въехали 9 тысяч человек.", "2024-05-08", "2024-05-15"),
    # So many a day without days of their own are of the day on which it is told.
    ("en", "2024-05-15", "Every day 900 people enter Chad.", "2024-05-15", "2024-05-15"),
    # What was there before a day is told of all days before it.
    ("en", "2024-05-15", "Before 1 May 9,000 Sudanese lived in Chad.", None, "2024-04-30"),
]


@pytest.mark.parametrize(("language", "published", "text", "start", "end"), CASES)
def test_a_figure_covers_the_days_that_its_sentence_means(language, published, text, start, end):
    document = Document("invented", text, published=date.fromisoformat(published), language=language)

    (claim,) = extract(document).claims

    assert (_day(claim.window_start), _day(claim.window_end)) == (start, end)


def test_a_week_before_moves_the_whole_span():
    text = "С 5 по 11 ноября в Чад въехали 900 человек, неделей ранее — 1 200."

    first, second = extract(Document("invented", text, published=date(2023, 11, 12), language="ru")).claims

    assert (first.window_start, first.window_end) == (date(2023, 11, 5), date(2023, 11, 11))
    assert (second.window_start, second.window_end) == (date(2023, 10, 29), date(2023, 11, 4))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "On 2 October 900 people entered Chad; three days later, 500; the day after that, 400."),
        ("ru", "2 октября в Чад въехали 900 человек, через три дня — 500, на следующий день — 400."),
        ("de", "Am 2. Oktober kamen 900 Menschen in den Tschad, drei Tage später 500, am Folgetag 400."),
        (
            "fr",
            "Le 2 octobre 900 personnes sont entrées au Tchad; trois jours plus tard, 500; le lendemain, 400.",
        ),
        (
            "es",
            "El 2 de octubre entraron en Chad 900 personas; tres días después, 500; al día siguiente, 400.",
        ),
        ("pl", "2 października do Czadu wjechało 900 osób, trzy dni później 500, następnego dnia 400."),
    ],
)
def test_days_later_are_counted_from_the_day_told_last(language, text):
    found = extract(Document("invented", text, published=date(2022, 10, 12), language=language)).claims

    assert [(claim.value, claim.window_start) for claim in found] == [
        (900, date(2022, 10, 2)), (500, date(2022, 10, 5)), (400, date(2022, 10, 6)),
    ]  # fmt: skip


def test_days_earlier_are_counted_from_the_day_told_last_and_days_ago_from_today():
    text = "On 8 October 900 people entered Chad, three days earlier 500; two days ago, 400."

    found = extract(Document("invented", text, published=date(2022, 10, 12), language="en")).claims

    assert [claim.window_start for claim in found] == [
        date(2022, 10, 8),
        date(2022, 10, 5),
        date(2022, 10, 10),
    ]


def test_who_denies_a_figure_need_not_mean_the_days_told_before():
    text = "From 1 to 8 May 900 people entered Chad. The minister denied that 5,000 had come."

    _, denied = extract(Document("invented", text, published=date(2023, 5, 17), language="en")).claims

    assert (denied.window_start, denied.window_end) == (None, date(2023, 5, 17))


def test_a_forecast_without_days_has_none():
    text = "В Чад приедут ещё 700 тысяч человек, ожидает ведомство."

    (claim,) = extract(Document("invented", text, published=date(2023, 11, 12), language="ru")).claims

    assert (claim.window_start, claim.window_end) == (None, None)


@pytest.mark.parametrize(
    ("language", "text", "start", "end"),
    [
        # A date behind a count and before a comma is that of the count, not of who tells it.
        (
            "en",
            "2,000 people entered Chad on 3 November, the agency said. In its camps live 900 people.",
            date(2023, 12, 5),
            date(2023, 12, 5),
        ),
        # The figure in brackets behind a year is that year's.
        (
            "en",
            "Last year, the record of 2006 (400 people) fell as 900 people entered Chad.",
            date(2022, 1, 1),
            date(2022, 12, 31),
        ),
        # "A year earlier" is before the days told, and not before those that they are compared with.
        (
            "en",
            "In May 400 people entered Chad, down from 500 in April and 900 a year earlier.",
            date(2022, 5, 1),
            date(2022, 5, 31),
        ),
        # A year behind a figure of its size is no second figure.
        (
            "en",
            "In 2022, 5,800 people entered Chad, against 900 in 2021.",
            date(2021, 1, 1),
            date(2021, 12, 31),
        ),
        (
            "es",
            "En 2022 llegaron a Chad 5.800 personas, frente a las 900 de 2021.",
            date(2021, 1, 1),
            date(2021, 12, 31),
        ),
        # So many a day are those of now, whatever days other clauses tell.
        (
            "es",
            "Desde enero entraron en Chad 4.100 personas, y el alcalde calcula que salen 900 al día.",
            date(2023, 12, 5),
            date(2023, 12, 5),
        ),
        (
            "uk",
            "Щотижня до Чаду прибуває 900 людей, а у вересні було удвічі менше.",
            date(2023, 12, 5),
            date(2023, 12, 5),
        ),
        # So many a month are not those of the month told before.
        (
            "en",
            "In October 300 people entered Chad. Every month 900 people enter Chad by night, the mayor says.",
            None,
            date(2023, 12, 5),
        ),
        # A price of this month is that of all of it.
        (
            "ru",
            "Квартира в Нджамене в декабре обходится в 900 долларов.",
            date(2023, 12, 1),
            date(2023, 12, 31),
        ),
        # "The same period" is not the year that was only compared with.
        (
            "pt",
            (
                "Entre janeiro e julho entraram no Chade 16.000 pessoas, 20% a mais do que em todo o ano de 2017. "
                "No mesmo período saíram do Chade 900."
            ),
            date(2023, 1, 1),
            date(2023, 7, 31),
        ),
    ],
)
def test_the_days_of_another_figure_are_not_taken(language, text, start, end):
    found = extract(Document("invented", text, published=date(2023, 12, 5), language=language)).claims

    claim = next(claim for claim in found if claim.value == 900)

    assert (claim.window_start, claim.window_end) == (start, end)


def _day(day):
    return day and day.isoformat()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "8 May: 700 entries to Georgia. 9 May: 400 entries. The total of these two days: 1,100 entries."),
        ("de", "Am 8. Mai reisten 700 Menschen nach Georgien ein, am 9. Mai 400. In diesen zwei Tagen kamen also 1.100."),
        ("ru", "8 мая в Грузию въехали 700 человек, 9 мая - 400. За эти два дня въехали 1100 человек."),
    ],
)  # fmt: skip
def test_these_days_end_with_the_day_told_last(language, text):
    *_, claim = extract(Document("invented", text, published=date(2023, 5, 10), language=language)).claims

    assert (claim.value, claim.window_start, claim.window_end) == (1100, date(2023, 5, 8), date(2023, 5, 9))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The labour minister on 2 May gave this account: since 1 April 400,000 Syrians came to Jordan."),
        ("fr", "Le ministère du Travail a dressé le 2 mai ce bilan : depuis le 1er avril, 400 000 Syriens sont entrés en Jordanie."),
    ],
)  # fmt: skip
def test_a_day_before_a_colon_is_that_on_which_its_figures_were_given(language, text):
    (claim,) = extract(Document("invented", text, published=date(2023, 5, 10), language=language)).claims

    assert (claim.window_start, claim.window_end) == (date(2023, 4, 1), date(2023, 5, 2))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "In the 24 hours beginning at 10 a.m. on Monday, 900 Syrians entered Jordan."),
        ("ru", "С 10:00 8 мая до того же времени следующего дня в Иорданию въехали 900 сирийцев."),
        ("uk", "Від 10:00 8 травня до того ж часу наступного дня до Йорданії в'їхали 900 сирійців."),
        ("de", "In den 24 Stunden ab dem 8. Mai kamen 900 Syrer nach Jordanien."),
        ("fr", "En 24 heures à compter de 10h00 le 8 mai, 900 Syriens sont entrés en Jordanie."),
        ("es", "En las 24 horas a partir de las 10:00 del 8 de mayo entraron en Jordania 900 sirios."),
        ("pl", "Od 10:00 8 maja do tej samej godziny następnego dnia do Jordanii wjechało 900 Syryjczyków."),
        ("kk", "8 мамыр 10:00 бастап келесі күні сол уақытқа дейін Иорданияға 900 сириялық келді."),
        ("az", "8 may saat 10:00-dan ertəsi gün eyni vaxtadək İordaniyaya 900 suriyalı gəlib."),
    ],
)
def test_twenty_four_hours_from_an_hour_lie_in_two_days(language, text):
    (claim,) = extract(Document("invented", text, published=date(2023, 5, 10), language=language)).claims

    assert (claim.value, claim.window_start, claim.window_end) == (900, date(2023, 5, 8), date(2023, 5, 9))


def test_years_behind_a_colon_are_of_the_month_that_it_heads():
    text = (
        "Compared with May, arrivals in Jordan rose: in 2022 there were 900 arrivals, in 2021 700 arrivals."
    )
    claims = extract(Document("invented", text, published=date(2022, 7, 10), language="en")).claims

    assert [(claim.window_start, claim.window_end) for claim in claims] == [
        (date(2022, 5, 1), date(2022, 5, 31)),
        (date(2021, 5, 1), date(2021, 5, 31)),
    ]


def test_the_same_time_as_a_total_that_runs_is_the_totals():
    text = (
        "From 1 to 5 May Jordan counted 300 entries a day. By 9 May 900 Syrians had entered Jordan; "
        "in the same period 400 Syrians left Jordan."
    )
    *_, left = extract(Document("invented", text, published=date(2023, 5, 10), language="en")).claims

    assert (left.value, left.window_end) == (400, date(2023, 5, 9))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "In May 900 Syrians came to Jordan, 700 in April and 400 in March."),
        ("fr", "En mai, 900 Syriens sont arrivés en Jordanie, 700 en avril et 400 en mars."),
        ("de", "Im Mai kamen 900 Syrer nach Jordanien, 700 im April und 400 im März."),
        ("es", "En mayo llegaron a Jordania 900 sirios, 700 en abril y 400 en marzo."),
        ("ru", "В мае в Иорданию прибыли 900 сирийцев, 700 в апреле и 400 в марте."),
        ("pl", "W maju do Jordanii przybyło 900 Syryjczyków, 700 w kwietniu i 400 w marcu."),
    ],
)
def test_a_month_that_leads_a_list_leaves_each_other_figure_the_one_behind_it(language, text):
    claims = extract(Document("invented", text, published=date(2023, 6, 10), language=language)).claims

    assert [(claim.value, claim.window_start.month) for claim in claims] == [(900, 5), (700, 4), (400, 3)]
