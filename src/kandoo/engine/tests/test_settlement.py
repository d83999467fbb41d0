"""A lot's proceeds divided by quality-adjusted value, to the last rial."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kandoo import profiles
from kandoo.engine.checks.settlement import faults
from kandoo.engine.settlement import (
    LotCost,
    LotLine,
    LotToSettle,
    SettledOrder,
    distance_inside,
    least_correction,
    settle,
)
from kandoo.engine.sharing_rule import SharingRule

LAWS = profiles.load("honey").blend_laws
GOOD = {"hmf": 10.0, "moisture": 16.0, "ec": 0.4, "colour": 30.0, "fructose": 39.0, "glucose": 31.0}
POOR = {"hmf": 70.0, "moisture": 18.0, "ec": 0.6, "colour": 60.0, "fructose": 36.0, "glucose": 30.0}


def lot(lines, orders, costs=()):
    return LotToSettle(tuple(lines), tuple(orders), tuple(costs), LAWS)


def export(received, **changes):
    order = SettledOrder("export", received, 100, {}, {"hmf": 40.0}, {"hmf_max": 0.5})
    return replace(order, **changes)


def share(result, member):
    (found,) = [each for each in result.shares if each.member == member]
    return found


def amounts(thing):
    return {(item.code, item.kind): item.amount for item in thing.items}


def test_good_honey_earns_what_it_lends_to_the_rest():
    good = LotLine("kuh", "a", "export", 1_000, 60, 90, GOOD)
    poor = LotLine("darreh", "b", "export", 1_000, 60, 70, POOR)
    result = settle(lot([good, poor], [export(200_000)]))
    assert share(result, "kuh").lines[0].value_per_kg == 115
    assert share(result, "darreh").lines[0].value_per_kg == 85
    assert (share(result, "kuh").amount, share(result, "darreh").amount) == (115_000, 85_000)
    assert amounts(share(result, "kuh"))[("quality", "")] == 15_000
    (piece,) = share(result, "darreh").lines[0].quality
    assert (piece.limit_key, piece.distance, piece.per_kg) == ("hmf_max", -30, -15)
    assert result.certificate.gain_min == 15_000
    assert result.certificate.below_alone == ()


def test_every_item_of_a_pay_slip_adds_up_to_the_amount():
    lines = [
        LotLine("kuh", "a", "export", 1_001, 60, 90, GOOD),
        LotLine("kuh", "c", "tehran", 333, 50, None, GOOD),
        LotLine("darreh", "b", "export", 997, 60, 70, POOR),
    ]
    orders = [export(195_123), SettledOrder("tehran", 30_001, 91)]
    costs = [LotCost("transport", 1_777), LotCost("analysis", 999, "value", "export")]
    settled = lot(lines, orders, costs)
    result = settle(settled)
    assert faults(settled, result) == []
    kuh = share(result, "kuh")
    assert sum(item.amount for item in kuh.items) == kuh.amount
    assert kuh.kg_without_evidence == 333
    assert amounts(kuh)[("contract", "")] == 1_001 * 100 + 333 * 91
    assert result.total == 195_123 + 30_001 - 1_777 - 999


def test_a_claim_of_one_buyer_is_borne_by_that_order_alone():
    lines = [
        LotLine("kuh", "a", "export", 100, 10, None, GOOD),
        LotLine("darreh", "b", "tehran", 100, 10),
    ]
    result = settle(lot(lines, [export(9_000), SettledOrder("tehran", 9_000, 90)]))
    assert amounts(share(result, "kuh"))[("received_difference", "")] == -1_000
    assert share(result, "darreh").amount == 9_000


def test_a_member_below_its_reserve_is_lifted_by_those_above_and_no_further():
    lines = [
        LotLine("kuh", "a", "export", 100, 20, None, GOOD),
        LotLine("bagh", "c", "export", 100, 60, None, GOOD),
        LotLine("darreh", "b", "export", 100, 80, None, POOR),
    ]
    result = settle(lot(lines, [export(30_000)], [LotCost("transport", 8_000)]))
    assert share(result, "darreh").amount == 8_000
    assert amounts(share(result, "darreh"))[("floor", "")] > 0
    assert amounts(share(result, "kuh"))[("floor", "")] < 0
    assert not result.is_short
    assert result.certificate.below_reserve == ()


def test_a_lot_that_does_not_cover_the_reserves_says_so_and_shares_alike():
    lines = [
        LotLine("kuh", "a", "export", 100, 60, None, GOOD),
        LotLine("darreh", "b", "export", 100, 40, None, POOR),
    ]
    settled = lot(lines, [export(5_000)])
    result = settle(settled)
    assert result.is_short
    assert [each.amount for each in result.shares] == [2_000, 3_000]
    assert result.certificate.below_reserve == ("darreh", "kuh")
    assert faults(settled, result) == []


def test_costs_beyond_the_proceeds_are_a_debt_shared_by_kilograms_without_reserves():
    lines = [LotLine("a", "a", "o", 30, 0), LotLine("b", "b", "o", 10, 0)]
    settled = lot(lines, [SettledOrder("o", 0, 0)], [LotCost("transport", 400)])
    assert [each.amount for each in settle(settled).shares] == [-300, -100]
    assert faults(settled, settle(settled)) == []


def test_missing_evidence_counts_as_no_gain_and_is_listed():
    lines = [
        LotLine("kuh", "a", "export", 100, 20, None, GOOD),
        LotLine("darreh", "b", "export", 100, 20, 95, POOR),
    ]
    result = settle(lot(lines, [export(20_000)]))
    assert (share(result, "kuh").gain, share(result, "kuh").alone) == (0, 0)
    assert result.certificate.without_evidence == ("kuh",)
    assert result.certificate.gain_min == share(result, "darreh").gain == 0


def test_nobody_ends_below_alone_while_the_lot_covers_it_and_else_it_is_told_who_does():
    lines = [
        LotLine("kuh", "a", "export", 100, 20, 60, GOOD),
        LotLine("darreh", "b", "export", 100, 20, 95, POOR),
    ]
    covered = settle(lot(lines, [export(20_000)]))
    assert (share(covered, "darreh").amount, covered.certificate.below_alone) == (9_500, ())
    assert (covered.certificate.epsilon, covered.certificate.worst_group) == (0.0, ())
    short = settle(lot(lines, [export(14_000)]))
    assert not short.is_short
    assert short.certificate.below_alone == ("darreh",)
    assert short.certificate.worst_group == ("darreh",)
    assert short.certificate.epsilon == pytest.approx((9_500 - 5_950) / 5_950)


def test_a_member_without_evidence_for_one_batch_lends_to_its_own_batch_with_evidence_first():
    lines = [
        LotLine("kuh", "a", "tehran", 100, 20, 95),
        LotLine("kuh", "b", "export", 100, 20, None, GOOD),
        LotLine("darreh", "c", "export", 100, 20, 50, POOR),
    ]
    settled = lot(lines, [export(20_000), SettledOrder("tehran", 9_000, 90)])
    result = settle(settled)
    assert share(result, "kuh").gain == 0
    assert share(result, "darreh").amount == 8_500
    assert faults(settled, result) == []


def test_the_distance_is_what_the_batch_brings_to_the_blend():
    def inside(parameter, quality, limit, is_upper=True):
        return distance_inside(LAWS[parameter], quality, limit, is_upper)

    assert inside("hmf", {"hmf": 10.0}, 40.0) == (10.0, 30.0)
    found, distance = inside("ec", {"ec": 0.5, "moisture": 20.0}, 0.8)
    assert (found, distance) == (0.5, pytest.approx(0.3 * 0.8))
    found, distance = inside("fg_ratio", {"fructose": 36.0, "glucose": 30.0}, 0.9, is_upper=False)
    assert (found, distance) == (1.2, pytest.approx(36 - 0.9 * 30))
    found, distance = inside("fg_sum", {"fructose": 36.0, "glucose": 30.0}, 60.0, is_upper=False)
    assert (found, distance) == (66.0, pytest.approx(6))
    _, darker = inside("colour", {"colour": 114.0}, 85.0)
    assert darker == pytest.approx(-(3.008 - 1.389) / ((3.008 - 1.389) / 29))
    _, lighter = inside("colour", {"colour": 34.0}, 85.0)
    assert 0 < lighter < 85 - 34
    assert inside("hmf", {}, 40.0) is None
    assert inside("fg_ratio", {"fructose": 36.0}, 0.9) is None


def test_the_checker_finds_what_is_wrong():
    lines = [
        LotLine("kuh", "a", "export", 100, 20, 50, GOOD),
        LotLine("darreh", "b", "export", 100, 20, 50, POOR),
    ]
    settled = lot(lines, [export(20_000)], [LotCost("transport", 500)])
    result = settle(settled)
    first, second = result.shares
    stolen = replace(
        result,
        shares=(replace(first, amount=first.amount - 7), replace(second, amount=second.amount + 7)),
    )
    assert any("do not add up" in fault for fault in faults(settled, stolen))
    lost = replace(result, shares=(first, replace(second, amount=second.amount - 1)))
    assert any("add up to" in fault for fault in faults(settled, lost))
    part = second.lines[0]
    moved = tuple(replace(item, amount=item.amount + (50 if item.code == "quality" else 0)) for item in part.items)
    skewed = replace(second, lines=(replace(part, items=moved, amount=part.amount + 50),))
    assert any("not its share" in f for f in faults(settled, replace(result, shares=(first, skewed))))
    flattered = replace(result, certificate=replace(result.certificate, gain_min=10**9))
    assert any("least gain" in fault for fault in faults(settled, flattered))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"lines": [LotLine("k", "a", "nowhere", 1, 1)]}, "no order"),
        ({"lines": [LotLine("k", "a", "export", 0, 1, None, GOOD)]}, "mass"),
        ({"lines": [LotLine("k", "a", "export", 1, 1, None, {})]}, "not measured"),
        ({"lines": [LotLine("k", "a", "export", 1, 1, None, GOOD)] * 2}, "twice"),
        ({"lines": []}, "no line"),
        ({"orders": [export(5), export(5)]}, "twice"),
        ({"orders": [export(-5)]}, "negative"),
        ({"orders": [export(5, shadow_prices={"hmf_min": 1.0})]}, "prices no limit"),
        ({"orders": [export(5, shadow_prices={"hmf_max": -1.0})]}, "prices no limit"),
        ({"costs": [LotCost("t", 5, "kg", "tehran")]}, "no line of order"),
    ],
)
def test_a_lot_that_makes_no_sense_is_refused(change, fault):
    whole = {"lines": [LotLine("k", "a", "export", 1, 1, None, GOOD)], "orders": [export(5)]}
    with pytest.raises(ValueError, match=fault):
        settle(lot(**{**whole, **change}))


@given(st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.integers(0, 99), st.integers(0, 99))))
def test_the_least_correction_moves_only_what_is_missing(pairs):
    net = {member: above for member, (above, _) in pairs.items()}
    reserve = {member: floor for member, (_, floor) in pairs.items()}
    if sum(net.values()) < sum(reserve.values()):
        return
    change = least_correction(net, reserve)
    assert sum(change.values()) == 0
    assert all(net[m] + change[m] >= reserve[m] for m in net)
    missing = sum(max(reserve[m] - net[m], 0) for m in net)
    assert sum(max(each, 0) for each in change.values()) == missing


QUALITY = st.fixed_dictionaries(
    {
        "hmf": st.floats(0, 120),
        "moisture": st.floats(13, 23),
        "ec": st.floats(0.1, 1.5),
        "colour": st.floats(0, 140),
        "fructose": st.floats(30, 45),
        "glucose": st.floats(22, 38),
    }
)
PRICES = st.fixed_dictionaries(
    {},
    optional={
        "hmf_max": st.floats(0, 5_000),
        "ec_max": st.floats(0, 300_000),
        "colour_max": st.floats(0, 3_000),
        "fg_sum_min": st.floats(0, 9_000),
        "fg_ratio_min": st.floats(0, 9_000),
    },
)


RULES = st.sampled_from(["uniform", "proportional", "equal_gain", "quality"]).flatmap(
    lambda name: st.builds(SharingRule, st.just(name), st.integers(0, 1_000))
)
FORMULAS = st.tuples(*[st.integers(0, 1_000)] * 3, st.integers(0, 1_000)).map(
    lambda cuts: SharingRule("fixed", cuts[3], _between(sorted(cuts[:3])))
)


def _between(cuts):
    """Thousandths by base, as three cuts part the whole."""
    bases = ("quantity", "alone", "quality", "member")
    return {
        base: upper - lower
        for base, lower, upper in zip(bases, (0, *cuts), (*cuts, 1_000), strict=True)
        if upper > lower
    }


@st.composite
def lots(draw, rules=RULES | FORMULAS):
    alone_most = draw(st.sampled_from([0, 200_000, 2_000_000]))
    orders = [
        SettledOrder(
            order=f"order-{number}",
            received=draw(st.integers(0, 10**10)),
            price_per_kg=draw(st.integers(0, 3_000_000)),
            lower={"fg_sum": 60.0, "fg_ratio": 0.9},
            upper={"hmf": 40.0, "ec": 0.8, "colour": 60.0},
            shadow_prices=draw(PRICES),
        )
        for number in range(draw(st.integers(1, 3)))
    ]
    lines = [
        LotLine(
            member=draw(st.sampled_from("abcdef")),
            batch=f"batch-{number}",
            order=orders[number % len(orders)].order,
            kg=draw(st.integers(1, 9_000)),
            reserve_per_kg=draw(st.integers(0, 2_000_000)),
            alone_per_kg=draw(st.none() | st.integers(0, alone_most)),
            quality=draw(QUALITY),
        )
        for number in range(draw(st.integers(len(orders), 8)))
    ]
    costs = [
        LotCost(
            kind,
            draw(st.integers(0, 10**9)),
            draw(st.sampled_from(["kg", "value"])),
            draw(st.sampled_from(["", orders[0].order])),
        )
        for kind in draw(st.lists(st.sampled_from(["transport", "analysis", "fees"]), unique=True))
    ]
    return replace(lot(lines, orders, costs), rule=draw(rules))


@settings(max_examples=150, deadline=None)
@given(lots())
def test_no_rial_is_lost_and_the_checker_agrees(settled):
    result = settle(settled)
    assert sum(each.amount for each in result.shares) + result.reserve == result.received - result.costs
    assert result.certificate.adds_up
    assert faults(settled, result) == []


@settings(max_examples=60, deadline=None)
@given(lots())
def test_everyone_has_its_reserve_whenever_the_lot_covers_all(settled):
    result = settle(settled)
    assert result.is_short == (result.total < sum(each.reserve for each in result.shares))
    if not result.is_short:
        assert all(each.amount >= each.reserve for each in result.shares)


@settings(max_examples=60, deadline=None)
@given(lots())
def test_within_an_order_a_rule_only_moves_money_and_makes_none(settled):
    result = settle(settled)
    for order in settled.orders:
        moved = [
            item.amount
            for each in result.shares
            for part in each.lines
            if part.line.order == order.order
            for item in part.items
            if item.code in ("quality", "proportional", "fixed")
        ]
        assert sum(moved) == 0


@settings(max_examples=60, deadline=None)
@given(lots(), st.randoms(use_true_random=False))
def test_what_a_member_gets_does_not_depend_on_the_order_of_the_papers(settled, random):
    papers = [list(settled.lines), list(settled.orders), list(settled.costs)]
    for each in papers:
        random.shuffle(each)
    again = settle(replace(lot(*papers), rule=settled.rule))
    assert [each.amount for each in again.shares] == [e.amount for e in settle(settled).shares]


@settings(max_examples=100, deadline=None)
@given(lots())
def test_no_group_would_win_more_by_leaving_than_is_told(settled):
    result = settle(settled)
    told = result.certificate.epsilon
    worst = Fraction(0)
    for size in range(1, len(result.shares) + 1):
        for group in combinations(result.shares, size):
            earned, lost = sum(each.amount for each in group), -sum(each.gain for each in group)
            if lost > 0 and earned > 0:
                worst = max(worst, Fraction(lost, earned))
            elif lost > 0:
                assert told is None
    assert told is None or told == pytest.approx(float(worst), rel=1e-12)


@settings(max_examples=100, deadline=None)
@given(lots())
def test_the_reserve_takes_its_part_of_the_gain_and_pushes_nobody_below_its_floor(settled):
    result = settle(settled)
    without = settle(replace(settled, rule=replace(settled.rule, reserve=0)))
    assert without.reserve == 0 <= result.reserve
    if result.reserve and not result.certificate.without_evidence:
        gain = result.total - sum(each.alone for each in result.shares)
        assert result.reserve <= gain * settled.rule.reserve // 1_000
    assert result.certificate.below_alone == (() if result.reserve else without.certificate.below_alone)
    assert result.certificate.below_reserve == without.certificate.below_reserve


TWO = [
    LotLine("kuh", "a", "export", 100, 20, 60, GOOD),
    LotLine("darreh", "b", "export", 300, 20, 50, POOR),
]


def divided(rule, lines=TWO, received=40_000, costs=()):
    settled = replace(lot(lines, [export(received)], costs), rule=rule)
    result = settle(settled)
    assert faults(settled, result) == []
    return result


def test_under_the_uniform_rule_every_kilogram_of_an_order_earns_the_same():
    result = divided(SharingRule("uniform"))
    assert [each.amount for each in result.shares] == [30_000, 10_000]


def test_under_the_proportional_rule_earnings_follow_what_each_would_have_earned_alone():
    result = divided(SharingRule("proportional"), received=42_000)
    assert [each.amount for each in result.shares] == [30_000, 12_000]
    unknown = [replace(TWO[0], alone_per_kg=None, reserve_per_kg=60), TWO[1]]
    assert [s.amount for s in divided(SharingRule("proportional"), unknown, 42_000).shares] == [30_000, 12_000]


def test_under_the_equal_gain_every_member_gains_the_same():
    result = divided(SharingRule("equal_gain"), costs=[LotCost("transport", 3_000)])
    assert [each.gain for each in result.shares] == [8_000, 8_000]


def test_under_a_fixed_formula_each_base_moves_its_thousandths():
    rule = SharingRule("fixed", 0, {"quantity": 600, "member": 400})
    assert [each.amount for each in divided(rule).shares] == [18_000 + 8_000, 6_000 + 8_000]


def test_the_reserve_comes_first_and_the_rest_is_shared_by_the_rule():
    result = divided(SharingRule("equal_gain", 250))
    assert result.reserve == (40_000 - 21_000) // 4
    assert [each.gain for each in result.shares] == [7_125, 7_125]
    assert divided(SharingRule("equal_gain", 250)).to_dict()["rule"]["reserve"] == 250
    assert {i.code: i.amount for i in result.shares[0].items}["reserve"] == -2_375
    quality = divided(SharingRule("uniform", 100))
    assert quality.reserve == 1_900
    assert [each.amount for each in quality.shares] == [28_575, 9_525]


def test_without_a_gain_nothing_goes_into_the_reserve():
    assert divided(SharingRule("uniform", 500), received=20_000).reserve == 0


@pytest.mark.parametrize("name", ["uniform", "proportional", "equal_gain", "fixed"])
def test_the_checker_notices_another_rule_than_the_one_told(name):
    rule = SharingRule(name, 0, {"member": 1_000} if name == "fixed" else {})
    settled = replace(lot(TWO, [export(45_000)]), rule=rule)
    other = SharingRule("uniform" if name != "uniform" else "proportional")
    forged = replace(settle(replace(settled, rule=other)), rule=rule)
    assert faults(settled, forged)
