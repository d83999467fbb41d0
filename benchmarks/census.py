"""Finding clusters: curves with their bands beside what Python has today, on the same points, in the same run.

bin/bench census [--simulations 1000] [--seed 1] [--large] [--store-r]

A peer makes one simulation; its seconds are scaled up to all of them. Every curve of ours is first compared
with the plain sum over pairs. Ours is the best of three runs; beside its seconds stand the processor's, of all threads
together: on a shared machine half of them is nearer to what two free cores would take.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import census_peers as peers
from benchmarks import census_r
from benchmarks.census_workers import workers
from kandoo.engine.census import (
    Points,
    Surroundings,
    economic_complexity,
    false_discovery_rates,
    k_density,
    location_quotients,
    relative_concentration,
    relative_density,
    ripley_k,
    simulate_concentration,
    simulate_density,
    simulate_density_by_grid,
)
from kandoo.engine.census.curves import find_bands
from kandoo.engine.census.density import CASES_MAX
from kandoo.engine.census.density_grid import error_of_grid

MAP_KM, REACH_KM = 500.0, 150.0
SITES = 20_000


def main(words: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="bin/bench census", description=__doc__)
    parser.add_argument("--simulations", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--large", action=argparse.BooleanOptionalAction, default=False, help="100,000 and 10,000 too")
    parser.add_argument("--store-r", action="store_true", help="keep what R says now for machines without it")
    options = parser.parse_args(words)
    densities(options)
    fast_densities(options)
    concentrations(options)
    false_alarms(options.seed)
    workers(options.seed)
    classics(options.seed)
    reading(options.seed)
    census_r.compare(towns(census_r.SITES, census_r.SEED), MAP_KM, REACH_KM, is_stored_anew=options.store_r)


def towns(sites: int, seed: int) -> np.ndarray:
    """Half of the sites anywhere, half in forty towns of 10 km: (sites, 2), km."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform(0, MAP_KM, (40, 2))
    inside = centres[rng.integers(0, 40, sites)] + rng.normal(0, 10, (sites, 2))
    return np.where((rng.random(sites) < 0.5)[:, None], inside, rng.uniform(0, MAP_KM, (sites, 2)))


