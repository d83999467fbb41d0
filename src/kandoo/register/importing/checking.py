"""A table of cells to rows of values; every fault is kept, none stops the rest."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl.utils import get_column_letter

from kandoo.profiles import Profile
from kandoo.register.identifying import NATIONAL, national_scheme
from kandoo.register.importing.columns import Column, choices, code_of, columns, heading_codes, shown_choices
from kandoo.register.importing.faults import Fault
from kandoo.register.importing.places_check import check_places
from kandoo.register.importing.reading import ERROR, FORMULA, Cell, Table
from kandoo.site.language import comma, fold, latin_digits, parse_day, parse_decimal

_LONGEST = {"name_fa": 160, "name_en": 160, "site_name": 160, "hives_source": 160}
_HIGHEST = {"workers": 100_000, "hives": 100_000}
_EARLIEST = date(1921, 3, 21)  # 1300/01/01
_SHORTENED = re.compile(r"\d([.,٫]\d+)?[eE]\+?\d+")


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One row of the file as values; `identifiers` by scheme."""

    line: int
    name_fa: str
    name_en: str
    form: str
    is_commercial: bool
    stage: str
    workers: int | None
    phone: str
    joined_on: date | None
    left_on: date | None
    site_name: str
    site_kind: str
    latitude: Decimal | None
    longitude: Decimal | None
    county: str
    hives: int | None
    hives_on: date | None
    hives_source: str
    identifiers: Mapping[str, str]
    given: frozenset[str]  # codes of the columns that hold something in this row

    @property
    def has_site(self) -> bool:
        return self.latitude is not None


