"""Where a place lies: counties and provinces by their boundaries in `kandoo/data/geo`.

A county's key is its English name in the boundary file; `Site.county` and `Cluster.counties` hold
keys. The lines are simplified for drawing, so a point just outside one belongs to the nearest area.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import shapely

from kandoo.site.language import sort_key

# How far (degrees) a point may lie outside a simplified line and still belong to the area.
_COUNTY_SLACK = 0.02
_BORDER_SLACK = 0.05


@dataclass(frozen=True, slots=True)
class Area:
    """A county or a province: `code` is a county's key or a province's ISO 3166-2 code."""

    code: str
    province: str
    name_fa: str
    name_en: str


@dataclass(frozen=True, slots=True)
class _Layer:
    areas: tuple[Area, ...]
    tree: Any  # shapely.STRtree over the areas' shapes
    features: tuple[dict[str, Any], ...]

    def codes_at(self, longitudes: Sequence[float], latitudes: Sequence[float], slack: float) -> list[str]:
        """The area each point lies in, by code; empty where none is near."""
        found = [""] * len(longitudes)
        if not found or not self.areas:
            return found
        points = shapely.points(np.asarray(longitudes, float), np.asarray(latitudes, float))
        for place, area in self.tree.query_nearest(points, max_distance=slack, all_matches=False).T:
            found[place] = self.areas[area].code
        return found


def _layer(features: Sequence[dict[str, Any]], code: str) -> _Layer:
    shapes = [shapely.geometry.shape(each["geometry"]) for each in features]
    areas = tuple(
        Area(
            code=each["properties"][code],
            province=each["properties"].get("province") or each["properties"]["iso"],
            name_fa=each["properties"]["name_fa"],
            name_en=each["properties"]["name_en"],
        )
        for each in features
    )
    return _Layer(areas, shapely.STRtree(shapes), tuple(features))


def _features(name: str) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads((files("kandoo") / "data" / "geo" / name).read_text("utf-8"))[
        "features"
    ]
    return features


@cache
def _provinces() -> _Layer:
    return _layer(_features("iran_provinces.geojson"), "iso")


@cache
def _counties() -> _Layer:
    names = sorted(each.name for each in (files("kandoo") / "data" / "geo").iterdir())
    found = [feature for name in names if name.endswith("_counties.geojson") for feature in _features(name)]
    return _layer(found, "name_en")


def provinces() -> tuple[Area, ...]:
    """The provinces of Iran in Persian order."""
    return tuple(sorted(_provinces().areas, key=lambda each: sort_key(each.name_fa)))


def counties(province: str) -> tuple[Area, ...]:
    """The counties of a province whose boundaries ship, in Persian order; none elsewhere."""
    found = (each for each in _counties().areas if each.province == province)
    return tuple(sorted(found, key=lambda each: sort_key(each.name_fa)))


def name_of(code: str, language: str) -> str:
    """A county's or province's name; the code itself when no boundary of it ships."""
    for area in (*_counties().areas, *_provinces().areas):
        if area.code == code:
            return area.name_fa if language == "fa" else area.name_en
    return code


def counties_of(latitudes: Sequence[float], longitudes: Sequence[float]) -> list[str]:
    """The county of each point; empty where no county's boundary ships."""
    return _counties().codes_at(longitudes, latitudes, _COUNTY_SLACK)


def county_of(latitude: float, longitude: float) -> str:
    """The county of one point, or nothing.

    >>> county_of(33.4878, 48.3558)
    'Khorramabad'
    """
    return counties_of([latitude], [longitude])[0]


def provinces_of(latitudes: Sequence[float], longitudes: Sequence[float]) -> list[str]:
    """The province of each point; empty outside Iran."""
    return _provinces().codes_at(longitudes, latitudes, _BORDER_SLACK)


def is_in_iran(latitude: float, longitude: float) -> bool:
    """Whether a point lies in Iran.

    >>> is_in_iran(33.4878, 48.3558), is_in_iran(48.3558, 33.4878)
    (True, False)
    """
    return bool(provinces_of([latitude], [longitude])[0])


@cache
def outlines(province: str) -> str:
    """GeoJSON of a province's counties, or of the province where no counties ship; each with its `key`."""
    layer, wanted = _counties(), {each.code for each in counties(province)}
    if not wanted:
        layer, wanted = _provinces(), {province}
    chosen = [
        {
            "type": "Feature",
            "properties": {"key": area.code, "name_fa": area.name_fa, "name_en": area.name_en},
            "geometry": feature["geometry"],
        }
        for area, feature in zip(layer.areas, layer.features, strict=True)
        if area.code in wanted
    ]
    return json.dumps({"type": "FeatureCollection", "features": chosen}, ensure_ascii=False, separators=(",", ":"))


@cache
def province_outlines() -> str:
    """GeoJSON of all provinces, each with its ISO code as `key`."""
    layer = _provinces()
    features = [
        {
            "type": "Feature",
            "properties": {"key": area.code, "name_fa": area.name_fa, "name_en": area.name_en},
            "geometry": feature["geometry"],
        }
        for area, feature in zip(layer.areas, layer.features, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))
