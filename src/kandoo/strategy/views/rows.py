"""The rows of a part: listed, written, changed, taken away."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo.register.access import seated
from kandoo.site.lists import asker, page_of
from kandoo.strategy import actions, words
from kandoo.strategy.access import READERS_OF_A_FILE
from kandoo.strategy.forms import RowForm
from kandoo.strategy.parts import PROBLEMS, Part
from kandoo.strategy.queries.rows import Holder
from kandoo.strategy.views.parts import address, form_page, holder_of, may_write, part_of, require, trail_of, tried


@seated(*READERS_OF_A_FILE)
def part(request: HttpRequest, pk: int, code: str, number: int | None = None) -> HttpResponse:
    """Every row of a part, with the way to change it or take it away as a table."""
    seat = asker(request)
    holder = holder_of(seat, pk, number)
    this = part_of(holder, code)
    page = page_of(request, holder.rows(this))
    context = {
        "part": this,
        "holder": holder,
        "trail": trail_of(holder),
        "page_obj": page,
        "columns": [each.label for each in this.columns],
        "rows": [_row(holder, this, each) for each in page],
        "may_write": may_write(seat, holder),
        "new_url": address(holder, "row_new", code),
        "import_url": address(holder, "import", code),
        "xlsx_url": address(holder, "table", code, "xlsx"),
        "csv_url": address(holder, "table", code, "csv"),
    }
    return render(request, "strategy/part.html", context)


def _row(holder: Holder, part: Part, row: Any) -> dict[str, Any]:
    cells = [(each, words.shown(each, getattr(row, each.name))) for each in part.columns]
    return {"row": row, "cells": cells, "url": address(holder, "row", part.code, row.pk)}


@seated(*READERS_OF_A_FILE)
def row_new(request: HttpRequest, pk: int, code: str, number: int | None = None) -> HttpResponse:
    """A row more."""
    return _form(request, holder_of(asker(request), pk, number), code, None)


@seated(*READERS_OF_A_FILE)
def row_edit(request: HttpRequest, pk: int, code: str, row: int, number: int | None = None) -> HttpResponse:
    """A row, to be changed or taken away."""
    holder = holder_of(asker(request), pk, number)
    return _form(request, holder, code, get_object_or_404(holder.rows(part_of(holder, code)), pk=row))


def _form(request: HttpRequest, holder: Holder, code: str, row: Any) -> HttpResponse:
    seat, this = asker(request), part_of(holder, code)
    require(may_write(seat, holder))
    form = RowForm(request.POST or None, holder=holder, part=this, row=row)
    back = address(holder, "part", code)

    def do() -> None:
        actions.write_row(by=seat.person, holder=holder, part=this, values=form.values(), row=row)

    trail = [*trail_of(holder), (str(this.label), back)]
    remove = address(holder, "row_remove", code, row.pk) if row is not None else ""
    title, answer = (row, "") if row is not None else (this.add, this.teach)
    if this is PROBLEMS and row is None and not holder.rows(this).exists():
        form.initial["side"] = "core"
    return form_page(
        request, form, do, title=title, answer=answer, submit=_("Save"), back=back, trail=trail, remove=remove
    )


@require_POST
@seated(*READERS_OF_A_FILE)
def row_remove(request: HttpRequest, pk: int, code: str, row: int, number: int | None = None) -> HttpResponse:
    """Take a row away."""
    seat = asker(request)
    holder = holder_of(seat, pk, number)
    this = part_of(holder, code)
    require(may_write(seat, holder))
    found = get_object_or_404(holder.rows(this), pk=row)
    tried(
        request,
        lambda: actions.remove_row(by=seat.person, holder=holder, part=this, row=found),
        _("It is taken away; the trail keeps what it said."),
    )
    return redirect(address(holder, "part", code))
