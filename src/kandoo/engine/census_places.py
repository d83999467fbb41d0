"""Places in a list of sites that are numbers but cannot be meant: swapped, in the sea, minutes written as decimals.

The page and the command ask the same functions, so both refuse the same lists. Beside the package `census`, because it
needs no compiler and is asked before anything is measured.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

Floats = np.ndarray[Any, np.dtype[np.float64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]

ENOUGH = 100  # rows from which a pattern in a column is no accident
FAR = 5.0  # degrees outside where most sites are
FAR_ROWS = 20  # below this no row is called far from the others
MOST, SOME = 0.5, 0.1  # parts of a list
SLACK = 0.05  # degrees outside a simplified border that still belong to the country
KEPT_APART = 10_000  # more than a longitude has tenths


@dataclass(frozen=True, slots=True)
class Odd:
    """What is odd about row `row`, from 0; None: about the list as a whole, or its column `column`.

    code : one-place, all-minutes, all-swapped (of the list); nowhere, swapped, sea, far (of a row);
        abroad, partly-abroad, maybe-swapped, some-far (of a list that may be right).
    count : rows it is about; 0 where that is all or one.
    """

    code: str
    row: int | None = None
    column: str = ""
    count: int = 0


class Country:
    """The land of the country that lists are expected to be of."""

    def __init__(self, code: str, shapes: Iterable[shapely.Geometry]) -> None:
        self.code = code
        self.land = shapely.buffer(shapely.union_all(list(shapes)), SLACK)
        shapely.prepare(self.land)

    def holds(self, lat: Floats, lon: Floats) -> Bools:
        """Whether each place lies in the country.

        Squares of a tenth of a degree that lie within are asked once, for a million rows; a place in another square is
        asked itself.

        >>> Country("XX", [shapely.box(44, 25, 63, 40)]).holds(np.array([33.5, 48.3]), np.array([48.3, 33.5]))
        array([ True, False])
        """
        south, west = np.floor(lat * 10), np.floor(lon * 10)
        _squares, first, whose = np.unique(south * KEPT_APART + west, return_index=True, return_inverse=True)
        boxes = shapely.box(west[first] / 10, south[first] / 10, west[first] / 10 + 0.1, south[first] / 10 + 0.1)
        here = np.asarray(shapely.contains_properly(self.land, boxes))[whose.reshape(lat.shape)]
        rest = np.flatnonzero(~here)
        here[rest] = shapely.contains_xy(self.land, lon[rest], lat[rest])
        return here


@dataclass(frozen=True, slots=True)
class _Lying:
    """Where rows lie: in the country as written, only with latitude and longitude exchanged, or nowhere at all."""

    here: Bools
    there: Bools
    nowhere: Bools

    @staticmethod
    def of(lat: Floats, lon: Floats, country: Country | None) -> "_Lying":
        nowhere = _nowhere(lat, lon)
        here, there = np.zeros(lat.size, dtype=bool), np.zeros(lat.size, dtype=bool)
        if country is not None:
            here = country.holds(lat, lon) & ~nowhere
            rest = np.flatnonzero(~here & ~nowhere)
            there[rest] = country.holds(lon[rest], lat[rest])
        return _Lying(here, there, nowhere)

    def share(self, rows: Bools) -> float:
        """Of the rows that lie somewhere."""
        return float(rows.sum() / max((~self.nowhere).sum(), 1))

    @property
    def is_swapped(self) -> bool:
        return self.share(self.there) > MOST

    @property
    def is_of_country(self) -> bool:
        return not self.is_swapped and self.share(self.here | self.there) > MOST


def odd_as_a_whole(first: Floats, second: Floats, country: Country | None, *, is_earth: bool) -> list[Odd]:
    """What forbids to measure the list whatever rows are left out.

    Parameters
    ----------
    first, second : arrays of shape (n,)
        Latitude and longitude in degrees; or kilometres eastwards and northwards.
    country : Country or None
        Of which lists are expected; None asks nothing about countries.

    Examples
    --------
    >>> iran = Country("XX", [shapely.box(44, 25, 63, 40)])
    >>> odd_as_a_whole(np.array([48.3, 48.4]), np.array([33.5, 33.6]), iran, is_earth=True)
    [Odd(code='all-swapped', row=None, column='lat', count=2)]
    >>> odd_as_a_whole(np.array([48.2, 48.4]), np.array([16.4, 16.5]), iran, is_earth=True)  # Vienna
    []
    """
    names = ("lat", "lon") if is_earth else ("x_km", "y_km")
    if first.size > 1 and (first == first[0]).all() and (second == second[0]).all():
        return [Odd("one-place", column=names[0])]
    if not is_earth:
        return []
    values = zip(names, (first, second), strict=True)
    found = [Odd("all-minutes", column=name) for name, each in values if could_be_minutes(each)]
    lying = _Lying.of(first, second, country)
    if lying.is_swapped:
        found.append(Odd("all-swapped", column="lat", count=int(lying.there.sum())))
    return found


def odd_rows(lat: Floats, lon: Floats, country: Country | None) -> list[Odd]:
    """Rows whose place cannot be meant.

    In a list of the country: every row outside it; in one that is swapped as a whole none. In another list: a row that
    is far from the others, where its place with latitude and longitude exchanged is among them, or where a country was
    expected at all.

    Examples
    --------
    >>> iran = Country("XX", [shapely.box(44, 25, 63, 40)])
    >>> found = odd_rows(np.array([33.5, 33.6, 48.4, 20.0, 0.0]), np.array([48.3, 48.3, 33.5, 60.0, 0.0]), iran)
    >>> [(each.row, each.code) for each in found]
    [(2, 'swapped'), (3, 'sea'), (4, 'nowhere')]
    """
    if not lat.size:
        return []
    lying = _Lying.of(lat, lon, country)
    nothing = np.zeros(lat.size, dtype=bool)
    if lying.is_of_country:
        swapped, sea, far = lying.there, ~lying.here & ~lying.there, nothing
    elif lying.is_swapped:
        swapped, sea, far = nothing, nothing, nothing
    else:
        far, among = _far(lat, lon, lying.nowhere)
        swapped, sea, far = far & among, nothing, far & ~lying.here if country is not None else nothing
    return list(_named(lying.nowhere, swapped, sea, far))


def doubts(lat: Floats, lon: Floats, country: Country | None) -> list[Odd]:
    """What is said of a list beside its results, because it may be right."""
    if not lat.size:
        return []
    lying = _Lying.of(lat, lon, country)
    if country is None:
        far, among = _far(lat, lon, lying.nowhere)
        number = int((far & ~among & ~lying.nowhere).sum())
        return [Odd("some-far", count=number)] if number else []
    if lying.is_of_country or lying.is_swapped:
        return []
    found = []
    if lying.share(lying.there) > SOME:
        found.append(Odd("maybe-swapped", count=int(lying.there.sum())))
    inside = int(lying.here.sum())
    return [*found, Odd("partly-abroad", count=inside) if inside else Odd("abroad")]


def could_be_minutes(values: Floats) -> bool:
    """Hundredths that end at .59, though the values go on beyond the degree or fill it up to there."""
    hundredths = np.rint(np.abs(values) * 100)
    if values.size < ENOUGH or (np.abs(np.abs(values) * 100 - hundredths) > 1e-6).any():
        return False
    part = hundredths % 100
    if np.unique(part).size < 12:  # a grid of halves or tenths
        return False
    goes_on = np.unique(hundredths // 100).size > 1
    return bool((part < 60).all() and (goes_on or (part.min() <= 5 and part.max() >= 55)))


def _nowhere(lat: Floats, lon: Floats) -> Bools:
    """Places of 0, 0 in a list whose others lie elsewhere."""
    zero = (lat == 0) & (lon == 0)
    if not zero.any() or zero.all():
        return np.zeros(lat.size, dtype=bool)
    elsewhere = abs(np.median(lat[~zero])) + abs(np.median(lon[~zero])) > 2 * FAR
    return np.asarray(zero & elsewhere)


def _far(lat: Floats, lon: Floats, nowhere: Bools) -> tuple[Bools, Bools]:
    """Whether each row lies far outside where most others are; and whether it would lie among them, exchanged."""
    if (~nowhere).sum() < FAR_ROWS:
        return np.zeros(lat.size, dtype=bool), np.zeros(lat.size, dtype=bool)
    low, high = np.percentile([lat[~nowhere], lon[~nowhere]], [5, 95], axis=1)

    def away(first: Floats, second: Floats) -> Floats:
        outside = [np.maximum(low[k] - each, each - high[k]) for k, each in enumerate((first, second))]
        return np.asarray(np.maximum(*outside))

    return away(lat, lon) > FAR, away(lon, lat) <= FAR


def _named(nowhere: Bools, swapped: Bools, sea: Bools, far: Bools) -> Iterator[Odd]:
    for row in np.flatnonzero(nowhere | swapped | sea | far).tolist():
        code = "nowhere" if nowhere[row] else "swapped" if swapped[row] else "sea" if sea[row] else "far"
        yield Odd(code, row)
