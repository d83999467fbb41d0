"""A joint purchase is divided exactly, nobody is worse off, and the worst temptation is the worst."""

from fractions import Fraction
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kandoo.engine.checks.sharing import faults
from kandoo.engine.money import apportion
from kandoo.engine.sharing import KINDS, RULES, Need, Schedule, Step, share_bill
from kandoo.engine.sharing.rules import apportion_whole
from kandoo.engine.sharing.shapley import shapley_values
from kandoo.engine.sharing.temptation import worst_temptation
from kandoo.engine.sharing_rule import BadRule, SharingRule


def rows(needs: list[Need], steps: list[Step], kind: str) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The values as the rows of both files."""
    return (
        [
            {"member_id": n.member_id, "quantity": str(n.quantity), "alone_price": str(n.alone_price or "")}
            for n in needs
        ],
        [{"quantity_from": str(s.quantity_from), "unit_price": str(s.unit_price), "kind": kind} for s in steps],
    )


def needs_of(most):
    pair = st.tuples(st.integers(1, 12), st.none() | st.integers(1, 60))
    return st.lists(pair, min_size=1, max_size=most).map(
        lambda pairs: [Need(f"m{n:02}", quantity, price) for n, (quantity, price) in enumerate(pairs)]
    )


STEPS = st.tuples(
    st.lists(st.integers(0, 60), min_size=1, max_size=5, unique=True), st.lists(st.integers(0, 50), min_size=5)
).map(lambda both: [Step(first, price) for first, price in zip(sorted(both[0]), both[1], strict=False)])
FALLING = STEPS.map(
    lambda steps: [
        Step(step.quantity_from, price)
        for step, price in zip(steps, sorted((s.unit_price for s in steps), reverse=True), strict=True)
    ]
)
KIND = st.sampled_from(KINDS)
RULE = st.one_of(
    st.builds(SharingRule, st.sampled_from(RULES[:3]), st.sampled_from([0, 0, 70, 1_000])),
    st.tuples(st.integers(0, 1_000), st.integers(0, 1_000), st.sampled_from([0, 0, 70, 1_000])).map(
        lambda cuts: SharingRule(
            "fixed",
            cuts[2],
            {
                "quantity": min(cuts[:2]),
                "alone": max(cuts[:2]) - min(cuts[:2]),
                "member": 1_000 - max(cuts[:2]),
            },
        )
    ),
)


def plain_cost(steps, kind, quantity):
    """f of exactly a quantity, unit by unit; None where that is not sold."""
    if quantity < steps[0].quantity_from:
        return None
    at = [max((s for s in steps if s.quantity_from <= unit), default=steps[0], key=lambda s: s.quantity_from).unit_price
          for unit in range(1, quantity + 1)]  # fmt: skip
    return at[-1] * quantity if kind == "all_units" and at else sum(at)


@given(STEPS, KIND)
@settings(deadline=None, max_examples=60)
def test_the_cost_is_the_least_of_at_least_the_quantity(steps, kind):
    schedule = Schedule(steps, kind)
    plain = [plain_cost(steps, kind, quantity) for quantity in range(130)]
    for quantity in range(1, 66):
        assert schedule.cost(quantity) == min(cost for cost in plain[quantity:] if cost is not None)
    costs = [schedule.cost(quantity) for quantity in range(130)]
    assert costs == sorted(costs) and costs[0] == 0


@given(needs_of(9), STEPS, KIND, RULE)
@settings(deadline=None)
def test_shares_add_up_and_nobody_pays_more_than_alone_or_less_than_nothing(needs, steps, kind, rule):
    division = share_bill(needs, Schedule(steps, kind), rule)
    assert division.total == division.bill + division.reserve + sum(
        s.alone for s in division.shares if s.member_id in division.outside
    )
    assert all(0 <= share.amount <= share.alone for share in division.shares)
    assert faults(*rows(needs, steps, kind), division.to_dict()) == []


@given(needs_of(7), STEPS, KIND, RULE, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_the_rows_changes_nothing(needs, steps, kind, rule, chance):
    turned = chance.sample(needs, len(needs))
    first, second = (share_bill(each, Schedule(steps, kind), rule) for each in (needs, turned))
    assert sorted(first.shares, key=str) == sorted(second.shares, key=str)
    assert sorted(first.shapley, key=str) == sorted(second.shapley, key=str)
    assert first.temptation == second.temptation


def worst_by_trying(amounts, quantity, schedule):
    worst = Fraction(0)
    for size in range(1, len(amounts) + 1):
        for group in combinations(amounts, size):
            paid = sum(amounts[m] for m in group)
            cost = schedule.cost(sum(quantity[m] for m in group))
            worst = max(worst, Fraction(paid - cost, paid) if paid else Fraction(0))
    return worst


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 300)), min_size=1, max_size=8), STEPS, KIND)
@settings(deadline=None, max_examples=200)
def test_the_worst_temptation_is_that_of_trying_every_group(pairs, steps, kind):
    schedule = Schedule(steps, kind)
    quantity = {f"m{n}": own for n, (own, _) in enumerate(pairs)}
    amounts = {f"m{n}": amount for n, (_, amount) in enumerate(pairs)}
    found = worst_temptation(amounts, quantity, schedule)
    assert found.epsilon == found.bound == worst_by_trying(amounts, quantity, schedule)
    if found.group:
        paid = sum(amounts[m] for m in found.group)
        assert found.epsilon == Fraction(paid - schedule.cost(sum(quantity[m] for m in found.group)), paid)
    assert found.epsilon == worst_temptation(amounts, quantity, schedule, few=0).epsilon
    unfinished = worst_temptation(amounts, quantity, schedule, work=0, few=0)
    assert unfinished.epsilon <= found.epsilon <= unfinished.bound


def test_the_worst_temptation_of_twelve_members_is_that_of_trying_every_group():
    chance = np.random.default_rng(3)
    for _ in range(3):
        needs = [Need(f"m{n}", int(chance.integers(1, 30)), int(chance.integers(60, 140))) for n in range(12)]
        schedule = Schedule([Step(10, 120), Step(50, 90), Step(90, 70)], "all_units")
        division = share_bill(needs, schedule, "equal_gain")
        amounts = {s.member_id: s.amount for s in division.shares if s.member_id not in division.outside}
        quantity = {n.member_id: n.quantity for n in needs}
        assert division.temptation.epsilon == worst_by_trying(amounts, quantity, schedule)


@given(needs_of(9), FALLING, KIND)
@settings(deadline=None)
def test_leaving_until_nobody_pays_more_ends_in_the_pool(needs, steps, kind):
    schedule = Schedule(steps, kind)
    division = share_bill(needs, schedule)
    alone = {share.member_id: share.alone for share in division.shares}
    inside = list(needs)
    while inside:
        quantity = sum(n.quantity for n in inside)
        leaving = [n for n in inside if schedule.cost(quantity) * n.quantity > alone[n.member_id] * quantity]
        if not leaving:
            break
        inside.remove(leaving[-1])
    assert {n.member_id for n in needs} - {n.member_id for n in inside} == set(division.outside)


@given(needs_of(6), STEPS, KIND)
@settings(deadline=None, max_examples=40)
def test_shapley_values_are_the_mean_over_all_orders(needs, steps, kind):
    schedule = Schedule(steps, kind)
    added = dict.fromkeys((n.member_id for n in needs), 0)
    orders = list(permutations(needs))
    for order in orders:
        quantity = 0
        for need in order:
            added[need.member_id] += schedule.cost(quantity + need.quantity) - schedule.cost(quantity)
            quantity += need.quantity
    figures = shapley_values(needs, schedule)
    for figure in (*figures, *shapley_values(needs, schedule, fewest=0)):
        assert abs(figure.amount - added[figure.member_id] / len(orders)) <= 1.000001
        assert figure.half_width == 0


def test_walks_agree_with_the_table_within_their_half_width():
    chance = np.random.default_rng(6)
    needs = [Need(f"m{n}", int(chance.integers(1, 30))) for n in range(40)]
    schedule = Schedule([Step(1, 1000), Step(200, 900), Step(500, 800)], "incremental")
    exact, walked = shapley_values(needs, schedule), shapley_values(needs, schedule, work=0)
    outside = [1 for e, w in zip(exact, walked, strict=True) if abs(e.amount - w.amount) > w.half_width + 1]
    assert len(outside) <= 2 and all(each.half_width > 0 for each in walked)


def test_a_member_for_whom_the_pool_is_dearer_stays_out_and_may_make_it_dearer_for_the_rest():
    needs = [Need("anvil", 60), Need("borer", 30, 9), Need("cutter", 20, 7)]
    division = share_bill(needs, Schedule([Step(1, 10), Step(100, 8)], "all_units"))
    assert division.outside == ("cutter",)  # 90 units cost as many as 100: 800
    assert [(s.amount, s.gain) for s in division.shares] == [(533, 67), (267, 3), (140, 0)]


@given(st.integers(0, 10**15), st.dictionaries(st.text("abc"), st.integers(0, 10**6), min_size=1).filter(
    lambda weights: any(weights.values())))  # fmt: skip
def test_whole_weights_divide_money_as_fractions_do(amount, weights):
    assert apportion_whole(amount, weights) == apportion(amount, weights)


def test_a_doubled_member_or_steps_that_do_not_rise_are_refused():
    with pytest.raises(ValueError, match="twice"):
        share_bill([Need("anvil", 1), Need("anvil", 2)], Schedule([Step(1, 1)], "all_units"))
    with pytest.raises(ValueError, match="rise"):
        Schedule([Step(5, 2), Step(5, 1)], "all_units")


@pytest.mark.parametrize("spoil", [
    lambda s: s.update(total=s["total"] + 1),
    lambda s: s["shares"][0].update(amount=s["shares"][0]["amount"] + 1),
    lambda s: s["shares"][1].update(alone=1),
    lambda s: s.update(epsilon=0.5),
    lambda s: s["shapley"][0].update(amount=0),
])  # fmt: skip
def test_the_checker_sees_a_figure_that_was_changed(spoil):
    needs, steps = [Need("anvil", 60), Need("borer", 50)], [Step(1, 10), Step(100, 8)]
    told = share_bill(needs, Schedule(steps, "all_units")).to_dict()
    assert faults(*rows(needs, steps, "all_units"), told) == []
    spoil(told)
    assert faults(*rows(needs, steps, "all_units"), told)


def alone_of(needs, schedule):
    return {
        n.member_id: schedule.cost(n.quantity)
        if n.alone_price is None
        else min(schedule.cost(n.quantity), n.quantity * n.alone_price)
        for n in needs
    }


@given(needs_of(9), STEPS, KIND, RULE.filter(lambda rule: rule.name != "uniform"))
@settings(deadline=None)
def test_nobody_outside_would_lower_the_bill_of_all_by_joining_nor_anybody_inside_by_leaving(needs, steps, kind, rule):
    schedule = Schedule(steps, kind)
    outside, alone = set(share_bill(needs, schedule, rule).outside), alone_of(needs, schedule)
    units = sum(n.quantity for n in needs if n.member_id not in outside)
    for need in needs:
        if need.member_id in outside:
            assert schedule.cost(units + need.quantity) - schedule.cost(units) > alone[need.member_id]
        else:
            assert schedule.cost(units) - schedule.cost(units - need.quantity) <= alone[need.member_id]


def test_who_helps_to_reach_a_step_is_in_the_pool_of_a_rule_that_shares_the_gain():
    needs = [Need("anvil", 60), Need("borer", 30, 9), Need("cutter", 20, 7)]
    schedule = Schedule([Step(1, 10), Step(100, 8)], "all_units")
    assert share_bill(needs, schedule).outside == ("cutter",)
    division = share_bill(needs, schedule, "equal_gain")
    assert (division.outside, division.total) == ((), 880)
    assert [share.gain for share in division.shares] == [44, 43, 43]


def test_a_fixed_formula_caps_at_alone_and_the_others_pay_the_rest_by_their_gain():
    needs = [Need("anvil", 90), Need("borer", 10)]
    schedule = Schedule([Step(1, 10), Step(100, 8)], "all_units")
    division = share_bill(needs, schedule, SharingRule("fixed", 0, {"member": 1_000}))
    assert [(share.amount, share.gain) for share in division.shares] == [(700, 100), (100, 0)]


def test_the_reserve_is_put_on_the_bill_first():
    needs = [Need("anvil", 60), Need("borer", 40)]
    schedule = Schedule([Step(1, 10), Step(100, 8)], "all_units")
    division = share_bill(needs, schedule, SharingRule("uniform", 250))
    assert (division.bill, division.reserve, [s.amount for s in division.shares]) == (800, 50, [510, 340])


@pytest.mark.parametrize("rule", ["quality", SharingRule("fixed", 0, {"quality": 400, "quantity": 600})])
def test_a_bill_cannot_be_shared_by_quality(rule):
    with pytest.raises(BadRule, match="quality"):
        share_bill([Need("anvil", 1)], Schedule([Step(1, 1)], "all_units"), rule)
