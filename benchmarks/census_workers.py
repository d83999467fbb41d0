"""One and two worker processes of a Dask scheduler on this machine: the same curves, in what time."""

import io
import time
from typing import Any

import numpy as np

from kandoo.commands.census_crew import Dask, Task
from kandoo.commands.progress import Progress
from kandoo.engine.census import Points
from kandoo.engine.census.points import Floats
from kandoo.engine.census.tasks import Densities

MAP_KM, REACH_KM = 500.0, 150.0
INDUSTRIES, SITES, SIMULATIONS = 8, 4_000, 500
MADE_BEFORE = 40  # sites of an industry with which each worker loads what is compiled


def workers(seed: int) -> None:
    try:
        from distributed import LocalCluster
    except ImportError:
        print("\nDask is not installed: workers are left out.")
        return
    print(
        f"\n## Workers: K-density of {INDUSTRIES} industries of some {SITES:,} in 100,000 sites, {SIMULATIONS:,} simulations each\n"
    )
    print("| worker processes, one thread each | s, best of three | efficiency | processor s of all workers |")
    print("| --- | ---: | ---: | ---: |")
    points = Points.in_plane(*np.random.default_rng(seed).uniform(0, MAP_KM, (2, 100_000)))
    seconds: dict[int, float] = {}
    curves: dict[int, Floats] = {}
    for number in (1, 2):
        with LocalCluster(n_workers=number, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster:
            _run(cluster.scheduler_address, points, [MADE_BEFORE + k for k in range(4 * number)], 200)
            sizes = [SITES + k for k in range(INDUSTRIES)]
            before = _processor_seconds(cluster)
            runs = [_run(cluster.scheduler_address, points, sizes, SIMULATIONS) for _ in range(3)]
            spent = (_processor_seconds(cluster) - before) / 3
            seconds[number], curves[number] = min(runs, key=lambda each: each[0])
        print(
            f"| {number} | {seconds[number]:.1f} | {seconds[1] / seconds[number] / number:.0%} | {spent:.1f} |",
            flush=True,
        )
    print(f"\nThe numbers are {'identical' if (curves[1] == curves[2]).all() else 'DIFFERENT'}.")


def _run(address: str, points: Points, sizes: list[int], simulations: int) -> tuple[float, Floats]:
    """(seconds, all curves and bands in the order of the industries)."""
    maker = Densities(points, None, REACH_KM, 0)
    tasks = [Task("kd", f"i{size}", np.arange(size), size, 1.0) for size in sizes]
    begun = time.perf_counter()
    crew = Dask(address, {"kd": maker}, simulations, 0.05)
    found = {task.industry: curve for task, curve in crew.curves(tasks, Progress(1.0, io.StringIO(), time.monotonic))}
    seconds = time.perf_counter() - begun
    bands = [found[task.industry].bands for task in tasks]
    return seconds, np.array([[each.low, each.high, each.global_low, each.global_high] for each in bands if each])


def _processor_seconds(cluster: Any) -> float:
    """What all workers have used so far."""
    from distributed import Client

    with Client(cluster) as client:
        return float(sum(client.run(time.process_time).values()))
