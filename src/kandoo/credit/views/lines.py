"""Fiscal years and their lines: listed with a picture, shown with their trail, opened, imported, exported."""

import hashlib
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kandoo.credit import access, actions, line_files, reading
from kandoo.credit.access import at_desk
from kandoo.credit.forms import LineForm, LinesFileForm
from kandoo.credit.models import CreditLine, FiscalYear
from kandoo.credit.problems import NotPossible
from kandoo.credit.queries import totals
from kandoo.credit.queries.rules import year_on
from kandoo.credit.queries.warnings import warnings_of
from kandoo.credit.views.parts import form_page, require
from kandoo.programme.access import files_seen_by
from kandoo.programme.queries.people import names
from kandoo.register.access import Seat
from kandoo.site import language as lang
from kandoo.site import tables
from kandoo.site.lists import asker, in_order, page_language, page_of, words_of

FILE_MAX = 5 * 1024 * 1024
WARNINGS_SHOWN = 8
KEYS = {"name": "sort_key", "approved": "approved", "allocated": "allocated", "committed": "committed", "paid": "paid"}


@at_desk()
def home(request: HttpRequest) -> HttpResponse:
    """The present fiscal year, or how to begin."""
    seat = asker(request)
    found = year_on(seat.cluster.pk, timezone.localdate()) or access.years_seen_by(seat).first()
    if found is None:
        return render(request, "credit/no_year.html", {"may_govern": access.may_govern(seat)})
    return redirect("credit:year", found.year)


@at_desk()
def year(request: HttpRequest, year: int) -> HttpResponse:
    """The lines of a fiscal year: how much is approved, allocated, committed and paid, and what to look at."""
    seat = asker(request)
    this = access.year_seen_by(seat, year)
    found = _wanted(request, seat, this)
    if request.GET.get("form"):
        return _export(request.GET["form"], found)
    lines = in_order(request, found, KEYS, "-approved sort_key")
    page = page_of(request, lines)
    today = timezone.localdate()
    warned = warnings_of(seat, today) if today <= this.pays_until else []  # they are of today
    state = totals.total(found)
    context = {
        "year": this,
        "years": access.years_seen_by(seat),
        "state": state,
        "allocated_part": reading.percent(state.allocated, state.approved),
        "paid_part": reading.percent(state.paid, state.approved),
        "picture": reading.picture(state),
        "page_obj": page,
        "rows": [reading.LineRow.of(each) for each in page],
        "warnings": warned[:WARNINGS_SHOWN],
        "warned": len(warned),
        "place": reading.province(seat.province),
        "may_govern": access.may_govern(seat),
        "may_move": access.may_move(seat),
        "selects": _selects(request, seat, this),
    }
    return render(request, "credit/year.html", context)


def _wanted(request: HttpRequest, seat: Seat, this: FiscalYear) -> QuerySet[CreditLine]:
    lines = access.lines_seen_by(seat).filter(year=this)
    if key := lang.fold(request.GET.get("q", "")):
        text = lang.latin_digits(request.GET["q"].strip())
        lines = lines.filter(Q(search_key__contains=key) | Q(code__icontains=text) | Q(file__search_key__contains=key))
    if province := request.GET.get("province", ""):
        lines = lines.filter(province="" if province == "nation" else province)
    return lines


def _selects(request: HttpRequest, seat: Seat, this: FiscalYear) -> list[dict[str, Any]]:
    codes = access.lines_seen_by(seat).filter(year=this).order_by().values_list("province", flat=True).distinct()
    options = sorted(
        ((code or "nation", reading.province(code)) for code in codes), key=lambda each: lang.sort_key(each[1])
    )
    return [{"name": "province", "label": _("Province"), "options": options, "value": request.GET.get("province", "")}]


def _export(form: str, lines: QuerySet[CreditLine]) -> HttpResponse:
    """The lines found, amounts in rial."""
    steps = [
        pgettext("credit", word)
        for word in ("Approved", "Allocated", "Committed", "Paid", "Returned", "Carried over", "Lapsed")
    ]
    heads = [_("Fiscal year"), _("Code of the line"), _("Title"), _("Province"), _("Cluster"),
             *(f"{step} ({_('rial')})" for step in steps)]  # fmt: skip
    rows = (
        (each.year.year, each.code, str(each), reading.province(each.province), str(each.file or ""), each.approved,
         each.allocated, each.committed, each.paid, each.returned, each.carried, each.lapsed)
        for each in lines.order_by("code")
    )  # fmt: skip
    return tables.as_file(form, heads, rows, "credit-lines")


