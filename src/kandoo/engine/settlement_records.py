"""What a lot's settlement takes and gives: plain records, money in whole rial."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from kandoo.engine.laws import BlendLaw
from kandoo.engine.sharing_rule import DEFAULT_RULES, SharingRule

Basis = Literal["kg", "value"]
ItemCode = Literal[
    "contract", "received_difference", "quality", "proportional", "fixed", "cost", "equal_gain", "reserve", "floor",
    "shortfall",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class LotLine:
    """What one batch gave to one order of the lot.

    `kg` delivered; `reserve_per_kg` and `alone_per_kg` in rial (the member's own least price, and
    its best documented outlet; None where there is no evidence). `quality` are the batch's
    laboratory values by parameter.
    """

    member: str
    batch: str
    order: str
    kg: int
    reserve_per_kg: int
    alone_per_kg: int | None = None
    quality: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SettledOrder:
    """What a buyer ordered and paid.

    `received` is the total in rial after claims and exchange; `price_per_kg` the contract price
    in rial. `shadow_prices` are the plan's own prices of its limits: `hmf_max`, `fg_sum_min`, …
    to rial per kg of honey per unit inside the limit, never negative.
    """

    order: str
    received: int
    price_per_kg: int
    lower: Mapping[str, float] = field(default_factory=dict)
    upper: Mapping[str, float] = field(default_factory=dict)
    shadow_prices: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LotCost:
    """A cost of the lot (rial): shared by kg or borne by value; of one order, or of all."""

    kind: str
    amount: int
    basis: Basis = "kg"
    order: str = ""


@dataclass(frozen=True, slots=True)
class LotToSettle:
    lines: tuple[LotLine, ...]
    orders: tuple[SettledOrder, ...]
    costs: tuple[LotCost, ...]
    laws: Mapping[str, BlendLaw]
    rule: SharingRule = DEFAULT_RULES["selling"]


@dataclass(frozen=True, slots=True)
class QualityPiece:
    """One priced limit: the batch lies `distance` units inside it (negative outside)."""

    limit_key: str
    limit: float
    found: float
    distance: float
    shadow_price: float
    per_kg: float


@dataclass(frozen=True, slots=True)
class Item:
    """One signed amount on a pay slip and the numbers that explain it.

    contract             kg at price_per_kg
    received_difference  the order's received less its contract sum, by kg
    quality              value_per_kg of this batch against mean_value_per_kg of the order
    proportional         by what it would earn alone: `alone` of `alone_of_order`
    fixed                by the members' formula: its `part` of the order, by kilograms part_by_kg; and the
                         formula's thousandths by base
    cost                 the part of `total`, by kg or by value: part_of of whole
    equal_gain           brings the line to `alone` and its part of the member's `gain`, the same for all `members`
    reserve              the part in `reserve`: the rule's `thousandths` of the `gain`
    floor                the member had `before` and its floor is `floor`: `change` lifts it, or is its part in
                         lifting others; what a line has beyond that comes from the member's other lines
    shortfall            the lot does not cover all reserve prices: brings all to the same share of it
    """

    code: ItemCode
    amount: int
    kind: str = ""
    numbers: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class LineShare:
    """What one line earned; `alone` is None without evidence."""

    line: LotLine
    value_per_kg: int
    quality: tuple[QualityPiece, ...]
    items: tuple[Item, ...]
    amount: int
    alone: int | None


@dataclass(frozen=True, slots=True)
class MemberShare:
    """What a member gets and the items it consists of, over all its lines.

    `alone` is what the lines with evidence would have earned alone; `gain` what they earned
    beyond it. Lines without evidence (`kg_without_evidence`) count as no gain.
    """

    member: str
    kg: int
    amount: int
    items: tuple[Item, ...]
    lines: tuple[LineShare, ...]
    reserve: int
    alone: int
    gain: int
    kg_without_evidence: int


@dataclass(frozen=True, slots=True)
class SettlementCertificate:
    """`gain_min` is None when nobody has evidence; members below their own alone are listed.

    No group of members would win more by leaving than `epsilon` of what it earns; `worst_group`
    would win that: its most tempted member (`settlement.py` says why). None when the most
    tempted earn nothing or less, so that there is nothing to be a share of.
    """

    adds_up: bool
    gain_min: int | None
    below_alone: tuple[str, ...]
    below_reserve: tuple[str, ...]
    without_evidence: tuple[str, ...]
    worst_group: tuple[str, ...]
    epsilon: float | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What was received less costs is the shares and what goes into the cluster's `reserve` (all rial).

    `is_short`: what was earned does not cover all reserve prices. `rule` is the one it was divided by.
    """

    shares: tuple[MemberShare, ...]
    received: int
    costs: int
    total: int
    reserve: int
    is_short: bool
    rule: SharingRule
    certificate: SettlementCertificate

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"rule": self.rule.to_dict()}

    def summary(self) -> str:
        worst = self.certificate.gain_min
        return (
            f"{self.received} received - {self.costs} costs = {self.total} to "
            f"{len(self.shares)} members by rule {self.rule.name}, {self.reserve} of it to the reserve; "
            f"least gain {'unknown' if worst is None else worst}, "
            f"{len(self.certificate.below_alone)} below alone"
            f"{', does not cover all reserves' if self.is_short else ''}"
        )
