"""A joint lot as the account of cooperation takes it: each member's items before, its lines after."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kandoo.benefit import queries
from kandoo.benefit.models import Evidence, StandAlone
from kandoo.engine import benefit as engine
from kandoo.selling.models import Delivery, Lot, Offer, PaySlip, PlanLine


@dataclass(frozen=True, slots=True)
class Item:
    """A batch in a lot: its kind, the kilograms, what its member claims to get alone (rial per kg)."""

    enterprise: int
    batch: str
    goods: str
    kg: int
    claimed: int


def planned_items(lot: Lot) -> list[Item]:
    """Each batch with a part in the present plan of a lot."""
    found: dict[int, Item] = {}
    lines = PlanLine.objects.filter(plan=lot.plan_id).select_related("offer__batch").order_by("pk")
    for line in lines:
        before = found.get(line.offer_id)
        found[line.offer_id] = _item(line.offer, line.kg + (before.kg if before else 0))
    return list(found.values())


def offered_items(lot: Lot, enterprise: int) -> list[Item]:
    """Each batch that a member offers to a lot; of a planned one, those with a part in it."""
    if lot.plan_id is not None:
        return [each for each in planned_items(lot) if each.enterprise == enterprise]
    offers = Offer.objects.filter(lot=lot, enterprise=enterprise, is_withdrawn=False).select_related("batch")
    return [_item(each, each.drums * each.batch.drum_kg) for each in offers.order_by("batch__code")]


def _item(offer: Offer, kg: int) -> Item:
    return Item(offer.enterprise_id, offer.batch.code, offer.batch.kind, kg, offer.alone_per_kg)


def stand_alone(lot: Lot, items: Sequence[Item], evidence: Sequence[Evidence], on: date) -> StandAlone:
    """What one member would have had alone for its items, with a copy of all its evidence; not saved."""
    rows = [_alone_item(each, queries.for_item(evidence, each.batch), on) for each in items]
    known = [row for row in rows if row["per_unit"] is not None]
    total = sum(row["per_unit"] * row["quantity"] for row in known)
    kinds = {row["kind"] for row in known}
    return StandAlone(
        cluster_id=lot.cluster_id,
        enterprise_id=items[0].enterprise,
        action=queries.SELLING,
        action_id=lot.pk,
        quantity=sum(each.kg for each in items),
        per_unit=total // sum(row["quantity"] for row in known) if known else None,
        total=total,
        kind="mixed" if len(kinds) > 1 else next(iter(kinds), ""),
        is_documented=len(known) == len(rows),
        content={"on": on.isoformat(), "items": rows},
    )


def _alone_item(item: Item, evidence: Sequence[Evidence], on: date) -> dict[str, Any]:
    alone = queries.alone_of(evidence, on=on)
    return {
        "item": item.batch,
        "goods": item.goods,
        "quantity": item.kg,
        "per_unit": alone.per_unit,
        "kind": alone.kind,
        "why_not": alone.why_not,
        "claimed": item.claimed,
        "evidence": [_copy(each) for each in evidence],
    }


def _copy(row: Evidence) -> dict[str, Any]:
    """A piece of evidence as it stood, with the checksum of its file."""
    names = ("kind", "who", "per_unit", "unit", "note", "sample", "document_name", "sha256")
    return {"id": row.pk, "on": row.on.isoformat()} | {name: getattr(row, name) for name in names}


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
