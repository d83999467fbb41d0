"""Quotients, concentration, related industries and suppression: known answers and laws."""

import doctest
import importlib
import pkgutil
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kandoo.engine import census
from kandoo.engine.census import (
    STAR_PROFILES,
    Points,
    Sites,
    coagglomeration,
    economic_complexity,
    ellison_glaeser,
    false_discovery_rates,
    find_extents,
    hidden_cells,
    location_correlation,
    location_quotients,
    related_industries,
    shift_share,
    star_clusters,
)
from kandoo.engine.census.related import score_grouping
from kandoo.engine.census.suppression import changed_sites

MODULES = [module.name for module in pkgutil.iter_modules(census.__path__, "kandoo.engine.census.")]
tables = arrays(np.float64, st.tuples(st.integers(2, 6), st.integers(2, 6)), elements=st.integers(1, 500).map(float))


@pytest.mark.parametrize("name", ["kandoo.engine.census", *MODULES])
def test_the_examples_in_the_manual_run(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_a_location_quotient_by_hand():
    """60 of the valley's 100 and 90 of all 400 make knives: 0.6 / 0.225."""
    found = location_quotients(np.array([[60.0, 40.0], [30.0, 270.0]]))
    assert found.raw[0, 0] == pytest.approx(0.6 / 0.225)
    assert found.symmetric[0, 0] == pytest.approx((0.6 / 0.225 - 1) / (0.6 / 0.225 + 1))


def test_location_quotients_of_a_small_nation_by_hand():
    """Three industries in three counties of a nation of 272 jobs; a table worked by hand, to two decimals.

    County 2 has 10 of its 28 jobs in beer, of 117 in 272: 0.83. County 1 has 4 of 69 in bread, of 48: 0.33. County 3
    has 25 of 43 in beer: 1.35.
    """
    jobs = np.array([[20.0, 4, 45], [10, 6, 12], [25, 6, 12]])
    nation = np.array([117.0, 48, 107])
    found = location_quotients(np.vstack([jobs, nation - jobs.sum(axis=0)])).raw
    assert found[[1, 0, 2], [0, 1, 0]].round(2).tolist() == [0.83, 0.33, 1.35]


def test_an_interval_holds_the_shrunken_quotient_and_narrows_with_evidence():
    few, many = (location_quotients(np.array([[6.0, 4.0], [3.0, 27.0]]) * size) for size in (1, 100))
    for found in (few, many):
        assert ((found.low < found.shrunken) & (found.shrunken < found.high)).all()
    assert (many.high - many.low < few.high - few.low).all()
    assert (np.abs(many.shrunken - many.raw) < np.abs(few.shrunken - few.raw)).all()


def test_one_large_plant_is_less_sure_than_many_small_ones():
    jobs = np.array([[200.0, 800.0], [100.0, 2900.0]])
    small, large = (location_quotients(jobs, np.array([lump, 1.0])) for lump in (1.0, 100.0))
    assert small.p_value[0, 0] < 1e-6 < large.p_value[0, 0]


def test_the_p_value_is_the_binomial_law_for_whole_units():
    from scipy.stats import binom

    jobs = np.array([[7.0, 13.0], [5.0, 55.0]])
    above = (binom.sf(6, 12, 0.25) + binom.sf(7, 12, 0.25)) / 2
    assert location_quotients(jobs).p_value[0, 0] == pytest.approx(2 * above)


def test_discovery_rates_of_the_published_example():
    """Benjamini and Hochberg (1995), 15 p-values: at 0.05 the first four are discoveries."""
    p = np.array([0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
                  0.6528, 0.7590, 1.0])  # fmt: skip
    assert (false_discovery_rates(p) <= 0.05).sum() == 4


def test_random_places_are_discovered_as_rarely_as_stated() -> None:
    rng, wrong = np.random.default_rng(1), 0
    share = rng.dirichlet(np.ones(12) * 3)
    for _ in range(100):
        size = np.ceil(rng.lognormal(2, 1, (8, 60)))
        jobs = np.array([np.bincount(rng.choice(12, 60, p=share), row, 12) for row in size]).T
        lumps = (size**2).sum(axis=1) / size.sum(axis=1)
        wrong += bool((location_quotients(jobs, lumps).q_value < 0.05).any())
    assert wrong <= 12


@given(tables)
def test_doubling_every_site_leaves_the_quotients(jobs):
    np.testing.assert_allclose(location_quotients(2 * jobs).raw, location_quotients(jobs).raw)


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_regions_and_industries_is_only_an_order(jobs, chance):
    rows, columns = (chance.sample(range(size), size) for size in jobs.shape)
    found, other = location_quotients(jobs), location_quotients(jobs[rows][:, columns])
    np.testing.assert_allclose(other.shrunken, found.shrunken[rows][:, columns], rtol=1e-4)
    np.testing.assert_allclose(other.q_value, found.q_value[rows][:, columns], rtol=1e-9, atol=1e-12)


def test_stars_follow_their_named_profile():
    jobs = np.array([[1200.0, 800.0], [100.0, 9900.0], [100.0, 9900.0]])
    stars = star_clusters(jobs, STAR_PROFILES["observatory-2007"])
    assert stars.count[:, 0].tolist() == [3, 0, 0]
    assert star_clusters(jobs / 10, STAR_PROFILES["observatory-2007"]).count[:, 0].tolist() == [0, 0, 0]  # too few jobs


@given(tables, st.data())
def test_shifts_and_shares_add_up_to_the_change(before, data):
    after = data.draw(arrays(np.float64, before.shape, elements=st.integers(0, 500).map(float)))
    parts = shift_share(before, after)
    np.testing.assert_allclose(parts.national + parts.mix + parts.own, after - before, atol=1e-9)


def test_ellison_and_glaeser_s_index_of_a_textbook_s_table():
    """Ten plants in Vienna, Linz and Graz: Farhauer and Kroell, Standorttheorien (2014); the answer is 0.05990628."""
    jobs = np.array([200.0, 650, 12_000, 100, 50, 16_000, 13_000, 1_500, 1_500, 25_000])
    region = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1, 2])
    found = ellison_glaeser(jobs, region, np.array([500_000.0, 400_000, 100_000]))
    assert found.gamma == pytest.approx(0.05990628, abs=5e-9)


