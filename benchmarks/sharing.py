"""Fair shares: many items at once, and Shapley values beside sampling and the exact packages.

bin/bench sharing [--members 10000] [--items 50] [--seed 1] [--walks 2000]

Every rule's answer is checked, on three items, by the independent checker. Half-widths are three
standard errors as a part of the value, the largest over the members.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np

from benchmarks.sharing_peers import EXACT, numba_walks, numpy_walks
from kandoo.engine.checks.sharing import faults
from kandoo.engine.sharing import NO_PRICE, Bills, Need, Schedule, Step, share_bills
from kandoo.engine.sharing.shapley import shapley_values
from kandoo.engine.sharing.shapley_many import values_of_many
from kandoo.engine.sharing_rule import SharingRule

STEPS = ((1, 1000), (1_000, 950), (5_000, 900), (50_000, 850), (200_000, 800), (400_000, 780))
RULES = (
    SharingRule("uniform"), SharingRule("proportional"), SharingRule("equal_gain"),
    SharingRule("fixed", 100, {"quantity": 700, "alone": 300}),
)  # fmt: skip
Purchase = tuple[list[str], Any, Any, list[list[Step]]]


def main(words: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="bin/bench sharing", description=__doc__)
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument("--items", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--walks", type=int, default=2_000)
    options = parser.parse_args(words)
    many_items(options.members, options.items, options.seed)
    shapley_of_many(options.members, options.seed, options.walks)
    exact_peers(options.seed)


def _alone(work: Callable[..., Any], *arguments: Any) -> Any:
    """Run in a fresh process, so that nothing is warm."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *arguments).result()


# Many items


