"""A table of figures read and checked whole: every fault by row and column, in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from kandoo.results.models import Indicator
from kandoo.site import language as lang

# column: its name, what to write
COLUMNS: Mapping[str, tuple[Any, Any]] = {
    "indicator": (gettext_lazy("Indicator"), gettext_lazy("Its code or name")),
    "first": (gettext_lazy("First day"), gettext_lazy("Such as 1405/01/01")),
    "last": (gettext_lazy("Last day"), gettext_lazy("Such as 1405/03/31")),
    "value": (gettext_lazy("Figure"), gettext_lazy("In the indicator’s unit; money in rial")),
    "source": (gettext_lazy("Source"), gettext_lazy("Who says so: letter, survey, page")),
    "dated": (gettext_lazy("Date of the source"), gettext_lazy("Such as 1405/04/10")),
}
LONGEST_SOURCE = 300
GREATEST = Decimal(10) ** 16


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field: the line in the file, the column as it is called, why."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the table."""

    line: int
    indicator: Indicator
    first: date
    last: date
    value: Decimal
    source: str
    dated: date


def headings() -> list[str]:
    """The columns as the template calls them."""
    return [str(name) for name, _help in COLUMNS.values()]


def read(
    table: Sequence[tuple[int, list[str]]], indicators: Sequence[Indicator], today: date
) -> tuple[list[Line], list[Fault]]:
    """Figures and all faults; with a fault nothing may be written."""
    (line, first), *rest = table
    found = _columns(first)
    missing = [str(COLUMNS[code][0]) for code in COLUMNS if code not in found.values()]
    if missing:
        return [], [Fault(line, name, _("This column is missing.")) for name in missing]
    if not rest:
        return [], [Fault(line, "", _("There is no row under the headings."))]
    known = {lang.fold(word): each for each in indicators for word in (each.code, each.name_fa, each.name_en) if word}
    lines: list[Line] = []
    faults: list[Fault] = []
    seen: dict[tuple[Any, ...], int] = {}
    for number, cells in rest:
        values: dict[str, Any] = {}
        before = len(faults)
        for place, code in found.items():
            text = cells[place].strip() if place < len(cells) else ""
            try:
                values[code] = _read(code, text, known, today)
            except ValueError as problem:
                faults.append(Fault(number, str(COLUMNS[code][0]), str(problem)))
        if len(faults) > before:
            continue
        if values["first"] > values["last"]:
            faults.append(Fault(number, str(COLUMNS["last"][0]), _("The period ends before it begins.")))
            continue
        key = (values["indicator"].pk, values["first"], values["last"], values["source"])
        if key in seen:
            reason = _("The same figure stands in row %(n)s already.") % {"n": seen[key]}
            faults.append(Fault(number, str(COLUMNS["indicator"][0]), reason))
            continue
        seen[key] = number
        lines.append(Line(number, **values))
    return lines, faults


def _columns(cells: Sequence[str]) -> dict[int, str]:
    known = {lang.fold(code): code for code in COLUMNS}
    for language in ("fa", "en"):
        with override(language):
            known |= {lang.fold(str(name)): code for code, (name, _help) in COLUMNS.items()}
    return {place: known[key] for place, key in enumerate(map(lang.fold, cells)) if key in known}


def _read(code: str, text: str, known: Mapping[str, Indicator], today: date) -> Any:
    if not text:
        raise ValueError(_("This is needed."))
    if code == "indicator":
        found = known.get(lang.fold(text))
        if found is None:
            raise ValueError(_("There is no indicator “%(name)s”.") % {"name": text})
        return found
    if code == "value":
        return _number(text)
    if code == "source":
        if len(text) > LONGEST_SOURCE:
            raise ValueError(_("This is longer than %(n)s letters.") % {"n": LONGEST_SOURCE})
        return text
    try:
        day = lang.parse_day(text)
    except ValueError:
        raise ValueError(_("There is no such day. Write it as 1405/09/01 or 2026-11-22.")) from None
    if day > today:
        raise ValueError(_("This day is still to come."))
    return day


def _number(text: str) -> Decimal:
    try:
        number = lang.parse_decimal(text)
    except ValueError:
        raise ValueError(_("Write a number, such as 12 or 12.5.")) from None
    if abs(number) >= GREATEST:
        raise ValueError(_("This number is too large."))
    return number
