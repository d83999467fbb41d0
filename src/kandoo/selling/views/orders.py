"""Orders of buyers, and the dated rates at which they are counted."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo import profiles
from kandoo.ledger.actions import set_rate
from kandoo.ledger.models import ExchangeRate
from kandoo.register.access import Seat, seated
from kandoo.register.models import Enterprise
from kandoo.selling import access, actions, queries
from kandoo.selling.forms.orders import OrderForm, RateForm
from kandoo.selling.models import Order
from kandoo.selling.problems import NotPossible
from kandoo.selling.views.order_parts import order_context
from kandoo.site import language as lang
from kandoo.site import tables
from kandoo.site.lists import asker, in_order, page_of, words_of

SORTS = {
    "code": "code",
    "buyer": "enterprise__sort_key",
    "price": "price_per_kg",
    "mass": "mass_max_kg",
    "day": "deliver_by",
}
READERS = ("agent", "auditor", "buyer", "member", "officer")


@seated(*READERS)
def order_list(request: HttpRequest) -> HttpResponse:
    """Orders the seat may see, with search, filters and order in the address."""
    seat = asker(request)
    page = page_of(request, _found(request, seat))
    states = {
        "name": "state",
        "label": _("State"),
        "options": Order.Status.choices,
        "value": request.GET.get("state", ""),
    }
    selects = [states] if seat.role == "buyer" else [states, _buyer_filter(request, seat)]
    return render(
        request,
        "selling/orders.html",
        {"page_obj": page, "selects": selects, "may_add": seat.is_one_of("agent", "buyer")},
    )


@seated(*READERS)
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The found orders as a file."""
    heads = [
        _("Order"),
        _("Title"),
        _("Buyer"),
        _("Price per kg"),
        _("Currency"),
        _("Least mass (kg)"),
        _("Most mass (kg)"),
        _("Deliver by"),
        _("State"),
    ]
    rows = (
        (
            each.code,
            each.title,
            each.enterprise,
            each.price_per_kg / (1 if each.currency == Order.Currency.IRR else 100),
            each.currency,
            each.mass_min_kg,
            each.mass_max_kg,
            each.deliver_by,
            each.get_status_display(),
        )
        for each in _found(request, asker(request))
    )
    return tables.as_file(form, heads, rows, "orders")


def _found(request: HttpRequest, seat: Seat) -> QuerySet[Order]:
    rows = access.orders_seen_by(seat)
    words = request.GET.get("q", "").strip()
    if words:
        key = lang.fold(words)
        named = Q(enterprise__search_key__contains=key) if key else Q()
        rows = rows.filter(Q(title__icontains=words) | Q(code__icontains=lang.latin_digits(words)) | named)
    if request.GET.get("state") in Order.Status.values:
        rows = rows.filter(status=request.GET["state"])
    if request.GET.get("buyer", "").isdecimal():
        rows = rows.filter(enterprise=int(request.GET["buyer"]))
    return in_order(request, rows, SORTS, "-created_at -pk")


def _buyer_filter(request: HttpRequest, seat: Seat) -> dict[str, object]:
    buyers = (
        access.orders_seen_by(seat).order_by("enterprise__sort_key").values_list("enterprise", flat=True).distinct()
    )
    names = {each.pk: each for each in Enterprise.objects.filter(pk__in=buyers).order_by("sort_key")}
    return {
        "name": "buyer",
        "label": _("Buyer"),
        "options": list(names.items()),
        "value": request.GET.get("buyer", ""),
    }


@seated(*READERS)
def order_page(request: HttpRequest, pk: int) -> HttpResponse:
    """An order's terms, and what the plan of its lot says of it."""
    seat = asker(request)
    order = access.order_seen_by(seat, pk)
    return render(request, "selling/order.html", order_context(seat, order))


@seated("agent", "buyer")
def new(request: HttpRequest) -> HttpResponse:
    """Place an order: the buyer its own, the agent for a buyer of the cluster."""
    seat = asker(request)
    buyers = _buyers(seat) if seat.role == "agent" else []
    form = OrderForm(request.POST or None, profile=profiles.load(seat.cluster.profile), buyers=buyers)
    if request.method == "POST" and form.is_valid():
        buyer = form.buyer() if buyers else seat.enterprise
        assert buyer is not None
        try:
            order = actions.place_order(by=seat.person, buyer=buyer, terms=form.terms(), today=timezone.localdate())
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(
                request,
                _("Order %(order)s is placed.") % {"order": lang.localise_digits(order.code, queries.page_language())},
            )
            return redirect("selling:order", order.pk)
    return render(request, "selling/order_form.html", {"form": form, "no_buyers": seat.role == "agent" and not buyers})


def _buyers(seat: Seat) -> list[Enterprise]:
    """Firms that somebody buys for, and firms that trade, pack or retail: who may stand as a buyer."""
    firms = Enterprise.objects.filter(cluster=seat.cluster)
    wanted = Q(roles__role="buyer") | Q(stage__in=["trade", "retail", "packing"])
    return list(firms.filter(wanted).distinct().order_by("sort_key"))


@seated("agent", "buyer")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an order that no lot holds yet."""
    seat = asker(request)
    order = _kept(seat, pk)
    form = OrderForm(request.POST or None, profile=profiles.load(seat.cluster.profile), order=order)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_order(by=seat.person, order=order, terms=form.terms(), today=timezone.localdate())
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, _("The order is changed."))
            return redirect("selling:order", order.pk)
    return render(request, "selling/order_form.html", {"form": form, "order": order})


@require_POST
@seated("agent", "buyer")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back an order that no lot holds."""
    seat = asker(request)
    order = _kept(seat, pk)
    try:
        actions.withdraw_order(by=seat.person, order=order)
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, _("The order is withdrawn. It stays on record."))
    return redirect("selling:order", order.pk)


def _kept(seat: Seat, pk: int) -> Order:
    """An order the seat may change, or 404."""
    order = access.order_seen_by(seat, pk)
    if not access.may_keep_order(seat, order):
        raise Http404
    return order


@seated("agent", "auditor", "member", "officer", "buyer")
def rates(request: HttpRequest) -> HttpResponse:
    """The dated exchange rates with their sources; the agent adds one."""
    seat = asker(request)
    form = RateForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and seat.role != "agent":
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        try:
            set_rate(by=seat.person, cluster=seat.cluster, **form.cleaned_data)
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, _("The rate is written down."))
            return redirect("selling:rates")
    rows = ExchangeRate.objects.filter(cluster=seat.cluster).order_by("-on", "currency")
    return render(
        request,
        "selling/rates.html",
        {"page_obj": page_of(request, rows), "form": form, "may_add": seat.role == "agent"},
    )
