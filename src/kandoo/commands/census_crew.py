"""Who makes the curves of a survey: this machine, or the workers of a Dask scheduler. The numbers are the same.

What a worker is given can be made again by any other, so one that is killed costs time and nothing else.
"""

import logging
import pickle
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from kandoo.engine.census.curves import Curve
from kandoo.engine.census.points import Floats, Ints
from kandoo.engine.census.tasks import VERSION, Maker, parts_of

from .progress import Progress

if TYPE_CHECKING:
    from distributed import Client, Future

SECONDS_TO_ANSWER = 10
_one_at_a_time = (
    threading.Lock()
)  # compiled loops use all threads of a worker; two of them would only be in each other's way


class CrewFailed(Exception):
    """The workers cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Task:
    """The curve of one industry. size: of the random industries it is compared with. work: in pairs."""

    measure: str
    industry: str
    cases: Ints
    size: int
    work: float

    @property
    def name(self) -> str:
        return f"{self.measure}: {self.industry}"


class Crew(Protocol):
    """Makes the curves of tasks, those of equal size coming after one another."""

    def curves(self, tasks: Sequence[Task], progress: Progress) -> Iterator[tuple[Task, Curve]]: ...


@dataclass
class Here:
    """This machine: one curve after the other, each on all its processors."""

    makers: Mapping[str, Maker]
    simulations: int
    level: float

    def curves(self, tasks: Sequence[Task], progress: Progress) -> Iterator[tuple[Task, Curve]]:
        made, simulated = ("", 0), None  # the last simulations are kept for the next industry of the same size
        for task in tasks:
            progress.begin(task.name)
            maker = self.makers[task.measure]
            if self.simulations and made != (task.measure, task.size):
                tick = progress.part_of(task.work, self.simulations)
                simulated = maker.simulate(task.size, 0, self.simulations, tick)
                made = task.measure, task.size
            yield task, maker.curve(task.cases, task.size, simulated, self.level)


class Dask:
    """The workers of a scheduler: parts of the simulations, and the curves finished from them."""

    def __init__(self, address: str, makers: Mapping[str, Maker], simulations: int, level: float) -> None:
        """Join the scheduler.

        Raises
        ------
        CrewFailed
            When Dask is not installed or the scheduler does not answer.
        """
        self.makers, self.simulations, self.level = makers, simulations, level
        self.client = _join(address)
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what goes wrong is said here, in words
        self._held: dict[str, Future] = {}
        self._parts: dict[tuple[str, int], list[Future]] = {}

    def curves(self, tasks: Sequence[Task], progress: Progress) -> Iterator[tuple[Task, Curve]]:
        from distributed import as_completed
        from distributed.client import FutureCancelledError

        if not self.client.scheduler_info()["workers"]:
            print("No worker has joined the scheduler yet; the curves wait for one.", file=sys.stderr)
        futures = {self._submit(task): task for task in tasks}
        self._parts.clear()  # the scheduler keeps them as long as a curve needs them
        try:
            for future in as_completed(list(futures), loop=self.client.loop):
                progress.begin(futures[future].name)
                yield futures.pop(future), future.result()
        except (OSError, FutureCancelledError) as problem:
            raise CrewFailed("The scheduler was lost.") from problem
        finally:
            self.client.cancel(list(futures), force=True)
            self.client.close()

    def _submit(self, task: Task) -> "Future":
        held = self._maker(task.measure)
        return self.client.submit(_finish, held, task.cases, task.size, self._simulated(task, held), self.level,
                                  pure=False, retries=2)  # fmt: skip

    def _simulated(self, task: Task, held: "Future") -> list["Future"]:
        key = task.measure, task.size
        if key not in self._parts:
            pairs = self.makers[task.measure].pairs(task.size)
            self._parts = {key: [
                self.client.submit(_simulate, held, task.size, first, number, pure=False, retries=2)
                for first, number in parts_of(self.simulations, pairs)
            ]}  # fmt: skip
        return self._parts[key]

    def _maker(self, measure: str) -> "Future":
        """The sites, sent to the scheduler once: workers have them from each other, or from it again."""
        if measure not in self._held:
            packed = pickle.dumps(self.makers[measure])
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "Sending large graph")
                self._held[measure] = self.client.submit(_hold, packed, VERSION, pure=False, retries=2)
        return self._held[measure]


def _join(address: str) -> "Client":
    try:
        from distributed import Client
    except ImportError:
        raise CrewFailed("--workers needs Dask: install kandoo[census].") from None
    try:
        return Client(address, timeout=SECONDS_TO_ANSWER, set_as_default=False)
    except (OSError, ValueError, TypeError) as problem:
        raise CrewFailed(f"no scheduler answers at {address}: {problem}") from None


def _hold(packed: bytes, version: int) -> Maker:
    """On a worker: unpack the sites and do what all curves need."""
    if version != VERSION:
        raise CrewFailed(
            f"A worker has version {VERSION} of the census, this machine {version}; they may differ in digits."
        )
    maker: Maker = pickle.loads(packed)
    with _one_at_a_time:
        _use_own_threads()
        maker.prepare()
    return maker


def _simulate(maker: Maker, size: int, first: int, number: int) -> Floats:
    """On a worker: some of the simulations."""
    with _one_at_a_time:
        _use_own_threads()
        return maker.simulate(size, first, number)


def _finish(maker: Maker, cases: Ints, size: int, parts: list[Floats], level: float) -> Curve:
    """On a worker: a curve from all its simulations."""
    with _one_at_a_time:
        _use_own_threads()
        return maker.curve(cases, size, np.vstack(parts) if parts else None, level)


def _use_own_threads() -> None:
    import numba
    from distributed import get_worker

    own, most = get_worker().state.nthreads, getattr(numba.config, "NUMBA_NUM_THREADS")  # noqa: B009 (set when loaded)
    numba.set_num_threads(max(1, min(int(own), most)))
