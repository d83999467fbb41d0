"""Read a comma- or tab-separated file into checked columns, keeping every fault with its place."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

Value = TypeVar("Value")

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how .xlsx and .xls begin
ADVICE = 'in Excel, save the sheet as "CSV UTF-8"'
DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫", "01234567890123456789.")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong and where; line 1 is the header."""

    file: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class Faulty(Exception):
    """Input that cannot be used; `faults` has every reason."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


@dataclass(slots=True)
class Table:
    """Cells by column name, the line of each row, and the faults found so far."""

    file: str
    columns: dict[str, list[str]]
    lines: list[int]
    faults: list[Fault] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.lines)

    def refuse(self, line: int, column: str, message: str) -> None:
        self.faults.append(Fault(self.file, line, column, message))

    def cells(self, column: str) -> list[str]:
        return self.columns.get(column, [""] * len(self))

    def texts(self, column: str) -> list[str]:
        """Cells that may not be empty."""
        return self._each(column, lambda cell: cell, required=True, empty="")

    def identities(self, column: str) -> list[str]:
        """Cells that may be neither empty nor there twice."""
        first: dict[str, int] = {}
        for line, cell in zip(self.lines, self.cells(column), strict=True):
            if cell and cell in first:
                self.refuse(line, column, f"{cell!r} is already in line {first[cell]}")
            first.setdefault(cell, line)
        return self.texts(column)

    def numbers(
        self,
        column: str,
        parse: Callable[[str], float],
        *,
        empty: float | None = None,
    ) -> list[float]:
        """Cells as numbers; `empty` stands for an empty cell, None forbids one."""
        missing = 0.0 if empty is None else empty
        return self._each(column, parse, required=empty is None, empty=missing)

    def _each(self, column: str, parse: Callable[[str], Value], *, required: bool, empty: Value) -> list[Value]:
        values: list[Value] = []
        for line, cell in zip(self.lines, self.cells(column), strict=True):
            value = empty
            if not cell and required:
                self.refuse(line, column, "is empty")
            elif cell:
                try:
                    value = parse(cell)
                except ValueError as problem:
                    self.refuse(line, column, str(problem))
            values.append(value)
        return values


def number(cell: str) -> Decimal:
    """The finite number a cell shows, in any of the three digit sets."""
    text = cell.translate(DIGITS).replace("−", "-")
    try:
        value = Decimal(text)
    except InvalidOperation:
        hint = "; decimals are written with a point" if re.fullmatch(r"-?\d+,\d+", text) else ""
        raise ValueError(f"{cell!r} is not a number{hint}") from None
    if "_" in text or not text.isascii():
        raise ValueError(f"{cell!r} is not a number")
    if not value.is_finite() or abs(value) > Decimal("1e15"):
        raise ValueError(f"{cell!r} is not a finite number")
    return value


def whole(least: int, most: int = 10**12) -> Callable[[str], int]:
    """A parser of whole numbers in a range."""

    def parse(cell: str) -> int:
        value = number(cell)
        if value != value.to_integral_value():
            raise ValueError(f"{cell!r} is not a whole number")
        if value < least:
            raise ValueError(f"{cell!r} is below {least}")
        if value > most:
            raise ValueError(f"{cell!r} is above {most}")
        return int(value)

    return parse


def read_table(path: Path, required: Sequence[str], is_known: Callable[[str], bool]) -> Table:
    """The table in a file.

    Raises
    ------
    Faulty
        When the file cannot be read, or its header or the shape of its rows is wrong.
    """
    name = str(path)
    rows = _rows(text_of(path, name), name)
    if not rows:
        raise Faulty([Fault(name, 1, "-", "the file is empty")])
    header = [_clean(cell) for cell in rows[0][1]]
    faults = _header_faults(name, header, required, is_known)
    faults += [
        Fault(name, line, "-", f"the row has {len(row)} cells, the header {len(header)}")
        for line, row in rows[1:]
        if len(row) != len(header)
    ]
    if len(rows) == 1:
        faults.append(Fault(name, 1, "-", "there are no rows under the header"))
    if faults:
        raise Faulty(faults)
    columns: Mapping[str, list[str]] = {
        column: [_clean(row[place]) for _, row in rows[1:]] for place, column in enumerate(header)
    }
    return Table(name, dict(columns), [line for line, _ in rows[1:]])


def one_spelling(text: str) -> str:
    """Names as they are compared: without marks of direction, ye and kaf as Persian writes them.

    >>> one_spelling("سنگ كاري") == one_spelling("سنگ کاری")
    True
    """
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text.replace("\u200f", "").replace("\u200e", ""))
    return text.replace("ي", "ی").replace("ى", "ی").replace("ك", "ک")


def text_of(path: Path, name: str) -> str:
    """What a file says.

    Raises
    ------
    Faulty
        When it cannot be read, or is not text.
    """
    try:
        data = path.read_bytes()
    except OSError as problem:
        reason = problem.strerror or "no reason given"
        raise Faulty([Fault(name, 1, "-", f"cannot be read: {reason}")]) from None
    if data.startswith(WORKBOOKS):
        raise Faulty([Fault(name, 1, "-", f"is an Excel workbook; {ADVICE}")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        raise Faulty([Fault(name, line, "-", f"is not UTF-8 text; {ADVICE}")]) from None


def _rows(text: str, name: str) -> list[tuple[int, list[str]]]:
    """(line, cells) of each row that is not blank."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    rows, line = [], 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as problem:
        raise Faulty([Fault(name, line, "-", f"is not a well-formed table: {problem}")]) from None
    return rows


def delimiter_of(text: str) -> str:
    """What stands between cells: of comma, tab and semicolon that which the header has most of."""
    return max(",\t;", key=text.partition("\n")[0].count)


def _clean(cell: str) -> str:
    return unicodedata.normalize("NFC", cell.replace("\u200f", "").replace("\u200e", "")).strip()


def _header_faults(
    name: str, header: list[str], required: Sequence[str], is_known: Callable[[str], bool]
) -> list[Fault]:
    faults = [Fault(name, 1, column, "the column is missing") for column in required if column not in header]
    for place, column in enumerate(header, start=1):
        if not column:
            faults.append(Fault(name, 1, "-", f"column {place} has no name"))
        elif header.index(column) != place - 1:
            faults.append(Fault(name, 1, column, "the column is there twice"))
        elif column not in required and not is_known(column):
            faults.append(Fault(name, 1, column, "is not a known parameter or column"))
    return faults
