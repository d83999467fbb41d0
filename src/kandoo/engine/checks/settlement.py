"""Check a settlement from its raw input, sharing no code with `settlement.py`.

What is checked: every total to the last rial; that each order was divided by the rule, and each
cost by its basis, to within one rial a line; the equal gain; what went into the reserve; that the
floor was kept by the least correction; what each member would have had alone; and that no member,
so no group of them, is tempted to leave more than is told.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from kandoo.engine.settlement_records import LotToSettle, Settlement

PER_ORDER = ("contract", "received_difference", "quality", "proportional", "fixed")
CORRECTIONS = ("floor", "shortfall")


def faults(lot: LotToSettle, result: Settlement) -> list[str]:
    """What is wrong with a settlement; empty when nothing is."""
    found = _total_faults(lot, result)
    placed = {(part.line.batch, part.line.order): part for share in result.shares for part in share.lines}
    if sorted(placed) != sorted((line.batch, line.order) for line in lot.lines):
        return [*found, "The lines of the shares are not those of the lot."]
    value = {(line.batch, line.order): _value(lot, line) for line in lot.lines}
    found += _division_faults(lot, placed, value)
    found += _cost_faults(lot, placed, value)
    if lot.rule.name == "equal_gain":
        found += _equal_gain_faults(lot, placed)
    found += _reserve_faults(lot, result, placed)
    found += _correction_faults(lot, result)
    found += _member_faults(lot, result)
    return found


def _total_faults(lot: LotToSettle, result: Settlement) -> list[str]:
    found = []
    net = sum(order.received for order in lot.orders) - sum(cost.amount for cost in lot.costs)
    if sum(share.amount for share in result.shares) + result.reserve != net or result.total != net:
        found.append(f"The shares and the reserve do not add up to {net}.")
    if result.rule != lot.rule:
        found.append("The rule is not the lot's.")
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
        weights = _parts(lot, mine, value)
        got_all = 0
        for line, weight in zip(mine, weights, strict=True):
            part = placed[line.batch, line.order]
            got = sum(item.amount for item in part.items if item.code in PER_ORDER)
            got_all += got
            if abs(got - order.received * weight) >= 1:
                found.append(f"Batch {line.batch} has {got} of order {order.order}: not its share.")
            contract = sum(item.amount for item in part.items if item.code == "contract")
            if contract != order.price_per_kg * line.kg:
                found.append(f"Batch {line.batch}: the contract sum is not price times kg.")
        if got_all != order.received:
            found.append(f"Order {order.order}: {got_all} divided of {order.received}.")
    return found


def _parts(lot: LotToSettle, mine: Sequence[Any], value: Mapping[Any, int]) -> list[Fraction]:
    """Each line's part of its order by the rule."""
    heads: dict[str, int] = defaultdict(int)
    for line in mine:
        heads[line.member] += line.kg
    bases: dict[str, list[Any]] = {
        "quantity": [line.kg for line in mine],
        "quality": [line.kg * value[line.batch, line.order] for line in mine],
        "alone": [_alone(line) for line in mine],
        "member": [Fraction(line.kg, heads[line.member]) for line in mine],
    }
    single: dict[str, Any] = {
        "uniform": "quantity",
        "equal_gain": "quantity",
        "quality": "quality",
        "proportional": "alone",
    }
    formula = {**lot.rule.weights} if lot.rule.name == "fixed" else {single[lot.rule.name]: 1000}
    parts = [Fraction(0)] * len(mine)
    for base, thousandths in formula.items():
        column = bases[base] if any(bases[base]) else bases["quantity"]
        for number, own in enumerate(column):
            parts[number] += Fraction(thousandths, 1000) * Fraction(own) / sum(column)
    return parts


def _alone(line: Any) -> int:
    price = line.alone_per_kg if line.alone_per_kg is not None else line.reserve_per_kg
    return int(price) * int(line.kg)


def _so_far(part: Any, *left_out: str) -> int:
    return sum(item.amount for item in part.items if item.code not in left_out)


def _equal_gain_faults(lot: LotToSettle, placed: Mapping[Any, Any]) -> list[str]:
    alone, had = 0, 0
    above: dict[str, int] = defaultdict(int)
    for part in placed.values():
        own = _so_far(part, "reserve", *CORRECTIONS)
        above[part.line.member] += own - _alone(part.line)
        alone, had = alone + _alone(part.line), had + own
    same = Fraction(had - alone, len(above) or 1)
    return [f"{member} has not the same gain as the others." for member, gain in above.items() if abs(gain - same) >= 1]


