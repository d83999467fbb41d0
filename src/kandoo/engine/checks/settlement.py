"""Check a settlement from its raw input, sharing no code with `settlement.py`.

What is checked: every total to the last rial; that each order was divided by value times kg, and
each cost by its basis, to within one rial a line; that the floor was kept by the least correction;
and what each member would have had alone.
"""

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from kandoo.engine.settlement_records import LotToSettle, Settlement

PER_ORDER = ("contract", "received_difference", "quality")


def faults(lot: LotToSettle, result: Settlement) -> list[str]:
    """What is wrong with a settlement; empty when nothing is."""
    found = _total_faults(lot, result)
    placed = {(part.line.batch, part.line.order): part for share in result.shares for part in share.lines}
    if sorted(placed) != sorted((line.batch, line.order) for line in lot.lines):
        return [*found, "The lines of the shares are not those of the lot."]
    value = {(line.batch, line.order): _value(lot, line) for line in lot.lines}
    found += _division_faults(lot, placed, value)
    found += _cost_faults(lot, placed, value)
    found += _member_faults(lot, result)
    return found


def _total_faults(lot: LotToSettle, result: Settlement) -> list[str]:
    found = []
    net = sum(order.received for order in lot.orders) - sum(cost.amount for cost in lot.costs)
    if sum(share.amount for share in result.shares) != net:
        found.append(f"The shares do not add up to {net}.")
    for share in result.shares:
        if sum(item.amount for item in share.items) != share.amount:
            found.append(f"The items of {share.member} do not add up.")
        if sum(part.amount for part in share.lines) != share.amount:
            found.append(f"The lines of {share.member} do not add up.")
        for part in share.lines:
            if sum(item.amount for item in part.items) != part.amount:
                found.append(f"The items of batch {part.line.batch} do not add up.")
    return found


def _value(lot: LotToSettle, line: Any) -> int:
    """Rial per kg: the price, each priced limit's row at this batch, at least the reserve."""
    order = next(each for each in lot.orders if each.order == line.order)
    worth = Fraction(order.price_per_kg)
    for key in sorted(order.shadow_prices):
        if not order.shadow_prices[key]:
            continue
        is_max = key.endswith("_max")
        name = key[:-4]
        limit = order.upper[name] if is_max else order.lower[name]
        row = _row(lot.laws[name], line.quality, limit)
        worth += Fraction(order.shadow_prices[key] * (-row if is_max else row))
    whole = round(worth)
    return whole if whole > line.reserve_per_kg else line.reserve_per_kg


def _row(law: Any, quality: Mapping[str, float], limit: float) -> float:
    """top - limit * bottom of the blend's row, in units of the parameter at the limit."""
    name, parts = law.parameter, list(law.parts)
    if law.law == "ratio_of":
        return -(limit * quality[parts[1]] - quality[parts[0]])
    if law.law == "sum_of" and all(part in quality for part in parts):
        return -(limit - sum(quality[part] for part in parts))
    if law.law == "linear_dry_matter" and parts[0] in quality:
        return -((limit - quality[name]) * (1 - quality[parts[0]] / 100))
    if law.law == "optical_density":
        at_limit, slope = _on_curve(law.curve, limit)
        return -((at_limit - _on_curve(law.curve, quality[name])[0]) / slope)
    return -(limit - quality[name])


def _on_curve(curve: tuple[tuple[float, float], ...], x: float) -> tuple[float, float]:
    start = 0
    while start < len(curve) - 2 and x >= curve[start + 1][0]:
        start += 1
    (left, low), (right, high) = curve[start], curve[start + 1]
    slope = (high - low) / (right - left)
    return low + (x - left) * slope, slope


