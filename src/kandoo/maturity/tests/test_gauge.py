"""The gauge from a cluster's own records: counted once more by hand, withheld where it must be, typed beside it."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from kandoo import profiles
from kandoo.buying import models as buying
from kandoo.maturity import actions, reading
from kandoo.maturity.models import PartAnswer
from kandoo.maturity.queries.gauge import ClusterGauge, gauge_of, gauges_of, valid_on, way_of, years_before
from kandoo.programme.models import ClusterFile, PaperEdition
from kandoo.register.models import Enterprise, Membership
from kandoo.selling import actions as selling
from kandoo.selling.models import Batch, Delivery, Lot, Order, PlanLine
from tests.maturity import paper
from tests.nation import seat_of
from tests.world import NOW, TODAY, World

pytestmark = pytest.mark.django_db
AsOwner = Callable[[], AbstractContextManager[Any]]


def gauge(world: World, by: str, name: str = "honey", on: date = TODAY) -> ClusterGauge:
    with world.as_(by):
        found = gauge_of(ClusterFile.objects.get(pk=world.files[name].pk), on)
    assert found is not None
    return found


def facts(found: ClusterGauge, code: str) -> dict[str, int | None]:
    return dict(found.figures[code].facts)


def test_the_parts_are_what_the_records_of_the_cluster_say(trading: World, as_owner: AsOwner) -> None:
    with as_owner():
        Order.objects.filter(pk=trading.orders["hamburg"].pk).update(currency="EUR")
    found = gauge(trading, "province")
    with trading.as_("agent"):
        belonging = list(Membership.objects.filter(cluster=trading.cluster, left_on=None))
        sent = Delivery.objects.filter(cluster=trading.cluster, line__order=trading.orders["hamburg"])
        exported = summed((each.enterprise_id, each.net_kg) for each in sent)
        season = Batch.objects.filter(cluster=trading.cluster, season=1405, withdrawn_at=None)
        harvested = summed((each.enterprise_id, each.mass_kg) for each in season)
        together = worked_together(trading)
        by_stage = [each.stage for each in Enterprise.objects.filter(memberships__in=belonging)]
    came = [each for each in belonging if each.joined_on > years_before(TODAY, 1)]
    assert facts(found, "entry") == {"came": len(came), "members": len(belonging)}
    assert facts(found, "ladder")["export_lots"] == 1 and found.figures["ladder"].reading.value == 6
    assert is_safe(exported) and is_safe(harvested)
    share = sum(exported.values()) / sum(harvested.values())
    assert found.figures["export"].reading.value == pytest.approx(share)
    assert facts(found, "services")["stages"] == len(profiles.load("honey").stages) - 1
    assert facts(found, "services")["providers"] == len([each for each in by_stage if each != "beekeeping"])
    took_part = {firm for action in together for firm in action}
    pairs = {pair for action in together for pair in combinations(sorted(action), 2)}
    assert len(together) > 1 and len(took_part) > 1
    assert facts(found, "joint_action") == {"took_part": len(took_part), "members": len(belonging)}
    possible = len(list(combinations(belonging, 2)))
    assert facts(found, "density") == {"pairs": len(pairs), "possible": possible}
    assert {each.code for each in found.parts} == set(found.figures)


def worked_together(world: World) -> list[set[int]]:
    """The firms of each lot and round that was delivered."""
    done = ("delivered", "settled")
    lots = [
        set(PlanLine.objects.filter(plan=each.plan_id).values_list("enterprise_id", flat=True))
        for each in Lot.objects.filter(cluster=world.cluster, status__in=done)
    ]
    rounds = [
        set(buying.PlanLine.objects.filter(plan=each.plan_id).values_list("enterprise_id", flat=True))
        for each in buying.Round.objects.filter(cluster=world.cluster, status__in=done)
    ]
    return [each for each in (*lots, *rounds) if each]


def summed(rows: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Kilograms by firm."""
    found: dict[int, int] = {}
    for firm, kg in rows:
        found[firm] = found.get(firm, 0) + kg
    return found


def is_safe(by_firm: dict[int, int]) -> bool:
    """Five firms or more, none with over half."""
    return len(by_firm) >= 5 and 2 * max(by_firm.values()) <= sum(by_firm.values())


def test_everybody_who_reads_the_file_sees_the_same_gauge_and_nobody_else_any(trading: World) -> None:
    seen = {name: gauge(trading, name).gauge for name in ("province", "nation", "supervisor", "agent", "inspector")}
    assert len(set(map(repr, seen.values()))) == 1
    for name in ("elsewhere", "kuh"):
        with trading.as_(name), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM kandoo_life_cycle_parts(%s, %s, 1405)", [[trading.files["honey"].pk], TODAY])
            assert cursor.fetchall() == []
    with trading.as_("province"), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM kandoo_year_of_actions(%s, %s, %s)", [[trading.files["honey"].pk], TODAY, TODAY])


