"""A round as the engine's settlement takes it: its invoices, and what each member kept with its ceiling."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from kandoo.buying.models import HandOut, Invoice, NeedPrice, OrderLine, PurchaseOrder, Round
from kandoo.engine.buying_settlement import Goods, PurchaseSettlement, SupplierInvoice, Taking, settle_purchase
from kandoo.engine.money import apportion
from kandoo.engine.sharing_rule import SharingRule

Key = tuple[str, str, str, str]  # member, round item, place, supplier; as the engine orders a taking


@dataclass(frozen=True, slots=True)
class Kept:
    """One line of a member: what it was handed and gave back, and what the units are worth to it."""

    hand_out: HandOut
    returned: int
    price: NeedPrice
    wanted: int  # of the units it kept, those it wanted: it would not have bought more alone

    @property
    def units(self) -> int:
        return self.hand_out.quantity - self.returned

    @property
    def key(self) -> Key:
        line = self.hand_out.line
        quotation = line.quotation_line.quotation
        return (
            str(self.hand_out.enterprise_id), str(line.need.round_item_id), str(self.hand_out.place_id),
            str(quotation.enterprise_id),
        )  # fmt: skip

    @property
    def alone(self) -> int:
        """Rial: what the units it wanted and kept cost it alone; where it said no such price, at its highest."""
        return self.wanted * (self.price.alone or self.price.highest or 0)


def kept_in(this: Round) -> list[Kept]:
    """What each member kept, line by line."""
    rows = this.hand_outs.select_related(
        "enterprise", "item", "line__need__round_item__item", "line__quotation_line__quotation", "place__point"
    ).annotate(returned=Sum("returns__quantity", default=0))
    found = list(rows.order_by("enterprise__sort_key", "enterprise_id", "item__sort_key", "pk"))
    prices = {each.need_id: each for each in NeedPrice.objects.filter(need__in={row.line.need_id for row in found})}
    wanted = _wanted(found)
    return [Kept(row, row.returned, prices[row.line.need_id], wanted[row.pk]) for row in found]


def _wanted(rows: Sequence[Any]) -> dict[int, int]:
    """Of the units kept of each need, however many more it accepted, those it wanted; over its lines by units."""
    needs: dict[int, dict[int, int]] = defaultdict(dict)
    most: dict[int, int] = {}
    for row in rows:
        needs[row.line.need_id][row.pk] = row.quantity - row.returned
        most[row.line.need_id] = row.line.need.quantity
    found: dict[int, int] = {}
    for need, units in needs.items():
        found |= apportion(min(most[need], sum(units.values())), units)
    return found


def settlement_of(this: Round, kept: Sequence[Kept]) -> PurchaseSettlement:
    """The settlement of a round whose orders are invoiced."""
    return settle_purchase(_invoices(this), _takings(kept), SharingRule.from_dict(this.rule))


def _invoices(this: Round) -> list[SupplierInvoice]:
    lines = {each.pk: each for each in OrderLine.objects.filter(order__round=this).select_related("quotation_line")}
    return [
        SupplierInvoice(
            supplier=str(invoice.enterprise_id),
            goods=tuple(
                Goods(str(lines[pk].quotation_line.round_item_id), str(lines[pk].place_id), amount)
                for pk, amount in invoice.goods
            ),
            delivery=invoice.delivery,
        )
        for invoice in Invoice.objects.filter(order__round=this).order_by("pk")
    ]


def _takings(kept: Sequence[Kept]) -> list[Taking]:
    """What each member kept, with the most it pays for it: its ceiling for the units it wanted."""
    return [Taking(*each.key, each.units, each.wanted * each.price.ceiling) for each in kept]


@dataclass(frozen=True, slots=True)
class Missing:
    """What is still to be done before a round can be settled."""

    unsigned: int
    uninvoiced: tuple[PurchaseOrder, ...]

    @property
    def is_nothing(self) -> bool:
        return not (self.unsigned or self.uninvoiced)


def missing_of(this: Round) -> Missing:
    """Lines not handed out, and orders without an invoice."""
    orders = this.purchase_orders.select_related("enterprise").filter(invoice=None).order_by("code")
    return Missing(this.hand_outs.filter(signed="", quantity__gt=0).count(), tuple(orders))
