"""Closing a round: quotations opened for good, the plan at least cost, answers, withdrawal and agreement."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from kandoo.buying.actions.needs import withdraw_need
from kandoo.buying.actions.plans import agree_round, answer_plan, close_round, parts_of, plan_again
from kandoo.buying.actions.rounds import cancel_round, extend_round
from kandoo.buying.closing_check import faults_of
from kandoo.buying.closing_reading import below_minimum
from kandoo.buying.models import Consent, Plan, PlanLine, PurchaseOrder, Quotation, Round
from kandoo.buying.plan_answers import change_of
from kandoo.buying.problems import NotPossible, WrongStep
from kandoo.buying.tests.stage import (
    TODAY,
    Stage,
    entered,
    opened,
    place_in,
    quoted,
    staged,
    with_needs,
    with_quotations,
)
from kandoo.engine.sharing_rule import SharingRule

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(as_owner: Any) -> Stage:
    return staged(as_owner)


def closed(stage: Stage, this: Round) -> Plan:
    with stage.as_("agent"):
        return close_round(by=stage.people["agent"], this=this, now=NOW)


def ready(stage: Stage, **changed: Any) -> Round:
    this = opened(stage, **changed)
    with_needs(stage, this)
    with_quotations(stage, this)
    return this


def said(stage: Stage, this: Round, member: str, *, is_yes: bool, reason: str = "") -> Consent:
    with stage.as_(member):
        this = Round.objects.get(pk=this.pk)
        return answer_plan(
            by=stage.people[member], this=this, plan_id=this.plan_id or 0, enterprise_id=stage.firms[member].pk,
            is_yes=is_yes, reason=reason, now=NOW,
        )  # fmt: skip


def test_closing_opens_the_quotations_and_plans_below_what_the_needs_cost_alone(stage: Stage) -> None:
    this = ready(stage)
    plan = closed(stage, this)
    with stage.as_("agent"):
        this.refresh_from_db()
        assert this.status == Round.Status.PLANNED and this.quotes_opened_at == NOW
        assert plan.bound <= plan.total_cost < plan.alone_cost and plan.gap <= 1e-4
        assert faults_of(plan) == []
        paid = sum(plan.lines.values_list("amount", flat=True))
        assert paid == sum(part.goods + part.delivery for part in plan.supplier_parts.all())


def test_members_agree_to_amounts_by_the_rule_of_the_round_reserve_included(stage: Stage, as_owner: Any) -> None:
    this = ready(stage)
    with as_owner():
        Round.objects.filter(pk=this.pk).update(rule=SharingRule("proportional", reserve=100).to_dict())
    plan = closed(stage, this)
    with stage.as_("agent"):
        paid = sum(plan.lines.values_list("amount", flat=True))
        invoiced = sum(part.goods + part.delivery for part in plan.supplier_parts.all())
        ceiling = sum(
            line.need.price.ceiling * min(line.quantity, line.need.quantity)
            for line in plan.lines.select_related("need__price")
        )
        assert invoiced < paid < ceiling


def test_delivery_to_a_point_is_paid_for_the_points_that_are_brought_to(stage: Stage) -> None:
    this = opened(stage)
    entered(stage, this, "kuh", "jar", 960)
    entered(stage, this, "rud", "jar", 480)
    with stage.as_("jars"):
        to_points = {place_in(this, "shahr"): 7_000_000, place_in(this, "roosta"): 90_000_000}
    quoted(stage, this, "jars", {"jar": [(1, 80_000)]}, delivery_fixed=1_000_000, places=to_points)
    plan = closed(stage, this)
    with stage.as_("agent"):
        (part,) = plan.supplier_parts.all()
        assert part.delivery == 8_000_000 and plan.total_cost == 1_440 * 80_000 + 8_000_000
        assert sum(plan.lines.values_list("amount", flat=True)) == plan.total_cost
        assert plan.bound <= plan.total_cost and faults_of(plan) == []


def test_nobody_pays_above_its_ceiling(stage: Stage) -> None:
    this = ready(stage)
    plan = closed(stage, this)
    with stage.as_("agent"):
        for line in plan.lines.select_related("need__price"):
            assert line.amount <= line.need.price.ceiling * min(line.quantity, line.need.quantity)


def test_once_opened_a_quotation_is_changed_by_nobody_not_even_the_owner_of_the_tables(
    stage: Stage, as_owner: Any
) -> None:
    this = ready(stage)
    closed(stage, this)
    with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
        Quotation.objects.filter(round=this).update(minimum_order=1)
    with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
        Round.objects.filter(pk=this.pk).update(quotes_opened_at=None)


def test_given_more_time_needs_open_again_and_quotations_stay_opened(stage: Stage) -> None:
    this = ready(stage)
    closed(stage, this)
    with stage.as_("agent"):
        extend_round(by=stage.people["agent"], this=this, closes_on=TODAY + timedelta(days=20), today=TODAY)
    entered(stage, this, "kuh", "sugar", 400)
    with stage.as_("qand"):
        this = Round.objects.get(pk=this.pk)
    with pytest.raises(WrongStep):
        quoted(stage, this, "qand", {"sugar": [(1, 1_000)]})
    assert closed(stage, this).number == 2


def test_a_round_without_a_need_or_a_quotation_is_not_closed_and_stays_sealed(stage: Stage) -> None:
    this = opened(stage)
    with pytest.raises(NotPossible):
        closed(stage, this)
    with_needs(stage, this)
    with pytest.raises(NotPossible):
        closed(stage, this)
    with stage.as_("agent"):
        assert Round.objects.get(pk=this.pk).is_sealed


def test_a_member_agrees_to_its_own_part_and_reads_no_other(stage: Stage) -> None:
    this = ready(stage)
    closed(stage, this)
    assert said(stage, this, "kuh", is_yes=True).is_yes
    with stage.as_("kuh"):
        firms = set(PlanLine.objects.values_list("enterprise_id", flat=True))
        assert firms == {stage.firms["kuh"].pk}
        assert not Plan.objects.exists()


def test_a_member_that_withdraws_sets_off_a_new_plan_without_it_and_the_change_is_shown(stage: Stage) -> None:
    this = ready(stage)
    closed(stage, this)
    for member in ("kuh", "darreh"):
        said(stage, this, member, is_yes=True)
    said(stage, this, "sang", is_yes=False, reason="زنبورستان را فروختم.")
    with stage.as_("agent"):
        this.refresh_from_db()
        assert this.plan is not None
        assert this.plan.number == 2 and stage.firms["sang"].pk not in parts_of(this.plan)
        assert faults_of(this.plan) == []
        change = change_of(this.plan)
        assert change is not None and [each.pk for each in change.left_out] == [stage.firms["sang"].pk]
        first = Plan.objects.get(round=this, number=1)
        old, new = parts_of(first), parts_of(this.plan)
        for consent in this.plan.consents.filter(is_carried=True):
            assert new[consent.enterprise_id].keys() == old[consent.enterprise_id].keys()
            assert all(
                new[consent.enterprise_id][need][1] <= amount
                for need, (_, amount) in old[consent.enterprise_id].items()
            )


def test_withdrawing_asks_for_a_reason(stage: Stage) -> None:
    this = ready(stage)
    closed(stage, this)
    with pytest.raises(NotPossible):
        said(stage, this, "kuh", is_yes=False, reason=" ")


def test_an_answer_to_a_plan_that_has_changed_is_refused(stage: Stage) -> None:
    this = ready(stage)
    plan = closed(stage, this)
    with stage.as_("agent"):
        plan_again(by=stage.people["agent"], this=this, now=NOW)
    with stage.as_("kuh"), pytest.raises(WrongStep):
        answer_plan(
            by=stage.people["kuh"], this=Round.objects.get(pk=this.pk), plan_id=plan.pk,
            enterprise_id=stage.firms["kuh"].pk, is_yes=True, now=NOW,
        )  # fmt: skip


def test_a_least_order_that_is_not_reached_is_shown_with_what_sending_anyway_would_do(stage: Stage) -> None:
    this = opened(stage)
    with_needs(stage, this)
    quoted(stage, this, "qand", {"sugar": [(1, 400_000)]}, minimum_order=10**12)
    quoted(stage, this, "jars", {"sugar": [(1, 590_000)]})
    closed(stage, this)
    with stage.as_("agent"):
        this.refresh_from_db()
        (row,) = below_minimum(this, TODAY)
        assert row.supplier == stage.firms["qand"] and row.change < 0
        assert row.missing == 10**12 - row.goods
        plan = plan_again(by=stage.people["agent"], this=this, now=NOW, waived=[row.supplier.pk])
        assert plan.total_cost < Plan.objects.get(round=this, number=1).total_cost and faults_of(plan) == []


def test_agreeing_waits_for_every_yes_then_orders_what_the_plan_says(stage: Stage) -> None:
    this = ready(stage)
    plan = closed(stage, this)
    with stage.as_("agent"), pytest.raises(WrongStep):
        agree_round(by=stage.people["agent"], this=this, now=NOW)
    for member in stage.firms:
        with stage.as_("agent"):
            has_part = plan.lines.filter(enterprise=stage.firms[member]).exists()
        if has_part:
            said(stage, this, member, is_yes=True)
    with stage.as_("agent"):
        this = agree_round(by=stage.people["agent"], this=this, now=NOW)
        orders = list(PurchaseOrder.objects.filter(round=this))
        assert sum(each.total for each in orders) == sum(plan.lines.values_list("amount", flat=True))
        for order in orders:
            assert order.total == order.delivery + sum(line.quantity * line.unit_price for line in order.lines.all())


def test_what_is_agreed_cannot_be_planned_again_but_still_be_cancelled_before_delivery(stage: Stage) -> None:
    this = ready(stage)
    plan = closed(stage, this)
    with stage.as_("agent"):
        members = sorted(set(plan.lines.values_list("enterprise_id", flat=True)))
        for pk in members:
            answer_plan(
                by=stage.people["agent"], this=Round.objects.get(pk=this.pk), plan_id=plan.pk, enterprise_id=pk,
                is_yes=True, now=NOW,
            )  # fmt: skip
        agree_round(by=stage.people["agent"], this=this, now=NOW)
        with pytest.raises(WrongStep):
            plan_again(by=stage.people["agent"], this=this, now=NOW)
        cancel_round(by=stage.people["agent"], this=this, reason="کارخانه بسته شد.")
        assert Round.objects.get(pk=this.pk).status == Round.Status.CANCELLED


def test_a_deposit_is_asked_for_before_the_round_is_agreed(stage: Stage) -> None:
    this = ready(stage, deposit_percent=20)
    plan = closed(stage, this)
    with stage.as_("agent"):
        for pk in sorted(set(plan.lines.values_list("enterprise_id", flat=True))):
            answer_plan(
                by=stage.people["agent"], this=Round.objects.get(pk=this.pk), plan_id=plan.pk, enterprise_id=pk,
                is_yes=True, now=NOW,
            )  # fmt: skip
        with pytest.raises(WrongStep, match=r"سپرده|deposit"):
            agree_round(by=stage.people["agent"], this=this, now=NOW)


def test_a_need_taken_back_or_not_confirmed_is_not_planned_for(stage: Stage) -> None:
    this = opened(stage)
    needs = with_needs(stage, this)
    entered(stage, this, "rud", "sugar", 500, by="agent", place="roosta")
    with_quotations(stage, this)
    own = next(each for each in needs if each.enterprise_id == stage.firms["sang"].pk)
    with stage.as_("sang"):
        withdraw_need(by=stage.people["sang"], need=own)
    plan = closed(stage, this)
    with stage.as_("agent"):
        planned = set(plan.lines.values_list("need_id", flat=True))
        assert own.pk not in planned
        assert not plan.lines.filter(need__place__point__code="roosta").exists()


def test_the_order_of_entry_never_matters(stage: Stage) -> None:
    totals = []
    for backwards in (False, True):
        this = opened(stage)
        wanted = [("kuh", "sugar", 120), ("rud", "sugar", 950), ("sang", "jar", 960), ("bagh", "jar", 24)]
        for member, code, quantity in reversed(wanted) if backwards else wanted:
            entered(stage, this, member, code, quantity)
        with_quotations(stage, this)
        plan = closed(stage, this)
        with stage.as_("agent"):
            amounts = plan.lines.values_list("enterprise_id", "quantity", "amount")
            totals.append((plan.total_cost, sorted(amounts)))
    assert totals[0] == totals[1]
