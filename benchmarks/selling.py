"""Joint selling: ours beside HiGHS, SCIP and CBC on one generated instance, every answer checked.

    bin/bench selling [--batches 10000] [--orders 50] [--seed 1] [--peer-seconds 60]
                      [--peers HiGHS SCIP CBC] [--no-large]

Each line runs in a fresh process. "Gap" is measured from the same certified bound for everybody.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from resource import RUSAGE_SELF, getrusage
from typing import Any

from benchmarks.instances import PARAMETERS, Instance, generate
from kandoo.engine.laws import BlendLaw

LAWS = {name: BlendLaw(name, "linear_mass") for name in PARAMETERS}
LAWS["ec"] = BlendLaw("ec", "linear_dry_matter", ("moisture",))
PEERS = ("HiGHS", "SCIP", "CBC")
FORMS = ("plain", "projected")


@dataclass(frozen=True, slots=True)
class Size:
    batches: int
    orders: int
    seed: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    name: str
    seconds: float
    value: int | None
    bound: float | None
    violations: int | None
    peak_gib: float


def main(words: Sequence[str]) -> None:
    options = _options(words)
    size = Size(options.batches, options.orders, options.seed)
    print(f"\n## Joint selling, {size.batches:,} batches x {size.orders} orders x 10, seed {size.seed}\n")
    cold = _alone(ours, size, options.gap, True)
    lines = [_alone(ours, size, gap, False) for gap in (options.gap, options.gap / 10)]
    table = Comparison(min(line.bound for line in lines), lines[0])
    for line in (cold, *lines):
        table.add(line)
    for form in FORMS:
        for peer in options.peers:
            if options.peer_seconds:
                table.add(_alone(peer_line, size, peer, form, options.peer_seconds))
    if options.peer_seconds:
        _print_bounds(size)
    if options.large:
        large = Size(100_000, 200, options.seed)
        print(f"\n## Joint selling, {large.batches:,} batches x {large.orders} orders x 10\n")
        line = _alone(ours, large, 0.01, False)
        Comparison(line.bound, line).add(line)


def _options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench selling", description=__doc__)
    parser.add_argument("--batches", type=int, default=10_000)
    parser.add_argument("--orders", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--gap", type=float, default=0.002)
    parser.add_argument("--peer-seconds", type=float, default=60.0, help="0 leaves the peers out")
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=PEERS)
    parser.add_argument("--large", action=argparse.BooleanOptionalAction, default=True)
    return parser.parse_args(words)


def _alone(work: Callable[..., Any], *arguments: Any) -> Any:
    """Run in a fresh process, so that nothing is warm and memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *arguments).result()


class Comparison:
    """A table that grows line by line, all measured from one bound and against our answer."""

    def __init__(self, bound: float, ours: Line) -> None:
        self.bound, self.ours_gap = bound, max(1 - (ours.value or 0) / bound, 1e-12)
        print("| who | seconds | value | gap to the bound | gap / ours | passes checker | peak GiB |")
        print("| --- | ---: | ---: | ---: | ---: | --- | ---: |")

    def add(self, line: Line) -> None:
        value = "none" if line.value is None else f"{line.value:,}"
        gap = 1 - (line.value or 0) / self.bound
        passes = {None: "-", 0: "yes"}.get(line.violations, f"no ({line.violations})")
        print(
            f"| {line.name} | {line.seconds:.2f} | {value} | {gap:.3%} | {gap / self.ours_gap:.1f} "
            f"| {passes} | {line.peak_gib:.2f} |",
            flush=True,
        )


def columns(instance: Instance) -> tuple[Any, Any]:
    """The instance as the engine takes it."""
    from kandoo.engine.selling import Batches, Orders

    names = [f"b{i}" for i in range(len(instance.kind))]
    return Batches.build(
        names, names, instance.kind, instance.drums, instance.drum_kg, instance.reserve,
        instance.transport, [False] * len(names), instance.quality,
    ), Orders.build(
        [f"o{j}" for j in range(len(instance.price))], instance.price, instance.mass_min,
        instance.mass_max, instance.kinds, list(instance.sources_max), list(instance.drums_min),
        instance.lower, instance.upper,
    )  # fmt: skip


