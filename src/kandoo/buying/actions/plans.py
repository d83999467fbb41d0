"""Closing a round: quotations opened, the plan computed and kept, answered, computed again, agreed for good."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.benefit import actions as benefit
from kandoo.buying.actions.steps import Status, locked, members_in, note, people_in, require, tell
from kandoo.buying.models import (
    Consent,
    Deposit,
    OrderLine,
    Plan,
    PlanLine,
    PurchaseOrder,
    Round,
    SupplierPart,
)
from kandoo.buying.planning import PurchaseValues, plan_lines, planned, purchase_values, supplier_totals
from kandoo.buying.problems import NotPossible, WrongStep
from kandoo.engine.sharing_rule import SharingRule
from kandoo.register.models import Person
from kandoo.site import notices
from kandoo.site.numbering import next_code
from kandoo.site.security import acting_as

GAP = 1e-4


@transaction.atomic
def close_round(*, by: Person, this: Round, now: datetime) -> Plan:
    """Open the sealed quotations, for good, and plan at least cost.

    Before its last day a round may be closed too; what is opened then can no longer be changed by anyone.
    """
    this = locked(this, Status.OPEN)
    if not this.needs.filter(is_withdrawn=False).exclude(confirmed="").exists():
        raise NotPossible(_("Nobody has confirmed a need yet, so there is nothing to plan."))
    if not sealed_suppliers(this):
        raise NotPossible(_("No supplier has given a quotation yet."))
    if this.quotes_opened_at is None:
        this.quotes_opened_at = now
        this.save(update_fields=["quotes_opened_at"])
        note(by, this, "open-quotations")
    return _noted(by, _plan(by, this, now, without=(), waived=this.waived))


def sealed_suppliers(this: Round) -> list[int]:
    """Who has given a quotation, by enterprise; never what."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT enterprise_id FROM kandoo_sealed_quotations(%s)", [this.pk])
        return sorted(row[0] for row in cursor.fetchall())


@transaction.atomic
def plan_again(
    *, by: Person, this: Round, now: datetime, without: Collection[int] = (), waived: Collection[int] = ()
) -> Plan:
    """Plan a closed round anew: without some members, or sending to suppliers below their least order."""
    this = locked(this, Status.PLANNED)
    return _noted(by, _plan(by, this, now, without=without, waived=waived))


def _plan(by: Person, this: Round, now: datetime, *, without: Collection[int], waived: Collection[int]) -> Plan:
    values = purchase_values(this, timezone.localdate(now), without=without, waived=waived)
    if not values.suppliers:
        raise NotPossible(_("No quotation is valid any more; call a new round."))
    content = planned(values, gap=GAP)
    before = this.plan
    plan = Plan.objects.create(
        cluster_id=this.cluster_id,
        round=this,
        number=this.plans.count() + 1,
        by=by,
        total_cost=content["total_cost"],
        bound=content["bound"],
        gap=content["gap"],
        alone_cost=content["alone_cost"],
        without=sorted(without),
        content=content | {"waived": sorted(waived)},
    )
    _keep_parts(plan, values)
    this.plan, this.status, this.waived = plan, Status.PLANNED, sorted(waived)
    this.save(update_fields=["plan", "status", "waived"])
    asked = members_in(this) - (_carry_consents(before, plan) if before else set())
    people = notices.people_with(this.cluster_id, "member", enterprises=asked)
    tell(this, people, "round-replanned" if before else "round-planned")
    return plan


def _noted(by: Person, plan: Plan) -> Plan:
    """The plan, its line in the trail written by whoever set it off."""
    note(by, plan.round, "plan-round", plan=plan.number, total_cost=plan.total_cost, without=plan.without)
    return plan


def _keep_parts(plan: Plan, values: PurchaseValues) -> None:
    lines = plan_lines(values, plan.content, SharingRule.from_dict(plan.round.rule))
    for line in lines:
        line.plan = plan
    PlanLine.objects.bulk_create(lines)
    for part in plan.content["suppliers"]:
        goods, delivery = supplier_totals(part)
        SupplierPart.objects.create(
            cluster_id=plan.cluster_id,
            plan=plan,
            quotation=values.quotation_of[part["supplier_id"]],
            enterprise_id=int(part["supplier_id"]),
            goods=goods,
            delivery=delivery,
            content={"lines": part["lines"]},
        )


def _carry_consents(before: Plan, plan: Plan) -> set[int]:
    """Who said yes before and now gets the same for no more has said yes to this plan too."""
    old, new = parts_of(before), parts_of(plan)
    kept = [
        each
        for each in before.consents.filter(is_yes=True)
        if each.enterprise_id in new and _is_no_worse(old[each.enterprise_id], new[each.enterprise_id])
    ]
    Consent.objects.bulk_create(
        Consent(
            cluster_id=plan.cluster_id,
            plan=plan,
            enterprise_id=each.enterprise_id,
            is_yes=True,
            is_carried=True,
            by=each.by,
        )
        for each in kept
    )
    return {each.enterprise_id for each in kept}


Part = dict[int, tuple[int, int]]  # need -> (units, rial)


def parts_of(plan: Plan) -> dict[int, Part]:
    """Each member's part of a plan, need by need."""
    found: dict[int, Part] = defaultdict(dict)
    for line in plan.lines.all():
        units, amount = found[line.enterprise_id].get(line.need_id, (0, 0))
        found[line.enterprise_id][line.need_id] = (units + line.quantity, amount + line.amount)
    return dict(found)


