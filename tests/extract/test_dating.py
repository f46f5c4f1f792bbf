"""The days that a figure covers, as sentences say them. Sentences and figures are invented."""

from datetime import date

import pytest

from tolqyn.claims import Document
from tolqyn.extract import extract

CASES = [
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


def test_a_forecast_without_days_has_none():
    text = "В Чад приедут ещё 700 тысяч человек, ожидает ведомство."

    (claim,) = extract(Document("invented", text, published=date(2023, 11, 12), language="ru")).claims

    assert (claim.window_start, claim.window_end) == (None, None)


def _day(day):
    return day and day.isoformat()
