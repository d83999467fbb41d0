"""What one pack more would change in an invoice: exactly, from the price steps, nothing planned anew."""

from dataclasses import dataclass
from fractions import Fraction

from .plan import BuyingPlan
from .terms import cost_of
from .values import Offer


@dataclass(frozen=True, slots=True)
class OneMore:
    """One pack more of an offer; money in the smallest unit."""

    units: int  # in the pack
    cost: int  # what the invoice rises by; below 0 where a lower price is reached
    unit_cost_before: Fraction | None  # goods by units; None when none were bought
    unit_cost_after: Fraction


def one_more_pack(offer: Offer, quantity: int) -> OneMore | None:
    """What the next pack of an offer changes; None when the supplier does not sell that quantity.

    Parameters
    ----------
    offer : the quotation.
    quantity : units bought so far, at least 0.

    Raises
    ------
    ValueError
        When the quantity so far is itself not sold.

    Examples
    --------
    >>> from kandoo.engine.buying import Offer, Step
    >>> one_more_pack(Offer("jar", (Step(1, 10), Step(100, 8)), pack=10), 90)
    OneMore(units=10, cost=-100, unit_cost_before=Fraction(10, 1), unit_cost_after=Fraction(8, 1))
    """
    before = cost_of(offer, quantity)
    try:
        after = cost_of(offer, quantity + offer.pack)
    except ValueError:
        return None
    return OneMore(
        offer.pack, after - before,
        Fraction(before, quantity) if quantity else None, Fraction(after, quantity + offer.pack),
    )  # fmt: skip


def one_more_of(plan: BuyingPlan, supplier_id: str, item: str) -> OneMore | None:
    """The same for what a plan buys; the delivery is in `cost` when the supplier is not yet used.

    Raises
    ------
    ValueError
        When the supplier quotes no such item that somebody needs.
    """
    market = plan.market
    for number, (place, offer) in enumerate(market.offers):
        supplier = market.suppliers[place]
        if (supplier.supplier_id, offer.item) == (supplier_id, item):
            bought = sum(units for (each, _), units in plan.purchase.bought.items() if each == number)
            more = one_more_pack(offer, bought)
            if more is None or place in plan.bill.invoice:
                return more
            return OneMore(more.units, more.cost + supplier.delivery_fixed, more.unit_cost_before, more.unit_cost_after)
    raise ValueError(f"Supplier {supplier_id!r} quotes no {item!r} that is needed.")
