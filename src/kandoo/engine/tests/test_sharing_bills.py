"""Many items at once are divided as each by itself, and exactly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kandoo.engine.money import apportion
from kandoo.engine.sharing import NO_PRICE, Need, Schedule, Step, share_bills
from kandoo.engine.sharing.columns import apportion_column, products_at_most, ranked_columns
from kandoo.engine.sharing.division import divided
from kandoo.engine.sharing.rules import ranked_by_price
from kandoo.engine.tests.test_sharing import KIND, RULE, STEPS


@st.composite
def purchases(draw):
    members, items = draw(st.integers(1, 14)), draw(st.integers(1, 3))
    scale = draw(st.sampled_from([1, 1, 1_000, 10**7]))

    def table(low, high):
        row = st.lists(st.integers(low, high), min_size=items, max_size=items)
        return np.array(draw(st.lists(row, min_size=members, max_size=members)), dtype=np.int64)

    prices = table(-1, 60)
    schedules = [
        Schedule([Step(s.quantity_from, s.unit_price * scale) for s in draw(STEPS)], draw(KIND)) for _ in range(items)
    ]
    names = draw(st.permutations([f"m{n:02}" for n in range(members)]))
    return names, table(0, 12), np.where(prices >= 0, prices * scale, NO_PRICE), schedules


@given(purchases(), RULE)
@settings(deadline=None, max_examples=200)
def test_every_item_is_divided_as_if_it_were_alone(purchase, rule):
    names, quantities, prices, schedules = purchase
    bills = share_bills(names, quantities, prices, schedules, rule, work=10**6)
    assert bills.adds_up and bills.worse_off == 0
    for item, schedule in enumerate(schedules):
        needs = [
            Need(name, int(own), None if price < 0 else int(price))
            for name, own, price in zip(names, quantities[:, item], prices[:, item], strict=True)
            if own
        ]
        one = divided(needs, schedule, rule, work=10**6)
        shares = {share.member_id: share for share in one.shares}
        for row, name in enumerate(names):
            told = (int(bills.amounts[row, item]), int(bills.alone[row, item]))
            assert told == ((shares[name].amount, shares[name].alone) if name in shares else (0, 0))
            assert bills.is_inside[row, item] == (name in shares and name not in one.outside)
        assert (bills.bills[item], bills.reserves[item]) == (one.bill, one.reserve)
        assert bills.temptations[item] == one.temptation


def test_figures_too_large_for_columns_are_divided_by_whole_numbers():
    quantities, prices = np.array([[60], [50], [5]]), np.full((3, 1), NO_PRICE)
    schedule = Schedule([Step(1, 10 * 2**48), Step(100, 8 * 2**48)], "all_units")
    bills = share_bills(["a", "b", "c"], quantities, prices, [schedule])
    assert bills.adds_up and bills.bills[0] == 115 * 8 * 2**48


NEAR = st.integers(2**51 - 5, 2**51 - 1) | st.integers(0, 2**51 - 1)


@given(st.lists(st.tuples(NEAR, st.integers(1, 2**25 - 1)), min_size=1, max_size=20))
def test_the_ranking_of_columns_is_that_of_exact_fractions(pairs):
    lines = [(f"m{n:02}", amount, own) for n, (amount, own) in enumerate(pairs)]
    ours = ranked_columns(np.array([a for _, a, _ in lines]), np.array([q for _, _, q in lines]))
    assert [f"m{n:02}" for n in ours] == [name for name, _, _ in ranked_by_price(lines)]


@given(NEAR, NEAR, NEAR, NEAR, st.sampled_from([-1, 0, 1]))
def test_products_are_compared_exactly(a, b, c, d, by):
    def compared(*numbers):
        return bool(products_at_most(*(np.array([each]) for each in numbers))[0])

    assert compared(a, b, c, d) == (a * b <= c * d)
    assert compared(a, b, b, a + by) == (a * b <= b * (a + by))


@given(st.integers(0, 2**52 - 1), st.lists(st.integers(0, 2**47), min_size=1, max_size=30).filter(any))
def test_columns_divide_money_as_fractions_do(amount, weights):
    parts = apportion_column(amount, np.array(weights)).tolist()
    assert dict(enumerate(parts)) == apportion(amount, dict(enumerate(weights)))


def test_tables_that_do_not_fit_are_refused():
    one, schedule = np.ones((1, 1), dtype=np.int64), Schedule([Step(1, 1)], "all_units")
    with pytest.raises(ValueError, match="members by items"):
        share_bills(["a", "b"], one, one, [schedule])
    with pytest.raises(ValueError, match="twice"):
        share_bills(["a", "a"], np.vstack([one, one]), np.vstack([one, one]), [schedule])
    with pytest.raises(ValueError, match="negative"):
        share_bills(["a"], -one, one, [schedule])