def many_items(members: int, items: int, seed: int) -> None:
    print(f"\n## Fair shares, {members:,} members x {items} items, six all-units steps each, seed {seed}\n")
    print("| rule | seconds | in a fresh process | adds up | worse off | epsilon, at most | checker |")
    print("| --- | ---: | ---: | --- | ---: | ---: | --- |")
    purchase = _purchase(members, items, seed)
    for rule in RULES:
        fresh, _ = _alone(_timed, members, items, seed, rule)
        seconds, bills = _timed(members, items, seed, rule)
        is_right = not any(_faults(purchase, bills, item) for item in (0, items // 2, items - 1))
        adds_up = "to the last unit" if bills.adds_up else "no"
        print(
            f"| {rule.name}{', reserve 10 %' if rule.reserve else ''} | {seconds:.3f} | {fresh:.3f} | {adds_up} "
            f"| {bills.worse_off} | {float(bills.epsilon):.4%}, {float(bills.bound):.4%} "
            f"| {'agrees' if is_right else 'disagrees'} |",
            flush=True,
        )


def _purchase(members: int, items: int, seed: int) -> Purchase:
    """Each member needs four in five of the items; each item has its own level of prices."""
    chance = np.random.default_rng(seed)
    quantities = chance.integers(1, 101, (members, items)) * (chance.random((members, items)) < 0.8)
    levels = chance.integers(500, 1_500, items)
    prices = np.where(chance.random((members, items)) < 0.9, chance.integers(600, 1_101, (members, items)) * levels, -1)
    steps = [[Step(first, price * int(level)) for first, price in STEPS] for level in levels]
    return [f"m{number:05}" for number in range(members)], quantities, prices, steps


def _timed(members: int, items: int, seed: int, rule: SharingRule) -> tuple[float, Bills]:
    names, quantities, prices, steps = _purchase(members, items, seed)
    schedules = [Schedule(each, "all_units") for each in steps]
    started = time.perf_counter()
    bills = share_bills(names, quantities, prices, schedules, rule)
    return time.perf_counter() - started, bills


def _faults(purchase: Purchase, bills: Bills, item: int) -> list[str]:
    """What the checker finds in one item, from its raw table; the audit figures are those of all of it."""
    names, quantities, prices, steps = purchase
    places = np.flatnonzero(quantities[:, item]).tolist()
    needs = [Need(names[place], int(quantities[place, item])) for place in places]
    worst = bills.temptations[item]
    told = {
        "rule": bills.rule.name,
        "weights": dict(bills.rule.weights),
        "reserve_thousandths": bills.rule.reserve,
        "reserve": int(bills.reserves[item]),
        "bill": int(bills.bills[item]),
        "total": int(bills.amounts[:, item].sum()),
        "shares": [_share(bills, names, place, item) for place in places],
        "outside": [names[place] for place in places if not bills.is_inside[place, item]],
        "epsilon": float(worst.epsilon),
        "epsilon_bound": float(worst.bound),
        "epsilon_is_exact": worst.epsilon == worst.bound,
        "worst_group": sorted(worst.group),
        "shapley": [
            {"member_id": each.member_id, "amount": each.amount, "half_width": each.half_width}
            for each in shapley_values(needs, Schedule(steps[item], "all_units"))
        ],
    }
    rows = [
        {
            "member_id": names[place],
            "quantity": str(quantities[place, item]),
            "alone_price": "" if prices[place, item] == NO_PRICE else str(prices[place, item]),
        }
        for place in places
    ]
    terms = [
        {"quantity_from": str(step.quantity_from), "unit_price": str(step.unit_price), "kind": "all_units"}
        for step in steps[item]
    ]
    return faults(rows, terms, told)


def _share(bills: Bills, names: Sequence[str], place: int, item: int) -> dict[str, Any]:
    amount, alone = int(bills.amounts[place, item]), int(bills.alone[place, item])
    return {"member_id": names[place], "amount": amount, "alone": alone, "gain": alone - amount}


# Shapley values of one item


def _one_item(members: int, seed: int) -> tuple[Any, Schedule]:
    quantities = np.sort(np.random.default_rng(seed).integers(1, 101, members))
    return quantities, Schedule([Step(*step) for step in STEPS], "all_units")


def shapley_of_many(members: int, seed: int, walks: int) -> None:
    print(f"\n## Shapley values, {members:,} members of a single-item game, seed {seed}\n")
    print("| who | seconds | half-width | seconds to our half-width, by its square | largest distance from ours |")
    print("| --- | ---: | ---: | ---: | ---: |")
    first = _first_ever(members, seed)
    quantities, schedule = _one_item(members, seed)
    seconds, found = _best_of(5, lambda: values_of_many(quantities, schedule))
    assert found is not None, "These quantities are of the kind a normal follows."
    ours, width = found[0], float((found[1] / found[0]).max())
    needs = [Need(f"m{number:05}", own) for number, own in enumerate(quantities.tolist())]
    whole, _ = _best_of(5, lambda: shapley_values(needs, schedule))
    print(f"| Kandoo | {seconds:.4f} | {width:.5%} | {seconds:.4f} | |")
    print(f"| Kandoo, from needs to whole money for each member | {whole:.4f} | {width:.5%} | {whole:.4f} | |")
    print(f"| Kandoo, first run ever (compiling) | {first:.2f} | {width:.5%} | | |")
    costs = (np.array([s[0] for s in STEPS]), np.array([s[1] for s in STEPS]))
    numba_walks(quantities, *costs, 1, 1)
    for name, sample, times in (("numpy", numpy_walks, 1), ("numba", numba_walks, 10)):
        started = time.perf_counter()
        means, errors = sample(quantities, *costs, walks * times, seed)
        taken = time.perf_counter() - started
        theirs = float((3 * errors / means).max())
        owns = np.unique(quantities, return_inverse=True)[1]
        apart = np.abs(np.bincount(owns, ours) / np.bincount(owns, means) - 1).max()
        print(
            f"| {name} sampling, {walks * times:,} permutations | {taken:.2f} | {theirs:.4%} "
            f"| {taken * (theirs / width) ** 2:,.0f} ({taken * (theirs / 0.0005) ** 2:,.1f} to 0.05 %) | {apart:.4%} |",
            flush=True,
        )


def _first_ever(members: int, seed: int) -> float:
    """In a process that finds nothing compiled before."""
    code = f"from benchmarks.sharing import seconds_of_many; print(seconds_of_many({members}, {seed}))"
    environment = os.environ | {"NUMBA_CACHE_DIR": tempfile.mkdtemp()}
    told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return float(told.stdout)


def seconds_of_many(members: int, seed: int) -> float:
    """Seconds that the first call takes."""
    quantities, schedule = _one_item(members, seed)
    return _best_of(1, lambda: values_of_many(quantities, schedule))[0]


def _best_of(times: int, work: Callable[[], Any]) -> tuple[float, Any]:
    best, found = float("inf"), None
    for _ in range(times):
        started = time.perf_counter()
        found = work()
        best = min(best, time.perf_counter() - started)
    return best, found


# Packages that go through every group


def exact_peers(seed: int) -> None:
    print(f"\n## Shapley values of few members, exactly, seed {seed}\n")
    print("| members | who | seconds | Kandoo | times ours | largest distance from ours |")
    print("| ---: | --- | ---: | ---: | ---: | ---: |")
    chance = np.random.default_rng(seed)
    schedule = Schedule([Step(1, 10**9), Step(200, 9 * 10**8), Step(500, 8 * 10**8)], "all_units")
    for name, values, sizes in EXACT:
        for members in sizes:
            quantities = chance.integers(1, 101, members).tolist()
            needs = [Need(f"m{number:02}", own) for number, own in enumerate(quantities)]
            ours_taken, ours = _best_of(3, lambda needs=needs: shapley_values(needs, schedule))
            started = time.perf_counter()
            theirs = values(quantities, schedule.cost)
            taken = time.perf_counter() - started
            apart = max(abs(figure.amount / value - 1) for figure, value in zip(ours, theirs, strict=True))
            print(
                f"| {members} | {name} | {taken:.4f} | {ours_taken:.4f} | {taken / ours_taken:,.1f} | {apart:.1e} |",
                flush=True,
            )
