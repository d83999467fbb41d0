"""What a closed round shows: cost and saving, suppliers with their steps, who is unserved and why, what changed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kandoo.buying.actions.plans import GAP
from kandoo.buying.closing_check import faults_of
from kandoo.buying.models import Plan, QuotationLine, Round, RoundItem, RoundPlace
from kandoo.buying.planning import planned, purchase_values
from kandoo.engine.buying import Offer
from kandoo.engine.buying.one_more import one_more_pack
from kandoo.engine.buying.values import Step
from kandoo.register.models import Enterprise
from kandoo.site import language as lang
from kandoo.site.lists import page_language
from kandoo.site.pictures import price_steps


@dataclass(frozen=True, slots=True)
class Names:
    """The rows behind the ids of a plan."""

    items: dict[str, RoundItem]
    places: dict[str, RoundPlace]
    firms: dict[str, Enterprise]

    @classmethod
    def of(cls, this: Round, firms: set[int]) -> "Names":
        return cls(
            {str(each.pk): each for each in this.items.select_related("item")},
            {str(each.pk): each for each in this.places.select_related("point")},
            {str(each.pk): each for each in Enterprise.objects.filter(pk__in=firms)},
        )


@dataclass(frozen=True, slots=True)
class ItemPart:
    """An item of a supplier's part: how much goes where, its steps as a picture, what one pallet more would do."""

    item: RoundItem
    brings: Any
    quantity: int
    goods: int
    places: list[tuple[RoundPlace, int]]
    picture: SafeString
    columns: list[str]
    rows: list[list[str]]
    one_more: str


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """One supplier of the plan with its items."""

    supplier: Enterprise
    quotation: Any
    goods: int
    delivery: int
    items: list[ItemPart]
    is_below_minimum: bool

    @property
    def total(self) -> int:
        return self.goods + self.delivery


@dataclass(frozen=True, slots=True)
class Unserved:
    """A need that is not or not wholly bought together, and why."""

    member: Enterprise
    item: RoundItem
    place: RoundPlace
    quantity: int
    cost: int
    why: str


def plan_context(plan: Plan) -> dict[str, Any]:
    """All the agent and the auditor read of a plan."""
    content = plan.content
    parts = list(plan.supplier_parts.select_related("enterprise", "quotation").order_by("-goods", "pk"))
    firms = {each.enterprise_id for each in parts} | {int(each["member_id"]) for each in content["unserved"]}
    names = Names.of(plan.round, firms)
    bought = sum(each.goods + each.delivery for each in parts)
    return {
        "plan": plan,
        "saving": plan.alone_cost - plan.total_cost,
        "saving_share": (plan.alone_cost - plan.total_cost) / plan.alone_cost if plan.alone_cost else 0,
        "bought": bought,
        "checked": faults_of(plan),
        "suppliers": [_supplier(each, names) for each in parts],
        "unserved": [_unserved(each, names) for each in content["unserved"]],
        "surplus": [
            (names.items[each["item"]], names.places[each["place"]], each["quantity"]) for each in content["surplus"]
        ],
        "members": plan.lines.values("enterprise").distinct().count(),
        "needing": len(content["members"]),
    }


def _supplier(part: Any, names: Names) -> SupplierRow:
    by_item: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in part.content["lines"]:
        by_item[line["item"]].append(line)
    quoted = {str(each.round_item_id): each for each in part.quotation.lines.select_related("brings")}
    return SupplierRow(
        supplier=part.enterprise,
        quotation=part.quotation,
        goods=part.goods,
        delivery=part.delivery,
        items=[_item_part(names, item, quoted[item], lines) for item, lines in by_item.items()],
        is_below_minimum=part.goods < part.quotation.minimum_order,
    )


def _item_part(names: Names, item: str, quoted: QuotationLine, lines: Sequence[dict[str, Any]]) -> ItemPart:
    row = names.items[item]
    quantity = sum(line["quantity"] for line in lines)
    places: dict[str, int] = defaultdict(int)
    for line in lines:
        places[line["place"]] += line["quantity"]
    unit = row.item.get_unit_display()
    texts = step_texts(quoted, unit)
    return ItemPart(
        item=row,
        brings=quoted.brings,
        quantity=quantity,
        goods=sum(line["quantity"] * line["unit_price"] for line in lines),
        places=[(names.places[place], units) for place, units in places.items()],
        picture=price_steps(
            [(quantity, price) for quantity, price in quoted.steps],
            quoted.kind,
            quantity,
            name=_("Price steps of %(item)s") % {"item": row},
            language=page_language(),
            unit=unit,
            texts=texts,
            here_text=_("the plan: %(quantity)s %(unit)s") % {"quantity": _number(quantity), "unit": unit},
        ),
        columns=[_("Price steps")],
        rows=[[text] for text in texts],
        one_more=_one_more(row, quoted, quantity, unit),
    )


