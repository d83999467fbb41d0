"""Shapley values of the game c(S) = f*(quantity of S), beside the shares as an audit figure.

Every group
    Up to `FEWEST` members. Exact but for the last digits of a double.
Table
    Groups are counted by size and quantity in one table; a member is taken out of it again by the
    same recursion run backwards, from the end where nothing cancels. Exact but for the last digits
    of a double too. Used while members^2 x units (in the greatest common unit) is at most `WORK`.
Walks
    Members join in random orders from a fixed seed; the mean of what each adds. Used up to
    `FEW` members. The half-width is two and a half standard errors.
Normal approximation
    With many members the quantity of those who have joined by time t, each at a time of its own
    choice, is nearly normal; the value is the integral over t of what the member adds (Owen's
    multilinear extension), by Gauss-Legendre between the times at which the schedule turns.
    Its half-width is measured against walks, over members of like quantity together: the distance
    between both, plus two and a half standard errors.

Sources: Shapley (1953); Owen (1972), Multilinear extensions of games, Management Science 18;
Castro, Gomez & Tejada (2009), Polynomial calculation of the Shapley value based on sampling.
"""

from collections.abc import Sequence
from math import comb, gcd

import numpy as np
from numpy.typing import NDArray

from .rules import apportion_whole
from .schedule import Schedule
from .values import AuditFigure, Need

WORK = 60_000_000
TABLE_MEMBERS = 500
FEWEST = 12
FEW = 1_000
WALKED = 4_000_000  # what members add, drawn in all
ERRORS = 2.5
ACROSS = 129  # quantities at which the integral is taken; between them, interpolated
Floats = NDArray[np.float64]


