"""What cooperation brought a member in one joint action: joint against alone, less fees and own time.

Gain = joint - alone where members earn together, alone - joint where they pay together; less the
cluster's fees, the member's own costs of bringing its part and its own time. Public subsidy that
lies in the joint amount is taken out and shown apart: it is no gain of cooperation. A line without
evidence of its alone value counts as no gain, however large it may have been; what it would have
been (`claimed`) is kept beside it and added to nothing. Source: the external-economy account of
the domain notes, section 5.1.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, TypeVar

from kandoo.engine.money import apportion

Side = Literal["earning", "cost"]
EvidenceKind = Literal["quotation", "invoice", "district_median"]
WhyNot = Literal["none", "too_few_quotations", "too_old", "no_paper", "no_sample"]

QUOTATIONS_MIN = 3
QUOTATION_DAYS = 60  # a price said earlier is no longer one the member could have had
SEASON_DAYS = 366
SAMPLE_MIN = 5  # fewer would give a member's own price away
FEE = "cost:fee"  # the part of a share that is the cluster's own fee
K = TypeVar("K", bound=Hashable)


# What a member would have had alone


@dataclass(frozen=True, slots=True)
class Evidence:
    """One price a member could have had alone, rial for one unit.

    A quotation has a paper or a note of how it was said; an invoice is the member's own and has its
    paper; a district median has the size of its sample.
    """

    kind: EvidenceKind
    who: str
    per_unit: int
    on: date
    has_paper: bool = False
    has_note: bool = False
    sample: int = 0


@dataclass(frozen=True, slots=True)
class Alone:
    """The alone value of one unit with the kind of evidence that counted; `why_not` where none did."""

    per_unit: int | None
    kind: EvidenceKind | None
    why_not: WhyNot | None = None

    @property
    def is_documented(self) -> bool:
        return self.per_unit is not None


def alone_value(evidence: Sequence[Evidence], *, on: date, side: Side) -> Alone:
    """The best documented price of one unit on a day: highest for a sale, lowest for a purchase.

    At least three quotations of different people within 60 days, or the member's own last invoice
    of the season before; only where there is neither, the median of at least five others.

    Examples
    --------
    >>> day = date(2026, 11, 22)
    >>> quoted = [Evidence("quotation", who, price, day, has_note=True) for who, price in
    ...           (("Ali", 300), ("Babak", 310), ("Cyrus", 290))]
    >>> alone_value(quoted, on=day, side="earning").per_unit, alone_value(quoted, on=day, side="cost").per_unit
    (310, 290)
    """
    best = max if side == "earning" else min
    own = [each for each in (_quoted(evidence, on, best), _invoiced(evidence, on)) if each]
    if own:
        per_unit, kind = best(own, key=lambda each: each[0])
        return Alone(per_unit, kind)
    medians = [each for each in _dated(evidence, "district_median", on, SEASON_DAYS) if each.sample >= SAMPLE_MIN]
    if medians:
        return Alone(max(medians, key=lambda each: each.on).per_unit, "district_median")
    return Alone(None, None, _why_not(evidence, on))


def _dated(evidence: Sequence[Evidence], kind: EvidenceKind, on: date, days: int) -> list[Evidence]:
    first = on - timedelta(days=days)
    return [each for each in evidence if each.kind == kind and first <= each.on <= on and each.per_unit > 0]


def _quotations(evidence: Sequence[Evidence], on: date) -> list[Evidence]:
    return [each for each in _dated(evidence, "quotation", on, QUOTATION_DAYS) if each.has_paper or each.has_note]


def _quoted(
    evidence: Sequence[Evidence], on: date, best: Callable[[Iterable[int]], int]
) -> tuple[int, EvidenceKind] | None:
    found = _quotations(evidence, on)
    people = {"".join(each.who.casefold().split()) for each in found}
    if len(people) < QUOTATIONS_MIN:
        return None
    return best(each.per_unit for each in found), "quotation"


def _invoiced(evidence: Sequence[Evidence], on: date) -> tuple[int, EvidenceKind] | None:
    found = [each for each in _dated(evidence, "invoice", on, SEASON_DAYS) if each.has_paper]
    return (max(found, key=lambda each: each.on).per_unit, "invoice") if found else None


def _why_not(evidence: Sequence[Evidence], on: date) -> WhyNot:
    if not evidence:
        return "none"
    if any(each.kind == "district_median" and each.sample < SAMPLE_MIN for each in evidence):
        return "no_sample"
    if all(on - each.on > timedelta(days=QUOTATION_DAYS) for each in evidence):
        return "too_old"
    if not any(each.has_paper or each.has_note for each in evidence):
        return "no_paper"
    return "too_few_quotations"


# What it gained


@dataclass(frozen=True, slots=True)
class Line:
    """A member's part of one thing in the action, for the whole quantity, in rial.

    `parts` are the signed amounts of its joint share by code (`contract`, `quality`, `cost:transport`,
    …) and add up to it: what it earned, or for a cost what it paid. `alone` is the documented value,
    or what the member claimed where `is_documented` is False. `own_costs` the member bears by itself.
    """

    item: str
    quantity: int
    parts: tuple[tuple[str, int], ...]
    alone: int
    is_documented: bool
    own_costs: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """A member's part in one action: its lines, its own time, public money in it, what came later.

    `hours` and `per_hour` (rial) None: not said. `subsidy` is public money that raised the earnings
    or lowered the bill. `later` is what a correction adds for the member (negative: takes away).
    """

    side: Side
    lines: tuple[Line, ...]
    hours: Decimal | None = None
    per_hour: int | None = None
    subsidy: int = 0
    later: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One step from alone to together: `alone` and `together` are totals, the others changes."""

    code: str
    amount: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted, in rial; for a cost, `alone`, `joint` and `net` are bills.

    `joint` is before fees; `net` after fees, own costs, time and subsidy. `undocumented` is the net
    of the lines without evidence, which count as no gain; `claimed` the gain they would have had.
    `time` is None where hours or their value are missing: nothing is taken off then.
    """

    side: Side
    quantity: int
    quantity_undocumented: int
    joint: int
    fees: int
    own_costs: int
    time: int | None
    subsidy: int
    later: int
    alone: int
    undocumented: int
    net: int
    gain: int
    claimed: int
    steps: tuple[Step, ...]

    @property
    def is_documented(self) -> bool:
        return self.quantity_undocumented == 0

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def time_value(hours: Decimal | None, per_hour: int | None) -> int | None:
    """Hours at their value, to the nearest rial; None where either is missing."""
    if hours is None or per_hour is None:
        return None
    exact = Fraction(hours) * per_hour
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def count_gain(taken: Taken) -> Counted:
    """Count what one member gained in one action, to the last rial.

    Raises
    ------
    ValueError
        When there is no line, a quantity is not above zero, or an alone value, cost, time or
        subsidy is negative.
    """
    _check(taken)
    sign = 1 if taken.side == "earning" else -1
    time = time_value(taken.hours, taken.per_hour)
    changes = [_changes(taken, sign, own) for own in _divided(taken, time or 0)]
    known = [(line, each) for line, each in zip(taken.lines, changes, strict=True) if line.is_documented]
    unknown = [(line, each) for line, each in zip(taken.lines, changes, strict=True) if not line.is_documented]
    alone = sum(line.alone for line, _ in known)
    undocumented = sum(sign * sum(each.values()) for _, each in unknown)
    steps = _steps(alone, undocumented, [each for _, each in known], sign)
    net = sign * sum(sum(each.values()) for each in changes)
    fees = -sum(sign * amount for line in taken.lines for code, amount in line.parts if code == FEE)
    return Counted(
        side=taken.side,
        quantity=sum(line.quantity for line in taken.lines),
        quantity_undocumented=sum(line.quantity for line, _ in unknown),
        joint=sum(amount for line in taken.lines for _, amount in line.parts) + sign * fees,
        fees=fees,
        own_costs=sum(line.own_costs for line in taken.lines),
        time=time,
        subsidy=taken.subsidy,
        later=taken.later,
        alone=alone,
        undocumented=undocumented,
        net=net,
        gain=sign * (net - alone - undocumented),
        claimed=sum(sum(each.values()) - sign * line.alone for line, each in unknown),
        steps=(*steps, Step("together", net)),
    )


def _check(taken: Taken) -> None:
    if not taken.lines:
        raise ValueError("A member without a line took no part.")
    for line in taken.lines:
        if line.quantity <= 0 or line.alone < 0 or line.own_costs < 0:
            raise ValueError(f"Line {line.item}: quantity must be above 0, alone and own costs not below.")
    if taken.subsidy < 0 or (taken.hours or 0) < 0 or (taken.per_hour or 0) < 0:
        raise ValueError("Subsidy, hours and their value must not be negative.")


def _divided(taken: Taken, time: int) -> list[tuple[Line, int, int, int]]:
    """Each line with its part of time, subsidy and what came later, by quantity."""
    weights = {place: line.quantity for place, line in enumerate(taken.lines)}
    times, subsidies = apportion(time, weights), apportion(taken.subsidy, weights)
    laters = apportion(taken.later, weights)
    return [(line, times[place], subsidies[place], laters[place]) for place, line in enumerate(taken.lines)]


def _changes(taken: Taken, sign: int, own: tuple[Line, int, int, int]) -> dict[str, int]:
    """What a line brought by code: above zero is good for the member, whichever side it is on."""
    line, time, subsidy, later = own
    found: dict[str, int] = {}
    for code, amount in line.parts:
        found[code] = found.get(code, 0) + sign * amount
    for code, amount in (("own_costs", -line.own_costs), ("time", -time), ("subsidy", -subsidy), ("later", later)):
        found[code] = found.get(code, 0) + amount
    return found


def _steps(alone: int, undocumented: int, known: Sequence[Mapping[str, int]], sign: int) -> list[Step]:
    """From alone on: the first part of a share is met with alone and becomes the difference of price."""
    sums: dict[str, int] = {}
    for each in known:
        for code, amount in each.items():
            sums[code] = sums.get(code, 0) + sign * amount
    steps = [Step("alone", alone)]
    if undocumented:
        steps.append(Step("undocumented", undocumented))
    if known:
        steps.append(Step("price", sums.pop("contract", 0) - alone))
    return [*steps, *(Step(code, amount) for code, amount in sums.items() if amount)]


# Rolled up


@dataclass(frozen=True, slots=True)
class Booked:
    """A member's counted gain, with what it is rolled up by."""

    member: int
    action: tuple[str, int]
    kind: str
    season: int
    counted: Counted


