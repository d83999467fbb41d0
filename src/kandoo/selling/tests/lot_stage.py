"""What the tests of orders, lots and pay slips share: the small world, signed in, on a fixed day."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from tests.world import MEMBERS, TODAY, World, _add_cast, _harvest, call, found, offer, place

AsOwner = Callable[[], Any]
LOT = "/selling/lots/{}/"


def fix_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages take the world's day for today."""
    real = timezone.localdate
    monkeypatch.setattr(timezone, "localdate", lambda value=None, zone=None: real(value, zone) if value else TODAY)


def harvested(as_owner: AsOwner) -> World:
    """The cast with their tested harvests, nothing traded yet."""
    world = found("lorestan", "agent", as_owner)
    _add_cast(world)
    _harvest(world)
    return world


def offered(world: World, **order: Any) -> Any:
    """An open lot of one order in which all six members offer three drums."""
    lot = call(world, [place(world, "hamburg", **order)])
    for name in MEMBERS:
        offer(world, lot, world.batches[name], name)
    return lot


def signed_in(world: World, name: str, as_owner: AsOwner, language: str = "en") -> Any:
    """A browser of one of the cast."""
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    with as_owner():
        client.force_login(world.people[name])
    return client


def text_of(response: Any) -> str:
    """The page as text."""
    return str(response.content.decode())


def rows_of(content: bytes) -> list[tuple[Any, ...]]:
    """The rows of an Excel file."""
    return list(load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True))


def offer_form(batch: Any, **changed: Any) -> dict[str, Any]:
    """What a member types in an offer, in Persian digits."""
    return {
        "batch": batch.pk,
        "drums": "۲",
        "reserve_per_kg": "۳۲۰٬۰۰۰",
        "transport_per_kg": "",
        "alone_per_kg": "۳۱۰۰۰۰",
        "alone_outlet": "میدان بار",
        "alone_on": "۱۴۰۵/۰۸/۱۰",
        **changed,
    }
