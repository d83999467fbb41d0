"""The smallest change of each single demand of an order that would let it be filled."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Any

import numpy as np

from .model import UNLIMITED
from .room import Room
from .values import FloatArray, IntArray

STEPS = 6  # of the ratio's fixed point; it settles in two or three
DECIMALS = 3


@dataclass(frozen=True, slots=True)
class Change:
    """One demand and the value at which the order can be filled."""

    change: str  # a column of the orders: "hmf_max", "mass_min_kg", ...; or "tests"
    before: Any
    after: Any
    text: str

    @property
    def size(self) -> float:
        """Relative to the present value; a change that is no number counts as half."""
        if not isinstance(self.before, int | float) or not isinstance(self.after, int | float):
            return 0.5
        return abs(self.after - self.before) / max(abs(self.before), 1e-9)

    def to_dict(self) -> dict[str, Any]:
        return {"change": self.change, "from": self.before, "to": self.after, "text": self.text}


def changes(room: Room) -> Iterator[Change]:
    """Every demand whose change alone lets the order be filled from the room's drums."""
    for key in room.limits():
        yield from _limit(room, key)
    yield from _mass(room)
    yield from _sources(room)
    yield from _least(room)
    yield from _kinds(room)
    yield from _tests(room)
    yield from _price(room)


def _limit(room: Room, key: str) -> Iterator[Change]:
    parameter, sign, limit = room.limits()[key]
    demands = replace(room.demands, dropped=frozenset({key}))
    if not room.may_fill(demands):
        return
    reached = _worst_component(room, key) if room.book.is_component(parameter) else _best_blend(room, key)
    if reached is None:
        return
    value = _outward(reached, sign)
    if sign * (value - limit) > 0:
        verb = "Raise" if sign > 0 else "Lower"
        yield Change(key, limit, value, f"{verb} {key} from {_plain(limit)} to {_plain(value)}.")


def _best_blend(room: Room, key: str) -> float | None:
    """The blend nearest to a limit that all other demands allow (Dinkelbach's method)."""
    parameter, sign, limit = room.limits()[key]
    demands = replace(room.demands, dropped=frozenset({key}))
    measure = room.book.of(parameter)[0]
    aim, reached = measure.on_scale(limit), None
    for _ in range(STEPS):
        away = sign * (measure.top - aim * measure.bottom)
        worst = np.nanmax(np.abs(away), initial=0)
        filling = room.fill(demands, -np.where(np.isnan(away), 10 * worst, away))
        if filling is None or not measure.known[filling[0]].all():
            break
        values = _blends(room, parameter, *filling)
        blend = max(sign * value for value in values) * sign
        if reached is not None and sign * (reached - blend) <= 1e-9:
            break
        reached, aim = blend, measure.on_scale(values[0])
    return reached


def _blends(room: Room, parameter: str, batch: IntArray, drums: IntArray) -> list[float]:
    mass = room.model.drum_kg[batch] * drums
    blended = [measure.blended(batch, mass) for measure in room.book.of(parameter)]
    return [value for value in blended if value is not None]


def _worst_component(room: Room, key: str) -> float | None:
    """The nearest limit on every component: halve the range of batch values."""
    parameter, sign, _ = room.limits()[key]
    demands = replace(room.demands, dropped=frozenset({key}))
    raw: FloatArray = sign * room.book.raw(parameter)
    steps = np.unique(raw[room.usable(demands) & ~np.isnan(raw)])
    low, high = 0, len(steps) - 1
    reached = None
    while low <= high:
        middle = (low + high) // 2
        within = np.where(raw <= steps[middle], room.free, 0)
        if replace(room, free=within).fill(demands) is not None:
            reached, high = float(sign * steps[middle]), middle - 1
        else:
            low = middle + 1
    return reached


def _outward(value: float, sign: int) -> float:
    factor = 10.0**DECIMALS
    rounded = ceil(value * factor - 1e-6) if sign > 0 else floor(value * factor + 1e-6)
    return rounded / factor


