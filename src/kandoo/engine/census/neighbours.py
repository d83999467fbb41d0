# mypy: ignore-errors
"""Weights of neighbours within each radius, the inner loops of M, compiled. All in double precision.

`radius` ends with infinity. `grid` finds the first radius that a distance can be within: grid[int(d scale)];
the radius itself is found by comparing, so it is exact. `shape` is as in `pairs.py`.
"""

import numba
import numpy as np
from numpy.typing import NDArray

from .draws import draw_cases
from .points import Floats

CHUNK = 512
LANES = 4  # a power of 2; sums taken in turn: most pairs fall beyond the last radius, and one sum would wait for itself


def radius_grid(radius_km: Floats) -> tuple[Floats, NDArray[np.int32], float]:
    """(radii and infinity, the first radius not below the start of each of many cells, cells per km)."""
    cells = max(1024, 16 * radius_km.size)
    scale = cells / radius_km[-1]
    grid = np.searchsorted(radius_km, (np.arange(cells + 2) - 1e-6) / scale).astype(np.int32)
    return np.append(radius_km, np.inf), grid, scale


@numba.njit(fastmath=True, cache=True)
def _find_far(x, y, z, here, first, last, shape, scale, cells, far, cell):
    """Distances from `here` to the sites first to last, and their cells."""
    k2, k4 = shape[0], shape[1]
    xs, ys, zs = x[first:last], y[first:last], z[first:last]
    hx, hy, hz = here
    for j in range(last - first):
        dx, dy, dz = xs[j] - hx, ys[j] - hy, zs[j] - hz
        square = dx * dx + dy * dy + dz * dz
        far[j] = np.sqrt(square) * (1.0 + square * (k2 + k4 * square))
        cell[j] = np.int32(min(far[j] * scale, cells))


@numba.njit(cache=True)
def _sum_weights(x, y, z, weight, here, shape, radius, grid, scale, far, cell, within):
    """Fill `within` (radii, the last infinite) with the weight of all sites no farther from `here` than each."""
    lanes = np.zeros((LANES, radius.size))
    cells = np.float64(grid.size - 1)
    for first in range(0, x.size, CHUNK):
        last = min(first + CHUNK, x.size)
        _find_far(x, y, z, here, first, last, shape, scale, cells, far, cell)
        own = weight[first:last]
        for j in range(last - first):
            k = grid[cell[j]]
            while far[j] > radius[k]:
                k += 1
            lanes[j & (LANES - 1), k] += own[j]
    within[:] = lanes.sum(axis=0)
    for k in range(1, radius.size):
        within[k] += within[k - 1]


@numba.njit(parallel=True, cache=True)
def weights_within(x, y, z, weight, shape, radius, grid, scale):
    """Weight of the other sites within each radius of each site: (sites, radii)."""
    within = np.empty((x.size, radius.size - 1))
    for i in numba.prange(x.size):
        far, cell, sums = np.empty(CHUNK), np.empty(CHUNK, dtype=np.int32), np.empty(radius.size)
        _sum_weights(x, y, z, weight, (x[i], y[i], z[i]), shape, radius, grid, scale, far, cell, sums)
        within[i] = sums[:-1] - weight[i]
    return within


@numba.njit(cache=True)
def relative_share(places, weight_of_all, own, of_all, value):
    """Fill `value` (radii) with M. own: neighbours' weight of the industry (cases, radii); of_all: of every site."""
    mine, total = weight_of_all[places].sum(), weight_of_all.sum()
    overall = np.zeros(value.size)
    value[:] = 0
    for i in range(places.size):
        here = weight_of_all[places[i]]
        if total - here <= 1e-12 * total:  # all weight is its own: nothing lies around it
            continue
        share = (mine - here) / (total - here)
        for k in range(value.size):
            beside = of_all[places[i], k]
            if beside > 1e-12 * total:  # a difference of sums: 0 but for rounding
                value[k] += own[i, k] / beside
                overall[k] += share
    for k in range(value.size):
        value[k] = value[k] / overall[k] if overall[k] > 0 else np.nan


