# mypy: ignore-errors
"""The inner loops of the bound, compiled: send every batch to its best order, then move the prices."""

import numba
import numpy as np

BLOCKS = 8  # fixed, so that sums do not depend on the number of processors
PARALLEL = 4_000_000  # batches x lots from which a sweep outweighs the waiting of processors


@numba.njit(fastmath=True, cache=True)
def _sweep_block(first, last, block, batches, prices, used, earned):
    """Send the batches of one block to the lots that pay best; add up what each lot then holds."""
    features, cost, supply, source_share, usable = batches
    theta, base, psi, heaviest = prices
    width, lots = features.shape[1], base.shape[0]
    used[block] = 0
    earned[block] = 0
    worth_here = np.empty(lots, dtype=np.float32)
    for i in range(first, last):
        share = source_share[i]
        for j in range(lots):
            worth_here[j] = base[j] - psi[j] * max(share, heaviest[j])
        for f in range(width):
            value = features[i, f]
            for j in range(lots):
                worth_here[j] -= value * theta[f, j]
        best = np.float32(-1e30)
        for j in range(lots):
            best = max(best, worth_here[j] - np.float32(1e30) * np.float32(1 - usable[i, j]))
        if best <= cost[i]:
            continue
        j = 0
        while j < lots - 1 and not (usable[i, j] and worth_here[j] == best):
            j += 1
        mass = supply[i]
        earned[block] += mass * (best - cost[i])
        used[block, j, 0] += mass
        used[block, j, 1] += mass * max(share, heaviest[j])
        for f in range(width):
            used[block, j, 2 + f] += mass * features[i, f]


@numba.njit(cache=True)
def _sweep_alone(batches, prices, used, earned):
    size = (batches[0].shape[0] + BLOCKS - 1) // BLOCKS
    for block in range(BLOCKS):
        last = min((block + 1) * size, batches[0].shape[0])
        _sweep_block(block * size, last, block, batches, prices, used, earned)


@numba.njit(parallel=True, cache=True)
def _sweep_in_parallel(batches, prices, used, earned):
    size = (batches[0].shape[0] + BLOCKS - 1) // BLOCKS
    for block in numba.prange(BLOCKS):
        last = min((block + 1) * size, batches[0].shape[0])
        _sweep_block(block * size, last, block, batches, prices, used, earned)


@numba.njit(cache=True)
def _excess(used, lot_order, mass_max, sources, rows, gradient):
    """Room left by each order and each limit, in mean order sizes."""
    row_lot, row_top, row_bottom, row_limit, row_sign = rows
    orders = mass_max.shape[0]
    unit = mass_max.mean()
    gradient[:orders] = mass_max / unit
    gradient[orders : 2 * orders] = sources / unit
    for j in range(lot_order.shape[0]):
        gradient[lot_order[j]] -= used[j, 0] / unit
        gradient[orders + lot_order[j]] -= used[j, 1] / unit
    for r in range(row_lot.shape[0]):
        j = row_lot[r]
        below = used[j, 0] if row_bottom[r] < 0 else used[j, 2 + row_bottom[r]]
        over = row_sign[r] * (used[j, 2 + row_top[r]] - row_limit[r] * below)
        gradient[2 * orders + r] = -over / unit


@numba.njit(cache=True)
def _spread_prices(price, lot_order, rows, x, theta, base, psi):
    row_lot, row_top, row_bottom, row_limit, row_sign = rows
    orders = price.shape[0]
    theta[:] = 0
    for j in range(lot_order.shape[0]):
        base[j] = price[lot_order[j]] - x[lot_order[j]]
        psi[j] = x[orders + lot_order[j]]
    for r in range(row_lot.shape[0]):
        signed = x[2 * orders + r] * row_sign[r]
        theta[row_top[r], row_lot[r]] += signed
        if row_bottom[r] < 0:
            base[row_lot[r]] += signed * row_limit[r]
        else:
            theta[row_bottom[r], row_lot[r]] -= signed * row_limit[r]


@numba.njit(cache=True)
def _step(x, momentum, second, gradient, t, sweeps, step):
    """Adam's step against the gradient, prices kept at 0 or above."""
    momentum[:] = 0.9 * momentum + 0.1 * gradient
    second[:] = 0.98 * second + 0.02 * gradient**2
    size = step * max((1 - t / sweeps) ** 2.5, 1e-4)
    fresh = momentum / (1 - 0.9 ** (t + 1))
    x -= size * fresh / (np.sqrt(second / (1 - 0.98 ** (t + 1))) + 1e-12)
    x[:] = np.maximum(x, 0)


def descend(batches, lot_order, price, mass_max, sources, heaviest, rows, start, sweeps, step):
    """Move the prices `sweeps` times; the best (mass, source, row) prices met.

    batches: (features, cost, supply, source_share, usable), float32 but for usable (uint8).
    """
    orders, lots, width = price.shape[0], lot_order.shape[0], batches[0].shape[1]
    x = np.concatenate(start)
    momentum, second, gradient = np.zeros_like(x), np.zeros_like(x), np.zeros_like(x)
    best, best_bound = x.copy(), np.inf
    theta = np.zeros((width, lots), dtype=np.float32)
    base, psi = np.zeros(lots, dtype=np.float32), np.zeros(lots, dtype=np.float32)
    prices = (theta, base, psi, heaviest[lot_order].astype(np.float32))
    used, earned = np.zeros((BLOCKS, lots, 2 + width)), np.zeros(BLOCKS)
    sweep = _sweep_in_parallel if batches[4].size >= PARALLEL else _sweep_alone
    for t in range(sweeps):
        _spread_prices(price, lot_order, rows, x, theta, base, psi)
        sweep(batches, prices, used, earned)
        bound = earned.sum() + x[:orders] @ mass_max + x[orders : 2 * orders] @ sources
        if bound < best_bound:
            best_bound, best[:] = bound, x
        _excess(used.sum(axis=0), lot_order, mass_max, sources, rows, gradient)
        _step(x, momentum, second, gradient, t, sweeps, step)
    return best[:orders], best[orders : 2 * orders], best[2 * orders :]
