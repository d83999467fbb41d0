"""Batches, orders and laws become one table of numbers that every stage of the planner reads.

A *lot* is one order under one set of limits; an order with an alternative set gives several lots,
of which at most one is filled. Limits become rows `sum(mass * (top - limit * bottom)) <= 0`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..laws import BlendLaw
from .blend import Measure, measures
from .values import Batches, BoolArray, FloatArray, IntArray, Limits, Orders

TOLERANCE = 5e-10  # of a limit; half of what the independent check forgives
ZERO = 1e-12  # of a limit; nearer than this is equal
ROUNDING = 2e-10  # activity per kilogram that a sum in floating point may leave above 0
UNLIMITED = 10**9


@dataclass(frozen=True, slots=True)
class Row:
    """One cleared limit of one lot: `sum(mass * sign * (top - limit * bottom)) <= 0`."""

    parameter: str
    sign: int  # +1 an upper limit, -1 a lower one
    limit: float  # as the order states it, in the parameter's unit
    measure: Measure

    @property
    def key(self) -> str:
        return f"{self.parameter}_{'max' if self.sign > 0 else 'min'}"

    def coefficients(self) -> FloatArray:
        """Per kilogram of each batch, in the unit of the measure's scale; <= 0 helps.

        A batch exactly at the limit gets 0 and not what rounding leaves.
        """
        at = self.measure.on_scale(self.limit)
        away = self.sign * (self.measure.top - at * self.measure.bottom)
        return np.where(np.abs(away) <= ZERO * max(1.0, abs(at)), 0.0, away)


@dataclass(frozen=True, slots=True)
class Lot:
    """One order under one of its sets of limits."""

    order: int
    variant: int
    rows: tuple[Row, ...]
    usable: BoolArray  # batches that may go in


@dataclass(frozen=True, slots=True)
class Model:
    """Everything the planner needs; masses in kg as floats, exact grams in `batches`."""

    batches: Batches
    orders: Orders
    lots: tuple[Lot, ...]
    drums: IntArray  # (batches,) on offer, 0 when barred
    drum_kg: FloatArray  # (batches,)
    cost: FloatArray  # (batches,) reserve + transport, money per kg
    price: FloatArray  # (orders,) money per kg
    mass_min: FloatArray  # (orders,) kg
    mass_max: FloatArray  # (orders,) kg
    sources_max: IntArray  # (orders,) UNLIMITED when there is none
    drums_min: IntArray  # (orders,)

    @property
    def lot_order(self) -> IntArray:
        return np.array([lot.order for lot in self.lots], dtype=np.int64)

    @property
    def usable(self) -> BoolArray:
        """(batches, lots)"""
        if not self.lots:
            return np.zeros((len(self.batches), 0), dtype=np.bool_)
        return np.column_stack([lot.usable for lot in self.lots])

    def most_drums(self, order: int) -> IntArray:
        """(batches,) the most drums of each batch that fit this order at all."""
        fitting = self.orders.mass_max_g[order] // self.batches.drum_g
        most: IntArray = np.minimum(self.drums, fitting)
        return most

    def drum_value(self, order: int) -> FloatArray:
        """(batches,) money gained by one drum of each batch in this order."""
        value: FloatArray = self.drum_kg * (self.price[order] - self.cost)
        return value


def build_model(batches: Batches, orders: Orders, laws: Mapping[str, BlendLaw]) -> Model:
    """Put every limit into a row and say which batch may go into which lot."""
    check_limits(orders, laws)
    drums = np.where(batches.barred, 0, batches.drums)
    model = Model(
        batches=batches,
        orders=orders,
        lots=(),
        drums=drums,
        drum_kg=batches.drum_g / 1000,
        cost=(batches.reserve_per_kg + batches.transport_per_kg).astype(np.float64),
        price=orders.price_per_kg.astype(np.float64),
        mass_min=orders.mass_min_g / 1000,
        mass_max=orders.mass_max_g / 1000,
        sources_max=np.where(orders.sources_max == 0, UNLIMITED, orders.sources_max),
        drums_min=orders.drums_min,
    )
    book = MeasureBook(batches, laws)
    kinds = np.array(batches.kind)
    lots = (
        lot_of(model, book, kinds, order, variant)
        for order in range(len(orders))
        for variant in range(len(orders.limits))
        if variant == 0 or _is_limited(orders.limits[variant], order)
    )
    return _with_reachable_masses(replace(model, lots=tuple(lots)))


def _with_reachable_masses(model: Model) -> Model:
    """Move each mass range inwards to multiples of what all its usable drums' masses share.

    With drums of 300 kg an order for 10 to 20.3 t holds 10.2 to 20.1 t; the bound gains by it.
    """
    low, high = model.orders.mass_min_g.copy(), model.orders.mass_max_g.copy()
    lots = []
    for lot in model.lots:
        fit = np.logical_or.reduce([each.usable for each in model.lots if each.order == lot.order])
        unit = int(np.gcd.reduce(model.batches.drum_g[fit])) if fit.any() else 1
        low[lot.order] = -(-low[lot.order] // unit) * unit
        high[lot.order] = high[lot.order] // unit * unit
        usable = lot.usable & (low[lot.order] <= high[lot.order])
        lots.append(replace(lot, usable=usable))
    return replace(model, lots=tuple(lots), mass_min=low / 1000, mass_max=high / 1000)


def check_limits(orders: Orders, laws: Mapping[str, BlendLaw]) -> None:
    """Refuse a limit on a parameter that no law covers."""
    for limits in orders.limits:
        for parameter in (*limits.lower, *limits.upper):
            if parameter not in laws:
                raise ValueError(f"No blend law is known for the parameter {parameter!r}.")


def _is_limited(limits: Limits, order: int) -> bool:
    return any(not np.isnan(column[order]) for side in (limits.lower, limits.upper) for column in side.values())


class MeasureBook:
    """Each parameter's measures, worked out once for all orders."""

    def __init__(self, batches: Batches, laws: Mapping[str, BlendLaw]) -> None:
        self.batches, self.laws = batches, laws
        self._known: dict[str, tuple[Measure, ...]] = {}

    def of(self, parameter: str) -> tuple[Measure, ...]:
        if parameter not in self._known:
            self._known[parameter] = measures(parameter, self.batches.quality, self.laws, len(self.batches))
        return self._known[parameter]

    def is_component(self, parameter: str) -> bool:
        return self.laws[parameter].law == "component"

    def raw(self, parameter: str) -> FloatArray:
        missing = np.full(len(self.batches), np.nan)
        return self.batches.quality.get(parameter, missing)


