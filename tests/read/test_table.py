"""Tables: every row becomes claims or a problem that names it. The figures are invented."""

import io
from datetime import date, datetime

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import claims

from tolqyn.claims import Measure, Qualifier, claim_to_record
from tolqyn.errors import ReadError
from tolqyn.read import read_bytes, read_table
from tolqyn.read.figures import read_day_cell, read_figure

HEADER = "date_said,measure,place,group,value,window_start,window_end,organization,source_url\n"
GOOD = "2022-09-27,entries,KAZ,RUS,98000,2022-09-21,2022-09-27,Ministry,https://www.example.org/a\n"


def csv_of(text, name="figures.csv"):
    return read_table(text.encode(), name)


def test_a_row_is_a_claim_with_the_row_as_its_quote():
    read = csv_of(HEADER + GOOD)

    (claim,) = read.claims
    assert claim.quote == GOOD.rstrip()
    assert (claim.doc, claim.start, claim.end) == ("figures", None, None)
    assert (claim.measure, claim.value, claim.said) == (Measure.ENTRIES, 98000, date(2022, 9, 27))
    assert (claim.window_start, claim.window_end) == (date(2022, 9, 21), date(2022, 9, 27))
    assert (claim.publisher, claim.source_url) == ("example.org", "https://www.example.org/a")
    assert claim.quote in read.document.text
    assert not read.problems


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "2022-09-27,entries,KAZ,RUS,5,2022-09-27,2022-09-21,,",
            "window_end is 2022-09-21, before window_start, 2022-09-27",
        ),
        ("2022-09-27,entries,KAZ,RUS,=1+1,,,,", "value: '=1+1' is a formula, and none is computed"),
        ("2022-09-27,entries,KAZ,RUS,43%,,,,", "value: '43%' is no figure"),
        ("2022-09-27,entries,KAZ,RUS,98 thousand,,,,", "value: '98 thousand' is no figure"),
        ("2022-09-27,entries,KAZ,RUS,nan,,,,", "value: 'nan' is no figure"),
        ("2022-09-27,entries,KAZ,RUS,50.928,,,,", "value: '50.928' could be 50928 or 50.928"),
        ("2022-09-27,entries,KAZ,RUS,-5,,,,", "value is -5; entries cannot be negative"),
        ("2022-09-27,entries,KAZ,RUS,,,,,", "no figure: value is empty"),
        ("2022-09-27,entrances,KAZ,RUS,5,,,,", "measure is 'entrances', which cannot be read"),
        ("2022-09-27,price,KAZ,any,5,,,,", "unit is empty; a price needs its money"),
        ("2022-09-27,entries,,RUS,5,,,,", "place is empty"),
        ("09/10/2022,entries,KAZ,RUS,5,,,,", "said: '09/10/2022' is no day that can be read"),
        ("2022-09-27,entries,KAZ\x00,RUS,5,,,,", "place holds the control character U+0000"),
        ("2022-09-27,entries,KAZ", "the row has 3 cells, the header 9"),
        ('2022-09-27,"entries" x,KAZ,RUS,5,,,,', "the row cannot be read"),
        ('2022-09-27,"entries,KAZ,RUS,5,,,,', "the row cannot be read"),
        (
            f"2022-09-27,entries,{'x' * 200_000},RUS,5,,,,",
            "the row cannot be read (field larger than field limit",
        ),
    ],
)
def test_a_bad_row_is_a_problem_with_its_number_and_the_others_are_claims(row, message):
    read = csv_of(HEADER + GOOD + row + "\n" + GOOD)

    assert [claim.value for claim in read.claims] == [98000, 98000]
    (problem,) = read.problems
    assert problem.where == "figures.csv, row 3"
    assert problem.message.startswith(message)


@given(
    st.lists(
        st.sampled_from(
            [GOOD, 'x,"\n', "1,2\n", GOOD.replace("98000", "many"), GOOD.replace("entries", '"entries"')]
        ),
        max_size=12,
    )
)
def test_rows_are_claims_or_problems_and_the_counts_add_up(rows):
    read = csv_of(HEADER + "".join(rows))

    assert len(read.claims) == sum(row in {GOOD, GOOD.replace("entries", '"entries"')} for row in rows)
    assert len(read.claims) + len(read.problems) == len(rows)


def test_a_missing_column_is_named_with_those_there_are_and_the_likeliest_slip():
    with pytest.raises(ReadError) as caught:
        csv_of("measure,plaice,group,value\nentries,KAZ,RUS,5\n")

    assert caught.value.where == "figures.csv, row 1"
    assert caught.value.message == "column 'place' is missing; the columns are: measure, plaice, group, value"
    assert caught.value.hint == "did you mean 'place' by 'plaice'?"


