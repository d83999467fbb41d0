"""Loops over group sizes for `shapley_many.py`, compiled.

Pieces of the schedule are three columns: `firsts` (units), `slopes`, `bases`. A population is what
the others are drawn from: number, mean, variance, third and fourth central moment (over the number),
`span` (all their quantities differ by multiples of it) and `rest` (their quantity modulo the span).
"""

from math import erfc, exp, pi, sqrt

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
REACH = 7.0  # spreads beyond which nothing is left of a normal
ROOT_2, ROOT_2PI = sqrt(2.0), sqrt(2 * pi)


@njit(cache=True)
def cost_at(units: int, firsts: Ints, slopes: Floats, bases: Floats) -> float:
    """f* of so many units."""
    if units <= 0:
        return 0.0
    place = np.searchsorted(firsts, units, side="right") - 1
    return float(bases[place] + slopes[place] * units)


@njit(cache=True)
def size_weights(number: int, others: int, taken: int, of: int) -> Floats:
    """By group size j of `number`: how likely a random order has just these `taken` of `of` exceptions
    and j of the rest before a member; over all sizes and all choices of exceptions they sum to 1."""
    weights = np.empty(number + 1)
    for j in range(number + 1):
        weight = 1.0 / (others + 1)
        for step in range(taken):
            weight *= (j + 1.0 + step) / (others - step)
        for step in range(of - taken):
            weight *= (number - j + 1.0 + step) / (others - taken - step)
        weights[j] = weight
    return weights


@njit(cache=True)
def _tail_and_excess(x: float, mean: float, spread: float, skew: float, extra: float) -> tuple[float, ...]:
    """P(X >= x) and E(X - x)+ of a nearly normal X, its density at x, and what the second order adds to both."""
    z = (x - mean) / spread
    dense = exp(-z * z / 2) / ROOT_2PI
    above = erfc(z / ROOT_2) / 2
    z2 = z * z
    tail_2 = dense * (extra / 24 * (z2 - 3) * z + skew * skew / 72 * ((z2 - 10) * z2 + 15) * z)
    excess_2 = spread * dense * (extra / 24 * (z2 - 1) + skew * skew / 72 * ((z2 - 6) * z2 + 3))
    tail = above + dense * skew / 6 * (z2 - 1)
    excess = spread * (dense - z * above + dense * skew / 6 * z)
    return tail, excess, dense / spread * (1 + skew / 6 * (z2 - 3) * z), tail_2, excess_2


@njit(cache=True)
def _beyond(at: int, j: int, moments: Floats, span: int, rest: int, jump: float, bend: float) -> tuple[float, float]:
    """Mean of jump * [X >= at] + bend * (X - at)+ for the sum X of j of the population; and its second order."""
    number, mean, variance, third, fourth = moments
    left = number - j
    m2 = j * left / (number - 1) * variance
    spread = sqrt(m2)
    skew = j * left * (left - j) / ((number - 1) * (number - 2)) * third / (m2 * spread)
    scale = j * left / ((number - 1) * (number - 2) * (number - 3))
    m4 = scale * ((number * (number + 1) - 6 * j * left) * fourth + 3 * number * (j - 1) * (left - 1) * variance**2)
    extra = m4 / (m2 * m2) - 3
    lattice = at + (j * rest - at) % span  # the first sum that can be, from `at` on
    _, excess, dense, _, excess_2 = _tail_and_excess(lattice, j * mean, spread, skew, extra)
    tail, _, _, tail_2, _ = _tail_and_excess(lattice - span / 2, j * mean, spread, skew, extra)
    per_tail = jump + bend * (lattice - at)
    second = per_tail * tail_2 + bend * excess_2
    return per_tail * tail + bend * (excess + span * span / 12 * dense) + second, second


