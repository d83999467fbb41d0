"""What members would have had alone: given and taken back until a lot is agreed, then as it was fixed."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kandoo import profiles
from kandoo.benefit import access, actions, lots, queries, words
from kandoo.benefit.forms import EvidenceForm, SubsidyForm, TimeForm
from kandoo.benefit.models import Evidence, OwnTime, StandAlone, Subsidy
from kandoo.engine.benefit import Alone
from kandoo.register.access import Seat, seated
from kandoo.register.models import Enterprise
from kandoo.selling.models import Lot
from kandoo.selling.problems import NotPossible
from kandoo.selling.uploads import CONTENT_TYPES
from kandoo.site.lists import asker, page_language, page_of, words_of

READERS = ("agent", "auditor", "member")


@dataclass(frozen=True, slots=True)
class ItemState:
    """A batch of a member in a lot: its kind, and what counts as alone for it today or by agreement."""

    batch: str
    kind: str
    goods: str
    kg: int
    claimed: int
    alone: Alone
    why_not: str
    evidence_kind: str
    median: queries.Median | None = None


@dataclass(frozen=True, slots=True)
class MemberState:
    """A member in a lot, for the agent's list."""

    firm: Enterprise
    items: int
    documented: int
    evidence: int
    doubled: bool


@seated(*READERS)
def lot(request: HttpRequest, lot: int) -> HttpResponse:
    """Who has documented its price alone in a lot; a member is led to its own."""
    seat = asker(request)
    found = access.lot_with_evidence(seat, lot)
    if seat.role == "member" and seat.enterprise is not None:
        return redirect("benefit:alone", found.pk, seat.enterprise.pk)
    return _lot_page(request, seat, found, SubsidyForm(initial={"on": timezone.localdate()}))


def _lot_page(request: HttpRequest, seat: Seat, lot: Lot, form: SubsidyForm) -> HttpResponse:
    states = _member_states(lot)
    is_open = lot.status not in (Lot.Status.SETTLED, Lot.Status.CANCELLED)
    subsidies = list(Subsidy.objects.filter(action=queries.SELLING, action_id=lot.pk).order_by("on", "pk"))
    context = {
        "lot": lot,
        "page_obj": page_of(request, states, 50),
        "members": len(states),
        "documented": sum(each.documented == each.items for each in states),
        "doubled": sum(each.doubled for each in states),
        "takes_evidence": lot.status in access.TAKES_EVIDENCE,
        "subsidies": subsidies,
        "subsidy_form": form if seat.role == "agent" and is_open else None,
    }
    return render(request, "benefit/lot.html", context)


def _member_states(lot: Lot) -> list[MemberState]:
    """Each member with a batch in the lot, those without evidence first."""
    evidence = queries.evidence_in(queries.SELLING, lot.pk)
    doubled = queries.doubled_files(row for rows in evidence.values() for row in rows)
    members = lot.offers.filter(is_withdrawn=False).order_by().values_list("enterprise", flat=True).distinct()
    firms = Enterprise.objects.in_bulk(list(members))
    states = [_member_state(lot, firm, evidence.get(pk, []), doubled) for pk, firm in firms.items()]
    return sorted(
        (each for each in states if each.items), key=lambda each: (each.documented - each.items, each.firm.sort_key)
    )


def _member_state(lot: Lot, firm: Enterprise, rows: list[Evidence], doubled: Any) -> MemberState:
    items = _items(lot, firm, rows)
    return MemberState(
        firm, len(items), sum(each.alone.is_documented for each in items), len(rows),
        any(each.sha256 in doubled for each in rows),
    )  # fmt: skip


def _items(lot: Lot, firm: Enterprise, rows: list[Evidence]) -> list[ItemState]:
    """The member's batches, as they were fixed or as they stand."""
    fixed = StandAlone.objects.filter(action=queries.SELLING, action_id=lot.pk, enterprise=firm).first()
    kinds = profiles.load(lot.cluster.profile).kinds
    if fixed is not None:
        found = [
            (each["item"], each["goods"], each["quantity"], each["claimed"], Alone(each["per_unit"], each["kind"], each["why_not"]))
            for each in fixed.content["items"]
        ]  # fmt: skip
    else:
        today = timezone.localdate()
        found = [
            (
                each.batch,
                each.goods,
                each.kg,
                each.claimed,
                queries.alone_of(queries.for_item(rows, each.batch), on=today),
            )
            for each in lots.offered_items(lot, firm.pk)
        ]
    return [
        ItemState(
            batch, kinds[goods].name.in_language(page_language()) if goods in kinds else goods, goods, kg, claimed, alone,
            words.why_not_words(alone.why_not or ""), words.evidence_words(alone.kind or ""),
        )
        for batch, goods, kg, claimed, alone in found
    ]  # fmt: skip


@seated(*READERS)
def alone(request: HttpRequest, lot: int, enterprise: int) -> HttpResponse:
    """What one member would have had alone in a lot; a form for one more price."""
    seat = asker(request)
    found, firm = access.lot_with_evidence(seat, lot), access.member_seen_by(seat, enterprise)
    form = _evidence_form(request, seat, found, firm)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            actions.add_evidence(
                by=seat.person, lot=found, enterprise=firm, terms=form.terms(), today=timezone.localdate()
            )
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, _("The price is written down. You can take it back until the lot is agreed."))
            return redirect("benefit:alone", found.pk, firm.pk)
    return _alone_page(request, seat, found, firm, form)


