"""How the offers of a call stand: marks, quality, who passes, the order."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db import connection

from kandoo.engine import offers as engine
from kandoo.tender.models import Call, Offer


@dataclass(frozen=True, slots=True)
class PublicCall:
    """A call as everybody may know it."""

    id: int
    number: str
    kind: str
    title: str
    scope: str
    handing_in: str
    status: str
    published_at: datetime
    closes_at: datetime
    price_weight: int
    floor: int
    reason: str
    province: str
    name_fa: str
    name_en: str
    is_example: bool
    criteria: list[tuple[str, int]]
    offers: int | None
    chosen: str | None
    price: int | None

    def is_open(self, now: datetime) -> bool:
        """Whether offers may still be handed in."""
        return self.status == Call.Status.PUBLISHED and now < self.closes_at


def public_calls() -> list[PublicCall]:
    """All calls ever published, the last to close first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT p.* FROM kandoo_public_calls() p ORDER BY p.closes_at DESC, p.id DESC")
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [
        PublicCall(**row | {"criteria": [(name, weight) for name, weight in json.loads(row["criteria"])]})
        for row in rows
    ]


def live(call: Call) -> list[Offer]:
    """The offers that were not withdrawn, as they came."""
    return list(call.offers.filter(withdrawn_at=None))


def qualities(call: Call) -> dict[int, Fraction]:
    """The quality of each live offer that is marked on every criterion, by its key; once marking is closed."""
    weights = dict(call.criteria.values_list("pk", "weight"))
    marks: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for offer, criterion, points in call.marks.values_list("offer", "criterion", "points"):
        marks[offer][criterion].append(points)
    return {
        each.pk: engine.quality(weights, marks[each.pk])
        for each in live(call)
        if all(marks[each.pk].get(key) for key in weights)
    }


def unmarked(call: Call) -> list[str]:
    """Names of the live offers on which nobody has marked every criterion."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kandoo_unmarked_offers(%s)", [call.pk])
        missing = {row[0] for row in cursor.fetchall()}
    return [each.name for each in live(call) if each.pk in missing]


def passing(call: Call) -> list[Offer]:
    """The offers at or above the floor."""
    quality = qualities(call)
    return [each for each in live(call) if quality.get(each.pk, Fraction(-1)) >= call.floor]


def _priced(call: Call) -> list[engine.Offer]:
    quality = qualities(call)
    return [engine.Offer(each.pk, quality[each.pk], each.price) for each in passing(call) if each.price]


def ranking(call: Call) -> list[engine.Placed]:
    """The order of the offers whose prices are open."""
    return engine.rank(_priced(call), call.price_weight)


def holds_within(call: Call) -> tuple[int, int]:
    """Between which weights of price, in thousandths, the first stays first."""
    return engine.holds_within(_priced(call), call.price_weight)
