"""A study from checked to measured: asked for, watched, stopped; once measured, what it found."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo.finding import access, actions, queries, reading, words
from kandoo.finding.forms import YearsForm
from kandoo.finding.models import Job, Study
from kandoo.finding.problems import NotPossible
from kandoo.finding.results import Tables
from kandoo.register.access import Seat, seated
from kandoo.site import language
from kandoo.site.lists import asker, page_of, words_of

PERCENT = 100


@seated(*access.READERS)
def study(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a study stands; once measured, its industries, the surest first."""
    seat = asker(request)
    found = access.study_seen_by(seat, pk)
    if queries.is_finished(found):
        return _results(request, seat, found)
    if found.step == Study.Step.COLUMNS and seat.role in access.WRITERS:
        return redirect("finding:columns", pk)
    context = {
        "study": found,
        "may_write": seat.role in access.WRITERS,
        "remarks": words.remark_words(found),
        "years_form": YearsForm(None, study=found) if found.years else None,
        **_work(found),
    }
    return render(request, "finding/study.html", context)


def _work(found: Study) -> dict[str, object]:
    job = found.work
    if job is None:
        return {"job": None}
    return {
        "job": job,
        "doing": words.doing_words(job.doing),
        "done": int(job.share * PERCENT),
        "left": words.left_words(job.seconds_left) if job.state == Job.State.RUNNING else "",
        "ahead": queries.waiting_before(job) if job.state == Job.State.WAITING else 0,
        "problem": words.problem_words(job) if job.state == Job.State.FAILED else "",
    }


def _results(request: HttpRequest, seat: Seat, found: Study) -> HttpResponse:
    tables = Tables(found)
    context = reading.overview(tables)
    text = language.fold(request.GET.get("q", ""))
    chosen = [each for each in context["industries"] if text in language.fold(each.name)]
    page = page_of(request, chosen)
    context |= {
        "page_obj": page,
        "lines": [reading.line(tables, each) for each in page],
        "job": found.work,
        "has_before": tables.has_before,
        "may_write": seat.role in access.WRITERS,
        "may_propose": access.may_propose(seat),
    }
    return render(request, "finding/results.html", context)


@seated(*access.READERS)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that is asked for every second; once the work has ended, the whole page anew."""
    seat = asker(request)
    found = access.study_seen_by(seat, pk)
    if found.work is None or not found.work.is_open:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(
        request, "finding/progress.html", {"study": found, "may_write": seat.role in access.WRITERS, **_work(found)}
    )


@require_POST
@seated(*access.WRITERS)
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Have it measured."""
    seat = asker(request)
    found = access.study_seen_by(seat, pk)
    try:
        actions.ask(seat=seat, study=found, now=timezone.now())
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    return redirect("finding:study", pk)


@require_POST
@seated(*access.WRITERS)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the work; curves that are finished are kept for the next time."""
    seat = asker(request)
    found = access.study_seen_by(seat, pk)
    try:
        actions.cancel(seat=seat, study=found, now=timezone.now())
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(
            request, _("The work stops within a second or two. What is finished is kept for the next time.")
        )
    return redirect("finding:study", pk)


@require_POST
@seated(*access.WRITERS)
def put_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a study with its list."""
    seat = asker(request)
    found = access.study_seen_by(seat, pk)
    try:
        actions.put_aside(seat=seat, study=found)
    except NotPossible as problem:
        messages.error(request, words_of(problem))
        return redirect("finding:study", pk)
    messages.success(request, _("The study and its list are deleted."))
    return redirect("finding:studies")
