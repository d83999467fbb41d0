"""Joint buying: which supplier brings how many packs of what where, with a certificate.

The program of `model` is first relaxed, to learn what a unit is worth in each cell and put the
tangents of `merit` there; then solved with whole suppliers and pieces but parts of packs, which gives
a bound; then, those choices held, packs are made whole (`packing`), which gives a plan. If the two
are not within the gap and the program is not too large, it is solved in whole packs at once. What a
plan costs is counted from the quotations in whole numbers, never taken from the solver.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .allocate import Purchase, allocate
from .bill import groups_of, invoices
from .market import Market, open_market
from .merit import Merit, Tangents
from .model import Model, build_model
from .packing import whole_packs
from .plan import BuyingPlan, describe
from .solver import Answer, Program, solve_relaxed, solve_whole
from .terms import cost_of
from .values import FloatArray, Needs, Supplier

SMALL, MIDDLE = 400, 1_500  # whole columns up to which packs are whole from the start, or at the end
NODES, MIDDLE_NODES, SMALL_NODES = 20, 200, 20_000
LOOKS, ROUNDS, SMALL_ROUNDS = 1, 3, 30  # of tangents added where the search came to rest
NEAR = (0.9, 0.95, 0.98, 1.0, 1.02, 1.05, 1.1)  # there and thereabouts
SHARE = 0.5  # of the gap for the solver; the rest is for tangents
SHARES = (0.8, 0.4, 0.2)  # the same round after round; the rest is for tangents and whole packs


@dataclass(slots=True)
class Search:
    """The cheapest purchase so far and the bound below every plan."""

    market: Market
    merit: Merit
    model: Model
    tangents: Tangents
    gap: float
    purchase: Purchase
    cost: int
    bound: float = 0.0  # nobody is paid for taking goods

    def program(self, *, whole: bool) -> Program:
        """The program with the tangents of the moment."""
        program = self.model.program
        if whole:
            marks = program.whole.copy()
            marks[self.model.packs] = True
            program = replace(program, whole=marks)
        return program.with_segments(self.tangents.segments(), self.model.first_cell)

    @property
    def is_done(self) -> bool:
        return self.cost - self.bound <= self.gap * self.cost

    def take(self, bought: Mapping[tuple[int, int], int]) -> None:
        """Take over what (offer, zone) -> units buys, if it is cheaper."""
        purchase, cost = worth_buying(self.market, bought)
        if cost < self.cost:
            self.purchase, self.cost = purchase, cost

    def raise_bound(self, bound: float) -> None:
        """Costs are whole, so a bound may be rounded up; and no bound is above a plan."""
        up = np.ceil(bound - 1e-6 * max(1.0, abs(bound) * 1e-6))
        self.bound = max(self.bound, min(float(up), float(self.cost)))

    def refine(self, answer: Answer) -> int:
        """Put tangents where this answer serves each cell; the number that is new."""
        if answer.x is None:
            return 0
        segments = self.tangents.segments()
        served = np.zeros(self.market.cells)
        np.add.at(served, segments.cell, answer.x[len(self.model.program.cost) :])
        told = np.zeros(self.market.cells)
        np.add.at(told, segments.cell, segments.price * answer.x[len(self.model.program.cost) :])
        if (told - self.merit.true_saving(served)).sum() <= 0.1 * self.gap * self.cost:
            return 0
        return sum(self.tangents.add(self.merit.row_at(part * served)) for part in NEAR)


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

    HiGHS is nearly always faster without its presolve here; it gets it when it has come to no end without.
    """
    for share in SHARES:
        program = search.program(whole=False)
        answer = solve_whole(program, share * search.gap, NODES, presolve=False)
        came_to_an_end = answer.is_within(share * search.gap)
        if not came_to_an_end:
            search.raise_bound(answer.bound)
            answer = solve_whole(program, share * search.gap, NODES)
        search.raise_bound(answer.bound)
        if answer.x is None:
            return
        search.take(whole_packs(search.market, search.model, answer.x))
        if search.is_done or not came_to_an_end:
            return
        search.refine(answer)


def _solve_at_once(search: Search, nodes: int, rounds: int) -> None:
    for _ in range(rounds):
        answer = solve_whole(search.program(whole=True), SHARE * search.gap, nodes)
        search.raise_bound(answer.bound)
        if answer.x is not None:
            search.take(bought_by(search.market, search.model, answer.x))
        if search.is_done or not answer.is_within(SHARE * search.gap) or not search.refine(answer):
            return


def bought_by(market: Market, model: Model, x: FloatArray) -> dict[tuple[int, int], int]:
    """(offer, zone) -> units, as the solver has it but for what no supplier would sell."""
    bought: dict[tuple[int, int], int] = {}
    for number, (packs, waste) in model.brought(x).items():
        offer = market.offers[number][1]
        packs = [packs[0] + waste, *packs[1:]]
        try:
            cost_of(offer, offer.pack * sum(packs))
        except ValueError:
            continue
        for link, count in zip(market.links[number], packs, strict=True):
            if count:
                bought[number, link.zone] = count * offer.pack
    return bought


def worth_buying(market: Market, bought: Mapping[tuple[int, int], int]) -> tuple[Purchase, int]:
    """The purchase without suppliers below their minimum order, and without groups that cost more than alone."""
    while True:
        purchase = allocate(market, bought)
        _, invoice = invoices(market, purchase)
        short = {
            supplier
            for supplier, cost in invoice.items()
            if cost - market.suppliers[supplier].delivery_fixed < market.suppliers[supplier].minimum_order
        }
        for group in groups_of(market, purchase, invoice):
            if group.cost > group.ceiling:
                short.update(group.suppliers)
        if not short:
            unserved = (market.needs.quantity - purchase.served) @ market.needs.alone_price
            return purchase, sum(invoice.values()) + int(unserved)
        bought = {key: units for key, units in bought.items() if market.offers[key[0]][0] not in short}