def test_kilograms_of_fewer_than_five_are_withheld(trading: World) -> None:
    last_year = date(2025, 8, 1)
    with trading.as_("agent"):
        for batch in Batch.objects.filter(enterprise__in=[trading.firms["kuh"], trading.firms["bagh"]])[:2]:
            selling.record_batch(
                by=trading.people["agent"], site=batch.site, kind=batch.kind, harvested_on=last_year, drums=1,
                drum_kg=290, today=TODAY, now=NOW,
            )  # fmt: skip
    found = gauge(trading, "province", on=date(2025, 12, 1))
    assert found.figures["export"].reading.state == "withheld"
    assert set(facts(found, "export")) == {"season"}
    with translation.override("en"):
        row = next(each for each in reading.part_rows(found) if each.code == "export")
    assert row.state.startswith("Withheld") and row.value == "—"


def test_a_typed_figure_stands_where_there_is_no_record_and_beside_one(assessed: World) -> None:
    found = gauge(assessed, "supervisor", "honey")
    assert found.figures["ladder"].origin == "typed" and found.figures["ladder"].reading.value == 2
    other = gauge(assessed, "elsewhere", "saffron")
    assert other.figures["entry"].origin == "published" and other.stage is None
    assert (other.figures["entry"].reading.count, other.figures["entry"].reading.value) == (40, 0.2)
    with assessed.as_("province"):
        assert gauge_of(assessed.files["stone"], TODAY) is None
        assert list(gauges_of([assessed.files["stone"], assessed.files["honey"]], TODAY)) == [
            assessed.files["honey"].pk
        ]


def test_a_typed_figure_counts_for_two_years_and_the_newest_first(assessed: World) -> None:
    old, new = (PartAnswer(part="entry", dated=TODAY - timedelta(days=days)) for days in (400, 100))
    assert valid_on([old, new], TODAY) == [new, old]
    assert valid_on([old, new], TODAY + timedelta(days=365)) == [new]
    assert valid_on([old, new], TODAY - timedelta(days=200)) == [old]


def test_a_record_goes_before_a_typed_figure_and_both_are_shown(trading: World) -> None:
    found = gauge(trading, "province")
    ladder = found.figures["ladder"]
    assert ladder.origin == "computed" and [each.value for each in ladder.others] == [Decimal(2)]


def test_its_way_over_the_years_ends_with_today(trading: World) -> None:
    with trading.as_("province"):
        way = way_of(ClusterFile.objects.get(pk=trading.files["honey"].pk), TODAY)
    assert [on.year for on, _gauge in way] == [2022, 2023, 2024, 2025, 2026]
    assert way[0][1] is None and way[-1][1] == gauge(trading, "province")
    assert years_before(date(2024, 2, 29), 1) == date(2023, 2, 28)


def test_a_figure_needs_evidence_a_source_and_a_range(assessed: World) -> None:
    honey = assessed.files["honey"]
    usual: dict[str, Any] = {
        "part": "entry",
        "value": Decimal("0.1"),
        "dated": TODAY,
        "origin": "typed",
        "source": "شمارش",
    }
    wrong: list[dict[str, Any]] = [
        {"document": None},
        {"value": Decimal("1.2")},
        {"part": "luck"},
        {"source": " "},
        {"dated": TODAY + timedelta(days=1)},
    ]
    with assessed.as_("agent"):
        seat = seat_of(assessed, "agent")
        for each in wrong:
            terms = actions.FigureTerms(**(usual | {"document": paper("x")} | each))
            with pytest.raises(actions.NotPossible):
                actions.enter_figure(seat=seat, file=honey, terms=terms, today=TODAY, now=NOW)
        edition = PaperEdition.objects.filter(file=honey).first()
        linked = actions.FigureTerms(**usual, edition=edition)
        made = actions.enter_figure(seat=seat, file=honey, terms=linked, today=TODAY, now=NOW)
        with pytest.raises(DatabaseError), transaction.atomic():
            PartAnswer.objects.filter(pk=made.pk).update(value=0)
    with assessed.as_("supervisor"), pytest.raises(actions.NotPossible):
        actions.enter_figure(seat=seat_of(assessed, "supervisor"), file=honey, terms=linked, today=TODAY, now=NOW)
    with assessed.as_("elsewhere"), pytest.raises(DatabaseError), transaction.atomic():
        actions.enter_figure(seat=seat_of(assessed, "elsewhere"), file=honey, terms=linked, today=TODAY, now=NOW)


def test_the_gauge_says_its_answer_in_words(trading: World) -> None:
    found = gauge(trading, "province")
    for language, begins in (("en", ("Emerging", "Growing", "Mature", "In need", "Cannot say")), ("fa", ("نوپا", "رو به رشد", "بالیده", "نیازمند", "نمی‌توان"))):  # fmt: skip
        with translation.override(language):
            assert reading.answer(found).startswith(begins)
            assert len(reading.sureness_reasons(found)) == 3
            assert all(reading.changes(found)) and len(reading.part_rows(found)) == 9
