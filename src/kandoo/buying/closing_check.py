"""The present plan counted again by a checker that shares no code with the planner."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils import timezone

from kandoo.buying.models import Need, NeedPrice, Plan, Quotation, QuotationLine
from kandoo.engine.checks.buying import check_purchase


def faults_of(plan: Plan) -> list[str]:
    """Every rule the plan breaks, in the checker's words; empty when it breaks none."""
    needs = plan.round.needs.filter(is_withdrawn=False).exclude(confirmed="").exclude(enterprise__in=plan.without)
    ceilings = {each.need_id: each.ceiling for each in NeedPrice.objects.filter(need__in=needs)}
    day = timezone.localdate(plan.at)
    quotations = plan.round.quotations.filter(is_withdrawn=False, valid_until__gte=day)
    brought: dict[str, set[str]] = {
        part["supplier_id"]: {line["place"] for line in part["lines"]} for part in plan.content["suppliers"]
    }
    return check_purchase(
        [_need_row(each, ceilings[each.pk]) for each in needs],
        [
            row
            for each in quotations.prefetch_related("lines", "places").order_by("pk")
            for line in each.lines.all()
            for row in _quotation_rows(
                each, line, _delivery(each, brought), is_waived=each.enterprise_id in plan.content["waived"]
            )
        ],
        plan.content,
    )


def _need_row(need: Need, ceiling: int) -> dict[str, Any]:
    return {
        "member_id": str(need.enterprise_id),
        "item": str(need.round_item_id),
        "quantity": need.quantity,
        "quantity_max": need.quantity_max,
        "place": str(need.place_id),
        "latest_date": need.latest_on.isoformat() if need.latest_on else "",
        "alone_price": ceiling,
    }


def _delivery(quotation: Quotation, brought: Mapping[str, Collection[str]]) -> int:
    """What the supplier asks for delivering to the points the plan brings its goods to. Rial."""
    points = brought.get(str(quotation.enterprise_id), ())
    return quotation.delivery_fixed + sum(
        each.delivery for each in quotation.places.all() if str(each.place_id) in points
    )


def _quotation_rows(
    quotation: Quotation, line: QuotationLine, delivery: int, *, is_waived: bool
) -> list[dict[str, Any]]:
    return [
        {
            "supplier_id": str(quotation.enterprise_id),
            "item": str(line.round_item_id),
            "kind": line.kind,
            "quantity_from": quantity,
            "unit_price": price,
            "capacity": "" if line.capacity is None else line.capacity,
            "pack": line.pack,
            "minimum_order": 0 if is_waived else quotation.minimum_order,
            "delivery_fixed": delivery,
            "places": ";".join(str(each.place_id) for each in quotation.places.all()),
            "deliver_by": line.deliver_by.isoformat() if line.deliver_by else "",
        }
        for quantity, price in line.steps
    ]
