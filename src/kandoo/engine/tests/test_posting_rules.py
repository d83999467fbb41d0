"""Every fact becomes balanced legs, each rule with its documented example."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kandoo.engine import posting_rules
from kandoo.engine.books import CHART, Entry, Leg, Unbalanced
from kandoo.engine.posting_examples import EXAMPLES
from kandoo.engine.posting_rules import RULES

RIAL = st.integers(1, 10**13)
MEMBERS = st.dictionaries(st.sampled_from("abcdefgh"), RIAL, min_size=1)


def test_every_rule_has_its_documented_example():
    assert RULES.keys() == EXAMPLES.keys()


@pytest.mark.parametrize("name", RULES)
def test_a_rule_gives_the_legs_of_its_example(name):
    entry = RULES[name](**EXAMPLES[name].arguments)
    assert tuple((leg.account, leg.party, leg.amount) for leg in entry.legs) == EXAMPLES[name].legs
    assert entry.rule == name
    assert RULES[name].__doc__


def test_every_account_is_named_once_in_both_languages():
    codes = [account.code for account in CHART]
    assert len(set(codes)) == len(codes)
    assert all(account.name.fa and account.name.en for account in CHART)


def test_an_unbalanced_entry_refuses_to_exist():
    with pytest.raises(Unbalanced):
        Entry("test", "lot/1", (Leg("bank", "", 5, "IRR"), Leg("fees", "", -4, "IRR")), "test")


def test_an_entry_balances_in_each_currency_by_itself():
    with pytest.raises(Unbalanced):
        Entry("test", "lot/1", (Leg("bank", "", 5, "IRR"), Leg("fees", "", -5, "EUR")), "test")


@pytest.mark.parametrize(
    ("leg", "fault"),
    [
        (Leg("cellar", "", 5, "IRR"), "no account"),
        (Leg("bank", "", 0, "IRR"), "not zero"),
        (Leg("bank", "", True, "IRR"), "whole amount"),
        (Leg("bank", "", 5, "rial"), "currency"),
        (Leg("payable", "", 5, "IRR"), "party"),
        (Leg("pool_proceeds", "", 5, "IRR"), "needs a lot"),
    ],
)
def test_a_leg_that_says_too_little_is_refused(leg, fault):
    with pytest.raises(ValueError, match=fault):
        Entry("test", "lot/1", (leg, Leg("fees", "", -5, "IRR")), "test")


def test_an_entry_names_the_fact_it_comes_from():
    with pytest.raises(ValueError, match="fact"):
        posting_rules.sale_delivered(source=" ", lot="7", buyer="b", amount=5)


def test_a_negative_fact_is_refused():
    with pytest.raises(ValueError, match="negative"):
        posting_rules.lot_cost(source="x", lot="7", supplier="s", amount=-5)


def test_a_reversal_needs_a_reason_and_is_not_itself_reversed():
    entry = posting_rules.lot_cost(source="lot/7/cost/1", lot="7", supplier="s", amount=5)
    with pytest.raises(ValueError, match="reason"):
        posting_rules.reversal(entry, " ")
    undone = posting_rules.reversal(entry, "wrong lot")
    assert (undone.reverses, undone.reason) == ("lot/7/cost/1", "wrong lot")
    with pytest.raises(ValueError, match="not reversed"):
        posting_rules.reversal(undone, "again")


def paid(party: str, amount: int) -> list[Entry]:
    """A payment that the bank has made."""
    return [
        posting_rules.payment_sent(source=f"payment/{party}/sent", party=party, owed=amount, owing=0),
        posting_rules.payment_confirmed(source=f"payment/{party}/paid", party=party, amount=amount),
    ]


@given(RIAL, st.integers(1, 10**6), st.integers(0, 10**6), RIAL)
def test_a_sale_abroad_leaves_the_lot_what_came_in(booked, owed, paid_abroad, received):
    sale = posting_rules.sale_delivered(source="s", lot="7", buyer="b", amount=owed, currency="EUR", rial=booked)
    payment = posting_rules.buyer_paid_abroad(
        source="p", lot="7", buyer="b", currency="EUR", paid=paid_abroad, owed=owed, received=received, booked=booked
    )
    sums: dict[tuple[str, str], int] = {}
    for leg in (*sale.legs, *payment.legs):
        sums[leg.account, leg.currency] = sums.get((leg.account, leg.currency), 0) + leg.amount
    assert sums["receivable", "EUR"] == sums["conversion", "EUR"] == sums["conversion", "IRR"] == 0
    assert sums.get(("pool_proceeds", "IRR"), 0) + sums.get(("exchange_gain_loss", "IRR"), 0) == -received


@given(MEMBERS, st.integers(0, 10**9), st.integers(0, 100))
def test_a_whole_lot_leaves_every_clearing_account_at_zero(shares, costs, percent):
    first = {member: share * percent // 100 for member, share in shares.items()}
    received = sum(shares.values()) + costs
    entries = [
        posting_rules.sale_delivered(source="s", lot="7", buyer="b", amount=received),
        posting_rules.buyer_paid(source="p", lot="7", buyer="b", received=received),
        posting_rules.lot_settled(
            source="l", lot="7", received=received, costs=costs, shares=shares, first_payments=first
        ),
    ]
    if costs:
        entries += [
            posting_rules.lot_cost(source="c", lot="7", supplier="s", amount=costs),
            *paid("s", costs),
        ]
    if any(first.values()):
        entries.append(posting_rules.first_payment(source="f", lot="7", payments=first))
    entries += [entry for member, share in shares.items() for entry in paid(member, share)]
    totals: dict[tuple[str, str], int] = {}
    for leg in (leg for entry in entries for leg in entry.legs):
        key = (leg.account, leg.party)
        totals[key] = totals.get(key, 0) + leg.amount
    assert not {key: total for key, total in totals.items() if total}


@given(MEMBERS)
def test_an_entry_and_its_reversal_cancel_leg_by_leg(shares):
    entry = posting_rules.lot_settled(source="l", lot="7", received=sum(shares.values()), costs=0, shares=shares)
    undone = posting_rules.reversal(entry, "counted twice")
    assert [leg.amount for leg in undone.legs] == [-leg.amount for leg in entry.legs]


def test_what_shares_leave_over_goes_to_the_rounding_account():
    entry = posting_rules.lot_settled(source="l", lot="7", received=100, costs=0, shares={"a": 50, "b": 49})
    assert [leg.amount for leg in entry.legs if leg.account == "rounding"] == [-1]


def test_shares_that_miss_the_proceeds_by_more_than_rounding_are_refused():
    with pytest.raises(Unbalanced):
        posting_rules.lot_settled(source="l", lot="7", received=100, costs=0, shares={"a": 50, "b": 40})


def test_an_advance_to_someone_without_a_share_is_refused():
    with pytest.raises(ValueError, match="no share"):
        posting_rules.lot_settled(source="l", lot="7", received=9, costs=0, shares={"a": 9}, first_payments={"b": 1})
