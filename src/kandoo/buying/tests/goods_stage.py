"""A round taken further for the tests of goods and money: agreed, brought, handed out, invoiced, settled.

this = agreed(stage)                     six members' needs, two suppliers, everybody said yes
bring(stage, this, sugar=700)            what came of each order line; everything else as ordered
divide(stage, this); hand_out(stage, this); invoice(stage, this); settle(stage, this)
"""

from datetime import UTC, datetime
from typing import Any

from kandoo.buying.actions.goods import Arrived, divide_goods, enter_arrivals, sign_hand_outs
from kandoo.buying.actions.money import enter_deposit, enter_invoice, settle_round
from kandoo.buying.actions.plans import agree_round, answer_plan, close_round, deposits_due
from kandoo.buying.models import Bill, Deposit, HandOut, Invoice, OrderLine, PurchaseOrder, Round
from kandoo.buying.tests.stage import TODAY, Stage, opened, with_needs, with_quotations
from kandoo.engine.buying_settlement import PurchaseSettlement

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC)


def planned(stage: Stage, this: Round | None = None, **changed: Any) -> Round:
    """A closed round with its plan, every deposit entered."""
    if this is None:
        this = opened(stage, **changed)
        with_needs(stage, this)
        with_quotations(stage, this)
    with stage.as_("agent"):
        close_round(by=stage.people["agent"], this=this, now=NOW)
        this.refresh_from_db()
        firms = {each.pk: each for each in stage.firms.values()}
        for member, due in deposits_due(this).items():
            if due:
                pay_ahead(stage, this, firms[member], due)
    return this


def pay_ahead(stage: Stage, this: Round, firm: Any, amount: int) -> Deposit:
    return enter_deposit(
        by=stage.people["agent"], this=this, enterprise=firm, amount=amount, document="رسید", on=TODAY, today=TODAY
    )


def agreed(stage: Stage, this: Round | None = None, **changed: Any) -> Round:
    """A round to whose plan everybody said yes."""
    return agreed_as_planned(stage, planned(stage, this, **changed))


def agreed_as_planned(stage: Stage, this: Round) -> Round:
    """A closed round to whose plan everybody says yes."""
    with stage.as_("agent"):
        members = set(this.plan.lines.values_list("enterprise", flat=True)) if this.plan else set()
    names = {firm.pk: name for name, firm in stage.firms.items()}
    for member in sorted(members):
        with stage.as_(names[member]):
            answer_plan(
                by=stage.people[names[member]], this=this, plan_id=this.plan_id or 0, enterprise_id=member,
                is_yes=True, now=NOW,
            )  # fmt: skip
    with stage.as_("agent"):
        return agree_round(by=stage.people["agent"], this=this, now=NOW)


def bring(stage: Stage, this: Round, *, by: str = "agent", **came: Arrived | int) -> None:
    """What came, by item; as ordered where nothing else is said."""
    with stage.as_(by):
        arrived = {}
        for line in OrderLine.objects.filter(place__round=this).select_related("item"):
            each = came.get(line.item.code, line.quantity)
            arrived[line.pk] = each if isinstance(each, Arrived) else Arrived(each)
        enter_arrivals(by=stage.people[by], this=this, arrived=arrived, on=TODAY, today=TODAY)


def divide(stage: Stage, this: Round) -> dict[tuple[str, str], HandOut]:
    """The goods divided: by member and item."""
    names = {firm.pk: name for name, firm in stage.firms.items()}
    with stage.as_("agent"):
        rows = divide_goods(by=stage.people["agent"], this=this, today=TODAY)
        this.refresh_from_db()
        return {(names[each.enterprise_id], each.item.code): each for each in rows}


def hand_out(stage: Stage, this: Round) -> None:
    with stage.as_("agent"):
        rows = list(HandOut.objects.filter(round=this))
        sign_hand_outs(by=stage.people["agent"], this=this, hand_outs=rows, how="signature", now=NOW)


def invoice(stage: Stage, this: Round, **changed: int) -> list[Invoice]:
    """Each order invoiced as ordered; `changed` are rial by item's code."""
    with stage.as_("agent"):
        return [
            enter_invoice(
                by=stage.people["agent"],
                order=order,
                number=f"F-{order.code}",
                goods={
                    line.pk: changed.get(line.item.code, line.quantity * line.unit_price)
                    for line in order.lines.select_related("item")
                },
                delivery=order.delivery,
                on=TODAY,
                today=TODAY,
                is_agent=True,
            )
            for order in PurchaseOrder.objects.filter(round=this).order_by("pk")
        ]


def settle(stage: Stage, this: Round, **changed: bool) -> PurchaseSettlement:
    with stage.as_("agent"):
        return settle_round(by=stage.people["agent"], this=this, now=NOW, today=TODAY, **changed)


def settled(stage: Stage, **changed: Any) -> Round:
    """A round taken through to its bills, nothing short."""
    this = agreed(stage, **changed)
    bring(stage, this)
    divide(stage, this)
    hand_out(stage, this)
    invoice(stage, this)
    settle(stage, this)
    with stage.as_("agent"):
        this.refresh_from_db()
    return this


def bills_of(stage: Stage, this: Round) -> dict[str, Bill]:
    """The bills by member."""
    names = {firm.pk: name for name, firm in stage.firms.items()}
    with stage.as_("agent"):
        return {names[each.enterprise_id]: each for each in Bill.objects.filter(round=this)}
