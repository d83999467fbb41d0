"""Public money on a credit line: what is left at each step, who bears what, and what a year's end does.

approved → allocated → committed → paid; what is not paid is returned, lapses or is carried over. At
every moment paid ≤ committed ≤ allocated ≤ approved. The database holds the same law by triggers
(credit, migration 0002); this is the law for reading, for forms and for tests. Amounts are whole
rial, parts are thousandths.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kandoo.engine.money import apportion

Kind = Literal[
    "approved", "raised", "cut", "allocated", "returned", "committed", "released", "paid", "refunded",
    "refunded_late", "lapsed", "carried_out", "carried_in",
]  # fmt: skip
Field = Literal["approved", "allocated", "committed", "paid", "returned", "lapsed", "carried"]

# What each movement adds to (+1) or takes from (-1) the line's totals.
EFFECTS: Mapping[Kind, Mapping[Field, int]] = {
    "approved": {"approved": 1},
    "raised": {"approved": 1},
    "cut": {"approved": -1},
    "allocated": {"allocated": 1},
    "returned": {"allocated": -1, "returned": 1},
    "committed": {"committed": 1},
    "released": {"committed": -1},
    "paid": {"paid": 1},
    "refunded": {"paid": -1, "returned": 1},
    "refunded_late": {"paid": -1, "returned": 1, "lapsed": 1},
    "lapsed": {"lapsed": 1},
    "carried_out": {"carried": 1},
    "carried_in": {"approved": 1, "allocated": 1, "committed": 1},
}
WHOLE = 1000  # thousandths


class OverCeiling(ValueError):
    """More than may be. `code` says which ceiling, `left` how much was still free (rial)."""

    def __init__(self, code: str, left: int) -> None:
        super().__init__(f"{code}: {left} left")
        self.code, self.left = code, left


@dataclass(frozen=True, slots=True)
class LineState:
    """The totals of a credit line, in rial. `carried` went to the next year, `lapsed` back to the treasury."""

    approved: int = 0
    allocated: int = 0
    committed: int = 0
    paid: int = 0
    returned: int = 0
    lapsed: int = 0
    carried: int = 0

    def over_years(self) -> "LineState":
        """Sums of lines of several years, what was carried from one to another counted once.

        >>> LineState(approved=1500, allocated=900, committed=800, paid=300, carried=200).over_years()
        LineState(approved=1300, allocated=700, committed=600, paid=300, returned=0, lapsed=0, carried=0)
        """
        once = {each: getattr(self, each) - self.carried for each in ("approved", "allocated", "committed")}
        return replace(self, carried=0, **once)

    @property
    def unallocated(self) -> int:
        """Approved and not allocated."""
        return self.approved - self.allocated

    @property
    def uncommitted(self) -> int:
        """Allocated and not committed."""
        return self.allocated - self.committed

    @property
    def unpaid(self) -> int:
        """Committed and not paid."""
        return self.committed - self.paid

    def left_for(self, kind: Kind) -> int | None:
        """The largest amount that a movement may have now; None where the line sets no limit."""
        limits: dict[Kind, int] = {
            "cut": self.unallocated,
            "allocated": self.unallocated,
            "returned": self.uncommitted,
            "committed": self.uncommitted,
            "released": self.unpaid,
            "paid": self.unpaid,
            "carried_out": self.unpaid - self.carried,
            "refunded": self.paid,
            "refunded_late": self.paid,
            "lapsed": self.approved - self.paid - self.carried - self.lapsed,
        }
        return limits.get(kind)

    def after(self, kind: Kind, amount: int) -> "LineState":
        """The line after a movement.

        Raises
        ------
        OverCeiling
            When the movement is larger than what is left for it.
        ValueError
            When the amount is not above zero.
        """
        if amount <= 0:
            raise ValueError("A movement of money is above zero.")
        left = self.left_for(kind)
        if left is not None and amount > left:
            raise OverCeiling(kind, left)
        return replace(self, **{field: getattr(self, field) + sign * amount for field, sign in EFFECTS[kind].items()})

    @property
    def is_settled(self) -> bool:
        """Whether every approved rial was paid, carried over or has lapsed."""
        return self.approved == self.paid + self.carried + self.lapsed


@dataclass(frozen=True, slots=True)
class CostRule:
    """What the programme bears of a kind of cost. `amount_max`: of one commitment, in rial; None: no ceiling."""

    agency_max: int  # thousandths of the whole cost
    advance_max: int  # thousandths of the contract
    amount_max: int | None = None

    def __post_init__(self) -> None:
        if not (0 <= self.agency_max <= WHOLE and 0 <= self.advance_max <= WHOLE):
            raise ValueError("A part is between nothing and the whole.")


@dataclass(frozen=True, slots=True)
class CostShares:
    """Who bears a cost: the agency (from the credit line), the members, others. Rial each."""

    agency: int
    member: int = 0
    other: int = 0

    def __post_init__(self) -> None:
        if self.agency <= 0 or self.member < 0 or self.other < 0:
            raise ValueError("The agency bears something, and nobody less than nothing.")

    @property
    def cost(self) -> int:
        """The whole cost."""
        return self.agency + self.member + self.other


def agency_most(rule: CostRule, cost: int) -> int:
    """The most that the programme may bear of a cost, rounded down."""
    by_share = cost * rule.agency_max // WHOLE
    return by_share if rule.amount_max is None else min(by_share, rule.amount_max)


def check_commitment(line: LineState, rule: CostRule, shares: CostShares) -> LineState:
    """The line after committing the agency's share, checked against share, ceiling and allocation in turn.

    Raises
    ------
    OverCeiling
        `share` above the agency's part, `amount` above the ceiling of a commitment, `committed` above
        what is allocated.
    """
    by_share = shares.cost * rule.agency_max // WHOLE
    if shares.agency > by_share:
        raise OverCeiling("share", by_share)
    if rule.amount_max is not None and shares.agency > rule.amount_max:
        raise OverCeiling("amount", rule.amount_max)
    return line.after("committed", shares.agency)


def advance_most(rule: CostRule, contract: int) -> int:
    """The most that may be paid of a contract before anything is delivered, rounded down."""
    return contract * rule.advance_max // WHOLE


def phase_amounts(contract: int, weights: Sequence[int]) -> tuple[int, ...]:
    """The sum of each phase of a contract by its weight in thousandths; together exactly the contract.

    >>> phase_amounts(1_000, [333, 333, 334])
    (333, 333, 334)
    """
    if sum(weights) != WHOLE or any(weight <= 0 for weight in weights):
        raise ValueError("The weights of the phases are above zero and add up to the whole.")
    parts = apportion(contract, dict(enumerate(weights)))
    return tuple(parts[place] for place in range(len(weights)))


def recovered(gross: int, contract: int, advanced: int, advance_open: int, *, is_last: bool) -> int:
    """What is taken off a phase for an advance paid before: in proportion, rounded up, the rest with the last phase.

    >>> recovered(400, 1_000, 250, 250, is_last=False)
    100
    """
    if is_last:
        return min(advance_open, gross)
    return min(advance_open, -(-gross * advanced // contract), gross)


@dataclass(frozen=True, slots=True)
class YearEnd:
    """What the end of a fiscal year does to a line. `carried` and `released` by commitment; all in rial."""

    carried: Mapping[int, int]
    released: Mapping[int, int]
    uncommitted: int  # allocated, and free after the release
    unallocated: int

    @property
    def lapsed(self) -> int:
        """What goes back to the treasury."""
        return self.uncommitted + self.unallocated

    @property
    def carried_sum(self) -> int:
        """What goes on in the next year."""
        return sum(self.carried.values())


def close_year(line: LineState, unpaid: Mapping[int, int], to_carry: frozenset[int]) -> YearEnd:
    """What lapses and what is carried. `unpaid`: rial by commitment; `to_carry`: the commitments that go on.

    Raises ValueError when the commitments do not add up to what the line says is unpaid.
    """
    if sum(unpaid.values()) != line.unpaid or any(amount < 0 for amount in unpaid.values()):
        raise ValueError("The commitments do not add up to what is unpaid.")
    carried = {key: amount for key, amount in unpaid.items() if key in to_carry and amount}
    released = {key: amount for key, amount in unpaid.items() if key not in to_carry and amount}
    return YearEnd(carried, released, line.uncommitted + sum(released.values()), line.unallocated)
