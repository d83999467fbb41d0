"""From prices to whole drums: each order in turn takes what it values above the market.

Given the prices of all batches the orders no longer compete, so each is a small problem of its own.
A first round fills them at market prices; later rounds let every order choose again from its own
and the unsold drums, and keep a choice only when it earns more.
"""

from dataclasses import dataclass, field

import numpy as np

from .bound import Prices, Table, chunks, worth
from .model import Model
from .task import Task, task_of
from .values import FloatArray, IntArray

CANDIDATES = 600  # batches that enter an order's relaxation
NEAR = 0.05  # of a mean batch price: how much less an order may pay and still be a rival
WIDE = 150  # batches beyond the relaxation's own that enter its exchanges


@dataclass(slots=True)
class Sale:
    """Which drums go where; at most one lot of an order is filled."""

    free: IntArray  # (batches,) drums not sold
    lot: dict[int, int] = field(default_factory=dict)  # order -> lot
    batch: dict[int, IntArray] = field(default_factory=dict)  # order -> batches used
    drums: dict[int, IntArray] = field(default_factory=dict)  # order -> drums of each

    def put(self, order: int, lot: int, batch: IntArray, drums: IntArray) -> None:
        used = drums > 0
        self.lot[order], self.batch[order], self.drums[order] = lot, batch[used], drums[used]
        self.free[self.batch[order]] -= self.drums[order]

    def take_out(self, order: int) -> tuple[int, IntArray, IntArray] | None:
        """Empty one order; gives back what `put` needs to restore it."""
        if order not in self.lot:
            return None
        lot, batch, drums = self.lot.pop(order), self.batch.pop(order), self.drums.pop(order)
        self.free[batch] += drums
        return lot, batch, drums

    def copy(self) -> "Sale":
        return Sale(self.free.copy(), dict(self.lot), dict(self.batch), dict(self.drums))

    def value(self, model: Model) -> int:
        """Exact money."""
        return sum(money(model, order, self.batch[order], self.drums[order]) for order in self.lot)


def money(model: Model, order: int, batch: IntArray, drums: IntArray) -> int:
    """What these drums earn in this order beyond reserve and transport, in exact whole money.

    Grams times money per kilogram is a thousandth of money; it is rounded down only for drums
    that do not weigh a whole number of kilograms.
    """
    batches, price = model.batches, int(model.orders.price_per_kg[order])
    thousandths = sum(
        int(count) * int(batches.drum_g[i])
        * (price - int(batches.reserve_per_kg[i]) - int(batches.transport_per_kg[i]))
        for i, count in zip(batch, drums, strict=True)
    )  # fmt: skip
    return thousandths // 1000


