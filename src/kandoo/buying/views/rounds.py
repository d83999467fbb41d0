"""Rounds of joint buying: listed, shown to each seat, opened, extended, cancelled."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo.buying import access
from kandoo.buying.actions import rounds as actions
from kandoo.buying.forms.rounds import CancelForm, ExtendForm
from kandoo.buying.models import Round
from kandoo.buying.problems import NotPossible
from kandoo.buying.round_reading import round_context
from kandoo.register.access import Seat, seated
from kandoo.site import language as lang
from kandoo.site.lists import asker, in_order, page_of, words_of

SORTS = {"code": "code", "until": "closes_on"}


@seated(*access.READERS)
def round_list(request: HttpRequest) -> HttpResponse:
    """The cluster's rounds, newest first."""
    seat = asker(request)
    states = {
        "name": "state",
        "label": _("State"),
        "options": Round.Status.choices,
        "value": request.GET.get("state", ""),
    }
    context = {
        "page_obj": page_of(request, _found(request, seat)),
        "selects": [states],
        "may_call": seat.role == "agent",
    }
    return render(request, "buying/rounds.html", context)


def _found(request: HttpRequest, seat: Seat) -> QuerySet[Round]:
    rows = access.rounds_seen_by(seat)
    words = request.GET.get("q", "").strip()
    if words:
        rows = rows.filter(title__icontains=words) | rows.filter(code__icontains=lang.latin_digits(words))
    if request.GET.get("state") in Round.Status.values:
        rows = rows.filter(status=request.GET["state"])
    return in_order(request, rows, SORTS, "-called_at -pk")


@seated(*access.READERS)
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A round as far as the seat may see it, and the one next step for the seat."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    return render(request, "buying/round.html", round_context(request, seat, this))


@require_POST
@seated("agent")
def open_round(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a round for needs and sealed quotations."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    try:
        actions.open_round(by=seat.person, this=this)
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, _("The round is open. Members and suppliers have been told."))
    return redirect("buying:round", pk)


@seated("agent")
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Give members more time; opened quotations stay as they are."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    form = ExtendForm(request.POST or None, closes_on=this.closes_on)
    if request.method == "POST" and form.is_valid():
        try:
            actions.extend_round(by=seat.person, this=this, today=timezone.localdate(), **form.cleaned_data)
        except NotPossible as problem:
            form.add_error("closes_on", words_of(problem))
        else:
            messages.success(request, _("The round has a new last day. The members have been told."))
            return redirect("buying:round", pk)
    return render(request, "buying/round_extend.html", {"round": this, "form": form})


@seated("agent")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a round off, with the reason members and suppliers will read."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel_round(by=seat.person, this=this, **form.cleaned_data)
        except NotPossible as problem:
            form.add_error("reason", words_of(problem))
        else:
            messages.success(request, _("The round is cancelled. Members and suppliers have been told."))
            return redirect("buying:round", pk)
    needing = this.needs.filter(is_withdrawn=False).values("enterprise").distinct().count()
    return render(request, "buying/round_cancel.html", {"round": this, "form": form, "needing": needing})
