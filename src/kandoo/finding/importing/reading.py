"""The cells of a CSV or Excel file as text, each row with its line."""

import csv
import io
import zipfile
from dataclasses import dataclass

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from kandoo.commands.tables import one_spelling
from kandoo.finding.problems import Unreadable
from kandoo.site.tables import UNPACKED_MAX

BYTES_MAX = 100 * 1024 * 1024
ROWS_MAX = 1_000_000
SHEET_ROWS_MAX = 100_000
MARKS = (",", ";", "\t")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")  # how such a text begins


@dataclass(frozen=True, slots=True)
class Sheet:
    """Headings, and the rows under them; `lines[k]` is the line of `rows[k]` in the file. No row is blank."""

    headings: list[str]
    rows: list[list[str]]
    lines: list[int]


def read_sheet(content: bytes, name: str) -> Sheet:
    """The table in a file.

    Raises
    ------
    Unreadable
        When it is no table, empty, or too large.
    """
    if len(content) > BYTES_MAX:
        raise Unreadable("too-large", most=BYTES_MAX // 1024**2)
    suffix = name.rpartition(".")[2].lower()
    if content[:4] == b"PK\x03\x04" or suffix == "xlsx":
        filled = _of_excel(content)
    elif suffix in ("csv", "txt", "tsv"):
        filled = _of_csv(content)
    else:
        raise Unreadable("wrong-type")
    if not filled:
        raise Unreadable("empty")
    _, headings = filled.pop(0)
    if not filled:
        raise Unreadable("no-rows")
    return Sheet(headings, [row for _, row in filled], [line for line, _ in filled])


def _of_csv(content: bytes) -> list[tuple[int, list[str]]]:
    text = _text(content)
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(MARKS, key=first.count), strict=True)
    filled: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                filled.append((line, cells))
            line = reader.line_num + 1
            if len(filled) > ROWS_MAX + 1:
                raise Unreadable("too-many-rows", most=ROWS_MAX)
    except csv.Error:
        raise Unreadable("broken-csv", line=line) from None
    return filled


def _text(content: bytes) -> str:
    """UTF-8, or what Excel writes as Unicode text or on a Persian machine."""
    try:
        text = content.decode("utf-16" if content.startswith(UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as problem:
        if content.startswith(UTF_16):
            raise Unreadable("not-text", line=content[: problem.start].count(b"\n") + 1) from None
        text = content.decode("cp1256")
    if "\0" in text:  # no text at all, or text of another kind than it says
        raise Unreadable("not-text", line=text.partition("\0")[0].count("\n") + 1)
    return one_spelling(text)


def _of_excel(content: bytes) -> list[tuple[int, list[str]]]:
    filled: list[tuple[int, list[str]]] = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(each.file_size for each in archive.infolist()) > UNPACKED_MAX:
                raise Unreadable("too-large", most=UNPACKED_MAX // 1024**2)
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        for line, row in enumerate(sheet.iter_rows(values_only=True, max_row=SHEET_ROWS_MAX + 2), start=1):
            cells = [_shown(cell) for cell in row]
            if any(cells):
                filled.append((line, cells))
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError):
        raise Unreadable("broken-excel") from None
    if len(filled) > SHEET_ROWS_MAX + 1:
        raise Unreadable("too-many-sheet-rows", most=SHEET_ROWS_MAX)
    width = len(filled[0][1]) if filled else 0
    while width and not filled[0][1][width - 1]:
        width -= 1
    return [(line, cells[:width] if not any(cells[width:]) else cells) for line, cells in filled]


def _shown(cell: object) -> str:
    """A cell as somebody would have typed it."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.10f}".rstrip("0").rstrip(".")
    return one_spelling(str(cell)).strip()
