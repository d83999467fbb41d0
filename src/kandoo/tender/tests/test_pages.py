"""The pages of calls, as an officer, a supervisor, an agent and a citizen open them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kandoo.tender.models import Call
from tests import nation, tender
from tests.world import NOW, TODAY, World, found

pytestmark = pytest.mark.django_db
AsOwner = Callable[[], AbstractContextManager[Any]]
NEW: dict[str, Any] = {
    "kind": "provider", "title": "آموزش ملکه‌پروری", "scope": "دو دوره", "handing_in": "دبیرخانه", "closes_on": "2100-01-01",
    "closes_hour": "۱۴", "criteria-0-name": "سابقه", "criteria-0-weight": "۶۰", "criteria-1-name": "برنامه", "criteria-1-weight": "40",
    "floor": "60", "price_weight": "30",
}  # fmt: skip


@pytest.fixture
def world(as_owner: AsOwner) -> World:
    made = found("lorestan", "agent", as_owner)
    nation.build_nation(made, as_owner, NOW, TODAY)
    return made


def post(client: Client, path: str, **values: Any) -> str:
    answer = client.post(path, values, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_officer_writes_publishes_and_takes_an_offer_in(world: World) -> None:
    client = world.client("province")
    path = f"/tender/new/?file={world.files['honey'].pk}"
    assert "پیش‌نویس" in post(client, path, **NEW)
    with world.as_("province"):
        call = Call.objects.get()
    assert Client().get(f"/open/calls/{call.number}/").status_code == 404
    assert "منتشر شد" in post(client, f"/tender/{call.pk}/publish/")
    text = Client().get(f"/open/calls/{call.number}/").content.decode()
    assert "آموزش ملکه‌پروری" in text and "۶۰ درصد" in text
    offer = {"name": "شرکت نمونه", "national_number": "۱۲۳", "document": "رسید ۱"}
    assert "۱۰ رقم" in post(client, f"/tender/{call.pk}/offers/new/", **offer)
    assert "شرکت نمونه" in post(client, f"/tender/{call.pk}/offers/new/", **offer | {"national_number": "۱۴۰۰۱۲۳۴۵۶۷"})
    assert "شرکت نمونه" not in Client().get(f"/open/calls/{call.number}/").content.decode()


def test_a_fault_in_a_row_of_criteria_names_its_row_and_keeps_what_was_typed(world: World) -> None:
    client = world.client("province")
    path = f"/tender/new/?file={world.files['honey'].pk}"
    text = post(client, path, **NEW | {"criteria-1-weight": "خیلی"})
    assert "ردیف ۲" in text and "ملکه‌پروری" in text and 'value="برنامه"' in text
    assert "۹۰ درصد" in post(client, path, **NEW | {"criteria-1-weight": "30"})
    with world.as_("province"):
        assert not Call.objects.exists()


def test_from_marks_to_the_choice(world: World) -> None:
    tender.closed(world, timezone.now() + timedelta(seconds=-1))
    officer = world.client("province")
    with world.as_("province"):
        call = Call.objects.get()
        first, second, _third = call.offers.all()
    assert "بستن نمره‌دهی" in officer.get(f"/tender/{call.pk}/").content.decode()
    post(officer, f"/tender/{call.pk}/marked/")
    prices = {f"price_{first.pk}": "۹۰٬۰۰۰٬۰۰۰", f"price_{second.pk}": "80000000"}
    text = post(officer, f"/tender/{call.pk}/prices/", **prices)
    assert "نمونه یک" in text and "نخست" in text
    text = post(officer, f"/tender/{call.pk}/choose/", offer=second.pk, document="ص ۳")
    assert "دلیل" in text
    text = post(officer, f"/tender/{call.pk}/choose/", offer=first.pk, document="ص ۳")
    assert "۹۰٬۰۰۰٬۰۰۰ تومان" in text
    assert "نمونه یک" in Client().get("/open/calls/").content.decode()
    for form in ("csv", "xlsx"):  # with the moment each offer came in, which a spreadsheet holds without a zone
        assert officer.get(f"/tender/{call.pk}/?as={form}").status_code == 200
    english = officer.get(f"/tender/{call.pk}/", headers={"accept-language": "en"})
    assert english.status_code == 200


def test_agents_and_others_provinces_read_no_call(world: World) -> None:
    call = tender.published(world, "فراخوان", timezone.now())
    assert world.client("agent").get(f"/tender/{call.pk}/").status_code in (403, 404)
    assert world.client("elsewhere").get(f"/tender/{call.pk}/").status_code == 404
    assert world.client("supervisor").get(f"/tender/{call.pk}/").status_code == 200
    assert world.client("supervisor").post(f"/tender/{call.pk}/cancel/", {"reason": "x"}).status_code == 403


def test_open_data_of_calls(world: World) -> None:
    tender.call_for_offers(world, timezone.now())
    rows = Client().get("/open/calls.json").json()["rows"]
    assert {each["title"] for each in rows} == {"فراخوان عامل", "فراخوان باز"}
    assert Client().get("/open/calls.csv").content.decode("utf-8-sig").startswith("number,kind,title")