def test_a_misspelt_column_is_refused_because_the_rows_would_say_something_else():
    with pytest.raises(
        ReadError, match=r"column 'windw_start' is not known(.|\n)*did you mean 'window_start'"
    ):
        csv_of("measure,place,group,value,windw_start\nentries,KAZ,RUS,5,2022-09-21\n")


def test_columns_that_are_not_read_are_told_of_once():
    read = csv_of("measure,place,group,value,note\nentries,KAZ,RUS,5,seen\nexits,KAZ,RUS,4,seen\n")

    assert len(read.claims) == 2
    assert [str(problem) for problem in read.problems] == [
        "figures.csv, row 1: columns that are not read: note"
    ]


def test_two_columns_of_one_name_are_refused():
    with pytest.raises(ReadError, match="two columns are called value"):
        csv_of("measure,place,group,value,Value\nentries,KAZ,RUS,5,6\n")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-r"])
def test_separators_and_encodings_of_spreadsheets_are_read(separator, encoding):
    rows = [
        ["measure", "place", "group", "value", "organization"],
        ["entries", "KAZ", "RUS", "98000", "Министерство внутренних дел"],
    ]
    text = "\r\n".join(separator.join(row) for row in rows)

    (claim,) = read_table(text.encode(encoding), "a.csv").claims

    assert (claim.value, claim.organization) == (98000, "Министерство внутренних дел")


def test_a_daily_series_with_a_column_for_each_measure_gives_a_claim_for_each_figure():
    read = csv_of(
        "Date;Place;Group;Entries;Exits;Stock\n03.10.2022;KAZ;RUS;7 000;11 000;\n2022-10-04;KAZ;RUS;x;6,500;\n2022-10-05;KAZ;RUS;;;\n"
    )

    told = [(str(claim.measure), claim.value, claim.window_start, claim.window_end) for claim in read.claims]
    assert told == [
        ("entries", 7000, date(2022, 10, 3), date(2022, 10, 3)),
        ("exits", 11000, date(2022, 10, 3), date(2022, 10, 3)),
        ("exits", 6500, date(2022, 10, 4), date(2022, 10, 4)),
    ]
    assert [(problem.where, problem.message) for problem in read.problems] == [
        ("figures.csv, row 3", "entries: 'x' is no figure"),
        ("figures.csv, row 4", "the row holds no figure"),
    ]


def test_a_daily_series_in_long_form_gives_a_claim_a_row():
    (claim,) = csv_of("date,measure,place,group,value\n2022-10-03,stock,KAZ,RUS,100000\n").claims

    assert (claim.measure, claim.window_start, claim.window_end) == (
        Measure.STOCK,
        date(2022, 10, 3),
        date(2022, 10, 3),
    )


def test_a_range_needs_no_qualifier_and_a_share_no_unit():
    read = csv_of("measure,place,group,value,low,high\nstock,KAZ,RUS,,50000,80000\nshare,KAZ,RUS,43,,\n")

    assert (read.claims[0].qualifier, read.claims[0].low, read.claims[0].high) == (
        Qualifier.RANGE,
        50000,
        80000,
    )
    assert read.claims[1].unit == "percent"


@given(claims())
def test_a_claim_written_as_a_row_is_read_as_the_same_claim(claim):
    record = {
        k: v
        for k, v in claim_to_record(claim).items()
        if v is not None and k not in {"quote", "evidence", "confidence"}
    }
    sheet = pa.table({name: [value] for name, value in record.items()})
    buffer = io.BytesIO()
    pq.write_table(sheet, buffer)

    read = read_table(buffer.getvalue(), "a.parquet")

    told = claim_to_record(read.claims[0])
    kept = set(record) - {"doc", "quote", "start", "end"}
    assert {name: told[name] for name in kept} == {name: record[name] for name in kept}


