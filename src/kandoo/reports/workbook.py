"""A report as an Excel workbook: what it says on the first sheet, then a sheet a table, numbers as numbers."""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from kandoo.reports import reading
from kandoo.reports.cells import Cell, Figure, Section
from kandoo.reports.models import Report
from kandoo.site.language import localise_digits, printable
from kandoo.site.lists import page_language

TITLE = 31  # characters that Excel allows in the name of a sheet
NARROW, WIDE = 12, 60  # characters


def report_xlsx(report: Report, sections: Sequence[Section], facts: Sequence[Sequence[str]]) -> bytes:
    """The workbook in the language of the page; its sheets run from right to left in Persian."""
    book = Workbook(write_only=True)
    _sheet(book, _("Report"), [reading.subject(report), reading.title(report)], _first(report, sections, facts))
    for each in sections:
        if each.rows:
            _sheet(book, each.heading, *_table(each))
    passing = io.BytesIO()
    book.save(passing)
    return passing.getvalue()


def _first(report: Report, sections: Sequence[Section], facts: Sequence[Sequence[str]]) -> list[list[str]]:
    """Facts, the author's words, then what each part comes to."""
    told = [[label, localise_digits(text, page_language())] for label, text in facts]
    worded = [[label, text] for label, text in reading.author_words(report) if text]
    found = [[each.heading, text] for each in sections for text in (each.finding, *each.notes) if text]
    checksum = [[_("Checksum"), report.sha256]] if report.sha256 else []
    return [*told, *checksum, *worded, *found]


def _table(section: Section) -> tuple[list[str], list[list[Cell]]]:
    """A part's table; where figures have units, with the unit as its last column."""
    units = [next((each.unit for each in row if isinstance(each, Figure) and each.unit), "") for row in section.rows]
    if not any(units):
        return list(section.columns), [list(row) for row in section.rows]
    rows = [[*row, unit] for row, unit in zip(section.rows, units, strict=True)]
    return [*section.columns, _("Unit")], rows


def _sheet(book: Any, title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    rows = list(rows)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:TITLE])
    sheet.sheet_view.rightToLeft = page_language() == "fa"
    sheet.freeze_panes = "A2"
    for place in range(len(columns)):
        widest = max(len(str(row[place])) for row in [columns, *rows])
        sheet.column_dimensions[get_column_letter(place + 1)].width = max(NARROW, min(WIDE, widest + 2))
    sheet.append([_cell(sheet, each, Font(bold=True)) for each in columns])
    for row in rows:
        sheet.append([_cell(sheet, each) for each in row])


def _cell(sheet: Any, given: Cell, font: Font | None = None) -> Any:
    value: Any = given.value if isinstance(given, Figure) else given
    cell = WriteOnlyCell(sheet, printable(value) if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"  # never taken for a formula
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, int | Decimal):
        cell.number_format = "#,##0" if value == int(value) else "#,##0.####"
    if font is not None:
        cell.font = font
    return cell
