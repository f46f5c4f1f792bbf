"""Tables of counts made safe to publish: small figures hidden, or all figures rounded at random.

Pure, but for `read_published`. Two ways, each against an outsider who has all tables and all earlier vintages of them:

*Hiding*: figures of fewer than K persons are left out, and with them what would give them away
(`hiding`). A cell once hidden stays hidden. A later vintage of linked figures is shown only if no
difference to the one before tells of fewer than K persons; else the earlier figures stand.

*Rounding*: each figure goes up or down to a multiple of the base, up with the chance that keeps it
right on average. The draw is fixed by a secret and the cell's name, so the same figure is always
rounded alike, and asking again tells nothing new.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from tolqyn.errors import RegisterError, UsageError

if TYPE_CHECKING:
    from scipy import sparse

__all__ = ["CLASSES", "TALLY", "Cost", "Published", "Scheme", "protect", "read_published", "round_figures"]


@dataclass(frozen=True, slots=True)
class Scheme:
    """How the figures of one kind of table hang together.

    Attributes:
        sums: a figure -> the figures of the same row that it is made from, with their weights.
        signed: figures that may be negative.
        persons: figure -> the figure that tells how many persons stand behind it.
        attached: figure -> the figure that it is part of: hidden with it, or where it or the rest of
            it is small.
    """

    sums: Mapping[str, Mapping[str, int]]
    signed: frozenset[str] = frozenset()
    persons: tuple[tuple[str, str], ...] = ()
    attached: tuple[tuple[str, str], ...] = ()

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures that the sums bind, each once; the first is there in every row with figures."""
        return tuple(dict.fromkeys(name for made, parts in self.sums.items() for name in (*parts, made)))


TALLY = Scheme(
    sums={"net": {"entries": 1, "exits": -1}},
    signed=frozenset({"net"}),
    persons=(("entries", "persons_in"), ("exits", "persons_out")),
    attached=(
        ("persons_in", "entries"),
        ("persons_out", "exits"),
        ("repeat_in", "persons_in"),
        ("repeat_out", "persons_out"),
        ("same_day_transit", "entries"),
        ("keyless", "entries"),
        ("keyless", "exits"),
    ),
)

