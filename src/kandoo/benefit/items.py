"""The things a member has in a joint action, what each would be alone, and how that is fixed for good."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kandoo.benefit import lots, queries, rounds
from kandoo.benefit.joint import Joint
from kandoo.benefit.lots import Item
from kandoo.benefit.models import Evidence, StandAlone
from kandoo.selling.models import Lot

MIXED = "mixed"  # the unit of things that are counted differently


@dataclass(frozen=True, slots=True)
class _Sums:
    quantity: int
    unit: str
    per_unit: int | None
    total: int


def planned_items(joint: Joint) -> list[Item]:
    """Each member's things in the present plan."""
    row = joint.row
    return lots.planned_items(row) if isinstance(row, Lot) else rounds.planned_items(row)


def offered_items(joint: Joint, enterprise: int) -> list[Item]:
    """What a member offers or needs; of a planned action, what has a part in it."""
    row = joint.row
    if row.plan_id is not None:
        return [each for each in planned_items(joint) if each.enterprise == enterprise]
    return lots.offered_items(row, enterprise) if isinstance(row, Lot) else rounds.needed_items(row, enterprise)


def members_in(joint: Joint) -> list[int]:
    """Who offers to the action or needs of it, by enterprise."""
    row = joint.row
    rows = row.offers if isinstance(row, Lot) else row.needs
    found = rows.filter(is_withdrawn=False).order_by().values_list("enterprise", flat=True)
    return sorted(set(found))


def stand_alone(joint: Joint, items: Sequence[Item], evidence: Sequence[Evidence], on: date) -> StandAlone:
    """What one member would have had alone for its items, with a copy of all its evidence; not saved."""
    rows = [_alone_item(joint, each, queries.for_item(evidence, each.code), on) for each in items]
    sums = _added_up(items, rows)
    kinds = {row["kind"] for row in rows if row["per_unit"] is not None}
    return StandAlone(
        cluster_id=joint.cluster.pk,
        enterprise_id=items[0].enterprise,
        **joint.key,
        quantity=sums.quantity,
        unit=sums.unit,
        per_unit=sums.per_unit,
        total=sums.total,
        kind="mixed" if len(kinds) > 1 else next(iter(kinds), ""),
        is_documented=all(row["per_unit"] is not None for row in rows),
        content={"on": on.isoformat(), "items": rows},
    )


def _added_up(items: Sequence[Item], rows: Sequence[dict[str, Any]]) -> _Sums:
    """Over all items; a price of one unit only where all are counted in one unit."""
    known = [row for row in rows if row["per_unit"] is not None]
    total = sum(row["per_unit"] * row["quantity"] for row in known)
    unit = unit_of(items)
    per_unit = total // sum(row["quantity"] for row in known) if known and unit != MIXED else None
    return _Sums(sum(each.quantity for each in items), unit, per_unit, total)


def unit_of(items: Sequence[Item]) -> str:
    """The unit that all items share, or a word that they do not."""
    units = {each.unit for each in items}
    return units.pop() if len(units) == 1 else MIXED


def _alone_item(joint: Joint, item: Item, evidence: Sequence[Evidence], on: date) -> dict[str, Any]:
    alone = queries.alone_of(evidence, on=on, side=joint.side)
    return {
        "item": item.code,
        "goods": item.goods,
        "quantity": item.quantity,
        "unit": item.unit,
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
