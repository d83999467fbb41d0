"""The steps of a run: each one call of an action."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo.payments import access, actions
from kandoo.payments.forms import ReasonForm, RefreshForm, RemarkForm
from kandoo.payments.models import PaymentRun
from kandoo.payments.problems import BalancesChanged, NotPossible
from kandoo.payments.views.parts import step
from kandoo.payments.views.runs import show_run
from kandoo.register.access import seated
from kandoo.site.lists import asker, words_of


@require_POST
@seated("agent")
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Do not pay a party yet."""
    seat = asker(request)
    line = access.line_seen_by(seat, pk)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return step(
        request,
        lambda: actions.hold_payment(by=seat.person, line=line, reason=reason),
        _("The payment is held back; its balance waits for a later run."),
        "payments:run",
        line.run_id,
    )


@require_POST
@seated("agent")
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Pay a party after all."""
    seat = asker(request)
    line = access.line_seen_by(seat, pk)
    return step(
        request,
        lambda: actions.release_payment(by=seat.person, line=line),
        _("The payment is in the run again."),
        "payments:run",
        line.run_id,
    )


@require_POST
@seated("agent")
def refresh(request: HttpRequest, pk: int) -> HttpResponse:
    """Take balances and accounts as they are now."""
    seat, today = asker(request), timezone.localdate()
    run = access.run_seen_by(seat, pk)
    form = RefreshForm(request.POST, today=today)
    if not form.is_valid():
        return show_run(request, run, refresh_form=form)
    day = form.cleaned_data["executes_on"]
    return step(
        request,
        lambda: actions.refresh_run(by=seat.person, run=run, executes_on=day, today=today),
        _("The run holds the balances of now."),
        "payments:run",
        pk,
    )


@require_POST
@seated("agent")
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a run to the controllers."""
    seat = asker(request)
    run = access.run_seen_by(seat, pk)
    return step(
        request,
        lambda: actions.propose_run(by=seat.person, run=run, now=timezone.now()),
        _("The run waits for a controller; they are told."),
        "payments:run",
        pk,
    )


@require_POST
@seated("controller")
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a run, or see what changed since it was made."""
    seat = asker(request)
    run = access.run_seen_by(seat, pk)
    try:
        actions.approve_run(by=seat.person, run=run, now=timezone.now(), today=timezone.localdate())
    except BalancesChanged as problem:
        return show_run(request, run, changes=problem.changes)
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, _("Approved. Take the bank file and give it to the bank."))
    return redirect("payments:run", pk)


@require_POST
@seated("controller")
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Do not approve; the run goes back to who made it."""
    return _with_reason(request, pk, actions.send_run_back, _("The run is sent back; its maker is told why."))


@require_POST
@seated(*access.WRITERS)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up a run that is not approved."""

    def take(**given: Any) -> PaymentRun:
        return actions.cancel_run(now=timezone.now(), **given)

    return _with_reason(request, pk, take, _("The run is cancelled. Its balances are free for another one."))


def _with_reason(request: HttpRequest, pk: int, take: Callable[..., Any], done: str) -> HttpResponse:
    seat = asker(request)
    run = access.run_seen_by(seat, pk)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return step(request, lambda: take(by=seat.person, run=run, reason=reason), done, "payments:run", pk)


@require_POST
@seated(*access.WRITERS)
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to a run."""
    seat = asker(request)
    run = access.run_seen_by(seat, pk)
    form = RemarkForm(request.POST)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    return step(
        request,
        lambda: actions.remark_on_run(by=seat.person, run=run, text=text),
        _("Your remark is written; the others are told."),
        "payments:run",
        pk,
    )
