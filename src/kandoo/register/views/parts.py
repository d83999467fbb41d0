"""What belongs to a firm: its memberships and its sites."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo.register import access, actions
from kandoo.register.access import seated
from kandoo.register.forms import JoinForm, LeaveForm, SiteForm
from kandoo.register.models import Membership, Site
from kandoo.register.views.shared import seat_of


@require_POST
@seated("agent")
def membership_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a firm a member from a day on."""
    seat = seat_of(request)
    firm = access.firm_edited_by(seat, pk)
    form = JoinForm(request.POST)
    if form.is_valid():
        try:
            actions.begin_membership(by=seat.person, enterprise=firm, joined_on=form.cleaned_data["joined_on"])
        except actions.NotPossible as problem:
            form.add_error("joined_on", str(problem))
        else:
            messages.success(request, _("%(name)s is a member.") % {"name": firm})
            return redirect("register:firm", firm.pk)
    return render(request, "register/membership_begin.html", {"form": form, "firm": firm})


@require_POST
@seated("agent")
def membership_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a membership; the firm and all it did stay on record."""
    seat = seat_of(request)
    membership = get_object_or_404(Membership.objects.select_related("enterprise"), pk=pk, cluster=seat.cluster)
    form = LeaveForm(request.POST, membership=membership)
    if form.is_valid():
        try:
            actions.end_membership(by=seat.person, membership=membership, **form.cleaned_data)
        except actions.NotPossible as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The membership has an end."))
            return redirect("register:firm", membership.enterprise_id)
    return render(request, "register/membership_end.html", {"form": form, "firm": membership.enterprise})


@seated("agent", "member")
def site_new(request: HttpRequest, pk: int) -> HttpResponse:
    """One more site of a firm."""
    seat = seat_of(request)
    firm = access.firm_edited_by(seat, pk)
    form = SiteForm(request.POST or None, today=timezone.localdate())
    if form.is_valid():
        actions.add_site(by=seat.person, enterprise=firm, terms=form.terms())
        messages.success(request, _("The site is on record."))
        return redirect("register:firm", firm.pk)
    return render(request, "register/site.html", {"form": form, "firm": firm})


@seated("agent", "member")
def site_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a site or count its hives anew."""
    seat = seat_of(request)
    site = get_object_or_404(Site, pk=pk, cluster=seat.cluster)
    firm = access.firm_edited_by(seat, site.enterprise_id)
    form = SiteForm(request.POST or None, today=timezone.localdate(), site=site)
    if form.is_valid():
        actions.change_site(by=seat.person, site=site, terms=form.terms())
        messages.success(request, _("Saved."))
        return redirect("register:firm", firm.pk)
    context = {"form": form, "firm": firm, "site": site, "is_agent": seat.role == "agent"}
    return render(request, "register/site.html", context)


@require_POST
@seated("agent")
def site_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away a site made in error."""
    seat = seat_of(request)
    site = get_object_or_404(Site, pk=pk, cluster=seat.cluster)
    try:
        actions.remove_site(by=seat.person, site=site)
    except actions.NotPossible as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The site is gone."))
    return redirect("register:firm", site.enterprise_id)
