# mypy: ignore-errors
"""Distances of all pairs through the power spectrum of the sites on a grid; the inner loops, compiled.

Sites are spread over 4 x 4 cells by cubic B-splines, whose own spectrum is divided out again, so that waves longer than
three cells are nearly exact. The mean power at each wave number, weighted with Bessel functions, is the number
of pairs at each distance. The cost hangs on the number of cells, not of sites.
"""

import numba
import numpy as np

from .draws import draw_cases

MARGIN = 4  # cells that a site is spread over, in each direction
LANES = 64  # distances that are summed together


@numba.njit(cache=True)
def _spline(part, weights):
    """Cubic B-spline weights of four cells for a site `part` of the way into the second."""
    rest = 1 - part
    weights[0] = rest**3 / 6
    weights[1] = (4 - 6 * part**2 + 3 * part**3) / 6
    weights[2] = (4 - 6 * rest**2 + 3 * rest**3) / 6
    weights[3] = part**3 / 6


@numba.njit(cache=True)
def _spread(u, v, drawn, weight, grid):
    """Add the drawn sites to a grid, each once or with its weight; the sum of squared weights."""
    across, along, squares = np.empty(4), np.empty(4), 0.0
    for site in drawn:
        i, j = np.int64(u[site]), np.int64(v[site])
        _spline(u[site] - i, across)
        _spline(v[site] - j, along)
        own = weight[site] if weight.size else 1.0
        squares += own * own
        for m in range(4):
            for n in range(4):
                grid[i + m, j + n] += np.float32(own * across[m] * along[n])
    return squares


@numba.njit(parallel=True, cache=True)
def spread_random_sites(u, v, weight, cases, simulations, seed, shape):
    """Random industries on grids: float32 (simulations, rows, columns), and the squared weights of each.

    u, v: places in cells, 0 or more. weight: as wide, or empty. simulations: (first, last).
    """
    first, last = simulations
    grids = np.zeros((last - first, shape[0], shape[1]), dtype=np.float32)
    squares = np.zeros(last - first)
    for s in numba.prange(last - first):
        taken = np.zeros(u.size, dtype=np.uint8)
        drawn = draw_cases(cases, u.size, seed, first + s, taken)
        squares[s] = _spread(u, v, drawn, weight, grids[s])
    return grids, squares


@numba.njit(parallel=True, cache=True)
def power_by_wave(transformed, squares, windows, steps, wave_step, waves):
    """Power of pairs of different sites by wave number: (simulations, waves + 1), shared between the two nearest.

    transformed: half spectra (simulations, rows, columns / 2 + 1). windows: what the splines took, squared, by row and
    column. steps: wave numbers per row and column.
    """
    rows, columns = transformed.shape[1], transformed.shape[2]
    power = np.zeros((transformed.shape[0], waves + 1))
    for s in numba.prange(transformed.shape[0]):
        line = power[s]
        for i in range(rows):
            up = min(i, rows - i) * steps[0]
            for j in range(columns):
                at = np.sqrt(up * up + (j * steps[1]) ** 2) / wave_step
                if at >= waves:
                    break
                value = transformed[s, i, j]
                strength = (value.real**2 + value.imag**2) / (windows[0][i] * windows[1][j]) - squares[s]
                if j > 0:
                    strength *= 2  # the other half of the spectrum
                below = np.int64(at)
                line[below] += strength * (below + 1 - at)
                line[below + 1] += strength * (at - below)
    return power


@numba.njit(parallel=True, cache=True)
def pairs_by_distance(power, bessel):
    """Pairs in each bin of distances: (simulations, blocks x LANES), each summed in one order.

    bessel: (blocks, waves + 1, LANES).
    """
    blocks = bessel.shape[0]
    pairs = np.empty((power.shape[0], blocks * LANES))
    for block in numba.prange(blocks):
        for s in range(power.shape[0]):
            sums = np.zeros(LANES)
            for wave in range(power.shape[1]):
                part = power[s, wave]
                for lane in range(LANES):
                    sums[lane] += part * bessel[block, wave, lane]
            pairs[s, block * LANES : (block + 1) * LANES] = sums
    return pairs
