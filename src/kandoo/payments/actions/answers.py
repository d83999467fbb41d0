"""The bank has answered: payments are confirmed or owed again; what cannot be placed waits for a person."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.engine import posting_rules
from kandoo.engine.bank_answer import Answer
from kandoo.ledger.actions import party_of, post, reverse
from kandoo.ledger.models import Entry
from kandoo.payments import answer_check
from kandoo.payments.actions.steps import LineStatus, Status, lock_payments, tell
from kandoo.payments.answer_check import closed_through
from kandoo.payments.models import BankFile, BankRow, PaymentLine, PaymentRun
from kandoo.payments.problems import FaultyFile, NotPossible
from kandoo.register.models import Cluster, Person
from kandoo.site import audit, notices

State = BankRow.State


@dataclass(frozen=True, slots=True)
class Said:
    """What the bank said of one payment."""

    state: str
    on: date
    reference: str = ""
    reason: str = ""


@transaction.atomic
def import_answer(
    *, by: Person, cluster: Cluster, answer: Answer, sha256: str, name: str, now: datetime, today: date
) -> BankFile:
    """Take in a bank's answer whole, or raise `FaultyFile` with every fault and change nothing."""
    lock_payments(cluster.pk)
    if BankFile.objects.filter(cluster=cluster, sha256=sha256).exists():
        raise NotPossible(_("This file was taken in already. Nothing was changed."))
    read = answer_check.check(answer, cluster, today)
    if read.faults:
        raise FaultyFile(read.faults)
    file = BankFile.objects.create(cluster=cluster, name=name[:200], sha256=sha256, at=now, by=by)
    BankRow.objects.bulk_create(_row(file, each) for each in read.rows)
    for each in read.rows:
        if each.line is not None:
            said = Said(each.state, each.on, each.reference, each.reason)
            _take_in(by, each.line, said, each.on)
    _close_runs({each.line.run_id for each in read.rows if each.line is not None}, by, now)
    audit.record(by=by, cluster_id=cluster.pk, verb="import-answer", subject=f"bank-file/{file.pk}", **read.counts())
    return file


def _row(file: BankFile, read: answer_check.Read) -> BankRow:
    return BankRow(
        cluster_id=file.cluster_id,
        file=file,
        row=read.row,
        end_to_end=read.end_to_end,
        sheba=read.sheba,
        amount=read.amount,
        state=read.state,
        reference=read.reference,
        on=read.on,
        reason=read.reason,
        line=read.line,
    )


def _take_in(by: Person, line: PaymentLine, said: Said, booked_on: date) -> None:
    """Book what the bank said of a payment, and tell its party."""
    if said.state == State.PAID:
        _confirm(by, line, said, booked_on)
    elif said.state == State.REJECTED:
        _fail(by, line, said, booked_on)
    else:
        _give_back(by, line, said, booked_on)
    notices.tell(
        notices.people_with(line.cluster_id, "member", "supplier", "laboratory", enterprises=[line.enterprise_id]),
        cluster_id=line.cluster_id,
        code={State.PAID: "payment-paid", State.REJECTED: "payment-failed"}.get(State(said.state), "payment-returned"),
        url=f"/payments/{line.pk}/",
        amount=line.amount,
        reason=said.reason,
    )


def _confirm(by: Person, line: PaymentLine, said: Said, on: date) -> None:
    line.status, line.paid_on, line.bank_reference = LineStatus.PAID, said.on, said.reference
    line.answered_on = said.on
    line.save(update_fields=["status", "paid_on", "bank_reference", "answered_on"])
    entry = posting_rules.payment_confirmed(
        source=f"payment/{line.pk}/confirmed", party=party_of(line.enterprise_id), amount=line.amount
    )
    post(by=by, cluster_id=line.cluster_id, entry=entry, on=on)


def _fail(by: Person, line: PaymentLine, said: Said, on: date) -> None:
    _mark_unpaid(line, said, LineStatus.FAILED)
    _book_owed_again(by, line, on)


def _mark_unpaid(line: PaymentLine, said: Said, status: str) -> None:
    line.status, line.reason, line.answered_on = status, said.reason, said.on
    line.save(update_fields=["status", "reason", "answered_on"])


def _book_owed_again(by: Person, line: PaymentLine, on: date) -> None:
    entry = posting_rules.payment_failed(
        source=f"payment/{line.pk}/failed", party=party_of(line.enterprise_id), amount=line.amount
    )
    post(by=by, cluster_id=line.cluster_id, entry=entry, on=on)


