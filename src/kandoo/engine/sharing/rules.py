"""Who buys together, and what each of them pays.

Who is in the pool
    Members for whom the pool is dearer than alone stay out; what "dearer" means hangs on the rule.

    `uniform`, one price for all: when the pool's average price is above the member's own price
    alone. Rank members by what a unit costs them alone, dearest first: the pool is the longest head
    of that ranking whose average price is not above the price alone of its last member. Where the
    average falls with the quantity, as under every falling schedule, this is what is left when
    members who would pay more than alone leave until nobody does: who leaves makes it no cheaper
    for the rest, so who had reason to leave keeps it, and the order of leaving does not matter. Any
    other group in which nobody pays more than alone lies within this one. Where prices rise with
    the quantity the ranking still gives one answer, whatever the order of the rows.

    The other rules share what is saved, so nobody pays more than alone in any group that saves.
    Who helps is in: when buying for the member as well costs no more than it costs alone. The pool
    is the head of the ranking that saves most, the longest among equals; then members are taken in
    who help and let go who cost more than they bring, in the order of the ranking, until there is
    neither. So nobody outside would lower the bill of all by joining, and nobody inside by leaving.

What each pays
    First the rule's part of the gain for the reserve is put on the bill; the gain is what all of
    the pool would pay alone, less the bill. Then
    `uniform`: by quantity. `proportional`: by what each would pay alone. `equal_gain`: what each
    would pay alone less the same gain, but nobody pays less than nothing. `fixed`: the thousandths
    of each base, divided by that base.
    Last the least correction: who is above alone pays alone, and what is missing then is paid by
    the others in proportion to what they gain. It moves nothing under `proportional` and
    `equal_gain`, nor under `uniform` without a reserve.

Nobody pays above alone, to the last unit of money
    Before rounding that is so by the choice of the pool; the largest remainder rounds to one of the
    two neighbouring whole numbers, and a whole number at or above a figure is at or above both. The
    correction covers the rest, since the pool never pays more than all of it would alone.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from kandoo.engine.money import apportion
from kandoo.engine.sharing_rule import WHOLE, BadRule, Base, SharingRule

from .schedule import Schedule
from .values import RULES, Need

K = TypeVar("K", bound=str)
Ranked = Sequence[tuple[str, int, int]]  # (member, amount, quantity), the dearest per unit first


def cost_alone(need: Need, schedule: Schedule) -> int:
    """What the member pays without the others: at its own price or from the schedule, the lower."""
    from_schedule = schedule.cost(need.quantity)
    if need.alone_price is None:
        return from_schedule
    return min(need.quantity * need.alone_price, from_schedule)


def refuse_for_bills(rule: SharingRule) -> None:
    """Raise BadRule (`earnings_only`) when the rule looks at quality, which a bill does not have."""
    if rule.name not in RULES or rule.weights.get("quality"):
        raise BadRule("earnings_only", "A bill cannot be shared by quality.")


def choose_pool(
    needs: Sequence[Need], alone: Mapping[str, int], schedule: Schedule, rule: SharingRule
) -> frozenset[str]:
    """The members who buy together; the head of the module says why these."""
    ranked = ranked_by_price([(need.member_id, alone[need.member_id], need.quantity) for need in needs])
    return _not_dearer(ranked, schedule) if rule.name == "uniform" else _who_help(ranked, schedule)


def _not_dearer(ranked: Ranked, schedule: Schedule) -> frozenset[str]:
    quantity, inside = 0, 0
    for place, (_, cost, own) in enumerate(ranked, start=1):
        quantity += own
        if schedule.cost(quantity) * own <= cost * quantity:
            inside = place
    return frozenset(member for member, _, _ in ranked[:inside])


def _who_help(ranked: Ranked, schedule: Schedule) -> frozenset[str]:
    quantity, alone, best, best_gain, best_quantity = 0, 0, 0, 0, 0
    for place, (_, cost, own) in enumerate(ranked, start=1):
        quantity, alone = quantity + own, alone + cost
        gain = alone - schedule.cost(quantity)
        if gain >= best_gain:
            best, best_gain, best_quantity = place, gain, quantity
    inside = [place < best for place in range(len(ranked))]
    quantity, is_settled = best_quantity, False
    while not is_settled:
        is_settled = True
        for place, (_, cost, own) in enumerate(ranked):
            after = quantity - own if inside[place] else quantity + own
            change = schedule.cost(after) - schedule.cost(quantity)
            if (inside[place] and -change > cost) or (not inside[place] and change <= cost):
                quantity, is_settled = after, False
                inside[place] = not inside[place]
    return frozenset(member for (member, _, _), is_in in zip(ranked, inside, strict=True) if is_in)


def ranked_by_price(lines: Ranked) -> list[tuple[str, int, int]]:
    """(member, amount, quantity) by amount per unit, the dearest first, exactly; then by member."""
    shift = 2 * max((quantity for _, _, quantity in lines), default=1).bit_length()
    return sorted(lines, key=lambda line: (-((line[1] << shift) // line[2]), line[0]))


def divide(
    rule: SharingRule, bill: int, quantity: Mapping[str, int], alone: Mapping[str, int]
) -> tuple[dict[str, int], int]:
    """What each member of the pool pays, and what of it goes into the reserve.

    The payments add up to bill and reserve and are nowhere above `alone`.
    """
    gain = sum(alone.values()) - bill
    reserve = gain * rule.reserve // WHOLE
    if rule.name == "equal_gain":
        gains = _equal_gains(gain - reserve, alone)
        return {member: cost - gains[member] for member, cost in alone.items()}, reserve
    bases: dict[Base, Mapping[str, int]] = {"quantity": quantity, "alone": alone, "member": dict.fromkeys(alone, 1)}
    paid = dict.fromkeys(alone, 0)
    for base, part in apportion_whole(bill + reserve, thousandths(rule)).items():
        for member, amount in apportion_whole(part, bases[base]).items():
            paid[member] += amount
    return _corrected(paid, alone), reserve


def thousandths(rule: SharingRule) -> Mapping[Base, int]:
    """What a rule divides by, as the formula it is a case of."""
    single: dict[str, Base] = {"uniform": "quantity", "proportional": "alone"}
    return dict(sorted(rule.weights.items())) if rule.name == "fixed" else {single[rule.name]: WHOLE}


def _corrected(paid: Mapping[str, int], alone: Mapping[str, int]) -> dict[str, int]:
    """Nobody above alone; the others pay what is missing in proportion to what they gain."""
    over = sum(max(paid[member] - cost, 0) for member, cost in alone.items())
    more = apportion_whole(over, {member: max(cost - paid[member], 0) for member, cost in alone.items()})
    return {member: min(paid[member], cost) + more[member] for member, cost in alone.items()}


def apportion_whole(amount: int, weights: Mapping[K, int]) -> dict[K, int]:
    """`money.apportion` for whole weights, without fractions: many times as fast for 10,000 members."""
    total = sum(weights.values())
    if not total:
        return apportion(amount, weights)
    parts = {member: amount * weight // total for member, weight in weights.items()}
    missing = amount - sum(parts.values())
    for member in sorted(weights, key=lambda each: (-(amount * weights[each] % total), each))[:missing]:
        parts[member] += 1
    return parts


def _equal_gains(gain: int, alone: Mapping[str, int]) -> dict[str, int]:
    """The same gain to all, but to nobody more than its whole cost alone; the rest share what is over."""
    gains: dict[str, int] = {}
    ranked = sorted(alone, key=lambda member: (alone[member], member))
    for place, member in enumerate(ranked):
        left = len(ranked) - place
        if alone[member] * left > gain:
            return gains | apportion_whole(gain, dict.fromkeys(ranked[place:], 1))
        gains[member] = alone[member]
        gain -= alone[member]
    return gains
