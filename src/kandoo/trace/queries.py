"""What of a delivered lot the public may see, as plain values that need no other row.

Codes with both names, masses, dates and tests; no member, no batch code, no price. Areas, the mass
harvested and the number of producers are told only where no single producer can be read from them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kandoo import profiles
from kandoo.engine.limits import Result
from kandoo.engine.origin import OTHER, origin_shares, safe_totals
from kandoo.engine.product import Name
from kandoo.selling import queries as selling
from kandoo.selling.models import LabResult, Lot, Order, PlanLine
from kandoo.trace import places, tests_made

EDITION = 1
LEAST_PRODUCERS = 5
UNPLACED = "unplaced"  # a site whose county nobody wrote down


@dataclass(frozen=True, slots=True)
class Part:
    """What one batch gave to the order."""

    producer: str
    producer_names: tuple[str, str]
    county: str
    kind: str
    harvested_on: date
    batch_id: int
    batch_kg: int
    drums: int
    planned_kg: int
    kg: int
    results: dict[str, LabResult]

    @property
    def values(self) -> dict[str, Result]:
        return selling.values_of(self.results)


def public_content(lot: Lot, order: Order, delivered_on: date) -> dict[str, Any]:
    """The whole content of an order's trace page."""
    parts = parts_of(lot, order)
    cluster, profile = lot.cluster, profiles.load(lot.cluster.profile)
    producers = len({each.producer for each in parts})
    kinds = dict.fromkeys(each.kind for each in sorted(parts, key=lambda each: -each.kg))
    harvests = [each.harvested_on for each in parts]
    code, country = places.country_of(cluster.province)
    kg = sum(each.kg for each in parts)
    return {
        "edition": EDITION,
        "lot": lot.code,
        "product": {"code": profile.code, **_names(profile.name)},
        "kinds": [{"code": kind, **_names(profile.kinds[kind].name)} for kind in kinds],
        "cluster": {
            "name_fa": cluster.name_fa,
            "name_en": cluster.name_en,
            "place_fa": cluster.place_fa,
            "place_en": cluster.place_en,
            "province": cluster.province,
            "is_demo": cluster.is_demo,
        },
        "kg": kg,
        "drums": sum(each.drums for each in parts),
        "batches": len(parts),
        "producers": producers if producers >= LEAST_PRODUCERS else None,
        "harvested_from": min(harvests).isoformat(),
        "harvested_to": max(harvests).isoformat(),
        "delivered_on": delivered_on.isoformat(),
        "countries": [{"code": code, **_names(country), "kg": kg, "tenths": 1000}],
        "origin": origin_of(cluster.province, parts),
        "river": _river(parts),
        "tests": tests_made.tests_made(profile, order, parts),
    }


def parts_of(lot: Lot, order: Order) -> list[Part]:
    """The batches behind an order's part of a lot, with the mass weighed at delivery."""
    lines = list(
        PlanLine.objects.filter(plan=lot.plan_id, order=order)
        .select_related("enterprise", "offer__batch__site", "delivery")
        .order_by("offer__batch__code")
    )
    results = selling.latest_results(line.offer.batch for line in lines)
    return [_part(line, results[line.offer.batch_id]) for line in lines]


def _part(line: PlanLine, results: dict[str, LabResult]) -> Part:
    batch = line.offer.batch
    return Part(
        producer=str(line.enterprise_id),
        producer_names=(line.enterprise.name_fa, line.enterprise.name_en),
        county=batch.site.county,
        kind=batch.kind,
        harvested_on=batch.harvested_on,
        batch_id=batch.pk,
        batch_kg=batch.mass_kg,
        drums=line.drums,
        planned_kg=line.kg,
        kg=line.delivery.net_kg if hasattr(line, "delivery") else line.kg,
        results=results,
    )


def origin_of(province: str, parts: Sequence[Part]) -> dict[str, Any]:
    """Shares of the delivered mass by county; small groups together; else the province alone."""
    whole = places.province_name(province)
    by_area: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    names = {
        whole.en: whole,
        OTHER: Name("شهرستان‌های دیگر، با هم", "Other counties, together"),
        UNPLACED: Name("شهرستان ثبت نشده", "County not recorded"),
    }
    for part in parts:
        key = part.county or UNPLACED
        names.setdefault(key, places.county_of(province, key))
        by_area[key][part.producer] += part.kg
    shares = origin_shares(by_area, whole=whole.en, minimum=LEAST_PRODUCERS)
    is_whole = [each.area for each in shares] == [whole.en]
    return {
        "level": "province" if is_whole else "counties",
        "shares": [
            {"area": each.area, **_names(names[each.area]), "kg": each.kg, "tenths": each.tenths} for each in shares
        ],
    }


def _river(parts: Sequence[Part]) -> dict[str, int | None]:
    """Kilograms at each stage; the harvest behind the lot only where it gives nobody away."""
    harvested: dict[str, int] = defaultdict(int)
    for each in parts:
        harvested[each.producer] += each.batch_kg
    safe = safe_totals({"harvest": harvested}, minimum=LEAST_PRODUCERS)
    return {
        "harvested_kg": safe.totals.get("harvest"),
        "homogenised_kg": sum(each.planned_kg for each in parts),
        "delivered_kg": sum(each.kg for each in parts),
    }


def _names(name: Name) -> dict[str, str]:
    return {"name_fa": name.fa, "name_en": name.en}
