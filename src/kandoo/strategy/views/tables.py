"""Parts and activities as tables: taken away, templates, filled-in ones sent in and checked whole."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kandoo.programme.access import at_desk
from kandoo.register.access import seated
from kandoo.site import language as lang
from kandoo.site import tables
from kandoo.site.lists import asker, page_language, words_of
from kandoo.strategy import access, actions, activity_files, part_files
from kandoo.strategy.access import READERS_OF_A_FILE
from kandoo.strategy.forms import TableForm
from kandoo.strategy.parts import Part
from kandoo.strategy.queries.activities import activities_of
from kandoo.strategy.queries.rows import REFERENCES, Holder
from kandoo.strategy.views.parts import (
    Trail,
    address,
    holder_of,
    may_write,
    part_of,
    require,
    trail_of,
    trail_of_file,
)

FILE_MAX = 5 * 1024 * 1024


@seated(*READERS_OF_A_FILE)
def part_table(request: HttpRequest, pk: int, code: str, form: str, number: int | None = None) -> HttpResponse:
    """A part as Excel or CSV, in the columns an import reads."""
    holder = holder_of(asker(request), pk, number)
    this = part_of(holder, code)
    rows = (part_files.export(this, each) for each in holder.rows(this))
    return tables.as_file(form, this.headings(), rows, f"{code}-{holder.file.code}")


@seated(*READERS_OF_A_FILE)
def part_template(request: HttpRequest, pk: int, code: str, form: str, number: int | None = None) -> HttpResponse:
    """An empty table with the headings."""
    this = part_of(holder_of(asker(request), pk, number), code)
    return tables.as_file(form, this.headings(), [], f"{code}-template")


@seated(*READERS_OF_A_FILE)
def part_import(request: HttpRequest, pk: int, code: str, number: int | None = None) -> HttpResponse:
    """A part from a table: checked whole, every fault told, all rows written or none."""
    seat = asker(request)
    holder = holder_of(seat, pk, number)
    this = part_of(holder, code)
    require(may_write(seat, holder))

    def take(name: str, content: bytes) -> int:
        rows, faults = part_files.read(tables.read_table(content, name), this, _known(holder, this))
        if faults:
            raise actions.Faulty(faults)
        sha256 = hashlib.sha256(content).hexdigest()
        return actions.import_rows(
            by=seat.person, holder=holder, part=this, rows=rows, name=name, sha256=sha256, now=timezone.now()
        )

    back = address(holder, "part", code)
    templates = [address(holder, "template", code, form) for form in ("xlsx", "csv")]
    return _import_page(request, take, this, back, [*trail_of(holder), (str(this.label), back)], templates)


def _known(holder: Holder, part: Part) -> dict[str, dict[str, Any]]:
    """By column, the rows it may point to by folded code."""
    return {
        each.name: {lang.fold(row.code): row for row in holder.choices(each)}
        for each in part.columns
        if each.kind in REFERENCES
    }


def _import_page(
    request: HttpRequest,
    take: Callable[[str, bytes], int],
    part: Part,
    back: str,
    trail: Trail,
    templates: list[str],
) -> HttpResponse:
    form = TableForm(request.POST or None, request.FILES or None)
    faults: list[actions.Fault] = []
    if request.method == "POST" and form.is_valid():
        file: Any = form.cleaned_data["file"]
        try:
            if file.size > FILE_MAX:
                raise actions.NotPossible(_("The file is too large: 5 MB at most."))
            taken = take(file.name, file.read())
        except actions.Faulty as problem:
            faults = problem.faults
        except (tables.UnreadableTable, actions.NotPossible) as problem:
            form.add_error("file", words_of(problem))
        else:
            text = ngettext("%(n)s row is read in.", "%(n)s rows are read in.", taken)
            messages.success(request, text % {"n": lang.format_number(taken, page_language(), 0)})
            return redirect(back)
    context = {"form": form, "faults": faults, "part": part, "back": back, "trail": trail, "templates": templates}
    return render(request, "strategy/import.html", context)


@at_desk("officer")
def activities_import(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan's activities from a table; shares are held against the rule of cost in force."""
    seat = asker(request)
    file = access.file_written_by(seat, pk)

    def take(name: str, content: bytes) -> int:
        rows, faults = activity_files.read(tables.read_table(content, name))
        if faults:
            raise actions.Faulty(faults)
        return actions.import_activities(
            by=seat.person, programme=seat.cluster, file=file, rows=rows, name=name, content=content, now=timezone.now()
        )

    back = reverse("strategy:file", args=[pk])
    templates = [reverse("strategy:activities_template", args=[form]) for form in ("xlsx", "csv")]
    return _import_page(request, take, activity_files.ACTIVITIES, back, trail_of_file(file), templates)


@seated(*READERS_OF_A_FILE)
def activities_table(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The plan's activities as Excel or CSV, in the columns an import reads."""
    file = access.file_seen_by(asker(request), pk)
    this = activity_files.ACTIVITIES
    rows = (part_files.export(this, each) for each in activities_of(file))
    return tables.as_file(form, this.headings(), rows, f"activities-{file.code}")


@at_desk("officer")
def activities_template(request: HttpRequest, form: str) -> HttpResponse:
    """An empty table with the headings."""
    return tables.as_file(form, activity_files.ACTIVITIES.headings(), [], "activities-template")
