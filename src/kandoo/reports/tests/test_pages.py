"""The pages of reports: written by the agent, confirmed, received; on paper, in Excel and as an IATI file."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader

from kandoo.reports.models import Report
from kandoo.results.periods import Period
from tests.world import TODAY, World

AsOwner = Callable[[], AbstractContextManager[Any]]
ORDER = [
    *("iati-identifier", "reporting-org", "title", "description", "participating-org", "activity-status"),
    *("activity-date", "recipient-country", "location", "sector", "budget", "transaction", "result"),
]


@pytest.fixture
def world(made_world: World) -> World:
    return made_world


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


def counted_in(report: Report) -> dict[str, Any]:
    """A frozen figure that counts something, as content holds it."""
    held = (report.content or {})["indicators"].values()
    return next(each for each in held if each["kind"] == "number" and each["value"] is not None and each["computed"])


def workbook(client: Client, pk: int) -> Workbook:
    answer = client.get(f"/reports/{pk}/?as=xlsx")
    assert f"report-{pk}.xlsx" in answer["Content-Disposition"]
    return load_workbook(io.BytesIO(answer.content))


def test_the_workbook_runs_from_right_to_left_in_persian_and_counts_in_numbers(world: World) -> None:
    report, client = one(world, "province", status="confirmed", file__isnull=False), world.client("province")
    assert report.content is not None
    book = workbook(client, report.pk)
    assert all(sheet.sheet_view.rightToLeft for sheet in book)
    assert book.sheetnames[0] == "گزارش" and {"پول", "شاخص‌ها"} <= set(book.sheetnames)
    rows = [list(row) for row in book["پول"].iter_rows(values_only=True)]
    assert rows[0] == ["گام", "در دوره", "تا پایان آن", "یکا"]
    money = report.content["money"]
    assert [row[1:] for row in rows[1:]] == [
        [money["period"][step], money["to_date"][step], "ریال"]
        for step in ("approved", "allocated", "committed", "paid")
    ]
    client.cookies["django_language"] = "en"
    english = workbook(client, report.pk)
    assert not any(sheet.sheet_view.rightToLeft for sheet in english)
    indicators = list(english["Indicators"].iter_rows(values_only=True))
    assert indicators[0][:3] == ("Indicator", "Level", "Figure") and indicators[0][-1] == "Unit"
    frozen = counted_in(report)
    held = next(row for row in indicators if row[0] == frozen["name_en"])
    assert held[2] == float(frozen["value"]) and held[-1] == frozen["unit"]["en"]


def test_words_that_start_like_a_formula_stay_words_in_the_workbook(world: World) -> None:
    draft = one(world, "agent", status="draft")
    client = world.client("agent")
    client.post(f"/reports/{draft.pk}/", {"done": "=1+1"})
    cells = [cell for row in workbook(client, draft.pk).worksheets[0].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == "=1+1"] == ["s"]


def test_a_file_of_another_kind_or_of_a_report_that_is_none_is_missing(world: World) -> None:
    pk, client = one(world, "province", status="confirmed").pk, world.client("province")
    for address in (f"/reports/{pk}/?as=doc", "/reports/999999/?as=xlsx", "/reports/999999/report.pdf"):
        assert client.get(address).status_code == 404, address


def test_an_english_reader_sees_english_units_of_a_report_submitted_in_persian(world: World) -> None:
    report, client = one(world, "province", status="confirmed"), world.client("nation")
    unit = counted_in(report)["unit"]
    assert unit["fa"] != unit["en"]
    assert f" {unit['fa']}</bdi>" in client.get(f"/reports/{report.pk}/").content.decode()
    client.cookies["django_language"] = "en"
    text = client.get(f"/reports/{report.pk}/").content.decode()
    assert f" {unit['en']}</bdi>" in text and f" {unit['fa']}</bdi>" not in text
    paper = PdfReader(io.BytesIO(client.get(f"/reports/{report.pk}/report.pdf").content))
    assert unit["en"] in "".join(page.extract_text() for page in paper.pages)


def test_before_it_is_submitted_the_consequence_is_said_in_figures(world: World) -> None:
    client, address = world.client("agent"), f"/reports/files/{world.files['honey'].pk}/write/"
    over = Period.holding(TODAY, "quarter").before().before()
    text = client.post(address, {"period": over.key}, follow=True).content.decode()
    assert "این کار برگشت ندارد" in text and "شاخص رقم دارد" in text


def test_submitted_without_a_sentence_what_was_typed_stays_in_the_form(world: World) -> None:
    client, address = world.client("agent"), f"/reports/files/{world.files['honey'].pk}/write/"
    over = Period.holding(TODAY, "quarter").before().before()
    client.post(address, {"period": over.key})
    pk = one(world, "agent", year=over.year, number=over.number).pk
    text = client.post(f"/reports/{pk}/", {"done": " ", "next_steps": "نمایشگاه یزد", "submit": "1"}).content.decode()
    assert "در یک جمله بنویسید چه انجام شد." in text and "نمایشگاه یزد" in text
    assert one(world, "agent", pk=pk).status == "draft"


def test_a_list_that_holds_nothing_says_why(world: World) -> None:
    assert "هنوز گزارشی" in world.client("elsewhere").get("/reports/").content.decode()
    assert "گزارشی پیدا نشد" in world.client("province").get("/reports/?kind=year").content.decode()


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
    report = one(world, "province", file=None, supervisor=None)
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
