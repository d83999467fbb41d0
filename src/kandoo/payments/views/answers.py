"""The bank's answers: read, previewed, taken in; rows that nobody could place."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kandoo.engine.bank_file import CURRENCY
from kandoo.payments import access, actions, answer_check, answer_file, queries
from kandoo.payments.forms import AnswerForm, MatchForm, ReasonForm
from kandoo.payments.models import BankFile, BankRow, PaymentLine
from kandoo.payments.problems import FaultyFile, NotPossible
from kandoo.payments.views.parts import step
from kandoo.register.access import Seat, seated
from kandoo.selling import uploads
from kandoo.site import language, tables
from kandoo.site.lists import asker, page_language, page_of, words_of

State, Status = BankRow.State, PaymentLine.Status
CANDIDATES = 200


@seated(*access.STAFF)
def answers(request: HttpRequest) -> HttpResponse:
    """Every file the bank answered with, newest first."""
    seat = asker(request)
    rows = (
        access.files_seen_by(seat)
        .annotate(
            paid=Count("rows", filter=Q(rows__state=State.PAID, rows__line__isnull=False)),
            failed=Count("rows", filter=~Q(rows__state=State.PAID) & Q(rows__line__isnull=False)),
            open=Count("rows", filter=Q(rows__line=None, rows__not_ours="")),
        )
        .order_by("-pk")
    )
    context = {
        "page_obj": page_of(request, rows),
        "unmatched": access.unmatched_seen_by(seat).count(),
        "people": queries.people(seat.cluster.pk),
        "may_import": seat.is_one_of(*access.WRITERS),
    }
    return render(request, "payments/answers.html", context)


@seated(*access.STAFF)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One file and its rows, each with the payment it answers."""
    seat = asker(request)
    file = get_object_or_404(access.files_seen_by(seat), pk=pk)
    rows = access.bank_rows_seen_by(seat).filter(file=file).order_by("row")
    context = {"file": file, "page_obj": page_of(request, rows), "people": queries.people(seat.cluster.pk)}
    return render(request, "payments/answer.html", context)


@seated(*access.WRITERS)
def import_file(request: HttpRequest) -> HttpResponse:
    """Read a file, show what it would change, and take it in when the person says so."""
    seat = asker(request)
    form = AnswerForm(request.POST, request.FILES) if request.method == "POST" else AnswerForm()
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            sent = _sent(seat, form)
            if "take" in request.POST and not form.cleaned_data["file"]:
                return redirect("payments:answer", _take_in(request, seat, form, sent).pk)
            context |= _preview(seat, sent)
            context["token"] = uploads.keep([sent.upload], seat.person.pk) if not context["faults"] else ""
        except FaultyFile as problem:
            context["faults"] = problem.faults
        except NotPossible as problem:
            form.add_error("file", words_of(problem))
    return render(request, "payments/answer_import.html", context)


class _Upload:
    """A file read once: what it says, and its bytes."""

    def __init__(self, upload: uploads.Upload) -> None:
        self.upload = upload
        self.read = answer_file.read(upload.name, upload.content)


def _sent(seat: Seat, form: AnswerForm) -> _Upload:
    """The file chosen now, or the one whose preview was shown."""
    chosen = form.cleaned_data["file"]
    if chosen:
        return _Upload(uploads.Upload(str(chosen.name), chosen.read()))
    kept = uploads.kept(form.cleaned_data["kept"], seat.person.pk)
    if not kept:
        raise NotPossible(_("The file is not at hand any more. Choose it again."))
    return _Upload(kept[0])


