"""A member's needs of a round: one sheet, filled in by the member or for it, confirmed, taken back."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kandoo.benefit import actions as benefit
from kandoo.benefit.models import Evidence
from kandoo.buying import access, needs_history, needs_reading
from kandoo.buying.actions.needs import enter_need, withdraw_need
from kandoo.buying.forms.needs import ItemForm, Sheet, WhereForm
from kandoo.buying.models import Need, NeedPrice, Round, RoundPlace
from kandoo.buying.problems import NotPossible
from kandoo.register.access import Seat, seated
from kandoo.register.models import Enterprise
from kandoo.register.queries import members_on
from kandoo.site.lists import asker, page_of, words_of

OTHER = "other"  # in the address: a need at a further point


@dataclass(frozen=True, slots=True)
class Desk:
    """Who fills in whose sheet: the points it may choose, and where the needs stood when the page was opened."""

    seat: Seat
    this: Round
    enterprise: Enterprise
    places: list[RoundPlace]
    needs: list[Need]  # live ones at these points
    at: RoundPlace | None
    last: needs_reading.LastTime | None  # the start that was chosen

    @property
    def is_own(self) -> bool:
        return self.seat.role == "member" and self.seat.enterprise == self.enterprise

    @property
    def is_keeper(self) -> bool:
        """Neither the member nor the agent: it keeps the point and reads no prices of others."""
        return not self.is_own and self.seat.role != "agent"

    @property
    def home(self) -> str:
        """The address of this sheet."""
        if self.is_own:
            return reverse("buying:need", args=[self.this.pk])
        return reverse("buying:need_for", args=[self.this.pk, self.enterprise.pk])


@seated("member")
def need(request: HttpRequest, pk: int) -> HttpResponse:
    """A member's own needs of a round."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    if seat.enterprise is None:
        raise Http404
    return _sheet_page(request, _desk(request, seat, this, seat.enterprise))


@seated("agent", "auditor", "member", "supplier")
def need_for(request: HttpRequest, pk: int, firm: int) -> HttpResponse:
    """The needs of one member: filled in for it by the agent or a keeper, read by the auditor."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    if seat.role == "member" and seat.enterprise is not None and seat.enterprise.pk == firm:
        return redirect("buying:need", pk)
    _require_list(seat, this)
    enterprise = get_object_or_404(members_on(seat.cluster, timezone.localdate()), pk=firm)
    return _sheet_page(request, _desk(request, seat, this, enterprise))


def _require_list(seat: Seat, this: Round) -> None:
    """The list of needs is for the agent, the auditor and keepers of a point of the round."""
    if not access.reads_needs(seat, this):
        raise Http404


@seated("agent", "member", "supplier")
def choose_member(request: HttpRequest, pk: int) -> HttpResponse:
    """For whom a need is entered."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    _require_list(seat, this)
    found = needs_reading.members_named(seat, request.GET.get("q", ""))
    context = {"round": this, "page_obj": page_of(request, found), "takes_needs": _takes_needs(this)}
    return render(request, "buying/needs_members.html", context)


def _takes_needs(this: Round) -> bool:
    return needs_reading.takes_needs(this, timezone.localdate())


# The sheet


def _desk(request: HttpRequest, seat: Seat, this: Round, enterprise: Enterprise) -> Desk:
    own = seat.enterprise == enterprise and seat.role == "member"
    places = list(this.places.select_related("point") if own else access.places_kept_by(seat, this))
    live = [
        each
        for each in access.needs_seen_by(seat, this).filter(enterprise=enterprise, is_withdrawn=False)
        if each.place in places
    ]
    wanted = request.GET.get("at", "")
    at = next((each for each in places if str(each.pk) == wanted), None)
    if at is None and wanted != OTHER and live:
        at = live[0].place
    start = request.GET.get("start") == "last" and not live
    last = needs_reading.last_time(seat, this, enterprise) if start else None
    return Desk(seat, this, enterprise, places, live, at, last)


def _sheet_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    may_write = _takes_needs(desk.this) and desk.seat.role != "auditor"
    sheet = _sheet(request, desk) if may_write else None
    if request.method == "POST" and sheet is not None and sheet.is_valid() and _save(desk, sheet):
        count = len(sheet.wanted())
        if count:
            messages.success(request, _saved_words(desk, count))
        else:
            messages.info(request, _("Nothing was changed."))
        return redirect("buying:round" if desk.is_own else "buying:needs", desk.this.pk)
    return render(request, "buying/need.html", _context(desk, sheet))


def _saved_words(desk: Desk, count: int) -> str:
    number = {"n": needs_reading.number(count), "member": desk.enterprise}
    if desk.is_own:
        text = ngettext(
            "%(n)s need is written down. You can change it while the round is open.",
            "%(n)s needs are written down. You can change them while the round is open.",
            count,
        )
    else:
        text = ngettext(
            "%(n)s need of %(member)s is written down.", "%(n)s needs of %(member)s are written down.", count
        )
    return text % number