@dataclass(frozen=True, slots=True)
class Total:
    """A sum of gains: how many members and actions stand behind it, and what was not counted."""

    members: int
    actions: int
    members_undocumented: int
    joint: int
    fees: int
    own_costs: int
    time: int
    subsidy: int
    gain: int
    claimed: int

    @property
    def own(self) -> int:
        """What members gave of their own: transport and time."""
        return self.own_costs + self.time


def roll_up(booked: Iterable[Booked], by: Callable[[Booked], K]) -> dict[K, Total]:
    """Gains by member, action, kind, season or all: the order they come in changes nothing."""
    groups: dict[K, list[Booked]] = {}
    for each in booked:
        groups.setdefault(by(each), []).append(each)
    return {key: _total(each) for key, each in groups.items()}


def _total(group: Sequence[Booked]) -> Total:
    counted = [each.counted for each in group]
    return Total(
        members=len({each.member for each in group}),
        actions=len({each.action for each in group}),
        members_undocumented=len({each.member for each in group if not each.counted.is_documented}),
        joint=sum(each.joint if each.side == "earning" else -each.joint for each in counted),
        fees=sum(each.fees for each in counted),
        own_costs=sum(each.own_costs for each in counted),
        time=sum(each.time or 0 for each in counted),
        subsidy=sum(each.subsidy for each in counted),
        gain=sum(each.gain for each in counted),
        claimed=sum(each.claimed for each in counted),
    )


def mean_day(days: Iterable[tuple[date, int]]) -> date | None:
    """The day in the middle of several, by mass; None where there is no mass."""
    found = [(day.toordinal(), mass) for day, mass in days]
    total = sum(mass for _, mass in found)
    if not total:
        return None
    return date.fromordinal((2 * sum(day * mass for day, mass in found) + total) // (2 * total))
