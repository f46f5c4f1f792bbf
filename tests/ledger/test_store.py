"""What a ledger keeps and gives back, on both engines."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from ledger.make import made, said
from sqlalchemy import text
from strategies import claims as any_claims
from strategies import days

from tolqyn.claims import Document
from tolqyn.errors import LedgerError, Problem, UsageError
from tolqyn.ledger import open_ledger
from tolqyn.ledger.schema import metadata

# Each example makes a database; to shrink a failure would make hundreds.
FEW = settings(
    max_examples=6,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def add(ledger, doc, *figures, engine="rules 1", problems=(), **known):
    document, content, claims = made(doc, *figures, **known)
    return ledger.add_document(document, content, claims, engine=engine, problems=problems)


def everything(ledger, recorded_by=None):
    """All that a reader can see."""
    return (
        ledger.documents(recorded_by=recorded_by),
        ledger.claims(recorded_by=recorded_by),
        ledger.claims(recorded_by=recorded_by, include_rejected=True),
        ledger.statements(recorded_by=recorded_by),
        ledger.problems(recorded_by=recorded_by),
        ledger.judgements(recorded_by=recorded_by),
        ledger.vintages(recorded_by=recorded_by),
        [
            ledger.content(document.doc, recorded_by=recorded_by)
            for document in ledger.documents(recorded_by=recorded_by)
        ],
    )


# Kept and given back -----------------------------------------------------------------------------


def test_a_document_comes_back_as_it_was_seen(ledger):
    document = Document(
        "өзен", "Жүз адам келді.", "Тақырып", "Газет", date(2022, 9, 27), "kk", "https://example.org/1", True
    )

    ledger.add_document(document, b"\x00\xff as seen", [], engine="rules 1")

    assert ledger.document("өзен") == document
    assert ledger.content("өзен") == b"\x00\xff as seen"
    assert ledger.documents() == [document]


@FEW
@given(found=st.lists(any_claims(), max_size=5))
def test_any_claim_comes_back_to_the_letter(new_address, found):
    rows = [
        replace(claim, doc="table", quote=f"row {n}", evidence=(("b", "1"), ("a", "2")))
        for n, claim in enumerate(found)
    ]

    with open_ledger(new_address()) as ledger:
        ledger.add_document(Document("table", "rows"), b"rows", rows, engine="table 1")

        assert ledger.claims() == rows
        assert [claim.id for claim in ledger.claims()] == [claim.id for claim in rows]


def test_the_same_document_twice_changes_nothing(ledger, clock):
    problem = Problem("a:3-5", "a figure without a measure")
    first = add(ledger, "a", 300, 400, problems=[problem])
    before = everything(ledger)
    clock.add(hours=1)

    second = add(ledger, "a", 300, 400, problems=[problem])

    assert (first.added, first.replaced, first.claims, first.problems) == (True, False, 2, 1)
    assert (second.added, second.replaced, second.claims, second.problems) == (False, False, 2, 1)
    assert everything(ledger) == before


@pytest.mark.parametrize(
    "change", [{"figures": (300,)}, {"engine": "rules 2"}, {"published": date(2022, 9, 28)}]
)
def test_new_bytes_metadata_or_engine_make_a_new_version(ledger, clock, change):
    add(ledger, "a", 300, 400)
    then, old = clock(), everything(ledger)
    clock.add(hours=1)

    figures = change.get("figures", (300, 400))
    added = add(ledger, "a", *figures, **{name: new for name, new in change.items() if name != "figures"})

    assert (added.added, added.replaced) == (True, True)
    assert len(ledger.documents()) == 1
    assert len(ledger.claims()) == added.claims
    assert everything(ledger, recorded_by=then) == old


def test_an_earlier_version_may_come_back(ledger):
    add(ledger, "a", 300)
    add(ledger, "a", 400)

    added = add(ledger, "a", 300)

    assert (added.added, added.replaced) == (True, True)
    assert [claim.value for claim in ledger.claims()] == [300]


def test_a_document_whose_file_is_gone_is_read_no_more_and_may_come_back(ledger, clock):
    add(ledger, "a", 300, problems=[Problem("a:0-3", "no window")])
    ledger.set_aside("b", [Problem("b.pdf", "not a PDF")])
    then, before = clock(), everything(ledger)
    clock.add(hours=1)

    gone = [ledger.withdraw(doc) for doc in ("a", "a", "b", "b", "c")]

    assert gone == [True, False, True, False, False]
    assert everything(ledger) == ([], [], [], [], [], [], [], [])
    with pytest.raises(LedgerError, match="no document 'a'"):
        ledger.document("a")
    assert everything(ledger, recorded_by=then + timedelta(minutes=1)) == before
    added = add(ledger, "a", 300)
    assert (added.added, added.replaced) == (True, False)


def test_what_was_set_aside_is_listed_until_the_document_is_mended(ledger):
    unreadable = Problem("b.pdf", "not a PDF", "save it again")
    ledger.set_aside("b", [unreadable])
    ledger.set_aside("b", [unreadable])
    add(ledger, "a", 300, problems=[Problem("a:0-3", "no window")])

    listed = ledger.problems()
    add(ledger, "b", 1)

    assert listed == [unreadable, Problem("a:0-3", "no window")]
    assert ledger.problems() == [Problem("a:0-3", "no window")]


def test_an_estimate_is_kept_as_it_was_made_and_once(ledger, clock):
    made_of = {"as_of": date(2022, 10, 4), "seed": 7, "method": "reconcile 1"}
    first = ledger.add_vintage(**made_of, summary={"entries": [1.5, None]}, parquet=b"PAR1")
    clock.add(hours=1)

    again = ledger.add_vintage(**made_of, summary={"entries": [1.5, None]}, parquet=b"PAR1")
    other = ledger.add_vintage(**made_of | {"as_of": None}, summary={})

    assert again == first
    assert ledger.vintages() == [first, other]
    assert first.summary == {"entries": [1.5, None]}
    assert (ledger.vintage_parquet(first.id), ledger.vintage_parquet(other.id)) == (b"PAR1", None)


# Refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "claim", "message"),
    [
        (Document("a", "300"), said(300, doc="b"), "a claim of b, offered with a"),
        (Document("a", "300"), said(300, start=1, end=3), "the quote is '300', but the text has '00'"),
        (Document("a", "3\x00"), said(300), r"U\+0000 at 1 cannot be kept"),
        (Document("a", "3\ud800"), said(300), r"U\+D800 at 1 cannot be kept"),
        (Document("a", "300"), said(300, speaker="\x00"), r"U\+0000 at 0 cannot be kept"),
    ],
)
def test_a_document_that_does_not_fit_is_refused_whole(ledger, document, claim, message):
    with pytest.raises(LedgerError, match=message):
        ledger.add_document(document, b"", [said(1), claim], engine="rules 1")

    assert everything(ledger) == ([], [], [], [], [], [], [], [])


def test_what_is_not_there_is_said_so(ledger):
    for ask in (ledger.document, ledger.content):
        with pytest.raises(LedgerError, match="no document 'x'"):
            ask("x")
    with pytest.raises(LedgerError, match="no claim 'x'"):
        ledger.judge("x", "accept", who="Ana", why="")
    with pytest.raises(LedgerError, match="no estimate 9"):
        ledger.vintage_parquet(9)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"verdict": "maybe"}, "verdict is 'maybe'"),
        ({"verdict": "correct"}, "verdict is correct"),
        ({"verdict": "reject", "corrected": said(1)}, "verdict is reject"),
        ({"verdict": "reject", "who": " "}, "whose it is"),
    ],
)
def test_a_judgement_that_makes_no_sense_is_refused(ledger, words, message):
    add(ledger, "a", 300)

    with pytest.raises(UsageError, match=message):
        ledger.judge(ledger.claims()[0].id, **{"who": "Ana", "why": "", **words})


def test_times_without_a_zone_are_refused(ledger, address):
    with pytest.raises(UsageError, match="without a time zone"):
        ledger.claims(recorded_by=datetime(2022, 9, 27))  # noqa: DTZ001
    with (
        open_ledger(address, now=lambda: datetime(2022, 9, 27)) as local,  # noqa: DTZ001
        pytest.raises(UsageError, match="without a time zone"),
    ):
        add(local, "a", 300)


# Judged ------------------------------------------------------------------------------------------


def test_the_last_word_on_a_claim_holds(ledger, clock):
    add(ledger, "a", 300, 400)
    wrong = ledger.claims()[0]
    right = replace(wrong, value=3000)

    stands = []
    for verdict, name, corrected in [
        ("reject", wrong.id, None),
        ("correct", wrong.id, right),
        ("reject", right.id, None),
        ("accept", right.id, None),
        ("accept", wrong.id, None),
    ]:
        clock.add(minutes=1)
        ledger.judge(name, verdict, who="Ana", why="read again", corrected=corrected)
        stands.append([claim.value for claim in ledger.claims()])

    assert stands == [[400], [3000, 400], [400], [3000, 400], [300, 400]]
    assert [judgement.verdict for judgement in ledger.judgements()] == [
        "reject",
        "correct",
        "reject",
        "accept",
        "accept",
    ]
    assert ledger.judgements()[1].corrected == right
    assert ledger.judgements()[-1].recorded_at == clock()


def test_rejected_claims_are_to_be_had_on_request(ledger):
    add(ledger, "a", 300, 400)
    ledger.judge(ledger.claims()[0].id, "reject", who="Ana", why="a year, not a count")

    assert [claim.value for claim in ledger.claims(include_rejected=True)] == [300, 400]


def test_a_judgement_holds_for_the_same_claim_in_a_later_version(ledger):
    add(ledger, "a", 300, 400)
    ledger.judge(ledger.claims()[0].id, "reject", who="Ana", why="a year, not a count")

    add(ledger, "a", 300, 400, 500)

    assert [claim.value for claim in ledger.claims()] == [400, 500]


def test_a_corrected_claim_must_be_of_the_same_document(ledger):
    add(ledger, "a", 300)
    claim = ledger.claims()[0]

    with pytest.raises(LedgerError, match="a claim of b, offered with a"):
        ledger.judge(claim.id, "correct", who="Ana", why="", corrected=replace(claim, doc="b"))

    assert ledger.judgements() == []


# Laws of time ------------------------------------------------------------------------------------

steps = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["add", "withdraw", "reject", "accept", "correct", "aside", "estimate"]),
        st.integers(1, 5),
        st.integers(-2, 2),
    ),
    min_size=1,
    max_size=8,
)


@FEW
@given(steps=steps)
def test_the_ledger_as_known_at_a_moment_never_changes(new_address, steps):
    """Even if the clock is set back between two additions."""
    clock = datetime(2022, 9, 27, tzinfo=UTC)
    seen = []
    with open_ledger(new_address(), now=lambda: clock) as ledger:
        for doc, step, figure, hours in steps:
            clock += timedelta(hours=hours)
            take(ledger, doc, step, figure)
            last = newest(ledger)
            seen.append((last, everything(ledger)))

        for moment, then in seen:
            assert everything(ledger, recorded_by=moment) == then


def take(ledger, doc, step, figure):
    standing = [claim for claim in ledger.claims(include_rejected=True) if claim.doc == doc]
    if step == "add":
        add(ledger, doc, *range(100, 100 + figure))
    elif step == "aside":
        ledger.set_aside(doc, [Problem(doc, f"unreadable {figure}")])
    elif step == "withdraw":
        ledger.withdraw(doc)
    elif step == "estimate":
        ledger.add_vintage(as_of=None, seed=figure, method="m 1", summary={})
    elif standing:
        claim = standing[figure % len(standing)]
        corrected = replace(claim, value=figure) if step == "correct" else None
        ledger.judge(claim.id, step, who="Ana", why="", corrected=corrected)


def newest(ledger):
    """The stamp of what was recorded last."""
    with ledger._engine.connect() as connection:
        stamps = [
            connection.execute(text(f"SELECT max(recorded_at) FROM {name}")).scalar()
            for name in ("documents", "judgements", "vintages", "problems")
        ]
    moments = [
        datetime.fromisoformat(stamp) if isinstance(stamp, str) else stamp for stamp in stamps if stamp
    ]
    zoned = [moment if moment.tzinfo else moment.replace(tzinfo=UTC) for moment in moments]
    return max(zoned, default=datetime.min.replace(tzinfo=UTC))


@FEW
@given(told=st.lists(st.tuples(st.none() | days, st.none() | days), max_size=6), as_of=days)
def test_as_of_a_day_shows_all_that_was_known_by_then_and_nothing_more(new_address, told, as_of):
    rows = [said(n, doc="t", said=day, published=printed) for n, (day, printed) in enumerate(told)]

    with open_ledger(new_address()) as ledger:
        ledger.add_document(Document("t", "rows"), b"rows", rows, engine="table 1")

        assert ledger.claims(as_of=as_of) == [
            row for row in rows if row.known is not None and row.known <= as_of
        ]
        assert all(c.known <= as_of for s in ledger.statements(as_of=as_of) for c in s.claims)
        assert bool(ledger.documents(as_of=as_of)) == bool(ledger.claims(as_of=as_of))


def test_as_of_a_day_shows_the_documents_that_were_out(ledger):
    add(ledger, "early", 300, published=date(2022, 9, 26))
    add(ledger, "late", 400, published=date(2022, 9, 28))

    assert [document.doc for document in ledger.documents(as_of=date(2022, 9, 27))] == ["early"]


# Only additions ----------------------------------------------------------------------------------


@pytest.fixture
def full(ledger):
    """A ledger with a row in every table."""
    add(ledger, "a", 300, problems=[Problem("a", "no window")])
    ledger.judge(ledger.claims()[0].id, "accept", who="Ana", why="")
    ledger.add_vintage(as_of=None, seed=1, method="m 1", summary={})
    return ledger


ATTACKS = {
    "sqlite": [
        "UPDATE {table} SET id = id",
        "UPDATE OR REPLACE {table} SET id = id",
        "DELETE FROM {table}",
        "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        "REPLACE INTO {table} SELECT * FROM {table}",
        "INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT (id) DO UPDATE SET id = id",
    ],
    "postgresql": [
        "UPDATE {table} SET id = id",
        "DELETE FROM {table}",
        "TRUNCATE {table} CASCADE",
        "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE SET id = excluded.id",
        "SET session_replication_role = replica; DELETE FROM {table}",
        "MERGE INTO {table} USING (SELECT 1 AS n) AS one ON id = n WHEN MATCHED THEN DELETE",
    ],
}


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_the_database_refuses_all_but_additions(full, table):
    before = everything(full)
    for attack in ATTACKS[full._engine.dialect.name]:
        with full._engine.connect() as connection, pytest.raises(Exception, match="only takes additions"):
            connection.execute(text(attack.format(table=table)))

    assert everything(full) == before
