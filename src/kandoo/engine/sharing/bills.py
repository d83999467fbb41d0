"""Many items at once: every item divided as `share_bill` does it, member by member in columns.

The answers are those of `rules.py` and `temptation.py` to the last unit; figures too large for exact
columns (`columns.py`) are left to these.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from kandoo.engine.sharing_rule import WHOLE, Base, RuleName, SharingRule

from .columns import (
    MOST,
    MOST_UNITS,
    Mask,
    Whole,
    apportion_column,
    equal_gains_column,
    products_at_most,
    ranked_columns,
)
from .division import divided
from .rules import refuse_for_bills, thousandths
from .schedule import Schedule
from .temptation import FEW, worst_temptation
from .values import Need, Temptation

NO_PRICE = -1  # a member without a price of its own


@dataclass(frozen=True, slots=True)
class Bills:
    """Shares of many items; columns are members by items, money whole.

    `amounts` is what each pays for the item, in the pool or outside; nothing where it needs none.
    `bills` and `reserves` are by item, as is the certificate in `temptations`.
    """

    rule: SharingRule
    members: tuple[str, ...]
    amounts: Whole
    alone: Whole
    is_inside: Mask
    bills: Whole
    reserves: Whole
    temptations: tuple[Temptation, ...]

    @property
    def adds_up(self) -> bool:
        """Whether the pool of every item pays its bill and reserve, to the last unit."""
        return bool(((self.amounts * self.is_inside).sum(axis=0) == self.bills + self.reserves).all())

    @property
    def worse_off(self) -> int:
        """How many shares are above what they would be alone."""
        return int((self.amounts > self.alone).sum())

    @property
    def epsilon(self) -> Fraction:
        """The worst temptation over all items: what is known to be saved by some group."""
        return max((each.epsilon for each in self.temptations), default=Fraction(0))

    @property
    def bound(self) -> Fraction:
        """No group saves a larger part than this, on any item."""
        return max((each.bound for each in self.temptations), default=Fraction(0))

    def summary(self) -> str:
        members, items = self.amounts.shape
        return (
            f"{members} members x {items} items by rule {self.rule.name}: {int(self.amounts.sum())} paid, "
            f"{int((self.alone - self.amounts).sum())} less than alone, {self.worse_off} worse off, "
            f"worst temptation {float(self.epsilon):.4%} (proven at most {float(self.bound):.4%})"
        )


def share_bills(
    members: Sequence[str],
    quantities: NDArray[np.int64],
    alone_prices: NDArray[np.int64],
    schedules: Sequence[Schedule],
    rule: SharingRule | RuleName = "uniform",
    *,
    work: int = 0,
) -> Bills:
    """Divide the bill of every item among those who need it.

    Parameters
    ----------
    members : sequence of str, shape (n_members,)
    quantities : int array of shape (n_members, n_items)
        Units needed; 0 where a member needs none.
    alone_prices : int array of shape (n_members, n_items)
        The member's own price of a unit; `NO_PRICE` where it has none.
    schedules : sequence of Schedule, shape (n_items,)
    rule : SharingRule, or the name of one without a reserve
    work : int
        How many cells the table of `temptation.py` may have for an item whose worst group the scan
        does not prove. 0: such an item has an epsilon and a proven bound above it.

    Raises
    ------
    ValueError
        When the shapes do not agree, a member is there twice or a number is negative.
    BadRule
        When the rule shares by quality, or is a formula without weights.
    """
    rule = rule if isinstance(rule, SharingRule) else SharingRule(rule)
    refuse_for_bills(rule)
    quantities, alone_prices = (np.asarray(each, dtype=np.int64) for each in (quantities, alone_prices))
    if quantities.shape != (len(members), len(schedules)) or alone_prices.shape != quantities.shape:
        raise ValueError("Quantities and prices should be members by items.")
    if len(set(members)) != len(members):
        raise ValueError("A member is there twice.")
    if (quantities < 0).any() or (alone_prices < NO_PRICE).any():
        raise ValueError("A quantity or a price is negative.")
    order = np.array(sorted(range(len(members)), key=members.__getitem__), dtype=np.int64)
    names = [members[place] for place in order.tolist()]
    amounts, alone = np.zeros_like(quantities), np.zeros_like(quantities)
    is_inside = np.zeros(quantities.shape, dtype=bool)
    found = []
    for item, schedule in enumerate(schedules):
        needing = np.flatnonzero(quantities[order, item])
        places = order[needing]
        one = _share_item(
            [names[place] for place in needing.tolist()],
            quantities[places, item], alone_prices[places, item], schedule, rule, work,
        )  # fmt: skip
        amounts[places, item], alone[places, item], is_inside[places, item] = one.amounts, one.alone, one.is_inside
        found.append(one)
    return Bills(
        rule=rule,
        members=tuple(members),
        amounts=amounts,
        alone=alone,
        is_inside=is_inside,
        bills=np.array([one.bill for one in found], dtype=np.int64),
        reserves=np.array([one.reserve for one in found], dtype=np.int64),
        temptations=tuple(one.temptation for one in found),
    )


@dataclass(frozen=True, slots=True)
class _Item:
    amounts: Whole
    alone: Whole
    is_inside: Mask
    bill: int
    reserve: int
    temptation: Temptation


def _share_item(
    names: Sequence[str], quantities: Whole, prices: Whole, schedule: Schedule, rule: SharingRule, work: int
) -> _Item:
    """One item; members in the order of their names, each needing at least one unit."""
    if not _fits_columns(quantities, prices, schedule):
        return _by_rules(names, quantities, prices, schedule, rule, work)
    alone = schedule.costs(quantities)
    alone = np.where(prices >= 0, np.minimum(alone, quantities * prices), alone)
    is_inside = (_not_dearer if rule.name == "uniform" else _who_help)(quantities, alone, schedule)
    own, cost = quantities[is_inside], alone[is_inside]
    bill = schedule.cost(int(own.sum()))
    paid, reserve = _divide(rule, bill, own, cost)
    amounts = alone.copy()
    amounts[is_inside] = paid
    pool = [name for name, is_in in zip(names, is_inside.tolist(), strict=True) if is_in]
    return _Item(amounts, alone, is_inside, bill, reserve, _temptation(pool, paid, own, schedule, work))


def _fits_columns(quantities: Whole, prices: Whole, schedule: Schedule) -> bool:
    """Whether every sum that may come up stays exact."""
    units = sum(quantities.tolist())
    dearest = max(prices.max(initial=0), max(piece.slope for piece in schedule.pieces))
    most = len(quantities) * max(abs(piece.base) for piece in schedule.pieces) + units * int(dearest)
    return bool(quantities.max(initial=0) < MOST_UNITS) and units < MOST and most < MOST


def _by_rules(
    names: Sequence[str], quantities: Whole, prices: Whole, schedule: Schedule, rule: SharingRule, work: int
) -> _Item:
    rows = zip(names, quantities.tolist(), prices.tolist(), strict=True)
    needs = [Need(name, own, None if price < 0 else price) for name, own, price in rows]
    division = divided(needs, schedule, rule, work=work)
    return _Item(
        amounts=np.array([share.amount for share in division.shares], dtype=np.int64),
        alone=np.array([share.alone for share in division.shares], dtype=np.int64),
        is_inside=~np.isin(np.array(names), division.outside),
        bill=division.bill,
        reserve=division.reserve,
        temptation=division.temptation,
    )


# Who buys together: see `rules.py`


def _not_dearer(quantities: Whole, alone: Whole, schedule: Schedule) -> Mask:
    ranking = ranked_columns(alone, quantities)
    units = np.cumsum(quantities[ranking])
    fits = np.flatnonzero(products_at_most(schedule.costs(units), quantities[ranking], alone[ranking], units))
    is_inside = np.zeros(len(ranking), dtype=bool)
    is_inside[ranking[: fits[-1] + 1 if len(fits) else 0]] = True
    return is_inside


def _who_help(quantities: Whole, alone: Whole, schedule: Schedule) -> Mask:
    ranking = ranked_columns(alone, quantities)
    own, cost = quantities[ranking], alone[ranking]
    gains = np.cumsum(cost) - schedule.costs(np.cumsum(own))
    best = 0
    if len(gains) and gains.max() >= 0:
        best = len(gains) - int(gains[::-1].argmax())
    is_in = np.arange(len(ranking)) < best
    units, place, is_settled = int(own[:best].sum()), 0, True
    while True:
        after = np.where(is_in[place:], units - own[place:], units + own[place:])
        change = schedule.costs(after) - schedule.cost(units)
        moves = np.where(is_in[place:], -change > cost[place:], change <= cost[place:])
        if moves.any():
            moved = int(moves.argmax())
            units, place, is_settled = int(after[moved]), place + moved, False
            is_in[place] = not is_in[place]
            place += 1
        elif is_settled:
            break
        else:
            place, is_settled = 0, True
    is_inside = np.zeros(len(ranking), dtype=bool)
    is_inside[ranking[is_in]] = True
    return is_inside


# What each pays


def _divide(rule: SharingRule, bill: int, quantities: Whole, alone: Whole) -> tuple[Whole, int]:
    gain = int(alone.sum()) - bill
    reserve = gain * rule.reserve // WHOLE
    if rule.name == "equal_gain":
        return alone - equal_gains_column(gain - reserve, alone), reserve
    bases: dict[Base, Whole] = {"quantity": quantities, "alone": alone, "member": np.ones_like(alone)}
    formula = thousandths(rule)
    parts = apportion_column(bill + reserve, np.array(list(formula.values()), dtype=np.int64))
    paid = np.zeros_like(alone)
    for base, part in zip(formula, parts.tolist(), strict=True):
        paid += apportion_column(part, bases[base])
    over = int(np.maximum(paid - alone, 0).sum())
    return np.minimum(paid, alone) + apportion_column(over, np.maximum(alone - paid, 0)), reserve


# The certificate: sort and scan, as in `temptation.py`


def _temptation(names: Sequence[str], paid: Whole, quantities: Whole, schedule: Schedule, work: int) -> Temptation:
    paying = np.flatnonzero(paid)
    ranking = paying[ranked_columns(paid[paying], quantities[paying])]
    money, units = np.cumsum(paid[ranking]), np.cumsum(quantities[ranking])
    costs = schedule.costs(units)
    head = _best_head(money, costs)
    epsilon = _saving(int(money[head]), int(costs[head])) if len(money) else Fraction(0)
    bound = max(epsilon, _bound_at_ends(paid[ranking], quantities[ranking], money, units, schedule))
    if bound > epsilon and (work or len(ranking) <= FEW):
        amounts, own = (dict(zip(names, column.tolist(), strict=True)) for column in (paid, quantities))
        return worst_temptation(amounts, own, schedule, work=work)
    group = frozenset(names[place] for place in ranking[: head + 1].tolist()) if epsilon else frozenset()
    return Temptation(epsilon, group, bound)


def _saving(paid: int | Fraction, cost: int) -> Fraction:
    return Fraction(paid - cost) / paid if paid > cost else Fraction(0)


def _best_head(money: Whole, costs: Whole) -> int:
    """The first head of the ranking with the least cost for its money."""
    if not len(money):
        return 0
    ratios = costs / money
    best = -1
    for place in np.flatnonzero(ratios <= ratios.min() * (1 + 1e-14)).tolist():
        if best < 0 or int(costs[place]) * int(money[best]) < int(costs[best]) * int(money[place]):
            best = place
    return best


def _bound_at_ends(paid: Whole, quantities: Whole, money: Whole, units: Whole, schedule: Schedule) -> Fraction:
    """The most a group could save whose quantity is an end of a piece."""
    total = int(units[-1]) if len(units) else 0
    bound = Fraction(0)
    for end in {end for piece in schedule.pieces for end in piece[:2] if end is not None and end < total}:
        place = int(np.searchsorted(units, end, side="right"))
        before, have = (int(money[place - 1]), int(units[place - 1])) if place else (0, 0)
        most = before + Fraction((end - have) * int(paid[place]), int(quantities[place]))
        bound = max(bound, _saving(most, schedule.cost(end)))
    return bound
