"""Settle a joint purchase: what each member pays for what it kept, to the last unit of money.

1. What a supplier invoices for an item goes to the places that kept of it, by units, so that units
   nobody kept (ends of packs, returns) are borne by those who take the item; its delivery, and an
   item nobody kept, by the value of what each place kept from it. A supplier of whom nobody kept
   anything is borne by all, by value.
2. A place's item that costs more than its members would pay for it at most costs that; what is missing
   is taken from those who buy from the same suppliers, or from suppliers of theirs, and what they
   cannot bear from all others, by their gain. What then is left is `uncovered`.
3. Within a place's item the round's sharing rule divides, with its part for the reserve, so that nobody
   is above what it would pay at most.

Without differences this is how the plan divides (`buying/bill.py`). Money is whole, rounding by the
largest remainder, ties in the order of the names: the order of entry never matters.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from kandoo.engine.money import apportion
from kandoo.engine.sharing.rules import apportion_whole, divide, refuse_for_bills
from kandoo.engine.sharing_rule import SharingRule

Cell = tuple[str, str]  # (item, place)
K = TypeVar("K", bound=Any)


@dataclass(frozen=True, slots=True)
class Goods:
    """What a supplier asks for one item at one place, without delivery."""

    item: str
    place: str
    amount: int


@dataclass(frozen=True, slots=True)
class SupplierInvoice:
    """One supplier's invoice."""

    supplier: str
    goods: tuple[Goods, ...]
    delivery: int = 0

    @property
    def total(self) -> int:
        return sum(each.amount for each in self.goods) + self.delivery


@dataclass(frozen=True, slots=True)
class Taking:
    """Units of an item that a member kept from a supplier at a place; `most` is what it pays for them at most."""

    member: str
    item: str
    place: str
    supplier: str
    units: int
    most: int

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.member, self.item, self.place, self.supplier


@dataclass(frozen=True, slots=True)
class Charge:
    """What a member pays for one taking; `reserve` is the part of `amount` for the cluster's reserve."""

    member: str
    item: str
    place: str
    supplier: str
    units: int
    amount: int
    reserve: int
    most: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """What anybody may check: it adds up, and the least that any member gains is not below zero."""

    invoiced: int
    charged: int
    reserve: int
    uncovered: int
    gain_least: int

    @property
    def holds(self) -> bool:
        return self.gain_least >= 0 and self.charged + self.uncovered == self.invoiced + self.reserve


@dataclass(frozen=True, slots=True)
class PurchaseSettlement:
    """Charges by member, item, place and supplier; they add up to the invoices and the reserve, less `uncovered`."""

    rule: SharingRule
    charges: tuple[Charge, ...]
    invoiced: int
    reserve: int
    uncovered: int

    @property
    def members(self) -> dict[str, int]:
        """What each member pays in all."""
        sums: dict[str, int] = defaultdict(int)
        for each in self.charges:
            sums[each.member] += each.amount
        return dict(sums)

    @property
    def certificate(self) -> Certificate:
        gains: dict[str, int] = defaultdict(int)
        for each in self.charges:
            gains[each.member] += each.most - each.amount
        charged = sum(each.amount for each in self.charges)
        return Certificate(self.invoiced, charged, self.reserve, self.uncovered, min(gains.values(), default=0))

    def to_dict(self) -> dict[str, Any]:
        return {
            "rule": self.rule.to_dict(),
            "invoiced": self.invoiced,
            "reserve": self.reserve,
            "uncovered": self.uncovered,
            "charges": [asdict(each) for each in self.charges],
        }


def settle_purchase(
    invoices: Sequence[SupplierInvoice], takings: Sequence[Taking], rule: SharingRule
) -> PurchaseSettlement:
    """Divide suppliers' invoices over what members kept.

    Parameters
    ----------
    invoices : one a supplier; amounts at least 0, in the smallest unit of money.
    takings : one a member, item, place and supplier; units and `most` at least 0. What was given back
        whole may be left out or have no units: it is charged nothing.
    rule : never by quality, which a bill does not have.

    Raises
    ------
    BadRule
        `earnings_only`, when the rule shares by quality.
    ValueError
        When a supplier or a taking is there twice, a number is negative, or somebody kept what its
        supplier did not invoice.

    Examples
    --------
    >>> sugar = SupplierInvoice("mill", (Goods("sugar", "town", 900),), delivery=101)
    >>> kept = [Taking("anvil", "sugar", "town", "mill", 60, 720), Taking("borer", "sugar", "town", "mill", 40, 400)]
    >>> settle_purchase([sugar], kept, SharingRule("uniform")).members
    {'anvil': 601, 'borer': 400}
    """
    refuse_for_bills(rule)
    kept = sorted((each for each in takings if each.units), key=lambda each: each.key)
    _refuse_unusable(invoices, takings, kept)
    asked = _asked(invoices, kept)
    room = _sums((((each.item, each.place), each.most) for each in kept), asked)
    paid = _within(asked, room, _groups(asked, kept))
    charges: list[Charge] = []
    for cell, amount in paid.items():
        charges += _charged(amount, [each for each in kept if (each.item, each.place) == cell], rule)
    invoiced = sum(each.total for each in invoices)
    return PurchaseSettlement(
        rule=rule,
        charges=tuple(sorted(charges, key=lambda each: (each.member, each.item, each.place, each.supplier))),
        invoiced=invoiced,
        reserve=sum(each.reserve for each in charges),
        uncovered=invoiced - sum(paid.values()),
    )


