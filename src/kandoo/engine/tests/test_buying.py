"""Joint buying: least cost, proven; whole packs, minimum orders, dates and places; nobody above alone."""

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.buying_instances import CASES, generate
from kandoo.engine.buying import ANY_DAY, Needs, Offer, Step, Supplier, plan_purchase
from kandoo.engine.buying.allocate import allocate
from kandoo.engine.buying.bill import apportion_by
from kandoo.engine.buying.items import solve_by_item
from kandoo.engine.buying.market import open_market
from kandoo.engine.buying.merit import Merit, Tangents
from kandoo.engine.buying.model import build_model
from kandoo.engine.buying.search import Search
from kandoo.engine.buying.solver import solve_relaxed, solve_whole
from kandoo.engine.checks.buying import check_purchase
from kandoo.engine.money import apportion

from .buying_cases import Rows, least_by_trying_all, need, needs_of, planned, purchases, step, suppliers_of


def cost(needs: Rows, quotations: Rows) -> int:
    return planned(needs, quotations).total_cost


def test_members_together_reach_a_price_none_reaches_alone():
    plan = planned(
        [need("anvil", quantity=60), need("borer", quantity=50)],
        [step("mill", unit_price=10), step("mill", quantity_from=100, unit_price=8)],
    ).to_dict()
    assert (plan["total_cost"], plan["bound"], plan["alone_cost"]) == (880, 880, 1100)
    assert [(each["amount"], each["gain"]) for each in plan["members"]] == [(480, 120), (400, 100)]
    assert plan["suppliers"] == [
        {
            "supplier_id": "mill",
            "lines": [{"item": "jar", "place": "town", "quantity": 110, "unit_price": 8}],
            "delivery": 0,
        }
    ]


def test_a_tolerance_fills_the_pack():
    quotation = [step("mill", pack=6, unit_price=5)]
    plan = planned([need("anvil", quantity_max=6)], quotation).to_dict()
    assert plan["members"][0]["lines"][0]["quantity"] == 6 and plan["surplus"] == []
    assert plan["members"][0]["amount"] == 30 and plan["members"][0]["alone"] == 40


def test_what_is_left_of_a_pack_is_not_bought_when_it_costs_more_than_it_saves():
    plan = planned([need("anvil", quantity=7)], [step("mill", pack=6, unit_price=8)]).to_dict()
    assert plan["total_cost"] == 48 + 10
    assert plan["unserved"][0]["quantity"] == 1 and plan["unserved"][0]["reason"] == "cheaper_alone"


def test_what_is_left_of_a_pack_is_in_the_bill_when_buying_it_is_cheaper():
    plan = planned([need("anvil", quantity=10)], [step("mill", pack=6, unit_price=6)]).to_dict()
    assert plan["total_cost"] == 72 == plan["members"][0]["amount"]
    assert plan["surplus"] == [{"supplier_id": "mill", "item": "jar", "place": "town", "quantity": 2}]


def test_buying_more_for_a_lower_price_is_done_when_it_is_cheaper():
    steps = [step("mill", unit_price=9), step("mill", quantity_from=12, unit_price=6)]
    assert cost([need("anvil", quantity=10)], steps) == 72
    steps = [{**each, "capacity": 11} for each in steps]
    assert cost([need("anvil", quantity=10)], steps) == 90


def test_an_incremental_price_holds_for_the_units_from_its_number_on():
    steps = [
        step("mill", kind="incremental", unit_price=9),
        step("mill", kind="incremental", quantity_from=4, unit_price=5),
    ]
    plan = planned([need("anvil", quantity=6), need("borer", quantity=1, place="hill")], steps).to_dict()
    assert plan["total_cost"] == 3 * 9 + 4 * 5
    assert [(line["place"], line["quantity"], line["unit_price"]) for line in plan["suppliers"][0]["lines"]] == [
        ("hill", 1, 9), ("town", 2, 9), ("town", 4, 5),
    ]  # fmt: skip


def test_every_place_gets_whole_packs():
    rows = [need("anvil", quantity=3), need("borer", quantity=3, place="hill")]
    assert cost(rows, [step("mill", pack=6, unit_price=6)]) == 60  # two packs would cost 72
    assert cost([{**row, "place": "town"} for row in rows], [step("mill", pack=6, unit_price=6)]) == 36


