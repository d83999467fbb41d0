"""The pages of goods and money, in Persian, each for who may open it: from what arrives to the bill on paper."""

import re
from typing import Any

import pytest
from django.urls import reverse

from kandoo.buying.models import Arrival, Bill, HandOut, Invoice, OrderLine, PurchaseOrder, Return, Round
from kandoo.buying.tests.goods_stage import agreed, bring, divide, hand_out, invoice, pay_ahead, settled
from kandoo.buying.tests.stage import Stage, fix_the_day, rows_of, signed_in, staged, text_of

pytestmark = pytest.mark.django_db
TODAY_TYPED = "1405/09/01"


@pytest.fixture
def stage(as_owner: Any, monkeypatch: pytest.MonkeyPatch) -> Stage:
    fix_the_day(monkeypatch)
    return staged(as_owner)


def test_the_keeper_enters_what_came_on_a_phone_and_the_agent_divides_it(stage: Stage, as_owner: Any) -> None:
    this = agreed(stage)
    keeper = signed_in(stage, "bagh", as_owner, "fa")
    url = reverse("buying:arrivals", args=[this.pk])
    page = text_of(keeper.get(url))
    assert "ثبت آنچه رسید" in page and "پایان تحویل‌گیری" not in page
    with stage.as_("agent"):
        lines = {each.item.code: each for each in OrderLine.objects.filter(order__round=this).select_related("item")}
    typed = {f"good_{line.pk}": line.quantity for line in lines.values()} | {"on": TODAY_TYPED, "note": "یک کیسه پاره"}
    typed |= {f"good_{lines['sugar'].pk}": "۵۰۰", f"broken_{lines['sugar'].pk}": "۵۰"}
    assert keeper.post(url, typed | {f"good_{lines['wax'].pk}": -1}).status_code == 200
    assert keeper.post(url, typed).status_code == 302
    with stage.as_("agent"):
        assert Arrival.objects.get(line=lines["sugar"]).broken == 50
    agent = signed_in(stage, "agent", as_owner, "fa")
    page = text_of(agent.get(reverse("buying:divide", args=[this.pk])))
    assert "سطر کم می‌آید" in page
    assert agent.post(reverse("buying:divide", args=[this.pk])).status_code == 302
    with stage.as_("agent"):
        assert Round.objects.get(pk=this.pk).status == "delivered"
    assert keeper.get(reverse("buying:divide", args=[this.pk])).status_code == 403


def test_a_mistyped_arrival_is_taken_back_on_the_page(stage: Stage, as_owner: Any) -> None:
    this = agreed(stage)
    bring(stage, this, by="bagh")
    with stage.as_("agent"):
        row = Arrival.objects.filter(line__item__code="wax").get()
    keeper = signed_in(stage, "bagh", as_owner)
    assert keeper.post(reverse("buying:arrival_take_back", args=[this.pk, row.pk])).status_code == 302
    member = signed_in(stage, "kuh", as_owner)
    assert member.get(reverse("buying:arrivals", args=[this.pk])).status_code == 404
    assert member.post(reverse("buying:arrival_take_back", args=[this.pk, row.pk])).status_code == 404


def test_members_take_their_goods_and_give_some_back(stage: Stage, as_owner: Any) -> None:
    this = agreed(stage)
    bring(stage, this, sugar=500)
    divide(stage, this)
    url = reverse("buying:hand_out", args=[this.pk])
    member = signed_in(stage, "kuh", as_owner, "fa")
    page = text_of(member.get(reverse("buying:round", args=[this.pk])))
    assert "همه را تحویل گرفتم" in page and "باقی کم آمد" in page
    with stage.as_("agent"):
        own = list(HandOut.objects.filter(enterprise=stage.firms["kuh"]).values_list("pk", flat=True))
        others = list(HandOut.objects.exclude(enterprise=stage.firms["kuh"]).values_list("pk", flat=True))
    assert member.post(url, {"row": others, "how": "self"}).status_code == 404
    assert member.post(url, {"row": own, "how": "signature"}).status_code == 404
    assert member.post(url, {"row": own, "how": "self"}).status_code == 302
    keeper = signed_in(stage, "bagh", as_owner, "fa")
    page = text_of(keeper.get(url))
    assert "همه فهرست را امضا کردند" in page
    assert keeper.post(url, {"row": others, "how": "phone"}).status_code == 302
    assert "همه‌چیز تحویل شده است" in text_of(keeper.get(url))
    with stage.as_("agent"):
        place = this.places.get(point__code="shahr")
    for language in ("fa", "en"):
        paper = keeper.get(reverse("buying:hand_out_pdf", args=[this.pk, place.pk]) + f"?language={language}")
        assert paper.content.startswith(b"%PDF")
    assert member.get(reverse("buying:hand_out_pdf", args=[this.pk, place.pk])).status_code == 404
    returns = reverse("buying:returns", args=[this.pk])
    typed = {"row": own[0], "quantity": "۱", "reason": "پاره", "on": TODAY_TYPED}
    assert member.post(returns, typed | {"quantity": "99999"}).status_code == 200
    assert member.post(returns, typed).status_code == 302
    with stage.as_("agent"):
        assert Return.objects.get().quantity == 1


