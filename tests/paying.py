"""Payments in tests: right Shebas, a run made and approved, and the bank's answer as a file."""

import csv
import hashlib
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from kandoo.ledger import actions as ledger
from kandoo.ledger.actions import NewVoucher
from kandoo.payments import actions, answer_file
from kandoo.payments.models import BankFile, PaymentLine, PaymentRun

if TYPE_CHECKING:
    from tests.world import World

COLUMNS = ("end_to_end", "sheba", "amount", "currency", "state", "reference", "on", "reason")
STRANGER = 777  # an account number that is nobody's


def sheba_of(number: int) -> str:
    """A Sheba whose check digits fit, of an invented account at Bank Melli."""
    body = f"017{number:019d}"
    return f"IR{98 - int(f'{body}182700') % 97:02d}{body}"


def write_account(world: "World") -> None:
    """The cluster's own account."""
    with world.as_("agent"):
        actions.set_paying_account(
            by=world.people["agent"],
            cluster=world.cluster,
            holder="تعاونی نمونه کندو",
            bank="بانک ملی، شعبه نمونه",
            sheba=sheba_of(1405),
        )


def owe(world: "World", name: str, amount: int, kind: str = "advance_granted", on: date | None = None) -> None:
    """An amount owed to a party (or, as a fee, by it), written down by hand."""
    from tests.world import TODAY

    new = NewVoucher(kind, amount, on or TODAY, f"سند {name} {kind} {amount}", enterprise=world.firms[name])
    with world.as_("agent"):
        ledger.record_voucher(by=world.people["agent"], cluster=world.cluster, new=new, today=on or TODAY)


def make_run(world: "World", today: date, *, by: str = "agent", least: int = 1, **more: Any) -> PaymentRun:
    """A draft of everybody who can be paid, made at noon."""
    more = {"now": datetime.combine(today, time(8, 30), UTC)} | more
    with world.as_(by):
        return actions.make_run(
            by=world.people[by], cluster=world.cluster, least=least, executes_on=today, today=today, **more
        )


def propose(world: "World", run: PaymentRun, now: datetime, *, by: str = "agent") -> PaymentRun:
    with world.as_(by):
        return actions.propose_run(by=world.people[by], run=run, now=now)


def approve(world: "World", run: PaymentRun, now: datetime, today: date, *, by: str = "controller") -> PaymentRun:
    with world.as_(by):
        return actions.approve_run(by=world.people[by], run=run, now=now, today=today)


def run_at_bank(world: "World", now: datetime, today: date, **more: Any) -> PaymentRun:
    """A run made, proposed and approved."""
    return approve(world, propose(world, make_run(world, today, **more), now), now, today)


def lines_of(world: "World", run: PaymentRun) -> dict[str, PaymentLine]:
    """The payments of a run by the short name of their party."""
    names = {firm.pk: name for name, firm in world.firms.items()}
    with world.as_("agent"):
        return {names[each.enterprise_id]: each for each in run.lines.all()}


def says(line: PaymentLine, state: str, on: date, **changed: Any) -> dict[str, Any]:
    """A row of the bank's about a payment."""
    row = {
        "end_to_end": line.number,
        "sheba": line.sheba,
        "amount": line.amount,
        "currency": "IRR",
        "state": state,
        "reference": f"REF{line.pk}" if state == "paid" else "",
        "on": on.isoformat(),
        "reason": "" if state == "paid" else "حساب بسته است",
    }
    return row | changed


def answer_csv(rows: Sequence[dict[str, Any]]) -> bytes:
    """The bank's answer as a table."""
    passing = io.StringIO()
    writer = csv.DictWriter(passing, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return passing.getvalue().encode()


def take_in(
    world: "World", content: bytes, now: datetime, today: date, *, by: str = "controller", name: str = "answer.csv"
) -> BankFile:
    """The bank's answer, taken in."""
    with world.as_(by):
        sent = answer_file.read(name, content)
        return actions.import_answer(
            by=world.people[by],
            cluster=world.cluster,
            answer=sent.answer,
            sha256=hashlib.sha256(content).hexdigest(),
            name=name,
            now=now,
            today=today,
        )


def pay(world: "World", now: datetime, today: date) -> PaymentRun:
    """A run at the bank: one payment made, one failed, one row that is nobody's, the rest unanswered."""
    write_account(world)
    run = run_at_bank(world, now, today)
    with world.as_("controller"):
        actions.remark_on_run(by=world.people["controller"], run=run, text="دیده شد")
    lines = lines_of(world, run)
    stranger = {"sheba": sheba_of(STRANGER), "amount": 123_456, "end_to_end": ""}
    rows = [
        says(lines["kuh"], "paid", today),
        says(lines["darreh"], "rejected", today),
        says(lines["kuh"], "paid", today, **stranger),
    ]
    take_in(world, answer_csv(rows), now + timedelta(minutes=5), today)
    return run
