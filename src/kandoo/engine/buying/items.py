"""Each item by itself, whole: what the relaxation misses item by item, and which pieces are worth a look.

Items meet only in their suppliers: columns of no item (`z`, and what `z` is paid for nothing) and the rows
these are in. At the prices that the relaxation puts on those rows every item is a small program of its own
(Lagrange), and what its whole answer costs more than its part of the relaxation may be added to the bound. Items
whose pieces are whole in the relaxation add nothing and are not asked.

Source: Geoffrion (1974), Lagrangean relaxation for integer programming, Mathematical Programming Study 2.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from .solver import Answer, Program, solve_whole
from .values import BoolArray, FloatArray, IntArray

NODES = 200
NOTHING = 1e-6
THREADS = min(os.cpu_count() or 1, 4)  # the answer does not depend on it


@dataclass(frozen=True, slots=True)
class ByItem:
    """`gain` may be added to the bound of the relaxation; `used` columns are in it or in an item's answer."""

    gain: float
    used: BoolArray


def solve_by_item(program: Program, item: IntArray, relaxed: Answer, leave: float) -> ByItem:
    """Solve every item whose pieces are broken in the relaxation.

    Parameters
    ----------
    program : the whole of it.
    item : (columns,) the item of each column, -1 = shared by items.
    relaxed : its relaxation, solved.
    leave : how near value and bound of all items together need to come, in money.
    """
    assert relaxed.x is not None and relaxed.row_price is not None, "The relaxation is solved first."
    x = relaxed.x
    is_broken = program.whole & (item >= 0) & (np.abs(x - np.rint(x)) > NOTHING)
    used = x > NOTHING
    asked = np.unique(item[is_broken])
    if not len(asked):
        return ByItem(0.0, used)
    parts = list(_parts(program, item, relaxed.row_price, asked))

    def whole(part: tuple[IntArray, Program]) -> Answer:
        return solve_whole(part[1], 0.0, NODES, presolve=False, leave=leave / len(asked), seek=False)

    with ThreadPoolExecutor(THREADS) as threads:
        answers = list(threads.map(whole, parts))
    gain = 0.0
    for (columns, part), answer in zip(parts, answers, strict=True):
        gain += max(0.0, answer.bound - float(part.cost @ x[columns]))
        if answer.x is not None:
            used[columns] |= answer.x > NOTHING
    return ByItem(gain, used)


def _parts(
    program: Program, item: IntArray, row_price: FloatArray, asked: IntArray
) -> Iterator[tuple[IntArray, Program]]:
    """(its columns, its program) of each item asked for; shared columns at what suits its rows best."""
    rows = program.rows.tocsr()
    shared = np.flatnonzero(item < 0)
    common = rows[:, shared]
    above, below = common.maximum(0.0), common.minimum(0.0)
    low, high = program.low[shared], program.high[shared]
    row_low = program.row_low - (above @ high + below @ low)
    row_high = program.row_high - (above @ low + below @ high)
    price = np.where(np.diff(common.indptr) > 0, row_price, 0.0)
    price = np.where(np.isneginf(program.row_low), np.minimum(price, 0.0), price)
    price = np.where(np.isposinf(program.row_high), np.maximum(price, 0.0), price)
    cost = program.cost - rows.T @ price
    item_of_row = _item_of_rows(program, item)
    for number in asked.tolist():
        columns, mine = np.flatnonzero(item == number), np.flatnonzero(item_of_row == number)
        yield columns, Program(
            cost[columns], 0.0, rows[mine][:, columns].tocsc(), row_low[mine], row_high[mine],
            program.low[columns], program.high[columns], program.whole[columns],
        )  # fmt: skip


def _item_of_rows(program: Program, item: IntArray) -> IntArray:
    """(rows,) the only item of each row; -1 when it has several or none."""
    entries = program.rows.tocoo()
    row, of = entries.row[item[entries.col] >= 0], item[entries.col][item[entries.col] >= 0]
    first = np.full(program.rows.shape[0], item.max() + 1)
    last = np.full(program.rows.shape[0], -1)
    np.minimum.at(first, row, of)
    np.maximum.at(last, row, of)
    return np.where(first == last, first, -1)
