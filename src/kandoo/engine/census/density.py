"""K-density: how often two sites of an industry lie a given distance apart."""

from collections.abc import Callable

import numpy as np

from .curves import LEVEL, Curve, Tick, find_bands, no_tick
from .density_grid import COARSE, error_of_grid, simulate_density_by_grid
from .pairs import counts_of_all, simulated_counts
from .points import Bools, Floats, Ints, Points, which_of
from .smoothing import STEPS, smooth_densities

FINE = 65_536  # bins of the observed curve, up to twice its reach
PAIRS_A_BATCH = 2e9  # about half a second
SAMPLED = 1_000_000  # pairs from which the reach is found
CASES_MAX = 90_000  # so that no bin of a simulation overflows
CASES_MAX_FAST = 500_000  # whose own pairs are still counted in a minute
Simulate = Callable[[int], Floats]


def k_density(
    points: Points,
    cases: Ints | Bools,
    *,
    weight: Floats | None = None,
    reach_km: float | None = None,
    simulations: int = 1000,
    seed: int = 0,
    level: float = LEVEL,
    simulate: Simulate | None = None,
    is_fast: bool = False,
    tick: Tick = no_tick,
) -> Curve:
    """Duranton and Overman's density of the distances between the sites of an industry.

    K(r) = sum over pairs i < j of  w_i w_j [phi((r - d_ij) / h) + phi((r + d_ij) / h)]
           / (h sum over pairs of w_i w_j)
    with the Gaussian density phi; the second term is the reflection at 0. The bandwidth h is
    Silverman's rule 0.9 min(sd, IQR / 1.34) m^(-1/5) over the m pairs no farther apart than twice
    the reach, as in dbmss, taken anew in each simulation.

    Parameters
    ----------
    points : Points
        All sites, of every industry.
    cases : array of int or bool
        Which of them are the industry's; at least 3.
    weight : array of shape (n_sites,), optional
        Employment (persons). Sites of weight 0 are left out, also as places of random industries.
        Without it every site counts once.
    reach_km : float, optional
        The last distance; without it `usual_reach(points)`.
    simulations : int
        0 gives no bands. Each puts the industry on random sites (see `curves`).
    seed : int
        Equal seeds give equal bands on any machine and any number of processors.
    simulate : callable, optional
        Gives simulated curves for a number of cases, in place of `simulate_density`: to share them
        between industries of equal size.
    is_fast : bool
        Simulate on a grid, for some thousand cases and more; the curve itself is the sum over its pairs all
        the same. `Curve.error` then has the measured error of the simulated ones.

    Returns
    -------
    Curve
        513 distances from 0 to the reach; densities per km.

    Raises
    ------
    ValueError
        With fewer than 3 cases or more than 90,000 (fast: 500,000), a case that is no site or named twice, weights below 0, or
        all cases at one place; with simulations also when the cases are all sites.

    Notes
    -----
    Distances are sorted into bins of the reach / 32,768 (simulations: / 2,048), with Sheppard's
    correction of the bandwidth; the Gaussian smoothing of the bins itself is exact (a cosine series).
    The curve is within 1e-4 of its maximum of the sum over pairs, within 2e-5 from a few dozen sites on;
    a simulated one within 1e-3, and 1e-4 from some hundred sites on.

    References
    ----------
    Duranton, Overman (2005), Testing for Localization Using Micro-Geographic Data, RES 72.
    Silverman (1986), Density Estimation, 3.4.2. Marcon, Puech (2010) and the R package dbmss.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> points = Points.in_plane(*rng.uniform(0, 100, (2, 500)))
    >>> near = np.argsort(points.distances(0))[:40]  # forty neighbours are one industry
    >>> k_density(points, near, simulations=199).verdict
    'gathered'
    """
    which = which_of(cases, len(points))
    if weight is not None:
        points, which, weight = _without_nothing(points, which, weight)
    if which.size < 3:
        raise ValueError("A K-density needs at least 3 sites.")
    if which.size > (CASES_MAX_FAST if is_fast else CASES_MAX):
        raise ValueError(f"Pairs of {which.size:,} sites are not counted one by one.")
    reach = usual_reach(points, seed) if reach_km is None else reach_km
    if not 0 < reach < np.inf:
        raise ValueError("The reach is a distance above 0 km.")
    value = _observed(points[which], None if weight is None else weight[which], reach)
    distance = np.linspace(0, reach, STEPS + 1)
    if not simulations:
        return Curve(distance, value, None)
    if which.size == len(points):
        raise ValueError("The industry is every site, so there is nothing to compare it with.")
    error = None
    if simulate is not None:
        simulated = simulate(which.size)
    elif is_fast:
        simulated = simulate_density_by_grid(points, which.size, reach, simulations, seed, weight=weight, tick=tick)
        error = error_of_grid(points, which.size, reach, simulated, seed, weight=weight)
    else:
        simulated = simulate_density(points, which.size, reach, simulations, seed, weight=weight, tick=tick)
    return Curve(distance, value, find_bands(value, simulated, level), error)


def usual_reach(points: Points, seed: int = 0) -> float:
    """The median distance between sites, km: Duranton and Overman's last distance.

    From a million random pairs, so good to about a thousandth.

    Raises
    ------
    ValueError
        When the sites lie at one place, or at two or three with most at one.
    """
    rng = np.random.Generator(np.random.Philox(seed))
    one, other = rng.integers(0, len(points), (2, SAMPLED))
    square = sum((axis[one] - axis[other]) ** 2 for axis in (points.x, points.y, points.z))
    square = np.asarray(square)[one != other]
    chord = float(np.sqrt(np.median(square))) if square.size else 0.0
    if chord == 0:
        raise ValueError("Most sites lie at one place.")
    return chord * (1 + chord**2 * (points.shape[0] + points.shape[1] * chord**2))


def simulate_density(
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
    """K-densities of random industries of `cases` sites: array of shape (simulations, 513), per km.

    They are the simulations `first`, `first` + 1, ... of the seed: so parts made apart fit together.
    """
    x, y, z = points.narrow()
    weights = np.empty(0) if weight is None else weight
    scale, shape = np.float32(COARSE / (2 * reach_km)), tuple(np.float32(each) for each in points.shape)
    batch = int(np.clip(PAIRS_A_BATCH / (cases * (cases - 1) / 2), 2, 128))
    curves = []
    for begin in range(first, first + simulations, batch):
        end = min(begin + batch, first + simulations)
        counts, masses = simulated_counts(x, y, z, weights, cases, (begin, end), seed, scale, shape, COARSE)
        curves.append(smooth_densities(counts, counts if weight is None else masses, reach_km))
        tick(end - begin)
    return np.vstack(curves)


def _without_nothing(points: Points, which: Ints, weight: Floats) -> tuple[Points, Ints, Floats]:
    """Sites of weight 0 left out of everything."""
    weight = np.asarray(weight, dtype=np.float64)
    if weight.shape != (len(points),) or (weight < 0).any() or not np.isfinite(weight).all():
        raise ValueError("Every site has a weight of at least 0.")
    kept = weight > 0
    place = np.cumsum(kept) - 1
    return points[kept], place[which[kept[which]]], weight[kept]


def _observed(points: Points, weight: Floats | None, reach_km: float) -> Floats:
    weights = np.empty(0) if weight is None else weight
    counts, masses = counts_of_all(points.x, points.y, points.z, weights, FINE / (2 * reach_km), points.shape, FINE)
    if counts[0] == counts.sum():
        raise ValueError("All sites of the industry lie at one place.")
    return np.asarray(smooth_densities(counts[None], counts[None] if weight is None else masses[None], reach_km)[0])
