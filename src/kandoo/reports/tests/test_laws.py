"""Reports: what is submitted stays for ever, each step is another person's, the difference of two is exact."""

import copy
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from kandoo.reports import actions
from kandoo.reports.difference import differences, leaves
from kandoo.reports.models import Report
from kandoo.reports.queries.content import of_file
from kandoo.results.models import Lock
from kandoo.results.periods import Period
from kandoo.site.models import Notice
from tests import nation, reports, results
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
