"""Laboratory results: one certificate typed in, or many batches from one file."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from kandoo import profiles
from kandoo.register.access import Seat, seated
from kandoo.selling import access, actions, batch_queries, results_file, uploads, verdict_words
from kandoo.selling.actions.batches import NewResult
from kandoo.selling.actions.results_import import import_results
from kandoo.selling.forms.results import ResultsFileForm, ResultsForm, bars_for_good
from kandoo.selling.models import Attachment, Batch
from kandoo.site import language, tables

ENTERS = ("agent", "member", "laboratory")
TEMPLATE_BATCHES = 50


def _seat(request: HttpRequest) -> Seat:
    seat = Seat.of(request)
    assert seat is not None, "the views are guarded by `seated`"
    return seat


@seated(*ENTERS)
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a laboratory's certificate; a value that bars for good is asked about first."""
    seat = _seat(request)
    batch = access.batch_seen_by(seat, pk)
    if not access.may_enter_results(seat, batch) or batch.withdrawn_at:
        raise Http404
    form = ResultsForm(
        request.POST or None,
        request.FILES or None,
        person=seat.person,
        batch=batch,
        profile=profiles.load(seat.cluster.profile),
        today=timezone.localdate(),
        laboratories=batch_queries.laboratories(seat.cluster) if seat.role == "agent" else None,
        fixed=seat.enterprise if seat.role == "laboratory" else None,
    )
    if request.method == "POST":
        if form.is_valid() and _store(seat, batch, form):
            messages.success(request, _("The results are stored."))
            return redirect("selling:batch", pk)
        form.set_aside("certificate")
    bars = [_bar_words(form.profile, each) for each in form.will_bar]
    return render(request, "selling/batch_results.html", {"form": form, "batch": batch, "bars": bars})


def _store(seat: Seat, batch: Batch, form: ResultsForm) -> bool:
    """Store a certificate and its results together, or put what stood in the way beside the form."""
    results = [
        NewResult(parameter=code, value=each.value, finding=each.finding, method=form.method_of(code))
        for code, each in form.readings().items()
    ]
    try:
        with transaction.atomic():
            stored = [
                actions.add_attachment(
                    by=seat.person, batch=batch, kind=Attachment.Kind.CERTIFICATE, name=each.name, content=each.content
                )
                for each in form.all_uploads("certificate")
            ]
            actions.enter_results(
                by=seat.person,
                batch=batch,
                results=results,
                tested_on=form.cleaned_data["tested_on"],
                today=form.today,
                laboratory=form.laboratory,
                laboratory_name=form.cleaned_data.get("laboratory_name", ""),
                certificate=stored[0] if stored else None,
            )
    except actions.NotPossible as problem:
        form.add_error(None, str(problem))
        return False
    form.forget_kept()
    return True


def _bar_words(profile: profiles.Profile, bar: Any) -> dict[str, str]:
    return {
        "test": verdict_words.name_of(profile, bar.test),
        "found": verdict_words.result_words(profile, bar.test, bar.found),
        "reason": verdict_words.word(profile, "bar_reason", bar.reason),
    }


@seated(*ENTERS)
def import_file(request: HttpRequest) -> HttpResponse:
    """Take a file of results: checked whole, stored whole, bars asked about first."""
    seat = _seat(request)
    form = ResultsFileForm(request.POST or None, request.FILES or None, person=seat.person)
    context: dict[str, Any] = {"form": form, "parameters": _parameter_names(seat)}
    if request.method == "POST" and form.is_valid():
        read = _read(seat, form)
        context["read"] = read
        if read and not read.faults:
            context["bars"] = bars = _bars_of(seat, read)
            if (not bars or form.cleaned_data["confirmed"]) and _import(request, seat, form, read):
                return redirect("selling:batches")
    return render(request, "selling/batch_import.html", context)


def _read(seat: Seat, form: ResultsFileForm) -> results_file.ReadFile | None:
    """The file sent now, or the one kept while its bars are confirmed."""
    profile, chosen = profiles.load(seat.cluster.profile), form.cleaned_data.get("file")
    try:
        if chosen is not None:
            if chosen.size > uploads.SIZE_MAX:
                raise tables.UnreadableTable(_("The file is too large. Split it into smaller ones."))
            sent = uploads.Upload(chosen.name, chosen.read())
        else:
            sent = next(iter(uploads.kept(form.cleaned_data["kept"], seat.person.pk)))
        rows = tables.read_table(sent.content, sent.name)
    except StopIteration:
        form.add_error("file", ValidationError(_("Choose a file."), "required"))
        return None
    except tables.UnreadableTable as problem:
        form.add_error("file", str(problem))
        return None
    form.keep([sent])
    seen = access.batches_seen_by(seat).filter(withdrawn_at=None, code__in=results_file.codes_in(rows))
    known = batch_queries.laboratories(seat.cluster) if seat.role == "agent" else []
    return results_file.read_results(
        rows,
        results_file.Desk(
            profile=profile,
            batches={each.code: each for each in seen.select_related("cluster")},
            laboratories={language.fold(name): each for each in known for name in (each.name_fa, each.name_en) if name},
            fixed=seat.enterprise if seat.role == "laboratory" else None,
            today=timezone.localdate(),
        ),
    )


def _bars_of(seat: Seat, read: results_file.ReadFile) -> list[dict[str, str]]:
    """Which batches the file would bar for good, and by what."""
    profile = profiles.load(seat.cluster.profile)
    found = []
    for each in read.certificates:
        if not hasattr(each.batch, "bar"):
            values = {code: reading.as_result() for code, (reading, _method) in each.results.items()}
            bars = [_bar_words(profile, bar) for bar in bars_for_good(profile, values)]
            found += [{"batch": each.batch.code, **bar} for bar in bars]
    return found


def _import(request: HttpRequest, seat: Seat, form: ResultsFileForm, read: results_file.ReadFile) -> bool:
    try:
        stored = import_results(by=seat.person, certificates=read.certificates, today=timezone.localdate())
    except actions.NotPossible as problem:
        form.add_error(None, str(problem))
        return False
    form.forget_kept()
    text = ngettext("%(n)s result is stored.", "%(n)s results are stored.", stored)
    messages.success(request, text % {"n": language.format_number(stored, verdict_words.page_language())})
    return True


def _parameter_names(seat: Seat) -> list[dict[str, str]]:
    profile = profiles.load(seat.cluster.profile)
    return [
        {"code": code, "name": verdict_words.name_of(profile, code), "unit": verdict_words.unit_of(profile, code)}
        for code in (*profile.parameters, *profile.tests)
    ]


@require_GET
@seated(*ENTERS)
def template(request: HttpRequest, form: str) -> HttpResponse:
    """A file to fill in: a row for each parameter of the batches that wait for results."""
    seat = _seat(request)
    profile = profiles.load(seat.cluster.profile)
    waiting = batch_queries.waiting_for_results(access.batches_seen_by(seat), seat)[:TEMPLATE_BATCHES]
    name = str(seat.enterprise) if seat.role == "laboratory" else ""
    rows = [
        [batch.code, verdict_words.name_of(profile, code), "", "", name, ""]
        for batch in waiting
        for code in profile.parameters
    ]
    return tables.as_file(form, [str(each) for each in results_file.HEADINGS.values()], rows, "results")
