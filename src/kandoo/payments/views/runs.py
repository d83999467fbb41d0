"""A payment run: made, read, taken away."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from kandoo.payments import access, actions, queries
from kandoo.payments.forms import ReasonForm, RefreshForm, RemarkForm, RunForm
from kandoo.payments.models import PaymentLine, PaymentRun
from kandoo.payments.problems import NotPossible
from kandoo.payments.views.lines import lines_as_file
from kandoo.payments.views.parts import LINE_SORTS, lines_wanted
from kandoo.register.access import Seat, seated
from kandoo.site.lists import asker, in_order, page_of, words_of

Status = PaymentLine.Status
SHOWN = 100  # of a list beside the main one


@seated("agent")
def new(request: HttpRequest) -> HttpResponse:
    """Who would be paid, from which balance on; then the draft."""
    seat, today = asker(request), timezone.localdate()
    form = RunForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid() and "show" not in request.POST:
        given = form.cleaned_data
        try:
            run = actions.make_run(
                by=seat.person,
                cluster=seat.cluster,
                least=given["least"],
                executes_on=given["executes_on"],
                note_on_transfers=given["note"],
                now=timezone.now(),
                today=today,
            )
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            return redirect("payments:run", run.pk)
    return render(request, "payments/run_new.html", {"form": form, **_outlook(request, seat, form)})


def _outlook(request: HttpRequest, seat: Seat, form: RunForm) -> dict[str, Any]:
    least = (form.cleaned_data.get("least") if form.is_bound and form.is_valid() else None) or form["least"].initial
    found = queries.payable(seat.cluster, least)
    return {
        "least": least,
        "total": found.total,
        "count": len(found.parties),
        "page_obj": page_of(request, found.parties),
        "without_sheba": found.without_sheba,
        "waiting": found.waiting[:SHOWN],
        "account": queries.account_of(seat.cluster),
    }


@seated(*access.STAFF)
def run_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A run with its sum, its state and its payments."""
    return show_run(request, access.run_seen_by(asker(request), pk))


def show_run(request: HttpRequest, run: PaymentRun, **more: Any) -> HttpResponse:
    """The page of a run; `more` holds what a step has to say."""
    seat, today = asker(request), timezone.localdate()
    lines = access.lines_seen_by(seat).filter(run=run)
    page = page_of(request, in_order(request, lines_wanted(request, lines), LINE_SORTS, "number"))
    is_draft = run.status == PaymentRun.Status.DRAFT
    context = {
        "run": run,
        "page_obj": page,
        "new_accounts": queries.changed_accounts(list(page.object_list)),
        "line_states": _states(run),
        "remarks": run.remarks.order_by("-pk"),
        "account": queries.account_of(seat.cluster),
        "people": queries.people(seat.cluster.pk),
        "without_sheba": queries.payable(seat.cluster, run.least, beside=run).without_sheba if is_draft else (),
        "may_draft": access.may_draft(seat, run),
        "may_approve": access.may_approve(seat, run),
        "may_write": seat.is_one_of(*access.WRITERS),
        "may_cancel": seat.is_one_of(*access.WRITERS) and run.status in ("draft", "proposed"),
        "reason_form": ReasonForm(),
        "remark_form": RemarkForm(),
        "refresh_form": RefreshForm(today=today),
        "changes": (),
        **_sums(lines),
        **more,
    }
    return render(request, "payments/run.html", context)


def _states(run: PaymentRun) -> list[tuple[str, Any]]:
    """The states its payments can have."""
    before = run.status in ("draft", "proposed", "cancelled")
    wanted = {Status.HELD, Status.WAITING, Status.DROPPED} if before else {Status.HELD, *access.SENT}
    return [(value, label) for value, label in Status.choices if Status(value) in wanted]


def _sums(lines: Any) -> dict[str, Any]:
    sums = queries.sums_of(lines)
    live = (Status.WAITING, *access.SENT)
    return {
        "total": sums.amount(*live),
        "count": sums.count(*live),
        "held": sums.amount(Status.HELD),
        "held_count": sums.count(Status.HELD),
        "paid": sums.amount(Status.PAID),
        "at_bank": sums.amount(Status.SENT),
        "at_bank_count": sums.count(Status.SENT),
        "failed": sums.amount(Status.FAILED, Status.RETURNED),
        "failed_count": sums.count(Status.FAILED, Status.RETURNED),
        "dropped": sums.amount(Status.DROPPED),
    }


@seated(*access.STAFF)
def lines_file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The payments of a run as a table."""
    seat = asker(request)
    run = access.run_seen_by(seat, pk)
    lines = lines_wanted(request, access.lines_seen_by(seat).filter(run=run)).order_by("number")
    return lines_as_file(form, run.number, lines, whole_sheba=True)
