"""The account of cooperation: what counts as alone, what as gain, and that everything adds up."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kandoo.engine.benefit import (
    Booked,
    Evidence,
    Line,
    Taken,
    alone_value,
    count_gain,
    mean_day,
    roll_up,
    time_value,
)
from kandoo.engine.reach import Provider, hours_between, reach

DAY = date(2026, 11, 22)
CODES = ("contract", "quality", "cost:transport", "cost:fee", "floor", "reserve")


def quotation(who: str, per_unit: int, **changed: Any) -> Evidence:
    return replace(Evidence("quotation", who, per_unit, DAY, has_note=True), **changed)


THREE = [quotation("ali", 300), quotation("babak", 320), quotation("cyrus", 290)]


# Alone


def test_three_quotations_count_and_the_best_of_them_for_a_sale_is_the_highest():
    assert alone_value(THREE, on=DAY, side="earning").per_unit == 320


def test_for_a_purchase_the_best_quotation_is_the_lowest():
    assert alone_value(THREE, on=DAY, side="cost").per_unit == 290


@pytest.mark.parametrize(
    ("evidence", "why"),
    [
        ([], "none"),
        (THREE[:2], "too_few_quotations"),
        ([quotation("Ali", 300), quotation("a li", 310), quotation("babak", 290)], "too_few_quotations"),
        ([quotation("a", 300, on=DAY - timedelta(days=61)), quotation("b", 1, on=DAY - timedelta(days=70))], "too_old"),
        ([quotation(who, 300, has_note=False) for who in "abc"], "no_paper"),
        ([Evidence("invoice", "shop", 300, DAY)], "no_paper"),
        ([Evidence("district_median", "bulletin", 300, DAY, sample=4)], "no_sample"),
    ],
)  # fmt: skip
def test_what_is_not_enough_is_missing_and_says_why(evidence, why):
    found = alone_value(evidence, on=DAY, side="earning")
    assert (found.is_documented, found.per_unit, found.why_not) == (False, None, why)


def test_the_last_invoice_of_the_season_counts_and_an_older_one_does_not():
    old = Evidence("invoice", "shop", 500, DAY - timedelta(days=400), has_paper=True)
    last = Evidence("invoice", "shop", 280, DAY - timedelta(days=40), has_paper=True)
    earlier = Evidence("invoice", "shop", 350, DAY - timedelta(days=200), has_paper=True)
    assert alone_value([old], on=DAY, side="earning").per_unit is None
    assert alone_value([old, earlier, last], on=DAY, side="earning").per_unit == 280


def test_the_median_counts_only_where_there_is_no_evidence_of_ones_own():
    median = Evidence("district_median", "bulletin", 400, DAY, sample=5)
    assert alone_value([median], on=DAY, side="earning").kind == "district_median"
    assert alone_value([median, *THREE], on=DAY, side="earning").per_unit == 320


# Gain


def amounts(low: int = -(10**12), high: int = 10**12) -> st.SearchStrategy[int]:
    return st.integers(low, high)


@st.composite
def lines(draw: Any) -> Line:
    return Line(
        item=draw(st.text("abc", min_size=1, max_size=4)),
        quantity=draw(st.integers(1, 10_000)),
        parts=tuple((code, draw(amounts())) for code in draw(st.lists(st.sampled_from(CODES), max_size=7))),
        alone=draw(amounts(0)),
        is_documented=draw(st.booleans()),
        own_costs=draw(amounts(0, 10**9)),
    )


@st.composite
def parts_taken(draw: Any) -> Taken:
    return Taken(
        side=draw(st.sampled_from(("earning", "cost"))),
        lines=tuple(draw(st.lists(lines(), min_size=1, max_size=5))),
        hours=draw(st.none() | st.decimals(0, 500, places=1)),
        per_hour=draw(st.none() | st.integers(0, 10_000_000)),
        subsidy=draw(amounts(0, 10**9)),
        later=draw(amounts(-(10**9), 10**9)),
    )


@given(parts_taken())
def test_the_steps_from_alone_to_together_add_up_to_the_rial(taken):
    counted = count_gain(taken)
    *steps, last = counted.steps
    assert (steps[0].code, last.code) == ("alone", "together")
    assert sum(step.amount for step in steps) == last.amount == counted.net


@given(parts_taken())
def test_gain_is_joint_less_alone_fees_own_costs_time_and_subsidy(taken):
    counted = count_gain(taken)
    sign = 1 if taken.side == "earning" else -1
    less = counted.fees + counted.own_costs + (counted.time or 0) + counted.subsidy - counted.later
    assert counted.net == counted.joint - sign * less
    assert counted.gain == sign * (counted.net - counted.alone - counted.undocumented)


@given(parts_taken())
def test_without_evidence_there_is_no_gain_whatever_the_price(taken):
    bare = Taken(
        taken.side,
        tuple(Line(each.item, each.quantity, each.parts, each.alone, False, each.own_costs) for each in taken.lines),
        taken.hours, taken.per_hour, taken.subsidy, taken.later,
    )  # fmt: skip
    counted = count_gain(bare)
    assert (counted.gain, counted.alone, counted.is_documented) == (0, 0, False)
    assert counted.undocumented == counted.net


@given(parts_taken())
def test_what_was_claimed_is_the_gain_it_would_have_been(taken):
    full = Taken(
        taken.side,
        tuple(Line(each.item, each.quantity, each.parts, each.alone, True, each.own_costs) for each in taken.lines),
        taken.hours, taken.per_hour, taken.subsidy, taken.later,
    )  # fmt: skip
    counted = count_gain(taken)
    assert counted.gain + counted.claimed == count_gain(full).gain


@given(parts_taken(), amounts(0, 10**9))
def test_public_money_in_the_joint_amount_is_never_counted_as_gain(taken, subsidy):
    sign = 1 if taken.side == "earning" else -1
    first, *others = taken.lines
    if others:
        return  # it is divided by quantity; one line shows the law
    more = Line(
        first.item, first.quantity, (*first.parts, ("contract", sign * subsidy)), first.alone, first.is_documented,
        first.own_costs,
    )  # fmt: skip
    given_more = Taken(taken.side, (more,), taken.hours, taken.per_hour, taken.subsidy + subsidy, taken.later)
    assert count_gain(given_more).gain == count_gain(taken).gain


def test_a_purchase_saves_what_the_bill_alone_was_higher():
    line = Line("jars", 100, (("contract", 800), ("cost:fee", 30)), alone=1_000, is_documented=True)
    counted = count_gain(Taken("cost", (line,), hours=Decimal("2"), per_hour=10))
    assert (counted.joint, counted.fees, counted.time, counted.net) == (800, 30, 20, 850)
    assert counted.gain == 150
    assert [(step.code, step.amount) for step in counted.steps] == [
        ("alone", 1_000), ("price", -200), ("cost:fee", 30), ("time", 20), ("together", 850),
    ]  # fmt: skip


def test_missing_hours_are_missing_and_not_nothing():
    line = Line("a", 1, (("contract", 10),), alone=4, is_documented=True)
    assert count_gain(Taken("earning", (line,), hours=None, per_hour=5)).time is None
    assert count_gain(Taken("earning", (line,), hours=Decimal(0), per_hour=5)).time == 0


@pytest.mark.parametrize("bad", [{"lines": ()}, {"subsidy": -1}, {"hours": Decimal(-1)}])
def test_what_cannot_be_is_refused(bad):
    line = Line("a", 1, (("contract", 10),), alone=4, is_documented=True)
    with pytest.raises(ValueError):
        count_gain(Taken(**({"side": "earning", "lines": (line,)} | bad)))
    with pytest.raises(ValueError):
        count_gain(Taken("earning", (Line("a", 0, (), 0, True),)))


def test_time_is_rounded_to_the_nearest_rial():
    assert time_value(Decimal("0.5"), 3) == 2
    assert time_value(Decimal("1.5"), 1_000_001) == 1_500_002


# Rolled up


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 4), parts_taken()), max_size=20), st.randoms())
def test_the_order_in_which_actions_are_settled_changes_no_total(rows, order):
    booked = [
        Booked(member, ("selling", action), taken.side, 1400 + action, count_gain(taken))
        for member, action, taken in rows
    ]
    shuffled = random.Random(order.random()).sample(booked, len(booked))
    for by in (lambda e: e.member, lambda e: e.action, lambda e: e.kind, lambda e: e.season, lambda e: "all"):
        assert roll_up(booked, by) == roll_up(shuffled, by)
        assert sum(each.gain for each in roll_up(booked, by).values()) == sum(each.counted.gain for each in booked)


def test_the_mean_day_lies_by_mass():
    assert mean_day([(date(2026, 8, 1), 300), (date(2026, 8, 5), 100)]) == date(2026, 8, 2)
    assert mean_day([]) is None


# Reach


def test_an_hour_is_thirty_two_kilometres_as_the_crow_flies():
    north = (33.0 + 45 / 1.4 / 111.195, 48.0)
    assert hours_between((33.0, 48.0), north) == pytest.approx(1.0, abs=1e-3)


def test_a_provider_counts_from_the_day_it_joined_and_once():
    here, near, far = (33.0, 48.0), (33.1, 48.0), (34.0, 48.0)
    providers = [
        Provider(1, "laboratory", far, date(2020, 1, 1)),
        Provider(2, "laboratory", near, date(2025, 1, 1)),
        Provider(2, "laboratory", far, date(2025, 1, 1)),
    ]
    before, after = (reach([here], providers, on=day) for day in (date(2022, 1, 1), DAY))
    assert before.within_an_hour == 0
    assert after.within_an_hour == 1
    assert after.hours["laboratory"] < before.hours["laboratory"]
    assert reach([], providers, on=DAY).hours == {}
