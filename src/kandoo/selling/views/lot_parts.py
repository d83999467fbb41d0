"""What the page of a lot shows to each seat. Rows become plain values; templates only print them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo import profiles
from kandoo.engine.limits import with_derived
from kandoo.engine.sharing_rule import SharingRule
from kandoo.register.access import Seat
from kandoo.selling import access, queries, reading
from kandoo.selling.models import Consent, Lot, LotOrder, Order, PlanLine, PlannedOrder
from kandoo.selling.views.lot_answers import answer_for
from kandoo.selling.views.lot_choices import choices_for
from kandoo.selling.views.lot_figures import certificate_of_plan, consents_of, lines_of
from kandoo.selling.views.lot_money import money_parts
from kandoo.sharing.words import rule_words
from kandoo.site import language as lang
from kandoo.site.lists import in_order, page_of

Status = Lot.Status
OFFER_SORTS = {
    "member": "enterprise__sort_key",
    "batch": "batch__code",
    "drums": "drums",
    "kg": "kg",
    "reserve": "reserve_per_kg",
    "alone": "alone_per_kg",
}
SAFE_GROUP = 5  # members, law 1
PLANNED = (Status.PLANNED, Status.AGREED, Status.DELIVERED, Status.SETTLED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An order of a lot as a seat sees it; `part` and what follows once there is a plan."""

    order: Order
    price: int  # rial per kg at the lot's rate
    rate: LotOrder
    kinds: str
    limits: list[reading.LimitRow]
    part: PlannedOrder | None = None
    blend: reading.Blend | None = None
    why_not: str = ""
    nearest: str = ""
    lines: tuple[PlanLine, ...] = ()
    samples: int = 0


def lot_context(request: HttpRequest, seat: Seat, lot: Lot) -> dict[str, Any]:
    """The context of a lot's page for a seat."""
    builders = {"agent": _staff, "auditor": _staff, "member": _member, "buyer": _buyer, "officer": _officer}
    context: dict[str, Any] = {
        "lot": lot,
        "notes": _notes(lot),
        "rule": rule_words(SharingRule.from_dict(lot.rule)) if seat.role != "buyer" else None,
        "was": _was(lot),
        "is_planned": lot.status in PLANNED,
        "wanted": wanted_orders(seat, lot),
    }
    context |= builders[seat.role](request, seat, lot, context)
    return context | {"answer": answer_for(seat, lot, context)}


def wanted_orders(seat: Seat, lot: Lot) -> list[Wanted]:
    """The orders of a lot that the seat may see, with what the plan says of each."""
    profile = profiles.load(lot.cluster.profile)
    rows = lot.lot_orders.filter(order__in=access.orders_seen_by(seat)).select_related("order", "order__enterprise")
    parts = {each.order_id: each for each in access.planned_orders_seen_by(seat, lot)}
    staff = _plan_of(seat, lot)
    return [
        _wanted(profile, row, parts.get(row.order_id) if lot.status in PLANNED else None, staff)
        for row in rows.order_by("order__code")
    ]


def _plan_of(seat: Seat, lot: Lot) -> Mapping[str, Any]:
    """What the agent and the auditor read of a plan beyond its orders' parts."""
    if not seat.is_one_of(*access.STAFF) or lot.plan is None or lot.status not in PLANNED:
        return {}
    lines: dict[int, list[PlanLine]] = {}
    for line in lines_of(lot):
        lines.setdefault(line.order_id, []).append(line)
    orders = {each["order_id"]: each for each in lot.plan.content["orders"]}
    return {"orders": orders, "quality": lot.plan.content.get("quality", {}), "lines": lines}


def _wanted(profile: Any, row: LotOrder, part: PlannedOrder | None, staff: Mapping[str, Any]) -> Wanted:
    order = row.order
    base: dict[str, Any] = {
        "order": order,
        "price": queries.price_in_rial(order, row.rate),
        "rate": row,
        "kinds": reading.kinds_in_words(profile, order.kinds),
        "limits": reading.limit_rows(profile, order),
    }
    if part is None:
        return Wanted(**base)
    content = staff.get("orders", {}).get(order.code) or part.content
    lines = tuple(staff.get("lines", {}).get(order.pk, ()))
    used = {line.offer.batch.code for line in lines}
    sums = tuple(law for law in profile.blend_laws.values() if law.law in ("sum_of", "ratio_of"))
    quality = {batch: with_derived(values, sums) for batch, values in staff.get("quality", {}).items() if batch in used}
    return Wanted(
        **base,
        part=part,
        blend=reading.blend_picture(profile, order, content, quality) if part.accepted else None,
        why_not="" if part.accepted else reading.why_not(profile, content.get("why_not")),
        nearest=reading.nearest_change(profile, content.get("nearest_change")),
        lines=lines,
        samples=part.content.get("samples", 0),
    )


