"""A part from a filled-in table: read whole, every fault with its row, column and reason."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from kandoo.site import language as lang
from kandoo.site import units
from kandoo.site.lists import joined
from kandoo.strategy.parts import Column, Part
from kandoo.strategy.problems import Fault
from kandoo.strategy.queries.rows import REFERENCES

TOMAN_MOST = 10**17  # rial


@dataclass(frozen=True, slots=True)
class Row:
    """A row that was read. A row of another part, or of this one further down, is named by its code."""

    line: int
    values: dict[str, Any]


def read(
    table: Sequence[tuple[int, list[str]]], part: Part, known: Mapping[str, Mapping[str, Any]]
) -> tuple[list[Row], list[Fault]]:
    """The rows of a table and its faults; with a fault, nothing of it may be written.

    `known`: by column, what it may point to by folded code.
    """
    (line, heads), *rest = table
    places = _columns(heads, part)
    missing = [each for each in part.columns if each.needed and each.name not in places]
    if missing:
        return [], [Fault(line, str(each.label), _("This column is missing.")) for each in missing]
    if not rest:
        return [], [Fault(line, "", _("There is no row under the headings."))]
    faults: list[Fault] = []
    own = _own_codes(rest, places)
    rows = [_row(number, cells, places, part, known, own, faults) for number, cells in rest]
    return rows, faults + list(_doubles(rows, part))


def _columns(heads: Sequence[str], part: Part) -> dict[str, int]:
    """Where each column stands, by its name or its heading in either language."""
    names = {lang.fold(each.name): each.name for each in part.columns}
    for language in ("fa", "en"):
        with override(language):
            names |= {lang.fold(str(each.label)): each.name for each in part.columns}
    return {names[key]: place for place, key in enumerate(map(lang.fold, heads)) if key in names}


def _own_codes(rest: Sequence[tuple[int, list[str]]], places: Mapping[str, int]) -> dict[str, str]:
    """The codes of the table itself, folded: a row may hang on one that stands further down."""
    place = places.get("code")
    if place is None:
        return {}
    codes = (lang.latin_digits(cells[place]).strip() for _line, cells in rest if place < len(cells))
    return {lang.fold(code): code for code in codes if code}


def _row(
    line: int,
    cells: Sequence[str],
    places: Mapping[str, int],
    part: Part,
    known: Mapping[str, Mapping[str, Any]],
    own: Mapping[str, str],
    faults: list[Fault],
) -> Row:
    row = Row(line, {})
    for column in part.columns:
        place = places.get(column.name)
        text = cells[place].strip() if place is not None and place < len(cells) else ""
        try:
            within = own if column.of == part.code else {}
            row.values[column.name] = _value(column, text, known.get(column.name, {}), within)
        except ValueError as problem:
            faults.append(Fault(line, str(column.label), str(problem)))
    return row


def _value(column: Column, text: str, known: Mapping[str, Any], own: Mapping[str, str]) -> Any:
    """A cell as its column keeps it. Raises ValueError with words for the person."""
    if not text:
        if column.needed:
            raise ValueError(_("This is needed."))
        return None if column.kind in REFERENCES else ""
    if column.kind in REFERENCES:
        return _other(text, known, own)
    if column.kind == "choice":
        return _choice(column, text)
    if column.kind == "day":
        return _day(column, text)
    if column.kind != "text":
        return _figure(column, text)
    if len(text) > column.most:
        raise ValueError(_("This is longer than %(n)s letters.") % {"n": column.most})
    return lang.latin_digits(text) if column.name == "code" else text


def _other(text: str, known: Mapping[str, Any], own: Mapping[str, str]) -> Any:
    key = lang.fold(lang.latin_digits(text))
    found = known.get(key, own.get(key))
    if found is None:
        raise ValueError(_("There is nothing with the code “%(name)s” here.") % {"name": text})
    return found


def _choice(column: Column, text: str) -> Any:
    words: dict[str, Any] = {lang.fold(str(value)): value for value, _label in column.choices}
    for language in ("fa", "en"):
        with override(language):
            words |= {lang.fold(str(label)): value for value, label in column.choices}
    found = words.get(lang.fold(text))
    if found is None:
        offered = joined(str(label) for _value, label in column.choices)
        raise ValueError(_("“%(name)s” is none of these: %(offered)s.") % {"name": text, "offered": offered})
    return found


def _day(column: Column, text: str) -> Any:
    try:
        day = lang.parse_day(text)
    except ValueError:
        raise ValueError(_("There is no such day. Write it as 1405/09/01 or 2026-11-22.")) from None
    if column.past and day > timezone.localdate():
        raise ValueError(_("This day is still to come."))
    return day


def _figure(column: Column, text: str) -> int:
    """A whole number, thousandths from percent, or rial from toman."""
    try:
        number = lang.parse_decimal(text.rstrip("%٪ "))
    except ValueError:
        number = Decimal("NaN")
    times = {"percent": 10, "toman": units.TOMAN.rial}.get(column.kind, 1)
    most = {"percent": 1000, "toman": TOMAN_MOST}.get(column.kind, column.most)
    if not number.is_finite() or not column.least <= number * times <= most:
        raise ValueError(_("“%(value)s” is no number from %(least)s to %(most)s.") % {
            "value": text, "least": column.least, "most": most // times
        })  # fmt: skip
    if number * times != (number * times).to_integral_value():
        raise ValueError(_("“%(value)s” is finer than can be kept.") % {"value": text})
    return int(number * times)


def _doubles(rows: Sequence[Row], part: Part) -> Iterator[Fault]:
    seen: dict[tuple[str, ...], int] = {}
    label = next(str(each.label) for each in part.columns if each.name == part.key[0])
    for row in rows:
        if any(row.values.get(name) in (None, "") for name in part.key):
            continue
        key = tuple(lang.fold(code_of(row.values[name])) for name in part.key)
        if key in seen:
            yield Fault(row.line, label, _("The same stands in row %(n)s already.") % {"n": seen[key]})
        seen.setdefault(key, row.line)


def code_of(value: Any) -> str:
    """A value as it is told from others: a row by its code."""
    return str(value.code) if isinstance(value, Model) and hasattr(value, "code") else str(value)


def export(part: Part, row: Any) -> list[Any]:
    """A row as a table takes it away, in the units a table is read in."""
    return [_exported(each, getattr(row, each.name)) for each in part.columns]


def _exported(column: Column, value: Any) -> Any:
    if value is None:
        return ""
    if column.kind in REFERENCES:
        return value.code
    if column.kind == "choice":
        return str(dict(column.choices)[value])
    if column.kind == "percent":
        return Decimal(value) / 10
    if column.kind == "toman":
        return Decimal(value) / units.TOMAN.rial
    return value