def _refuse_unusable(invoices: Sequence[SupplierInvoice], takings: Sequence[Taking], kept: Sequence[Taking]) -> None:
    if len({each.supplier for each in invoices}) != len(invoices):
        raise ValueError("A supplier has two invoices.")
    if len({each.key for each in takings}) != len(takings):
        raise ValueError("A taking is there twice.")
    numbers = [number for each in takings for number in (each.units, each.most)]
    numbers += [number for each in invoices for number in (each.delivery, *(goods.amount for goods in each.goods))]
    if any(number < 0 for number in numbers):
        raise ValueError("A number is negative.")
    offered = {(each.supplier, goods.item) for each in invoices for goods in each.goods}
    if missing := sorted({(each.supplier, each.item) for each in kept} - offered):
        raise ValueError(f"Supplier {missing[0][0]!r} did not invoice {missing[0][1]!r}, and somebody kept it.")


def _sums(pairs: Iterable[tuple[K, int]], keys: Iterable[K] = ()) -> dict[K, int]:
    found: dict[K, int] = dict.fromkeys(keys, 0)
    for key, amount in pairs:
        found[key] = found.get(key, 0) + amount
    return found


def _asked(invoices: Sequence[SupplierInvoice], kept: Sequence[Taking]) -> dict[Cell, int]:
    """What each item at each place would pay before any correction, in the order of their names."""
    asked = dict.fromkeys(sorted({(each.item, each.place) for each in kept}), 0)
    borne_by_all = 0
    for invoice in sorted(invoices, key=lambda each: each.supplier):
        mine = [each for each in kept if each.supplier == invoice.supplier]
        if not mine:
            borne_by_all += invoice.total
            continue
        for cell, amount in _asked_of_one(invoice, mine).items():
            asked[cell] += amount
    weights = asked if any(asked.values()) else dict.fromkeys(asked, 1)
    for cell, amount in (apportion_whole_pairs(borne_by_all, weights) if asked else {}).items():
        asked[cell] += amount
    return asked


def _asked_of_one(invoice: SupplierInvoice, mine: Sequence[Taking]) -> dict[Cell, int]:
    """One supplier's invoice by what was kept of it: an item by units, the rest by value."""
    units = _sums(((each.item, each.place), each.units) for each in mine)
    goods = _sums((each.item, each.amount) for each in invoice.goods)
    value: dict[Cell, int] = {}
    for item, amount in sorted(goods.items()):
        value |= apportion_whole_pairs(amount, {cell: own for cell, own in units.items() if cell[0] == item})
    rest = invoice.total - sum(value.values())
    more = apportion_whole_pairs(rest, value if any(value.values()) else units)
    return {cell: amount + more[cell] for cell, amount in value.items()}


def apportion_whole_pairs(amount: int, weights: Mapping[Cell, int]) -> dict[Cell, int]:
    """By whole weights; nothing where there is nobody to bear it."""
    return apportion(amount, weights) if weights else {}


def _groups(asked: Mapping[Cell, int], kept: Sequence[Taking]) -> list[list[Cell]]:
    """Places' items that hang together by their suppliers."""
    groups: list[tuple[set[Cell], set[str]]] = []
    for cell in asked:
        suppliers = {each.supplier for each in kept if (each.item, each.place) == cell}
        cells = {cell}
        apart = []
        for group in groups:
            if group[1] & suppliers:
                cells, suppliers = cells | group[0], suppliers | group[1]
            else:
                apart.append(group)
        groups = [*apart, (cells, suppliers)]
    return [sorted(cells) for cells, _suppliers in groups]


def _within(asked: Mapping[Cell, int], room: Mapping[Cell, int], groups: Sequence[Sequence[Cell]]) -> dict[Cell, int]:
    """Nothing above its room; what is missing from its group by gain, then from all."""
    paid: dict[Cell, int] = {}
    missing = 0
    for group in groups:
        found, left = _levelled({cell: asked[cell] for cell in group}, room)
        paid |= found
        missing += left
    if missing:
        gain = {cell: room[cell] - amount for cell, amount in paid.items()}
        more = apportion(min(missing, sum(gain.values())), gain)
        paid = {cell: amount + more[cell] for cell, amount in paid.items()}
    return dict(sorted(paid.items()))


def _levelled(asked: Mapping[Cell, int], room: Mapping[Cell, int]) -> tuple[dict[Cell, int], int]:
    """(what each pays, what all of them together cannot bear)."""
    gain = {cell: max(room[cell] - amount, 0) for cell, amount in asked.items()}
    missing = sum(max(amount - room[cell], 0) for cell, amount in asked.items())
    borne = min(missing, sum(gain.values()))
    more = apportion(borne, gain)
    return {cell: min(amount, room[cell]) + more[cell] for cell, amount in asked.items()}, missing - borne


def _charged(amount: int, mine: Sequence[Taking], rule: SharingRule) -> list[Charge]:
    """One item at one place by the rule, then each member's part over its suppliers by units."""
    units = _sums((each.member, each.units) for each in mine)
    most = _sums((each.member, each.most) for each in mine)
    paid, reserve = divide(rule, amount, units, most)
    reserves = apportion_whole(reserve, paid if any(paid.values()) else units)
    charges = []
    for member in paid:
        own = [each for each in mine if each.member == member]
        weights = {each.supplier: each.units for each in own}
        amounts = apportion_whole(paid[member], weights)
        saved = apportion_whole(reserves[member], amounts if any(amounts.values()) else weights)
        charges += [
            Charge(*each.key, each.units, amounts[each.supplier], saved[each.supplier], each.most) for each in own
        ]
    return charges
