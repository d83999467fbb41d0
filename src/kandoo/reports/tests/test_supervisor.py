"""The technical supervisor's own report: on the clusters it visits, received by an officer of its place, read by few."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation
from openpyxl import load_workbook
from pypdf import PdfReader

from kandoo.credit import actions as credit
from kandoo.credit.models import Phase
from kandoo.programme.queries.tasks import Moment, waiting
from kandoo.register.models import Role
from kandoo.reports import actions, reading
from kandoo.reports.models import Report
from kandoo.reports.queries.owing import newest_before
from kandoo.results.periods import Period
from kandoo.site.models import Notice
from kandoo.visits.actions import report_visit
from kandoo.visits.models import Advice
from tests import nation, visits
from tests.nation import seat_of
from tests.world import NOW, TODAY, World

AsOwner = Callable[[], AbstractContextManager[Any]]
MONTH = Period.holding(TODAY, "month").before()
QUARTER = Period.holding(TODAY, "quarter")


@pytest.fixture
def world(made_world: World) -> World:
    return made_world


def own(world: World, status: str = "submitted", who: str = "supervisor") -> Report:
    with world.as_(who):
        return Report.objects.get(supervisor=world.people["supervisor"], status=status)


def counted(world: World, period: Period, today: date = TODAY) -> dict[str, Any]:
    """What the records say of the supervisor's work in a period."""
    with world.as_("supervisor"):
        begun = Report(
            cluster=world.programme, province="IR-15", supervisor=world.people["supervisor"], kind=period.kind,
            year=period.year, number=period.number,
        )  # fmt: skip
        return actions.content_of(begun, today)


def begin(world: World, period: Period) -> Report:
    with world.as_("supervisor"):
        return actions.begin_report(seat=seat_of(world, "supervisor"), period=period, today=TODAY, now=NOW)


# What it counts


def test_it_counts_the_visits_made_against_those_planned_and_the_advice_given(world: World) -> None:
    content = own(world).content or {}
    assert {name: content["visits"][name] for name in ("planned", "made", "further", "called_off", "late")} == {
        "planned": 1, "made": 1, "further": 0, "called_off": 0, "late": 0,
    }  # fmt: skip
    assert content["visits"]["rows"][0] | {"planned": "", "visited": ""} == {
        "cluster": {"fa": "عسل لرستان", "en": "عسل لرستان"}, "planned": "", "state": "made", "visited": "",
        "course": "good", "advice": 2,
    }  # fmt: skip
    # The advice that was followed later was still open when the month ended.
    assert {name: content["advice"][name] for name in ("given", "kept", "open", "late")} == {
        "given": 2, "kept": 0, "open": 2, "late": 1,
    }  # fmt: skip
    assert list(content["clusters"]) == [world.files["honey"].code]


def test_it_counts_what_was_confirmed_and_sent_back_in_the_period_alone(world: World) -> None:
    handled = counted(world, QUARTER)["handled"]
    assert handled["paper"]["confirmed"] > 0 and handled["report"] == {"confirmed": 1, "returned": 0}
    assert {each["kind"] for each in handled["rows"]} >= {"paper", "report"}
    before = (own(world).content or {})["handled"]
    assert before["rows"] == [] and before["paper"] == {"confirmed": 0, "returned": 0}


def test_a_phase_sent_back_is_counted_from_the_trail_for_the_supervisor_and_the_officers(world: World) -> None:
    with world.as_("supervisor"):
        phase = Phase.objects.filter(delivered_on__isnull=False, confirmed_by=None).first()
    if phase is None:
        with world.as_("province"):
            phase = Phase.objects.filter(confirmed_by=None, delivered_on=None).first()
            assert phase is not None
            by = world.people["province"]
            credit.deliver_phase(by=by, phase=phase, document="نامه", on=phase.contract.signed_on)
    with world.as_("supervisor"):
        credit.send_phase_back(by=world.people["supervisor"], phase=phase, reason="امضا ندارد")
    period = Period.holding(date.today(), "quarter")  # the trail keeps the moment itself
    report = Report(
        cluster=world.programme, province="IR-15", supervisor=world.people["supervisor"], kind="quarter",
        year=period.year, number=period.number,
    )  # fmt: skip
    for name in ("supervisor", "province", "nation"):
        with world.as_(name):
            handled = actions.content_of(report, date.today())["handled"]
            assert handled["phase"]["returned"] == 1, name
            assert handled["rows"][-1]["what"] == f"{phase.contract.number} · {phase.title}"
    for name in ("chair", "elsewhere", "agent"):
        with world.as_(name):
            assert actions.content_of(report, date.today())["handled"]["phase"]["returned"] == 0, name


