"""What is published cannot be turned back into small figures: attacks as tests."""

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from register.crossings import write
from scipy import sparse
from scipy.optimize import linprog

from tolqyn.errors import UsageError
from tolqyn.register import (
    CLASSES,
    TALLY,
    Recipe,
    Settings,
    open_register,
    protect,
    register_batch,
    round_figures,
)

K = 5
FINE = ("date", "citizenship", "purpose")
TABLES = (("date", "citizenship"), ("date", "purpose"), ("date",), ("citizenship", "purpose"))
WAYS = ("entries", "exits")


@pytest.fixture(scope="module")
def small_register(tmp_path_factory):
    """Eight days of some invented people: many cells are small."""
    recipe = Recipe(days=8, surge_day=4, missing_exits=0.05)
    events, _ = register_batch(recipe, 11, 0, 900)
    return write(tmp_path_factory.mktemp("register") / "events.parquet", events)


@pytest.fixture(scope="module")
def tables(small_register):
    with open_register(small_register) as register:
        fine = register.tally(FINE)
        return {by: register.tally(by) for by in TABLES}, fine


def attack(vintages, fine, cells):
    """What an outsider can conclude, who has every published figure and knows how tables hang together.

    The unknowns are the true counts of each day, post and citizenship, entries and exits, as they are
    in truth (`fine`); every figure that is shown in any vintage is an equation on them.

    Returns:
        for each of `cells` (by, key, way): the least and the largest value that fit.
    """
    atoms = [(tuple(row[n] for n in FINE), way)
             for row in fine.to_pylist() if row["status"] == "reported" for way in WAYS]  # fmt: skip
    number = {atom: n for n, atom in enumerate(atoms)}

    def row_of(by, key, figure):
        weights = np.zeros(len(atoms))
        for (full, way), n in number.items():
            of = dict(zip(FINE, full, strict=True))
            if tuple(of[name] for name in by) == key:
                sign = (
                    1
                    if figure == "net" and way == "entries"
                    else -1
                    if figure == "net"
                    else int(way == figure)
                )
                weights[n] = sign
        return weights

    left, right = [], []
    for published in vintages:
        for by, table in published.tables.items():
            for row in table.to_pylist():
                for figure in (*WAYS, "net"):
                    if row[figure] is not None:
                        left.append(row_of(by, tuple(row[name] for name in by), figure))
                        right.append(row[figure])
    equations = sparse.csr_matrix(np.array(left).reshape(-1, len(atoms)))
    found = {}
    for cell in cells:
        aim = row_of(*cell)
        ends = []
        for sign in (1, -1):
            done = linprog(sign * aim, A_eq=equations, b_eq=right, bounds=(0, None), method="highs")
            assert done.status in {0, 3}, done.message
            ends.append(sign * done.fun if done.status == 0 else np.inf)
        found[cell] = tuple(ends)
    return found


def small_cells(tables, threshold):
    """Cells with fewer persons than the threshold, somebody at least."""
    for by, table in tables.items():
        for row in table.to_pylist():
            for way, persons in zip(WAYS, ("persons_in", "persons_out"), strict=True):
                if row[way] and row[persons] < threshold:
                    yield by, tuple(row[name] for name in by), way


def test_no_small_figure_can_be_recovered_from_all_tables_together(tables):
    linked, fine = tables
    targets = list(small_cells(linked, K))

    published = protect(linked, threshold=K)

    assert len(targets) > 30
    bounds = attack([published], fine, targets[::2])
    assert min(high - low for low, high in bounds.values()) >= K - 1e-6


def test_without_complements_the_attack_succeeds(tables):
    """The attack is worth something: hiding small cells alone gives many of them away."""
    linked, fine = tables
    targets = set(small_cells(linked, K))
    naive = {}
    for by, table in linked.items():
        rows = table.to_pylist()
        for row in rows:
            for way in WAYS:
                if (by, tuple(row[name] for name in by), way) in targets:
                    row[way] = row["net"] = None
        naive[by] = pa.Table.from_pylist(rows, schema=table.schema)
    published = protect(linked, threshold=K)
    object.__setattr__(published, "tables", naive)

    bounds = attack([published], fine, sorted(targets, key=str)[::2])

    assert sum(high - low < 1e-6 for low, high in bounds.values()) >= 3


