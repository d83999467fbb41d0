"""From needs and a schedule to shares with their certificate."""

from collections.abc import Sequence
from dataclasses import replace

from kandoo.engine.sharing_rule import RuleName, SharingRule

from .rules import choose_pool, cost_alone, divide, refuse_for_bills
from .schedule import Schedule
from .shapley import shapley_values
from .temptation import WORK, worst_temptation
from .values import Division, MemberShare, Need


def share_bill(needs: Sequence[Need], schedule: Schedule, rule: SharingRule | RuleName = "uniform") -> Division:
    """Divide the cost of what all need, so that nobody pays more than alone.

    Parameters
    ----------
    needs : sequence of Need
        One a member; quantities at least 1, prices at least 0.
    schedule : Schedule
    rule : SharingRule, or the name of one without a reserve
        `uniform`, `proportional`, `equal_gain` or `fixed`; `rules.py` says what each does and who
        buys together.

    Raises
    ------
    ValueError
        When a member is there twice, a quantity is below 1 or a price negative.
    BadRule
        When the rule shares by quality, or is a formula without weights.
    """
    if len({need.member_id for need in needs}) != len(needs):
        raise ValueError("A member is there twice.")
    if any(need.quantity < 1 or (need.alone_price or 0) < 0 for need in needs):
        raise ValueError("A quantity is below 1 or a price negative.")
    return replace(
        divided(needs, schedule, rule if isinstance(rule, SharingRule) else SharingRule(rule)),
        shapley=shapley_values(needs, schedule),
    )


def divided(needs: Sequence[Need], schedule: Schedule, rule: SharingRule, *, work: int = WORK) -> Division:
    """The division without the audit figure; `work` is what the search for the worst group may do."""
    refuse_for_bills(rule)
    alone = {need.member_id: cost_alone(need, schedule) for need in needs}
    pool = choose_pool(needs, alone, schedule, rule)
    quantity = {need.member_id: need.quantity for need in needs if need.member_id in pool}
    bill = schedule.cost(sum(quantity.values()))
    paid, reserve = divide(rule, bill, quantity, {member: alone[member] for member in quantity})
    assert sum(paid.values()) == bill + reserve, "Every rule divides the whole bill."
    assert all(paid[member] <= alone[member] for member in paid), "Nobody pays more than alone."
    return Division(
        rule=rule,
        bill=bill,
        reserve=reserve,
        shares=tuple(
            MemberShare(member, paid.get(member, alone[member]), alone[member])
            for member in (need.member_id for need in needs)
        ),
        outside=tuple(need.member_id for need in needs if need.member_id not in pool),
        temptation=worst_temptation(paid, quantity, schedule, work=work),
        shapley=(),
    )
