"""The plan of a lot: computed, kept with its certificate, answered by the members, agreed for good."""

import math
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kandoo import profiles
from kandoo.benefit import actions as benefit
from kandoo.engine.sampling import DrumsOfBatch, plan_samples
from kandoo.engine.selling import OrderPlan, SalePlan, plan_sale
from kandoo.register.models import Person
from kandoo.selling import queries
from kandoo.selling.actions.steps import Status, locked, members_in, note, people_in, tell
from kandoo.selling.models import Consent, Lot, Offer, Order, Plan, PlanLine, PlannedOrder
from kandoo.selling.planning import REFUSED, SaleValues, sale_values
from kandoo.selling.problems import NotPossible, WrongStep
from kandoo.site import notices


@transaction.atomic
def plan_lot(*, by: Person, lot: Lot, without: Sequence[int] = (), gap: float = 0.002, seconds: float = 20) -> Plan:
    """Compute the plan of a lot, keep it with its certificate, and ask the members for their answer.

    `without` leaves out enterprises that said no. An earlier plan stays on record.
    """
    lot = locked(lot, Status.OPEN, Status.PLANNED)
    values = sale_values(lot, without=without)
    if not len(values.batches):
        raise NotPossible(_("There is no usable offer in this lot yet."))
    result = plan_sale(values.batches, values.orders, values.laws, gap=gap, seconds=seconds, clock=time.monotonic)
    plan = Plan.objects.create(
        cluster_id=lot.cluster_id,
        lot=lot,
        number=lot.plans.count() + 1,
        by=by,
        objective=result.objective,
        bound=int(result.bound),
        gap=result.gap,
        content=_content(values, result),
    )
    _keep_parts(lot, plan, values, result)
    lot.plan, lot.status = plan, Status.PLANNED
    lot.save(update_fields=["plan", "status"])
    note(by, lot, "plan-lot", plan=plan.number, objective=plan.objective, gap=plan.gap, without=list(without))
    tell(lot, people_in(lot), "lot-planned")
    return plan


def _content(values: SaleValues, result: SalePlan) -> dict[str, Any]:
    """The plan as the engine gives it, and what its settlement will count on."""
    content = result.to_dict()
    for part, order in zip(content["orders"], result.orders, strict=True):
        part |= {"shadow_prices": dict(order.shadow_prices), "variant": order.variant}
    return content | {"quality": _quality_used(values, result)}


def _quality_used(values: SaleValues, result: SalePlan) -> dict[str, dict[str, float]]:
    """The laboratory values the plan counted on, by batch; settlement counts on the same."""
    used = {batch for part in result.orders for batch, _drums in part.drums}
    places = {batch: place for place, batch in enumerate(values.batches.batch_id) if batch in used}
    return {
        batch: {
            code: float(column[place])
            for code, column in values.batches.quality.items()
            if not code.startswith(REFUSED) and not math.isnan(column[place])
        }
        for batch, place in places.items()
    }


def _keep_parts(lot: Lot, plan: Plan, values: SaleValues, result: SalePlan) -> None:
    """Write each order's part without drums, and each member's lines with its drum numbers."""
    used: dict[int, set[int]] = {}  # the drum numbers named so far, by batch
    lines: list[PlanLine] = []
    for part in result.orders:
        order = values.lot_orders[part.order_id].order
        own = [_line(plan, lot, order, values.offers[batch], drums, used) for batch, drums in part.drums]
        _mark_samples(lot, own)
        PlannedOrder.objects.create(
            cluster_id=lot.cluster_id,
            plan=plan,
            order=order,
            accepted=part.accepted,
            mass_kg=sum(line.kg for line in own),
            producers=len({line.enterprise_id for line in own}),
            content=_order_content(part, own),
        )
        lines += own
    PlanLine.objects.bulk_create(lines)


def _line(plan: Plan, lot: Lot, order: Order, offer: Offer, drums: int, used: dict[int, set[int]]) -> PlanLine:
    batch = offer.batch
    taken = used.setdefault(batch.pk, queries.drums_used(batch.pk, but_not=lot.pk))
    numbers = _free_numbers(batch.drums, taken, drums)
    taken.update(numbers)
    return PlanLine(
        cluster_id=lot.cluster_id,
        plan=plan,
        offer=offer,
        order=order,
        enterprise_id=offer.enterprise_id,
        drums=drums,
        numbers=numbers,
        kg=drums * batch.drum_kg,
    )


