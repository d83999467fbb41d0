"""The order of offers to a call."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kandoo.engine.offers import Offer, holds_within, quality, rank

OFFERS = st.lists(
    st.tuples(st.integers(0, 1000), st.integers(1, 10**12)), min_size=1, max_size=8
).map(lambda rows: [Offer(key, Fraction(tenths, 10), price) for key, (tenths, price) in enumerate(rows)])  # fmt: skip


def test_quality_is_the_weighted_mean_of_the_mean_marks() -> None:
    assert quality({1: 600, 2: 400}, {1: [80, 90, 91], 2: [50]}) == Fraction(600, 1000) * 87 + Fraction(400, 1000) * 50


def test_a_criterion_without_a_mark_is_refused() -> None:
    with pytest.raises(ValueError, match="mark"):
        quality({1: 600, 2: 400}, {1: [80]})
    with pytest.raises(ValueError, match="1000"):
        quality({1: 600}, {1: [80]})


def test_price_counts_against_the_lowest_price() -> None:
    good, cheap = Offer(1, Fraction(90), 200), Offer(2, Fraction(70), 100)
    first, second = rank([good, cheap], 400)
    assert (first.key, first.points) == (2, Fraction(6, 10) * 70 + 40)
    assert (second.key, second.points) == (1, Fraction(6, 10) * 90 + 20)
    assert rank([good, cheap], 200)[0].key == 1
    assert holds_within([good, cheap], 400) == (286, 1000)  # 2/7 is where both have the same points


@given(OFFERS, st.integers(0, 1000))
def test_no_order_of_arrival_changes_the_order_of_offers(offers: list[Offer], weight: int) -> None:
    assert rank(offers, weight) == rank(offers[::-1], weight)


@given(OFFERS, st.integers(0, 1000))
def test_a_better_and_cheaper_offer_never_stands_behind(offers: list[Offer], weight: int) -> None:
    place = {each.key: each.place for each in rank(offers, weight)}
    for one in offers:
        for other in offers:
            if one.quality > other.quality and one.price < other.price:
                assert place[one.key] < place[other.key]


@given(OFFERS, st.integers(0, 1000))
def test_the_first_holds_at_the_weight_at_which_it_was_found(offers: list[Offer], weight: int) -> None:
    low, high = holds_within(offers, weight)
    assert low <= weight <= high
