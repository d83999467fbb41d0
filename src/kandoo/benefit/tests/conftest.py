"""The small world for the account's tests: one lot settled with evidence, one open."""

import pytest

from kandoo.selling.tests.lot_stage import fix_the_day
from tests.world import World


@pytest.fixture
def world(made_world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A settled lot of six and an open one, on the world's day."""
    fix_the_day(monkeypatch)
    return made_world
