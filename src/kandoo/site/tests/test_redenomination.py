"""Four zeros less: a dated change of what is written and typed, never of what is stored."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from kandoo.ledger.models import Leg
from kandoo.site import language as lang
from kandoo.site import redenomination, units
from kandoo.site.forms import TomanField
from tests.world import World

NEW = units.Unit("ریال نو", "new rial", 10_000)
CHANGE = units.Change(NEW, date(2027, 3, 21), date(2028, 3, 20))


@pytest.fixture
def world(made_world: World) -> World:
    return made_world


def written(rial: int, today: date, language: str = "en") -> str:
    undo = units.write_by(lambda: CHANGE.writing(today))
    try:
        return lang.format_toman(rial, language)
    finally:
        undo()


def test_before_the_day_toman_then_both_then_the_new_unit_alone() -> None:
    assert written(124_000_000, date(2027, 3, 20)) == "12,400,000 toman"
    assert written(124_000_000, date(2027, 3, 21)) == "12,400 new rial (12,400,000 toman)"
    assert written(124_000_050, date(2028, 3, 20)) == "12,400.005 new rial"
    assert written(124_000_000, date(2027, 3, 21), "fa") == "۱۲٬۴۰۰ ریال نو (۱۲٬۴۰۰٬۰۰۰ تومان)"


@given(st.integers(0, 10**15), st.dates(date(2027, 1, 1), date(2029, 1, 1)))
def test_what_is_shown_in_a_field_is_read_back_as_the_same_rial(rial: int, today: date) -> None:
    undo = units.write_by(lambda: CHANGE.writing(today))
    try:
        field = TomanField()
        assert field.clean(field.prepare_value(rial)) == rial
    finally:
        undo()


def test_a_part_of_a_rial_cannot_be_typed() -> None:
    undo = units.write_by(lambda: CHANGE.writing(date(2027, 6, 1)))
    try:
        with pytest.raises(ValidationError, match="ریال نو"):
            TomanField().clean("0.00001")
    finally:
        undo()


def announce(world: World, **changed: Any) -> None:
    today = timezone.localdate()
    terms: dict[str, Any] = {
        "name_fa": "ریال نو",
        "name_en": "new rial",
        "rial": 10_000,
        "starts_on": today + timedelta(days=1),
        "both_until": today + timedelta(days=700),
        "source": "قانون نمونه",
        "today": today,
    }
    with world.as_("agent"):
        redenomination.announce(by=world.people["agent"], cluster=world.cluster, **(terms | changed))


@pytest.mark.django_db
def test_a_page_is_written_in_the_new_unit_and_no_leg_has_changed(world: World) -> None:
    with world.as_("agent"):
        before = list(Leg.objects.order_by("pk").values_list("amount", "currency"))
    announce(world, today=date(2026, 1, 1), starts_on=date(2026, 1, 2), both_until=timezone.localdate())
    page = world.client("kuh").get("/selling/pay-slips/?language=en").content.decode()
    assert "new rial" in page and "toman" not in page
    with world.as_("agent"):
        assert list(Leg.objects.order_by("pk").values_list("amount", "currency")) == before


@pytest.mark.django_db
def test_a_change_is_announced_ahead_and_can_be_taken_back_until_its_day(world: World) -> None:
    today = timezone.localdate()
    client = world.client("agent")
    typed = {
        "name_fa": "ریال نو",
        "name_en": "new rial",
        "rial": "۱۰۰۰۰",
        "starts_on": (today + timedelta(days=30)).isoformat(),
        "both_until": (today + timedelta(days=300)).isoformat(),
        "source": "قانون نمونه",
    }
    assert client.post("/money-unit/", typed).status_code == 302
    assert "ریال نو" in client.get("/money-unit/").content.decode()
    assert client.post("/money-unit/call-off/").status_code == 302
    assert "ریال نو" not in client.get("/money-unit/").content.decode()
    late = client.post("/money-unit/", typed | {"starts_on": today.isoformat()})
    assert late.status_code == 200
    assert "باید در آینده باشد" in late.content.decode()


@pytest.mark.django_db
def test_a_change_that_has_begun_is_history(world: World) -> None:
    announce(world, today=date(2026, 1, 1), starts_on=date(2026, 1, 2))
    with pytest.raises(redenomination.NotPossible):
        announce(world)
    with transaction.atomic(), world.as_("agent"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM site_redenomination")
        assert cursor.rowcount == 0


@pytest.mark.django_db
def test_only_the_agent_announces(world: World) -> None:
    assert world.client("kuh").get("/money-unit/").status_code == 403
    statement = (
        "INSERT INTO site_redenomination (cluster_id, name_fa, name_en, rial, starts_on, both_until, source, at, by_id)"
        " VALUES (%s, 'x', 'x', 10, '2030-01-01', '2030-01-02', '', now(), %s)"
    )
    with pytest.raises(DatabaseError), transaction.atomic(), world.as_("kuh"), connection.cursor() as cursor:
        cursor.execute(statement, [world.cluster.pk, world.people["kuh"].pk])
