"""Shift-share: what of a region's change in jobs is the country's, the industry's and its own."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .points import Floats


@dataclass(frozen=True, slots=True)
class ShiftShare:
    """Changes in jobs (persons), arrays of shape (n_regions, n_industries); they add up to after - before.

    national : as if everything had grown like all jobs together.
    mix : what the industry grew beyond that everywhere.
    own : what the region's industry grew beyond its industry.
    """

    national: Floats
    mix: Floats
    own: Floats


def shift_share(before: ArrayLike, after: ArrayLike) -> ShiftShare:
    """Divide the change in jobs between two years.

    national = e g,  mix = e (g_i - g),  own = e' - e (1 + g_i), with e the jobs before, e' after, g the
    growth of all jobs and g_i that of the industry. An industry that was nowhere before is all `own`.

    Parameters
    ----------
    before, after : arrays or DataFrames of shape (n_regions, n_industries)
        Employment (persons).

    Raises
    ------
    ValueError
        When the shapes differ, a count is negative or there were no jobs before.

    References
    ----------
    Dunn (1960), A Statistical and Analytical Technique for Regional Analysis.

    Examples
    --------
    >>> parts = shift_share(np.array([[100.0], [100.0]]), np.array([[130.0], [110.0]]))
    >>> np.round([parts.national[0, 0], parts.mix[0, 0], parts.own[0, 0]], 9)
    array([20.,  0., 10.])
    """
    before, after = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    if before.shape != after.shape or (before < 0).any() or (after < 0).any() or not before.sum() > 0:
        raise ValueError("Two tables of one shape, counts of at least 0, some of them before.")
    growth = after.sum() / before.sum() - 1
    old = before.sum(axis=0)
    of_industry = np.where(old > 0, after.sum(axis=0) / np.where(old > 0, old, 1) - 1, growth)
    national = before * growth
    mix = before * (of_industry - growth)
    return ShiftShare(national, mix, after - before - national - mix)
