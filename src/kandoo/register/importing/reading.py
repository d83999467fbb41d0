"""Bytes to a table of plain cells: Excel (.xlsx) and CSV, and a plain word when it cannot be read.

A cell becomes text, a number, or a day in ISO form; nothing is interpreted yet. Every row keeps the
line it came from, as the person sees it in Excel.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

ROWS_MAX = 20_000
COLUMNS_MAX = 200
_UNPACKED_MAX = 300 * 1024 * 1024  # bytes a workbook may hold; more is no list of members
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_FOREIGN = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"{\\rtf",
    b"<html",
    b"<!DOC",
)

Cell = str | int | float | None
FORMULA, ERROR = "\ue000formula", "\ue000error"  # what a cell held that is no value


class BadFile(Exception):
    """The file as a whole cannot be used; `code` is explained in `faults.TEXTS`."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


@dataclass(frozen=True, slots=True)
class Table:
    """Headings, and for each row that holds anything its line and cells."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]


def read(content: bytes) -> Table:
    """Read a file by what it is, whatever its name says.

    Raises
    ------
    BadFile
        When it is neither an Excel workbook nor UTF-8 text, is protected, broken, empty or too long.
    """
    if not content.strip():
        raise BadFile("empty-file")
    if content.startswith(_OLE):
        raise BadFile("protected" if _ENCRYPTED in content else "old-excel")
    if content.startswith(b"PK"):
        return _table(_sheet_lines(content))
    if content.startswith(_FOREIGN):
        raise BadFile("wrong-type")
    return _table(_text_lines(_decoded(content)))


def _table(lines: Iterator[tuple[int, list[Cell]]]) -> Table:
    """The first row with anything in it holds the headings."""
    headings: tuple[str, ...] = ()
    rows: list[tuple[int, tuple[Cell, ...]]] = []
    for line, cells in lines:
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            continue
        if not headings:
            headings = tuple("" if cell is None else str(cell).strip() for cell in cells)
            continue
        if len(rows) == ROWS_MAX:
            raise BadFile("too-many-rows", most=ROWS_MAX)
        rows.append((line, tuple(cells)))
    if not headings:
        raise BadFile("empty-file")
    if len(headings) > COLUMNS_MAX:
        raise BadFile("wrong-type")
    if not rows:
        raise BadFile("no-rows")
    return Table(headings, tuple(rows))


def _sheet_lines(content: bytes) -> Iterator[tuple[int, list[Cell]]]:
    """The first visible sheet's rows."""
    try:
        _look_inside(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
        sheet = next((each for each in book.worksheets if each.sheet_state == "visible"), None)
        if sheet is None:
            raise BadFile("empty-file")
        sheet.reset_dimensions()
        for line, cells in enumerate(sheet.iter_rows(max_col=COLUMNS_MAX + 1), start=1):
            yield line, [_sheet_cell(cell) for cell in cells]
    except BadFile:
        raise
    # A broken workbook fails in openpyxl in as many ways as it can be broken.
    except (BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, AttributeError, OSError, SyntaxError, IndexError, EOFError, zipfile.LargeZipFile, RuntimeError, NotImplementedError) as problem:  # fmt: skip
        raise BadFile("broken-excel") from problem


def _look_inside(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        names = {entry.filename for entry in entries}
        if any(entry.flag_bits & 1 for entry in entries):
            raise BadFile("protected")
        if not any(name.startswith("xl/") for name in names):
            raise BadFile("wrong-type")
        if "xl/workbook.bin" in names:
            raise BadFile("old-excel")
        if sum(entry.file_size for entry in entries) > _UNPACKED_MAX:
            raise BadFile("too-large")


def _sheet_cell(cell: Any) -> Cell:
    if cell.data_type == "f":
        return FORMULA
    if cell.data_type == "e":
        return ERROR
    return plain(cell.value)


def plain(value: Any) -> Cell:
    """A cell's value as text, number or ISO day; nothing for an empty one."""
    if value is None or isinstance(value, bool):
        return None if value is None else ("yes" if value else "no")
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, int):
        return value
    return _text(str(value))


def _text(text: str) -> Cell:
    """Text without the spaces around it, and without the mark that keeps a spreadsheet from running it."""
    text = text.replace("\x00", "").strip().strip("\ufeff\u200e\u200f\u202a\u202b\u202c").strip()
    if text[:1] == "'" and text[1:2] in tuple("=+-@'"):
        text = text[1:]
    return text or None


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise BadFile("wrong-type") from None
    if b"\x00" in content:
        raise BadFile("wrong-type")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        guess = content.decode("windows-1256", errors="replace")
        letters = sum("\u0600" <= each <= "\u06ff" for each in guess)
        if letters * 5 > sum(not each.isascii() for each in guess):
            raise BadFile("windows-1256", line=line) from None
        raise BadFile("not-utf-8", line=line) from None


def _text_lines(text: str) -> Iterator[tuple[int, list[Cell]]]:
    """Rows of comma-, semicolon- or tab-separated text, with the line each begins on."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",;\t،", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if len(cells) > COLUMNS_MAX + 1:
                raise BadFile("wrong-type")
            yield line, [_written_cell(cell) for cell in cells]
            line = reader.line_num + 1
    except csv.Error:
        raise BadFile("broken-csv", line=line) from None


def _written_cell(text: str) -> Cell:
    """A CSV cell; `="0912"` is how digits are kept from a spreadsheet, any other `=` is a formula."""
    kept = re.fullmatch(r'="([^"]*)"', text.strip())
    if kept:
        return _text(kept.group(1))
    return FORMULA if text.startswith("=") else _text(text)
