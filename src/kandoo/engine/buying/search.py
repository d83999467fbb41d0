"""Where a search stands: the cheapest purchase so far, and the bound below every purchase.

What a purchase costs is counted from the quotations in whole numbers, never taken from the solver.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from .allocate import Purchase, allocate
from .bill import groups_of, invoices
from .market import Market
from .merit import Merit, Tangents
from .model import Model
from .solver import Answer, Program
from .terms import cost_of
from .values import FloatArray, IntArray

NEAR = (0.9, 0.95, 0.98, 1.0, 1.02, 1.05, 1.1)  # there and thereabouts


@dataclass(slots=True)
class Search:
    """The cheapest purchase so far and the bound below every plan."""

    market: Market
    merit: Merit
    model: Model
    tangents: Tangents
    gap: float
    purchase: Purchase
    cost: int
    bound: float = 0.0  # nobody is paid for taking goods

    def program(self, *, whole: bool) -> Program:
        """The program with the tangents of the moment."""
        program = self.model.program
        if whole:
            marks = program.whole.copy()
            marks[self.model.packs] = True
            program = replace(program, whole=marks)
        return program.with_segments(self.tangents.segments(), self.model.first_cell)

    @property
    def is_done(self) -> bool:
        return self.cost - self.bound <= self.gap * self.cost

    def take(self, bought: Mapping[tuple[int, int], int]) -> int:
        """Take over what (offer, zone) -> units buys, if it is cheaper; what it costs."""
        purchase, cost = worth_buying(self.market, bought)
        if cost < self.cost:
            self.purchase, self.cost = purchase, cost
        return cost

    def raise_bound(self, bound: float) -> None:
        """Costs are whole, so a bound may be rounded up; and no bound is above a plan."""
        up = np.ceil(bound - 1e-6 * max(1.0, abs(bound) * 1e-6))
        self.bound = max(self.bound, min(float(up), float(self.cost)))

    @property
    def item(self) -> IntArray:
        """The item of each column of the program; -1 = none."""
        zone = self.market.zone_of_cell[self.tangents.segments().cell]
        of_zone = np.array([each.item for each in self.market.zones], dtype=np.int64)
        return np.concatenate([self.model.item, of_zone[zone]])

    def refine(self, answer: Answer) -> int:
        """Put tangents where this answer serves each cell; the number that is new."""
        if answer.x is None:
            return 0
        segments = self.tangents.segments()
        served = np.zeros(self.market.cells)
        np.add.at(served, segments.cell, answer.x[len(self.model.program.cost) :])
        told = np.zeros(self.market.cells)
        np.add.at(told, segments.cell, segments.price * answer.x[len(self.model.program.cost) :])
        if (told - self.merit.true_saving(served)).sum() <= 0.1 * self.gap * self.cost:
            return 0
        return sum(self.tangents.add(self.merit.row_at(part * served)) for part in NEAR)


def bought_by(market: Market, model: Model, x: FloatArray) -> dict[tuple[int, int], int]:
    """(offer, zone) -> units, as the solver has it but for what no supplier would sell."""
    bought: dict[tuple[int, int], int] = {}
    for number, (packs, waste) in model.brought(x).items():
        offer = market.offers[number][1]
        packs = [packs[0] + waste, *packs[1:]]
        try:
            cost_of(offer, offer.pack * sum(packs))
        except ValueError:
            continue
        for link, count in zip(market.links[number], packs, strict=True):
            if count:
                bought[number, link.zone] = count * offer.pack
    return bought


def worth_buying(market: Market, bought: Mapping[tuple[int, int], int]) -> tuple[Purchase, int]:
    """The purchase without suppliers below their minimum order, and without groups that cost more than alone."""
    while True:
        purchase = allocate(market, bought)
        _, invoice = invoices(market, purchase)
        short = {
            supplier
            for supplier, cost in invoice.items()
            if cost - market.suppliers[supplier].delivery_fixed < market.suppliers[supplier].minimum_order
        }
        for group in groups_of(market, purchase, invoice):
            if group.cost > group.ceiling:
                short.update(group.suppliers)
        if not short:
            unserved = (market.needs.quantity - purchase.served) @ market.needs.alone_price
            return purchase, sum(invoice.values()) + int(unserved)
        bought = {key: units for key, units in bought.items() if market.offers[key[0]][0] not in short}
