# mypy: ignore-errors
"""From bins of distances to bandwidths and smooth densities, the loops compiled, each row by itself."""

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.fft import dct

from .points import Floats

STEPS = 512  # distances above 0 of a curve


@numba.njit(cache=True)
def _quantile(counts, pairs, part, width):
    """R's type 7 quantile of distances that lie at the middles of their bins."""
    place = (pairs - 1) * part
    lower = np.floor(place)
    heaped, k = counts[0], 0
    while heaped <= lower:
        k += 1
        heaped += counts[k]
    first = k
    while heaped <= np.ceil(place):
        k += 1
        heaped += counts[k]
    return (first + 0.5 + (place - lower) * (k - first)) * width


@numba.njit(parallel=True, cache=True)
def silverman(counts, width):
    """0.9 min(sd, IQR / 1.34) m^(-1/5) of the m distances in each row of bins, as R's bw.nrd0; 0 without any."""
    found = np.zeros(counts.shape[0])
    for row in numba.prange(counts.shape[0]):
        line = counts[row].astype(np.int64)
        pairs = line.sum()
        if pairs == 0:
            continue
        total, squares = 0.0, 0.0
        for k in range(line.size):
            total += line[k] * (k + 0.5)
        mean = total / pairs
        for k in range(line.size):
            squares += line[k] * (k + 0.5 - mean) ** 2
        spread = np.sqrt(squares / max(pairs - 1, 1)) * width
        between = (_quantile(line, pairs, 0.75, width) - _quantile(line, pairs, 0.25, width)) / 1.34
        found[row] = 0.9 * (min(spread, between) if between > 0 else spread) * pairs**-0.2
    return found


@numba.njit(parallel=True, cache=True)
def add_waves(series, spread, reach, cosines, steps):
    """Cosine series (rows, waves) damped by a Gaussian and summed at `steps` distances from 0 to the reach.

    cosines: one whole turn. The series has the period 2 x (2 x reach); wave m at step j is cosines[m j].
    """
    values = np.zeros((series.shape[0], steps))
    for row in numba.prange(series.shape[0]):
        value = values[row]
        for m in range(series.shape[1]):
            angle = np.pi / (2 * reach) * m * spread[row]
            part = series[row, m] * np.exp(-(angle**2) / 2) / (4 * reach if m == 0 else 2 * reach)
            if m > 0 and angle > 8.5:
                break
            turned, each = 0, m % cosines.size
            for j in range(steps):
                value[j] += part * cosines[turned]
                turned += each
                if turned >= cosines.size:
                    turned -= cosines.size
    return values


def smooth_densities(
    counts: NDArray[np.integer], masses: NDArray[np.number], reach_km: float, *, binned: bool = True
) -> Floats:
    """Densities, per km, from pairs in bins (rows, bins + 1), the last bin being everything beyond twice the reach.

    counts, masses: pairs, for the bandwidth, and the products of their weights, for the curve. binned: bins have smoothed
    already, by their width. Each row is worked on by itself, in one order, so that it has the same digits in any batch.
    """
    width = 2 * reach_km / (counts.shape[1] - 1)
    bandwidth = np.maximum(silverman(counts[:, :-1], width), width)
    spread = np.sqrt(np.maximum(bandwidth**2 - width**2 / 12, 0)) if binned else bandwidth
    waves = int(min(np.ceil(8.5 * 2 * reach_km / (np.pi * spread.min())), counts.shape[1] - 2)) + 1
    series = np.vstack([dct(row[:-1].astype(np.float64), type=2)[:waves] / row.sum(dtype=np.float64) for row in masses])
    cosines = np.cos(np.pi / (2 * STEPS) * np.arange(4 * STEPS))
    return np.asarray(add_waves(series, spread, reach_km, cosines, STEPS + 1))
