"""A member's offers to a lot: made, changed, taken back, with the document of the price alone."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kandoo.register.access import Seat, seated
from kandoo.selling import access, actions, queries
from kandoo.selling.forms.lots import Offered, OfferForm, offer_initial
from kandoo.selling.models import Lot, Offer
from kandoo.selling.problems import NotPossible
from kandoo.selling.views.lot_choices import choices_for, offerable
from kandoo.selling.views.lot_parts import wanted_orders
from kandoo.site.lists import asker, words_of


@seated("agent", "member")
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer a batch, or change an earlier offer of it."""
    seat = asker(request)
    lot = access.lot_seen_by(seat, pk)
    orders = [each.order for each in wanted_orders(seat, lot)]
    offered = offerable(choices_for(seat, lot, orders), with_member=seat.role == "agent")
    form = OfferForm(
        request.POST or None, request.FILES or None, offered=offered, initial=_initial(request, seat, lot, offered)
    )
    if request.method == "POST" and form.is_valid() and _make_offer(seat, lot, form):
        messages.success(request, _("Your offer is written down. You can change it while the lot is open."))
        return redirect("selling:lot", lot.pk)
    context = {"lot": lot, "form": form, "offered": offered, "is_open": lot.status == Lot.Status.OPEN}
    return render(request, "selling/lot_offer.html", context)


def _make_offer(seat: Seat, lot: Lot, form: OfferForm) -> bool:
    """Whether the action took the offer; the reason it did not stands in the form."""
    try:
        actions.offer_batch(
            by=seat.person, lot=lot, batch=form.chosen(), terms=form.terms(), today=timezone.localdate()
        )
    except NotPossible as problem:
        form.add_error(None, words_of(problem))
        return False
    return True


def _initial(request: HttpRequest, seat: Seat, lot: Lot, offered: list[Offered]) -> dict[str, Any]:
    """The batch the address names, an earlier offer of it, or the member's last outlet as a start."""
    wanted = request.GET.get("batch", "")
    chosen = next((each for each in offered if str(each.batch.pk) == wanted), offered[0] if offered else None)
    if chosen is None:
        return {}
    earlier = access.offers_seen_by(seat, lot).filter(batch=chosen.batch).first()
    if earlier:
        return offer_initial(earlier)
    last = queries.last_alone(chosen.batch.enterprise_id)
    start = offer_initial(last) if last else {"alone_on": timezone.localdate()}
    return start | {"batch": str(chosen.batch.pk), "drums": chosen.free}


@require_POST
@seated("agent", "member")
def withdraw_offer(request: HttpRequest, pk: int, offer: int) -> HttpResponse:
    """Take an offer back while the lot is open."""
    seat = asker(request)
    found = _offer_seen_by(seat, pk, offer)
    try:
        actions.withdraw_offer(by=seat.person, offer=found)
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, _("The offer is taken back. You can offer the batch again while the lot is open."))
    return redirect("selling:lot", pk)


@require_GET
@seated("agent", "auditor", "member")
def offer_document(request: HttpRequest, pk: int, offer: int) -> HttpResponse:
    """The document of the price alone, to those who see the offer."""
    found = _offer_seen_by(asker(request), pk, offer)
    if not found.alone_document:
        raise Http404
    name = str(found.alone_document.name).rpartition("/")[2]
    file = found.alone_document.open()
    return FileResponse(file, as_attachment=True, filename=name)  # type: ignore[return-value]  # it streams


def _offer_seen_by(seat: Seat, lot: int, offer: int) -> Offer:
    return get_object_or_404(access.offers_seen_by(seat, access.lot_seen_by(seat, lot)), pk=offer)
