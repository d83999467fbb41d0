"""Needs of a round as a file: written out, and read whole with every fault by row and column.

Amounts stand in the unit people type (toman), or in rial where the heading says so; days are Jalali or ISO.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kandoo.buying.actions.needs import NeedTerms
from kandoo.buying.models import Need, NeedPrice, RoundItem, RoundPlace
from kandoo.engine.buying.values import PRICE_MAX, QUANTITY_MAX
from kandoo.register.models import Enterprise
from kandoo.site import language as lang
from kandoo.site import units
from kandoo.site.lists import page_language

HEADINGS = {
    "member": gettext_lazy("Member"),
    "item": gettext_lazy("Item"),
    "quantity": gettext_lazy("Quantity"),
    "quantity_max": gettext_lazy("Accepted up to"),
    "point": gettext_lazy("Point"),
    "latest_date": gettext_lazy("Latest date"),
    "highest_price": gettext_lazy("Highest price"),
    "alone_price": gettext_lazy("Price alone"),
    "alone_from": gettext_lazy("Who would sell at that price"),
    "alone_date": gettext_lazy("Date of that price"),
}
STATE = gettext_lazy("Confirmed")  # written out, passed over when it comes back
NEEDED = ("member", "item", "quantity")
PRICES = ("highest_price", "alone_price")
ALONE_FROM_MAX = 160  # letters
ENGINE_COLUMNS = ("member_id", "item", "quantity", "quantity_max", "place", "latest_date", "alone_price")
_BRACKETS = re.compile(r"[(\uff08].*?[)\uff09]")
_RIAL = {lang.fold("rial"), lang.fold("ریال"), lang.fold("IRR")}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, in which row and column of the file."""

    line: int
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class NewNeed:
    """One row as values. Prices are None where the row leaves them out."""

    line: int
    enterprise: Enterprise
    round_item: RoundItem
    place: RoundPlace
    terms: NeedTerms


@dataclass(slots=True)
class ReadFile:
    """What a file holds; with a single fault nothing of it is written."""

    needs: list[NewNeed] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Desk:
    """What rows are checked against: who may need, what is bought, the points one enters for, what stands."""

    members: Mapping[str, Sequence[Enterprise]]  # by folded name or number
    items: Mapping[str, RoundItem]  # by folded code or name
    places: Mapping[str, RoundPlace]  # by folded code or name
    hidden: frozenset[tuple[int, int, int]]  # (enterprise, item, point) whose price stands and may not be read
    today: date

    @property
    def only_place(self) -> RoundPlace | None:
        points = {each.pk: each for each in self.places.values()}
        return next(iter(points.values())) if len(points) == 1 else None


def headings() -> list[str]:
    """The first row of a file in the language of the page; prices with their unit."""
    unit = units.writing().unit.name(page_language())
    return [f"{text} ({unit})" if code in PRICES else str(text) for code, text in HEADINGS.items()]


# Reading


def read_needs(rows: Sequence[tuple[int, list[str]]], desk: Desk) -> ReadFile:
    """Check a file of needs; the first row names the columns, a row without a quantity is passed over."""
    line, heading = rows[0]
    columns, faults = _columns(line, heading)
    if faults:
        return ReadFile(faults=faults)
    found, seen = ReadFile(), dict[tuple[int, int, int], int]()
    for line, row in rows[1:]:
        cells = {code: row[place].strip() if place < len(row) else "" for code, (place, _unit) in columns.items()}
        if not cells["quantity"]:
            continue
        reader = _Reader(line, cells, {code: unit for code, (_place, unit) in columns.items()}, desk)
        need = reader.read()
        if need is not None:
            reader.check_once(need, seen)
            found.needs.append(need)
        found.faults += reader.faults
    if not found.needs and not found.faults:
        found.faults.append(Fault(line, str(HEADINGS["quantity"]), _("No row has a quantity.")))
    return found