def _evidence_form(request: HttpRequest, seat: Seat, lot: Lot, firm: Enterprise) -> EvidenceForm | None:
    if not access.may_give_evidence(seat, lot):
        if request.method == "POST":
            raise Http404
        return None
    return EvidenceForm(
        request.POST or None,
        request.FILES or None,
        items=[each.batch for each in lots.offered_items(lot, firm.pk)],
        is_agent=seat.role == "agent",
        today=timezone.localdate(),
    )


def _alone_page(
    request: HttpRequest,
    seat: Seat,
    lot: Lot,
    firm: Enterprise,
    form: EvidenceForm | None,
    time: TimeForm | None = None,
) -> HttpResponse:
    rows = list(queries.evidence_in(queries.SELLING, lot.pk).get(firm.pk, []))
    items = _items(lot, firm, rows)
    said = OwnTime.objects.filter(action=queries.SELLING, action_id=lot.pk, enterprise=firm).first()
    first = {"hours": said.hours, "alone_days": said.alone_days} if said else {}
    may_say = access.may_say_time(seat, lot)
    context = {
        "lot": lot,
        "firm": firm,
        "is_own": seat.enterprise == firm,
        "items": items,
        "documented": sum(each.alone.is_documented for each in items),
        "evidence": rows,
        "doubled": queries.doubled_files(rows) if seat.is_one_of("agent", "auditor") else {},
        "is_fixed": StandAlone.objects.filter(action=queries.SELLING, action_id=lot.pk, enterprise=firm).exists(),
        "form": form,
        "medians": _medians(lot, items) if form is not None else [],
        "said": said,
        "time_form": (time or TimeForm(initial=first)) if may_say else None,
        "gain": access.gains_seen_by(seat).filter(action=queries.SELLING, action_id=lot.pk, enterprise=firm).first(),
    }
    return render(request, "benefit/alone.html", context)


def _medians(lot: Lot, items: list[ItemState]) -> list[tuple[ItemState, queries.Median]]:
    """Batches without evidence for whose kind there is a median of five or more."""
    today = timezone.localdate()
    found = (
        (each, queries.median_alone(lot.cluster, queries.SELLING, each.goods, today))
        for each in items
        if not each.alone.is_documented
    )
    return [(each, median) for each, median in found if median is not None]


@require_POST
@seated("agent", "member")
def own_time(request: HttpRequest, lot: int, enterprise: int) -> HttpResponse:
    """A member's own hours, and its days to cash alone."""
    seat = asker(request)
    found, firm = access.lot_with_evidence(seat, lot), access.member_seen_by(seat, enterprise)
    form = TimeForm(request.POST)
    if form.is_valid():
        try:
            actions.say_own_time(by=seat.person, lot=found, enterprise=firm, **form.cleaned_data)
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, _("Written down. It counts when the lot is settled."))
            return redirect("benefit:alone", found.pk, firm.pk)
    request.method = "GET"
    return _alone_page(request, seat, found, firm, _evidence_form(request, seat, found, firm), form)


@require_POST
@seated("agent", "member")
def median(request: HttpRequest, lot: int, enterprise: int) -> HttpResponse:
    """Take the district median for a batch without evidence."""
    seat = asker(request)
    found, firm = access.lot_with_evidence(seat, lot), access.member_seen_by(seat, enterprise)
    item = next((each for each in _items(found, firm, []) if each.batch == request.POST.get("item")), None)
    if item is None:
        raise Http404
    try:
        actions.use_median(
            by=seat.person, lot=found, enterprise=firm, item=item.batch, goods=item.goods, today=timezone.localdate()
        )
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, _("The median stands as the price alone of this batch."))
    return redirect("benefit:alone", found.pk, firm.pk)


@require_POST
@seated("agent", "member")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a piece of evidence back."""
    seat = asker(request)
    row = access.one_evidence_seen_by(seat, pk)
    found = access.lot_with_evidence(seat, row.action_id)
    try:
        actions.remove_evidence(by=seat.person, lot=found, evidence=row)
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, _("The price is taken back. The trail keeps what it was."))
    return redirect("benefit:alone", found.pk, row.enterprise_id)


@require_GET
@seated(*READERS)
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper of a price, to those who see the price."""
    row = access.one_evidence_seen_by(asker(request), pk)
    suffix = str(row.document.name).rpartition(".")[2]
    try:
        content = row.document.open("rb")
    except (FileNotFoundError, ValueError):
        raise Http404 from None
    return FileResponse(  # type: ignore[return-value]  # it streams, which HttpResponse does not
        content,
        as_attachment=True,
        filename=row.document_name,
        content_type=CONTENT_TYPES.get(suffix, "application/octet-stream"),
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=3600"},
    )


@seated("agent")
def add_subsidy(request: HttpRequest, lot: int) -> HttpResponse:
    """Public money in a lot."""
    seat = asker(request)
    found = access.lot_with_evidence(seat, lot)
    form = SubsidyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_subsidy(by=seat.person, lot=found, today=timezone.localdate(), **form.cleaned_data)
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, _("Written down. It will be shown apart and not counted as gain."))
            return redirect("benefit:lot", found.pk)
    return _lot_page(request, seat, found, form)


@require_POST
@seated("agent")
def remove_subsidy(request: HttpRequest, lot: int, pk: int) -> HttpResponse:
    """Take public money back that was entered in error."""
    seat = asker(request)
    found = access.lot_with_evidence(seat, lot)
    row = get_object_or_404(Subsidy, pk=pk, action=queries.SELLING, action_id=found.pk)
    try:
        actions.remove_subsidy(by=seat.person, lot=found, subsidy=row)
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    return redirect("benefit:lot", found.pk)
