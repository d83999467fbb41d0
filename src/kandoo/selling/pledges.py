"""Delivered against pledged: what each member offered, agreed to and brought, season by season, in kilograms."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet, Sum

from kandoo.register.access import Seat
from kandoo.register.models import Cluster, Enterprise
from kandoo.selling.access import STAFF
from kandoo.selling.models import Delivery, Lot, Offer, PlanLine

AGREED = (Lot.Status.AGREED, Lot.Status.DELIVERED, Lot.Status.SETTLED)
DUE = (Lot.Status.DELIVERED, Lot.Status.SETTLED)


@dataclass(frozen=True, slots=True)
class Kept:
    """Kilograms of one member and season. `due` is the part of `agreed` whose lots have been delivered."""

    enterprise: Enterprise
    season: int
    offered: int
    agreed: int
    due: int
    delivered: int

    @property
    def rate(self) -> float | None:
        """Delivered over due; None before anything was due."""
        return self.delivered / self.due if self.due else None

    @property
    def short(self) -> int:
        """What was pledged, was due, and did not come."""
        return max(self.due - self.delivered, 0)


@dataclass(frozen=True, slots=True)
class SeasonTotals:
    """Sums over a season's members; None where fewer than five stand behind one, or one holds over half."""

    season: int
    members: int
    offered: int | None
    agreed: int | None
    due: int | None
    delivered: int | None

    @property
    def rate(self) -> float | None:
        if self.delivered is None or not self.due:
            return None
        return self.delivered / self.due


def kept_by(seat: Seat) -> list[Kept]:
    """Every member for agent and auditor, its own for a member; newest season first, then by name."""
    lots = Lot.objects.filter(cluster=seat.cluster)
    agreed, due = (lots.filter(status__in=each).values("plan") for each in (AGREED, DUE))
    offers = Offer.objects.filter(lot__in=lots.exclude(status=Lot.Status.CANCELLED), is_withdrawn=False)
    lines = PlanLine.objects.filter(cluster=seat.cluster)
    offered = _sums(_of(seat, offers), "batch__season", F("drums") * F("batch__drum_kg"))
    sums = [
        offered,
        _sums(_of(seat, lines.filter(plan_id__in=agreed)), "offer__batch__season", F("kg")),
        _sums(_of(seat, lines.filter(plan_id__in=due)), "offer__batch__season", F("kg")),
        _sums(_of(seat, Delivery.objects.filter(lot__in=lots)), "line__offer__batch__season", F("net_kg")),
    ]
    keys = sorted(set().union(*sums))
    firms = Enterprise.objects.in_bulk({firm for firm, _season in keys})
    found = [Kept(firms[firm], season, *(each[firm, season] for each in sums)) for firm, season in keys]
    return sorted(found, key=lambda each: (-each.season, each.enterprise.sort_key, each.enterprise.pk))


def _of(seat: Seat, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows that the seat may count."""
    if seat.is_one_of(*STAFF):
        return rows
    return rows.filter(enterprise=seat.enterprise) if seat.role == "member" else rows.none()


def _sums(rows: QuerySet[Any], season: str, kg: Any) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = defaultdict(int)
    for row in rows.order_by().values("enterprise", season).annotate(sum=Sum(kg)):
        found[row["enterprise"], row[season]] = row["sum"]
    return found


def totals(rows: Iterable[Kept]) -> tuple[int, int]:
    """What was due and what was delivered over some rows, in kilograms."""
    listed = list(rows)
    return sum(each.due for each in listed), sum(each.delivered for each in listed)


def season_totals(cluster: Cluster) -> list[SeasonTotals]:
    """Sums by season for those who may not see members, newest first; groups of five, none above half."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT season, members, offered, agreed, due, delivered FROM kandoo_pledge_totals(%s)", [cluster.pk]
        )
        return [SeasonTotals(*row) for row in cursor.fetchall()]
