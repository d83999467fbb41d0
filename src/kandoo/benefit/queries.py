"""Rows of the account as the values of the engine, and the totals that give nobody away."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from persiantools.jdatetime import JalaliDate

from kandoo.benefit.models import Evidence, Gain, OwnTime, StandAlone, TimeValue
from kandoo.engine import benefit as engine
from kandoo.engine.reach import Provider
from kandoo.register.models import Cluster
from kandoo.selling.models import Lot, Offer

SELLING = "selling"
BUYING = "buying"


def season_days(season: int) -> tuple[date, date]:
    """The first day of a Jalali year and the first day after it."""
    return JalaliDate(season, 1, 1).to_gregorian(), JalaliDate(season + 1, 1, 1).to_gregorian()


# Evidence


def as_evidence(row: Evidence) -> engine.Evidence:
    """A stored piece of evidence as the engine weighs it."""
    return engine.Evidence(
        kind=row.kind,  # type: ignore[arg-type]  # the choices are the engine's own
        who=row.who,
        per_unit=row.per_unit,
        on=row.on,
        has_paper=bool(row.sha256),
        has_note=bool(row.note.strip()),
        sample=row.sample,
    )


def evidence_in(action: str, action_id: int) -> dict[int, list[Evidence]]:
    """The evidence of an action by member, oldest first."""
    found: dict[int, list[Evidence]] = defaultdict(list)
    for each in Evidence.objects.filter(action=action, action_id=action_id).order_by("on", "pk"):
        found[each.enterprise_id].append(each)
    return found


def offer_evidence(offer: Offer) -> dict[str, Any]:
    """What came with an offer, as its form asks for it again."""
    own = {"action": SELLING, "action_id": offer.lot_id, "enterprise": offer.enterprise_id}
    row = Evidence.objects.filter(**own, item=offer.batch.code, with_offer=True).first()
    time = OwnTime.objects.filter(**own).first()
    said = {"alone_kind": row.kind, "alone_note": row.note} if row else {}
    return said | {"alone_days": time.alone_days if time else None}


def for_item(rows: Iterable[Evidence], item: str) -> list[Evidence]:
    """What counts for one item: its own evidence and that for all of the member's."""
    return [each for each in rows if each.item in ("", item)]


def alone_of(rows: Sequence[Evidence], *, on: date, side: engine.Side = "earning") -> engine.Alone:
    """The documented alone value of one unit."""
    return engine.alone_value([as_evidence(each) for each in rows], on=on, side=side)


def documented_alone(lot: Lot) -> dict[tuple[int, str], int]:
    """The alone price per kg fixed at agreement, by member and batch; batches without evidence are left out."""
    return documented(SELLING, lot.pk)


def documented(action: str, action_id: int) -> dict[tuple[int, str], int]:
    """The alone price of one unit fixed at agreement, by member and item; items without evidence are left out."""
    return {
        (row.enterprise_id, item["item"]): item["per_unit"]
        for row in StandAlone.objects.filter(action=action, action_id=action_id)
        for item in row.content["items"]
        if item["per_unit"] is not None
    }


def doubled_files(rows: Iterable[Evidence]) -> dict[str, list[Evidence]]:
    """Files that another member gave as its own, by checksum; for the agent's eyes."""
    own = {(each.sha256, each.enterprise_id) for each in rows if each.sha256}
    others = Evidence.objects.filter(sha256__in={sha for sha, _ in own}).select_related("enterprise").order_by("pk")
    found: dict[str, list[Evidence]] = defaultdict(list)
    for each in others:
        if any(sha == each.sha256 and member != each.enterprise_id for sha, member in own):
            found[each.sha256].append(each)
    return found


@dataclass(frozen=True, slots=True)
class Median:
    """The middle of what members documented alone: how many, rial for a unit, the newest day."""

    sample: int
    per_unit: int
    newest: date


def median_alone(cluster: Cluster, action: str, goods: str, today: date) -> Median | None:
    """The median of at least five members' own documented prices of a year; None where there are fewer."""
    with connection.cursor() as cursor:
        since = today - timedelta(days=engine.SEASON_DAYS)
        cursor.execute("SELECT * FROM kandoo_median_alone(%s, %s, %s, %s)", [cluster.pk, action, goods, since])
        row = cursor.fetchone()
    return Median(*row) if row else None


# Gains


def taken_to_json(taken: engine.Taken) -> dict[str, Any]:
    """What the engine was given, to be kept beside what it counted."""
    return {
        "side": taken.side,
        "lines": [{each.name: getattr(line, each.name) for each in fields(line)} for line in taken.lines],
        "hours": None if taken.hours is None else str(taken.hours),
        "per_hour": taken.per_hour,
        "subsidy": taken.subsidy,
        "later": taken.later,
    }


def taken_of(gain: Gain) -> engine.Taken:
    """What the engine was given when a gain was counted."""
    kept: Mapping[str, Any] = gain.taken
    lines = tuple(
        engine.Line(**(line | {"parts": tuple((code, amount) for code, amount in line["parts"])}))
        for line in kept["lines"]
    )
    hours = None if kept["hours"] is None else Decimal(kept["hours"])
    return engine.Taken(kept["side"], lines, hours, kept["per_hour"], kept["subsidy"], kept["later"])


def per_hour(cluster_id: int, season: int) -> int | None:
    """What an hour of own work counts in a season; None where nobody has said."""
    return TimeValue.objects.filter(cluster=cluster_id, season=season).values_list("per_hour", flat=True).first()


def seasons_of(gains: Any) -> list[int]:
    """The seasons that have a gain, newest first."""
    return list(gains.order_by("-season").values_list("season", flat=True).distinct())


# Totals that give nobody away


@dataclass(frozen=True, slots=True)
class ActionTotal:
    """A safe action's totals; `gain` None where it would give somebody away. Money in rial."""

    action: str
    action_id: int
    season: int
    code: str
    title: str
    side: str
    members: int
    documented: int
    quantity: int
    unit: str
    joint: int
    gain: int | None


@dataclass(frozen=True, slots=True)
class TakingPart:
    """How many members took part in a season, in how many actions, of which `hidden` cannot be shown."""

    members: int
    actions: int
    hidden: int


def action_totals(cluster: Cluster) -> list[ActionTotal]:
    """Every action that may be shown as a total, newest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM kandoo_benefit_actions(%s) ORDER BY season DESC, code DESC", [cluster.pk])
        return [ActionTotal(*row) for row in cursor.fetchall()]


def gain_groups(cluster: Cluster, season: int) -> list[tuple[int, int]]:
    """A season's gains as groups of five members or more: (members, sum), the smallest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT members, gain FROM kandoo_benefit_groups(%s, %s)", [cluster.pk, season])
        return cursor.fetchall()


def taking_part(cluster: Cluster, season: int) -> TakingPart:
    """Counts of people and actions of a season."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM kandoo_benefit_taking_part(%s, %s)", [cluster.pk, season])
        return TakingPart(*cursor.fetchone())


def providers(cluster: Cluster) -> list[Provider]:
    """Who offers a service in the cluster, where and since when."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM kandoo_providers(%s)", [cluster.pk])
        return [
            Provider(pk, stage, (float(latitude), float(longitude)), since)
            for pk, stage, latitude, longitude, since in cursor.fetchall()
        ]
