"""Divide money exactly: integers of the smallest unit, nothing lost and nothing made."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, TypeVar

K = TypeVar("K", bound=Any)


def apportion(amount: int, weights: Mapping[K, int | Fraction]) -> dict[K, int]:
    """Divide an amount in proportion to weights by the method of the largest remainder.

    Every part is within one unit of its exact share and the parts add up to the amount. Equal
    remainders are served in the order of the keys, so equal input gives equal output whatever
    order the mapping has. A negative amount is divided as its mirror image.

    Parameters
    ----------
    amount : int
        Smallest currency units; any sign.
    weights : mapping of key to int or Fraction, at least 0
        A weight of zero gets nothing. Keys must be sortable.

    Raises
    ------
    ValueError
        When a weight is negative, or all are zero (or none is given) and the amount is not zero.

    References
    ----------
    Hamilton's method; Balinski & Young (1982), Fair Representation.

    Examples
    --------
    >>> apportion(100, {"a": 1, "b": 1, "c": 1})
    {'a': 34, 'b': 33, 'c': 33}
    """
    exact = {key: Fraction(weight) for key, weight in weights.items()}
    if any(weight < 0 for weight in exact.values()):
        raise ValueError("A weight is negative.")
    total = sum(exact.values(), Fraction(0))
    if total == 0:
        if amount:
            raise ValueError("There is money to divide and no weight to divide it by.")
        return dict.fromkeys(weights, 0)

    quotas = {key: abs(amount) * weight / total for key, weight in exact.items()}
    parts = {key: int(quota) for key, quota in quotas.items()}
    missing = abs(amount) - sum(parts.values())
    by_remainder = sorted(sorted(quotas), key=lambda key: parts[key] - quotas[key])
    for key in by_remainder[:missing]:
        parts[key] += 1
    return parts if amount >= 0 else {key: -part for key, part in parts.items()}


def split_payments(amount: int, first_percent: int) -> tuple[int, int]:
    """Split what is owed into a first and a final payment; the first is rounded down.

    >>> split_payments(1_001, 70)
    (700, 301)
    """
    if not 0 <= first_percent <= 100:
        raise ValueError(f"first_percent should be 0 to 100, is {first_percent}")
    first = max(amount, 0) * first_percent // 100
    return first, amount - first