def _is_no_worse(old: Part, new: Part) -> bool:
    """The same units of every need for no more money."""
    return old.keys() == new.keys() and all(
        new[need][0] == units and new[need][1] <= amount for need, (units, amount) in old.items()
    )


@transaction.atomic
def answer_plan(
    *, by: Person, this: Round, plan_id: int, enterprise_id: int, is_yes: bool, now: datetime, reason: str = ""
) -> Consent:
    """A member agrees to its own part of the plan it has read; one that withdraws sets off a new plan without it."""
    require(this, Status.PLANNED)
    if this.plan_id != plan_id:
        raise WrongStep(_("The plan has changed meanwhile. Look at your new part and answer again."))
    if enterprise_id not in members_in(this):
        raise NotPossible(_("You have no part in this plan."))
    if not is_yes and not reason.strip():
        raise NotPossible(_("Please say in a few words why not; the agent will read it."))
    consent, _is_new = Consent.objects.update_or_create(
        plan_id=plan_id,
        enterprise_id=enterprise_id,
        defaults={
            "cluster_id": this.cluster_id, "is_yes": is_yes, "is_carried": False, "reason": reason.strip(), "by": by,
        },
    )  # fmt: skip
    note(by, this, "answer-buying-plan", enterprise=enterprise_id, is_yes=is_yes)
    agents = notices.people_with(this.cluster_id, "agent")
    tell(this, agents, "round-answered" if is_yes else "round-refused")
    if not is_yes and agents and (plan := _plan_without(by, this, enterprise_id, agents[0], now)):
        _noted(by, plan)
    return consent


def _plan_without(by: Person, this: Round, enterprise_id: int, agent: int, now: datetime) -> Plan | None:
    """Plan again without a member that withdrew, on the agent's rows, which the member does not read.

    None where no quotation is valid any more: the refusal stands and the agent decides.
    """
    with acting_as(agent):
        this = locked(this, Status.PLANNED)
        assert this.plan is not None, "a planned round has a plan"
        try:
            with transaction.atomic():
                return _plan(by, this, now, without={*this.plan.without, enterprise_id}, waived=this.waived)
        except NotPossible:
            return None


@transaction.atomic
def agree_round(*, by: Person, this: Round, now: datetime) -> Round:
    """Fix plan, bill rule and stand-alone evidence for good, and order, once every member in the plan said yes."""
    this = locked(this, Status.PLANNED)
    assert this.plan is not None, "a planned round has a plan"
    members = members_in(this)
    if not members:
        raise WrongStep(_("The plan buys nothing, so there is nothing to agree."))
    missing = len(members) - this.plan.consents.filter(is_yes=True).count()
    if missing:
        raise WrongStep(
            _("Members who have not said yes: %(count)s. Remind them, or plan again without those who said no.")
            % {"count": missing}
        )
    if owing := deposits_missing(this):
        raise WrongStep(
            _("Members who have not paid their deposit: %(count)s. Enter it, or plan again without them.")
            % {"count": len(owing)}
        )
    this.status, this.agreed_at = Status.AGREED, now
    this.save(update_fields=["status", "agreed_at"])
    benefit.fix_alone_round(by=by, this=this)
    orders = [_order(by, this, part) for part in this.plan.supplier_parts.order_by("pk")]
    note(by, this, "agree-round", plan=this.plan.number, rule=this.rule, orders=[each.code for each in orders])
    tell(this, people_in(this), "round-agreed")
    for order in orders:
        people = notices.people_with(this.cluster_id, "supplier", enterprises=[order.enterprise_id])
        notices.tell(people, cluster_id=this.cluster_id, code="order-sent", url=f"/buying/orders/{order.pk}/",
                     order=order.code, round=this.title)  # fmt: skip
    return this


def deposits_missing(this: Round) -> dict[int, int]:
    """What members of the present plan still miss of their deposit, in rial, by enterprise."""
    if not this.deposit_percent:
        return {}
    paid: dict[int, int] = defaultdict(int)
    for enterprise, amount in Deposit.objects.filter(round=this).values_list("enterprise_id", "amount"):
        paid[enterprise] += amount
    due = deposits_due(this)
    return {member: amount - paid[member] for member, amount in due.items() if paid[member] < amount}


def deposits_due(this: Round) -> dict[int, int]:
    """The deposit of each member of the present plan: a part of its bill, rounded down. Rial."""
    amounts: dict[int, int] = defaultdict(int)
    for enterprise, amount in PlanLine.objects.filter(plan=this.plan_id).values_list("enterprise_id", "amount"):
        amounts[enterprise] += amount
    return {member: amount * this.deposit_percent // 100 for member, amount in amounts.items()}


def _order(by: Person, this: Round, part: SupplierPart) -> PurchaseOrder:
    quotation = part.quotation
    order = PurchaseOrder.objects.create(
        cluster_id=this.cluster_id,
        round=this,
        enterprise_id=part.enterprise_id,
        code=next_code(this.cluster_id, f"PO-{this.code.removeprefix('R-')}"),
        delivery=part.delivery,
        total=part.goods + part.delivery,
        is_below_minimum=part.goods < quotation.minimum_order,
        by=by,
    )
    lines = {str(each.round_item_id): each for each in quotation.lines.all()}
    OrderLine.objects.bulk_create(
        OrderLine(
            cluster_id=this.cluster_id,
            order=order,
            quotation_line=lines[each["item"]],
            item_id=lines[each["item"]].brings_id,
            place_id=int(each["place"]),
            quantity=each["quantity"],
            unit_price=each["unit_price"],
        )
        for each in part.content["lines"]
    )
    return order
