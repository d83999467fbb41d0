"""A measure as a curve over distance, beside what random labelling of the same sites gives.

Under random labelling an industry with n sites is as likely to hold any n of all the sites, each
site keeping its size. The curve of a random industry therefore depends on n alone, and industries
with equal n share their simulations.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .points import Floats, Ints

Tick = Callable[[int], None]  # told how many simulations were just finished
LEVEL = 0.05


def no_tick(_: int) -> None:
    """Nobody is waiting."""


@dataclass(frozen=True, slots=True)
class Bands:
    """Where random curves lie; arrays of shape (n_distances,).

    low, high : all but `level` of the random values at one distance lie between.
    global_low, global_high : all but `level` of the random curves lie between at every distance.
    p_value : the part of all curves, the observed one among them, that is as extreme as it.
    """

    low: Floats
    high: Floats
    global_low: Floats
    global_high: Floats
    p_value: float
    level: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A measure by distance, with its bands.

    distance_km, value : arrays of shape (n_distances,). A value is NaN where it cannot be known.
    bands : None when no simulation was asked for.
    error : of simulated curves made on a grid, the largest distance from the sum over their pairs, as a part of its
        largest value, measured on a few of them; None when all pairs were counted one by one.
    """

    distance_km: Floats
    value: Floats
    bands: Bands | None
    error: float | None = None

    @property
    def verdict(self) -> Literal["gathered", "scattered", "as chance"]:
        """Gathered: significant, and somewhere above the global band. Scattered: significant, only below it."""
        bands = self._bands()
        if bands.p_value > bands.level:
            return "as chance"
        return "gathered" if (self.value > bands.global_high).any() else "scattered"

    @property
    def reach_km(self) -> float:
        """The longest distance at which a gathered industry is above the global band; NaN for others."""
        if self.verdict != "gathered":
            return float("nan")
        return float(self.distance_km[self.value > self._bands().global_high][-1])

    def _bands(self) -> Bands:
        if self.bands is None:
            raise ValueError("Without simulations there are no bands.")
        return self.bands


def shared_size(cases: int) -> int:
    """The number of cases whose simulations stand for a few more: itself up to 20, then in steps of a tenth at most.

    Fewer cases spread a little wider, so bands of the smaller size are on the safe side.

    >>> [shared_size(cases) for cases in (7, 20, 23, 1000, 1050)]
    [7, 20, 22, 972, 972]
    """
    size = 20
    while cases > size and size + size // 10 <= cases:
        size += size // 10
    return min(size, cases)


def find_bands(value: Floats, simulated: Floats, level: float = LEVEL) -> Bands:
    """Local and global bands of random curves, and how extreme the observed curve is among them.

    The local band leaves out level / 2 of the simulated values at either side. The global band goes
    from the k-th smallest to the k-th largest value at every distance, with the largest k for which
    no more than `level` of the simulated curves leave it somewhere; if there is none, because the
    simulations are few, with k = 1. Equal values count as not extreme.
    The p-value orders the curves by their most extreme rank at any distance, then by their second, and so on;
    with S simulations it is never below 1 / (S + 1).

    Parameters
    ----------
    value : array of shape (n_distances,)
    simulated : array of shape (n_simulations, n_distances)
        A NaN stands for a distance at which a simulation has no value; it counts as the median.
    level : float
        Between 0 and 1.

    Raises
    ------
    ValueError
        When there are too few simulations to leave any out: fewer than 2 / level - 1.

    References
    ----------
    Duranton, Overman (2005), Testing for Localization Using Micro-Geographic Data.
    Myllymaki, Mrkvicka, Grabarnik, Seijo, Hahn (2017), Global Envelope Tests for Spatial Processes.
    """
    runs = simulated.shape[0]
    out = int(level / 2 * (runs + 1) + 1e-9)
    if out < 1:
        raise ValueError(f"Bands at level {level:g} need at least {int(np.ceil(2 / level - 1 - 1e-9))} simulations.")
    curves = _without_gaps(simulated)
    ordered = np.sort(curves, axis=0)
    depth = np.sort(_ranks(curves, ordered).min(axis=1))
    kept_out = int(level * runs + 1e-9)  # curves that may leave the global band
    k = max(int(depth[min(kept_out, runs - 1)]), 1)
    return Bands(
        ordered[out - 1], ordered[runs - out], ordered[k - 1], ordered[runs - k], _p_value(value, curves), level
    )


def _without_gaps(curves: Floats) -> Floats:
    gaps = np.isnan(curves)
    if not gaps.any():
        return curves
    known = np.where(gaps.all(axis=0), 0.0, curves)
    return np.where(gaps, np.nanmedian(known, axis=0), known)


def _ranks(curves: Floats, ordered: Floats) -> Ints:
    """Rank of each value at its distance, counted from the nearer side: array of the curves' shape."""
    runs = ordered.shape[0]
    ranks = np.empty(curves.shape, dtype=np.int64)
    for distance in range(curves.shape[1]):
        column, own = ordered[:, distance], curves[:, distance]
        below = np.searchsorted(column, own, side="right")
        ranks[:, distance] = np.minimum(below, runs - np.searchsorted(column, own, side="left"))
    return ranks


def _p_value(value: Floats, curves: Floats) -> float:
    """Monte Carlo p-value of the observed curve in the pool of all."""
    known = ~np.isnan(value)
    if not known.any():
        return 1.0
    pool = np.vstack([value[known], curves[:, known]])
    ranks = np.sort(_ranks(pool, np.sort(pool, axis=0)), axis=1)
    differs = ranks != ranks[0]
    first = np.argmax(differs, axis=1)  # where a curve is first more or less extreme than the observed one
    rows = np.arange(len(ranks))
    as_extreme = ~differs.any(axis=1) | (ranks[rows, first] < ranks[0, first])
    return float(as_extreme.mean())