def densities(options: argparse.Namespace) -> None:
    runs = options.simulations
    print(f"\n## K-density with {runs:,} simulations, global bands included\n")
    print("| sites / cases | Kandoo, s | processor s | numpy + scipy, s (scaled) | times | from the plain sum |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    sizes = [(SITES, 500), (SITES, 1_000), (SITES, 2_000), (SITES, 5_000)]
    for sites, cases in [*sizes, *([(100_000, 10_000)] if options.large else [])]:
        xy = towns(sites, options.seed)
        points, chosen = Points.in_plane(*xy.T), np.random.default_rng(2).choice(sites, cases, replace=False)
        k_density(points, chosen[:50], reach_km=REACH_KM, simulations=39)  # load what is compiled
        seconds, processor, curve = best(
            lambda p=points, c=chosen: k_density(p, c, reach_km=REACH_KM, simulations=runs)
        )
        theirs, _ = _timed(lambda xy=xy, c=chosen, at=curve.distance_km: peers.density_by_bins(*xy[c].T, REACH_KM, at))
        some = np.arange(0, 513, 64)
        exact = peers.density_by_the_sum(*xy[chosen[:1000]].T, REACH_KM, curve.distance_km[some])
        ours = k_density(points, chosen[:1000], reach_km=REACH_KM, simulations=0).value[some]
        theirs *= runs
        print(f"| {sites:,} / {cases:,} | {seconds:.2f} | {processor:.1f} "
              f"| {theirs:,.0f} | {theirs / seconds:,.0f} | {np.abs(ours - exact).max() / exact.max():.1e} |",
              flush=True)  # fmt: skip


def fast_densities(options: argparse.Namespace) -> None:
    runs = options.simulations
    print(f"\n## K-density on a grid, {runs:,} simulations, global bands and the measured error included\n")
    print("| sites / cases | pair by pair, s (scaled) | on a grid, s | processor s | error, part of the top |")
    print("| --- | ---: | ---: | ---: | ---: |")
    sizes = [(SITES, 5_000), (100_000, 10_000), (100_000, 40_000)]
    for sites, cases in [*sizes, *([(1_000_000, 100_000)] if options.large else [])]:
        points = Points.in_plane(*towns(sites, options.seed).T)
        chosen = np.random.default_rng(2).choice(sites, cases, replace=False)
        k_density(points, chosen[:50], reach_km=REACH_KM, simulations=39, is_fast=True)
        seconds, processor, curve = best(
            lambda p=points, c=chosen: k_density(p, c, reach_km=REACH_KM, simulations=runs, is_fast=True),
            3 if cases <= 10_000 else 1,
        )
        exact = f"{_pair_by_pair(points, cases, runs):,.0f}" if cases <= CASES_MAX else "refused"
        print(f"| {sites:,} / {cases:,} | {exact} | {seconds:.1f} | {processor:.1f} | {curve.error:.1e} |", flush=True)
    for name, points in _one_map_twice(options.seed):
        curves = simulate_density_by_grid(points, 5_000, REACH_KM, 4)
        print(f"\nError {name}: {error_of_grid(points, 5_000, REACH_KM, curves):.1e}.", flush=True)


def _pair_by_pair(points: Points, cases: int, runs: int) -> float:
    """Seconds of the simulations without a grid, from some of them."""
    some = int(np.clip(runs * 5_000**2 / cases**2, 4, runs))
    return best(lambda: simulate_density(points, cases, REACH_KM, some))[0] / some * runs


def _one_map_twice(seed: int) -> list[tuple[str, Points]]:
    x, y = towns(SITES, seed).T
    return [("in the plane", Points.in_plane(x, y)), ("on the earth", Points.on_earth(32 + y / 111, 48 + x / 95))]


def false_alarms(seed: int) -> None:
    """A thousand random industries each: how many are called significant at 0.05."""
    print("\n## False alarms at 0.05 among 1,000 random industries of 50 in 2,000 sites, 999 simulations\n")
    points = Points.in_plane(*towns(2_000, seed).T)
    around = Surroundings.usual(points, None, REACH_KM)
    ways = {
        "K-density": lambda runs, seed: simulate_density(points, 50, REACH_KM, runs, seed),
        "M": lambda runs, seed: simulate_concentration(around, 50, runs, seed),
    }
    for name, simulate in ways.items():
        chance = simulate(999, seed)
        wrong = [find_bands(each, chance).p_value <= 0.05 for each in simulate(1_000, seed + 1)]
        print(f"{name}: {np.mean(wrong):.1%}", flush=True)


def concentrations(options: argparse.Namespace) -> None:
    runs = options.simulations
    print(f"\n## M with {runs:,} simulations at 62 radii\n")
    print("| sites / cases | around every site, s (once a census) | Kandoo, s | numpy + scipy, s (scaled) | times "
          "| largest relative distance |")  # fmt: skip
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    xy = towns(SITES, options.seed)
    weight = np.random.default_rng(3).integers(1, 200, SITES).astype(float)
    for cases in (500, 1_000):
        around = Surroundings.usual(Points.in_plane(*xy.T), weight, REACH_KM)
        chosen = np.random.default_rng(2).choice(SITES, cases, replace=False)
        _load_concentration()
        first, _ = _timed(lambda a=around: a.within)
        seconds, _, curve = best(lambda a=around, c=chosen: relative_concentration(a, c, simulations=runs))
        theirs, value = _timed(lambda c=chosen, a=around: peers.concentration_by_matrix(xy, weight, c, a.radius_km))
        apart = np.nanmax(np.abs(curve.value / value - 1))
        print(f"| {SITES:,} / {cases:,} | {first:.2f} | {seconds:.2f} | {theirs * runs:,.0f} "
              f"| {theirs * runs / (seconds + first):,.0f} | {apart:.1e} |", flush=True)  # fmt: skip
    seconds, _, _ = best(lambda: relative_density(around, chosen, simulations=runs))
    print(f"\nm of {SITES:,} / {len(chosen):,}, all sites included: {seconds:.1f} s.")


def _load_concentration() -> None:
    small = Surroundings.usual(Points.in_plane(*towns(100, 1).T), None, REACH_KM)
    relative_concentration(small, np.arange(30), simulations=39)


def classics(seed: int) -> None:
    print("\n## What packages have too\n")
    print("| what | Kandoo, s | peer | its s | times | largest distance |")
    print("| --- | ---: | --- | ---: | ---: | ---: |")
    xy = towns(5_000, seed)
    points, every = Points.in_plane(*xy.T), np.arange(5_000)
    ripley_k(points, every[:50], 1.0, reach_km=REACH_KM, simulations=0)
    ours, curve = _timed(lambda: ripley_k(points, every, 1.0, reach_km=REACH_KM, simulations=0))
    theirs, value = _timed(lambda: peers.ripley_of_pointpats(xy, curve.distance_km))
    same = curve.value * value[-1] / curve.value[-1]  # its area is of the hull, its mean over n instead of n - 1
    _print("Ripley's K, 5,000 points", ours, "pointpats", theirs, np.abs(same / value - 1).max())
    rng = np.random.default_rng(seed)
    jobs = np.round(rng.lognormal(3, 1.5, (300, 1)) * rng.lognormal(0, 1.5, (300, 200))) + 1
    theirs, (quotient, proximity, density, index) = _timed(lambda: peers.complexity_of_package(jobs))
    ours, found = _timed(lambda: economic_complexity(jobs))
    shared, raw = _timed(lambda: location_quotients(jobs).raw)
    name = "py-ecomplexity"
    _print(
        "location quotients, 300 regions x 200 (ours with intervals)",
        shared,
        name,
        theirs,
        np.abs(raw / quotient - 1).max(),
    )
    apart = [(found.proximity, proximity), (found.density, density), (found.region_index, index)]
    for what, (one, other) in zip(("proximity", "density", "complexity index"), apart, strict=True):
        _print(f"{what}, 300 x 200", ours, f"{name} (all at once)", theirs, np.abs(one - other).max())
    peers.risks_of_esda(jobs[:9])  # compiles
    theirs, risk = _timed(lambda: peers.risks_of_esda(jobs))
    _print(
        "location quotients, 300 x 200 (ours with intervals)",
        shared,
        "esda Excess_Risk",
        theirs,
        np.abs(raw / risk - 1).max(),
    )
    false_discoveries(seed)


def false_discoveries(seed: int) -> None:
    """The discoveries among 5,000 p-values, half of them of true effects: the same ones, counted apart."""
    p = np.random.default_rng(seed).uniform(size=5_000) ** np.where(np.arange(5_000) % 2, 4, 1)
    ours, q = _timed(lambda: false_discovery_rates(p))
    theirs, limit = _timed(lambda: peers.limit_of_esda(p, 0.05))
    _print("discoveries at 0.05 of 5,000", ours, "esda fdr", theirs, float(((q <= 0.05) != (p <= limit)).sum()))


def reading(seed: int) -> None:
    from kandoo.commands.census_files import read_sites

    rng, sites = np.random.default_rng(seed), 1_000_000
    columns = zip(rng.integers(0, 300, sites).tolist(), rng.uniform(30, 36, sites).tolist(),
                  rng.uniform(52, 59, sites).tolist(), rng.integers(1, 200, sites).tolist(), strict=True)  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sites.csv"
        with path.open("w") as file:
            file.write("site_id,industry,lat,lon,employment,region\n")
            file.writelines(
                f"s{i:07},i{a:03},{b:.5f},{c:.5f},{d},r{i % 400}\n" for i, (a, b, c, d) in enumerate(columns)
            )
        seconds, _ = _timed(lambda: read_sites(path))
    print(f"\nReading and checking {sites:,} sites: {seconds:.1f} s.")


def _print(what: str, ours: float, peer: str, theirs: float, apart: float) -> None:
    print(f"| {what} | {ours:.4f} | {peer} | {theirs:.3f} | {theirs / ours:,.0f} | {apart:.1e} |", flush=True)


def best(work: Callable[[], Any], times: int = 3) -> tuple[float, float, Any]:
    """(seconds of the quickest run, the least processor seconds, what it gave)."""
    runs = []
    for _ in range(times):
        before = time.process_time()
        seconds, found = _timed(work)
        runs.append((seconds, time.process_time() - before, found))
    return min(each[0] for each in runs), min(each[1] for each in runs), runs[0][2]


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    found = work()
    return time.perf_counter() - begun, found
