"""K-density, M, K and complexity as a Python user would have them today: numpy, scipy and the packages of PyPI."""

import numpy as np
from scipy.spatial.distance import cdist, pdist


def density_by_bins(x, y, reach, at):
    """K-density of one set of sites: all distances, a fine histogram, a Gaussian on its bins."""
    distance = pdist(np.column_stack([x, y]))
    near = distance[distance <= 2 * reach]
    h = _bandwidth(near)
    counts, edges = np.histogram(near, 4096, (0, 2 * reach))
    middle = (edges[1:] + edges[:-1]) / 2
    kernel = np.exp(-(((at[:, None] - middle) / h) ** 2) / 2) + np.exp(-(((at[:, None] + middle) / h) ** 2) / 2)
    return kernel @ counts / (h * np.sqrt(2 * np.pi) * distance.size)


def density_by_the_sum(x, y, reach, at):
    """The same without bins: every pair at every distance, in double precision."""
    distance = pdist(np.column_stack([x, y]))
    h = _bandwidth(distance[distance <= 2 * reach])
    sums = np.zeros(at.size)
    for first in range(0, distance.size, 200_000):
        some = distance[first : first + 200_000]
        for k, r in enumerate(at):
            sums[k] += np.exp(-(((r - some) / h) ** 2) / 2).sum() + np.exp(-(((r + some) / h) ** 2) / 2).sum()
    return sums / (h * np.sqrt(2 * np.pi) * distance.size)


def _bandwidth(near):
    quartiles = np.percentile(near, [25, 75])
    return 0.9 * min(near.std(ddof=1), (quartiles[1] - quartiles[0]) / 1.34) * near.size**-0.2


def concentration_by_matrix(xy, weight, cases, radii):
    """M of one set of cases: its neighbours among all sites, a row of distances at a time."""
    overall = (weight[cases].sum() - weight[cases]) / (weight.sum() - weight[cases])
    is_case = np.zeros(len(xy), dtype=bool)
    is_case[cases] = True
    local, base = np.zeros(radii.size), np.zeros(radii.size)
    for place, case in enumerate(cases):
        distance = cdist(xy[case : case + 1], xy)[0]
        distance[case] = np.inf
        band = np.searchsorted(radii, distance)
        everybody = np.cumsum(np.bincount(band, weight, radii.size + 1))[:-1]
        own = np.cumsum(np.bincount(band[is_case], weight[is_case], radii.size + 1))[:-1]
        known = everybody > 0
        local[known] += own[known] / everybody[known]
        base[known] += overall[place]
    return local / np.where(base > 0, base, np.nan)


def ripley_of_pointpats(xy, at):
    from pointpats import k

    return k(xy, support=at)[1]


def complexity_of_package(jobs):
    """Location quotient, proximity, density and index of py-ecomplexity, as arrays."""
    import contextlib
    import io
    import warnings

    import pandas as pd
    from ecomplexity import ecomplexity, proximity

    regions, industries = jobs.shape
    table = pd.DataFrame({
        "time": 2026, "loc": np.repeat(np.arange(regions), industries), "prod": np.tile(np.arange(industries), regions),
        "val": jobs.ravel(),
    })  # fmt: skip
    names = {"time": "time", "loc": "loc", "prod": "prod", "val": "val"}
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = ecomplexity(table, names).sort_values(["loc", "prod"])
        near = proximity(table, names).pivot(index="prod_1", columns="prod_2", values="proximity")
    columns = {name: found[name].to_numpy(float).reshape(jobs.shape) for name in ("rca", "density", "eci")}
    return columns["rca"], near.to_numpy(float), columns["density"], columns["eci"][:, 0]


def risks_of_esda(jobs):
    """Each industry's jobs in a region over those its part of all jobs would make: the location quotient."""
    from esda.smoothing import Excess_Risk

    everyone = jobs.sum(axis=1)
    return np.column_stack([Excess_Risk(jobs[:, i], everyone).r.ravel() for i in range(jobs.shape[1])])


def limit_of_esda(p_values, level):
    """The p-value up to which esda calls discoveries."""
    from esda import fdr

    return fdr(p_values, level)
