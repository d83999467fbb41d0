"""Shapley values of many members lie within the half-width that is told."""

import numpy as np
import pytest
from numpy.typing import NDArray

from kandoo.engine.sharing import Kind, Need, Schedule, Step
from kandoo.engine.sharing.shapley import _by_table, shapley_values
from kandoo.engine.sharing.shapley_many import values_of_many

chance = np.random.default_rng(1)
FALLING = [Step(1, 1000), Step(233, 950), Step(703, 900), Step(1501, 800)]
TENFOLD = [Step(1, 1000), Step(233, 950), Step(5003, 900), Step(9001, 800)]
SMALL = chance.integers(1, 6, 400)
CASES: dict[str, tuple[NDArray[np.int64], list[Step], Kind]] = {
    "few different": (SMALL, FALLING, "all_units"),
    "incremental": (chance.integers(1, 11, 400), FALLING, "incremental"),
    "all multiples of ten": (SMALL * 10, TENFOLD, "all_units"),
    "all odd": (chance.integers(0, 5, 400) * 2 + 1, FALLING, "all_units"),
    "two sizes": (np.r_[np.full(200, 5), np.full(200, 6)], FALLING, "all_units"),
    "two sizes far apart": (np.r_[np.full(350, 3), np.full(50, 30)], FALLING, "all_units"),
    "all equal": (np.full(400, 7), FALLING, "all_units"),
    "all equal but one": (np.r_[np.full(399, 5), 6], FALLING, "all_units"),
    "one with most of it": (np.r_[SMALL[1:], 800], FALLING, "all_units"),
    "three large": (np.r_[SMALL[3:], 200, 300, 400], FALLING, "all_units"),
    "prices that rise": (SMALL, [Step(20, 1000), Step(233, 1100), Step(703, 900), Step(1000, 1300)], "all_units"),
    "a first step of a quarter": (SMALL, [Step(300, 1000), Step(500, 500)], "incremental"),
    "a turn near the end": (SMALL, [Step(1, 1000), Step(1190, 500)], "all_units"),
    "a turn at the first members": (SMALL, [Step(1, 1000), Step(8, 600), Step(20, 500)], "all_units"),
    "long tail": (np.ceil(chance.lognormal(1, 0.8, 400)).astype(np.int64), FALLING, "all_units"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_values_of_many_are_those_of_the_exact_table(name):
    quantities, steps, kind = CASES[name]
    quantities, schedule = np.sort(quantities), Schedule(steps, kind)
    unit = int(np.gcd.reduce(quantities))
    exact = _by_table(quantities // unit, unit, schedule)
    values, half_widths = values_of_many(quantities, schedule) or pytest.fail("left to walks")
    assert (np.abs(values - exact) <= half_widths + 1e-9 * exact).all()
    assert (half_widths <= 0.003 * exact).all()


def ten_thousand():
    quantities = np.sort(np.random.default_rng(1).integers(1, 101, 10_000))
    steps = [(1, 1000), (1_000, 950), (5_000, 900), (50_000, 850), (200_000, 800), (400_000, 780)]
    return quantities, Schedule([Step(*step) for step in steps], "all_units")


def test_ten_thousand_members_are_within_a_twentieth_of_a_per_cent_and_long_sampling_agrees():
    quantities, schedule = ten_thousand()
    values, half_widths = values_of_many(quantities, schedule) or pytest.fail("left to walks")
    assert (half_widths <= 0.0005 * values).all()
    walks, bins = 2_000, np.linspace(0, len(quantities), 21).astype(np.int64)
    added = np.zeros((walks, len(quantities)), dtype=np.float32)
    for walk in range(walks):
        order = chance.permutation(len(quantities))
        added[walk, order] = np.diff(schedule.costs(np.cumsum(quantities[order])), prepend=0)
    by_bin = np.add.reduceat(added, bins[:-1], axis=1, dtype=np.float64)
    error = by_bin.std(axis=0) / np.sqrt(walks)
    apart = np.abs(np.add.reduceat(values, bins[:-1]) - by_bin.mean(axis=0))
    told = np.add.reduceat(half_widths, bins[:-1])
    assert (apart <= 4 * error + told).all()
    assert error.max() < 0.001 * by_bin.mean()


def test_the_order_of_the_members_changes_no_value():
    quantities, schedule = ten_thousand()
    needs = [Need(f"m{n:05}", int(own)) for n, own in enumerate(quantities)]
    turned = [needs[place] for place in chance.permutation(len(needs))]
    ours = {figure.member_id: figure for figure in shapley_values(needs, schedule)}
    assert ours == {figure.member_id: figure for figure in shapley_values(turned, schedule)}
    assert sum(figure.amount for figure in ours.values()) == schedule.cost(int(quantities.sum()))


def test_quantities_without_a_pattern_that_a_normal_could_follow_are_left_to_walks():
    quantities = np.sort(np.r_[np.full(990, 1), np.arange(1, 11) * 1_000])
    assert values_of_many(quantities, Schedule(FALLING, "all_units")) is None
