"""Divide a lot's proceeds among its members by the rule they chose.

How one order is divided
    `uniform`: what the buyer paid goes by kilograms. `proportional`: by what each line would earn
    alone (at its reserve price where there is no evidence). `fixed`: by the members' formula of
    kilograms, alone, quality and heads. `equal_gain`: over all orders, net of costs, each member
    has its value alone and the same gain on top.
    `quality`: the plan that filled the order put a price on each of its limits: what one unit
    inside the limit is worth to the lot, because it lets other honey in. A batch's value per kg is
    the contract price plus, for each priced limit, that price times the distance of the batch
    inside the limit (minus, outside), rounded to a rial and never below the batch's reserve price.
    What the buyer paid is divided in proportion to value times kg. In an optimal plan the priced
    distances of an order cancel out over its kilograms, so good honey earns just what it lends to
    the rest.
What is taken off
    Costs, each by kg or by value over the lines it concerns. Then the rule's part of the gain, for
    the cluster's reserve: never so much that the rest does not cover all floors.
The least correction
    A member whose net is below its floor (`settlement_floor.py`) is lifted to it, and no further;
    those above give in proportion to what they have above their own. The floor is the reserve
    price and what the member would have earned alone; when the lot does not cover that for all, the
    reserve price; when not even that (`is_short`), each member gets the same share of it. So
    `is_short` speaks of reserve prices alone, and who is below alone is in the certificate.
Worst temptation
    Orders belong to the cluster: a group that leaves takes its own batches to its own outlets, so
    what it would earn is the sum of what its members would earn alone. What it would win, as a part
    of what it earns, is a mean of its members' parts, so no group is more tempted than its most
    tempted member: the worst single member is the exact answer for all groups.

Every division is exact (`money.apportion`): no item is more than one rial from its exact share and
each adds up to its bill, so nothing is left over to round.

Source: prices of a linear blend as a division of its value: Owen (1975), On the core of linear
production games, Mathematical Programming 9.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction

from kandoo.engine.money import apportion, split_payments
from kandoo.engine.settlement_floor import add_correction, floors_of, least_correction, reserves_of
from kandoo.engine.settlement_records import (
    Item,
    LineShare,
    LotCost,
    LotLine,
    LotToSettle,
    MemberShare,
    QualityPiece,
    SettledOrder,
    Settlement,
    SettlementCertificate,
)
from kandoo.engine.settlement_rules import Items, add_equal_gain, add_proceeds, add_reserve, numbers, value_alone
from kandoo.engine.settlement_value import distance_inside, quality_pieces, value_per_kg

__all__ = [
    "Item",
    "LineShare",
    "LotCost",
    "LotLine",
    "LotToSettle",
    "MemberShare",
    "QualityPiece",
    "SettledOrder",
    "Settlement",
    "SettlementCertificate",
    "distance_inside",
    "least_correction",
    "settle",
    "split_payments",
]

WHOLE_MEMBER = ("floor", "shortfall", "reserve")  # items whose numbers hold for all of a member's lines


def settle(lot: LotToSettle) -> Settlement:
    """Divide what a lot earned, to the last rial.

    Raises
    ------
    ValueError
        When a line has no mass or names an unknown order, an order has received money but no
        line, or a limit that has a price was not measured on a batch.
    """
    _check(lot)
    lines = sorted(lot.lines, key=lambda line: (line.member, line.batch, line.order))
    orders = {order.order: order for order in lot.orders}
    quality = [quality_pieces(line, orders[line.order], lot.laws) for line in lines]
    values = [value_per_kg(line, orders[line.order], pieces) for line, pieces in zip(lines, quality, strict=True)]
    items, reserve = _items(lot, lines, values)
    parts = [
        LineShare(
            line=line,
            value_per_kg=value,
            quality=pieces,
            items=tuple(each for each in mine if each.amount or each.code == "contract"),
            amount=sum(each.amount for each in mine),
            alone=None if line.alone_per_kg is None else value_alone(line),
        )
        for line, value, pieces, mine in zip(lines, values, quality, items, strict=True)
    ]
    shares = _member_shares(parts)
    received, costs = sum(order.received for order in lot.orders), sum(cost.amount for cost in lot.costs)
    return Settlement(
        shares=shares,
        received=received,
        costs=costs,
        total=received - costs,
        reserve=reserve,
        is_short=received - costs < sum(reserves_of(lines).values()),
        rule=lot.rule,
        certificate=_certificate(shares, received - costs - reserve),
    )


def _items(lot: LotToSettle, lines: Sequence[LotLine], values: Sequence[int]) -> tuple[Items, int]:
    """Each line's items, one step after the other, and what went into the reserve."""
    items: Items = [[] for _ in lines]
    for order in lot.orders:
        add_proceeds(items, order, lines, values, lot.rule)
    for cost in lot.costs:
        _add_cost(items, cost, lines, values)
    if lot.rule.name == "equal_gain":
        add_equal_gain(items, lines)
    reserve = add_reserve(items, lines, lot.rule, sum(floors_of(lines).values()))
    add_correction(items, lines)
    return items, reserve


