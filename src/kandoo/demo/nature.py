"""Apiaries and honey as published figures say they are: sizes, harvests, laboratory values.

Sizes: Lorestan has 3,600 apiaries with 441,000 hives (122 each) that gave 4,039 t, 9.2 kg a hive
(DOMAIN notes, section 7). How the apiaries lie over the counties is not published; they are spread
by the counties' area. No sample-level table of the whole panel is published either, so each value
is drawn from the mean and spread of a study, truncated to what a laboratory can report.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from shapely import Point, area, contains, prepare
from shapely.geometry import shape

from kandoo import profiles

HIVES_MEAN, HIVES_SPREAD = 122, 0.55  # spread: standard deviation of the logarithm (assumed)
YIELD_MEAN, YIELD_SPREAD = 9.2, 0.35
KINDS = {"multifloral": 0.42, "astragalus": 0.24, "thyme": 0.18, "thistle": 0.1, "coriander": 0.06}
# Which study stands for which parameter, and whether its values lie on a logarithmic scale.
_STUDIES = {
    "moisture": ("gurbuz2020", "moisture", False),
    "ec": ("gurbuz2020", "electrical_conductivity", False),
    "free_acidity": ("gurbuz2020", "free_acidity", True),
    "diastase": ("gurbuz2020", "diastase", True),
    "proline": ("gurbuz2020", "proline", True),
    "hmf": ("gurbuz2020", "hmf", True),
    "sucrose": ("gurbuz2020", "sucrose", True),
    "maltose": ("gurbuz2020", "maltose", True),
    "fructose": ("white1962_us", "fructose", False),
    "glucose": ("white1962_us", "glucose", False),
    "ash": ("white1962_us", "ash", True),
}
_INSOLUBLE = (0.04, 0.02)  # g/100 g; no published spread found, assumed
_COLOUR_OF_KIND = {"thyme": "Thyme"}  # others take the mean of the table


@dataclass(frozen=True, slots=True)
class County:
    """A county of the boundary file: its key and its share of the province's area."""

    key: str
    name_fa: str
    name_en: str
    share: float
    polygon: object


def counties() -> list[County]:
    """The counties of Lorestan with their share of the area."""
    document = json.loads((files("kandoo") / "data" / "geo" / "lorestan_counties.geojson").read_text())
    shapes = [(each["properties"], shape(each["geometry"])) for each in document["features"]]
    total = sum(area(polygon) for _, polygon in shapes)
    return [
        County(names["name_en"], names["name_fa"], names["name_en"], float(area(polygon) / total), polygon)
        for names, polygon in shapes
    ]


def place_in(county: County, random: np.random.Generator) -> tuple[float, float]:
    """A latitude and longitude inside the county."""
    polygon = county.polygon
    prepare(polygon)
    west, south, east, north = polygon.bounds  # type: ignore[attr-defined]
    while True:
        longitude, latitude = random.uniform(west, east), random.uniform(south, north)
        if contains(polygon, Point(longitude, latitude)):
            return round(latitude, 5), round(longitude, 5)


def is_in(county: County, latitude: float, longitude: float) -> bool:
    """Whether a place lies inside the county."""
    prepare(county.polygon)
    return bool(contains(county.polygon, Point(longitude, latitude)))


def hives(random: np.random.Generator) -> int:
    """The size of an apiary, between 20 and 600 hives."""
    return int(np.clip(_lognormal(random, HIVES_MEAN, HIVES_SPREAD), 20, 600))


def harvest_per_hive(random: np.random.Generator) -> float:
    """Kilograms a hive gave in a season."""
    return float(np.clip(_lognormal(random, YIELD_MEAN, YIELD_SPREAD), 2, 22))


def kind(random: np.random.Generator) -> str:
    """A kind of honey; thyme and astragalus are what the province is known for."""
    return str(random.choice(list(KINDS), p=list(KINDS.values())))


def laboratory_values(kind: str, random: np.random.Generator) -> dict[str, float]:
    """One batch's whole panel, drawn parameter by parameter from the published summaries."""
    parameters = profiles.load("honey").parameters
    drawn = {code: _draw(_study(*source[:2]), source[2], random) for code, source in _STUDIES.items()}
    drawn["insoluble"] = abs(random.normal(*_INSOLUBLE))
    drawn["colour"] = _colour(kind, random)
    return {
        code: round(float(np.clip(value, parameters[code].low, parameters[code].high)), parameters[code].decimals)
        for code, value in drawn.items()
    }


def _study(study: str, parameter: str) -> tuple[float, float]:
    """Mean and standard deviation; a sixth of the range where no deviation was printed."""
    row = next(
        each
        for each in profiles.reference("published_summaries")
        if each["study"] == study and each["parameter"] == parameter
    )
    if row["sd"]:
        return float(row["mean"]), float(row["sd"])
    return float(row["mean"]), (float(row["max"]) - float(row["min"])) / 6


def _draw(moments: tuple[float, float], is_logarithmic: bool, random: np.random.Generator) -> float:
    mean, deviation = moments
    if not is_logarithmic:
        return float(random.normal(mean, deviation))
    spread = math.sqrt(math.log(1 + (deviation / mean) ** 2))
    return _lognormal(random, mean, spread)


def _lognormal(random: np.random.Generator, mean: float, spread: float) -> float:
    return float(random.lognormal(math.log(mean) - spread**2 / 2, spread))


def _colour(kind: str, random: np.random.Generator) -> float:
    rows: list[Mapping[str, str]] = list(profiles.reference("unifloral_colour_pfund"))
    named = [each for each in rows if each["honey_type"] == _COLOUR_OF_KIND.get(kind)] or rows
    mean = sum(float(each["mean_mm_pfund"]) for each in named) / len(named)
    deviation = sum(float(each["sd_mm_pfund"]) for each in named) / len(named)
    return float(np.clip(random.normal(mean, deviation), 5, 130))
