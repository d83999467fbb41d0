"""Reports in the small world: one of the honey confirmed by the supervisor, one begun, one of the province.

The supervisor's own on the month of its visit is submitted, on the present quarter begun."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from kandoo.reports import actions
from kandoo.reports.models import Report
from kandoo.results.periods import Period
from tests.nation import seat_of

if TYPE_CHECKING:
    from tests.world import World


def report(world: World, now: datetime, today: date) -> None:
    """At least one row of each table of the room."""
    honey, present = world.files["honey"], Period.holding(today, "quarter")
    with world.as_("agent"):
        seat = seat_of(world, "agent")
        first = actions.begin_report(seat=seat, file=honey, period=present.before(), today=today, now=now)
        first = actions.word_report(seat=seat, report=first, done="دو محموله", next_steps="نمایشگاه")
        actions.submit_report(seat=seat, report=first, today=today, now=now)
        actions.begin_report(seat=seat, file=honey, period=present, today=today, now=now)
    with world.as_("supervisor"):
        actions.confirm_report(seat=seat_of(world, "supervisor"), report=first, now=now)
    with world.as_("province"):
        seat = seat_of(world, "province")
        of_place = actions.begin_report(seat=seat, province="IR-15", period=present.before(), today=today, now=now)
        of_place = actions.word_report(seat=seat, report=of_place, done="یک خوشه گزارش داد")
        actions.submit_report(seat=seat, report=of_place, today=today, now=now)
    supervise(world, now, today)


def supervise(world: World, now: datetime, today: date) -> Report:
    """The supervisor's own report on the month that has ended, submitted; and one begun. The visits are there already."""
    with world.as_("supervisor"):
        seat = seat_of(world, "supervisor")
        month, quarter = Period.holding(today, "month").before(), Period.holding(today, "quarter")
        own = actions.begin_report(seat=seat, period=month, today=today, now=now)
        own = actions.word_report(seat=seat, report=own, done="خوشه به راه است")
        actions.begin_report(seat=seat, period=quarter, today=today, now=now)
        return actions.submit_report(seat=seat, report=own, today=today, now=now)
