"""A lot's offers and orders as the engine's columns, and its plan back as rows."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kandoo import profiles
from kandoo.engine.laws import BlendLaw
from kandoo.engine.limits import Result
from kandoo.engine.selling import Batches, Orders
from kandoo.engine.standards import planning_limits
from kandoo.selling import queries
from kandoo.selling.models import Lot, LotOrder, Offer, Order

# A made parameter by which the engine is told, in its own words, which batches a market refuses:
# 0 = free to go there, 1 = a residue or authenticity rule of the market says no.
REFUSED = "refused_in_"


@dataclass(frozen=True, slots=True)
class SaleValues:
    """What `plan_sale` is given for a lot, and the rows its ids stand for."""

    batches: Batches
    orders: Orders
    laws: Mapping[str, BlendLaw]
    offers: dict[str, Offer]  # by batch_id
    lot_orders: dict[str, LotOrder]  # by order_id


def sale_values(lot: Lot, *, without: Sequence[int] = ()) -> SaleValues:
    """The offers that may go into a lot and the orders it is to fill.

    Barred, held and withdrawn batches are left out, and those of the enterprises `without`.
    Only drums not promised to another lot count.
    """
    profile = profiles.load(lot.cluster.profile)
    offers = _usable_offers(lot, without)
    lot_orders = list(lot.lot_orders.select_related("order").order_by("order__code"))
    results = queries.latest_results(each.batch for each in offers)
    found = {each.pk: queries.values_of(results[each.batch_id]) for each in offers}
    markets = sorted({each.order.standard for each in lot_orders if each.order.standard})
    laws = dict(profile.blend_laws) | {REFUSED + m: BlendLaw(REFUSED + m, "component") for m in markets}
    free = _free_drums(lot, offers)
    batches = Batches.build(
        batch_id=[each.batch.code for each in offers],
        member_id=[str(each.enterprise_id) for each in offers],
        kind=[each.batch.kind for each in offers],
        drums=[free[each.pk] for each in offers],
        drum_kg=[each.batch.drum_kg for each in offers],
        reserve_per_kg=[each.reserve_per_kg for each in offers],
        transport_per_kg=[each.transport_per_kg for each in offers],
        barred=[hasattr(each.batch, "bar") for each in offers],
        quality=_quality(profile, offers, found, markets),
    )
    return SaleValues(
        batches=batches,
        orders=_orders(profile, [each.order for each in lot_orders], lot_orders, laws),
        laws=laws,
        offers={each.batch.code: each for each in offers},
        lot_orders={each.order.code: each for each in lot_orders},
    )


def _usable_offers(lot: Lot, without: Sequence[int]) -> list[Offer]:
    offers = (
        lot.offers.filter(is_withdrawn=False)
        .select_related("batch", "batch__bar", "batch__site", "enterprise")
        .order_by("batch__code")
    )
    return [
        each
        for each in offers
        if not each.batch.is_held and each.batch.withdrawn_at is None and each.enterprise_id not in without
    ]


def _free_drums(lot: Lot, offers: Sequence[Offer]) -> dict[int, int]:
    promised = queries.promised_drums_of([each.batch_id for each in offers], but_not=lot.pk)
    return {each.pk: max(0, min(each.drums, each.batch.drums - promised.get(each.batch_id, 0))) for each in offers}


def _quality(
    profile: profiles.Profile,
    offers: Sequence[Offer],
    found: Mapping[int, Mapping[str, Result]],
    markets: Sequence[str],
) -> dict[str, list[float]]:
    """One column a parameter, NaN where untested, and one a market for the batches it refuses."""
    columns = {code: [_number(found[each.pk].get(code)) for each in offers] for code in profile.parameters}
    for market in markets:
        columns[REFUSED + market] = [
            float(is_refused(profile, market, each.batch.kind, found[each.pk])) for each in offers
        ]
    return columns


def is_refused(profile: profiles.Profile, market: str, kind: str, found: Mapping[str, Result]) -> bool:
    """Whether a rule judged on each component (residue, authenticity) keeps the goods from a market."""
    verdict = queries.market_verdict(profile, market, kind, found)
    return any(line.is_component for line in verdict.failing())


def _number(value: Result) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


Box = tuple[dict[str, float], dict[str, float]]


def order_limits(profile: profiles.Profile, order: Order) -> list[Box]:
    """The sets of limits (least, most by parameter) one of which the order's blend must keep.

    The buyer's own limits and the strictest of its standard over the kinds it takes; a standard
    that may be met in two ways (diastase with HMF) gives two sets.
    """
    lower = {code: float(low) for code, (low, _) in order.limits.items() if low is not None}
    upper = {code: float(high) for code, (_, high) in order.limits.items() if high is not None}
    if not order.standard:
        return [(lower, upper)]
    kinds = queries.conditions_of_blend(profile, order.kinds)
    standard = profiles.market_standard(profile.code, order.standard)
    limits = planning_limits(standard, kinds)
    upper[REFUSED + order.standard] = 0.0
    boxes = [limits[:2], *limits.alternatives] if not limits.alternatives else list(limits.alternatives)
    return [
        (
            _joined(max, lower, limits.lower, low),
            _joined(min, upper, limits.upper, high),
        )
        for low, high in boxes
    ]


def _joined(strictest: Callable[[float, float], float], *boxes: Mapping[str, float]) -> dict[str, float]:
    """Several sets of bounds as one, the strictest of each parameter."""
    bounds: dict[str, float] = {}
    for box in boxes:
        for code, value in box.items():
            bounds[code] = strictest(bounds[code], value) if code in bounds else value
    return bounds


def _orders(
    profile: profiles.Profile, orders: Sequence[Order], lot_orders: Sequence[LotOrder], laws: Mapping[str, BlendLaw]
) -> Orders:
    boxes = [order_limits(profile, each) for each in orders]
    (lower, upper), *others = (_limit_columns(boxes, place) for place in range(max(map(len, boxes), default=1)))
    return Orders.build(
        order_id=[each.code for each in orders],
        price_per_kg=[queries.price_in_rial(each.order, each.rate) for each in lot_orders],
        mass_min_kg=[each.mass_min_kg for each in orders],
        mass_max_kg=[each.mass_max_kg for each in orders],
        kinds=[frozenset(each.kinds) for each in orders],
        sources_max=[each.sources_max for each in orders],
        drums_min=[each.drums_min for each in orders],
        lower=lower,
        upper=upper,
        alternatives=others,
    )


def _limit_columns(boxes: Sequence[Sequence[Box]], place: int) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """The limits of each order's set at a place; NaN all over where an order has no such set."""
    chosen = [each[place] if place < len(each) else ({}, {}) for each in boxes]
    sides = []
    for side in (0, 1):
        codes = sorted({code for each in chosen for code in each[side]})
        sides.append({code: [each[side].get(code, math.nan) for each in chosen] for code in codes})
    return sides[0], sides[1]
