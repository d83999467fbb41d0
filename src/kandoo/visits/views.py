"""Visits: those that are due, the plan of a cluster, one visit with its report and advice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kandoo.programme.access import at_desk, file_seen_by, files_seen_by, is_programme
from kandoo.programme.problems import NotPossible
from kandoo.programme.queries.people import names, people_for
from kandoo.register.access import seated
from kandoo.site import tables
from kandoo.site.lists import asker, page_language, page_of, words_of
from kandoo.visits import access, actions, reading
from kandoo.visits.forms import FollowForm, MoveForm, PlanForm, ReasonForm, ReportForm
from kandoo.visits.models import Visit
from kandoo.visits.papers import visit_pdf

Status = Visit.Status
SOON_DAYS = 30


@at_desk()
def home(request: HttpRequest) -> HttpResponse:
    """The visits a seat sees: late ones first, then those to come; a supervisor's own unless others are asked for."""
    seat, today = asker(request), timezone.localdate()
    found = access.visits_seen_by(seat)
    whose = request.GET.get("whose", "own" if seat.role == "supervisor" else "")
    if whose == "own":
        found = found.filter(supervisor=seat.person)
    planned = found.filter(status=Status.PLANNED)
    state = request.GET.get("state", "planned")
    rows = found.filter(status=state) if state else found
    order = ("planned_on", "pk") if state == "planned" else ("-planned_on", "-pk")
    page = page_of(request, rows.order_by(*order))
    people = names(seat.cluster.pk)
    if request.GET.get("as"):
        return _file(request.GET["as"], rows.order_by(*order), people)
    own = [("own", _("My own"))] if seat.role == "supervisor" else []
    context = {
        "page_obj": page,
        "rows": [reading.row(each, people, today) for each in page],
        "late": planned.filter(planned_on__lt=today).count(),
        "soon": planned.filter(planned_on__range=(today, today + timedelta(days=SOON_DAYS))).count(),
        "overdue": access.advice_seen_by(seat).filter(kept_on=None, due_on__lt=today).count(),
        "selects": [
            {"name": "state", "label": _("State"), "options": Status.choices, "value": state},
            *([{"name": "whose", "label": _("Whose"), "options": own, "value": whose}] if own else []),
        ],
        "query": request.GET.urlencode(),
    }
    return render(request, "visits/home.html", context)


def _file(form: str, visits: Any, people: dict[int, str]) -> HttpResponse:
    return tables.as_file(form, reading.COLUMNS, [reading.cells(each, people) for each in visits], "visits")


@seated("agent")
def own(request: HttpRequest) -> HttpResponse:
    """The agent's way to the visits to its own cluster."""
    found = files_seen_by(asker(request)).first()
    return render(request, "programme/no_file.html") if found is None else redirect("visits:file", found.pk)


@seated(*access.READERS)
def of_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The visits to one cluster and what became of the advice."""
    seat, today = asker(request), timezone.localdate()
    file = file_seen_by(seat, pk)
    visits = access.visits_seen_by(seat).filter(file=file)
    people = names(file.cluster_id)
    if request.GET.get("as"):
        return _file(request.GET["as"], visits.order_by("planned_on"), people)
    page = page_of(request, visits.order_by("-planned_on", "-pk"))
    advice = access.advice_seen_by(seat).filter(file=file).order_by("due_on", "pk")
    context = {
        "file": file,
        "page_obj": page,
        "rows": [reading.row(each, people, today) for each in page],
        "next": visits.filter(status=Status.PLANNED, planned_on__gte=today).order_by("planned_on").first(),
        "last": visits.filter(status=Status.DONE).order_by("-visited_on").first(),
        "open": [(each, reading.advice_badge(each, today)) for each in advice.filter(kept_on=None)],
        "may_plan": access.may_plan(seat),
        "may_answer": access.may_answer(seat),
        "in_programme": is_programme(seat),
    }
    return render(request, "visits/file.html", context)


def _form_page(
    request: HttpRequest, form: Form, do: Callable[[], Any], *, title: Any, submit: Any, back: str, done: Any, answer: Any = ""
) -> HttpResponse:  # fmt: skip
    """A page with one form: a refusal is said on top of it and what was typed stays."""
    if request.method == "POST" and form.is_valid():
        try:
            do()
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, done)
            return redirect(back)
    context = {"form": form, "title": title, "submit": submit, "back": back, "answer": answer}
    return render(request, "visits/form.html", context)


@at_desk("officer", "supervisor")
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan visits to a cluster."""
    seat, today = asker(request), timezone.localdate()
    file = access.file_planned_by(seat, pk)
    people = names(file.cluster_id)
    supervisors = [(each, people.get(each, "")) for each in people_for(file.cluster_id, file.province, "supervisor")]
    start = {
        "first": today + timedelta(days=SOON_DAYS), "until": today + timedelta(days=365), "months": 2 if file.stage >= "G5" else 1,
        "supervisor": seat.person.pk if seat.role == "supervisor" else None,
    }  # fmt: skip
    form = PlanForm(request.POST or None, supervisors=supervisors, initial=start)

    def do() -> None:
        actions.plan_visits(by=seat.person, file=file, now=timezone.now(), **form.cleaned_data)

    title, back = _("Plan visits"), reverse("visits:file", args=[pk])
    done = _("The visits are planned; the supervisor is told.")
    return _form_page(request, form, do, title=title, submit=title, back=back, done=done, answer=str(file))