def test_what_is_shown_is_true_and_what_is_hidden_is_named(tables):
    linked, _ = tables

    published = protect(linked, threshold=K)

    hidden = shown = 0
    for by, table in published.tables.items():
        for row, true in zip(table.to_pylist(), linked[by].to_pylist(), strict=True):
            for figure in ("entries", "exits", "net"):
                if row[figure] is None and true[figure] is not None:
                    assert figure in row["hidden"].split()
                    hidden += 1
                else:
                    assert row[figure] == true[figure]
                    shown += true[figure] is not None
    cost = published.cost
    assert hidden == cost.small + cost.beside
    assert shown > hidden  # it is worth publishing
    assert f"{cost.small:,} of fewer than {K} persons" in cost.lines()[0]


def test_a_part_of_a_figure_goes_when_it_or_the_rest_is_small():
    row = {"date": "d", "status": "reported", "entries": 40, "exits": 30, "net": 10, "persons_in": 38,
           "persons_out": 30, "repeat_in": 0, "repeat_out": 0, "same_day_transit": 3, "keyless": 0}  # fmt: skip

    (shown,) = protect({("date",): pa.Table.from_pylist([row])}, threshold=5).tables["date",].to_pylist()

    assert shown["hidden"].split() == ["persons_in", "repeat_in", "same_day_transit"]
    assert (shown["entries"], shown["persons_out"]) == (40, 30)


def late_rows(events, case):
    """Which rows came in late: a few, many, or those of one citizenship and way on one day."""
    n = np.arange(events.num_rows)
    if case == "a flow":
        day = pc.equal(pc.cast(pc.floor_temporal(events["time"], unit="day"), pa.date32()), date(2022, 9, 6))
        who = pc.and_(pc.equal(events["citizenship"], "RUS"), pc.equal(events["direction"], "in"))
        return pc.and_(day, who).to_numpy()
    return n % {"one": events.num_rows, "some": 200, "many": 5}[case] == 0


@pytest.mark.parametrize("case", ["one", "some", "many", "a flow"])
def test_vintages_together_give_no_small_figure_away(small_register, tmp_path, case):
    """A second vintage with rows that came in late: neither a small cell nor a small change can be seen."""
    events = pa.parquet.read_table(small_register)
    first = events.filter(pa.array(~late_rows(events, case)))
    by = (("date", "citizenship"), ("date",))
    truths = []
    for n, rows in enumerate((first, events)):
        with open_register(write(tmp_path / f"v{n}.parquet", rows)) as register:
            truths.append({names: register.tally(names) for names in by})

    before = protect(truths[0], threshold=K)
    after = protect(truths[1], threshold=K, earlier=before)

    changes = 0
    for names in by:
        old = {tuple(row[n] for n in names): row for row in before.tables[names].to_pylist()}
        for row in after.tables[names].to_pylist():
            was = old.get(tuple(row[n] for n in names))
            for figure in (*WAYS, "net", "persons_in", "persons_out", "same_day_transit"):
                if was is None or row[figure] is None or was[figure] is None:
                    continue
                change = row[figure] - was[figure]
                changes += change != 0
                assert abs(change) >= K or change == 0, (row, figure)
            assert was is None or was["entries"] is not None or not was["hidden"] or row["entries"] is None
    # A change of a whole flow can be told; one of a single row never.
    assert (changes > 0) == (case == "a flow")
    assert (after.cost.held > 0) == (case != "a flow")


