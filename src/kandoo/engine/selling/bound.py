"""A certified upper bound by prices alone: nobody can sell the drums for more than this.

Put a price on every order's mass, on its sources and on each of its limits. Each batch then goes
to the order that pays it best, and what the batches and the prices earn together is an upper bound
for every plan in whole drums, whatever the (non-negative) prices. Moving the prices against the
excess demand lowers the bound to that of the linear relaxation.

Geoffrion, A. (1974). Lagrangean relaxation for integer programming. Math. Prog. Study 2, 82-114.
"""

from dataclasses import dataclass, replace

import numpy as np

from .model import Model
from .solver import TRUST
from .sweeps import descend
from .values import BoolArray, FloatArray, IntArray

CHUNK = 8192
MANY, SAMPLE, PART = 40_000, 8, 4  # above so many batches, every eighth finds the prices first
FIRST_STEP, CORRECTION_STEP = 0.25, 0.0015  # of the spread of prices and costs


@dataclass(frozen=True, slots=True)
class Table:
    """The model as dense columns: every measure centred and scaled, every row an index triple."""

    features: FloatArray  # (batches, features)
    row_lot: IntArray
    row_top: IntArray  # feature index
    row_bottom: IntArray  # feature index, -1 for plain mass
    row_limit: FloatArray  # on the scaled feature
    row_sign: FloatArray
    row_scale: FloatArray  # units of the measure's scale in one unit of the feature
    usable: BoolArray  # (batches, lots)
    cost: FloatArray  # (batches,) money per kg
    lot_order: IntArray
    supply: FloatArray  # (batches,) kg
    source_share: FloatArray  # (batches,) sources used by one kg, in mean supplies
    mean_supply: float  # kg


@dataclass(frozen=True, slots=True)
class Prices:
    """Non-negative multipliers and the bound they prove."""

    mass: FloatArray  # (orders,) money per kg
    source: FloatArray  # (orders,) money per mean supply
    row: FloatArray  # (rows,) money per kg and unit of the scaled feature
    bound: float


def tabulate(model: Model) -> Table:
    """Lay the model out for the sweeps."""
    columns: list[FloatArray] = []
    place: dict[int, tuple[int, float, float]] = {}
    bottoms: dict[int, int] = {}
    rows: list[tuple[int, int, int, float, float, float]] = []
    for index, lot in enumerate(model.lots):
        for row in lot.rows:
            key = id(row.measure)
            if key not in place:
                column, centre, scale = _scaled(row.measure.top, row.measure.bottom)
                place[key] = (len(columns), centre, scale)
                columns.append(column)
                bottoms[key] = -1
                if not (row.measure.bottom[row.measure.known] == 1).all():
                    bottoms[key] = len(columns)
                    columns.append(np.nan_to_num(row.measure.bottom))
            top, centre, scale = place[key]
            at = row.measure.on_scale(row.limit)
            at += row.sign * 1e-9 * max(1.0, abs(at))
            rows.append((index, top, bottoms[key], (at - centre) / scale, row.sign, scale))
    supply = model.drums * model.drum_kg
    mean_supply = float(supply[supply > 0].mean()) if (supply > 0).any() else 1.0
    fields = list(zip(*rows, strict=True)) if rows else [()] * 6
    indices = [np.array(each, dtype=np.int64) for each in fields[:3]]
    figures = [np.array(each, dtype=np.float64) for each in fields[3:]]
    return Table(
        features=np.column_stack(columns) if columns else np.zeros((len(supply), 0)),
        row_lot=indices[0],
        row_top=indices[1],
        row_bottom=indices[2],
        row_limit=figures[0],
        row_sign=figures[1],
        row_scale=figures[2],
        usable=model.usable,
        cost=model.cost,
        lot_order=model.lot_order,
        supply=supply,
        source_share=mean_supply / np.maximum(supply, 1e-9),
        mean_supply=mean_supply,
    )


def _scaled(top: FloatArray, bottom: FloatArray) -> tuple[FloatArray, float, float]:
    known = ~np.isnan(top + bottom)
    if not known.any():
        return np.zeros(len(top)), 0.0, 1.0
    centre = float(top[known].mean() / max(bottom[known].mean(), 1e-12))
    away = top - centre * bottom
    scale = float(away[known].std()) or 1.0
    return np.where(known, away / scale, 0.0), centre, scale


