"""What members need and what suppliers quote, checked where they are built.

Money is an integer of the smallest unit, quantities are whole units, dates are day numbers
(`datetime.date.toordinal`, or any other count of days that both sides use).
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

Kind = Literal["all_units", "incremental"]
KINDS: tuple[Kind, ...] = ("all_units", "incremental")
QUANTITY_MAX = 10**9
PRICE_MAX = 10**12
MONEY_MAX = 4 * 10**18  # what all needs may cost alone; keeps every sum inside 64 bits
ANY_DAY = 10**9  # the latest date of who can wait for ever


@dataclass(frozen=True, slots=True, repr=False)
class Needs:
    """Columns of needs, one row a member, item, place and latest date; build with `Needs.build`.

    Rows are sorted by those four, so that equal needs are equal whatever order they came in.
    `member`, `item` and `place` are places in `members`, `items` and `locations`, sorted names.
    """

    members: tuple[str, ...]
    items: tuple[str, ...]
    locations: tuple[str, ...]
    member: IntArray
    item: IntArray
    place: IntArray
    latest: IntArray
    quantity: IntArray
    quantity_max: IntArray
    alone_price: IntArray

    def __len__(self) -> int:
        return len(self.member)

    def __repr__(self) -> str:
        return f"Needs({len(self)} needs of {len(self.members)} members, {len(self.items)} items)"

    @classmethod
    def build(
        cls,
        member_id: Sequence[str],
        item: Sequence[str],
        quantity: Sequence[int] | IntArray,
        quantity_max: Sequence[int] | IntArray,
        place: Sequence[str],
        latest: Sequence[int] | IntArray,
        alone_price: Sequence[int] | IntArray,
    ) -> Self:
        """Check every column and name the row that is wrong.

        Parameters
        ----------
        quantity : whole units wanted, 1 to 10^9.
        quantity_max : the most units the member accepts, at least `quantity`.
        latest : day number of the latest delivery; `ANY_DAY` = no limit.
        alone_price : what a unit costs the member by itself, 0 to 10^12.

        Raises
        ------
        ValueError
            Names the row and the column; or says that a need is there twice.
        """
        count = len(member_id)
        members, member = _coded(member_id)
        items, item_of = _coded(item)
        locations, place_of = _coded(place)
        days = _whole("latest", latest, -ANY_DAY, ANY_DAY, count)
        wanted = _whole("quantity", quantity, 1, QUANTITY_MAX, count)
        most = _whole("quantity_max", quantity_max, 1, QUANTITY_MAX, count)
        price = _whole("alone_price", alone_price, 0, PRICE_MAX, count)
        _refuse(most < wanted, "quantity_max is below quantity")
        if float(wanted.astype(np.float64) @ price) > MONEY_MAX:
            raise ValueError(f"What all needs cost alone is above {MONEY_MAX}.")
        order = np.lexsort((days, place_of, item_of, member))
        keys = [column[order] for column in (member, item_of, place_of, days)]
        same = np.logical_and.reduce([column[1:] == column[:-1] for column in keys])
        if same.any():
            row = int(order[1:][same].min())
            raise ValueError(f"need in row {row + 1} is there twice: {member_id[row]!r}, {item[row]!r}.")
        amounts = (wanted[order], most[order], price[order])
        return cls(members, items, locations, keys[0], keys[1], keys[2], keys[3], *amounts)

    @property
    def alone_cost(self) -> int:
        """What everybody pays when nobody buys together."""
        return int(self.quantity @ self.alone_price)


class Step(NamedTuple):
    """From the unit of this number on, this price: of all units, or of those units."""

    quantity_from: int
    unit_price: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What a supplier asks for one item, in whole packs up to its capacity.

    Parameters
    ----------
    steps : sequence of Step
        Rising strictly in `quantity_from`; the first is the least quantity sold (0 is as 1).
    kind : "all_units" or "incremental"
        Whether a step's price holds for every unit, or for the units from its number on.
    capacity : the most units, None = no limit.
    pack : units of a pack; every place gets whole packs.
    places : where it is delivered, None = everywhere.
    deliver_by : day number of the delivery, None = in time for everybody.

    Raises
    ------
    ValueError
        Names the item and what is wrong.
    """

    item: str
    steps: tuple[Step, ...]
    kind: Kind = "all_units"
    capacity: int | None = None
    pack: int = 1
    places: frozenset[str] | None = None
    deliver_by: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", tuple(Step(*step) for step in self.steps))
        wrong = None
        if not self.steps or any(after.quantity_from <= before.quantity_from for before, after in pairwise(self.steps)):
            wrong = "needs steps whose quantities rise"
        elif any(not 0 <= from_ <= QUANTITY_MAX or not 0 <= price <= PRICE_MAX for from_, price in self.steps):
            wrong = "has a quantity or a price out of range"
        elif self.kind not in KINDS:
            wrong = f"is neither all_units nor incremental but {self.kind!r}"
        elif not 1 <= self.pack <= QUANTITY_MAX or not 0 <= (self.capacity or 0) <= QUANTITY_MAX:
            wrong = "has a pack or a capacity out of range"
        if wrong:
            raise ValueError(f"The offer of {self.item!r} {wrong}.")

    def serves(self, place: str, latest: int) -> bool:
        return (self.places is None or place in self.places) and (self.deliver_by is None or self.deliver_by <= latest)


@dataclass(frozen=True, slots=True)
class Supplier:
    """One quotation: its offers, the least value of an order and what one delivery round costs.

    Raises
    ------
    ValueError
        When an item is offered twice, or money is negative.
    """

    supplier_id: str
    offers: tuple[Offer, ...]
    minimum_order: int = 0
    delivery_fixed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "offers", tuple(sorted(self.offers, key=lambda offer: offer.item)))
        if len({offer.item for offer in self.offers}) != len(self.offers):
            raise ValueError(f"Supplier {self.supplier_id!r} offers an item twice.")
        if not (0 <= self.minimum_order <= MONEY_MAX and 0 <= self.delivery_fixed <= MONEY_MAX):
            raise ValueError(f"Supplier {self.supplier_id!r}: minimum order or delivery out of range.")


def _coded(names: Sequence[str]) -> tuple[tuple[str, ...], IntArray]:
    """(sorted distinct names, the place of each row's name among them)."""
    distinct: list[str] = sorted(set(names))
    place: dict[Hashable, int] = {name: number for number, name in enumerate(distinct)}
    return tuple(distinct), np.fromiter(map(place.__getitem__, names), dtype=np.int64, count=len(names))


def _whole(column: str, values: Sequence[Any] | IntArray, least: int, most: int, count: int) -> IntArray:
    if len(values) != count:
        raise ValueError(f"{column} has {len(values)} values for {count} needs.")
    numbers = np.asarray(values)
    if numbers.dtype.kind not in "iu":
        numbers = np.asarray(values, dtype=np.float64)
        _refuse(~np.isfinite(numbers), f"{column} is not a finite number")
        _refuse(numbers != np.floor(numbers), f"{column} is not a whole number")
    _refuse(numbers < least, f"{column} is below {least}")
    _refuse(numbers > most, f"{column} is above {most}")
    return numbers.astype(np.int64)


def _refuse(wrong: BoolArray, complaint: str) -> None:
    if wrong.any():
        raise ValueError(f"need in row {int(np.argmax(wrong)) + 1}: {complaint}.")
