"""Where the clusters of an industry are: groups of sites denser than around them, with their outlines."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from .points import Floats, Ints, Points, which_of


@dataclass(frozen=True, slots=True)
class Extent:
    """One group of sites.

    centre : index of the site nearest to all the others of the group; its name names the group.
    sites : indices into the points.
    area_km2 : of the hull on the plane that touches the earth at the group's middle; 0 when all lie in a line.
    hull : indices of the sites at the corners of the convex hull, one way round.
    """

    centre: int
    sites: Ints
    hull: tuple[int, ...]
    area_km2: float


def find_extents(points: Points, cases: Ints, least_sites: int = 5) -> list[Extent]:
    """Group the sites of an industry by density.

    HDBSCAN of scikit-learn on straight-line distances, which order pairs as distances on the earth do. The
    groups come largest first, equal ones by their first site.

    Parameters
    ----------
    points : Points
    cases : array of int
        Which of them are the industry's.
    least_sites : int
        The smallest group, at least 2.

    Returns
    -------
    list of Extent
        Empty when the industry has fewer than 2 x least_sites sites or no dense part.

    Raises
    ------
    ValueError
        With a case that is no site or named twice, or fewer than 2 sites asked of a group.

    References
    ----------
    Campello, Moulavi, Sander (2013), Density-Based Clustering Based on Hierarchical Density Estimates.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> near, far = rng.normal(0, 1, (2, 20)), rng.normal(50, 1, (2, 12))
    >>> points = Points.in_plane(*np.hstack([near, far]))
    >>> [len(group.sites) for group in find_extents(points, np.arange(32))]
    [20, 12]
    """
    from sklearn.cluster import HDBSCAN

    which = which_of(cases, len(points))
    if least_sites < 2:
        raise ValueError("A group has at least 2 sites.")
    if which.size < 2 * least_sites:
        return []
    own = points[which]
    straight = np.column_stack([own.x, own.y, own.z])
    labels = HDBSCAN(min_cluster_size=least_sites, copy=True).fit_predict(straight)
    groups = [which[labels == label] for label in range(labels.max() + 1)]
    groups.sort(key=lambda sites: (-sites.size, int(sites[0])))
    return [_outline(points, sites) for sites in groups]


def _outline(points: Points, sites: Ints) -> Extent:
    flat = flatten(points, sites)
    outline = shapely.MultiPoint(flat).convex_hull
    corners = np.array(outline.exterior.coords if isinstance(outline, shapely.Polygon) else outline.coords)
    hull = [int(sites[int(np.argmin(((flat - corner) ** 2).sum(axis=1)))]) for corner in corners]
    if len(hull) > 1 and hull[0] == hull[-1]:
        hull.pop()
    return Extent(_most_central(flat, sites), sites, tuple(hull), float(outline.area))


def _most_central(flat: Floats, sites: Ints) -> int:
    """The site with the least sum of distances; among very many, the one nearest to the mean."""
    if len(flat) > 2000:
        return int(sites[np.argmin(((flat - flat.mean(axis=0)) ** 2).sum(axis=1))])
    total = [np.hypot(*(flat - each).T).sum() for each in flat]
    return int(sites[np.argmin(np.round(total, 9))])


def flatten(points: Points, sites: Sequence[int] | Ints) -> Floats:
    """(east, north) in km on the plane that fits the sites best: array of shape (n, 2)."""
    own = points[np.asarray(sites)]
    straight = np.column_stack([own.x, own.y, own.z])
    if points.metric == "plane":
        return straight[:, :2]
    centred = straight - straight.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    return np.asarray(centred @ axes[:2].T)
