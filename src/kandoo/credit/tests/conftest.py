"""A programme with its people and three files, and a year of money on the honey file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from kandoo.credit.models import Activity, Commitment, CreditLine, FiscalYear, Payee
from kandoo.engine.budget import CostShares
from tests import crediting, nation
from tests.crediting import MILLION
from tests.world import NOW, TODAY, World, found


@dataclass
class Money:
    """A line with 1,000 approved and 600 allocated (million toman), what it is for and who is paid."""

    world: World
    year: FiscalYear
    line: CreditLine
    agent: Activity
    training: Activity
    payee: Payee

    def commit(self, millions: int = 100, **more: Any) -> Commitment:
        """A training of which the members bear half."""
        shares = CostShares(millions * MILLION, millions * MILLION)
        return crediting.commit(self.world, self.line, self.training, self.payee, shares, ON, NOW, **more)

    def state(self) -> tuple[int, int, int, int]:
        """Approved, allocated, committed, paid in million toman."""
        with self.world.as_("treasurer"):
            line = CreditLine.objects.get(pk=self.line.pk)
        return tuple(each // MILLION for each in (line.approved, line.allocated, line.committed, line.paid))  # type: ignore[return-value]


ON = date(2026, 6, 1)


@pytest.fixture
def programme(as_owner: Callable[[], Any]) -> World:
    world = found("lorestan", "agent", as_owner)
    nation.found_nation(world, as_owner)
    world.files["honey"] = nation.open_file(world, "province", nation.terms("عسل لرستان", "عسل"), TODAY)
    world.files["stone"] = nation.open_file(world, "province", nation.terms("سنگ ازنا", "سنگ"), TODAY)
    world.files["saffron"] = nation.open_file(world, "elsewhere", nation.terms("زعفران", "زعفران", "IR-10"), TODAY)
    return world


@pytest.fixture
def money(programme: World) -> Money:
    crediting.set_rules(programme)
    year = crediting.open_year(programme, 1405, NOW)
    line = crediting.open_line(programme, year, 1_000 * MILLION, NOW)
    crediting.allocate(programme, line, 600 * MILLION, ON, NOW)
    agent, training = crediting.plan(programme, "A1", "agent"), crediting.plan(programme, "A2", "training")
    payee = crediting.add_payee(programme, "14000000012", "آموزشگاه نمونه")
    return Money(programme, year, line, agent, training, payee)
