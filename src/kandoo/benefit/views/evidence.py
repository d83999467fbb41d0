"""What members would have had alone: given and taken back until an action is agreed, then as it was fixed."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kandoo.benefit import access, actions, items, queries, words
from kandoo.benefit.forms import EvidenceForm, SubsidyForm, TimeForm
from kandoo.benefit.joint import Joint
from kandoo.benefit.lots import Item
from kandoo.benefit.models import Evidence, OwnTime, StandAlone, Subsidy
from kandoo.engine.benefit import Alone
from kandoo.register.access import Seat, seated
from kandoo.register.models import Enterprise
from kandoo.selling.problems import NotPossible
from kandoo.selling.uploads import CONTENT_TYPES
from kandoo.site.lists import asker, page_of, words_of

READERS = ("agent", "auditor", "member")


@dataclass(frozen=True, slots=True)
class ItemState:
    """A thing of a member in a joint action: its name, and what counts as alone for it today or by agreement."""

    item: Item
    name: str
    alone: Alone
    why_not: str
    evidence_kind: str

    @property
    def unit(self) -> str:
        return words.unit_words(self.item.unit)

    @property
    def units(self) -> str:
        return words.units(self.item.quantity, self.item.unit)


@dataclass(frozen=True, slots=True)
class MemberState:
    """A member in a joint action, for the agent's list."""

    firm: Enterprise
    items: int
    documented: int
    evidence: int
    doubled: bool


@seated(*READERS)
def joint(request: HttpRequest, place: str, pk: int) -> HttpResponse:
    """Who has documented its price alone in a joint action; a member is led to its own."""
    seat = asker(request)
    found = access.joint_seen_by(seat, place, pk)
    if seat.role == "member" and seat.enterprise is not None:
        return redirect("benefit:alone", place, pk, seat.enterprise.pk)
    return _joint_page(request, seat, found, SubsidyForm(initial={"on": timezone.localdate()}))


def _joint_page(request: HttpRequest, seat: Seat, found: Joint, form: SubsidyForm) -> HttpResponse:
    states = _member_states(found)
    context = {
        "joint": found,
        "page_obj": page_of(request, states, 50),
        "members": len(states),
        "documented": sum(each.documented == each.items for each in states),
        "doubled": sum(each.doubled for each in states),
        "subsidies": list(Subsidy.objects.filter(**found.key).order_by("on", "pk")),
        "subsidy_form": form if seat.role == "agent" and not found.is_over else None,
    }
    return render(request, "benefit/joint.html", context)


def _member_states(found: Joint) -> list[MemberState]:
    """Each member with a part in the action, those without evidence first."""
    evidence = queries.evidence_in(found.kind, found.pk)
    doubled = queries.doubled_files(row for rows in evidence.values() for row in rows)
    firms = Enterprise.objects.in_bulk(items.members_in(found))
    states = [_member_state(found, firm, evidence.get(pk, []), doubled) for pk, firm in firms.items()]
    return sorted(
        (each for each in states if each.items), key=lambda each: (each.documented - each.items, each.firm.sort_key)
    )


def _member_state(found: Joint, firm: Enterprise, rows: list[Evidence], doubled: Any) -> MemberState:
    states = _items(found, firm, rows)
    return MemberState(
        firm, len(states), sum(each.alone.is_documented for each in states), len(rows),
        any(each.sha256 in doubled for each in rows),
    )  # fmt: skip


def _items(found: Joint, firm: Enterprise, rows: list[Evidence]) -> list[ItemState]:
    """The member's things, as they were fixed or as they stand."""
    fixed = StandAlone.objects.filter(**found.key, enterprise=firm).first()
    if fixed is not None:
        pairs = [
            (
                Item(firm.pk, each["item"], each["goods"], each["quantity"], each.get("unit", "kg"), each["claimed"]),
                Alone(each["per_unit"], each["kind"], each["why_not"]),
            )
            for each in fixed.content["items"]
        ]
    else:
        today = timezone.localdate()
        pairs = [
            (each, queries.alone_of(queries.for_item(rows, each.code), on=today, side=found.side))
            for each in items.offered_items(found, firm.pk)
        ]
    names = words.names_of(found, [item for item, _alone in pairs])
    return [
        ItemState(
            item, names[item.code], alone, words.why_not_words(alone.why_not or "", found.side),
            words.evidence_words(alone.kind or ""),
        )
        for item, alone in pairs
    ]  # fmt: skip


@seated(*READERS)
def alone(request: HttpRequest, place: str, pk: int, enterprise: int) -> HttpResponse:
    """What one member would have had alone in a joint action; a form for one more price."""
    seat = asker(request)
    found, firm = access.joint_seen_by(seat, place, pk), access.member_seen_by(seat, enterprise)
    form = _evidence_form(request, seat, found, firm)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            actions.add_evidence(
                by=seat.person, joint=found, enterprise=firm, terms=form.terms(), today=timezone.localdate()
            )
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, _("The price is written down. You can take it back until all is agreed."))
            return redirect("benefit:alone", place, pk, firm.pk)
    return _alone_page(request, seat, found, firm, form)


