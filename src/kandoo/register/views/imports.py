"""Members from a file: choose it, correct it, decide its doubles, confirm."""

import re
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from kandoo import profiles
from kandoo.register import actions, queries
from kandoo.register.access import Seat, seated
from kandoo.register.exporting import download
from kandoo.register.forms import ImportForm
from kandoo.register.identifying import language, scheme_name
from kandoo.register.importing import files
from kandoo.register.importing.checking import fault_words
from kandoo.register.importing.columns import columns
from kandoo.register.importing.faults import FILE_TEXTS, TEXTS, Fault, sentence
from kandoo.register.importing.reading import BadFile
from kandoo.register.models import ImportDraft
from kandoo.register.views.shared import seat_of
from kandoo.site.language import format_number

PAGE = 30


@seated("agent")
def import_page(request: HttpRequest) -> HttpResponse:
    """Choose a file; what is wrong with it as a whole is said beside it."""
    seat = seat_of(request)
    form = ImportForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            draft = actions.import_members(
                by=seat.person,
                cluster=seat.cluster,
                file_name=file.name,
                content=file.read(),
                today=timezone.localdate(),
            )
        except BadFile as problem:
            form.add_error("file", sentence(FILE_TEXTS[problem.code], problem.values, language()))
        else:
            return redirect("register:import_draft", draft.pk)
    waiting = ImportDraft.objects.filter(person=seat.person, cluster=seat.cluster).order_by("-at").first()
    wanted = columns(profiles.load(seat.cluster.profile)).values()
    help_of = [(each.label(language()), each.code, each.is_required, each.help(language())) for each in wanted]
    return render(request, "register/import.html", {"form": form, "waiting": waiting, "columns": help_of})


@seated("agent")
def import_draft(request: HttpRequest, pk: Any) -> HttpResponse:
    """A file on its way: its faults, else its doubles, else what will be written."""
    seat = seat_of(request)
    draft = _draft(seat, pk)
    if request.method == "POST":
        return _take_step(request, seat, draft)
    if draft.faults:
        return render(request, "register/import_faults.html", _faults_page(request, seat, draft))
    return render(request, "register/import_draft.html", _doubles_page(request, seat, draft))


def _draft(seat: Seat, pk: Any) -> ImportDraft:
    """The person's own draft, or 404."""
    return get_object_or_404(ImportDraft, pk=pk, person=seat.person, cluster=seat.cluster)


def _take_step(request: HttpRequest, seat: Seat, draft: ImportDraft) -> HttpResponse:
    step = request.POST.get("step", "")
    if step == "throw":
        actions.throw_away(by=seat.person, draft=draft)
        messages.success(request, _("The file was put aside; nothing was written."))
        return redirect("register:import")
    if step == "confirm":
        return _confirm(request, seat, draft)
    chosen = {int(name[2:]): str(word) for name, word in request.POST.items() if re.fullmatch(r"d-\d{1,9}", name)}
    rest = request.POST.get("rest", "")
    actions.decide_doubles(by=seat.person, draft=draft, decisions={} if rest else chosen, rest=rest)
    return redirect(request.get_full_path())


def _confirm(request: HttpRequest, seat: Seat, draft: ImportDraft) -> HttpResponse:
    try:
        written = actions.confirm_import(by=seat.person, draft=draft, today=timezone.localdate())
    except actions.UndecidedDoubles as problem:
        actions.refresh_doubles(by=seat.person, draft=draft, today=timezone.localdate())
        messages.warning(request, str(problem))
        return redirect("register:import_draft", draft.pk)
    except actions.NotPossible as problem:
        messages.error(request, str(problem))
        return redirect("register:import_draft", draft.pk)
    words = _("Firms added: %(added)s; updated: %(updated)s; rows left out: %(skipped)s.")
    messages.success(request, words % {name: _figure(value) for name, value in written.as_dict().items()})
    return redirect("register:firms")


def _figure(value: int) -> str:
    return format_number(value, language())


def _faults_page(request: HttpRequest, seat: Seat, draft: ImportDraft) -> dict[str, Any]:
    page = Paginator(draft.faults, PAGE).get_page(request.GET.get("page"))
    return {
        "draft": draft,
        "form": ImportForm(),
        "page_obj": page,
        "faults": _said(seat, [Fault.from_json(each) for each in page]),
        "count": len(draft.faults),
        "lines": len({each[0] for each in draft.faults}),
        "rows": len(draft.rows["lines"]),
    }


def _said(seat: Seat, faults: list[Fault]) -> list[dict[str, Any]]:
    """Faults in the reader's words: line, column as Excel letters it, its name, the reason."""
    profile = profiles.load(seat.cluster.profile)
    known, chosen = columns(profile), language()
    return [
        {
            "line": fault.line or 1,
            "letter": get_column_letter(fault.place) if fault.place else "",
            "column": known[fault.column].label(chosen) if fault.column in known else fault.column,
            "text": sentence(TEXTS[fault.code], fault_words(fault, profile, chosen), chosen),
        }
        for fault in faults
    ]


@seated("agent")
def import_faults(request: HttpRequest, pk: Any) -> HttpResponse:
    """The whole list of faults, to correct the file by."""
    seat = seat_of(request)
    draft = _draft(seat, pk)
    said = _said(seat, [Fault.from_json(each) for each in draft.faults])
    headings = [_("Row"), _("Column"), _("Name of the column"), _("What is wrong")]
    rows = [[each["line"], each["letter"], each["column"], each["text"]] for each in said]
    if request.GET.get("as") == "csv":
        return download(files.table_csv(headings, rows), "faults.csv", files.CSV)
    return download(files.table_xlsx(_("Faults"), headings, rows, rtl=language() == "fa"), "faults.xlsx", files.XLSX)


def _doubles_page(request: HttpRequest, seat: Seat, draft: ImportDraft) -> dict[str, Any]:
    """The likely doubles, undecided first, and what would be written as things are decided now."""
    doubles = sorted(draft.doubles, key=lambda each: (bool(each["decision"]), each["line"]))
    page = Paginator(doubles, PAGE).get_page(request.GET.get("page"))
    schemes = queries.schemes(seat.cluster)
    for double in page:
        double["choices"] = actions.choices_for(double)
        double["scheme_name"] = scheme_name(schemes[double["scheme"]]) if double["scheme"] in schemes else ""
    decided = [each["decision"] for each in draft.doubles]
    return {
        "draft": draft,
        "page_obj": page,
        "rows": len(draft.rows["lines"]),
        "doubles": len(doubles),
        "open": decided.count(""),
        "fresh": len(draft.rows["lines"]) - len(decided) + decided.count("new"),
        "same": decided.count("same"),
        "skipped": decided.count("skip"),
        "preview": _preview(seat, draft),
    }


def _preview(seat: Seat, draft: ImportDraft) -> dict[str, int]:
    """How many of the rows bring a site, hives and a membership."""
    rows = actions.rows_of(draft, timezone.localdate())
    return {
        "sites": sum(row.has_site for row in rows),
        "hives": sum(row.hives or 0 for row in rows),
        "members": sum(row.joined_on is not None for row in rows),
        "elsewhere": sum(row.has_site and row.county not in seat.cluster.counties for row in rows),
    }


@seated("agent")
def template(request: HttpRequest) -> HttpResponse:
    """The file to fill in."""
    seat = seat_of(request)
    profile = profiles.load(seat.cluster.profile)
    if request.GET.get("as") == "csv":
        return download(files.template_csv(profile), "kandoo-members.csv", files.CSV)
    return download(files.template_xlsx(profile, language()), "kandoo-members.xlsx", files.XLSX)
