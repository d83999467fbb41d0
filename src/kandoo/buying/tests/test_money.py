"""Money: bills add up to the invoices, nobody is above its ceiling, deposits come off, the books stand at zero."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Sum

from kandoo.benefit import actions as benefit
from kandoo.benefit.models import Evidence, Gain, StandAlone
from kandoo.buying.actions.goods import give_back
from kandoo.buying.actions.money import enter_deposit, enter_invoice, take_back_deposit, take_back_invoice
from kandoo.buying.actions.rounds import cancel_round
from kandoo.buying.models import Bill, Deposit, HandOut, Invoice, PlanLine, PurchaseOrder, Round
from kandoo.buying.problems import NotPossible
from kandoo.buying.settling import kept_in, settlement_of
from kandoo.buying.tests.goods_stage import (
    agreed,
    agreed_as_planned,
    bills_of,
    bring,
    divide,
    hand_out,
    invoice,
    pay_ahead,
    planned,
    settle,
    settled,
)
from kandoo.buying.tests.stage import TODAY, Stage, fix_the_day, staged
from kandoo.ledger.models import Leg
from kandoo.ledger.queries import party_balances, statement
from kandoo.selling.uploads import Upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(as_owner: Any) -> Stage:
    return staged(as_owner)


def delivered(stage: Stage, **changed: Any) -> Round:
    this = agreed(stage, **changed)
    bring(stage, this)
    divide(stage, this)
    hand_out(stage, this)
    return this


def sums(stage: Stage, this: Round) -> dict[str, int]:
    """The round's balance in each account."""
    with stage.as_("agent"):
        rows = Leg.objects.filter(round=this).values("account").annotate(sum=Sum("amount")).order_by("account")
        return {row["account"]: row["sum"] for row in rows if row["sum"]}


def test_without_differences_each_member_pays_what_its_plan_said(stage: Stage) -> None:
    this = settled(stage)
    bills = bills_of(stage, this)
    with stage.as_("agent"):
        lines = PlanLine.objects.filter(plan=this.plan_id).values("enterprise").annotate(sum=Sum("amount"))
        planned_sums = {row["enterprise"]: row["sum"] for row in lines.order_by()}
        assert {each.enterprise_id: each.amount for each in bills.values()} == planned_sums
        assert sum(planned_sums.values()) == sum(Invoice.objects.values_list("total", flat=True))
    assert this.status == Round.Status.SETTLED


def test_every_statement_adds_up_and_the_clearing_account_stands_at_zero(stage: Stage) -> None:
    this = settled(stage, deposit_percent=20)
    bills = bills_of(stage, this)
    assert all(each.deposit for each in bills.values())
    left = sums(stage, this)
    assert "purchases" not in left and "deposits" not in left
    assert left["receivable"] == sum(each.amount - each.deposit for each in bills.values())
    with stage.as_("kuh"):
        assert statement(stage.firms["kuh"]).closing == bills["kuh"].deposit - bills["kuh"].amount
    with stage.as_("agent"):
        net = {each.enterprise_id: each.net for each in party_balances(stage.cluster)}
        for order in PurchaseOrder.objects.filter(round=this):
            assert net[order.enterprise_id] == order.total


def test_nobody_is_above_its_ceiling_and_what_is_left_is_refused_or_borne_by_the_reserve(stage: Stage) -> None:
    this = delivered(stage)
    invoice(stage, this, sugar=2_000_000_000)
    with pytest.raises(NotPossible):
        settle(stage, this)
    with stage.as_("agent"):
        assert not Bill.objects.exists()
        assert settlement_of(this, kept_in(this)).uncovered > 0
    result = settle(stage, this, cover_from_reserve=True)
    left = sums(stage, this)
    assert left["reserve"] == result.uncovered > 0 and "purchases" not in left
    assert all(each.amount <= each.alone for each in bills_of(stage, this).values())


