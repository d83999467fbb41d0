"""Contracts and phases: listed, signed, delivered, confirmed or sent back."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo.credit import access, actions, reading
from kandoo.credit.access import at_desk, for_contracts
from kandoo.credit.forms import ContractForm, DeliverForm, ReasonForm, RemarkForm
from kandoo.credit.models import Contract, PaymentOrder, Phase
from kandoo.credit.queries.rules import uncommitted
from kandoo.credit.views.parts import form_page, require, tried
from kandoo.register.access import Seat
from kandoo.site import language as lang
from kandoo.site.lists import asker, page_of


@for_contracts
def contracts(request: HttpRequest) -> HttpResponse:
    """The contracts of the files a seat sees."""
    seat = asker(request)
    every = found = access.contracts_seen_by(seat)
    if text := request.GET.get("q", "").strip():
        found = found.filter(file__search_key__contains=lang.fold(text)) | found.filter(payee_name__icontains=text)
    page = page_of(request, found.order_by("-signed_on", "-pk"))
    context = {
        "page_obj": page,
        "all": every.count(),
        "sum": sum(every.values_list("amount", flat=True)),
        "may_prepare": access.may_prepare(seat),
    }
    return render(request, "credit/contracts.html", context)


@for_contracts
def contract(request: HttpRequest, pk: int) -> HttpResponse:
    """One contract with its phases and what each still needs."""
    seat = asker(request)
    found = access.contract_seen_by(seat, pk)
    orders = access.orders_seen_by(seat).filter(phase__contract=found, status__in=PaymentOrder.LIVE)
    by_phase = {each.phase_id: each for each in orders}
    today = timezone.localdate()
    rows = [_row(each, by_phase.get(each.pk), today, seat) for each in found.phases.all()]
    context = {
        "contract": found,
        "rows": rows,
        "paid": sum(row["phase"].amount for row in rows if row["order"] and row["order"].status == "paid"),
        "unbound": uncommitted(found),
        "commitments": access.commitments_seen_by(seat).filter(contract=found).order_by("-pk"),
        "reason_form": ReasonForm(),
        "remark_form": RemarkForm(),
    }
    return render(request, "credit/contract.html", context)


def _row(phase: Phase, order: PaymentOrder | None, today: date, seat: Seat) -> dict[str, Any]:
    kind, word = reading.phase_state(phase, order, today)
    return {
        "phase": phase,
        "order": order,
        "kind": kind,
        "word": word,
        "weight": reading.weight(phase.weight),
        "may_deliver": access.may_deliver(seat) and phase.delivered_on is None,
        "may_confirm": access.may_confirm(seat, phase),
        "may_prepare": access.may_prepare(seat) and phase.confirmed_by_id is not None and order is None,
    }


@at_desk("officer")
def contract_new(request: HttpRequest) -> HttpResponse:
    """A signed contract with its phases."""
    seat = asker(request)
    form = ContractForm(
        request.POST or None,
        activities=access.activities_seen_by(seat).exclude(file=None).order_by("sort_key"),
        payees=access.payees_seen_by(seat),
        today=timezone.localdate(),
        initial=_start(request),
    )

    def do() -> str:
        made: Contract = actions.make_contract(by=seat.person, terms=form.terms(), now=timezone.now())
        return reverse("credit:contract", args=[made.pk])

    answer = _("Its payments follow the weights of its phases, each after the supervisor has confirmed it.")
    back = reverse("credit:contracts")
    title, submit = _("Write a contract down"), _("Write it down")
    return form_page(request, form, do, title=title, answer=answer, submit=submit, back=back)


def _start(request: HttpRequest) -> dict[str, Any]:
    """What the call it comes of has said already: its kind and the price of who was chosen (rial)."""
    amount = request.GET.get("amount", "")
    return {"kind": request.GET.get("kind", "")} | ({"amount": int(amount)} if amount.isdecimal() else {})


@for_contracts
def deliver(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a phase is delivered."""
    seat = asker(request)
    phase = access.phase_seen_by(seat, pk)
    require(access.may_deliver(seat))
    form = DeliverForm(request.POST or None, file=phase.contract.file, today=timezone.localdate())
    back = reverse("credit:contract", args=[phase.contract_id])

    def do() -> str:
        values = form.cleaned_data
        actions.deliver_phase(
            by=seat.person, phase=phase, document=values["document"], on=values["on"], paper=values["paper"]
        )
        return back

    title = _("Deliver a phase")
    return form_page(request, form, do, title=title, answer=phase.deliverable, submit=title, back=back)


@require_POST
@at_desk("supervisor")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm what was delivered."""
    seat = asker(request)
    phase = access.phase_seen_by(seat, pk)
    remark = request.POST.get("remark", "")[:300]
    done = _("The phase is confirmed; its payment can be prepared.")
    tried(
        request, lambda: actions.confirm_phase(by=seat.person, phase=phase, now=timezone.now(), remark=remark), done
    )  # fmt: skip
    return redirect("credit:contract", phase.contract_id)


@require_POST
@at_desk("supervisor")
def phase_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a phase back to be delivered anew."""
    seat = asker(request)
    phase = access.phase_seen_by(seat, pk)
    reason = request.POST.get("reason", "")[:300]
    done = _("The phase is sent back with your reason.")
    tried(request, lambda: actions.send_phase_back(by=seat.person, phase=phase, reason=reason), done)
    return redirect("credit:contract", phase.contract_id)
