"""The country that lists of sites are expected to be of: the outline of Iran that ships with Kandoo."""

import json
from functools import cache
from importlib.resources import files

import shapely

from kandoo.engine.census_places import Country


@cache
def iran() -> Country:
    text = (files("kandoo") / "data" / "geo" / "iran_provinces.geojson").read_text(encoding="utf-8")
    return Country("IR", [shapely.geometry.shape(each["geometry"]) for each in json.loads(text)["features"]])


def country_of(code: str) -> Country | None:
    """None for a list of any country."""
    return iran() if code == "IR" else None