def shapley_values(
    needs: Sequence[Need], schedule: Schedule, *, work: int = WORK, fewest: int = FEWEST
) -> tuple[AuditFigure, ...]:
    """Each member's value, in the order of the needs; the amounts add up to the cost of all."""
    if not needs:
        return ()
    ranked = sorted(needs, key=lambda need: (need.quantity, need.member_id))
    quantities = np.array([need.quantity for need in ranked], dtype=np.int64)
    unit = gcd(*(need.quantity for need in ranked))
    units = int(quantities.sum()) // unit
    if len(ranked) <= fewest:
        values, half_widths = _by_groups(quantities, schedule), np.zeros(len(ranked))
    elif len(ranked) <= TABLE_MEMBERS and len(ranked) ** 2 * units <= work:
        values, half_widths = _by_table(quantities // unit, unit, schedule), np.zeros(len(ranked))
    else:
        means, errors, groups = _by_walks(quantities, schedule)
        values, half_widths = means, errors
        if len(ranked) > FEW:
            values = _by_integral(quantities, schedule)
            half_widths = _distance(values, groups)
    total = schedule.cost(int(quantities.sum()))
    parts = np.maximum(values, 0) / max(float(values.sum()), 1e-300) * 2.0**52
    weights = {need.member_id: round(part) for need, part in zip(ranked, parts.tolist(), strict=True)}
    amounts = apportion_whole(total, weights) if total else dict.fromkeys(weights, 0)
    widths = {need.member_id: float(width) for need, width in zip(ranked, half_widths, strict=True)}
    return tuple(AuditFigure(each.member_id, amounts[each.member_id], widths[each.member_id]) for each in needs)


def _by_groups(quantities: NDArray[np.int64], schedule: Schedule) -> Floats:
    n = len(quantities)
    units, sizes = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    for own in quantities.tolist():
        units, sizes = np.concatenate([units, units + own]), np.concatenate([sizes, sizes + 1])
    cost = np.array([float(schedule.cost(each)) for each in units.tolist()])
    weights = np.array([1 / (n * comb(n - 1, size)) for size in range(n)])
    values = np.empty(n)
    for place in range(n):
        without = np.flatnonzero(np.arange(2**n) >> place & 1 == 0)
        values[place] = weights[sizes[without]] @ (cost[without | 1 << place] - cost[without])
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


def _by_walks(quantities: NDArray[np.int64], schedule: Schedule) -> tuple[Floats, Floats, Floats]:
    """(mean of each member, its half-width, (mean, standard error) of each group of like quantity)."""
    n = len(quantities)
    walks = max(WALKED // n, 200)
    chance = np.random.default_rng(1)
    bins = _bins(n)
    sums, squares, by_bin = np.zeros(n), np.zeros(n), np.zeros((walks, len(bins) - 1))
    for walk in range(walks):
        order = chance.permutation(n)
        cost = _costs(np.cumsum(quantities[order]), schedule)
        added = np.empty(n)
        added[order] = np.diff(cost, prepend=0.0)
        sums += added
        squares += added**2
        by_bin[walk] = np.add.reduceat(added, bins[:-1])
    means = sums / walks
    errors = np.sqrt(np.maximum(squares / walks - means**2, 0) / walks)
    groups = np.stack([by_bin.mean(axis=0), by_bin.std(axis=0) / np.sqrt(walks)])
    return means, ERRORS * errors, groups


def _bins(n: int) -> NDArray[np.int64]:
    """Where each of at most five groups of members, ranked by quantity, begins; and the end."""
    return np.unique(np.linspace(0, n, 6).astype(np.int64))


def _distance(values: Floats, groups: Floats) -> Floats:
    bins = _bins(len(values))
    ours = np.add.reduceat(values, bins[:-1])
    apart = (np.abs(ours - groups[0]) + ERRORS * groups[1]) / np.maximum(ours, 1e-300)
    return np.repeat(apart, np.diff(bins)) * values


def _costs(quantities: NDArray[np.int64], schedule: Schedule) -> Floats:
    """f* of quantities that do not fall."""
    pieces = schedule.pieces
    edges = np.searchsorted(quantities, [piece.first for piece in pieces])
    lengths = np.diff(edges, append=len(quantities))
    slope = np.repeat([float(piece.slope) for piece in pieces], lengths)
    return np.asarray(np.repeat([float(piece.base) for piece in pieces], lengths) + slope * quantities[edges[0] :])


def _by_integral(quantities: NDArray[np.int64], schedule: Schedule) -> Floats:
    own = np.unique(quantities).astype(np.float64)
    if len(own) > ACROSS:
        bent = (1 - np.cos(np.linspace(0, np.pi, ACROSS))) / 2
        own = own[0] + (own[-1] - own[0]) * bent
    total, squares = float(quantities.sum()), float((quantities.astype(np.float64) ** 2).sum())
    time, weight = _nodes(total, squares, schedule)
    mean = time * (total - own[:, None])
    spread = np.sqrt(time * (1 - time) * (squares - own[:, None] ** 2))
    added = _expected(mean + own[:, None], spread, schedule) - _expected(mean, spread, schedule)
    per_unit = (added @ weight) / own
    return np.asarray(np.interp(quantities, own, per_unit) * quantities, dtype=np.float64)


def _nodes(total: float, squares: float, schedule: Schedule) -> tuple[Floats, Floats]:
    """Times and weights, Gauss-Legendre on each stretch between turns of the schedule."""
    cuts = {0.0, 1.0}
    for piece in schedule.pieces:
        turn = piece.first / total
        if turn < 1:
            blur = np.sqrt(turn * (1 - turn) * squares) / total
            cuts |= {float(min(max(turn + reach * blur, 0.0), 1.0)) for reach in (-6, -2, 0, 2, 6)}
    edges = np.array(sorted(cuts))
    nodes, weights = np.polynomial.legendre.leggauss(8)
    middle, half = (edges[1:] + edges[:-1]) / 2, np.diff(edges) / 2
    time = (middle[:, None] + half[:, None] * nodes).ravel()
    return time, (half[:, None] * weights).ravel()


def _expected(mean: Floats, spread: Floats, schedule: Schedule) -> Floats:
    """Mean cost of a normal quantity, piece by piece."""
    from scipy.special import ndtr

    found = np.zeros_like(mean)
    spread = np.maximum(spread, 1e-9)
    below, dense = ndtr((0.5 - mean) / spread), _density((0.5 - mean) / spread)
    for piece in schedule.pieces:
        if piece.last is None:
            next_below, next_dense = np.ones_like(mean), np.zeros_like(mean)
        else:
            edge = (piece.last + 0.5 - mean) / spread
            next_below, next_dense = ndtr(edge), _density(edge)
        within = next_below - below
        found += (piece.base + piece.slope * mean) * within - piece.slope * spread * (next_dense - dense)
        below, dense = next_below, next_dense
    return found


def _density(x: Floats) -> Floats:
    return np.asarray(np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi))
