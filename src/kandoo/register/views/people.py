"""People and the roles they hold."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kandoo.register import access, actions, queries
from kandoo.register.access import Seat, keeping, keeps_people
from kandoo.register.forms import EndRoleForm, NewPersonForm, PersonForm, RoleForm, roles_of
from kandoo.register.models import Person, Role
from kandoo.register.views.shared import seat_of
from kandoo.site.language import day_for_input

PAGE = 30


@keeping("auditor")
def people(request: HttpRequest) -> HttpResponse:
    """Who signs in, and as what."""
    seat, today = seat_of(request), timezone.localdate()
    wanted = {name: request.GET.get(name, "").strip() for name in ("q", "role", "firm")}
    page = Paginator(queries.people_listed(seat, **wanted), PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "people": [(person, queries.roles_held(person, seat.cluster, today)) for person in page],
        "by_role": queries.people_by_role(seat.cluster, today),
        "selects": [{"name": "role", "label": _("Role"), "options": roles_of(seat.cluster), "value": wanted["role"]}],
        "is_agent": keeps_people(seat),
        "is_narrowed": any(wanted.values()),
    }
    return render(request, "register/people.html", context)


@keeping()
def person_new(request: HttpRequest) -> HttpResponse:
    """Add a person with a first role; `?firm=` names the firm for which they act."""
    seat = seat_of(request)
    form = NewPersonForm(request.POST or None, seat=seat, initial=_start(request, seat))
    if form.is_valid():
        values = form.cleaned_data
        try:
            person = actions.add_person(
                by=seat.person,
                cluster=seat.cluster,
                username=values["username"],
                role=values["role"],
                enterprise=values["firm"],
                province=values["province"],
                from_on=values["from_on"],
                **form.values(),
            )
        except actions.NotPossible as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(
                request, _("%(name)s is on record. Now make a link with which to set a password.") % {"name": person}
            )
            return redirect("register:person", person.pk)
    return render(request, "register/person_new.html", {"form": form})


def _start(request: HttpRequest, seat: Seat) -> dict[str, Any]:
    start: dict[str, Any] = {"from_on": timezone.localdate()}
    if request.GET.get("firm", "").isdecimal():
        firm = access.firm_seen_by(seat, int(request.GET["firm"]))
        start |= {"firm": firm.name_fa, "role": Role.Name.MEMBER}
    return start


@keeping("auditor")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: their roles in the cluster, and how they get in."""
    return _person_page(request, seat_of(request), access.person_seen_by(seat_of(request), pk))


def _person_page(request: HttpRequest, seat: Seat, person: Person, **more: Any) -> HttpResponse:
    today = timezone.localdate()
    roles = list(person.roles.filter(cluster=seat.cluster).select_related("enterprise").order_by("-from_on", "pk"))
    context = {
        "someone": person,
        "roles": [(role, role.to_on is None or role.to_on > today) for role in roles],
        "is_agent": keeps_people(seat),
        "may_run": person.pk in access.people_run_by(seat),
        "today_typed": day_for_input(today, "fa"),
        "role_form": RoleForm(seat=seat, initial={"from_on": today}) if keeps_people(seat) else None,
    }
    return render(request, "register/person.html", context | more)


@keeping()
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a person's names and how to reach them."""
    seat = seat_of(request)
    person = access.person_run_by(seat, pk)
    held = {name: getattr(person, name) for name in ("name_fa", "name_en", "phone", "email")}
    form = PersonForm(request.POST or None, initial=held)
    if form.is_valid():
        actions.change_person(by=seat.person, cluster=seat.cluster, person=person, **form.values())
        messages.success(request, _("Saved."))
        return redirect("register:person", person.pk)
    return render(request, "register/person_edit.html", {"form": form, "someone": person})


@never_cache
@require_POST
@keeping()
def person_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link with which a person sets a password, and show it this once."""
    seat = seat_of(request)
    person = access.person_run_by(seat, pk)
    uid, key = actions.password_key(by=seat.person, cluster=seat.cluster, person=person)
    address = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": key})
    return _person_page(request, seat, person, link=request.build_absolute_uri(address))


@require_POST
@keeping()
def role_give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person one more role."""
    seat = seat_of(request)
    person = access.person_seen_by(seat, pk)
    form = RoleForm(request.POST, seat=seat)
    if form.is_valid():
        values = form.cleaned_data
        try:
            actions.give_role(
                by=seat.person,
                cluster=seat.cluster,
                person=person,
                role=values["role"],
                enterprise=values["firm"],
                province=values["province"],
                from_on=values["from_on"],
            )
        except actions.NotPossible as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The role is given."))
            return redirect("register:person", person.pk)
    return _person_page(request, seat, person, role_form=form)


@require_POST
@keeping()
def role_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a role."""
    seat = seat_of(request)
    role = get_object_or_404(Role, pk=pk, cluster=seat.cluster)
    form = EndRoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("There is no such day. Write it as 1405/09/01 or 2026-11-22."))
        return redirect("register:person", role.person_id)
    try:
        actions.end_role(by=seat.person, role=role, to_on=form.cleaned_data["to_on"])
    except actions.NotPossible as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The role has an end."))
    return redirect("register:person", role.person_id)
