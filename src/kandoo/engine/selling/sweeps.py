# mypy: ignore-errors
"""The inner loops of the bound, compiled: send every batch to its best order, then move the prices."""

import numba
import numpy as np

BLOCKS = 8  # fixed, so that sums do not depend on the number of processors


@numba.njit(parallel=True, fastmath=True, cache=True)
def _sweep(features, cost, supply, source_share, usable, theta, base, psi, heaviest, used, earned):
    """Send every batch to the lot that pays best; add up what each lot then holds."""
    batches, width = features.shape
    lots = base.shape[0]
    used[:] = 0
    earned[:] = 0
    size = (batches + BLOCKS - 1) // BLOCKS
    for block in numba.prange(BLOCKS):
        worth_here = np.empty(lots, dtype=np.float32)
        for i in range(block * size, min((block + 1) * size, batches)):
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
            while not (usable[i, j] and worth_here[j] == best):
                j += 1
            mass = supply[i]
            earned[block] += mass * (best - cost[i])
            used[block, j, 0] += mass
            used[block, j, 1] += mass * max(share, heaviest[j])
            for f in range(width):
                used[block, j, 2 + f] += mass * features[i, f]


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
def descend(
    features, cost, supply, source_share, usable, lot_order, price, mass_max, sources, heaviest,
    rows, start, sweeps, step,
):  # fmt: skip
    orders, lots, width = price.shape[0], lot_order.shape[0], features.shape[1]
    x = np.concatenate(start)
    momentum, second, gradient = np.zeros_like(x), np.zeros_like(x), np.zeros_like(x)
    best, best_bound = x.copy(), np.inf
    theta = np.zeros((width, lots), dtype=np.float32)
    base, psi = np.zeros(lots, dtype=np.float32), np.zeros(lots, dtype=np.float32)
    lot_heaviest = heaviest[lot_order].astype(np.float32)
    used, earned = np.zeros((BLOCKS, lots, 2 + width)), np.zeros(BLOCKS)
    for t in range(sweeps):
        _spread_prices(price, lot_order, rows, x, theta, base, psi)
        _sweep(features, cost, supply, source_share, usable, theta, base, psi, lot_heaviest, used,
               earned)  # fmt: skip
        bound = earned.sum() + (x[:orders] * mass_max).sum()
        bound += (x[orders : 2 * orders] * sources).sum()
        if bound < best_bound:
            best_bound, best[:] = bound, x
        _excess(used.sum(axis=0), lot_order, mass_max, sources, rows, gradient)
        momentum[:] = 0.9 * momentum + 0.1 * gradient
        second[:] = 0.98 * second + 0.02 * gradient**2
        size = step * max((1 - t / sweeps) ** 2.5, 1e-4)
        fresh = momentum / (1 - 0.9 ** (t + 1))
        x -= size * fresh / (np.sqrt(second / (1 - 0.98 ** (t + 1))) + 1e-12)
        x[:] = np.maximum(x, 0)
    return best[:orders], best[orders : 2 * orders], best[2 * orders :]
