"""Orders and rates through their pages: placed, found, changed, withdrawn, and whose they are."""

from decimal import Decimal
from typing import Any

import pytest

from kandoo import profiles
from kandoo.ledger.models import ExchangeRate
from kandoo.selling import reading
from kandoo.selling.forms.orders import OrderForm, usual_limits
from kandoo.selling.models import Order
from kandoo.selling.tests.lot_stage import fix_the_day, harvested, offered, rows_of, signed_in, text_of
from kandoo.site.security import acting_as
from tests.world import World, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(as_owner: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    fix_the_day(monkeypatch)
    return harvested(as_owner)


def typed(**changed: Any) -> dict[str, Any]:
    """An order as a buyer abroad types it."""
    return {
        "title": "Light honey for jars",
        "price": "3.20",
        "currency": "EUR",
        "mass_min_kg": "2,000",
        "mass_max_kg": "۳۰۰۰",
        "deliver_by": "2027-01-20",
        "kinds": ["thyme"],
        "standard": "eu",
        "most_moisture": "17.5",
        "drums_min": "1",
        "papers": ["invoice"],
        "note": "",
        **changed,
    }


def orders_of(world: World) -> list[Order]:
    with acting_as(world.people["agent"].pk):
        return list(Order.objects.order_by("pk"))


def test_a_buyer_places_an_order_in_euro_and_the_price_is_kept_in_cents(world, as_owner):
    client = signed_in(world, "hamburg", as_owner)
    answer = client.post("/selling/orders/new/", typed())
    assert answer.status_code == 302
    order = orders_of(world)[0]
    assert (order.price_per_kg, order.currency, order.mass_max_kg) == (320, "EUR", 3000)
    assert order.enterprise == world.firms["hamburg"]
    assert order.limits == {"moisture": [None, 17.5]}
    page = text_of(client.get(answer.url))
    assert "3.20 EUR" in page
    assert "at most 17.5 g/100 g" in page


def test_a_rial_price_is_typed_in_toman_and_kept_in_rial(world, as_owner):
    signed_in(world, "hamburg", as_owner).post("/selling/orders/new/", typed(price="۳۹۵٬۰۰۰", currency="IRR"))
    assert orders_of(world)[0].price_per_kg == 3_950_000


def test_the_agent_places_an_order_for_any_buyer_of_the_cluster(world, as_owner):
    client = signed_in(world, "agent", as_owner)
    assert "Firm dubai" in text_of(client.get("/selling/orders/new/"))
    client.post("/selling/orders/new/", typed(buyer=world.firms["dubai"].pk))
    assert orders_of(world)[0].enterprise == world.firms["dubai"]


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(world, as_owner):
    client = signed_in(world, "hamburg", as_owner)
    page = text_of(
        client.post("/selling/orders/new/", typed(mass_max_kg="1000", price="3.205", note="By road, please"))
    )
    assert "The most mass is below the least mass." in page
    assert "at most two decimals" in page
    assert "By road, please" in page
    assert 'value="17.5"' in page
    assert not orders_of(world)


def test_the_actions_own_reason_stands_in_the_form(world, as_owner):
    page = text_of(signed_in(world, "hamburg", as_owner).post("/selling/orders/new/", typed(deliver_by="2026-01-01")))
    assert "The delivery date has passed." in page
    assert "Light honey for jars" in page


def test_the_limits_asked_first_are_those_the_markets_set():
    assert ("most", "moisture") in usual_limits("honey")
    assert ("most", "hmf") in usual_limits("honey")
    assert ("least", "hmf") not in usual_limits("honey")
    form = OrderForm(profile=profiles.load("honey"))
    assert len(form.usual_fields()) + len(form.other_fields()) == 2 * len(profiles.load("honey").parameters)


def test_an_open_order_is_changed_and_withdrawn_by_its_buyer(world, as_owner):
    order = place(world, "hamburg")
    client = signed_in(world, "hamburg", as_owner)
    client.post(f"/selling/orders/{order.pk}/edit/", typed(title="Dark honey"))
    assert orders_of(world)[0].title == "Dark honey"
    client.post(f"/selling/orders/{order.pk}/withdraw/")
    assert orders_of(world)[0].status == Order.Status.WITHDRAWN


def test_an_order_that_a_lot_holds_is_neither_changed_nor_withdrawn(world, as_owner):
    offered(world)
    order = orders_of(world)[0]
    client = signed_in(world, "hamburg", as_owner)
    page = text_of(client.post(f"/selling/orders/{order.pk}/edit/", typed(title="Dark honey")))
    assert "no longer open" in page
    assert "no longer open" in text_of(client.post(f"/selling/orders/{order.pk}/withdraw/", follow=True))
    assert orders_of(world)[0].title == order.title


def test_another_buyers_order_is_not_there(world, as_owner):
    order = place(world, "hamburg")
    client = signed_in(world, "dubai", as_owner)
    for path in ("", "edit/"):
        assert client.get(f"/selling/orders/{order.pk}/{path}").status_code == 404
    assert client.post(f"/selling/orders/{order.pk}/withdraw/").status_code == 404
    assert order.title not in text_of(client.get("/selling/orders/"))


def test_a_member_sees_an_order_once_a_lot_is_to_fill_it_and_may_not_keep_it(world, as_owner):
    order = place(world, "hamburg")
    client = signed_in(world, "kuh", as_owner)
    assert client.get(f"/selling/orders/{order.pk}/").status_code == 404
    assert client.get("/selling/orders/new/").status_code == 403
    offered(world)
    held = orders_of(world)[1]
    assert client.get(f"/selling/orders/{held.pk}/").status_code == 200
    assert client.get(f"/selling/orders/{held.pk}/edit/").status_code == 403


def test_orders_are_found_by_title_buyer_and_state_and_taken_away(world, as_owner):
    place(world, "hamburg", title="عسل روشن")
    place(world, "dubai", title="عسل تیره")
    client = signed_in(world, "agent", as_owner)
    assert "عسل تیره" not in text_of(client.get("/selling/orders/?q=روشن"))
    assert "عسل تیره" not in text_of(client.get("/selling/orders/?q=hamburg"))
    assert "No order matches" in text_of(client.get("/selling/orders/?state=filled"))
    first = text_of(client.get("/selling/orders/?sort=-code"))
    assert first.index("عسل تیره") < first.index("عسل روشن")
    rows = rows_of(client.get("/selling/orders/export.xlsx?q=روشن").content)
    assert [row[1] for row in rows] == ["Title", "عسل روشن"]
    assert client.get("/selling/orders/export.pdf").status_code == 404


def test_the_agent_writes_down_a_dated_rate_and_the_others_read_it(world, as_owner):
    rate = {"currency": "USD", "rial": "۱۱۰٬۰۰۰", "on": "1405/09/01", "source": "بانک مرکزی"}
    signed_in(world, "agent", as_owner).post("/selling/rates/", rate)
    with acting_as(world.people["agent"].pk):
        assert ExchangeRate.objects.get(currency="USD").rial == 1_100_000
    reader = signed_in(world, "kuh", as_owner)
    assert "110,000 toman" in text_of(reader.get("/selling/rates/"))
    assert reader.post("/selling/rates/", rate).status_code == 403


def test_the_page_of_a_planned_order_says_how_near_its_blend_is_and_names_no_member(world, as_owner):
    lot = offered(world)
    signed_in(world, "agent", as_owner).post(f"/selling/lots/{lot.pk}/plan/")
    order = orders_of(world)[0]
    page = text_of(signed_in(world, "hamburg", as_owner).get(f"/selling/orders/{order.pk}/"))
    assert "leaves the least room" in page
    assert "Samples to test" in page
    assert "Firm kuh" not in page
    assert "310,000" not in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"change": "hmf_max", "from": 10.0, "to": 12.5}, "HMF rises from 10 mg/kg to 12.5 mg/kg"),
        ({"change": "mass_min_kg", "from": 3000, "to": 2900}, "least mass falls from 3,000 to 2,900 kg"),
        ({"change": "tests", "from": "proline"}, "Proline is tested in more batches"),
        ({"change": "tests", "from": "proline", "to": ["B-1"]}, "Proline is tested in batches B-1"),
        ({"change": "price_per_kg", "from": 3_000_000}, "at a higher price"),
        ({"change": "kinds", "from": ["thyme"], "to": ["thyme", "citrus"]}, "also takes: Citrus"),
        ({"change": "refused_in_eu_max", "from": 0.0, "to": 1.0}, "another market takes"),
    ],
)
def test_the_smallest_change_is_a_plain_sentence(change, words, settings):
    settings.LANGUAGE_CODE = "en"
    from django.utils import translation

    with translation.override("en"):
        assert words in reading.nearest_change(profiles.load("honey"), change)


def test_a_price_keeps_its_decimals_when_it_is_shown_again(world):
    order = place(world, "hamburg", price_per_kg=320, currency="EUR")
    form = OrderForm(profile=profiles.load("honey"), order=order)
    assert form["price"].value() in ("3.2", Decimal("3.2"))
