"""A joint lot as the account of cooperation takes it: each member's items before, its lines after."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kandoo.engine import benefit as engine
from kandoo.selling.models import Delivery, Lot, Offer, PaySlip, PlanLine


@dataclass(frozen=True, slots=True)
class Item:
    """A thing in a joint action: a batch or something bought, its kind, the units, the price its member claims.

    `claimed` is rial for a unit: what the member says it would get or pay alone; None where it said nothing.
    """

    enterprise: int
    code: str
    goods: str
    quantity: int
    unit: str
    claimed: int | None


def planned_items(lot: Lot) -> list[Item]:
    """Each batch with a part in the present plan of a lot."""
    found: dict[int, Item] = {}
    lines = PlanLine.objects.filter(plan=lot.plan_id).select_related("offer__batch").order_by("pk")
    for line in lines:
        before = found.get(line.offer_id)
        found[line.offer_id] = _item(line.offer, line.kg + (before.quantity if before else 0))
    return list(found.values())


def offered_items(lot: Lot, enterprise: int) -> list[Item]:
    """Each batch that a member offers to a lot."""
    offers = Offer.objects.filter(lot=lot, enterprise=enterprise, is_withdrawn=False).select_related("batch")
    return [_item(each, each.drums * each.batch.drum_kg) for each in offers.order_by("batch__code")]


def _item(offer: Offer, kg: int) -> Item:
    return Item(offer.enterprise_id, offer.batch.code, offer.batch.kind, kg, "kg", offer.alone_per_kg)


# After the settlement


def lines_of(
    slip: PaySlip, alone: Mapping[tuple[int, str], int], offers: Mapping[str, Offer]
) -> tuple[engine.Line, ...]:
    """A member's pay slip as the account counts it, line by line; nothing of it is computed anew."""
    return tuple(
        _line(line, alone.get((slip.enterprise_id, line["line"]["batch"])), offers[line["line"]["batch"]])
        for line in slip.content["lines"]
    )


def _line(line: Mapping[str, Any], per_kg: int | None, offer: Offer) -> engine.Line:
    kg = line["line"]["kg"]
    return engine.Line(
        item=line["line"]["batch"],
        quantity=kg,
        parts=tuple(
            (f"cost:{item['kind']}" if item["code"] == "cost" else item["code"], item["amount"])
            for item in line["items"]
        ),
        alone=kg * (offer.alone_per_kg if per_kg is None else per_kg),
        is_documented=per_kg is not None,
        own_costs=kg * offer.transport_per_kg,
    )


def offers_of(lot: Lot) -> dict[str, Offer]:
    """The offers of a lot by batch."""
    return {each.batch.code: each for each in lot.offers.select_related("batch")}


def harvest_days(lot: Lot) -> dict[int, date | None]:
    """The mean day of harvest of each member's part, by the mass delivered."""
    days: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for each in Delivery.objects.filter(lot=lot).select_related("line__offer__batch"):
        days[each.enterprise_id].append((each.line.offer.batch.harvested_on, each.net_kg))
    return {enterprise: engine.mean_day(each) for enterprise, each in days.items()}
