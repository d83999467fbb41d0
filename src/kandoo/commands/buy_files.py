"""needs.csv and quotations.csv as the engine's values, with every fault by line and column.

The formats are described in docs/file-formats.md.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from persiantools.jdatetime import JalaliDate

from kandoo.engine.buying import ANY_DAY, KINDS, Needs, Offer, Step, Supplier
from kandoo.engine.buying.values import MONEY_MAX, PRICE_MAX, QUANTITY_MAX

from .tables import DIGITS, Fault, Faulty, Table, read_table, whole

NEED_COLUMNS = (
    "member_id", "item", "quantity", "quantity_max", "place", "latest_date", "alone_price",
)  # fmt: skip
QUOTATION_COLUMNS = (
    "supplier_id", "item", "kind", "quantity_from", "unit_price", "capacity", "pack", "minimum_order",
    "delivery_fixed", "places", "deliver_by",
)  # fmt: skip
OF_ITEM = ("kind", "capacity", "pack", "places", "deliver_by")  # said once for a supplier's item
OF_SUPPLIER = ("minimum_order", "delivery_fixed")
JALALI_YEARS = range(1200, 1700)


@dataclass(frozen=True, slots=True)
class BuyingFiles:
    """Both files, read whole and found good."""

    needs: Needs
    suppliers: tuple[Supplier, ...]


def read_buying(needs: Path, quotations: Path) -> BuyingFiles:
    """Read and check both files.

    Raises
    ------
    Faulty
        With every fault of both files.
    """
    faults: list[Fault] = []
    tables: list[Table | None] = []
    for path, columns in ((needs, NEED_COLUMNS), (quotations, QUOTATION_COLUMNS)):
        try:
            tables.append(read_table(path, columns, lambda column: False))
        except Faulty as found:
            faults.extend(found.faults)
            tables.append(None)
    calendar = Calendar()
    built_needs = _needs(tables[0], calendar) if tables[0] else None
    suppliers = _suppliers(tables[1], calendar) if tables[1] else ()
    for table in tables:
        faults.extend(sorted(table.faults) if table else ())
    if faults or built_needs is None:
        raise Faulty(faults)
    return BuyingFiles(built_needs, suppliers)


class Calendar:
    """Reads days: 2026-11-22, 1405/09/01, or plain day numbers; all of one purchase alike."""

    def __init__(self) -> None:
        self.first = ""  # the first cell that was read

    def __call__(self, cell: str) -> int:
        text = cell.translate(DIGITS)
        is_number = text.isascii() and text.isdigit()
        if self.first and is_number != self.first.isdigit():
            raise ValueError(f"{cell!r} and {self.first!r} are not days of one kind")
        value = whole(0, ANY_DAY - 1)(text) if is_number else _ordinal(cell, text)
        self.first = self.first or text
        return value


def _ordinal(cell: str, text: str) -> int:
    try:
        year, month, day = (int(part) for part in text.replace("/", "-").split("-"))
        if year in JALALI_YEARS:
            return int(JalaliDate(year, month, day).to_gregorian().toordinal())
        return date(year, month, day).toordinal()
    except ValueError:
        raise ValueError(f"{cell!r} is not a day like 2026-11-22 or 1405/09/01") from None


def _needs(table: Table, calendar: Calendar) -> Needs | None:
    members, items, places = table.texts("member_id"), table.texts("item"), table.cells("place")
    quantity = table.numbers("quantity", cache(whole(1, QUANTITY_MAX)))
    most = table.numbers("quantity_max", cache(whole(1, QUANTITY_MAX)), empty=0)
    latest = table.numbers("latest_date", cache(calendar), empty=ANY_DAY)
    price = table.numbers("alone_price", cache(whole(0, PRICE_MAX)))
    seen: dict[tuple[str, str, str, float], int] = {}
    for row, line in enumerate(table.lines):
        if most[row] and most[row] < quantity[row]:
            table.refuse(line, "quantity_max", f"{most[row]} is below quantity {quantity[row]}")
        key = (members[row], items[row], places[row], latest[row])
        if members[row] and items[row] and seen.setdefault(key, line) != line:
            table.refuse(line, "member_id", f"{members[row]!r} needs {items[row]!r} for the same place and date "
                                            f"already in line {seen[key]}")  # fmt: skip
    if not table.faults and sum(q * p for q, p in zip(quantity, price, strict=True)) > MONEY_MAX:
        table.refuse(table.lines[0], "alone_price", f"all needs together cost more than {MONEY_MAX} alone")
    if table.faults:
        return None
    mosts = [int(top or wanted) for top, wanted in zip(most, quantity, strict=True)]
    return Needs.build(members, items, [*map(int, quantity)], mosts, places, [*map(int, latest)], [*map(int, price)])


def _suppliers(table: Table, calendar: Calendar) -> tuple[Supplier, ...]:
    table.texts("supplier_id")
    table.texts("item")
    _kinds(table)
    places = [";".join(sorted({part.strip() for part in cell.split(";") if part.strip()}))
              for cell in table.cells("places")]  # fmt: skip
    columns: dict[str, Sequence[Any]] = {
        "kind": table.cells("kind"),
        "places": places,
        "quantity_from": table.numbers("quantity_from", whole(0, QUANTITY_MAX)),
        "unit_price": table.numbers("unit_price", whole(0, PRICE_MAX)),
        "capacity": table.numbers("capacity", whole(0, QUANTITY_MAX), empty=-1),
        "pack": table.numbers("pack", whole(1, QUANTITY_MAX), empty=-1),
        "minimum_order": table.numbers("minimum_order", whole(0), empty=-1),
        "delivery_fixed": table.numbers("delivery_fixed", whole(0), empty=-1),
        "deliver_by": table.numbers("deliver_by", calendar, empty=-1),
    }
    by_supplier: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row, (supplier, item) in enumerate(zip(table.cells("supplier_id"), table.cells("item"), strict=True)):
        if supplier and item:
            by_supplier[supplier][item].append(row)
    suppliers = []
    for name, items in by_supplier.items():
        rows = sorted(row for each in items.values() for row in each)
        minimum, delivery = (_said_once(table, columns, column, rows, name) for column in OF_SUPPLIER)
        offers = [_offer(table, columns, item, each) for item, each in items.items()]
        if not table.faults:
            whole_offers = tuple(offer for offer in offers if offer is not None)
            suppliers.append(Supplier(name, whole_offers, max(int(minimum), 0), max(int(delivery), 0)))
    return tuple(suppliers)


def _kinds(table: Table) -> None:
    for line, kind in zip(table.lines, table.texts("kind"), strict=True):
        if kind and kind not in KINDS:
            table.refuse(line, "kind", f"{kind!r} is neither all_units nor incremental")


def _offer(table: Table, columns: dict[str, Sequence[Any]], item: str, rows: list[int]) -> Offer | None:
    name = f"{table.cells('supplier_id')[rows[0]]}, {item}"
    kind, capacity, pack, places, day = (_said_once(table, columns, column, rows, name) for column in OF_ITEM)
    first: dict[Any, int] = {}
    for row in rows:
        start = columns["quantity_from"][row]
        if first.setdefault(start, row) != row:
            table.refuse(table.lines[row], "quantity_from",
                         f"{start} is already a step of {name!r} in line {table.lines[first[start]]}")  # fmt: skip
    if table.faults:
        return None
    steps = sorted((int(columns["quantity_from"][row]), int(columns["unit_price"][row])) for row in rows)
    return Offer(
        item,
        tuple(Step(*step) for step in steps),
        kind,
        None if capacity < 0 else int(capacity),
        max(int(pack), 1),
        frozenset(places.split(";")) if places else None,
        None if day < 0 else int(day),
    )


def _said_once(table: Table, columns: dict[str, Sequence[Any]], column: str, rows: list[int], name: str) -> Any:
    """The one value of these rows; an empty cell beside a filled one says nothing."""
    cells = columns[column]
    is_said: Callable[[Any], bool] = bool if column in ("kind", "places") else lambda value: value >= 0
    said = [row for row in rows if is_said(cells[row])]
    for row in said[1:]:
        if cells[row] != cells[said[0]]:
            table.refuse(table.lines[row], column,
                         f"{cells[row]!r} of {name!r} differs from {cells[said[0]]!r} in line {table.lines[said[0]]}")  # fmt: skip
    return cells[said[0]] if said else cells[rows[0]]
