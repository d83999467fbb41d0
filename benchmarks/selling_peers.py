"""The blending problem as a user would hand it to HiGHS, SCIP or CBC, in two forms.

plain: whole drums n, a switch y for every pair and z for every order, n <= N y, sum y <= S.
projected: the switches of pairs projected out, sum n / N <= S. It is a relaxation: answers may use
too many sources or too few drums of a batch, and the checker then says so.
"""

import resource
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from kandoo.engine.laws import BlendLaw
from kandoo.engine.selling import Batches, Orders
from kandoo.engine.selling.exact import Pairs, RowBuilder, all_pairs, pair_most, pair_value, program_of
from kandoo.engine.selling.model import Model, build_model
from kandoo.engine.selling.solver import INFINITY, Program, load, money_unit


@dataclass(frozen=True, slots=True)
class PeerAnswer:
    seconds: float  # building the model included
    plan: dict[str, Any] | None


def solve_with(
    peer: str, form: str, batches: Batches, orders: Orders, laws: Mapping[str, BlendLaw], seconds: float
) -> PeerAnswer:
    begun = time.perf_counter()
    model = build_model(batches, orders, laws)
    pairs = all_pairs(model)
    program = whole_program(model, pairs, form)
    x = {"HiGHS": _highs, "SCIP": _scip, "CBC": _cbc}[peer](program, seconds)
    taken = time.perf_counter() - begun
    return PeerAnswer(taken, None if x is None else _plan(model, pairs, np.rint(x[: len(pairs)])))


def whole_program(model: Model, pairs: Pairs, form: str) -> Program:
    """Columns: n of every pair, y of every pair (plain only), z of every lot."""
    base = program_of(model, pairs, projected=True)
    count, lots = len(pairs), len(model.lots)
    switches = count if form == "plain" else 0
    width, most = count + switches + lots, pair_most(model, pairs)
    rows = RowBuilder()
    matrix = base.rows
    for row in range(matrix.shape[0]):
        part = slice(matrix.indptr[row], matrix.indptr[row + 1])
        rows.add(matrix.indices[part], matrix.data[part], base.row_low[row], base.row_high[row])
    for lot in range(lots):
        mine = np.flatnonzero(pairs.lot == lot)
        order = model.lots[lot].order
        columns = np.append(mine, count + switches + lot)
        mass = model.drum_kg[pairs.batch[mine]]
        rows.add(columns, np.append(mass, -model.mass_max[order]), -INFINITY, 0)
        rows.add(columns, np.append(mass, -model.mass_min[order]), 0, INFINITY)
        if switches:
            rows.add(count + mine, np.ones(len(mine)), -INFINITY, float(model.sources_max[order]))
    for pair in range(switches):
        least = float(model.drums_min[model.lot_order[pairs.lot[pair]]])
        both = np.array([pair, count + pair])
        rows.add(both, np.array([1.0, -float(most[pair])]), -INFINITY, 0)
        rows.add(both, np.array([1.0, -least]), 0, INFINITY)
    return Program(
        gain=np.append(pair_value(model, pairs), np.zeros(width - count)),
        rows=rows.matrix(width),
        row_low=np.array(rows.low),
        row_high=np.array(rows.high),
        low=np.zeros(width),
        high=np.append(most, np.ones(width - count)).astype(np.float64),
        whole=np.ones(width, dtype=np.bool_),
    )


def relaxation(batches: Batches, orders: Orders, laws: Mapping[str, BlendLaw], way: str) -> tuple[float, float]:
    """(seconds, bound) of the projected linear program; building it is not counted."""
    model = build_model(batches, orders, laws)
    program = program_of(model, all_pairs(model), projected=True)
    highs = load(program, relaxed=True)
    for option in ("primal_feasibility_tolerance", "mip_feasibility_tolerance"):
        highs.setOptionValue(option, 1e-7 if option.startswith("primal") else 1e-6)
    highs.setOptionValue("solver", way)
    highs.setOptionValue("run_crossover", "off")
    highs.setOptionValue("parallel", "on")
    highs.setOptionValue("time_limit", 300.0)
    begun = time.perf_counter()
    highs.run()
    return time.perf_counter() - begun, -money_unit(program) * highs.getInfo().objective_function_value


