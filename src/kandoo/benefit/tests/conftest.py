"""The small world for the account's tests: one lot settled with evidence, one open."""

from collections.abc import Callable
from typing import Any

import pytest

from kandoo.selling.tests.lot_stage import fix_the_day
from tests.world import World, make_world


@pytest.fixture
def world(as_owner: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> World:
    """A settled lot of six and an open one, on the world's day."""
    fix_the_day(monkeypatch)
    return make_world(as_owner)