def _notes(lot: Lot) -> dict[str, str]:
    """The words under each step of the timeline."""
    language = queries.page_language()

    def day(value: Any) -> str:
        if value is None:
            return ""
        local = timezone.localdate(value) if hasattr(value, "hour") else value
        return lang.format_day(local, language, style="short")

    return {
        "called": day(lot.called_at),
        "open": _("until %(day)s") % {"day": day(lot.offers_until)},
        "agreed": day(lot.agreed_at),
        "delivered": day(lot.delivered_on),
        "settled": day(lot.settled_at),
    }


def _was(lot: Lot) -> str:
    """The last step before a lot was cancelled."""
    if lot.status != Status.CANCELLED:
        return ""
    if lot.agreed_at:
        return Status.AGREED
    return Status.PLANNED if lot.plan_id else Status.CALLED


# The agent and the auditor


def _staff(request: HttpRequest, seat: Seat, lot: Lot, context: Mapping[str, Any]) -> dict[str, Any]:
    offers = access.offers_seen_by(seat, lot).annotate(kg=F("drums") * F("batch__drum_kg"))
    words = lang.fold(request.GET.get("q", ""))
    found = offers
    if words:
        found = offers.filter(enterprise__search_key__contains=words) | offers.filter(
            batch__code__icontains=lang.latin_digits(request.GET["q"].strip())
        )
    totals = offers.aggregate(total=Sum("kg"), drums=Sum("drums"))
    answers = consents_of(lot) if context["is_planned"] else []
    return {
        "is_staff": True,
        "offers": page_of(request, in_order(request, found, OFFER_SORTS, "enterprise__sort_key batch__code")),
        "offer_count": offers.count(),
        "offering": offers.values("enterprise").distinct().count(),
        "kg_offered": totals["total"] or 0,
        "drums_offered": totals["drums"] or 0,
        "kg_wanted": sum(each.order.mass_min_kg for each in context["wanted"]),
        "kg_wanted_most": sum(each.order.mass_max_kg for each in context["wanted"]),
        "answers": answers,
        "yes": sum(each.answer is True for each in answers),
        "refused": [each for each in answers if each.answer is False],
        **(certificate_of_plan(lot) if context["is_planned"] else {}),
        **money_parts(seat, lot),
    }


# A member: its own part alone


def _member(request: HttpRequest, seat: Seat, lot: Lot, context: Mapping[str, Any]) -> dict[str, Any]:
    orders = [each.order for each in context["wanted"]]
    lines = own_lines(seat, lot, context["wanted"]) if context["is_planned"] else []
    filled = {each.line.order_id for each in lines}
    is_open = lot.status == Status.OPEN
    choices = choices_for(seat, lot, orders) if is_open else []
    own = list(access.offers_seen_by(seat, lot).order_by("batch__code"))
    consent = Consent.objects.filter(plan=lot.plan_id, enterprise=seat.enterprise).first() if lot.plan_id else None
    return {
        "choices": [each for each in choices if each.can_offer],
        "blocked": [each for each in choices if not each.can_offer],
        "own_offers": own,
        "own_drums": sum(each.drums for each in own),
        "lines": lines,
        "shown_blends": [each for each in context["wanted"] if each.order.pk in filled and _is_wide(each)],
        "consent": consent,
        "may_offer": is_open and timezone.localdate() <= lot.offers_until,
        "totals": queries.lot_totals(lot),
        **money_parts(seat, lot),
    }


def _is_wide(wanted: Wanted) -> bool:
    """Whether so many producers fill an order that its blend tells a member nothing of one of them."""
    return wanted.blend is not None and wanted.part is not None and wanted.part.content["producers"] >= SAFE_GROUP


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A member's drums for one order, at the order's price before quality and shared costs."""

    line: PlanLine
    price: int  # rial per kg
    amount: int
    reserve: int
    alone: int
    transport: int


def own_lines(seat: Seat, lot: Lot, wanted: Sequence[Wanted]) -> list[OwnLine]:
    """The seat's own lines of the present plan."""
    prices = {each.order.pk: each.price for each in wanted}
    rows = PlanLine.objects.filter(plan=lot.plan_id, enterprise=seat.enterprise).select_related("offer__batch", "order")
    return [
        OwnLine(
            line=row,
            price=prices.get(row.order_id, 0),
            amount=prices.get(row.order_id, 0) * row.kg,
            reserve=row.offer.reserve_per_kg * row.kg,
            alone=row.offer.alone_per_kg * row.kg,
            transport=row.offer.transport_per_kg * row.kg,
        )
        for row in rows.order_by("order__code", "offer__batch__code")
    ]


# Buyers and officers


def _buyer(request: HttpRequest, seat: Seat, lot: Lot, context: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _officer(request: HttpRequest, seat: Seat, lot: Lot, context: Mapping[str, Any]) -> dict[str, Any]:
    return {"totals": queries.lot_totals(lot)}
