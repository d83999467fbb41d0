"""Money is divided to the last unit."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kandoo.engine.money import apportion, split_payments

MEMBERS = st.text("abcdefgh", min_size=1, max_size=3)
AMOUNTS = st.integers(-(10**15), 10**15)
WEIGHTS = st.dictionaries(MEMBERS, st.integers(0, 10**9), min_size=1).filter(lambda weights: any(weights.values()))


@given(AMOUNTS, WEIGHTS)
def test_parts_always_add_up_to_the_amount(amount, weights):
    assert sum(apportion(amount, weights).values()) == amount


@given(AMOUNTS, WEIGHTS)
def test_every_part_is_within_one_unit_of_its_exact_share(amount, weights):
    total = sum(weights.values())
    for member, part in apportion(amount, weights).items():
        assert abs(part - Fraction(amount * weights[member], total)) < 1


@given(AMOUNTS, WEIGHTS)
def test_who_has_no_weight_gets_nothing(amount, weights):
    parts = apportion(amount, weights)
    assert all(parts[member] == 0 for member, weight in weights.items() if weight == 0)


@given(AMOUNTS, WEIGHTS)
def test_a_larger_weight_never_gets_less_of_a_gain(amount, weights):
    parts = apportion(abs(amount), weights)
    by_weight = sorted(weights, key=weights.__getitem__)
    for lighter, heavier in pairwise(by_weight):
        assert weights[lighter] == weights[heavier] or parts[lighter] <= parts[heavier]


@given(AMOUNTS, WEIGHTS)
def test_a_debt_is_divided_as_the_mirror_image_of_a_gain(amount, weights):
    gained = apportion(amount, weights)
    assert apportion(-amount, weights) == {member: -part for member, part in gained.items()}


@given(AMOUNTS, WEIGHTS)
def test_the_order_of_the_members_makes_no_difference(amount, weights):
    assert apportion(amount, dict(reversed(weights.items()))) == apportion(amount, weights)


def test_equal_remainders_are_served_in_the_order_of_the_keys():
    assert apportion(5, {"kuh": 1, "darreh": 1, "bagh": 1}) == {"kuh": 1, "darreh": 2, "bagh": 2}


def test_weights_may_be_fractions():
    assert apportion(10, {"a": Fraction(1, 3), "b": Fraction(2, 3)}) == {"a": 3, "b": 7}


def test_nothing_to_divide_needs_no_weight():
    assert apportion(0, {"a": 0}) == {"a": 0}
    assert apportion(0, {}) == {}


@pytest.mark.parametrize("weights", [{}, {"a": 0}, {"a": 2, "b": -1}])
def test_money_without_a_fair_weight_is_refused(weights):
    with pytest.raises(ValueError, match="weight"):
        apportion(7, weights)


@given(AMOUNTS, st.integers(0, 100))
def test_first_and_final_payment_are_the_whole(amount, percent):
    first, final = split_payments(amount, percent)
    assert first + final == amount
    assert 0 <= first <= max(amount, 0)


def test_a_first_payment_beyond_the_whole_is_refused():
    with pytest.raises(ValueError, match="first_percent"):
        split_payments(100, 101)
