"""What a user would write, and what packages offer, for Shapley values of a single-item game."""

from collections.abc import Callable, Sequence
from itertools import chain, combinations
from typing import Any

import numpy as np
from numba import njit

Sampled = tuple[Any, Any]  # mean of each member, its standard error


def numpy_walks(quantities: Any, firsts: Any, prices: Any, walks: int, seed: int) -> Sampled:
    """Random orders, the cost of all-units steps by its own formula."""
    chance = np.random.default_rng(seed)
    total, squares = np.zeros(len(quantities)), np.zeros(len(quantities))
    for _ in range(walks):
        order = chance.permutation(len(quantities))
        reached = np.cumsum(quantities[order])
        cost = np.min([price * np.maximum(reached, first) for first, price in zip(firsts, prices, strict=True)], axis=0)
        added = np.diff(cost, prepend=0)
        total[order] += added
        squares[order] += added**2.0
    return _told(total, squares, walks)


def numba_walks(quantities: Any, firsts: Any, prices: Any, walks: int, seed: int) -> Sampled:
    """The same, compiled."""
    return _told(*_walked(quantities, firsts, prices, walks, seed), walks)


def _told(total: Any, squares: Any, walks: int) -> Sampled:
    mean = total / walks
    return mean, np.sqrt(np.maximum(squares / walks - mean**2, 0) / walks)


@njit(cache=True)
def _walked(quantities: Any, firsts: Any, prices: Any, walks: int, seed: int) -> Any:
    np.random.seed(seed)
    n = len(quantities)
    order = np.arange(n)
    total, squares = np.zeros(n), np.zeros(n)
    for _ in range(walks):
        reached, before, step = 0, 0, 0
        for place in range(n):
            other = np.random.randint(place, n)
            order[place], order[other] = order[other], order[place]
            reached += quantities[order[place]]
            while step + 1 < len(firsts) and firsts[step + 1] <= reached:
                step += 1
            cost = prices[step] * reached
            for later in range(step + 1, len(firsts)):
                cost = min(cost, prices[later] * firsts[later])
            added = cost - before
            total[order[place]] += added
            squares[order[place]] += float(added) ** 2
            before = cost
    return total, squares


def coopgt_values(quantities: Sequence[int], cost: Callable[[int], int]) -> Sequence[float]:
    """coopgt: every order, from a table of every group."""
    from coopgt.shapley_value import calculate

    players = range(1, len(quantities) + 1)
    groups = chain.from_iterable(combinations(players, size) for size in range(len(quantities) + 1))
    table = {group: cost(sum(quantities[player - 1] for player in group)) for group in groups}
    return list(calculate(table))


def coopgame_values(quantities: Sequence[int], cost: Callable[[int], int]) -> Sequence[float]:
    """coopgame: every group, compiled, from a column of their costs by their bits."""
    import coopgame

    units = np.zeros(1, dtype=np.int64)
    for own in quantities:
        units = np.concatenate([units, units + own])
    different, place = np.unique(units, return_inverse=True)
    costs = np.array([float(cost(each)) for each in different.tolist()])[place]
    return list(coopgame.shapley(coopgame.Game(costs[1:].tolist())))


EXACT: tuple[tuple[str, Callable[[Sequence[int], Callable[[int], int]], Sequence[float]], tuple[int, ...]], ...] = (
    ("coopgt 0.0.3", coopgt_values, (6, 8, 9)),
    ("coopgame-py 0.3.0", coopgame_values, (8, 12, 16, 20, 24)),
)
