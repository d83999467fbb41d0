"""Rows of a round as the values of the engine, and its plan as rows again."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kandoo.buying.models import Need, NeedPrice, PlanLine, Quotation, QuotationLine, Round
from kandoo.engine.buying import ANY_DAY, Needs, Offer, Step, Supplier, plan_purchase
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
    to_places: dict[str, dict[str, int]]  # supplier -> point -> rial for delivering there, beside its fixed delivery


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
        to_places={
            str(each.enterprise_id): {str(place.place_id): place.delivery for place in each.places.all()}
            for each in quotations
        },
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


def planned(values: PurchaseValues, *, gap: float) -> dict[str, Any]:
    """The cheapest purchase found, as `BuyingPlan.to_dict()` says it, divided at one price for all.

    The engine knows one delivery a supplier. Where a quotation asks more for single points, two plans are made as if
    its points were all brought to: all it lists, and those that would be without that cost. What is then not brought
    to is taken off, and the cheaper plan is kept; the bound is that of a plan with no such cost. So nobody is above its
    ceiling and the bound is below every plan, but the gap may be wider than asked for.
    """
    free = plan_purchase(values.needs, values.suppliers, gap=gap).to_dict()
    if not any(cost for places in values.to_places.values() for cost in places.values()):
        return free
    used = {part["supplier_id"]: {line["place"] for line in part["lines"]} for part in free["suppliers"]}
    choices = (values.to_places, {each: used.get(each, set(places)) for each, places in values.to_places.items()})
    content = min((_planned_for(values, points, gap) for points in choices), key=lambda each: int(each["total_cost"]))
    content["bound"] = min(free["bound"], content["total_cost"])
    content["gap"] = (content["total_cost"] - content["bound"]) / max(content["total_cost"], 1)
    return content | {"has_delivery_by_place": True}


def _planned_for(values: PurchaseValues, points: Mapping[str, Collection[str]], gap: float) -> dict[str, Any]:
    """The plan in which each supplier brings to these of its points alone; what it does not bring to costs nothing."""
    suppliers = [_bringing_to(each, values.to_places[each.supplier_id], points) for each in values.suppliers]
    content = plan_purchase(values.needs, suppliers, gap=gap).to_dict()
    for part in content["suppliers"]:
        costs, brought = values.to_places[part["supplier_id"]], {line["place"] for line in part["lines"]}
        spared = sum(costs.get(place, 0) for place in points[part["supplier_id"]] if place not in brought)
        part["delivery"] -= spared
        content["total_cost"] -= spared
    _divide(values, content)
    return content


def _bringing_to(supplier: Supplier, costs: Mapping[str, int], points: Mapping[str, Collection[str]]) -> Supplier:
    if not costs:
        return supplier
    places = frozenset(points[supplier.supplier_id]) & costs.keys()
    return replace(
        supplier,
        offers=tuple(replace(each, places=places) for each in supplier.offers),
        delivery_fixed=supplier.delivery_fixed + sum(costs[place] for place in places),
    )


def _divide(values: PurchaseValues, content: dict[str, Any]) -> None:
    """Write what each member pays at one price for all into a plan whose deliveries have changed."""
    parts = [(member["member_id"], line) for member in content["members"] for line in member["lines"]]
    invoices = [_as_invoiced(each) for each in content["suppliers"]]
    settled = settle_purchase(invoices, _takings(values, parts), SharingRule("uniform"))
    amounts = {(each.member, each.item, each.place, each.supplier): each.amount for each in settled.charges}
    for member in content["members"]:
        for line in member["lines"]:
            line["amount"] = amounts[member["member_id"], line["item"], line["place"], line["supplier_id"]]
        member["amount"] = sum(line["amount"] for line in member["lines"])
        member["gain"] = member["alone"] - member["amount"]


def plan_lines(values: PurchaseValues, content: Mapping[str, Any], rule: SharingRule) -> list[PlanLine]:
    """Each member's part as rows, not yet of any plan and not saved; amounts by the round's rule, as it will be settled.

    `content` is what `planned` gives, which divides at one price for all.
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
