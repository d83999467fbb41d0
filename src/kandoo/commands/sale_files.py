"""batches.csv and orders.csv as the engine's columns, with every fault by line and column.

The formats are described in docs/file-formats.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import nan
from pathlib import Path
from typing import Any, TypeVar

from kandoo import profiles
from kandoo.engine.laws import BlendLaw
from kandoo.engine.selling.values import Batches, Orders

from .tables import Fault, Faulty, Table, number, read_table, whole

Built = TypeVar("Built")

BATCH_COLUMNS = (
    "batch_id", "member_id", "kind", "drums", "drum_kg", "reserve_per_kg", "transport_per_kg",
    "barred",
)  # fmt: skip
ORDER_COLUMNS = (
    "order_id", "price_per_kg", "mass_min_kg", "mass_max_kg", "kinds", "sources_max", "drums_min",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SaleFiles:
    """Both files, read whole and found good."""

    batches: Batches
    orders: Orders
    laws: Mapping[str, BlendLaw]


def read_sale(batches: Path, orders: Path, product: str = "honey") -> SaleFiles:
    """Read and check both files.

    Raises
    ------
    Faulty
        With every fault of both files.
    """
    profile = profiles.load(product)
    laws = profile.blend_laws
    percentages = {code for code, parameter in profile.parameters.items() if parameter.unit in ("g/100g", "%")}
    faults: list[Fault] = []
    built_batches = _attempt(faults, lambda: _read_batches(batches, laws, percentages))
    built_orders = _attempt(faults, lambda: _read_orders(orders, laws, percentages))
    if built_batches is None or built_orders is None:
        raise Faulty(faults)
    return SaleFiles(built_batches, built_orders, laws)


def _attempt(faults: list[Fault], build: Callable[[], Built]) -> Built | None:
    try:
        return build()
    except Faulty as found:
        faults.extend(found.faults)
        return None


def _read_batches(path: Path, laws: Mapping[str, BlendLaw], percentages: set[str]) -> Batches:
    table = read_table(path, BATCH_COLUMNS, lambda column: column in laws)
    columns: dict[str, list[Any]] = {
        "batch_id": table.identities("batch_id"),
        "member_id": table.texts("member_id"),
        "kind": table.texts("kind"),
        "drums": table.numbers("drums", whole(0, 10**9)),
        "drum_kg": table.numbers("drum_kg", _mass(positive=True)),
        "reserve_per_kg": table.numbers("reserve_per_kg", whole(0)),
        "transport_per_kg": table.numbers("transport_per_kg", whole(0), empty=0),
        "barred": table.numbers("barred", whole(0, 1), empty=0),
    }
    quality = {
        name: table.numbers(name, _measured(name, percentages), empty=nan) for name in table.columns if name in laws
    }
    _refuse_faults(table)
    return Batches.build(**columns, quality=quality)


def _read_orders(path: Path, laws: Mapping[str, BlendLaw], percentages: set[str]) -> Orders:
    table = read_table(path, ORDER_COLUMNS, lambda column: column[:-4] in laws
                       and column[-4:] in ("_min", "_max"))  # fmt: skip
    columns: dict[str, list[Any]] = {
        "order_id": table.identities("order_id"),
        "price_per_kg": table.numbers("price_per_kg", whole(0)),
        "mass_min_kg": table.numbers("mass_min_kg", _mass(positive=False)),
        "mass_max_kg": table.numbers("mass_max_kg", _mass(positive=False)),
        "kinds": [_kinds(cell) for cell in table.cells("kinds")],
        "sources_max": table.numbers("sources_max", whole(0, 10**9), empty=0),
        "drums_min": table.numbers("drums_min", whole(1, 10**9), empty=1),
    }
    limits = {
        column: table.numbers(column, _measured(column[:-4], percentages), empty=nan)
        for column in table.columns
        if column not in ORDER_COLUMNS
    }
    masses = {name: columns[name] for name in ("mass_min_kg", "mass_max_kg")}
    _refuse_ranges(table, {**masses, **limits})
    _refuse_faults(table)
    lower = {column[:-4]: cells for column, cells in limits.items() if column.endswith("_min")}
    upper = {column[:-4]: cells for column, cells in limits.items() if column.endswith("_max")}
    return Orders.build(**columns, lower=lower, upper=upper)


def _kinds(cell: str) -> frozenset[str]:
    return frozenset(kind.strip() for kind in cell.split(";") if kind.strip())


def _mass(*, positive: bool) -> Callable[[str], float]:
    """Kilograms with at most three decimals."""

    def parse(cell: str) -> float:
        value = number(cell)
        if value < 0 or (positive and value == 0):
            raise ValueError(f"{cell!r} is not {'above' if positive else 'at least'} 0 kg")
        if value * 1000 != (value * 1000).to_integral_value():
            raise ValueError(f"{cell!r} is finer than a gram")
        if value > 10**12:
            raise ValueError(f"{cell!r} is above 1000000000000 kg")
        return float(value)

    return parse


def _measured(parameter: str, percentages: set[str]) -> Callable[[str], float]:
    """A laboratory value or a limit on one: what nature allows, no narrower."""
    most = 100.0 if parameter in percentages else 14.0 if parameter == "ph" else 1e9

    def parse(cell: str) -> float:
        value = float(number(cell))
        if not 0 <= value <= most:
            raise ValueError(f"{cell!r} is not between 0 and {most:g}")
        return value

    return parse


def _refuse_ranges(table: Table, columns: Mapping[str, list[float]]) -> None:
    pairs = [("mass_min_kg", "mass_max_kg")]
    pairs += [(name, f"{name[:-4]}_max") for name in columns if name.endswith("_min")]
    for low, high in pairs:
        if low not in columns or high not in columns:
            continue
        for line, least, most in zip(table.lines, columns[low], columns[high], strict=True):
            if least > most:
                table.refuse(line, low, f"{least:g} is above {high} {most:g}")


def _refuse_faults(table: Table) -> None:
    if table.faults:
        raise Faulty(sorted(table.faults))