def test_what_came_short_is_not_paid_for_and_what_went_back_is(stage: Stage) -> None:
    this = agreed(stage)
    bring(stage, this, sugar=500)
    rows = divide(stage, this)
    hand_out(stage, this)
    with stage.as_("kuh"):
        row = HandOut.objects.get(pk=rows["kuh", "wax"].pk)
        give_back(
            by=stage.people["kuh"],
            this=this,
            hand_out=row,
            quantity=row.quantity,
            reason="شکسته",
            on=TODAY,
            today=TODAY,
        )
    invoice(stage, this, sugar=500 * 540_000)
    settle(stage, this)
    bills = bills_of(stage, this)
    lines = {each["item"]: each for each in bills["kuh"].content["lines"]}
    assert lines["sugar"]["quantity"] == rows["kuh", "sugar"].quantity < lines["sugar"]["ordered"]
    assert (lines["wax"]["returned"], lines["wax"]["quantity"], lines["wax"]["amount"]) == (30, 0, 0)
    with stage.as_("agent"):
        total = sum(Invoice.objects.values_list("total", flat=True))
    assert sum(each.amount for each in bills.values()) == total


def test_a_round_is_settled_when_all_is_handed_out_and_invoiced(stage: Stage) -> None:
    this = agreed(stage)
    bring(stage, this)
    divide(stage, this)
    with pytest.raises(NotPossible, match=r"16"):
        settle(stage, this)
    hand_out(stage, this)
    with pytest.raises(NotPossible, match=r"PO-"):
        settle(stage, this)


def order_of(stage: Stage, this: Round, supplier: str) -> PurchaseOrder:
    return PurchaseOrder.objects.get(round=this, enterprise=stage.firms[supplier])


def enter(stage: Stage, order: PurchaseOrder, by: str, **changed: Any) -> Invoice:
    given: dict[str, Any] = {
        "number": "۷۷",
        "goods": {line.pk: line.quantity * line.unit_price for line in order.lines.all()},
        "delivery": order.delivery,
    }
    return enter_invoice(
        by=stage.people[by], order=order, on=TODAY, today=TODAY, is_agent=by == "agent", **given | changed
    )


def test_a_doubled_or_impossible_invoice_is_refused(stage: Stage) -> None:
    this = agreed(stage)
    with stage.as_("agent"):
        order = order_of(stage, this, "qand")
        broken: tuple[dict[str, Any], ...] = ({"number": " "}, {"goods": {}}, {"delivery": -1})
        for changed in broken:
            with pytest.raises(NotPossible):
                enter(stage, order, "agent", **changed)
        enter(stage, order, "agent")
        for number in ("۷۷", "۷۸"):
            with pytest.raises(NotPossible):
                enter(stage, order, "agent", number=number)
        assert Invoice.objects.count() == 1


def test_a_suppliers_own_invoice_is_booked_when_the_agent_settles(stage: Stage) -> None:
    this = delivered(stage)
    with stage.as_("qand"):
        row = enter(stage, order_of(stage, this, "qand"), "qand")
        take_back_invoice(by=stage.people["qand"], invoice=row, today=TODAY, is_agent=False)
        enter(stage, order_of(stage, this, "qand"), "qand")
    assert "payable" not in sums(stage, this)
    with stage.as_("agent"):
        enter(stage, order_of(stage, this, "jars"), "agent")
    settle(stage, this)
    with stage.as_("agent"):
        total = sum(Invoice.objects.values_list("total", flat=True))
    assert sums(stage, this)["payable"] == -total


def test_an_invoice_taken_back_leaves_the_books_even(stage: Stage) -> None:
    this = agreed(stage)
    with stage.as_("agent"):
        row = enter(stage, order_of(stage, this, "qand"), "agent")
    with stage.as_("qand"), pytest.raises(NotPossible):
        take_back_invoice(by=stage.people["qand"], invoice=Invoice.objects.get(), today=TODAY, is_agent=False)
    with stage.as_("agent"):
        take_back_invoice(by=stage.people["agent"], invoice=row, today=TODAY, is_agent=True)
    assert sums(stage, this) == {}


