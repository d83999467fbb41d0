"""Location quotients with their margin of error, and the stars that make a cluster visible."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar
from scipy.special import betainc, gammaincinv, gammaln

from .points import Bools, Floats, Ints

SURE_MAX = 100.0  # the tightest prior: true quotients are never taken to be more alike than within a tenth


@dataclass(frozen=True, slots=True)
class Quotients:
    """Location quotients; every array but `prior` has shape (n_regions, n_industries).

    raw : the quotient itself; NaN where an industry or a region has no jobs.
    shrunken : drawn towards 1 as far as the industry's own spread over the regions says.
    low, high : the middle 1 - level of what the true quotient may be.
    p_value : two-sided, of a share as far from the region's share of all jobs.
    q_value : p-values corrected for their number (Benjamini-Hochberg); NaN where raw is.
    prior : array of shape (n_industries,); shape and rate of the prior, in independent units.
    """

    raw: Floats
    shrunken: Floats
    low: Floats
    high: Floats
    p_value: Floats
    q_value: Floats
    prior: Floats

    @property
    def symmetric(self) -> Floats:
        """(LQ - 1) / (LQ + 1): from -1 for none to 1, 0 for an equal share (Laursen 2015)."""
        return (self.raw - 1) / (self.raw + 1)


def location_quotients(jobs: ArrayLike, lumps: Floats | None = None, level: float = 0.05) -> Quotients:
    """Measure how concentrated each industry is in each region, and how sure that is.

    LQ = (jobs in industry and region / jobs in region) / (jobs in industry / all jobs)

    Jobs come in lumps: a plant of 500 is one decision, not 500. With c = sum z^2 / sum z over the plants z
    of an industry, e / c counts as so many independent units, E / c of which are expected. Units are Poisson
    with mean (true quotient) x (expected), the true quotients of an industry Gamma(a, a) with mean 1:
    shrunken = (e / c + a) / (E / c + a), and a, up to 100, is where the marginal likelihood is largest.
    The p-value is of the binomial law at the region's share of all jobs, continued to broken numbers.

    Parameters
    ----------
    jobs : array or DataFrame of shape (n_regions, n_industries)
        Employment (persons).
    lumps : array of shape (n_industries,), optional
        c of each industry (persons per independent unit); 1 without it: every person decides alone.
    level : float
        What the intervals leave out.

    Returns
    -------
    Quotients

    Raises
    ------
    ValueError
        When a count is negative or missing, or there are no jobs at all; when the level or a lump cannot be.

    Notes
    -----
    A raw quotient may lie outside its interval: then it rests on few plants and has been drawn far in.

    References
    ----------
    Isard (1960), Methods of Regional Analysis. Clayton, Kaldor (1987), Empirical Bayes Estimates of
    Age-Standardized Relative Risks, Biometrics 43. Benjamini, Hochberg (1995), JRSS B 57.

    Examples
    --------
    >>> found = location_quotients(np.array([[80.0, 20.0], [20.0, 80.0]]))
    >>> found.raw
    array([[1.6, 0.4],
           [0.4, 1.6]])
    >>> bool(found.q_value[0, 0] < 0.001)
    True
    """
    jobs = np.asarray(jobs, dtype=np.float64)
    _refuse_no_jobs(jobs)
    if not 0 < level < 1:
        raise ValueError("The level is between 0 and 1.")
    if lumps is not None and not (np.asarray(lumps)[jobs.sum(axis=0) > 0] > 0).all():
        raise ValueError("Every industry with jobs has lumps above 0.")
    in_region, in_industry, everything = jobs.sum(axis=1), jobs.sum(axis=0), jobs.sum()
    known = (in_region > 0)[:, None] & (in_industry > 0)
    expected = np.outer(in_region, in_industry) / everything
    raw = np.where(known, jobs / np.where(known, expected, 1), np.nan)
    size = np.ones(jobs.shape[1]) if lumps is None else np.where(in_industry > 0, lumps, 1.0)
    units, units_expected = jobs / size, expected / size

    prior = np.array([_fit_prior(units[known[:, i], i], units_expected[known[:, i], i]) for i in range(jobs.shape[1])])
    shape, rate = units + prior, units_expected + prior
    p_value = np.where(known, _binomial(units, in_industry / size, (in_region / everything)[:, None]), np.nan)
    return Quotients(
        raw=raw,
        shrunken=np.where(known, shape / rate, np.nan),
        low=np.where(known, gammaincinv(shape, level / 2) / rate, np.nan),
        high=np.where(known, gammaincinv(shape, 1 - level / 2) / rate, np.nan),
        p_value=p_value,
        q_value=false_discovery_rates(p_value),
        prior=prior,
    )


def _refuse_no_jobs(jobs: Floats) -> None:
    if jobs.ndim != 2 or not np.isfinite(jobs).all() or (jobs < 0).any() or not jobs.sum() > 0:
        raise ValueError("Jobs are counts of at least 0 by region and industry, and there is at least one.")


def _fit_prior(units: Floats, expected: Floats) -> float:
    """The a of Gamma(a, a) under which the units are likeliest; SURE_MAX when they hardly spread more than chance."""
    if not units.size:
        return SURE_MAX

    def unlikeliness(log_a: float) -> float:
        a = np.exp(log_a)
        logs = gammaln(units + a) - gammaln(a) + a * np.log(a / (expected + a))
        return -float((logs - units * np.log(expected + a)).sum())

    grid = np.linspace(np.log(1e-3), np.log(SURE_MAX), 60)
    best = int(np.argmin([unlikeliness(each) for each in grid]))
    ends = grid[max(best - 1, 0)], grid[min(best + 1, grid.size - 1)]
    found = minimize_scalar(unlikeliness, bounds=ends, method="bounded", options={"xatol": 1e-6})
    return float(np.exp(found.x))


def _binomial(units: Floats, total: Floats, share: Floats) -> Floats:
    """Two-sided p-value of `units` of `total`; half of the probability of the value itself on either side."""
    total = np.broadcast_to(np.maximum(total, 1e-12), units.shape)
    share = np.broadcast_to(share, units.shape)

    def at_least(k: Floats) -> Floats:
        inside = (k > 0) & (k < total + 1)
        safe = np.where(inside, k, 0.5)
        tail = betainc(safe, np.maximum(total - safe + 1, 1e-12), share)
        return np.asarray(np.where(inside, tail, np.where(k <= 0, 1.0, 0.0)))

    above = (at_least(units) + at_least(units + 1)) / 2
    return np.asarray(np.clip(2 * np.minimum(above, 1 - above), 0, 1))


def false_discovery_rates(p_values: Floats) -> Floats:
    """Benjamini and Hochberg's q-values: q_(i) = min over j >= i of p_(j) m / j. NaN stays NaN.

    >>> false_discovery_rates(np.array([0.01, 0.02, 0.9, np.nan]))
    array([0.03, 0.03, 0.9 ,  nan])
    """
    q_values = np.full(p_values.shape, np.nan)
    known = ~np.isnan(p_values)
    p = p_values[known]
    order = np.argsort(p)
    scaled = p[order] * p.size / np.arange(1, p.size + 1)
    ranked = np.empty(p.size)
    ranked[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    q_values[known] = ranked
    return q_values


@dataclass(frozen=True, slots=True)
class StarProfile:
    """Named thresholds. A region's industry earns a star each for size, specialisation and focus.

    size_top : the part of the regions, largest in jobs, that earn the size star.
    quotient_min : the least location quotient for the specialisation star.
    focus_top : the part of the regions, by the industry's share of the region's jobs, for the focus star.
    jobs_min : cells with fewer jobs earn none.
    """

    name: str
    size_top: float
    quotient_min: float
    focus_top: float
    jobs_min: float


STAR_PROFILES = {
    profile.name: profile
    for profile in (
        StarProfile("observatory-2007", size_top=0.1, quotient_min=2.0, focus_top=0.1, jobs_min=1000),
        StarProfile("small-regions", size_top=0.1, quotient_min=2.0, focus_top=0.1, jobs_min=50),
    )
}


@dataclass(frozen=True, slots=True)
class Stars:
    """Which of the three stars each (region, industry) has."""

    size: Bools
    specialisation: Bools
    focus: Bools

    @property
    def count(self) -> Ints:
        return np.asarray(np.sum([self.size, self.specialisation, self.focus], axis=0), dtype=np.int64)


def star_clusters(jobs: ArrayLike, profile: StarProfile) -> Stars:
    """The European Cluster Observatory's stars.

    Parameters
    ----------
    jobs : array or DataFrame of shape (n_regions, n_industries)
        Employment (persons).
    profile : StarProfile

    Returns
    -------
    Stars

    Raises
    ------
    ValueError
        When a count is negative or missing, or there are no jobs at all.

    References
    ----------
    Sölvell, Lindqvist, Ketels (2003), The Cluster Initiative Greenbook; European Cluster Observatory, methodology.

    Examples
    --------
    >>> jobs = np.array([[90.0, 10.0], [10.0, 90.0], [0.0, 100.0]])
    >>> star_clusters(jobs, StarProfile("toy", 0.34, 2.0, 0.34, 5)).count[:, 0]
    array([3, 0, 0])
    """
    jobs = np.asarray(jobs, dtype=np.float64)
    _refuse_no_jobs(jobs)
    share = jobs / np.maximum(jobs.sum(axis=1, keepdims=True), 1e-300)
    overall = jobs.sum(axis=0) / jobs.sum()
    enough = (jobs >= profile.jobs_min) & (jobs > 0)
    return Stars(
        size=enough & (jobs >= _threshold(jobs, profile.size_top)),
        specialisation=enough & (share >= profile.quotient_min * overall),
        focus=enough & (share >= _threshold(share, profile.focus_top)),
    )


def _threshold(values: Floats, top: float) -> Floats:
    """The least value among the top part of each column, at least one region."""
    kept = max(int(top * values.shape[0]), 1)
    return np.asarray(np.sort(values, axis=0)[-kept])