def _check(lot: LotToSettle) -> None:
    orders = {order.order for order in lot.orders}
    if len(orders) < len(lot.orders):
        raise ValueError("An order appears twice.")
    seen: set[tuple[str, str]] = set()
    for line in lot.lines:
        if line.order not in orders:
            raise ValueError(f"Batch {line.batch}: there is no order {line.order!r}.")
        if line.kg <= 0 or min(line.reserve_per_kg, line.alone_per_kg or 0) < 0:
            raise ValueError(f"Batch {line.batch}: mass must be above 0, prices not below.")
        if (line.batch, line.order) in seen:
            raise ValueError(f"Batch {line.batch} appears twice in order {line.order}.")
        seen.add((line.batch, line.order))
    filled = {line.order for line in lot.lines}
    for order in lot.orders:
        if order.received < 0 or order.price_per_kg < 0:
            raise ValueError(f"Order {order.order}: received and price must not be negative.")
        if order.received and order.order not in filled:
            raise ValueError(f"Order {order.order} has received money but no line.")
    for cost in lot.costs:
        if not lot.lines or (cost.order and cost.order not in filled):
            raise ValueError(f"Cost {cost.kind}: no line of order {cost.order!r} bears it.")


# Costs


def _add_cost(items: Items, cost: LotCost, lines: Sequence[LotLine], values: Sequence[int]) -> None:
    mine = [place for place, line in enumerate(lines) if cost.order in ("", line.order)]
    kg = {place: lines[place].kg for place in mine}
    weights = {place: values[place] * lines[place].kg for place in mine}
    by_value = cost.basis == "value" and any(weights.values())
    base = weights if by_value else kg
    for place, part in apportion(cost.amount, base).items():
        reason = numbers(total=cost.amount, part_of=base[place], whole=sum(base.values()))
        items[place].append(Item("cost", -part, cost.kind, reason))


# Shares and certificate


def _member_shares(parts: Sequence[LineShare]) -> tuple[MemberShare, ...]:
    mine: dict[str, list[LineShare]] = defaultdict(list)
    for part in parts:
        mine[part.line.member].append(part)
    return tuple(_member_share(member, mine[member]) for member in sorted(mine))


def _member_share(member: str, mine: Sequence[LineShare]) -> MemberShare:
    evidenced = [part for part in mine if part.alone is not None]
    alone = sum(part.alone or 0 for part in evidenced)
    return MemberShare(
        member=member,
        kg=sum(part.line.kg for part in mine),
        amount=sum(part.amount for part in mine),
        items=_added_up(item for part in mine for item in part.items),
        lines=tuple(mine),
        reserve=sum(part.line.reserve_per_kg * part.line.kg for part in mine),
        alone=alone,
        gain=sum(part.amount for part in evidenced) - alone,
        kg_without_evidence=sum(part.line.kg for part in mine if part.alone is None),
    )


def _added_up(items: Iterable[Item]) -> tuple[Item, ...]:
    """One item for each code and kind, with the numbers that hold for the whole member."""
    sums: dict[tuple[str, str], int] = {}
    first: dict[tuple[str, str], Item] = {}
    for item in items:
        key = (item.code, item.kind)
        sums[key] = sums.get(key, 0) + item.amount
        first.setdefault(key, item)
    return tuple(
        Item(
            item.code,
            sums[key],
            item.kind,
            item.numbers if item.code in WHOLE_MEMBER else (),
        )
        for key, item in first.items()
        if sums[key] or item.code == "contract"
    )


def _certificate(shares: Sequence[MemberShare], total: int) -> SettlementCertificate:
    with_evidence = [each for each in shares if each.kg_without_evidence < each.kg]
    worst, epsilon = _worst_temptation(shares)
    return SettlementCertificate(
        adds_up=sum(each.amount for each in shares) == total
        and all(sum(item.amount for item in each.items) == each.amount for each in shares),
        gain_min=min((each.gain for each in with_evidence), default=None),
        below_alone=tuple(each.member for each in with_evidence if each.gain < 0),
        below_reserve=tuple(each.member for each in shares if each.amount < each.reserve),
        without_evidence=tuple(each.member for each in shares if each.kg_without_evidence),
        worst_group=worst,
        epsilon=epsilon,
    )


def _worst_temptation(shares: Sequence[MemberShare]) -> tuple[tuple[str, ...], float | None]:
    """The group that would win most by leaving, and how much of its earnings; None where it earns nothing."""
    tempted = [each for each in shares if each.gain < 0]
    if not tempted:
        return (), 0.0
    if any(each.amount < 0 for each in shares) or any(each.amount == 0 for each in tempted):
        return (), None
    worst = max(tempted, key=lambda each: Fraction(-each.gain, each.amount))
    return (worst.member,), -worst.gain / worst.amount
