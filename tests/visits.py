"""Visits in the small world: one reported with two pieces of advice, of which one is followed, and three to come."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from kandoo.visits import actions
from kandoo.visits.models import Advice, Visit

if TYPE_CHECKING:
    from tests.world import World


def planned(world: World, first: date, now: datetime, months: int = 1, days: int = 100) -> list[Visit]:
    """Visits of the supervisor to the honey."""
    with world.as_("province"):
        return actions.plan_visits(
            by=world.people["province"], file=world.files["honey"], supervisor=world.people["supervisor"].pk, first=first,
            until=first + timedelta(days=days), months=months, purpose="بازدید دوره‌ای", now=now,
        )  # fmt: skip


def terms(on: date) -> actions.ReportTerms:
    """What the supervisor says."""
    advice = (
        ("فهرست اعضا به‌روز شود", "عامل خوشه", on + timedelta(days=10)),
        ("نشست شورا", "دبیر شورا", on + timedelta(days=20)),
    )
    return actions.ReportTerms(on, "الیگودرز", "عامل و سه عضو", "شبکهٔ خرید شکل گرفته است", "good", advice)


def visit(world: World, now: datetime, today: date) -> None:
    """At least one row of each table of the room."""
    first = planned(world, today - timedelta(days=20), now)[0]
    with world.as_("supervisor"):
        by = world.people["supervisor"]
        actions.report_visit(by=by, visit=first, terms=terms(today - timedelta(days=15)), today=today, now=now)
    with world.as_("agent"):
        advice = Advice.objects.order_by("position")[0]
        actions.follow_advice(by=world.people["agent"], advice=advice, how="فهرست به‌روز شد", today=today)
