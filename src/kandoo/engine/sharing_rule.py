"""The rules by which members may choose to share a bill or an earning, as values.

`uniform`     everybody pays or gets the same for a unit
`proportional` in proportion to what each would pay or get alone
`equal_gain`  what each would pay or get alone, and the same gain on top
`quality`     in proportion to the quality-adjusted value (earnings only)
`fixed`       by a formula: so many thousandths by quantity, by the alone value, by quality, by head

Whatever the rule, a part of the gain may be put into the cluster's reserve first, and nobody is
left worse off than alone while there is a gain: the divisions themselves see to that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

RuleName = Literal["uniform", "proportional", "equal_gain", "quality", "fixed"]
Base = Literal["quantity", "alone", "quality", "member"]
ActionKind = Literal["selling", "buying", "services", "collection"]

RULE_NAMES: tuple[RuleName, ...] = get_args(RuleName)
BASES: tuple[Base, ...] = get_args(Base)
ACTION_KINDS: tuple[ActionKind, ...] = get_args(ActionKind)
WHOLE = 1_000  # weights and the reserve are in thousandths
EARNING_KINDS: frozenset[ActionKind] = frozenset({"selling"})


class BadRule(ValueError):
    """A rule that cannot be. `code` and `values` let a page say it in the reader's language."""

    def __init__(self, code: str, message: str, **values: Any) -> None:
        super().__init__(message)
        self.code, self.values = code, values


@dataclass(frozen=True, slots=True)
class SharingRule:
    """One rule with its figures.

    Parameters
    ----------
    name : one of RULE_NAMES
    reserve : int
        Thousandths of the gain put into the reserve before the rest is shared; 0 to 1,000.
    weights : mapping of Base to int
        Thousandths by base, adding up to 1,000; for `fixed` alone.

    Raises
    ------
    BadRule
        `name`, `reserve`, `base`, `weight`, `weights_sum` or `weights_unwanted`.
    """

    name: RuleName
    reserve: int = 0
    weights: Mapping[Base, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.name not in RULE_NAMES:
            raise BadRule("name", f"There is no rule {self.name!r}.", name=self.name)
        if type(self.reserve) is not int or not 0 <= self.reserve <= WHOLE:
            raise BadRule("reserve", f"The reserve is 0 to {WHOLE} thousandths, not {self.reserve!r}.")
        if self.name != "fixed":
            if self.weights:
                raise BadRule("weights_unwanted", f"Rule {self.name} takes no weights.", name=self.name)
            return
        for base, weight in self.weights.items():
            if base not in BASES:
                raise BadRule("base", f"There is no base {base!r} to share by.", base=base)
            if type(weight) is not int or weight < 0:
                raise BadRule("weight", f"The weight of {base} is a whole number from 0, not {weight!r}.", base=base)
        total = sum(self.weights.values())
        if total != WHOLE:
            raise BadRule("weights_sum", f"The weights add up to {total}, not to {WHOLE}.", total=total)

    def to_dict(self) -> dict[str, Any]:
        """As it is kept with each division."""
        return {"name": self.name, "reserve": self.reserve, "weights": dict(sorted(self.weights.items()))}

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "SharingRule":
        """The rule as kept by `to_dict`; reserve and weights may be missing.

        Raises
        ------
        BadRule
            When it is no such rule.
        """
        weights = content.get("weights") or {}
        if not isinstance(weights, Mapping):
            raise BadRule("weights_sum", "The weights are no table.", total=0)
        return cls(content.get("name", ""), content.get("reserve", 0), dict(weights))


DEFAULT_RULES: dict[ActionKind, SharingRule] = {
    "selling": SharingRule("quality"),  # a uniform price, corrected by what a batch's quality lends to the blend
    "buying": SharingRule("uniform"),
    "services": SharingRule("uniform"),
    "collection": SharingRule("uniform"),
}
