"""The list of firms and a page for each: looked at, added, changed, taken away."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo.register import access, actions, exporting, places, queries
from kandoo.register.access import Seat, seated
from kandoo.register.forms import FirmForm, JoinForm, LeaveForm, NewFirmForm, OwnFirmForm
from kandoo.register.identifying import language, scheme_name
from kandoo.register.importing.doubles import Candidate, Double, Doubles
from kandoo.register.models import Enterprise
from kandoo.register.views.shared import seat_of

INSIDE = ("agent", "member", "supplier", "laboratory", "officer", "auditor", "controller")
PAGE = 30


@seated(*INSIDE)
def firms(request: HttpRequest) -> HttpResponse:
    """Who is in the cluster: how many today, then the list."""
    seat, today, wanted = seat_of(request), timezone.localdate(), queries.Wanted.of(request.GET)
    page = Paginator(queries.firms_listed(seat, wanted, today), PAGE).get_page(request.GET.get("page"))
    by_stage = queries.members_by_stage(seat.cluster, today)
    stages = queries.stage_names(seat.cluster, language())
    for firm in page:
        firm.size = queries.size_name(seat.cluster, firm.workers, language())
    context = {
        "page_obj": page,
        "members": sum(by_stage.values()),
        "by_stage": [(stages.get(code, code), count, code) for code, count in by_stage.items()],
        "stages": stages,
        "selects": _selects(seat, wanted, stages),
        "sees_sites": queries.sees_sites(seat),
        "wanted": wanted,
        "own": seat.enterprise.pk if seat.enterprise else None,
    }
    return render(request, "register/firms.html", context)


def _selects(seat: Seat, wanted: queries.Wanted, stages: dict[str, str]) -> list[dict[str, Any]]:
    sizes = [(each.code, each.name.in_language(language())) for each in queries.size_classes(seat.cluster)]
    asked = [
        ("stage", _("Stage"), list(stages.items())),
        ("membership", _("Membership"), [("present", _("Member today")), ("past", _("Past member")), ("never", _("Never a member"))]),
        ("form", _("Form"), Enterprise.Form.choices),
        ("size", _("Size"), sizes),
    ]  # fmt: skip
    if queries.sees_sites(seat):
        counties = [
            (each.code, places.name_of(each.code, language())) for each in places.counties(seat.cluster.province)
        ]
        asked.append(("county", _("County"), counties))
    return [
        {"name": name, "label": label, "options": options, "value": getattr(wanted, name)}
        for name, label, options in asked
    ]


@seated(*INSIDE)
def export(request: HttpRequest) -> HttpResponse:
    """The list as it is narrowed now, as Excel or CSV, with the columns this seat may see."""
    seat, today = seat_of(request), timezone.localdate()
    firms = queries.firms_listed(seat, queries.Wanted.of(request.GET), today)
    return exporting.firms_file(seat, firms, as_csv=request.GET.get("as") == "csv")


@seated()
def firm(request: HttpRequest, pk: int) -> HttpResponse:
    """One firm: what all may know, then what is its own."""
    seat = seat_of(request)
    firm = access.firm_seen_by(seat, pk)
    sees_private = access.may_see_private(seat, firm)
    memberships = list(firm.memberships.order_by("-joined_on"))
    running = next((each for each in memberships if each.left_on is None), None)
    context = {
        "firm": firm,
        "stage": queries.stage_names(seat.cluster, language()).get(firm.stage, firm.stage),
        "size": queries.size_name(seat.cluster, firm.workers, language()),
        "memberships": memberships,
        "running": running,
        "is_member": queries.is_member_on(firm, timezone.localdate()),
        "sees_private": sees_private,
        "sees_people": seat.is_one_of("agent", "auditor"),
        "may_edit": access.may_edit(seat, firm),
        "sees_batches": seat.is_one_of("agent", "auditor") or (seat.role == "member" and sees_private),
    }
    if sees_private:
        context |= _private(seat, firm)
    if seat.role == "agent":
        context |= {"join_form": JoinForm(), "leave_form": running and LeaveForm(membership=running)}
    return render(request, "register/firm.html", context)


def _private(seat: Seat, firm: Enterprise) -> dict[str, Any]:
    schemes = queries.schemes(seat.cluster)
    sites = list(firm.sites.order_by("sort_key"))
    return {
        "identifiers": [
            (scheme_name(schemes[each.scheme]) if each.scheme in schemes else each.scheme, each.value)
            for each in firm.identifiers.order_by("scheme")
        ],
        "particulars": getattr(firm, "particulars", None),
        "sites": [(site, places.name_of(site.county, language()) if site.county else "") for site in sites],
        "hives": sum(site.hives or 0 for site in sites),
        "roles": firm.roles.select_related("person").order_by("-from_on") if seat.is_one_of("agent", "auditor") else [],
    }


@seated("agent")
def firm_new(request: HttpRequest) -> HttpResponse:
    """Write a firm down; likely doubles are shown before anything is written."""
    seat = seat_of(request)
    form = NewFirmForm(request.POST or None, cluster=seat.cluster)
    doubles: list[Double] = []
    if form.is_valid():
        doubles = _doubles_of(seat, form)
        if not doubles or (form.cleaned_data["sure"] and not any(each.reason == "number" for each in doubles)):
            try:
                firm = actions.add_enterprise(
                    by=seat.person, cluster=seat.cluster, terms=form.terms(), joined_on=form.cleaned_data["joined_on"]
                )
            except actions.NotPossible as problem:
                form.add_error(None, str(problem))
            else:
                messages.success(request, _("%(name)s is on record.") % {"name": firm})
                return redirect("register:firm", firm.pk)
    context = {"form": form, "doubles": doubles, "is_certain": any(each.reason == "number" for each in doubles)}
    return render(request, "register/firm_new.html", context)


def _doubles_of(seat: Seat, form: NewFirmForm) -> list[Double]:
    terms = form.terms()
    numbers = {scheme: value for scheme, value in terms.identifiers.items() if value}
    candidate = Candidate(terms.name_fa, terms.name_en, numbers, frozenset())
    return list(Doubles(queries.candidates(seat.cluster)).all(candidate))[:5]


@seated("agent", "member")
def firm_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a firm: all of it for the agent, how to reach and pay it for the member."""
    seat = seat_of(request)
    firm = access.firm_edited_by(seat, pk)
    is_agent = seat.role == "agent"
    form: FirmForm | OwnFirmForm = (
        FirmForm(request.POST or None, cluster=seat.cluster, firm=firm)
        if is_agent
        else OwnFirmForm(request.POST or None, firm=firm)
    )
    if form.is_valid():
        try:
            actions.change_enterprise(by=seat.person, enterprise=firm, terms=form.terms())
        except actions.NotPossible as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Saved."))
            return redirect("register:firm", firm.pk)
    return render(request, "register/firm_edit.html", {"form": form, "firm": firm, "is_agent": is_agent})


@require_POST
@seated("agent")
def firm_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away a record made in error."""
    seat = seat_of(request)
    firm = access.firm_edited_by(seat, pk)
    try:
        actions.remove_enterprise(by=seat.person, enterprise=firm)
    except actions.NotPossible as problem:
        messages.error(request, str(problem))
        return redirect("register:firm", pk)
    messages.success(request, _("The record of %(name)s is gone.") % {"name": firm})
    return redirect("register:firms")
