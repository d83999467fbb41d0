"""What the curves of a census are made from, as values that another process or machine can work on.

A maker simulates any part of the random industries of a size, and finishes the curve of an industry from all parts.
Simulation 617 of 300 cases has the same digits wherever and beside whichever others it is made, so parts fit
together in any division; on processors of one kind (others may round a distance into the next bin).
"""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from .curves import Curve, Tick, find_bands, no_tick, shared_size
from .density import k_density, simulate_density
from .density_grid import error_of_grid, simulate_density_by_grid
from .points import Floats, Ints, Points
from .relative import Surroundings, relative_concentration, simulate_concentration
from .relative_density import Rings, density_of_cases, simulate_relative_density

VERSION = 2  # of the numbers: another when equal input gives other digits
FAST_FROM = 4_000  # cases from which a grid is quicker than pairs


class Maker(Protocol):
    """Makes the curves of one measure."""

    def prepare(self) -> None:
        """Work that all curves need, once."""

    def pairs(self, size: int) -> float:
        """What a simulation costs, in pairs."""

    def simulate(self, size: int, first: int, number: int, tick: Tick = no_tick) -> Floats:
        """Curves of random industries of this size, `number` of them from `first` on."""

    def curve(self, cases: Ints, size: int, simulated: Floats | None, level: float) -> Curve:
        """The curve of an industry, with bands from simulations of this size unless there are none."""


@dataclass(frozen=True)
class Densities:
    """K-densities. is_fast : simulate sizes from `FAST_FROM` on by the grid."""

    points: Points
    weight: Floats | None
    reach_km: float
    seed: int
    is_fast: bool = False

    def prepare(self) -> None:
        """Nothing is needed beforehand."""

    def pairs(self, size: int) -> float:
        return 2e7 if self.by_grid(size) else size * size / 2

    def by_grid(self, size: int) -> bool:
        return self.is_fast and size >= FAST_FROM

    def simulate(self, size: int, first: int, number: int, tick: Tick = no_tick) -> Floats:
        simulate = simulate_density_by_grid if self.by_grid(size) else simulate_density
        return simulate(self.points, size, self.reach_km, number, self.seed, first=first, weight=self.weight, tick=tick)

    def curve(self, cases: Ints, size: int, simulated: Floats | None, level: float) -> Curve:
        found = k_density(self.points, cases, weight=self.weight, reach_km=self.reach_km, simulations=0,
                          is_fast=self.by_grid(size))  # fmt: skip
        if simulated is None:
            return found
        bands = find_bands(found.value, simulated, level)
        error = None
        if self.by_grid(size):
            error = error_of_grid(self.points, size, self.reach_km, simulated, self.seed, weight=self.weight)
        return Curve(found.distance_km, found.value, bands, error)


@dataclass(frozen=True)
class Concentrations:
    """Marcon and Puech's M."""

    surroundings: Surroundings
    seed: int

    def prepare(self) -> None:
        _ = self.surroundings.within

    def pairs(self, size: int) -> float:
        return size * size

    def simulate(self, size: int, first: int, number: int, tick: Tick = no_tick) -> Floats:
        return simulate_concentration(self.surroundings, size, number, self.seed, first=first, tick=tick)

    def curve(self, cases: Ints, size: int, simulated: Floats | None, level: float) -> Curve:
        found = relative_concentration(self.surroundings, cases, simulations=0)
        return found if simulated is None else _banded(found, simulated, level)


@dataclass(frozen=True)
class RelativeDensities:
    """Marcon and Puech's m."""

    surroundings: Surroundings
    seed: int
    _rings: dict[int, Rings] = field(default_factory=dict, compare=False)

    def prepare(self) -> None:
        """Each size has smoothing of its own."""

    def pairs(self, size: int) -> float:
        return 4 * size * size

    def simulate(self, size: int, first: int, number: int, tick: Tick = no_tick) -> Floats:
        return simulate_relative_density(self._rings_of(size), size, number, self.seed, first=first, tick=tick)

    def curve(self, cases: Ints, size: int, simulated: Floats | None, level: float) -> Curve:
        value = density_of_cases(self._rings_of(size), cases)
        found = Curve(self.surroundings.radius_km, value, None)
        return found if simulated is None else _banded(found, simulated, level)

    def _rings_of(self, size: int) -> Rings:
        """Of the last size asked for; one of another size takes its place."""
        if size not in self._rings:
            self._rings.clear()
            self._rings[size] = Rings.usual(self.surroundings, size)
        return self._rings[size]


def _banded(found: Curve, simulated: Floats, level: float) -> Curve:
    return Curve(found.distance_km, found.value, find_bands(found.value, simulated, level))


def size_drawn(cases: int, share_bands: bool) -> int:
    """How many sites the random industries have that stand for one of so many cases."""
    return shared_size(cases) if share_bands else cases


def parts_of(simulations: int, pairs: float) -> list[tuple[int, int]]:
    """(first, number) of parts of some seconds each, the same however many workers there are."""
    number = int(np.clip(1e10 / max(pairs, 1), 1, 1000))
    return [(first, min(number, simulations - first)) for first in range(0, simulations, number)]
