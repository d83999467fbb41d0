"""The order of merit of each cell: who serves whom first, as few lines as the search needs.

Serving r units of a cell saves V(r), what the r dearest units cost alone: rising, concave, a line
inside each need. A tangent of V lies above it everywhere, so the least of a few tangents never
saves too little: a plan is never held for dearer than it is, and the bound stays a bound. Tangents are
added where the search has come to rest, until they tell the truth there.
"""

from dataclasses import dataclass

import numpy as np

from .market import Market
from .values import FloatArray, IntArray

AROUND = (0.94, 0.97, 1.0, 1.03, 1.06, 1.12)  # tangents at first, in parts of a cell's price


@dataclass(frozen=True, slots=True)
class Merit:
    """V of every cell. Rows of needs as in `Market.by_cell`; sums are of the needs before, in the cell."""

    start: IntArray
    price: IntArray
    units_before: IntArray
    saved_before: IntArray
    units: IntArray  # of each cell
    saved: IntArray

    @classmethod
    def of(cls, market: Market) -> "Merit":
        rows, start = market.by_cell, market.start
        quantity, price = market.needs.quantity[rows], market.needs.alone_price[rows]
        units = np.concatenate([[0], np.cumsum(quantity)])
        saved = np.concatenate([[0], np.cumsum(quantity * price)])
        sizes = np.diff(start)
        return cls(
            start,
            price,
            units[:-1] - np.repeat(units[start[:-1]], sizes),
            saved[:-1] - np.repeat(saved[start[:-1]], sizes),
            units[start[1:]] - units[start[:-1]],
            saved[start[1:]] - saved[start[:-1]],
        )

    def true_saving(self, served: FloatArray) -> FloatArray:
        """(cells,) V of so many units of each cell."""
        row = self.row_at(served)
        inside = np.maximum(served - self.units_before[row], 0) if len(row) else row
        at = self.saved_before[row] + self.price[row] * inside
        return np.where(served >= self.units, self.saved.astype(np.float64), at)

    def row_at(self, served: FloatArray) -> IntArray:
        """(cells,) the need in which so many units end."""
        empty = np.diff(self.start) == 0
        cell = np.repeat(np.arange(len(self.units)), np.diff(self.start))
        width = float(self.units.max(initial=0)) + 1.0
        place = np.searchsorted(cell * width + self.units_before, np.arange(len(self.units)) * width + served, "right")
        rows: IntArray = np.clip(place - 1, self.start[:-1], np.maximum(self.start[1:] - 1, self.start[:-1]))
        rows[empty] = 0
        return rows

    def row_of_price(self, price: FloatArray) -> IntArray:
        """(cells,) the first need of each cell that pays no more than this alone."""
        cell = np.repeat(np.arange(len(self.units)), np.diff(self.start))
        width = float(self.price.max(initial=0)) + 1.0
        asked = np.clip(price, 0.0, width - 1)
        place = np.searchsorted(cell * width - self.price, np.arange(len(self.units)) * width - asked, "left")
        rows: IntArray = np.clip(place, self.start[:-1], np.maximum(self.start[1:] - 1, self.start[:-1]))
        return rows


@dataclass(frozen=True, slots=True)
class Segments:
    """The least of the tangents as pieces: so many units of the cell, each saving `price`."""

    cell: IntArray
    units: FloatArray
    price: FloatArray


class Tangents:
    """The needs at whose price each cell has a tangent; it begins with the first and the last need."""

    def __init__(self, merit: Merit) -> None:
        self.merit = merit
        filled = np.diff(merit.start) > 0
        self.rows = np.union1d(merit.start[:-1][filled], merit.start[1:][filled] - 1)
        self.filled = filled

    def add(self, rows: IntArray) -> int:
        """Add a tangent at one row of each cell; the number that is new."""
        before = len(self.rows)
        self.rows = np.union1d(self.rows, rows[self.filled])
        return len(self.rows) - before

    def add_around(self, price: FloatArray) -> None:
        for part in AROUND:
            self.add(self.merit.row_of_price(part * price))

    def segments(self) -> Segments:
        merit, rows = self.merit, self.rows
        cell = np.searchsorted(merit.start, rows, side="right") - 1
        fresh = np.append(True, (cell[1:] != cell[:-1]) | (merit.price[rows[1:]] != merit.price[rows[:-1]]))
        rows, cell = rows[fresh[: len(rows)]], cell[fresh[: len(rows)]]
        price = merit.price[rows].astype(np.float64)
        height = merit.saved_before[rows] - price * merit.units_before[rows]  # of the tangent at no units
        ends = merit.units[cell].astype(np.float64)
        same = cell[1:] == cell[:-1]
        drop = np.where(same, price[:-1] - price[1:], 1.0)
        ends[:-1] = np.where(same, (height[1:] - height[:-1]) / drop, ends[:-1])
        starts = np.append(0.0, np.where(same, ends[:-1], 0.0)) if len(rows) else ends
        return Segments(cell, np.maximum(ends - starts, 0.0), price)
