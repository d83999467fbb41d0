"""Orders to suppliers: listed, shown with what came of them, on paper and as a table; the supplier sees its own."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kandoo.buying import access, papers
from kandoo.buying.actions.money import TAKES_INVOICES
from kandoo.buying.goods_reading import OrderState, order_states
from kandoo.register.access import seated
from kandoo.site import tables
from kandoo.site.lists import asker, page_of

LANGUAGES = ("fa", "en")
READERS = ("agent", "auditor", "supplier")


@require_GET
@seated(*READERS)
def order_list(request: HttpRequest) -> HttpResponse:
    """Orders of all rounds, newest first."""
    seat = asker(request)
    page = page_of(request, access.orders_seen_by(seat).select_related("invoice").order_by("-at", "-pk"))
    return render(request, "buying/orders.html", {"page_obj": page, "states": order_states(page.object_list)})


@require_GET
@seated(*READERS)
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """One order, line by line, with what came and what is invoiced."""
    seat = asker(request)
    state = _state(request, pk)
    context = {
        "state": state,
        "round": state.order.round,
        "is_own": seat.role == "supplier",
        "may_invoice": seat.role != "auditor" and not state.invoice and state.order.round.status in TAKES_INVOICES,
    }
    return render(request, "buying/order.html", context)


def _state(request: HttpRequest, pk: int) -> OrderState:
    return order_states([access.order_seen_by(asker(request), pk)])[0]


@require_GET
@seated(*READERS)
def order_pdf(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The order on paper, in Persian or English."""
    if language not in LANGUAGES:
        raise Http404
    state = _state(request, pk)
    return pdf_answer(papers.order_pdf(state, language), f"{state.order.code}-{language}")


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """A PDF that the browser shows."""
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}.pdf"'}
    )


@require_GET
@seated(*READERS)
def order_export(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The order as a table, one row a line; amounts in rial."""
    state = _state(request, pk)
    heads = [
        _("Order"), _("Item"), _("Code"), _("Collection point"), _("Handed out on"), _("Quantity"), _("Unit"),
        _("Price of one unit (rial)"), _("Amount (rial)"), _("Came, good"), _("Broken"), _("Wrong"),
    ]  # fmt: skip
    rows: list[tuple[Any, ...]] = [
        (
            state.order.code, each.line.item, each.line.item.code, each.line.place, each.line.place.on,
            each.line.quantity, each.line.item.get_unit_display(), each.line.unit_price,
            each.line.quantity * each.line.unit_price, each.good, each.broken, each.wrong,
        )
        for each in state.lines
    ]  # fmt: skip
    rows.append((state.order.code, _("Delivery"), "", "", "", "", "", "", state.order.delivery, "", "", ""))
    return tables.as_file(form, heads, rows, state.order.code)