def _division_faults(lot: LotToSettle, placed: Mapping[Any, Any], value: Mapping[Any, int]) -> list[str]:
    found = []
    for order in lot.orders:
        mine = [line for line in lot.lines if line.order == order.order]
        weights = [value[line.batch, line.order] * line.kg for line in mine]
        if not sum(weights):
            weights = [line.kg for line in mine]
        got_all = 0
        for line, weight in zip(mine, weights, strict=True):
            part = placed[line.batch, line.order]
            got = sum(item.amount for item in part.items if item.code in PER_ORDER)
            got_all += got
            if abs(got - Fraction(order.received * weight, sum(weights))) >= 1:
                found.append(f"Batch {line.batch} has {got} of order {order.order}: not its share.")
            contract = sum(item.amount for item in part.items if item.code == "contract")
            if contract != order.price_per_kg * line.kg:
                found.append(f"Batch {line.batch}: the contract sum is not price times kg.")
        if got_all != order.received:
            found.append(f"Order {order.order}: {got_all} divided of {order.received}.")
    return found


def _cost_faults(lot: LotToSettle, placed: Mapping[Any, Any], value: Mapping[Any, int]) -> list[str]:
    due: dict[tuple[Any, str], Fraction] = defaultdict(Fraction)
    bills: dict[str, int] = defaultdict(int)
    count: dict[str, int] = defaultdict(int)
    for cost in lot.costs:
        bills[cost.kind] += cost.amount
        count[cost.kind] += 1
        mine = [line for line in lot.lines if not cost.order or line.order == cost.order]
        weights = [line.kg * value[line.batch, line.order] for line in mine]
        if cost.basis == "kg" or not sum(weights):
            weights = [line.kg for line in mine]
        for line, weight in zip(mine, weights, strict=True):
            due[(line.batch, line.order), cost.kind] += Fraction(cost.amount * weight, sum(weights))
    found = []
    for kind, bill in bills.items():
        taken = 0
        for key, part in placed.items():
            mine_taken = -sum(i.amount for i in part.items if i.code == "cost" and i.kind == kind)
            taken += mine_taken
            if abs(mine_taken - due[key, kind]) >= count[kind]:
                found.append(f"Batch {key[0]}: {mine_taken} of {kind} is not its part.")
        if taken != bill:
            found.append(f"Cost {kind}: {taken} taken of {bill}.")
    return found


def _member_faults(lot: LotToSettle, result: Settlement) -> list[str]:
    found = []
    reserve: dict[str, int] = defaultdict(int)
    alone: dict[str, int] = defaultdict(int)
    for line in lot.lines:
        reserve[line.member] += line.reserve_per_kg * line.kg
        if line.alone_per_kg is not None:
            alone[line.member] += line.alone_per_kg * line.kg
    covers = result.total >= sum(reserve.values())
    if result.is_short == covers:
        found.append("The settlement is wrong about covering the reserves.")
    lowest: dict[str, int] = {}
    for share in result.shares:
        lifted = sum(item.amount for item in share.items if item.code == "floor")
        if covers and share.amount < reserve[share.member]:
            found.append(f"{share.member} is below its reserve though the lot covers all.")
        if lifted > 0 and share.amount != reserve[share.member]:
            found.append(f"{share.member} was lifted beyond its reserve.")
        gain = sum(part.amount for part in share.lines if part.line.alone_per_kg is not None) - alone[share.member]
        if gain != share.gain or share.alone != alone[share.member]:
            found.append(f"{share.member}: gain {share.gain} should be {gain}.")
        if any(part.line.alone_per_kg is not None for part in share.lines):
            lowest[share.member] = gain
    told = result.certificate
    if told.gain_min != min(lowest.values(), default=None):
        found.append("The certificate's least gain is not the least.")
    if set(told.below_alone) != {member for member, gain in lowest.items() if gain < 0}:
        found.append("The certificate does not list all who are below alone.")
    if set(told.below_reserve) != {s.member for s in result.shares if s.amount < reserve[s.member]}:
        found.append("The certificate does not list all who are below their reserve.")
    return found
