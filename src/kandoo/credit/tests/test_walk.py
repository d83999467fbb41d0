"""Random movements through the actions and the database: at every moment the line is where the law says."""

import random
from collections.abc import Callable
from datetime import date

import pytest

from kandoo.credit import actions
from kandoo.credit.models import Commitment, CreditLine
from kandoo.credit.problems import NotPossible
from kandoo.credit.tests.conftest import ON, Money
from kandoo.engine.budget import CostShares, Kind, LineState, OverCeiling
from tests import crediting
from tests.crediting import LETTER, MILLION
from tests.world import NOW

pytestmark = pytest.mark.django_db
STEPS = 45


class Walker:
    """Takes random steps, and keeps beside the database what the engine says of them."""

    def __init__(self, money: Money, seed: int) -> None:
        self.money, self.world, self.random = money, money.world, random.Random(seed)
        self.state = LineState(1_000 * MILLION, 600 * MILLION)
        self.made: list[Commitment] = []
        self.invoices = 0

    def amount(self) -> int:
        return self.random.randint(1, 300) * MILLION

    def allocated(self, amount: int) -> None:
        crediting.allocate(self.world, self.money.line, amount, ON, NOW)

    def returned(self, amount: int) -> None:
        with self.world.as_("treasurer"):
            actions.return_allocation(
                by=self.world.people["treasurer"], line=self.money.line, amount=amount, on=ON, now=NOW, grounds=LETTER
            )

    def committed(self, amount: int) -> None:
        shares = CostShares(amount, amount)
        made = crediting.commit(self.world, self.money.line, self.money.training, self.money.payee, shares, ON, NOW)
        self.made.append(made)

    def released(self, amount: int) -> None:
        self._back(actions.release_commitment, amount)

    def refunded(self, amount: int) -> None:
        self._back(actions.refund, amount)

    def _back(self, action: Callable[..., object], amount: int) -> None:
        if not self.made:
            raise NotPossible("nothing is committed")
        treasurer = self.world.people["treasurer"]
        bound = self.random.choice(self.made)
        with self.world.as_("treasurer"):
            action(by=treasurer, commitment=bound, amount=amount, on=ON, now=NOW, grounds=LETTER)

    def paid(self, amount: int) -> None:
        if not self.made:
            raise NotPossible("nothing is committed")
        self.invoices += 1
        with self.world.as_("province"):
            order = actions.prepare_invoice(
                by=self.world.people["province"],
                commitment=self.random.choice(self.made),
                amount=amount,
                invoice=actions.Invoice(f"F-{self.invoices}", date(2026, 6, 2)),
                now=NOW,
            )
        crediting.pay(self.world, order, ON, NOW)

    def step(self) -> bool:
        """One random step; whether it was taken."""
        kinds: tuple[Kind, ...] = (
            "allocated",
            "returned",
            "committed",
            "committed",
            "released",
            "paid",
            "paid",
            "refunded",
        )
        kind, amount = self.random.choice(kinds), self.amount()
        try:
            getattr(self, kind)(amount)
        except NotPossible:
            return False
        try:
            self.state = self.state.after(kind, amount)
        except OverCeiling:
            pytest.fail(f"the database took {kind} {amount} and the law does not")
        return True


@pytest.mark.parametrize("seed", [1, 7, 1405])
def test_the_line_is_where_the_law_says_after_every_step(money: Money, seed: int) -> None:
    walker = Walker(money, seed)
    taken = 0
    for _step in range(STEPS):
        taken += walker.step()
        with money.world.as_("treasurer"):
            line = CreditLine.objects.get(pk=money.line.pk)
            assert line.state == walker.state
            bound = [(each.committed, each.paid) for each in Commitment.objects.filter(line=line)]
        assert sum(committed for committed, _paid in bound) == line.committed
        assert sum(paid for _committed, paid in bound) == line.paid
        assert all(0 <= paid <= committed for committed, paid in bound)
    assert 10 < taken < STEPS  # some were taken, some refused
