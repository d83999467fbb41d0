"""One order under one set of limits, taken alone: the small problem that everything is built of."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from .model import ROUNDING, Lot, Model
from .search import anneal
from .solver import INFINITY, Effort, Program, solve_linear, solve_whole
from .values import FloatArray, IntArray

TONNE = 1000.0  # kg; masses go to HiGHS in tonnes, so that all its numbers are of a size
FEW = 1_500  # batches that a question about one order looks at
ANNEAL_HOT, ANNEAL_COLD = 0.005, 0.0001  # of the mean value of a drum


@dataclass(frozen=True, slots=True)
class Task:
    """Fill one order from these batches; columns are parallel over the batches."""

    batch: IntArray
    gain: FloatArray  # money a drum
    mass: FloatArray  # kg a drum
    rows: FloatArray  # (batches, limits) a drum's part in each limit; the sum must end <= 0
    most: IntArray  # drums that may be taken
    least: int  # drums from a batch that is used at all
    sources: int  # most distinct batches
    low: float  # kg
    high: float  # kg

    def __len__(self) -> int:
        return len(self.batch)

    def only(self, keep: IntArray) -> "Task":
        """The same order with fewer batches to choose from."""
        return Task(
            self.batch[keep], self.gain[keep], self.mass[keep], self.rows[keep], self.most[keep],
            self.least, self.sources, self.low, self.high,
        )  # fmt: skip

    def shortened(self) -> "Task":
        """Of very many batches those that gain most and those that ease each limit most."""
        if len(self) <= FEW:
            return self
        criteria = (-self.gain / self.mass, *(self.rows / self.mass[:, None]).T)
        chosen = [np.argsort(each, kind="stable")[: FEW // 2 // len(criteria)] for each in criteria]
        enough = np.argsort(criteria[0], kind="stable")[: FEW // 2]
        return self.only(np.unique(np.concatenate([*chosen, enough])))

    def is_hopeless(self) -> bool:
        """True when a glance shows that no blend can do it: too little mass, a limit beyond all."""
        if not len(self) or self.most @ self.mass < self.low:
            return True
        return bool((self.rows > 0).all(axis=0).any())

    def relaxation(self) -> Program:
        """Fractions of drums that fill the order; rows are limits, mass, then sources if any."""
        rows = [self.rows.T, self.mass[None, :] / TONNE]
        low, high = [-INFINITY] * self.rows.shape[1], [0.0] * self.rows.shape[1]
        low, high = [*low, self.low / TONNE], [*high, self.high / TONNE]
        if len(self) > self.sources:
            rows.append(1 / np.maximum(self.most, 1)[None, :])
            low, high = [*low, -INFINITY], [*high, float(self.sources)]
        return Program(
            self.gain, csr_array(np.vstack(rows)), np.array(low), np.array(high),
            np.zeros(len(self)), self.most.astype(np.float64), np.zeros(len(self), dtype=np.bool_),
        )  # fmt: skip

    def whole(self) -> Program:
        """Whole drums with least shares."""
        count = len(self)
        plain = self.relaxation()
        if len(self) <= self.sources and self.least == 1:
            return Program(
                plain.gain, plain.rows, plain.row_low, plain.row_high, plain.low, plain.high,
                np.ones(count, dtype=np.bool_),
            )  # fmt: skip
        eye, blank = np.eye(count), np.zeros((self.rows.shape[1] + 1, count))
        wide = np.vstack([
            np.hstack([plain.rows.toarray()[: self.rows.shape[1] + 1], blank]),
            np.hstack([eye, -np.diag(self.most.astype(np.float64))]),
            np.hstack([-eye, self.least * eye]),
            np.append(np.zeros(count), np.ones(count))[None, :],
        ])  # fmt: skip
        limits = self.rows.shape[1] + 1
        return Program(
            np.append(self.gain, np.zeros(count)),
            csr_array(wide),
            np.append(plain.row_low[:limits], np.full(2 * count + 1, -INFINITY)),
            np.concatenate([
                plain.row_high[:limits], np.zeros(2 * count), [min(self.sources, count)],
            ]),
            np.zeros(2 * count),
            np.append(self.most, np.ones(count)).astype(np.float64),
            np.ones(2 * count, dtype=np.bool_),
        )  # fmt: skip

    def is_met_by(self, drums: IntArray) -> bool:
        """Whether these whole drums really fill the order."""
        used = drums > 0
        return bool(
            self.low <= self.mass @ drums <= self.high
            and used.sum() <= self.sources
            and (drums[used] >= self.least).all()
            and (drums <= self.most).all()
            and (drums @ self.rows <= ROUNDING * (self.mass @ drums)).all()
        )

    def best_exactly(self, effort: Effort) -> IntArray | None:
        """The most valuable filling that HiGHS finds within the effort, None when there is none."""
        if self.is_hopeless():
            return None
        answer = solve_whole(self.whole(), effort)
        if answer.x is None:
            return None
        drums = np.rint(answer.x[: len(self)]).astype(np.int64)
        return drums if self.is_met_by(drums) else None

    def best_by_search(self, moves: int, wide: int) -> tuple["Task", IntArray] | None:
        """A good filling: round the relaxation, then exchange drums; with the batches it chose."""
        answer = solve_linear(self.relaxation())
        if answer.x is None or answer.row_dual is None:
            return None
        few_places = self._promising(answer.x, answer.row_dual, wide)
        few = self.only(few_places)
        start = np.floor(answer.x[few_places] + 1e-6).astype(np.int64)
        start[start < few.least] = 0
        return few._searched(start, np.maximum(answer.row_dual[: self.rows.shape[1]], 0), moves)

    def _promising(self, x: FloatArray, row_dual: FloatArray, wide: int) -> IntArray:
        """The batches the relaxation uses and those that come nearest to being used."""
        program = self.relaxation()
        worth = (program.gain - program.rows.T @ row_dual) / self.mass
        worth[x > 1e-9] = np.inf
        count = wide + int((x > 1e-9).sum())
        return np.sort(np.argsort(-worth, kind="stable")[:count])

    def _searched(self, start: IntArray, dual: FloatArray, moves: int) -> tuple["Task", IntArray] | None:
        drums = start.copy()
        per_kg = np.abs(self.gain / self.mass).mean()
        spread = np.abs(self.rows / self.mass[:, None]).mean(axis=0) + 1e-12
        mean_gain = np.abs(self.gain).mean() + 1e-9
        anneal(
            self.gain, self.mass, self.rows, self.most, self.least, self.sources,
            self.low, self.high, drums, 1.5 * dual + 0.02 * per_kg / spread,
            ANNEAL_HOT * mean_gain, ANNEAL_COLD * mean_gain, moves, 1,
        )  # fmt: skip
        return (self, drums) if drums.any() and self.is_met_by(drums) else None


def task_of(model: Model, lot: Lot, batch: IntArray, free: IntArray, price: FloatArray | None = None) -> Task:
    """The task of one lot over some batches; `price` (per kg) is what a drum earns elsewhere."""
    order = lot.order
    mass = model.drum_kg[batch]
    gain = model.drum_value(order)[batch]
    columns = [row.coefficients()[batch] * mass for row in lot.rows]
    return Task(
        batch=batch,
        gain=gain if price is None else gain - mass * price,
        mass=mass,
        rows=np.column_stack(columns) if columns else np.zeros((len(batch), 0)),
        most=np.minimum(free, model.most_drums(order))[batch],
        least=int(model.drums_min[order]),
        sources=int(model.sources_max[order]),
        low=float(model.mass_min[order]),
        high=float(model.mass_max[order]),
    )
