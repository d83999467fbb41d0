"""A quotation as a table: a template filled with the round's items, and a filled one read whole.

One row a price step, as in quotations.csv of `kandoo buy`, without the supplier; amounts in the unit people type.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kandoo.buying.actions.quotations import LineTerms, QuotationTerms, refusal_of
from kandoo.buying.models import Item, QuotationLine, Round, RoundItem, RoundPlace
from kandoo.engine.buying.values import MONEY_MAX, PRICE_MAX, QUANTITY_MAX
from kandoo.site import language as lang
from kandoo.site import units
from kandoo.site.lists import page_language

HEADINGS = {
    "item": gettext_lazy("Item"),
    "brings": gettext_lazy("Brings"),
    "kind": gettext_lazy("Kind of steps"),
    "quantity_from": gettext_lazy("From quantity"),
    "unit_price": gettext_lazy("Price of a unit"),
    "capacity": gettext_lazy("Most units"),
    "pack": gettext_lazy("Units in a pack"),
    "minimum_order": gettext_lazy("Least value of an order"),
    "delivery_fixed": gettext_lazy("Delivery, whatever is ordered"),
    "places": gettext_lazy("Points"),
    "deliver_by": gettext_lazy("Delivers by"),
}
ALWAYS = ("item", "quantity_from", "unit_price")
OF_ITEM = ("brings", "kind", "capacity", "pack", "deliver_by")  # said once for an item
OF_ALL = ("minimum_order", "delivery_fixed", "places")  # said once for the quotation
AMOUNTS = ("unit_price", "minimum_order", "delivery_fixed")
KINDS = {
    QuotationLine.Kind.ALL_UNITS: gettext_lazy("all units"),
    QuotationLine.Kind.INCREMENTAL: gettext_lazy("incremental"),
}
VALID_DAYS = 30


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, in which row and column of the file."""

    line: int
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadQuotationFile:
    """What a file holds; with a single fault there are no terms."""

    terms: QuotationTerms | None
    faults: list[Fault]


Said = dict[str, tuple[int, Any]]  # column -> (line, value)


@dataclass(slots=True)
class _Reading:
    """A file while it is read: what the round knows, what was found, what is wrong."""

    this: Round
    items: Mapping[str, RoundItem]  # by folded code and name
    places: Mapping[str, RoundPlace]
    today: date
    faults: list[Fault] = field(default_factory=list)
    of_all: Said = field(default_factory=dict)
    of_item: dict[RoundItem, Said] = field(default_factory=lambda: defaultdict(dict))
    steps: dict[RoundItem, dict[int, tuple[int, int]]] = field(default_factory=lambda: defaultdict(dict))

    def refuse(self, line: int, column: str, text: str) -> None:
        self.faults.append(Fault(line, str(HEADINGS[column]), text))


def headings() -> list[str]:
    """The heads of the table, amounts with their unit."""
    unit = units.writing().unit.name(page_language())
    return [f"{text} ({unit})" if code in AMOUNTS else str(text) for code, text in HEADINGS.items()]


def template_rows(this: Round, terms: QuotationTerms | None) -> list[list[Any]]:
    """A row a step of what was quoted, and a row for each other item of the round."""
    lines = {line.round_item.pk: line for line in terms.lines} if terms else {}
    rows: list[list[Any]] = []
    for row in this.items.select_related("item"):
        line = lines.get(row.pk) or LineTerms(row, [(1, 0)])
        for number, (quantity, price) in enumerate(line.steps):
            rows.append(_template_row(row, line, quantity, price, is_first=number == 0))
    if terms and rows:
        rows[0][7:10] = [_amount(terms.minimum_order), _amount(terms.delivery_fixed), places_text(terms)]
    return rows


def _template_row(row: RoundItem, line: LineTerms, quantity: int, price: int, *, is_first: bool) -> list[Any]:
    brings = line.brings.code if line.brings and line.brings.pk != row.item_id else None
    once = [line.capacity, line.pack or row.pack] if is_first else [None, None]
    day = lang.day_for_input(line.deliver_by, page_language()) if line.deliver_by and is_first else None
    kind = str(KINDS[QuotationLine.Kind(line.kind)])
    return [
        row.item.code,
        brings if is_first else None,
        kind,
        quantity,
        _amount(price) or None,
        *once,
        None,
        None,
        None,
        day,
    ]