@seated(*access.READERS)
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """One visit: its report and its advice."""
    seat, today = asker(request), timezone.localdate()
    found = access.visit_seen_by(seat, pk)
    may_plan = access.may_plan(seat) and found.status == Status.PLANNED
    context = {
        **reading.row(found, names(found.cluster_id), today),
        "advice": [(each, reading.advice_badge(each, today)) for each in found.advice.all()],
        "may_report": access.may_report(seat, found),
        "may_plan": may_plan,
        "may_answer": access.may_answer(seat),
        "reason_form": ReasonForm(),
    }
    return render(request, "visits/visit.html", context)


@require_GET
@seated(*access.READERS)
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The report of a visit on paper."""
    found = get_object_or_404(access.visits_seen_by(asker(request)), pk=pk, status=Status.DONE)
    paper = visit_pdf(found, names(found.cluster_id).get(found.supervisor_id, ""), page_language())
    headers = {"Content-Disposition": f'inline; filename="visit-{found.pk}.pdf"'}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)


@at_desk("supervisor")
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what was found."""
    seat, today = asker(request), timezone.localdate()
    found = access.visit_seen_by(seat, pk)
    if not access.may_report(seat, found):
        raise PermissionDenied
    form = ReportForm(request.POST or None, today=today)

    def do() -> None:
        actions.report_visit(by=seat.person, visit=found, terms=form.terms(), today=today, now=timezone.now())

    answer = _("Agent, officers and council read it; it is not changed afterwards.")
    title, back = _("Report the visit"), reverse("visits:visit", args=[pk])
    done = _("The visit is reported.")
    return _form_page(request, form, do, title=title, submit=title, back=back, done=done, answer=answer)


@at_desk("officer", "supervisor")
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Another day."""
    seat = asker(request)
    found = access.visit_seen_by(seat, pk)
    form = MoveForm(request.POST or None)

    def do() -> None:
        actions.move_visit(by=seat.person, visit=found, **form.cleaned_data)

    title, back = _("Move the visit"), reverse("visits:visit", args=[pk])
    return _form_page(request, form, do, title=title, submit=title, back=back, done=_("The visit has another day."))


@require_POST
@at_desk("officer", "supervisor")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a visit off."""
    seat = asker(request)
    found = access.visit_seen_by(seat, pk)
    try:
        actions.cancel_visit(by=seat.person, visit=found, reason=request.POST.get("reason", "")[:300])
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, _("The visit is called off."))
    return redirect("visits:visit", pk)


@seated(*access.READERS)
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what became of an advice."""
    seat = asker(request)
    advice = get_object_or_404(access.advice_seen_by(seat), pk=pk)
    if not access.may_answer(seat):
        raise PermissionDenied
    form = FollowForm(request.POST or None)

    def do() -> None:
        actions.follow_advice(by=seat.person, advice=advice, how=form.cleaned_data["how"], today=timezone.localdate())

    title, back = _("What became of the advice"), reverse("visits:visit", args=[advice.visit_id])
    done = _("It is on record; the supervisor is told.")
    return _form_page(request, form, do, title=title, submit=_("Save"), back=back, done=done, answer=advice.text)
