"""`kandoo census --workers`: the numbers of one machine, whoever makes them and whatever befalls the workers."""

import importlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kandoo.cli import main
from kandoo.engine.census.tasks import parts_of

distributed = pytest.importorskip("distributed")
Dask = importlib.import_module("kandoo.commands.census_crew").Dask
ASKED = ("--measure", "kd,m,m-density", "--simulations", "99")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None, silence_logs=50) as found:
        yield found


@pytest.fixture(scope="module")
def sites(tmp_path_factory) -> Path:
    """Two thousand sites of five industries, one of them large."""
    x, y = np.random.default_rng(1).uniform(0, 200, (2, 2000))
    lines = [f"s{i},{'abcde'[min(i % 8, 4)]},{x[i]:.4f},{y[i]:.4f},{1 + i % 9}" for i in range(2000)]
    path: Path = tmp_path_factory.mktemp("census") / "sites.csv"
    path.write_text("site_id,industry,x_km,y_km,employment\n" + "\n".join(lines))
    return path


@pytest.fixture(scope="module")
def alone(sites) -> dict[str, str]:
    """The tables that this machine makes by itself."""
    return tables(sites)


def tables(sites: Path, *options: str) -> dict[str, str]:
    folder = sites.parent / f"report-{len(list(sites.parent.iterdir()))}"
    assert main(["census", str(sites), "-o", str(folder), *ASKED, *options]) == 0
    return {path.name: path.read_text() for path in folder.glob("*.*") if path.is_file()}


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_any_number_of_workers_gives_the_numbers_of_one_machine(cluster, sites, alone, workers):
    cluster.scale(workers)
    with distributed.Client(cluster) as client:
        client.wait_for_workers(workers, timeout=300)
    assert tables(sites, "--workers", cluster.scheduler_address) == alone


def test_a_killed_worker_costs_nothing_but_time(cluster, sites, alone, monkeypatch):
    """Killed as soon as the first curve is there: what it held and was making is made again by the other."""
    cluster.scale(2)
    killed: list[int] = []
    curves = Dask.curves

    def with_a_death(self, tasks, progress):
        for made in curves(self, tasks, progress):
            if not killed:
                killed.append(next(iter(cluster.workers.values())).pid)
                os.kill(killed[0], signal.SIGKILL)
            yield made

    monkeypatch.setattr(Dask, "curves", with_a_death)
    assert tables(sites, "--workers", cluster.scheduler_address) == alone
    assert killed


def test_a_scheduler_that_does_not_answer_is_named_and_nothing_is_written(sites, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("kandoo.commands.census_crew.SECONDS_TO_ANSWER", 0.5)
    folder = tmp_path / "report"
    assert main(["census", str(sites), "-o", str(folder), *ASKED, "--workers", "tcp://127.0.0.1:9"]) == 2
    assert "no scheduler answers at tcp://127.0.0.1:9" in capsys.readouterr().err and not folder.exists()


def test_parts_are_cut_by_their_work_and_cover_all_simulations():
    for pairs in (1.0, 1e8, 3e9, 1e12):
        parts = parts_of(1000, pairs)
        assert [first for first, _ in parts] == [0, *np.cumsum([number for _, number in parts])[:-1]]
        assert sum(number for _, number in parts) == 1000
    assert parts_of(0, 1.0) == []
