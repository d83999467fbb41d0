"""One sample for every ten drums and at least one per producer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kandoo.engine.sampling import DrumsOfBatch, SampledDrum, plan_samples

LINES = st.lists(st.tuples(st.sampled_from("pqrst"), st.integers(0, 90)), min_size=1, max_size=15).map(
    lambda pairs: [DrumsOfBatch(p, f"b{n}", d) for n, (p, d) in enumerate(pairs)]
)


def test_eighteen_producers_of_a_seventy_drum_container_need_eighteen_samples_not_seven():
    drums = [4] * 16 + [3] * 2
    plan = plan_samples([DrumsOfBatch(f"p{n}", f"b{n}", d) for n, d in enumerate(drums)])
    assert sum(drums) == 70
    assert plan.samples == 18
    assert plan.total_grams == 18 * 250


def test_one_producer_of_twenty_five_drums_gives_three_samples_evenly_spread():
    (producer,) = plan_samples([DrumsOfBatch("kuh", "a", 25)]).producers
    assert [each.number for each in producer.sampled] == [5, 13, 21]


def test_samples_run_on_over_the_batches_of_a_producer():
    (producer,) = plan_samples([DrumsOfBatch("kuh", "a", 10), DrumsOfBatch("kuh", "b", 10)]).producers
    assert producer.sampled == (SampledDrum("a", 6), SampledDrum("b", 6))


@given(LINES)
def test_every_producer_is_sampled_and_no_ten_drums_go_without(lines):
    plan = plan_samples(lines)
    drums = {line.batch: line.drums for line in lines}
    assert {each.producer for each in plan.producers} == {e.producer for e in lines if e.drums}
    assert 10 * plan.samples >= sum(drums.values())
    for each in plan.producers:
        assert each.sampled
        assert len(set(each.sampled)) == len(each.sampled)
        assert all(1 <= drum.number <= drums[drum.batch] for drum in each.sampled)


@given(LINES)
def test_the_same_lot_gives_the_same_drums(lines):
    assert plan_samples(lines) == plan_samples(list(lines))


def test_a_doubled_batch_is_refused():
    with pytest.raises(ValueError, match="twice"):
        plan_samples([DrumsOfBatch("kuh", "a", 1), DrumsOfBatch("kuh", "a", 1)])