def _sheet(request: HttpRequest, desk: Desk) -> Sheet:
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    fixed = desk.is_keeper and desk.at is not None
    places = [desk.at] if fixed and desk.at else desk.places
    where = WhereForm(data, places=places, place=desk.at or _remembered(desk), asks_confirmed=desk.seat.role == "agent")
    prices = {each.need_id: each for each in access.prices_seen_by(desk.seat, desk.this)}
    kept = {} if desk.is_keeper else needs_reading.evidence_of(desk.this, desk.enterprise)
    here = {each.round_item_id: each for each in desk.needs if each.place == desk.at}
    today = timezone.localdate()
    items = []
    for row in desk.this.items.select_related("item"):
        standing = here.get(row.pk)
        paper = kept.get(row.item.code)
        items.append(
            ItemForm(
                data,
                files,
                row=row,
                today=today,
                day_shown=max(each.on for each in places),
                need=standing,
                sees_price=standing is None or standing.pk in prices,
                has_paper=bool(paper and paper.document),
                initial=_start(desk, row.item_id, standing, prices, paper),
            )
        )
    return Sheet(where, items)


def _start(
    desk: Desk, item: int, standing: Need | None, prices: dict[int, NeedPrice], paper: Evidence | None
) -> dict[str, Any]:
    """What stands in an item's form to begin with: the need as it is, or last time's."""
    if standing is not None:
        start = needs_reading.start_of(standing, prices.get(standing.pk))
        return start | ({"alone_kind": paper.kind, "alone_note": paper.note} if paper else {})
    earlier = desk.last.needs.get(item) if desk.last else None
    if desk.last is None or earlier is None:
        return {}
    return needs_reading.start_of(earlier, desk.last.prices.get(earlier.pk), with_day=False)


def _remembered(desk: Desk) -> RoundPlace | None:
    """The point where the enterprise last took its goods, if the round has it."""
    earlier = access.earlier_needs_seen_by(desk.seat, desk.this, desk.enterprise).order_by("-round__called_at").first()
    point = earlier.place.point_id if earlier else None
    return next((each for each in desk.places if each.point_id == point), None)


def _context(desk: Desk, sheet: Sheet | None) -> dict[str, Any]:
    lines = needs_reading.lines_of(desk.seat, desk.this, desk.enterprise)
    offers_start = sheet is not None and not desk.needs and desk.last is None
    today = timezone.localdate()
    return {
        "round": desk.this,
        "desk": desk,
        "sheet": sheet,
        "enterprise": desk.enterprise,
        "lines": lines,
        "unconfirmed": [each for each in lines if each.is_unconfirmed],
        "other_places": _other_places(desk),
        "start": needs_reading.last_time(desk.seat, desk.this, desk.enterprise) if offers_start else None,
        "history": needs_history.history(desk.seat, desk.this, desk.enterprise),
        "time_left": needs_reading.time_left(desk.this, today),
        "sees_prices": not desk.is_keeper,
    }


def _other_places(desk: Desk) -> list[RoundPlace]:
    """Points other than the sheet's at which the enterprise needs something too."""
    found = {each.place_id: each.place for each in desk.needs if each.place != desk.at}
    return list(found.values())


def _save(desk: Desk, sheet: Sheet) -> bool:
    """Write everything that was asked for, or nothing; the reason stands in the form."""
    place = sheet.where.chosen()
    try:
        with transaction.atomic():
            if desk.at is not None and place != desk.at:
                _leave(desk, sheet, place)
            for each in sheet.wanted() if desk.at in (None, place) else _all_asked(sheet):
                _enter(desk, sheet, place, each)
    except NotPossible as problem:
        sheet.problems.append(words_of(problem))
        return False
    return True


def _all_asked(sheet: Sheet) -> list[ItemForm]:
    """Every item with a quantity: to another point they all move, changed or not."""
    return [each for each in sheet.items if each.cleaned_data.get("quantity")]


def _leave(desk: Desk, sheet: Sheet, place: RoundPlace) -> None:
    """Take back what stood at the old point, unless something stands at the new one already."""
    taken = {each.round_item_id for each in desk.needs if each.place == place}
    for each in sheet.items:
        if each.row.pk in taken and each.cleaned_data.get("quantity"):
            raise NotPossible(
                _("You already need %(item)s at %(point)s. Change it there.") % {"item": each.row, "point": place}
            )
        if each.need is not None:
            withdraw_need(by=desk.seat.person, need=each.need)


def _enter(desk: Desk, sheet: Sheet, place: RoundPlace, form: ItemForm) -> None:
    try:
        entered = enter_need(
            by=desk.seat.person,
            this=desk.this,
            enterprise=desk.enterprise,
            round_item=form.row,
            place=place,
            terms=form.terms(),
            today=timezone.localdate(),
            confirmed=Need.Confirmed.SELF if desk.is_own else sheet.where.cleaned_data.get("confirmed", ""),
        )
    except NotPossible as problem:
        raise NotPossible(f"{form.row}: {problem}") from problem
    price = access.prices_seen_by(desk.seat, desk.this).filter(need=entered).first()
    if form.sees_price and price is not None:
        _keep_evidence(desk, entered, price, form)


def _keep_evidence(desk: Desk, entered: Need, price: NeedPrice, form: ItemForm) -> None:
    """The price alone goes into the account of benefit with what was given for it."""
    values = form.cleaned_data
    benefit.keep_with_need(
        by=desk.seat.person,
        need=entered,
        price=price,
        kind=values["alone_kind"] or "quotation",
        note=values["alone_note"],
        document=values["alone_document"],
    )
