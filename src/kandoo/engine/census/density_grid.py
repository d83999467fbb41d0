"""K-densities of random industries on a grid: for tens of thousands of sites, with the error measured."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.fft import next_fast_len, rfft2
from scipy.special import j0

from .curves import Tick, no_tick
from .pairs import counts_of_all, simulated_counts
from .points import Floats, Points
from .smoothing import silverman, smooth_densities
from .spectrum import LANES, MARGIN, pairs_by_distance, power_by_wave, spread_random_sites

CELLS_A_BANDWIDTH = 1.4
BINS_A_BANDWIDTH = 5
CELLS_MAX = 2**23  # of one grid; a larger map has wider cells, and a larger error
CELLS_A_BATCH = 2**24
PHASE = 0.15  # between two wave numbers at the last distance, radians
DAMPED = 4.0  # waves shorter than 2 pi bandwidths / this are smoothed away
SAMPLE = 2_000  # sites from which the bandwidth is foreseen
COARSE = 4_096


@dataclass(frozen=True)
class Grid:
    """Where each site is on the grid, and how waves become distances.

    place : columns u and v, in cells. shape : rows and columns. width_km : of a bin of distances.
    windows, steps, wave_step, bessel : as in `spectrum`.
    """

    place: tuple[Floats, Floats]
    shape: tuple[int, int]
    windows: tuple[Floats, Floats]
    steps: tuple[float, float]
    wave_step: float
    bessel: Floats
    width_km: float


def simulate_density_by_grid(
    points: Points,
    cases: int,
    reach_km: float,
    simulations: int,
    seed: int = 0,
    *,
    first: int = 0,
    weight: Floats | None = None,
    tick: Tick = no_tick,
) -> Floats:
    """As `simulate_density`, of the same random industries, through the power spectrum of a grid.

    The time is that of a Fourier transform for each simulation, whatever the number of cases.
    `error_of_grid` measures what it costs.
    """
    grid = _plan(points, reach_km, foreseen_bandwidth(points, cases, reach_km, seed))
    weights = [np.empty(0)] if weight is None else [np.empty(0), weight]
    batch = int(np.clip(CELLS_A_BATCH / (grid.shape[0] * grid.shape[1]), 2, 32))
    curves = []
    for begin in range(first, first + simulations, batch):
        end = min(begin + batch, first + simulations)
        pairs = [_pairs(grid, cases, (begin, end), seed, each) for each in weights]
        counts = np.rint(pairs[0]).astype(np.int64)
        curves.append(smooth_densities(counts, pairs[-1], reach_km, binned=False))
        tick(end - begin)
    return np.vstack(curves)


def error_of_grid(
    points: Points, cases: int, reach_km: float, curves: Floats, seed: int = 0, *, weight: Floats | None = None
) -> float:
    """How far the first curves are from the sum over their pairs, as a part of its largest value.

    Of four simulations; of one above 30,000 cases, whose pairs take seconds to count.
    """
    checked = min(len(curves), 4 if cases <= 30_000 else 1)
    exact = np.vstack([_by_pairs(points, cases, reach_km, seed, k, weight) for k in range(checked)])
    return float(np.abs(curves[:checked] - exact).max() / exact.max())


def _by_pairs(points: Points, cases: int, reach_km: float, seed: int, simulation: int, weight: Floats | None) -> Floats:
    from .draws import draw_cases

    drawn = draw_cases(cases, len(points), seed, simulation, np.zeros(len(points), np.uint8))
    own, weights = points[drawn], np.empty(0) if weight is None else weight[drawn]
    counts, masses = counts_of_all(own.x, own.y, own.z, weights, COARSE / (2 * reach_km), points.shape, COARSE)
    return smooth_densities(counts[None], counts[None] if weight is None else masses[None], reach_km)


def _pairs(grid: Grid, cases: int, simulations: tuple[int, int], seed: int, weight: Floats) -> Floats:
    """Pairs, or products of their weights, by bin; the last one everything beyond."""
    grids, squares = spread_random_sites(*grid.place, weight, cases, simulations, seed, grid.shape)
    with ThreadPoolExecutor(
        numba.get_num_threads()
    ) as pool:  # one at a time, so that each has the same digits anywhere
        transformed = np.stack(list(pool.map(partial(rfft2, workers=1), grids)))
    power = power_by_wave(transformed, squares, grid.windows, grid.steps, grid.wave_step, grid.bessel.shape[1] - 1)
    near = pairs_by_distance(power, grid.bessel)
    total = (transformed[:, 0, 0].real.astype(np.float64) ** 2 - squares) / 2
    return np.column_stack([near, total - near.sum(axis=1)])


def foreseen_bandwidth(points: Points, cases: int, reach_km: float, seed: int) -> float:
    """The bandwidth of a random industry, from some of the sites of the first one."""
    few = min(cases, SAMPLE)
    scale, shape = np.float32(COARSE / (2 * reach_km)), tuple(np.float32(each) for each in points.shape)
    counts, _ = simulated_counts(*points.narrow(), np.empty(0), few, (0, 1), seed, scale, shape, COARSE)
    found = float(silverman(counts[:, :-1], 2 * reach_km / COARSE)[0])
    growth: float = (cases * (cases - 1) / (few * (few - 1))) ** -0.2
    return max(found, 2 * reach_km / COARSE) * growth


def _plan(points: Points, reach_km: float, bandwidth: float) -> Grid:
    """A grid with room for the map and everything within twice the reach of it, which waves would else bring round."""
    u, v = _flat(points)
    sides = [float(np.ptp(each)) for each in (u, v)]
    long = [side + min(side, 2 * reach_km) for side in sides]
    cell = max(bandwidth / CELLS_A_BANDWIDTH, (max(long[0], 1e-9) * max(long[1], 1e-9) / CELLS_MAX) ** 0.5)
    shape = tuple(int(next_fast_len(int(each / cell) + 2 * MARGIN, real=True)) for each in long)
    rows, columns = shape
    waves_of = [np.fft.fftfreq(rows), np.fft.rfftfreq(columns)]
    windows = tuple(np.sinc(each) ** 8 for each in waves_of)
    steps = tuple(2 * np.pi / (size * cell) for size in shape)
    wave_step = PHASE / (2 * reach_km)
    waves = int(min(DAMPED / bandwidth, np.pi / cell) / wave_step) + 1
    bins = LANES * int(np.ceil(max(2 * reach_km / bandwidth * BINS_A_BANDWIDTH, 512) / LANES))
    width = 2 * reach_km / bins
    middle = (np.arange(bins) + 0.5) * width
    bessel = j0(np.outer(np.arange(waves + 1) * wave_step, middle)) * (np.pi * middle * width)
    bessel /= rows * columns * cell**2
    in_blocks = np.ascontiguousarray(bessel.reshape(waves + 1, -1, LANES).transpose(1, 0, 2))
    place = ((u - u.min()) / cell, (v - v.min()) / cell)
    return Grid(place, (rows, columns), (windows[0], windows[1]), (steps[0], steps[1]), wave_step, in_blocks, width)


def _flat(points: Points) -> tuple[Floats, Floats]:
    """The sites on a plane, km: on the earth each at its straight distance from the middle one, in its direction.

    That is Lambert's equal-area projection but for the flattening: lengths are off by 1 part in 8 of the squared angle from
    the middle (1 in 5,000 at 250 km), as much too long one way as too short the other.
    """
    if points.metric == "plane":
        return points.x, points.y
    straight: NDArray[np.float64] = np.column_stack([points.x, points.y, points.z])
    middle = straight[np.argmin(((straight - straight.mean(axis=0)) ** 2).sum(axis=1))]
    away = straight - middle
    axes = np.linalg.svd(away.T @ away)[0]
    east, north = away @ axes[:, 0], away @ axes[:, 1]
    along = np.hypot(east, north)
    stretch = np.sqrt((away**2).sum(axis=1)) / np.where(along > 0, along, 1)
    return east * stretch, north * stretch