def lot_prices(table: Table, model: Model, prices: Prices) -> tuple[FloatArray, FloatArray]:
    """(features, lots) what a feature costs in each lot, and (lots,) what a kilogram earns."""
    theta = np.zeros((table.features.shape[1], len(model.lots)))
    base = (model.price - prices.mass)[table.lot_order]
    signed = prices.row * table.row_sign
    np.add.at(theta, (table.row_top, table.row_lot), signed)
    held = table.row_bottom >= 0
    at = signed * table.row_limit
    np.add.at(theta, (table.row_bottom[held], table.row_lot[held]), -at[held])
    np.add.at(base, table.row_lot[~held], at[~held])
    return theta, base


def worth(table: Table, model: Model, prices: Prices, batches: slice) -> FloatArray:
    """(batches, lots) what a kilogram earns there after all prices; -inf where it may not go."""
    theta, base = lot_prices(table, model, prices)
    heaviest = table.mean_supply / np.maximum(model.mass_max, 1e-9)
    share = np.maximum(table.source_share[batches, None], heaviest[None, table.lot_order])
    earned = base - share * prices.source[table.lot_order] - table.features[batches] @ theta
    earned -= table.cost[batches, None]
    return np.where(table.usable[batches], earned, -np.inf)


def certified(table: Table, model: Model, prices: Prices) -> float:
    """The bound in full precision, with the slack that rounding may need."""
    parts = [
        table.supply[rows] @ np.maximum(worth(table, model, prices, rows).max(axis=1, initial=0), 0)
        for rows in chunks(len(table.supply))
    ]
    has_lot = np.isin(np.arange(len(model.price)), table.lot_order)
    limited = np.minimum(model.sources_max, len(table.supply)) * table.mean_supply
    orders = prices.mass * model.mass_max + prices.source * limited
    total = float(np.sum(parts)) + float(orders[has_lot].sum())
    return total + TRUST * (abs(total) + float(np.abs(parts).sum()))


def chunks(count: int) -> list[slice]:
    return [slice(first, min(first + CHUNK, count)) for first in range(0, count, CHUNK)]


def find_prices(table: Table, model: Model, *, sweeps: int) -> Prices:
    """Lower the bound by `sweeps` price changes, starting from no prices.

    Of very many batches every eighth one finds the prices first; all of them then take a quarter of
    the sweeps to correct them. The bound is certified with all.
    """
    at = Prices(np.zeros(len(model.price)), np.zeros(len(model.price)), np.zeros(len(table.row_lot)), np.inf)
    if len(table.supply) <= MANY:
        found = _lowered(table, model, at, sweeps, FIRST_STEP)
    else:
        sampled = _lowered(_every(table, SAMPLE), model, at, sweeps, FIRST_STEP)
        found = _lowered(table, model, sampled, sweeps // PART, CORRECTION_STEP)
    return replace(found, bound=certified(table, model, found))


def _every(table: Table, nth: int) -> Table:
    """Every nth batch, standing for all."""
    return replace(
        table,
        features=table.features[::nth],
        cost=table.cost[::nth],
        usable=table.usable[::nth],
        supply=nth * table.supply[::nth],
        source_share=table.source_share[::nth],
    )


def _lowered(table: Table, model: Model, at: Prices, sweeps: int, step: float) -> Prices:
    """Momentum 0.9, second moment 0.98, the step falling as (1 - t / sweeps) ** 2.5; the best kept."""
    spread = float(model.price.std() + model.cost.std()) or 1.0
    single = np.float32
    mass, source, row = descend(  # type: ignore[no-untyped-call]
        (
            np.ascontiguousarray(table.features, dtype=single),
            table.cost.astype(single),
            table.supply.astype(single),
            table.source_share.astype(single),
            np.ascontiguousarray(table.usable).view(np.uint8),
        ),
        table.lot_order,
        model.price,
        model.mass_max,
        np.minimum(model.sources_max, len(model.batches)) * table.mean_supply,
        table.mean_supply / np.maximum(model.mass_max, 1e-9),
        (table.row_lot, table.row_top, table.row_bottom, table.row_limit, table.row_sign),
        (at.mass, at.source, at.row),
        sweeps,
        step * spread,
    )
    return Prices(mass, source, row, np.inf)
