"""Joint buying: which supplier brings how many packs of what where, with a certificate.

The program of `model` is first relaxed, to learn what a unit is worth in each cell and put the
tangents of `merit` there; then solved item by item, which gives a bound, and with the pieces found so alone,
which gives a start (`items`); then, where that is not near enough, from this start with whole suppliers and all pieces
but parts of packs, or with suppliers chosen first (`suppliers`). Each time, the choices held, packs are made whole (`packing`), which gives a plan. If plan and
bound are not within the gap and the program is not too large, it is solved in whole packs at once. What a plan costs
is counted from the quotations in whole numbers, never taken from the solver.
"""

from collections.abc import Sequence

import numpy as np

from .allocate import allocate
from .items import solve_by_item
from .market import Market, open_market
from .merit import Merit, Tangents
from .model import build_model
from .packing import whole_packs
from .plan import BuyingPlan, describe
from .search import Search, bought_by
from .solver import TRUST, Answer, solve_relaxed, solve_whole
from .suppliers import suppliers_first
from .values import FloatArray, Needs, Supplier

SMALL, MIDDLE = 400, 1_500  # whole columns up to which packs are whole from the start, or at the end
NODES, MIDDLE_NODES, SMALL_NODES = 20, 200, 20_000
LOOKS, ROUNDS, SMALL_ROUNDS = 1, 3, 30  # of tangents added where the search came to rest
SHARE = 0.5  # of the gap for the solver; the rest is for tangents
SHARES = (0.85, 0.45, 0.2)  # the same round after round; the rest is for tangents and whole packs
FAR = 20.0  # gaps between start and bound from which suppliers are chosen first
ITEM_SHARE, START_SHARE = 0.05, 0.1  # the same for items by themselves, and for the start


def plan_purchase(needs: Needs, suppliers: Sequence[Supplier], *, gap: float = 1e-4) -> BuyingPlan:
    """Choose suppliers and whole packs for what members need at the least cost, and share the bill.

    Minimises the suppliers' invoices (goods and delivery) plus what the units that are not bought together
    cost their members alone. A need is served by what is delivered to its place in time, in part if
    need be; more than it wants only within its tolerance, and nothing is counted for that. Packs
    that nobody takes may be bought where that is cheaper; their cost is in the bill. A supplier is
    used only when its goods are worth its minimum order, and its delivery is paid once.

    Parameters
    ----------
    needs, suppliers : see `Needs.build`, `Supplier` and `Offer`.
    gap : stop when (cost - bound) / cost is this small.

    Returns
    -------
    BuyingPlan
        `bound` is proven: no plan costs less. Equal input gives an equal plan, in whatever order
        it came.

    Raises
    ------
    ValueError
        When a supplier is there twice, or the gap is negative or not a number.

    References
    ----------
    Goossens, Maas, Spieksma & van de Klundert (2007), Exact algorithms for procurement problems
    under a total quantity discount structure, EJOR 178.
    """
    if not 0 <= gap < np.inf:
        raise ValueError(f"The gap must be a number of at least 0, not {gap}.")
    market = open_market(needs, suppliers)
    search = _search(market, gap)
    return describe(market, search.purchase, search.cost, search.bound)


def _search(market: Market, gap: float) -> Search:
    merit, model = Merit.of(market), build_model(market)
    nothing = allocate(market, {})
    search = Search(market, merit, model, Tangents(merit), gap, nothing, market.needs.alone_cost)
    if not model.offers:
        search.raise_bound(float(search.cost))
        return search
    size = len(model.packs) + int(model.program.whole.sum())
    _look_around(search)
    if size > SMALL:
        _solve_in_parts(search)
    if size <= MIDDLE and not search.is_done:
        _solve_at_once(search, *((SMALL_NODES, SMALL_ROUNDS) if size <= SMALL else (MIDDLE_NODES, ROUNDS)))
    return search


def _look_around(search: Search) -> None:
    relaxed = solve_relaxed(search.program(whole=False))
    search.raise_bound(relaxed.bound)
    if relaxed.row_price is not None:
        first = search.model.first_cell
        search.tangents.add_around(-relaxed.row_price[first : first + search.market.cells])
    for _ in range(LOOKS):
        search.refine(solve_relaxed(search.program(whole=False)))


def _solve_in_parts(search: Search) -> None:
    """Whole suppliers and pieces, parts of packs; then whole packs near by.

    HiGHS is nearly always faster without its presolve here; it gets it when all else has come to no end.
    """
    start, lost = _start(search)
    is_far = search.cost - search.bound > FAR * search.gap * search.cost
    if is_far and not search.is_done:
        better, is_decisive = suppliers_first(search, always=False)
        if is_decisive:
            return
        start = start if better is None else better
    for share in SHARES:
        if search.is_done or (share > SHARES[1] and share + lost > 1.0):
            continue
        answer = solve_whole(
            search.program(whole=False), share * search.gap, NODES, presolve=False, start=start, seek=is_far
        )
        _take_over(search, answer)
        if not answer.is_within(share * search.gap):
            break
        search.refine(answer)
        start = answer.x
    if not search.is_done and not is_far:
        better, _ = suppliers_first(search, always=True)
        start = start if better is None else better
    if not search.is_done:
        _take_over(search, solve_whole(search.program(whole=False), SHARES[1] * search.gap, NODES, start=start))


def _take_over(search: Search, answer: Answer) -> None:
    search.raise_bound(answer.bound)
    if answer.x is not None:
        search.take(whole_packs(search.market, search.model, answer.x))


def _start(search: Search) -> tuple[FloatArray | None, float]:
    """Items by themselves; then all together, with the pieces alone that were used there or in the relaxation.

    Returns a start for the whole search, and what whole packs took from it in parts of the gap.
    """
    program = search.program(whole=False)
    relaxed = solve_relaxed(program)
    if relaxed.x is None:
        return None, 0.0
    found = solve_by_item(program, search.item, relaxed, ITEM_SHARE * search.gap * search.cost)
    search.raise_bound(relaxed.bound + found.gain - TRUST * abs(relaxed.bound))
    keep = np.ones(len(program.cost), dtype=np.bool_)
    own = len(search.model.item)
    keep[:own] = search.model.columns_near(found.used[:own])
    answer = solve_whole(program.only(keep), START_SHARE * search.gap, NODES, seek=False)
    if answer.x is None:
        return None, 0.0
    start = np.zeros(len(program.cost))
    start[keep] = answer.x
    cost = search.take(whole_packs(search.market, search.model, start))
    search.refine(Answer(start, -np.inf))
    return start, (cost / answer.value - 1.0) / max(search.gap, TRUST)


def _solve_at_once(search: Search, nodes: int, rounds: int) -> None:
    for _ in range(rounds):
        answer = solve_whole(search.program(whole=True), SHARE * search.gap, nodes)
        search.raise_bound(answer.bound)
        if answer.x is not None:
            search.take(bought_by(search.market, search.model, answer.x))
        if search.is_done or not answer.is_within(SHARE * search.gap) or not search.refine(answer):
            return