def test_a_supplier_that_comes_too_late_or_not_here_serves_nobody():
    late, early = need("anvil", latest_date=9), need("borer", latest_date=5)
    plan = planned([late, early], [step("mill", unit_price=6, deliver_by=7)]).to_dict()
    assert [each["member_id"] for each in plan["unserved"]] == ["borer"]
    assert plan["unserved"][0]["reason"] == "nobody_delivers"
    assert cost([late], [step("mill", unit_price=6, places="hill")]) == 40


def test_an_early_delivery_goes_to_who_needs_it_early():
    rows = [need("anvil", latest_date=5, alone_price=9), need("borer", latest_date=9, alone_price=20)]
    quotations = [step("early", unit_price=7, capacity=4, deliver_by=4), step("late", unit_price=8, deliver_by=8)]
    plan = planned(rows, quotations).to_dict()
    assert plan["total_cost"] == 28 + 32
    assert [each["lines"][0]["supplier_id"] for each in plan["members"]] == ["early", "late"]
    assert cost(rows, quotations[:1]) == 28 + 36  # the dearest alone is served when there is too little


def test_goods_in_short_supply_go_to_the_dearest_alone():
    rows = [need("anvil", alone_price=9), need("borer", alone_price=12)]
    plan = planned(rows, [step("mill", unit_price=5, capacity=5)]).to_dict()
    assert plan["total_cost"] == 25 + 3 * 9
    assert {each["member_id"]: each["quantity"] for each in plan["unserved"]} == {"anvil": 3}


def test_a_minimum_order_must_be_reached_by_goods():
    assert cost([need("anvil")], [step("mill", unit_price=6, minimum_order=30)]) == 30  # 5 jars: one for nobody
    assert cost([need("anvil")], [step("mill", unit_price=6, minimum_order=41)]) == 40
    together = [need("anvil"), need("borer")]
    assert cost(together, [step("mill", unit_price=6, minimum_order=41)]) == 48


def test_minimum_orders_that_exclude_each_other_leave_one_supplier():
    quotations = [step("mill", unit_price=6, minimum_order=50), step("works", unit_price=7, minimum_order=50)]
    plan = planned([need("anvil", quantity=9)], quotations)
    assert plan.total_cost == 54 and len(plan.bill.invoice) == 1


def test_delivery_is_paid_once_whatever_the_places():
    rows = [need("anvil"), need("borer", place="hill")]
    plan = planned(rows, [step("mill", unit_price=6, delivery_fixed=9)]).to_dict()
    assert plan["total_cost"] == 48 + 9
    assert [each["amount"] for each in plan["members"]] == [29, 28]
    assert cost(rows, [step("mill", unit_price=9, delivery_fixed=9)]) == 80


def test_nobody_pays_above_its_ceiling_and_the_rest_take_over_by_their_gain():
    rows = [need("anvil", alone_price=20), need("borer", alone_price=20), need("cutter", alone_price=7)]
    steps = [step("mill", unit_price=12), step("mill", quantity_from=12, unit_price=8)]
    plan = planned(rows, steps).to_dict()
    assert [each["amount"] for each in plan["members"]] == [34, 34, 28]
    assert [each["gain"] for each in plan["members"]] == [46, 46, 0]


def test_one_price_for_equal_needs_even_from_two_suppliers():
    rows = [need("anvil"), need("borer")]
    plan = planned(rows, [step("mill", unit_price=5, capacity=4), step("works", unit_price=7)]).to_dict()
    assert [each["amount"] for each in plan["members"]] == [24, 24]


def test_nothing_feasible_is_a_plan_too():
    plan = planned([need("anvil")], [step("mill", unit_price=11)])
    assert plan.total_cost == plan.alone_cost == plan.bound == 40 and plan.gap == 0
    assert plan_purchase(needs_of([need("anvil")]), []).total_cost == 40
    assert plan_purchase(needs_of([]), suppliers_of([step("mill")])).total_cost == 0


