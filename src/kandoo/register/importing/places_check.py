"""Coordinates of all rows at once: outside Iran, swapped, and the county each lies in."""

from collections.abc import Callable
from typing import Any

from kandoo.register import places
from kandoo.register.importing.faults import Fault

Row = dict[str, Any]


def check_places(rows: list[Row], place_of: Callable[[str], int]) -> tuple[list[Row], list[Fault]]:
    """Give each row with coordinates its county, or a fault."""
    placed = [row for row in rows if row["latitude"] is not None and row["longitude"] is not None]
    latitudes = [float(row["latitude"]) for row in placed]
    longitudes = [float(row["longitude"]) for row in placed]
    provinces = places.provinces_of(latitudes, longitudes)
    turned = places.provinces_of(longitudes, latitudes)
    counties = places.counties_of(latitudes, longitudes)
    faults = []
    for row, province, other, county in zip(placed, provinces, turned, counties, strict=True):
        row["county"] = county
        if not province:
            values = {"latitude": str(row["latitude"]), "longitude": str(row["longitude"])}
            code = "swapped" if other else "outside"
            faults.append(Fault(row["line"], "latitude", code, values, place_of("latitude")))
    for row in rows:
        if row["longitude"] is None:
            row["latitude"] = None
    return rows, faults
