"""What a joint sale must always be, and what it is in cases a person can work out by hand."""

import random
from dataclasses import replace
from math import nan

import pytest
from hypothesis import given, settings

from kandoo.engine.laws import BlendLaw
from kandoo.engine.selling import Batches, Orders, plan_sale
from kandoo.engine.tests.selling_cases import (
    LAWS,
    batch,
    best_by_trying_all,
    built,
    order,
    sales,
    violations,
)


def planned(batches, orders, **options):
    plan = plan_sale(*built(batches, orders), LAWS, **options)
    assert violations(batches, orders, plan) == []
    return plan


@settings(max_examples=120, deadline=None)
@given(sales())
def test_the_plan_is_the_best_and_its_bound_holds(sale):
    batches, orders = sale
    plan = planned(batches, orders, gap=0.0)
    best = best_by_trying_all(batches, orders)
    assert plan.objective == best
    assert best <= plan.bound <= best * (1 + 1e-6) + 1


@settings(max_examples=40, deadline=None)
@given(sales())
def test_rials_are_planned_as_exactly_as_toy_prices(sale):
    batches, orders = sale
    for row in (*batches, *orders):
        for column in ("reserve_per_kg", "transport_per_kg", "price_per_kg"):
            if column in row:
                row[column] = row[column] * 71_993 + 17
    assert planned(batches, orders, gap=0.0).objective == best_by_trying_all(batches, orders)


@settings(max_examples=25, deadline=None)
@given(sales())
def test_the_order_of_rows_does_not_change_what_is_earned(sale):
    batches, orders = sale
    shuffled = random.Random(1).sample(batches, len(batches))
    first = planned(batches, orders, gap=0.0)
    assert planned(shuffled, orders[::-1], gap=0.0).objective == first.objective


@settings(max_examples=25, deadline=None)
@given(sales())
def test_equal_input_gives_an_equal_plan(sale):
    assert planned(*sale).to_dict() == planned(*sale).to_dict()


@settings(max_examples=25, deadline=None)
@given(sales())
def test_every_change_that_is_proposed_does_fill_the_order(sale):
    batches, orders = sale
    for index, each in enumerate(planned(batches, orders).orders):
        change = each.nearest_change
        if change is None or change.change == "tests" or change.change == "price_per_kg":
            continue
        after = ";".join(change.after) if change.change == "kinds" else change.after
        eased = {**orders[index], change.change: after, "price_per_kg": 10_000}
        assert planned(batches, [eased]).orders[0].accepted


def test_good_batches_carry_poor_ones_to_the_limit():
    batches = [batch("dry", moisture=17.0), batch("wet", moisture=19.0, reserve_per_kg=40)]
    plan = planned(batches, [order("o", moisture_max=18.0)])
    assert dict(plan.orders[0].drums) == {"dry": 2, "wet": 2}
    assert plan.orders[0].blend["moisture"] == pytest.approx(18.0)
    assert plan.orders[0].margins == {"moisture_max": pytest.approx(0.0)}


def test_a_barred_batch_is_never_used():
    plan = planned([batch("bad", barred=1), batch("good", reserve_per_kg=90)], [order("o")])
    assert [name for name, _ in plan.orders[0].drums] == ["good"]


def test_an_untested_batch_is_not_used_where_the_test_matters():
    plan = planned([batch("untested", hmf=nan)], [order("o", hmf_max=40.0)])
    assert plan.orders[0].why_not.code == "untested"
    assert plan.orders[0].nearest_change.to_dict()["change"] == "tests"


def test_no_order_is_filled_at_a_loss():
    plan = planned([batch("b", reserve_per_kg=200)], [order("o")])
    assert (plan.objective, plan.bound, plan.gap) == (0, 0, 0)
    assert plan.orders[0].why_not.code == "price"
    assert plan.orders[0].nearest_change.after == 206


def test_an_order_between_two_drum_masses_cannot_be_filled():
    plan = planned([batch("b")], [order("o", mass_min_kg=650, mass_max_kg=850)])
    assert plan.orders[0].why_not.code == "mass"
    assert plan.orders[0].nearest_change.after in (600, 900)


def test_the_smallest_change_is_found():
    batches = [batch("a", hmf=42.0), batch("b", hmf=60.0)]
    change = planned(batches, [order("o", hmf_max=40.0)]).orders[0].nearest_change
    assert (change.change, change.before, change.after) == ("hmf_max", 40.0, 42.0)


def test_too_many_sources_are_reported():
    batches = [batch(f"b{n}", drums=1) for n in range(4)]
    plan = planned(batches, [order("o", sources_max=1)])
    assert plan.orders[0].why_not.code == "sources"
    assert plan.orders[0].nearest_change.change in ("sources_max", "mass_min_kg")


def test_an_order_can_be_outbid():
    orders = [order("rich", price_per_kg=120), order("poor", price_per_kg=90)]
    plan = planned([batch("only", drums=4)], orders)
    assert plan.orders[0].accepted and plan.orders[1].why_not.code == "outbid"


