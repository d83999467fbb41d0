"""How far services are: hours on the road from a site to those who offer them.

No road data is used. The road is taken as the great circle times 1.4 and driven at 45 km/h: an
assumption for mountain roads. Published factors by country lie between 1.1 and 2.1 (Ballou, Rahardja
& Sakai 2002, Selected country circuity factors for road travel distance estimation, Transportation
Research A 36).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

EARTH_KM = 6371.0
DETOUR = 1.4
KM_PER_HOUR = 45.0
Point = tuple[float, float]  # latitude and longitude in degrees


@dataclass(frozen=True, slots=True)
class Provider:
    """Who offers a service, where, and since when in the cluster."""

    enterprise: int
    service: str
    where: Point
    since: date


@dataclass(frozen=True, slots=True)
class Reach:
    """Hours to the nearest provider of each service, and how many providers lie within an hour."""

    hours: Mapping[str, float]
    within_an_hour: int


def kilometres(first: Point, second: Point) -> float:
    """The great circle between two points.

    >>> round(kilometres((33.49, 48.36), (33.90, 48.75)))
    58
    """
    a, b = math.radians(first[0]), math.radians(second[0])
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(second[1] - first[1]) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def hours_between(first: Point, second: Point) -> float:
    """Hours on the road, by the definition above."""
    return kilometres(first, second) * DETOUR / KM_PER_HOUR


def reach(sites: Sequence[Point], providers: Iterable[Provider], *, on: date) -> Reach:
    """What a member could reach from its nearest site among the providers there were on a day."""
    nearest: dict[tuple[str, int], float] = {}
    for each in providers:
        if each.since <= on and sites:
            hours = min(hours_between(site, each.where) for site in sites)
            key = (each.service, each.enterprise)
            nearest[key] = min(hours, nearest.get(key, hours))
    by_service: dict[str, float] = {}
    for (service, _enterprise), hours in nearest.items():
        by_service[service] = min(hours, by_service.get(service, hours))
    near = {enterprise for (_service, enterprise), hours in nearest.items() if hours <= 1}
    return Reach(by_service, len(near))
