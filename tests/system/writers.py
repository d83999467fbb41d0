"""Writers for the fault tests: a process of their own on a running site's database.

    python -m tests.system.writers build LOTS            a cluster with so many delivered lots
    python -m tests.system.writers settle THREADS START  each thread settles a lot, whatever happens to the database
    python -m tests.system.writers die-before-notice LOT the process is killed when it comes to the notices

KANDOO_DATA names the data folder.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import django

django.setup()

from django.db import Error, connection, transaction  # noqa: E402

from kandoo.register.models import Person  # noqa: E402
from kandoo.selling import actions as selling  # noqa: E402
from kandoo.selling.actions import money  # noqa: E402
from kandoo.selling.actions.money import Paid  # noqa: E402
from kandoo.selling.models import Lot  # noqa: E402
from kandoo.selling.problems import NotPossible  # noqa: E402
from kandoo.selling.settling import sum_in_rial  # noqa: E402
from kandoo.site.database import APPLICATION, OWNER  # noqa: E402
from kandoo.site.security import acting_as  # noqa: E402
from tests import world as stage  # noqa: E402

PATIENCE_SECONDS = 300
Result = TypeVar("Result")


def build(lots: int) -> None:
    """A cluster in which the agent has so many lots to settle, each with honey of two members."""
    connection.settings_dict["USER"] = OWNER
    connection.settings_dict["OPTIONS"] |= {"options": f"-c role={APPLICATION}"}
    with transaction.atomic():
        made = stage.found("lorestan", "agent", _as_owner)
        stage._add_cast(made)
        for number in range(lots):
            first, second = stage.MEMBERS[number % 6], stage.MEMBERS[(number + 1) % 6]
            batches = {name: stage.record(made, name, drums=1) for name in (first, second)}
            for batch in batches.values():
                stage.test_panel(made, batch)
            lot = stage.call(made, [stage.place(made, "hamburg", mass_min_kg=580, mass_max_kg=580)])
            for name, batch in batches.items():
                stage.offer(made, lot, batch, name, drums=1)
            stage.plan_and_agree(made, lot)
            with made.as_("agent"):
                selling.deliver_lot(by=made.people["agent"], lot=lot, weighed_kg={}, on=stage.TODAY, today=stage.TODAY)


@contextmanager
def _as_owner() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        yield
        cursor.execute(f"SET ROLE {APPLICATION}")


def settle(threads: int, start: Path) -> None:
    """So many threads, each at its own lot, all at once when the file is there."""
    agent, lots = _in_the_end(_agent_and_lots)
    writers = [
        threading.Thread(target=_settle_in_the_end, args=(agent, lots[number % len(lots)], start))
        for number in range(threads)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()


def _settle_in_the_end(agent: Person, lot: Lot, start: Path) -> None:
    """Try until the lot is settled, by this thread or another one."""
    while not start.exists():
        time.sleep(0.01)
    with suppress(NotPossible):  # another one has done it
        _in_the_end(lambda: settle_once(agent, lot))


def _in_the_end(do: Callable[[], Result]) -> Result:
    """Ask again while the database is away."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return do()
        except Error:
            connection.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def settle_once(agent: Person, lot: Lot) -> None:
    """The buyer has paid in full; the lot is settled."""
    with acting_as(agent.pk):
        lot = Lot.objects.get(pk=lot.pk)
        paid = {
            order.pk: Paid(amount=rial, rial=rial, on=stage.TODAY, document="حواله ۱")
            for order, rial in sum_in_rial(lot).items()
        }
        selling.settle_lot(by=agent, lot=lot, paid=paid, now=stage.NOW + timedelta(days=1), today=stage.TODAY)


def _agent_and_lots() -> tuple[Person, list[Lot]]:
    with acting_as(None, desk="sign-in"):
        agent = Person.objects.get(username="agent")
    with acting_as(agent.pk):
        return agent, list(Lot.objects.order_by("pk"))


def die_before_notice(lot: int) -> None:
    """Everything is posted, the notices are about to be written, and the process is gone."""

    def killed(*_args: Any, **_values: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    money.tell = killed
    agent, lots = _agent_and_lots()
    settle_once(agent, lots[lot])


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["build", lots]:
            build(int(lots))
        case ["settle", threads, start]:
            settle(int(threads), Path(start))
        case ["die-before-notice", lot]:
            die_before_notice(int(lot))
        case _:
            sys.exit(__doc__)
