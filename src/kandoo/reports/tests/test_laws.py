"""Reports: what is submitted stays for ever, each step is another person's, the difference of two is exact."""

import copy
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kandoo.programme.models import ClusterFile, StageMark
from kandoo.reports import actions, reading
from kandoo.reports.difference import differences, leaves
from kandoo.reports.models import Report
from kandoo.reports.queries.content import of_file
from kandoo.reports.queries.owing import GRACE, overdue
from kandoo.results.models import Lock
from kandoo.results.periods import Period
from kandoo.site.models import Notice
from tests import nation, reports, results, visits
from tests.nation import seat_of
from tests.world import NOW, TODAY, World, found

AsOwner = Callable[[], AbstractContextManager[Any]]
LEAF = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5))
CONTENT = st.recursive(
    LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)


@pytest.fixture
def reported(db: None, as_owner: AsOwner) -> World:
    """The programme with a confirmed report of the honey and one begun."""
    world = found("lorestan", "agent", as_owner)
    nation.build_nation(world, as_owner, NOW, TODAY)
    visits.visit(world, NOW, TODAY)
    results.measure(world, NOW, TODAY)
    reports.report(world, NOW, TODAY)
    return world


def one(world: World, who: str, status: str) -> Report:
    with world.as_(who):
        return Report.objects.get(status=status)


def test_what_is_submitted_never_changes_not_for_the_owner_either(reported: World, as_owner: AsOwner) -> None:
    confirmed = one(reported, "agent", "confirmed")
    assert actions.checksum(confirmed.content) == confirmed.sha256
    changes: tuple[dict[str, Any], ...] = (
        {"content": {}},
        {"done": "x"},
        {"sha256": "0" * 64},
        {"status": "draft"},
        {"last": date(2030, 1, 1)},
    )
    for change in changes:
        with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
            Report.objects.filter(pk=confirmed.pk).update(**change)
    with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.filter(pk=confirmed.pk).delete()


def test_frozen_numbers_stay_when_the_records_change(reported: World) -> None:
    before = copy.deepcopy(one(reported, "agent", "confirmed").content)
    with reported.as_("province"):
        file = reported.files["honey"]
        file.name_en = "Another name"
        file.save(update_fields=["name_en"])
        report = Report.objects.get(status="confirmed")
        now_said = of_file(file, Period(report.year, report.number, report.kind), TODAY)
    assert report.content == before and report.content is not None
    assert ("cluster", "name_en") in differences(report.content, now_said)


def test_the_author_neither_confirms_nor_receives(reported: World) -> None:
    confirmed = one(reported, "agent", "confirmed")
    with reported.as_("agent"):
        seat = seat_of(reported, "agent")
        with pytest.raises(actions.NotPossible):
            actions.receive_report(seat=seat, report=confirmed, now=NOW)
        with pytest.raises(actions.NotPossible):
            actions.word_report(seat=seat, report=confirmed, done="x")
    with reported.as_("supervisor"), pytest.raises(actions.NotPossible):
        actions.receive_report(seat=seat_of(reported, "supervisor"), report=confirmed, now=NOW)


def test_received_by_the_officer_it_closes_the_period(reported: World) -> None:
    with reported.as_("province"):
        report = Report.objects.get(status="confirmed")
        actions.receive_report(seat=seat_of(reported, "province"), report=report, now=NOW)
        assert Report.objects.get(pk=report.pk).status == "received"
        assert Lock.objects.filter(file=report.file, first=report.first, last=report.last).exists()


def test_sent_back_with_a_remark_a_new_edition_begins_and_the_old_one_stays(reported: World) -> None:
    with reported.as_("province"):
        report = Report.objects.get(status="confirmed")
        with pytest.raises(actions.NotPossible):
            actions.return_report(seat=seat_of(reported, "province"), report=report, remark=" ", now=NOW)
        actions.return_report(seat=seat_of(reported, "province"), report=report, remark="کامل نیست", now=NOW)
    with reported.as_("agent"):
        assert Notice.objects.filter(code="report-returned").exists()
        period = Period(report.year, report.number, report.kind)
        again = actions.begin_report(
            seat=seat_of(reported, "agent"), file=reported.files["honey"], period=period, today=TODAY, now=NOW
        )
        assert again.edition == 2 and Report.objects.get(pk=report.pk).content == report.content
        same = actions.begin_report(
            seat=seat_of(reported, "agent"), file=reported.files["honey"], period=period, today=TODAY, now=NOW
        )
        assert same == again  # the living one is opened, not another begun