def test_nobody_is_tempted_by_a_schedule_that_falls_for_all():
    rows = [need(f"m{n}", quantity=n + 1) for n in range(8)]
    steps = [step("mill", unit_price=8), step("mill", quantity_from=20, unit_price=6)]
    worst = planned(rows, steps).temptation
    assert worst.epsilon == worst.bound == 0 and not worst.needs


def test_a_group_that_carries_the_delivery_of_others_is_found():
    rows = [need("anvil", quantity=40), need("borer", place="hill", quantity=1, alone_price=100)]
    quotations = [
        step("mill", unit_price=5, delivery_fixed=20, places="town"),
        step("works", unit_price=8, delivery_fixed=20),
    ]
    plan = planned(rows, quotations)
    assert plan.temptation.epsilon <= plan.temptation.bound
    dear = [step("near", unit_price=6, capacity=4), step("far", unit_price=9)]
    tempted = planned([need("anvil"), need("borer")], dear)  # each pays 7.5, four could have 6
    assert tempted.temptation.epsilon == Fraction(1, 5) == Fraction(tempted.temptation.bound).limit_denominator(1000)
    assert [tempted.market.suppliers[tempted.temptation.supplier].supplier_id] == ["near"]


@settings(max_examples=150, deadline=None)
@given(purchases())
def test_a_small_purchase_is_the_cheapest_of_all(case: tuple[Rows, Rows]):
    needs, quotations = case
    plan = planned(needs, quotations)
    assert plan.gap <= 1e-9
    kinds = len({(row["supplier_id"], row["item"]) for row in quotations})
    if kinds * len({row["place"] for row in needs}) <= 3:
        wanted = sum(row["quantity"] for row in needs)
        least = least_by_trying_all(needs, quotations, wanted + 6)
        assert plan.bound <= least and plan.total_cost <= least


@settings(max_examples=100, deadline=None)
@given(purchases(), st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(case: tuple[Rows, Rows], chance: random.Random):
    needs, quotations = case
    told = planned(needs, quotations).to_dict()
    chance.shuffle(needs)
    chance.shuffle(quotations)
    assert planned(needs, quotations).to_dict() == told


@settings(max_examples=100, deadline=None)
@given(purchases())
def test_more_supply_never_costs_more(case: tuple[Rows, Rows]):
    needs, quotations = case
    fewer = [row for row in quotations if row["supplier_id"] == "s0"]
    assert cost(needs, quotations) <= cost(needs, fewer)
    roomy = [{**row, "capacity": ""} for row in quotations]
    assert cost(needs, roomy) <= cost(needs, quotations)


@pytest.mark.parametrize("case", ["", *CASES])
def test_a_larger_purchase_keeps_every_rule_in_every_worst_case(case: str):
    instance = generate(150, 6, 5, 3, case)
    needs = [
        need(*row[:1], item=row[1], quantity=row[2], quantity_max=row[3], place=row[4], latest_date=row[5], alone_price=row[6])
        for row in zip(instance.member_id, instance.item, instance.quantity.tolist(), instance.quantity_max.tolist(),
                       instance.place, instance.latest.tolist(), instance.alone_price.tolist(), strict=True)
    ]  # fmt: skip
    quotations = [
        step(
            supplier.supplier_id, item=offer.item, kind=offer.kind, quantity_from=each.quantity_from,
            unit_price=each.unit_price, capacity="" if offer.capacity is None else offer.capacity, pack=offer.pack,
            minimum_order=supplier.minimum_order, delivery_fixed=supplier.delivery_fixed,
            places=";".join(sorted(offer.places or ())), deliver_by=offer.deliver_by or "",
        )
        for supplier in instance.suppliers for offer in supplier.offers for each in offer.steps
    ]  # fmt: skip
    plan = plan_purchase(instance.needs(), instance.suppliers)
    assert check_purchase(needs, quotations, plan.to_dict()) == []
    assert plan.gap <= 2e-3
    assert plan.to_dict() == plan_purchase(instance.needs(), instance.suppliers).to_dict()
    assert (plan.total_cost == plan.alone_cost) == (case == "nobody")
    assert len(repr(plan)) < 140 and "less" in plan.summary()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 50)), min_size=1, max_size=12), st.integers(0, 10**6))
