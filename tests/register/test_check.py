"""Files and rows that cannot be used: each a clear message with file and row, and counts that add up."""

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from register.crossings import SCHEMA, crossing, moment, on_each_engine, write

from tolqyn.errors import RegisterError, UsageError
from tolqyn.register import Settings, open_register

HEAD = "person,time,direction,checkpoint,citizenship\n"


def adds_up(check):
    return check.rows == check.good + check.bad and check.bad == sum(check.reasons.values())


@on_each_engine
def test_every_bad_row_is_named_with_its_reason(opened, tmp_path):
    table = tmp_path / "crossings.csv"
    table.write_text(
        HEAD
        + "a,2022-09-21T10:00:00Z,in,Post A,RUS\n"  # row 2
        + "b,,in,Post A,RUS\n"
        + "b,2022-02-30T10:00:00Z,in,Post A,RUS\n"
        + "b,1922-09-21,in,Post A,RUS\n"
        + "b,2022-09-21,sideways,Post A,RUS\n"
        + "b,2022-09-21,,Post A,RUS\n"
        + "b,2022-09-21,in, ,RUS\n"
        + "b,2022-09-21\n"
        + "b,2022-09-21 10:00:00+05:00,OUT,Post A,\n"  # row 10
    )

    check = opened(table).check()

    assert (check.rows, check.good, check.bad) == (9, 2, 7)
    assert adds_up(check)
    told = {problem.where.rpartition(" ")[2]: problem.message for problem in check.problems}
    assert all(problem.where.startswith(str(table)) for problem in check.problems)
    assert told == {
        "3": "time is empty",
        "4": "time is '2022-02-30T10:00:00Z', which cannot be read",
        "5": "time is -1492041600 s since 1970, outside 1990 to 2100",
        "6": "direction is 'sideways', not in or out",
        "7": "direction is empty",
        "8": "checkpoint is empty",
        "9": "2 cells, and the heading has 5",
    }
    assert check.last == moment("21 10:00")


def test_rows_are_numbered_from_one_in_parquet_over_row_groups(opened, tmp_path):
    rows = (
        [crossing("a", "21 10:00", "in")] * 7
        + [crossing("a", "21 10:00", "up")]
        + [crossing("a", "21 10:00", "in")]
    )
    write(tmp_path / "crossings.parquet", rows, row_group_size=3)

    (problem,) = opened(tmp_path / "crossings.parquet").check().problems

    assert problem.where == f"{tmp_path / 'crossings.parquet'}, row 8"


KINDS = [
    (pa.timestamp("s"), moment("21 23:59").replace(tzinfo=None)),
    (pa.timestamp("ms", "Asia/Almaty"), moment("21 23:59")),
    (pa.timestamp("us", "UTC"), moment("21 23:59")),
    (pa.timestamp("ns", "UTC"), moment("21 23:59")),
    (pa.string(), "2022-09-21T23:59:00.999Z"),
    (pa.string(), "2022-09-22 04:59:00+05:00"),
    (pa.large_string(), "2022-09-21 23:59"),
    (pa.date32(), date(2022, 9, 21)),
]


@on_each_engine
def test_a_time_means_the_same_in_every_type(opened, tmp_path):
    """Files of many types are one register: one person at all of them, by a number or its digits."""
    for n, (kind, value) in enumerate(KINDS):
        table = pa.table(
            {
                "person": pa.array([7], pa.int64()) if n % 2 else ["7"],
                "time": pa.array([value], kind),
                "direction": pa.array(["in"]).dictionary_encode(),
                "checkpoint": ["Post A"],
                "citizenship": ["RUS"],
                "shoe_size": [44],
            }
        )
        write(tmp_path / f"{n}.parquet", table)

    register = opened(tmp_path)

    (row,) = register.tally(("date",)).to_pylist()
    # The seven at one minute are one scan; of the eighth only the day is known.
    assert (row["date"], row["entries"], row["persons_in"]) == (date(2022, 9, 21), 2, 1)
    assert register.statuses() == {("in", "duplicate"): 6, ("in", "superseded"): 1, ("in", "open"): 1}