@njit(cache=True)
def added_between(
    own: int,
    first: int,
    last: int,
    weights: Floats,
    moments: Floats,
    span: int,
    rest: int,
    firsts: Ints,
    jumps: Floats,
    bends: Floats,
    offset: int,
) -> tuple[float, float]:
    """What a member adds to groups of `first` to `last` others, weighed, and the second order's part of it.

    Only what the turns of the schedule change: the slope of its first piece is not in it. At the
    first unit of a piece the cost is `jumps` above the piece before, drawn on, and the slope is
    `bends` above. Well below a turn a member adds nothing to that, well above `bends` a unit; only
    sizes between need the normal, and as it is smooth there, every so many of them.
    `offset` units are in every group.
    """
    number, mean, variance = moments[0], moments[1], moments[2]
    total, second = 0.0, 0.0
    whole = weights[: last + 1].cumsum()
    for piece in range(1, len(firsts)):
        at = firsts[piece] - offset
        flat = bends[piece] * own
        u = min(max(at / mean / number, 0.0), 1.0)
        spread = sqrt(u * (1 - u) * number * variance)
        reach = REACH * sqrt(max(u * (1 - u), 60.0 / number) * number * variance)
        begin, end = int((at - own - reach) / mean) - 1, int((at + reach) / mean) + 2
        if end < first:
            total += flat * (whole[last] - whole[first - 1])
            continue
        if begin > last:
            continue
        stride = 1
        if rest % span == 0 and begin >= first:
            stride = max(int(0.5 * spread / mean), 1)
        begin = max(begin, first)
        steps = (end - begin + stride - 1) // stride
        if begin + steps * stride > last:
            stride, steps = 1, min(end, last) - begin
        sum_1, sum_2, edge_1, edge_2 = 0.0, 0.0, 0.0, 0.0
        for step in range(steps + 1):
            j = begin + step * stride
            with_own, second_with = _beyond(at - own, j, moments, span, rest, jumps[piece], bends[piece])
            without, second_without = _beyond(at, j, moments, span, rest, jumps[piece], bends[piece])
            value, order_2 = weights[j] * (with_own - without), weights[j] * (second_with - second_without)
            sum_1, sum_2 = sum_1 + value, sum_2 + order_2
            if step == 0 or step == steps:
                edge_1, edge_2 = edge_1 + value, edge_2 + order_2
        total += stride * sum_1 - (stride - 1) / 2 * edge_1
        second += abs(stride * sum_2 - (stride - 1) / 2 * edge_2)
        total += flat * (whole[last] - whole[begin + steps * stride])
    return total, second


@njit(cache=True)
def added_equal(
    own: int, unit: int, number: int, weights: Floats, firsts: Ints, slopes: Floats, bases: Floats, offset: int
) -> float:
    """What a member adds to groups of others who all have the same quantity."""
    total = 0.0
    for j in range(number + 1):
        have = offset + j * unit
        more = cost_at(have + own, firsts, slopes, bases) - cost_at(have, firsts, slopes, bases)
        total += weights[j] * more
    return total


@njit(cache=True)
def draw_walks(quantities: Ints, walks: int, length: int, seed: int) -> Ints:
    """Places of members, each row the beginning of a random order."""
    np.random.seed(seed)
    order = np.arange(len(quantities))
    drawn = np.empty((walks, length), dtype=np.int64)
    for walk in range(walks):
        for step in range(length):
            other = np.random.randint(step, len(order))
            order[step], order[other] = order[other], order[step]
            drawn[walk, step] = order[step]
    return drawn


@njit(cache=True)
def added_at_ends(
    own: int,
    place: int,
    few: int,
    drawn: Ints,
    quantities: Ints,
    total: int,
    number: int,
    weights: Floats,
    firsts: Ints,
    slopes: Floats,
    bases: Floats,
    offset: int,
) -> Floats:
    """By walk: what a member adds to groups of fewer than `few` others, and of all but fewer than `few`.

    `place` is the member's own in `quantities`, below 0 when it is not among them; `total` is what
    the others have.
    """
    found = np.zeros(len(drawn))
    for walk in range(len(drawn)):
        have, step = 0, 0
        low = low_own = 0  # pieces: they rise as the walk goes on
        high = high_own = len(firsts) - 1  # these fall
        for size in range(few):
            a, b = offset + have, offset + total - have
            low, low_own = _risen(low, a, firsts), _risen(low_own, a + own, firsts)
            high, high_own = _fallen(high, b, firsts), _fallen(high_own, b + own, firsts)
            before = bases[low] + slopes[low] * a if a else 0.0
            less = bases[high] + slopes[high] * b if b else 0.0
            found[walk] += weights[size] * (bases[low_own] + slopes[low_own] * (a + own) - before)
            found[walk] += weights[number - size] * (bases[high_own] + slopes[high_own] * (b + own) - less)
            if drawn[walk, step] == place:
                step += 1
            have += quantities[drawn[walk, step]]
            step += 1
    return found


@njit(cache=True)
def _risen(piece: int, units: int, firsts: Ints) -> int:
    while piece + 1 < len(firsts) and firsts[piece + 1] <= units:
        piece += 1
    return piece


@njit(cache=True)
def _fallen(piece: int, units: int, firsts: Ints) -> int:
    while piece and firsts[piece] > units:
        piece -= 1
    return piece