def test_a_visit_is_late_a_week_after_its_day_and_an_advice_the_day_after(world: World) -> None:
    with world.as_("supervisor"):
        planned = Advice.objects.get(position=2).visit
        due = Advice.objects.get(position=2).due_on
    next_visit = min(each.planned_on for each in _planned(world))
    on_time = counted(world, QUARTER, next_visit + timedelta(days=7))
    late = counted(world, QUARTER, next_visit + timedelta(days=8))
    assert (on_time["visits"]["late"], late["visits"]["late"]) == (0, 1)
    assert late["open"]["visits_late"] == 1
    assert (
        counted(world, QUARTER, due)["advice"]["late"],
        counted(world, QUARTER, due + timedelta(days=1))["advice"]["late"],
    ) == (0, 1)
    assert planned.supervisor_id == world.people["supervisor"].pk


def _planned(world: World) -> list[Any]:
    with world.as_("supervisor"):
        return list(world.files["honey"].visits.filter(status="planned"))


def test_a_cluster_that_nobody_visits_is_not_the_supervisors(world: World) -> None:
    carpet = nation.open_file(world, "province", nation.terms("فرش", "فرش"), TODAY)
    assert carpet.code not in counted(world, QUARTER)["clusters"]


def test_a_report_on_a_period_without_visits_is_refused_in_words(world: World) -> None:
    with pytest.raises(actions.NotPossible, match="بازدیدی از شما"):
        begin(world, MONTH.before())


def test_the_queries_do_not_grow_with_the_clusters(world: World, django_assert_max_num_queries: Any) -> None:
    for n in range(3):
        file = nation.open_file(world, "province", nation.terms(f"فرش {n}", f"فرش {n}"), TODAY)
        world.files["honey"] = file
        visits.planned(world, TODAY - timedelta(days=20), NOW)
    with django_assert_max_num_queries(28):
        assert len(counted(world, QUARTER)["clusters"]) == 4


# Who writes, receives and reads it


def test_submitted_it_stays_for_ever_in_both_languages(world: World, as_owner: AsOwner) -> None:
    report = own(world)
    assert actions.checksum(report.content) == report.sha256
    with world.as_("supervisor"), translation.override("en"):
        assert actions.content_of(report, TODAY) == report.content  # in whichever language it is counted
    changes: tuple[dict[str, Any], ...] = (
        {"done": "x"},
        {"content": {}},
        {"supervisor": world.people["deputy"]},
        {"status": "draft"},
    )
    for change in changes:
        with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(**change)


def test_a_summary_is_not_asked_for(world: World) -> None:
    with world.as_("supervisor"):
        draft = own(world, "draft")
        after = QUARTER.last + timedelta(days=1)
        submitted = actions.submit_report(
            seat=seat_of(world, "supervisor"), report=draft, today=after, now=NOW + (after - TODAY)
        )
        assert submitted.status == "submitted" and submitted.done == ""


def test_an_officer_of_the_province_receives_it_and_no_period_is_closed(world: World) -> None:
    report = own(world)
    for name in ("nation", "supervisor"):
        with world.as_(name), pytest.raises(actions.NotPossible):
            actions.receive_report(seat=seat_of(world, name), report=report, now=NOW)
    answer = world.client("nation").post(f"/reports/{report.pk}/receive/", follow=True).content.decode()
    assert "این گام با شما نیست" in answer
    with world.as_("province"):
        assert Notice.objects.filter(code="own-report-submitted", url=f"/reports/{report.pk}/").exists()
        actions.receive_report(seat=seat_of(world, "province"), report=report, now=NOW)
    assert own(world, "received").received_by_id == world.people["province"].pk