def _columns(line: int, heading: Sequence[str]) -> tuple[dict[str, tuple[int, int]], list[Fault]]:
    """Where each column stands, with the rial that its unit is worth; and what is wrong with the headings."""
    names, passed = _names()
    places: dict[str, tuple[int, int]] = {}
    faults = []
    for place, text in enumerate(heading):
        plain = lang.fold(_BRACKETS.sub("", text))
        code = names.get(plain)
        if code in places:
            faults.append(Fault(line, text, _("This column is there twice.")))
        elif code:
            in_rial = any(lang.fold(each) in _RIAL for each in _BRACKETS.findall(text))
            places[code] = (place, 1 if in_rial else units.writing().unit.rial)
        elif plain and plain not in passed:
            faults.append(Fault(line, text, _("This column is not known. See the names in the template.")))
    missing = [Fault(line, str(HEADINGS[name]), _("This column is missing.")) for name in NEEDED if name not in places]
    return places, faults + missing


def _names() -> tuple[dict[str, str], set[str]]:
    """What columns are called, folded, in either language or by their code; and what is passed over."""
    names = {lang.fold(code): code for code in HEADINGS}
    passed = set()
    for language in ("fa", "en"):
        with translation.override(language):
            names |= {lang.fold(str(text)): code for code, text in HEADINGS.items()}
            passed.add(lang.fold(str(STATE)))
    return names, passed


class _Reader:
    """One row; every fault of it is kept."""

    def __init__(self, line: int, cells: Mapping[str, str], rial: Mapping[str, int], desk: Desk) -> None:
        self.line, self.cells, self.rial, self.desk = line, cells, rial, desk
        self.faults: list[Fault] = []

    def fault(self, column: str, text: str) -> None:
        self.faults.append(Fault(self.line, str(HEADINGS[column]), text))

    def read(self) -> NewNeed | None:
        """The row as a need, or None with its faults."""
        member, item, place = self._member(), self._item(), self._place()
        quantity, most = self._whole("quantity"), self._whole("quantity_max")
        if quantity is not None and most is not None and most < quantity:
            self.fault("quantity_max", _("This is below the quantity; write the same or more, or leave it empty."))
        latest = self._latest(place)
        highest, alone, said_on = self._price("highest_price"), self._price("alone_price"), self._said_on()
        if len(self.cells.get("alone_from", "")) > ALONE_FROM_MAX:
            told = {"most": lang.format_number(ALONE_FROM_MAX, page_language())}
            self.fault("alone_from", _("This is longer than %(most)s letters.") % told)
        keeps = bool(member and item and place and (member.pk, item.pk, place.pk) in self.desk.hidden)
        if highest is None and alone is None and not keeps and not any(self.cells.get(each) for each in PRICES):
            self.fault("highest_price", _("Write the highest price you would pay, or your best price alone."))
        if self.faults or member is None or item is None or place is None or quantity is None:
            return None
        terms = NeedTerms(
            quantity=quantity,
            quantity_max=most,
            highest=highest,
            latest_on=latest,
            alone=alone,
            alone_from=self.cells.get("alone_from", "") if alone else "",
            alone_on=said_on if alone else None,
            keeps_price=keeps,
        )
        return NewNeed(self.line, member, item, place, terms)

    def check_once(self, need: NewNeed, seen: dict[tuple[int, int, int], int]) -> None:
        """A member needs an item at a point once."""
        key = (need.enterprise.pk, need.round_item.pk, need.place.pk)
        if key in seen:
            first = lang.format_number(seen[key], page_language())
            self.fault("member", _("The same member, item and point stand in row %(row)s already.") % {"row": first})
        seen.setdefault(key, self.line)

    def _member(self) -> Enterprise | None:
        text = self.cells["member"]
        found = self.desk.members.get(lang.fold(text), ()) if text else ()
        if not text:
            self.fault("member", _("Name the member, or give its number."))
        elif not found:
            self.fault("member", _("“%(text)s” is no member’s name or number.") % {"text": text[:60]})
        elif len(found) > 1:
            self.fault("member", _("Several members are called “%(text)s”; give the number.") % {"text": text[:60]})
        return found[0] if len(found) == 1 else None

    def _item(self) -> RoundItem | None:
        text = self.cells["item"]
        found = self.desk.items.get(lang.fold(text)) if text else None
        if found is None:
            known = ", ".join(dict.fromkeys(each.item.code for each in self.desk.items.values()))
            self.fault("item", _("The round does not buy “%(text)s”. Its items: %(known)s.") % {"text": text[:60], "known": known})  # fmt: skip
        return found

    def _place(self) -> RoundPlace | None:
        text = self.cells.get("point", "")
        if not text:
            if self.desk.only_place is None:
                self.fault("point", _("Say at which point the goods are taken."))
            return self.desk.only_place
        found = self.desk.places.get(lang.fold(text))
        if found is None:
            known = ", ".join(dict.fromkeys(each.point.code for each in self.desk.places.values()))
            self.fault("point", _("“%(text)s” is no point that you enter for. Yours: %(known)s.") % {"text": text[:60], "known": known})  # fmt: skip
        return found

    def _number(self, column: str) -> Decimal | None:
        text = self.cells.get(column, "")
        if not text:
            return None
        try:
            return lang.parse_decimal(text)
        except ValueError:
            self.fault(column, _("“%(text)s” is not a number.") % {"text": text[:60]})
            return None

    def _whole(self, column: str) -> int | None:
        number = self._number(column)
        if number is None:
            return None
        if number != number.to_integral_value():
            self.fault(column, _("Write a whole number, such as 12 or ۱۲."))
        elif not 1 <= number <= QUANTITY_MAX:
            self.fault(column, _("The quantity is out of range."))
        else:
            return int(number)
        return None

    def _price(self, column: str) -> int | None:
        number = self._number(column)
        if number is None:
            return None
        rial = number * self.rial.get(column, 1)
        if rial != rial.to_integral_value() or not 1 <= rial <= PRICE_MAX:
            self.fault(column, _("A price is out of range."))
            return None
        return int(rial)

    def _day(self, column: str) -> date | None:
        text = self.cells.get(column, "")
        if not text:
            return None
        try:
            return lang.parse_day(text)
        except ValueError:
            self.fault(column, _("There is no such day. Write it as 1405/09/01 or 2026-11-22."))
            return None

    def _latest(self, place: RoundPlace | None) -> date | None:
        day = self._day("latest_date")
        if day and day < self.desk.today:
            self.fault("latest_date", _("This day has passed."))
        elif day and place and day < place.on:
            on = lang.format_day(place.on, page_language(), style="short")
            self.fault("latest_date", _("Goods are handed out here on %(day)s; write that day or a later one.") % {"day": on})  # fmt: skip
        return day

    def _said_on(self) -> date | None:
        day = self._day("alone_date")
        if day and day > self.desk.today:
            self.fault("alone_date", _("This day lies in the future."))
        return day