def joint_attack(vintages, fine, cells):
    """As `attack`, on two vintages of a register that only grows: unknown are the counts and what was added to them.

    Returns:
        for each of `cells` (vintage, by, key, way): how far apart the ends of what it could be are.
    """
    atoms = [(tuple(row[n] for n in FINE), way)
             for row in fine.to_pylist() if row["status"] == "reported" for way in WAYS]  # fmt: skip

    def row_of(vintage, by, key, figure):
        weights = np.zeros(2 * len(atoms))
        for n, (full, way) in enumerate(atoms):
            if tuple(dict(zip(FINE, full, strict=True))[name] for name in by) == key:
                sign = int(way == figure) if figure != "net" else (1 if way == "entries" else -1)
                weights[[n, n + len(atoms)]] = sign, sign * vintage
        return weights

    left, right = [], []
    for vintage, published in enumerate(vintages):
        for by, table in published.tables.items():
            for row in table.to_pylist():
                for figure in (*WAYS, "net"):
                    if row[figure] is not None:
                        left.append(row_of(vintage, by, tuple(row[name] for name in by), figure))
                        right.append(row[figure])
    equations = sparse.csr_matrix(np.array(left))
    widths = {}
    for cell in cells:
        ends = []
        for sign in (1, -1):
            done = linprog(sign * row_of(*cell), A_eq=equations, b_eq=right, bounds=(0, None), method="highs")
            assert done.status in {0, 3}, done.message
            ends.append(sign * done.fun if done.status == 0 else sign * -np.inf)
        widths[cell] = ends[1] - ends[0]
    return widths


@pytest.mark.parametrize("case", ["many", "a flow"])
def test_two_vintages_of_linked_tables_together_keep_every_small_figure_apart(small_register, tmp_path, case):
    """Whoever has both vintages of all tables still cannot tell any small figure of either."""
    events = pa.parquet.read_table(small_register)
    first = events.filter(pa.array(~late_rows(events, case)))
    by = (("date", "citizenship"), ("date",), ("citizenship",))
    truths = []
    for n, rows in enumerate((first, events)):
        with open_register(write(tmp_path / f"v{n}.parquet", rows)) as register:
            truths.append({names: register.tally(names) for names in by})
            fine = register.tally(FINE)
    before = protect(truths[0], threshold=K)
    after = protect(truths[1], threshold=K, earlier=before)
    targets = [(n, *cell) for n, truth in enumerate(truths) for cell in small_cells(truth, K)]
    held = after.cost.held > 0
    # Where all rows keep their earlier figures, those are what is guarded.
    targets = [cell for cell in targets if not (held and cell[0] == 1)]

    widths = joint_attack([before, after], fine, targets[::3])

    assert held == (case == "many")
    assert len(widths) > 8
    assert min(widths.values()) >= K - 1e-6


def test_the_later_vintage_alone_would_narrow_the_earlier():
    """Of a cell that could be 3 to 8 before and can be 1 to 6 now, a register that only grows leaves 3 to 6."""
    from tolqyn.register.hiding import narrowed

    nan = np.nan
    # total = a + b + c; c is known, and in each vintage what a could be hangs on the shown figures.
    equations = sparse.csr_matrix([[1.0, 1.0, -1.0]])
    signed = np.zeros(3, bool)
    cells = np.array([0])

    assert (
        narrowed(np.array([nan, nan, 20.0]), np.array([nan, nan, 4.0]), cells, equations, signed, 5.0)
        is False
    )
    assert narrowed(np.array([nan, nan, 3.0]), np.array([nan, nan, 40.0]), cells, equations, signed, 5.0)
    assert not narrowed(np.array([nan, nan, 8.0]), np.array([nan, nan, 40.0]), cells, equations, signed, 5.0)


def test_the_same_figures_again_are_published_alike(tables):
    linked, _ = tables

    first = protect(linked, threshold=K)
    again = protect(linked, threshold=K, earlier=first)

    assert all(again.tables[by].equals(first.tables[by]) for by in linked)
    assert again.cost.held == 0


counts = st.integers(0, 30)


