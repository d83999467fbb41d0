"""Payments as their own: the first page of each role, one payment with its reason, the lists to take away."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo.engine.sheba import ending
from kandoo.ledger.access import entries_seen_by
from kandoo.payments import access, actions, queries
from kandoo.payments.forms import ReturnForm
from kandoo.payments.models import PaymentLine, PaymentRun
from kandoo.payments.views.parts import LINE_SORTS, lines_wanted, step
from kandoo.register.access import Seat, seated
from kandoo.site import language, tables
from kandoo.site.lists import asker, in_order, page_of

Status = PaymentLine.Status
EVERYBODY = (*access.STAFF, *access.PAID)
RUN_SORTS = {"number": "number", "day": "executes_on", "made": "made_at"}


@seated(*EVERYBODY)
def index(request: HttpRequest) -> HttpResponse:
    """The runs for those who keep them; its own payments for an enterprise."""
    seat = asker(request)
    if seat.is_one_of(*access.STAFF):
        return _runs(request, seat)
    return _own(request, seat)


def _runs(request: HttpRequest, seat: Seat) -> HttpResponse:
    rows = _runs_wanted(request, seat)
    lines = access.lines_seen_by(seat)
    payable = queries.payable(seat.cluster, 1)
    context = {
        "page_obj": page_of(request, rows),
        "states": PaymentRun.Status.choices,
        "at_bank": queries.sums_of(lines.filter(status=Status.SENT)),
        "waiting": access.runs_seen_by(seat).filter(status=PaymentRun.Status.PROPOSED).count(),
        "owed": payable.total,
        "parties": len(payable.parties),
        "without_sheba": len(payable.without_sheba),
        "unmatched": access.unmatched_seen_by(seat).count(),
        "account": queries.account_of(seat.cluster),
    }
    return render(request, "payments/runs.html", context)


def _runs_wanted(request: HttpRequest, seat: Seat) -> QuerySet[PaymentRun]:
    sent = Q(lines__status__in=[*access.SENT, Status.WAITING])
    rows = access.runs_seen_by(seat).annotate(
        count=Count("lines", filter=sent),
        amount=Sum("lines__amount", filter=sent, default=0),
        failed=Count("lines", filter=Q(lines__status__in=[Status.FAILED, Status.RETURNED])),
    )
    words, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    if words:
        rows = rows.filter(Q(number__icontains=language.latin_digits(words)) | Q(note__icontains=words))
    if state in PaymentRun.Status.values:
        rows = rows.filter(status=state)
    return in_order(request, rows, RUN_SORTS, "-made_at -pk")


def _own(request: HttpRequest, seat: Seat) -> HttpResponse:
    lines = access.lines_seen_by(seat)
    sums = queries.sums_of(lines)
    context = {
        "page_obj": page_of(request, in_order(request, lines_wanted(request, lines), LINE_SORTS, "-sent_on -pk")),
        "paid": sums.amount(Status.PAID),
        "under_way": sums.amount(Status.SENT),
        "latest": lines.order_by("-answered_on", "-pk").exclude(answered_on=None).first(),
        "states": [each for each in Status.choices if each[0] in access.SENT],
    }
    return render(request, "payments/own.html", context)


@seated(*EVERYBODY)
def export(request: HttpRequest, form: str) -> HttpResponse:
    """Runs for staff, its own payments for an enterprise; amounts in rial."""
    seat = asker(request)
    if not seat.is_one_of(*access.STAFF):
        return lines_as_file(form, "payments", lines_wanted(request, access.lines_seen_by(seat)), whole_sheba=False)
    heads = [
        _("Payment run"),
        _("State"),
        _("Day of payment"),
        _("Payments"),
        _("Amount (rial)"),
        _("Not paid"),
        _("Note"),
    ]
    rows = (
        (each.number, each.get_status_display(), each.executes_on, each.count, each.amount, each.failed, each.note)  # type: ignore[attr-defined]
        for each in _runs_wanted(request, seat)
    )
    return tables.as_file(form, heads, rows, "payment-runs")


def lines_as_file(form: str, title: str, lines: Iterable[PaymentLine], *, whole_sheba: bool) -> HttpResponse:
    """Payments to take away, one a row; amounts in rial."""
    heads = [
        _("Payment"), _("Receiver"), _("Sheba (IBAN)"), _("Owed to the party (rial)"), _("Owed by the party (rial)"),
        _("Amount (rial)"), _("State"), _("Sent on"), _("Paid on"), _("Bank reference"), _("Reason"),
    ]  # fmt: skip
    return tables.as_file(form, heads, _rows(lines, whole_sheba), title)


def _rows(lines: Iterable[PaymentLine], whole_sheba: bool) -> Iterator[tuple[Any, ...]]:
    for each in lines:
        yield (
            each.number, each.enterprise, each.sheba if whole_sheba else ending(each.sheba), each.owed, each.owing,
            each.amount, each.get_status_display(), each.sent_on, each.paid_on, each.bank_reference, each.reason,
        )  # fmt: skip


@seated(*EVERYBODY)
def line_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One payment: what it pays, where it went, what the bank said, and its entries in the books."""
    return _line(request, access.line_seen_by(asker(request), pk), ReturnForm(today=timezone.localdate()))


def _line(request: HttpRequest, line: PaymentLine, form: ReturnForm) -> HttpResponse:
    seat = asker(request)
    is_staff = seat.is_one_of(*access.STAFF)
    rows = access.bank_rows_seen_by(seat).filter(line=line).order_by("pk") if is_staff else []
    context = {
        "line": line,
        "run": access.runs_seen_by(seat).filter(pk=line.run_id).first(),
        "bank": queries.bank_name(line.sheba),
        "bank_rows": rows,
        "entries": entries_seen_by(seat).filter(source__startswith=f"payment/{line.pk}/").order_by("pk"),
        "is_staff": is_staff,
        "may_return": seat.is_one_of(*access.WRITERS) and line.status == Status.PAID,
        "form": form,
    }
    return render(request, "payments/line.html", context)


@require_POST
@seated(*access.WRITERS)
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The bank gave back a payment it had confirmed."""
    seat, today = asker(request), timezone.localdate()
    line = access.line_seen_by(seat, pk)
    form = ReturnForm(request.POST, today=today)
    if not form.is_valid():
        return _line(request, line, form)
    return step(
        request,
        lambda: actions.return_payment(by=seat.person, line=line, today=today, **form.cleaned_data),
        _("The payment is booked as returned; the amount is owed again and comes with the next run."),
        "payments:line",
        line.pk,
    )
