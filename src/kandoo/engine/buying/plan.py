"""The plan as a value that explains itself: invoices, what everybody pays and gains, and the proof."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from .allocate import Purchase
from .bill import Bill, ceilings, charge
from .market import Market
from .temptation import Temptation, worst_temptation
from .terms import Band, bands_of


@dataclass(frozen=True, slots=True, repr=False)
class BuyingPlan:
    """Who brings what, who gets it and what it costs; money in the smallest unit.

    `total_cost` is what all invoices come to, with delivery, plus what the units that are not bought
    together cost alone. No plan costs less than `bound`.
    """

    market: Market
    purchase: Purchase
    bill: Bill
    total_cost: int
    bound: int
    temptation: Temptation

    @property
    def alone_cost(self) -> int:
        return self.market.needs.alone_cost

    @property
    def gap(self) -> float:
        """(total_cost - bound) / total_cost, 0 when nothing costs anything."""
        return (self.total_cost - self.bound) / self.total_cost if self.total_cost else 0.0

    def __repr__(self) -> str:
        return (
            f"BuyingPlan(total_cost={self.total_cost}, bound={self.bound}, gap={self.gap:.4%}, "
            f"{len(self.bill.invoice)} suppliers, {len(self.purchase.lines)} lines)"
        )

    def summary(self) -> str:
        """A few lines a person can read."""
        needs, served = self.market.needs, self.purchase.served
        short = np.count_nonzero(served < needs.quantity)
        saved = self.alone_cost - self.total_cost
        lines = [
            f"All needs cost {self.total_cost:,} instead of {self.alone_cost:,}: {saved:,} less "
            f"({saved / max(self.alone_cost, 1):.2%}).",
            f"No plan costs less than {self.bound:,} (gap {self.gap:.4%}).",
            f"{len(self.bill.invoice)} of {len(self.market.suppliers)} suppliers are used; "
            f"{short} of {len(needs)} needs are not or not wholly served.",
            f"No group would save more than {float(self.temptation.bound):.4%} of what it pays by leaving.",
        ]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """The contents of plan.json."""
        worst, needs = self.temptation, self.market.needs
        return {
            "total_cost": self.total_cost,
            "bound": self.bound,
            "gap": self.gap,
            "alone_cost": self.alone_cost,
            "suppliers": [self._supplier(number) for number in sorted(self.bill.invoice)],
            "members": list(self._members()),
            "unserved": [self._unserved(row) for row in np.flatnonzero(self.purchase.served < needs.quantity).tolist()],
            "surplus": self._surplus(),
            "epsilon": float(worst.epsilon),
            "epsilon_bound": float(worst.bound),
            "worst_group": {
                "supplier_id": None if worst.supplier < 0 else self.market.suppliers[worst.supplier].supplier_id,
                "member_ids": sorted({needs.members[needs.member[row]] for row in worst.needs}),
            },
        }

    def _supplier(self, number: int) -> dict[str, Any]:
        supplier = self.market.suppliers[number]
        offers = [offer for offer in self.bill.goods if self.market.offers[offer][0] == number]
        return {
            "supplier_id": supplier.supplier_id,
            "lines": [line for offer in offers for line in self._supplier_lines(offer)],
            "delivery": supplier.delivery_fixed,
        }

    def _supplier_lines(self, number: int) -> Iterator[dict[str, Any]]:
        """Quantities by place; the bands of an incremental price are filled place by place."""
        offer, needs = self.market.offers[number][1], self.market.needs
        by_place = self._by_place(number)
        bands = bands_of(offer, sum(by_place.values()))
        at, left = 0, bands[0].quantity
        for place, quantity in by_place.items():
            while quantity:
                part = min(quantity, left)
                yield {
                    "item": offer.item,
                    "place": needs.locations[place],
                    "quantity": part,
                    "unit_price": bands[at].unit_price,
                }
                quantity, left = quantity - part, left - part
                if not left and at + 1 < len(bands):
                    at, left = at + 1, Band(*bands[at + 1]).quantity

    def _by_place(self, number: int) -> dict[int, int]:
        """Place -> units of an offer; in a zone of many places what nobody takes goes to the first."""
        lines, found = self.purchase.lines, dict[int, int]()
        mine = lines.offer == number
        place = self.market.needs.place[lines.need[mine]]
        for where, units in zip(place.tolist(), lines.units[mine].tolist(), strict=True):
            found[where] = found.get(where, 0) + units
        for (offer, zone), bought in self.purchase.bought.items():
            places = self.market.zones[zone].places
            if offer == number and bought > (taken := sum(found.get(each, 0) for each in places)):
                found[places[0]] = found.get(places[0], 0) + bought - taken
        return dict(sorted(found.items()))

    def _members(self) -> Iterator[dict[str, Any]]:
        needs, lines = self.market.needs, self.purchase.lines
        alone = np.zeros(len(needs.members), dtype=np.int64)
        np.add.at(alone, needs.member, ceilings(self.market, self.purchase))
        columns = (needs.member[lines.need], lines.need, lines.offer, lines.units, self.bill.amount)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        lines_of = {member: list(each) for member, each in groupby(rows, key=lambda row: row[0])}
        for member, name in enumerate(needs.members):
            mine = lines_of.get(member, [])
            amount = sum(row[4] for row in mine)
            yield {
                "member_id": name,
                "lines": [self._member_line(*row[1:]) for row in mine],
                "amount": amount,
                "alone": int(alone[member]),
                "gain": int(alone[member]) - amount,
            }

    def _member_line(self, row: int, number: int, units: int, amount: int) -> dict[str, Any]:
        supplier, offer = self.market.offers[number]
        return {
            "item": offer.item,
            "place": self.market.needs.locations[self.market.needs.place[row]],
            "quantity": units,
            "supplier_id": self.market.suppliers[supplier].supplier_id,
            "amount": amount,
        }

    def _unserved(self, row: int) -> dict[str, Any]:
        needs = self.market.needs
        quantity = int(needs.quantity[row] - self.purchase.served[row])
        return {
            "member_id": needs.members[needs.member[row]],
            "item": needs.items[needs.item[row]],
            "place": needs.locations[needs.place[row]],
            "quantity": quantity,
            "cost": quantity * int(needs.alone_price[row]),
            "reason": "nobody_delivers" if self.market.cell[row] < 0 else "cheaper_alone",
        }

    def _surplus(self) -> list[dict[str, Any]]:
        """Packs' ends that nobody takes."""
        taken: dict[tuple[int, int], int] = {}
        lines = self.purchase.lines
        zone = self.market.zone_of_cell[self.market.cell[lines.need]]
        for offer, where, units in zip(lines.offer.tolist(), zone.tolist(), lines.units.tolist(), strict=True):
            taken[offer, where] = taken.get((offer, where), 0) + units
        left = {key: units - taken.get(key, 0) for key, units in sorted(self.purchase.bought.items())}
        return [
            {
                "supplier_id": self.market.suppliers[self.market.offers[offer][0]].supplier_id,
                "item": self.market.offers[offer][1].item,
                "place": self.market.needs.locations[self.market.zones[zone].places[0]],
                "quantity": units,
            }
            for (offer, zone), units in left.items()
            if units
        ]


def describe(market: Market, purchase: Purchase, cost: int, bound: float) -> BuyingPlan:
    """Share the bill, look for who would leave, and put it all together."""
    bill = charge(market, purchase)
    temptation = worst_temptation(market, purchase, bill)
    return BuyingPlan(market, purchase, bill, cost, int(bound), temptation)
