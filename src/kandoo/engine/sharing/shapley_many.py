"""Shapley values of many members of a single-item game, with an error that is told.

A member's value is the mean over group sizes k = 0 .. n - 1 of what it adds to a random group of k
others. How much such a group needs is a sum of k draws without replacement.

Sizes between
    The sum is nearly normal: its mean and variance are exact, skewness and excess are brought in by
    Edgeworth's series, and that sums lie on a lattice (all quantities multiples of ten, say) by
    Euler and Maclaurin's. A piecewise linear cost is a sum of jumps and bends, whose means under
    that have a closed form.
Sizes near none and near all
    There a sum is not normal. Beginnings of random orders from a fixed seed are drawn instead; the
    same draws, left out of the whole, serve the other end.
Members unlike all others
    A few members far from the rest spoil the normal. They are exceptions: every choice of which of
    them are in the group is gone through, the rest is as above. When the rest are all equal,
    nothing is left to chance and the value is exact.

The half-width
    Three standard errors of what was drawn, the whole of the series' second order, what
    interpolation between quantities may miss, and by how much the values miss adding up to the
    cost of all, which they must. The first two terms that are left out of the series are smaller
    than its last; tests hold the half-width against exact tables and long sampling.

Sources: Shapley (1953); Edgeworth's series for samples without replacement: Robinson (1978), Annals
of Statistics 6; fourth moment of a sample's sum: Sukhatme & Sukhatme (1970), Sampling Theory of Surveys.
"""

from dataclasses import dataclass
from itertools import combinations
from math import ceil

import numpy as np
from numpy.typing import NDArray

from . import shapley_kernels as kernels
from .schedule import Schedule

ERRORS = 3.0
LEAST = 1e-6  # of the value: the orders of the series that are left out
WALKS = 256
ENDS_LEAST, ENDS_MOST = 32, 400  # group sizes at either end that are drawn
EXCEPTIONS_MOST = 4
NODES = 48  # different quantities at which values are computed; between them, interpolated
SKEW_MOST, EXTRA_MOST = 0.5, 0.5
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Game:
    """Members by quantity: the ordinary ones ranked, the exceptions apart; the schedule as columns."""

    ordinary: Ints
    exceptions: tuple[int, ...]
    ends: int
    middle: float
    sums: Floats  # of the first to fourth powers of the ordinary members' distance from the middle
    span: int
    firsts: Ints
    slopes: Floats
    bases: Floats
    jumps: Floats
    bends: Floats

    @property
    def is_equal(self) -> bool:
        return bool(self.ordinary[0] == self.ordinary[-1])


def values_of_many(quantities: Ints, schedule: Schedule) -> tuple[Floats, Floats] | None:
    """(value, half-width) of each member; None when the normal is no guide to these quantities.

    Parameters
    ----------
    quantities : int array of shape (n,)
        Units, rising.
    schedule : Schedule
    """
    found = _without_exceptions(quantities)
    if found is None:
        return None
    ordinary, exceptions, ends = found
    middle = float(ordinary.mean())
    sums = np.array([float(((ordinary - middle) ** power).sum()) for power in (1, 2, 3, 4)])
    game = _Game(ordinary, exceptions, ends, middle, sums, max(_span(ordinary), 1), *_columns(schedule))
    drawn = np.empty((1, 0), dtype=np.int64)
    if not game.is_equal:
        drawn = kernels.draw_walks(ordinary, WALKS, ends + 1, 1)
    owns = _nodes(ordinary)
    per_unit = np.array([_value(game, drawn, own, exceptions, is_ordinary=True) for own in owns.tolist()])
    per_unit /= owns[:, None]
    different = sorted(set(exceptions))
    apart = {own: _value(game, drawn, own, _less(exceptions, own), is_ordinary=False) for own in different}
    values, errors = (_at(quantities, owns, column) for column in per_unit.T)
    errors += _between(owns, per_unit[:, 0]) * quantities
    for own, (value, error) in apart.items():
        values[quantities == own], errors[quantities == own] = value, error
    cost = float(schedule.cost(int(quantities.sum())))
    missed = abs(cost - float(values.sum())) / max(cost, 1e-300)
    return values, errors + (missed + LEAST) * np.abs(values)


def _less(exceptions: tuple[int, ...], own: int) -> tuple[int, ...]:
    place = exceptions.index(own)
    return exceptions[:place] + exceptions[place + 1 :]