def _reserve_faults(lot: LotToSettle, result: Settlement, placed: Mapping[Any, Any]) -> list[str]:
    before = {key: _so_far(part, "reserve", *CORRECTIONS) for key, part in placed.items()}
    gain = sum(before[k] - _alone(p.line) for k, p in placed.items() if p.line.alone_per_kg is not None)
    spare = sum(before.values()) - sum(_highest_floors(lot).values())
    due = max(min(max(gain, 0) * lot.rule.reserve // 1000, spare), 0)
    found = [] if due == result.reserve else [f"The reserve is {result.reserve} and should be {due}."]
    given: dict[str, int] = defaultdict(int)
    weight: dict[str, Fraction] = defaultdict(Fraction)
    for key, part in placed.items():
        who = str(key) if lot.rule.name != "equal_gain" else part.line.member
        given[who] -= sum(item.amount for item in part.items if item.code == "reserve")
        brought = Fraction(_so_far(part, "cost", "reserve", *CORRECTIONS))
        weight[who] = weight[who] + brought if lot.rule.name != "equal_gain" else Fraction(1)
    if sum(given.values()) != result.reserve:
        found.append("What the members gave to the reserve is not the reserve.")
    whole = sum(weight.values()) or 1
    return found + [
        f"{who} gave {amount} to the reserve: not its part."
        for who, amount in given.items()
        if abs(amount - result.reserve * weight[who] / whole) >= 1
    ]


def _highest_floors(lot: LotToSettle) -> dict[str, int]:
    """Reserve price of lines without evidence; of those with it together, the higher of reserve price and alone."""
    asked: dict[str, int] = defaultdict(int)
    alone: dict[str, int] = defaultdict(int)
    open_price: dict[str, int] = defaultdict(int)
    for line in lot.lines:
        if line.alone_per_kg is None:
            open_price[line.member] += line.reserve_per_kg * line.kg
        else:
            asked[line.member] += line.reserve_per_kg * line.kg
            alone[line.member] += line.alone_per_kg * line.kg
    return {line.member: max(asked[line.member], alone[line.member]) + open_price[line.member] for line in lot.lines}


def _correction_faults(lot: LotToSettle, result: Settlement) -> list[str]:
    """Every member as the least correction leaves it, counted from what it had before."""
    reserve: dict[str, int] = defaultdict(int)
    kg: dict[str, int] = defaultdict(int)
    for line in lot.lines:
        reserve[line.member] += line.reserve_per_kg * line.kg
        kg[line.member] += line.kg
    had = {s.member: sum(i.amount for i in s.items if i.code not in CORRECTIONS) for s in result.shares}
    there = sum(had.values())
    highest = _highest_floors(lot)
    if there < sum(reserve.values()):
        base = reserve if sum(reserve.values()) else kg
        due = {member: Fraction(there * base[member], sum(base.values())) for member in had}
    else:
        floor = highest if there >= sum(highest.values()) else reserve
        missing = sum(max(floor[member] - had[member], 0) for member in had)
        over = sum(max(had[member] - floor[member], 0) for member in had)
        due = {}
        for member, amount in had.items():
            given = Fraction(missing * (amount - floor[member]), over) if amount > floor[member] else Fraction(0)
            due[member] = max(amount, floor[member]) - given
    return [
        f"{share.member} has {share.amount}; the least correction gives {float(due[share.member]):.0f}."
        for share in result.shares
        if abs(share.amount - due[share.member]) >= 1
    ]


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
    highest = _highest_floors(lot)
    covers_alone = sum(share.amount for share in result.shares) >= sum(highest.values())
    lowest: dict[str, int] = {}
    for share in result.shares:
        if covers and share.amount < reserve[share.member]:
            found.append(f"{share.member} is below its reserve though the lot covers all.")
        gain = sum(part.amount for part in share.lines if part.line.alone_per_kg is not None) - alone[share.member]
        if gain != share.gain or share.alone != alone[share.member]:
            found.append(f"{share.member}: gain {share.gain} should be {gain}.")
        if any(part.line.alone_per_kg is not None for part in share.lines):
            lowest[share.member] = gain
            if covers_alone and gain < 0:
                found.append(f"{share.member} earns less than alone though the lot covers all.")
    return found + _certificate_faults(result, reserve, lowest)


def _certificate_faults(result: Settlement, reserve: Mapping[str, int], gain: Mapping[str, int]) -> list[str]:
    told, found = result.certificate, []
    if told.gain_min != min(gain.values(), default=None):
        found.append("The certificate's least gain is not the least.")
    if set(told.below_alone) != {member for member, own in gain.items() if own < 0}:
        found.append("The certificate does not list all who are below alone.")
    if set(told.below_reserve) != {s.member for s in result.shares if s.amount < reserve[s.member]}:
        found.append("The certificate does not list all who are below their reserve.")
    earned = {share.member: share.amount for share in result.shares}
    lost = {member: -own for member, own in gain.items() if own < 0}
    if lost and (min(earned.values()) < 0 or any(earned[member] == 0 for member in lost)):
        return found if told.epsilon is None else [*found, "Nothing is earned, yet epsilon is a part of it."]
    worst = max((Fraction(amount, earned[member]) for member, amount in lost.items()), default=Fraction(0))
    if told.epsilon is None or abs(told.epsilon - float(worst)) > 1e-12 * max(1, float(worst)):
        found.append(f"The worst temptation is {float(worst)}, not {told.epsilon}.")
    group = [Fraction(lost.get(member, 0), earned[member]) for member in told.worst_group]
    if len(group) != bool(worst) or any(own != worst for own in group):
        found.append("The worst group is not the most tempted.")
    return found
