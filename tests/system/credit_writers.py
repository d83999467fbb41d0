"""Writers of public money for the fault tests: a process of their own on a running site's database.

    python -m tests.system.credit_writers build                 a line with 600 of 1,000 million toman allocated
    python -m tests.system.credit_writers commit THREADS START  each thread commits 10 million, time and again, until refused
    python -m tests.system.credit_writers blind THREADS START   the same, with the checks above the database switched off
    python -m tests.system.credit_writers invoice THREADS START each thread prepares a payment of the same invoice
    python -m tests.system.credit_writers pay THREADS START     each thread pays the same order

KANDOO_DATA names the data folder.
"""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import django

django.setup()

from django.db import Error, IntegrityError, connection, transaction  # noqa: E402

from kandoo.credit import actions  # noqa: E402
from kandoo.credit.actions import commitments, moving  # noqa: E402
from kandoo.credit.models import Activity, Commitment, CreditLine, Payee, PaymentOrder  # noqa: E402
from kandoo.credit.problems import NotPossible  # noqa: E402
from kandoo.engine import budget  # noqa: E402
from kandoo.engine.budget import CostShares  # noqa: E402
from kandoo.register.models import Person  # noqa: E402
from kandoo.site.database import APPLICATION, OWNER  # noqa: E402
from kandoo.site.security import acting_as  # noqa: E402
from tests import crediting, nation  # noqa: E402
from tests import world as stage  # noqa: E402
from tests.crediting import MILLION  # noqa: E402

PATIENCE_SECONDS = 300
ON = date(2026, 6, 1)


def build() -> None:
    """A programme with one file, one line, one activity, one payee, one commitment and its prepared order."""
    connection.settings_dict["USER"] = OWNER
    connection.settings_dict["OPTIONS"] |= {"options": f"-c role={APPLICATION}"}
    with transaction.atomic():
        made = stage.found("lorestan", "agent", _as_owner)
        nation.found_nation(made, _as_owner)
        made.files["honey"] = nation.open_file(made, "province", nation.terms("عسل لرستان", "عسل"), stage.TODAY)
        crediting.set_rules(made)
        year = crediting.open_year(made, 1405, stage.NOW)
        line = crediting.open_line(made, year, 1_000 * MILLION, stage.NOW)
        crediting.allocate(made, line, 600 * MILLION, ON, stage.NOW)
        activity = crediting.plan(made, "A2", "training", cost=1_200 * crediting.MILLION)  # of which half is the line’s
        payee = crediting.add_payee(made, "14000000012", "آموزشگاه نمونه")
        shares = CostShares(100 * MILLION, 100 * MILLION)
        bound = crediting.commit(made, line, activity, payee, shares, ON, stage.NOW)
        with made.as_("province"):
            actions.prepare_invoice(
                by=made.people["province"],
                commitment=bound,
                amount=20 * MILLION,
                invoice=crediting.invoice("W-0", ON),
                now=stage.NOW,
            )


@contextmanager
def _as_owner() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        yield
        cursor.execute(f"SET ROLE {APPLICATION}")


def _person(username: str) -> Person:
    with acting_as(None, desk="sign-in"):
        return Person.objects.get(username=username)


def at_once(threads: int, start: Path, work: Callable[[], None]) -> None:
    """So many threads, each doing its work when the file is there; an error of any ends the process with 1."""
    failed: list[BaseException] = []

    def run() -> None:
        while not start.exists():
            time.sleep(0.01)
        try:
            work()
        except BaseException as problem:
            failed.append(problem)
            raise
        finally:
            connection.close()

    writers = [threading.Thread(target=run) for _ in range(threads)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    sys.exit(1 if failed else 0)


def until_refused(step: Callable[[], object]) -> None:
    """Take a step time and again, through any fault of the database, until the law refuses it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            step()
        except (NotPossible, IntegrityError):
            return
        except Error:
            connection.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def commit_one() -> Commitment:
    """Ten million toman on the line, by the treasurer."""
    treasurer = _person("treasurer")
    with acting_as(treasurer.pk):
        line, activity, payee = CreditLine.objects.get(), Activity.objects.get(), Payee.objects.get()
        shares = CostShares(10 * MILLION, 10 * MILLION)
        terms = actions.CommitTerms(activity, payee, "تعهد", shares, ON, crediting.LETTER)
        return actions.commit_credit(by=treasurer, line=line, terms=terms, now=stage.NOW)


def blind() -> None:
    """Let every check above the database pass, and take no lock before it does."""
    budget.LineState.left_for = lambda self, kind: None  # type: ignore[method-assign]
    commitments.locked = moving.locked = lambda line: CreditLine.objects.select_related("year", "cluster").get(
        pk=line.pk
    )


def prepare_one() -> None:
    """The invoice that everybody has, by the officer."""
    officer = _person("province")
    with acting_as(officer.pk):
        bound = Commitment.objects.select_related("line__year").order_by("pk")[0]
        actions.prepare_invoice(
            by=officer, commitment=bound, amount=MILLION, invoice=crediting.invoice("W-1", ON), now=stage.NOW
        )


def pay_one() -> None:
    """The order that waits first, by the treasurer."""
    treasurer = _person("treasurer")
    with acting_as(treasurer.pk):
        order = PaymentOrder.objects.select_related("commitment__line", "phase").get(invoice_number="W-0")
        actions.pay_order(by=treasurer, order=order, on=ON, now=stage.NOW, document="حواله")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["build"]:
            build()
        case ["commit", threads, start]:
            at_once(int(threads), Path(start), lambda: until_refused(commit_one))
        case ["blind", threads, start]:
            blind()
            at_once(int(threads), Path(start), lambda: until_refused(commit_one))
        case ["invoice", threads, start]:
            at_once(int(threads), Path(start), lambda: until_refused(prepare_one))
        case ["pay", threads, start]:
            at_once(int(threads), Path(start), lambda: until_refused(pay_one))
        case _:
            sys.exit(__doc__)
