"""Which cells of linked tables to hide so that no small one can be worked out.

Pure: arrays in, arrays out. Cells are bound by equations (a total is the sum of its parts, net is
entries minus exits). Small cells are hidden first; then, for each of them, the cheapest other cells
are hidden that let it be larger by `width` with every equation still true. What is found for one cell
is used for the others. The linear programme is the heuristic of Kelly, Golden and Assad (1992) and
Fischetti and Salazar-Gonzalez (2001), here with costs in place of integers: it may hide a little
more than is needed, never less.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog
from scipy.sparse.csgraph import connected_components

from tolqyn.errors import RegisterError

__all__ = ["could_be", "hide", "narrowed"]


def hide(
    values: NDArray[np.float64],
    small: NDArray[np.bool_],
    equations: sparse.csr_matrix,
    signed: NDArray[np.bool_],
    costs: NDArray[np.float64],
    width: float,
) -> NDArray[np.bool_]:
    """The cells to hide: every small one, and what would give it away.

    Args:
        values: true values, (cell,).
        small: cells that must be protected, (cell,).
        equations: (equation, cell); each row times `values` is 0.
        signed: cells that may be negative, (cell,).
        costs: what is lost with each cell, above 0, (cell,).
        width: each small cell's interval, as an outsider sees it, is at least this wide.

    Raises:
        RegisterError: a small cell cannot be protected even by hiding all others.
    """
    hidden = small.copy()
    table = equations.tocsr()
    table = table[np.flatnonzero(np.diff(table.indptr))]
    if table.shape[0] == 0 or not small.any():
        return hidden
    links = abs(table).T @ abs(table)
    _, component = connected_components(links, directed=False)
    of_equation = component[table.indices[table.indptr[:-1]]]
    alone = np.bincount(of_equation, minlength=component.max() + 1) == 1
    touched = np.zeros(component.max() + 1, bool)
    touched[component[small]] = True
    for row in np.flatnonzero(alone[of_equation] & touched[of_equation]):
        span = slice(table.indptr[row], table.indptr[row + 1])
        cells, weights = table.indices[span], table.data[span]
        hidden[cells] = _hide_row(values[cells], small[cells], weights, signed[cells], costs[cells], width)
    by_cell = table.tocsc()
    for part in np.flatnonzero(touched & ~alone):
        cells = np.flatnonzero(component == part)
        if cells.size > 1:
            inside = by_cell[:, cells].tocsr()
            inside = inside[np.flatnonzero(np.diff(inside.indptr))]
            hidden[cells] = _hide_linked(
                values[cells], small[cells], inside, signed[cells], costs[cells], width
            )
    return hidden


def could_be(
    cell: int,
    values: NDArray[np.float64],
    hidden: NDArray[np.bool_],
    equations: sparse.csr_matrix,
    signed: NDArray[np.bool_],
) -> tuple[float, float]:
    """What an outsider can conclude of a hidden cell from those that are shown: its least and largest value.

    Args:
        cell: the hidden cell.
        values: true values; only those of shown cells are used.
        hidden: cells that are not shown.
        equations: as for `hide`.
        signed: cells that may be negative.
    """
    unknown = np.flatnonzero(hidden)
    known = np.flatnonzero(~hidden)
    left = equations[:, unknown]
    right = -(equations[:, known] @ values[known])
    used = np.flatnonzero(np.diff(left.indptr))
    bounds = [(None if signed[n] else 0, None) for n in unknown]
    aim = (unknown == cell).astype(float)
    ends = []
    for sign in (1, -1):
        done = linprog(sign * aim, A_eq=left[used], b_eq=right[used], bounds=bounds, method="highs")
        ends.append(sign * done.fun if done.status == 0 else -sign * np.inf)
    return ends[0], ends[1]


def narrowed(
    before: NDArray[np.float64],
    after: NDArray[np.float64],
    targets: NDArray[np.intp],
    equations: sparse.csr_matrix,
    signed: NDArray[np.bool_],
    width: float,
) -> bool:
    """Whether two vintages together tell more of a hidden cell than `width` allows, which neither does alone.

    The outsider takes it that a register only grows: no count is smaller in the later vintage. Where what is
    shown denies that, the vintages tell nothing of one another.

    Args:
        before: the figures as shown in the earlier vintage, NaN where hidden, (cell,).
        after: likewise in the later one.
        targets: cells to be guarded, in either vintage.
        equations: as for `hide`; they hold in both.
        signed: as for `hide`.
        width: as for `hide`.
    """
    n = before.size
    shown = np.concatenate([before, after])
    known, unknown = np.flatnonzero(~np.isnan(shown)), np.flatnonzero(np.isnan(shown))
    flows = np.flatnonzero(~signed)
    grows = sparse.csr_matrix(
        (
            np.tile([1.0, -1.0], flows.size),
            (np.repeat(np.arange(flows.size), 2), np.stack([flows, flows + n], 1).ravel()),
        ),
        shape=(flows.size, 2 * n),
    )
    both = sparse.block_diag([equations, equations], format="csr")
    known_values = shown[known]
    programme = {
        "A_eq": both[:, unknown],
        "b_eq": -(both[:, known] @ known_values),
        "A_ub": grows[:, unknown],
        "b_ub": -(grows[:, known] @ known_values),
        "bounds": [(None if signed[cell % n] else 0, None) for cell in unknown],
        "method": "highs",
    }
    for place, cell in enumerate(unknown):
        if cell % n not in targets:
            continue
        aim = np.zeros(unknown.size)
        aim[place] = 1.0
        least, most = linprog(aim, **programme), linprog(-aim, **programme)
        if least.status == 2:  # not feasible: the register has not only grown
            return False
        if least.status == 0 and most.status == 0 and -most.fun - least.fun < width - 1e-6:
            return True
    return False


def _hide_row(
    values: NDArray[np.float64],
    small: NDArray[np.bool_],
    weights: NDArray[np.float64],
    signed: NDArray[np.bool_],
    costs: NDArray[np.float64],
    width: float,
) -> NDArray[np.bool_]:
    """`hide` where one equation is all: beside each small cell the cheapest that can balance its move."""
    hidden = small.copy()
    for cell in np.flatnonzero(small):
        shift = -weights[cell] * width / weights
        able = signed | (values + shift >= 0)
        if signed[cell] or values[cell] >= width:
            able |= values - shift >= 0
        able[cell] = False
        if not able.any():
            raise RegisterError("a small figure cannot be hidden: nothing else can move with it")
        hidden[np.argmin(np.where(able, np.where(hidden, 0, costs), np.inf))] = True
    return hidden


def _hide_linked(
    values: NDArray[np.float64],
    small: NDArray[np.bool_],
    equations: sparse.csr_matrix,
    signed: NDArray[np.bool_],
    costs: NDArray[np.float64],
    width: float,
) -> NDArray[np.bool_]:
    """`hide` for cells that hang together by several equations. The smallest first: they need the most."""
    hidden, safe = small.copy(), np.zeros(values.size, bool)
    targets = np.flatnonzero(small)
    for cell in targets[np.argsort(values[targets], kind="stable")].tolist():
        if safe[cell]:
            continue
        prices = np.where(hidden, 0, costs)
        ways = (1.0, -1.0) if signed[cell] or values[cell] >= width else (1.0,)
        moves = [_move(cell, values, equations, signed, prices, way * width) for way in ways]
        move = min(moves, key=lambda m: float(prices @ np.abs(m)))
        hidden |= np.abs(move) > 1e-7
        # The true values and the moved ones are both possible, so every cell that moved far is safe.
        safe |= np.abs(move) >= width - 1e-6
    return hidden


def _move(
    cell: int,
    values: NDArray[np.float64],
    equations: sparse.csr_matrix,
    signed: NDArray[np.bool_],
    costs: NDArray[np.float64],
    by: float,
) -> NDArray[np.float64]:
    """A move of one cell that keeps every equation at the least cost: a linear programme in rises and falls."""
    n = values.size
    # A touch of cost on hidden cells keeps the programme from moving them without need.
    price = np.maximum(costs, 1e-6)
    rises: list[tuple[float, float | None]] = [(0, None)] * n
    falls: list[tuple[float, float | None]] = [(0, None if signed[k] else values[k]) for k in range(n)]
    rises[cell], falls[cell] = (max(by, 0), max(by, 0)), (max(-by, 0), max(-by, 0))
    done = linprog(
        np.concatenate([price, price]),
        A_eq=sparse.hstack([equations, -equations], format="csr"),
        b_eq=np.zeros(equations.shape[0]),
        bounds=rises + falls,
        method="highs",
    )
    if done.status != 0:
        raise RegisterError(f"a small figure cannot be hidden: {done.message}")
    return np.asarray(done.x[:n] - done.x[n:])
