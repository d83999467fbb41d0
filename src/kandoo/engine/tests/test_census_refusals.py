"""What the measures of a census refuse when they are called by themselves: a name for the fault, never a wrong figure."""

import numpy as np
import pytest

from kandoo.engine.census import (
    STAR_PROFILES,
    Points,
    Sites,
    Surroundings,
    coagglomeration,
    ellison_glaeser,
    find_extents,
    k_density,
    location_quotients,
    relative_concentration,
    relative_density,
    ripley_k,
    star_clusters,
)

POINTS = Points.in_plane(np.arange(10.0), np.zeros(10))
AROUND = Surroundings.usual(POINTS)
CURVES = {
    "K-density": lambda cases: k_density(POINTS, cases, simulations=0),
    "M": lambda cases: relative_concentration(AROUND, cases, simulations=0),
    "m": lambda cases: relative_density(AROUND, cases, simulations=0),
    "K": lambda cases: ripley_k(POINTS, cases, 100.0, simulations=0),
    "extents": lambda cases: find_extents(POINTS, cases),
}
FRAME = {
    "site_id": ["a", "b", "c"], "industry": ["wood", "wood", "food"], "employment": [3, 5, 2],
    "lat": [33.0, 34.0, 33.5], "lon": [48.0, 48.5, 49.0],
}  # fmt: skip


@pytest.mark.parametrize("curve", CURVES.values(), ids=CURVES)
@pytest.mark.parametrize(
    ("cases", "said"),
    [
        ([1, 2, 10], "from 0 to 9"),
        ([-1, 2, 3], "from 0 to 9"),
        ([1, 1, 2], "named twice"),
        ([1.5, 2, 3], "from 0 to 9"),
        ([True, True, True], "of 3 sites, but there are 10"),
    ],
)
def test_cases_that_are_no_sites_are_refused(curve, cases, said):
    with pytest.raises(ValueError, match=said):
        curve(np.array(cases))


@pytest.mark.parametrize("reach", [0, -1, np.inf, np.nan])
def test_a_reach_that_is_no_distance_is_refused(reach):
    for curve in (
        lambda: k_density(POINTS, np.arange(1, 4), reach_km=reach, simulations=0),
        lambda: ripley_k(POINTS, np.arange(1, 4), 100.0, reach_km=reach, simulations=0),
    ):
        with pytest.raises(ValueError, match="a distance above 0 km"):
            curve()


def test_an_industry_that_is_every_site_is_compared_with_nothing():
    assert k_density(POINTS, np.arange(10), simulations=0).bands is None
    with pytest.raises(ValueError, match="nothing to compare it with"):
        k_density(POINTS, np.arange(10), simulations=39)


def test_weights_are_of_every_site():
    cases = np.array([1, 2, 5])
    even = k_density(POINTS, cases, simulations=0).value
    assert k_density(POINTS, cases, weight=np.ones(10), simulations=0).value == pytest.approx(even)
    with pytest.raises(ValueError, match="Every site has a weight"):
        k_density(POINTS, cases, weight=np.ones(3), simulations=0)


@pytest.mark.parametrize(
    "call",
    [
        lambda: location_quotients([[1.0, float("nan")], [1.0, 2.0]]),
        lambda: location_quotients([1, 2, 3]),
        lambda: location_quotients([[3, 4], [1, 2]], level=2),
        lambda: location_quotients([[3, 4], [1, 2]], np.array([0.0, 1.0])),
        lambda: star_clusters([[1.0, float("nan")], [1.0, 2.0]], STAR_PROFILES["small-regions"]),
        lambda: star_clusters(np.zeros((2, 2)), STAR_PROFILES["small-regions"]),
        lambda: coagglomeration([[1, -2], [3, 1]]),
        lambda: ellison_glaeser(np.array([1.0, 2.0]), np.array([0, 5]), np.array([1.0, 2.0])),
        lambda: ellison_glaeser(np.array([1.0, 2.0]), np.array([0, -1]), np.array([1.0, 2.0])),
        lambda: ellison_glaeser(np.array([1.0, 2.0]), np.array([0]), np.array([1.0, 2.0])),
    ],
)
def test_counts_that_cannot_be_are_refused(call):
    with pytest.raises(ValueError, match=r"Jobs|level|lumps|plant"):
        call()


@pytest.mark.parametrize(
    ("column", "cells", "said"),
    [
        ("employment", ["3", "many", "2"], "employment: row 11 is not a number"),
        ("employment", [3, np.inf, 2], "employment: row 11 is not a number"),
        ("employment", [3, -1, 2], "employment: row 11 is below 0"),
        ("year", [1400, 1400.5, 1400], "year: row 11 is not a whole number"),
        ("lat", [33, 95, 34], "lat: row 11 is above 90"),
        ("exports", [1, -2, 3], "exports: row 11 is below 0"),
        ("industry", ["wood", "", "food"], "industry: row 11 has no value"),
    ],
)
def test_a_data_frame_s_row_at_fault_is_named(column, cells, said):
    pandas = pytest.importorskip("pandas")
    with pytest.raises(ValueError, match=said):
        Sites.from_frame(pandas.DataFrame({**FRAME, column: cells}, index=[10, 11, 12]))


def test_numbers_written_as_text_in_a_data_frame_are_numbers():
    pandas = pytest.importorskip("pandas")
    found = Sites.from_frame(pandas.DataFrame({**FRAME, "employment": ["3", "5", "2"]}))
    assert found.employment.tolist() == [3, 5, 2]


def test_half_a_year_is_no_year():
    with pytest.raises(ValueError, match="A year is a whole number"):
        Sites.build(["a"], ["wood"], [1], x_km=[0], y_km=[0], year=[1400.5])
