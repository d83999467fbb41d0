"""Fair shares of one item: shares, certificate and Shapley values, beside plain permutation sampling.

bin/bench sharing [--members 10000] [--seed 1] [--walks 400]
"""

import argparse
import time
from collections.abc import Sequence

import numpy as np

from kandoo.engine.sharing import RULES, Need, Schedule, Step, share_bill
from kandoo.engine.sharing.shapley import shapley_values

STEPS = [Step(1, 1000), Step(1_000, 950), Step(5_000, 900), Step(50_000, 850), Step(200_000, 800), Step(400_000, 780)]


def main(words: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="bin/bench sharing", description=__doc__)
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--walks", type=int, default=400)
    options = parser.parse_args(words)
    chance = np.random.default_rng(options.seed)
    quantities, prices = (chance.integers(*span, options.members).tolist() for span in ((1, 101), (600, 1101)))
    needs = [Need(f"m{n}", quantities[n], prices[n]) for n in range(options.members)]
    schedule = Schedule(STEPS, "all_units")
    print(f"\n## Fair shares, {options.members:,} members, one item, six all-units steps, seed {options.seed}\n")
    print("| what | seconds | epsilon | bound | above alone |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for rule in RULES:
        started = time.perf_counter()
        division = share_bill(needs, schedule, rule)
        seconds = time.perf_counter() - started
        worst, above = division.temptation, sum(share.gain < 0 for share in division.shares)
        epsilon, bound = float(worst.epsilon), float(worst.bound)
        print(f"| all of it, {rule} | {seconds:.3f} | {epsilon:.5%} | {bound:.5%} | {above} |")
    started = time.perf_counter()
    ours = np.array([figure.amount for figure in shapley_values(needs, schedule)], dtype=float)
    seconds = time.perf_counter() - started
    started = time.perf_counter()
    theirs = sampled(np.array(quantities), options.walks, chance)
    print("\n| Shapley | seconds | largest distance by quantity |\n| --- | ---: | ---: |")
    owns = np.unique(quantities)
    same = [np.array(quantities) == own for own in owns]
    apart = max(abs(ours[each].sum() / theirs[each].sum() - 1) for each in same)
    print(f"| ours, half-widths measured | {seconds:.3f} | |")
    print(f"| numpy, {options.walks} permutations | {time.perf_counter() - started:.3f} | {apart:.4%} |")


def sampled(quantities: np.ndarray, walks: int, chance: np.random.Generator) -> np.ndarray:
    """What a user would write: random orders, the schedule by its own formula."""
    total = np.zeros(len(quantities))
    for _ in range(walks):
        order = chance.permutation(len(quantities))
        reached = np.cumsum(quantities[order])
        cost = np.min([step.unit_price * np.maximum(reached, step.quantity_from) for step in STEPS], axis=0)
        total[order] += np.diff(cost, prepend=0)
    return total / walks