def test_a_period_that_is_not_over_is_not_submitted(reported: World) -> None:
    draft = one(reported, "agent", "draft")
    with reported.as_("agent"), pytest.raises(actions.NotPossible):
        actions.submit_report(seat=seat_of(reported, "agent"), report=draft, today=TODAY, now=NOW)


def test_a_draft_is_its_authors_alone_and_another_province_sees_nothing(reported: World) -> None:
    with reported.as_("province"):
        assert [each.status for each in Report.objects.exclude(file=None)] == ["confirmed"]
    with reported.as_("elsewhere"):
        assert not Report.objects.exists()


def test_who_begins_a_report_that_somebody_writes_is_told_so(reported: World) -> None:
    draft = one(reported, "agent", "draft")
    period = Period(draft.year, draft.number, draft.kind)
    with reported.as_("province"), pytest.raises(actions.NotPossible, match="کس دیگری"):
        actions.begin_report(
            seat=seat_of(reported, "province"), period=period, today=TODAY, now=NOW, file=reported.files["honey"]
        )


def test_the_draft_of_an_agent_who_left_is_taken_over_with_its_words(reported: World, as_owner: AsOwner) -> None:
    draft = one(reported, "agent", "draft")
    with reported.as_("agent"):
        actions.word_report(seat=seat_of(reported, "agent"), report=draft, done="نیمهٔ کار")
    with as_owner() as cursor:
        cursor.execute(
            "UPDATE register_role SET to_on = current_date WHERE person_id = %s", [reported.people["agent"].pk]
        )
    period = Period(draft.year, draft.number, draft.kind)
    with reported.as_("elsewhere"):
        assert not Report.objects.filter(status="draft").exists()
    with reported.as_("province"):
        mine = actions.begin_report(
            seat=seat_of(reported, "province"), period=period, today=TODAY, now=NOW, file=reported.files["honey"]
        )
        assert (mine.by, mine.done, mine.edition) == (reported.people["province"], "نیمهٔ کار", draft.edition)
        assert Report.objects.filter(status="draft", file=mine.file).count() == 1


def test_a_content_says_units_and_its_own_words_in_both_languages(reported: World) -> None:
    indicators = (one(reported, "agent", "confirmed").content or {})["indicators"]
    assert all(set(each["unit"]) == {"fa", "en"} for each in indicators.values())
    counted = [each for each in indicators.values() if each["computed"]]
    assert counted and all(each["source"] == {"fa": "رکوردهای کندو", "en": "Kandoo’s records"} for each in counted)
    with reported.as_("agent"), translation.override("en"):
        report = Report.objects.get(status="confirmed")
        in_english = of_file(reported.files["honey"], reading.period_of(report), TODAY)
    assert in_english["indicators"] == indicators  # whoever submits, in whichever language


def test_a_frozen_report_keeps_the_order_of_its_parts(reported: World) -> None:
    confirmed = one(reported, "agent", "confirmed")
    with reported.as_("agent"):
        now_said = of_file(reported.files["honey"], reading.period_of(confirmed), TODAY)
    assert confirmed.content is not None
    tables = [[section.rows for section in reading.sections(each)] for each in (confirmed.content, now_said)]
    assert tables[0] == tables[1]


def test_a_report_frozen_in_one_language_alone_is_still_read(reported: World) -> None:
    content = copy.deepcopy(one(reported, "agent", "confirmed").content)
    assert content is not None
    for each in content["indicators"].values():
        each["unit"], each["source"] = each["unit"]["fa"], "رکوردهای کندو"
        del each["place"]
    table = next(each for each in reading.sections(content) if each.heading == "شاخص‌ها")
    assert table.rows and all(len(row) == len(table.columns) for row in table.rows)
    newer = one(reported, "agent", "confirmed").content
    assert reading.changes(content, newer or {}) == []  # the other form of the words is no change


