"""A table of clusters read and checked whole: every fault by row and column, in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from kandoo.programme.models import ClusterFile, Count
from kandoo.register import places
from kandoo.site import language as lang
from kandoo.site.lists import joined

# column: its name, whether it is needed, what to write
COLUMNS: Mapping[str, tuple[Any, bool, Any]] = {
    "province": (gettext_lazy("Province"), True, gettext_lazy("Its name or code, such as Lorestan or IR-15")),
    "name_fa": (gettext_lazy("Name in Persian"), True, gettext_lazy("Of the cluster; once in a province")),
    "name_en": (gettext_lazy("Name in English"), False, ""),
    "county": (gettext_lazy("County"), False, ""),
    "product": (gettext_lazy("Product"), True, gettext_lazy("One or two words, the same for clusters alike")),
    "stage": (gettext_lazy("Stage"), False, gettext_lazy("Its code, such as G0; empty for the first")),
    "stage_since": (gettext_lazy("At this stage since"), False, gettext_lazy("A day; empty: the date of the source")),
    "status": (gettext_lazy("State"), False, gettext_lazy("Active, waiting, not chosen or stands alone")),
    "agent": (gettext_lazy("Cluster development agent"), False, ""),
    "firms": (gettext_lazy("Firms"), False, gettext_lazy("A whole number; kept with its source")),
    "workers": (gettext_lazy("People working"), False, gettext_lazy("A whole number; kept with its source")),
    "definition": (gettext_lazy("Definition"), True, gettext_lazy("By which it counts as a cluster")),
    "source": (gettext_lazy("Source"), True, gettext_lazy("Who says so: letter, survey, page")),
    "dated": (gettext_lazy("Date of the source"), True, gettext_lazy("Such as 1405/09/01")),
}
_LENGTHS = {"name_fa": 160, "name_en": 160, "county": 60, "product": 60, "agent": 120, "definition": 300, "source": 300}
_MEASURES = {"firms": Count.Measure.FIRMS, "workers": Count.Measure.WORKERS}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field: the line in the file, the column as it is called, why."""

    line: int
    column: str
    reason: str


@dataclass(slots=True)
class Row:
    """One cluster of the table, its fields read."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)  # measure -> figure


def headings() -> list[str]:
    """The columns as the template calls them."""
    return [str(name) for name, _needed, _help in COLUMNS.values()]


def read(
    table: Sequence[tuple[int, list[str]]], *, stages: Sequence[str], today: date
) -> tuple[list[Row], list[Fault]]:
    """Rows of clusters and all faults; with a fault nothing may be written."""
    (line, first), *rest = table
    found = _columns(first)
    missing = [str(COLUMNS[code][0]) for code in COLUMNS if COLUMNS[code][1] and code not in found.values()]
    if missing:
        return [], [Fault(line, name, _("This column is missing.")) for name in missing]
    if not rest:
        return [], [Fault(line, "", _("There is no row under the headings."))]
    rows: list[Row] = []
    faults: list[Fault] = []
    reader = _Reader(stages, today, faults)
    for number, cells in rest:
        texts = {code: cells[place].strip() if place < len(cells) else "" for place, code in found.items()}
        rows.append(reader.row(number, texts))
    return rows, faults + _doubles(rows)


def _columns(cells: Sequence[str]) -> dict[int, str]:
    """Which place holds which column: headings in Persian, English or codes, in any order."""
    known: dict[str, str] = {}
    for language in ("fa", "en"):
        with override(language):
            known |= {lang.fold(str(name)): code for code, (name, _needed, _help) in COLUMNS.items()}
    known |= {lang.fold(code): code for code in COLUMNS}
    return {place: known[key] for place, key in enumerate(map(lang.fold, cells)) if key in known}


def _doubles(rows: Sequence[Row]) -> list[Fault]:
    seen: dict[tuple[str, str], int] = {}
    faults = []
    for row in rows:
        key = (row.values.get("province", ""), lang.fold(row.values.get("name_fa", "")))
        if key[1] and key in seen:
            reason = _("The same cluster stands in row %(n)s already.") % {"n": seen[key]}
            faults.append(Fault(row.line, str(COLUMNS["name_fa"][0]), reason))
        seen.setdefault(key, row.line)
    return faults


class _Reader:
    """Reads rows and gathers what is wrong with them."""

    def __init__(self, stages: Sequence[str], today: date, faults: list[Fault]) -> None:
        self.stages, self.today, self.faults = stages, today, faults
        self.provinces = {
            lang.fold(word): each.code
            for each in places.provinces()
            for word in (each.code, each.name_fa, each.name_en)
        }
        self.states: dict[str, str] = {}
        for language in ("fa", "en"):
            with override(language):
                self.states |= {lang.fold(str(label)): value for value, label in ClusterFile.Status.choices}

    def row(self, line: int, texts: Mapping[str, str]) -> Row:
        row = Row(line)
        for code, (name, is_needed, _help) in COLUMNS.items():
            text = texts.get(code, "")
            if not text:
                if is_needed:
                    self.faults.append(Fault(line, str(name), _("This is needed.")))
                continue
            try:
                self._take(row, code, text)
            except ValueError as problem:
                self.faults.append(Fault(line, str(name), str(problem)))
        return row

    def _take(self, row: Row, code: str, text: str) -> None:
        if code in _MEASURES:
            row.counts[_MEASURES[code]] = self._whole(text)
        elif code in ("dated", "stage_since"):
            row.values[code] = self._day(text)
        elif code in ("province", "status", "stage"):
            row.values[code] = getattr(self, f"_{code}")(text)
        elif len(text) > _LENGTHS[code]:
            raise ValueError(_("This is longer than %(n)s letters.") % {"n": _LENGTHS[code]})
        elif code == "name_fa" and not lang.fold(text):
            raise ValueError(_("A name has letters."))
        else:
            row.values[code] = text

    def _province(self, text: str) -> str:
        found = self.provinces.get(lang.fold(text))
        if found is None:
            raise ValueError(_("There is no province “%(name)s”.") % {"name": text})
        return found

    def _status(self, text: str) -> str:
        found = text if text in ClusterFile.Status.values else self.states.get(lang.fold(text))
        if found is None:
            raise ValueError(_("There is no state “%(name)s”.") % {"name": text})
        return found

    def _stage(self, text: str) -> str:
        code = lang.latin_digits(text).upper()
        if code not in self.stages:
            raise ValueError(
                _("There is no stage “%(name)s” in the procedure; there are %(codes)s.")
                % {"name": text, "codes": joined(self.stages)}
            )
        return code

    def _whole(self, text: str) -> int:
        try:
            number = lang.parse_decimal(text)
        except ValueError:
            number = Decimal(-1)
        if number != number.to_integral_value() or not 0 <= number < 10**12:
            raise ValueError(_("Write a whole number, not below zero."))
        return int(number)

    def _day(self, text: str) -> date:
        try:
            day = lang.parse_day(text)
        except ValueError:
            raise ValueError(_("There is no such day. Write it as 1405/09/01 or 2026-11-22.")) from None
        if day > self.today:
            raise ValueError(_("This day is still to come."))
        return day
