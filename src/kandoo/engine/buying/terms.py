"""What a supplier asks, in whole packs: straight pieces of the price, and only those worth using."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from .market import Link
from .values import QUANTITY_MAX, Offer


class Piece(NamedTuple):
    """From `low` to `high` packs cost `base + price * packs`; beyond `useful` nobody needs them."""

    low: int
    high: int
    useful: int
    price: int
    base: int

    def cost(self, packs: int) -> int:
        return self.base + self.price * packs


class Band(NamedTuple):
    """So many units at one price, as an invoice lists them."""

    quantity: int
    unit_price: int


def bands_of(offer: Offer, quantity: int) -> list[Band]:
    """What an invoice says for this quantity.

    Raises
    ------
    ValueError
        When the supplier does not sell so little or so much.
    """
    if quantity == 0:
        return []
    if quantity < offer.steps[0].quantity_from or quantity > (
        QUANTITY_MAX if offer.capacity is None else offer.capacity
    ):
        raise ValueError(f"{offer.item!r}: {quantity} units are not offered.")
    reached = [step for step in offer.steps if step.quantity_from <= quantity]
    if offer.kind == "all_units":
        return [Band(quantity, reached[-1].unit_price)]
    starts = [1, *(max(step.quantity_from, 1) for step in reached[1:]), quantity + 1]
    bands = [Band(end - start, step.unit_price) for (start, end), step in zip(pairwise(starts), reached, strict=True)]
    return [band for band in bands if band.quantity]


def cost_of(offer: Offer, quantity: int) -> int:
    return sum(band.quantity * band.unit_price for band in bands_of(offer, quantity))


def pieces_of(offer: Offer, links: Sequence[Link], minimum_order: int) -> list[Piece]:
    """The pieces that a least-cost plan could use, from the smallest quantity on.

    Left out is what no plan needs: packs beyond what all who could use them want (but for the first
    packs of a step, and to reach a minimum order), quantities for which a later step is cheaper,
    and pieces that cost more than all who could use them pay alone. The last two only while no
    minimum order makes spending useful.
    """
    useful = sum(-(-link.units // offer.pack) for link in links)
    value = sum(link.value for link in links)
    pieces = []
    for low, high, price, base in _whole_pieces(offer):
        if minimum_order == 0 and base + price * low > value:
            continue
        most = max(min(high, useful), low)
        more = min(high, most + -(-minimum_order // price)) if minimum_order and price else most
        pieces.append(Piece(low, more, most, price, base))
    return _without_detours(pieces, minimum_order)


def _whole_pieces(offer: Offer) -> list[tuple[int, int, int, int]]:
    """(low, high, price, base) in whole packs, whoever needs them."""
    pieces, base, pack = [], 0, offer.pack
    most = (QUANTITY_MAX if offer.capacity is None else offer.capacity) // pack
    for number, step in enumerate(offer.steps):
        if number and offer.kind == "incremental":
            base += (offer.steps[number - 1].unit_price - step.unit_price) * (max(step.quantity_from, 1) - 1)
        last = offer.steps[number + 1].quantity_from - 1 if number + 1 < len(offer.steps) else QUANTITY_MAX
        low, high = -(-max(step.quantity_from, 1) // pack), min(last // pack, most)
        if low <= high:
            pieces.append((low, high, step.unit_price * pack, base))
    return pieces


def _without_detours(pieces: Sequence[Piece], minimum_order: int) -> list[Piece]:
    kept: list[Piece] = []
    for number, piece in enumerate(pieces):
        later = [each.cost(each.low) for each in pieces[number + 1 :]]
        cheapest = min((cost for cost in later if cost >= minimum_order), default=None)
        if cheapest is not None and piece.price:
            high = min(piece.high, (cheapest - piece.base) // piece.price)
            if high < piece.low:
                continue
            piece = piece._replace(high=high, useful=min(piece.useful, high))
        kept.append(piece)
    return kept
