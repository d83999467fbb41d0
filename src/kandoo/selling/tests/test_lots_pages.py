"""The joint lot through its pages: called, opened, offered to, planned, answered, agreed, cancelled."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kandoo.selling.models import Consent, Lot, Offer, Order
from kandoo.selling.tests.lot_stage import LOT, fix_the_day, harvested, offer_form, offered, rows_of, signed_in, text_of
from kandoo.site.security import acting_as
from tests.world import MEMBERS, World, call, offer, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(as_owner: Any, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> World:
    fix_the_day(monkeypatch)
    settings.MEDIA_ROOT = tmp_path
    return harvested(as_owner)


def refreshed(world: World, lot: Lot) -> Lot:
    with acting_as(world.people["agent"].pk):
        return Lot.objects.select_related("plan").get(pk=lot.pk)


def planned(world: World, as_owner: Any, **order: Any) -> Lot:
    lot = offered(world, **order)
    signed_in(world, "agent", as_owner).post(f"{LOT.format(lot.pk)}plan/")
    return refreshed(world, lot)


def in_plan(world: World, lot: Lot) -> list[str]:
    with acting_as(world.people["agent"].pk):
        parts = set(lot.plan.lines.values_list("enterprise_id", flat=True))  # type: ignore[union-attr]
    return [name for name in MEMBERS if world.firms[name].pk in parts]


# Called and opened


def test_the_agent_calls_a_lot_for_open_orders_and_opens_it(world, as_owner):
    order = place(world, "hamburg")
    agent = signed_in(world, "agent", as_owner)
    form = {"title": "Autumn lot", "orders": [order.pk], "offers_until": "2026-12-01", "first_percent": "۷۰"}
    answer = agent.post("/selling/lots/new/", form)
    assert answer.status_code == 302
    assert "is not open yet" in text_of(agent.get(answer.url))
    agent.post(f"{answer.url}open/")
    with acting_as(world.people["agent"].pk):
        lot = Lot.objects.get()
    assert (lot.status, lot.first_percent) == (Lot.Status.OPEN, 70)


def test_a_lot_in_foreign_money_is_not_called_without_a_rate_and_nothing_typed_is_lost(world, as_owner):
    order = place(world, "hamburg", currency="USD", price_per_kg=320)
    form = {"title": "Autumn lot", "orders": [order.pk], "offers_until": "2026-12-01", "first_percent": "70"}
    page = text_of(signed_in(world, "agent", as_owner).post("/selling/lots/new/", form))
    assert "There is no rate for USD yet" in page
    assert "Autumn lot" in page
    with acting_as(world.people["agent"].pk):
        assert not Lot.objects.exists()


def test_only_the_agent_calls_opens_plans_agrees_and_cancels(world, as_owner):
    lot = offered(world)
    for name in ("kuh", "hamburg", "officer", "auditor"):
        client = signed_in(world, name, as_owner)
        assert client.get("/selling/lots/new/").status_code == 403
        for step in ("open", "plan", "agree", "cancel", "deliver", "settle"):
            assert client.post(f"{LOT.format(lot.pk)}{step}/").status_code == 403, f"{name} {step}"


def test_lots_are_found_by_title_and_state(world, as_owner):
    offered(world)
    agent = signed_in(world, "agent", as_owner)
    assert "محموله آزمایشی" in text_of(agent.get("/selling/lots/?q=آزمایشی"))
    assert "No lot matches" in text_of(agent.get("/selling/lots/?state=settled"))


# Offers


def test_a_member_offers_a_batch_in_persian_digits(world, as_owner):
    lot = call(world, [place(world, "hamburg")])
    kuh = signed_in(world, "kuh", as_owner)
    document = SimpleUploadedFile("bill.pdf", b"%PDF-1.4 bill\n%%EOF")
    answer = kuh.post(f"{LOT.format(lot.pk)}offer/", offer_form(world.batches["kuh"], alone_document=document))
    assert answer.status_code == 302
    with acting_as(world.people["kuh"].pk):
        made = Offer.objects.get()
    assert (made.drums, made.reserve_per_kg, made.alone_per_kg) == (2, 3_200_000, 3_100_000)
    assert "You have offered <strong>2</strong> drums" in text_of(kuh.get(LOT.format(lot.pk)))
    got = kuh.get(f"{LOT.format(lot.pk)}offers/{made.pk}/document/")
    assert b"".join(got.streaming_content).startswith(b"%PDF")


def test_a_document_that_is_neither_picture_nor_pdf_is_refused(world, as_owner):
    lot = call(world, [place(world, "hamburg")])
    script = SimpleUploadedFile("bill.pdf", b"<script>alert(1)</script>")
    page = text_of(
        signed_in(world, "kuh", as_owner).post(
            f"{LOT.format(lot.pk)}offer/", offer_form(world.batches["kuh"], alone_document=script)
        )
    )
    assert "PDF" in page
    assert "میدان بار" in page  # what was typed stands
    with acting_as(world.people["kuh"].pk):
        assert not Offer.objects.exists()


def test_more_drums_than_are_free_are_refused_beside_the_field(world, as_owner):
    lot = call(world, [place(world, "hamburg")])
    page = text_of(
        signed_in(world, "kuh", as_owner).post(
            f"{LOT.format(lot.pk)}offer/", offer_form(world.batches["kuh"], drums="9")
        )
    )
    assert "Drums of this batch that are free: 3." in page


def test_the_last_outlet_is_offered_as_a_start(world, as_owner):
    offered(world)
    next_lot = call(world, [place(world, "dubai")])
    page = text_of(
        signed_in(world, "kuh", as_owner).get(f"{LOT.format(next_lot.pk)}offer/?batch={world.batches['spare'].pk}")
    )
    assert "خریدار محلی" in page
    assert 'value="300000"' in page


def test_a_batch_that_cannot_be_offered_says_why(world, as_owner):
    lot = call(world, [place(world, "hamburg")])
    page = text_of(signed_in(world, "rud", as_owner).get(LOT.format(lot.pk)))
    assert "Barred for good by a laboratory finding." in page
    rud = signed_in(world, "rud", as_owner)
    answer = rud.post(f"{LOT.format(lot.pk)}offer/", offer_form(world.batches["barred"]))
    assert answer.status_code == 200
    with acting_as(world.people["rud"].pk):
        assert not Offer.objects.exists()


def test_a_batch_is_told_which_tests_an_order_misses(world, as_owner):
    lot = call(world, [place(world, "hamburg", limits={"proline": (200.0, None)}, kinds=("thyme",))])
    assert "not tested: Proline" in text_of(signed_in(world, "kuh", as_owner).get(LOT.format(lot.pk)))


def test_a_rivals_batch_cannot_be_offered(world, as_owner):
    lot = call(world, [place(world, "hamburg")])
    answer = signed_in(world, "kuh", as_owner).post(f"{LOT.format(lot.pk)}offer/", offer_form(world.batches["darreh"]))
    assert answer.status_code == 200
    with acting_as(world.people["agent"].pk):
        assert not Offer.objects.exists()


def test_the_agent_writes_down_an_offer_given_by_word_of_mouth(world, as_owner):
    lot = call(world, [place(world, "hamburg")])
    signed_in(world, "agent", as_owner).post(f"{LOT.format(lot.pk)}offer/", offer_form(world.batches["sang"]))
    with acting_as(world.people["sang"].pk):
        assert Offer.objects.get().enterprise == world.firms["sang"]


def test_an_offer_is_changed_and_taken_back_while_the_lot_is_open(world, as_owner):
    lot = call(world, [place(world, "hamburg")])
    offer(world, lot, world.batches["kuh"], "kuh")
    kuh = signed_in(world, "kuh", as_owner)
    kuh.post(f"{LOT.format(lot.pk)}offer/", offer_form(world.batches["kuh"], drums="1"))
    with acting_as(world.people["kuh"].pk):
        made = Offer.objects.get()
    assert made.drums == 1
    rival = signed_in(world, "darreh", as_owner)
    assert rival.post(f"{LOT.format(lot.pk)}offers/{made.pk}/withdraw/").status_code == 404
    assert rival.get(f"{LOT.format(lot.pk)}offers/{made.pk}/document/").status_code == 404
    kuh.post(f"{LOT.format(lot.pk)}offers/{made.pk}/withdraw/")
    with acting_as(world.people["kuh"].pk):
        assert not Offer.objects.filter(is_withdrawn=False).exists()


def test_an_offer_that_an_earlier_plan_counted_on_can_still_be_taken_back(world, as_owner):
    lot = planned(world, as_owner)
    signed_in(world, "agent", as_owner).post(f"{LOT.format(lot.pk)}open/")
    with acting_as(world.people["kuh"].pk):
        made = Offer.objects.get(enterprise=world.firms["kuh"])
    signed_in(world, "kuh", as_owner).post(f"{LOT.format(lot.pk)}offers/{made.pk}/withdraw/")
    signed_in(world, "agent", as_owner).post(f"{LOT.format(lot.pk)}plan/")
    with acting_as(world.people["agent"].pk):
        lot.refresh_from_db()
        assert lot.status == "planned"
        assert lot.plan is not None
        assert not lot.plan.lines.filter(enterprise=world.firms["kuh"]).exists()


def test_a_member_reads_its_own_offer_and_no_rivals(world, as_owner):
    lot = offered(world)
    page = text_of(signed_in(world, "kuh", as_owner).get(LOT.format(lot.pk)))
    assert world.batches["kuh"].code in page
    for rival in MEMBERS[1:]:
        assert world.batches[rival].code not in page
        assert f"Firm {rival}" not in page
    assert "5,220 kg" in page  # six members: the sum is safe to show


def test_the_agent_searches_all_offers(world, as_owner):
    lot = offered(world)
    agent = signed_in(world, "agent", as_owner)
    page = text_of(agent.get(f"{LOT.format(lot.pk)}?q=darreh"))
    assert world.batches["darreh"].code in page
    assert world.batches["kuh"].code not in page


# The plan


def test_a_plan_says_first_what_it_is_worth_and_how_much_better_another_could_be(world, as_owner):
    lot = planned(world, as_owner)
    page = text_of(signed_in(world, "agent", as_owner).get(LOT.format(lot.pk)))
    assert "above their reserve and transport" in page
    assert "all limits kept, the value is right" in page  # the independent checker
    assert "leaves the least room" in page
    assert all(f"Firm {name}" in page for name in in_plan(world, lot))


def test_a_lot_without_a_usable_offer_is_not_planned(world, as_owner):
    lot = call(world, [place(world, "hamburg")])
    answer = signed_in(world, "agent", as_owner).post(f"{LOT.format(lot.pk)}plan/", follow=True)
    assert "no usable offer" in text_of(answer)


def test_an_order_that_is_not_filled_says_why_and_the_smallest_change(world, as_owner):
    lot = planned(world, as_owner, limits={"moisture": (None, 15.0)})
    page = text_of(signed_in(world, "agent", as_owner).get(LOT.format(lot.pk)))
    assert "Why not:" in page
    assert "The smallest change that would help:" in page
    assert "Moisture rises from 15 g/100 g to 16.5 g/100 g" in page


def test_what_a_change_gives_away_is_told_to_the_agent_alone(world, as_owner):
    lot = planned(world, as_owner, price_per_kg=3_000_000)
    told = text_of(signed_in(world, "agent", as_owner).get(LOT.format(lot.pk)))
    assert "from a price of" in told
    buyer = text_of(signed_in(world, "hamburg", as_owner).get(LOT.format(lot.pk)))
    assert "at a higher price" in buyer
    assert "from a price of" not in buyer


def test_the_plan_is_taken_away_line_by_line(world, as_owner):
    lot = planned(world, as_owner)
    agent = signed_in(world, "agent", as_owner)
    rows = rows_of(agent.get(f"{LOT.format(lot.pk)}plan/export.xlsx").content)
    with acting_as(world.people["agent"].pk):
        assert len(rows) - 1 == lot.plan.lines.count()  # type: ignore[union-attr]
    assert agent.get(f"{LOT.format(lot.pk)}plan/export.csv").content.startswith(b"\xef\xbb\xbf")
    assert signed_in(world, "kuh", as_owner).get(f"{LOT.format(lot.pk)}plan/export.csv").status_code == 403


def test_a_member_reads_its_own_part_and_says_yes(world, as_owner):
    lot = planned(world, as_owner)
    name = in_plan(world, lot)[0]
    client = signed_in(world, name, as_owner)
    page = text_of(client.get(LOT.format(lot.pk)))
    assert "Do you agree to your part?" in page
    for rival in MEMBERS:
        if rival != name:
            assert f"Firm {rival}" not in page
            assert world.batches[rival].code not in page
    client.post(f"{LOT.format(lot.pk)}answer/", {"is_yes": "yes"})
    with acting_as(world.people[name].pk):
        assert Consent.objects.get().is_yes


def test_a_no_needs_its_reason_and_the_plan_is_made_again_without_that_member(world, as_owner):
    lot = planned(world, as_owner)
    name = in_plan(world, lot)[0]
    client = signed_in(world, name, as_owner)
    assert "say in a few words why not" in text_of(
        client.post(f"{LOT.format(lot.pk)}answer/", {"is_yes": "no"}, follow=True)
    )
    client.post(f"{LOT.format(lot.pk)}answer/", {"is_yes": "no", "reason": "Sold at the door"})
    agent = signed_in(world, "agent", as_owner)
    assert "Sold at the door" in text_of(agent.get(LOT.format(lot.pk)))
    agent.post(f"{LOT.format(lot.pk)}plan/", {"leave_out": "1"})
    again = refreshed(world, lot)
    assert again.plan is not None
    assert again.plan.number == 2
    assert name not in in_plan(world, again)


def test_a_member_without_a_part_cannot_answer(world, as_owner):
    lot = planned(world, as_owner, sources_max=4, mass_max_kg=3_480)
    outside = next(name for name in MEMBERS if name not in in_plan(world, lot))
    client = signed_in(world, outside, as_owner)
    assert "takes none of your drums" in text_of(client.get(LOT.format(lot.pk)))
    answer = client.post(f"{LOT.format(lot.pk)}answer/", {"is_yes": "yes"}, follow=True)
    assert "You have no part in this plan." in text_of(answer)


def test_a_lot_is_agreed_only_when_every_member_said_yes(world, as_owner):
    lot = planned(world, as_owner)
    agent = signed_in(world, "agent", as_owner)
    refused = text_of(agent.post(f"{LOT.format(lot.pk)}agree/"))
    assert "have not said yes" in refused
    for name in in_plan(world, lot):
        data = {"is_yes": "yes", "member": world.firms[name].pk}
        agent.post(f"{LOT.format(lot.pk)}answer/", data)
    assert "This fixes" in text_of(agent.get(f"{LOT.format(lot.pk)}agree/"))
    agent.post(f"{LOT.format(lot.pk)}agree/")
    assert refreshed(world, lot).status == Lot.Status.AGREED


def test_a_planned_lot_is_opened_again_and_its_plan_is_void(world, as_owner):
    lot = planned(world, as_owner)
    agent = signed_in(world, "agent", as_owner)
    assert "The present plan is void" in text_of(agent.get(LOT.format(lot.pk)))
    agent.post(f"{LOT.format(lot.pk)}open/")
    assert refreshed(world, lot).status == Lot.Status.OPEN


def test_the_buyer_sees_its_blend_and_no_member_batch_or_price(world, as_owner):
    lot = planned(world, as_owner)
    page = text_of(signed_in(world, "hamburg", as_owner).get(LOT.format(lot.pk)))
    assert "leaves the least room" in page
    for name in MEMBERS:
        assert f"Firm {name}" not in page
        assert world.batches[name].code not in page
    assert "310,000" not in page
    assert signed_in(world, "dubai", as_owner).get(LOT.format(lot.pk)).status_code == 404


def test_the_officer_reads_totals_of_five_or_more_and_nobodys_own(world, as_owner):
    lot = offered(world)
    page = text_of(signed_in(world, "officer", as_owner).get(LOT.format(lot.pk)))
    assert "<strong>6</strong> members offer <strong>5,220 kg</strong>" in page
    assert not any(f"Firm {name}" in page for name in MEMBERS)


def test_totals_of_few_members_are_not_shown(world, as_owner):
    lot = call(world, [place(world, "hamburg")])
    for name in MEMBERS[:4]:
        offer(world, lot, world.batches[name], name)
    for reader in ("kuh", "officer"):
        page = text_of(signed_in(world, reader, as_owner).get(LOT.format(lot.pk)))
        assert "five or more" in page or "five members or more" in page
        assert "3,480" not in page


def test_cancelling_says_what_it_gives_up_and_needs_a_reason(world, as_owner):
    lot = offered(world)
    agent = signed_in(world, "agent", as_owner)
    assert "Offers that lose their buyer: 6, 5,220 kg; members: 6." in text_of(
        agent.get(f"{LOT.format(lot.pk)}cancel/")
    )
    assert agent.post(f"{LOT.format(lot.pk)}cancel/", {"reason": ""}).status_code == 200
    agent.post(f"{LOT.format(lot.pk)}cancel/", {"reason": "The buyer went away"})
    assert refreshed(world, lot).status == Lot.Status.CANCELLED
    assert "The buyer went away" in text_of(signed_in(world, "kuh", as_owner).get(LOT.format(lot.pk)))
    with acting_as(world.people["agent"].pk):
        assert Order.objects.get().status == Order.Status.OPEN


def test_a_step_at_the_wrong_time_is_refused_with_its_reason(world, as_owner):
    lot = offered(world)
    agent = signed_in(world, "agent", as_owner)
    assert "Only an agreed lot can be delivered" in text_of(agent.get(f"{LOT.format(lot.pk)}deliver/"))
    assert "The lot is now" in text_of(agent.post(f"{LOT.format(lot.pk)}agree/"))
    agent.post(f"{LOT.format(lot.pk)}plan/")
    kuh = signed_in(world, "kuh", as_owner)
    late = kuh.post(f"{LOT.format(lot.pk)}offer/", offer_form(world.batches["spare"]))
    assert "does not take offers now" in text_of(late)
