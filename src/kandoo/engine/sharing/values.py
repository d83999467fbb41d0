"""What a joint purchase of one item is divided from, and what comes back. All money is whole."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kandoo.engine.sharing_rule import RuleName, SharingRule

RULES: tuple[RuleName, ...] = ("uniform", "proportional", "equal_gain", "fixed")  # those that divide a bill


@dataclass(frozen=True, slots=True)
class Need:
    """What one member needs; `alone_price` is its own price per unit, None when it has none."""

    member_id: str
    quantity: int
    alone_price: int | None = None


@dataclass(frozen=True, slots=True)
class MemberShare:
    member_id: str
    amount: int
    alone: int  # what the same quantity costs the member without the others

    @property
    def gain(self) -> int:
        return self.alone - self.amount


@dataclass(frozen=True, slots=True)
class Temptation:
    """The group of the pool that would save most by leaving, as a part of what it pays.

    `epsilon` is what `group` saves; no group saves more than `bound`. They are equal when the
    search could be finished.
    """

    epsilon: Fraction
    group: frozenset[str]
    bound: Fraction


@dataclass(frozen=True, slots=True)
class AuditFigure:
    """A Shapley value; the true one lies within `half_width` of `amount`, but for rounding to whole money."""

    member_id: str
    amount: int
    half_width: float


@dataclass(frozen=True, slots=True)
class Division:
    """`shares` and `shapley` in the order of the needs.

    `bill` is what the supplier gets from the pool; the pool pays that and `reserve`, the rule's part
    of the gain, for the cluster.
    """

    rule: SharingRule
    bill: int
    reserve: int
    shares: tuple[MemberShare, ...]
    outside: tuple[str, ...]
    temptation: Temptation
    shapley: tuple[AuditFigure, ...]

    @property
    def total(self) -> int:
        return sum(share.amount for share in self.shares)

    def to_dict(self) -> dict[str, Any]:
        """The division as shares.json has it."""
        worst = self.temptation
        return {
            "rule": self.rule.name,
            "weights": dict(sorted(self.rule.weights.items())),
            "reserve_thousandths": self.rule.reserve,
            "reserve": self.reserve,
            "total": self.total,
            "bill": self.bill,
            "shares": [
                {"member_id": each.member_id, "amount": each.amount, "alone": each.alone, "gain": each.gain}
                for each in self.shares
            ],
            "outside": list(self.outside),
            "epsilon": float(worst.epsilon),
            "epsilon_is_exact": worst.epsilon == worst.bound,
            "epsilon_bound": float(worst.bound),
            "worst_group": [each.member_id for each in self.shares if each.member_id in worst.group],
            "shapley": [
                {"member_id": each.member_id, "amount": each.amount, "half_width": each.half_width}
                for each in self.shapley
            ],
        }
