"""Rows of a round as the values of the engine, and its plan as rows again."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kandoo.buying.models import Need, NeedPrice, PlanLine, Quotation, QuotationLine, Round
from kandoo.engine.buying import ANY_DAY, Needs, Offer, Step, Supplier
from kandoo.engine.buying_settlement import Goods, SupplierInvoice, Taking, settle_purchase
from kandoo.engine.money import apportion
from kandoo.engine.sharing_rule import SharingRule

Key = tuple[str, str, str]  # enterprise, round item, point


@dataclass(frozen=True, slots=True)
class PurchaseValues:
    """A round's confirmed needs and valid quotations, with the rows they came from."""

    needs: Needs
    suppliers: tuple[Supplier, ...]
    need_of: dict[Key, Need]
    ceiling_of: dict[Key, int]  # rial for a unit
    line_of: dict[tuple[str, str], QuotationLine]  # supplier, round item
    quotation_of: dict[str, Quotation]


def purchase_values(
    this: Round, on: date, *, without: Collection[int] = (), waived: Collection[int] | None = None
) -> PurchaseValues:
    """What is planned for on a day: needs that are confirmed, but for the members left out; quotations valid then.

    `waived` are suppliers whose minimum order is not held to; by default those of the round.
    """
    needs = list(this.needs.filter(is_withdrawn=False).exclude(confirmed="").exclude(enterprise__in=without))
    ceilings = {each.need_id: each.ceiling for each in NeedPrice.objects.filter(need__in=needs)}
    quotations = list(
        this.quotations.filter(is_withdrawn=False, valid_until__gte=on)
        .prefetch_related("lines", "places")
        .order_by("pk")
    )
    let_go = set(this.waived if waived is None else waived)
    return PurchaseValues(
        needs=Needs.build(
            [str(each.enterprise_id) for each in needs],
            [str(each.round_item_id) for each in needs],
            [each.quantity for each in needs],
            [each.quantity_max for each in needs],
            [str(each.place_id) for each in needs],
            [each.latest_on.toordinal() if each.latest_on else ANY_DAY for each in needs],
            [ceilings[each.pk] for each in needs],
        ),
        suppliers=tuple(_supplier(each, is_waived=each.enterprise_id in let_go) for each in quotations),
        need_of={_key(each): each for each in needs},
        ceiling_of={_key(each): ceilings[each.pk] for each in needs},
        line_of={
            (str(each.enterprise_id), str(line.round_item_id)): line for each in quotations for line in each.lines.all()
        },
        quotation_of={str(each.enterprise_id): each for each in quotations},
    )


def _key(need: Need) -> Key:
    return str(need.enterprise_id), str(need.round_item_id), str(need.place_id)


def _supplier(quotation: Quotation, *, is_waived: bool) -> Supplier:
    places = {str(each.place_id): each.delivery for each in quotation.places.all()}
    return Supplier(
        str(quotation.enterprise_id),
        tuple(_offer(line, frozenset(places) or None) for line in quotation.lines.all()),
        minimum_order=0 if is_waived else quotation.minimum_order,
        delivery_fixed=quotation.delivery_fixed,
    )


def _offer(line: QuotationLine, places: frozenset[str] | None) -> Offer:
    return Offer(
        item=str(line.round_item_id),
        steps=tuple(Step(quantity, price) for quantity, price in line.steps),
        kind=line.kind,  # type: ignore[arg-type]  # the choices are the engine's own
        capacity=line.capacity,
        pack=line.pack,
        places=places,
        deliver_by=line.deliver_by.toordinal() if line.deliver_by else None,
    )


def plan_lines(values: PurchaseValues, content: Mapping[str, Any], rule: SharingRule) -> list[PlanLine]:
    """Each member's part as rows, not yet of any plan and not saved; amounts by the round's rule, as it will be settled.

    `content` is `BuyingPlan.to_dict()`, which divides at one price for all.
    """
    parts = [(member["member_id"], line) for member in content["members"] for line in member["lines"]]
    takings = _takings(values, parts)
    settled = settle_purchase([_as_invoiced(each) for each in content["suppliers"]], takings, rule)
    amounts = {(each.member, each.item, each.place, each.supplier): each.amount for each in settled.charges}
    lines = []
    for taking in takings:
        need = values.need_of[taking.member, taking.item, taking.place]
        quoted = values.line_of[taking.supplier, taking.item]
        lines.append(
            PlanLine(
                cluster_id=need.cluster_id,
                need=need,
                quotation_line=quoted,
                enterprise_id=need.enterprise_id,
                supplier_id=int(taking.supplier),
                brings_id=quoted.brings_id,
                quantity=taking.units,
                amount=amounts[taking.key],
            )
        )
    return lines


def _takings(values: PurchaseValues, parts: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Taking]:
    """What each member is to get, with the most it pays for it: its ceiling for the units it wanted."""
    units: dict[Key, dict[str, int]] = defaultdict(dict)
    for member, line in parts:
        units[member, line["item"], line["place"]][line["supplier_id"]] = line["quantity"]
    takings = []
    for key, of_supplier in units.items():
        wanted = apportion(min(values.need_of[key].quantity, sum(of_supplier.values())), of_supplier)
        takings += [
            Taking(*key, supplier, quantity, wanted[supplier] * values.ceiling_of[key])
            for supplier, quantity in of_supplier.items()
        ]
    return takings


def _as_invoiced(part: Mapping[str, Any]) -> SupplierInvoice:
    goods = tuple(Goods(line["item"], line["place"], line["quantity"] * line["unit_price"]) for line in part["lines"])
    return SupplierInvoice(part["supplier_id"], goods, part["delivery"])


def supplier_totals(part: dict[str, Any]) -> tuple[int, int]:
    """(goods, delivery) of one supplier's part of a plan, in rial."""
    return sum(line["quantity"] * line["unit_price"] for line in part["lines"]), part["delivery"]
