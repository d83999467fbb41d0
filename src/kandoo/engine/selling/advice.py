"""Why an order stays unfilled, and the smallest single change that would fill it.

One thing is relaxed at a time. A change is only named with drums in hand that fill the order under
it, so every proposal is proven possible; "smallest" is relative to the present value.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from .changes import Change, changes
from .model import UNLIMITED, MeasureBook, Model
from .repair import Sale
from .room import Demands, Room
from .values import BoolArray


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why an order is not filled. `code` is for programs, `text` for people.

    Codes: kinds, mass, drums_min, untested, limit, limits, sources, price, outbid, unexamined.
    """

    code: str
    text: str
    parameter: str | None = None  # for `untested` and `limit`: "hmf"
    limit: str | None = None  # for `limit`: "hmf_max"
    available_kg: float | None = None  # the mass that remained when it became too little

    def to_dict(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value is not None}


def explain(
    model: Model, book: MeasureBook, sale: Sale, order: int, *, with_change: bool
) -> tuple[WhyNot, Change | None]:
    """The reason, and the nearest change that fills the order from the unsold drums.

    When none does, the change is looked for among all drums, as if no other order had any. Without
    `with_change` only what a glance at single batches shows is told.
    """
    everything = Room(model, book, order, model.drums)
    reason = next(_too_little(everything), None)
    if not with_change:
        return reason or WhyNot("unexamined", "No filling was found; the reason was not looked for."), None
    reason = reason or next(_too_strict(everything), None) or _not_worth_it(everything)
    for room in (Room(model, book, order, sale.free), everything):
        found = sorted(changes(room), key=lambda change: change.size)
        if found:
            return reason, found[0]
    return reason, None


def _kilograms(room: Room, usable: BoolArray) -> float:
    return float(room.most(room.demands)[usable] @ room.model.drum_kg[usable])


def _too_little(room: Room) -> Iterator[WhyNot]:
    """Demands on single batches that leave less than the least mass."""
    demands = room.demands
    most = room.most(demands)
    usable = most > 0
    steps: list[tuple[str, str | None, BoolArray, str]] = [
        ("mass", None, usable, "All drums on offer that fit the order weigh {:g} kg."),
        ("kinds", None, room.of_kind(demands), "Of the kinds it accepts only {:g} kg are there."),
        ("drums_min", None, most >= demands.least, "Batches with enough drums hold {:g} kg."),
    ]
    for key, (parameter, sign, limit) in room.limits().items():
        text = f"Tested for {parameter} are only {{:g}} kg."
        steps.append(("untested", parameter, room.known(parameter), text))
        if room.book.is_component(parameter):
            raw = room.book.raw(parameter)
            inside = np.nan_to_num(sign * raw, nan=np.inf) <= sign * limit + 1e-12
            text = f"Batches that each meet {key} {limit:g} hold {{:g}} kg."
            steps.append(("limit", parameter, inside, text))
    for code, name, allowed, text in steps:
        usable = usable & allowed
        mass = _kilograms(room, usable)
        if mass < demands.low or not usable.any():
            key = f"{name}_max" if f"{name}_max" in room.limits() else f"{name}_min"
            limit_key = key if code == "limit" else None
            yield WhyNot(code, text.format(mass), name, limit_key, mass)


def _too_strict(room: Room) -> Iterator[WhyNot]:
    """Demands on the whole blend that no drums meet."""
    demands = room.demands
    limits = list(room.limits().items())
    unlimited = replace(demands, dropped=frozenset(key for key, _ in limits))
    loose = replace(demands, sources=UNLIMITED, least=1)
    if not _fits(room, replace(unlimited, sources=UNLIMITED)):
        yield WhyNot("mass", "No whole number of drums weighs between its least and most mass.")
    if not room.may_fill(loose):
        for key, (parameter, _, limit) in limits:
            if room.may_fill(replace(loose, dropped=frozenset({key}))):
                text = f"No blend meets {key} {limit:g} together with its other limits."
                yield WhyNot("limit", text, parameter, key)
        yield WhyNot("limits", "No blend meets its limits, and no single one is to blame.")
    if not _fits(room, demands):
        if _fits(room, replace(demands, sources=UNLIMITED)):
            text = f"No blend of at most {demands.sources} batches meets its limits and mass."
            yield WhyNot("sources", text)
        if _fits(room, replace(demands, least=1)):
            text = f"No blend with {demands.least} drums or more of each batch meets its limits."
            yield WhyNot("drums_min", text)
        yield WhyNot("limits", "Fractions of drums would meet its limits, whole drums do not.")


def _fits(room: Room, demands: Demands) -> bool:
    return room.fill(demands) is not None


def _not_worth_it(room: Room) -> WhyNot:
    filling = room.fill(room.demands)
    gain = room.model.drum_value(room.order)
    if filling is not None and float(gain[filling[0]] @ filling[1]) <= 0:
        price = int(room.model.orders.price_per_kg[room.order])
        return WhyNot("price", f"At {price} per kg no blend earns more than its costs.")
    return WhyNot("outbid", "The drums it needs earn more in other orders.")
