"""What quality is worth in this plan: the prices of an order's limits, for dividing its proceeds."""

import numpy as np

from .model import Lot, Model
from .repair import Sale
from .solver import solve_linear
from .task import task_of

NEIGHBOURS = 300  # unsold batches that may take part beside the order's own


def price_quality(model: Model, lot: Lot, sale: Sale) -> tuple[dict[str, float], dict[str, float]]:
    """The price of each limit of a filled order, and what they make of each batch in it.

    The order chooses again, in fractions of drums, from its own drums and the unsold ones. The dual
    price of a limit, in money per kg and unit of the row (g/100 g, mg/kg, ... ; optical density for
    colour; numerator for a ratio), times a batch's distance inside that limit in the same unit, is
    the batch's credit per kg. Credits weighted by mass add up to price x slack of the blend: to
    nothing where the limit is met exactly. So they move money between batches and create none.
    The first mapping has the prices per unit of the parameter instead of the row's.
    """
    order = lot.order
    own = np.zeros(len(model.batches), dtype=np.int64)
    own[sale.batch[order]] = sale.drums[order]
    least = model.drums_min[order]
    unsold = np.flatnonzero(lot.usable & (own == 0) & (sale.free >= least))
    gain = model.drum_value(order) / model.drum_kg
    best = unsold[np.argsort(-gain[unsold], kind="stable")[:NEIGHBOURS]]
    batch = np.sort(np.concatenate([sale.batch[order], best]))
    task = task_of(model, lot, batch, sale.free + own)
    answer = solve_linear(task.relaxation())
    duals = np.zeros(len(lot.rows)) if answer.row_dual is None else answer.row_dual
    dual = np.maximum(duals[: len(lot.rows)], 0.0)
    prices: dict[str, float] = {}
    credit = np.zeros(len(sale.batch[order]))
    for row, price in zip(lot.rows, dual, strict=True):
        per_unit = float(price) * row.measure.slope(row.limit)
        prices[row.key] = prices.get(row.key, 0.0) + per_unit
        credit -= price * row.coefficients()[sale.batch[order]]
    names = (model.batches.batch_id[i] for i in sale.batch[order])
    return prices, dict(zip(names, credit.tolist(), strict=True))
