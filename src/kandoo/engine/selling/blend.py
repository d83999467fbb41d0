"""What a blend will measure: each law as a mean over kilograms, which is what keeps it linear.

Every predictable parameter is `sum(mass * top) / sum(mass * bottom)` on some scale. A limit on it,
cleared of the fraction, is one linear row: `sum(mass * (top - limit * bottom)) <= 0`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from ..laws import BlendLaw
from .values import BoolArray, FloatArray, IntArray

Curve = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity that blends as `sum(mass * top) / sum(mass * bottom)`; NaN where untested."""

    parameter: str
    top: FloatArray
    bottom: FloatArray
    curve: Curve = ()  # (value, scale) points when the mean is taken on another scale

    @property
    def known(self) -> BoolArray:
        return ~np.isnan(self.top + self.bottom)

    def on_scale(self, value: float) -> float:
        return float(_along(self.curve, np.array([value]))[0]) if self.curve else value

    def slope(self, value: float) -> float:
        """How much the scale rises for one unit of the parameter, at this value."""
        if not self.curve:
            return 1.0
        step = 1e-6 * max(1.0, abs(value))
        return (self.on_scale(value + step) - self.on_scale(value - step)) / (2 * step)

    def blended(self, rows: IntArray, mass: FloatArray) -> float | None:
        """The value the lot will measure, in the parameter's unit; None when it is not known."""
        weight = float(np.dot(mass, self.bottom[rows]))
        if np.isnan(weight) or weight <= 0:
            return None
        mean = float(np.dot(mass, self.top[rows])) / weight
        if np.isnan(mean):
            return None
        if self.curve:
            turned = tuple((scale, value) for value, scale in self.curve)
            return float(_along(turned, np.array([mean]))[0])
        return mean


def _along(points: Curve, x: FloatArray) -> FloatArray:
    """Piecewise linear through rising points, the end pieces carried on; NaN stays NaN."""
    xs, ys = (np.array(each, dtype=np.float64) for each in zip(*points, strict=True))
    piece = np.clip(np.searchsorted(xs, x, side="right") - 1, 0, len(xs) - 2)
    share = (x - xs[piece]) / (xs[piece + 1] - xs[piece])
    return ys[piece] + share * (ys[piece + 1] - ys[piece])


def measures(
    parameter: str, quality: Mapping[str, FloatArray], laws: Mapping[str, BlendLaw], count: int
) -> tuple[Measure, ...]:
    """The means that must all meet a limit on this parameter; the first is the prediction.

    Raises
    ------
    ValueError
        When the parameter has no law, or a law that predicts nothing (`component`).
    """
    if parameter not in laws:
        raise ValueError(f"No blend law is known for the parameter {parameter!r}.")
    law = laws[parameter]
    ones = np.ones(count)
    value = _column(parameter, quality, count)
    if law.law == "linear_mass":
        return (Measure(parameter, value, ones),)
    if law.law == "linear_dry_matter":
        dry = _dry_share(law, quality, count)
        return (Measure(parameter, value * dry, dry + 0 * value),)
    if law.law == "optical_density":
        density = _along(law.curve, value)
        return (Measure(parameter, density, ones, law.curve), Measure(parameter, value, ones))
    if law.law == "sum_of":
        total = sum((_column(part, quality, count) for part in law.parts), np.zeros(count))
        return (Measure(parameter, np.where(np.isnan(total), value, total), ones),)
    if law.law == "ratio_of":
        top, bottom = (_column(part, quality, count) for part in law.parts)
        return (Measure(parameter, top, bottom),)
    raise ValueError(f"The law {law.law!r} of {parameter!r} predicts no blend.")


def _column(parameter: str, quality: Mapping[str, FloatArray], count: int) -> FloatArray:
    return quality[parameter] if parameter in quality else np.full(count, np.nan)


def _dry_share(law: BlendLaw, quality: Mapping[str, FloatArray], count: int) -> FloatArray:
    moisture = law.parts[0] if law.parts else "moisture"
    if moisture not in quality:
        return np.ones(count)
    return 1 - quality[moisture] / 100


def notes_on_laws(
    limited: Iterable[str], quality: Mapping[str, FloatArray], laws: Mapping[str, BlendLaw]
) -> tuple[str, ...]:
    """What a reader of the plan must know about how its blends were predicted."""
    return tuple(
        f"{parameter} is weighted by mass, not by dry matter: no moisture column was given."
        for parameter in sorted(limited)
        if laws[parameter].law == "linear_dry_matter" and (laws[parameter].parts or ("moisture",))[0] not in quality
    )