@numba.njit(cache=True)
def neighbours_of(places, x, y, z, weight, shape, radius, grid, scale):
    """Weight of the other cases within each radius of each case: (cases, radii)."""
    xs, ys, zs, ws = x[places], y[places], z[places], weight[places]
    own = np.empty((places.size, radius.size - 1))
    far, cell, sums = np.empty(CHUNK), np.empty(CHUNK, dtype=np.int32), np.empty(radius.size)
    for i in range(places.size):
        _sum_weights(xs, ys, zs, ws, (xs[i], ys[i], zs[i]), shape, radius, grid, scale, far, cell, sums)
        own[i] = sums[:-1] - ws[i]
    return own


@numba.njit(parallel=True, cache=True)
def simulated_shares(x, y, z, weight, of_all, cases, simulations, seed, shape, radius, grid, scale):
    """M of random industries of `cases` sites, simulations first to last: (simulations, radii)."""
    first, last = simulations
    values = np.empty((last - first, radius.size - 1))
    for s in numba.prange(last - first):
        taken = np.zeros(x.size, dtype=np.uint8)
        places = draw_cases(cases, x.size, seed, first + s, taken)
        own = neighbours_of(places, x, y, z, weight, shape, radius, grid, scale)
        relative_share(places, weight, own, of_all, values[s])
    return values


@numba.njit(cache=True)
def _smooth_weights(x, y, z, weight, here, shape, scale, kernel, far, cell, around):
    """Fill `around` (radii) with the weight of all sites at their distance from `here`, smoothed by `kernel`.

    kernel: (bins, radii); the last bin, of whatever is farther, is 0. scale: bins per km.
    """
    lanes = np.zeros((LANES, kernel.shape[0]))
    last_bin = np.float64(kernel.shape[0] - 1)
    for first in range(0, x.size, CHUNK):
        last = min(first + CHUNK, x.size)
        _find_far(x, y, z, here, first, last, shape, scale, last_bin, far, cell)
        own = weight[first:last]
        for j in range(last - first):
            lanes[j & (LANES - 1), cell[j]] += own[j]
    around[:] = 0
    for b in range(kernel.shape[0]):
        total = 0.0
        for lane in range(LANES):
            total += lanes[lane, b]
        if total > 0:
            for k in range(around.size):
                around[k] += total * kernel[b, k]


@numba.njit(parallel=True, cache=True)
def weights_around(x, y, z, weight, shape, scale, kernel):
    """Smoothed weight of the other sites about each distance of each site: (sites, radii)."""
    found = np.empty((x.size, kernel.shape[1]))
    for i in numba.prange(x.size):
        far, cell = np.empty(CHUNK), np.empty(CHUNK, dtype=np.int32)
        _smooth_weights(x, y, z, weight, (x[i], y[i], z[i]), shape, scale, kernel, far, cell, found[i])
        found[i] -= weight[i] * kernel[0]
    return found


@numba.njit(cache=True)
def cases_around(places, x, y, z, weight, shape, scale, kernel):
    """Smoothed weight of the other cases about each distance of each case: (cases, radii)."""
    xs, ys, zs, ws = x[places], y[places], z[places], weight[places]
    own = np.empty((places.size, kernel.shape[1]))
    far, cell = np.empty(CHUNK), np.empty(CHUNK, dtype=np.int32)
    for i in range(places.size):
        _smooth_weights(xs, ys, zs, ws, (xs[i], ys[i], zs[i]), shape, scale, kernel, far, cell, own[i])
        own[i] -= ws[i] * kernel[0]
    return own


@numba.njit(parallel=True, cache=True)
def simulated_shares_around(x, y, z, weight, of_all, cases, simulations, seed, shape, scale, kernel):
    """m of random industries of `cases` sites, simulations first to last: (simulations, radii)."""
    first, last = simulations
    values = np.empty((last - first, kernel.shape[1]))
    for s in numba.prange(last - first):
        taken = np.zeros(x.size, dtype=np.uint8)
        places = draw_cases(cases, x.size, seed, first + s, taken)
        own = cases_around(places, x, y, z, weight, shape, scale, kernel)
        relative_share(places, weight, own, of_all, values[s])
    return values