QUARTER = Period.holding(TODAY, "quarter").before()
LATE = QUARTER.last + timedelta(days=GRACE + 1)


def carpet(world: World, stage: str = "G5", since: date = date(2024, 4, 1), name: str = "فرش") -> ClusterFile:
    """A cluster from earlier records, that stands at a stage since a day."""
    given = nation.terms(name, name, stage=stage, stage_since=since, from_records=True)
    return nation.open_file(world, "province", given, TODAY)


def overdue_on(world: World, day: date) -> dict[str, Period]:
    with world.as_("province"):
        found = overdue(ClusterFile.objects.all(), day)
        return {each.name_fa: found[each.pk] for each in ClusterFile.objects.filter(pk__in=found)}


def test_a_quarterly_report_is_overdue_on_the_sixteenth_day_after_its_quarter(reported: World) -> None:
    carpet(reported)
    assert overdue_on(reported, LATE) == {"فرش": QUARTER}
    assert overdue_on(reported, LATE - timedelta(days=1)) == {"فرش": QUARTER.before()}


def test_a_draft_is_not_in_a_submitted_report_is_and_one_sent_back_is_not(reported: World) -> None:
    file = carpet(reported)
    with reported.as_("province"):
        seat = seat_of(reported, "province")
        report = actions.begin_report(seat=seat, file=file, period=QUARTER, today=TODAY, now=NOW)
        assert overdue(ClusterFile.objects.all(), LATE)
        report = actions.word_report(seat=seat, report=report, done="کار")
        actions.submit_report(seat=seat, report=report, today=TODAY, now=NOW)
    assert overdue_on(reported, LATE) == {}
    with reported.as_("supervisor"):
        actions.confirm_report(seat=seat_of(reported, "supervisor"), report=report, now=NOW)
    assert overdue_on(reported, LATE) == {}
    with reported.as_("deputy"):
        actions.return_report(seat=seat_of(reported, "deputy"), report=report, remark="کامل نیست", now=NOW)
    assert overdue_on(reported, LATE) == {"فرش": QUARTER}


def test_nothing_is_overdue_before_the_agents_contract_and_after_its_exit(reported: World) -> None:
    for stage in ("G2", "G8"):
        carpet(reported, stage, name=stage)
    carpet(reported, "G3", QUARTER.last + timedelta(days=1), "تازه")
    carpet(reported, "G3", QUARTER.last, "هم‌زمان")
    assert overdue_on(reported, LATE) == {"هم‌زمان": QUARTER}


def test_what_is_overdue_takes_one_query_however_many_clusters(
    reported: World, django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    for n in range(5):
        carpet(reported, name=f"فرش {n}")
    with reported.as_("province"), django_assert_num_queries(1):
        assert len(overdue(ClusterFile.objects.all(), LATE)) == 5


@given(CONTENT, CONTENT)
def test_the_difference_of_two_contents_is_exact(before: Any, after: Any) -> None:
    old, new, changed = leaves(before), leaves(after), differences(before, after)
    rebuilt = dict(old)
    for path, (_was, now) in changed.items():
        assert old.get(path) == _was and new.get(path) == now and _was != now
        rebuilt[path] = now
    assert {path: leaf for path, leaf in rebuilt.items() if leaf is not None} == {
        path: leaf for path, leaf in new.items() if leaf is not None
    }
    assert not differences(before, before)


def test_a_report_tells_the_stage_that_was_reached_by_the_end_of_its_period(reported: World, as_owner: AsOwner) -> None:
    with reported.as_("agent"):
        honey = ClusterFile.objects.get(pk=reported.files["honey"].pk)
    with as_owner():
        StageMark.objects.create(cluster_id=honey.cluster_id, file=honey, stage="G1", on=date(2026, 4, 1))
    with reported.as_("agent"):
        then, now = (of_file(honey, Period(1405, number, "quarter"), TODAY)["standing"] for number in (1, 3))
    assert (then["stage"], then["since"]) == ("G1", "2026-04-01")
    assert (now["stage"], now["since"]) == (honey.stage, honey.stage_since.isoformat()) != ("G1", "2026-04-01")
