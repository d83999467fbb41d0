"""Where sites lie, as coordinates whose distances are cheap: in a plane, or on the earth's ellipsoid."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

EARTH_KM = 6378.137  # WGS 84, equator
FLATTENING = 1 / 298.257223563
SQUARED = FLATTENING * (2 - FLATTENING)  # first eccentricity, squared
SPAN_MAX_KM = 5_000.0  # beyond, the series of `shape` is no longer good to a part in 10,000


@dataclass(frozen=True, slots=True)
class Points:
    """Sites in kilometres from their middle, with what turns a chord into a distance.

    x, y, z : arrays of shape (n,), km. In the plane z is 0; on the earth they are straight
        (earth-centred) coordinates.
    shape : (k2, k4). The distance of two sites with chord c is c (1 + k2 c^2 + k4 c^4); km^-2, km^-4.
    """

    x: Floats
    y: Floats
    z: Floats
    shape: tuple[float, float]
    metric: Literal["plane", "WGS 84"]

    def __len__(self) -> int:
        return self.x.size

    @staticmethod
    def in_plane(x_km: ArrayLike, y_km: ArrayLike) -> "Points":
        """Sites on a map whose straight lines are distances.

        >>> Points.in_plane([0, 3], [0, 4]).distances(0)
        array([0., 5.])
        """
        x, y = _columns(x_km, y_km)
        return Points(x - _middle(x), y - _middle(y), np.zeros_like(x), (0.0, 0.0), "plane")

    @staticmethod
    def on_earth(lat: ArrayLike, lon: ArrayLike) -> "Points":
        """Sites by decimal degrees on the WGS 84 ellipsoid, at height 0.

        Chords are exact. Their arcs take the curvature in the middle of the sites, so a distance
        is off by less than 1 part in 100,000 up to 1,000 km and 1 in 5,000 up to 5,000 km.

        Raises
        ------
        ValueError
            When a coordinate is out of range, or the sites span more than 5,000 km.

        Examples
        --------
        >>> Points.on_earth([33.0, 34.0], [48.0, 48.0]).distances(0).round(3)  # a degree of the meridian
        array([  0.   , 110.913])
        """
        latitude, longitude = _columns(lat, lon)
        if latitude.size and (np.abs(latitude).max() > 90 or np.abs(longitude).max() > 180):
            raise ValueError("A latitude is beyond 90 degrees or a longitude beyond 180.")
        phi, theta = np.radians(latitude), np.radians(longitude)
        across = EARTH_KM / np.sqrt(1 - SQUARED * np.sin(phi) ** 2)  # radius of curvature, east to west
        x, y = across * np.cos(phi) * np.cos(theta), across * np.cos(phi) * np.sin(theta)
        z = across * (1 - SQUARED) * np.sin(phi)
        x, y, z = x - _middle(x), y - _middle(y), z - _middle(z)
        if x.size and 2 * np.sqrt((x**2 + y**2 + z**2).max()) > 2 * SPAN_MAX_KM / np.sqrt(3):
            raise ValueError(f"The sites span more than {SPAN_MAX_KM:,.0f} km.")
        middle = _middle(phi)
        sine = SQUARED * np.sin(middle) ** 2
        radius_squared = EARTH_KM**2 * (1 - SQUARED) / (1 - sine) ** 2
        return Points(x, y, z, (1 / (24 * radius_squared), 3 / (640 * radius_squared**2)), "WGS 84")

    def __getitem__(self, which: Ints | Bools) -> "Points":
        return Points(self.x[which], self.y[which], self.z[which], self.shape, self.metric)

    def distances(self, site: int) -> Floats:
        """Distances from one site to all, km."""
        square = (self.x - self.x[site]) ** 2 + (self.y - self.y[site]) ** 2 + (self.z - self.z[site]) ** 2
        far: Floats = np.sqrt(square) * (1 + square * (self.shape[0] + self.shape[1] * square))
        return far

    def narrow(self) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """The coordinates in single precision, for simulations: good to 0.1 m within 1,000 km."""
        return self.x.astype(np.float32), self.y.astype(np.float32), self.z.astype(np.float32)


def which_of(cases: ArrayLike, sites: int) -> Ints:
    """Which of so many sites are the cases, given as their numbers or as a yes or no of each.

    Raises
    ------
    ValueError
        When there is no such site, or one is named twice.

    Examples
    --------
    >>> which_of([True, False, True], 3), which_of([2, 0], 3)
    (array([0, 2]), array([2, 0]))
    """
    given = np.asarray(cases)
    if given.dtype == bool:
        if given.shape != (sites,):
            raise ValueError(f"Cases are told of {given.size:,} sites, but there are {sites:,}.")
        return np.flatnonzero(given)
    which = given.astype(np.int64)
    if given.ndim != 1 or (which != given).any() or (which.size and not 0 <= which.min() <= which.max() < sites):
        raise ValueError(f"Cases are numbers of sites, from 0 to {sites - 1}.")
    if np.unique(which).size < which.size:
        raise ValueError("A site is named twice among the cases.")
    return which


def _columns(first: ArrayLike, second: ArrayLike) -> tuple[Floats, Floats]:
    one, two = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if one.shape != two.shape or one.ndim != 1:
        raise ValueError("Coordinates come as two columns of equal length.")
    if not (np.isfinite(one).all() and np.isfinite(two).all()):
        raise ValueError("A coordinate is missing or not finite.")
    return one, two


def _middle(values: Floats) -> float:
    """Half way between the least and the largest."""
    return float(values.min() + values.max()) / 2 if values.size else 0.0
