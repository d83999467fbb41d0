"""Visits: planned by the month, reported once by who went, advice followed; on pages of each role."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from kandoo.programme.models import ClusterFile
from kandoo.programme.problems import NotPossible
from kandoo.visits import actions, queries
from kandoo.visits.models import Advice, Visit
from tests import nation, visits
from tests.world import NOW, TODAY, World, found

pytestmark = pytest.mark.django_db
AsOwner = Callable[[], AbstractContextManager[Any]]


@pytest.fixture
def world(as_owner: AsOwner) -> World:
    made = found("lorestan", "agent", as_owner)
    nation.build_nation(made, as_owner, NOW, TODAY)
    return made


def post(client: Client, path: str, **values: Any) -> str:
    answer = client.post(path, values, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_visits_fall_on_the_same_day_of_each_jalali_month() -> None:
    first = date(2026, 9, 22)  # 31 Shahrivar 1405
    assert queries.days(first, first + timedelta(days=190), 1) == [
        date(2026, 9, 22), date(2026, 10, 22), date(2026, 11, 21), date(2026, 12, 21), date(2027, 1, 20), date(2027, 2, 19), date(2027, 3, 20),
    ]  # fmt: skip
    assert queries.days(first, first, 2) == [first]
    assert queries.days(first, first - timedelta(days=1), 2) == []


def test_a_plan_again_adds_only_the_days_that_are_not_planned(world: World) -> None:
    assert len(visits.planned(world, TODAY, NOW, months=2)) == 2
    assert len(visits.planned(world, TODAY, NOW, months=1)) == 2
    with pytest.raises(NotPossible, match="پیش‌تر"):
        visits.planned(world, TODAY, NOW)


def test_only_the_supervisor_who_went_reports_and_once(world: World, as_owner: AsOwner) -> None:
    visit = visits.planned(world, TODAY - timedelta(days=5), NOW)[0]
    terms = visits.terms(TODAY)
    with world.as_("province"), pytest.raises(NotPossible, match="ناظری"):
        actions.report_visit(by=world.people["province"], visit=visit, terms=terms, today=TODAY, now=NOW)
    with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
        Visit.objects.filter(pk=visit.pk).update(
            status="done", visited_on=TODAY, reported_at=NOW, met="x", found="x", course="good"
        )
    with world.as_("supervisor"):
        by = world.people["supervisor"]
        actions.report_visit(by=by, visit=visit, terms=terms, today=TODAY, now=NOW)
        with pytest.raises(NotPossible):
            actions.cancel_visit(by=by, visit=visit, reason="x")
    for change in ({"found": "x"}, {"status": "planned"}):
        with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
            Visit.objects.filter(pk=visit.pk).update(**change)
    with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
        Advice.objects.update(text="x")


def test_a_visit_to_come_and_advice_due_before_it_are_refused(world: World) -> None:
    visit = visits.planned(world, TODAY - timedelta(days=5), NOW)[0]
    by = world.people["supervisor"]
    with world.as_("supervisor"):
        with pytest.raises(NotPossible, match="نرسیده"):
            actions.report_visit(
                by=by, visit=visit, terms=visits.terms(TODAY + timedelta(days=1)), today=TODAY, now=NOW
            )
        early = actions.ReportTerms(TODAY, "", "عامل", "خوب", "good", [("زود", "عامل", TODAY - timedelta(days=1))])
        with pytest.raises(NotPossible, match="زود"):
            actions.report_visit(by=by, visit=visit, terms=early, today=TODAY, now=NOW)


def test_a_late_visit_and_overdue_advice_are_told_by_file(world: World) -> None:
    visits.planned(world, TODAY - timedelta(days=40), NOW)
    with world.as_("province"):
        files, honey = ClusterFile.objects.all(), world.files["honey"].pk
        assert queries.late(files, TODAY) == {honey: TODAY - timedelta(days=40)}
        assert queries.open_advice(files, TODAY) == {}
    visits.visit(world, NOW, TODAY)
    with world.as_("province"):
        assert queries.open_advice(files, TODAY + timedelta(days=30))[honey][0] == 1


def test_from_the_plan_to_the_answer_of_the_agent(world: World) -> None:
    honey, today = world.files["honey"].pk, timezone.localdate()
    officer, supervisor, agent = (world.client(name) for name in ("province", "supervisor", "agent"))
    plan = {
        "supervisor": world.people["supervisor"].pk, "first": str(today), "until": str(today + timedelta(days=200)), "months": "2",
        "purpose": "بازدید دوماهه",
    }  # fmt: skip
    assert "بازدیدها برنامه‌ریزی شد" in post(officer, f"/visits/files/{honey}/plan/", **plan)
    with world.as_("province"):
        visit = Visit.objects.order_by("planned_on")[0]
    assert agent.post(f"/visits/{visit.pk}/cancel/", {"reason": "x"}).status_code == 403
    assert officer.get(f"/visits/{visit.pk}/report/").status_code == 403
    report = {
        "visited_on": str(today), "met": "عامل", "course": "behind", "found": "دو شبکه مانده است", "advice-0-text": "شبکهٔ فروش",
        "advice-0-owner": "عامل", "advice-0-due_on": "",
    }  # fmt: skip
    assert "ردیف ۱، مهلت" in post(supervisor, f"/visits/{visit.pk}/report/", **report)
    text = post(
        supervisor, f"/visits/{visit.pk}/report/", **report | {"advice-0-due_on": str(today + timedelta(days=9))}
    )
    assert "دو شبکه مانده است" in text and "شبکهٔ فروش" in text
    assert supervisor.get(f"/visits/{visit.pk}/visit.pdf").content.startswith(b"%PDF")
    assert "شبکهٔ فروش" in agent.get(f"/visits/files/{honey}/").content.decode()
    with world.as_("agent"):
        advice = Advice.objects.get()
    assert "شبکه شکل گرفت" in post(agent, f"/visits/advice/{advice.pk}/", how="شبکه شکل گرفت")
    for who in ("province", "supervisor", "nation", "chair"):
        assert world.client(who).get("/visits/").status_code == 200
    assert officer.get(f"/visits/files/{honey}/?as=xlsx").status_code == 200
    assert world.client("elsewhere").get(f"/visits/{visit.pk}/").status_code == 404


def test_a_visit_is_moved_or_called_off_with_a_reason(world: World) -> None:
    first, second = visits.planned(world, TODAY, NOW, months=2)
    with world.as_("province"):
        by = world.people["province"]
        with pytest.raises(NotPossible, match="هست"):
            actions.move_visit(by=by, visit=first, to=second.planned_on, reason="برف")
        assert actions.move_visit(by=by, visit=first, to=TODAY + timedelta(days=3), reason="برف").reason == "برف"
        with pytest.raises(NotPossible):
            actions.cancel_visit(by=by, visit=second, reason=" ")
        assert actions.cancel_visit(by=by, visit=second, reason="پایان پروژه").status == "cancelled"