def test_concentration_by_hand():
    """G = 0.3^2 + 0.2^2 + 0.1^2 = 0.14, H = 0.38, 1 - sum x^2 = 0.62."""
    found = ellison_glaeser(np.array([50.0, 30, 20]), np.array([0, 0, 1]), np.array([50.0, 40, 10]))
    assert (found.g, found.herfindahl) == pytest.approx((0.3**2 + 0.2**2 + 0.1**2, 0.38))
    x = 1 - 0.25 - 0.16 - 0.01
    assert found.gamma == pytest.approx((0.14 - x * 0.38) / (x * 0.62))


def test_the_variance_of_gamma_is_that_of_all_throws_of_darts():
    sizes, regions = np.array([50.0, 30, 15, 5]), np.array([50.0, 30, 20])
    throws = np.array(list(product(range(3), repeat=4)))
    chance = np.prod(regions[throws] / 100, axis=1)
    gammas = np.array([ellison_glaeser(sizes, throw, regions).gamma for throw in throws])
    assert chance @ gammas == pytest.approx(0, abs=1e-12)
    assert np.sqrt(chance @ gammas**2) == pytest.approx(ellison_glaeser(sizes, throws[0], regions).deviation)


def test_random_plants_are_called_concentrated_as_rarely_as_stated():
    rng = np.random.default_rng(2)
    regions = rng.lognormal(5, 1, 30)
    found = [
        ellison_glaeser(
            np.ceil(rng.lognormal(3, 1, 40)), rng.choice(30, 40, p=regions / regions.sum()), regions
        ).p_value
        for _ in range(1000)
    ]
    assert 0.03 < np.mean(np.array(found) <= 0.05) < 0.07


def test_plants_without_workers_vanish_from_concentration():
    regions = np.array([50.0, 40, 10])
    with_them = ellison_glaeser(np.array([50.0, 30, 20, 0]), np.array([0, 0, 1, 2]), regions)
    assert with_them == ellison_glaeser(np.array([50.0, 30, 20]), np.array([0, 0, 1]), regions)


def test_an_industry_of_one_plant_has_no_gamma():
    assert np.isnan(ellison_glaeser(np.array([9.0]), np.array([0]), np.array([9.0, 9.0])).gamma)


