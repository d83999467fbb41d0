"""The programme with a gauge figure, a submitted self-assessment and one begun."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from tests import maturity, nation
from tests.world import NOW, TODAY, World, found

AsOwner = Callable[[], AbstractContextManager[Any]]


@pytest.fixture
def assessed(as_owner: AsOwner) -> World:
    """The programme beside a founded cluster that has not traded."""
    world = found("lorestan", "agent", as_owner)
    nation.build_nation(world, as_owner, NOW, TODAY)
    maturity.build(world, NOW, TODAY)
    return world


@pytest.fixture
def trading(made_world: World) -> World:
    """The whole small world: six members with a lot and a round settled."""
    return made_world
