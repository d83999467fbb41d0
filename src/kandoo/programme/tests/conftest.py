"""The programme beside a founded cluster, without the trade of the whole small world."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from tests import nation
from tests.world import NOW, TODAY, World, found

AsOwner = Callable[[], AbstractContextManager[Any]]


@pytest.fixture
def nation_world(as_owner: AsOwner) -> World:
    """The programme with honey at feasibility on a condition, stone waiting, saffron elsewhere."""
    world = found("lorestan", "agent", as_owner)
    nation.build_nation(world, as_owner, NOW, TODAY)
    return world


@pytest.fixture
def empty_nation(as_owner: AsOwner) -> World:
    """The programme and its people; nothing on file."""
    world = found("lorestan", "agent", as_owner)
    nation.found_nation(world, as_owner)
    return world
