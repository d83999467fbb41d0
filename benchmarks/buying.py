"""Joint buying: ours beside the member-level model in PuLP with HiGHS and CBC, every answer checked.

    bin/bench buying [--members 10000] [--items 50] [--suppliers 30] [--seed 1] [--gap 1e-4]
                     [--peer-seconds 60] [--peers HiGHS CBC] [--no-large] [--no-cases]

Each line runs in a fresh process; ours three times if that takes no longer than ten seconds, and the best counts. "Gap" is measured from the best bound that any of ours has proven.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from typing import Any

from benchmarks.buying_instances import CASES, Instance, generate

PEERS = ("HiGHS", "CBC")
RUNS, RUNS_SECONDS = 3, 10.0  # so often, but no more once so long is spent


@dataclass(frozen=True, slots=True)
class Size:
    members: int
    items: int
    suppliers: int
    seed: int
    case: str = ""

    def instance(self) -> Instance:
        return generate(self.members, self.items, self.suppliers, self.seed, self.case)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    name: str
    seconds: float
    processor: float  # seconds of all cores
    cost: int | None
    bound: float
    violations: int | None
    peak_gib: float
    epsilon_bound: float = 0.0


def main(words: Sequence[str]) -> None:
    options = _options(words)
    size = Size(options.members, options.items, options.suppliers, options.seed)
    print(f"\n## Joint buying, {size.members:,} members x {size.items} items x {size.suppliers} suppliers, "
          f"seed {size.seed}\n")  # fmt: skip
    os.environ["NUMBA_CACHE_DIR"] = tempfile.mkdtemp()
    cold = _alone(ours, size, options.gap, "first run ever (compiling)")
    del os.environ["NUMBA_CACHE_DIR"]
    line = _alone(ours, size, options.gap, "")
    table = Comparison(line)
    table.add(cold)
    table.add(line)
    for peer in options.peers:
        if options.peer_seconds:
            table.add(_alone(peer_line, size, peer, options.peer_seconds))
    if options.large:
        large = Size(10 * size.members, size.items, size.suppliers, size.seed)
        more = _alone(ours, large, options.gap, f"{large.members:,} members")
        print(f"\n{large.members:,} members: {more.seconds:.2f} s ({more.seconds / line.seconds:.2f} times as long), "
              f"processor {more.processor:.2f} s ({more.processor / line.processor:.2f} times as long), gap {1 - more.bound / more.cost:.1e}, violations {more.violations}.")  # fmt: skip
    if options.cases:
        print("\n| case | seconds | processor seconds | cost | gap | worst temptation | passes checker |")
        print("| --- | ---: | ---: | ---: | ---: | ---: | --- |")
        for case in CASES:
            each = Size(size.members, size.items, size.suppliers, size.seed, case)
            _print_case(case, _alone(ours, each, options.gap, case))


def _options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench buying", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument("--items", type=int, default=50)
    parser.add_argument("--suppliers", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--gap", type=float, default=1e-4)
    parser.add_argument("--peer-seconds", type=float, default=60.0, help="0 leaves the peers out")
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=PEERS)
    parser.add_argument("--large", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--cases", action=argparse.BooleanOptionalAction, default=True)
    return parser.parse_args(words)


def _alone(work: Callable[..., Any], *arguments: Any) -> Any:
    """Run in a fresh process, so that nothing is warm and memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *arguments).result()


class Comparison:
    """A table that grows line by line, all measured from one bound."""

    def __init__(self, ours: Line) -> None:
        self.ours = ours
        print(
            "| who | seconds | processor seconds | times ours | cost | gap to the bound | passes checker | peak GiB |"
        )
        print("| --- | ---: | ---: | ---: | ---: | ---: | --- | ---: |")

    def add(self, line: Line) -> None:
        cost = "none" if line.cost is None else f"{line.cost:,}"
        gap = "-" if line.cost is None else f"{1 - self.ours.bound / line.cost:.4%}"
        print(f"| {line.name} | {line.seconds:.2f} | {line.processor:.2f} | {line.seconds / self.ours.seconds:.1f} | {cost} | {gap} "
              f"| {_passes(line)} | {line.peak_gib:.2f} |", flush=True)  # fmt: skip


