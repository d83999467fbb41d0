"""Calls in the small world: one awarded with marks and prices, one open with a sealed offer, one draft."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kandoo.tender import actions
from kandoo.tender.models import Call, Offer

if TYPE_CHECKING:
    from tests.world import World

CRITERIA = (("شناخت خوشه", 600), ("برنامه کار", 400))
NUMBERS = {"نمونه یک": "0012345679", "نمونه دو": "0012345687", "نمونه سه": "0012345695"}


def terms(title: str, closes_at: datetime, **more: object) -> actions.CallTerms:
    """What a call says, as an officer writes it."""
    usual = {
        "kind": "agent", "title": title, "scope": "یافتن و راهبری خوشه", "handing_in": "دبیرخانه، پاکت بسته",
        "price_weight": 300, "floor": 60, "closes_at": closes_at, "criteria": CRITERIA,
    }  # fmt: skip
    return actions.CallTerms(**(usual | more))  # type: ignore[arg-type]


def published(world: World, title: str, now: datetime, days: int = 10) -> Call:
    """A call that closes after some days."""
    with world.as_("province"):
        by = world.people["province"]
        call = actions.write_call(
            by=by, file=world.files["honey"], terms=terms(title, now + timedelta(days=days)), now=now
        )
        return actions.publish_call(by=by, call=call, now=now)


def offered(world: World, call: Call, name: str, now: datetime) -> Offer:
    """An offer of one of three invented people."""
    with world.as_("province"):
        given = actions.OfferTerms(name, NUMBERS[name], f"رسید {name}")
        return actions.take_offer(by=world.people["province"], call=call, terms=given, now=now)


def marked(world: World, who: str, offer: Offer, points: tuple[int, int], now: datetime) -> None:
    """The marks of one person on both criteria."""
    with world.as_(who):
        keys = list(offer.call.criteria.values_list("pk", flat=True))
        marks = {key: (each, "") for key, each in zip(keys, points, strict=True)}
        actions.mark_offer(by=world.people[who], offer=offer, marks=marks, now=now)


def closed(world: World, now: datetime) -> Call:
    """A call closed now with three marked offers, the third below the floor."""
    before = now - timedelta(days=10)
    call = published(world, "فراخوان عامل", before)
    offers = [offered(world, call, name, before) for name in NUMBERS]
    for who, rows in {"supervisor": ((90, 80), (70, 70), (40, 50)), "chair": ((80, 80), (60, 80), (50, 40))}.items():
        for offer, points in zip(offers, rows, strict=True):
            marked(world, who, offer, points, now)
    return call


def call_for_offers(world: World, now: datetime) -> None:
    """At least one row of each table of the room."""
    call = closed(world, now)
    with world.as_("province"):
        by = world.people["province"]
        call = actions.close_marking(by=by, call=call)
        first, second, _third = call.offers.all()
        actions.open_prices(by=by, call=call, prices={first.pk: 900_000_000, second.pk: 800_000_000}, now=now)
        actions.award_call(by=by, offer=first, document="صورت‌جلسهٔ ۱۲", now=now)
        actions.write_call(by=by, file=world.files["honey"], terms=terms("پیش‌نویس", now + timedelta(days=5)), now=now)
    offered(world, published(world, "فراخوان باز", now), "نمونه دو", now)
