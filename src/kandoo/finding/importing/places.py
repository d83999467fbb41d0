"""Places that are numbers but cannot be meant: swapped, in the sea, degrees and minutes written as decimals."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from kandoo.finding.importing.faults import Fault
from kandoo.finding.importing.values import Floats
from kandoo.register import places
from kandoo.site.lists import page_language

ENOUGH = 100  # rows from which a pattern in a column is no accident
FAR = 5.0  # degrees outside where most sites are
SPAN_MAX = 45  # degrees; some 5,000 km, what the engine's distances are exact to
MOST = 0.5
NEAR_ROWS = 20  # below this no row is called far from the others


def whole_list_at_fault(numbers: Mapping[str, Floats]) -> list[Fault]:
    """What is wrong with the list's places as a whole."""
    is_earth = "lat" in numbers
    names = ("lat", "lon") if is_earth else ("x_km", "y_km")
    first, second = (numbers[name] for name in names)
    if first.size > 1 and (first == first[0]).all() and (second == second[0]).all():
        return [Fault(0, names[0], "one-place")]
    if not is_earth:
        return []
    faults = [Fault(0, name, "all-minutes") for name in names if _could_be_minutes(numbers[name])]
    if _in_iran(second, first).mean() > MOST > _in_iran(first, second).mean():
        faults.append(Fault(0, "lat", "all-swapped"))
    return faults


def span_faults(numbers: Mapping[str, Floats]) -> list[Fault]:
    """A list that spans more of the earth than distances are exact to."""
    if "lat" in numbers and max(np.ptp(numbers["lat"]), np.ptp(numbers["lon"])) > SPAN_MAX:
        return [Fault(0, "lat", "too-wide", {"most": SPAN_MAX})]
    return []


def look_at_places(lines: Sequence[int], numbers: Mapping[str, Floats], bad: set[int]) -> list[Fault]:
    """Rows whose place cannot be meant; rows at fault for another reason are passed over."""
    if "lat" not in numbers or any(not np.isfinite(numbers[name]).any() for name in ("lat", "lon")):
        return []
    good = np.isfinite(numbers["lat"]) & np.isfinite(numbers["lon"])
    good &= np.array([line not in bad for line in lines]) if bad else True
    rows = np.flatnonzero(good)
    lat, lon = numbers["lat"][rows], numbers["lon"][rows]
    if not rows.size:
        return []
    return [Fault(lines[rows[k]], "lat", code, values) for k, code, values in _odd(lat, lon)]


def regions_of(lat: Floats, lon: Floats) -> list[str]:
    """The county each site lies in, else its province, by name in the page's language."""
    counties = places.counties_of(lat.tolist(), lon.tolist())
    provinces = places.provinces_of(lat.tolist(), lon.tolist())
    codes = [county or province for county, province in zip(counties, provinces, strict=True)]
    names = {code: places.name_of(code, page_language()) if code else "–" for code in set(codes)}
    return [names[code] for code in codes]


def _odd(lat: Floats, lon: Floats) -> Iterator[tuple[int, str, dict[str, str]]]:
    """(row, code of the fault, its values) of each place that is not where the others are."""
    low, high = np.percentile([lat, lon], [5, 95], axis=1)

    def away(first: Floats, second: Floats) -> Floats:
        outside = [np.maximum(low[k] - each, each - high[k]) for k, each in enumerate((first, second))]
        return np.asarray(np.maximum(*outside))

    far = away(lat, lon) > FAR if lat.size >= NEAR_ROWS else np.zeros(lat.size, dtype=bool)
    nowhere = (lat == 0) & (lon == 0) & (abs(np.median(lat)) + abs(np.median(lon)) > 2 * FAR)
    swapped = far & ~nowhere & (away(lon, lat) <= FAR)
    here = _in_iran(lat, lon)
    mostly_here = here.mean() > MOST
    sea = np.full(lat.size, mostly_here) & ~here & ~nowhere & ~swapped
    for k in np.flatnonzero(nowhere | swapped | sea | far).tolist():
        code = "nowhere" if nowhere[k] else "swapped" if swapped[k] else "sea" if sea[k] else "far"
        yield k, code, {} if nowhere[k] else {"value": f"{lat[k]:g}, {lon[k]:g}"}


def _in_iran(lat: Floats, lon: Floats) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Whether each place lies in Iran. Hundredths of a degree are asked once each, for a million rows; a place whose
    hundredth lies outside is asked itself, so that none is called outside which is not."""
    grid, whose = np.unique(np.rint(lat * 100) * 100_000 + np.rint(lon * 100), return_inverse=True)
    north = np.rint(grid / 100_000)
    here = _asked(north / 100, (grid - north * 100_000) / 100)[whose.ravel()]
    outside = np.flatnonzero(~here)
    here[outside] = _asked(lat[outside], lon[outside])
    return here


def _asked(lat: Floats, lon: Floats) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    return np.array([bool(code) for code in places.provinces_of(lat.tolist(), lon.tolist())], dtype=bool)


def _could_be_minutes(values: Floats) -> bool:
    """Hundredths that end at .59, though the values go on beyond the degree or fill it up to there."""
    hundredths = np.rint(np.abs(values) * 100)
    if values.size < ENOUGH or (np.abs(np.abs(values) * 100 - hundredths) > 1e-6).any():
        return False
    part = hundredths % 100
    if np.unique(part).size < 12:  # a grid of halves or tenths
        return False
    goes_on = np.unique(hundredths // 100).size > 1
    return bool((part < 60).all() and (goes_on or (part.min() <= 5 and part.max() >= 55)))
