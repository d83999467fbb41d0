"""The joint lot keeps its laws: what was agreed stays, no drum is promised twice, money adds up."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.db.utils import DatabaseError

from kandoo.engine.checks.settlement import faults
from kandoo.engine.settlement import settle
from kandoo.ledger.actions import post
from kandoo.ledger.models import Entry, Leg
from kandoo.selling import actions as selling
from kandoo.selling.models import Batch, Lot, Offer, Order, PaySlip
from kandoo.selling.settling import lot_to_settle, sum_in_rial
from tests.world import (
    MEMBERS,
    NOW,
    TODAY,
    World,
    _add_cast,
    _harvest,
    call,
    deliver_and_settle,
    found,
    offer,
    place,
    plan_and_agree,
    record,
    test_panel,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(as_owner: Callable[[], Any]) -> World:
    """The cast with their tested harvests, nothing traded yet."""
    world = found("lorestan", "agent", as_owner)
    _add_cast(world)
    _harvest(world)
    return world


@pytest.fixture
def settled(made_world: World) -> World:
    return made_world


def offered(world: World, **order: Any) -> Lot:
    """An open lot in which all six offer three drums."""
    lot = call(world, [place(world, "hamburg", **order)])
    for name in MEMBERS:
        offer(world, lot, world.batches[name], name)
    return lot


def balance(**legs: Any) -> int:
    return Leg.objects.filter(**legs).aggregate(sum=Sum("amount"))["sum"] or 0


def test_settled_money_adds_up_to_the_last_rial(settled: World) -> None:
    lot = settled.lots["settled"]
    with settled.as_("agent"):
        slips = list(lot.pay_slips.all())
        received = lot.receipts.aggregate(sum=Sum("rial"))["sum"]
        costs = lot.costs.aggregate(sum=Sum("amount"))["sum"]
        assert sum(slip.amount for slip in slips) == received - costs
        assert all(slip.first + slip.final == slip.amount for slip in slips)
        assert all(sum(item["amount"] for item in slip.content["items"]) == slip.amount for slip in slips)
        assert sum(Leg.objects.values_list("amount", flat=True)) == 0
        for account in ("pool_proceeds", "shared_costs", "advances", "receivable"):
            assert balance(account=account, lot=lot) == 0, account
        assert balance(account="payable", lot=lot) == -received  # the members' shares and the laboratory's bill


def test_the_independent_checker_agrees_with_the_settlement(settled: World) -> None:
    lot = settled.lots["settled"]
    with settled.as_("agent"):
        given = lot_to_settle(lot, sum_in_rial(lot))
        assert faults(given, settle(given)) == []


@pytest.mark.parametrize("part", [0.5, 0.8, 0.97, 1.03])
def test_a_buyer_who_pays_less_or_more_changes_the_shares_not_the_balance(world: World, part: float) -> None:
    lot = offered(world)
    plan_and_agree(world, lot)
    deliver_and_settle(world, lot, received=part)
    with world.as_("agent"):
        assert sum(Leg.objects.values_list("amount", flat=True)) == 0
        net = lot.receipts.aggregate(sum=Sum("rial"))["sum"] - lot.costs.aggregate(sum=Sum("amount"))["sum"]
        assert lot.pay_slips.aggregate(sum=Sum("amount"))["sum"] == net


def test_mass_delivered_never_exceeds_what_was_declared(world: World) -> None:
    lot = offered(world)
    plan_and_agree(world, lot)
    with world.as_("agent"):
        lot.refresh_from_db()
        line = lot.plan.lines.first()  # type: ignore[union-attr]
        assert line is not None
        with pytest.raises(selling.NotPossible):
            selling.deliver_lot(
                by=world.people["agent"], lot=lot, weighed_kg={line.pk: line.kg + 1}, on=TODAY, today=TODAY
            )
        assert Lot.objects.get(pk=lot.pk).status == "agreed"


def test_no_drum_is_promised_twice(world: World) -> None:
    first = offered(world)
    with world.as_("agent"):
        selling.plan_lot(by=world.people["agent"], lot=first)
    second = call(world, [place(world, "dubai", mass_min_kg=290, mass_max_kg=5_000)])
    with pytest.raises(selling.BatchInUse):
        offer(world, second, world.batches["kuh"], "kuh")


def test_an_agreed_plan_its_evidence_and_its_offers_cannot_change(world: World) -> None:
    lot = offered(world)
    plan_and_agree(world, lot)
    with world.as_("kuh"), connection.cursor() as cursor:
        assert Offer.objects.filter(lot=lot).update(reserve_per_kg=9_999_999) == 0
        cursor.execute("DELETE FROM selling_offer WHERE lot_id = %s", [lot.pk])
        assert cursor.rowcount == 0
    with pytest.raises(selling.WrongStep), world.as_("agent"):
        selling.plan_lot(by=world.people["agent"], lot=lot)
    with pytest.raises(DatabaseError), transaction.atomic(), world.as_("agent"), connection.cursor() as cursor:
        cursor.execute("UPDATE selling_plan SET objective = 0")


def test_settlement_counts_on_the_laboratory_values_of_the_agreed_plan(world: World) -> None:
    lot = offered(world)
    plan_and_agree(world, lot)
    with world.as_("agent"):
        lot.refresh_from_db()
        before = lot.plan.content["quality"][world.batches["kuh"].code]["hmf"]  # type: ignore[union-attr]
    test_panel(world, world.batches["kuh"], hmf="39")
    deliver_and_settle(world, lot)
    with world.as_("agent"):
        slip = PaySlip.objects.get(lot=lot, enterprise=world.firms["kuh"])
        assert slip.content["lines"][0]["line"]["quality"]["hmf"] == before


def test_nobody_agrees_for_a_member_who_said_no(world: World) -> None:
    lot = offered(world)
    agent = world.people["agent"]
    with world.as_("agent"):
        selling.plan_lot(by=agent, lot=lot)
        lot.refresh_from_db()
    with world.as_("kuh"):
        firm = world.firms["kuh"].pk
        with pytest.raises(selling.NotPossible):
            selling.answer_plan(by=world.people["kuh"], lot=lot, enterprise_id=firm, is_yes=False)
        selling.answer_plan(by=world.people["kuh"], lot=lot, enterprise_id=firm, is_yes=False, reason="قیمت کم است")
    with world.as_("agent"), pytest.raises(selling.WrongStep):
        selling.agree_lot(by=agent, lot=lot, now=NOW)
    with world.as_("agent"):
        plan = selling.plan_lot(by=agent, lot=lot, without=[world.firms["kuh"].pk])
        assert not plan.lines.filter(enterprise=world.firms["kuh"]).exists()
        assert plan.number == 2


def test_a_forbidden_residue_bars_the_batch_for_good(world: World) -> None:
    barred = world.batches["barred"]
    lot = call(world, [place(world, "hamburg")])
    with pytest.raises(selling.NotPossible):
        offer(world, lot, _fresh(world, barred), "rud", drums=1)
    for statement in ("DELETE FROM selling_bar", "UPDATE selling_bar SET code = ''", "DELETE FROM selling_labresult"):
        with pytest.raises(DatabaseError), transaction.atomic(), world.as_("agent"), connection.cursor() as cursor:
            cursor.execute(statement)


def _fresh(world: World, batch: Batch) -> Batch:
    with world.as_("agent"):
        return Batch.objects.select_related("bar").get(pk=batch.pk)


def test_a_harvest_above_what_the_hives_give_is_held_and_cannot_be_offered(world: World) -> None:
    too_much = record(world, "bagh", drums=9)  # 3 + 9 drums of 290 kg from 100 hives at 25 kg
    assert too_much.is_held
    assert too_much.held_harvest_kg == 12 * 290
    assert too_much.held_plausible_kg == 2_500
    lot = call(world, [place(world, "hamburg")])
    with pytest.raises(selling.NotPossible):
        offer(world, lot, too_much, "bagh")
    with world.as_("bagh"):
        selling.explain_hold(by=world.people["bagh"], batch=too_much, explanation="دو زنبورستان با هم")
    with world.as_("agent"):
        selling.release_batch(by=world.people["agent"], batch=too_much, reason="بازدید شد", now=NOW)
    with world.as_("bagh"):
        assert not Batch.objects.get(pk=too_much.pk).is_held


def test_a_cancelled_lot_frees_its_orders_and_drums(world: World) -> None:
    lot = offered(world)
    plan_and_agree(world, lot)
    with world.as_("agent"):
        selling.cancel_lot(by=world.people["agent"], lot=lot, reason="خریدار انصراف داد")
        assert Order.objects.get(lots=lot).status == "open"
    again = call(world, [place(world, "dubai")])
    offer(world, again, world.batches["kuh"], "kuh")


def test_equal_offers_give_an_equal_plan(world: World) -> None:
    lot = offered(world)
    with world.as_("agent"):
        plans = [selling.plan_lot(by=world.people["agent"], lot=lot).content for _ in range(2)]
    for plan in plans:
        del plan["seconds"]
    assert plans[0] == plans[1]


def test_the_database_refuses_an_unbalanced_entry_and_a_changed_leg(settled: World) -> None:
    agent = settled.people["agent"]
    with pytest.raises(DatabaseError), transaction.atomic(), settled.as_("agent"):
        entry = Entry.objects.create(
            cluster=settled.cluster, rule="lot_cost", source="test/1", on=TODAY, posted_by=agent
        )
        for amount in (5, -4):
            Leg.objects.create(cluster=settled.cluster, entry=entry, account="bank", amount=amount)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in (
        "UPDATE ledger_leg SET amount = amount + 1",
        "DELETE FROM ledger_leg",
        "DELETE FROM ledger_entry",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), settled.as_("agent"), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_fact_is_booked_once_however_often_it_is_told(settled: World) -> None:
    from kandoo.engine import posting_rules

    entry = posting_rules.lot_cost(source="lot/9/cost/1", lot="9", supplier="outside/x", amount=7)
    with settled.as_("agent"):
        rows = [
            post(by=settled.people["agent"], cluster_id=settled.cluster.pk, entry=entry, on=TODAY) for _ in range(3)
        ]
        assert len({row.pk for row in rows}) == 1
        assert rows[0].legs.count() == 2