def step_texts(quoted: QuotationLine, unit: str) -> list[str]:
    """Each step in words: from how many units on, at what price."""
    return [
        _("from %(quantity)s %(unit)s: %(price)s")
        % {"quantity": _number(quantity), "unit": unit, "price": _toman(price)}
        for quantity, price in quoted.steps
    ]


def _one_more(row: RoundItem, quoted: QuotationLine, quantity: int, unit: str) -> str:
    """What one pallet more (one pack where no pallet is known) would do to the price of a unit."""
    pack = quoted.pack * (row.item.pallet or 1)
    offer = Offer(
        str(row.pk), tuple(Step(*step) for step in quoted.steps), quoted.kind,  # type: ignore[arg-type]
        quoted.capacity, quoted.pack,
    )  # fmt: skip
    more = one_more_pack(replace(offer, pack=pack), quantity)
    if more is None:
        return _("The supplier does not deliver one pallet more.")
    values = {
        "units": _number(pack),
        "unit": unit,
        "cost": _toman(abs(more.cost)),
        "before": _unit_price(more.unit_cost_before or Fraction(0)),
        "after": _unit_price(more.unit_cost_after),
    }
    if more.cost < 0:
        return (
            _("%(units)s %(unit)s more would make the bill %(cost)s lower: a unit %(after)s instead of %(before)s.")
            % values
        )
    return _("%(units)s %(unit)s more would cost %(cost)s: a unit %(after)s instead of %(before)s.") % values


def _unserved(each: Mapping[str, Any], names: Names) -> Unserved:
    return Unserved(
        member=names.firms[each["member_id"]],
        item=names.items[each["item"]],
        place=names.places[each["place"]],
        quantity=each["quantity"],
        cost=each["cost"],
        why=_why_unserved(each["reason"]),
    )


def _why_unserved(reason: str) -> str:
    """Why units are not bought together."""
    if reason == "nobody_delivers":
        return _("no supplier delivers this here in time")
    return _("cheaper alone: what can be had together costs more than the member would pay")


# Suppliers whose least order is not reached


@dataclass(frozen=True, slots=True)
class BelowMinimum:
    """A supplier the plan does not use, and what would come of sending the order below its least value anyway."""

    supplier: Enterprise
    minimum: int
    goods: int  # what the order would come to
    missing: int
    change: int  # of the whole cost; below zero: cheaper
    members: int


def below_minimum(this: Round, on: date) -> list[BelowMinimum]:
    """Each supplier that would be used but for its least order, with the plan that waives it."""
    plan = this.plan
    assert plan is not None, "a closed round has a plan"
    used = set(plan.supplier_parts.values_list("enterprise_id", flat=True))
    found = []
    for quotation in this.quotations.filter(is_withdrawn=False, minimum_order__gt=0).select_related("enterprise"):
        if quotation.enterprise_id in used or quotation.enterprise_id in this.waived:
            continue
        values = purchase_values(this, on, without=plan.without, waived=[*this.waived, quotation.enterprise_id])
        other = planned(values, gap=GAP)
        part = next((each for each in other["suppliers"] if each["supplier_id"] == str(quotation.enterprise_id)), None)
        if part is None:
            continue
        goods = sum(line["quantity"] * line["unit_price"] for line in part["lines"])
        found.append(
            BelowMinimum(
                supplier=quotation.enterprise,
                minimum=quotation.minimum_order,
                goods=goods,
                missing=max(quotation.minimum_order - goods, 0),
                change=other["total_cost"] - plan.total_cost,
                members=sum(bool(each["lines"]) for each in other["members"]),
            )
        )
    return found


def _number(value: int) -> str:
    return lang.format_number(value, page_language())


def _toman(rial: int) -> str:
    return lang.format_toman(rial, page_language())


def _unit_price(price: Fraction) -> str:
    return _toman(round(round(price), -1))
