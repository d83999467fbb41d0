"""A delivered lot as the engine's settlement takes it."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Sum

from kandoo import profiles
from kandoo.benefit.queries import documented_alone
from kandoo.engine.settlement import LotCost, LotLine, LotToSettle, SettledOrder
from kandoo.engine.sharing_rule import SharingRule
from kandoo.selling import queries
from kandoo.selling.models import Cost, Lot, Offer, Order
from kandoo.selling.planning import REFUSED, order_limits

# Costs that follow the kilograms, and those that follow the value.
_BY_VALUE = {Cost.Kind.FEE}


def sum_in_rial(lot: Lot) -> dict[Order, int]:
    """What each buyer owes for what was delivered to it, in rial."""
    rates = {each.order_id: each.rate for each in lot.lot_orders.all()}
    mass = dict(lot.deliveries.values_list("line__order").annotate(kg=Sum("net_kg")).order_by("line__order"))
    orders = Order.objects.filter(pk__in=mass).order_by("pk")
    return {each: mass[each.pk] * queries.price_in_rial(each, rates[each.pk]) for each in orders}


def sum_owed(lot: Lot) -> dict[Order, int]:
    """What each buyer owes, in the smallest unit of its order's own currency."""
    mass = dict(lot.deliveries.values_list("line__order").annotate(kg=Sum("net_kg")).order_by("line__order"))
    orders = Order.objects.filter(pk__in=mass).order_by("pk")
    return {each: mass[each.pk] * each.price_per_kg for each in orders}


def lot_to_settle(lot: Lot, received: Mapping[Order, int]) -> LotToSettle:
    """The lot's lines, orders and costs as values, with its own copy of the rule; `received` is rial by order."""
    profile = profiles.load(lot.cluster.profile)
    rates = {each.order_id: each.rate for each in lot.lot_orders.all()}
    assert lot.plan is not None
    parts = {each["order_id"]: each for each in lot.plan.content["orders"]}
    return LotToSettle(
        lines=_lines(lot),
        orders=tuple(
            _order(profile, order, parts[order.code], rates[order.pk], rial) for order, rial in received.items()
        ),
        costs=tuple(
            LotCost(each.kind, each.amount, "value" if each.kind in _BY_VALUE else "kg")
            for each in lot.costs.order_by("pk")
        ),
        laws=profile.blend_laws,
        rule=SharingRule.from_dict(lot.rule),
    )


def _lines(lot: Lot) -> tuple[LotLine, ...]:
    deliveries = list(
        lot.deliveries.select_related("line__order", "line__offer__batch").order_by(
            "line__order__code", "line__offer__batch__code"
        )
    )
    assert lot.plan is not None
    quality = lot.plan.content["quality"]  # as it was when the members agreed
    alone = documented_alone(lot)  # so is this; without evidence it is missing and counts as no gain
    return tuple(
        LotLine(
            member=str(each.enterprise_id),
            batch=each.line.offer.batch.code,
            order=each.line.order.code,
            kg=each.net_kg,
            # Bringing it to the lot is the member's own cost: both prices are met only above it.
            reserve_per_kg=each.line.offer.reserve_per_kg + each.line.offer.transport_per_kg,
            alone_per_kg=_with_transport(alone.get((each.enterprise_id, each.line.offer.batch.code)), each.line.offer),
            quality=quality[each.line.offer.batch.code],
        )
        for each in deliveries
    )


def _with_transport(alone_per_kg: int | None, offer: Offer) -> int | None:
    return None if alone_per_kg is None else alone_per_kg + offer.transport_per_kg


def _order(profile: profiles.Profile, order: Order, part: Mapping[str, Any], rate: int, received: int) -> SettledOrder:
    """An order with the limits its blend kept and the plan's own prices of them."""
    lower, upper = order_limits(profile, order)[part["variant"]]
    return SettledOrder(
        order=order.code,
        received=received,
        price_per_kg=queries.price_in_rial(order, rate),
        lower=lower,
        upper={code: limit for code, limit in upper.items() if not code.startswith(REFUSED)},
        shadow_prices={key: price for key, price in part["shadow_prices"].items() if not key.startswith(REFUSED)},
    )
