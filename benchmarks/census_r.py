"""R beside Kandoo on the same points: live where Rscript and spatstat are installed, else its stored output, for correctness only.

`apt-get install r-base-core r-cran-spatstat.explore` installs both on Debian. `benchmarks/stored/census_r.csv` is the output of
the very script on the same points (seed 1), with date and versions in its first line; `--store-r` makes it anew.
"""

import csv
import shutil
import subprocess
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np

from kandoo.engine.census import Points, k_density, ripley_k
from kandoo.engine.census.points import Floats

SCRIPT = Path(__file__).with_suffix(".R")
STORED = Path(__file__).parent / "stored" / "census_r.csv"
SITES, SEED = 5_000, 1
SECONDS_MAX = 600


def compare(xy: Floats, side_km: float, reach_km: float, *, is_stored_anew: bool = False) -> None:
    """Print K and Kd of R beside ours; `xy` are the points of seed 1, of which the stored output is."""
    print("\n## R on the same points\n")
    points, every = Points.in_plane(*xy.T), np.arange(len(xy))
    ripley_k(points, every[:50], 1.0, simulations=0)  # compiled
    k_density(points, every[:50], simulations=0)
    begun = time.perf_counter()
    k = ripley_k(points, every, (3 * side_km) ** 2, reach_km=reach_km, simulations=0)
    k_seconds = time.perf_counter() - begun
    begun = time.perf_counter()
    kd = k_density(points, every, reach_km=reach_km, simulations=0)
    kd_seconds = time.perf_counter() - begun
    said, table = _of_r(xy, side_km, reach_km)
    if table is None:
        said, table = _stored()
        print(f"{said} Its stored output is compared, no time.\n")
        peers = ["-", "-"]
    else:
        seconds_k, seconds_kd, version, package = said.split()
        said = f"R {version} with spatstat.explore {package}"
        peers = [f"{float(seconds_k):.2f}", f"{float(seconds_kd):.2f}"]
        print(f"{said}, run now.\n")
        if is_stored_anew:
            _store(said, table)
    at, r_k, r_kd = table.T
    print("| what | Kandoo, s | peer | its s | largest distance |")
    print("| --- | ---: | --- | ---: | ---: |")
    apart_k = float(np.abs(k.value / np.interp(k.distance_km, at, r_k) - 1).max())
    print(f"| Ripley's K, {len(xy):,} points | {k_seconds:.4f} | spatstat Kest | {peers[0]} | {apart_k:.1e} relative |")
    ours = np.interp(at, kd.distance_km, kd.value)
    apart_kd = float(np.abs(ours - r_kd).max() / r_kd.max())
    print(
        f"| K-density, {len(xy):,} points | {kd_seconds:.4f} | R's density | {peers[1]} | {apart_kd:.1e} of the top |"
    )


def _of_r(xy: Floats, side_km: float, reach_km: float) -> tuple[str, Floats | None]:
    """What the script says and its table; no table, and why, where R or spatstat is absent."""
    program = shutil.which("Rscript")
    if program is None:
        return "R is not installed.", None
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder, "points.csv"), Path(folder, "found.csv")
        np.savetxt(given, xy, delimiter=",", header="x_km,y_km", comments="", fmt="%.17g")
        words = [program, str(SCRIPT), str(given), str(side_km), str(reach_km), str(made)]
        run = subprocess.run(words, capture_output=True, text=True, timeout=SECONDS_MAX)
        if run.returncode:
            return "R is installed without spatstat.", None
        return run.stdout, np.loadtxt(made, delimiter=",", skiprows=1)


def _store(said: str, table: Floats) -> None:
    STORED.parent.mkdir(exist_ok=True)
    with STORED.open("w", newline="") as file:
        file.write(f"# {said}, {date.today().isoformat()}: {SITES} points of seed {SEED}\n")
        writer = csv.writer(file)
        writer.writerow(["distance_km", "k", "kd"])
        writer.writerows([[repr(float(each)) for each in row] for row in table])


def _stored() -> tuple[str, Floats]:
    first = STORED.read_text().splitlines()[0].lstrip("# ")
    return f"R or spatstat is not installed here ({first}).", np.loadtxt(STORED, delimiter=",", skiprows=2)
