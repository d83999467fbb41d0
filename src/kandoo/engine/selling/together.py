"""All orders of a sale exchange drums with each other; see `exchange` for how."""

import numpy as np

from .exchange import exchange
from .repair import Repair, Sale
from .values import FloatArray, IntArray

HOT, COLD = 0.02, 0.0005  # of the mean value of a sold drum
NEAR = 400  # unsold batches that an order looks at
CELLS_MAX = 30_000_000  # of the table of limits; a larger sale is left as it is


def exchange_drums(repair: Repair, moves: int, seed: int) -> bool:
    """Improve the repair's sale; True when money was won."""
    model, sale = repair.model, repair.sale
    orders = sorted(sale.lot)
    limits = sum(len(model.lots[sale.lot[order]].rows) for order in orders)
    if not orders or limits * len(model.batches) > CELLS_MAX:
        return False
    lots = np.array([sale.lot[order] for order in orders])
    rows, first = _rows(repair, lots)
    drums = np.zeros((len(orders), len(model.batches)), dtype=np.int32)
    for place, order in enumerate(orders):
        drums[place, sale.batch[order]] = sale.drums[order]
    values = [model.drum_value(order)[sale.batch[order]].mean() for order in orders]
    won = exchange(
        model.price[orders], model.cost, model.drum_kg, rows, first,
        np.ascontiguousarray(repair.table.usable[:, lots]), _nearest(repair, lots),
        (model.drums_min[orders], model.sources_max[orders], model.mass_min[orders],
         model.mass_max[orders]),
        sale.free.copy(), drums, HOT * np.mean(values), COLD * np.mean(values), moves, seed,
    )  # fmt: skip
    if won <= 0:
        return False
    after = Sale(free=model.drums.copy())
    for place, order in enumerate(orders):
        batch = np.flatnonzero(drums[place])
        after.put(order, int(lots[place]), batch, drums[place, batch].astype(np.int64))
    is_better = after.value(model) > sale.value(model)
    repair.sale = after if is_better else sale
    return is_better


def _rows(repair: Repair, lots: IntArray) -> tuple[FloatArray, IntArray]:
    """(batches, limits) what a drum adds to each limit, and where each lot's limits begin."""
    model = repair.model
    first = np.cumsum([0, *(len(model.lots[lot].rows) for lot in lots)])
    rows = np.zeros((len(model.batches), int(first[-1])))
    for begin, lot in zip(first, lots, strict=False):
        for offset, row in enumerate(model.lots[lot].rows):
            rows[:, begin + offset] = np.nan_to_num(row.coefficients()) * model.drum_kg
    return rows, first


def _nearest(repair: Repair, lots: IntArray) -> IntArray:
    """(lots, candidates) the batches each lot may best use; the best stands in for missing ones."""
    chosen = []
    for lot in lots:
        best = np.argsort(-repair.worth[:, lot], kind="stable")[:NEAR]
        chosen.append(np.where(repair.table.usable[best, lot], best, best[0]))
    return np.stack(chosen)
