"""What a quantity costs: a supplier's steps, and never more than buying more and discarding."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Kind = Literal["all_units", "incremental"]
KINDS: tuple[Kind, ...] = ("all_units", "incremental")


@dataclass(frozen=True, slots=True)
class Step:
    """From the unit of this number on, this price: of all units, or of those units."""

    quantity_from: int
    unit_price: int


class Piece(NamedTuple):
    """Quantities from `first` to `last` cost `base + slope * quantity`; no last: without end."""

    first: int
    last: int | None
    slope: int
    base: int


class Schedule:
    """The least cost of at least a quantity, f*(Q) = min over Q' >= Q of f(Q'), in whole money.

    f is the supplier's own price of exactly Q. With `all_units` every unit has the price of the
    step that Q reaches; with `incremental` each unit has the price of its own step. Less than the
    first step's quantity is not sold, so f* is there the cost of the first step's quantity. No
    quantity costs nothing.

    Parameters
    ----------
    steps : sequence of Step
        Rising strictly in `quantity_from`; prices at least 0, in any order.
    kind : "all_units" or "incremental"

    Raises
    ------
    ValueError
        When there is no step, the quantities do not rise or a number is negative.

    Examples
    --------
    >>> schedule = Schedule([Step(1, 10), Step(100, 8)], "all_units")
    >>> schedule.cost(79), schedule.cost(81), schedule.cost(101)  # 81 to 99: buy 100
    (790, 800, 808)
    >>> Schedule([Step(1, 10), Step(100, 8)], "incremental").cost(101)
    1006
    """

    def __init__(self, steps: Sequence[Step], kind: Kind) -> None:
        quantities = [step.quantity_from for step in steps]
        if not steps or any(later <= earlier for earlier, later in pairwise(quantities)):
            raise ValueError("A schedule needs steps whose quantities rise.")
        if quantities[0] < 0 or any(step.unit_price < 0 for step in steps):
            raise ValueError("A quantity or a price is negative.")
        self.pieces: tuple[Piece, ...] = tuple(
            _closed_pieces(_all_units(steps) if kind == "all_units" else _incremental(steps))
        )
        self._firsts = [piece.first for piece in self.pieces]
        self._bases = np.array([piece.base for piece in self.pieces], dtype=np.int64)
        self._slopes = np.array([piece.slope for piece in self.pieces], dtype=np.int64)

    def cost(self, quantity: int) -> int:
        """f* of a quantity of at least 0."""
        if quantity <= 0:
            return 0
        piece = self.pieces[bisect_right(self._firsts, quantity) - 1]
        return piece.base + piece.slope * quantity

    def costs(self, quantities: NDArray[np.int64]) -> NDArray[np.int64]:
        """f* of many quantities at once; whoever calls sees to it that no cost reaches 2^63."""
        places = np.searchsorted(self._firsts, quantities, side="right") - 1
        found = self._bases[places] + self._slopes[places] * quantities
        return np.where(quantities > 0, found, 0)


def _lasts(steps: Sequence[Step]) -> list[int | None]:
    return [*(step.quantity_from - 1 for step in steps[1:]), None]


def _all_units(steps: Sequence[Step]) -> list[Piece]:
    pairs = zip(steps, _lasts(steps), strict=True)
    return [Piece(max(step.quantity_from, 1), last, step.unit_price, 0) for step, last in pairs if last != 0]


def _incremental(steps: Sequence[Step]) -> list[Piece]:
    pieces: list[Piece] = []
    base = 0
    for number, (step, last) in enumerate(zip(steps, _lasts(steps), strict=True)):
        if number:
            base += (steps[number - 1].unit_price - step.unit_price) * (step.quantity_from - 1)
        if last != 0:
            pieces.append(Piece(max(step.quantity_from, 1), last, step.unit_price, base))
    return pieces


def _closed_pieces(pieces: Sequence[Piece]) -> list[Piece]:
    """The least cost of at least each quantity, from the last piece back to the first."""
    closed: list[Piece] = []
    cheapest: int | None = None  # of any quantity beyond the piece at hand
    for first, last, slope, base in reversed(pieces):
        if cheapest is None:
            closed.append(Piece(first, last, slope, base))
        else:
            assert last is not None, "Only the last piece has no end."
            turn = last if slope == 0 else min(last, (cheapest - base) // slope)
            if base + slope * first > cheapest:
                turn = first - 1
            if turn < last:
                closed.append(Piece(turn + 1, last, 0, cheapest))
            if turn >= first:
                closed.append(Piece(first, turn, slope, base))
        cheapest = min(base + slope * first, cheapest) if cheapest is not None else base + slope * first
    if pieces[0].first > 1 and cheapest is not None:
        closed.append(Piece(1, pieces[0].first - 1, 0, cheapest))
    return closed[::-1]
