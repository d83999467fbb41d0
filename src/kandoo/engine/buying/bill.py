"""What each member pays: price, then correct. Whole money, nothing lost, nobody above what it pays alone.

1. A supplier's goods are charged to the cells (item, place, dates) that take them, by units; its
   delivery, and goods that nobody takes, by the value of what each cell takes from it.
2. A cell whose goods cost more than its members pay alone pays that much; what is missing is taken
   from the cells that buy from the same suppliers, or from suppliers of theirs, by their gain.
3. In a cell everybody pays one price a unit, but nobody more than its ceiling, which is what the units
   it wanted and got cost it alone. What is missing is taken from the others by their gain.

Rounding is by the largest remainder, equal remainders in the order of the rows (by member, item,
place, date). A whole ceiling above a figure is above the figure rounded up, so rounding breaks none.
"""

from dataclasses import dataclass

import numpy as np

from .allocate import Lines, Purchase
from .market import Market
from .terms import cost_of
from .values import IntArray

SAFE = 2**62


@dataclass(frozen=True, slots=True)
class Bill:
    """Amounts add up to the invoices."""

    amount: IntArray  # of each line
    need_amount: IntArray  # of each need
    goods: dict[int, int]  # offer -> invoice without delivery
    invoice: dict[int, int]  # supplier -> invoice with delivery
    groups: tuple["Group", ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Suppliers and cells that hang together: what is bought, and what it is worth alone."""

    suppliers: tuple[int, ...]
    cost: int
    ceiling: int


def invoices(market: Market, purchase: Purchase) -> tuple[dict[int, int], dict[int, int]]:
    """(offer -> goods, supplier -> goods and delivery)."""
    quantity: dict[int, int] = {}
    for (offer, _), units in purchase.bought.items():
        quantity[offer] = quantity.get(offer, 0) + units
    goods = {offer: cost_of(market.offers[offer][1], units) for offer, units in sorted(quantity.items()) if units}
    invoice: dict[int, int] = {}
    for offer, cost in goods.items():
        supplier = market.offers[offer][0]
        invoice[supplier] = invoice.get(supplier, market.suppliers[supplier].delivery_fixed) + cost
    return goods, invoice


def groups_of(market: Market, purchase: Purchase, invoice: dict[int, int]) -> tuple[Group, ...]:
    """Suppliers joined where they serve the same cell, in the order of their first supplier."""
    supplier, cell = _pairs(market, purchase)
    pairs = np.flatnonzero(np.bincount(supplier * market.cells + cell)) if len(cell) else cell
    root = list(range(len(market.suppliers) + market.cells))

    def find(node: int) -> int:
        while root[node] != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for pair in pairs.tolist():
        root[find(pair // market.cells)] = find(len(market.suppliers) + pair % market.cells)
    ceiling = _sum_by(market.cell[market.order], ceilings(market, purchase)[market.order], market.cells)
    members: dict[int, list[int]] = {}
    for used in sorted(invoice):
        members.setdefault(find(used), []).append(used)
    worth = dict.fromkeys(members, 0)
    for number in np.flatnonzero(ceiling).tolist():
        worth[find(number + len(market.suppliers))] += int(ceiling[number])
    return tuple(
        Group(tuple(suppliers), sum(invoice[each] for each in suppliers), worth[key])
        for key, suppliers in members.items()
    )


def ceilings(market: Market, purchase: Purchase) -> IntArray:
    """(needs,) the most that may be charged: what the units wanted and got cost alone."""
    most: IntArray = purchase.served * market.needs.alone_price
    return most


def charge(market: Market, purchase: Purchase) -> Bill:
    """Divide the invoices over the lines; every group's cost must be within its ceiling."""
    goods, invoice = invoices(market, purchase)
    groups = groups_of(market, purchase, invoice)
    assert all(group.cost <= group.ceiling for group in groups), "A group that costs more than alone is not bought for."
    takers = np.flatnonzero(purchase.received)
    takers = takers[np.argsort(market.cell[takers], kind="stable")]
    cells, cell = np.unique(market.cell[takers], return_inverse=True)
    most = ceilings(market, purchase)[takers]
    room = _sum_by(cell, most, len(cells))
    asked = _asked(market, purchase, goods, invoice, cells)
    asked = _capped(asked, room, _group_of_cells(market, purchase, groups, cells))
    each = apportion_by(cell, purchase.received[takers], asked)
    paid = _capped(each, most, cell)
    need_amount = np.zeros(len(market.needs), dtype=np.int64)
    need_amount[takers] = paid
    amount = _by_line(purchase.lines, need_amount)
    return Bill(amount, need_amount, goods, invoice, groups)


def _by_line(lines: Lines, need_amount: IntArray) -> IntArray:
    """Each need's amount over its lines, by units; nearly all have one line."""
    amount = need_amount[lines.need]
    several = np.flatnonzero(np.bincount(lines.need, minlength=len(need_amount))[lines.need] > 1)
    if len(several):
        needs, group = np.unique(lines.need[several], return_inverse=True)
        amount[several] = apportion_by(group, lines.units[several], need_amount[needs])
    return amount


def _pairs(market: Market, purchase: Purchase) -> tuple[IntArray, IntArray]:
    """(supplier, cell) of each line."""
    supplier_of = np.array([supplier for supplier, _ in market.offers], dtype=np.int64)
    return supplier_of[purchase.lines.offer], market.cell[purchase.lines.need]


def _asked(
    market: Market, purchase: Purchase, goods: dict[int, int], invoice: dict[int, int], cells: IntArray
) -> IntArray:
    """(cells,) what each cell would pay before any correction."""
    lines = purchase.lines
    place = np.searchsorted(cells, market.cell[lines.need])
    key, where = np.unique(lines.offer * len(cells) + place, return_inverse=True)
    offer, cell = key // max(len(cells), 1), key % max(len(cells), 1)
    units = _sum_by(where, lines.units, len(key))
    totals = np.zeros(len(market.offers), dtype=np.int64)
    taken = np.unique(offer)
    totals[taken] = [goods[number] for number in taken.tolist()]
    cost = apportion_by(offer, units, totals)
    supplier_of = np.array([supplier for supplier, _ in market.offers], dtype=np.int64)
    supplier = supplier_of[offer]
    rest = np.zeros(len(market.suppliers), dtype=np.int64)
    rest[list(invoice)] = list(invoice.values())
    rest -= _sum_by(supplier, cost, len(rest))
    value = np.where(_sum_by(supplier, cost, len(rest))[supplier] > 0, cost, units)
    cost += apportion_by(supplier, value, rest)
    return _sum_by(cell, cost, len(cells))


def _group_of_cells(market: Market, purchase: Purchase, groups: tuple[Group, ...], cells: IntArray) -> IntArray:
    group_of = np.zeros(len(market.suppliers), dtype=np.int64)
    for number, group in enumerate(groups):
        group_of[list(group.suppliers)] = number
    supplier, cell = _pairs(market, purchase)
    found = np.zeros(len(cells), dtype=np.int64)
    found[np.searchsorted(cells, cell)] = group_of[supplier]
    return found


def _capped(amount: IntArray, most: IntArray, group: IntArray) -> IntArray:
    """Nobody above its most; what is missing from those of the same group by their gain."""
    paid = np.minimum(amount, most)
    missing = _sum_by(group, amount - paid, int(group.max(initial=-1)) + 1)
    if not missing.any():
        return paid
    return paid + apportion_by(group, most - paid, missing)


def _sum_by(group: IntArray, values: IntArray, count: int) -> IntArray:
    """Whole sums by group; (count,)."""
    sums = np.zeros(count, dtype=np.int64)
    np.add.at(sums, group, values)
    return sums


def apportion_by(group: IntArray, weights: IntArray, totals: IntArray) -> IntArray:
    """`money.apportion` in many groups at once: the largest remainder, equal ones in row order.

    Parameters
    ----------
    group : (rows,) the group of each row.
    weights : (rows,) whole, at least 0.
    totals : (groups,) whole, at least 0; a group without weight must have nothing to divide.
    """
    sums = _sum_by(group, weights, len(totals))
    assert not totals[sums == 0].any(), "There is money to divide and no weight to divide it by."
    over = np.maximum(sums, 1)[group]
    largest = int(totals.max(initial=0)) * int(weights.max(initial=0))
    exact = largest < SAFE
    product = totals[group] * weights if exact else totals[group].astype(object) * weights.astype(object)
    parts = (product // over).astype(np.int64)
    rest = (product - parts * over if exact else product - parts.astype(object) * over).astype(np.int64)
    missing = totals - _sum_by(group, parts, len(totals))
    if not missing.any():
        return parts
    order = np.lexsort((-rest, group))
    starts = np.searchsorted(group[order], np.arange(len(totals)))
    rank = np.arange(len(group)) - starts[group[order]]
    parts[order] += rank < missing[group[order]]
    return parts
