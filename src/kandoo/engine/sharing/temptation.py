"""Would any group of the pool do better alone? The exact answer for one item.

A group S pays a(S) and would pay f*(q(S)) by itself, q its quantity. Sought is the largest
(a(S) - f*(q(S))) / a(S). A group that would split and buy in parts is no more tempted than the most
tempted of its parts, so single groups are enough.

Sort and scan
    Let A(Q) be the most that members with Q units pay, a member's last units counted in parts:
    members by amount per unit, dearest first. A is a line between one head of that ranking and the
    next, f* is a line on each of its pieces, and a ratio of two lines is monotone. So A / f* is
    largest at a head, which is a group, or at an end of a piece. If a head is largest, the group
    is found and proven. With incremental prices that fall (f* concave from nothing) it always is.
    Under the uniform rule with a falling average the proof nearly always ends here, at 0.

Every group
    Else, up to `FEW` members, all groups are tried.
Table
    Else the most that any group of exactly Q units pays is found for every Q in whole numbers, equal
    members taken together in lots of 1, 2, 4, ...; the group is then traced by halves. The work is
    lots x units. Beyond `WORK` it is not begun: the best head is given, and the scan's bound.

Source: table by quantity: Bellman (1957), Dynamic Programming; tracing by halves: Hirschberg (1975).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import gcd

import numpy as np
from numpy.typing import NDArray

from .rules import ranked_by_price
from .schedule import Schedule
from .values import Temptation

WORK = 200_000_000  # cells of the table; under a second
MONEY_MAX = 2**60  # so that sums of the table stay whole
NONE = -(2**62)
FEW = 12  # members whose every group is tried

Lots = list[tuple[int, int, tuple[str, ...]]]  # units, money, members


def worst_temptation(
    amounts: Mapping[str, int], quantity: Mapping[str, int], schedule: Schedule, *, work: int = WORK, few: int = FEW
) -> Temptation:
    """The group that saves the largest part of its bill by leaving; empty when none saves."""
    ranked = [line for line in ranked_by_price([(m, a, quantity[m]) for m, a in amounts.items()]) if line[1]]
    paid, cost, members = _best_head(ranked, schedule)
    bound = max(_bound_at_ends(ranked, schedule), _saving(paid, cost))
    if bound > _saving(paid, cost) and len(ranked) <= few:
        group = _best_of_all(ranked, schedule)
        paid = sum(amounts[member] for member in group)
        cost = schedule.cost(sum(quantity[member] for member in group))
        return Temptation(_saving(paid, cost), group, _saving(paid, cost))
    if bound > _saving(paid, cost):
        lots = _lots(ranked)
        unit = gcd(*(units for units, _, _ in lots))
        total = sum(units for units, _, _ in lots) // unit
        if len(lots) * total <= work and max(sum(amounts.values()), schedule.cost(total * unit)) < MONEY_MAX:
            group = _best_of_table([(units // unit, money, who) for units, money, who in lots], unit, schedule)
            paid = sum(amounts[member] for member in group)
            cost = schedule.cost(sum(quantity[member] for member in group))
            return Temptation(_saving(paid, cost), group, _saving(paid, cost))
    group = frozenset(member for member, _, _ in ranked[:members])
    return Temptation(_saving(paid, cost), group if paid > cost else frozenset(), bound)


def _saving(paid: int | Fraction, cost: int) -> Fraction:
    return Fraction(paid - cost) / paid if paid > cost else Fraction(0)


def _best_head(ranked: Sequence[tuple[str, int, int]], schedule: Schedule) -> tuple[int, int, int]:
    """(paid, cost, members) of the head of the ranking with the least cost for its money."""
    best = (0, 0, 0)
    paid = units = 0
    for members, (_, amount, own) in enumerate(ranked, start=1):
        paid, units = paid + amount, units + own
        cost = schedule.cost(units)
        if members == 1 or cost * best[0] < best[1] * paid:
            best = (paid, cost, members)
    return best


def _bound_at_ends(ranked: Sequence[tuple[str, int, int]], schedule: Schedule) -> Fraction:
    """The most a group could save whose quantity is an end of a piece."""
    total = sum(own for _, _, own in ranked)
    ends = sorted({end for piece in schedule.pieces for end in piece[:2] if end is not None and end < total})
    bound = Fraction(0)
    paid = units = place = 0
    for end in ends:
        while units + ranked[place][2] <= end:
            paid, units, place = paid + ranked[place][1], units + ranked[place][2], place + 1
        most = paid + Fraction((end - units) * ranked[place][1], ranked[place][2])
        bound = max(bound, _saving(most, schedule.cost(end)))
    return bound


def _best_of_all(ranked: Sequence[tuple[str, int, int]], schedule: Schedule) -> frozenset[str]:
    """The most tempted group, every one tried; the first in the ranking among equals."""
    groups = [(0, 0, 0)]  # money, units, members as bits
    for place, (_, amount, own) in enumerate(ranked):
        groups += [(money + amount, units + own, bits | 1 << place) for money, units, bits in groups]
    best, best_paid, best_bits = 0, 1, 0
    for money, units, bits in groups[1:]:
        saved = money - schedule.cost(units)
        if saved * best_paid > best * money:
            best, best_paid, best_bits = saved, money, bits
    return frozenset(member for place, (member, _, _) in enumerate(ranked) if best_bits >> place & 1)


def _lots(ranked: Sequence[tuple[str, int, int]]) -> Lots:
    """Equal members in lots of 1, 2, 4, ... and what is left: any number of them is a choice of lots."""
    equal: dict[tuple[int, int], list[str]] = defaultdict(list)
    for member, amount, own in ranked:
        equal[own, amount].append(member)
    lots: Lots = []
    for (own, amount), members in equal.items():
        start, size = 0, 1
        while start < len(members):
            who = tuple(members[start : start + size])
            lots.append((own * len(who), amount * len(who), who))
            start, size = start + size, size * 2
    return lots


def _best_of_table(lots: Lots, unit: int, schedule: Schedule) -> frozenset[str]:
    """The most tempted group of all, the smallest quantity among equals; empty when none is."""
    total = sum(units for units, _, _ in lots)
    most = _most_paid(lots, total)
    costs = np.array([schedule.cost(units * unit) for units in range(total + 1)], dtype=np.int64)
    best, best_units = Fraction(0), 0
    for units in np.flatnonzero(most > costs).tolist():
        paid, cost = int(most[units]), int(costs[units])
        if (paid - cost) * best.denominator > best.numerator * paid:
            best, best_units = Fraction(paid - cost, paid), units
    return frozenset(_trace(lots, best_units)) if best_units else frozenset()


def _most_paid(lots: Lots, most_units: int) -> NDArray[np.int64]:
    """The most that lots of exactly 0, 1, ... units pay; below 0 where no lots have that many."""
    paid = np.full(most_units + 1, NONE, dtype=np.int64)
    paid[0] = 0
    for units, money, _ in lots:
        if units <= most_units:
            np.maximum(paid[units:], paid[: most_units + 1 - units] + money, out=paid[units:])
    return paid


def _trace(lots: Lots, units: int) -> list[str]:
    """Members of a group of exactly that many units that pays most."""
    if not units:
        return []
    if len(lots) == 1:
        return list(lots[0][2])
    half = len(lots) // 2
    both = _most_paid(lots[:half], units) + _most_paid(lots[half:], units)[::-1]
    first = int(both.argmax())
    return _trace(lots[:half], first) + _trace(lots[half:], units - first)