def _mass(room: Room) -> Iterator[Change]:
    demands, orders = room.demands, room.model.orders
    ones = np.ones(len(room.free))
    most = room.fill(replace(demands, low=0.0), ones)
    if most is not None:
        mass = _plain(float(room.model.drum_kg[most[0]] @ most[1]))
        if 0 < mass < demands.low:
            before = _plain(int(orders.mass_min_g[room.order]) / 1000)
            text = f"Lower mass_min_kg from {before} to {mass}."
            yield Change("mass_min_kg", before, mass, text)
    heaviest = float(room.model.drum_kg.max(initial=0))
    least = room.fill(replace(demands, high=demands.low + heaviest), -ones)
    if least is not None:
        mass = _plain(float(room.model.drum_kg[least[0]] @ least[1]))
        if mass > demands.high:
            before = _plain(int(orders.mass_max_g[room.order]) / 1000)
            text = f"Raise mass_max_kg from {before} to {mass}."
            yield Change("mass_max_kg", before, mass, text)


def _plain(value: float) -> float:
    rounded = round(value, 3)
    return int(rounded) if rounded.is_integer() else rounded


def _sources(room: Room) -> Iterator[Change]:
    demands = room.demands
    if demands.sources >= UNLIMITED:
        return
    filling = room.fill(replace(demands, sources=UNLIMITED))
    if filling is None or len(filling[0]) <= demands.sources:
        return
    low, high = demands.sources + 1, len(filling[0])
    while low < high:
        middle = (low + high) // 2
        if room.fill(replace(demands, sources=middle)) is None:
            low = middle + 1
        else:
            high = middle
    text = f"Allow {high} sources instead of {demands.sources}."
    yield Change("sources_max", demands.sources, high, text)


def _least(room: Room) -> Iterator[Change]:
    demands = room.demands
    if demands.least == 1 or room.fill(replace(demands, least=1)) is None:
        return
    low, high = 1, demands.least - 1
    while low < high:
        middle = (low + high + 1) // 2
        if room.fill(replace(demands, least=middle)) is None:
            high = middle - 1
        else:
            low = middle
    text = f"Accept {low} drums from a batch instead of at least {demands.least}."
    yield Change("drums_min", demands.least, low, text)


def _kinds(room: Room) -> Iterator[Change]:
    demands = room.demands
    if not demands.kinds or not room.may_fill(replace(demands, kinds=frozenset())):
        return
    on_hand = {k for k, free in zip(room.model.batches.kind, room.free, strict=True) if free}
    others = sorted(on_hand - demands.kinds)
    for wider in ([{kind} for kind in others] + [set(others)]) if others else []:
        if room.fill(replace(demands, kinds=demands.kinds | wider)) is not None:
            after = sorted(demands.kinds | wider)
            text = f"Accept {', '.join(sorted(wider))} as well."
            yield Change("kinds", sorted(demands.kinds), after, text)
            return


def _tests(room: Room) -> Iterator[Change]:
    """Batches that would fill the order if a test found them just inside the limit."""
    for parameter in sorted({parameter for parameter, _, _ in room.limits().values()}):
        demands = replace(room.demands, trusted=parameter)
        untested = ~room.known(parameter)
        if not (untested & room.usable(demands)).any():
            continue
        filling = room.fill(demands)
        names = [room.model.batches.batch_id[i] for i in filling[0] if untested[i]] if filling else []
        if names:
            more = f" and {len(names) - 5} more" if names[5:] else ""
            text = f"Test {parameter} of {', '.join(names[:5])}{more}."
            yield Change("tests", parameter, names, text)


def _price(room: Room) -> Iterator[Change]:
    """The price at which the cheapest filling begins to pay."""
    price = int(room.model.orders.price_per_kg[room.order])
    filling = room.fill(room.demands, -room.model.cost)
    if filling is None:
        return
    mass = room.model.drum_kg[filling[0]] * filling[1]
    after = floor(float(mass @ room.model.cost[filling[0]] / mass.sum())) + 1
    if after > price:
        text = f"Raise price_per_kg from {price} to {after}."
        yield Change("price_per_kg", price, after, text)