def _print_case(case: str, line: Line) -> None:
    gap = 1 - line.bound / line.cost if line.cost else 0.0
    print(f"| {case} | {line.seconds:.2f} | {line.processor:.2f} | {line.cost:,} | {gap:.4%} | {line.epsilon_bound:.2%} | {_passes(line)} |",
          flush=True)  # fmt: skip


def _passes(line: Line) -> str:
    return {None: "-", 0: "yes"}.get(line.violations, f"no ({line.violations})")


def ours(size: Size, gap: float, name: str) -> Line:
    """Ours; the clock runs from checked needs to the finished plan, shares and certificate included; the best of three."""
    from kandoo.engine.buying import plan_purchase

    instance = size.instance()
    if not name.startswith("first"):  # load what is compiled
        small = generate(1_000, 8, 20, 0)
        plan_purchase(small.needs(), small.suppliers, gap=0.01)
    needs, taken, processor = instance.needs(), list[float](), list[float]()
    while not taken or (len(taken) < RUNS and sum(taken) < RUNS_SECONDS and not name.startswith("first")):
        begun, used = time.perf_counter(), time.process_time()
        plan = plan_purchase(needs, instance.suppliers, gap=gap)
        taken.append(time.perf_counter() - begun)
        processor.append(time.process_time() - used)
    peak = getrusage(RUSAGE_SELF).ru_maxrss / 2**20
    broken = len(violations(instance, plan.to_dict()))
    title = f"Kandoo, {name}" if name else f"Kandoo, gap {gap:.2%} asked"
    return Line(title, min(taken), min(processor), plan.total_cost, plan.bound, broken, peak, plan.temptation.bound)


def _processor() -> float:
    """Seconds of processor time of this process and of those it has started and ended."""
    return sum(sum(getrusage(who)[:2]) for who in (RUSAGE_SELF, RUSAGE_CHILDREN))


def violations(instance: Instance, plan: dict[str, Any]) -> list[str]:
    """What the independent checker says."""
    from kandoo.engine.checks.buying import check_purchase

    columns = ("member_id", "item", "quantity", "quantity_max", "place", "latest_date", "alone_price")
    cells = (instance.member_id, instance.item, instance.quantity, instance.quantity_max, instance.place,
             instance.latest, instance.alone_price)  # fmt: skip
    needs = [dict(zip(columns, row, strict=True)) for row in zip(*map(list, cells), strict=True)]
    quotations = [
        {
            "supplier_id": supplier.supplier_id, "item": offer.item, "kind": offer.kind,
            "quantity_from": step.quantity_from, "unit_price": step.unit_price, "capacity": offer.capacity,
            "pack": offer.pack, "minimum_order": supplier.minimum_order,
            "delivery_fixed": supplier.delivery_fixed, "places": ";".join(sorted(offer.places or ())),
            "deliver_by": offer.deliver_by,
        }
        for supplier in instance.suppliers for offer in supplier.offers for step in offer.steps
    ]  # fmt: skip
    return check_purchase(needs, quotations, plan)


def peer_line(size: Size, peer: str, seconds: float) -> Line:
    from benchmarks.buying_peers import solve_with

    instance = size.instance()
    needs, before = instance.needs(), _processor()
    answer = solve_with(peer, needs, instance.suppliers, seconds)
    processor = _processor() - before
    peak = getrusage(RUSAGE_SELF).ru_maxrss / 2**20
    plan = answer.plan
    broken = None if plan is None else len(violations(instance, plan))
    cost = None if plan is None else plan["total_cost"]
    return Line(f"PuLP, {peer}, a column a need", answer.seconds, processor, cost, 0.0, broken, peak)
