"""The money of a round: deposits, invoices, the settlement, the bills."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kandoo.buying import access, bill_reading, papers
from kandoo.buying.actions import money as actions
from kandoo.buying.actions.plans import deposits_due
from kandoo.buying.forms.money import DepositForm, InvoiceForm, SettleForm
from kandoo.buying.goods_reading import order_states
from kandoo.buying.models import Bill, Deposit, Invoice, Round
from kandoo.buying.problems import NotPossible
from kandoo.buying.settlement_reading import preview
from kandoo.buying.settling import missing_of
from kandoo.buying.views.orders import LANGUAGES, pdf_answer
from kandoo.register.access import seated
from kandoo.register.models import Enterprise
from kandoo.site import language as lang
from kandoo.site import tables
from kandoo.site.lists import asker, in_order, page_of, words_of

SORTS = {"number": "number", "member": "enterprise__sort_key", "amount": "amount", "alone": "alone"}
Status = Round.Status


# Deposits


@seated("agent", "auditor", "member")
def deposits(request: HttpRequest, pk: int) -> HttpResponse:
    """What members paid ahead; the agent enters it with its document."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    if request.method == "POST" and seat.role != "agent":
        raise PermissionDenied
    firms = Enterprise.objects.filter(needs__round=this, needs__is_withdrawn=False).distinct().order_by("sort_key")
    form = DepositForm(request.POST or None, firms=list(firms), today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            actions.enter_deposit(by=seat.person, this=this, today=timezone.localdate(), **form.values())
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, _("The deposit is booked and will be taken off the bill."))
            return redirect("buying:deposits", pk)
    rows = list(access.deposits_seen_by(seat, this))
    may_enter = seat.role == "agent" and this.status in actions.TAKES_DEPOSITS
    due = deposits_due(this) if this.plan_id else {}
    context = {
        "round": this,
        "deposits": rows,
        "total": sum(each.amount for each in rows),
        "due": due.get(seat.enterprise.pk, 0) if seat.enterprise else sum(due.values()),
        "form": form if may_enter and firms else None,
        "may_take_back": may_enter,
        "is_own": seat.role == "member",
    }
    return render(request, "buying/deposits.html", context)


@require_POST
@seated("agent")
def take_back_deposit(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a deposit entered in error."""
    seat = asker(request)
    found = get_object_or_404(Deposit.objects.select_related("round", "enterprise"), pk=pk, cluster=seat.cluster)
    try:
        actions.take_back_deposit(by=seat.person, deposit=found, today=timezone.localdate())
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, _("The deposit is taken back; the books keep it and its mirror image."))
    return redirect("buying:deposits", found.round_id)


# Invoices


@require_GET
@seated("agent", "auditor")
def invoices(request: HttpRequest, pk: int) -> HttpResponse:
    """Each order of a round with its invoice, against what was ordered and what came."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    states = order_states(access.orders_seen_by(seat).filter(round=this).select_related("invoice").order_by("code"))
    if not states:
        raise Http404
    context = {
        "round": this,
        "states": states,
        "missing": sum(each.invoice is None for each in states),
        "total": sum(each.invoice.total for each in states if each.invoice),
        "may_enter": seat.role == "agent" and this.status in actions.TAKES_INVOICES,
    }
    return render(request, "buying/invoices.html", context)


@seated("agent", "supplier")
def invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the invoice for an order: filled in with what came at the prices ordered."""
    seat = asker(request)
    order = access.order_seen_by(seat, pk)
    if hasattr(order, "invoice") or order.round.status not in actions.TAKES_INVOICES:
        return redirect("buying:order", pk)
    state = order_states([order])[0]
    form = InvoiceForm(request.POST or None, state=state, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.enter_invoice(
                by=seat.person, order=order, today=timezone.localdate(), is_agent=seat.role == "agent", **form.values()
            )
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            _say_difference(request, row, state.came)
            return redirect("buying:order", pk)
    return render(request, "buying/invoice.html", {"state": state, "round": order.round, "form": form})


def _say_difference(request: HttpRequest, row: Invoice, came: int) -> None:
    """The invoice is in; say how it stands against what came."""
    if row.total == came:
        messages.success(request, _("The invoice is written down; it is what came at the prices ordered."))
        return
    amount = lang.format_toman(abs(row.total - came), bill_reading.page_language())
    text = _("The invoice is written down. It is %(amount)s above what came at the prices ordered.")
    below = _("The invoice is written down. It is %(amount)s below what came at the prices ordered.")
    messages.warning(request, (text if row.total > came else below) % {"amount": amount})


@require_POST
@seated("agent", "supplier")
def take_back_invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo an invoice entered in error, before the settlement."""
    seat = asker(request)
    order = access.order_seen_by(seat, pk)
    found = get_object_or_404(Invoice.objects.select_related("order__round"), order=order)
    try:
        actions.take_back_invoice(
            by=seat.person, invoice=found, today=timezone.localdate(), is_agent=seat.role == "agent"
        )
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, _("The invoice is taken back. The trail keeps what it was."))
    return redirect("buying:order", pk)


