"""Cells as numbers: a column at once where all are good, cell by cell where one is not."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from kandoo.finding.importing.faults import Fault
from kandoo.site.language import latin_digits, parse_decimal

Floats = np.ndarray[Any, np.dtype[np.float64]]
SIZE_MAX, MONEY_MAX, KM_MAX = 1e9, 1e15, 1e5
YEARS = (1000, 3000)
DEGREES = {"lat": 90.0, "lon": 180.0}
MINUTES = re.compile(r"""^\s*[+-]?\d{1,3}\s*(°|º|d|:|\s)\s*\d{1,2}([.,٫]\d+)?\s*(['′’:]|\s|$)""")


class _Wrong(Exception):
    """A cell that is no such number; `args` are the code and its values."""


def numbers_of(
    lines: Sequence[int], code: str, cells: Sequence[str], faults: list[Fault], *, empty: float | None
) -> Floats:
    """A column of sizes or amounts; `empty` stands for an empty cell, None forbids one."""
    most = SIZE_MAX if code == "size" else MONEY_MAX

    def parse(cell: str) -> float:
        value = _number(cell)
        if value < 0:
            raise _Wrong("negative", {})
        if value > most:
            raise _Wrong("too-high", {"value": cell})
        return value

    return _column(lines, code, cells, faults, parse, (0.0, most), empty)


def years_of(lines: Sequence[int], cells: Sequence[str], faults: list[Fault]) -> Floats:
    """A column of years, Jalali or Gregorian."""

    def parse(cell: str) -> float:
        value = _number(cell)
        if value != int(value) or not YEARS[0] <= value <= YEARS[1]:
            raise _Wrong("not-a-year", {"value": cell})
        return value

    found = _column(lines, "year", cells, faults, parse, YEARS, None)
    if np.isfinite(found).all() and (found == np.rint(found)).all():
        return found
    return np.array(_each(lines, "year", cells, faults, parse, None))


def places_of(lines: Sequence[int], code: str, cells: Sequence[str], faults: list[Fault]) -> Floats:
    """A column of coordinates, in degrees or kilometres."""
    most = DEGREES.get(code, KM_MAX)

    def parse(cell: str) -> float:
        if code in DEGREES and MINUTES.match(latin_digits(cell)):
            raise _Wrong("minutes", {"value": cell})
        value = _number(cell)
        if abs(value) > most:
            names = {"lat": "latitude-range", "lon": "longitude-range"}
            raise _Wrong(names.get(code, "too-high"), {"value": cell})
        return value

    return _column(lines, code, cells, faults, parse, (-most, most), None)


def _column(
    lines: Sequence[int],
    code: str,
    cells: Sequence[str],
    faults: list[Fault],
    parse: Callable[[str], float],
    limits: tuple[float, float],
    empty: float | None,
) -> Floats:
    try:
        values = np.array(list(map(float, cells)))
        if ((values >= limits[0]) & (values <= limits[1])).all() and not any("_" in cell for cell in cells):
            return values
    except ValueError:
        pass
    return np.array(_each(lines, code, cells, faults, _quickly(parse, limits), empty))


def _quickly(parse: Callable[[str], float], limits: tuple[float, float]) -> Callable[[str], float]:
    """As `parse`, which is slow, but at once for a cell that is plainly a number: most are, also beside a fault."""

    def quick(cell: str) -> float:
        try:
            value = float(cell)
        except ValueError:
            return parse(cell)
        return value if limits[0] <= value <= limits[1] and "_" not in cell else parse(cell)

    return quick


def _each(
    lines: Sequence[int],
    code: str,
    cells: Sequence[str],
    faults: list[Fault],
    parse: Callable[[str], float],
    empty: float | None,
) -> list[float]:
    """The values; NaN where a cell is at fault."""
    values = []
    for line, cell in zip(lines, cells, strict=True):
        value = float("nan") if empty is None else empty
        if not cell and empty is None:
            faults.append(Fault(line, code, "required"))
        elif cell:
            try:
                value = parse(cell)
            except _Wrong as wrong:
                faults.append(Fault(line, code, *wrong.args))
                value = float("nan")
        values.append(value)
    return values


def _number(cell: str) -> float:
    try:
        return float(parse_decimal(cell))
    except ValueError:
        raise _Wrong("not-a-number", {"value": cell}) from None
