"""The figures of a lot's plan for the agent: what it is worth, who answered, what a step would fix or give up."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from kandoo.selling import queries, reading
from kandoo.selling.models import Consent, Lot, PlanLine
from kandoo.selling.views.lot_check import faults_of


@dataclass(frozen=True, slots=True)
class Answered:
    """A member with a part in the plan, and what it answered; None while it has not."""

    enterprise: Any
    drums: int
    kg: int
    answer: bool | None
    reason: str


def lines_of(lot: Lot) -> list[PlanLine]:
    """The lines of the present plan, order by order, by member."""
    rows = PlanLine.objects.filter(plan=lot.plan_id).select_related("enterprise", "offer__batch", "order")
    return list(rows.order_by("order__code", "enterprise__sort_key", "offer__batch__code"))


def certificate_of_plan(lot: Lot) -> dict[str, Any]:
    """The plan's worth and how much better any other could be."""
    plan = lot.plan
    assert plan is not None
    lines = lines_of(lot)
    rates = {each.order_id: each.rate for each in lot.lot_orders.all()}
    above_alone = sum(
        line.kg
        * (
            queries.price_in_rial(line.order, rates[line.order_id])
            - line.offer.alone_per_kg
            - line.offer.transport_per_kg
        )
        for line in lines
    )
    return {
        "plan": plan,
        "checked": faults_of(lot),
        "gap": (plan.bound - plan.objective) / plan.objective if plan.objective else 0,
        "above_alone": above_alone,
        "kg_planned": sum(line.kg for line in lines),
        "drums_planned": sum(line.drums for line in lines),
        "samples": sum(len(line.sample_drums) for line in lines),
    }


def consents_of(lot: Lot) -> list[Answered]:
    """Every member with a part in the present plan, those who said no first, then the silent."""
    answers = {each.enterprise_id: each for each in Consent.objects.filter(plan=lot.plan_id)}
    sums: dict[int, list[int]] = {}
    names: dict[int, Any] = {}
    for line in lines_of(lot):
        drums, kg = sums.get(line.enterprise_id, [0, 0])
        sums[line.enterprise_id] = [drums + line.drums, kg + line.kg]
        names[line.enterprise_id] = line.enterprise
    rows = [
        Answered(
            names[pk],
            drums,
            kg,
            answers[pk].is_yes if pk in answers else None,
            answers[pk].reason if pk in answers else "",
        )
        for pk, (drums, kg) in sums.items()
    ]
    order = {False: 0, None: 1, True: 2}
    return sorted(rows, key=lambda row: (order[row.answer], row.enterprise.sort_key))


def agree_figures(lot: Lot) -> dict[str, int]:
    """What agreeing fixes: members, drums, kilograms, orders."""
    lines = lines_of(lot) if lot.plan_id else []
    return {
        "members": len({line.enterprise_id for line in lines}),
        "drums": sum(line.drums for line in lines),
        "kg": sum(line.kg for line in lines),
        "orders": len({line.order_id for line in lines}),
    }


def cancel_figures(lot: Lot) -> list[str]:
    """What cancelling gives up, in figures."""
    offers = lot.offers.filter(is_withdrawn=False).aggregate(
        kg=Sum(F("drums") * F("batch__drum_kg")), drums=Sum("drums")
    )
    values = {
        "orders": reading.number(lot.lot_orders.count()),
        "offers": reading.number(lot.offers.filter(is_withdrawn=False).count()),
        "members": reading.number(lot.offers.filter(is_withdrawn=False).values("enterprise").distinct().count()),
        "kg": reading.kilograms(offers["kg"] or 0),
    }
    return [
        _("Orders that go back to open and are not filled by this lot: %(orders)s.") % values,
        _("Offers that lose their buyer: %(offers)s, %(kg)s; members: %(members)s. Their drums are free again.")
        % values,
    ]
