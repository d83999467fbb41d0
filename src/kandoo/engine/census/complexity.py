"""Proximity of industries, density around them, and complexity, beside Delgado, Porter and Stern's sets."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .points import Bools, Floats


@dataclass(frozen=True, slots=True)
class Complexity:
    """Read from which regions specialise in which industries.

    specialised : (n_regions, n_industries), location quotient at least 1.
    diversity, ubiquity : industries of each region; regions of each industry.
    proximity : (n_industries, n_industries), least conditional chance that a region with one has the other.
    density : (n_regions, n_industries), part of an industry's proximities that the region already has.
    region_index, industry_index : economic complexity, mean 0 and deviation 1 over the regions; the
        industries on the regions' scale.
    """

    specialised: Bools
    diversity: Floats
    ubiquity: Floats
    proximity: Floats
    density: Floats
    region_index: Floats
    industry_index: Floats


def economic_complexity(jobs: ArrayLike) -> Complexity:
    """Hidalgo and Hausmann's proximity, density and complexity.

    With M the specialisations: proximity_ij = (M'M)_ij / max(ubiquity_i, ubiquity_j);
    density = M P / sum of P, P being the proximities, 1 of an industry with itself;
    region_index is the second eigenvector of M~ = diag(1 / diversity) M diag(1 / ubiquity) M', signed to rise
    with diversity; industry_index is the mean index of an industry's regions.

    Parameters
    ----------
    jobs : array or DataFrame of shape (n_regions, n_industries)
        Employment (persons); every region and every industry has some.

    Raises
    ------
    ValueError
        When a region or an industry has no jobs, or there are fewer than 3 of either.

    References
    ----------
    Hidalgo, Klinger, Barabasi, Hausmann (2007), The Product Space Conditions the Development of Nations.
    Hidalgo, Hausmann (2009), The Building Blocks of Economic Complexity, PNAS 106.

    Examples
    --------
    >>> found = economic_complexity(np.array([[9.0, 9.0, 9.0], [1.0, 9.0, 1.0], [1.0, 1.0, 9.0]]))
    >>> found.diversity
    array([1., 1., 1.])
    """
    jobs = np.asarray(jobs, dtype=np.float64)
    if min(jobs.shape) < 3 or (jobs.sum(axis=0) <= 0).any() or (jobs.sum(axis=1) <= 0).any():
        raise ValueError("Complexity needs 3 regions and 3 industries, each with jobs.")
    share = jobs / jobs.sum(axis=1, keepdims=True)
    specialised = share >= jobs.sum(axis=0) / jobs.sum()
    m = specialised.astype(np.float64)
    diversity, ubiquity = m.sum(axis=1), m.sum(axis=0)
    shared = m.T @ m
    proximity = shared / np.maximum(np.maximum.outer(ubiquity, ubiquity), 1)
    reachable = proximity.sum(axis=0)
    density = m @ proximity / np.where(reachable > 0, reachable, 1)
    root = np.sqrt(np.maximum(diversity, 1))
    scaled = m / root[:, None] / np.sqrt(np.maximum(ubiquity, 1))
    second = np.linalg.eigh(scaled @ scaled.T)[1][:, -2] / root  # M~ has the same values, and vectors but for the root
    if (second - second.mean()) @ diversity < 0:
        second = -second
    mean, deviation = second.mean(), second.std()
    index = (second - mean) / (deviation if deviation > 0 else 1)
    return Complexity(
        specialised, diversity, ubiquity, proximity, density, index, m.T @ index / np.maximum(ubiquity, 1)
    )
