"""The measures of a whole census as the rows of its tables; a cell that may not be shown is None."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from .concentration import coagglomeration, ellison_glaeser
from .curves import Curve, Tick, no_tick
from .extents import find_extents
from .points import Bools, Floats
from .priority import rank_candidates, scaled
from .quotients import StarProfile, location_quotients, star_clusters
from .related import RelatedIndustries, related_industries
from .shift_share import shift_share
from .sites import Sites
from .suppression import changed_sites, hidden_cells

Row = tuple[Any, ...]
CRITERIA = ("firms", "jobs", "specialisation", "focus", "small_firms", "exports", "growth")
SMALL_FIRM = 10  # persons; below that a firm is a micro firm

HEADERS = {
    "lq": ("industry", "region", "lq", "low", "high", "q_value"),
    "stars": ("industry", "region", "size", "specialisation", "focus", "stars", "shrunken_lq", "symmetric_lq"),
    "shift": ("industry", "region", "national", "mix", "own"),
    "eg": ("industry", "g", "herfindahl", "gamma", "p_value"),
    "coagglomeration": ("industry", "other", "gamma"),
    "kd": ("industry", "distance_km", "value", "low", "high", "global_low", "global_high"),
    "m": ("industry", "distance_km", "value", "low", "high", "global_low", "global_high"),
    "m-density": ("industry", "distance_km", "value", "low", "high", "global_low", "global_high"),
    "related": ("industry", "cluster", "score"),
    "priority": ("industry", "region", "score", "rank", "rank_low", "rank_high", "first_share", *CRITERIA),
}


@dataclass(frozen=True, slots=True)
class Cells:
    """Which regions and industries have jobs, and which of their cells may be shown."""

    hidden: Bools
    regions: tuple[int, ...]
    industries: tuple[int, ...]

    @staticmethod
    def of(sites: Sites, wanted: tuple[str, ...], least_sites: int, published: Sites | None = None) -> "Cells":
        """published: a census whose tables are out already; what the two give away together is hidden too."""
        changed = None if published is None else changed_sites(sites, published)
        return Cells(
            hidden_cells(sites.plants, least_sites, changed),
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


def priority_rows(
    sites: Sites, cells: Cells, weights: Mapping[str, float], before: Sites | None, *, least_sites: int, seed: int
) -> Iterator[Row]:
    """Clusters that may be shown, more specialised than everywhere, in the order of their score.

    Criteria are scaled from the least to the largest among them; those the columns do not allow are left out, with
    empty cells. before: the first year, for growth; then a cluster may be shown that may be in both years.
    """
    found = location_quotients(sites.jobs, sites.lumps)
    hidden = cells.hidden if before is None else cells.hidden | hidden_cells(before.plants, least_sites)
    places = [
        (i, r)
        for i in cells.industries
        for r in cells.regions
        if not hidden[r, i] and found.shrunken[r, i] > 1 and sites.plants[r, i] > 0
    ]
    if not places:
        return
    region, industry = np.array([r for _, r in places]), np.array([i for i, _ in places])
    names = [f"{place:07}" for place in range(len(places))]  # of equal scores the first in this order is first
    criteria = {
        name: scaled([float(value) for value in table[region, industry]])
        for name, table in _criteria(sites, found.shrunken, before).items()
        if weights.get(name, 0) > 0
    }
    if not criteria:
        return
    ranking = rank_candidates(names, criteria, {name: weights[name] for name in criteria}, seed=seed)
    for row in ranking.rows:
        place = int(row.name)
        i, r = places[place]
        values = [criteria[name][place] if name in criteria else None for name in CRITERIA]
        yield (sites.industries[i], sites.regions[r], row.score, row.rank, row.rank_low, row.rank_high,
               row.first_share, *values)  # fmt: skip


def _criteria(sites: Sites, shrunken: Floats, before: Sites | None) -> dict[str, Floats]:
    """Tables of regions and industries: what speaks for a cluster. Firms and jobs by their logarithm."""
    jobs, plants = sites.jobs, sites.plants.astype(np.float64)
    small = sites.table_of((sites.employment < SMALL_FIRM).astype(np.float64))
    found = {
        "firms": np.log1p(plants),
        "jobs": np.log1p(jobs),
        "specialisation": shrunken,
        "focus": jobs / np.maximum(jobs.sum(axis=1, keepdims=True), 1),
        "small_firms": small / np.maximum(plants, 1),
    }
    if sites.exports is not None:
        found["exports"] = np.log1p(sites.table_of(sites.exports))
    if before is not None:
        found["growth"] = shift_share(before.jobs, jobs).own / np.maximum(before.jobs, 1)
    return found


def concentration_rows(
    sites: Sites, wanted: tuple[str, ...], least_sites: int, published: Sites | None = None
) -> Iterator[Row]:
    """Ellison and Glaeser's index; not of an industry with fewer than `least_sites` sites, or so few changed ones."""
    assert sites.region is not None, "The caller has seen to it that there are regions."
    changed = np.zeros(len(sites.industries), dtype=np.int64)
    if published is not None:
        changed = changed_sites(sites, published).sum(axis=0)
    in_region = sites.jobs.sum(axis=1)
    for code, name in enumerate(sites.industries):
        cases = np.flatnonzero((sites.industry == code) & (sites.employment > 0))
        if name not in wanted or not cases.size:
            continue
        if cases.size < least_sites or 0 < changed[code] < least_sites:
            yield name, None, None, None, None
            continue
        found = ellison_glaeser(sites.employment[cases], sites.region[cases], in_region)
        yield name, *(_plain(each) for each in (found.g, found.herfindahl, found.gamma, found.p_value))


def coagglomeration_rows(sites: Sites, wanted: tuple[str, ...], least_sites: int) -> Iterator[Row]:
    """Each pair of industries once, those found together most first; of industries with `least_sites` sites and more."""
    there = np.flatnonzero((sites.jobs.sum(axis=0) > 0) & (sites.plants.sum(axis=0) >= least_sites))
    if there.size < 2 or len(sites.regions) < 2:
        return
    gamma = coagglomeration(sites.jobs[:, there])
    names = [sites.industries[i] for i in there]
    one, other = np.triu_indices(there.size, 1)
    for k in np.lexsort((other, one, -gamma[one, other])):
        pair = names[one[k]], names[other[k]]
        if pair[0] in wanted or pair[1] in wanted:
            yield *pair, _plain(gamma[one[k], other[k]])


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


def find_related(
    sites: Sites, seed: int, links: Mapping[str, Floats] | None = None, tick: Tick = no_tick
) -> tuple[RelatedIndustries, tuple[str, ...]]:
    """Sets of related industries, and the names of those with jobs, in the order of the labels.

    links: further similarities of shape (n_industries, n_industries), by name.
    """
    there = np.flatnonzero(sites.jobs.sum(axis=0) > 0)
    own = {name: each[np.ix_(there, there)] for name, each in (links or {}).items()}
    plants = sites.plants[:, there].astype(np.float64)
    found = related_industries(sites.jobs[:, there], plants, own, seed=seed, tick=tick)
    return found, tuple(sites.industries[i] for i in there)


def related_rows(found: RelatedIndustries, names: tuple[str, ...]) -> Iterator[Row]:
    """The set of each industry and how well it fits; no score for one that is alone in its set."""
    for name, label, fit in zip(names, found.best.labels.tolist(), found.fit.tolist(), strict=True):
        yield name, label, None if np.isnan(fit) else fit


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
