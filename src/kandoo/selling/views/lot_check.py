"""The present plan counted again by a checker that shares no code with the planner."""

from typing import Any

from kandoo import profiles
from kandoo.engine.checks.selling import check_sale
from kandoo.selling import queries
from kandoo.selling.models import Lot, LotOrder, Offer
from kandoo.selling.planning import REFUSED, order_limits


def faults_of(lot: Lot) -> list[str]:
    """Every rule the plan breaks, in the checker's words; empty when it breaks none.

    The rows are what the plan counted on: its own copy of the laboratory values, the offers as
    they stand while the plan does.
    """
    assert lot.plan is not None
    profile, content = profiles.load(lot.cluster.profile), lot.plan.content
    quality = content.get("quality", {})
    offers = lot.offers.filter(batch__code__in=quality).select_related("batch", "batch__bar")
    parts = {each["order_id"]: each for each in content["orders"]}
    orders = [
        _order_row(profile, each, parts[each.order.code].get("variant", 0))
        for each in lot.lot_orders.select_related("order")
    ]
    batches = [_batch_row(each, quality[each.batch.code]) for each in offers]
    return check_sale(batches, orders, content, profile.blend_laws)


def _batch_row(offer: Offer, values: dict[str, float]) -> dict[str, Any]:
    return {
        "batch_id": offer.batch.code,
        "member_id": str(offer.enterprise_id),
        "kind": offer.batch.kind,
        "drums": offer.drums,
        "drum_kg": offer.batch.drum_kg,
        "reserve_per_kg": offer.reserve_per_kg,
        "transport_per_kg": offer.transport_per_kg,
        "barred": int(hasattr(offer.batch, "bar")),
        **values,
    }


def _order_row(profile: profiles.Profile, row: LotOrder, variant: int) -> dict[str, Any]:
    order = row.order
    lower, upper = order_limits(profile, order)[variant]
    return {
        "order_id": order.code,
        "price_per_kg": queries.price_in_rial(order, row.rate),
        "mass_min_kg": order.mass_min_kg,
        "mass_max_kg": order.mass_max_kg,
        "kinds": ";".join(order.kinds),
        "sources_max": order.sources_max or "",
        "drums_min": order.drums_min,
        **{f"{code}_min": limit for code, limit in lower.items()},
        **{f"{code}_max": limit for code, limit in upper.items() if not code.startswith(REFUSED)},
    }
