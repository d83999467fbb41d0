"""A lot's costs, delivery and settlement; pay slips; the papers to print."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kandoo.register.access import Seat, seated
from kandoo.register.models import Enterprise
from kandoo.selling import access, actions, queries, slip_reading
from kandoo.selling.forms.money import CostForm, DeliveryForm, Owed, SettleForm
from kandoo.selling.models import Lot, Order, PaySlip, PlanLine
from kandoo.selling.problems import NotPossible
from kandoo.selling.settling import sum_in_rial
from kandoo.site import language as lang
from kandoo.site import tables
from kandoo.site.lists import asker, in_order, page_of, words_of
from kandoo.trace import papers

OPEN_FOR_COSTS = (Lot.Status.CALLED, Lot.Status.OPEN, Lot.Status.PLANNED, Lot.Status.AGREED, Lot.Status.DELIVERED)
SORTS = {"number": "number", "member": "enterprise__sort_key", "amount": "amount", "alone": "alone", "day": "at"}
LANGUAGES = ("fa", "en")


@seated("agent", "auditor", "member")
def costs(request: HttpRequest, pk: int) -> HttpResponse:
    """The costs a lot bears together, each with its document; the agent adds one."""
    seat = asker(request)
    lot = access.lot_seen_by(seat, pk)
    if request.method == "POST" and seat.role != "agent":
        raise PermissionDenied
    firms = Enterprise.objects.filter(cluster=seat.cluster).order_by("sort_key") if seat.role == "agent" else []
    form = CostForm(request.POST or None, firms=list(firms), today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_cost(by=seat.person, lot=lot, **form.values())
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, _("The cost is written down. All members in the lot can see it."))
            return redirect("selling:lot_costs", lot.pk)
    rows = list(lot.costs.select_related("paid_to").order_by("on", "pk"))
    context = {
        "lot": lot,
        "costs": rows,
        "total": sum(each.amount for each in rows),
        "form": form,
        "may_add": seat.role == "agent" and lot.status in OPEN_FOR_COSTS,
        "may_remove": seat.role == "agent" and lot.status in OPEN_FOR_COSTS[:-1],
    }
    return render(request, "selling/costs.html", context)


@require_POST
@seated("agent")
def remove_cost(request: HttpRequest, pk: int, cost: int) -> HttpResponse:
    """Take back a cost entered in error."""
    seat = asker(request)
    lot = access.lot_seen_by(seat, pk)
    found = get_object_or_404(lot.costs.select_related("lot"), pk=cost)
    try:
        actions.remove_cost(by=seat.person, cost=found)
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, _("The cost is taken back. The trail keeps what it was."))
    return redirect("selling:lot_costs", lot.pk)


@seated("agent")
def deliver(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what was weighed; the sale is booked and the first payments become owed."""
    seat = asker(request)
    lot = access.lot_seen_by(seat, pk)
    today = timezone.localdate()
    lines = PlanLine.objects.filter(plan=lot.plan_id).select_related("enterprise", "order", "offer__batch")
    form = DeliveryForm(
        request.POST or None, lines=list(lines.order_by("order__code", "enterprise__sort_key", "pk")), today=today
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.deliver_lot(
                by=seat.person, lot=lot, weighed_kg=form.weighed(), on=form.cleaned_data["on"], today=today
            )
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(
                request, _("The delivery is booked. The first payments are owed now; the next payment run pays them.")
            )
            return redirect("selling:lot", lot.pk)
    return render(request, "selling/deliver.html", {"lot": lot, "form": form, **_delivery_figures(lot, form)})


def _delivery_figures(lot: Lot, form: DeliveryForm) -> dict[str, Any]:
    lines = [line for line, _field in form.rows()]
    rates = {each.order_id: each.rate for each in lot.lot_orders.all()}
    return {
        "is_agreed": lot.status == Lot.Status.AGREED,
        "kg": sum(line.kg for line in lines),
        "members": len({line.enterprise_id for line in lines}),
        "proceeds": sum(line.kg * queries.price_in_rial(line.order, rates[line.order_id]) for line in lines),
        "cost_total": sum(each.amount for each in lot.costs.all()),
    }


@seated("agent")
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter what the buyers paid; it is divided, and each member gets its pay slip."""
    seat = asker(request)
    lot = access.lot_seen_by(seat, pk)
    today = timezone.localdate()
    form = SettleForm(request.POST or None, owed=_owed(lot), today=today)
    if request.method == "POST" and form.is_valid():
        try:
            actions.settle_lot(by=seat.person, lot=lot, paid=form.paid(), now=timezone.now(), today=today)
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, _("The lot is settled and every member has a pay slip."))
            return redirect("selling:lot", lot.pk)
    context = {
        "lot": lot,
        "form": form,
        "is_delivered": lot.status == Lot.Status.DELIVERED,
        "members": lot.first_payments.count(),
        "first_total": sum(lot.first_payments.values_list("amount", flat=True)),
        "cost_total": sum(each.amount for each in lot.costs.all()),
    }
    return render(request, "selling/settle.html", context)


def _owed(lot: Lot) -> list[Owed]:
    rates = {each.order_id: each.rate for each in lot.lot_orders.all()}
    return [Owed(order, rial, rates[order.pk]) for order, rial in sum_in_rial(lot).items()]


# Pay slips


@seated("agent", "auditor", "member")
def pay_slips(request: HttpRequest) -> HttpResponse:
    """A member's pay slips with what they brought above selling alone; all of them to staff."""
    seat = asker(request)
    rows = _found(request, seat)
    if request.GET.get("form"):
        return _slips_file(request.GET["form"], rows)
    season = lang.jalali_year(timezone.localdate())
    all_own = list(access.pay_slips_seen_by(seat))
    of_season = [each for each in all_own if lang.jalali_year(timezone.localdate(each.at)) == season]
    context = {
        "page_obj": page_of(request, rows),
        "season": season,
        "gain": slip_reading.season_gain(of_season),
        "amount": sum(each.amount for each in of_season),
        "count": len(of_season),
        "is_staff": seat.is_one_of(*access.STAFF),
    }
    return render(request, "selling/pay_slips.html", context)


def _found(request: HttpRequest, seat: Seat) -> QuerySet[PaySlip]:
    rows = access.pay_slips_seen_by(seat)
    words = request.GET.get("q", "").strip()
    if words:
        named = Q(lot__title__icontains=words) | Q(number__icontains=lang.latin_digits(words))
        key = lang.fold(words)
        rows = rows.filter(named | Q(enterprise__search_key__contains=key)) if key else rows.filter(named)
    if request.GET.get("lot", "").isdecimal():
        rows = rows.filter(lot=int(request.GET["lot"]))
    return in_order(request, rows, SORTS, "-at -pk")


def _slips_file(form: str, rows: QuerySet[PaySlip]) -> HttpResponse:
    heads = [
        _("Pay slip"), _("Member"), _("Lot"), _("Mass (kg)"), _("Amount (rial)"), _("First payment (rial)"),
        _("Final payment (rial)"), _("Alone (rial)"), _("Gain (rial)"),
    ]  # fmt: skip
    lines = (
        (
            each.number, each.enterprise, each.lot, each.content["kg"], each.amount, each.first, each.final,
            each.alone, each.content["gain"],
        )
        for each in rows
    )  # fmt: skip
    return tables.as_file(form, heads, lines, "pay-slips")


@seated("agent", "auditor", "member")
def pay_slip(request: HttpRequest, pk: int) -> HttpResponse:
    """A pay slip: the gain, the way from alone to together, every amount with its reason."""
    slip = access.pay_slip_seen_by(asker(request), pk)
    read = slip_reading.read_slip(slip)
    rows = [[step.label, step.text] for step in read.steps]
    context = {
        "slip": slip,
        "read": read,
        "picture": slip_reading.picture(read),
        "rows": rows,
        "columns": [_("Step"), _("Amount")],
    }
    return render(request, "selling/pay_slip.html", context)


# Papers to print


@require_GET
@seated("agent", "auditor", "member")
def pay_slip_pdf(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """A pay slip as a PDF, in Persian or English."""
    slip = access.pay_slip_seen_by(asker(request), pk)
    if language not in LANGUAGES:
        raise Http404
    return _pdf(papers.pay_slip_pdf(slip, language), f"{slip.number}-{language}")


@require_GET
@seated("agent", "auditor", "buyer")
def label(request: HttpRequest, pk: int, order: int) -> HttpResponse:
    """The label of an order's part of a lot, with the QR code of its trace page."""
    seat = asker(request)
    lot = access.lot_seen_by(seat, pk)
    found: Order = get_object_or_404(access.orders_seen_by(seat), pk=order, lots=lot)
    if lot.delivered_on is None:
        raise Http404
    return _pdf(
        papers.label_pdf(lot, found, queries.page_language(), request.build_absolute_uri("/")),
        f"label-{lot.code}-{found.code}",
    )


@require_GET
@seated("agent", "auditor")
def sampling_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Which drums to sample, to take along."""
    lot = access.lot_seen_by(asker(request), pk)
    if lot.plan_id is None:
        raise Http404
    return _pdf(papers.sampling_pdf(lot, queries.page_language()), f"sampling-{lot.code}")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
