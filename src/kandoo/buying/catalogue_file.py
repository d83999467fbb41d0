"""The catalogue as a table: written out, and a filled one read whole, every fault by row and column."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.validators import validate_slug
from django.forms import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kandoo.buying.models import Item
from kandoo.buying.quotes_file import Fault
from kandoo.register.models import Cluster
from kandoo.site import language as lang
from kandoo.site.lists import page_language

HEADINGS = {
    "code": gettext_lazy("Code"),
    "name_fa": gettext_lazy("Name in Persian"),
    "name_en": gettext_lazy("Name in English"),
    "unit": gettext_lazy("Unit"),
    "pack": gettext_lazy("Units in a pack"),
    "pallet": gettext_lazy("Packs on a pallet"),
    "note": gettext_lazy("Note"),
}
ALWAYS = ("code", "name_fa", "unit")
LENGTHS = {"code": 40, "name_fa": 160, "name_en": 160, "note": 300}
PACK_MAX = 1_000_000


@dataclass(slots=True)
class ReadCatalogue:
    """What a file holds; with a single fault nothing of it is stored."""

    items: list[Item] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, line: int, column: str, text: str) -> None:
        self.faults.append(Fault(line, str(HEADINGS[column]), text))


def rows_of(items: Iterable[Item]) -> list[list[Any]]:
    """The catalogue as rows of a table."""
    return [
        [each.code, each.name_fa, each.name_en, str(each.get_unit_display()), each.pack, each.pallet, each.note]
        for each in items
    ]


def read_catalogue(rows: Sequence[tuple[int, list[str]]], cluster: Cluster) -> ReadCatalogue:
    """Check a whole file against the cluster's catalogue: known codes are changed, others added."""
    read = ReadCatalogue()
    line, heading = rows[0]
    columns = _columns(heading)
    for name in ALWAYS:
        if name not in columns:
            read.refuse(line, name, _("This column is missing."))
    if read.faults:
        return read
    known = {each.code: each for each in Item.objects.filter(cluster=cluster)}
    seen: dict[str, int] = {}
    for line, row in rows[1:]:
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in columns.items()}
        _take(read, line, cells, cluster, known, seen)
    if not read.items and not read.faults:
        read.refuse(line, "code", _("No row names an item."))
    return read


def _columns(heading: Sequence[str]) -> dict[str, int]:
    names = {lang.fold(code): code for code in HEADINGS}
    for language in ("fa", "en"):
        with translation.override(language):
            names |= {lang.fold(str(text)): code for code, text in HEADINGS.items()}
    places: dict[str, int] = {}
    for place, text in enumerate(heading):
        if code := names.get(lang.fold(text)):
            places.setdefault(code, place)
    return places


def _take(
    read: ReadCatalogue,
    line: int,
    cells: Mapping[str, str],
    cluster: Cluster,
    known: Mapping[str, Item],
    seen: dict[str, int],
) -> None:
    """One row as an item, new or known, or what is wrong with it."""
    before = len(read.faults)
    code = lang.latin_digits(cells["code"]).lower()
    for column, most in LENGTHS.items():
        if len(cells.get(column, "")) > most:
            read.refuse(line, column, _("This is longer than %(most)s letters.") % {"most": _number(most)})
    _check_code(read, line, code, seen)
    if not cells["name_fa"]:
        read.refuse(line, "name_fa", _("Write the Persian name."))
    unit = _unit(cells["unit"])
    if unit is None:
        choices = _(", ").join(str(each.label) for each in Item.Unit)
        read.refuse(line, "unit", _("Write one of: %(units)s.") % {"units": choices})
    pack = _whole(read, line, "pack", cells.get("pack", ""))
    pallet = _whole(read, line, "pallet", cells.get("pallet", ""))
    if len(read.faults) > before or unit is None:
        return
    item = known.get(code) or Item(cluster=cluster, code=code)
    item.name_fa, item.unit = cells["name_fa"], unit
    item.pack = pack or item.pack
    for name, value in (("name_en", cells.get("name_en")), ("pallet", pallet), ("note", cells.get("note"))):
        if name in cells:
            setattr(item, name, value)
    read.items.append(item)


def _check_code(read: ReadCatalogue, line: int, code: str, seen: dict[str, int]) -> None:
    try:
        validate_slug(code)
    except ValidationError:
        read.refuse(line, "code", _("A code is of Latin letters, digits and dashes."))
        return
    if seen.setdefault(code, line) != line:
        read.refuse(line, "code", _("This code stands in row %(line)s already.") % {"line": _number(seen[code])})


def _unit(text: str) -> str | None:
    names = {lang.fold(each.value): each.value for each in Item.Unit}
    for language in ("fa", "en"):
        with translation.override(language):
            names |= {lang.fold(str(each.label)): each.value for each in Item.Unit}
    return names.get(lang.fold(text))


def _whole(read: ReadCatalogue, line: int, column: str, text: str) -> int | None:
    if not text:
        return None
    try:
        number = lang.parse_decimal(text)
        if number == number.to_integral_value() and 1 <= number <= PACK_MAX:
            return int(number)
    except ValueError:
        pass
    read.refuse(line, column, _("Write a whole number from 1 to %(most)s.") % {"most": _number(PACK_MAX)})
    return None


def _number(value: int) -> str:
    return lang.format_number(value, page_language())
