"""Divide a lot's proceeds among its members by quality-adjusted value.

How one order is divided
    The plan that filled the order put a price on each of its limits: what one unit inside the
    limit is worth to the lot, because it lets other honey in. A batch's value per kg is the
    contract price plus, for each priced limit, that price times the distance of the batch inside
    the limit (minus, outside), rounded to a rial and never below the batch's reserve. What the
    buyer paid is divided in proportion to value times kg. In an optimal plan the priced distances
    of an order cancel out over its kilograms, so good honey earns just what it lends to the rest.
What is taken off
    Costs, each by kg or by value over the lines it concerns.
The least correction
    A member whose net is below its reserve is lifted to it, and no further; those above give in
    proportion to what they have above their own reserve. One pass is enough, since nobody gives
    more than it has above. When the lot does not cover all reserves, each member gets the same
    share of its reserve and the settlement says `is_short`.

Every division is exact (`money.apportion`): no item is more than one rial from its exact share and
each adds up to its bill, so nothing is left over to round.

Source: prices of a linear blend as a division of its value: Owen (1975), On the core of linear
production games, Mathematical Programming 9.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from kandoo.engine.laws import BlendLaw
from kandoo.engine.money import apportion, split_payments
from kandoo.engine.settlement_records import (
    Item,
    ItemCode,
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
    "settle",
    "split_payments",
]


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
    quality = [_quality(line, orders[line.order], lot.laws) for line in lines]
    values = [_value_per_kg(line, orders[line.order], pieces) for line, pieces in zip(lines, quality, strict=True)]
    items: list[list[Item]] = [[] for _ in lines]
    for order in lot.orders:
        _add_proceeds(items, order, lines, values)
    for cost in lot.costs:
        _add_cost(items, cost, lines, values)
    received, costs = sum(o.received for o in lot.orders), sum(c.amount for c in lot.costs)
    is_short = received - costs < sum(line.reserve_per_kg * line.kg for line in lines)
    _add_correction(items, lines, is_short)
    parts = [
        LineShare(
            line=line,
            value_per_kg=value,
            quality=pieces,
            items=tuple(each for each in mine if each.amount or each.code == "contract"),
            amount=sum(each.amount for each in mine),
            alone=None if line.alone_per_kg is None else line.alone_per_kg * line.kg,
        )
        for line, value, pieces, mine in zip(lines, values, quality, items, strict=True)
    ]
    by_member: dict[str, list[LineShare]] = defaultdict(list)
    for part in parts:
        by_member[part.line.member].append(part)
    shares = tuple(_member_share(member, by_member[member]) for member in sorted(by_member))
    return Settlement(
        shares=shares,
        received=received,
        costs=costs,
        total=received - costs,
        is_short=is_short,
        certificate=_certificate(shares, received - costs),
    )


def _check(lot: LotToSettle) -> None:
    orders = {order.order for order in lot.orders}
    if len(orders) < len(lot.orders):
        raise ValueError("An order appears twice.")
    seen: set[tuple[str, str]] = set()
    for line in lot.lines:
        if line.order not in orders:
            raise ValueError(f"Batch {line.batch}: there is no order {line.order!r}.")
        if line.kg <= 0 or line.reserve_per_kg < 0:
            raise ValueError(f"Batch {line.batch}: mass must be above 0, reserve not below.")
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


# Value of a batch in an order


def _quality(line: LotLine, order: SettledOrder, laws: Mapping[str, BlendLaw]) -> tuple[QualityPiece, ...]:
    pieces = []
    for key, price in sorted(order.shadow_prices.items()):
        parameter, _, side = key.rpartition("_")
        limits = {"max": order.upper, "min": order.lower}.get(side, {})
        if price < 0 or parameter not in limits or parameter not in laws:
            raise ValueError(f"Order {order.order}: {key} prices no limit of it, or is negative.")
        if price == 0:
            continue
        measured = distance_inside(laws[parameter], line.quality, limits[parameter], side == "max")
        if measured is None:
            raise ValueError(f"Batch {line.batch}: {parameter} was not measured.")
        found, distance = measured
        pieces.append(QualityPiece(key, limits[parameter], found, distance, price, price * distance))
    return tuple(pieces)


def distance_inside(
    law: BlendLaw, quality: Mapping[str, float], limit: float, is_upper: bool
) -> tuple[float, float] | None:
    """A batch's own value of a parameter and how far it lies inside a limit of the blend.

    The distance is what the batch brings to the blend's row for this limit, in units of the
    parameter at the limit: for conductivity it is weighted by the share of dry matter, for
    colour it is taken in optical density and turned back at the slope of the curve there, for a
    ratio it is numerator less limit times denominator. None when a part was not measured.
    """
    values = [quality.get(part) for part in law.parts]
    own = quality.get(law.parameter)
    known = [each for each in values if each is not None]
    is_whole = len(known) == len(values)
    if law.law == "sum_of" and is_whole:
        own = sum(known)
    elif law.law == "ratio_of":
        if not is_whole or known[1] <= 0:
            return None
        own, inside = known[0] / known[1], limit * known[1] - known[0]
        return own, inside if is_upper else -inside
    if own is None:
        return None
    inside = limit - own
    if law.law == "linear_dry_matter" and is_whole:
        inside *= 1 - known[0] / 100
    elif law.law == "optical_density":
        inside = (_density(law, limit) - _density(law, own)) / _slope(law, limit)
    return own, inside if is_upper else -inside


def _piece(law: BlendLaw, value: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """The stretch of the curve a value lies on; the end pieces carry on."""
    pieces = list(zip(law.curve, law.curve[1:], strict=False))
    return next((each for each in pieces if value < each[1][0]), pieces[-1])


def _slope(law: BlendLaw, value: float) -> float:
    (x0, y0), (x1, y1) = _piece(law, value)
    return (y1 - y0) / (x1 - x0)


def _density(law: BlendLaw, value: float) -> float:
    (x0, y0), _ = _piece(law, value)
    return y0 + (value - x0) * _slope(law, value)


def _value_per_kg(line: LotLine, order: SettledOrder, pieces: Sequence[QualityPiece]) -> int:
    value = order.price_per_kg + sum((Fraction(each.per_kg) for each in pieces), Fraction(0))
    return max(round(value), line.reserve_per_kg)


# Items


def _add_proceeds(
    items: list[list[Item]], order: SettledOrder, lines: Sequence[LotLine], values: Sequence[int]
) -> None:
    """Contract sum, the buyer's difference to it by kg, then quality within the order."""
    mine = [place for place, line in enumerate(lines) if line.order == order.order]
    kg = {place: lines[place].kg for place in mine}
    weights = {place: values[place] * lines[place].kg for place in mine}
    contract_total = order.price_per_kg * sum(kg.values())
    difference = apportion(order.received - contract_total, kg)
    shares = apportion(order.received, weights if any(weights.values()) else kg)
    mean = Fraction(sum(weights.values()), sum(kg.values()) or 1)
    for place in mine:
        contract = order.price_per_kg * kg[place]
        items[place] += [
            Item("contract", contract, "", _numbers(kg=kg[place], price_per_kg=order.price_per_kg)),
            Item(
                "received_difference",
                difference[place],
                "",
                _numbers(received=order.received, contract=contract_total),
            ),
            Item(
                "quality",
                shares[place] - contract - difference[place],
                "",
                _numbers(value_per_kg=values[place], mean_value_per_kg=float(mean), kg=kg[place]),
            ),
        ]