def test_a_deposit_above_the_bill_is_owed_back(stage: Stage) -> None:
    this = agreed(stage)
    with stage.as_("agent"):
        pay_ahead(stage, this, stage.firms["kuh"], 900_000_000)
    bring(stage, this)
    divide(stage, this)
    hand_out(stage, this)
    invoice(stage, this)
    settle(stage, this)
    bill = bills_of(stage, this)["kuh"]
    assert bill.deposit == bill.amount
    with stage.as_("kuh"):
        assert statement(stage.firms["kuh"]).closing == 900_000_000 - bill.amount


def test_deposits_of_a_cancelled_round_are_owed_back(stage: Stage) -> None:
    this = planned(stage, deposit_percent=10)
    with stage.as_("agent"):
        cancel_round(by=stage.people["agent"], this=this, reason="نیامد")
    left = sums(stage, this)
    assert left.keys() == {"bank", "payable"} and left["bank"] == -left["payable"]


def test_a_deposit_entered_in_error_is_undone_and_a_bad_one_refused(stage: Stage) -> None:
    this = planned(stage)
    with stage.as_("agent"):
        row = pay_ahead(stage, this, stage.firms["kuh"], 5_000)
        take_back_deposit(by=stage.people["agent"], deposit=row, today=TODAY)
        assert not Deposit.objects.exists()
        for firm, amount in ((stage.firms["kuh"], 0), (stage.firms["jars"], 5)):
            with pytest.raises(NotPossible):
                enter_deposit(
                    by=stage.people["agent"], this=this, enterprise=firm, amount=amount, document="x", on=TODAY, today=TODAY
                )  # fmt: skip
    assert sums(stage, this) == {}


def test_bills_never_change_and_a_round_with_goods_is_not_cancelled(stage: Stage) -> None:
    this = agreed(stage)
    bring(stage, this)
    with stage.as_("agent"), pytest.raises(NotPossible):
        cancel_round(by=stage.people["agent"], this=this, reason="دیر")
    divide(stage, this)
    hand_out(stage, this)
    invoice(stage, this)
    settle(stage, this)
    with stage.as_("agent"), pytest.raises(DatabaseError), transaction.atomic():
        Bill.objects.update(amount=0)
    with stage.as_("kuh"):
        assert {each.enterprise_id for each in Bill.objects.all()} == {stage.firms["kuh"].pk}
    with stage.as_("qand"):
        assert not Bill.objects.exists()


def test_the_saving_is_counted_from_what_was_fixed_when_the_round_was_agreed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    fix_the_day(monkeypatch)
    this = planned(stage)
    with stage.as_("kuh"):
        for need in this.needs.select_related("round", "round_item__item", "price"):
            paper = Upload("bill.pdf", b"%PDF-1.4 own bill %%EOF")
            benefit.keep_with_need(by=stage.people["kuh"], need=need, price=need.price, kind="invoice", document=paper)
            benefit.keep_with_need(by=stage.people["kuh"], need=need, price=need.price, kind="invoice")  # typed again
        assert Evidence.objects.filter(action="buying", sha256="").count() == 0
        assert Evidence.objects.filter(action="buying").count() == 3
    this = agreed_as_planned(stage, this)
    bring(stage, this)
    divide(stage, this)
    hand_out(stage, this)
    invoice(stage, this)
    settle(stage, this)
    bills = bills_of(stage, this)
    with stage.as_("agent"):
        assert StandAlone.objects.filter(action="buying", action_id=this.pk).count() == 6
        gains = {each.enterprise_id: each for each in Gain.objects.filter(action="buying", action_id=this.pk)}
    assert len(gains) == 6
    own = gains.pop(stage.firms["kuh"].pk)
    assert (own.side, own.alone, own.net) == ("cost", bills["kuh"].alone, bills["kuh"].amount)
    assert own.gain == bills["kuh"].alone - bills["kuh"].amount > 0
    for each in gains.values():
        assert each.gain == 0 and each.claimed > 0  # a price without its paper is no evidence