def test_where_the_province_has_no_officer_the_nation_receives_it(world: World, as_owner: AsOwner) -> None:
    with as_owner():
        Role.objects.filter(role="officer", province="IR-15").update(to_on=TODAY - timedelta(days=1))
    with world.as_("supervisor"):
        draft = own(world, "draft")
        after = QUARTER.last + timedelta(days=1)
        report = actions.submit_report(
            seat=seat_of(world, "supervisor"), report=draft, today=after, now=NOW + (after - TODAY)
        )
    with world.as_("nation2"):
        assert Notice.objects.filter(code="own-report-submitted", url=f"/reports/{report.pk}/").exists()
        actions.receive_report(seat=seat_of(world, "nation2"), report=report, now=NOW + (after - TODAY))
        assert Report.objects.get(pk=report.pk).received_by_id == world.people["nation2"].pk


def test_the_database_lets_no_other_hand_write_or_receive_it(world: World, as_owner: AsOwner) -> None:
    report, people = own(world), world.people
    for name in ("nation", "elsewhere", "supervisor", "chair", "agent"):
        with world.as_(name):
            given = {"status": "received", "received_by": people[name], "received_at": NOW}
            try:
                with transaction.atomic():
                    assert Report.objects.filter(pk=report.pk).update(**given) == 0, name
            except DatabaseError:
                continue
    with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(status="confirmed", confirmed_by=people["deputy"], confirmed_at=NOW)
    for name in ("province", "agent", "chair"):
        for supervisor in (people["supervisor"], people[name]):
            with world.as_(name), pytest.raises(DatabaseError), transaction.atomic():
                Report.objects.create(
                    cluster=world.programme, province="IR-15", supervisor=supervisor, kind="year", year=1404, number=1,
                    first=date(2025, 3, 21), last=date(2026, 3, 20), by=people[name], at=NOW,
                )  # fmt: skip


def test_the_database_refuses_a_cluster_that_the_supervisor_does_not_visit(world: World) -> None:
    stone = world.files["stone"].code
    with world.as_("supervisor"), pytest.raises(DatabaseError, match="clusters it visits"), transaction.atomic():
        Report.objects.filter(status="draft", supervisor=world.people["supervisor"]).update(
            status="submitted",
            submitted_at=NOW + timedelta(days=90),
            sha256="0" * 64,
            content={"clusters": {stone: {}}},
        )


def test_sent_back_with_a_reason_a_further_edition_begins_with_the_same_words(world: World) -> None:
    report, client = own(world), world.client("province")
    client.post(f"/reports/{report.pk}/back/", {"remark": " "})
    assert own(world).status == "submitted"  # a reason is needed
    client.post(f"/reports/{report.pk}/back/", {"remark": "خوشهٔ سنگ را هم ببینید"})
    supervisor = world.client("supervisor")
    assert "خوشهٔ سنگ را هم ببینید" in supervisor.get(f"/reports/{report.pk}/").content.decode()
    supervisor.post("/reports/write/", {"period": MONTH.key})
    with world.as_("supervisor"):
        again = Report.objects.get(status="draft", kind="month")
    assert (again.edition, again.done) == (2, report.done)


def test_neither_agent_nor_committee_nor_another_province_reads_it(world: World) -> None:
    pk, code = own(world).pk, world.files["honey"].pk
    for name in ("agent", "chair", "voter", "treasurer", "elsewhere", "kuh"):
        client = world.client(name)
        for path in (f"/reports/{pk}/", f"/reports/{pk}/report.pdf", f"/reports/{pk}/?as=xlsx"):
            assert client.get(path).status_code in (403, 404), f"{name} at {path}"
        assert f'/reports/{pk}/"' not in client.get(f"/reports/files/{code}/").content.decode()
    draft = own(world, "draft").pk
    for name in ("province", "nation", "deputy"):
        assert world.client(name).get(f"/reports/{draft}/").status_code == 404


# Its pages


