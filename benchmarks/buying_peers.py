"""The buying problem as a user would write it in PuLP: one column a need, its best form otherwise.

The peer gets the same pieces of the price, nested dates and whole packs as ours, but every need its own
column (nothing is gathered by the order of merit), and the solver's own defaults on both cores. Its packs are
then handed out to members by our code, which can only make its answer cheaper.
"""

import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pulp

from kandoo.engine.buying import Needs, Supplier
from kandoo.engine.buying.market import open_market
from kandoo.engine.buying.merit import Segments
from kandoo.engine.buying.model import build_model
from kandoo.engine.buying.plan import describe
from kandoo.engine.buying.search import bought_by, worth_buying
from kandoo.engine.buying.solver import INFINITY, Program


@dataclass(frozen=True, slots=True)
class PeerAnswer:
    seconds: float  # building the model included
    plan: dict[str, Any] | None


def solve_with(peer: str, needs: Needs, suppliers: Sequence[Supplier], seconds: float) -> PeerAnswer:
    begun = time.perf_counter()
    market = open_market(needs, suppliers)
    model = build_model(market)
    rows = market.by_cell
    columns = Segments(market.cell[rows], needs.quantity[rows].astype(float), needs.alone_price[rows].astype(float))
    program = model.program.with_segments(columns, model.first_cell)
    program.whole[model.packs] = True
    x = _solve(program, peer, seconds)
    taken = time.perf_counter() - begun
    if x is None:
        return PeerAnswer(taken, None)
    purchase, cost = worth_buying(market, bought_by(market, model, x))
    return PeerAnswer(taken, describe(market, purchase, cost, 0.0).to_dict())


def _solve(program: Program, peer: str, seconds: float) -> np.ndarray | None:
    problem = pulp.LpProblem("purchase", pulp.LpMinimize)
    columns = [
        pulp.LpVariable(f"x{place}", float(low), None if high >= INFINITY else float(high),
                        cat="Integer" if whole else "Continuous")
        for place, (low, high, whole) in enumerate(zip(program.low, program.high, program.whole, strict=True))
    ]  # fmt: skip
    problem += pulp.LpAffineExpression(zip(columns, program.cost.tolist(), strict=True)) + program.constant
    matrix = program.rows.tocsr()
    for row in range(matrix.shape[0]):
        part = slice(matrix.indptr[row], matrix.indptr[row + 1])
        terms = pulp.LpAffineExpression(
            [(columns[p], float(v)) for p, v in zip(matrix.indices[part], matrix.data[part], strict=True)]
        )
        if program.row_low[row] == program.row_high[row]:
            problem += terms == program.row_low[row]
            continue
        if program.row_low[row] > -INFINITY:
            problem += terms >= program.row_low[row]
        if program.row_high[row] < INFINITY:
            problem += terms <= program.row_high[row]
    if peer == "HiGHS":
        solver = pulp.HiGHS(msg=False, timeLimit=seconds, gapRel=1e-4, threads=2)
    else:
        # CBC does not look at its clock inside a long linear programme: its processor time is capped too.
        used = int(resource.getrusage(resource.RUSAGE_SELF).ru_utime)
        resource.setrlimit(resource.RLIMIT_CPU, (used + int(2.5 * seconds), resource.RLIM_INFINITY))
        solver = pulp.PULP_CBC_CMD(msg=False, timeLimit=seconds, gapRel=1e-4, threads=2)
    try:
        problem.solve(solver)
    except pulp.PulpSolverError:  # the solver fell over, or was stopped
        return None
    if problem.sol_status not in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        return None
    return np.array([column.value() or 0.0 for column in columns])