@given(tables)
def test_coagglomeration_has_no_direction(jobs):
    if jobs.shape[0] > 1 and not np.allclose(jobs / jobs.sum(axis=0), (jobs / jobs.sum(axis=0))[:, :1]):
        found = coagglomeration(jobs)
        np.testing.assert_allclose(found, found.T)
        np.testing.assert_allclose(found.sum(), 0, atol=1e-9)  # away from the mean of them all


def test_location_correlation_is_pearsons():
    jobs = np.random.default_rng(1).uniform(0, 9, (20, 5))
    np.testing.assert_allclose(location_correlation(jobs), np.corrcoef(jobs.T))


def test_scores_of_a_set_by_hand():
    """Two pairs, related 0.8 within and 0.1 between: every cluster and industry passes; mixed up, none does."""
    matrix = np.array([[1, 0.8, 0.1, 0.1], [0.8, 1, 0.1, 0.1], [0.1, 0.1, 1, 0.8], [0.1, 0.1, 0.8, 1]])
    assert score_grouping(np.array([0, 0, 1, 1]), [matrix]).total == 1
    assert score_grouping(np.array([0, 1, 0, 1]), [matrix]).total == 0


def test_related_industries_are_found_and_a_misfit_is_moved():
    rng = np.random.default_rng(3)
    base = rng.lognormal(0, 1, (3, 40, 1))
    jobs = np.hstack([each * rng.lognormal(3, 0.1, (40, 4)) for each in base])
    found = related_industries(jobs, np.round(jobs / 5))
    assert found.best.labels.tolist() == [0] * 4 + [1] * 4 + [2] * 4
    assert found.best.score.total == 1 and len(found.alternatives) == 5
    assert all(each.relatedness_target > each.relatedness_source for each in found.moved)


def test_the_complexity_of_regions_and_industries_reflect_each_other():
    """An industry is the mean of its regions; the mean of a region's industries is the region again, but for scale."""
    found = economic_complexity(np.random.default_rng(4).lognormal(2, 1.5, (30, 20)))
    m = found.specialised.astype(float)
    np.testing.assert_allclose(found.industry_index, m.T @ found.region_index / found.ubiquity)
    again = m @ found.industry_index / found.diversity
    assert np.corrcoef(again, found.region_index)[0, 1] == pytest.approx(1)
    assert found.region_index.mean() == pytest.approx(0, abs=1e-12) and found.region_index.std() == pytest.approx(1)


def test_proximity_by_hand():
    """Regions 0 and 1 have industry 0, regions 1 and 2 industry 1: one shared of two each."""
    jobs = np.array([[9.0, 1, 4], [6, 6, 2], [1, 9, 4]])
    found = economic_complexity(jobs)
    assert found.specialised[:, :2].tolist() == [[True, False], [True, True], [False, True]]
    assert found.proximity[0, 1] == 0.5 and found.proximity[0, 0] == 1


@given(arrays(np.int64, st.tuples(st.integers(2, 7), st.integers(2, 7)), elements=st.integers(0, 9)))
@settings(max_examples=200)
def test_no_hidden_cell_can_be_found_by_subtracting(sites):
    hidden = hidden_cells(sites, 3)
    assert hidden[(sites > 0) & (sites < 3)].all()
    for table, mask in ((sites, hidden), (sites.T, hidden.T)):
        for cells, line in zip(table, mask, strict=True):
            assert not line.any() or line.all() or (line.sum() > 1 and cells[line].sum() >= 3)


@given(arrays(np.int64, st.tuples(st.integers(2, 7), st.integers(2, 7)), elements=st.integers(0, 12)))
@settings(max_examples=200, deadline=None)
def test_no_hidden_cell_follows_from_all_totals_together(sites):
    """Whatever the totals of all lines say, each hidden cell can still be more or less: no equation fixes it."""
    hidden = hidden_cells(sites, 3)
    places = np.argwhere(hidden)
    totals = np.zeros((sum(sites.shape), len(places)))
    for k, (region, industry) in enumerate(places):
        totals[region, k] = totals[sites.shape[0] + industry, k] = 1
    if len(places):
        _, size, directions = np.linalg.svd(totals)
        free = directions[(size > 1e-9).sum() :]
        assert len(free) and (np.abs(free).max(axis=0) > 1e-9).all()


def test_two_rings_joined_by_one_hidden_cell_do_not_give_it_away():
    """Each line has two small cells and more; still the totals of the first two regions would give the middle one."""
    sites = np.full((4, 4), 9)
    sites[:2, :2] = sites[2:, 2:] = 2
    sites[1, 2] = 1
    hidden = hidden_cells(sites, 3)
    assert hidden[sites < 3].all() and hidden.sum() > (sites < 3).sum()