def places_text(terms: QuotationTerms) -> str:
    """Points a quotation delivers to: “town; village=200000”, the amount where it costs more; empty: all."""
    return "; ".join(
        f"{place.point.code}={_amount(delivery)}" if delivery else place.point.code
        for place, delivery in terms.places.items()
    )


def _amount(rial: int) -> int | float:
    amount = units.in_unit(rial, units.writing().unit)
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def read_quotation(
    rows: Sequence[tuple[int, list[str]]], this: Round, today: date, before: QuotationTerms | None
) -> ReadQuotationFile:
    """Check a whole file; what it does not say (validity, payment) is as it was `before`."""
    line, heading = rows[0]
    columns = _columns(heading)
    missing = [name for name in ALWAYS if name not in columns]
    if missing:
        return ReadQuotationFile(
            None, [Fault(line, str(HEADINGS[name]), _("This column is missing.")) for name in missing]
        )
    reading = _Reading(this, _items_by_name(this), _places_by_name(this), today)
    for line, row in rows[1:]:
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in columns.items()}
        _take(reading, line, {name: cells.get(name, "") for name in HEADINGS})
    lines = [] if reading.faults else _lines(reading)
    if not lines and not reading.faults:
        reading.refuse(rows[0][0], "unit_price", _("No row has a price."))
    if reading.faults:
        return ReadQuotationFile(None, sorted(reading.faults, key=lambda each: each.line))
    return ReadQuotationFile(_terms(reading, lines, before), [])


def _columns(heading: Sequence[str]) -> dict[str, int]:
    """Where each column stands; its code and its name in either language are understood, a unit in brackets too."""
    names = {lang.fold(code): code for code in HEADINGS}
    for language in ("fa", "en"):
        with translation.override(language):
            names |= {lang.fold(str(text)): code for code, text in HEADINGS.items()}
    places: dict[str, int] = {}
    for place, text in enumerate(heading):
        if code := names.get(lang.fold(text.partition("(")[0])):
            places.setdefault(code, place)
    return places


def _items_by_name(this: Round) -> dict[str, RoundItem]:
    rows = this.items.select_related("item").prefetch_related("substitutes__item")
    return {name: row for row in rows for name in _names_of(row.item)}


def _places_by_name(this: Round) -> dict[str, RoundPlace]:
    return {name: place for place in this.places.select_related("point") for name in _names_of(place.point)}


def _names_of(row: Any) -> set[str]:
    return {lang.fold(text) for text in (row.code, row.name_fa, row.name_en) if text}


def _take(reading: _Reading, line: int, cells: Mapping[str, str]) -> None:
    """One row: a step of an item, and what is said once. A row without a price is passed over."""
    for column in OF_ALL:
        _say(reading, reading.of_all, line, column, _value(reading, line, column, cells[column]), _("the quotation"))
    if not cells["unit_price"]:
        return
    row = reading.items.get(lang.fold(cells["item"]))
    if row is None:
        reading.refuse(line, "item", _("This is no item of the round."))
        return
    for column in OF_ITEM:
        value = (
            _brings(reading, line, row, cells[column])
            if column == "brings"
            else _value(reading, line, column, cells[column])
        )
        _say(reading, reading.of_item[row], line, column, value, str(row.item))
    quantity = _whole(reading, line, "quantity_from", cells["quantity_from"] or "1", QUANTITY_MAX)
    price = _rial(reading, line, "unit_price", cells["unit_price"], PRICE_MAX)
    if price == 0:
        reading.refuse(line, "unit_price", _("A price is above zero."))
    elif quantity is not None and price is not None:
        earlier = reading.steps[row].setdefault(quantity, (line, price))
        if earlier[0] != line:
            at = {"line": lang.format_number(earlier[0], page_language())}
            reading.refuse(line, "quantity_from", _("This step stands in row %(line)s already.") % at)


def _say(reading: _Reading, said: Said, line: int, column: str, value: Any, whose: str) -> None:
    """Keep what is said once; an empty cell says nothing."""
    if value is None:
        return
    earlier, known = said.setdefault(column, (line, value))
    if known != value:
        at = {"line": lang.format_number(earlier, page_language()), "whose": whose}
        reading.refuse(line, column, _("Row %(line)s says something else of %(whose)s.") % at)


def _value(reading: _Reading, line: int, column: str, text: str) -> Any:
    """A cell read as its column asks; None where it is empty or at fault."""
    if not text:
        return None
    if column in ("minimum_order", "delivery_fixed"):
        return _rial(reading, line, column, text, MONEY_MAX)
    if column in ("capacity", "pack"):
        return _whole(reading, line, column, text, QUANTITY_MAX)
    readers = {"kind": _kind, "deliver_by": _day, "places": _places}
    return readers[column](reading, line, text)


