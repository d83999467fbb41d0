"""Where a point lies."""

import json

import pytest

from kandoo.register import places


@pytest.mark.parametrize(
    ("latitude", "longitude", "county"),
    [
        (33.4878, 48.3558, "Khorramabad"),
        (33.8942, 48.7670, "Borujerd"),
        (33.4955, 49.0578, "Dorud"),
        (33.4557, 49.4555, "Azna"),
    ],
)
def test_a_town_lies_in_its_county(latitude: float, longitude: float, county: str) -> None:
    assert places.county_of(latitude, longitude) == county


def test_a_place_without_county_boundaries_still_has_a_province() -> None:
    assert places.county_of(35.70, 51.40) == ""
    assert places.provinces_of([35.70, 33.4878, 48.2], [51.40, 48.3558, 16.4]) == ["IR-23", "IR-15", ""]


def test_no_points_are_no_question() -> None:
    assert places.counties_of([], []) == []


def test_the_outlines_carry_the_keys_that_sites_hold() -> None:
    keys = {each["properties"]["key"] for each in json.loads(places.outlines("IR-15"))["features"]}
    assert keys == {each.code for each in places.counties("IR-15")}
    assert len(keys) == 11


def test_a_province_without_counties_is_drawn_whole() -> None:
    assert [each["properties"]["key"] for each in json.loads(places.outlines("IR-23"))["features"]] == ["IR-23"]


def test_counties_stand_in_persian_order() -> None:
    names = [each.name_fa for each in places.counties("IR-15")]
    assert names.index("پلدختر") < names.index("چگنی") < names.index("خرم‌آباد") < names.index("کوهدشت")
