"""A file of laboratory results, read whole: every fault by row and column, or certificates to store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kandoo import profiles
from kandoo.register.models import Enterprise
from kandoo.selling import readings
from kandoo.selling.models import Batch
from kandoo.selling.queries import page_language
from kandoo.site import language as lang

HEADINGS = {
    "batch": gettext_lazy("Batch"),
    "parameter": gettext_lazy("Parameter"),
    "value": gettext_lazy("Value"),
    "method": gettext_lazy("Method"),
    "laboratory": gettext_lazy("Laboratory"),
    "tested_on": gettext_lazy("Test date"),
}
ALWAYS = ("batch", "parameter", "value", "tested_on")
FAULTS_SHOWN = 200
LABORATORY_MAX, METHOD_MAX = 160, 120  # letters


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, in which row and column of the file."""

    line: int
    column: str
    text: str


@dataclass(slots=True)
class Certificate:
    """The results of one batch from one laboratory and day."""

    batch: Batch
    tested_on: date
    laboratory: Enterprise | None
    laboratory_name: str
    results: dict[str, tuple[readings.Reading, str]] = field(default_factory=dict)  # by code, with the method


@dataclass(slots=True)
class ReadFile:
    """What a file holds; with a single fault nothing of it is stored."""

    certificates: list[Certificate]
    faults: list[Fault]

    @property
    def results(self) -> int:
        return sum(len(each.results) for each in self.certificates)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the rows are checked against: the batches one may fill in, and the laboratories known."""

    profile: profiles.Profile
    batches: Mapping[str, Batch]  # by code
    laboratories: Mapping[str, Enterprise]  # by folded name
    fixed: Enterprise | None  # the laboratory that sends the file
    today: date


def codes_in(rows: Sequence[tuple[int, list[str]]]) -> set[str]:
    """The batch codes a file names, so that they are fetched at once."""
    places = _columns(rows[0][1])
    column = places.get("batch")
    return set() if column is None else {_code(row[column]) for _line, row in rows[1:] if column < len(row)}


def read_results(rows: Sequence[tuple[int, list[str]]], desk: Desk) -> ReadFile:
    """Check a file of results; the first row names the columns, a row without a value is passed over."""
    line, heading = rows[0]
    places = _columns(heading)
    needed = ALWAYS if desk.fixed else (*ALWAYS, "laboratory")
    missing = [name for name in needed if name not in places]
    if missing:
        return ReadFile([], [Fault(line, str(HEADINGS[name]), _("This column is missing.")) for name in missing])
    found: dict[tuple[Any, ...], Certificate] = {}
    faults: list[Fault] = []
    for line, row in rows[1:]:
        cells = {name: row[place] if place < len(row) else "" for name, place in places.items()}
        if cells["value"]:
            faults += [Fault(line, str(HEADINGS[column]), text) for column, text in _take(cells, desk, found)]
    if not found and not faults:
        faults.append(Fault(line, str(HEADINGS["value"]), _("No row has a value.")))
    return ReadFile(list(found.values()), faults)


def _columns(heading: Sequence[str]) -> dict[str, int]:
    """Where each column stands; its code and its name in either language are understood."""
    names: dict[str, str] = {}
    for language in ("fa", "en"):
        with translation.override(language):
            names |= {lang.fold(str(text)): code for code, text in HEADINGS.items()}
    names |= {lang.fold(code): code for code in HEADINGS}
    places: dict[str, int] = {}
    for place, text in enumerate(heading):
        if code := names.get(lang.fold(text)):
            places.setdefault(code, place)
    return places


def _code(text: str) -> str:
    return lang.latin_digits(text).strip().upper()


def _take(cells: Mapping[str, str], desk: Desk, found: dict[tuple[Any, ...], Certificate]) -> list[tuple[str, str]]:
    """Add one row to its certificate, or say what is wrong with it."""
    faults: list[tuple[str, str]] = []
    batch = desk.batches.get(_code(cells["batch"]))
    if batch is None:
        faults.append(("batch", _("There is no such batch among those you can fill in.")))
    day = _day(cells["tested_on"])
    if day is None:
        faults.append(("tested_on", _("There is no such day. Write it as 1405/09/01 or 2026-11-22.")))
    elif day > desk.today or (batch is not None and day < batch.harvested_on):
        faults.append(("tested_on", _("The test date lies before the harvest or in the future.")))
    laboratory, name = _laboratory(cells.get("laboratory", ""), desk)
    if laboratory is None and not name:
        faults.append(("laboratory", _("Name the laboratory that tested.")))
    for column, most in (("laboratory", LABORATORY_MAX), ("method", METHOD_MAX)):
        if len(cells.get(column, "")) > most:
            told = {"most": lang.format_number(most, page_language())}
            faults.append((column, _("This is longer than %(most)s letters.") % told))
    code = readings.find_code(desk.profile, cells["parameter"])
    if code is None:
        faults.append(("parameter", _("No parameter or test of the product has this name.")))
        return faults
    try:
        reading = readings.read(desk.profile, code, cells["value"])
    except readings.BadReading as problem:
        return [*faults, ("value", str(problem))]
    if faults or batch is None or day is None:
        return faults
    key = (batch.pk, day, laboratory.pk if laboratory else name)
    certificate = found.setdefault(key, Certificate(batch, day, laboratory, name))
    if code in certificate.results:
        return [("parameter", _("This parameter of this batch stands twice in the file for the same day."))]
    certificate.results[code] = (reading, cells.get("method", ""))
    return []


def _day(text: str) -> date | None:
    try:
        return lang.parse_day(text)
    except ValueError:
        return None


def _laboratory(text: str, desk: Desk) -> tuple[Enterprise | None, str]:
    if desk.fixed is not None:
        return desk.fixed, ""
    known = desk.laboratories.get(lang.fold(text)) if text else None
    return known, "" if known else text
