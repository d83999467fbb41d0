"""Indicators in the small world: a target, two sources that differ, a closed quarter, a table brought in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from kandoo.results import actions
from kandoo.results.models import Indicator
from kandoo.results.periods import Period

if TYPE_CHECKING:
    from tests.world import World

TABLE = "indicator,first,last,value,source,dated\ntrained,1405/04/01,1405/06/31,34,فهرست حضور,1405/07/05\n"


def measure(world: World, now: datetime, today: date) -> None:
    """At least one row of every table of results, on the file of the honey."""
    honey, quarter = world.files["honey"], Period.holding(today, "quarter").before()
    with world.as_("nation"):
        actions.take_shipped_indicators(by=world.people["nation"], programme=world.programme)
        trained = Indicator.objects.get(cluster=world.programme, code="trained")
    officer = world.people["province"]
    with world.as_("province"):
        actions.set_baseline(
            by=officer, file=honey, indicator=trained, value=Decimal(10), on=today - timedelta(days=500),
            source="مطالعه شناختی نمونه", now=now - timedelta(days=2),
        )  # fmt: skip
        actions.set_target(
            by=officer, file=honey, indicator=trained, target=Decimal(90), target_on=today + timedelta(days=200),
            reason="برنامه نمونه", now=now - timedelta(days=1),
        )  # fmt: skip
        actions.import_values(by=officer, file=honey, name="figures.csv", content=TABLE.encode(), today=today, now=now)
    with world.as_("agent"):
        terms = actions.ValueTerms(Decimal(41), quarter.first, quarter.last, "دفتر عامل", quarter.last)
        actions.add_value(
            by=world.people["agent"], file=honey, indicator=trained, terms=terms,
            document=actions.Document("list.pdf", b"%PDF-1.4 list"), today=today, now=now,
        )  # fmt: skip
    with world.as_("province"):
        actions.lock_period(by=officer, file=honey, first=quarter.first, last=quarter.last, now=now)
