"""The order of candidates: by hand, under what must not change it, and how sure it is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kandoo.engine.census.priority import Ranking, rank_candidates, scaled

tables = arrays(
    np.float64, st.tuples(st.integers(1, 6), st.integers(1, 4)), elements=st.integers(0, 20).map(lambda n: n / 20)
)


def ranked(values: np.ndarray, weights: np.ndarray | None = None, **options) -> Ranking:
    weight = np.ones(values.shape[1]) if weights is None else weights
    return rank_candidates(
        [f"c{i}" for i in range(len(values))],
        {f"k{k}": column.tolist() for k, column in enumerate(values.T)},
        {f"k{k}": float(each) for k, each in enumerate(weight)},
        **{"draws": 200, **options},
    )


def test_a_score_is_the_weighted_mean_by_hand():
    found = ranked(np.array([[0.2, 1.0], [0.8, 0.6]]), np.array([3.0, 1.0]))
    assert [row.name for row in found.rows] == ["c1", "c0"]
    assert [row.score for row in found.rows] == pytest.approx([0.75, 0.4])
    assert found.weights == {"k0": 0.75, "k1": 0.25}


def test_the_least_change_of_weights_that_turns_the_order_is_seen():
    """c0 leads by 0.6 w0 - 0.4 w1; with equal weights the order turns when 0.6 (1 - s) = 0.4 (1 + s), at s = 0.2."""
    values = np.array([[0.9, 0.2], [0.3, 0.6]])
    firm, shaken = (ranked(values, spread=spread) for spread in (0.199, 0.201))
    assert [(row.rank_low, row.rank_high) for row in firm.rows] == [(1, 1), (2, 2)]
    assert [(row.rank_low, row.rank_high) for row in shaken.rows] == [(1, 2), (1, 2)]


def test_the_share_of_first_places_is_the_area_by_hand():
    """With weights 1 +- 1, c0 is first where 0.6 w0 > 0.4 w1: all but a triangle of 2 x 4/3 / 2 in the square of 4."""
    found = ranked(np.array([[0.9, 0.2], [0.3, 0.6]]), spread=1.0, draws=20_000)
    assert found.rows[0].first_share == pytest.approx(2 / 3, abs=0.012)


@given(tables, st.floats(0, 1), st.integers(0, 9))
@settings(deadline=None, max_examples=40)
def test_no_draw_leaves_the_interval_and_the_shares_add_up(values, spread, seed):
    found = ranked(values, spread=spread, seed=seed)
    assert sum(row.first_share for row in found.rows) == pytest.approx(1)
    np.testing.assert_allclose(found.rank_share.sum(axis=1), 1)
    for row, shares in zip(found.rows, found.rank_share, strict=True):
        drawn = np.flatnonzero(shares) + 1
        assert row.rank_low <= min(drawn.min(), row.rank) and max(drawn.max(), row.rank) <= row.rank_high
    assert list(found.top_share(len(values)).values()) == pytest.approx([1.0] * len(values))


@given(tables, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=40)
def test_the_order_in_which_candidates_come_and_the_unit_of_weights_change_nothing(values, chance):
    weights = np.arange(1.0, values.shape[1] + 1)
    order = chance.sample(range(len(values)), len(values))
    names = [f"c{i}" for i in range(len(values))]
    criteria = {f"k{k}": values[:, k].tolist() for k in range(values.shape[1])}
    here = rank_candidates(names, criteria, {f"k{k}": w for k, w in enumerate(weights)}, draws=50)
    there = rank_candidates(
        [names[i] for i in order],
        {name: [column[i] for i in order] for name, column in criteria.items()},
        {f"k{k}": 7 * w for k, w in enumerate(weights)},
        draws=50,
    )
    for one, other in zip(here.rows, there.rows, strict=True):
        assert (one.name, one.rank, one.rank_low, one.rank_high) == (
            other.name,
            other.rank,
            other.rank_low,
            other.rank_high,
        )
        assert one.score == pytest.approx(other.score) and one.first_share == pytest.approx(other.first_share)


def test_whoever_is_better_in_everything_is_first_under_all_weights():
    found = ranked(np.array([[0.5, 0.5, 0.9], [0.4, 0.3, 0.8], [0.1, 0.6, 0.0]]), spread=0.99)
    assert {row.name: row.rank_low for row in found.rows}["c1"] == 2  # never before c0
    assert found.rows[0].name == "c0" and found.rows[0].rank_high == 2


def test_equal_candidates_share_the_better_rank_and_the_first_places():
    found = ranked(np.array([[0.5, 0.5], [0.5, 0.5], [0.1, 0.1]]))
    assert [row.rank for row in found.rows] == [1, 1, 3]
    assert [row.first_share for row in found.rows] == [0.5, 0.5, 0.0]


def test_equal_seeds_give_equal_shares():
    values = np.random.default_rng(1).random((8, 5))
    one, same, other = (ranked(values, seed=seed, spread=0.9) for seed in (3, 3, 4))
    assert one.rows == same.rows != other.rows


def test_the_unknown_is_refused_or_filled_as_the_rule_says():
    names, weights = ["valley", "plain", "hill"], {"jobs": 1.0}
    criteria = {"jobs": [0.2, None, 0.6]}
    with pytest.raises(ValueError, match="jobs of plain is not known"):
        rank_candidates(names, criteria, weights)
    mean, worst = (rank_candidates(names, criteria, weights, missing=rule) for rule in ("mean", "worst"))
    assert mean.filled == {"jobs": pytest.approx(0.4)} and worst.filled == {"jobs": 0.2}
    assert [row.name for row in mean.rows] == ["hill", "plain", "valley"]
    assert [row.rank for row in worst.rows] == [1, 2, 2]


@pytest.mark.parametrize(
    "criteria, weights, message",
    [
        ({"jobs": [0.2, 1.2]}, {"jobs": 1}, "jobs of plain: 1.2 is not between 0 and 1"),
        ({"jobs": [0.2, float("nan")]}, {"jobs": 1}, "jobs of plain: nan is not between"),
        ({"jobs": [0.2]}, {"jobs": 1}, "jobs: 1 values for 2 candidates"),
        ({"jobs": [None, None]}, {"jobs": 1}, "jobs of valley is not known"),
        ({"jobs": [0.2, 0.3]}, {"jobs": 0}, "At least one weight"),
        ({"jobs": [0.2, 0.3]}, {"jobs": -1}, "jobs: a weight is a number"),
        ({"jobs": [0.2, 0.3]}, {"sales": 1}, "jobs, sales: every criterion has a weight"),
    ],
)
def test_what_cannot_be_ranked_is_named(criteria, weights, message):
    with pytest.raises(ValueError, match=message):
        rank_candidates(["valley", "plain"], criteria, weights, missing="mean")


def test_a_scale_runs_from_worst_to_best_either_way():
    assert scaled([5.0, 15.0, None, -5.0], worst=0, best=10) == [0.5, 1.0, None, 0.0]
    assert scaled([3.0, 3.0]) == [0.5, 0.5] and scaled([None]) == [None]
