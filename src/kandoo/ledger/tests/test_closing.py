"""A close and a posting from two connections at once, and a leg added by a later transaction."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from kandoo.ledger import actions
from kandoo.ledger.actions import NewVoucher
from kandoo.ledger.models import Entry, Leg, PeriodClose, Voucher
from kandoo.ledger.problems import ClosedPeriod
from tests.world import TODAY, World, add_firm, found

pytestmark = pytest.mark.django_db(transaction=True)
CLOSED = TODAY - timedelta(days=30)
WRITERS = 12


@pytest.fixture
def world(as_owner: Callable[[], AbstractContextManager[Any]]) -> Iterator[World]:
    """A cluster with one firm, committed."""
    with transaction.atomic():
        made = found("lorestan", "agent", as_owner)
        with made.as_("agent"):
            add_firm(made, "kuh", "beekeeping")
    yield made


def book(world: World, document: str) -> None:
    """The agent charges a fee on a day of the period."""
    new = NewVoucher(Voucher.Kind.FEE, 5_000, CLOSED, document, world.firms["kuh"])
    actions.record_voucher(by=world.people["agent"], cluster=world.cluster, new=new, today=TODAY)


def close(world: World) -> None:
    actions.close_period(by=world.people["agent"], cluster=world.cluster, through=CLOSED, today=TODAY)


class Writer(threading.Thread):
    """Somebody else, on a connection of its own, who keeps what went wrong."""

    def __init__(self, world: World, step: Callable[[World], None]) -> None:
        super().__init__()
        self.world, self.step, self.problem = world, step, ""

    def run(self) -> None:
        try:
            with self.world.as_("agent"):
                self.step(self.world)
        except Exception as problem:
            self.problem = type(problem).__name__
        finally:
            connection.close()

    def is_waiting(self) -> bool:
        """Whether it has begun and now waits for a lock of the other one."""
        self.start()
        for _try in range(1500):
            time.sleep(0.02)
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                if cursor.fetchone() == (1,):
                    return True
        return False


def test_a_close_waits_for_the_posting_under_way_and_counts_it(world: World) -> None:
    closer = Writer(world, close)
    with world.as_("agent"):
        book(world, "F-1")
        assert closer.is_waiting()
    closer.join()
    assert closer.problem == ""
    with world.as_("agent"):
        assert PeriodClose.objects.get().entries == Entry.objects.count() == 1


def test_a_posting_waits_for_the_close_under_way_and_is_refused(world: World) -> None:
    writer = Writer(world, lambda world: book(world, "F-1"))
    with world.as_("agent"):
        close(world)
        assert writer.is_waiting()
    writer.join()
    assert writer.problem == ClosedPeriod.__name__
    with world.as_("agent"):
        assert PeriodClose.objects.get().entries == Entry.objects.count() == Voucher.objects.count() == 0


def test_whoever_is_first_nothing_is_booked_into_a_closed_period(world: World) -> None:
    writers = [Writer(world, lambda world: book(world, "F-1")) for _each in range(WRITERS)]
    closer = Writer(world, close)
    for each in [*writers[: WRITERS // 2], closer, *writers[WRITERS // 2 :]]:
        each.start()
    for each in [*writers, closer]:
        each.join()
    assert closer.problem == ""
    refused = [each.problem for each in writers if each.problem]
    assert set(refused) <= {ClosedPeriod.__name__}
    with world.as_("agent"):
        assert PeriodClose.objects.get().entries == Entry.objects.count() == WRITERS - len(refused)


def test_a_leg_is_not_added_by_a_later_transaction(world: World) -> None:
    with world.as_("agent"):
        book(world, "F-1")
    with world.as_("agent"):
        entry = Entry.objects.get()
        for made in (entry.pk, 0):
            with pytest.raises(DatabaseError, match="never later"), transaction.atomic():
                Leg.objects.bulk_create(
                    Leg(cluster=world.cluster, entry_id=made, account=account, amount=amount)
                    for account, amount in (("bank", 5), ("reserve", -5))
                )
        assert Leg.objects.count() == 2


def test_nobody_says_by_hand_which_transaction_made_an_entry(world: World) -> None:
    with world.as_("agent"), connection.cursor() as cursor:
        book(world, "F-1")
        cursor.execute(
            'INSERT INTO ledger_entry (cluster_id, rule, source, "on", posted_at, posted_by_id, reason, made_in)'
            " VALUES (%s, 'fee_charged', 'by/hand', %s, now(), %s, '', 1) RETURNING made_in > 1",
            [world.cluster.pk, TODAY, world.people["agent"].pk],
        )
        assert cursor.fetchone() == (True,)
        transaction.set_rollback(True)
