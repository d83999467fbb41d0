"""The blending problem written out for HiGHS over a chosen set of (batch, lot) pairs.

"Used at all" variables appear only where a source limit or a least share can bind; elsewhere they
project out of the relaxation: n <= N y and sum y <= S become sum n / N <= S with the same bound.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from .model import Model
from .solver import INFINITY, Program
from .task import TONNE
from .values import FloatArray, IntArray

_NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Which batch may go into which lot; parallel columns."""

    batch: IntArray
    lot: IntArray

    def __len__(self) -> int:
        return len(self.batch)


def all_pairs(model: Model) -> Pairs:
    batch, lot = np.nonzero(model.usable)
    return Pairs(batch, lot)


def pair_most(model: Model, pairs: Pairs) -> IntArray:
    """(pairs,) the most drums each pair can carry."""
    order = model.lot_order[pairs.lot]
    fitting = model.orders.mass_max_g[order] // model.batches.drum_g[pairs.batch]
    most: IntArray = np.minimum(model.drums[pairs.batch], fitting)
    return most


def pair_value(model: Model, pairs: Pairs) -> FloatArray:
    """(pairs,) money gained by one drum."""
    margin = model.price[model.lot_order[pairs.lot]] - model.cost[pairs.batch]
    return model.drum_kg[pairs.batch] * margin


class RowBuilder:
    """Collects sparse rows one at a time."""

    def __init__(self) -> None:
        self.columns: list[np.ndarray] = []
        self.values: list[np.ndarray] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def add(self, columns: np.ndarray, values: np.ndarray, low: float, high: float) -> None:
        self.columns.append(columns)
        self.values.append(np.asarray(values, dtype=np.float64))
        self.low.append(low)
        self.high.append(high)

    def matrix(self, width: int) -> csr_array:
        starts = np.cumsum([0, *map(len, self.columns)])
        data = np.concatenate(self.values) if self.values else np.zeros(0)
        columns = np.concatenate(self.columns) if self.columns else np.zeros(0, dtype=np.int64)
        return csr_array(
            (data, columns.astype(np.int32), starts.astype(np.int32)),
            shape=(len(self.columns), width),
        )


def program_of(model: Model, pairs: Pairs, *, projected: bool = False, inside: float = 0.0) -> Program:
    """The program whose first `len(pairs)` columns are whole drums.

    `projected=True` gives the relaxation without any "used" variable. `inside` keeps every limit's
    activity so far below 0, against what HiGHS forgives.
    """
    most = pair_most(model, pairs)
    used, accepted = (_NONE, _NONE) if projected else switches(model, pairs, most)
    width = len(pairs) + len(used) + len(accepted)
    rows = RowBuilder()
    _add_supply(rows, model, pairs, most)
    for lot in np.unique(pairs.lot):
        _add_lot(rows, model, pairs, int(lot), inside)
    column_of = {int(pair): len(pairs) + place for place, pair in enumerate(used)}
    switch_of = {int(lot): len(pairs) + len(used) + place for place, lot in enumerate(accepted)}
    for order in np.unique(model.lot_order[pairs.lot]):
        _add_order(rows, model, pairs, most, int(order), column_of, switch_of)
    for pair, column in column_of.items():
        least = model.drums_min[model.lot_order[pairs.lot[pair]]]
        rows.add(np.array([pair, column]), np.array([1, -most[pair]]), -INFINITY, 0)
        if least > 1:
            rows.add(np.array([pair, column]), np.array([1, -least]), 0, INFINITY)
    gain = np.zeros(width)
    gain[: len(pairs)] = pair_value(model, pairs)
    high = np.ones(width)
    high[: len(pairs)] = most
    return Program(
        gain=gain,
        rows=rows.matrix(width),
        row_low=np.array(rows.low, dtype=np.float64),
        row_high=np.array(rows.high, dtype=np.float64),
        low=np.zeros(width),
        high=high,
        whole=np.full(width, not projected),
    )


def switches(model: Model, pairs: Pairs, most: IntArray) -> tuple[IntArray, IntArray]:
    """The pairs that need a "used" variable, and the lots that need an "accepted" one."""
    order = model.lot_order[pairs.lot]
    crowd = np.bincount(order, minlength=len(model.price))[order]
    limited = crowd > model.sources_max[order]
    needed = limited | ((model.drums_min[order] > 1) & (most > 0))
    lots = np.unique(pairs.lot)
    variants = np.bincount(model.lot_order[lots], minlength=len(model.price))
    switched = (model.mass_min[model.lot_order[lots]] > 0) | (variants[model.lot_order[lots]] > 1)
    return np.flatnonzero(needed), lots[switched]


def _add_supply(rows: RowBuilder, model: Model, pairs: Pairs, most: IntArray) -> None:
    by_batch = np.argsort(pairs.batch, kind="stable")
    starts = np.flatnonzero(np.diff(pairs.batch[by_batch], prepend=-1))
    for group in np.split(by_batch, starts[1:]):
        supply = model.drums[pairs.batch[group[0]]] if len(group) else 0
        if most[group].sum() > supply:
            rows.add(group, np.ones(len(group)), -INFINITY, float(supply))


def _add_lot(rows: RowBuilder, model: Model, pairs: Pairs, lot: int, inside: float) -> None:
    members = np.flatnonzero(pairs.lot == lot)
    batch = pairs.batch[members]
    for row in model.lots[lot].rows:
        rows.add(members, model.drum_kg[batch] * row.coefficients()[batch], -INFINITY, -inside)


def _add_order(
    rows: RowBuilder,
    model: Model,
    pairs: Pairs,
    most: IntArray,
    order: int,
    column_of: dict[int, int],
    switch_of: dict[int, int],
) -> None:
    lots = [int(lot) for lot in np.unique(pairs.lot) if model.lot_order[lot] == order]
    for lot in lots:
        members = np.flatnonzero(pairs.lot == lot)
        mass = model.drum_kg[pairs.batch[members]] / TONNE
        if lot in switch_of:
            with_switch = np.append(members, switch_of[lot])
            high, low = float(model.mass_max[order]) / TONNE, float(model.mass_min[order]) / TONNE
            rows.add(with_switch, np.append(mass, -high), -INFINITY, 0)
            rows.add(with_switch, np.append(mass, -low), 0, INFINITY)
        else:
            rows.add(members, mass, -INFINITY, float(model.mass_max[order]) / TONNE)
    if len(lots) > 1:
        rows.add(np.array([switch_of[lot] for lot in lots]), np.ones(len(lots)), -INFINITY, 1)
    members = np.flatnonzero(np.isin(pairs.lot, lots))
    if len(members) <= model.sources_max[order]:
        return
    limit = float(model.sources_max[order])
    if members[0] in column_of:
        rows.add(np.array([column_of[int(each)] for each in members]), np.ones(len(members)),
                 -INFINITY, limit)  # fmt: skip
    else:
        rows.add(members, 1 / np.maximum(most[members], 1), -INFINITY, limit)