def _free_numbers(all_drums: int, taken: set[int], wanted: int) -> list[int]:
    """The first run of free drum numbers that is long enough; failing that, the lowest free ones."""
    free = [number for number in range(1, all_drums + 1) if number not in taken]
    for start in range(len(free) - wanted + 1):
        run = free[start : start + wanted]
        if run[-1] - run[0] == wanted - 1:
            return run
    return free[:wanted]


def _mark_samples(lot: Lot, lines: Sequence[PlanLine]) -> None:
    """Name the drums to sample: one in ten and one of every producer at least."""
    rule = profiles.load(lot.cluster.profile).sampling
    by_batch = {line.offer.batch.code: line for line in lines}
    samples = plan_samples(
        [DrumsOfBatch(str(line.enterprise_id), code, line.drums) for code, line in by_batch.items()],
        drums_per_sample=rule.drums_per_sample,
        sample_grams=rule.sample_grams,
    )
    for producer in samples.producers:
        for drum in producer.sampled:
            line = by_batch[drum.batch]
            line.sample_drums = [*line.sample_drums, line.numbers[drum.number - 1]]


def _order_content(part: OrderPlan, lines: Sequence[PlanLine]) -> dict[str, Any]:
    """An order's part of the plan as its buyer may see it: no drums, no member."""
    content = part.to_dict()
    del content["drums"]
    content["why_not"] = _without(content["why_not"], "text", "available_kg")
    content["nearest_change"] = _told_to_all(content["nearest_change"])
    for name in ("blend", "margins"):
        content[name] = {key: value for key, value in content[name].items() if not key.startswith(REFUSED)}
    content["sources"] = len(lines)
    content["producers"] = len({line.enterprise_id for line in lines})
    content["samples"] = sum(len(line.sample_drums) for line in lines)
    return content


def _told_to_all(change: dict[str, Any] | None) -> dict[str, Any] | None:
    """A change without what it would give away: whose batches are untested, what members ask at least."""
    if change and change["change"] in ("tests", "price_per_kg"):
        return _without(change, "text", "to")
    return _without(change, "text")


def _without(values: dict[str, Any] | None, *names: str) -> dict[str, Any] | None:
    return values and {name: value for name, value in values.items() if name not in names}


@transaction.atomic
def answer_plan(*, by: Person, lot: Lot, enterprise_id: int, is_yes: bool, reason: str = "") -> Consent:
    """A member consents to its own part of the present plan, or says why not."""
    if lot.status != Status.PLANNED or lot.plan_id is None:
        raise WrongStep(_("There is no plan to answer now."))
    if not PlanLine.objects.filter(plan=lot.plan_id, enterprise=enterprise_id).exists():
        raise NotPossible(_("You have no part in this plan."))
    if not is_yes and not reason.strip():
        raise NotPossible(_("Please say in a few words why not, so that the agent can mend the plan."))
    consent, _is_new = Consent.objects.update_or_create(
        plan_id=lot.plan_id,
        enterprise_id=enterprise_id,
        defaults={"cluster_id": lot.cluster_id, "is_yes": is_yes, "reason": reason.strip(), "by": by},
    )
    note(by, lot, "answer-plan", enterprise=enterprise_id, is_yes=is_yes)
    tell(lot, notices.people_with(lot.cluster_id, "agent"), "member-answered")
    return consent


@transaction.atomic
def agree_lot(*, by: Person, lot: Lot, now: datetime) -> Lot:
    """Fix plan, rule and stand-alone evidence for good, once every member in the plan said yes."""
    lot = locked(lot, Status.PLANNED)
    assert lot.plan is not None
    missing = len(members_in(lot)) - lot.plan.consents.filter(is_yes=True).count()
    if missing:
        raise WrongStep(
            _("Members who have not said yes: %(count)s. Remind them, or plan again without those who said no.")
            % {"count": missing}
        )
    accepted = set(lot.plan.planned_orders.filter(accepted=True).values_list("order_id", flat=True))
    if not accepted:
        raise WrongStep(_("The plan fills no order, so there is nothing to agree."))
    lot.status, lot.agreed_at = Status.AGREED, now
    lot.save(update_fields=["status", "agreed_at"])
    benefit.fix_alone(by=by, lot=lot)
    lot.orders.exclude(pk__in=accepted).update(status=Order.Status.OPEN)
    note(by, lot, "agree-lot", plan=lot.plan.number, rule=lot.rule)
    tell(lot, people_in(lot), "lot-agreed")
    return lot
