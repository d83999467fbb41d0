"""Files that go out: the template, the list of faults, and the export of the firms list."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from kandoo.profiles import Profile
from kandoo.register.importing.columns import columns, shown_choices

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
_TEMPLATE_ROWS = 5000  # rows of the template that are formatted and offer choices
_NUMBER = re.compile(r"[+-]?[\d\s.,]+")
_HEAD = PatternFill("solid", fgColor="E3F0EA")

Values = Iterable[Sequence[Any]]


def template_xlsx(profile: Profile, language: str) -> bytes:
    """The workbook to fill in: headings with their codes, choices to pick from, and a sheet of notes."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    wanted = list(columns(profile).values())
    sheet.title = "اعضا" if language == "fa" else "Members"
    sheet.sheet_view.rightToLeft = language == "fa"
    sheet.freeze_panes = "B2"
    notes = book.create_sheet("راهنما" if language == "fa" else "Notes")
    notes.sheet_view.rightToLeft = language == "fa"
    listed = _write_notes(notes, profile, language)
    for place, column in enumerate(wanted, start=1):
        letter = get_column_letter(place)
        head = sheet.cell(1, place, column.heading)
        head.font, head.fill = Font(bold=True), _HEAD
        head.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[letter].width = 20
        if column.is_text:
            sheet.column_dimensions[letter].number_format = "@"
            for row in range(2, 202):
                sheet.cell(row, place).number_format = "@"
        if column.code in listed:
            offer = DataValidation("list", formula1=listed[column.code], allow_blank=True, showErrorMessage=False)
            offer.add(f"{letter}2:{letter}{_TEMPLATE_ROWS}")
            sheet.add_data_validation(offer)
    return _saved(book)


def _write_notes(notes: Any, profile: Profile, language: str) -> dict[str, str]:
    """One row a column, then the choices in columns beside; returns where each list of choices stands."""
    head = ["ستون", "کد", "لازم", "توضیح"] if language == "fa" else ["Column", "Code", "Needed", "What to write"]
    yes = "بله" if language == "fa" else "yes"
    notes.append(head)
    for column in columns(profile).values():
        notes.append([column.label(language), column.code, yes if column.is_required else "", column.help(language)])
    listed = {}
    title = f"'{notes.title}'"
    for place, code in enumerate(("stage", "form", "commercial", "site_kind"), start=len(head) + 2):
        words = shown_choices(profile, code, language)
        letter = get_column_letter(place)
        notes.cell(1, place, columns(profile)[code].label(language))
        for row, word in enumerate(words, start=2):
            notes.cell(row, place, word)
        listed[code] = f"{title}!${letter}$2:${letter}${len(words) + 1}"
        notes.column_dimensions[letter].width = 26
    for letter, width in zip("ABCD", (26, 16, 8, 60), strict=True):
        notes.column_dimensions[letter].width = width
    for cell in notes[1]:
        cell.font = Font(bold=True)
    return listed


def template_csv(profile: Profile) -> bytes:
    """The headings alone, as UTF-8 with the mark by which Excel knows it."""
    return table_csv([column.heading for column in columns(profile).values()], [])


def table_csv(headings: Sequence[str], rows: Values) -> bytes:
    """A table as CSV that no spreadsheet runs as a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([_harmless(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def table_xlsx(title: str, headings: Sequence[str], rows: Values, *, rtl: bool) -> bytes:
    """A table as a workbook; text stays text, days are real dates."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.sheet_view.rightToLeft = rtl
    sheet.freeze_panes = "B2"
    for place in range(1, len(headings) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = 20
    sheet.append([_cell(sheet, heading, bold=True) for heading in headings])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    return _saved(book)


def _cell(sheet: Any, value: Any, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
        if value.isdigit():
            cell.number_format = "@"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _harmless(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r", "'") and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