@given(st.lists(st.tuples(counts, counts), min_size=1, max_size=9), st.integers(2, 12))
@settings(max_examples=25)
def test_any_small_table_is_protected_against_its_margins(cells, threshold):
    """A few citizenships, a total above them; every small cell stays as wide open as the threshold."""
    fine = pa.Table.from_pylist(
        [{"date": "d", "citizenship": f"C{n}", "purpose": "X", "status": "reported", **figures(*pair)}
         for n, pair in enumerate(cells)]
    )  # fmt: skip
    total = pa.Table.from_pylist(
        [{"date": "d", "status": "reported", **figures(sum(a for a, _ in cells), sum(b for _, b in cells))}]
    )
    linked = {("date", "citizenship"): fine, ("date",): total}

    published = protect(linked, threshold=threshold)

    bounds = attack([published], fine, small_cells(linked, threshold))
    assert all(high - low >= threshold - 1e-6 for low, high in bounds.values())


def figures(entries, exits):
    zeros = dict.fromkeys(("repeat_in", "repeat_out", "same_day_transit", "keyless"), 0)
    return {"entries": entries, "exits": exits, "net": entries - exits, "persons_in": entries,
            "persons_out": exits, **zeros}  # fmt: skip


def test_classes_are_protected_with_their_sum():
    rows = [
        {"citizenship": "A", "entries": 103, "left": 60, "within_term": 40, "unmatched": 3, "entered_again": 1,
         "exits_without_entry": 2, "keyless": 0, "repeated_scans": 9},
    ]  # fmt: skip

    (row,) = (
        protect({("citizenship",): pa.Table.from_pylist(rows)}, threshold=5, scheme=CLASSES)
        .tables["citizenship",]
        .to_pylist()
    )

    assert row["unmatched"] is row["entered_again"] is row["exits_without_entry"] is None
    assert [row["entries"], row["left"], row["within_term"]].count(None) == 1


def test_rounding_is_right_on_average_and_always_alike():
    table = pa.Table.from_pylist(
        [{"date": f"d{n}", "status": "reported", **figures(n % 23, 7)} for n in range(4000)]
    )

    rounded = round_figures(table, ("date",), base=5, secret=b"0123456789abcdef", scheme=TALLY)
    again = round_figures(table.slice(0, 10), ("date",), base=5, secret=b"0123456789abcdef", scheme=TALLY)
    other = round_figures(table, ("date",), base=5, secret=b"another secret of the owner", scheme=TALLY)

    entries, true = (np.array(t["entries"]) for t in (rounded, table))
    assert (entries % 5 == 0).all()
    assert (np.abs(entries - true) < 5).all()
    assert abs((entries - true).mean()) < 4 * 2.5 / np.sqrt(4000)
    assert (entries[true == 0] == 0).all()
    assert rounded.slice(0, 10).equals(again)
    assert not rounded.equals(other)
    assert (np.array(rounded["net"]) == entries - np.array(rounded["exits"])).all()


def test_protection_that_protects_nothing_is_refused(tables):
    linked, _ = tables
    table = linked["date",]

    with pytest.raises(UsageError, match="the threshold is 1"):
        protect(linked, threshold=1)
    with pytest.raises(UsageError, match="the base is 2"):
        round_figures(table, ("date",), base=2, secret=b"0123456789abcdef")
    with pytest.raises(UsageError, match="the secret has 3 bytes"):
        round_figures(table, ("date",), base=5, secret=b"abc")
    with pytest.raises(UsageError, match="has other tables"):
        protect({("date",): table}, threshold=5, earlier=protect(linked, threshold=5))


def test_terms_and_zones_do_not_change_what_is_counted(small_register):
    """A register read twice in different ways has the same grand totals, or differencing would tell a person."""
    totals = []
    for how in (Settings(), Settings(term_days=3)):
        with open_register(small_register, settings=how) as register:
            totals.append(register.tally(()).to_pylist())

    assert totals[0] == totals[1]
