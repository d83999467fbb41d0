"""How far an open round is from the next full pack, the next price and a supplier's minimum."""

from typing import NamedTuple

from .values import Offer


class NextStep(NamedTuple):
    """So many units more, and this is the price of a unit (of the units from there on, if incremental)."""

    missing: int
    unit_price: int


def next_pack(quantity: int, pack: int) -> int:
    """Units missing to the next full pack; 0 when the last one is full.

    Raises
    ------
    ValueError
        When the quantity is negative or the pack is below 1.
    """
    if quantity < 0 or pack < 1:
        raise ValueError(f"There are no {quantity} units in packs of {pack}.")
    return -quantity % pack


def next_step(offer: Offer, quantity: int) -> NextStep | None:
    """The nearest step with a lower price, or with any if so few are not sold; None when there is none to reach."""
    reached = [step for step in offer.steps if step.quantity_from <= quantity]
    for step in offer.steps[len(reached) :]:
        if offer.capacity is not None and step.quantity_from > offer.capacity:
            return None
        if not reached or step.unit_price < reached[-1].unit_price:
            return NextStep(step.quantity_from - quantity, step.unit_price)
    return None


def to_minimum(value: int, minimum: int) -> int:
    """What is missing to a supplier's minimum order; 0 when it is reached."""
    return max(minimum - value, 0)
