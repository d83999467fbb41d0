# mypy: ignore-errors
"""Distances of all pairs of sites, sorted into bins; the inner loops, compiled.

`shape` is (k2, k4): a chord c becomes the distance c (1 + k2 c^2 + k4 c^4); both are 0 in the plane.
Each simulation, or each fixed block of sites, fills bins of its own, so that nothing depends on how
many processors there are.
"""

import numba
import numpy as np

from .draws import draw_cases

CHUNK = 2048  # pairs whose bins are found before any is counted
BLOCKS = 64  # of sites, for one large set; fixed
BEYOND = 16  # bins, a power of 2, that take the pairs too far apart in turn: one alone would wait for itself


@numba.njit(fastmath=True, cache=True)
def _find_flat(xs, ys, x, y, top, bin_of):
    """Bins of the pairs of one site and others in the plane, `top` and more for those beyond it.

    Coordinates are in bins. The bins have no sign, so that none is asked whether it counts from the end.
    """
    for j in range(xs.size):
        dx, dy = xs[j] - x, ys[j] - y
        far = np.sqrt(dx * dx + dy * dy)
        bin_of[j] = np.int32(min(far, top + xs.dtype.type(j & (BEYOND - 1))))


@numba.njit(fastmath=True, cache=True)
def _find_curved(xs, ys, zs, here, shape, top, bin_of):
    """As `_find_flat`, with the chords lengthened to distances on the earth."""
    (x, y, z), (k2, k4), one = here, shape, xs.dtype.type(1)
    for j in range(xs.size):
        dx, dy, dz = xs[j] - x, ys[j] - y, zs[j] - z
        square = dx * dx + dy * dy + dz * dz
        far = np.sqrt(square) * (one + square * (k2 + k4 * square))
        bin_of[j] = np.int32(min(far, top + xs.dtype.type(j & (BEYOND - 1))))


@numba.njit(cache=True)
def _find_bins(x, y, z, first, last, i, shape, top, bin_of):
    """Bins of the pairs (i, j), first <= j < last. In numbers of the coordinates' own width."""
    if shape[0] == 0:
        _find_flat(x[first:last], y[first:last], x[i], y[i], top, bin_of)
    else:
        _find_curved(x[first:last], y[first:last], z[first:last], (x[i], y[i], z[i]), shape, top, bin_of)


@numba.njit(cache=True)
def _count(x, y, z, rows, shape, bin_of, counts):
    """Count the pairs (i, j), j < i, i in `rows`; the last BEYOND of `counts` have those beyond."""
    top = x.dtype.type(counts.size - BEYOND)
    for i in range(rows[0], x.size, rows[1]):
        for begin in range(0, i, CHUNK):
            end = min(begin + CHUNK, i)
            _find_bins(x, y, z, begin, end, i, shape, top, bin_of)
            for j in range(end - begin):
                counts[bin_of[j]] += np.uint32(1)


@numba.njit(cache=True)
def _weigh(x, y, z, weight, rows, shape, bin_of, counts, masses):
    """As `_count`, and the products of the pairs' weights."""
    top = x.dtype.type(counts.size - BEYOND)
    for i in range(rows[0], x.size, rows[1]):
        for begin in range(0, i, CHUNK):
            end = min(begin + CHUNK, i)
            _find_bins(x, y, z, begin, end, i, shape, top, bin_of)
            own = weight[i]
            others = weight[begin:end]
            for j in range(end - begin):
                counts[bin_of[j]] += np.uint32(1)
                masses[bin_of[j]] += own * others[j]


@numba.njit(cache=True)
def _in_bins(x, y, z, scale, shape):
    """Coordinates and shape with the width of a bin as the unit of length."""
    square = scale * scale
    return x * scale, y * scale, z * scale, (shape[0] / square, shape[1] / (square * square))


@numba.njit(cache=True)
def _fold(filled, folded):
    """Put what lies beyond into one last bin."""
    bins = folded.size - 1
    folded[:bins] = filled[:bins]
    folded[bins] = filled[bins:].sum()


@numba.njit(parallel=True, cache=True)
def counts_of_all(x, y, z, weight, scale, shape, bins):
    """Pairs and products of weights by distance, over all pairs of the sites.

    x, y, z: km. weight: float64, or empty for pairs alone. Returns int64 and float64 of bins + 1;
    the second is 0 without weights.
    """
    counts = np.zeros((BLOCKS, bins + BEYOND), dtype=np.uint32)
    masses = np.zeros((BLOCKS, bins + BEYOND), dtype=np.float64)
    xs, ys, zs, own_shape = _in_bins(x, y, z, scale, shape)
    for block in numba.prange(BLOCKS):
        bin_of = np.empty(CHUNK, dtype=np.uint32)
        if weight.size:
            _weigh(xs, ys, zs, weight, (block, BLOCKS), own_shape, bin_of, counts[block], masses[block])
        else:
            _count(xs, ys, zs, (block, BLOCKS), own_shape, bin_of, counts[block])
    total, mass = np.zeros(bins + BEYOND, dtype=np.int64), np.zeros(bins + BEYOND)
    for block in range(BLOCKS):
        total += counts[block]
        mass += masses[block]
    folded, weighed = np.zeros(bins + 1, dtype=np.int64), np.zeros(bins + 1)
    _fold(total, folded)
    _fold(mass, weighed)
    return folded, weighed


@numba.njit(parallel=True, cache=True)
def simulated_counts(x, y, z, weight, cases, simulations, seed, scale, shape, bins):
    """As `counts_of_all`, of each simulation first to last: random sites in place of the cases.

    x, y, z, scale, shape: float32. simulations: (first, last). bins: at most 65,520.
    Returns uint32 of (simulations, bins + 1) and float64 of the same shape, or of (0, 0) without weights.
    """
    first, last = simulations
    counts = np.zeros((last - first, bins + 1), dtype=np.uint32)
    masses = np.zeros((last - first, bins + 1) if weight.size else (0, 0), dtype=np.float64)
    scaled_x, scaled_y, scaled_z, own_shape = _in_bins(x, y, z, scale, shape)
    for s in numba.prange(last - first):
        taken = np.zeros(x.size, dtype=np.uint8)
        drawn = draw_cases(cases, x.size, seed, first + s, taken)
        bin_of, pairs = np.empty(CHUNK, dtype=np.uint16), np.zeros(bins + BEYOND, dtype=np.uint32)
        xs, ys, zs = scaled_x[drawn], scaled_y[drawn], scaled_z[drawn]
        if weight.size:
            mass = np.zeros(bins + BEYOND)
            _weigh(xs, ys, zs, weight[drawn], (0, 1), own_shape, bin_of, pairs, mass)
            _fold(mass, masses[s])
        else:
            _count(xs, ys, zs, (0, 1), own_shape, bin_of, pairs)
        _fold(pairs, counts[s])
    return counts, masses
