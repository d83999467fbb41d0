"""Calls of the demo: how the honey's agent was found, and a call for trainers that is open today."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from kandoo.credit.models import Contract
from kandoo.demo.nation import LORESTAN, PROGRAMME
from kandoo.programme.models import ClusterFile
from kandoo.tender import actions

if TYPE_CHECKING:
    from kandoo.demo.building import Stage

CRITERIA = (("آشنایی با زنبورداری و استان", 350), ("سابقهٔ راهبری خوشه یا تعاونی", 350), ("برنامهٔ کار پیشنهادی", 300))
HANDING_IN = "دبیرخانهٔ شرکت شهرک‌های صنعتی استان؛ سند فنی و پاکت بستهٔ نرخ جدا از هم. (نمونه)"
NUMBERS = {"عامل نمونهٔ یک": "0012345679", "عامل نمونهٔ دو": "0012345687", "عامل نمونهٔ سه": "0012345695"}  # invented
MARKS = {
    "supervisor": ((85, 80, 90), (70, 75, 80), (40, 55, 60)),
    "deputy": ((80, 85, 85), (75, 70, 70), (50, 45, 60)),
}
PRICES = (600, 560)  # million toman, of those who passed
MILLION = 10_000_000  # rial in a million toman


def _at_two(moment: datetime) -> datetime:
    """Calls close in office hours."""
    return timezone.localtime(moment).replace(hour=14, minute=0, second=0, microsecond=0)


def build(stage: Stage) -> None:
    """One call from publishing to its contract, one still open."""
    with stage.played_by("lorestan") as officer:
        honey = ClusterFile.objects.get(cluster__code=PROGRAMME["code"], product="عسل", province=LORESTAN)
        contract = Contract.objects.filter(file=honey, kind="agent").earliest("signed_on")
        signed = stage.on(contract.signed_on).now
        published, closes = signed - timedelta(days=45), _at_two(signed - timedelta(days=25))
        terms = actions.CallTerms(
            "agent", "عامل توسعهٔ خوشهٔ عسل لرستان", "راهبری سه‌سالهٔ پیاده‌سازی: شبکه‌ها، خرید و فروش مشترک، واگذاری. (نمونه)", HANDING_IN, 300,
            60, closes, CRITERIA,
        )  # fmt: skip
        call = actions.write_call(by=officer, file=honey, terms=terms, now=published)
        call = actions.publish_call(by=officer, call=call, now=published)
        offers = []
        for place, (name, number) in enumerate(NUMBERS.items(), start=1):
            given = actions.OfferTerms(name, number, f"رسید {place}")
            came = closes - timedelta(days=4 - place)
            offers.append(actions.take_offer(by=officer, call=call, terms=given, now=came))
        keys = list(call.criteria.values_list("pk", flat=True))
    for who, rows in MARKS.items():
        with stage.played_by(who) as person:
            for offer, row in zip(offers, rows, strict=True):
                marks = {key: (points, "") for key, points in zip(keys, row, strict=True)}
                actions.mark_offer(by=person, offer=offer, marks=marks, now=closes + timedelta(days=3))
    with stage.played_by("lorestan") as officer:
        call = actions.close_marking(by=officer, call=call)
        prices = {offer.pk: price * MILLION for offer, price in zip(offers, PRICES, strict=False)}
        call = actions.open_prices(by=officer, call=call, prices=prices, now=closes + timedelta(days=6))
        actions.award_call(
            by=officer, offer=offers[0], document="صورت‌جلسهٔ کمیسیون (نمونه)", now=closes + timedelta(days=9)
        )
        actions.link_contract(by=officer, call=call, contract=contract)
        terms = actions.CallTerms(
            "provider", "دورهٔ آموزشی ملکه‌پروری", "سه دورهٔ دوروزه برای ۶۰ زنبوردار در سه شهرستان. (نمونه)", HANDING_IN, 400, 55,
            _at_two(stage.now + timedelta(days=12)), CRITERIA,
        )  # fmt: skip
        open_call = actions.write_call(by=officer, file=honey, terms=terms, now=stage.now - timedelta(days=3))
        actions.publish_call(by=officer, call=open_call, now=stage.now - timedelta(days=3))