def test_dark_honey_weighs_more_than_its_share():
    batches = [batch("light", drums=2, colour=34), batch("dark", drums=2, colour=114)]
    blend = planned(batches, [order("o", mass_min_kg=1200)]).orders[0].blend
    assert blend["colour"] == pytest.approx(90, abs=1)  # a straight mean says 74


def test_conductivity_is_weighted_by_dry_matter_or_the_plan_says_why_not():
    batches = [batch("a", drums=2, ec=0.4, moisture=16.0), batch("b", drums=2, ec=0.8, moisture=20)]
    wanted = [order("o", mass_min_kg=1200, ec_max=0.8)]
    plan = planned(batches, wanted)
    assert plan.orders[0].blend["ec"] == pytest.approx((0.4 * 84 + 0.8 * 80) / 164)
    for each in batches:
        del each["moisture"]
    plan = planned(batches, wanted)
    assert plan.orders[0].blend["ec"] == pytest.approx(0.6)
    assert "moisture" in plan.notes[0]


def test_an_order_may_be_met_by_its_alternative_limits():
    batches, _ = built([batch("citrus", drums=4, hmf=10.0, moisture=5.0)], [order("o")])
    either = Orders.build(
        ["o"], [100], [600], [1200], [frozenset()], [None], [1],
        lower={"moisture": [8.0]}, upper={"hmf": [40.0]},
        alternatives=[({"moisture": [3.0]}, {"hmf": [15.0]})],
    )  # fmt: skip
    plan = plan_sale(batches, either, LAWS)
    assert plan.orders[0].accepted and plan.orders[0].variant == 1
    assert plan.orders[0].margins == {"moisture_min": 2.0, "hmf_max": 5.0}
    only_first = replace(either, limits=either.limits[:1])
    assert not plan_sale(batches, only_first, LAWS).orders[0].accepted


def test_the_prices_of_quality_move_money_and_make_none():
    batches = [batch("dry", moisture=17.0), batch("wet", moisture=19.0, reserve_per_kg=40)]
    filled = planned(batches, [order("o", moisture_max=18.0, mass_max_kg=1200)]).orders[0]
    assert filled.shadow_prices["moisture_max"] == pytest.approx(10.0)  # 20 per kg over 2 units
    assert filled.quality_credits == {"dry": pytest.approx(10.0), "wet": pytest.approx(-10.0)}


def test_a_larger_sale_is_planned_well_and_keeps_every_rule():
    chance = random.Random(7)
    batches = [
        batch(f"b{n}", drums=chance.randint(1, 8), reserve_per_kg=chance.randint(50, 80),
              moisture=round(chance.gauss(18, 1.2), 1), hmf=round(chance.uniform(5, 60), 1))
        for n in range(400)
    ]  # fmt: skip
    orders = [
        order(f"o{n}", price_per_kg=chance.randint(95, 120), mass_min_kg=10_000,
              mass_max_kg=20_300, sources_max=18, drums_min=2, moisture_max=17.5, hmf_max=25.0)
        for n in range(8)
    ]  # fmt: skip
    plan = planned(batches, orders)
    assert plan.gap <= 0.002
    assert plan_sale(*built(batches, orders), LAWS).to_dict() == plan.to_dict()
    assert len(repr(plan)) < 120 and "of at most" in plan.summary()


@pytest.mark.parametrize(
    ("column", "value", "complaint"),
    [
        ("drums", -1, "drums is below 0"),
        ("drum_kg", 0, "drum_kg must be positive"),
        ("drum_kg", 290.0005, "finer than a gram"),
        ("reserve_per_kg", 1.5, "not a whole number"),
        ("moisture", float("inf"), "moisture is infinite"),
    ],
)
def test_a_bad_batch_is_named(column, value, complaint):
    with pytest.raises(ValueError, match=rf"'b2' \(row 2\): .*{complaint}|{complaint}") as caught:
        built([batch("b1", moisture=17.0), batch("b2", **{"moisture": 17.0, column: value})], [])
    assert "'b2' (row 2)" in str(caught.value)


def test_bad_orders_are_named():
    with pytest.raises(ValueError, match=r"order 'o'.* mass_min_kg is above mass_max_kg"):
        built([], [order("o", mass_min_kg=5, mass_max_kg=4)])
    with pytest.raises(ValueError, match=r"order 'o'.* hmf_min is above hmf_max"):
        built([], [order("o", hmf_min=5.0, hmf_max=4.0)])
    with pytest.raises(ValueError, match="'o' \\(row 2\\) is there twice"):
        built([], [order("o"), order("o")])


def test_a_limit_without_a_law_is_refused():
    batches, orders = built([batch("b", hmf=1.0)], [order("o", hmf_max=4.0)])
    with pytest.raises(ValueError, match="No blend law is known for the parameter 'hmf'"):
        plan_sale(batches, orders, {"moisture": BlendLaw("moisture", "linear_mass")})


def test_nothing_to_sell_and_nothing_wanted_are_plans_too():
    nothing = Batches.build([], [], [], [], [], [], [], [], {})
    _, orders = built([], [order("o")])
    assert plan_sale(nothing, orders, LAWS).objective == 0
    batches, none = built([batch("b")], [])
    assert plan_sale(batches, none, LAWS).orders == ()
