"""Joint lots: listed, called, shown to each seat, opened, cancelled."""

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo.register.access import Seat, seated
from kandoo.selling import access, actions
from kandoo.selling.forms.lots import LotForm, ReasonForm
from kandoo.selling.models import Lot, Order
from kandoo.selling.problems import NotPossible
from kandoo.selling.views.lot_figures import cancel_figures
from kandoo.selling.views.lot_offers import offer, offer_document, withdraw_offer
from kandoo.selling.views.lot_parts import lot_context
from kandoo.selling.views.lot_plans import agree, answer, plan, plan_export
from kandoo.site import language as lang
from kandoo.site.lists import asker, in_order, page_of, words_of

__all__ = [
    "agree",
    "answer",
    "cancel",
    "lot_list",
    "lot_page",
    "new",
    "offer",
    "offer_document",
    "open_for_offers",
    "plan",
    "plan_export",
    "withdraw_offer",
]

READERS = ("agent", "auditor", "member", "buyer", "officer")
SORTS = {"code": "code", "until": "offers_until"}


@seated(*READERS)
def lot_list(request: HttpRequest) -> HttpResponse:
    """The cluster's joint lots, newest first."""
    seat = asker(request)
    page = page_of(request, _found(request, seat))
    states = {
        "name": "state",
        "label": _("State"),
        "options": Lot.Status.choices,
        "value": request.GET.get("state", ""),
    }
    return render(
        request, "selling/lots.html", {"page_obj": page, "selects": [states], "may_call": seat.role == "agent"}
    )


def _found(request: HttpRequest, seat: Seat) -> QuerySet[Lot]:
    rows = access.lots_seen_by(seat)
    words = request.GET.get("q", "").strip()
    if words:
        rows = rows.filter(title__icontains=words) | rows.filter(code__icontains=lang.latin_digits(words))
    if request.GET.get("state") in Lot.Status.values:
        rows = rows.filter(status=request.GET["state"])
    return in_order(request, rows.annotate(order_count=Count("lot_orders", distinct=True)), SORTS, "-called_at -pk")


@seated("agent")
def new(request: HttpRequest) -> HttpResponse:
    """Call a lot for open orders."""
    seat = asker(request)
    orders = list(access.orders_seen_by(seat).filter(status=Order.Status.OPEN).order_by("deliver_by", "pk"))
    form = LotForm(request.POST or None, orders=orders)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("title", "offers_until", "first_percent")}
        try:
            lot = actions.call_lot(
                by=seat.person, cluster=seat.cluster, orders=form.chosen(), today=timezone.localdate(), **values
            )
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, _("The lot is called. Open it when its terms are right; members are told then."))
            return redirect("selling:lot", lot.pk)
    return render(request, "selling/lot_new.html", {"form": form, "orders": orders})


@seated(*READERS)
def lot_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A lot as far as the seat may see it, and the one next step for the seat."""
    seat = asker(request)
    lot = access.lot_seen_by(seat, pk)
    return render(request, "selling/lot.html", lot_context(request, seat, lot))


@require_POST
@seated("agent")
def open_for_offers(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a lot for offers; a planned one opens again and its plan is void."""
    seat = asker(request)
    lot = access.lot_seen_by(seat, pk)
    try:
        actions.open_lot(by=seat.person, lot=lot)
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, _("The lot is open for offers. The members have been told."))
    return redirect("selling:lot", lot.pk)


@seated("agent")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a lot off, with the reason its members will read."""
    seat = asker(request)
    lot = access.lot_seen_by(seat, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel_lot(by=seat.person, lot=lot, reason=form.cleaned_data["reason"])
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, _("The lot is cancelled. Its orders and drums are free again."))
            return redirect("selling:lot", lot.pk)
    return render(request, "selling/lot_cancel.html", {"lot": lot, "form": form, "points": cancel_figures(lot)})
