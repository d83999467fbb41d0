"""The law of credit lines: on every walk of movements nothing is ever above what holds it."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kandoo.engine import posting_rules
from kandoo.engine.budget import (
    EFFECTS,
    CostRule,
    CostShares,
    LineState,
    OverCeiling,
    advance_most,
    agency_most,
    check_commitment,
    close_year,
    phase_amounts,
    recovered,
)

WALKED = sorted(set(EFFECTS) - {"lapsed", "refunded_late", "carried_out"})
STEPS = st.lists(st.tuples(st.sampled_from(WALKED), st.integers(1, 500)), max_size=60)
RULE = CostRule(agency_max=500, advance_max=250, amount_max=400)


def walk(steps):
    """The states reached, and the books kept beside them; a movement that does not fit changes nothing."""
    state = LineState()
    books: dict[str, int] = defaultdict(int)
    for place, (kind, amount) in enumerate(steps):
        try:
            after = state.after(kind, amount)
        except OverCeiling as problem:
            assert amount > problem.left >= 0
            continue
        entry = posting_rules.RULES[f"credit_{kind}"](source=f"credit/{place}", line="L", amount=amount)
        for leg in entry.legs:
            books[leg.account] += leg.amount
        state = after
        yield state, books


@given(STEPS)
def test_nothing_is_ever_above_what_holds_it(steps):
    for state, books in walk(steps):
        assert 0 <= state.paid <= state.committed <= state.allocated <= state.approved
        assert state.returned >= 0
        assert sum(books.values()) == 0


@given(STEPS)
def test_the_books_say_what_is_left_at_each_step(steps):
    for state, books in walk(steps):
        assert books["credit_approved"] == state.unallocated
        assert books["credit_allocated"] == state.uncommitted
        assert books["credit_committed"] == state.unpaid
        assert books["credit_paid"] == state.paid


@given(STEPS, st.lists(st.integers(0, 300), max_size=5), st.sets(st.integers(0, 5)))
def test_at_the_years_end_every_rial_is_paid_carried_or_lapsed(steps, cuts, chosen):
    state = next((reached for reached, _books in reversed(list(walk(steps)))), LineState())
    unpaid = dict(enumerate(cuts))
    rest = state.unpaid - sum(cuts)
    if rest < 0:
        unpaid = {}
        rest = state.unpaid
    unpaid[len(cuts)] = rest
    end = close_year(state, unpaid, frozenset(chosen))
    for amount in end.released.values():
        state = state.after("released", amount)
    for amount in end.carried.values():
        state = state.after("carried_out", amount)
    if end.lapsed:
        state = state.after("lapsed", end.lapsed)
    assert state.is_settled
    assert state.paid + end.carried_sum + end.lapsed == state.approved


def test_a_year_is_not_closed_on_commitments_that_do_not_add_up():
    with pytest.raises(ValueError, match="add up"):
        close_year(LineState(10, 10, 10, 4), {1: 5}, frozenset())


def test_a_commitment_is_held_to_share_ceiling_and_allocation_in_turn():
    line = LineState(approved=1_000, allocated=300)
    assert check_commitment(line, RULE, CostShares(300, 250, 50)).committed == 300
    for shares, code, left in (
        (CostShares(300, 299), "share", 299),
        (CostShares(500, 500), "amount", 400),
        (CostShares(301, 400), "committed", 300),
    ):
        with pytest.raises(OverCeiling) as refused:
            check_commitment(line, RULE, shares)
        assert (refused.value.code, refused.value.left) == (code, left)


def test_ceilings_are_told_before_anything_is_asked():
    assert agency_most(RULE, 700) == 350
    assert agency_most(RULE, 2_000) == 400
    assert agency_most(CostRule(1000, 0), 7) == 7
    assert advance_most(RULE, 1_001) == 250


@pytest.mark.parametrize("bad", [(-1, 0), (1001, 0), (0, 1001)])
def test_a_rule_out_of_bounds_is_refused(bad):
    with pytest.raises(ValueError, match="part"):
        CostRule(*bad)


@pytest.mark.parametrize("bad", [(0, 5, 5), (5, -1, 0), (5, 0, -1)])
def test_shares_below_nothing_are_refused(bad):
    with pytest.raises(ValueError, match="bears"):
        CostShares(*bad)


@given(st.integers(1, 10**12), st.lists(st.integers(1, 200), min_size=1, max_size=5))
def test_phases_add_up_to_the_contract(contract, weights):
    weights[-1] += 1000 - sum(weights)
    assert sum(phase_amounts(contract, weights)) == contract


@pytest.mark.parametrize("weights", [[500, 400], [1000, 0], []])
def test_weights_that_are_no_whole_are_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        phase_amounts(10, weights)


@given(st.integers(1, 10**9), st.integers(0, 1000), st.lists(st.integers(1, 200), min_size=1, max_size=5))
def test_an_advance_within_its_limit_is_taken_off_whole_by_the_last_phase(contract, part, weights):
    weights[-1] += 1000 - sum(weights)
    advanced = open_ = contract * part // 1000
    for place, gross in enumerate(phase_amounts(contract, weights)):
        taken = recovered(gross, contract, advanced, open_, is_last=place == len(weights) - 1)
        assert 0 <= taken <= gross
        open_ -= taken
    assert open_ == 0


def test_a_movement_is_above_zero():
    with pytest.raises(ValueError, match="above zero"):
        LineState().after("approved", 0)
