"""A census of establishments as columns, and the tables of regions and industries made from it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike

from .points import Bools, Floats, Ints, Points

LIMITS = {"employment": (0, np.inf), "exports": (0, np.inf), "lat": (-90, 90), "lon": (-180, 180)}


@dataclass(frozen=True)
class Sites:
    """One row a site (and year), in the order of site_id and year. Build with `Sites.build` or `Sites.from_frame`.

    site_id : array of str of shape (n,)
    industry, region : index into `industries`, `regions`; region is None without regions, year without years.
    employment : persons, or any size, 0 or more. exports : money, 0 or more; None without.
    first, second : as the file has them: longitude and latitude, or x_km and y_km.
    """

    site_id: np.ndarray[Any, np.dtype[np.object_]]
    industry: Ints
    industries: tuple[str, ...]
    employment: Floats
    points: Points
    first: Floats
    second: Floats
    region: Ints | None = None
    regions: tuple[str, ...] = ()
    year: Ints | None = None
    exports: Floats | None = None

    def __len__(self) -> int:
        return self.site_id.size

    @staticmethod
    def build(
        site_id: Sequence[str],
        industry: Sequence[str],
        employment: ArrayLike,
        *,
        lat: ArrayLike | None = None,
        lon: ArrayLike | None = None,
        x_km: ArrayLike | None = None,
        y_km: ArrayLike | None = None,
        region: Sequence[str] | None = None,
        year: ArrayLike | None = None,
        exports: ArrayLike | None = None,
    ) -> "Sites":
        """Columns as a file or a data frame has them; coordinates are lat and lon, or x_km and y_km.

        Rows are put in the order of site_id, so that their order in the file changes no simulation.

        Raises
        ------
        ValueError
            When columns differ in length, coordinates are missing or both kinds are there, a count is
            negative, or a year is not whole.

        Examples
        --------
        >>> sites = Sites.build(["b", "a"], ["wood", "food"], [3, 5], x_km=[0, 1], y_km=[0, 1])
        >>> list(sites.site_id), sites.industries, sites.cases("wood")
        (['a', 'b'], ('food', 'wood'), array([1]))
        """
        jobs = np.asarray(employment, dtype=np.float64)
        if (lat is None or lon is None) == (x_km is None or y_km is None):
            raise ValueError("Coordinates are either lat and lon or x_km and y_km.")
        if not np.isfinite(jobs).all() or (jobs < 0).any():
            raise ValueError("Employment is a number of at least 0.")
        first = np.asarray(x_km if lon is None else lon, dtype=np.float64)
        second = np.asarray(y_km if lat is None else lat, dtype=np.float64)
        years = None if year is None else np.rint(np.asarray(year, dtype=np.float64)).astype(np.int64)
        if years is not None and (years != np.asarray(year, dtype=np.float64)).any():
            raise ValueError("A year is a whole number.")
        sold = None if exports is None else np.asarray(exports, dtype=np.float64)
        columns: list[Any] = [site_id, industry, jobs, first, second, region, years, sold]
        if len({len(column) for column in columns if column is not None}) > 1:
            raise ValueError("The columns differ in length.")
        order = np.array(_order(site_id, years), dtype=np.int64)
        industries, codes = _coded(industry)
        regions, places = ((), None) if region is None else _coded(region)
        first, second = first[order], second[order]
        return Sites(
            site_id=np.array(site_id, dtype=object)[order],
            industry=codes[order],
            industries=industries,
            employment=jobs[order],
            points=Points.in_plane(first, second) if lon is None else Points.on_earth(second, first),
            first=first,
            second=second,
            region=None if places is None else places[order],
            regions=regions,
            year=None if years is None else years[order],
            exports=None if sold is None else sold[order],
        )

    @staticmethod
    def from_frame(frame: Any) -> "Sites":
        """From a pandas DataFrame with the columns of sites.csv, in any order; others are left alone.

        Raises
        ------
        ValueError
            Naming the column and, by its label in the index, the first row at fault.

        Examples
        --------
        >>> import pandas as pd
        >>> frame = pd.DataFrame({"site_id": ["a", "b"], "industry": ["wood", "food"], "employment": [3, 5],
        ...                       "x_km": [0.0, 3.0], "y_km": [0.0, 4.0], "region": ["valley", "plain"]})
        >>> Sites.from_frame(frame).jobs
        array([[5., 0.],
               [0., 3.]])
        """
        on_earth = "lat" in frame or "lon" in frame
        places = ("lat", "lon") if on_earth else ("x_km", "y_km")
        texts = ("site_id", "industry", *(["region"] if "region" in frame else []))
        numbers = ("employment", *places, *(each for each in ("year", "exports") if each in frame))
        for name in (*texts, *numbers):
            if name not in frame:
                raise ValueError(f"The column {name} is missing.")
            nothing = frame[name].isna() | (frame[name] == "")
            if nothing.any():
                raise ValueError(f"{name}: row {frame.index[int(nothing.argmax())]} has no value.")
        keys = frame[["site_id", "year"]] if "year" in frame else frame[["site_id"]]
        if keys.duplicated().any():
            row = int(keys.duplicated().argmax())
            raise ValueError(f"site_id: row {frame.index[row]} has {frame['site_id'].iloc[row]!r} a second time.")
        columns: dict[str, Any] = {name: frame[name].astype(str).tolist() for name in texts}
        columns |= {name: _numbers(frame[name], name) for name in numbers}
        return Sites.build(**columns)

    def cases(self, industry: str) -> Ints:
        """Which sites are the industry's."""
        return np.flatnonzero(self.industry == self.industries.index(industry))

    @cached_property
    def number(self) -> Ints:
        """Sites of each industry: array of shape (n_industries,)."""
        return np.bincount(self.industry, minlength=len(self.industries)).astype(np.int64)

    @cached_property
    def checksum(self) -> str:
        """SHA-256 of all cells; the same in whatever order and form of file they came."""
        names = self.points.metric, self.site_id.tolist(), self.industries, self.regions
        found = hashlib.sha256(json.dumps(names).encode())
        for column in (self.industry, self.employment, self.first, self.second, self.region, self.year, self.exports):
            found.update(b"none" if column is None else column.tobytes())
        return found.hexdigest()

    @property
    def years(self) -> tuple[int, ...]:
        return () if self.year is None else tuple(int(year) for year in np.unique(self.year))

    def in_year(self, year: int) -> "Sites":
        """The sites of one year; industries and regions keep their numbers."""
        assert self.year is not None, "Only a census of several years has one."
        return self.only(self.year == year)

    def only(self, kept: Bools) -> "Sites":
        """Some of the sites, as if no others were there."""
        return Sites(
            self.site_id[kept], self.industry[kept], self.industries, self.employment[kept], self.points[kept],
            self.first[kept], self.second[kept], None if self.region is None else self.region[kept],
            self.regions, None if self.year is None else self.year[kept],
            None if self.exports is None else self.exports[kept],
        )  # fmt: skip

    @cached_property
    def jobs(self) -> Floats:
        """Employment by region and industry: array of shape (n_regions, n_industries)."""
        return self.table_of(self.employment)

    @cached_property
    def plants(self) -> Ints:
        """Number of sites by region and industry."""
        return self.table_of(None).astype(np.int64)

    @cached_property
    def lumps(self) -> Floats:
        """sum z^2 / sum z over the sites of each industry, persons; 1 for an industry without jobs."""
        total = np.bincount(self.industry, self.employment, len(self.industries))
        squares = np.bincount(self.industry, self.employment**2, len(self.industries))
        return np.asarray(np.where(total > 0, squares / np.where(total > 0, total, 1), 1.0))

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The sites by their place as the file has it, to ask what lies within an outline."""
        return shapely.STRtree(shapely.points(self.first, self.second))

    def table_of(self, weight: Floats | None) -> Floats:
        """Sums of a column by region and industry, or numbers of sites.

        Raises
        ------
        ValueError
            When there are no regions.
        """
        if self.region is None:
            raise ValueError("This needs the column region, which the census does not have.")
        shape = len(self.regions), len(self.industries)
        flat = np.bincount(self.region * shape[1] + self.industry, weight, shape[0] * shape[1])
        return np.asarray(flat, dtype=np.float64).reshape(shape)


def _numbers(column: Any, name: str) -> Floats:
    """A column of a data frame as numbers that can be meant, the first row at fault named."""
    least, most = LIMITS.get(name, (-np.inf, np.inf))
    values = np.array([_number(cell) for cell in column]) if column.dtype.kind not in "biuf" else column.to_numpy(float)
    for wrong, said in (
        (~np.isfinite(values), "is not a number"),
        (values < least, f"is below {least:g}"),
        (values > most, f"is above {most:g}"),
        ((name == "year") & (values != np.rint(values)), "is not a whole number"),
    ):
        if wrong.any():
            raise ValueError(f"{name}: row {column.index[int(wrong.argmax())]} {said}.")
    return values


def _number(cell: Any) -> float:
    try:
        return float(cell)
    except (TypeError, ValueError):
        return float("nan")


def _order(site_id: Sequence[str], year: Ints | None) -> list[int]:
    if year is None:
        return sorted(range(len(site_id)), key=site_id.__getitem__)
    return sorted(range(len(site_id)), key=lambda row: (site_id[row], year[row]))


def _coded(cells: Sequence[str]) -> tuple[tuple[str, ...], Ints]:
    """(different values in order, index of each cell among them)."""
    names = tuple(sorted(set(cells)))
    place = {name: code for code, name in enumerate(names)}
    return names, np.array([place[cell] for cell in cells], dtype=np.int64)