# The settlement and the bills


@seated("agent")
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Each member's bill as it would be, then for good."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    form = SettleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.settle_round(
                by=seat.person, this=this, now=timezone.now(), today=timezone.localdate(),
                cover_from_reserve=form.cleaned_data["cover"],
            )  # fmt: skip
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, _("The round is settled and every member has its bill."))
            return redirect("buying:round", pk)
    is_delivered = this.status == Status.DELIVERED
    missing = missing_of(this) if is_delivered else None
    context: dict[str, Any] = {"round": this, "form": form, "is_delivered": is_delivered, "missing": missing}
    if missing and missing.is_nothing:
        context["preview"] = preview(this)
    return render(request, "buying/settle.html", context)


@require_GET
@seated("agent", "auditor", "member")
def bills(request: HttpRequest) -> HttpResponse:
    """A member's bills with what they saved; all of them to staff."""
    seat = asker(request)
    rows = _found(request, access.bills_seen_by(seat))
    if request.GET.get("form"):
        return _bills_file(request.GET["form"], rows)
    every = list(access.bills_seen_by(seat).values_list("amount", "alone", "deposit"))
    context = {
        "page_obj": page_of(request, rows),
        "count": len(every),
        "saved": sum(alone - amount for amount, alone, _deposit in every),
        "amount": sum(amount for amount, _alone, _deposit in every),
        "is_staff": seat.is_one_of(*access.STAFF),
    }
    return render(request, "buying/bills.html", context)


def _found(request: HttpRequest, rows: QuerySet[Bill]) -> QuerySet[Bill]:
    words = request.GET.get("q", "").strip()
    if words:
        named = Q(round__title__icontains=words) | Q(number__icontains=lang.latin_digits(words))
        key = lang.fold(words)
        rows = rows.filter(named | Q(enterprise__search_key__contains=key)) if key else rows.filter(named)
    if request.GET.get("round", "").isdecimal():
        rows = rows.filter(round=int(request.GET["round"]))
    return in_order(request, rows, SORTS, "-at -pk")


def _bills_file(form: str, rows: QuerySet[Bill]) -> HttpResponse:
    heads = [
        _("Bill"), _("Member"), _("Round"), _("Amount (rial)"), _("Deposit (rial)"), _("Due (rial)"),
        _("Alone (rial)"), _("Saved (rial)"),
    ]  # fmt: skip
    lines = (
        (
            each.number, each.enterprise, each.round, each.amount, each.deposit, each.amount - each.deposit, each.alone,
            each.alone - each.amount,
        )
        for each in rows
    )  # fmt: skip
    return tables.as_file(form, heads, lines, "bills")


@require_GET
@seated("agent", "auditor", "member")
def bill(request: HttpRequest, pk: int) -> HttpResponse:
    """A bill: the saving, every line with its reason, what is due."""
    read = bill_reading.read_bill(access.bill_seen_by(asker(request), pk))
    return render(request, "buying/bill.html", {"read": read, "bill": read.bill})


@require_GET
@seated("agent", "auditor", "member")
def bill_pdf(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """A bill on paper, in Persian or English."""
    found = access.bill_seen_by(asker(request), pk)
    if language not in LANGUAGES:
        raise Http404
    return pdf_answer(papers.bill_pdf(found, language), f"{found.number}-{language}")
