"""The books: balanced or not at all, never changed, each fact once, and a mistake reversed."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.db.utils import DatabaseError

from kandoo.engine import books, posting_rules
from kandoo.ledger import actions, queries
from kandoo.ledger.models import Entry, Leg
from kandoo.site import security
from kandoo.trace.tests.conftest import AsOwner
from kandoo.trace.tests.staging import TODAY, Stage

pytestmark = pytest.mark.django_db


def cost(source: str = "lot/1/cost/99") -> books.Entry:
    return posting_rules.lot_cost(source=source, lot="1", supplier="outside/INV-9", amount=700)


def write(stage: Stage, *legs: tuple[str, int], source: str = "made/up") -> None:
    """Write an entry past the posting rules, and let the database judge it as at commit."""
    agent = stage.people["agent"]
    row = Entry.objects.create(cluster=stage.cluster, rule="lot_cost", source=source, on=TODAY, posted_by=agent)
    for account, amount in legs:
        Leg.objects.create(cluster=stage.cluster, entry=row, account=account, amount=amount, currency="IRR")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "legs", [(("bank", 5), ("payable", -4)), (("bank", 5),), (), (("bank", 5), ("bank", -5), ("fees", 1))]
)
def test_the_database_refuses_an_entry_that_does_not_balance(stage: Stage, legs: tuple[tuple[str, int], ...]) -> None:
    with (
        security.acting_as(stage.people["agent"].pk),
        pytest.raises(DatabaseError, match=r"out of balance|fewer than two legs"),
        transaction.atomic(),
    ):
        write(stage, *legs)


def test_the_database_takes_a_balanced_one(stage: Stage) -> None:
    with security.acting_as(stage.people["agent"].pk):
        write(stage, ("bank", 5), ("payable", -5))
        assert Leg.objects.aggregate(sum=Sum("amount"))["sum"] == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_leg SET amount = amount + 1",
        "DELETE FROM ledger_leg",
        "UPDATE ledger_entry SET reason = 'x', \"on\" = current_date",
        "DELETE FROM ledger_entry",
    ],
)
def test_a_leg_or_an_entry_is_never_changed_or_deleted(settled: Stage, statement: str, as_owner: AsOwner) -> None:
    with (
        security.acting_as(settled.people["agent"].pk),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    with as_owner() as cursor, pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        cursor.execute(statement)


def test_a_fact_posted_twice_is_one_entry(stage: Stage) -> None:
    agent = stage.people["agent"]
    with security.acting_as(agent.pk):
        first = actions.post(by=agent, cluster_id=stage.cluster.pk, entry=cost(), on=TODAY)
        again = actions.post(by=agent, cluster_id=stage.cluster.pk, entry=cost(), on=date(2026, 12, 1))
        assert first == again
        assert (Entry.objects.count(), Leg.objects.count()) == (1, 2)


def test_a_reversed_entry_and_its_twin_come_to_nothing(settled: Stage) -> None:
    agent = settled.people["agent"]
    with security.acting_as(agent.pk):
        for entry in Entry.objects.all():
            before = list(entry.legs.values_list("account", "enterprise", "lot", "amount", "currency"))
            twin = actions.reverse(by=agent, entry=entry, reason="آزمایش", on=TODAY)
            mirrored = list(twin.legs.values_list("account", "enterprise", "lot", "amount", "currency"))
            undone = [(*leg[:3], -leg[3], leg[4]) for leg in mirrored]
            assert sorted(undone, key=str) == sorted(before, key=str)
            assert twin.reverses == entry
        balances = queries.trial_balance(Entry.objects.all())
        assert all(each.balance == 0 for each in balances.accounts)


def test_reversing_twice_is_one_reversal(settled: Stage) -> None:
    agent = settled.people["agent"]
    with security.acting_as(agent.pk):
        entry = Entry.objects.order_by("pk")[0]
        count = Entry.objects.count()
        first = actions.reverse(by=agent, entry=entry, reason="بار نخست", on=TODAY)
        again = actions.reverse(by=agent, entry=entry, reason="بار دوم", on=TODAY)
        assert first == again
        assert Entry.objects.count() == count + 1


def test_a_reversal_is_not_reversed(settled: Stage) -> None:
    agent = settled.people["agent"]
    with security.acting_as(agent.pk):
        twin = actions.reverse(by=agent, entry=Entry.objects.order_by("pk")[0], reason="نادرست", on=TODAY)
        with pytest.raises(ValueError, match="not reversed"):
            actions.reverse(by=agent, entry=twin, reason="باز هم", on=TODAY)


def test_the_trial_balance_of_a_settled_lot_is_zero(settled: Stage) -> None:
    with security.acting_as(settled.people["auditor"].pk):
        balances = queries.trial_balance(Entry.objects.all())
    assert balances.is_even
    by_account = {each.account: each.balance for each in balances.accounts}
    assert by_account["pool_proceeds"] == by_account["shared_costs"] == by_account["advances"] == 0


def test_a_rival_sees_its_own_legs_alone(settled: Stage) -> None:
    with security.acting_as(settled.people["member-1"].pk):
        assert set(Leg.objects.values_list("enterprise", flat=True)) == {settled.firms["member-1"].pk}
    with security.acting_as(None):
        assert Leg.objects.count() == Entry.objects.count() == 0
