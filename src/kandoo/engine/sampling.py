"""Which drums of a lot to sample before it is sold.

One sample for every ten drums and at least one per producer, 250 g each: the testing and sampling
requirements of the US honey export programme to the EU (honey.com). The figures are those of the
product profile.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DrumsOfBatch:
    """Drums that one producer's batch gives to a lot, in loading order."""

    producer: str
    batch: str
    drums: int


@dataclass(frozen=True, slots=True)
class SampledDrum:
    """`number` is the drum's place within its batch, from 1."""

    batch: str
    number: int


@dataclass(frozen=True, slots=True)
class ProducerSamples:
    producer: str
    drums: int
    sampled: tuple[SampledDrum, ...]


@dataclass(frozen=True, slots=True)
class SamplingPlan:
    producers: tuple[ProducerSamples, ...]
    sample_grams: int

    @property
    def samples(self) -> int:
        return sum(len(each.sampled) for each in self.producers)

    @property
    def total_grams(self) -> int:
        return self.samples * self.sample_grams


def plan_samples(lines: Sequence[DrumsOfBatch], *, drums_per_sample: int = 10, sample_grams: int = 250) -> SamplingPlan:
    """Choose the drums to sample, evenly spread over each producer's drums.

    Each producer gives one sample for every started ten of its drums, so one at least and, over
    the lot, no fewer than one for every ten. Equal input gives the same drums.
    """
    by_producer: dict[str, list[SampledDrum]] = {}
    seen: set[str] = set()
    for line in lines:
        if line.drums < 0:
            raise ValueError(f"Batch {line.batch} has {line.drums} drums.")
        if line.batch in seen:
            raise ValueError(f"Batch {line.batch} appears twice.")
        seen.add(line.batch)
        drums = (SampledDrum(line.batch, number + 1) for number in range(line.drums))
        by_producer.setdefault(line.producer, []).extend(drums)
    return SamplingPlan(
        producers=tuple(
            ProducerSamples(producer, len(drums), tuple(_evenly(drums, drums_per_sample)))
            for producer, drums in by_producer.items()
            if drums
        ),
        sample_grams=sample_grams,
    )


def _evenly(drums: Sequence[SampledDrum], drums_per_sample: int) -> list[SampledDrum]:
    """The middle drum of each of as many equal stretches as there are samples."""
    samples = -(-len(drums) // drums_per_sample)
    return [drums[(2 * place + 1) * len(drums) // (2 * samples)] for place in range(samples)]
