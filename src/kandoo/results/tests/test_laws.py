"""Figures as the records give them, side by side with what was said, and kept as they were when a period closed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from kandoo.programme.models import ClusterFile
from kandoo.programme.problems import NotPossible
from kandoo.results import actions
from kandoo.results.models import Frozen, Indicator, Lock, Target, Value
from kandoo.results.periods import MONTHS, Period
from kandoo.results.queries.compare import overdue
from kandoo.results.queries.measured import before, measured
from kandoo.results.queries.public import public_results
from kandoo.results.queries.table import Row, rows_of
from tests import crediting
from tests.world import NOW, TODAY, World

AsOwner = Callable[[], AbstractContextManager[Any]]
QUARTER = Period.holding(TODAY, "quarter").before()


@pytest.fixture
def world(made_world: World) -> World:
    return made_world


def row(world: World, name: str, code: str, first: date, last: date) -> Row:
    with world.as_(name):
        return next(each for each in rows_of(world.files["honey"], first, last) if each.code == code)


def test_a_computed_figure_is_what_the_raw_rows_say(world: World, as_owner: AsOwner) -> None:
    first, last = TODAY - timedelta(days=364), TODAY
    with world.as_("province"):
        found = measured(world.files["honey"].pk, first, last)
    with as_owner() as cursor:
        cursor.execute(
            "SELECT count(*) FROM register_membership m JOIN register_enterprise e ON e.id = m.enterprise_id"
            " WHERE m.cluster_id = %s AND e.is_commercial AND m.joined_on <= %s AND coalesce(m.left_on, 'infinity') > %s",
            [world.cluster.pk, last, last],
        )
        members = cursor.fetchone()[0]
        cursor.execute(
            "SELECT sum(gain) FROM benefit_gain WHERE side = 'earning' AND cluster_id = %s", [world.cluster.pk]
        )
        premium = cursor.fetchone()[0]
        cursor.execute(
            "SELECT sum(amount) FROM credit_movement m JOIN credit_creditline l ON l.id = m.line_id"
            " WHERE l.file_id = %s AND m.kind = 'allocated' AND m.on BETWEEN %s AND %s",
            [world.files["honey"].pk, first, last],
        )
        allocated = cursor.fetchone()[0]
    assert found["members"].value == members > 0
    assert found["premium"].value == premium or found["premium"].is_withheld
    assert found["allocated"].value == allocated > 0


@pytest.mark.parametrize("name", ["elsewhere", "kuh", "hamburg"])
def test_who_may_not_read_the_file_is_told_nothing(world: World, name: str) -> None:
    with world.as_(name):
        assert measured(world.files["honey"].pk, TODAY - timedelta(days=364), TODAY) == {}


def test_the_parts_of_the_function_are_not_to_be_asked_by_themselves(world: World) -> None:
    with world.as_("kuh"):
        for function in ("kandoo_measures_of_cluster", "kandoo_measures_of_file"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {function}(%s, %s, %s)", [world.cluster.pk, QUARTER.first, TODAY])


amounts = st.lists(st.integers(-1000, 1000), max_size=9)


@pytest.mark.django_db
@given(amounts)
def test_a_sum_is_given_only_where_it_gives_nobody_away(values: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT value, withheld FROM kandoo_safe_sum(%s::numeric[])", [values])
        total, withheld = cursor.fetchone()
    parts = [abs(each) for each in values if each]
    is_safe = not parts or (len(parts) >= 5 and 2 * max(parts) <= sum(parts))
    assert withheld is not is_safe
    assert total == (sum(values) if is_safe else None)


def test_two_sources_stand_side_by_side_and_a_correction_keeps_what_it_corrects(world: World) -> None:
    trained = row(world, "province", "trained", QUARTER.first, QUARTER.last)
    assert trained.value is not None and len(trained.others) == 1
    with world.as_("agent"):
        wrong = Value.objects.get(source="دفتر عامل")
        honey = world.files["honey"]
        later = Period.holding(TODAY, "quarter")
        terms = actions.ValueTerms(Decimal(5), later.first, TODAY, "دفتر عامل", TODAY)
        document = actions.Document("a.txt", b"five")
        given: dict[str, Any] = {"file": honey, "indicator": wrong.indicator, "today": TODAY, "now": NOW}
        first = actions.add_value(by=world.people["agent"], terms=terms, document=document, **given)
        with pytest.raises(NotPossible):  # the same source says it once
            actions.add_value(by=world.people["agent"], terms=terms, document=document, **given)
        right = actions.ValueTerms(
            Decimal(6), later.first, TODAY, "دفتر عامل", TODAY, corrects=first, reason="یکی جا افتاده بود"
        )
        actions.add_value(by=world.people["agent"], terms=right, document=document, **given)
        assert Value.objects.get(pk=first.pk).value == 5
    assert row(world, "agent", "trained", later.first, later.last).value == 6


def test_a_closed_period_stays_as_it_was(world: World) -> None:
    honey = world.files["honey"]
    held = row(world, "province", "trained", QUARTER.first, QUARTER.last)
    assert held.is_locked and held.value is not None
    with world.as_("agent"):
        indicator = Indicator.objects.get(code="trained")
        terms = actions.ValueTerms(Decimal(99), QUARTER.first, QUARTER.last, "کسی دیگر", TODAY)
        given: dict[str, Any] = {"by": world.people["agent"], "file": honey, "indicator": indicator, "terms": terms}
        with pytest.raises(NotPossible, match="بسته"):
            actions.add_value(**given, document=actions.Document("x.txt", b"x"), today=TODAY, now=NOW)
    statements = (
        "UPDATE results_frozen SET value = 1", "DELETE FROM results_lock", "UPDATE results_value SET value = 1",
        "DELETE FROM results_target", "UPDATE results_indicator SET measure = 'paid'",
        "INSERT INTO results_frozen (cluster_id, file_id, lock_id, indicator_id, value, origin, unit, unit_en, definition, definition_en,"
        " source, as_of) SELECT cluster_id, file_id, lock_id, indicator_id, 7, origin, unit, unit_en, definition, definition_en,"
        " source, as_of FROM results_frozen LIMIT 1",
    )  # fmt: skip
    for statement in statements:
        for name in ("province", "nation"):
            with world.as_(name), connection.cursor() as cursor:
                try:
                    with transaction.atomic():
                        cursor.execute(statement)
                        assert cursor.rowcount == 0
                except DatabaseError:
                    pass
    with world.as_("province"):
        again = actions.lock_period(
            by=world.people["province"], file=honey, first=QUARTER.first, last=QUARTER.last, now=NOW
        )
        assert Lock.objects.count() == 1 and again == Lock.objects.get()
    assert row(world, "province", "trained", QUARTER.first, QUARTER.last).value == held.value


def test_nothing_is_late_or_known_before_its_day_in_a_period_that_runs(world: World) -> None:
    today = timezone.localdate()
    first, last, month = today - timedelta(days=10), today + timedelta(days=10), timedelta(days=30)
    before = row(world, "province", "activities-late", first, last)
    crediting.plan(world, "L1", "agent", starts_on=today - month, ends_on=today + timedelta(days=1))
    assert (row(world, "province", "activities-late", first, last).value, before.as_of) == (before.value, today)
    crediting.plan(world, "L2", "agent", starts_on=today - month, ends_on=today - timedelta(days=1))
    assert row(world, "province", "activities-late", first, last).value == (before.value or 0) + 1


def test_nobody_trains_fewer_people_than_none(world: World) -> None:
    with world.as_("province"):
        trained = Indicator.objects.get(code="trained")
        terms = actions.ValueTerms(Decimal(-5), QUARTER.first, QUARTER.last, "گواهی", QUARTER.last)
        assert "صفر" in actions.value_fault(world.files["honey"], trained, terms, TODAY)


def test_a_period_that_is_not_over_is_not_closed(world: World) -> None:
    this = Period.holding(TODAY, "quarter")
    with world.as_("province"), pytest.raises(NotPossible):
        actions.lock_period(
            by=world.people["province"], file=world.files["honey"], first=this.first, last=this.last, now=NOW
        )


def test_the_owner_of_the_tables_changes_no_closed_figure_either(world: World, as_owner: AsOwner) -> None:
    for statement in ("UPDATE results_frozen SET value = 1", "DELETE FROM results_value", "DELETE FROM results_lock"):
        with as_owner() as cursor, pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(statement)


def test_a_baseline_is_fixed_for_every_figure_that_is_known(world: World) -> None:
    honey = world.files["honey"]
    with world.as_("province"):
        number = actions.fix_baseline(by=world.people["province"], file=honey, on=TODAY, now=NOW)
        known = [each for each in rows_of(honey, TODAY - timedelta(days=364), TODAY) if each.value is not None]
        assert number == len(known) > 5
        assert all(each.baseline == each.value and each.baseline_on == TODAY for each in known)
        trained = Target.objects.filter(indicator__code="trained").latest("pk")
    assert trained.target == 90  # the target stays


def test_a_closed_period_keeps_the_baseline_that_held_when_it_was_closed(world: World) -> None:
    this = Period.holding(TODAY, "quarter")
    before = row(world, "province", "trained", QUARTER.first, QUARTER.last)
    yesterday = TODAY - timedelta(days=1)
    with world.as_("province"):
        later = NOW + timedelta(days=1)
        actions.fix_baseline(by=world.people["province"], file=world.files["honey"], on=yesterday, now=later)
    after = row(world, "province", "trained", QUARTER.first, QUARTER.last)
    assert (after.baseline, after.baseline_on, after.target) == (before.baseline, before.baseline_on, before.target)
    assert row(world, "province", "trained", this.first, this.last).baseline_on == yesterday != before.baseline_on


def test_everybody_may_know_the_figures_of_closed_periods_and_no_withheld_one(world: World) -> None:
    with world.as_("province"):
        kept = Frozen.objects.filter(value__isnull=False).count()
        hidden = set(Frozen.objects.filter(value=None).values_list("indicator__code", flat=True))
    found = public_results()
    assert len(found) == kept > 5
    assert not hidden & {each.indicator for each in found}
    assert {each.province for each in found} == {"IR-15"}


def test_a_typed_indicator_with_a_target_is_overdue_a_month_after_its_next_period(world: World) -> None:
    with world.as_("province"):
        files, honey = ClusterFile.objects.all(), world.files["honey"].pk
        assert overdue(files, QUARTER.last + timedelta(days=120)) == {}
        found = overdue(files, QUARTER.last + timedelta(days=121))
        assert {file: [each.code for each in held] for file, held in found.items()} == {honey: ["trained"]}
        stone = world.files["stone"]
        other = Indicator.objects.filter(measure="").exclude(code="trained")[0]
        by = world.people["province"]
        actions.set_target(
            by=by,
            file=stone,
            indicator=other,
            target=Decimal(2),
            target_on=TODAY + timedelta(days=900),
            reason="ب",
            now=NOW,
        )
        days = 30 * (MONTHS[other.frequency] + 1)
        assert stone.pk not in overdue(files, TODAY + timedelta(days=days))
        assert [each.code for each in overdue(files, TODAY + timedelta(days=days + 1))[stone.pk]] == [other.code]


days = st.dates(date(1990, 1, 1), date(2060, 1, 1))


@given(days, st.sampled_from(sorted(MONTHS)))
def test_periods_follow_one_another_without_gap(day: date, kind: str) -> None:
    period = Period.holding(day, kind)
    assert period.first <= day <= period.last
    assert period.next().first == period.last + timedelta(days=1) and period.next().before() == period
    assert Period.of(period.key) == period
    assert before(period.first, period.last) == (period.before().first, period.before().last)
