"""The buying problem as a mixed-integer program whose size does not depend on the number of members.

    z_j   supplier j is used: pays its delivery, must reach its minimum order
    b_op  offer o is used on piece p of its price; at most one piece, only if its supplier is used
    y_op  packs beyond the first of the piece; w_op packs that only help to reach a minimum order
    n_oz  packs that offer o brings into zone z: all it sells but w
    w_j   in a coarse model, instead of w_op: the part of its minimum order that supplier j is paid for nothing
    c_k   units kept in cell k of a zone for its later cells; after the last, nobody takes them
    s_k   segments of what a cell is served (see `merit`), saving what they cost alone

A supplier without delivery cost and minimum order needs no z. A first piece that may be as small as nothing
needs no b: it is used where its supplier is and no other piece, y <= high (z - other b).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csc_array

from .market import Market
from .solver import INFINITY, Program
from .terms import Piece, pieces_of
from .values import BoolArray, FloatArray, IntArray, Supplier

COARSE = 600  # quoted steps from which what is bought for nothing is money, not packs
NOTHING = 1e-6  # of a pack


@dataclass(slots=True)
class Builder:
    """Columns and rows collected one at a time."""

    is_coarse: bool = False
    cost: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    row_low: list[float] = field(default_factory=list)
    row_high: list[float] = field(default_factory=list)
    item: list[int] = field(default_factory=list)
    entry_row: list[int] = field(default_factory=list)
    entry_column: list[int] = field(default_factory=list)
    entry_value: list[float] = field(default_factory=list)

    def column(self, kind: str, cost: float, high: float, item: int = -1) -> int:
        self.kind.append(kind)
        self.cost.append(cost)
        self.high.append(high)
        self.item.append(item)
        return len(self.cost) - 1

    def enter(self, row: int, column: int, value: float) -> None:
        self.entry_row.append(row)
        self.entry_column.append(column)
        self.entry_value.append(value)

    def row(self, low: float, high: float, terms: Iterable[tuple[int, float]] = ()) -> int:
        self.row_low.append(low)
        self.row_high.append(high)
        number = len(self.row_low) - 1
        for column, value in terms:
            self.enter(number, column, value)
        return number

    def program(self, constant: float) -> Program:
        shape = (len(self.row_low), len(self.cost))
        places = (np.array(self.entry_row, dtype=np.int64), np.array(self.entry_column, dtype=np.int64))
        matrix = csc_array((np.array(self.entry_value, dtype=np.float64), places), shape=shape)
        kinds = np.array(self.kind, dtype="U1")
        return Program(
            cost=np.array(self.cost, dtype=np.float64),
            constant=constant,
            rows=matrix,
            row_low=np.array(self.row_low, dtype=np.float64),
            row_high=np.array(self.row_high, dtype=np.float64),
            low=np.zeros(len(self.cost)),
            high=np.array(self.high, dtype=np.float64),
            whole=(kinds == "z") | (kinds == "b"),
        )


@dataclass(frozen=True, slots=True)
class OfferColumns:
    """Where an offer's variables are: by piece (b, y, w), -1 = none, and by link (n)."""

    pieces: tuple[Piece, ...]
    used: tuple[int, ...]
    more: tuple[int, ...]
    waste: tuple[int, ...]
    packs: tuple[int, ...]

    def chosen(self, x: FloatArray, least: float) -> list[Piece]:
        """The pieces that are used in `x`; least: from which value of b on."""
        found = [piece for piece, b in zip(self.pieces, self.used, strict=True) if b >= 0 and x[b] > least]
        is_free = self.used[0] < 0 and x[self.more[0]] > NOTHING
        return found or (list(self.pieces[:1]) if is_free else [])


@dataclass(frozen=True, slots=True)
class Model:
    """The program without segments; the row of cell k is `first_cell + k`; `item` of each column, -1 = none."""

    program: Program
    offers: Mapping[int, OfferColumns]
    first_cell: int
    packs: IntArray  # columns that must be whole in the end
    item: IntArray

    def brought(self, x: FloatArray) -> dict[int, tuple[list[int], int]]:
        """Offer -> (whole packs by link, packs that nobody gets)."""
        found = {}
        for number, offer in self.offers.items():
            packs = [round(float(x[column])) for column in offer.packs]
            waste = sum(round(float(x[column])) for column in offer.waste if column >= 0)
            if any(packs) or waste:
                found[number] = (packs, waste)
        return found

    def columns_near(self, used: BoolArray) -> BoolArray:
        """The columns without pieces, and offers, of which nothing is used."""
        keep = np.ones(len(self.item), dtype=np.bool_)
        for offer in self.offers.values():
            is_idle = True
            for b, y, w in zip(offer.used, offer.more, offer.waste, strict=True):
                columns = [column for column in (b, y, w) if column >= 0]
                keep[columns] = used[columns].any()
                is_idle = is_idle and not keep[columns[0]]
            keep[list(offer.packs)] = not is_idle
        return keep


