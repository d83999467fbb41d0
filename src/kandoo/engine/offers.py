"""Which offer to a call is best: marks of several people on weighted criteria, a floor, then the price.

Quality of an offer is, over its criteria, the weighted mean of the mean mark. Offers below the floor fall out
and their prices stay closed. Of the others, with w the weight of price,

    points = (1 - w) · quality + w · 100 · lowest price ÷ price.

All in exact fractions. Of equal points the better quality comes first, then the lower key, so equal input gives equal output.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

WHOLE = 1000  # thousandths


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer whose price is open. quality: 0 to 100; price: in rial, above zero."""

    key: int
    quality: Fraction
    price: int


@dataclass(frozen=True, slots=True)
class Placed:
    """An offer in its place. of_quality + of_price = points, 0 to 100."""

    place: int
    key: int
    of_quality: Fraction
    of_price: Fraction

    @property
    def points(self) -> Fraction:
        """What it is ranked by."""
        return self.of_quality + self.of_price


def quality(weights: Mapping[int, int], marks: Mapping[int, Sequence[int]]) -> Fraction:
    """The quality of an offer, 0 to 100. weights: thousandths by criterion; marks: 0 to 100, one of each who marked.

    Raises ValueError where the weights do not make 1000 together or a criterion has no mark.
    """
    if sum(weights.values()) != WHOLE:
        raise ValueError("the weights make 1000 together")
    if any(not marks.get(key) for key in weights):
        raise ValueError("every criterion has a mark")
    return sum(
        (Fraction(weight, WHOLE) * Fraction(sum(marks[key]), len(marks[key])) for key, weight in weights.items()),
        Fraction(0),
    )


def rank(offers: Sequence[Offer], price_weight: int) -> list[Placed]:
    """Offers in their order. price_weight: thousandths."""
    if not offers:
        return []
    weight, lowest = Fraction(price_weight, WHOLE), min(each.price for each in offers)
    parts = {each.key: ((1 - weight) * each.quality, weight * 100 * Fraction(lowest, each.price)) for each in offers}
    order = sorted(offers, key=lambda each: (-sum(parts[each.key]), -each.quality, each.key))
    return [Placed(place, each.key, *parts[each.key]) for place, each in enumerate(order, start=1)]


def holds_within(offers: Sequence[Offer], price_weight: int) -> tuple[int, int]:
    """Between which weights of price, in thousandths, the first offer stays the first.

    Points are straight lines in the weight, so that the weights at which one offer leads are one interval.
    Raises ValueError without an offer.
    """
    if not offers:
        raise ValueError("no offer")
    first = rank(offers, price_weight)[0].key
    held = [weight for weight in range(WHOLE + 1) if rank(offers, weight)[0].key == first]
    return held[0], held[-1]
