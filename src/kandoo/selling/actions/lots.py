"""The joint lot, step by step: called, open, planned, agreed; or cancelled before delivery."""

import math
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from kandoo import profiles
from kandoo.engine.sampling import DrumsOfBatch, plan_samples
from kandoo.engine.selling import OrderPlan, SalePlan, plan_sale
from kandoo.register.models import Cluster, Person
from kandoo.selling import queries
from kandoo.selling.models import Batch, Consent, Lot, LotOrder, Offer, Order, Plan, PlanLine, PlannedOrder
from kandoo.selling.planning import REFUSED, SaleValues, sale_values
from kandoo.selling.problems import BatchInUse, NotPossible, WrongStep
from kandoo.site import audit, language, notices
from kandoo.site.numbering import next_code

Status = Lot.Status
RULE = {"rule": "quality_adjusted_value", "floor": "reserve", "edition": 1}
_TITLES = "fa"  # a lot's title is the agent's own words, in whichever language they wrote it


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """What a member asks for a batch, and its best documented outlet alone. Rial per kg."""

    drums: int
    reserve_per_kg: int
    alone_per_kg: int
    alone_outlet: str
    alone_on: date
    transport_per_kg: int = 0
    alone_document: UploadedFile | None = None


@transaction.atomic
def call_lot(
    *,
    by: Person,
    cluster: Cluster,
    title: str,
    orders: Sequence[Order],
    offers_until: date,
    today: date,
    first_percent: int = 70,
) -> Lot:
    """Announce a joint lot for open orders. Foreign prices are counted at the newest dated rate."""
    if not orders:
        raise NotPossible(_("Choose at least one open order."))
    if offers_until < today:
        raise NotPossible(_("The last day for offers has passed."))
    orders = list(Order.objects.select_for_update().filter(pk__in=[each.pk for each in orders]))
    if any(each.status != Order.Status.OPEN for each in orders):
        raise WrongStep(_("One of the orders is no longer open."))
    lot = Lot.objects.create(
        cluster=cluster,
        code=next_code(cluster.pk, f"L-{language.jalali_year(today)}"),
        title=title,
        offers_until=offers_until,
        first_percent=first_percent,
        rule=RULE,
        called_by=by,
    )
    for order in orders:
        _add_order(lot, order, today)
    _audit(by, lot, "call-lot", orders=[each.code for each in orders])
    return lot


def _add_order(lot: Lot, order: Order, today: date) -> None:
    """Put an order into a lot with the rate its price is counted at."""
    rate = None
    if order.currency != Order.Currency.IRR:
        rate = queries.rate_on(lot.cluster, order.currency, today)
        if rate is None:
            raise NotPossible(
                _("There is no rate for %(currency)s yet. Enter one with its date and source.")
                % {"currency": order.currency}
            )
    LotOrder.objects.create(
        cluster=lot.cluster,
        lot=lot,
        order=order,
        rate=rate.rial if rate else 1,
        rate_on=rate.on if rate else None,
        rate_source=rate.source if rate else "",
    )
    order.status = Order.Status.IN_LOT
    order.save(update_fields=["status"])


@transaction.atomic
def open_lot(*, by: Person, lot: Lot) -> Lot:
    """Open a lot for offers and tell the members; a planned one opens again and its plan is void."""
    lot = _locked(lot, Status.CALLED, Status.PLANNED)
    lot.status, lot.plan = Status.OPEN, None
    lot.save(update_fields=["status", "plan"])
    _audit(by, lot, "open-lot")
    members = notices.people_with(lot.cluster_id, "member")
    _tell(lot, members, "lot-called", until=language.format_day(lot.offers_until, _TITLES, style="short"))
    return lot


@transaction.atomic
def offer_batch(*, by: Person, lot: Lot, batch: Batch, terms: OfferTerms, today: date) -> Offer:
    """Offer drums of a batch, or change an earlier offer of it while the lot is open."""
    _check_offer(lot, batch, terms, today)
    offer, is_new = Offer.objects.update_or_create(
        lot=lot,
        batch=batch,
        defaults={
            "cluster_id": lot.cluster_id,
            "enterprise_id": batch.enterprise_id,
            "drums": terms.drums,
            "reserve_per_kg": terms.reserve_per_kg,
            "transport_per_kg": terms.transport_per_kg,
            "alone_per_kg": terms.alone_per_kg,
            "alone_outlet": terms.alone_outlet,
            "alone_on": terms.alone_on,
            "is_withdrawn": False,
            "by": by,
        },
    )
    if terms.alone_document is not None:
        offer.alone_document = terms.alone_document
        offer.save(update_fields=["alone_document"])
    _audit(
        by,
        lot,
        "offer-batch" if is_new else "change-offer",
        batch=batch.code,
        drums=terms.drums,
        reserve_per_kg=terms.reserve_per_kg,
        alone_per_kg=terms.alone_per_kg,
    )
    return offer