# Writing


def file_row(need: Need, price: NeedPrice | None) -> list[Any]:
    """A need as a row under `headings`, and whether it is confirmed; prices in the unit people type."""
    unit = units.writing().unit

    def amount(rial: int | None) -> Any:
        return "" if rial is None else units.in_unit(rial, unit)

    return [
        str(need.enterprise),
        need.round_item.item.code,
        need.quantity,
        need.quantity_max,
        need.place.point.code,
        _typed_day(need.latest_on),
        amount(price.highest if price else None),
        amount(price.alone if price else None),
        price.alone_from if price else "",
        _typed_day(price.alone_on if price else None),
        need.get_confirmed_display() if need.confirmed else _("not confirmed yet"),
    ]


def _typed_day(day: date | None) -> str:
    return lang.day_for_input(day, page_language()) if day else ""


def engine_rows(needs: Iterable[Need], prices: Mapping[int, NeedPrice]) -> list[list[Any]]:
    """The rows of `needs.csv` for `kandoo buy`: what is planned for, members by number, rial."""
    return [
        [
            each.enterprise_id,
            each.round_item.item.code,
            each.quantity,
            each.quantity_max,
            each.place.point.code,
            each.latest_on.isoformat() if each.latest_on else "",
            prices[each.pk].ceiling,
        ]
        for each in needs
        if each.pk in prices
    ]
