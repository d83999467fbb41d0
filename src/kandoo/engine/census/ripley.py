"""Ripley's K and L, the classic: mean number of neighbours within a distance."""

import numpy as np

from .curves import LEVEL, Curve, Tick, find_bands, no_tick
from .density import usual_reach
from .pairs import counts_of_all, simulated_counts
from .points import Bools, Floats, Ints, Points, which_of

STEPS = 256


def ripley_k(
    points: Points,
    cases: Ints | Bools,
    area_km2: float,
    *,
    reach_km: float | None = None,
    simulations: int = 1000,
    seed: int = 0,
    level: float = LEVEL,
    tick: Tick = no_tick,
) -> Curve:
    """Ripley's K of an industry's sites.

    K(r) = area / (n (n - 1)) x number of ordered pairs closer than r
    There is no correction for the edge of the area: the bands are of random labelling on the same
    sites and have the same edge. K says how often neighbours are met within r, at every site alike; where
    all industries gather, as in towns, K and its bands rise together.

    Parameters
    ----------
    points, cases, reach_km, simulations, seed, level, tick
        As for `k_density`; at least 2 cases.
    area_km2 : float
        Area of the country or province, above 0. It scales the curve and its bands alike.

    Returns
    -------
    Curve
        256 distances above 0; km^2.

    References
    ----------
    Ripley (1977), Modelling Spatial Patterns, JRSS B 39.

    Examples
    --------
    >>> square = Points.in_plane([0, 1, 0, 1], [0, 0, 1, 1])
    >>> curve = ripley_k(square, np.arange(4), area_km2=1.0, reach_km=1.28, simulations=0)
    >>> float(curve.value[-1].round(9))  # all but the two diagonals: 8 of 12 ordered pairs
    0.666666667
    """
    which = which_of(cases, len(points))
    if which.size < 2 or not area_km2 > 0:
        raise ValueError("Ripley's K needs at least 2 sites and an area above 0.")
    reach = usual_reach(points, seed) if reach_km is None else reach_km
    if not 0 < reach < np.inf:
        raise ValueError("The reach is a distance above 0 km.")
    distance = reach * np.arange(1, STEPS + 1) / STEPS
    own, nothing = points[which], np.empty(0)
    counts, _ = counts_of_all(own.x, own.y, own.z, nothing, STEPS / reach, points.shape, STEPS)
    scale = 2 * area_km2 / (which.size * (which.size - 1))
    value = scale * np.cumsum(counts[:-1])
    if not simulations:
        return Curve(distance, value, None)
    x, y, z = points.narrow()
    shape = tuple(np.float32(each) for each in points.shape)
    curves = []
    for first in range(0, simulations, 64):
        last = min(first + 64, simulations)
        drawn, _ = simulated_counts(
            x, y, z, nothing, which.size, (first, last), seed, np.float32(STEPS / reach), shape, STEPS
        )
        curves.append(scale * np.cumsum(drawn[:, :-1], axis=1, dtype=np.int64))
        tick(last - first)
    return Curve(distance, value, find_bands(value, np.vstack(curves), level))


def ripley_l(k_km2: Floats) -> Floats:
    """Besag's L = sqrt(K / pi), km: the distance itself if sites were laid at random.

    >>> ripley_l(np.array([np.pi]))
    array([1.])
    """
    return np.asarray(np.sqrt(k_km2 / np.pi))