def test_files_of_different_shape_are_one_register(opened, tmp_path):
    write(tmp_path / "a.parquet", [crossing("a", "21 10:00", "in")])
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "b.csv").write_text(HEAD + "a,2022-09-22T10:00:00Z,out,Post A,RUS\n")

    register = opened(tmp_path)

    assert register.statuses() == {("in", "left"): 1, ("out", "matched"): 1}
    assert register.check().files == 2


def test_a_column_that_is_missing_or_cannot_be_read_is_named(tmp_path):
    table = pa.Table.from_pylist([crossing("a", "21 10:00", "in")], schema=SCHEMA)
    for name, change, message in [
        ("no-time", table.drop_columns("time"), "column 'time' is missing"),
        (
            "number",
            table.set_column(1, "time", pa.array([1.5])),
            "column 'time' is double, which cannot be read",
        ),
        ("person", table.set_column(0, "person", pa.array([1.5])), "column 'person' is double"),
        ("twice", table.append_column("person", pa.array(["b"])), "column 'person' stands twice"),
    ]:
        path = write(tmp_path / f"{name}.parquet", change)

        with pytest.raises(RegisterError, match=message) as raised:
            open_register(path)

        assert raised.value.where == str(path)


def test_one_bad_file_of_a_folder_is_set_aside_and_the_rest_goes_on(tmp_path, opened):
    write(tmp_path / "a.parquet", [crossing("a", "21 10:00", "in")])
    write(tmp_path / "b.parquet", pa.table({"time": [1]}))
    (tmp_path / "c.parquet").write_bytes(b"PAR1 this is no table PAR1")
    (tmp_path / "d.csv").write_bytes(b"\xff\xfe\x00")

    check = opened(tmp_path).check()

    assert (check.files, check.rows) == (1, 1)
    assert [problem.where.rpartition("/")[2] for problem in check.problems] == [
        "b.parquet",
        "c.parquet",
        "d.csv",
    ]


def test_damaged_pages_are_told_by_row_group_and_rows(tmp_path, opened):
    rows = [crossing(f"p{n}", "21 10:00", "in", f"Post {n % 7}") for n in range(3000)]
    path = write(tmp_path / "hurt.parquet", rows, row_group_size=1000, compression="zstd")
    start = parquet.ParquetFile(path).metadata.row_group(1).column(0)
    content = bytearray(path.read_bytes())
    first = start.dictionary_page_offset or start.data_page_offset
    content[first + 25 : first + start.total_compressed_size] = b"\x00" * (start.total_compressed_size - 25)
    path.write_bytes(content)
    write(tmp_path / "whole.parquet", rows[:5])

    check = opened(tmp_path).check()

    assert (check.files, check.rows) == (1, 5)
    assert check.problems[0].where == str(path)
    assert check.problems[0].message.startswith("row group 2 (rows 1001 to 2000) is damaged")
    with pytest.raises(RegisterError, match="no file is left: row group 2"):
        open_register(path)


def test_a_row_group_of_another_type_than_its_file_is_named(tmp_path):
    rows = [crossing(f"p{n}", "21 10:00", "in") for n in range(6)]
    path = write(tmp_path / "mixed.parquet", rows, row_group_size=3)
    content = bytearray(path.read_bytes())
    # In the footer the type of a column chunk stands before its name: text (6) becomes a whole number (2).
    second = content.rfind(b"\x19\x18\x06person")
    content[content.rfind(b"\x15\x0c\x19", 0, second) + 1] = 0x04
    path.write_bytes(content)

    with pytest.raises(
        RegisterError, match=r"row group 2 \(rows 4 to 6\) stores person as INT64, and the file says"
    ):
        open_register(path)