def limits_of(limits: Limits, order: int) -> Iterator[tuple[str, int, float]]:
    """(parameter, sign, limit) for each limit that this order sets."""
    for sign, side in ((-1, limits.lower), (1, limits.upper)):
        for parameter, column in side.items():
            if not np.isnan(column[order]):
                yield parameter, sign, float(column[order])


def lot_of(model: Model, book: MeasureBook, kinds: np.ndarray, order: int, variant: int) -> Lot:
    """The rows of one order under one set of limits, and the batches that may go in."""
    wanted = model.orders.kinds[order]
    most = model.most_drums(order)
    usable = most >= model.drums_min[order]
    if wanted:
        usable &= np.isin(kinds, sorted(wanted))
    rows: list[Row] = []
    for parameter, sign, limit in limits_of(model.orders.limits[variant], order):
        if book.is_component(parameter):
            usable &= meets(book.raw(parameter), sign, limit)
            continue
        for measure in book.of(parameter):
            rows.append(Row(parameter, sign, limit, measure))
            usable &= measure.known
    return Lot(order, variant, tuple(rows), usable & _can_be_filled(rows, usable))


def _can_be_filled(rows: Iterable[Row], usable: BoolArray) -> bool:
    """False when a limit lies beyond every usable batch, so that no blend can meet it."""
    return all((row.coefficients()[usable] <= 0).any() for row in rows)


def meets(values: FloatArray, sign: int, limit: float) -> BoolArray:
    """Which batches meet a limit by themselves; an untested one does not."""
    reach = limit + sign * TOLERANCE * max(1.0, abs(limit))
    with np.errstate(invalid="ignore"):
        inside: BoolArray = sign * values <= sign * reach
    return inside
