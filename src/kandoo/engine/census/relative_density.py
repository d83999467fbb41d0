"""Marcon and Puech's m: an industry's share of what lies about a distance away, against its share of everything."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .curves import LEVEL, Curve, Tick, find_bands, no_tick
from .density import Simulate
from .density_grid import foreseen_bandwidth
from .neighbours import cases_around, relative_share, simulated_shares_around, weights_around
from .points import Bools, Floats, Ints, which_of
from .relative import PAIRS_A_BATCH, Surroundings

BINS = 1_024  # of distances, up to four bandwidths beyond the reach


@dataclass(frozen=True)
class Rings:
    """All sites with the weight about each distance of each, smoothed: for industries of one size.

    bandwidth_km : of the Gaussian, above 0.
    """

    surroundings: Surroundings
    bandwidth_km: float

    @staticmethod
    def usual(surroundings: Surroundings, cases: int) -> "Rings":
        """With Silverman's bandwidth for a random industry of so many cases, from pairs within twice the reach."""
        reach = float(surroundings.radius_km[-1])
        return Rings(surroundings, foreseen_bandwidth(surroundings.points, cases, reach, 0))

    @cached_property
    def arguments(self) -> tuple[Any, ...]:
        """(shape, bins per km, kernel of shape (bins + 1, radii)) of `neighbours`."""
        radius, h = self.surroundings.radius_km, self.bandwidth_km
        width = (radius[-1] + 4 * h) / BINS
        middle = (np.arange(BINS) + 0.5)[:, None] * width
        kernel = np.exp(-(((radius - middle) / h) ** 2) / 2) + np.exp(-(((radius + middle) / h) ** 2) / 2)
        return self.surroundings.points.shape, 1 / width, np.vstack([kernel, np.zeros(radius.size)])

    @cached_property
    def around(self) -> Floats:
        """Smoothed weight of the other sites about each distance: array of shape (n_sites, n_radii)."""
        p = self.surroundings.points
        return np.asarray(weights_around(p.x, p.y, p.z, self.surroundings.weight, *self.arguments))


def relative_density(
    surroundings: Surroundings,
    cases: Ints | Bools,
    *,
    bandwidth_km: float | None = None,
    simulations: int = 1000,
    seed: int = 0,
    level: float = LEVEL,
    simulate: Simulate | None = None,
    tick: Tick = no_tick,
) -> Curve:
    """Marcon and Puech's m by distance: M not within a radius but about it.

    m(r) = sum over cases i of [ sum over cases j != i of k_ij w_j / sum over sites j != i of k_ij w_j ]
           / sum over cases i of [ (W_S - w_i) / (W - w_i) ],
    k_ij = phi((r - d_ij) / h) + phi((r + d_ij) / h), phi the Gaussian density. Both sums over i are over the cases with any
    site about r. m is 1 where the industry's share of what lies r away is its share of all. M adds up what is
    nearer; m shows at which distance it lies.

    Parameters
    ----------
    surroundings, cases, simulations, seed, level, simulate, tick
        As for `relative_concentration`.
    bandwidth_km : float, optional
        h, one for the curve and its simulations; without it Silverman's for a random industry of this size.

    Returns
    -------
    Curve
        Dimensionless values at `surroundings.radius_km`.

    Raises
    ------
    ValueError
        With fewer than 2 cases, or one that is no site or named twice.

    Notes
    -----
    Distances are sorted into 1,024 bins; the curve is within 1e-4 of its maximum of the sum over pairs.

    References
    ----------
    Lang, Marcon, Puech (2020), Distance-Based Measures of Spatial Concentration: Introducing a Relative Density
    Function, Annals of Regional Science 64.

    Examples
    --------
    >>> from kandoo.engine.census import Points
    >>> points = Points.in_plane(*np.random.default_rng(1).uniform(0, 100, (2, 500)))
    >>> near = np.argsort(points.distances(0))[:40]  # forty neighbours are one industry
    >>> curve = relative_density(Surroundings.usual(points), near, simulations=199)
    >>> curve.verdict, bool(curve.value[0] > 3 > 0.5 > curve.value[-1])
    ('gathered', True)
    """
    which = which_of(cases, len(surroundings.points))
    if which.size < 2:
        raise ValueError("m needs at least 2 sites.")
    rings = Rings.usual(surroundings, which.size) if bandwidth_km is None else Rings(surroundings, bandwidth_km)
    value = density_of_cases(rings, which)
    if not simulations:
        return Curve(surroundings.radius_km, value, None)
    if simulate is None:
        simulated = simulate_relative_density(rings, which.size, simulations, seed, tick=tick)
    else:
        simulated = simulate(which.size)
    return Curve(surroundings.radius_km, value, find_bands(value, simulated, level))


def density_of_cases(rings: Rings, cases: Ints) -> Floats:
    """m of these cases: array of shape (n_radii,)."""
    p, weight = rings.surroundings.points, rings.surroundings.weight
    value = np.empty(rings.surroundings.radius_km.size)
    own = cases_around(cases, p.x, p.y, p.z, weight, *rings.arguments)
    relative_share(cases, weight, own, rings.around, value)
    return value


def simulate_relative_density(
    rings: Rings, cases: int, simulations: int, seed: int = 0, *, first: int = 0, tick: Tick = no_tick
) -> Floats:
    """m of random industries of `cases` sites, from simulation `first` on: array of shape (simulations, n_radii)."""
    p, weight = rings.surroundings.points, rings.surroundings.weight
    batch = int(np.clip(PAIRS_A_BATCH / cases**2, 2, 128))
    curves = []
    for begin in range(first, first + simulations, batch):
        end = min(begin + batch, first + simulations)
        curves.append(simulated_shares_around(p.x, p.y, p.z, weight, rings.around, cases, (begin, end), seed,
                                              *rings.arguments))  # fmt: skip
        tick(end - begin)
    return np.vstack(curves)
