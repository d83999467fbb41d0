"""Editions of the study: shown with their pictures, begun, prepared, confirmed, sent back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo.programme.queries.people import names
from kandoo.register.access import Seat, seated
from kandoo.site.lists import asker
from kandoo.strategy import access, actions, reading, words
from kandoo.strategy.access import READERS_OF_A_FILE
from kandoo.strategy.forms import EditionForm, FreezeForm, RemarkForm
from kandoo.strategy.models import Diagnosis
from kandoo.strategy.parts import OF_DIAGNOSIS, PROBLEMS
from kandoo.strategy.queries.complete import lacking
from kandoo.strategy.queries.rows import Holder, counts
from kandoo.strategy.views.parts import address, form_page, require, trail_of_file, tried


@seated(*READERS_OF_A_FILE)
def newest(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest edition, or how to begin."""
    seat = asker(request)
    file = access.file_seen_by(seat, pk)
    found = Diagnosis.objects.filter(file=file).first()
    if found is not None:
        return redirect("strategy:edition", pk, found.number)
    context = {"file": file, "trail": trail_of_file(file), "may_write": access.may_write(seat), "parts": OF_DIAGNOSIS}
    return render(request, "strategy/no_study.html", context)


@seated(*READERS_OF_A_FILE)
def edition_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the study; a further edition says why and starts as a copy."""
    seat = asker(request)
    file = access.file_written_by(seat, pk)
    is_first = not Diagnosis.objects.filter(file=file).exists()
    if is_first and request.method == "POST":
        tried(
            request,
            lambda: actions.open_edition(by=seat.person, file=file, now=timezone.now()),
            _("The study is begun; write its parts one by one."),
        )
        return redirect("strategy:diagnosis", pk)
    if is_first:
        return redirect("strategy:diagnosis", pk)
    form = EditionForm(request.POST or None)

    def do() -> None:
        actions.open_edition(by=seat.person, file=file, now=timezone.now(), reason=form.cleaned_data["reason"])

    answer = _("It begins as a copy of the baseline; the baseline itself stays as it is.")
    title, back = _("A further edition"), reverse("strategy:diagnosis", args=[pk])
    return form_page(
        request, form, do, title=title, answer=answer, submit=_("Begin it"), back=back, trail=trail_of_file(file)
    )


@seated(*READERS_OF_A_FILE)
def edition(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One edition: what it lacks or since when it is the baseline, then its parts as pictures with their tables."""
    seat = asker(request)
    found = access.diagnosis_seen_by(seat, pk, number)
    holder = Holder(found.file, found)
    held = counts(holder, OF_DIAGNOSIS)
    people = names(found.cluster_id)
    context = {
        "diagnosis": found,
        "file": found.file,
        "trail": trail_of_file(found.file),
        "badge": words.study_badge(found.status),
        "lacking": lacking(found) if found.status == Diagnosis.Status.DRAFT else [],
        "parts": [(each, held[each.code], address(holder, "part", each.code)) for each in OF_DIAGNOSIS],
        "actor_map": reading.actor_map(holder),
        "value_chain": reading.value_chain(holder),
        "swot": reading.swot(holder),
        "tree": reading.problem_tree(holder),
        "causes": holder.rows(PROBLEMS).filter(side="cause"),
        "prepared_by": people.get(found.prepared_by_id or 0, ""),
        "confirmed_by": people.get(found.confirmed_by_id or 0, ""),
        "editions": Diagnosis.objects.filter(file=found.file),
        **_rights(seat, found),
    }
    return render(request, "strategy/edition.html", context)


def _rights(seat: Seat, diagnosis: Diagnosis) -> dict[str, Any]:
    is_newest = not Diagnosis.objects.filter(file=diagnosis.file, number__gt=diagnosis.number).exists()
    return {
        "may_change": access.may_change(seat, diagnosis),
        "may_answer": access.may_write(seat) and is_newest,
        "may_confirm": access.may_confirm(seat, diagnosis),
        "may_begin": access.may_write(seat) and is_newest and diagnosis.status == Diagnosis.Status.FROZEN,
    }


@require_POST
@seated(*READERS_OF_A_FILE)
def prepare(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Say that the study is whole."""
    seat = asker(request)
    found = access.diagnosis_seen_by(seat, pk, number)
    require(access.may_change(seat, found))
    tried(
        request,
        lambda: actions.prepare(by=seat.person, diagnosis=found, now=timezone.now()),
        _("The study waits for the supervisor."),
    )
    return redirect("strategy:edition", pk, number)


@seated(*READERS_OF_A_FILE)
def confirm(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Make the study the baseline of a day."""
    seat = asker(request)
    found = access.diagnosis_seen_by(seat, pk, number)
    require(access.may_confirm(seat, found))
    form = FreezeForm(request.POST or None, today=timezone.localdate())

    def do() -> None:
        actions.freeze(by=seat.person, diagnosis=found, on=form.cleaned_data["on"], now=timezone.now())

    answer = _("From then on nobody changes it, and every indicator that has a figure by that day has its baseline.")
    return _step(request, found, form, do, _("Confirm as the baseline"), answer, _("The study is the baseline."))


@seated(*READERS_OF_A_FILE)
def send_back(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Give the study back with what is missing."""
    seat = asker(request)
    found = access.diagnosis_seen_by(seat, pk, number)
    require(access.may_confirm(seat, found))
    form = RemarkForm(request.POST or None)

    def do() -> None:
        actions.send_back(by=seat.person, diagnosis=found, remark=form.cleaned_data["remark"])

    return _step(request, found, form, do, _("Send the study back"), "", _("The study is sent back."))


def _step(
    request: HttpRequest, diagnosis: Diagnosis, form: Any, do: Any, title: str, answer: str, done: str
) -> HttpResponse:
    back = reverse("strategy:edition", args=[diagnosis.file_id, diagnosis.number])
    trail = [*trail_of_file(diagnosis.file), (_("Diagnosis"), back)]
    return form_page(request, form, do, title=title, answer=answer, submit=title, back=back, trail=trail, done=done)