def _preview(seat: Seat, sent: _Upload) -> dict[str, Any]:
    if BankFile.objects.filter(cluster=seat.cluster, sha256=sent.read.sha256).exists():
        raise NotPossible(_("This file was taken in already. Nothing was changed."))
    read = answer_check.check(sent.read.answer, seat.cluster, timezone.localdate())
    groups = [(state.label, read.matched(state), state != State.PAID) for state in State]
    return {
        "name": sent.upload.name,
        "faults": read.faults,
        "is_preview": not read.faults,
        "groups": [
            {"label": label, "count": len(lines), "amount": sum(each.amount for each in lines), "is_bad": is_bad}
            for label, lines, is_bad in groups
            if lines
        ],
        "rows": read.rows[:CANDIDATES],
        "more": max(len(read.rows) - CANDIDATES, 0),
        "unmatched": read.unmatched,
        "pending": read.pending,
    }


def _take_in(request: HttpRequest, seat: Seat, form: AnswerForm, sent: _Upload) -> BankFile:
    file = actions.import_answer(
        by=seat.person,
        cluster=seat.cluster,
        answer=sent.read.answer,
        sha256=sent.read.sha256,
        name=sent.upload.name,
        now=timezone.now(),
        today=timezone.localdate(),
    )
    uploads.forget(form.cleaned_data["kept"], seat.person.pk)
    count = file.rows.count()
    text = ngettext("%(n)s row is taken in.", "%(n)s rows are taken in.", count)
    messages.success(request, text % {"n": language.format_number(count, page_language())})
    return file


@require_GET
@seated(*access.WRITERS)
def template(request: HttpRequest, form: str) -> HttpResponse:
    """A table to fill in: a row for each payment at the bank; amounts in rial."""
    lines = access.lines_seen_by(asker(request)).filter(status=Status.SENT).order_by("number")[: tables.ROWS_MAX]
    rows = [[each.number, each.sheba, each.amount, CURRENCY, "", "", "", ""] for each in lines]
    return tables.as_file(form, [str(each) for each in answer_file.HEADINGS.values()], rows, "bank-answer")


@seated(*access.STAFF)
def unmatched(request: HttpRequest) -> HttpResponse:
    """Rows that answer no payment we know of; each waits for somebody's word."""
    seat = asker(request)
    rows = access.unmatched_seen_by(seat).order_by("on", "pk")
    decided = access.bank_rows_seen_by(seat).exclude(not_ours="").order_by("-decided_at")[:20]
    context = {
        "page_obj": page_of(request, rows),
        "decided": decided,
        "people": queries.people(seat.cluster.pk),
        "may_decide": seat.is_one_of(*access.WRITERS),
    }
    return render(request, "payments/unmatched.html", context)


@seated(*access.WRITERS)
def row(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which payment a row answers, or that it is none of ours."""
    seat = asker(request)
    found = access.bank_row_seen_by(seat, pk)
    form = MatchForm(request.POST or None, lines=_candidates(seat, found))
    if request.method == "POST" and form.is_valid():
        return step(
            request,
            lambda: actions.decide_row_ours(
                by=seat.person,
                row=found,
                line=form.cleaned_data["line"],
                now=timezone.now(),
                today=timezone.localdate(),
            ),
            _("The row is matched and booked."),
            "payments:unmatched",
        )
    return render(request, "payments/bank_row.html", {"row": found, "form": form, "reason_form": ReasonForm()})


def _candidates(seat: Seat, found: BankRow) -> Any:
    """The payments a row could answer: at the bank (or paid, for a return), of the same amount."""
    wanted = Status.PAID if found.state == State.RETURNED else Status.SENT
    lines = access.lines_seen_by(seat).filter(status=wanted, sent_on__lte=found.on)
    return (lines.filter(amount=found.amount) if found.amount is not None else lines).order_by("number")


@require_POST
@seated(*access.WRITERS)
def strange(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a row is none of ours."""
    seat = asker(request)
    found = access.bank_row_seen_by(seat, pk)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return step(
        request,
        lambda: actions.decide_row_strange(by=seat.person, row=found, reason=reason, now=timezone.now()),
        _("The row is marked as not ours."),
        "payments:unmatched",
    )
