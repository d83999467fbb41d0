"""Ellison and Glaeser's index: concentration beyond what few large plants would show anyway."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import chi2

from .points import Floats, Ints


@dataclass(frozen=True, slots=True)
class Concentration:
    """Of one industry.

    g : sum over regions of (s_r - x_r)^2, s the industry's and x everybody's share of jobs.
    herfindahl : sum of squared shares of the industry's plants.
    gamma : NaN when one plant is the whole industry.
    deviation : standard deviation of gamma if plants chose regions at random.
    p_value : of a G at least as large then.
    """

    g: float
    herfindahl: float
    gamma: float
    deviation: float
    p_value: float


def ellison_glaeser(plant_jobs: Floats, plant_region: Ints, region_jobs: Floats) -> Concentration:
    """Concentration of an industry, the size of its plants taken out.

    gamma = [G - (1 - sum x^2) H] / [(1 - sum x^2) (1 - H)]
    0: as if darts had been thrown at regions by their size; above 0.05 is called high, below 0.02 low.
    Var G = 2 {H^2 [X2 - 2 X3 + X2^2] - sum z^4 [X2 - 4 X3 + 3 X2^2]} with Xk = sum x^k, z the plants' shares.

    Parameters
    ----------
    plant_jobs : array of shape (n_plants,)
        Employment of the industry's plants (persons); plants of 0 count for nothing.
    plant_region : array of int of shape (n_plants,)
        Their regions, as indices into `region_jobs`.
    region_jobs : array of shape (n_regions,)
        Employment of all industries together.

    Returns
    -------
    Concentration

    Raises
    ------
    ValueError
        When the industry or all regions have no jobs, a count is negative, or a plant is in none of the regions.

    Notes
    -----
    The p-value takes G as a multiple of a chi-square variable with G's mean and variance, which follows its
    right skew; the normal law would find far too many industries concentrated.

    References
    ----------
    Ellison, Glaeser (1997), Geographic Concentration in U.S. Manufacturing Industries: A Dartboard Approach,
    JPE 105 (the variance is given with the test of gamma = 0).

    Examples
    --------
    Two equal plants in one of two equal regions: G = 0.5, H = 0.5, gamma = (0.5 - 0.25) / 0.25.

    >>> ellison_glaeser(np.array([10.0, 10.0]), np.array([0, 0]), np.array([50.0, 50.0])).gamma
    1.0
    """
    plant_jobs, region_jobs = np.asarray(plant_jobs, dtype=np.float64), np.asarray(region_jobs, dtype=np.float64)
    if (plant_jobs < 0).any() or (region_jobs < 0).any() or not plant_jobs.sum() > 0 or not region_jobs.sum() > 0:
        raise ValueError("Jobs are counts of at least 0, and there are some.")
    places = np.asarray(plant_region)
    if places.shape != plant_jobs.shape or not 0 <= places.min() <= places.max() < region_jobs.size:
        raise ValueError("Every plant is in one of the regions.")
    z = plant_jobs / plant_jobs.sum()
    x = region_jobs / region_jobs.sum()
    s = np.bincount(places, weights=z, minlength=x.size)
    g, herfindahl = float(((s - x) ** 2).sum()), float((z**2).sum())
    x2, x3 = float((x**2).sum()), float((x**3).sum())
    variance = 2 * (herfindahl**2 * (x2 - 2 * x3 + x2**2) - float((z**4).sum()) * (x2 - 4 * x3 + 3 * x2**2))
    room = (1 - x2) * (1 - herfindahl)
    if room <= 1e-12 or variance <= 1e-18:
        return Concentration(g, herfindahl, float("nan"), float("nan"), float("nan"))
    mean = (1 - x2) * herfindahl
    p_value = float(chi2.sf(2 * g * mean / variance, 2 * mean**2 / variance))
    return Concentration(g, herfindahl, (g - mean) / room, float(np.sqrt(variance)) / room, p_value)


def coagglomeration(jobs: ArrayLike) -> Floats:
    """How far each pair of industries is found in the same regions.

    gamma_ij = sum over r of (s_ri - x_r) (s_rj - x_r) / (1 - sum x^2)
    s_ri the region's share of industry i, x_r its mean share over the industries.

    Parameters
    ----------
    jobs : array or DataFrame of shape (n_regions, n_industries)
        Employment (persons).

    Returns
    -------
    array of shape (n_industries, n_industries)
        Symmetric; NaN for industries without jobs.

    Raises
    ------
    ValueError
        When a count is negative or missing.

    References
    ----------
    Ellison, Glaeser, Kerr (2010), What Causes Industry Agglomeration?, AER 100.

    Examples
    --------
    >>> coagglomeration(np.array([[10.0, 5.0], [0.0, 5.0]]))  # x = (0.75, 0.25)
    array([[ 0.33333333, -0.33333333],
           [-0.33333333,  0.33333333]])
    """
    jobs = np.asarray(jobs, dtype=np.float64)
    if not np.isfinite(jobs).all() or (jobs < 0).any():
        raise ValueError("Jobs are counts of at least 0.")
    total = jobs.sum(axis=0)
    share = jobs / np.where(total > 0, total, np.nan)
    x = np.nanmean(share, axis=1)
    away = share - x[:, None]
    return np.asarray(away.T @ away / (1 - (x**2).sum()))
