"""Shapley values of the game c(S) = f*(quantity of S), beside the shares as an audit figure.

Every group
    Up to `FEWEST` members. Exact but for the last digits of a double.
Table
    Groups are counted by size and quantity in one table; a member is taken out of it again by the
    same recursion run backwards, from the end where nothing cancels. Exact but for the last digits
    of a double too. Used while members^2 x units (in the greatest common unit) is at most `WORK`.
Many
    From `MANY` members on: group sizes one by one, each nearly normal (`shapley_many.py`), with an
    error of a few hundred-thousandths for 10,000 members.
Walks
    Else members join in random orders from a fixed seed; the mean of what each adds. The
    half-width is three standard errors.

Sources: Shapley (1953); Castro, Gomez & Tejada (2009), Polynomial calculation of the Shapley value
based on sampling.
"""

from collections.abc import Sequence
from math import comb, gcd

import numpy as np
from numpy.typing import NDArray

from .columns import MOST, apportion_column
from .rules import apportion_whole
from .schedule import Schedule
from .shapley_many import values_of_many
from .values import AuditFigure, Need

WORK = 60_000_000
TABLE_MEMBERS = 500
FEWEST = 12
MANY = 200
WALKED = 4_000_000  # what members add, drawn in all
ERRORS = 3.0
Floats = NDArray[np.float64]


def shapley_values(
    needs: Sequence[Need], schedule: Schedule, *, work: int = WORK, fewest: int = FEWEST
) -> tuple[AuditFigure, ...]:
    """Each member's value, in the order of the needs; the amounts add up to the cost of all."""
    if not needs:
        return ()
    names = [need.member_id for need in needs]
    by_name = sorted(range(len(needs)), key=names.__getitem__)
    quantities = np.array([needs[place].quantity for place in by_name], dtype=np.int64)
    ranking = np.argsort(quantities, kind="stable")
    values, half_widths = np.empty(len(needs)), np.empty(len(needs))
    values[ranking], half_widths[ranking] = _values(quantities[ranking], schedule, work, fewest)
    amounts = _whole(values, schedule.cost(sum(quantities.tolist())))
    told = sorted(zip(by_name, amounts, half_widths.tolist(), strict=True))
    return tuple(AuditFigure(names[place], amount, width) for place, amount, width in told)


def _values(ranked: NDArray[np.int64], schedule: Schedule, work: int, fewest: int) -> tuple[Floats, Floats]:
    n, exact = len(ranked), np.zeros(len(ranked))
    if n <= fewest:
        return _by_groups(ranked, schedule), exact
    unit = gcd(*ranked.tolist())
    if n <= TABLE_MEMBERS and n**2 * int(ranked.sum()) // unit <= work:
        return _by_table(ranked // unit, unit, schedule), exact
    found = values_of_many(ranked, schedule) if n >= MANY else None
    return found if found is not None else _by_walks(ranked, schedule)


def _whole(values: Floats, total: int) -> list[int]:
    """The values in whole money, adding up to the total."""
    if not total:
        return [0] * len(values)
    scale = 2.0**51 / float(values.sum())
    weights = np.rint(np.maximum(values, 0) * scale).astype(np.int64)
    if total < MOST:
        parts: list[int] = apportion_column(total, weights).tolist()
        return parts
    keys = [f"{place:09}" for place in range(len(values))]
    by_key = apportion_whole(total, dict(zip(keys, weights.tolist(), strict=True)))
    return [by_key[key] for key in keys]


def _by_groups(quantities: NDArray[np.int64], schedule: Schedule) -> Floats:
    n = len(quantities)
    units, sizes = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    for own in quantities.tolist():
        units, sizes = np.concatenate([units, units + own]), np.concatenate([sizes, sizes + 1])
    cost = np.array([float(schedule.cost(each)) for each in units.tolist()])
    weights = np.array([1 / (n * comb(n - 1, size)) for size in range(n)] + [0.0])[sizes]
    values = np.empty(n)
    for place in range(n):  # groups by their bits: without and with the member lie side by side
        without, with_member = (cost.reshape(-1, 2, 2**place)[:, side] for side in (0, 1))
        values[place] = (weights.reshape(-1, 2, 2**place)[:, 0] * (with_member - without)).sum()
    return values


def _by_table(quantities: NDArray[np.int64], unit: int, schedule: Schedule) -> Floats:
    n, total = len(quantities), int(quantities.sum())
    cost = np.array([float(schedule.cost(units * unit)) for units in range(total + 1)])
    counts = np.zeros((n + 1, total + 1))
    counts[0, 0] = 1
    for own in quantities.tolist():
        counts[1:, own:] += counts[:-1, : total + 1 - own].copy()
    values = {own: _value_in(counts, own, cost) for own in set(quantities.tolist())}
    return np.array([values[own] for own in quantities.tolist()])


def _value_in(counts: Floats, own: int, cost: Floats) -> float:
    """What a member of this quantity adds to the groups without it, each size weighing the same."""
    n, width = counts.shape[0] - 1, counts.shape[1] - own
    weighed = np.zeros(width)
    without = np.zeros(width)
    for size in range((n + 1) // 2):
        smaller, without = without, counts[size, :width].copy()
        without[own:] -= smaller[: max(width - own, 0)]
        weighed += without / (n * comb(n - 1, size))
    without = np.zeros(width)
    for size in range(n - 1, (n + 1) // 2 - 1, -1):
        larger, without = without, counts[size + 1, own:].copy()
        without[: max(width - own, 0)] -= larger[own:]
        weighed += without / (n * comb(n - 1, size))
    return float(weighed @ (cost[own:] - cost[:width]))


def _by_walks(quantities: NDArray[np.int64], schedule: Schedule) -> tuple[Floats, Floats]:
    """(mean of each member, its half-width)."""
    n = len(quantities)
    walks = max(WALKED // n, 200)
    chance = np.random.default_rng(1)
    sums, squares = np.zeros(n), np.zeros(n)
    for _ in range(walks):
        order = chance.permutation(n)
        cost = schedule.costs(np.cumsum(quantities[order])).astype(np.float64)
        added = np.empty(n)
        added[order] = np.diff(cost, prepend=0.0)
        sums += added
        squares += added**2
    means = sums / walks
    return means, ERRORS * np.sqrt(np.maximum(squares / walks - means**2, 0) / walks)