def _highs(program: Program, seconds: float) -> np.ndarray | None:
    highs = load(program)
    highs.setOptionValue("primal_feasibility_tolerance", 1e-7)
    highs.setOptionValue("mip_feasibility_tolerance", 1e-6)
    highs.setOptionValue("parallel", "on")
    highs.setOptionValue("time_limit", seconds)
    highs.run()
    if highs.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    return np.array(highs.getSolution().col_value)


def _scip(program: Program, seconds: float) -> np.ndarray | None:
    from pyscipopt import Model as Scip
    from pyscipopt import quicksum

    scip = Scip()
    scip.hideOutput()
    scip.setParam("limits/time", seconds)
    columns = [
        scip.addVar(vtype="I", lb=0, ub=float(high), obj=float(gain))
        for high, gain in zip(program.high, program.gain, strict=True)
    ]
    scip.setMaximize()
    for columns_in, values, low, high in _rows(program):
        total = quicksum(value * columns[place] for place, value in zip(columns_in, values, strict=True))
        if low > -INFINITY:
            scip.addCons(total >= low)
        if high < INFINITY:
            scip.addCons(total <= high)
    scip.optimize()
    if not scip.getNSols():
        return None
    best = scip.getBestSol()
    return np.array([scip.getSolVal(best, column) for column in columns])


def _cbc(program: Program, seconds: float) -> np.ndarray | None:
    import pulp

    problem = pulp.LpProblem("sale", pulp.LpMaximize)
    columns = [pulp.LpVariable(f"x{place}", 0, float(high), cat="Integer") for place, high in enumerate(program.high)]
    problem += pulp.LpAffineExpression(zip(columns, program.gain.tolist(), strict=True))
    for columns_in, values, low, high in _rows(program):
        terms = pulp.LpAffineExpression([(columns[p], float(v)) for p, v in zip(columns_in, values, strict=True)])
        if low > -INFINITY:
            problem += terms >= low
        if high < INFINITY:
            problem += terms <= high
    # CBC does not look at its clock inside a long linear programme: its processor time is capped too.
    used = int(resource.getrusage(resource.RUSAGE_SELF).ru_utime)
    resource.setrlimit(resource.RLIMIT_CPU, (used + int(2.5 * seconds), resource.RLIM_INFINITY))
    try:
        problem.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=seconds, threads=2))
    except pulp.PulpSolverError:  # CBC itself fell over, or was stopped
        return None
    if problem.sol_status not in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        return None
    return np.array([column.value() or 0.0 for column in columns])


def _rows(program: Program) -> Any:
    matrix = program.rows
    for row in range(matrix.shape[0]):
        part = slice(matrix.indptr[row], matrix.indptr[row + 1])
        yield matrix.indices[part], matrix.data[part], program.row_low[row], program.row_high[row]


def _plan(model: Model, pairs: Pairs, drums: np.ndarray) -> dict[str, Any]:
    """The peer's answer as a plan that the checker can read; it claims no bound."""
    objective = 0
    orders = []
    for order, name in enumerate(model.orders.order_id):
        mine = np.flatnonzero((model.lot_order[pairs.lot] == order) & (drums > 0))
        batch, count = pairs.batch[mine], drums[mine].astype(int)
        margin = model.price[order] - model.cost[batch]
        objective += int(np.rint(margin * model.drum_kg[batch] * count).sum())
        listed = [{"batch_id": model.batches.batch_id[i], "drums": int(n)} for i, n in zip(batch, count, strict=True)]
        mass = float(model.drum_kg[batch] @ count)
        orders.append({"order_id": name, "accepted": bool(len(mine)), "mass_kg": mass, "drums": listed, "blend": {}})
    return {"objective": objective, "bound": objective, "gap": 0.0, "orders": orders}
