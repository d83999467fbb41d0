"""What the tests of money share: who acts, an order, and what the database refuses."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from kandoo.credit import actions
from kandoo.credit.models import Commitment, PaymentOrder
from kandoo.credit.tests.conftest import ON, Money
from kandoo.site.security import acting_as
from tests.crediting import MILLION
from tests.world import NOW


def by(money: Money, name: str) -> dict[str, Any]:
    return {"by": money.world.people[name], "now": NOW}


def refused(money: Money, name: str, statement: str, values: list[Any], law: str) -> None:
    """The database refuses a statement of somebody who goes past the actions."""
    person = money.world.people[name].pk
    with (
        pytest.raises(DatabaseError, match=law),
        transaction.atomic(),
        acting_as(person),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)
        assert cursor.rowcount, "nothing was touched"
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def order_of(money: Money, commitment: Commitment, millions: int, number: str = "F-1") -> PaymentOrder:
    with money.world.as_("province"):
        return actions.prepare_invoice(
            by=money.world.people["province"],
            commitment=commitment,
            amount=millions * MILLION,
            invoice=actions.Invoice(number, ON),
            now=NOW,
        )