CLASSES = Scheme(
    sums={"entries": {"left": 1, "within_term": 1, "unmatched": 1}},
    attached=(
        ("entered_again", "unmatched"),
        ("exits_without_entry", "exits_without_entry"),
        ("keyless", "keyless"),
        ("repeated_scans", "repeated_scans"),
    ),
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What was protected, and what it cost.

    Attributes:
        figures: all that would have been shown.
        small: hidden because fewer than the threshold stand behind them.
        beside: hidden because they would give a small one away.
        attached: parts of hidden figures, and small parts.
        held: rows that keep their earlier figures.
        people: share of all entries and exits that the hidden figures hold, 0 to 1.
    """

    threshold: int
    figures: int
    small: int
    beside: int
    attached: int
    held: int
    people: float

    def lines(self) -> list[str]:
        """In words."""
        hidden = self.small + self.beside + self.attached
        return [
            (
                f"protected: {hidden:,} of {self.figures:,} figures hidden, with {self.people:.1%} of the crossings:"
                f" {self.small:,} of fewer than {self.threshold} persons, {self.beside:,} that give those away,"
                f" {self.attached:,} parts of figures"
            ),
            *(
                [f"{self.held:,} rows keep their earlier figures: the change is too small to show"]
                if self.held
                else []
            ),
        ]


@dataclass(frozen=True, slots=True)
class Published:
    """Tables as they may be shown: hidden figures are null, and named in the column `hidden`."""

    tables: Mapping[tuple[str, ...], pa.Table]
    cost: Cost


def protect(
    tables: Mapping[tuple[str, ...], pa.Table],
    *,
    threshold: int,
    scheme: Scheme = TALLY,
    earlier: Published | None = None,
) -> Published:
    """Tables of one register, protected together.

    Args:
        tables: dimensions -> table with those columns; a table by fewer dimensions holds the totals
            of one by more. All that is or will be published must be protected together.
        threshold: figures of fewer persons are small.
        scheme: what the figures are.
        earlier: the vintage published before, by the same dimensions.

    Raises:
        UsageError: a threshold below 2, or dimensions that the earlier vintage did not have.
        RegisterError: a figure cannot be protected.
    """
    from tolqyn.register.hiding import hide  # noqa: PLC0415 - its solver takes half a second to load

    if threshold < 2:
        raise UsageError(f"the threshold is {threshold}", hint="2 at least; 5 or 10 is usual")
    if earlier is not None and set(earlier.tables) != set(tables):
        raise UsageError("the earlier vintage has other tables", hint="protect the same ones together")
    web = _Web(tables, scheme)
    small = web.small(threshold)
    kept = web.values_of(earlier.tables) if earlier is not None else None
    must = small | (np.isnan(kept) & ~web.new(earlier) if kept is not None and earlier is not None else False)
    costs = np.where(web.signed, 0.2, 1.0) * np.log2(2 + np.abs(web.values))
    hidden = hide(web.values, must, web.equations, web.signed, costs, float(threshold))
    held: set[tuple[tuple[str, ...], int]] = set()
    if kept is not None and earlier is not None:
        held = web.unsafe_changes(kept, hidden, threshold, earlier.tables)
    return web.published(hidden, small, threshold, held, earlier)


def read_published(path: Path, by: tuple[str, ...], schema: pa.Schema) -> Published:
    """A table as it was published, from its CSV file.

    Args:
        path: a file that `tolqyn register tally --threshold K --csv` wrote.
        by: its dimensions.
        schema: of the same table now.

    Raises:
        RegisterError: it is another table, or was not protected.
    """
    types = {field.name: field.type for field in (*schema, pa.field("hidden", pa.string()))}
    try:
        options = csv.ConvertOptions(column_types=types, strings_can_be_null=True)
        table = csv.read_csv(path, convert_options=options)
    except (pa.ArrowException, OSError) as error:
        raise RegisterError(f"cannot be read as a published table: {error}", str(path)) from None
    if table.column_names != list(types):
        raise RegisterError(
            f"has the columns {', '.join(table.column_names)}", str(path), f"expected: {', '.join(types)}"
        )
    cost = Cost(threshold=0, figures=0, small=0, beside=0, attached=0, held=0, people=0.0)
    return Published({by: table}, cost)


class _Web:
    """All cells of all tables, and the equations that bind them."""

    def __init__(self, tables: Mapping[tuple[str, ...], pa.Table], scheme: Scheme) -> None:
        self.tables, self.scheme = tables, scheme
        self.rows = {by: table.to_pylist() for by, table in tables.items()}
        self.index: dict[tuple[tuple[str, ...], int, str], int] = {}
        values: list[float] = []
        for by, rows in self.rows.items():
            for n, row in enumerate(rows):
                if row[scheme.figures[0]] is None:
                    continue  # a post that did not report: nothing is shown, so nothing to protect
                for figure in scheme.figures:
                    self.index[by, n, figure] = len(values)
                    values.append(float(row[figure]))
        self.values = np.array(values)
        self.signed = np.zeros(len(values), bool)
        for (_, _, figure), cell in self.index.items():
            self.signed[cell] = figure in scheme.signed
        self.equations = self._equations()

    def _equations(self) -> sparse.csr_matrix:
        from scipy import sparse  # noqa: PLC0415 - as in `protect`

        entries: list[tuple[int, int, int]] = []
        count = 0
        for by, n, figure in self.index:
            if figure != self.scheme.figures[0]:
                continue
            for made, parts in self.scheme.sums.items():
                entries += [(count, self.index[by, n, name], weight) for name, weight in parts.items()]
                entries.append((count, self.index[by, n, made], -1))
                count += 1
        # What is made from others in its row needs no sums of its own.
        summed = [name for name in self.scheme.figures if name not in self.scheme.sums]
        for one, other in itertools.combinations(self.rows, 2):
            # Both tables tell the same sums over what they share, a grand total at least.
            shared = [name for name in one if name in other]
            sides = (self._grouped(one, shared), self._grouped(other, shared))
            for group in sides[0].keys() | sides[1].keys():
                for figure in summed:
                    for sign, by, groups in ((1, one, sides[0]), (-1, other, sides[1])):
                        cells = [self.index.get((by, n, figure)) for n in groups.get(group, [])]
                        entries += [(count, cell, sign) for cell in cells if cell is not None]
                    count += 1
        if not entries:
            return sparse.csr_matrix((0, self.values.size))
        row, column, weight = zip(*entries, strict=True)
        return sparse.csr_matrix((weight, (row, column)), shape=(count, self.values.size))

    def _grouped(self, by: tuple[str, ...], shared: Sequence[str]) -> dict[tuple[Any, ...], list[int]]:
        """Rows of a table by what they have in the shared dimensions."""
        groups: dict[tuple[Any, ...], list[int]] = {}
        for n, row in enumerate(self.rows[by]):
            groups.setdefault(self._key(shared, row), []).append(n)
        return groups

    def small(self, threshold: int) -> NDArray[np.bool_]:
        """Cells behind which stand fewer persons than the threshold, but somebody."""
        found = np.zeros(self.values.size, bool)
        behind = dict(self.scheme.persons)
        for (by, n, figure), cell in self.index.items():
            if figure in self.scheme.signed:
                continue
            value = self.values[cell]
            persons = self.rows[by][n].get(behind.get(figure, figure))
            # Without keys nobody knows how many persons; then crossings stand in for them.
            count = min(value, persons) if persons else value
            found[cell] = value > 0 and count < threshold
        return found

    def values_of(self, tables: Mapping[tuple[str, ...], pa.Table]) -> NDArray[np.float64]:
        """The figures of another vintage at our cells: NaN where hidden, 0 where there was no row."""
        found = np.zeros(self.values.size)
        looked = {by: self._by_key(by, table) for by, table in tables.items()}
        for (by, n, figure), cell in self.index.items():
            row = looked[by].get(self._key(by, self.rows[by][n]))
            if row is not None:
                found[cell] = np.nan if row[figure] is None else row[figure]
        return found

    def new(self, earlier: Published) -> NDArray[np.bool_]:
        """Cells that the earlier vintage did not have, or had as a post that did not report."""
        fresh = np.zeros(self.values.size, bool)
        looked = {by: self._by_key(by, table) for by, table in earlier.tables.items()}
        for (by, n, _), cell in self.index.items():
            row = looked[by].get(self._key(by, self.rows[by][n]))
            fresh[cell] = row is None or not (row["hidden"] or row[self.scheme.figures[0]] is not None)
        return fresh

    def unsafe_changes(
        self,
        kept: NDArray[np.float64],
        hidden: NDArray[np.bool_],
        threshold: int,
        old: Mapping[tuple[str, ...], pa.Table],
    ) -> set[tuple[tuple[str, ...], int]]:
        """Rows of which, or of whose neighbours, a change tells of fewer persons than the threshold.

        A change is a table of its own: its shown cells are known, and whatever the equations then fix
        is known too. All rows that hang together with an unsafe change are held.
        """
        shown = ~hidden & ~np.isnan(kept)
        change = np.where(shown, self.values - np.nan_to_num(kept), 0.0)
        _, component = _components(self.equations, self.values.size)
        unsafe = set(component[np.flatnonzero(shown & (np.abs(change) > 0) & (np.abs(change) < threshold))])
        unsafe |= {component[cell] for cell in self._changed_parts(old, threshold)}
        for part in set(component[np.flatnonzero(change)]) - unsafe:
            cells = np.flatnonzero(component == part)
            if _fixed_change(cells, shown, change, self.equations, threshold):
                unsafe.add(part)
        unsafe |= self._told_together(
            kept, hidden, threshold, set(component[np.flatnonzero(change)]) - unsafe, component
        )
        rows: dict[int, set[tuple[tuple[str, ...], int]]] = {}
        for (by, n, _), cell in self.index.items():
            rows.setdefault(component[cell], set()).add((by, n))
        return {row for part in unsafe for row in rows[part]}

    def _told_together(
        self,
        kept: NDArray[np.float64],
        hidden: NDArray[np.bool_],
        threshold: int,
        changed: set[int],
        component: NDArray[np.int32],
    ) -> set[int]:
        """Of the components that changed, those of which both vintages together tell too much of a small cell."""
        from tolqyn.register.hiding import narrowed  # noqa: PLC0415 - as in `protect`

        small = self.small(threshold) | np.isnan(kept)
        after = np.where(hidden, np.nan, self.values)
        found = set()
        for part in changed:
            cells = np.flatnonzero(component == part)
            targets = np.flatnonzero(small[cells] & ~self.signed[cells])
            if not targets.size:
                continue
            inside = self.equations[:, cells]
            inside = inside[np.flatnonzero(np.diff(inside.indptr))]
            # An earlier complement that was hidden to guard others needs no width of its own, but to tell which it
            # was one would have to keep the earlier truth; so each is guarded.
            if narrowed(kept[cells], after[cells], targets, inside, self.signed[cells], float(threshold)):
                found.add(part)
        return found

    def _changed_parts(self, old: Mapping[tuple[str, ...], pa.Table], threshold: int) -> list[int]:
        """Cells in whose rows a part (persons, repeat crossers, ...) changes by a few."""
        by = next(iter(self.tables))
        before = self._by_key(by, old[by])
        parts = {part for part, _ in self.scheme.attached}
        found = []
        for n, row in enumerate(self.rows[by]):
            was = before.get(self._key(by, row))
            cell = self.index.get((by, n, self.scheme.figures[0]))
            if was is None or cell is None:
                continue
            pairs = [(row.get(part), was.get(part)) for part in parts]
            if any(a is not None and b is not None and 0 < abs(a - b) < threshold for a, b in pairs):
                found.append(cell)
        return found

    def published(
        self,
        hidden: NDArray[np.bool_],
        small: NDArray[np.bool_],
        threshold: int,
        held: set[tuple[tuple[str, ...], int]],
        earlier: Published | None,
    ) -> Published:
        """The tables with hidden figures taken out."""
        tables, attached, figures = {}, 0, 0
        parts = {part for part, _ in self.scheme.attached}
        old = {by: self._by_key(by, table) for by, table in earlier.tables.items()} if earlier else {}
        for by, table in self.tables.items():
            shown = []
            for n, row in enumerate(self.rows[by]):
                if by != next(iter(self.tables)):
                    # Persons do not add up exactly, so no equation guards them: they stand in one table only.
                    row = {**row, **{name: None for name in parts if name not in self.scheme.figures}}  # noqa: PLW2901
                gone = [
                    f
                    for f in self.scheme.figures
                    if (by, n, f) in self.index and hidden[self.index[by, n, f]]
                ]
                extra = _attached(row, gone, self.scheme, threshold)
                attached += len(extra)
                figures += sum(row.get(name) is not None for name in (*self.scheme.figures, *parts))
                if (by, n) in held:
                    before = old[by].get(self._key(by, row))
                    if before is not None:
                        shown.append(before)
                    continue  # a row that is new among held ones waits with them
                names = [*gone, *extra]
                shown.append({**row, **dict.fromkeys(names), "hidden": " ".join(names)})
            schema = table.schema.append(pa.field("hidden", pa.string()))
            tables[by] = pa.Table.from_pylist(shown, schema=schema)
        flows = ~self.signed
        whole = float(self.values[flows].sum()) or 1.0
        cost = Cost(
            threshold=threshold,
            figures=figures,
            small=int(small.sum()),
            beside=int((hidden & ~small).sum()),
            attached=attached,
            held=len(held),
            people=float(self.values[flows & hidden].sum()) / whole,
        )
        return Published(tables, cost)

    def _key(self, by: Sequence[str], row: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(row[name] for name in by)

    def _by_key(self, by: tuple[str, ...], table: pa.Table) -> dict[tuple[Any, ...], dict[str, Any]]:
        return {self._key(by, row): row for row in table.to_pylist()}


def _attached(row: Mapping[str, Any], gone: Sequence[str], scheme: Scheme, threshold: int) -> list[str]:
    """Figures that go because what they are part of goes, or because they or the rest of it are small."""
    extra: list[str] = []
    for part, whole in scheme.attached:
        if part in extra or row.get(part) is None:
            continue
        rest = row[whole] - row[part] if part != whole else 0
        small = 0 < row[part] < threshold or 0 < rest < threshold
        if small or whole in gone or whole in extra:
            extra.append(part)
    return extra


def _components(equations: sparse.csr_matrix, size: int) -> tuple[int, NDArray[np.int32]]:
    if equations.shape[0] == 0:
        return size, np.arange(size, dtype=np.int32)
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 - as in `protect`

    count, labels = connected_components(abs(equations).T @ abs(equations), directed=False)
    return int(count), labels


def _fixed_change(
    cells: NDArray[np.intp],
    shown: NDArray[np.bool_],
    change: NDArray[np.float64],
    equations: sparse.csr_matrix,
    threshold: int,
) -> bool:
    """Whether the change of some hidden cell follows from those shown, and is small."""
    unknown = cells[~shown[cells]]
    if unknown.size == 0:
        return False
    left = equations[:, unknown].tocsr()
    used = np.flatnonzero(np.diff(left.indptr))
    dense = left[used].toarray()
    known = cells[shown[cells]]
    right = -(equations[used][:, known] @ change[known])
    # Sums of hidden changes that an equation gives outright, and single ones that all of them fix.
    if ((np.abs(right) > 1e-9) & (np.abs(right) < threshold)).any():
        return True
    inverse = np.linalg.pinv(dense)
    fixed = np.abs(np.diag(inverse @ dense) - 1) < 1e-9
    solved = np.abs((inverse @ right)[fixed])
    return bool(((solved > 1e-9) & (solved < threshold)).any())


def round_figures(
    table: pa.Table, by: Sequence[str], *, base: int, secret: bytes, scheme: Scheme | None = None
) -> pa.Table:
    """Each count rounded at random to a multiple of `base`, right on average; sums are made from rounded parts.

    The draw hangs on the secret, the figure's name and the cell's: a count of the same cell is always
    rounded alike, in every table and vintage. Columns that are no whole numbers are left out, since they
    were made from the counts as they were.

    Args:
        table: dimensions and figures.
        by: the dimensions.
        base: 3 or more; 5 and 10 are usual.
        secret: of at least 16 bytes, kept by the owner; with it the rounding can be undone in part.
        scheme: which figures are sums of others in their row; None where there are none.

    Raises:
        UsageError: a base below 3, or a secret that is too short.
    """
    if base < 3:
        raise UsageError(f"the base is {base}", hint="3 at least; 5 or 10 is usual")
    if len(secret) < 16:
        raise UsageError(
            f"the secret has {len(secret)} bytes", hint="16 at least, such as from a password manager"
        )
    names = [
        f.name
        for f in table.schema
        if f.name not in by and (pa.types.is_integer(f.type) or not _numeric(f.type))
    ]
    rows = []
    for row in table.select([*by, *names]).to_pylist():
        cell = "\x1f".join(f"{name}={row[name]}" for name in sorted(by))
        figures = {
            name: _rounded(row[name], base, f"{name}\x1f{cell}", secret)
            for name in names
            if isinstance(row[name], int)
        }
        for made, parts in scheme.sums.items() if scheme else ():
            if made in figures:
                figures[made] = sum(weight * figures[name] for name, weight in parts.items())
        rows.append({**row, **figures})
    return pa.Table.from_pylist(rows, schema=table.select([*by, *names]).schema)


def _numeric(of: pa.DataType) -> bool:
    return bool(pa.types.is_floating(of) or pa.types.is_decimal(of))


def _rounded(value: int, base: int, name: str, secret: bytes) -> int:
    digest = hashlib.blake2b(name.encode(), key=secret[:64], digest_size=8).digest()
    draw = int.from_bytes(digest, "big") / 2**64
    low = value // base * base
    return low + base if (value - low) / base > draw else low