def small_census(names: str, jobs: list[float]) -> Sites:
    at = np.arange(len(names), dtype=float)
    return Sites.build(list(names), ["wood"] * len(names), jobs, x_km=at, y_km=at, region=["valley"] * len(names))


def test_what_changed_between_two_censuses_is_counted_by_cell():
    before, after = small_census("abcd", [1, 2, 3, 4]), small_census("bcde", [2, 9, 4, 5])
    assert changed_sites(after, before).tolist() == [[3]]  # a is gone, c has grown, e is new
    assert changed_sites(after, after).tolist() == [[0]]


def test_few_changed_sites_are_hidden_and_many_are_not():
    sites = np.full((3, 3), 20)
    changed = np.zeros((3, 3), dtype=np.int64)
    changed[0, 0], changed[1, 1] = 1, 8
    hidden = hidden_cells(sites, 3, changed)
    assert hidden[0, 0] and hidden.sum() == 4 and not hidden_cells(sites, 3).any()


def test_tables_may_be_data_frames():
    import pandas as pd

    jobs = np.random.default_rng(1).integers(1, 99, (6, 5)).astype(float)
    frame = pd.DataFrame(jobs, index=list("abcdef"), columns=list("vwxyz"))
    np.testing.assert_array_equal(location_quotients(frame).raw, location_quotients(jobs).raw)
    np.testing.assert_array_equal(coagglomeration(frame), coagglomeration(jobs))
    np.testing.assert_array_equal(economic_complexity(frame).density, economic_complexity(jobs).density)
    np.testing.assert_array_equal(shift_share(frame, frame).own, 0)
    assert related_industries(frame, frame).best.labels.tolist() == related_industries(jobs, jobs).best.labels.tolist()


@pytest.mark.parametrize(
    "change, message",
    [
        ({"employment": [3.0, None]}, "employment: row 12 has no value"),
        ({"employment": [3.0, -1.0]}, "employment: row 12 is below 0"),
        ({"site_id": ["a", "a"]}, "site_id: row 12 has 'a' a second time"),
        ({"industry": ["x", None]}, "industry: row 12 has no value"),
    ],
)
def test_a_fault_in_a_data_frame_is_named_by_column_and_row(change, message):
    import pandas as pd

    good = {
        "site_id": ["a", "b"],
        "industry": ["x", "y"],
        "employment": [3.0, 4.0],
        "lat": [33.0, 34.0],
        "lon": [48.0, 49.0],
    }
    assert len(Sites.from_frame(pd.DataFrame(good))) == 2
    with pytest.raises(ValueError, match=message):
        Sites.from_frame(pd.DataFrame(good | change, index=[11, 12]))
    with pytest.raises(ValueError, match="The column lon is missing"):
        Sites.from_frame(pd.DataFrame(good).drop(columns="lon"))


def test_groups_are_found_wherever_the_map_is_turned():
    rng = np.random.default_rng(1)
    x, y = np.hstack([rng.normal(0, 1, (2, 30)), rng.normal(40, 1, (2, 20))])
    here = find_extents(Points.in_plane(x, y), np.arange(50))
    there = find_extents(Points.in_plane(y + 7, -x), np.arange(50))
    assert [set(group.sites) for group in here] == [set(group.sites) for group in there]
    assert [group.centre for group in here] == [group.centre for group in there]
    assert here[0].area_km2 == pytest.approx(there[0].area_km2) and 5 < here[0].area_km2 < 30


def test_sites_are_in_the_order_of_their_names_however_they_came():
    one = Sites.build(
        ["a", "b", "c"], ["x", "y", "x"], [1, 2, 3], x_km=[1, 2, 3], y_km=[0, 0, 0], region=["p", "q", "p"]
    )
    other = Sites.build(
        ["c", "a", "b"], ["x", "x", "y"], [3, 1, 2], x_km=[3, 1, 2], y_km=[0, 0, 0], region=["p", "p", "q"]
    )
    assert list(one.site_id) == list(other.site_id) and (one.jobs == other.jobs).all()
    assert one.jobs.tolist() == [[4, 0], [0, 2]] and one.lumps.tolist() == [2.5, 2.0]
