"""What members make of a plan: what changed for them from the plan before, their answers, each one's own part."""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kandoo.buying.actions.plans import Part, parts_of
from kandoo.buying.models import Consent, Plan, PlanLine, Round, RoundItem, RoundPlace
from kandoo.register.models import Enterprise

# What changed from the plan before


@dataclass(frozen=True, slots=True)
class Change:
    """How a plan differs from the one before it."""

    before: Plan
    left_out: list[Enterprise]
    cost: int  # of those still in, more (below zero: less) than before
    joined: list[str]  # suppliers
    dropped: list[str]
    dearer: int  # members who pay more for the same, or get less
    asked_again: int


def change_of(plan: Plan) -> Change | None:
    """What a new plan changed; None for the first."""
    before = Plan.objects.filter(round=plan.round_id, number=plan.number - 1).first()
    if before is None:
        return None
    old, new = parts_of(before), parts_of(plan)
    out = sorted(set(plan.without) - set(before.without))
    was, now = (_suppliers_of(each) for each in (before, plan))
    still = old.keys() & new.keys()
    carried = plan.consents.filter(is_carried=True).count()
    return Change(
        before=before,
        left_out=list(Enterprise.objects.filter(pk__in=out).order_by("sort_key")),
        cost=sum(_amount(new[each]) - _amount(old[each]) for each in still),
        joined=[str(firm) for pk, firm in now.items() if pk not in was],
        dropped=[str(firm) for pk, firm in was.items() if pk not in now],
        dearer=sum(_amount(new[each]) > _amount(old[each]) for each in still),
        asked_again=len(new) - carried,
    )


def _suppliers_of(plan: Plan) -> dict[int, Enterprise]:
    return {each.enterprise_id: each.enterprise for each in plan.supplier_parts.select_related("enterprise")}


def _amount(part: Part) -> int:
    return sum(amount for _units, amount in part.values())


# Answers, and a member's own part


@dataclass(frozen=True, slots=True)
class Answered:
    """A member with a part in the plan: what it pays, and what it answered; None while it has not."""

    enterprise: Enterprise
    amount: int
    answer: bool | None
    is_carried: bool


def answers_to(plan: Plan) -> list[Answered]:
    """Every member with a part in a plan, the silent first."""
    amounts: dict[int, int] = defaultdict(int)
    firms: dict[int, Enterprise] = {}
    for line in plan.lines.select_related("enterprise"):
        amounts[line.enterprise_id] += line.amount
        firms[line.enterprise_id] = line.enterprise
    given = {each.enterprise_id: each for each in plan.consents.all()}
    rows = [
        Answered(
            firms[pk],
            amount,
            given[pk].is_yes if pk in given else None,
            given[pk].is_carried if pk in given else False,
        )
        for pk, amount in amounts.items()
    ]
    order = {False: 0, None: 1, True: 2}
    return sorted(rows, key=lambda row: (order[row.answer], row.enterprise.sort_key))


def refusals(this: Round) -> list[Consent]:
    """Who said no to any plan of a round, and why."""
    return list(
        Consent.objects.filter(plan__round=this, is_yes=False).select_related("enterprise", "plan").order_by("-at")
    )


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A member's part of a plan for one need, against what it would cost alone."""

    line: PlanLine
    item: RoundItem
    place: RoundPlace
    supplier: Enterprise
    ceiling: int  # rial for a unit

    @property
    def alone(self) -> int:
        return self.ceiling * min(self.line.quantity, self.line.need.quantity)

    @property
    def unit_price(self) -> int:
        """What a unit comes to, delivery included, to the nearest rial."""
        return round(Fraction(self.line.amount, self.line.quantity))


def own_part(this: Round, enterprise: Enterprise) -> dict[str, Any]:
    """What the present plan gives one member, what it leaves out, and its answer."""
    rows = PlanLine.objects.filter(plan=this.plan_id, enterprise=enterprise).select_related(
        "need__round_item__item", "need__place__point", "need__price", "supplier", "brings"
    )
    lines = [
        OwnLine(row, row.need.round_item, row.need.place, row.supplier, row.need.price.ceiling)
        for row in rows.order_by("need__round_item__item__sort_key", "pk")
    ]
    served: dict[int, int] = defaultdict(int)
    for each in lines:
        served[each.line.need_id] += each.line.quantity
    needs = this.needs.filter(enterprise=enterprise, is_withdrawn=False).exclude(confirmed="")
    return {
        "lines": lines,
        "amount": sum(each.line.amount for each in lines),
        "alone": sum(each.alone for each in lines),
        "missed": [
            (need, need.quantity - served[need.pk])
            for need in needs.select_related("round_item__item")
            if served[need.pk] < need.quantity
        ],
        "consent": Consent.objects.filter(plan=this.plan_id, enterprise=enterprise).first(),
    }
