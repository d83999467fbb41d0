"""Kilograms: never more than the hives give, never more out than in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kandoo.engine.mass import Harvest, balance, judge_harvest, sellable_kg

KG = st.lists(st.integers(0, 5_000), max_size=12)


def harvests(masses):
    return [Harvest(f"batch-{number}", kg) for number, kg in enumerate(masses)]


def test_a_plausible_harvest_is_free():
    verdict = judge_harvest(harvests([290, 580]), hives=100, kg_per_hive_max=30)
    assert not verdict.is_held
    assert (verdict.harvested_kg, verdict.plausible_kg, verdict.excess_kg) == (870, 3_000, 0)
    assert verdict.kg_per_hive == pytest.approx(8.7)


def test_a_harvest_beyond_the_hives_is_held_from_the_batch_that_goes_beyond():
    verdict = judge_harvest(harvests([900, 900, 900]), hives=50, kg_per_hive_max=30)
    assert verdict.excess_kg == 1_200
    assert verdict.held == ("batch-1", "batch-2")


def test_a_harvest_exactly_at_the_ceiling_is_free():
    assert not judge_harvest(harvests([111]), hives=10, kg_per_hive_max=11.1).is_held


def test_honey_without_hives_is_held():
    verdict = judge_harvest(harvests([1]), hives=0, kg_per_hive_max=30)
    assert verdict.is_held
    assert verdict.kg_per_hive is None


@given(KG, st.integers(0, 500))
def test_what_is_free_never_exceeds_what_is_plausible(masses, hives):
    verdict = judge_harvest(harvests(masses), hives=hives, kg_per_hive_max=30)
    free = sum(h.kg for h in harvests(masses) if h.batch not in verdict.held)
    assert free <= verdict.plausible_kg
    assert verdict.is_held == bool(verdict.held)
    assert verdict.harvested_kg - verdict.excess_kg <= verdict.plausible_kg


@given(KG, st.integers(0, 5_000))
def test_a_lot_balances_when_its_output_is_its_input_less_the_declared_loss(masses, loss):
    taken = [*masses, loss]
    assert balance(taken, [sum(masses)], declared_loss_grams=loss).is_balanced
    assert not balance(taken, [sum(masses) + 1], declared_loss_grams=loss).is_balanced


def test_mass_from_nowhere_is_told_apart_from_mass_that_vanished():
    assert balance([1_000], [1_001]).unexplained_grams == -1
    assert balance([1_000], [990], declared_loss_grams=4).unexplained_grams == 6


@pytest.mark.parametrize(("taken", "given_out", "loss"), [([-1], [], 0), ([1], [-1], 0), ([1], [1], -1)])
def test_a_negative_mass_is_refused(taken, given_out, loss):
    with pytest.raises(ValueError, match="negative"):
        balance(taken, given_out, declared_loss_grams=loss)


def test_a_negative_harvest_is_refused():
    with pytest.raises(ValueError, match="negative"):
        judge_harvest([Harvest("a", -1)], hives=3, kg_per_hive_max=30)


def test_only_what_is_harvested_and_not_held_may_be_sold():
    assert sellable_kg(1_000, 300, held_kg=200) == 500
    assert sellable_kg(1_000, 1_200) == 0
