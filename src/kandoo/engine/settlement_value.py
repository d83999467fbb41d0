"""What a batch is worth in an order by its quality: the prices of the plan's limits times its distance to each."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from kandoo.engine.laws import BlendLaw
from kandoo.engine.settlement_records import LotLine, QualityPiece, SettledOrder


def quality_pieces(line: LotLine, order: SettledOrder, laws: Mapping[str, BlendLaw]) -> tuple[QualityPiece, ...]:
    pieces = []
    for key, price in sorted(order.shadow_prices.items()):
        parameter, _, side = key.rpartition("_")
        limits = {"max": order.upper, "min": order.lower}.get(side, {})
        if price < 0 or parameter not in limits or parameter not in laws:
            raise ValueError(f"Order {order.order}: {key} prices no limit of it, or is negative.")
        if price == 0:
            continue
        measured = distance_inside(laws[parameter], line.quality, limits[parameter], side == "max")
        if measured is None:
            raise ValueError(f"Batch {line.batch}: {parameter} was not measured.")
        found, distance = measured
        pieces.append(QualityPiece(key, limits[parameter], found, distance, price, price * distance))
    return tuple(pieces)


def distance_inside(
    law: BlendLaw, quality: Mapping[str, float], limit: float, is_upper: bool
) -> tuple[float, float] | None:
    """A batch's own value of a parameter and how far it lies inside a limit of the blend.

    The distance is what the batch brings to the blend's row for this limit, in units of the
    parameter at the limit: for conductivity it is weighted by the share of dry matter, for
    colour it is taken in optical density and turned back at the slope of the curve there, for a
    ratio it is numerator less limit times denominator. None when a part was not measured.
    """
    values = [quality.get(part) for part in law.parts]
    own = quality.get(law.parameter)
    known = [each for each in values if each is not None]
    is_whole = len(known) == len(values)
    if law.law == "sum_of" and is_whole:
        own = sum(known)
    elif law.law == "ratio_of":
        if not is_whole or known[1] <= 0:
            return None
        own, inside = known[0] / known[1], limit * known[1] - known[0]
        return own, inside if is_upper else -inside
    if own is None:
        return None
    inside = limit - own
    if law.law == "linear_dry_matter" and is_whole:
        inside *= 1 - known[0] / 100
    elif law.law == "optical_density":
        inside = (_density(law, limit) - _density(law, own)) / _slope(law, limit)
    return own, inside if is_upper else -inside


def _piece(law: BlendLaw, value: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """The stretch of the curve a value lies on; the end pieces carry on."""
    pieces = list(zip(law.curve, law.curve[1:], strict=False))
    return next((each for each in pieces if value < each[1][0]), pieces[-1])


def _slope(law: BlendLaw, value: float) -> float:
    (x0, y0), (x1, y1) = _piece(law, value)
    return (y1 - y0) / (x1 - x0)


def _density(law: BlendLaw, value: float) -> float:
    (x0, y0), _ = _piece(law, value)
    return y0 + (value - x0) * _slope(law, value)


def value_per_kg(line: LotLine, order: SettledOrder, pieces: Sequence[QualityPiece]) -> int:
    value = order.price_per_kg + sum((Fraction(each.per_kg) for each in pieces), Fraction(0))
    return max(round(value), line.reserve_per_kg)
