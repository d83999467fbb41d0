"""Joint selling: many members' drums become blends that buyers accept, with a certificate.

Small problems go straight to HiGHS. Larger ones are bounded by prices (`bound`), filled order by
order at those prices (`repair`), cleared of every pair that provably cannot matter, and what is
left goes to HiGHS again, started from the filling found.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ..laws import BlendLaw
from .bound import Prices, Table, chunks, find_prices, tabulate, worth
from .deadline import Deadline
from .exact import Pairs, all_pairs, pair_most, program_of, switches
from .model import ROUNDING, Model, build_model
from .plan import SalePlan, describe
from .repair import Repair, Sale
from .solver import Effort, solve_whole
from .together import exchange_drums
from .values import Batches, FloatArray, IntArray, Orders

SMALL = 1_500  # pairs that HiGHS is given at once
LARGE = 6_000  # pairs above which HiGHS is not worth its time
NODE_WORK, LEAST_NODES, MOST_NODES = 400_000, 50, 50_000  # nodes x pairs given to HiGHS
FIRST_SHARE = 0.15  # of them at once, before anything else is tried
FORGIVEN = 2e-5  # activity, kg x unit: more than HiGHS lets a limit be broken by
SWEEPS, MOVES = 800, 30_000
COMPANIES = (1, 2, 4)  # rivals emptied to make room for an order that was left out
EXCHANGES, EXCHANGE_MOVES, PATIENCE = 14, 4_000_000, 3


@dataclass(slots=True)
class Search:
    """The best sale so far and the bound it is measured against."""

    sale: Sale
    objective: int
    bound: float

    def take(self, sale: Sale, model: Model) -> None:
        value = sale.value(model)
        if value > self.objective:
            self.sale, self.objective = sale, value

    def lower_bound_to(self, bound: float) -> None:
        """Money is whole, so a bound may be rounded down."""
        self.bound = max(min(self.bound, float(np.floor(bound + 1e-6))), float(self.objective))

    def is_within(self, gap: float) -> bool:
        return self.bound - self.objective <= gap * self.objective + 1e-6


def plan_sale(
    batches: Batches,
    orders: Orders,
    laws: Mapping[str, BlendLaw],
    *,
    gap: float = 0.002,
    seconds: float | None = None,
    clock: Callable[[], float] | None = None,
) -> SalePlan:
    """Choose whole drums for every order worth filling, and prove how good the choice is.

    Maximises the sum of drums x drum_kg x (price - reserve - transport). A batch goes into an order
    when it is not barred, is of a kind the order takes and is tested for all that the order limits.
    A filled order keeps its mass range, its most sources (distinct batches), the least drums from
    each of them, and every limit on the blend by the laws.

    Parameters
    ----------
    batches, orders : columns, see `Batches.build` and `Orders.build`.
    laws : parameter -> how it blends. Every limited parameter needs one.
    gap : stop when (bound - objective) / objective is this small.
    seconds, clock : a limit in wall-clock time, for the edge of a program only; `clock` tells
        seconds, e.g. `time.monotonic`. Without them equal input gives an equal plan.

    Returns
    -------
    SalePlan
        `bound` is proven: no plan in whole drums can earn more.

    Raises
    ------
    ValueError
        When a limited parameter has no law, or the gap is negative or not a number.

    References
    ----------
    Geoffrion (1974) for the bound; Balas & Martin (1980), pivot and complement, for the idea of
    repairing a relaxation; reduced-cost fixing after Dantzig, Fulkerson & Johnson (1954).
    """
    if not 0 <= gap < np.inf:
        raise ValueError(f"The gap must be a number of at least 0, not {gap}.")
    deadline = Deadline(seconds, clock)
    model = build_model(batches, orders, laws)
    search = _search(model, gap, deadline)
    return describe(model, laws, search.sale, search.bound, deadline)


def _search(model: Model, gap: float, deadline: Deadline) -> Search:
    search = Search(Sale(free=model.drums.copy()), 0, _most_conceivable(model))
    pairs = all_pairs(model)
    if len(pairs) <= SMALL:
        _solve_exactly(search, model, pairs, Effort(gap / 2, int(FIRST_SHARE * _nodes(pairs)), deadline.left))
    if search.is_within(gap) or deadline.is_over:
        return search
    table = tabulate(model)
    prices = find_prices(table, model, sweeps=SWEEPS)
    search.lower_bound_to(prices.bound)
    _fill(search, Repair(model, table, prices), gap, deadline)
    if search.is_within(gap) or deadline.is_over:
        return search
    left = pairs_that_matter(model, table, prices, search)
    if len(left) <= LARGE:
        _solve_exactly(search, model, left, Effort(gap / 2, _nodes(left), deadline.left))
    return search


def _nodes(pairs: Pairs) -> int:
    return min(max(NODE_WORK // max(len(pairs), 1), LEAST_NODES), MOST_NODES)


def _most_conceivable(model: Model) -> float:
    """Every batch to the best price it may get, and no limit kept."""
    if not model.lots:
        return 0.0
    prices = np.where(model.usable, model.price[model.lot_order], -np.inf).max(axis=1)
    return float(model.drums * model.drum_kg @ np.maximum(prices - model.cost, 0))


def _fill(search: Search, repair: Repair, gap: float, deadline: Deadline) -> None:
    """Fill at market prices, let orders choose again, then exchange drums among them."""

    def is_done() -> bool:
        search.take(repair.sale.copy(), repair.model)
        return search.is_within(gap) or deadline.is_over

    repair.fill_at_market_prices(MOVES)
    idle = 0
    while not is_done() and idle < 2:
        idle = 0 if repair.improve(MOVES) else idle + 1
    for order in [each for each in repair.orders if each not in repair.sale.lot]:
        for company in COMPANIES:
            if is_done() or repair.reshuffle(order, company, MOVES):
                break
    idle = 0
    for seed in range(1, EXCHANGES + 1):
        if is_done() or idle == PATIENCE:
            return
        won = [exchange_drums(repair, EXCHANGE_MOVES, seed), repair.improve(MOVES)]
        idle = 0 if any(won) else idle + 1
    is_done()


def pairs_that_matter(model: Model, table: Table, prices: Prices, search: Search) -> Pairs:
    """Every pair that a plan better than the present one could use.

    Putting one drum where it earns r per kg less than its batch's best costs the bound mass x r.
    When that is more than the whole gap, no better plan does it: the pair is proven out.
    """
    room = prices.bound - search.objective + 1e-6 * abs(prices.bound)
    kept: list[tuple[IntArray, IntArray]] = []
    for rows in chunks(len(table.supply)):
        earned = worth(table, model, prices, rows)
        best = np.maximum(earned.max(axis=1, initial=0.0), 0)
        least = model.drums_min[table.lot_order] * model.drum_kg[rows, None]
        batch, lot = np.nonzero((best[:, None] - earned) * least <= room)
        kept.append((batch + rows.start, lot))
    return Pairs(*(np.concatenate(each) for each in zip(*kept, strict=True)))


def _solve_exactly(search: Search, model: Model, pairs: Pairs, effort: Effort) -> None:
    """Give the pairs to HiGHS; what it proves holds for all plans better than the present one."""
    if not len(pairs):
        search.lower_bound_to(float(search.objective))
        return
    program = program_of(model, pairs)
    start = start_from(model, pairs, search.sale, len(program.gain)) if search.sale.lot else None
    answer = solve_whole(program, effort, start)
    if answer.x is not None and not _take(search, model, pairs, answer.x):
        strictly = solve_whole(program_of(model, pairs, inside=FORGIVEN), effort)
        if strictly.x is not None:
            _take(search, model, pairs, strictly.x)
    search.lower_bound_to(max(answer.bound, float(search.objective)))


def _take(search: Search, model: Model, pairs: Pairs, x: FloatArray) -> bool:
    """Take over what HiGHS found; False when an order in it breaks a limit by a hair."""
    drums = x[: len(pairs)].astype(np.int64)
    sale = sale_of(model, pairs, drums)
    search.take(sale, model)
    return len(sale.lot) == len(np.unique(pairs.lot[drums > 0]))


def sale_of(model: Model, pairs: Pairs, drums: IntArray) -> Sale:
    """The sale that these drums of these pairs make; an order that breaks a rule is left out."""
    sale = Sale(free=model.drums.copy())
    for lot in np.unique(pairs.lot[drums > 0]):
        mine = (pairs.lot == lot) & (drums > 0)
        order = int(model.lot_order[lot])
        if order not in sale.lot and keeps_limits(model, int(lot), pairs.batch[mine], drums[mine]):
            sale.put(order, int(lot), pairs.batch[mine], drums[mine])
    return sale


def keeps_limits(model: Model, lot: int, batch: IntArray, drums: IntArray) -> bool:
    mass = model.drum_kg[batch] * drums
    return all(float(mass @ row.coefficients()[batch]) <= ROUNDING * mass.sum() for row in model.lots[lot].rows)


def start_from(model: Model, pairs: Pairs, sale: Sale, width: int) -> FloatArray:
    """A full solution of `program_of(model, pairs)` that stands for this sale."""
    drums = np.zeros(width)
    for order, lot in sale.lot.items():
        held = dict(zip(sale.batch[order].tolist(), sale.drums[order].tolist(), strict=True))
        for place in np.flatnonzero(pairs.lot == lot):
            drums[place] = held.get(int(pairs.batch[place]), 0)
    used, accepted = switches(model, pairs, pair_most(model, pairs))
    drums[len(pairs) : len(pairs) + len(used)] = drums[used] > 0
    drums[len(pairs) + len(used) :] = np.isin(accepted, list(sale.lot.values()))
    return drums
