"""Committees and councils: listed, formed, their members."""

from django.contrib import messages
from django.db.models import Count as Counted
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo.programme import access, actions, reading
from kandoo.programme.access import at_desk
from kandoo.programme.forms.gates import BodyForm, MemberForm
from kandoo.programme.models import BodyMember
from kandoo.programme.queries import people
from kandoo.programme.queries.gates import members_on
from kandoo.programme.queries.procedure import first_stages
from kandoo.programme.views.parts import form_page, tried
from kandoo.register.models import Person
from kandoo.site.lists import asker, page_of


@at_desk()
def bodies(request: HttpRequest) -> HttpResponse:
    """Who decides: every body of the province and of the nation."""
    seat = asker(request)
    found = access.bodies_seen_by(seat).select_related("file").annotate(n=Counted("members"))
    page = page_of(request, found.order_by("province", "kind", "pk"))
    context = {
        "page_obj": page,
        "rows": [(each, reading.province_name(each.province)) for each in page],
        "may_form": seat.role == "officer",
    }
    return render(request, "programme/bodies.html", context)


@at_desk("officer")
def body_new(request: HttpRequest) -> HttpResponse:
    """Form a body."""
    seat = asker(request)
    files = access.files_seen_by(seat).filter(status="active").exclude(stage__in=first_stages(seat.cluster))
    files = files.order_by("sort_key")
    form = BodyForm(request.POST or None, seat=seat, files=files, initial={"province": seat.province, "quorum": 3})

    def do() -> HttpResponse:
        formed = actions.form_body(by=seat.person, programme=seat.cluster, terms=form.terms())
        messages.success(request, _("The body is formed. Now write down its chair and members."))
        return redirect("programme:body", formed.pk)

    return form_page(request, "programme/body_new.html", form, do, {})


@at_desk()
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """One body: its members today and before, its meetings, and a form to seat a member."""
    seat, today = asker(request), timezone.localdate()
    found = access.body_seen_by(seat, pk)
    may_run = access.may_run(seat, found)
    choices = list(people.names(seat.cluster.pk).items()) if may_run else []
    form = MemberForm(request.POST or None, people=choices, initial={"from_on": today})

    def do() -> HttpResponse:
        held = dict(form.cleaned_data)
        number = held.pop("person")
        person = Person(pk=int(number)) if number else None
        actions.seat_member(by=seat.person, body=found, person=person, **held)
        messages.success(request, _("The member is written down."))
        return redirect("programme:body", pk)

    if request.method == "POST" and not may_run:
        raise Http404
    sitting = members_on(found, today)
    context = {
        "body": found,
        "place": reading.province_name(found.province),
        "sitting": sitting,
        "before": found.members.exclude(pk__in=[each.pk for each in sitting]).order_by("-from_on"),
        "meetings": access.meetings_seen_by(seat).filter(body=found).order_by("-on", "-number")[:20],
        "may_run": may_run,
        "may_call": may_run or access.leads(seat, found, today),
    }
    return form_page(request, "programme/body.html", form, do, context)


@require_POST
@at_desk("officer")
def member_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """A member leaves today."""
    seat = asker(request)
    member = get_object_or_404(BodyMember, pk=pk, body__in=access.bodies_seen_by(seat).values("pk"))
    if not access.may_run(seat, member.body):
        raise Http404
    done = _("The member has left.")
    tried(request, lambda: actions.unseat_member(by=seat.person, member=member, to_on=timezone.localdate()), done)
    return redirect("programme:body", member.body_id)