@at_desk()
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """One line: its steps, its commitments, and every movement with the paper it rests on."""
    seat = asker(request)
    found = access.line_seen_by(seat, pk)
    people = names(seat.cluster.pk)
    movements = page_of(request, access.movements_seen_by(seat).filter(line=found).order_by("-on", "-pk"))
    context = {
        "line": found,
        "province": reading.province(found.province),
        "state": found.state,
        "picture": reading.picture(found.state),
        "commitments": found.commitments.select_related("activity").order_by("-on", "-pk"),
        "page_obj": movements,
        "movements": [(each, people.get(each.by_id, "")) for each in movements],
        "closing": getattr(found, "closing", None),
        "may_move": access.may_move(seat) and found.closed_on is None,
        "may_govern": access.may_govern(seat) and found.closed_on is None,
        "may_close": access.may_move(seat) and found.closed_on is None and timezone.localdate() >= found.year.ends_on,
    }
    return render(request, "credit/line.html", context)


@at_desk("controller")
def line_new(request: HttpRequest, year: int) -> HttpResponse:
    """A line with what the law approves for it."""
    seat = asker(request)
    require(access.may_govern(seat))
    this = access.year_seen_by(seat, year)
    form = LineForm(request.POST or None, files=files_seen_by(seat).order_by("sort_key"), on=this.starts_on)

    def do() -> str:
        values = form.cleaned_data
        made = actions.open_line(by=seat.person, year=this, terms=form.terms(), on=values["on"], now=timezone.now())
        return reverse("credit:line", args=[made.pk])

    answer = _("A line comes from the budget law: its sum is approved at once and can then be allocated.")
    back = reverse("credit:year", args=[year])
    return form_page(request, form, do, title=_("New credit line"), answer=answer, submit=_("Open the line"), back=back)


@at_desk("controller")
def lines_import(request: HttpRequest, year: int) -> HttpResponse:
    """Approved lines from a table: checked whole, every fault told, all opened or none."""
    seat = asker(request)
    require(access.may_govern(seat))
    this = access.year_seen_by(seat, year)
    form = LinesFileForm(request.POST or None, request.FILES or None)
    faults: list[line_files.Fault] = []
    if request.method == "POST" and form.is_valid():
        made, faults = _take_file(seat, this, form)
        if made:
            text = ngettext("%(n)s credit line is opened.", "%(n)s credit lines are opened.", made)
            messages.success(request, text % {"n": lang.format_number(made, page_language(), 0)})
            return redirect("credit:year", year)
    return render(request, "credit/import.html", {"form": form, "faults": faults, "year": this})


def _take_file(seat: Seat, this: FiscalYear, form: LinesFileForm) -> tuple[int, list[line_files.Fault]]:
    file: Any = form.cleaned_data["file"]
    if file.size > FILE_MAX:
        form.add_error("file", _("The file is too large: 5 MB at most."))
        return 0, []
    content = file.read()
    taken = frozenset(CreditLine.objects.filter(year=this).values_list("code", flat=True))
    try:
        news, faults = line_files.read(content, file.name, list(files_seen_by(seat)), taken)
        if faults:
            return 0, faults
        made = actions.import_lines(
            by=seat.person,
            programme=seat.cluster,
            year=this,
            news=news,
            name=file.name,
            sha256=hashlib.sha256(content).hexdigest(),
            on=this.starts_on,
            now=timezone.now(),
        )
    except (tables.UnreadableTable, NotPossible) as problem:
        form.add_error("file", words_of(problem))
        return 0, []
    return len(made), []


@at_desk("controller")
def lines_template(request: HttpRequest, form: str) -> HttpResponse:
    """An empty table with the headings."""
    return tables.as_file(form, list(line_files.headings().values()), [], "credit-lines-template")