@pytest.mark.parametrize("name", ["supervisor", "province", "deputy", "nation", "inspector"])
def test_it_is_read_on_page_paper_and_in_excel(world: World, name: str) -> None:
    client, pk = world.client(name), own(world).pk
    text = client.get(f"/reports/{pk}/").content.decode()
    assert "نظارت شخص supervisor" in text and "گزارش ماهانه" in text and "خوشه به راه است" in text
    assert "۱ از ۱ بازدید" in text and "فهرست اعضا به‌روز شود" in text
    paper = PdfReader(io.BytesIO(client.get(f"/reports/{pk}/report.pdf").content))
    assert len(paper.pages) >= 1
    book = load_workbook(io.BytesIO(client.get(f"/reports/{pk}/?as=xlsx").content))
    assert {"خوشه‌ها", "بازدیدها", "توصیه"} <= set(book.sheetnames)
    assert [cell.value for cell in book["خوشه‌ها"][2]][2:5] == [1, 0, 2]  # numbers, not words
    client.cookies["django_language"] = "en"
    text = client.get(f"/reports/{pk}/").content.decode()
    assert "Supervision by" in text and "Planned visits made: 1 of 1" in text and "On course" in text
    assert f"/reports/{pk}/" in client.get(f"/reports/files/{world.files['honey'].pk}/").content.decode()


def test_the_supervisor_begins_words_and_drops_a_draft_on_the_pages(world: World) -> None:
    client, draft = world.client("supervisor"), own(world, "draft")
    home = client.get("/reports/").content.decode()
    assert "گزارش خود شما" in home
    page = client.get(f"/reports/{draft.pk}/").content.decode()
    assert 'name="done"' in page and 'name="obstacles"' not in page and "خلاصه" in page
    client.post(f"/reports/{draft.pk}/", {"done": "دو خوشه عقب است", "save": ""})
    assert own(world, "draft").done == "دو خوشه عقب است"
    client.post(f"/reports/{draft.pk}/", {"submit": "1"})
    assert own(world, "draft").status == "draft"  # the quarter is not over
    client.post(f"/reports/{draft.pk}/drop/")
    with world.as_("supervisor"):
        assert not Report.objects.filter(pk=draft.pk).exists()
    answer = client.post("/reports/write/", {"period": MONTH.before().key}, follow=True).content.decode()
    assert "چیزی برای گزارش نیست" in answer
    assert client.post(f"/reports/files/{world.files['honey'].pk}/write/", {"period": MONTH.key}).status_code == 404


def test_the_list_is_narrowed_to_supervisors_for_those_who_may_see_them(world: World) -> None:
    pk = own(world).pk
    text = world.client("province").get("/reports/?on=supervisor").content.decode()
    assert f"/reports/{pk}/" in text and "عسل لرستان</td>" not in text
    assert f"/reports/{pk}/" not in world.client("province").get("/reports/?on=cluster").content.decode()
    text = world.client("chair").get("/reports/?on=supervisor").content.decode()
    assert 'value="supervisor"' not in text and "گزارشی پیدا نشد" in text


def test_it_waits_for_the_officers_of_the_province_until_it_is_received(world: World) -> None:
    def waits(name: str) -> int:
        with world.as_(name):
            found = waiting(Moment(seat_of(world, name), TODAY, NOW))
            return sum(count for count, _text, address, _action in found if address == "reports:home")

    before = {name: waits(name) for name in ("province", "deputy", "nation", "elsewhere")}
    world.client("province").post(f"/reports/{own(world).pk}/receive/")
    after = {name: waits(name) for name in before}
    assert {name: before[name] - after[name] for name in before} == {
        "province": 1,
        "deputy": 1,
        "nation": 0,
        "elsewhere": 0,
    }


# What changed since the last


def test_what_changed_since_the_last_one_is_told(world: World) -> None:
    present = Period.holding(TODAY, "month")
    with world.as_("supervisor"):
        visit = world.files["honey"].visits.filter(status="planned").order_by("planned_on")[0]
        on = visit.planned_on
        terms = visits.terms(on)
        report_visit(by=world.people["supervisor"], visit=visit, terms=terms, today=on, now=NOW + (on - TODAY))
        draft = begin(world, Period.holding(on, "month"))
        before = newest_before(draft)
        assert before is not None and before.kind == "month" and before.supervisor_id == draft.by_id
        now_said = actions.content_of(draft, on)
        told = {str(row[0]): (str(row[1]), str(row[2])) for row in reading.changes(before.content, now_said)}
    assert present.first <= on
    assert told["مدارک · تأییدشده"][0] == "۰"
    assert told["توصیه‌های باز، روی هم"] == ("۲", "۳")
    assert not any(label.startswith("عسل") for label in told)  # of one cluster the totals say it all