def _add_cost(items: list[list[Item]], cost: LotCost, lines: Sequence[LotLine], values: Sequence[int]) -> None:
    mine = [place for place, line in enumerate(lines) if cost.order in ("", line.order)]
    kg = {place: lines[place].kg for place in mine}
    weights = {place: values[place] * lines[place].kg for place in mine}
    by_value = cost.basis == "value" and any(weights.values())
    base = weights if by_value else kg
    for place, part in apportion(cost.amount, base).items():
        numbers = _numbers(total=cost.amount, part_of=base[place], whole=sum(base.values()))
        items[place].append(Item("cost", -part, cost.kind, numbers))


def _add_correction(items: list[list[Item]], lines: Sequence[LotLine], is_short: bool) -> None:
    """Lift members to their reserve, or share out what there is when it is too little."""
    net = _by_member(lines, [sum(each.amount for each in mine) for mine in items])
    reserve = _by_member(lines, [line.reserve_per_kg * line.kg for line in lines])
    if is_short:
        kg = _by_member(lines, [line.kg for line in lines])
        wanted = apportion(sum(net.values()), reserve if any(reserve.values()) else kg)
        change = {member: wanted[member] - net[member] for member in net}
    else:
        change = least_correction(net, reserve)
    places: dict[str, dict[int, int]] = defaultdict(dict)
    for place, line in enumerate(lines):
        places[line.member][place] = line.kg
    code: ItemCode = "shortfall" if is_short else "floor"
    for member, amount in change.items():
        numbers = _numbers(before=net[member], reserve=reserve[member])
        for place, part in apportion(amount, places[member]).items():
            items[place].append(Item(code, part, "", numbers))


def _by_member(lines: Sequence[LotLine], amounts: Sequence[int]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for line, amount in zip(lines, amounts, strict=True):
        sums[line.member] += amount
    return sums


def least_correction(net: Mapping[str, int], reserve: Mapping[str, int]) -> dict[str, int]:
    """The change by member that moves the least money and leaves nobody below its reserve.

    The nets must together cover the reserves. The sum of changes is zero.
    """
    lifts = {member: max(reserve[member] - net[member], 0) for member in net}
    above = {member: max(net[member] - reserve[member], 0) for member in net}
    given = apportion(sum(lifts.values()), above)
    return {member: lifts[member] - given[member] for member in net}


def _numbers(**numbers: float) -> tuple[tuple[str, float], ...]:
    return tuple(numbers.items())


# Shares and certificate


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
            item.numbers if item.code in ("floor", "shortfall") else (),
        )
        for key, item in first.items()
    )


def _certificate(shares: Sequence[MemberShare], total: int) -> SettlementCertificate:
    with_evidence = [each for each in shares if each.kg_without_evidence < each.kg]
    return SettlementCertificate(
        adds_up=sum(each.amount for each in shares) == total
        and all(sum(item.amount for item in each.items) == each.amount for each in shares),
        gain_min=min((each.gain for each in with_evidence), default=None),
        below_alone=tuple(each.member for each in with_evidence if each.gain < 0),
        below_reserve=tuple(each.member for each in shares if each.amount < each.reserve),
        without_evidence=tuple(each.member for each in shares if each.kg_without_evidence),
    )
