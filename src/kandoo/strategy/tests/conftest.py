"""A programme with three files, a year of money on honey, and a whole study that is still being written."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from kandoo.results.actions import take_shipped_indicators
from kandoo.strategy.models import Diagnosis
from kandoo.strategy.queries.rows import Holder
from tests import crediting, nation, strategy
from tests.world import NOW, TODAY, World, found


@dataclass
class Stage:
    """The world and honey's study."""

    world: World
    study: Holder

    @property
    def diagnosis(self) -> Diagnosis:
        assert self.study.diagnosis is not None
        return self.study.diagnosis


@pytest.fixture
def funded(as_owner: Callable[[], Any]) -> World:
    world = found("lorestan", "agent", as_owner)
    nation.found_nation(world, as_owner)
    world.files["honey"] = nation.open_file(world, "province", nation.terms("عسل لرستان", "عسل"), TODAY)
    world.files["stone"] = nation.open_file(world, "province", nation.terms("سنگ ازنا", "سنگ"), TODAY)
    world.files["saffron"] = nation.open_file(world, "elsewhere", nation.terms("زعفران", "زعفران", "IR-10"), TODAY)
    crediting.fund(world, NOW, TODAY)
    with world.as_("nation"):
        take_shipped_indicators(by=world.people["nation"], programme=world.programme)
    return world


@pytest.fixture
def stage(funded: World) -> Stage:
    return Stage(funded, strategy.study(funded, funded.files["honey"], NOW))
