"""Meetings: listed, called, held, each gate decided, closed with minutes; and the brief of a gate."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo.programme import access, actions, reading
from kandoo.programme.access import at_desk
from kandoo.programme.brief import brief_of, brief_pdf
from kandoo.programme.forms.gates import BallotForm, DecisionForm, MeetingForm, MinutesForm, PresentForm
from kandoo.programme.models import AgendaItem, Ballot, Body, ClusterFile, Meeting, Stage
from kandoo.programme.queries import people
from kandoo.programme.queries.gates import members_on, vote_of, votes_cast, voting_present
from kandoo.programme.views.parts import form_page, tried
from kandoo.register.access import Seat
from kandoo.site.lists import asker, page_language, page_of

Status = Meeting.Status


@at_desk()
def meetings(request: HttpRequest) -> HttpResponse:
    """Meetings to come and held, the newest first."""
    seat = asker(request)
    found = access.meetings_seen_by(seat).select_related("body")
    state = request.GET.get("state", "")
    if state in Status.values:
        found = found.filter(status=state)
    page = page_of(request, found.order_by("-on", "-pk"))
    context = {
        "page_obj": page,
        "coming": access.meetings_seen_by(seat).filter(status__in=[Status.CALLED, Status.HELD]).count(),
        "selects": [{"name": "state", "label": _("State"), "options": Status.choices, "value": state}],
        "may_call": seat.is_one_of("officer", "committee"),
    }
    return render(request, "programme/meetings.html", context)


@at_desk("officer", "committee")
def meeting_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a body to decide the next gates of some clusters."""
    seat, today = asker(request), timezone.localdate()
    body = access.body_seen_by(seat, pk)
    form = MeetingForm(
        request.POST or None, files=_ready(seat, body), initial={"on": today, "clusters": request.GET.getlist("file")}
    )

    def do() -> HttpResponse:
        held = form.cleaned_data
        called = actions.call_meeting(
            seat=seat, body=body, on=held["on"], place=held["place"], files=list(held["clusters"]), today=today
        )
        messages.success(request, _("The meeting is called and its members are told."))
        return redirect("programme:meeting", called.pk)

    return form_page(request, "programme/meeting_new.html", form, do, {"body": body})


def _ready(seat: Seat, body: Body) -> QuerySet[ClusterFile]:
    """Files whose next gate is the body's to decide."""
    before: dict[tuple[int, int], str] = {}
    wanted: list[tuple[int, str]] = []
    for stage in Stage.objects.filter(cluster=body.cluster_id).order_by("procedure", "position"):
        before[stage.procedure_id, stage.position] = stage.code
        if stage.decided_by == body.kind and stage.position:
            wanted.append((stage.procedure_id, before[stage.procedure_id, stage.position - 1]))
    files = access.files_seen_by(seat)
    files = files.filter(pk=body.file_id) if body.file_id else files
    files = files.filter(province=body.province) if body.province else files
    found = files.none()
    for procedure, code in wanted:
        found = found | files.filter(procedure=procedure, stage=code)
    return found.order_by("sort_key")


@at_desk()
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting: who was there, its agenda with briefs and decisions, its minutes."""
    seat, today = asker(request), timezone.localdate()
    found = access.meeting_seen_by(seat, pk)
    leads = access.leads(seat, found.body, today)
    items = list(found.agenda.select_related("file", "stage", "decision").order_by("pk"))
    ballots = list(Ballot.objects.filter(item__meeting=found).select_related("member").order_by("at", "pk"))
    own = vote_of(seat.person.pk, pk) if found.status == Status.HELD else None
    context: dict[str, Any] = {
        "meeting": found,
        "items": [
            {
                "row": each,
                "decision": _decision(each),
                "ballots": [ballot for ballot in ballots if ballot.item_id == each.pk],
                "may_vote": own is not None
                and not any(ballot.item_id == each.pk and ballot.member_id == own.pk for ballot in ballots),
            }
            for each in items
        ],
        "present": [each.member for each in found.present.select_related("member").order_by("member__pk")],
        "voting": voting_present(found.pk),
        "leads": leads,
        "may_hold": leads and found.status in (Status.CALLED, Status.HELD) and found.on <= today,
        "may_cancel": found.status == Status.CALLED and (leads or access.may_run(seat, found.body)),
        "decided": sum(_decision(each) is not None for each in items),
    }
    if context["may_hold"] and not context["decided"] and not ballots:
        members = members_on(found.body, found.on)
        initial = {"present": [each.pk for each in context["present"]] or [each.pk for each in members]}
        context["present_form"] = PresentForm(members=members, initial=initial)
    if leads and found.status == Status.HELD:
        context["minutes_form"] = MinutesForm()
    return render(request, "programme/meeting.html", context)


def _decision(item: AgendaItem) -> Any:
    decision = getattr(item, "decision", None)
    return None if decision is None else {"row": decision, "badge": reading.outcome_badge(decision)}


@require_POST
@at_desk()
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down who is there."""
    seat = asker(request)
    found = access.meeting_seen_by(seat, pk)
    form = PresentForm(request.POST, members=members_on(found.body, found.on))
    if not form.is_valid():
        messages.error(request, _("Mark who is present."))
        return redirect("programme:meeting", pk)
    present, done = list(form.cleaned_data["present"]), _("The meeting is being held. Decide its agenda.")
    today = timezone.localdate()
    tried(request, lambda: actions.hold_meeting(seat=seat, meeting=found, present=present, today=today), done)
    return redirect("programme:meeting", pk)