def _check_offer(lot: Lot, batch: Batch, terms: OfferTerms, today: date) -> None:
    """Refuse an offer of honey that is barred, held, gone or promised."""
    if lot.status != Status.OPEN:
        raise WrongStep(_("This lot does not take offers now."))
    if today > lot.offers_until:
        raise WrongStep(_("The last day for offers has passed."))
    if hasattr(batch, "bar"):
        raise NotPossible(_("This batch is barred for good and cannot be offered."))
    if batch.is_held:
        raise NotPossible(_("This batch is held until its harvest is explained and released."))
    if batch.withdrawn_at:
        raise NotPossible(_("This batch was withdrawn."))
    if terms.alone_per_kg <= 0:
        raise NotPossible(_("Write the best price you could get alone: your gain is counted against it."))
    if terms.alone_on > today:
        raise NotPossible(_("The date of your price alone lies in the future."))
    free = batch.drums - queries.promised_drums_of([batch.pk], but_not=lot.pk).get(batch.pk, 0)
    if not 1 <= terms.drums <= free:
        raise BatchInUse(_("You can offer between 1 and %(free)s drums of this batch.") % {"free": free})


@transaction.atomic
def withdraw_offer(*, by: Person, offer: Offer) -> None:
    """Take an offer back while the lot is open."""
    if offer.lot.status != Status.OPEN:
        raise WrongStep(_("This lot does not take offers now."))
    offer.is_withdrawn = True
    offer.save(update_fields=["is_withdrawn"])
    _audit(by, offer.lot, "withdraw-offer", batch=offer.batch.code)


@transaction.atomic
def plan_lot(*, by: Person, lot: Lot, without: Sequence[int] = (), gap: float = 0.002, seconds: float = 20) -> Plan:
    """Compute the plan of a lot, keep it with its certificate, and ask the members for their answer.

    `without` leaves out enterprises that said no. An earlier plan stays on record.
    """
    lot = _locked(lot, Status.OPEN, Status.PLANNED)
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
    _audit(by, lot, "plan-lot", plan=plan.number, objective=plan.objective, gap=plan.gap, without=list(without))
    _tell(lot, _people_in(lot), "lot-planned")
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
    _audit(by, lot, "answer-plan", enterprise=enterprise_id, is_yes=is_yes)
    _tell(lot, notices.people_with(lot.cluster_id, "agent"), "member-answered")
    return consent


@transaction.atomic
def agree_lot(*, by: Person, lot: Lot, now: datetime) -> Lot:
    """Fix plan, rule and stand-alone evidence for good, once every member in the plan said yes."""
    lot = _locked(lot, Status.PLANNED)
    assert lot.plan is not None
    missing = len(members_in(lot)) - lot.plan.consents.filter(is_yes=True).count()
    if missing:
        raise WrongStep(
            _("%(count)s members have not said yes. Remind them, or plan again without those who said no.")
            % {"count": missing}
        )
    accepted = set(lot.plan.planned_orders.filter(accepted=True).values_list("order_id", flat=True))
    if not accepted:
        raise WrongStep(_("The plan fills no order, so there is nothing to agree."))
    lot.status, lot.agreed_at = Status.AGREED, now
    lot.save(update_fields=["status", "agreed_at"])
    lot.orders.exclude(pk__in=accepted).update(status=Order.Status.OPEN)
    _audit(by, lot, "agree-lot", plan=lot.plan.number, rule=lot.rule)
    _tell(lot, _people_in(lot), "lot-agreed")
    return lot


@transaction.atomic
def cancel_lot(*, by: Person, lot: Lot, reason: str) -> Lot:
    """Call a lot off before delivery; orders and drums are free again."""
    lot = _locked(lot, Status.CALLED, Status.OPEN, Status.PLANNED, Status.AGREED)
    if not reason.strip():
        raise NotPossible(_("Say why the lot is cancelled; the members will read it."))
    lot.status, lot.cancel_reason = Status.CANCELLED, reason.strip()
    lot.save(update_fields=["status", "cancel_reason"])
    lot.orders.filter(status=Order.Status.IN_LOT).update(status=Order.Status.OPEN)
    _audit(by, lot, "cancel-lot", reason=reason)
    offering = set(lot.offers.filter(is_withdrawn=False).values_list("enterprise_id", flat=True))
    people = notices.people_with(lot.cluster_id, "member", enterprises=offering)
    _tell(lot, people, "lot-cancelled", reason=reason.strip())
    return lot


def members_in(lot: Lot) -> set[int]:
    """The enterprises with a part in the present plan."""
    return set(PlanLine.objects.filter(plan=lot.plan_id).values_list("enterprise_id", flat=True))


def _people_in(lot: Lot) -> list[int]:
    return notices.people_with(lot.cluster_id, "member", enterprises=members_in(lot))


def _locked(lot: Lot, *steps: str) -> Lot:
    """The lot under lock, or a word on why it is not at one of these steps."""
    lot = Lot.objects.select_for_update(of=("self",)).select_related("cluster", "plan").get(pk=lot.pk)
    if lot.status not in steps:
        raise WrongStep(_("The lot is now “%(step)s”, so this cannot be done.") % {"step": lot.get_status_display()})
    return lot


def _audit(by: Person, lot: Lot, verb: str, **detail: Any) -> None:
    audit.record(by=by, cluster_id=lot.cluster_id, verb=verb, subject=f"lot/{lot.pk}", **detail)


def _tell(lot: Lot, people: Iterable[int], code: str, **values: str) -> None:
    notices.tell(
        people,
        cluster_id=lot.cluster_id,
        code=code,
        url=f"/selling/lots/{lot.pk}/",
        lot=f"{lot.code} {lot.title}",
        **values,
    )


def consents_of(lot: Lot) -> Mapping[int, Consent]:
    """The answers to the present plan by enterprise."""
    return {each.enterprise_id: each for each in Consent.objects.filter(plan=lot.plan_id)}
