"""HiGHS behind two plain calls: one for linear programs, one for whole numbers.

Work is limited by nodes, so equal input gives equal output; seconds limit only at the edge.
"""

from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import csr_array

from .values import BoolArray, FloatArray

INFINITY = highspy.kHighsInf
GAIN_MAX = 10_000.0  # larger gains are given to HiGHS in a larger unit of money
TRUST = 1e-9  # relative slack put on a bound that floating point has produced


INFEASIBLE = (  # every column has bounds, so nothing is unbounded
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
)


@dataclass(frozen=True, slots=True)
class Program:
    """Maximise `gain @ x` with `row_low <= rows @ x <= row_high` and `low <= x <= high`."""

    gain: FloatArray
    rows: csr_array
    row_low: FloatArray
    row_high: FloatArray
    low: FloatArray
    high: FloatArray
    whole: BoolArray


@dataclass(frozen=True, slots=True)
class Answer:
    """`x` is None when nothing feasible was found; `bound` holds for every feasible point."""

    x: FloatArray | None
    bound: float  # -inf when the program is proven infeasible
    row_dual: FloatArray | None = None  # money per unit of the row's activity


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to try: stop at the gap, the nodes or the seconds, whichever comes first."""

    gap: float = 0.0
    nodes: int = 1_000_000
    seconds: float | None = None


def solve_whole(program: Program, effort: Effort, start: FloatArray | None = None) -> Answer:
    """Solve with whole numbers where `program.whole` says so."""
    highs, unit = load(program), money_unit(program)
    _limit(highs, effort)
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start.tolist()
        highs.setSolution(solution)
    highs.run()
    if highs.getModelStatus() in INFEASIBLE:
        return Answer(None, -np.inf)
    info = highs.getInfo()
    bound = -unit * float(info.mip_dual_bound) if np.isfinite(info.mip_dual_bound) else np.inf
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Answer(None, bound)
    x = np.array(highs.getSolution().col_value)
    x[program.whole] = np.rint(x[program.whole])
    return Answer(x, bound + TRUST * abs(bound))


def solve_linear(program: Program) -> Answer:
    """Solve the relaxation, with the price of each row."""
    highs = load(program, relaxed=True)
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return Answer(None, -np.inf)
    solution = highs.getSolution()
    x = np.array(solution.col_value)
    return Answer(x, float(program.gain @ x), -money_unit(program) * np.array(solution.row_dual))


def _limit(highs: highspy.Highs, effort: Effort) -> None:
    highs.setOptionValue("mip_rel_gap", effort.gap)
    highs.setOptionValue("mip_abs_gap", 1e-6)
    highs.setOptionValue("mip_max_nodes", effort.nodes)
    if effort.seconds is not None:
        highs.setOptionValue("time_limit", max(effort.seconds, 0.05))


def money_unit(program: Program) -> float:
    """A power of two that brings the largest gain near 10,000, where HiGHS is at its best."""
    largest = float(np.abs(program.gain).max(initial=1.0))
    return 2.0 ** int(np.log2(max(largest / GAIN_MAX, 1.0)))


def load(program: Program, *, relaxed: bool = False) -> highspy.Highs:
    """HiGHS holding the program, quiet and deterministic."""
    highs: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("random_seed", 1)
    highs.setOptionValue("parallel", "off")
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.gain), program.rows.shape[0]
    lp.col_cost_ = -program.gain / money_unit(program)
    lp.col_lower_, lp.col_upper_ = program.low, program.high
    lp.row_lower_, lp.row_upper_ = program.row_low, program.row_high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = lp.num_col_, lp.num_row_
    lp.a_matrix_.start_ = program.rows.indptr
    lp.a_matrix_.index_ = program.rows.indices
    lp.a_matrix_.value_ = program.rows.data
    if not relaxed:
        kinds = {True: highspy.HighsVarType.kInteger, False: highspy.HighsVarType.kContinuous}
        lp.integrality_ = [kinds[bool(each)] for each in program.whole]
    highs.passModel(lp)
    return highs
