"""Marcon and Puech's M: an industry's share of the neighbourhood, against its share of everything."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .curves import LEVEL, Curve, Tick, find_bands, no_tick
from .density import Simulate, usual_reach
from .neighbours import neighbours_of, radius_grid, relative_share, simulated_shares, weights_within
from .points import Bools, Floats, Ints, Points, which_of

# Close together where clusters are, wider apart beyond.
PARTS = np.r_[1:21, 22:41:2, 45:101:5, 110:201:10, 220:401:20] / 400
PAIRS_A_BATCH = 5e8


@dataclass(frozen=True)
class Surroundings:
    """All sites with the weight around each: made once for a census, used for every industry.

    weight : array of shape (n_sites,)
        Employment (persons), above 0; or ones.
    radius_km : array of shape (n_radii,), rising, the first above 0.
    """

    points: Points
    weight: Floats
    radius_km: Floats

    def __post_init__(self) -> None:
        if (self.weight <= 0).any() or self.weight.shape != (len(self.points),):
            raise ValueError("Every site needs a weight above 0.")
        if self.radius_km[0] <= 0 or (np.diff(self.radius_km) <= 0).any():
            raise ValueError("Radii are above 0 and rise.")

    @staticmethod
    def usual(points: Points, weight: Floats | None = None, reach_km: float | None = None) -> "Surroundings":
        """With 62 radii up to the reach, denser near 0; the reach is `usual_reach(points)` unless given."""
        reach = usual_reach(points) if reach_km is None else reach_km
        return Surroundings(points, np.ones(len(points)) if weight is None else weight, PARTS * reach)

    @cached_property
    def arguments(self) -> tuple[Any, ...]:
        return (self.points.shape, *radius_grid(self.radius_km))

    @cached_property
    def within(self) -> Floats:
        """Weight of the other sites within each radius of each site: array of shape (n_sites, n_radii)."""
        p = self.points
        return np.asarray(weights_within(p.x, p.y, p.z, self.weight, *self.arguments))


def relative_concentration(
    surroundings: Surroundings,
    cases: Ints | Bools,
    *,
    simulations: int = 1000,
    seed: int = 0,
    level: float = LEVEL,
    simulate: Simulate | None = None,
    tick: Tick = no_tick,
) -> Curve:
    """Marcon and Puech's M by distance.

    M(r) = sum over cases i of [ sum over cases j != i within r of w_j / sum over sites j != i within r of w_j ]
           / sum over cases i of [ (W_S - w_i) / (W - w_i) ]
    Both sums over i are over the cases with any neighbour within r. M is 1 where the industry's share of a
    neighbourhood is its share of all; 2 where it is twice as much.

    Parameters
    ----------
    surroundings : Surroundings
        All sites, of every industry.
    cases : array of int or bool
        Which of them are the industry's; at least 2.
    simulations, seed, level, simulate, tick
        As for `k_density`.

    Returns
    -------
    Curve
        Dimensionless values at `surroundings.radius_km`; NaN where no case has a neighbour.

    Raises
    ------
    ValueError
        With fewer than 2 cases, or one that is no site or named twice.

    References
    ----------
    Marcon, Puech (2010), Measures of the Geographic Concentration of Industries: Improving
    Distance-Based Methods, J. Econ. Geography 10. Mhat of the R package dbmss gives the same values.

    Examples
    --------
    Two knife makers side by side among four sites: each has only the other within 2 km.

    >>> points = Points.in_plane([0, 1, 10, 11], [0, 0, 0, 0])
    >>> around = Surroundings(points, np.ones(4), np.array([2.0, 20.0]))
    >>> relative_concentration(around, np.array([0, 1]), simulations=0).value
    array([3., 1.])
    """
    which = which_of(cases, len(surroundings.points))
    if which.size < 2:
        raise ValueError("M needs at least 2 sites.")
    p, value = surroundings.points, np.empty(surroundings.radius_km.size)
    own = neighbours_of(which, p.x, p.y, p.z, surroundings.weight, *surroundings.arguments)
    relative_share(which, surroundings.weight, own, surroundings.within, value)
    if not simulations:
        return Curve(surroundings.radius_km, value, None)
    if simulate is None:
        simulated = simulate_concentration(surroundings, which.size, simulations, seed, tick=tick)
    else:
        simulated = simulate(which.size)
    return Curve(surroundings.radius_km, value, find_bands(value, simulated, level))


def simulate_concentration(
    surroundings: Surroundings, cases: int, simulations: int, seed: int = 0, *, first: int = 0, tick: Tick = no_tick
) -> Floats:
    """M of random industries of `cases` sites, from simulation `first` on: array of shape (simulations, n_radii)."""
    p = surroundings.points
    batch = int(np.clip(PAIRS_A_BATCH / cases**2, 2, 128))
    curves = []
    for begin in range(first, first + simulations, batch):
        end = min(begin + batch, first + simulations)
        curves.append(simulated_shares(p.x, p.y, p.z, surroundings.weight, surroundings.within, cases, (begin, end),
                                       seed, *surroundings.arguments))  # fmt: skip
        tick(end - begin)
    return np.vstack(curves)
