"""Exact whole-number arithmetic on columns: the sums of `rules.py` for many members at once.

A product of two columns may pass 2^63. It is then known from its double, which is right but for a
part of 2^52, and from its remainder by 2^64, which is exact; the two together are the whole number.
Every sum must stay below `MOST`, every quantity below `MOST_UNITS`; callers look after that.
"""

import numpy as np
from numpy.typing import NDArray

MOST = 2**52
MOST_UNITS = 2**25
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]


def apportion_column(amount: int, weights: Whole) -> Whole:
    """Divide by the largest remainder; equal remainders are served from the first place on."""
    total = int(weights.sum())
    if not total:
        assert not amount, "There is money to divide and no weight to divide it by."
        return np.zeros_like(weights)
    parts = np.floor(weights * (amount / total)).astype(np.int64)
    with np.errstate(over="ignore"):
        rest = np.int64(amount) * weights - parts * np.int64(total)
    parts += rest // total
    rest %= total
    missing = amount - int(parts.sum())
    if missing:
        parts[np.argsort(-rest, kind="stable")[:missing]] += 1
    return np.asarray(parts)


def products_at_most(a: Whole | int, b: Whole, c: Whole, d: Whole) -> Mask:
    """Whether a * b <= c * d, exactly."""
    left, right = np.float64(a) * b, c.astype(np.float64) * d
    apart = left - right
    with np.errstate(over="ignore"):
        exact = np.int64(a) * b - c * d
    return np.asarray(np.where(np.abs(apart) > 2.0**60, apart < 0, exact <= 0))


def ranked_columns(amounts: Whole, quantities: Whole) -> Whole:
    """Places by amount per unit, the dearest first; equals in the order of their places."""
    whole, rest = np.divmod(amounts, quantities)
    return np.lexsort((-(rest / quantities), -whole))


def equal_gains_column(gain: int, alone: Whole) -> Whole:
    """The same gain to all, but to nobody more than its whole cost alone; the rest share what is over."""
    order = np.argsort(alone, kind="stable")
    ranked = alone[order]
    before = np.cumsum(ranked) - ranked
    over = np.flatnonzero(ranked * np.arange(len(ranked), 0, -1) > gain - before)
    if not len(over):
        return alone.copy()
    first = int(over[0])
    gains = alone.copy()
    rest = np.sort(order[first:])
    gains[rest] = apportion_column(gain - int(before[first]), np.ones(len(rest), dtype=np.int64))
    return gains
