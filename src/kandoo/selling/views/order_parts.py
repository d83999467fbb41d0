"""What the page of one order shows: its terms in words, and what the plan of its lot says of it."""

from typing import Any

from django.utils.translation import gettext as _

from kandoo import profiles
from kandoo.engine.product import Profile
from kandoo.register.access import Seat
from kandoo.selling import access, queries, reading
from kandoo.selling.models import Lot, Order, PlannedOrder
from kandoo.trace.models import TracePage


def order_context(seat: Seat, order: Order) -> dict[str, Any]:
    """The context of an order's page for a seat."""
    profile = profiles.load(order.cluster.profile)
    lot = access.lots_seen_by(seat).filter(orders=order).exclude(status=Lot.Status.CANCELLED).order_by("-pk").first()
    part = _part(lot, order)
    return {
        "order": order,
        "terms": terms_of(profile, order),
        "limits": reading.limit_rows(profile, order),
        "other_ways": reading.other_ways(profile, order),
        "papers": reading.papers_in_words(profile, order.papers),
        "caution": _caution(profile, order),
        "lot": lot,
        "part": part,
        "blend": reading.blend_picture(profile, order, part.content) if part and part.accepted else None,
        "why_not": reading.why_not(profile, part.content.get("why_not")) if part and not part.accepted else "",
        "nearest": reading.nearest_change(profile, part.content.get("nearest_change")) if part else "",
        "trace": TracePage.objects.filter(order=order, lot=lot).first() if lot else None,
        "may_keep": access.may_keep_order(seat, order) and order.status == Order.Status.OPEN,
        "may_label": seat.is_one_of("agent", "auditor", "buyer"),
    }


def _part(lot: Lot | None, order: Order) -> PlannedOrder | None:
    if lot is None or lot.plan_id is None:
        return None
    return PlannedOrder.objects.filter(plan=lot.plan_id, order=order).first()


def _caution(profile: Profile, order: Order) -> str:
    market = profile.markets.get(order.standard)
    return market.caution.in_language(queries.page_language()) if market and market.caution else ""


def terms_of(profile: Profile, order: Order) -> list[tuple[str, str]]:
    """An order's terms as (question, answer), without its price and dates."""
    return [
        (_("Kinds"), reading.kinds_in_words(profile, order.kinds)),
        (
            _("Market whose rules apply"),
            reading.market_in_words(profile, order.standard) if order.standard else _("None, only the limits below"),
        ),
        (_("Most source batches"), reading.number(order.sources_max) if order.sources_max else _("no limit")),
        (_("Least drums of each batch"), reading.number(order.drums_min)),
    ]