def _whole(reading: _Reading, line: int, column: str, text: str, most: int) -> int | None:
    try:
        number = lang.parse_decimal(text)
        if number == number.to_integral_value() and 1 <= number <= most:
            return int(number)
    except ValueError:
        pass
    values = {"most": lang.format_number(most, page_language())}
    reading.refuse(line, column, _("Write a whole number from 1 to %(most)s.") % values)
    return None


def _rial(reading: _Reading, line: int, column: str, text: str, most: int) -> int | None:
    unit = units.writing().unit
    try:
        rial = lang.parse_decimal(text) * unit.rial
        if rial == rial.to_integral_value() and 0 <= rial <= most:
            return int(rial)
    except ValueError:
        pass
    reading.refuse(
        line, column, _("Write an amount in %(unit)s, such as 250,000.") % {"unit": unit.name(page_language())}
    )
    return None


def _kind(reading: _Reading, line: int, text: str) -> str | None:
    names = {lang.fold(code): code for code in KINDS}
    for language in ("fa", "en"):
        with translation.override(language):
            names |= {lang.fold(str(word)): code for code, word in KINDS.items()}
            names |= {lang.fold(str(code.label)): code for code in KINDS}
    found = names.get(lang.fold(text))
    if found is None:
        either = {
            "first": str(KINDS[QuotationLine.Kind.ALL_UNITS]),
            "second": str(KINDS[QuotationLine.Kind.INCREMENTAL]),
        }
        reading.refuse(line, "kind", _("Write “%(first)s” or “%(second)s”.") % either)
    return found


def _day(reading: _Reading, line: int, text: str) -> date | None:
    try:
        return lang.parse_day(text)
    except ValueError:
        reading.refuse(line, "deliver_by", _("There is no such day. Write it as 1405/09/01 or 2026-11-22."))
        return None


def _places(reading: _Reading, line: int, text: str) -> dict[RoundPlace, int] | None:
    """Points apart by “;”, each with what delivery to it costs behind “=”."""
    found: dict[RoundPlace, int] = {}
    for part in filter(None, (each.strip() for each in text.replace("؛", ";").split(";"))):
        name, _sign, amount = part.partition("=")
        place = reading.places.get(lang.fold(name))
        rial = _rial(reading, line, "places", amount, MONEY_MAX) if amount.strip() else 0
        if place is None:
            reading.refuse(line, "places", _("“%(name)s” is no point of the round.") % {"name": name.strip()})
        if place is None or rial is None:
            return None
        found[place] = rial
    return found


def _brings(reading: _Reading, line: int, row: RoundItem, text: str) -> Item | None:
    if not text:
        return None
    allowed = [row.item, *(each.item for each in row.substitutes.all())]
    found = next((each for each in allowed if lang.fold(text) in _names_of(each)), None)
    if found is None:
        reading.refuse(line, "brings", _("This is no substitute that the round allows."))
    return found


def _lines(reading: _Reading) -> list[LineTerms]:
    """The items that were quoted; a line that cannot be is refused at its first row."""
    lines = []
    for row, steps in reading.steps.items():
        said = {column: value for column, (_line, value) in reading.of_item[row].items()}
        line = LineTerms(
            round_item=row,
            steps=[(quantity, price) for quantity, (_at, price) in sorted(steps.items())],
            kind=said.get("kind", QuotationLine.Kind.ALL_UNITS),
            brings=said.get("brings"),
            capacity=said.get("capacity"),
            pack=said.get("pack"),
            deliver_by=said.get("deliver_by"),
        )
        if refusal := refusal_of(reading.this, line):
            first = min(at for at, _price in steps.values())
            reading.refuse(first, "capacity" if "capacity" in said else "item", refusal)
        lines.append(line)
    return lines


def _terms(reading: _Reading, lines: list[LineTerms], before: QuotationTerms | None) -> QuotationTerms:
    valid = max(reading.this.closes_on, reading.today) + timedelta(days=VALID_DAYS)
    said = {column: value for column, (_line, value) in reading.of_all.items()}
    return replace(
        before or QuotationTerms(lines=[], valid_until=valid),
        lines=lines,
        minimum_order=said.get("minimum_order", 0),
        delivery_fixed=said.get("delivery_fixed", 0),
        places=said.get("places", {}),
    )
