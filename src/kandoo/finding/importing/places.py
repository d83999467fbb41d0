"""Places that are numbers but cannot be meant, as `engine.census_places` finds them, by the lines of the list."""

from collections.abc import Mapping, Sequence

import numpy as np

from kandoo.commands.census_ground import iran
from kandoo.engine.census_places import Country, Odd, doubts, odd_as_a_whole, odd_rows
from kandoo.finding.importing.faults import Fault
from kandoo.finding.importing.values import Floats
from kandoo.register import places
from kandoo.site.lists import page_language

SPAN_MAX = 45  # degrees; some 5,000 km, what the engine's distances are exact to


def country_of(is_abroad: bool) -> Country | None:
    """Of which a list is expected; None for one said to be of another country."""
    return None if is_abroad else iran()


def whole_list_at_fault(numbers: Mapping[str, Floats], country: Country | None) -> list[Fault]:
    """What is wrong with the list's places as a whole."""
    is_earth = "lat" in numbers
    first, second = (numbers[name] for name in (("lat", "lon") if is_earth else ("x_km", "y_km")))
    return [_about(each, first.size) for each in odd_as_a_whole(first, second, country, is_earth=is_earth)]


def span_faults(numbers: Mapping[str, Floats]) -> list[Fault]:
    """A list that spans more of the earth than distances are exact to."""
    if "lat" in numbers and max(np.ptp(numbers["lat"]), np.ptp(numbers["lon"])) > SPAN_MAX:
        return [Fault(0, "lat", "too-wide", {"most": SPAN_MAX})]
    return []


def look_at_places(
    lines: Sequence[int], numbers: Mapping[str, Floats], bad: set[int], country: Country | None
) -> list[Fault]:
    """Rows whose place cannot be meant; rows at fault for another reason are passed over."""
    if "lat" not in numbers or any(not np.isfinite(numbers[name]).any() for name in ("lat", "lon")):
        return []
    good = np.isfinite(numbers["lat"]) & np.isfinite(numbers["lon"])
    good &= np.array([line not in bad for line in lines]) if bad else True
    rows = np.flatnonzero(good)
    lat, lon = numbers["lat"][rows], numbers["lon"][rows]
    return [
        Fault(lines[rows[k]], "lat", odd.code, {"value": f"{lat[k]:g}, {lon[k]:g}"})
        for odd in odd_rows(lat, lon, country)
        if (k := odd.row) is not None
    ]


def doubts_about(numbers: Mapping[str, Floats], country: Country | None) -> list[Fault]:
    """What is said beside the result of a list whose places may be right."""
    if "lat" not in numbers:
        return []
    lat, lon = numbers["lat"], numbers["lon"]
    return [_about(each, lat.size) for each in doubts(lat, lon, country)]


def regions_of(lat: Floats, lon: Floats) -> list[str]:
    """The county each site lies in, else its province, by name in the page's language."""
    counties = places.counties_of(lat.tolist(), lon.tolist())
    provinces = places.provinces_of(lat.tolist(), lon.tolist())
    codes = [county or province for county, province in zip(counties, provinces, strict=True)]
    names = {code: places.name_of(code, page_language()) if code else "–" for code in set(codes)}
    return [names[code] for code in codes]


def _about(odd: Odd, rows: int) -> Fault:
    return Fault(0, odd.column, odd.code, {"count": odd.count, "all": rows} if odd.count else {})