def build_model(market: Market) -> Model:
    """The model, coarse where suppliers quote so much that a few packs bought for nothing do not matter."""
    steps = sum(len(offer.steps) for (_, offer), links in zip(market.offers, market.links, strict=True) if links)
    builder = Builder(is_coarse=steps > COARSE)
    cells = [builder.row(0.0, 0.0) for _ in range(market.cells)]
    for zone in market.zones:
        for place in range(len(zone.days)):
            column = builder.column("c", 0.0, INFINITY, zone.item)
            builder.enter(zone.first + place, column, -1.0)
            if place + 1 < len(zone.days):
                builder.enter(zone.first + place + 1, column, 1.0)
    by_supplier: list[list[int]] = [[] for _ in market.suppliers]
    for number, (supplier, _) in enumerate(market.offers):
        if market.links[number]:
            by_supplier[supplier].append(number)
    offers: dict[int, OfferColumns] = {}
    for quoted, numbers in zip(market.suppliers, by_supplier, strict=True):
        _add_supplier(builder, market, quoted, numbers, offers)
    packs = [column for offer in offers.values() for column in (*offer.packs, *offer.waste) if column >= 0]
    program = builder.program(float(market.needs.alone_cost))
    item = np.array(builder.item, dtype=np.int64)
    return Model(program, offers, cells[0] if cells else 0, np.unique(np.array(packs, dtype=np.int64)), item)


def _add_supplier(
    builder: Builder, market: Market, supplier: Supplier, numbers: Sequence[int], offers: dict[int, OfferColumns]
) -> None:
    """Add a supplier with its offers, unless it costs more than all it could serve pay alone."""
    value = sum(link.value for number in numbers for link in market.links[number])
    if not numbers or supplier.minimum_order + supplier.delivery_fixed > value:
        return
    switch, reaching = -1, -1
    if supplier.minimum_order or supplier.delivery_fixed:
        switch = builder.column("z", float(supplier.delivery_fixed), 1.0)
    if supplier.minimum_order:
        reaching = builder.row(0.0, INFINITY, [(switch, -1.0)])
        if builder.is_coarse:
            nothing = builder.column("w", float(supplier.minimum_order), 1.0)
            builder.row(-INFINITY, 0.0, [(nothing, 1.0), (switch, -1.0)])
            builder.enter(reaching, nothing, 1.0)
    for number in numbers:
        pieces = pieces_of(market.offers[number][1], market.links[number], supplier.minimum_order)
        if pieces:
            offers[number] = _add_offer(builder, market, number, pieces, switch, reaching)


def _add_offer(
    builder: Builder, market: Market, number: int, pieces: Sequence[Piece], switch: int, reaching: int
) -> OfferColumns:
    supplier, offer = market.offers[number]
    item = market.zones[market.links[number][0].zone].item
    can_waste = reaching >= 0 and not builder.is_coarse
    is_free = pieces[0].low == 1 and pieces[0].base == 0 and not can_waste
    sold: list[tuple[int, float]] = []
    used, more, waste = list[int](), list[int](), list[int]()
    for piece in pieces:
        if is_free and not used:
            low, b = 0, -1
            y = builder.column("y", float(piece.price), float(piece.useful), item)
        else:
            low, b = piece.low, builder.column("b", float(piece.cost(piece.low)), 1.0, item)
            y = _add_packs(builder, "y", piece.price, piece.useful - piece.low, b)
        w = _add_packs(builder, "w", piece.price, piece.high - piece.useful, b) if can_waste else -1
        sold += [(column, value) for column, value in ((b, float(low)), (y, 1.0)) if column >= 0]
        used.append(b)
        more.append(y)
        waste.append(w)
        if reaching >= 0:
            least = market.suppliers[supplier].minimum_order
            for column, cost in ((b, piece.cost(low)), (y, piece.price), (w, piece.price)):
                if column >= 0:
                    builder.enter(reaching, column, cost / least)
    one = [(b, 1.0) for b in used if b >= 0]
    if is_free:
        one.append((more[0], 1.0 / pieces[0].useful))
    if switch >= 0:
        builder.row(-INFINITY, 0.0, [*one, (switch, -1.0)])
    else:
        builder.row(-INFINITY, 1.0, one)
    most = float(max(piece.useful for piece in pieces))
    packs = []
    for link in market.links[number]:
        n = builder.column("n", 0.0, most, item)
        builder.enter(link.cell, n, float(offer.pack))
        packs.append(n)
    builder.row(0.0, 0.0, [*sold, *((n, -1.0) for n in packs)])
    return OfferColumns(tuple(pieces), tuple(used), tuple(more), tuple(waste), tuple(packs))


def _add_packs(builder: Builder, kind: str, price: int, most: int, switch: int) -> int:
    """A column of up to so many packs, only where its switch is on; -1 when there are none."""
    if most <= 0:
        return -1
    column = builder.column(kind, float(price), float(most), builder.item[switch])
    builder.row(-INFINITY, 0.0, [(column, 1.0), (switch, -float(most))])
    return column