def ours(size: Size, gap: float, is_first_ever: bool) -> Line:
    """Ours; the clock runs from plain columns to the finished plan, advice included."""
    if is_first_ever:
        os.environ["NUMBA_CACHE_DIR"] = tempfile.mkdtemp()
    from kandoo.engine.selling import plan_sale

    instance = generate(size.batches, size.orders, size.seed)
    if not is_first_ever:  # load what is compiled
        plan_sale(*columns(generate(300, 10, 0)), LAWS, seconds=2.0, clock=time.monotonic)
    begun = time.perf_counter()
    plan = plan_sale(*columns(instance), LAWS, gap=gap)
    seconds = time.perf_counter() - begun
    peak = getrusage(RUSAGE_SELF).ru_maxrss / 2**20
    name = "Kandoo, first run ever (compiling)" if is_first_ever else f"Kandoo, gap {gap:.2%} asked"
    broken = len(violations(instance, plan.to_dict()))
    return Line(name, seconds, plan.objective, plan.bound, broken, peak)


def violations(instance: Instance, plan: dict[str, Any]) -> list[str]:
    """What the independent checker says."""
    from kandoo.engine.checks.selling import check_sale

    batches = [
        {
            "batch_id": f"b{i}", "kind": instance.kind[i], "drums": int(instance.drums[i]),
            "drum_kg": int(instance.drum_kg[i]), "reserve_per_kg": int(instance.reserve[i]),
            "transport_per_kg": int(instance.transport[i]), "barred": 0,
            **{name: float(column[i]) for name, column in instance.quality.items()},
        }
        for i in range(len(instance.kind))
    ]  # fmt: skip
    orders = [
        {
            "order_id": f"o{j}", "price_per_kg": int(instance.price[j]),
            "mass_min_kg": int(instance.mass_min[j]), "mass_max_kg": int(instance.mass_max[j]),
            "kinds": list(instance.kinds[j]), "sources_max": int(instance.sources_max[j]),
            "drums_min": int(instance.drums_min[j]),
            **{f"{name}_min": float(column[j]) for name, column in instance.lower.items()},
            **{f"{name}_max": float(column[j]) for name, column in instance.upper.items()},
        }
        for j in range(len(instance.price))
    ]  # fmt: skip
    return check_sale(batches, orders, plan, LAWS)


def peer_line(size: Size, peer: str, form: str, seconds: float) -> Line:
    from benchmarks.selling_peers import solve_with

    instance = generate(size.batches, size.orders, size.seed)
    answer = solve_with(peer, form, *columns(instance), LAWS, seconds)
    peak = getrusage(RUSAGE_SELF).ru_maxrss / 2**20
    broken = None if answer.plan is None else len(violations(instance, answer.plan))
    value = None if answer.plan is None else answer.plan["objective"]
    return Line(f"{peer}, {form}", answer.seconds, value, None, broken, peak)


def _print_bounds(size: Size) -> None:
    print("\n| bound | seconds | bound | above the best LP |")
    print("| --- | ---: | ---: | ---: |")
    found = [_alone(our_bound, size), *(_alone(peer_bound, size, way) for way in ("simplex", "ipm"))]
    best = min(bound for _, _, bound in found[1:])
    for name, seconds, bound in found:
        print(f"| {name} | {seconds:.2f} | {bound:,.0f} | {bound / best - 1:.1e} |")
    print(f"\nOurs is {min(seconds for _, seconds, _ in found[1:]) / found[0][1]:.0f} times faster.")


def our_bound(size: Size) -> tuple[str, float, float]:
    from kandoo.engine.selling.bound import find_prices, tabulate
    from kandoo.engine.selling.model import build_model
    from kandoo.engine.selling.planner import SWEEPS

    model = build_model(*columns(generate(size.batches, size.orders, size.seed)), LAWS)
    find_prices(tabulate(model), model, sweeps=2)  # load what is compiled
    begun = time.perf_counter()
    prices = find_prices(tabulate(model), model, sweeps=SWEEPS)
    return f"Kandoo, {SWEEPS} sweeps", time.perf_counter() - begun, prices.bound


def peer_bound(size: Size, way: str) -> tuple[str, float, float]:
    from benchmarks.selling_peers import relaxation

    seconds, bound = relaxation(*columns(generate(size.batches, size.orders, size.seed)), LAWS, way)
    return f"HiGHS LP, projected, {way}", seconds, bound
