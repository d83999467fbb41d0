"""The plan as a value that explains itself: what goes where, how near each limit, and the proof."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..laws import BlendLaw
from .advice import WhyNot, explain
from .blend import notes_on_laws
from .changes import Change
from .deadline import Deadline
from .model import Lot, MeasureBook, Model, limits_of
from .quality import price_quality
from .repair import Sale
from .values import IntArray

EXPLAINED = 40  # unfilled orders whose nearest change is looked for


@dataclass(frozen=True, slots=True)
class OrderPlan:
    """What one order gets, or why it gets nothing.

    `margins`: "<parameter>_min" or "_max" -> distance to the limit in the parameter's unit, above
    0 inside; where several predictions or components must pass, that of the worst.
    `shadow_prices`: the same keys -> what the order would gain if the limit were one unit of the
    parameter easier, money per kg of the blend's weight (kg of dry matter for a dry-matter law),
    never below 0. `quality_credits`: batch -> money per kg (may be below 0) by which the batch's
    own values ease or strain the limits at those prices: sum of price x distance inside the limit.
    """

    order_id: str
    accepted: bool
    mass_kg: float  # whole when the drums weigh whole kilograms
    drums: tuple[tuple[str, int], ...]  # (batch, drums)
    blend: Mapping[str, float]
    margins: Mapping[str, float]
    why_not: WhyNot | None
    nearest_change: Change | None
    shadow_prices: Mapping[str, float]
    quality_credits: Mapping[str, float]
    variant: int = 0  # which set of limits the blend meets

    def to_dict(self) -> dict[str, Any]:
        return {
            "order_id": self.order_id,
            "accepted": self.accepted,
            "mass_kg": self.mass_kg,
            "drums": [{"batch_id": batch, "drums": drums} for batch, drums in self.drums],
            "blend": dict(self.blend),
            "margins": dict(self.margins),
            "why_not": self.why_not.to_dict() if self.why_not else None,
            "nearest_change": self.nearest_change.to_dict() if self.nearest_change else None,
        }


@dataclass(frozen=True, slots=True)
class SalePlan:
    """A plan in whole drums with its certificate; money in the smallest unit."""

    objective: int  # sum of drums x drum_kg x (price - reserve - transport)
    bound: int  # no plan earns more
    seconds: float  # wall-clock time, 0 when no clock was given
    orders: tuple[OrderPlan, ...]
    notes: tuple[str, ...] = ()

    @property
    def gap(self) -> float:
        """(bound - objective) / bound, 0 when the bound is 0."""
        return (self.bound - self.objective) / self.bound if self.bound else 0.0

    def __repr__(self) -> str:
        filled = sum(order.accepted for order in self.orders)
        return (
            f"SalePlan(objective={self.objective}, bound={self.bound}, gap={self.gap:.4%}, "
            f"{filled} of {len(self.orders)} orders filled)"
        )

    def summary(self) -> str:
        """A few lines a person can read; one for each order."""
        lines = [f"Gain {self.objective:,} of at most {self.bound:,} (gap {self.gap:.3%}), {self.seconds:.1f} s."]
        for order in self.orders:
            if order.accepted:
                lines.append(f"{order.order_id}: {order.mass_kg:,} kg from {len(order.drums)} batches.")
            else:
                change = f" {order.nearest_change.text}" if order.nearest_change else ""
                lines.append(f"{order.order_id}: {order.why_not.text if order.why_not else ''}{change}")
        return "\n".join((*lines, *self.notes))

    def to_dict(self) -> dict[str, Any]:
        """The contents of plan.json."""
        return {
            "objective": self.objective,
            "bound": self.bound,
            "gap": self.gap,
            "seconds": self.seconds,
            "orders": [order.to_dict() for order in self.orders],
            "notes": list(self.notes),
        }


def describe(
    model: Model,
    laws: Mapping[str, BlendLaw],
    sale: Sale,
    bound: float,
    deadline: Deadline,
) -> SalePlan:
    """Turn a sale into the plan that people read."""
    book = MeasureBook(model.batches, laws)
    objective = sale.value(model)
    unfilled = [order for order in range(len(model.orders)) if order not in sale.lot]
    orders = [
        _filled(model, book, laws, sale, order)
        if order in sale.lot
        else _unfilled(model, book, sale, order, order in unfilled[:EXPLAINED] and not deadline.is_over)
        for order in range(len(model.orders))
    ]
    limited = {name for limits in model.orders.limits for name in (*limits.lower, *limits.upper)}
    return SalePlan(
        objective=objective,
        bound=max(objective, int(np.floor(bound + 1e-6))),
        seconds=round(deadline.elapsed, 3),
        orders=tuple(orders),
        notes=notes_on_laws(limited, model.batches.quality, laws),
    )


def _filled(model: Model, book: MeasureBook, laws: Mapping[str, BlendLaw], sale: Sale, order: int) -> OrderPlan:
    lot = model.lots[sale.lot[order]]
    batch, drums = sale.batch[order], sale.drums[order]
    prices, credits = price_quality(model, lot, sale)
    grams = sum(int(n) * int(model.batches.drum_g[i]) for i, n in zip(batch, drums, strict=True))
    return OrderPlan(
        order_id=model.orders.order_id[order],
        accepted=True,
        mass_kg=grams // 1000 if grams % 1000 == 0 else grams / 1000,
        drums=tuple((model.batches.batch_id[i], int(n)) for i, n in zip(batch, drums, strict=True)),
        blend=_blend(model, book, laws, batch, drums),
        margins=margins(model, book, lot, batch, drums),
        why_not=None,
        nearest_change=None,
        shadow_prices=prices,
        quality_credits=credits,
        variant=lot.variant,
    )


def _unfilled(model: Model, book: MeasureBook, sale: Sale, order: int, with_change: bool) -> OrderPlan:
    why_not, change = explain(model, book, sale, order, with_change=with_change)
    return OrderPlan(
        order_id=model.orders.order_id[order], accepted=False, mass_kg=0, drums=(), blend={},
        margins={}, why_not=why_not, nearest_change=change, shadow_prices={}, quality_credits={},
    )  # fmt: skip


def _blend(
    model: Model, book: MeasureBook, laws: Mapping[str, BlendLaw], batch: IntArray, drums: IntArray
) -> dict[str, float]:
    """Every parameter whose value in the blend can be predicted."""
    mass = model.drum_kg[batch] * drums
    predicted: dict[str, float] = {}
    for parameter in laws:
        if not book.is_component(parameter):
            value = book.of(parameter)[0].blended(batch, mass)
            if value is not None:
                predicted[parameter] = value
    return predicted


def margins(model: Model, book: MeasureBook, lot: Lot, batch: IntArray, drums: IntArray) -> dict[str, float]:
    mass = model.drum_kg[batch] * drums
    distance: dict[str, float] = {}
    for parameter, sign, limit in limits_of(model.orders.limits[lot.variant], lot.order):
        values: Sequence[float]
        if book.is_component(parameter):
            values = book.raw(parameter)[batch].tolist()
        else:
            blended = (measure.blended(batch, mass) for measure in book.of(parameter))
            values = [value for value in blended if value is not None]
        key = f"{parameter}_{'max' if sign > 0 else 'min'}"
        distance[key] = min(sign * (limit - value) for value in values)
    return distance