def test_a_workbook_gives_typed_days_and_figures_and_its_other_sheets_are_told_of():
    book = openpyxl.Workbook()
    book.active.title = "Пояснение"
    book.active.append(["Как читать"])
    sheet = book.create_sheet("Данные")
    sheet.append([])
    sheet.append(["measure", "place", "group", "value", "window_start", "window_end"])
    sheet.append(["entries", "KAZ", "RUS", 50.928, datetime(2022, 9, 21), date(2022, 9, 27)])  # noqa: DTZ001
    sheet.append(["entries", "KAZ", "RUS", "=1+1", None, None])
    buffer = io.BytesIO()
    book.save(buffer)

    read = read_table(buffer.getvalue(), "a.xlsx")

    (claim,) = read.claims
    assert (claim.value, claim.window_start, claim.window_end) == (
        50.928,
        date(2022, 9, 21),
        date(2022, 9, 27),
    )
    assert claim.quote == "entries,KAZ,RUS,50.928,2022-09-21,2022-09-27"
    assert claim.quote in read.document.text
    assert [problem.where for problem in read.problems] == ["a.xlsx", "a.xlsx, sheet Данные, row 4"]


@pytest.mark.parametrize(
    ("cell", "figure"),
    [
        ("50 928", 50928), ("50\u00a0928", 50928), ("1\u202f234\u202f567", 1234567), ("50'928", 50928), ("50,928", 50928),
        ("1,234,567", 1234567), ("1.234.567", 1234567), ("1,234.5", 1234.5), ("1.234,5", 1234.5), ("12,5", 12.5), ("12.5", 12.5),
        ("0.928", 0.928), ("1e5", 100000), ("\u22125", -5), (50.928, 50.928), (7, 7), (" 98000 ", 98000), ("50928.000", 50928), ("١٢", 12),
    ],
)  # fmt: skip
def test_a_figure_with_one_reading_is_read(cell, figure):
    assert read_figure(cell, whole=True) == figure


@pytest.mark.parametrize(
    "cell",
    [
        "50.928",
        "5%",
        "98 thousand",
        "1 2",
        "50 92",
        "1_000",
        "0x10",
        "inf",
        "1,23,456",
        "",
        "5-6",
        "=A1",
    ],
)
def test_a_figure_with_two_readings_or_none_is_not_read(cell):
    with pytest.raises(ReadError):
        read_figure(cell, whole=True)


def test_one_comma_is_no_grouping_where_the_figure_may_be_broken():
    with pytest.raises(ReadError, match=r"'50,928' could be 50928 or 50\.928"):
        read_figure("50,928", whole=False)


@given(st.integers(0, 10**9), st.sampled_from([" ", "\u00a0", "\u202f", "'"]))
def test_grouping_by_spaces_never_changes_a_figure(number, space):
    assert read_figure(f"{number:,}".replace(",", space), whole=False) == number


@given(st.dates())
def test_days_are_read_as_they_are_written(day):
    assert read_day_cell(day.isoformat()) == day
    assert read_day_cell(f"{day.day:02}.{day.month:02}.{day.year:04}") == day


def test_a_month_is_its_first_or_its_last_day():
    assert read_day_cell("2024-02") == date(2024, 2, 1)
    assert read_day_cell("2024-02", first=False) == date(2024, 2, 29)


def test_a_table_by_months_speaks_of_whole_months():
    content = b"date,said,entries,place,group\n2022-03,2022-04,45068,GEO,RUS\n"

    (claim,) = read_table(content, "months.csv").claims

    assert (claim.window_start, claim.window_end) == (date(2022, 3, 1), date(2022, 3, 31))
    assert claim.said == date(2022, 4, 30)


@given(st.text(max_size=40))
def test_any_cell_is_a_figure_or_a_read_error(cell):
    try:
        figure = read_figure(cell, whole=True)
    except ReadError:
        figure = 0.0

    assert isinstance(figure, float)


def test_what_is_given_of_a_table_holds_where_a_row_does_not_say_it():
    rows = b"measure,place,group,value,published,source_url\nentries,KAZ,RUS,1,,\nexits,KAZ,RUS,2,2022-09-28,https://example.org/a\n"

    (table,) = read_bytes(rows, "said.csv", given={"published": "2022-10-04", "publisher": "A Desk"})

    assert [(str(c.published), c.publisher) for c in table.claims] == [
        ("2022-10-04", "A Desk"),
        ("2022-09-28", "example.org"),
    ]


def test_a_day_of_publication_that_is_none_is_told():
    (table,) = read_bytes(
        b"measure,place,group,value\nentries,KAZ,RUS,1\n", "said.csv", given={"published": "soon"}
    )

    assert table.claims[0].published is None
    assert "published is 'soon', which is no date" in str(table.problems[0])


def test_a_body_of_the_world_goes_by_its_short_name_as_in_texts():
    rows = b"measure,place,group,value,organization\nentries,TCD,SDN,1,International Organization for Migration\n"

    (table,) = read_bytes(rows, "said.csv")

    assert table.claims[0].organization == "IOM"
    assert "International Organization for Migration" in table.claims[0].quote