def test_the_supplier_reads_its_own_order_and_sends_its_invoice(stage: Stage, as_owner: Any) -> None:
    this = agreed(stage)
    bring(stage, this)
    with stage.as_("agent"):
        own = PurchaseOrder.objects.get(round=this, enterprise=stage.firms["qand"])
        other = PurchaseOrder.objects.get(round=this, enterprise=stage.firms["jars"])
    supplier = signed_in(stage, "qand", as_owner, "fa")
    assert supplier.get(reverse("buying:order", args=[other.pk])).status_code == 404
    assert "فرستادن فاکتور" in text_of(supplier.get(reverse("buying:order", args=[own.pk])))
    for language in ("fa", "en"):
        assert supplier.get(reverse("buying:order_pdf", args=[own.pk, language])).content.startswith(b"%PDF")
    rows = rows_of(supplier.get(reverse("buying:order_export", args=[own.pk, "xlsx"])).content)
    assert len(rows) == 3
    url = reverse("buying:invoice", args=[own.pk])
    with stage.as_("agent"):
        (line,) = own.lines.all()
    typed = {"number": "۱۲۳", "on": TODAY_TYPED, "delivery": "0", f"line_{line.pk}": "1000000", "remark": ""}
    assert supplier.post(url, typed | {f"line_{line.pk}": ""}).status_code == 200
    assert supplier.post(url, typed).status_code == 302
    with stage.as_("agent"):
        assert Invoice.objects.get().total == 10_000_000
    assert "پس گرفتن این فاکتور" in text_of(supplier.get(reverse("buying:order", args=[own.pk])))
    assert supplier.post(reverse("buying:invoice_take_back", args=[own.pk])).status_code == 302
    assert "سفارش" in text_of(supplier.get(reverse("buying:orders")))


def test_the_agent_settles_what_is_ready_and_is_told_what_is_missing(stage: Stage, as_owner: Any) -> None:
    this = agreed(stage)
    bring(stage, this)
    divide(stage, this)
    agent = signed_in(stage, "agent", as_owner, "fa")
    url = reverse("buying:settle", args=[this.pk])
    assert "کارهای مانده" in text_of(agent.get(url))
    hand_out(stage, this)
    assert "بی‌فاکتور" in text_of(agent.get(reverse("buying:invoices", args=[this.pk])))
    invoice(stage, this, sugar=900_000_000)
    page = text_of(agent.get(url))
    assert "اندوختهٔ خوشه آن را بپردازد" in page
    assert agent.post(url).status_code == 200
    assert agent.post(url, {"cover": "on"}).status_code == 302
    with stage.as_("agent"):
        assert Bill.objects.count() == 6


def test_each_member_reads_its_bill_its_statement_and_its_saving(stage: Stage, as_owner: Any) -> None:
    this = settled(stage, deposit_percent=20)
    with stage.as_("agent"):
        own = Bill.objects.get(enterprise=stage.firms["kuh"])
        other = Bill.objects.get(enterprise=stage.firms["rud"])
    member = signed_in(stage, "kuh", as_owner, "fa")
    assert member.get(reverse("buying:bill", args=[other.pk])).status_code == 404
    page = text_of(member.get(reverse("buying:bill", args=[own.pk])))
    assert "صرفه" in page and not re.search(
        r"[A-Za-z]{4,} [A-Za-z]{4,}", re.sub(r"<[^>]*>", " ", page.split("<main")[1])
    )
    for language in ("fa", "en"):
        assert member.get(reverse("buying:bill_pdf", args=[own.pk, language])).content.startswith(b"%PDF")
    assert "صورتحساب" in text_of(member.get(reverse("buying:bills")))
    assert "صورتحساب" in text_of(member.get(reverse("ledger:statement")))
    assert "خرید پاییز" in text_of(member.get("/benefit/"))
    assert member.get(reverse("benefit:joint", args=["rounds", this.pk])).status_code == 302
    for name in ("agent", "auditor"):
        client = signed_in(stage, name, as_owner, "fa")
        for url in (
            reverse("buying:bills"),
            reverse("buying:round", args=[this.pk]),
            reverse("buying:arrivals", args=[this.pk]),
            reverse("buying:hand_out", args=[this.pk]),
            reverse("buying:returns", args=[this.pk]),
            reverse("buying:invoices", args=[this.pk]),
            reverse("buying:deposits", args=[this.pk]),
            reverse("buying:orders"),
            reverse("benefit:joint", args=["rounds", this.pk]),
            reverse("benefit:alone", args=["rounds", this.pk, stage.firms["kuh"].pk]),
            reverse("ledger:journal"),
        ):
            assert client.get(url).status_code == 200, url
    assert len(rows_of(signed_in(stage, "agent", as_owner).get(reverse("buying:bills") + "?form=xlsx").content)) == 7


def test_deposits_are_entered_and_taken_back_on_the_page(stage: Stage, as_owner: Any) -> None:
    this = agreed(stage)
    agent = signed_in(stage, "agent", as_owner, "fa")
    url = reverse("buying:deposits", args=[this.pk])
    typed = {"member": stage.firms["kuh"].pk, "amount": "۵۰۰٬۰۰۰", "document": "رسید ۱", "on": TODAY_TYPED}
    assert agent.post(url, typed | {"on": "1420/01/01"}).status_code == 200
    assert agent.post(url, typed).status_code == 302
    assert "۵۰۰٬۰۰۰" in text_of(signed_in(stage, "kuh", as_owner, "fa").get(url))
    with stage.as_("agent"):
        row = pay_ahead(stage, this, stage.firms["rud"], 7_000)
    assert agent.post(reverse("buying:deposit_take_back", args=[row.pk])).status_code == 302
    assert "رسید ۱" not in text_of(signed_in(stage, "rud", as_owner, "fa").get(url))
