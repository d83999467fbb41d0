"""The measures of a whole census as the rows of its tables; a cell that may not be shown is None."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from .concentration import ellison_glaeser
from .curves import Curve
from .extents import find_extents
from .points import Bools, Floats
from .quotients import StarProfile, location_quotients, star_clusters
from .related import RelatedIndustries, related_industries
from .shift_share import shift_share
from .sites import Sites
from .suppression import hidden_cells

Row = tuple[Any, ...]

HEADERS = {
    "lq": ("industry", "region", "lq", "low", "high", "q_value"),
    "stars": ("industry", "region", "size", "specialisation", "focus", "stars", "shrunken_lq", "symmetric_lq"),
    "shift": ("industry", "region", "national", "mix", "own"),
    "eg": ("industry", "g", "herfindahl", "gamma", "p_value"),
    "kd": ("industry", "distance_km", "value", "low", "high", "global_low", "global_high"),
    "m": ("industry", "distance_km", "value", "low", "high", "global_low", "global_high"),
    "related": ("industry", "cluster", "score"),
}


@dataclass(frozen=True, slots=True)
class Cells:
    """Which regions and industries have jobs, and which of their cells may be shown."""

    hidden: Bools
    regions: tuple[int, ...]
    industries: tuple[int, ...]

    @staticmethod
    def of(sites: Sites, wanted: tuple[str, ...], least_sites: int) -> "Cells":
        return Cells(
            hidden_cells(sites.plants, least_sites),
            tuple(np.flatnonzero(sites.jobs.sum(axis=1) > 0).tolist()),
            tuple(i for i in np.flatnonzero(sites.jobs.sum(axis=0) > 0).tolist() if sites.industries[i] in wanted),
        )

    def rows(self, sites: Sites, *columns: Any) -> Iterator[Row]:
        """(industry, region, a value of each column or None), an industry after the other."""
        for i in self.industries:
            for r in self.regions:
                shown = not self.hidden[r, i]
                yield (
                    sites.industries[i],
                    sites.regions[r],
                    *(_plain(each[r, i]) if shown else None for each in columns),
                )


def quotient_rows(sites: Sites, cells: Cells, level: float) -> Iterator[Row]:
    found = location_quotients(sites.jobs, sites.lumps, level)
    return cells.rows(sites, found.raw, found.low, found.high, found.q_value)


def star_rows(sites: Sites, cells: Cells, profile: StarProfile) -> Iterator[Row]:
    stars = star_clusters(sites.jobs, profile)
    found = location_quotients(sites.jobs, sites.lumps)
    flags = (each.astype(np.int64) for each in (stars.size, stars.specialisation, stars.focus))
    return cells.rows(sites, *flags, stars.count, found.shrunken, found.symmetric)


def shift_rows(before: Sites, after: Sites, wanted: tuple[str, ...], least_sites: int) -> Iterator[Row]:
    """A cell is shown when it may be shown in both years."""
    ends = [Cells.of(each, wanted, least_sites) for each in (before, after)]
    parts = shift_share(before.jobs, after.jobs)
    both = Cells(
        ends[0].hidden | ends[1].hidden,
        tuple(sorted({*ends[0].regions, *ends[1].regions})),
        tuple(sorted({*ends[0].industries, *ends[1].industries})),
    )
    return both.rows(after, parts.national, parts.mix, parts.own)


def concentration_rows(sites: Sites, wanted: tuple[str, ...], least_sites: int) -> Iterator[Row]:
    """Ellison and Glaeser's index; an industry with fewer than `least_sites` sites is not shown."""
    assert sites.region is not None, "The caller has seen to it that there are regions."
    in_region = sites.jobs.sum(axis=1)
    for code, name in enumerate(sites.industries):
        cases = np.flatnonzero((sites.industry == code) & (sites.employment > 0))
        if name not in wanted or not cases.size:
            continue
        if cases.size < least_sites:
            yield name, None, None, None, None
            continue
        found = ellison_glaeser(sites.employment[cases], sites.region[cases], in_region)
        yield name, *(_plain(each) for each in (found.g, found.herfindahl, found.gamma, found.p_value))


def curve_rows(industry: str, curve: Curve) -> list[Row]:
    """Values per km for a K-density, dimensionless for M."""
    bands = curve.bands
    beside: list[Floats | None] = [None] * 4
    if bands is not None:
        beside = [bands.low, bands.high, bands.global_low, bands.global_high]
    gaps = np.isnan(curve.value)
    return [
        (industry, _plain(curve.distance_km[k]), _plain(curve.value[k]),
         *(None if each is None or gaps[k] else _plain(each[k]) for each in beside))
        for k in range(curve.distance_km.size)
    ]  # fmt: skip


def find_related(sites: Sites, seed: int) -> tuple[RelatedIndustries, tuple[str, ...]]:
    """Sets of related industries, and the names of those with jobs, in the order of the labels."""
    there = np.flatnonzero(sites.jobs.sum(axis=0) > 0)
    found = related_industries(sites.jobs[:, there], sites.plants[:, there].astype(np.float64), seed=seed)
    return found, tuple(sites.industries[i] for i in there)


def extent_features(sites: Sites, industry: str, least_sites: int) -> list[dict[str, Any]]:
    """GeoJSON features of an industry's groups: hulls, with what is inside.

    `quotient` is the industry's share of the sites within the hull over its share of all; near 1 the group
    is only where all sites are.
    """
    features = []
    cases = sites.cases(industry)
    for extent in find_extents(sites.points, cases, least_sites):
        corners = [(float(sites.first[i]), float(sites.second[i])) for i in extent.hull]
        hull = shapely.MultiPoint(corners).convex_hull
        inside = sites.tree.query(hull, predicate="intersects")
        own = np.count_nonzero(sites.industry[inside] == sites.industry[cases[0]])
        features.append({
            "type": "Feature",
            "id": f"{industry}@{sites.site_id[extent.centre]}",
            "properties": {
                "industry": industry,
                "sites": int(extent.sites.size),
                "employment": float(sites.employment[extent.sites].sum()),
                "area_km2": round(extent.area_km2, 3),
                "quotient": round(own / inside.size * len(sites) / cases.size, 3),
            },
            "geometry": shapely.geometry.mapping(hull),
        })  # fmt: skip
    return features


def _plain(value: Any) -> float | int | None:
    """A number that JSON and CSV can carry; None for NaN."""
    if isinstance(value, int | np.integer):
        return int(value)
    return None if np.isnan(value) else float(value)