@at_desk()
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the brief of a gate and write down what the meeting resolved."""
    seat, today = asker(request), timezone.localdate()
    item = _item(seat, pk)
    if not access.leads(seat, item.meeting.body, today) or getattr(item, "decision", None):
        raise Http404
    votes, cast = voting_present(item.meeting_id), votes_cast(item)
    start = {"yes": votes - cast.no - cast.abstained, "no": cast.no, "abstained": cast.abstained}
    choices = list(people.names(seat.cluster.pk).items())
    form = DecisionForm(request.POST or None, meeting_on=item.meeting.on, people=choices, initial=start)

    def do() -> HttpResponse:
        held = form.cleaned_data
        actions.decide(
            seat=seat, item=item, outcome=held["outcome"], votes=form.votes(), resolution=held["resolution"],
            conditions=form.conditions(), today=today, now=timezone.now(),
        )  # fmt: skip
        messages.success(request, _("The decision is written down and the cluster’s stage follows it."))
        return redirect("programme:meeting", item.meeting_id)

    return form_page(
        request,
        "programme/decide.html",
        form,
        do,
        {"item": item, "brief": brief_of(item), "votes": votes, "cast": cast},
    )


def _item(seat: Seat, pk: int) -> AgendaItem:
    items = AgendaItem.objects.filter(meeting__in=access.meetings_seen_by(seat).values("pk"))
    return get_object_or_404(items.select_related("meeting__body", "file", "stage"), pk=pk)


@at_desk()
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the brief of a gate and vote on it oneself."""
    seat = asker(request)
    item = _item(seat, pk)
    if item.meeting.status != Status.HELD or vote_of(seat.person.pk, item.meeting_id) is None:
        raise Http404
    form = BallotForm(request.POST or None)

    def do() -> HttpResponse:
        actions.cast_ballot(seat=seat, item=item, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Your vote is written down."))
        return redirect("programme:meeting", item.meeting_id)

    return form_page(request, "programme/vote.html", form, do, {"item": item, "brief": brief_of(item)})


@at_desk()
def brief(request: HttpRequest, pk: int) -> HttpResponse:
    """The brief of a gate on one page, as PDF."""
    item = _item(asker(request), pk)
    pdf = brief_pdf(brief_of(item), page_language())
    name = f"brief-{item.file.code}-{item.stage.code}.pdf"
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


@require_POST
@at_desk()
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a meeting with its minutes."""
    seat = asker(request)
    found = access.meeting_seen_by(seat, pk)
    minutes, today = request.POST.get("minutes", ""), timezone.localdate()
    done = _("The meeting is closed. Its minutes stay as they are.")
    tried(request, lambda: actions.close_meeting(seat=seat, meeting=found, minutes=minutes, today=today), done)
    return redirect("programme:meeting", pk)


@require_POST
@at_desk("officer", "committee")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a called meeting back."""
    seat = asker(request)
    found = access.meeting_seen_by(seat, pk)
    today, done = timezone.localdate(), _("The meeting is cancelled and its members are told.")
    tried(request, lambda: actions.cancel_meeting(seat=seat, meeting=found, today=today), done)
    return redirect("programme:meeting", pk)
