"""Selling instances, fixed in advance by size and seed: loose, tight and impossible orders mixed.

Nothing here was tuned to an answer. Six kinds of honey differ in level; ten parameters vary around
their kind. Every order takes one to four kinds. A fifth of the orders are loose (limits beyond the
mean of their kinds), three fifths are tight (at or a little inside the mean, so good batches must
carry poor ones), and every twentieth is impossible (beyond the best batch of its kinds).
"""

from dataclasses import dataclass

import numpy as np

PARAMETERS = (
    "moisture", "hmf", "diastase", "sucrose", "fructose", "glucose", "free_acidity", "ec",
    "insoluble", "proline",
)  # fmt: skip
LEVEL = np.array([17.5, 22.0, 14.0, 3.2, 38.5, 31.0, 24.0, 0.45, 0.06, 480.0])
SPREAD = np.array([1.3, 11.0, 5.0, 1.6, 2.4, 2.6, 7.0, 0.16, 0.03, 140.0])
DECIMALS = (1, 1, 1, 1, 1, 1, 1, 2, 3, 0)
BETTER_LOW = np.array([1, 1, 0, 1, 0, 0, 1, 1, 1, 0], dtype=bool)
KINDS = ("astragalus", "thyme", "coriander", "thistle", "multifloral", "citrus")


@dataclass(frozen=True, slots=True)
class Instance:
    """Plain columns, as the files carry them; NaN where there is no limit."""

    kind: list[str]
    drums: np.ndarray
    drum_kg: np.ndarray
    reserve: np.ndarray
    transport: np.ndarray
    quality: dict[str, np.ndarray]
    price: np.ndarray
    mass_min: np.ndarray
    mass_max: np.ndarray
    kinds: list[frozenset[str]]
    sources_max: np.ndarray
    drums_min: np.ndarray
    lower: dict[str, np.ndarray]
    upper: dict[str, np.ndarray]


def generate(batches: int, orders: int, seed: int = 1) -> Instance:
    """The instance of this size and seed; demand is 40 % of supply."""
    rng = np.random.Generator(np.random.PCG64(seed))
    kind = rng.integers(0, len(KINDS), batches)
    shift = rng.normal(0, 0.6, (len(KINDS), len(LEVEL)))
    values = LEVEL + SPREAD * (shift[kind] + rng.normal(0, 1, (batches, len(LEVEL))))
    values = np.maximum(values, 0.02 * LEVEL)
    values = np.column_stack([np.round(values[:, k], DECIMALS[k]) for k in range(len(LEVEL))])
    quality = values.copy()
    quality[rng.random(values.shape) < 0.01] = np.nan
    drums = 1 + rng.poisson(3.2, batches)
    drum_kg = rng.choice([285, 290, 295, 300], batches)
    reserve = rng.integers(900, 1300, batches) + 30 * shift[kind].mean(axis=1).round().astype(int)
    size = rng.uniform(0.6, 1.4, orders)
    mass_max = (0.4 * (drums * drum_kg).sum() * size / size.sum()).astype(int)
    accepted = [rng.choice(len(KINDS), rng.integers(1, 5), replace=False) for _ in range(orders)]
    lower, upper = _limits(rng, values, kind, accepted)
    mean_batch = (drums * drum_kg).mean()
    return Instance(
        kind=[KINDS[k] for k in kind],
        drums=drums,
        drum_kg=drum_kg,
        reserve=reserve,
        transport=rng.integers(10, 90, batches),
        quality={name: quality[:, k] for k, name in enumerate(PARAMETERS)},
        price=rng.integers(1250, 1700, orders),
        mass_min=(0.8 * mass_max).astype(int),
        mass_max=mass_max,
        kinds=[frozenset(KINDS[k] for k in each) for each in accepted],
        sources_max=np.ceil(mass_max / mean_batch * rng.uniform(0.7, 1.6, orders)).astype(int),
        drums_min=rng.choice([1, 1, 2], orders),
        lower={name: lower[:, k] for k, name in enumerate(PARAMETERS)},
        upper={name: upper[:, k] for k, name in enumerate(PARAMETERS)},
    )


def _limits(
    rng: np.random.Generator, values: np.ndarray, kind: np.ndarray, accepted: list[np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    lower = np.full((len(accepted), len(LEVEL)), np.nan)
    upper = np.full((len(accepted), len(LEVEL)), np.nan)
    for order, kinds in enumerate(accepted):
        own = values[np.isin(kind, kinds)]
        mean, deviation = own.mean(axis=0), own.std(axis=0)
        ease = rng.uniform(0.4, 1.2) if order % 5 == 0 else rng.uniform(-0.3, 0.2)
        for k in rng.choice(len(LEVEL), rng.integers(4, 8), replace=False):
            away = (ease + rng.normal(0, 0.1)) * deviation[k]
            if BETTER_LOW[k]:
                upper[order, k] = np.round(mean[k] + away, DECIMALS[k])
            else:
                lower[order, k] = np.round(mean[k] - away, DECIMALS[k])
        if order % 20 == 7:
            upper[order, 0] = np.round(own[:, 0].min() - 0.5, 1)
    return lower, upper
