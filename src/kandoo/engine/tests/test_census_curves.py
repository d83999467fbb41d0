"""Curves over distance: against the sums they stand for, and under what must not change them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist

from kandoo.engine.census import (
    Points,
    Surroundings,
    find_bands,
    k_density,
    relative_concentration,
    ripley_k,
    ripley_l,
    simulate_concentration,
    simulate_density,
)
from kandoo.engine.census.density_grid import error_of_grid, simulate_density_by_grid
from kandoo.engine.census.draws import draw_cases, philox
from kandoo.engine.census.relative_density import Rings, relative_density, simulate_relative_density
from kandoo.engine.census.tasks import Concentrations, Densities, Maker, RelativeDensities

REACH = 60.0


def scattered(sites: int = 600, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0, 100, (2, sites))


def density_by_the_sum(x, y, weight, reach=REACH):
    """Every pair at every distance, as the formula has it."""
    distance = pdist(np.column_stack([x, y]))
    one, other = np.triu_indices(x.size, 1)
    mass = weight[one] * weight[other]
    near = distance[distance <= 2 * reach]
    quartiles = np.percentile(near, [25, 75])
    h = 0.9 * min(near.std(ddof=1), (quartiles[1] - quartiles[0]) / 1.34) * near.size**-0.2
    at = np.linspace(0, reach, 513)
    kernel = np.exp(-(((at[:, None] - distance) / h) ** 2) / 2) + np.exp(-(((at[:, None] + distance) / h) ** 2) / 2)
    return kernel @ mass / (h * np.sqrt(2 * np.pi) * mass.sum())


def concentration_by_the_sum(x, y, weight, cases, radii):
    distance = np.hypot(x[:, None] - x, y[:, None] - y)
    np.fill_diagonal(distance, np.inf)
    overall = (weight[cases].sum() - weight[cases]) / (weight.sum() - weight[cases])
    values = []
    for radius in radii:
        near = (distance[cases] <= radius) * weight
        known = near.sum(axis=1) > 0
        local = near[:, cases].sum(axis=1)[known] / near.sum(axis=1)[known]
        values.append(local.sum() / overall[known].sum() if known.any() else np.nan)
    return np.array(values)


@pytest.mark.parametrize("cases", [3, 20, 200])
@pytest.mark.parametrize("is_weighted", [False, True])
def test_the_density_is_the_sum_over_all_pairs(cases, is_weighted):
    x, y = scattered()
    weight = np.random.default_rng(2).exponential(10, 600)
    curve = k_density(
        Points.in_plane(x, y), np.arange(cases), weight=weight if is_weighted else None, reach_km=REACH, simulations=0
    )
    expected = density_by_the_sum(x[:cases], y[:cases], weight[:cases] if is_weighted else np.ones(cases))
    np.testing.assert_allclose(curve.value, expected, atol=2e-4 * expected.max())


def test_a_simulated_density_is_the_sum_over_the_pairs_it_drew():
    x, y = scattered()
    found = simulate_density(Points.in_plane(x, y), 50, REACH, 3, seed=9)
    for simulation in range(3):
        drawn = draw_cases(50, 600, 9, simulation, np.zeros(600, np.uint8))
        expected = density_by_the_sum(x[drawn], y[drawn], np.ones(50))
        np.testing.assert_allclose(found[simulation], expected, atol=1e-3 * expected.max())


@pytest.mark.parametrize("place", ["plane", "earth"])
@pytest.mark.parametrize("is_weighted", [False, True])
def test_a_grid_gives_the_density_of_the_pairs(place, is_weighted):
    x, y = np.random.default_rng(1).normal(0, 60, (2, 6000)) + scattered(6000)
    points = Points.in_plane(x, y) if place == "plane" else Points.on_earth(33 + y / 111, 48 + x / 93)
    weight = np.random.default_rng(2).exponential(10, 6000) if is_weighted else None
    pairs = simulate_density(points, 2500, REACH, 6, seed=3, weight=weight)
    grid = simulate_density_by_grid(points, 2500, REACH, 6, seed=3, weight=weight)
    apart = np.abs(grid - pairs).max() / pairs.max()
    assert apart < 1e-3
    assert error_of_grid(points, 2500, REACH, grid, 3, weight=weight) == pytest.approx(apart, abs=3e-4)


def test_a_fast_curve_is_the_same_and_says_its_error():
    points, cases = Points.in_plane(*scattered(6000)), np.arange(4500)
    exact, fast = (k_density(points, cases, reach_km=40, simulations=39, is_fast=way) for way in (False, True))
    np.testing.assert_array_equal(fast.value, exact.value)
    assert exact.error is None and fast.error is not None and 0 < fast.error < 1e-3
    assert exact.bands is not None and fast.bands is not None
    np.testing.assert_allclose(fast.bands.global_high, exact.bands.global_high, atol=1e-3 * exact.value.max())


def test_parts_of_the_simulations_fit_together_whoever_makes_them():
    points = Points.in_plane(*scattered(3000))
    around = Surroundings.usual(points, None, REACH)
    makers: list[Maker] = [Densities(points, None, REACH, 5), Concentrations(around, 5), RelativeDensities(around, 5)]
    for maker in makers:
        whole = maker.simulate(200, 0, 12)
        np.testing.assert_array_equal(np.vstack([maker.simulate(200, 0, 5), maker.simulate(200, 5, 7)]), whole)
    whole = simulate_density_by_grid(points, 1000, REACH, 12)
    parts = [simulate_density_by_grid(points, 1000, REACH, number, first=first) for first, number in ((0, 5), (5, 7))]
    np.testing.assert_array_equal(np.vstack(parts), whole)


def test_m_is_the_sum_over_the_smoothed_neighbourhoods():
    x, y = scattered(300)
    weight = np.random.default_rng(3).integers(1, 50, 300).astype(float)
    around, cases, h = Surroundings.usual(Points.in_plane(x, y), weight, REACH), np.arange(0, 120, 2), 4.0
    found = relative_density(around, cases, bandwidth_km=h, simulations=0)
    far = np.hypot(x[cases][:, None] - x, y[cases][:, None] - y)
    overall = ((weight[cases].sum() - weight[cases]) / (weight.sum() - weight[cases])).sum()
    for r, value in zip(found.distance_km[::5], found.value[::5], strict=True):
        about = (np.exp(-(((r - far) / h) ** 2) / 2) + np.exp(-(((r + far) / h) ** 2) / 2)) * weight
        about[np.arange(60), cases] = 0
        assert value == pytest.approx((about[:, cases].sum(axis=1) / about.sum(axis=1)).sum() / overall, rel=1e-3)


def test_m_tells_at_which_distance_the_neighbours_are():
    """Two halves of an industry 30 km apart: m has a second top there, where M only falls."""
    x, y = scattered(2000)
    x[:60], y[:60] = np.random.default_rng(5).normal(35, 1.5, 60), np.random.default_rng(6).normal(50, 1.5, 60)
    x[:30] += 30
    around = Surroundings.usual(Points.in_plane(x, y), None, 45.0)
    curve = relative_density(around, np.arange(60), bandwidth_km=2.0, simulations=0)
    value = {r: float(np.interp(r, curve.distance_km, curve.value)) for r in (15, 30, 43)}
    assert value[30] > 3 * max(value[15], value[43])
    within = relative_concentration(around, np.arange(60), simulations=0).value
    assert within[-1] < within[len(within) // 2] < within[10]


def test_a_density_has_all_its_mass_above_zero():
    curve = k_density(Points.in_plane(*scattered()), np.arange(100), reach_km=200.0, simulations=0)
    assert np.trapezoid(curve.value, curve.distance_km) == pytest.approx(1, abs=1e-4)


def test_m_is_the_sum_over_the_neighbourhoods_to_the_ninth_decimal():
    x, y = scattered(300)
    weight = np.random.default_rng(3).integers(1, 50, 300).astype(float)
    around = Surroundings.usual(Points.in_plane(x, y), weight, REACH)
    cases = np.arange(0, 120, 2)
    curve = relative_concentration(around, cases, simulations=0)
    expected = concentration_by_the_sum(x, y, weight, cases, curve.distance_km)
    np.testing.assert_allclose(curve.value, expected, rtol=1e-9)


def test_m_is_one_when_all_sites_are_the_industry_within_any_distance():
    around = Surroundings.usual(Points.in_plane(*scattered(50)), None, REACH)
    value = relative_concentration(around, np.arange(50), simulations=0).value
    np.testing.assert_allclose(value[~np.isnan(value)], 1)


def test_k_counts_the_pairs_and_l_is_its_root():
    x, y = scattered(200)
    curve = ripley_k(Points.in_plane(x, y), np.arange(200), 10_000.0, reach_km=40.0, simulations=0)
    near = (pdist(np.column_stack([x, y])) < curve.distance_km[-1]).sum()
    assert curve.value[-1] == pytest.approx(10_000 * 2 * near / (200 * 199))
    assert ripley_l(curve.value)[63] == pytest.approx(10, rel=0.15)  # sites at random; the edge takes some


def test_the_generator_gives_the_published_words():
    """Known answers of Random123, philox4x32-10."""
    words = np.zeros(4, np.uint64)
    philox(np.zeros(4, np.uint64), np.zeros(2, np.uint64), words)
    assert [hex(int(word)) for word in words] == ["0x6627e8d5", "0xe169c58d", "0xbc57ac4c", "0x9b00dbd8"]
    ones = np.full(4, 0xFFFFFFFF, np.uint64)
    philox(ones, ones[:2], words)
    assert [hex(int(word)) for word in words] == ["0x408f276d", "0x41c83b0e", "0xa20bc7c6", "0x6d5451fd"]


@given(sites=st.integers(2, 60), part=st.floats(0, 1), seed=st.integers(0, 2**63 - 1))
@settings(deadline=None, max_examples=25)
def test_a_draw_has_so_many_different_sites(sites, part, seed):
    cases = max(1, int(part * sites))
    taken = np.zeros(sites, np.uint8)
    drawn = draw_cases(cases, sites, seed, 5, taken)
    assert len(set(drawn.tolist())) == cases and drawn.min() >= 0 and drawn.max() < sites
    assert not taken.any()


def test_every_site_is_drawn_as_often():
    counts = np.zeros(20)
    for simulation in range(4000):
        counts[draw_cases(5, 20, 1, simulation, np.zeros(20, np.uint8))] += 1
    assert ((counts - 1000) ** 2 / 1000).sum() < 36  # chi-square with 19 degrees, 1 in 100


@pytest.mark.parametrize("threads", [1, 2])
def test_the_number_of_processors_changes_no_digit(threads):
    import numba

    points, all_threads = Points.in_plane(*scattered()), numba.get_num_threads()
    expected = simulate_density(points, 40, REACH, 20), simulate_concentration(Surroundings.usual(points), 40, 20)
    numba.set_num_threads(min(threads, all_threads))
    try:
        found = simulate_density(points, 40, REACH, 20), simulate_concentration(Surroundings.usual(points), 40, 20)
    finally:
        numba.set_num_threads(all_threads)
    for one, other in zip(expected, found, strict=True):
        np.testing.assert_array_equal(one, other)


def test_more_simulations_begin_with_the_same_ones():
    points = Points.in_plane(*scattered())
    few, many = (simulate_density(points, 400, REACH, runs, seed=4) for runs in (7, 200))
    np.testing.assert_array_equal(few, many[:7])


@given(turn=st.floats(0, 6.28), east=st.floats(-1000, 1000), north=st.floats(-1000, 1000))
@settings(deadline=None, max_examples=20)
def test_moving_and_turning_the_map_changes_nothing(turn, east, north):
    x, y = scattered(200)
    moved = x * np.cos(turn) - y * np.sin(turn) + east, x * np.sin(turn) + y * np.cos(turn) + north
    here, there = Points.in_plane(x, y), Points.in_plane(*moved)
    before, after = (k_density(each, np.arange(30), reach_km=REACH, simulations=0).value for each in (here, there))
    np.testing.assert_allclose(after, before, atol=5e-4 * before.max())
    before, after = (
        relative_concentration(Surroundings.usual(each, None, REACH), np.arange(30), simulations=0).value
        for each in (here, there)
    )
    np.testing.assert_allclose(after[5:], before[5:], rtol=0.1)  # a pair may cross a radius by rounding


def test_sites_without_workers_vanish_from_a_weighted_density():
    x, y = scattered(200)
    weight = np.r_[np.ones(100), np.zeros(100)]
    cases = np.r_[0:20, 150:160]
    with_them = k_density(Points.in_plane(x, y), cases, weight=weight, reach_km=REACH, simulations=99)
    without = k_density(
        Points.in_plane(x[:100], y[:100]), np.arange(20), weight=np.ones(100), reach_km=REACH, simulations=99
    )
    np.testing.assert_allclose(with_them.value, without.value, rtol=1e-3)
    assert with_them.verdict == without.verdict


def test_a_planted_cluster_is_found_with_its_size():
    x, y = scattered(1000)
    angle, part = np.random.default_rng(7).uniform(0, 1, (2, 60))
    x[:60], y[:60] = (
        40 + 8 * np.sqrt(part) * np.cos(2 * np.pi * angle),
        60 + 8 * np.sqrt(part) * np.sin(2 * np.pi * angle),
    )
    points = Points.in_plane(x, y)
    curve = k_density(points, np.arange(60), simulations=999, seed=1)
    assert curve.verdict == "gathered" and curve.bands is not None and curve.bands.p_value == 0.001
    assert 10 < curve.reach_km < 18  # a disc 16 km wide
    relative = relative_concentration(Surroundings.usual(points), np.arange(60), simulations=999, seed=1)
    assert relative.verdict == "gathered" and relative.value[10] > 5


def test_an_evenly_spread_industry_is_called_scattered():
    x, y = scattered(1000)
    grid = np.arange(5, 100, 10.0)
    x[:100], y[:100] = (axis.ravel() for axis in np.meshgrid(grid, grid))
    assert k_density(Points.in_plane(x, y), np.arange(100), reach_km=5, simulations=999).verdict == "scattered"


def test_random_industries_are_called_clusters_as_rarely_as_stated():
    """A thousand random industries, every eighth distance: 5 % are significant, give or take three deviations."""
    points = Points.in_plane(*scattered(400))
    around = Surroundings.usual(points, None, REACH)
    rings = Rings.usual(around, 30)
    ways = {
        "K-density": lambda runs, seed: simulate_density(points, 30, REACH, runs, seed)[:, ::8],
        "M": lambda runs, seed: simulate_concentration(around, 30, runs, seed)[:, ::2],
        "m": lambda runs, seed: simulate_relative_density(rings, 30, runs, seed)[:, ::2],
    }
    for name, simulate in ways.items():
        chance = simulate(399, 1)
        wrong = np.mean([find_bands(each, chance).p_value <= 0.05 for each in simulate(1000, 2)])
        assert 0.025 < wrong < 0.08, (name, wrong)  # the 399 are a draw themselves


def test_bands_leave_out_what_they_say():
    curves = np.random.default_rng(1).normal(size=(999, 40)).cumsum(axis=1)
    bands = find_bands(curves[0], curves, 0.05)
    outside = ((curves < bands.low) | (curves > bands.high)).mean()
    left = ((curves < bands.global_low) | (curves > bands.global_high)).any(axis=1).mean()
    assert outside == pytest.approx(0.05, abs=0.002)
    assert 0.03 < left <= 0.05


def test_too_few_simulations_for_a_band_are_refused():
    with pytest.raises(ValueError, match="at least 39 simulations"):
        find_bands(np.zeros(3), np.zeros((38, 3)), 0.05)


def test_distances_on_the_earth_are_those_of_the_ellipsoid():
    """Geodesics of WGS 84: a quarter degree, a degree and five degrees along parallel and meridian."""
    points = Points.on_earth([33.5, 33.5, 34.5, 38.5], [48.0, 49.0, 48.0, 48.0])
    np.testing.assert_allclose(points.distances(0)[1:], [92.9198, 110.9216, 554.796], rtol=3e-5)


def test_places_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="beyond 90"):
        Points.on_earth([95.0, 33.0], [48.0, 48.0])
    with pytest.raises(ValueError, match="span more than"):
        Points.on_earth([-60.0, 60.0], [0.0, 120.0])
    with pytest.raises(ValueError, match="one place"):
        k_density(Points.in_plane([0, 0, 0, 5], [0, 0, 0, 5]), np.arange(3), reach_km=5, simulations=0)
    with pytest.raises(ValueError, match="at least 3 sites"):
        k_density(Points.in_plane([0, 1, 2], [0, 0, 0]), np.arange(2), reach_km=5, simulations=0)
