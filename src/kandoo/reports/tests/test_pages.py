"""The pages of reports: written by the agent, confirmed, received; on paper, in Excel and as an IATI file."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from kandoo.reports.models import Report
from kandoo.results.periods import Period
from tests.world import TODAY, World, make_world

AsOwner = Callable[[], AbstractContextManager[Any]]
ORDER = [
    *("iati-identifier", "reporting-org", "title", "description", "participating-org", "activity-status"),
    *("activity-date", "recipient-country", "location", "sector", "budget", "transaction", "result"),
]


@pytest.fixture
def world(as_owner: AsOwner) -> World:
    return make_world(as_owner)


def one(world: World, name: str, **wanted: Any) -> Report:
    with world.as_(name):
        return Report.objects.get(**wanted)


@pytest.mark.parametrize("name", ["nation", "province", "supervisor", "voter", "inspector", "treasurer", "agent"])
def test_every_reader_opens_a_submitted_report_on_page_paper_and_in_excel(world: World, name: str) -> None:
    client, pk = world.client(name), one(world, "province", status="confirmed").pk
    text = client.get(f"/reports/{pk}/").content.decode()
    assert "گزارش فصلی" in text and "دو محموله" in text and "اعضا" in text
    assert client.get(f"/reports/{pk}/report.pdf").content[:5] == b"%PDF-"
    assert client.get(f"/reports/{pk}/?as=xlsx").content[:2] == b"PK"
    assert client.get(f"/reports/files/{world.files['honey'].pk}/").status_code == 200
    client.cookies["django_language"] = "en"
    assert "Quarterly report" in client.get(f"/reports/{pk}/").content.decode()


def test_a_draft_is_missing_to_all_but_its_author(world: World) -> None:
    pk = one(world, "agent", status="draft").pk
    assert world.client("agent").get(f"/reports/{pk}/").status_code == 200
    for name in ("province", "supervisor", "nation", "elsewhere", "kuh"):
        assert world.client(name).get(f"/reports/{pk}/").status_code in (403, 404)


def test_an_officer_receives_what_the_supervisor_confirmed_and_the_period_closes(world: World) -> None:
    report = one(world, "province", status="confirmed")
    assert world.client("supervisor").post(f"/reports/{report.pk}/receive/").status_code in (403, 404)
    world.client("province").post(f"/reports/{report.pk}/receive/")
    assert one(world, "province", pk=report.pk).status == "received"


def test_a_report_sent_back_is_written_again_as_a_further_edition(world: World) -> None:
    report = one(world, "province", status="confirmed")
    client = world.client("province")
    client.post(f"/reports/{report.pk}/back/", {"remark": " "})
    assert one(world, "province", pk=report.pk).status == "confirmed"  # a remark is needed
    client.post(f"/reports/{report.pk}/back/", {"remark": "مانع‌ها را بنویسید"})
    agent = world.client("agent")
    assert "مانع‌ها را بنویسید" in agent.get(f"/reports/{report.pk}/").content.decode()
    period = Period(report.year, report.number, report.kind)
    agent.post(f"/reports/files/{world.files['honey'].pk}/write/", {"period": period.key})
    again = one(world, "agent", status="draft", edition=2)
    agent.post(f"/reports/{again.pk}/", {"done": "", "submit": "1"})
    assert one(world, "agent", pk=again.pk).status == "draft"  # a sentence is needed
    agent.post(f"/reports/{again.pk}/", {"done": "بازنوشته", "submit": "1"})
    assert one(world, "agent", pk=again.pk).status == "submitted"


def test_the_provinces_report_says_who_has_not_reported(world: World) -> None:
    report = one(world, "province", file=None)
    text = world.client("nation").get(f"/reports/{report.pk}/").content.decode()
    assert "خوشه از" in text
    assert world.client("elsewhere").get(f"/reports/{report.pk}/").status_code == 404
    world.client("nation").post(f"/reports/{report.pk}/receive/")
    assert one(world, "nation", pk=report.pk).status == "received"


def test_a_period_that_is_none_or_has_not_begun_is_refused_in_words(world: World) -> None:
    client, address = world.client("agent"), f"/reports/files/{world.files['honey'].pk}/write/"
    for period in ("", "1405-q9", Period.holding(TODAY, "quarter").next().key):
        assert client.post(address, {"period": period}, follow=True).status_code == 200
    with world.as_("agent"):
        assert Report.objects.exclude(file=None).count() == 2


def test_the_iati_file_has_its_elements_in_the_standards_order(world: World) -> None:
    answer = Client().get("/open/iati.xml")
    root = ET.fromstring(answer.content)
    assert root.tag == "iati-activities" and root.get("version") == "2.03"
    activities = root.findall("iati-activity")
    assert activities
    for activity in activities:
        places = [ORDER.index(each.tag) for each in activity]
        assert places == sorted(places)
        assert activity.get("default-currency") == "IRR"
        assert [each.get("code") for each in activity.findall("recipient-country")] == ["IR"]
        for transaction in activity.findall("transaction"):
            kind = transaction.find("transaction-type")
            assert kind is not None and kind.get("code") in ("2", "3")
            assert int(transaction.findtext("value", "0")) > 0
        for budget in activity.findall("budget"):
            assert [each.tag for each in budget] == ["period-start", "period-end", "value"]
    assert any(each.findall("transaction") for each in activities)
