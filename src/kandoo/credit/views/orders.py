"""Payment orders: listed, prepared at one desk, paid or sent back at another."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo.credit import access, actions, reading, words
from kandoo.credit.access import at_desk
from kandoo.credit.forms import AmountOrderForm, InvoiceForm, PayForm, ReasonForm
from kandoo.credit.models import Commitment, PaymentOrder
from kandoo.credit.views.parts import form_page, require, tried
from kandoo.programme.queries.people import names
from kandoo.register.access import Seat
from kandoo.site import language as lang
from kandoo.site.lists import asker, page_of

Status = PaymentOrder.Status


@at_desk()
def orders(request: HttpRequest) -> HttpResponse:
    """The payment orders a seat sees; those that wait come first."""
    seat = asker(request)
    every = access.orders_seen_by(seat)
    found = every
    if (state := request.GET.get("state", "")) in Status.values:
        found = found.filter(status=state)
    if text := lang.latin_digits(request.GET.get("q", "").strip()):
        found = found.filter(number__icontains=text) | found.filter(
            commitment__payee_name__icontains=request.GET["q"].strip()
        )
    page = page_of(
        request, found.order_by("status", "-prepared_at", "-pk") if state else found.order_by("-prepared_at", "-pk")
    )
    waiting = every.filter(status=Status.PREPARED)
    context = {
        "page_obj": page,
        "rows": [(each, reading.ORDER_KINDS[each.status]) for each in page],
        "waiting": waiting.count(),
        "waiting_sum": sum(waiting.values_list("amount", flat=True)),
        "selects": [{"name": "state", "label": _("State"), "options": Status.choices, "value": state}],
    }
    return render(request, "credit/orders.html", context)


@at_desk()
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """One payment order, with both desks."""
    seat = asker(request)
    found = access.order_seen_by(seat, pk)
    people = names(seat.cluster.pk)
    payee = access.payees_seen_by(seat).filter(pk=found.payee_id).first()
    context = {
        "order": found,
        "badge": reading.ORDER_KINDS[found.status],  # type: ignore[index]
        "line": found.commitment.line,
        "commitment": found.commitment,
        "payee": payee,
        "prepared_by": people.get(found.prepared_by_id, ""),
        "decided_by": people.get(found.decided_by_id or 0, ""),
        "confirmed_by": people.get(found.phase.confirmed_by_id or 0, "") if found.phase else "",
        "movement": getattr(found, "movement", None),
        "may_pay": access.may_pay(seat, found),
        "may_send_back": found.status == Status.PREPARED
        and (access.may_move(seat) or found.prepared_by_id == seat.person.pk),
        "pay_form": PayForm(today=timezone.localdate()),
        "reason_form": ReasonForm(),
    }
    return render(request, "credit/order.html", context)


@require_POST
@at_desk("controller")
def pay(request: HttpRequest, pk: int) -> HttpResponse:
    """Pay what another desk prepared."""
    seat = asker(request)
    found = access.order_seen_by(seat, pk)
    form = PayForm(request.POST, today=timezone.localdate())
    if not form.is_valid():
        return _again(request, found, form)
    values = form.cleaned_data
    tried(
        request,
        lambda: actions.pay_order(
            by=seat.person, order=found, on=values["on"], now=timezone.now(), document=values["document"]
        ),
        _("%(amount)s is paid.") % {"amount": words.money(found.amount)},
    )
    return redirect("credit:order", pk)


def _again(request: HttpRequest, found: PaymentOrder, form: PayForm) -> HttpResponse:
    """The form of a payment once more, with its faults."""
    back = reverse("credit:order", args=[found.pk])
    title = _("Pay this order")
    return form_page(request, form, lambda: back, title=title, submit=title, back=back)


@require_POST
@at_desk("controller", "officer")
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Do not pay, or take one's own order back."""
    seat = asker(request)
    found = access.order_seen_by(seat, pk)
    require(access.may_move(seat) or found.prepared_by_id == seat.person.pk)
    reason = request.POST.get("reason", "")[:300]
    done = _("The order is sent back; its invoice is free again.")
    tried(
        request,
        lambda: actions.send_order_back(by=seat.person, order=found, reason=reason, now=timezone.now()),
        done,
    )
    return redirect("credit:order", pk)


def _preparing(request: HttpRequest, pk: int) -> tuple[Seat, Commitment]:
    seat = asker(request)
    found = access.commitment_seen_by(seat, pk)
    require(access.may_prepare(seat))
    return seat, found


@at_desk("officer")
def invoice_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the controller to pay an invoice."""
    seat, found = _preparing(request, pk)
    answer = _("%(left)s of this commitment is not paid.") % {"left": words.money(found.unpaid)}
    return _amount_page(request, seat, found, actions.prepare_invoice, _("Prepare a payment"), answer)


@at_desk("officer")
def advance_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the controller to pay an advance."""
    seat, found = _preparing(request, pk)
    left = found.contract.advance_max - found.contract.advanced if found.contract else 0
    answer = _("This contract allows an advance of %(left)s; it comes off the phases later.") % {
        "left": words.money(left)
    }
    return _amount_page(request, seat, found, actions.prepare_advance, _("Prepare an advance"), answer)


def _amount_page(
    request: HttpRequest, seat: Seat, found: Commitment, action: Any, title: str, answer: str
) -> HttpResponse:
    form = AmountOrderForm(request.POST or None, today=timezone.localdate())

    def do() -> str:
        made = action(
            by=seat.person,
            commitment=found,
            amount=form.cleaned_data["amount"],
            invoice=form.invoice(),
            now=timezone.now(),
        )
        return reverse("credit:order", args=[made.pk])

    back = reverse("credit:commitment", args=[found.pk])
    submit = _("Send it to the controller")
    return form_page(request, form, do, title=title, answer=answer, submit=submit, back=back, crumb=found.line)


@at_desk("officer")
def phase_order_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the controller to pay a confirmed phase."""
    seat = asker(request)
    phase = access.phase_seen_by(seat, pk)
    require(access.may_prepare(seat))
    form = InvoiceForm(request.POST or None, today=timezone.localdate())
    back = reverse("credit:contract", args=[phase.contract_id])

    def do() -> str:
        bound = access.commitments_seen_by(seat).filter(contract=phase.contract_id, line__closed_on=None)
        unpaid = [each for each in bound.order_by("-pk") if each.unpaid]
        if not unpaid:
            raise actions.NotPossible(_("Nothing is committed to this contract yet; the controller commits it first."))
        enough = [each for each in unpaid if each.unpaid >= phase.amount]
        chosen = enough[0] if enough else max(unpaid, key=lambda each: each.unpaid)
        made = actions.prepare_phase(
            by=seat.person, commitment=chosen, phase=phase, invoice=form.invoice(), now=timezone.now()
        )
        return reverse("credit:order", args=[made.pk])

    answer = _("%(phase)s is worth %(amount)s; its part of the advance comes off.") % {
        "phase": phase.title,
        "amount": words.money(phase.amount),
    }
    title, submit = _("Prepare the payment of a phase"), _("Send it to the controller")
    return form_page(request, form, do, title=title, answer=answer, submit=submit, back=back)