def _without_exceptions(quantities: Ints) -> tuple[Ints, tuple[int, ...], int] | None:
    """Ordinary members, the exceptions, and how many sizes at either end are not normal yet."""
    from_middle = np.argsort(np.abs(quantities - np.median(quantities)), kind="stable")
    choices = []
    for taken in range(EXCEPTIONS_MOST + 1):
        ordinary = np.sort(quantities[from_middle[: len(quantities) - taken]])
        exceptions = tuple(sorted(quantities[from_middle[len(ordinary) :]].tolist()))
        choices.append((ordinary, exceptions, _ends(ordinary)))
    for most in (2 * ENDS_LEAST, ENDS_MOST):
        for ordinary, exceptions, ends in choices:
            if ends <= min(most, len(ordinary) // 4):
                return ordinary, exceptions, ends
    return None


def _ends(quantities: Ints) -> int:
    """The smallest size whose sum is nearly normal and spreads over the lattice it lies on."""
    apart = quantities - quantities.mean()
    variance = float((apart**2).mean())
    if quantities[0] == quantities[-1]:
        return 0
    skew = float((apart**3).mean()) / variance**1.5
    extra = float((apart**4).mean()) / variance**2 - 3
    need = max((skew / SKEW_MOST) ** 2, abs(extra) / EXTRA_MOST, _span(quantities) ** 2 / variance)
    return int(max(ENDS_LEAST, ceil(need)))


def _span(quantities: Ints) -> int:
    return int(np.gcd.reduce(quantities - quantities[0]))


def _columns(schedule: Schedule) -> tuple[Ints, Floats, Floats, Floats, Floats]:
    firsts = np.array([piece.first for piece in schedule.pieces], dtype=np.int64)
    slopes = np.array([piece.slope for piece in schedule.pieces], dtype=np.float64)
    bases = np.array([piece.base for piece in schedule.pieces], dtype=np.float64)
    bends = np.diff(slopes, prepend=slopes[0])
    jumps = np.diff(bases, prepend=bases[0]) + bends * firsts
    return firsts, slopes, bases, jumps, bends


def _nodes(ordinary: Ints) -> Ints:
    """Quantities at which values are computed: all, or some evenly by rank and some evenly by size."""
    different = np.unique(ordinary)
    if len(different) <= NODES:
        return different
    by_rank = np.linspace(0, len(different) - 1, NODES // 2).round().astype(np.int64)
    by_size = np.searchsorted(different, np.linspace(different[0], different[-1], NODES // 2))
    return np.asarray(different[np.unique(np.concatenate([by_rank, by_size]))])


def _at(quantities: Ints, owns: Ints, per_unit: Floats) -> Floats:
    return np.asarray(np.interp(quantities, owns, per_unit) * quantities, dtype=np.float64)


def _between(owns: Ints, per_unit: Floats) -> float:
    """What a line between nodes may miss: a third of what a line over every second node misses."""
    if len(owns) < NODES // 2:
        return 0.0
    return float(np.abs(np.interp(owns, owns[::2], per_unit[::2]) - per_unit).max()) / 3


def _value(
    game: _Game, drawn: Ints, own: int, exceptions: tuple[int, ...], *, is_ordinary: bool
) -> tuple[float, float]:
    """(value, error) of a member with `own` units beside these exceptions."""
    others = game.ordinary
    place = int(np.searchsorted(others, own)) if is_ordinary else -1
    number = len(others) - is_ordinary
    total = int(others.sum()) - (own if is_ordinary else 0)
    moments, rest = _population(game, own, number, is_ordinary), int(others[0]) % game.span
    value, second, ends = 0.0, 0.0, np.zeros(len(drawn))
    for taken in range(len(exceptions) + 1):
        weights = kernels.size_weights(number, number + len(exceptions), taken, len(exceptions))
        for chosen in combinations(exceptions, taken):
            offset = sum(chosen)
            if game.is_equal:
                value += kernels.added_equal(
                    own, int(others[0]), number, weights, game.firsts, game.slopes, game.bases, offset
                )
                continue
            first, last = game.ends, number - game.ends
            between, order_2 = kernels.added_between(
                own, first, last, weights, moments, game.span, rest, game.firsts, game.jumps, game.bends, offset
            )
            value += between + game.slopes[0] * own * float(weights[first : last + 1].sum())
            second += order_2
            ends += kernels.added_at_ends(
                own, place, game.ends, drawn, others, total, number, weights,
                game.firsts, game.slopes, game.bases, offset,
            )  # fmt: skip
    if not game.is_equal:
        value += float(ends.mean())
        second += ERRORS * float(ends.std()) / np.sqrt(len(ends))
    return value, second


def _population(game: _Game, own: int, number: int, is_ordinary: bool) -> Floats:
    """Moments of the others."""
    apart = own - game.middle
    without = game.sums - apart ** np.arange(1, 5) * is_ordinary
    d, m2, m3, m4 = (without / number).tolist()
    third = m3 - 3 * d * m2 + 2 * d**3
    fourth = m4 - 4 * d * m3 + 6 * d * d * m2 - 3 * d**4
    return np.array([number, game.middle + d, m2 - d * d, third, fourth])
