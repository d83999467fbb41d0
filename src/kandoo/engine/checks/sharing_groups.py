"""The part of the check that looks at groups: worst temptation and Shapley values of one item.

Few members are tried in every group. Of many, the most that a group of exactly so many units pays is
found in a table while that is little work; beyond, single members, all together and the dearest
first are tried.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np

FEW = 8  # members whose every group is tried
WORK = 50_000_000  # members x units of the table
EXACT = 1e-12


@dataclass(frozen=True)
class Terms:
    kind: str
    steps: Sequence[tuple[int, int]]  # quantity from, unit price


def least(terms: Terms, wanted: int) -> int:
    """The lowest bill for at least so many: of exactly so many, or of the first unit of a later step."""
    if wanted == 0:
        return 0
    buys = [wanted] if wanted >= terms.steps[0][0] else []
    return min(_bill(terms, bought) for bought in buys + [start for start, _ in terms.steps if start > wanted])


def _bill(terms: Terms, bought: int) -> int:
    reached = [step for step in terms.steps if step[0] <= bought]
    if terms.kind == "all_units":
        return reached[-1][1] * bought
    bill, upper = 0, bought
    for start, price in reversed(reached):
        lower = max(start - 1, 0) if (start, price) != terms.steps[0] else 0
        bill, upper = bill + (upper - lower) * price, lower
    return bill


def temptation_faults(
    shares: Mapping[str, Any], paid: Mapping[str, int], quantity: Mapping[str, int], terms: Terms
) -> list[str]:
    """`paid` is what each member of the pool pays."""
    found = []
    worst, epsilon, bound = shares["worst_group"], shares["epsilon"], shares["epsilon_bound"]
    if not set(worst) <= set(paid):
        return ["The worst group is not of the pool."]
    told = _saved(sum(paid[m] for m in worst), sum(quantity[m] for m in worst), terms)
    if abs(float(told) - epsilon) > EXACT:
        found.append("The worst group does not save epsilon.")
    if bound < epsilon or (shares["epsilon_is_exact"] and bound != epsilon):
        found.append("Epsilon and its bound do not agree.")
    groups = _groups(paid, quantity)
    most = float(max((_saved(money, units, terms) for money, units in groups), default=Fraction(0)))
    if most > bound + EXACT or (shares["epsilon_is_exact"] and most > epsilon + EXACT):
        found.append(f"A group saves {most}, more than is told.")
    return found


def _saved(money: int, units: int, terms: Terms) -> Fraction:
    less = money - least(terms, units)
    return Fraction(less, money) if less > 0 else Fraction(0)


def _groups(paid: Mapping[str, int], quantity: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    """(money, units) of every group that is tried; of those with the same units, who pays most."""
    if len(paid) <= FEW:
        for size in range(1, len(paid) + 1):
            for group in combinations(paid, size):
                yield sum(paid[m] for m in group), sum(quantity[m] for m in group)
        return
    total = sum(quantity[m] for m in paid)
    if len(paid) * total <= WORK and sum(paid.values()) < 2**61:
        most = np.full(total + 1, -(2**62), dtype=np.int64)
        most[0] = 0
        for member, money in paid.items():
            own = quantity[member]
            most[own:] = np.maximum(most[own:], most[:-own] + money)
        yield from ((int(most[units]), int(units)) for units in np.flatnonzero(most > 0))
        return
    money = units = 0
    for member in sorted(paid, key=lambda each: -paid[each] / quantity[each]):
        yield paid[member], quantity[member]
        money, units = money + paid[member], units + quantity[member]
        yield money, units


def shapley_faults(told: Sequence[Mapping[str, Any]], quantity: Mapping[str, int], terms: Terms) -> list[str]:
    """They add up; equal members are equal; and few members have the mean over all groups."""
    everything = least(terms, sum(quantity.values()))
    amounts = {value["member_id"]: value["amount"] for value in told}
    if list(amounts) != list(quantity):
        return ["The Shapley values are not those of the members, in the order of the file."]
    found = []
    if sum(amounts.values()) != everything:
        found.append(f"The Shapley values do not add up to {everything}.")
    spans: dict[int, tuple[int, int]] = {}
    for member, own in quantity.items():
        low, high = spans.get(own, (amounts[member], amounts[member]))
        spans[own] = (min(low, amounts[member]), max(high, amounts[member]))
    width = {value["member_id"]: value["half_width"] for value in told}
    for member, own in quantity.items():
        low, high = spans[own]
        if high - low > 2 * width[member] + 1:
            found.append(f"Members with {own} units have unlike Shapley values.")
            break
    if len(quantity) <= FEW:
        for member in quantity:
            if abs(_mean_added(member, quantity, terms) - amounts[member]) > width[member] + 1.000001:
                found.append(f"The Shapley value of {member} is another.")
    return found


def _mean_added(member: str, quantity: Mapping[str, int], terms: Terms) -> float:
    others = [each for each in quantity if each != member]
    n, value = len(quantity), Fraction(0)
    for size in range(n):
        weight = Fraction(factorial(size) * factorial(n - 1 - size), factorial(n))
        for group in combinations(others, size):
            units = sum(quantity[each] for each in group)
            value += weight * (least(terms, units + quantity[member]) - least(terms, units))
    return float(value)
