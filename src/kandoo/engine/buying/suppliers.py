"""Suppliers first: who is used, with pieces broken; then the pieces, with suppliers held. Then who else.

Where minimum orders are large, who is used decides nearly all, and pieces matter little: the program with whole
suppliers alone has few switches and a bound close by. Each choice of suppliers is then solved whole and taken out;
what is left over has a bound of its own, and the least of all these bounds holds for every plan
(Balas & Jeroslow's cut takes a choice out).

Source: Balas & Jeroslow (1972), Canonical cuts on the unit hypercube, SIAM J. Applied Mathematics 23.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csc_array, vstack

from .packing import whole_packs
from .search import Search
from .solver import INFINITY, Program, solve_relaxed, solve_whole
from .values import FloatArray, IntArray

NODES, PIECE_NODES = 400, 20
CHOICES, ROUNDS = 4, 4
SHARE, PIECE_SHARE = 0.1, 0.05  # of the gap


def suppliers_first(search: Search, *, always: bool) -> tuple[FloatArray | None, bool]:
    """(the best point found, whether the choice of suppliers is what the bound depends on); `always`: or it stops there."""
    refused: list[FloatArray] = []
    best, least, is_decisive = None, np.inf, False
    known = max(search.bound, solve_relaxed(search.program(whole=False)).bound) * (1.0 + search.gap)
    for _ in range(CHOICES):
        chosen = solve_whole(_choosing(search, refused), SHARE * search.gap, NODES, presolve=False)
        is_decisive = is_decisive or min(chosen.bound, least) > known
        search.raise_bound(min(chosen.bound, least))
        is_last = chosen.x is None or chosen.bound >= search.cost * (1.0 - search.gap)
        if search.is_done or is_last or not (is_decisive or always):
            break
        assert chosen.x is not None
        refused.append(np.rint(chosen.x[_switches(search)]))
        before = search.cost
        x, bound = _solve_held(search, refused[-1])
        best = x if best is None or search.cost < before else best
        least = min(least, bound)
        if search.is_done or not is_decisive:
            break
    return best, is_decisive


def _solve_held(search: Search, choice: FloatArray) -> tuple[FloatArray | None, float]:
    """(the last point found with these suppliers, a bound for all plans with them); tangents are added on the way."""
    x, bound = None, -np.inf
    for _ in range(ROUNDS):
        program, switches = search.program(whole=False), _switches(search)
        low, high = program.low.copy(), program.high.copy()
        low[switches] = high[switches] = choice
        answer = solve_whole(replace(program, low=low, high=high), PIECE_SHARE * search.gap, PIECE_NODES, start=x)
        bound = max(bound, answer.bound)
        if answer.x is None:
            break
        x = answer.x
        cost = search.take(whole_packs(search.market, search.model, x))
        if bound >= search.cost or cost - bound <= search.gap * cost or not search.refine(answer):
            break
    return x, bound


def _switches(search: Search) -> IntArray:
    """The columns of suppliers."""
    program = search.model.program
    return np.flatnonzero(program.whole & (search.model.item < 0))


def _choosing(search: Search, refused: Sequence[FloatArray]) -> Program:
    """The program with whole suppliers alone, without choices that were looked at."""
    program, switches = search.program(whole=False), _switches(search)
    whole = np.zeros_like(program.whole)
    whole[switches] = True
    if not refused:
        return replace(program, whole=whole)
    choices = np.array(refused)
    signs = np.where(choices > 0, -1.0, 1.0)
    places = (np.repeat(np.arange(len(choices)), len(switches)), np.tile(switches, len(choices)))
    cuts = csc_array((signs.ravel(), places), shape=(len(choices), len(program.cost)))
    return replace(
        program,
        whole=whole,
        rows=vstack([program.rows, cuts], format="csc"),
        row_low=np.append(program.row_low, 1.0 - choices.sum(axis=1)),
        row_high=np.append(program.row_high, np.full(len(choices), INFINITY)),
    )
