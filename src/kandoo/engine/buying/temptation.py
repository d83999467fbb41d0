"""Would any group do better by leaving with its needs and asking the same suppliers by itself?

Group: any units of needs that are served, of whatever items. It pays a(S) and would pay c(S) to the suppliers
without the rest. A group that would buy from several suppliers is no more tempted than the most
tempted of its parts, each with one supplier; and no unit pays more than alone, so buying alone
tempts nobody. So the suppliers are looked at one by one.

One supplier. For a part e the group keeps, sought is the most of
    sum over items of ((1 - e) A_i(Q_i) - f_i(Q_i)) - delivery
where A_i(Q) is the most that Q units which it can deliver in time pay (dearest first, the last need counted
in parts) and f_i(Q) the least it takes for at least Q. Items do not touch: each is a sort and a scan,
over the heads of the ranking and the ends of f's pieces, for between them both are lines. The e at which
the most is 0 is found by Dinkelbach's iteration; it bounds every group, since minimum order and packs are
left aside. The group of whole needs that shows it best, with its true packs and minimum order, is told.

Source: Dinkelbach (1967), On nonlinear fractional programming, Management Science 13.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .allocate import Purchase
from .bill import Bill
from .market import Market
from .terms import cost_of
from .values import QUANTITY_MAX, FloatArray, IntArray, Offer

ROUNDS = 30
TRUST = 1e-9


@dataclass(frozen=True, slots=True)
class Temptation:
    """`needs` (rows) would save `epsilon` of what they pay at `supplier`; no group saves more than `bound`."""

    epsilon: Fraction
    bound: float
    supplier: int = -1
    needs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """The needs of one item that an offer could serve, by what they pay a unit, dearest first; and running sums."""

    rows: IntArray
    units: IntArray
    amount: IntArray
    place: IntArray
    all_units: IntArray
    all_paid: FloatArray

    @classmethod
    def of(cls, rows: IntArray, units: IntArray, amount: IntArray, place: IntArray) -> "Reach":
        return cls(rows, units, amount, place, np.cumsum(units), np.cumsum(amount).astype(np.float64))


@dataclass(frozen=True, slots=True)
class Ranking:
    """Where a group could stop along a reach, and what it pays and would pay there."""

    offer: Offer
    reach: Reach
    paid: FloatArray  # at each candidate
    cost: FloatArray  # the least for at least so many units, packs aside
    heads: int  # candidates that are whole needs, the first so many of the reach; the others lie inside one


def worst_temptation(market: Market, purchase: Purchase, bill: Bill) -> Temptation:
    """The worst group that was found, and the proven bound."""
    rows = np.flatnonzero((purchase.served > 0) & (bill.need_amount > 0))
    rows = rows[np.argsort(-(bill.need_amount[rows] / purchase.served[rows]), kind="stable")]
    rows = rows[np.argsort(market.needs.item[rows], kind="stable")]
    start = np.searchsorted(market.needs.item[rows], np.arange(len(market.needs.items) + 1))
    item_of = {name: number for number, name in enumerate(market.needs.items)}
    reaches: dict[tuple[tuple[int, int], ...], Reach] = {}  # offers of the same places and days share one
    rankings: list[list[Ranking]] = [[] for _ in market.suppliers]
    for number, (supplier, offer) in enumerate(market.offers):
        key = tuple((link.zone, link.cell) for link in market.links[number])
        item = item_of[offer.item]
        if key and key not in reaches:
            mine = _within_reach(market, number, rows[start[item] : start[item + 1]])
            reaches[key] = Reach.of(mine, purchase.served[mine], bill.need_amount[mine], market.needs.place[mine])
        if key and len(reaches[key].rows):
            rankings[supplier].append(_rank(offer, reaches[key]))
    worst = Temptation(Fraction(0), 0.0)
    for supplier, quoted in enumerate(market.suppliers):
        found = _tempted_by(rankings[supplier], quoted.delivery_fixed, quoted.minimum_order)
        if found is None:
            continue
        epsilon, bound, group = found
        bound = max(bound, worst.bound)
        if epsilon > worst.epsilon:
            worst = Temptation(epsilon, bound, supplier, group)
        else:
            worst = Temptation(worst.epsilon, bound, worst.supplier, worst.needs)
    return worst


def _within_reach(market: Market, offer: int, rows: IntArray) -> IntArray:
    """Those of these needs of one item that the offer serves in place and time."""
    first = np.full(len(market.zones), market.cells)
    for link in market.links[offer]:
        first[link.zone] = link.cell
    cell = market.cell[rows]
    within: IntArray = rows[cell >= first[market.zone_of_cell[cell]]]
    return within


def _rank(offer: Offer, reach: Reach) -> Ranking:
    """Candidates: every head of the ranking, and the quantities where a step begins or ends."""
    most = min(int(reach.all_units[-1]), QUANTITY_MAX if offer.capacity is None else offer.capacity)
    ends = [each for step in offer.steps for each in (step.quantity_from - 1, step.quantity_from) if 0 < each <= most]
    inside = np.array(sorted({*ends, most}), dtype=np.int64)
    heads = int(np.searchsorted(reach.all_units, most, side="right"))
    paid = np.interp(inside, np.append(0, reach.all_units), np.append(0.0, reach.all_paid))
    quantity = np.concatenate([reach.all_units[:heads], inside])
    return Ranking(offer, reach, np.concatenate([reach.all_paid[:heads], paid]), _least(offer, quantity), heads)


def _least(offer: Offer, quantity: IntArray) -> FloatArray:
    """The least that at least so many units cost, in parts of packs."""
    starts = np.array([max(step.quantity_from, 1) for step in offer.steps], dtype=np.float64)
    prices = np.array([step.unit_price for step in offer.steps], dtype=np.float64)
    base = np.zeros(len(starts))
    if offer.kind == "incremental":
        base[1:] = np.cumsum((prices[:-1] - prices[1:]) * (starts[1:] - 1))
    most = float(QUANTITY_MAX if offer.capacity is None else offer.capacity)
    cost = np.full(len(quantity), np.inf)
    for number, start in enumerate(starts):
        last = starts[number + 1] - 1 if number + 1 < len(starts) else most
        bought = np.maximum(quantity, start)
        cost = np.where(bought <= min(last, most), np.minimum(cost, base[number] + prices[number] * bought), cost)
    return cost


def _tempted_by(
    rankings: Sequence[Ranking], delivery: int, minimum: int
) -> tuple[Fraction, float, tuple[int, ...]] | None:
    """(saved by a true group, bound, its needs) at one supplier; None when nobody is tempted."""
    part = 0.0
    for _ in range(ROUNDS):
        _, paid, cost = _best_at(part, rankings, whole=False)
        if (1 - part) * paid - cost - delivery <= TRUST * max(paid, 1.0):
            break
        part = 1 - (cost + delivery) / paid
    else:
        part = 1.0  # never seen: the iteration more than doubles its digits each time
    if part <= 0:
        return None
    epsilon, group = Fraction(0), tuple[int, ...]()
    for guess in (part, part / 2, 0.0):
        chosen, _, _ = _best_at(guess, rankings, whole=True)
        saved = _true_saving(rankings, chosen, delivery, minimum)
        if saved > epsilon:
            epsilon = saved
            group = tuple(
                row for ranking, k in zip(rankings, chosen, strict=True) for row in ranking.reach.rows[:k].tolist()
            )
    return epsilon, max(part * (1 + TRUST), float(epsilon)), group


def _best_at(part: float, rankings: Sequence[Ranking], *, whole: bool) -> tuple[list[int], float, float]:
    """(needs taken of each ranking, paid, cost) that keeps most above this part; only heads when `whole`."""
    taken, paid, cost = [], 0.0, 0.0
    for ranking in rankings:
        last = ranking.heads if whole else len(ranking.paid)
        kept = (1 - part) * ranking.paid[:last] - ranking.cost[:last]
        best = int(np.argmax(kept)) if last else -1
        if best >= 0 and kept[best] > 0:
            taken.append(best + 1 if best < ranking.heads else 0)
            paid, cost = paid + float(ranking.paid[best]), cost + float(ranking.cost[best])
        else:
            taken.append(0)
    return taken, paid, cost


def _true_saving(rankings: Sequence[Ranking], taken: Sequence[int], delivery: int, minimum: int) -> Fraction:
    """What the first rows of each ranking save of what they pay, in whole packs by place."""
    paid = goods = 0
    for ranking, count in zip(rankings, taken, strict=True):
        if count > 0:
            paid += int(ranking.reach.amount[:count].sum())
            cost = _true_cost(ranking.offer, ranking.reach.units[:count], ranking.reach.place[:count])
            if cost is None:
                return Fraction(0)
            goods += cost
    if not paid or goods < minimum or goods + delivery >= paid:
        return Fraction(0)
    return Fraction(paid - goods - delivery, paid)


def _true_cost(offer: Offer, units: IntArray, place: IntArray) -> int | None:
    """The least invoice that brings these units to these places; None when the supplier cannot."""
    wanted = np.zeros(int(place.max()) + 1, dtype=np.int64)
    np.add.at(wanted, place, units)
    packs = int((-(-wanted // offer.pack)).sum())
    tried = [packs, *(-(-max(step.quantity_from, 1) // offer.pack) for step in offer.steps)]
    most = QUANTITY_MAX if offer.capacity is None else offer.capacity
    least = offer.steps[0].quantity_from
    able = [count * offer.pack for count in tried if count >= packs and least <= count * offer.pack <= most]
    return min((cost_of(offer, quantity) for quantity in able), default=None)
