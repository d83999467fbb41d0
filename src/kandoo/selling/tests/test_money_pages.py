"""Costs, delivery, settlement and pay slips through their pages."""

from typing import Any

import pytest

from kandoo.selling import slip_reading
from kandoo.selling.models import Cost, Delivery, FirstPayment, Lot, PaySlip, Receipt
from kandoo.selling.tests.lot_stage import LOT, fix_the_day, harvested, offered, rows_of, signed_in, text_of
from kandoo.site.security import acting_as
from tests.world import MEMBERS, World, deliver_and_settle, plan_and_agree

pytestmark = pytest.mark.django_db
COST = {"kind": "analysis", "amount": "۹٬۰۰۰٬۰۰۰", "document": "صورت‌حساب ۱", "on": "1405/09/01", "paid_to": ""}


@pytest.fixture
def world(as_owner: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    fix_the_day(monkeypatch)
    return harvested(as_owner)


@pytest.fixture
def agreed(world: World) -> Lot:
    lot = offered(world)
    plan_and_agree(world, lot)
    return lot


@pytest.fixture
def settled(world: World, agreed: Lot) -> Lot:
    deliver_and_settle(world, agreed)
    return agreed


def slips(world: World) -> dict[str, PaySlip]:
    with acting_as(world.people["agent"].pk):
        by_firm = {each.enterprise_id: each for each in PaySlip.objects.select_related("lot__cluster", "enterprise")}
    return {name: by_firm[world.firms[name].pk] for name in MEMBERS if world.firms[name].pk in by_firm}


# Costs


def test_a_cost_is_written_down_with_its_document_and_every_member_sees_it(world, agreed, as_owner):
    agent = signed_in(world, "agent", as_owner)
    agent.post(f"{LOT.format(agreed.pk)}costs/", COST)
    with acting_as(world.people["agent"].pk):
        cost = Cost.objects.get()
    assert cost.amount == 90_000_000
    member = signed_in(world, "kuh", as_owner)
    assert "9,000,000 toman" in text_of(member.get(f"{LOT.format(agreed.pk)}costs/"))
    assert member.post(f"{LOT.format(agreed.pk)}costs/", COST).status_code == 403
    assert member.post(f"{LOT.format(agreed.pk)}costs/{cost.pk}/remove/").status_code == 403


def test_a_cost_entered_in_error_is_taken_back_until_it_is_booked(world, agreed, as_owner):
    agent = signed_in(world, "agent", as_owner)
    agent.post(f"{LOT.format(agreed.pk)}costs/", COST)
    with acting_as(world.people["agent"].pk):
        cost = Cost.objects.get()
    agent.post(f"{LOT.format(agreed.pk)}costs/{cost.pk}/remove/")
    with acting_as(world.people["agent"].pk):
        assert not Cost.objects.exists()
    agent.post(f"{LOT.format(agreed.pk)}costs/", COST)
    agent.post(f"{LOT.format(agreed.pk)}deliver/", {"on": "1405/09/01"} | planned_kg(world, agreed))
    with acting_as(world.people["agent"].pk):
        booked = Cost.objects.get()
    answer = agent.post(f"{LOT.format(agreed.pk)}costs/{booked.pk}/remove/", follow=True)
    assert "The lot is now" in text_of(answer)


def planned_kg(world: World, lot: Lot, **changed: int) -> dict[str, str]:
    with acting_as(world.people["agent"].pk):
        lines = list(Lot.objects.get(pk=lot.pk).plan.lines.all())  # type: ignore[union-attr]
    return {f"kg_{line.pk}": str(line.kg) for line in lines}


# Delivery


def test_delivery_says_in_figures_what_it_books(world, agreed, as_owner):
    page = text_of(signed_in(world, "agent", as_owner).get(f"{LOT.format(agreed.pk)}deliver/"))
    assert "The buyers owe 2,088,000,000 toman" in page
    assert "Members who are owed 70 percent of the share then expected: 6." in page
    assert "cannot be cancelled" in page


def test_what_was_weighed_lighter_is_kept_and_members_are_paid_first(world, agreed, as_owner):
    agent = signed_in(world, "agent", as_owner)
    weights = planned_kg(world, agreed)
    lighter = next(iter(weights))
    agent.post(f"{LOT.format(agreed.pk)}deliver/", {"on": "1405/09/01"} | weights | {lighter: "۸۶۵"})
    with acting_as(world.people["agent"].pk):
        assert sorted(Delivery.objects.values_list("net_kg", flat=True)) == [865, 870, 870, 870, 870, 870]
        first = FirstPayment.objects.get(enterprise=world.firms["kuh"])
        assert first.amount in {each * 70 // 100 + extra for each in [first.expected] for extra in (0, 1)}
    assert "were paid <strong>" in text_of(signed_in(world, "kuh", as_owner).get(LOT.format(agreed.pk)))


def test_more_than_the_drums_hold_is_refused_beside_its_line_and_nothing_is_lost(world, agreed, as_owner):
    weights = planned_kg(world, agreed)
    heavier, other = list(weights)[:2]
    page = text_of(
        signed_in(world, "agent", as_owner).post(
            f"{LOT.format(agreed.pk)}deliver/", {"on": "1405/09/01"} | weights | {heavier: "900", other: "801"}
        )
    )
    assert "less than or equal to 870" in page
    assert 'value="801"' in page
    with acting_as(world.people["agent"].pk):
        assert not Delivery.objects.exists()


def test_a_delivery_in_the_future_is_refused_with_the_reason(world, agreed, as_owner):
    data = {"on": "2027-01-01"} | planned_kg(world, agreed)
    page = text_of(signed_in(world, "agent", as_owner).post(f"{LOT.format(agreed.pk)}deliver/", data))
    assert "lies in the future" in page


# Settlement


def test_the_buyers_payment_is_entered_and_every_member_gets_a_pay_slip(world, agreed, as_owner):
    agent = signed_in(world, "agent", as_owner)
    agent.post(f"{LOT.format(agreed.pk)}deliver/", {"on": "1405/09/01"} | planned_kg(world, agreed))
    page = text_of(agent.get(f"{LOT.format(agreed.pk)}settle/"))
    assert "Members who get a pay slip: 6." in page
    with acting_as(world.people["agent"].pk):
        order = agreed.orders.get()
    paid = {
        f"amount_{order.pk}": "2088000000",
        f"on_{order.pk}": "1405/09/01",
        f"document_{order.pk}": "حواله ۷",
    }
    agent.post(f"{LOT.format(agreed.pk)}settle/", paid)
    with acting_as(world.people["agent"].pk):
        assert Receipt.objects.get().rial == 20_880_000_000
        assert PaySlip.objects.count() == 6
    result = text_of(agent.get(LOT.format(agreed.pk)))
    assert "adds up" in result
    assert "does not add up" not in result
    assert result.count("nobody") == 2


def test_a_payment_without_its_document_is_asked_for_again(world, agreed, as_owner):
    agent = signed_in(world, "agent", as_owner)
    agent.post(f"{LOT.format(agreed.pk)}deliver/", {"on": "1405/09/01"} | planned_kg(world, agreed))
    with acting_as(world.people["agent"].pk):
        order = agreed.orders.get()
    typed = {f"amount_{order.pk}": "1234", f"on_{order.pk}": "1405/09/01"}
    page = text_of(agent.post(f"{LOT.format(agreed.pk)}settle/", typed))
    assert "required" in page
    assert 'value="1234"' in page


def test_foreign_money_is_counted_at_the_rate_it_was_changed_at(world, as_owner):
    lot = offered(world, currency="EUR", price_per_kg=320)
    plan_and_agree(world, lot)
    agent = signed_in(world, "agent", as_owner)
    agent.post(f"{LOT.format(lot.pk)}deliver/", {"on": "1405/09/01"} | planned_kg(world, lot))
    with acting_as(world.people["agent"].pk):
        order = lot.orders.get()
    assert "Owed: 16,704.00 EUR (2,088,000,000 toman)." in text_of(agent.get(f"{LOT.format(lot.pk)}settle/"))
    paid = {
        f"amount_{order.pk}": "16704",
        f"rate_{order.pk}": "126000",
        f"on_{order.pk}": "1405/09/01",
        f"document_{order.pk}": "SWIFT 1",
    }
    agent.post(f"{LOT.format(lot.pk)}settle/", paid)
    with acting_as(world.people["agent"].pk):
        receipt = Receipt.objects.get()
    assert (receipt.amount, receipt.rial) == (1_670_400, 16_704 * 1_260_000)


# Pay slips


def test_a_member_reads_first_what_the_season_brought_above_selling_alone(world, settled, as_owner):
    page = text_of(signed_in(world, "kuh", as_owner, "fa").get("/selling/pay-slips/"))
    gain = slips(world)["kuh"].content["gain"]
    assert "بیش از فروش تنها به دست آورده‌اید" in page
    assert slip_reading.lang.format_toman(round(gain, -1), "fa") in page


def test_every_line_of_a_pay_slip_opens_to_its_reason(world, settled, as_owner):
    slip = slips(world)["kuh"]
    page = text_of(signed_in(world, "kuh", as_owner).get(f"/selling/pay-slips/{slip.pk}/"))
    assert "870 kg weighed at delivery, at the order&#x27;s price of 400,000 toman per kg." in page
    assert "Share of 9,000,000.1 toman: 870 of 5,220 kg." in page
    assert "صورت‌حساب ۱" in page
    assert "870 kg at 300,000 toman per kg." in page
    assert "خریدار محلی" in page
    assert "70 percent of the" in page


def test_the_steps_from_alone_to_together_add_up(world, settled):
    for name, slip in slips(world).items():
        with acting_as(world.people[name].pk):
            steps = slip_reading.read_slip(slip).steps
        assert sum(step.amount for step in steps[:-1]) == steps[-1].amount == slip.amount


def test_another_members_pay_slip_is_not_there(world, settled, as_owner):
    rival = slips(world)["darreh"]
    kuh = signed_in(world, "kuh", as_owner)
    assert kuh.get(f"/selling/pay-slips/{rival.pk}/").status_code == 404
    assert kuh.get(f"/selling/pay-slips/{rival.pk}/fa.pdf").status_code == 404
    page = text_of(kuh.get("/selling/pay-slips/"))
    assert rival.number not in page
    assert "Firm darreh" not in page
    for name in ("hamburg", "officer", "lab"):
        assert signed_in(world, name, as_owner).get("/selling/pay-slips/").status_code == 403


def test_the_agent_finds_all_pay_slips_and_takes_them_away(world, settled, as_owner):
    agent = signed_in(world, "agent", as_owner)
    page = text_of(agent.get("/selling/pay-slips/?q=darreh"))
    assert "Firm darreh" in page
    assert "Firm kuh" not in page
    rows = rows_of(agent.get("/selling/pay-slips/?form=xlsx").content)
    amounts = [row[4] for row in rows[1:]]
    assert sum(amounts) == 20_880_000_000 - 90_000_001


def test_a_pay_slip_is_printed_in_both_languages(world, settled, as_owner):
    slip = slips(world)["kuh"]
    kuh = signed_in(world, "kuh", as_owner)
    for language in ("fa", "en"):
        assert kuh.get(f"/selling/pay-slips/{slip.pk}/{language}.pdf").content.startswith(b"%PDF")
    assert kuh.get(f"/selling/pay-slips/{slip.pk}/de.pdf").status_code == 404


def test_the_label_is_the_buyers_once_delivered_and_the_sampling_sheet_the_agents(world, settled, as_owner):
    with acting_as(world.people["agent"].pk):
        order = settled.orders.get()
    label = f"{LOT.format(settled.pk)}label/{order.pk}.pdf"
    assert signed_in(world, "hamburg", as_owner).get(label).content.startswith(b"%PDF")
    assert signed_in(world, "dubai", as_owner).get(label).status_code == 404
    assert signed_in(world, "kuh", as_owner).get(label).status_code == 403
    sheet = f"{LOT.format(settled.pk)}sampling.pdf"
    assert signed_in(world, "agent", as_owner).get(sheet).content.startswith(b"%PDF")
    assert signed_in(world, "hamburg", as_owner).get(sheet).status_code == 403


def test_a_settled_lot_is_not_settled_again(world, settled, as_owner):
    agent = signed_in(world, "agent", as_owner)
    assert "Only a delivered lot can be settled" in text_of(agent.get(f"{LOT.format(settled.pk)}settle/"))


def test_members_of_a_settled_lot_are_named_to_staff_alone(world, settled, as_owner):
    assert "Firm darreh" in text_of(signed_in(world, "auditor", as_owner).get(LOT.format(settled.pk)))
    for name in ("kuh", "officer", "hamburg"):
        assert "Firm darreh" not in text_of(signed_in(world, name, as_owner).get(LOT.format(settled.pk)))


def test_first_and_final_payment_make_the_share(world, settled):
    for slip in slips(world).values():
        assert slip.first + slip.final == slip.amount
