"""One order with some of its demands set aside: what could then be filled from the drums at hand."""

from dataclasses import dataclass, replace

import numpy as np

from .model import MeasureBook, Model, Row, limits_of, meets
from .solver import Effort, solve_linear
from .task import Task
from .values import BoolArray, FloatArray, IntArray

MANY = 400  # batches above which fillings are searched for instead of solved
HEAVIEST = 1e12  # kg, stands for the lightest drum of none
EFFORT = Effort(gap=1e-4, nodes=200)


@dataclass(frozen=True, slots=True)
class Demands:
    """What the order asks for, each part of which can be set aside with `dataclasses.replace`."""

    kinds: frozenset[str]  # empty = any
    least: int
    sources: int
    low: float  # kg
    high: float  # kg
    dropped: frozenset[str] = frozenset()  # keys of limits set aside, e.g. "hmf_max"
    trusted: str | None = None  # a parameter whose untested batches count as just meeting limits


@dataclass(frozen=True, slots=True)
class Room:
    """An order and the drums it may take from."""

    model: Model
    book: MeasureBook
    order: int
    free: IntArray

    @property
    def demands(self) -> Demands:
        orders = self.model.orders
        return Demands(
            kinds=orders.kinds[self.order],
            least=int(self.model.drums_min[self.order]),
            sources=int(self.model.sources_max[self.order]),
            low=int(orders.mass_min_g[self.order]) / 1000,
            high=int(orders.mass_max_g[self.order]) / 1000,
        )

    def limits(self) -> dict[str, tuple[str, int, float]]:
        """ "<parameter>_max" or "_min" -> (parameter, sign, limit)."""
        return {
            f"{parameter}_{'max' if sign > 0 else 'min'}": (parameter, sign, limit)
            for parameter, sign, limit in limits_of(self.model.orders.limits[0], self.order)
        }

    def most(self, demands: Demands) -> IntArray:
        with np.errstate(over="ignore"):
            fitting = np.floor(np.minimum(demands.high / self.model.drum_kg + 1e-9, 1e15))
        return np.minimum(self.free, fitting.astype(np.int64))

    def of_kind(self, demands: Demands) -> BoolArray:
        if not demands.kinds:
            return np.ones(len(self.free), dtype=np.bool_)
        return np.array([kind in demands.kinds for kind in self.model.batches.kind])

    def known(self, parameter: str) -> BoolArray:
        if self.book.is_component(parameter):
            return ~np.isnan(self.book.raw(parameter))
        known: BoolArray = np.logical_and.reduce([each.known for each in self.book.of(parameter)])
        return known

    def usable(self, demands: Demands) -> BoolArray:
        usable = self.of_kind(demands) & (self.most(demands) >= max(demands.least, 1))
        for key, (parameter, sign, limit) in self.limits().items():
            if key in demands.dropped:
                continue
            known = self.known(parameter)
            inside = known
            if self.book.is_component(parameter):
                inside = known & meets(self.book.raw(parameter), sign, limit)
            usable &= inside | ~known if parameter == demands.trusted else inside
        return usable

    def rows(self, demands: Demands) -> list[Row]:
        return [
            Row(parameter, sign, limit, measure)
            for key, (parameter, sign, limit) in self.limits().items()
            if key not in demands.dropped and not self.book.is_component(parameter)
            for measure in self.book.of(parameter)
        ]

    def task(self, demands: Demands, gain_per_kg: FloatArray | None = None) -> Task:
        """Fill the order, with one drum at least; the gain is money unless another is given."""
        batch = np.flatnonzero(self.usable(demands))
        mass = self.model.drum_kg[batch]
        columns = [np.nan_to_num(row.coefficients()[batch]) * mass for row in self.rows(demands)]
        per_kg = self.model.price[self.order] - self.model.cost if gain_per_kg is None else gain_per_kg
        return Task(
            batch, mass * per_kg[batch], mass,
            np.column_stack(columns) if columns else np.zeros((len(batch), 0)),
            self.most(demands)[batch], demands.least, demands.sources,
            max(demands.low, mass.min(initial=HEAVIEST)), demands.high,
        )  # fmt: skip

    def fill(self, demands: Demands, gain_per_kg: FloatArray | None = None) -> tuple[IntArray, IntArray] | None:
        """(batches, drums) of the best filling found under these demands, None when none was."""
        task = self.task(demands, gain_per_kg)
        if task.is_hopeless():
            return None
        task = task.shortened()
        if len(task) > MANY:
            found = task.best_by_search(moves=30_000, wide=150)
            return None if found is None else _used(*found)
        drums = task.best_exactly(EFFORT)
        return None if drums is None else _used(task, drums)

    def may_fill(self, demands: Demands) -> bool:
        """False when not even fractions of drums could fill the order."""
        task = self.task(replace(demands, high=max(demands.high, demands.low)))
        if task.is_hopeless():
            return False
        few = task.shortened()
        if solve_linear(few.relaxation()).x is not None:
            return True
        return len(few) < len(task) and solve_linear(task.relaxation()).x is not None


def _used(task: Task, drums: IntArray) -> tuple[IntArray, IntArray]:
    return task.batch[drums > 0], drums[drums > 0]
