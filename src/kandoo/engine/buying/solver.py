"""HiGHS behind two calls: the relaxation, and whole numbers with a proven bound.

Programs here are small and sparse, so the relaxation is solved as it stands: without presolve it takes half the time.

Work is limited by nodes, never by the clock, so equal input gives equal output.
"""

from dataclasses import dataclass, replace

import highspy
import numpy as np
from scipy.sparse import csc_array, hstack

from .merit import Segments
from .values import BoolArray, FloatArray

INFINITY = highspy.kHighsInf
COST_MAX = 10_000.0  # larger costs are given to HiGHS in a larger unit of money
ABS_GAP = 1e-6  # of HiGHS's unit of money
TRUST = 1e-9  # relative slack put on a bound that floating point has produced
OPTIONS: dict[str, bool | int | float | str] = {  # quiet, the same every time; of the searches for good plans only those that pay here
    "output_flag": False, "random_seed": 1, "parallel": "off", "mip_heuristic_run_rins": False,
    "mip_heuristic_run_root_reduced_cost": False, "mip_heuristic_run_feasibility_jump": False,
    "mip_allow_restart": False,
    "mip_feasibility_tolerance": 1e-8, "primal_feasibility_tolerance": 1e-8,
    "mip_detect_symmetry": False,
}  # fmt: skip
INFEASIBLE = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)


@dataclass(frozen=True, slots=True)
class Program:
    """Minimise `cost @ x + constant` with `row_low <= rows @ x <= row_high` and `low <= x <= high`."""

    cost: FloatArray
    constant: float
    rows: csc_array
    row_low: FloatArray
    row_high: FloatArray
    low: FloatArray
    high: FloatArray
    whole: BoolArray

    def with_segments(self, segments: Segments, first_row: int) -> "Program":
        """The program with one more column for each segment, in the row of its cell."""
        count = len(segments.cell)
        ones = np.full(count, -1.0)
        shape = (self.rows.shape[0], count)
        extra = csc_array((ones, segments.cell + first_row, np.arange(count + 1)), shape=shape)
        return replace(
            self,
            cost=np.concatenate([self.cost, -segments.price]),
            rows=hstack([self.rows, extra], format="csc"),
            low=np.concatenate([self.low, np.zeros(count)]),
            high=np.concatenate([self.high, segments.units]),
            whole=np.concatenate([self.whole, np.zeros(count, dtype=np.bool_)]),
        )

    def only(self, keep: BoolArray) -> "Program":
        """The program with these columns alone, the others at 0; rows that are empty then are left out."""
        rows = self.rows[:, np.flatnonzero(keep)].tocsr()
        filled = np.diff(rows.indptr) > 0
        return Program(
            self.cost[keep], self.constant, rows[np.flatnonzero(filled)].tocsc(), self.row_low[filled],
            self.row_high[filled], self.low[keep], self.high[keep], self.whole[keep],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """`x` is None when nothing feasible was found; `bound` is below every feasible point."""

    x: FloatArray | None
    bound: float
    row_price: FloatArray | None = None
    value: float = np.inf

    def is_within(self, gap: float) -> bool:
        """Whether the solver got as near as it was asked to, and did not stop at its work."""
        return self.value - self.bound <= (gap + 2 * TRUST) * abs(self.value)


def solve_relaxed(program: Program) -> Answer:
    """The linear relaxation with the price of each row."""
    highs, unit = _load(program, relaxed=True)
    highs.setOptionValue("presolve", "off")
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return Answer(None, -np.inf)
    solution = highs.getSolution()
    value = unit * highs.getInfo().objective_function_value
    return Answer(np.array(solution.col_value), value - TRUST * abs(value), unit * np.array(solution.row_dual))


def solve_whole(
    program: Program,
    gap: float,
    nodes: int,
    *,
    presolve: bool = True,
    start: FloatArray | None = None,
    leave: float = 0.0,
    seek: bool = True,
) -> Answer:
    """Whole numbers where `program.whole` says so.

    Parameters
    ----------
    gap, nodes : stop at this relative gap, or after so many nodes.
    presolve : whether HiGHS may rewrite the program first.
    start : a point whose whole columns are tried first, or None.
    leave : stop as well when value and bound are so near, in money.
    seek : whether to look for good points in the neighbourhood of the relaxation (RENS).
    """
    highs, unit = _load(program)
    highs.setOptionValue("mip_rel_gap", gap)
    highs.setOptionValue("mip_abs_gap", max(leave / unit, ABS_GAP))
    highs.setOptionValue("mip_max_nodes", nodes)
    highs.setOptionValue("presolve", "on" if presolve else "off")
    highs.setOptionValue("mip_heuristic_run_rens", seek)
    if start is not None:
        columns = np.flatnonzero(program.whole).astype(np.int32)
        highs.setSolution(len(columns), columns, np.rint(start[columns]))
    highs.run()
    if highs.getModelStatus() in INFEASIBLE:
        return Answer(None, np.inf)
    info = highs.getInfo()
    bound = unit * float(info.mip_dual_bound) if np.isfinite(info.mip_dual_bound) else -np.inf
    bound -= TRUST * abs(bound)
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Answer(None, bound)
    x = np.array(highs.getSolution().col_value)
    x[program.whole] = np.rint(x[program.whole])
    return Answer(x, bound, value=unit * float(info.objective_function_value))


def _load(program: Program, *, relaxed: bool = False) -> tuple[highspy.Highs, float]:
    """HiGHS holding the program, and the unit of its money (a power of two)."""
    largest = float(np.abs(program.cost).max(initial=1.0))
    unit = 2.0 ** int(np.log2(max(largest / COST_MAX, 1.0)))
    highs: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in OPTIONS.items():
        highs.setOptionValue(name, value)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.cost), program.rows.shape[0]
    lp.col_cost_, lp.offset_ = program.cost / unit, program.constant / unit
    lp.col_lower_, lp.col_upper_ = program.low, program.high
    lp.row_lower_, lp.row_upper_ = program.row_low, program.row_high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = lp.num_col_, lp.num_row_
    lp.a_matrix_.start_ = program.rows.indptr.astype(np.int32)
    lp.a_matrix_.index_ = program.rows.indices.astype(np.int32)
    lp.a_matrix_.value_ = program.rows.data
    if not relaxed:
        kinds = {True: highspy.HighsVarType.kInteger, False: highspy.HighsVarType.kContinuous}
        lp.integrality_ = [kinds[each] for each in program.whole.tolist()]
    highs.passModel(lp)
    return highs, unit
