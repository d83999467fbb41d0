"""Goods at the collection points: what arrived, how it is divided, handed out and given back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kandoo.buying import access, papers
from kandoo.buying.actions import goods as actions
from kandoo.buying.forms.goods import ArrivalForm, ReturnForm
from kandoo.buying.goods_reading import hand_outs, members_at, place_states
from kandoo.buying.models import Arrival, HandOut, Return, Round, RoundPlace
from kandoo.buying.problems import NotPossible
from kandoo.buying.views.orders import LANGUAGES, pdf_answer
from kandoo.register.access import Seat, seated
from kandoo.site.lists import asker, page_language, words_of

SEATS = ("agent", "auditor", "member", "supplier")
Status = Round.Status


def _chosen(request: HttpRequest, places: list[Any]) -> Any:
    """The point that the address asks for, or the first."""
    wanted = request.GET.get("place", "")
    return next((each for each in places if str(each.place.pk) == wanted), places[0])


@seated(*SEATS)
def arrivals(request: HttpRequest, pk: int) -> HttpResponse:
    """What arrived at a collection point, with what is broken, wrong and short; entered by its keeper or the agent."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    places = place_states(seat, this)
    if not places:
        raise Http404
    chosen = _chosen(request, places)
    may_enter = this.status == Status.AGREED and seat.role != "auditor"
    if request.method == "POST" and not may_enter:
        raise PermissionDenied
    form = ArrivalForm(request.POST or None, lines=chosen.lines, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            actions.enter_arrivals(
                by=seat.person,
                this=this,
                arrived=form.arrived(),
                on=form.cleaned_data["on"],
                today=timezone.localdate(),
            )
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, _("Written down. More can follow on another day."))
            return redirect(f"{request.path}?place={chosen.place.pk}")
    context = {
        "round": this, "places": places, "chosen": chosen, "form": form if may_enter and form.rows() else None,
        "may_take_back": may_enter, "seat": seat, "came": any(each.has_come for each in places),
    }  # fmt: skip
    return render(request, "buying/arrivals.html", context)


@require_POST
@seated(*SEATS)
def take_back_arrival(request: HttpRequest, pk: int, arrival: int) -> HttpResponse:
    """Take back what was written down in error."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    if seat.role == "auditor":
        raise PermissionDenied
    found = get_object_or_404(
        Arrival.objects.select_related("line"), pk=arrival, line__place__in=access.places_kept_by(seat, this)
    )
    try:
        actions.take_back_arrival(by=seat.person, this=this, arrival=found)
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, _("It is taken back. The trail keeps what it was."))
    return redirect("buying:arrivals", pk)


@seated("agent")
def divide(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the arrivals: what each member would get is shown before it is fixed."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    today = timezone.localdate()
    if request.method == "POST":
        try:
            actions.divide_goods(by=seat.person, this=this, today=today)
        except NotPossible as problem:
            messages.error(request, words_of(problem))
        else:
            messages.success(request, _("The goods are divided and every member has been told."))
            return redirect("buying:hand_out", pk)
    rows = actions.divided(this, today) if this.status == Status.AGREED else []
    places = {each.pk: each for each in this.places.select_related("point")}
    short = [
        (each, places[each.place_id], each.ordered - each.quantity) for each in rows if each.quantity < each.ordered
    ]
    context = {
        "round": this,
        "is_agreed": this.status == Status.AGREED,
        "came": Arrival.objects.filter(line__order__round=this).exists(),
        "lines": len(rows),
        "members": len({each.enterprise_id for each in rows}),
        "short": sorted(short, key=lambda row: (row[1].pk, str(row[0].item), row[0].enterprise.sort_key)),
        "empty": [each for state in place_states(seat, this) for each in state.lines if not each.arrivals],
    }
    return render(request, "buying/arrivals_divide.html", context)


@seated(*SEATS)
def hand_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Who takes what at a collection point, and that it was taken; a member confirms its own."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    if request.method == "POST":
        return _signed(request, seat, this)
    rows = hand_outs(seat, this)
    kept = _places(seat, this)
    if not rows and not kept:
        raise Http404
    here = [each for each in kept if str(each.pk) == request.GET.get("place")] or kept[:1]
    listed = [each for each in rows if here and each.place_id == here[0].pk]
    context = {
        "round": this,
        "places": kept,
        "chosen": here[0] if here else None,
        "members": members_at(listed),
        "open": sum(1 for each in listed if each.quantity and not each.signed),
        "own": [each for each in rows if seat.role == "member" and seat.enterprise == each.enterprise],
        "may_sign": this.status == Status.DELIVERED and seat.role != "auditor",
        "left": sum(1 for each in rows if each.quantity and not each.signed),
        "seat": seat,
    }
    return render(request, "buying/hand_out.html", context)


def _places(seat: Seat, this: Round) -> list[RoundPlace]:
    """The points whose lists the seat may read, those with something to hand out."""
    places = this.places.select_related("point") if seat.role == "auditor" else access.places_kept_by(seat, this)
    return list(places.filter(hand_outs__isnull=False).distinct())


def _signed(request: HttpRequest, seat: Seat, this: Round) -> HttpResponse:
    if seat.role == "auditor":
        raise PermissionDenied
    wanted = {int(each) for each in request.POST.getlist("row") if each.isdecimal()}
    rows = [each for each in access.hand_outs_seen_by(seat, this) if each.pk in wanted]
    how = request.POST.get("how", "")
    if how == HandOut.Signed.SELF:
        rows = [each for each in rows if seat.role == "member" and each.enterprise == seat.enterprise]
    else:
        kept = {each.pk for each in access.places_kept_by(seat, this)}
        rows = [each for each in rows if each.place_id in kept]
    if not rows:
        raise Http404
    try:
        actions.sign_hand_outs(by=seat.person, this=this, hand_outs=rows, how=how, now=timezone.now())
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, _("Written down as handed out."))
    if how == HandOut.Signed.SELF:
        return redirect("buying:round", this.pk)
    return redirect(f"{request.path}?place={rows[0].place_id}")


@require_GET
@seated(*SEATS)
def hand_out_pdf(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """The list of one point on paper, with room to sign."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    found = next((each for each in _places(seat, this) if each.pk == place), None)
    if found is None:
        raise Http404
    rows = [each for each in hand_outs(seat, this) if each.place_id == place]
    language = request.GET.get("language", page_language())
    if language not in LANGUAGES:
        raise Http404
    return pdf_answer(papers.hand_out_pdf(this, found, rows, language), f"{this.code}-{found.point.code}")


@seated(*SEATS)
def returns(request: HttpRequest, pk: int) -> HttpResponse:
    """What members gave back before the settlement; entered by the member, the keeper or the agent."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    rows = hand_outs(seat, this)
    if not rows:
        raise Http404
    may_enter = this.status == Status.DELIVERED and seat.role != "auditor"
    taken = [each for each in rows if each.signed]
    form = ReturnForm(request.POST or None, rows=taken, today=timezone.localdate(), wanted=request.GET.get("row", ""))
    if request.method == "POST" and not may_enter:
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("quantity", "reason", "on")}
        try:
            actions.give_back(by=seat.person, this=this, hand_out=form.hand_out(), today=timezone.localdate(), **given)
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, _("Written down as given back; it will not be billed to the member."))
            return redirect("buying:returns", pk)
    found = Return.objects.filter(hand_out__in=rows).select_related("hand_out__enterprise", "hand_out__item", "by")
    context = {
        "round": this, "returns": list(found.order_by("-on", "-pk")), "form": form if may_enter and taken else None,
    }  # fmt: skip
    return render(request, "buying/hand_out_returns.html", context)