def test_dividing_in_groups_is_dividing_each(rows: list[tuple[int, int]], total: int):
    group, weight = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    totals = np.array([total if weight[group == each].any() else 0 for each in range(4)], dtype=np.int64)
    parts = apportion_by(group, weight, totals)
    for each in range(4):
        mine = {place: int(weight[place]) for place in np.flatnonzero(group == each).tolist()}
        assert {place: int(parts[place]) for place in mine} == apportion(int(totals[each]), mine)


def test_large_money_is_divided_exactly():
    group, weight = np.zeros(3, dtype=np.int64), np.array([10**12, 10**12, 10**12 - 1])
    parts = apportion_by(group, weight, np.array([10**18]))
    assert dict(enumerate(parts.tolist())) == apportion(10**18, dict(enumerate(weight.tolist())))


@pytest.mark.parametrize(
    ("given_", "complaint"),
    [
        ({"quantity": 0}, "need in row 2: quantity is below 1"),
        ({"quantity_max": 3}, "need in row 2: quantity_max is below quantity"),
        ({"alone_price": 1.5}, "need in row 2: alone_price is not a whole number"),
        ({"alone_price": float("nan")}, "need in row 2: alone_price is not a finite number"),
        ({"member_id": "anvil"}, "need in row 2 is there twice: 'anvil', 'jar'"),
    ],
)
def test_a_bad_need_is_named(given_: dict[str, Any], complaint: str):
    with pytest.raises(ValueError, match=complaint):
        needs_of([need("anvil"), {**need("borer"), **given_}])


def test_bad_offers_and_suppliers_are_named():
    with pytest.raises(ValueError, match="offer of 'jar' needs steps whose quantities rise"):
        Offer("jar", (Step(5, 1), Step(5, 2)))
    with pytest.raises(ValueError, match="neither all_units nor incremental but 'some'"):
        Offer("jar", (Step(1, 1),), kind="some")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="'mill' offers an item twice"):
        Supplier("mill", (Offer("jar", (Step(1, 1),)), Offer("jar", (Step(1, 1),))))
    with pytest.raises(ValueError, match="A supplier is there twice"):
        plan_purchase(needs_of([need("anvil")]), [Supplier("mill", ()), Supplier("mill", ())])
    with pytest.raises(ValueError, match="The gap must be"):
        plan_purchase(needs_of([need("anvil")]), [], gap=-1)
    with pytest.raises(ValueError, match="What all needs cost alone is above"):
        Needs.build(["a"] * 5, list("vwxyz"), [10**9] * 5, [10**9] * 5, [""] * 5, [ANY_DAY] * 5, [10**12] * 5)


def test_very_large_and_free_quantities_are_planned():
    rows = [need("anvil", quantity=10**6, alone_price=10**12), need("borer", quantity=1, alone_price=0)]
    steps = [step("mill", unit_price=10**12 - 1), step("mill", quantity_from=10**6, unit_price=0)]
    assert cost(rows, steps) == 0


def test_suppliers_whose_minimum_orders_exclude_each_other_are_chosen_first_and_proven():
    instance = generate(400, 16, 10, 2, "exclusive")
    plan = plan_purchase(instance.needs(), instance.suppliers)
    assert plan.bound <= plan.total_cost <= plan.alone_cost and plan.gap <= 1e-4
    assert plan.to_dict() == plan_purchase(instance.needs(), instance.suppliers).to_dict()


@pytest.mark.parametrize("case", ["", "tight"])
def test_items_by_themselves_never_raise_the_bound_above_the_best_answer(case: str):
    instance = generate(300, 8, 8, 5, case)
    market = open_market(instance.needs(), instance.suppliers)
    model, merit = build_model(market), Merit.of(market)
    search = Search(market, merit, model, Tangents(merit), 1e-4, allocate(market, {}), market.needs.alone_cost)
    program = search.program(whole=False)
    relaxed = solve_relaxed(program)
    found = solve_by_item(program, search.item, relaxed, 0.0)
    best = solve_whole(program, 1e-7, 10_000)
    assert relaxed.bound <= relaxed.bound + found.gain <= best.value * (1 + 1e-9)
    assert found.gain > 0
    assert found.used[: len(model.item)].sum() < len(model.item)
