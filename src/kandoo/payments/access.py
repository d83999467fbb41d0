"""Who may see or do what in payments. Row security says the same once more below."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from kandoo.payments.models import BankFile, BankRow, PaymentLine, PaymentRun
from kandoo.register.access import Seat

STAFF = ("agent", "auditor", "controller")
WRITERS = ("agent", "controller")
PAID = ("member", "supplier", "laboratory")
SENT = (
    PaymentLine.Status.SENT,
    PaymentLine.Status.PAID,
    PaymentLine.Status.FAILED,
    PaymentLine.Status.RETURNED,
)


def runs_seen_by(seat: Seat) -> QuerySet[PaymentRun]:
    """The cluster's runs for those who make, approve and audit them; nobody else sees any."""
    if not seat.is_one_of(*STAFF):
        return PaymentRun.objects.none()
    return PaymentRun.objects.filter(cluster=seat.cluster).select_related("cluster")


def run_seen_by(seat: Seat, pk: int) -> PaymentRun:
    """One run, or 404."""
    return get_object_or_404(runs_seen_by(seat), pk=pk)


def may_draft(seat: Seat, run: PaymentRun) -> bool:
    """Whether the seat may change the lines of a run: the agent who made it, while it is drafted."""
    return seat.role == "agent" and run.status == PaymentRun.Status.DRAFT and run.made_by_id == seat.person.pk


def may_approve(seat: Seat, run: PaymentRun) -> bool:
    """A controller, never the one who made the run."""
    return seat.role == "controller" and run.status == PaymentRun.Status.PROPOSED and run.made_by_id != seat.person.pk


def lines_seen_by(seat: Seat) -> QuerySet[PaymentLine]:
    """All payments for staff; an enterprise sees its own once they were sent."""
    lines = PaymentLine.objects.filter(cluster=seat.cluster).select_related("enterprise")
    if seat.is_one_of(*STAFF):
        return lines
    if seat.enterprise is None:
        return lines.none()
    return lines.filter(enterprise=seat.enterprise, status__in=SENT)


def line_seen_by(seat: Seat, pk: int) -> PaymentLine:
    """One payment, or 404."""
    return get_object_or_404(lines_seen_by(seat), pk=pk)


def files_seen_by(seat: Seat) -> QuerySet[BankFile]:
    """The bank's answers, for staff."""
    if not seat.is_one_of(*STAFF):
        return BankFile.objects.none()
    return BankFile.objects.filter(cluster=seat.cluster)


def bank_rows_seen_by(seat: Seat) -> QuerySet[BankRow]:
    """The rows of the bank's answers, for staff."""
    if not seat.is_one_of(*STAFF):
        return BankRow.objects.none()
    return BankRow.objects.filter(cluster=seat.cluster).select_related("file", "line")


def unmatched_seen_by(seat: Seat) -> QuerySet[BankRow]:
    """Rows of the bank's answers that nobody has matched yet."""
    return bank_rows_seen_by(seat).filter(line=None, not_ours="")


def bank_row_seen_by(seat: Seat, pk: int) -> BankRow:
    """One row of an answer, or 404."""
    return get_object_or_404(bank_rows_seen_by(seat), pk=pk)
