"""Studies listed; a list of sites brought, its columns confirmed, its faults shown or left out knowingly."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo.finding import access, actions, words
from kandoo.finding.choices import AT_ONCE_ROWS
from kandoo.finding.forms import BringForm, ColumnsForm, YearsForm
from kandoo.finding.importing.columns import FIELDS, guess_columns, label_of
from kandoo.finding.importing.faults import FILE_TEXTS, Fault, sentence
from kandoo.finding.models import Study
from kandoo.finding.problems import NotPossible, Unreadable
from kandoo.register.access import Seat, seated
from kandoo.site import language, tables
from kandoo.site.lists import asker, page_language, page_of, words_of

PAGE = 30
EXAMPLE_MAX = 24


@seated(*access.READERS)
def studies(request: HttpRequest) -> HttpResponse:
    """All studies a seat sees, the newest first."""
    seat = asker(request)
    found = access.studies_seen_by(seat).select_related("job").order_by("-created_at", "-pk")
    text = language.same_letters(request.GET.get("q", "").strip())
    if text:
        found = found.filter(title__icontains=text)
    context = {
        "page_obj": page_of(request, found),
        "may_bring": seat.role in access.WRITERS,
        "has_own": access.has_own_apiaries(seat),
        "measured": access.studies_seen_by(seat).filter(job__state="done").count(),
    }
    return render(request, "finding/studies.html", context)


@seated(*access.WRITERS)
def new(request: HttpRequest) -> HttpResponse:
    """Bring a file; what is wrong with it as a whole is said beside it."""
    seat = asker(request)
    form = BringForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            study = actions.bring_list(seat=seat, name=file.name, content=file.read(), now=timezone.now())
        except Unreadable as problem:
            form.add_error("file", sentence(FILE_TEXTS[problem.code], problem.values, page_language()))
        except NotPossible as problem:
            form.add_error("file", words_of(problem))
        else:
            return redirect("finding:columns", study.pk)
    context = {"form": form, "fields": FIELDS["establishments"], "has_own": access.has_own_apiaries(seat)}
    return render(request, "finding/new.html", context)


@require_POST
@seated("agent")
def own(request: HttpRequest) -> HttpResponse:
    """Take the apiaries of the cluster's members as the list."""
    seat = asker(request)
    today = timezone.localdate()
    title = _("Apiaries of the cluster, %(day)s") % {"day": language.format_day(today, page_language(), style="short")}
    try:
        study = actions.take_own_apiaries(seat=seat, title=title, today=today, now=timezone.now())
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    except Unreadable:
        messages.error(request, _("No apiary of a member has a count of hives yet."))
    else:
        return redirect("finding:columns", study.pk)
    return redirect("finding:studies")


@seated(*access.READERS)
def template(request: HttpRequest) -> HttpResponse:
    """A list to fill in: the headings alone."""
    profile = "apiary" if request.GET.get("kind") == "apiary" else "establishments"
    fields = [each for each in FIELDS[profile] if each.code not in ("x_km", "y_km")]
    names = [each.headings[0] if each.code != "site" or profile != "apiary" else "apiary_id" for each in fields]
    return tables.as_file(request.GET.get("as", "csv"), names, [], f"kandoo-{profile}")


@seated(*access.WRITERS)
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """What the columns mean: guessed, corrected, confirmed. Every row is checked at once."""
    seat = asker(request)
    study = access.study_seen_by(seat, pk)
    profile = _profile(request, study)
    sheet = actions.sheet_of(study)
    examples = [
        next((row[k][:EXAMPLE_MAX] for row in sheet.rows[:50] if k < len(row) and row[k]), "")
        for k in range(len(sheet.headings))
    ]
    if profile != study.profile:
        study.mapping = guess_columns(sheet.headings, profile)
    form = ColumnsForm(request.POST or None, study=study, profile=profile, examples=examples)
    if request.method == "POST" and form.is_valid():
        try:
            study = _confirmed(seat, study, profile, form)
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            return redirect("finding:faults" if study.step == Study.Step.FAULTY else "finding:study", study.pk)
    kinds = [(value, label, value == profile) for value, label in Study.Profile.choices]
    return render(request, "finding/columns.html", {"study": study, "form": form, "profile": profile, "kinds": kinds})


def _confirmed(seat: Seat, study: Study, profile: str, form: ColumnsForm) -> Study:
    """A short list is looked at within the request, a long one by the worker."""
    title, mapping, choices = form.cleaned_data["title"], form.mapping(), form.choices()
    if study.rows <= AT_ONCE_ROWS:
        return actions.confirm_columns(
            seat=seat, study=study, title=title, profile=profile, mapping=mapping, choices=choices
        )
    return actions.hand_over_columns(
        seat=seat, study=study, title=title, profile=profile, mapping=mapping, choices=choices, now=timezone.now()
    )


def _profile(request: HttpRequest, study: Study) -> str:
    wanted = request.POST.get("profile") or request.GET.get("kind") or study.profile
    return wanted if wanted in FIELDS and study.source != Study.Source.REGISTER else study.profile


@seated(*access.READERS)
def faults(request: HttpRequest, pk: int) -> HttpResponse:
    """The faults of a list by row and field; to take away, to correct the file, or to leave the rows out."""
    seat = asker(request)
    study = access.study_seen_by(seat, pk)
    if study.step == Study.Step.CHECKING:
        return redirect("finding:study", pk)
    found = [Fault.from_json(each) for each in study.faults]
    if request.GET.get("form"):
        heads = [_("Row"), _("Column"), _("What is wrong")]
        return tables.as_file(request.GET["form"], heads, map(list, _said(study, found)), "faults")
    page = Paginator(found, PAGE).get_page(language.latin_digits(request.GET.get("page", "1")))
    context = {
        "study": study,
        "page_obj": page,
        "faults": _said(study, list(page)),
        "count": len(found),
        "good_rows": study.rows - study.fault_rows,
        "may_write": seat.role in access.WRITERS,
    }
    return render(request, "finding/faults.html", context)


def _said(study: Study, found: list[Fault]) -> list[tuple[Any, str, str]]:
    return [
        (each.line or "", label_of(study.profile, each.column) if each.column else "", words.fault_words(each))
        for each in found
    ]


@require_POST
@seated(*access.WRITERS)
def leave_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on without the faulty rows, knowingly."""
    seat = asker(request)
    study = access.study_seen_by(seat, pk)
    try:
        later = timezone.now() if study.rows > AT_ONCE_ROWS else None
        study = actions.leave_rows_out(seat=seat, study=study, later=later)
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    return redirect("finding:faults" if study.step == Study.Step.FAULTY else "finding:study", pk)


@require_POST
@seated(*access.WRITERS)
def years(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the years of a checked list."""
    seat = asker(request)
    study = access.study_seen_by(seat, pk)
    form = YearsForm(request.POST, study=study)
    try:
        if not form.is_valid():
            raise NotPossible(_("Choose among the years of the list."))
        actions.choose_years(seat=seat, study=study, year=form.cleaned_data["year"], before=form.cleaned_data["before"])
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    return redirect("finding:study", pk)
