"""A season settled again: it adds up, leaves small lots out, and is quick at a cluster's size."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kandoo.engine.settlement import LotCost, LotLine, LotToSettle, SettledOrder, settle
from kandoo.engine.sharing_rule import SharingRule
from kandoo.sharing.comparing import SeasonSummary, simulate
from kandoo.sharing.reading import example

RULES = [
    SharingRule("uniform"),
    SharingRule("proportional", reserve=100),
    SharingRule("equal_gain"),
    SharingRule("quality"),
    SharingRule("fixed", 25, {"quantity": 500, "alone": 200, "member": 300}),
]


def lot(members: int, seed: int = 0, *, price: int = 4_000_000) -> LotToSettle:
    """Each member with 290 to 870 kg; alone prices spread below the buyer's."""
    lines = tuple(
        LotLine(str(place), f"B-{place}", "1", 290 * (1 + (place + seed) % 3), 2_900_000, 3_000_000 + 1_000 * (place % 97))
        for place in range(1, members + 1)
    )  # fmt: skip
    received = price * sum(line.kg for line in lines)
    return LotToSettle(lines, (SettledOrder("1", received, price),), (LotCost("transport", 90_000_001),), {})


@given(members=st.integers(5, 30), seed=st.integers(0, 5), rule=st.sampled_from(RULES))
@settings(max_examples=40, deadline=None)
def test_what_one_gains_others_lose_or_the_reserve_does(members: int, seed: int, rule: SharingRule) -> None:
    found = simulate(1405, [lot(members, seed), lot(members + 3, seed + 1)], rule)
    moved = sum(line.difference for line in found.lines)
    assert moved == found.summary.reserve_now - found.summary.reserve_proposed
    assert all(line.proposed >= line.alone for line in found.lines)


def test_the_order_of_the_lots_does_not_matter() -> None:
    lots = [lot(6), lot(9, 1), lot(12, 2)]
    assert simulate(1405, lots, RULES[2]) == simulate(1405, lots[::-1], RULES[2])


def test_a_lot_of_few_members_is_left_out_and_said_so() -> None:
    summary = simulate(1405, [lot(4), lot(6)], RULES[0]).summary
    assert (summary.lots, summary.lots_left_out, summary.members) == (1, 1, 6)


def test_a_lot_in_which_one_member_holds_more_than_half_is_left_out() -> None:
    wide = lot(6)
    heavy = replace(wide, lines=(replace(wide.lines[0], kg=29_000), *wide.lines[1:]))
    assert simulate(1405, [heavy], RULES[0]).summary.lots_left_out == 1


def test_each_lot_is_set_beside_the_rule_it_used() -> None:
    used = replace(lot(8), rule=RULES[2])
    found = simulate(1405, [used], RULES[0])
    assert [line.now for line in found.lines] == [
        share.amount for share in sorted(settle(used).shares, key=lambda share: int(share.member))
    ]


def test_a_summary_is_kept_and_read_again() -> None:
    summary = simulate(1405, [lot(7)], RULES[4]).summary
    assert SeasonSummary.from_dict(summary.to_dict()) == summary
    assert SeasonSummary.from_dict({}) == SeasonSummary()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_cluster_of_240_members_and_six_lots_is_settled_again_member_by_member(rule: SharingRule) -> None:
    lots = [lot(240, seed) for seed in range(6)]
    assert len(simulate(1405, lots, rule).lines) == 240


def test_the_example_of_each_rule_shares_the_same_money_differently() -> None:
    shares = {rule.name: [row.amount for row in example(rule.name)] for rule in RULES}
    assert {sum(amounts) for amounts in shares.values()} == {16_000_000_000}
    assert len({tuple(amounts) for amounts in shares.values()}) == 5
