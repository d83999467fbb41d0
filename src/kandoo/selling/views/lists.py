"""What the lists of this room share: who asks, the order of rows, pages, and files to take away."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from kandoo.register.access import Seat
from kandoo.selling import queries

PAGE_ROWS = 25
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def asker(request: HttpRequest) -> Seat:
    """The seat of a request that a `seated` view has let in."""
    seat = Seat.of(request)
    assert seat is not None
    return seat


def in_order(request: HttpRequest, rows: QuerySet[Any], keys: Mapping[str, str], default: str) -> QuerySet[Any]:
    """Rows in the order the address asks for (`?sort=-price`), or the usual one."""
    wanted = request.GET.get("sort", "")
    column = keys.get(wanted.removeprefix("-"))
    if column is None:
        return rows.order_by(*default.split())
    return rows.order_by(f"-{column}" if wanted.startswith("-") else column, "pk")


def page_of(request: HttpRequest, rows: Any, size: int = PAGE_ROWS) -> Page[Any]:
    """The page of a list that the address asks for."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def table_file(form: str, name: str, heads: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A table to take away, as `xlsx` or `csv`; any other form is not there."""
    if form == "xlsx":
        content, kind = _workbook(name, heads, rows), _XLSX
    elif form == "csv":
        content, kind = _lines(heads, rows), "text/csv; charset=utf-8"
    else:
        raise Http404
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _workbook(name: str, heads: Sequence[Any], rows: Iterable[Sequence[Any]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name[:31]
    sheet.sheet_view.rightToLeft = queries.page_language() == "fa"
    sheet.append([str(head) for head in heads])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in rows:
        sheet.append([_plain(value) for value in row])
    for place, head in enumerate(heads, 1):
        sheet.column_dimensions[get_column_letter(place)].width = max(12, len(str(head)) + 3)
    sheet.freeze_panes = "A2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _lines(heads: Sequence[Any], rows: Iterable[Sequence[Any]]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([str(head) for head in heads])
    writer.writerows([_plain(value) for value in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def _plain(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    if value is None or isinstance(value, int | float):
        return value
    text = value.isoformat() if isinstance(value, date) else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