@dataclass(slots=True)
class Checked:
    """What a file holds: rows of values (complete only without faults) and its faults."""

    rows: list[MemberRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def check(table: Table, profile: Profile, today: date) -> Checked:
    """Check a whole table against a product's profile; faults come in the order of the file."""
    codes, faults = _placed(table.headings, profile)
    if faults:
        return Checked(faults=faults)
    reader = _Reader(profile, codes, today)
    rows = [reader.read(line, cells) for line, cells in table.rows]
    whole, places_faults = check_places(rows, reader.place_of)
    faults = reader.faults + places_faults
    faults.sort(key=lambda each: (each.line, each.place))
    return Checked([] if faults else [MemberRow(**row) for row in whole], faults)


def _placed(headings: Iterable[str], profile: Profile) -> tuple[list[str], list[Fault]]:
    """The column each heading means, and what is wrong with the headings."""
    known, wanted = heading_codes(profile), columns(profile)
    codes: list[str] = []
    faults: list[Fault] = []
    for place, heading in enumerate(headings, start=1):
        code = code_of(heading, known) if heading else ""
        if code and code in codes:
            both = f"{get_column_letter(codes.index(code) + 1)}, {get_column_letter(place)}"
            faults.append(Fault(0, code, "doubled-column", {"places": both}, place))
        elif not code and heading:
            faults.append(Fault(0, heading, "unknown-column", {"heading": heading}, place))
        codes.append(code)
    missing = (code for code, column in wanted.items() if column.is_required and code not in codes)
    faults += [Fault(0, code, "missing-column") for code in missing]
    return codes, faults


class _Reader:
    """Reads one row after the other and gathers the faults."""

    def __init__(self, profile: Profile, codes: list[str], today: date) -> None:
        self.profile, self.codes, self.today = profile, codes, today
        self.columns: dict[str, Column] = columns(profile)
        self.choices = {code: found for code in self.columns if (found := choices(profile, code))}
        self.faults: list[Fault] = []
        self.line = 0

    def place_of(self, code: str) -> int:
        return self.codes.index(code) + 1 if code in self.codes else 0

    def fault(self, column: str, code: str, **values: Any) -> None:
        self.faults.append(Fault(self.line, column, code, values, self.place_of(column)))

    def read(self, line: int, cells: tuple[Cell, ...]) -> dict[str, Any]:
        """The row's values by the names of `MemberRow`; a faulty cell gives nothing."""
        self.line = line
        given: dict[str, Cell] = {}
        unread: set[str] = set()
        for place, cell in enumerate(cells):
            code = self.codes[place] if place < len(self.codes) else ""
            if cell is None:
                continue
            if not code:
                self.faults.append(Fault(line, "", "no-heading", {}, place + 1))
            elif cell in (FORMULA, ERROR):
                unread.add(code)
                self.fault(code, "formula" if cell == FORMULA else "error-value")
            else:
                given[code] = cell
        for code, column in self.columns.items():
            if column.is_required and code not in given and code not in unread:
                self.fault(code, "required")
        return self._values(given)

    def _values(self, given: Mapping[str, Cell]) -> dict[str, Any]:
        form = self._choice("form", given) or "firm"
        commercial = self._choice("commercial", given)
        values = {
            "line": self.line,
            **{code: self._text(code, given) for code in ("name_fa", "name_en", "site_name", "hives_source")},
            "form": form,
            "is_commercial": commercial == "yes" if commercial else form == "firm",
            "stage": self._choice("stage", given),
            "workers": self._whole("workers", given),
            "phone": self._phone(given),
            "joined_on": self._day("joined_on", given),
            "left_on": self._day("left_on", given),
            "site_kind": self._choice("site_kind", given) or "apiary",
            "latitude": self._degrees("latitude", given),
            "longitude": self._degrees("longitude", given),
            "county": "",
            "hives": self._whole("hives", given),
            "hives_on": self._day("hives_on", given),
            "identifiers": self._identifiers(given),
            "given": frozenset(given),
        }
        self._check_together(values)
        return values

    def _check_together(self, values: Mapping[str, Any]) -> None:
        """What holds between the cells of a row."""
        given = values["given"]
        joined_on, left_on = values["joined_on"], values["left_on"]
        if joined_on and left_on and left_on <= joined_on:
            self.fault("left_on", "leaves-first")
        if left_on and "joined_on" not in given:
            self.fault("joined_on", "leaves-unjoined")
        if values["hives"] is not None:
            if "hives_on" not in given:
                self.fault("hives_on", "hives-undated")
            if "hives_source" not in given:
                self.fault("hives_source", "hives-unsourced")
        place = given & {"latitude", "longitude"}
        if len(place) == 1:
            self.fault("longitude" if "latitude" in place else "latitude", "half-a-place")
        elif not place and given & {"site_name", "hives"}:
            self.fault("latitude", "no-place")

    # ------------------------------------------------------------------ cells

    def _text(self, code: str, given: Mapping[str, Cell]) -> str:
        text = " ".join(str(given.get(code, "")).split())
        if len(text) > _LONGEST[code]:
            self.fault(code, "too-long", most=_LONGEST[code])
            return ""
        return text

    def _choice(self, code: str, given: Mapping[str, Cell]) -> str:
        if code not in given:
            return ""
        value = self.choices[code].get(fold(str(given[code])), "")
        if not value:
            self.fault(code, "not-a-choice", value=str(given[code])[:60])
        return value

    def _number(self, code: str, given: Mapping[str, Cell]) -> Decimal | None:
        if code not in given:
            return None
        try:
            return parse_decimal(str(given[code]))
        except ValueError:
            self.fault(code, "not-a-number", value=str(given[code])[:60])
            return None

    def _whole(self, code: str, given: Mapping[str, Cell]) -> int | None:
        if code not in given:
            return None
        try:
            number = parse_decimal(str(given[code]))
            if number != number.to_integral_value():
                raise ValueError
        except ValueError:
            self.fault(code, "not-whole", value=str(given[code])[:60])
            return None
        if number < 0:
            self.fault(code, "negative")
            return None
        if number > _HIGHEST[code]:
            self.fault(code, "too-high", value=str(given[code])[:60])
            return None
        return int(number)

    def _degrees(self, code: str, given: Mapping[str, Cell]) -> Decimal | None:
        number = self._number(code, given)
        return None if number is None else number.quantize(Decimal("0.00001")) if abs(number) < 1000 else number

    def _day(self, code: str, given: Mapping[str, Cell]) -> date | None:
        if code not in given:
            return None
        try:
            day = parse_day(str(given[code]))
        except ValueError:
            self.fault(code, "not-a-day", value=str(given[code])[:60])
            return None
        if day > self.today:
            self.fault(code, "to-come")
            return None
        if day < _EARLIEST:
            self.fault(code, "too-early")
            return None
        return day

    def _digits(self, cell: Cell) -> str:
        """Digits and letters as an identifier holds them: Latin, without spaces or dashes between digits."""
        text = latin_digits(str(cell)).replace("\u200c", "").replace(" ", "")
        return re.sub(r"(?<=\d)[-\u2013](?=\d)", "", text) if re.fullmatch(r"[\d\-\u2013]+", text) else text

    def _phone(self, given: Mapping[str, Cell]) -> str:
        if "phone" not in given:
            return ""
        text = re.sub(r"[\s()\-\u2013.]", "", latin_digits(str(given["phone"])))
        if isinstance(given["phone"], int) and len(text) == 10 and text[0] in "123456789":
            text = "0" + text  # a spreadsheet took the zero away
        if _SHORTENED.fullmatch(latin_digits(str(given["phone"]))):
            self.fault("phone", "shortened", value=str(given["phone"]))
        elif not re.fullmatch(r"\+?\d{4,15}", text):
            self.fault("phone", "bad-phone", value=str(given["phone"])[:60])
        else:
            return text
        return ""

    def _identifiers(self, given: Mapping[str, Cell]) -> dict[str, str]:
        found: dict[str, str] = {}
        for code in ("national_id", *self.profile.identifier_schemes):
            if code not in given or code in NATIONAL:
                continue
            text = self._digits(given[code])
            if isinstance(given[code], float) or _SHORTENED.fullmatch(text):
                self.fault(code, "shortened", value=str(given[code]))
            elif code == "national_id":
                found |= self._national(text)
            elif not re.fullmatch(self.profile.identifier_schemes[code].pattern, text):
                self.fault(code, "bad-form", value=text[:60])
            elif not self.profile.identifier_schemes[code].check_digit_fits(text):
                self.fault(code, "bad-check-digit", value=text)
            else:
                found[code] = text
        return found

    def _national(self, text: str) -> dict[str, str]:
        """A national number; zeros a spreadsheet took from its front are put back when the digits fit."""
        schemes = self.profile.identifier_schemes
        if text.isdigit() and 8 <= len(text) < 10 and schemes["natural_person"].check_digit_fits(text.zfill(10)):
            text = text.zfill(10)
        scheme = national_scheme(self.profile, text)
        if not scheme:
            self.fault("national_id", "bad-national-id", value=text[:60])
        elif not schemes[scheme].check_digit_fits(text):
            self.fault("national_id", "bad-check-digit", value=text)
        else:
            return {scheme: text}
        return {}


def fault_words(fault: Fault, profile: Profile, chosen: str) -> dict[str, Any]:
    """What a fault's sentence is filled with: choices are spelled out in the reader's language."""
    values = dict(fault.values)
    if fault.code == "not-a-choice":
        values["choices"] = comma(chosen).join(shown_choices(profile, fault.column, chosen))
    return values
