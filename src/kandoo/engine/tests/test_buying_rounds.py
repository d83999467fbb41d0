"""Buying rounds: how far the next pack and price are, one pack more, and fair shares of what came short."""

import random
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kandoo.engine.buying import (
    SHORTAGE_RULES,
    BuyingPlan,
    Offer,
    ShortageRule,
    Step,
    cost_of,
    next_pack,
    next_step,
    one_more_of,
    one_more_pack,
    ration,
    to_minimum,
)
from kandoo.engine.buying.bill import ceilings
from kandoo.engine.buying_settlement import Goods, SupplierInvoice, Taking, settle_purchase
from kandoo.engine.money import apportion
from kandoo.engine.sharing_rule import SharingRule

from .buying_cases import Rows, need, planned, purchases, step

NAMES = ["anvil", "borer", "cutter"]


def jars(**given: object) -> Offer:
    return Offer("jar", (Step(1, 10), Step(100, 8), Step(500, 7)), **given)  # type: ignore[arg-type]


def test_units_are_missing_to_a_full_pack():
    assert [next_pack(quantity, 12) for quantity in (0, 1, 12, 13)] == [0, 11, 0, 11]
    with pytest.raises(ValueError, match="no 3 units in packs of 0"):
        next_pack(3, 0)


def test_units_are_missing_to_the_next_lower_price():
    assert next_step(jars(), 60) == (40, 8)
    assert next_step(jars(), 100) == (400, 7)
    assert next_step(jars(), 500) is None
    assert next_step(jars(capacity=400), 100) is None
    dearer = Offer("jar", (Step(5, 10), Step(10, 12), Step(20, 9)))
    assert next_step(dearer, 2) == (3, 10)
    assert next_step(dearer, 6) == (14, 9)


def test_money_is_missing_to_a_minimum():
    assert (to_minimum(30, 50), to_minimum(70, 50)) == (20, 0)


def test_one_pack_more_may_make_the_invoice_smaller():
    assert one_more_pack(jars(pack=10), 90).cost == 800 - 900  # type: ignore[union-attr]
    each = one_more_pack(jars(pack=10, kind="incremental"), 90)
    assert each is not None and each.cost == 9 * 10 + 8
    assert each.unit_cost_after == Fraction(998, 100)
    assert one_more_pack(jars(capacity=95, pack=10), 90) is None


@given(st.integers(1, 700), st.integers(1, 40), st.sampled_from(["all_units", "incremental"]))
def test_one_pack_more_is_the_difference_of_two_invoices(quantity: int, pack: int, kind: str):
    offer = jars(pack=pack, kind=kind)
    more = one_more_pack(offer, quantity)
    assert more is not None and cost_of(offer, quantity) + more.cost == cost_of(offer, quantity + pack)
    assert more.unit_cost_after * (quantity + pack) == cost_of(offer, quantity + pack)


def test_one_pack_more_of_a_plan():
    quotations = [step("mill", pack=2, unit_price=6), step("works", pack=2, unit_price=9, delivery_fixed=5)]
    plan = planned([need("anvil")], quotations)
    assert one_more_of(plan, "mill", "jar").cost == 12  # type: ignore[union-attr]
    unused = one_more_of(plan, "works", "jar")
    assert unused is not None and unused.cost == 18 + 5 and unused.unit_cost_before is None
    with pytest.raises(ValueError, match="'mill' quotes no 'lid'"):
        one_more_of(plan, "mill", "lid")


def test_each_rule_divides_a_shortage_in_its_own_way():
    def of(rule: ShortageRule, before: list[float] | None = None) -> list[int]:
        return ration([60, 30, 10], 50, rule, keys=NAMES, before=before)

    assert of("pro_rata") == [30, 15, 5]
    assert of("equal_floor") == [20, 20, 10]
    assert of("small_first") == [10, 30, 10]
    assert of("rotation", [8, 0, 0]) == [50, 0, 0]
    assert of("rotation", [0, 8, 0]) == [17, 30, 3]
    assert of("rotation") == of("pro_rata")  # nobody was cut before: all stand alike


def test_whole_packs_go_first_and_the_opened_one_by_the_same_rule():
    assert ration([25, 15], 37, "equal_floor", keys=NAMES[:2], pack=10) == [22, 15]
    assert ration([20, 20], 30, "pro_rata", keys=NAMES[:2], pack=10) == [20, 10]


def test_what_cannot_be_divided_is_refused():
    for wanted, keys, rule, complaint in (
        ([1], ["a"], "by_lot", "The rule is one of"),
        ([1, 2], ["a"], "pro_rata", "do not agree"),
        ([1, 2], ["a", "a"], "pro_rata", "a key is there twice"),
        ([-1], ["a"], "pro_rata", "no whole quantity"),
    ):
        with pytest.raises(ValueError, match=f"(?i){complaint}"):
            ration(wanted, 1, rule, keys=keys)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="earlier cut"):
        ration([1], 1, "rotation", keys=["a"], before=[float("nan")])


members = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 3)), min_size=1, max_size=9)


@given(members, st.integers(0, 300), st.sampled_from(SHORTAGE_RULES), st.sampled_from([1, 1, 6]), st.randoms())
def test_a_shortage_is_divided_whole_within_wants_in_whatever_order_they_came(
    rows: list[tuple[int, int]], received: int, rule: ShortageRule, pack: int, chance: random.Random
):
    def shares(order: list[int]) -> dict[str, int]:
        wanted, before = ([rows[place][side] for place in order] for side in (0, 1))
        keys = [f"m{place}" for place in order]
        return dict(zip(keys, ration(wanted, received, rule, keys=keys, before=before, pack=pack), strict=True))

    order = list(range(len(rows)))
    given_ = shares(order)
    assert all(0 <= given_[f"m{place}"] <= rows[place][0] for place in order)
    assert sum(given_.values()) == min(received, sum(wanted for wanted, _ in rows))
    chance.shuffle(order)
    assert shares(order) == given_


@given(members, st.integers(0, 300))
def test_each_rule_keeps_its_promise_to_a_unit(rows: list[tuple[int, int]], received: int):
    wanted, before = [each for each, _ in rows], [each for _, each in rows]
    keys = [f"m{place}" for place in range(len(rows))]
    part = min(Fraction(received, max(sum(wanted), 1)), Fraction(1))
    by_rule = {rule: ration(wanted, received, rule, keys=keys, before=before) for rule in SHORTAGE_RULES}
    assert all(abs(own - part * most) < 1 for own, most in zip(by_rule["pro_rata"], wanted, strict=True))
    for a in range(len(rows)):
        for b in range(len(rows)):
            cut = {rule: own[a] < wanted[a] for rule, own in by_rule.items()}
            if cut["equal_floor"]:
                assert by_rule["equal_floor"][b] <= by_rule["equal_floor"][a] + 1
            if wanted[a] < wanted[b] and cut["small_first"]:
                assert by_rule["small_first"][b] == 0
            if before[a] > before[b] and cut["rotation"]:
                assert by_rule["rotation"][b] == 0


RULES = (
    SharingRule("uniform"),
    SharingRule("proportional"),
    SharingRule("equal_gain"),
    SharingRule("fixed", reserve=100, weights={"quantity": 700, "member": 300}),
)


def invoices_of(plan: BuyingPlan) -> list[SupplierInvoice]:
    """The suppliers' invoices as a settlement takes them."""
    found = []
    for supplier in plan.to_dict()["suppliers"]:
        goods: Counter[tuple[str, str]] = Counter()
        for line in supplier["lines"]:
            goods[line["item"], line["place"]] += line["quantity"] * line["unit_price"]
        entries = tuple(Goods(item, place, amount) for (item, place), amount in sorted(goods.items()))
        found.append(SupplierInvoice(supplier["supplier_id"], entries, supplier["delivery"]))
    return found


def takings_of(plan: BuyingPlan) -> list[Taking]:
    """Who gets what; the ceiling of a need that several suppliers serve is divided by units."""
    market, lines, needs = plan.market, plan.purchase.lines, plan.market.needs
    most = ceilings(market, plan.purchase)
    units: Counter[tuple[str, str, str, str]] = Counter()
    ceiling: Counter[tuple[str, str, str, str]] = Counter()
    for row in sorted(set(lines.need.tolist())):
        mine = {
            market.suppliers[market.offers[offer][0]].supplier_id: count
            for need_row, offer, count in zip(
                lines.need.tolist(), lines.offer.tolist(), lines.units.tolist(), strict=True
            )
            if need_row == row
        }
        who = (needs.members[needs.member[row]], needs.items[needs.item[row]], needs.locations[needs.place[row]])
        for supplier, part in apportion(int(most[row]), mine).items():
            units[*who, supplier] += mine[supplier]
            ceiling[*who, supplier] += part
    return [Taking(*key, count, ceiling[key]) for key, count in units.items()]


@settings(max_examples=100, deadline=None)
@given(purchases(), st.sampled_from(RULES))
def test_any_sharing_rule_divides_the_invoices_of_a_plan_and_leaves_nobody_above_its_ceiling(
    case: tuple[Rows, Rows], rule: SharingRule
):
    plan = planned(*case)
    settlement = settle_purchase(invoices_of(plan), takings_of(plan), rule)
    assert settlement.uncovered == 0 and settlement.certificate.holds
    assert sum(settlement.members.values()) == sum(plan.bill.invoice.values()) + settlement.reserve
    assert all(charge.amount <= charge.most for charge in settlement.charges)