class Repair:
    """The state of one repair: the model, the market and the sale so far."""

    def __init__(self, model: Model, table: Table, prices: Prices) -> None:
        self.model, self.table = model, table
        self.sale = Sale(free=model.drums.copy())
        count = len(model.batches)
        self.worth = np.empty((count, len(model.lots)), dtype=np.float32)
        for rows in chunks(count):
            self.worth[rows] = worth(table, model, prices, rows)
        limited = np.minimum(model.sources_max, count) * float(table.mean_supply)
        self.reach = prices.mass * model.mass_max + prices.source * limited
        self.orders = self._hardest_first(prices)
        self._find_market()

    def _find_market(self) -> None:
        """Per batch: what the best order pays above its costs, and the best of the others."""
        count = len(self.worth)
        self.favourite = self.worth.argmax(axis=1)
        here = np.arange(count), self.favourite
        self.best = np.maximum(self.worth[here], 0)
        kept = self.worth[here].copy()
        self.worth[here] = -np.inf
        self.second = np.maximum(self.worth.max(axis=1), 0)
        self.worth[here] = kept

    def _hardest_first(self, prices: Prices) -> list[int]:
        strain = np.zeros(len(self.model.price))
        np.add.at(strain, self.table.lot_order[self.table.row_lot], prices.row)
        filled = np.unique(self.table.lot_order[self.table.usable.any(axis=0)])
        return [int(each) for each in sorted(filled, key=lambda order: (-strain[order], order))]

    def fill_at_market_prices(self, moves: int) -> None:
        """Every order buys what is worth more to it than to any other."""
        for order in self.orders:
            self._refill(order, moves, at_market=True)

    def improve(self, moves: int) -> bool:
        """Every order chooses again from its own and the unsold drums; True when money was won."""
        before = self.sale.value(self.model)
        for order in self.orders:
            self._refill(order, moves, at_market=False)
        return self.sale.value(self.model) > before

    def losses(self) -> FloatArray:
        """(orders,) what each order lacks to earn its part of the bound; these add up to the gap.

        A batch that nobody took is charged to the order that would have paid it best.
        """
        model, loss = self.model, self.reach.copy()
        for order in self.sale.lot:
            batch, drums = self.sale.batch[order], self.sale.drums[order]
            above = model.price[order] - model.cost[batch] - self.best[batch]
            loss[order] -= (model.drum_kg[batch] * drums) @ above
        unsold = self.sale.free * model.drum_kg * self.best
        np.add.at(loss, self.table.lot_order[self.favourite], unsold)
        return loss

    def reshuffle(self, order: int, company: int, moves: int) -> bool:
        """Empty this order and those that hold what it wants, fill it first; undo when that loses."""
        rivals = self._rivals(order)[:company]
        before, saved = self.sale.value(self.model), self.sale.copy()
        for each in (order, *rivals):
            self.sale.take_out(each)
        for at_market in (True, False):
            for each in (order, *rivals):
                self._refill(each, moves, at_market=at_market)
        if self.sale.value(self.model) > before:
            return True
        self.sale = saved
        return False

    def _rivals(self, order: int) -> list[int]:
        """Orders by the mass they hold that this order would pay nearly as well for."""
        lots = np.flatnonzero(self.table.lot_order == order)
        near = self.worth[:, lots].max(axis=1) >= self.best - NEAR * self.best.mean()
        wanted = {
            other: float(self.model.drum_kg[batch] @ (self.sale.drums[other] * near[batch]))
            for other, batch in self.sale.batch.items()
            if other != order
        }
        return sorted((each for each in wanted if wanted[each] > 0), key=lambda o: (-wanted[o], o))

    def _refill(self, order: int, moves: int, *, at_market: bool) -> None:
        before = self.sale.take_out(order)
        earned = money(self.model, order, before[1], before[2]) if before else 0
        chosen = before
        for lot in np.flatnonzero(self.table.lot_order == order):
            found = self._best_filling(int(lot), moves, before, at_market=at_market)
            if found is None:
                continue
            task, drums = found
            value = money(self.model, order, task.batch, drums)
            if value > earned:
                earned, chosen = value, (int(lot), task.batch, drums)
        if chosen is not None:
            self.sale.put(order, *chosen)

    def _best_filling(
        self,
        lot: int,
        moves: int,
        before: tuple[int, IntArray, IntArray] | None,
        *,
        at_market: bool,
    ) -> tuple[Task, IntArray] | None:
        price: FloatArray | None = None
        appeal = self.worth[:, lot].copy()
        if at_market:
            price = np.where(self.favourite == lot, self.second, self.best)
            appeal -= self.best
        if before is not None:
            appeal[before[1]] = np.inf
        least = self.model.drums_min[self.model.lots[lot].order]
        able = np.flatnonzero(self.table.usable[:, lot] & (self.sale.free >= least))
        if len(able) > CANDIDATES:
            able = np.sort(able[np.argsort(-appeal[able], kind="stable")[:CANDIDATES]])
        if not len(able):
            return None
        few_prices = None if price is None else price[able].astype(np.float64)
        task = task_of(self.model, self.model.lots[lot], able, self.sale.free, few_prices)
        return task.best_by_search(moves, WIDE)
