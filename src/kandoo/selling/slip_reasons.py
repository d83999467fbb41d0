"""The reason of one amount on a pay slip, from the numbers the settlement kept with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kandoo.selling import reading
from kandoo.selling.queries import page_language
from kandoo.site import language as lang

NUMBERS = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Reason:
    """One amount of a pay slip: what it is, how it came about, and what it rests on."""

    title: str
    amount: int  # rial, signed
    why: str
    inputs: tuple[tuple[str, str], ...] = ()
    source: str = ""


def _contract(amount: int, numbers: NUMBERS) -> Reason:
    why = _("%(kg)s weighed at delivery, at the order's price of %(price)s per kg.") % {
        "kg": reading.kilograms(int(numbers["kg"])),
        "price": _toman(numbers["price_per_kg"]),
    }
    return Reason(_("Price of the honey"), amount, why)


def _difference(amount: int, numbers: NUMBERS) -> Reason:
    why = _(
        "The buyer paid %(received)s for a contract sum of %(contract)s; the difference is shared by kilograms."
    ) % {
        "received": _toman(numbers["received"]),
        "contract": _toman(numbers["contract"]),
    }
    return Reason(_("Buyer's payment against the contract"), amount, why)


def _proportional(amount: int, numbers: NUMBERS) -> Reason:
    why = _("Alone this batch would earn %(own)s of %(all)s for the whole order; what the buyer paid goes by that.") % {
        "own": _toman(numbers["alone"]),
        "all": _toman(numbers["alone_of_order"]),
    }
    return Reason(_("In proportion to alone"), amount, why)


def _fixed(amount: int, numbers: NUMBERS) -> Reason:
    """The formula, base by base, and what it makes of this batch."""
    names = {
        "quantity": _("by kilograms"),
        "alone": _("by what each would earn alone"),
        "quality": _("by quality"),
        "member": _("the same for each member"),
    }
    why = _("By the members' formula this batch has %(part)s of the order; by kilograms alone it has %(by_kg)s.") % {
        "part": _percent(numbers["part"]),
        "by_kg": _percent(numbers["part_by_kg"]),
    }
    formula = tuple((name, _percent(numbers[base] / 1_000)) for base, name in names.items() if numbers.get(base))
    return Reason(_("By the members' formula"), amount, why, formula)


def _equal_gain(amount: int, numbers: NUMBERS) -> Reason:
    why = _("Each of %(members)s members has what it would earn alone and %(gain)s on top; this brings you there.") % {
        "members": reading.number(int(numbers["members"])),
        "gain": _toman(numbers["gain"]),
    }
    return Reason(_("The same gain for all"), amount, why)


def _reserve(amount: int, numbers: NUMBERS) -> Reason:
    why = _(
        "By the members' rule %(part)s of the gain of %(gain)s goes first: %(reserve)s; this is your part in it."
    ) % {
        "part": _percent(numbers["thousandths"] / 1_000),
        "gain": _toman(numbers["gain"]),
        "reserve": _toman(numbers["reserve"]),
    }
    return Reason(_("Into the cluster's reserve fund"), amount, why)


def _floor(amount: int, numbers: NUMBERS) -> Reason:
    """The floor is the reserve price, or what it would earn alone where that is more."""
    values = {"before": _toman(numbers["before"]), "floor": _toman(numbers["floor"])}
    if numbers["change"] > 0:
        why = _("Before this you had %(before)s, below your floor of %(floor)s; the others made it good.") % values
    elif numbers["change"] < 0:
        why = (
            _("Your part in lifting members who were below their floor; you had %(before)s, your floor is %(floor)s.")
            % values
        )
    else:
        why = _("Moved between your own batches, so that none earns less than its documented price alone.")
    return Reason(_("Floor made good"), amount, why)


def _shortfall(amount: int, numbers: NUMBERS) -> Reason:
    why = _(
        "The lot did not cover all reserves, so each member gets the same share of its own; yours is %(reserve)s."
    ) % {"reserve": _toman(numbers["floor"])}
    return Reason(_("Shared shortfall"), amount, why)


def _percent(part: float) -> str:
    return lang.format_number(part * 100, page_language(), 1) + ("٪" if page_language() == "fa" else " %")


def _toman(rial: float) -> str:
    return lang.format_toman(int(rial), page_language())


REASONS: Mapping[str, Callable[[int, NUMBERS], Reason]] = {
    "contract": _contract,
    "received_difference": _difference,
    "proportional": _proportional,
    "fixed": _fixed,
    "equal_gain": _equal_gain,
    "reserve": _reserve,
    "floor": _floor,
    "shortfall": _shortfall,
}
