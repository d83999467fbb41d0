"""A joint purchase is settled: bills add up to the invoices to the last unit and nobody pays above its ceiling."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kandoo.engine.buying import plan_purchase
from kandoo.engine.buying_settlement import Goods, SupplierInvoice, Taking, settle_purchase
from kandoo.engine.checks.buying_settlement import faults
from kandoo.engine.sharing_rule import BadRule, SharingRule
from kandoo.engine.tests.buying_cases import need, needs_of, step, suppliers_of

UNIFORM = SharingRule("uniform")
RULES = [
    UNIFORM,
    SharingRule("proportional"),
    SharingRule("equal_gain", reserve=100),
    SharingRule("uniform", reserve=250),
    SharingRule("fixed", reserve=50, weights={"quantity": 500, "member": 300, "alone": 200}),
]


def taking(member, units, most, supplier="mill", item="sugar", place="town"):
    return Taking(member, item, place, supplier, units, most)


def invoice(supplier="mill", delivery=0, **goods):
    return SupplierInvoice(supplier, tuple(Goods(item, "town", amount) for item, amount in goods.items()), delivery)


@st.composite
def purchases(draw):
    """Invoices of up to three suppliers and what up to six members kept of them; ceilings may be too low."""
    takings, offered = [], set()
    for member in "abcdef"[: draw(st.integers(1, 6))]:
        for item, place in draw(st.sets(st.tuples(st.sampled_from("xyz"), st.sampled_from("pq")), max_size=3)):
            for supplier in draw(st.sets(st.sampled_from(["s", "t", "u"]), min_size=1, max_size=2)):
                takings.append(
                    Taking(member, item, place, supplier, draw(st.integers(0, 9)), draw(st.integers(0, 900)))
                )
                offered.add((supplier, item, place))
    invoices = [
        SupplierInvoice(
            name,
            tuple(Goods(item, place, draw(st.integers(0, 900))) for of, item, place in sorted(offered) if of == name),
            draw(st.integers(0, 300)),
        )
        for name in ("s", "t", "u")
        if draw(st.booleans()) or any(of == name for of, _, _ in offered)
    ]
    return invoices, takings


@settings(max_examples=300, deadline=None)
@given(purchases(), st.sampled_from(RULES))
def test_bills_add_up_to_the_invoices_and_nobody_is_above_its_ceiling(purchase, rule):
    invoices, takings = purchase
    result = settle_purchase(invoices, takings, rule)
    assert faults(invoices, takings, result) == []
    assert result.certificate.holds
    assert sum(result.members.values()) + result.uncovered == result.invoiced + result.reserve


@settings(max_examples=100, deadline=None)
@given(purchases(), st.sampled_from(RULES), st.randoms())
def test_the_order_of_entry_never_matters(purchase, rule, random):
    invoices, takings = purchase
    result = settle_purchase(invoices, takings, rule)
    random.shuffle(invoices)
    random.shuffle(takings)
    shuffled = [replace(each, goods=tuple(random.sample(each.goods, len(each.goods)))) for each in invoices]
    assert settle_purchase(shuffled, takings, rule) == result


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(60, 120), st.integers(60, 120)), min_size=1, max_size=6),
    st.integers(1, 4),
    st.integers(0, 90),
)
def test_without_differences_everybody_pays_what_the_plan_said(wanted, pack, delivery):
    rows = [
        need(f"m{place}", item=item, quantity=quantity, alone_price=price)
        for place, (quantity, *prices) in enumerate(wanted)
        for item, price in zip(("jar", "lid"), prices, strict=True)
    ]
    steps = [
        step("mill", item="jar", unit_price=80, pack=pack, delivery_fixed=delivery),
        step("mill", item="jar", quantity_from=9, unit_price=60, pack=pack, delivery_fixed=delivery),
        step("mill", item="lid", unit_price=90, pack=pack, delivery_fixed=delivery),
        step("glass", item="jar", unit_price=70, capacity=5, pack=pack),
    ]
    plan = plan_purchase(needs_of(rows), suppliers_of(steps)).to_dict()
    prices = {(row["member_id"], row["item"]): row["alone_price"] for row in rows}
    invoices = [
        SupplierInvoice(
            each["supplier_id"],
            tuple(Goods(line["item"], line["place"], line["quantity"] * line["unit_price"]) for line in each["lines"]),
            each["delivery"],
        )
        for each in plan["suppliers"]
    ]
    takings = [
        Taking(
            each["member_id"], line["item"], line["place"], line["supplier_id"], line["quantity"],
            line["quantity"] * prices[each["member_id"], line["item"]],
        )
        for each in plan["members"]
        for line in each["lines"]
    ]  # fmt: skip
    paid = settle_purchase(invoices, takings, UNIFORM).members
    assert paid == {each["member_id"]: each["amount"] for each in plan["members"] if each["lines"]}


def test_what_nobody_kept_of_an_item_is_borne_by_those_who_take_it():
    result = settle_purchase([invoice(sugar=900, lid=300)], [taking("a", 5, 990), taking("b", 5, 990)], UNIFORM)
    assert result.members == {"a": 600, "b": 600}  # of the lids nobody kept any: they go by the value of the sugar


def test_delivery_goes_by_value_and_the_member_at_its_ceiling_is_helped():
    kept = [taking("a", 6, 700), taking("b", 4, 380), taking("b", 10, 400, item="lid")]
    result = settle_purchase([invoice(sugar=1_000, lid=300, delivery=13)], kept, UNIFORM)
    assert result.members == {"a": 630, "b": 380 + 303}
    assert result.certificate.gain_least == 70


def test_what_the_ceilings_cannot_cover_is_said():
    result = settle_purchase([invoice(sugar=1_000)], [taking("a", 5, 300), taking("b", 5, 450)], UNIFORM)
    assert (result.members, result.uncovered) == ({"a": 300, "b": 450}, 250)
    assert result.certificate.holds


def test_a_supplier_whose_goods_all_went_back_is_borne_by_all():
    result = settle_purchase([invoice(sugar=900), invoice("glass", 50)], [taking("a", 9, 999)], UNIFORM)
    assert result.members == {"a": 950}


def test_nobody_kept_anything():
    result = settle_purchase([invoice(sugar=900)], [taking("a", 0, 999)], UNIFORM)
    assert (result.charges, result.uncovered) == ((), 900)


def test_a_part_of_the_gain_goes_into_the_reserve():
    result = settle_purchase([invoice(sugar=600)], [taking("a", 6, 1_000)], SharingRule("uniform", reserve=250))
    assert (result.members, result.reserve) == ({"a": 700}, 100)


def test_what_cannot_be_settled_is_refused():
    with pytest.raises(BadRule):
        settle_purchase([invoice(sugar=1)], [taking("a", 1, 9)], SharingRule("quality"))
    with pytest.raises(ValueError, match="two invoices"):
        settle_purchase([invoice(sugar=1), invoice(sugar=2)], [], UNIFORM)
    with pytest.raises(ValueError, match="twice"):
        settle_purchase([invoice(sugar=1)], [taking("a", 1, 9)] * 2, UNIFORM)
    with pytest.raises(ValueError, match="negative"):
        settle_purchase([invoice(sugar=-1)], [], UNIFORM)
    with pytest.raises(ValueError, match="did not invoice"):
        settle_purchase([invoice(sugar=1)], [taking("a", 1, 9, item="lid")], UNIFORM)


def test_the_check_finds_a_changed_amount():
    kept = [taking("a", 6, 700), taking("b", 4, 480)]
    result = settle_purchase([invoice(sugar=900)], kept, UNIFORM)
    first, *rest = result.charges
    assert faults([invoice(sugar=900)], kept, replace(result, charges=(replace(first, amount=541), *rest)))
    assert faults([invoice(sugar=900)], kept, replace(result, uncovered=1))