def _give_back(by: Person, line: PaymentLine, said: Said, on: date) -> None:
    """The money came back after all: the confirmation is reversed, and the amount owed again."""
    _mark_unpaid(line, said, LineStatus.RETURNED)
    confirmed = Entry.objects.get(cluster=line.cluster_id, source=f"payment/{line.pk}/confirmed")
    reverse(by=by, entry=confirmed, reason=said.reason, on=on)
    _book_owed_again(by, line, on)


def _close_runs(runs: set[int], by: Person, now: datetime) -> None:
    """A run whose payments are all answered is done; who made it is told."""
    waiting = PaymentLine.objects.filter(run__in=runs, status=LineStatus.SENT).values("run")
    for run in PaymentRun.objects.filter(pk__in=runs, status=Status.APPROVED).exclude(pk__in=waiting):
        run.status, run.answered_at = Status.ANSWERED, now
        run.save(update_fields=["status", "answered_at"])
        tell(run, {run.made_by_id} - {by.pk}, "run-answered")


@transaction.atomic
def return_payment(*, by: Person, line: PaymentLine, on: date, reason: str, today: date) -> PaymentLine:
    """The bank gave back a payment it had confirmed: the confirmation is reversed and the amount owed again."""
    line = _locked_line(line, LineStatus.PAID)
    assert line.paid_on is not None, "paid on a day; the database says so"
    if not reason.strip():
        raise NotPossible(_("Write why the payment came back."))
    if not line.paid_on <= on <= today:
        raise NotPossible(_("The day lies before the payment or in the future."))
    _take_in(by, line, Said(State.RETURNED, on, reason=reason.strip()), on)
    audit.record(by=by, cluster_id=line.cluster_id, verb="return-payment", subject=f"payment/{line.pk}", reason=reason)
    return line


@transaction.atomic
def decide_row_ours(*, by: Person, row: BankRow, line: PaymentLine, now: datetime, today: date) -> BankRow:
    """Say which payment an unmatched row answers; the amount must be the payment's own.

    It is booked on the bank's day, or today where the books of that day are closed meanwhile.
    """
    row = _undecided(row)
    line = _locked_line(line, LineStatus.PAID if row.state == State.RETURNED else LineStatus.SENT)
    if row.amount is not None and row.amount != line.amount:
        raise NotPossible(_("The amount of the row is not that of the payment."))
    if line.sent_on is None or row.on < line.sent_on:
        raise NotPossible(_("The row is older than the payment."))
    row.line, row.decided_by, row.decided_at = line, by, now
    row.save(update_fields=["line", "decided_by", "decided_at"])
    through = closed_through(row.cluster_id)
    booked_on = row.on if through is None or row.on > through else today
    _take_in(by, line, Said(row.state, row.on, row.reference, row.reason), booked_on)
    _close_runs({line.run_id}, by, now)
    audit.record(by=by, cluster_id=row.cluster_id, verb="match-bank-row", subject=f"payment/{line.pk}", row=row.row)
    return row


@transaction.atomic
def decide_row_strange(*, by: Person, row: BankRow, reason: str, now: datetime) -> BankRow:
    """Say that an unmatched row is none of ours, and why."""
    row = _undecided(row)
    if not reason.strip():
        raise NotPossible(_("Write why the row is not ours."))
    row.not_ours, row.decided_by, row.decided_at = reason.strip()[:200], by, now
    row.save(update_fields=["not_ours", "decided_by", "decided_at"])
    audit.record(
        by=by, cluster_id=row.cluster_id, verb="dismiss-bank-row", subject=f"bank-file/{row.file_id}", reason=reason
    )
    return row


def _undecided(row: BankRow) -> BankRow:
    lock_payments(row.cluster_id)
    row = BankRow.objects.get(pk=row.pk)
    if row.line_id is not None or row.not_ours:
        raise NotPossible(_("Somebody has decided about this row meanwhile."))
    return row


def _locked_line(line: PaymentLine, wanted: str) -> PaymentLine:
    lock_payments(line.cluster_id)
    line = PaymentLine.objects.get(pk=line.pk)
    if line.status != wanted:
        raise NotPossible(
            _("Payment %(payment)s is now “%(state)s”, so this cannot be done.")
            % {"payment": line.number, "state": line.get_status_display()}
        )
    return line