def test_a_cut_file_and_an_empty_folder_say_so(tmp_path):
    path = write(tmp_path / "cut.parquet", [crossing("a", "21 10:00", "in")])
    path.write_bytes(path.read_bytes()[:-9])
    (tmp_path / "empty").mkdir()

    with pytest.raises(RegisterError, match="not a whole Parquet file"):
        open_register(path)
    with pytest.raises(RegisterError, match=r"no \.parquet or \.csv file"):
        open_register(tmp_path / "empty")
    with pytest.raises(RegisterError, match="no such file"):
        open_register(tmp_path / "nowhere")


def test_a_register_without_one_good_row_is_an_error(tmp_path):
    (tmp_path / "bad.csv").write_text(HEAD + "a,yesterday,in,Post A,RUS\n")

    with pytest.raises(RegisterError, match=r"no row can be used, of 1:\n.*row 2: time is 'yesterday'"):
        open_register(tmp_path / "bad.csv")


@on_each_engine
def test_what_cannot_be_is_doubted_with_both_rows(opened):
    ordinary = [crossing(f"p{n}", f"21 {10 + n // 60:02}:{n % 60:02}", "in") for n in range(100)]
    odd = [
        crossing("two", "21 12:00", "in", "Post A"),
        crossing("two", "21 12:03", "in", "Post B"),
        crossing("back", "21 12:30", "out", "Post A"),
        crossing("back", "21 13:00", "in", "Post B"),
    ]

    doubts = opened([*ordinary, *odd]).check().doubts

    places, negative = doubts
    assert places.where.endswith("row 101")
    assert "a person is at Post A and 180 s later at Post B" in places.message
    assert "row 102" in places.message
    assert negative.where.endswith("row 103")
    assert "a negative stay: an exit 1800 s before the entry" in negative.message


def test_a_row_out_of_order_is_doubted_where_a_file_is_kept_in_order(opened):
    rows = [crossing(f"p{n}", f"21 10:{n:02}", "in") for n in range(60)]
    rows[30]["time"] = moment("21 09:00")

    in_order = opened(rows).check().doubts
    shuffled = opened(rows[::-1]).check().doubts

    assert [doubt.where.rpartition(" ")[2] for doubt in in_order] == ["31"]
    assert in_order[0].message == "time is 5340 s before that of the row above"
    assert shuffled == ()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"zone": "Asia/Nowhere"}, "no time zone is named 'Asia/Nowhere'"),
        ({"term_days": -1}, "term_days is -1"),
        ({"terms": {"RUS": -2}}, "the term of RUS is -2 days"),
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong, message):
    with pytest.raises(UsageError, match=message):
        Settings(**wrong)


def test_an_engine_that_is_not_there_is_refused(tmp_path):
    path = write(tmp_path / "a.parquet", [crossing("a", "21 10:00", "in")])

    with pytest.raises(UsageError, match="no engine is named 'excel'"):
        open_register(path, engine="excel")
    with pytest.raises(UsageError, match="memory is 'lots'"):
        open_register(path, memory="lots")


cells = st.text(st.sampled_from('ab,"\n\r é0'), max_size=6)


@given(st.lists(st.lists(cells, min_size=5, max_size=5), min_size=1, max_size=8))
@settings(max_examples=25)
def test_any_csv_adds_up_or_is_refused(tmp_path_factory, rows):
    """Cells of quotes, commas and line ends: each row is good, bad, or the file is no CSV."""
    path = tmp_path_factory.getbasetemp() / "any.csv"
    good = "a,2022-09-21T10:00:00Z,in,Post A,RUS\n"
    path.write_text(HEAD + good + "".join(",".join(row) + "\n" for row in rows), encoding="utf-8")

    try:
        with open_register(path, memory="500MB", threads=1) as register:
            check, refused = register.check(), None
    except RegisterError as error:
        check, refused = None, str(error)

    assert refused is None or str(path) in refused
    assert check is None or (adds_up(check) and check.good >= 1)
