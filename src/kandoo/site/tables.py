"""Tables as files: lists leave as Excel or CSV, and filled-in ones are read from either."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from kandoo.site.language import printable

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_MAX = 20_000
UNPACKED_MAX = 200 * 1024 * 1024  # a small file can unpack to a huge one
Row = Sequence[Any]


class UnreadableTable(Exception):
    """The file is not a table we can read; the text says what to do."""


def as_file(form: str, headings: Sequence[Any], rows: Iterable[Row], title: str) -> HttpResponse:
    """A table in the form the address names: `xlsx` or `csv`; 404 for any other."""
    if form == "xlsx":
        return as_xlsx(headings, rows, title)
    if form == "csv":
        return as_csv(headings, rows, title)
    raise Http404


def as_xlsx(headings: Sequence[Any], rows: Iterable[Row], title: str) -> HttpResponse:
    """An Excel sheet: numbers and days as such, text never taken for a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.sheet_view.rightToLeft = (get_language() or "fa").startswith("fa")
    sheet.freeze_panes = "A2"
    for place, heading in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = max(12, min(40, len(str(heading)) + 4))
    sheet.append([_cell(sheet, each, bold=True) for each in headings])
    for row in rows:
        sheet.append([_cell(sheet, each) for each in row])
    passing = io.BytesIO()
    book.save(passing)
    return _answer(passing.getvalue(), XLSX, f"{title}.xlsx")


def as_csv(headings: Sequence[Any], rows: Iterable[Row], title: str) -> HttpResponse:
    """A CSV that spreadsheets open rightly: UTF-8 with its mark, no text that starts a formula."""
    passing = io.StringIO()
    writer = csv.writer(passing)
    writer.writerow([_plain(each) for each in headings])
    writer.writerows([_plain(each) for each in row] for row in rows)
    return _answer(passing.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", f"{title}.csv")


def _answer(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> Any:
    is_plain = value is None or isinstance(value, int | float | date) or hasattr(value, "as_tuple")
    cell = WriteOnlyCell(sheet, _on_the_clock(value) if is_plain else printable(str(value)))
    if not is_plain:
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _on_the_clock(value: Any) -> Any:
    """A moment as the clock here shows it; a spreadsheet knows no time zones."""
    is_moment = isinstance(value, datetime) and timezone.is_aware(value)
    return timezone.make_naive(value) if is_moment else value


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"  # 12, not 12.0000
    if isinstance(value, datetime):
        return f"{_on_the_clock(value):%Y-%m-%d %H:%M}"
    text = value.isoformat() if isinstance(value, date) else printable(str(value))
    is_text = not isinstance(value, int | float | date)
    return f"'{text}" if is_text and text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def read_table(content: bytes, name: str) -> list[tuple[int, list[str]]]:
    """The filled rows of an Excel or CSV file as text, each with its line number.

    Raises UnreadableTable with words for the person.
    """
    suffix = name.rpartition(".")[2].lower()
    if suffix == "xlsx" or content[:4] == b"PK\x03\x04":
        rows = _xlsx_rows(content)
    elif suffix in ("csv", "txt", "tsv"):
        rows = _csv_rows(content)
    else:
        raise UnreadableTable(_("Send an Excel file (.xlsx) or a CSV file (.csv)."))
    filled = [(line, row) for line, row in rows if any(row)]
    if not filled:
        raise UnreadableTable(_("The file is empty."))
    return filled


def _xlsx_rows(content: bytes) -> list[tuple[int, list[str]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(each.file_size for each in archive.infolist()) > UNPACKED_MAX:
                raise UnreadableTable(_("The file is too large. Split it into smaller ones."))
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        rows = [
            (line, [_text(cell) for cell in row])
            for line, row in enumerate(sheet.iter_rows(values_only=True, max_row=ROWS_MAX + 1), start=1)
        ]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError) as problem:
        raise UnreadableTable(_("This Excel file cannot be read. Save it again as .xlsx and send it.")) from problem
    return _not_too_many(rows)


def _csv_rows(content: bytes) -> list[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1256", errors="replace")  # what Excel writes on a Persian machine
    if "\0" in text:  # no text at all, or text of another kind than it says
        raise UnreadableTable(_("This CSV file cannot be read. Save it again and send it."))
    first = text.partition("\n")[0]
    mark = max((",", ";", "\t"), key=first.count)
    reader = csv.reader(io.StringIO(printable(text)), delimiter=mark)
    try:
        return _not_too_many([(reader.line_num, [cell.strip() for cell in row]) for row in reader])
    except csv.Error as problem:
        raise UnreadableTable(_("This CSV file cannot be read. Save it again and send it.")) from problem


def _not_too_many(rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    if len(rows) > ROWS_MAX:
        raise UnreadableTable(_("The file is too large. Split it into smaller ones."))
    return rows


def _text(cell: Any) -> str:
    """A cell as somebody would have typed it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float):
        return f"{cell:.10f}".rstrip("0").rstrip(".")
    return printable(str(cell)).strip()