def _evidence_form(request: HttpRequest, seat: Seat, found: Joint, firm: Enterprise) -> EvidenceForm | None:
    if not access.may_give_evidence(seat, found):
        if request.method == "POST":
            raise Http404
        return None
    mine = items.offered_items(found, firm.pk)
    return EvidenceForm(
        request.POST or None,
        request.FILES or None,
        items=mine,
        names=words.names_of(found, mine),
        side=found.side,
        is_agent=seat.role == "agent",
        today=timezone.localdate(),
    )


def _alone_page(
    request: HttpRequest,
    seat: Seat,
    found: Joint,
    firm: Enterprise,
    form: EvidenceForm | None,
    time: TimeForm | None = None,
) -> HttpResponse:
    rows = list(queries.evidence_in(found.kind, found.pk).get(firm.pk, []))
    states = _items(found, firm, rows)
    said = OwnTime.objects.filter(**found.key, enterprise=firm).first()
    first = {"hours": said.hours, "alone_days": said.alone_days} if said else {}
    context = {
        "joint": found,
        "firm": firm,
        "is_own": seat.enterprise == firm,
        "items": states,
        "documented": sum(each.alone.is_documented for each in states),
        "evidence": rows,
        "doubled": queries.doubled_files(rows) if seat.is_one_of("agent", "auditor") else {},
        "is_fixed": StandAlone.objects.filter(**found.key, enterprise=firm).exists(),
        "form": form,
        "medians": _medians(found, states) if form is not None else [],
        "said": said,
        "time_form": (time or TimeForm(side=found.side, initial=first)) if access.may_say_time(seat, found) else None,
        "gain": access.gains_seen_by(seat).filter(**found.key, enterprise=firm).first(),
    }
    return render(request, "benefit/alone.html", context)


def _medians(found: Joint, states: list[ItemState]) -> list[tuple[ItemState, queries.Median]]:
    """Things without evidence of whose kind there is a median of five or more."""
    today = timezone.localdate()
    known = (
        (each, queries.median_alone(found.cluster, found.kind, each.item.goods, today))
        for each in states
        if not each.alone.is_documented
    )
    return [(each, median) for each, median in known if median is not None]


@require_POST
@seated("agent", "member")
def own_time(request: HttpRequest, place: str, pk: int, enterprise: int) -> HttpResponse:
    """A member's own hours, and its days to cash alone."""
    seat = asker(request)
    found, firm = access.joint_seen_by(seat, place, pk), access.member_seen_by(seat, enterprise)
    form = TimeForm(request.POST, side=found.side)
    if form.is_valid():
        try:
            actions.say_own_time(by=seat.person, joint=found, enterprise=firm, **form.said())
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, _("Written down. It counts at the settlement."))
            return redirect("benefit:alone", place, pk, firm.pk)
    request.method = "GET"
    return _alone_page(request, seat, found, firm, _evidence_form(request, seat, found, firm), form)


@require_POST
@seated("agent", "member")
def median(request: HttpRequest, place: str, pk: int, enterprise: int) -> HttpResponse:
    """Take the district median for a thing without evidence."""
    seat = asker(request)
    found, firm = access.joint_seen_by(seat, place, pk), access.member_seen_by(seat, enterprise)
    state = next((each for each in _items(found, firm, []) if each.item.code == request.POST.get("item")), None)
    if state is None:
        raise Http404
    try:
        actions.use_median(by=seat.person, joint=found, enterprise=firm, item=state.item, today=timezone.localdate())
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, _("The median stands as the price alone."))
    return redirect("benefit:alone", place, pk, firm.pk)


@require_POST
@seated("agent", "member")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a piece of evidence back."""
    seat = asker(request)
    row = access.one_evidence_seen_by(seat, pk)
    found = access.joint_seen_by(seat, "rounds" if row.action == queries.BUYING else "lots", row.action_id)
    try:
        actions.remove_evidence(by=seat.person, joint=found, evidence=row)
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, _("The price is taken back. The trail keeps what it was."))
    return redirect("benefit:alone", found.place, found.pk, row.enterprise_id)


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
def add_subsidy(request: HttpRequest, place: str, pk: int) -> HttpResponse:
    """Public money in a joint action."""
    seat = asker(request)
    found = access.joint_seen_by(seat, place, pk)
    form = SubsidyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_subsidy(by=seat.person, joint=found, today=timezone.localdate(), **form.cleaned_data)
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, _("Written down. It will be shown apart and not counted as gain."))
            return redirect("benefit:joint", place, pk)
    return _joint_page(request, seat, found, form)


@require_POST
@seated("agent")
def remove_subsidy(request: HttpRequest, place: str, pk: int, subsidy: int) -> HttpResponse:
    """Take public money back that was entered in error."""
    seat = asker(request)
    found = access.joint_seen_by(seat, place, pk)
    row = get_object_or_404(Subsidy, pk=subsidy, **found.key)
    try:
        actions.remove_subsidy(by=seat.person, joint=found, subsidy=row)
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    return redirect("benefit:joint", place, pk)
