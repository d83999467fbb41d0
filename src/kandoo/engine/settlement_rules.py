"""How the members' rule divides an order, the gain and what goes into the reserve first.

A line is one batch in one order. Its value alone is what its evidence says or, without evidence,
its reserve price: the least its owner asked for it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Literal, cast

from kandoo.engine.money import apportion
from kandoo.engine.settlement_records import Item, LotLine, SettledOrder
from kandoo.engine.sharing_rule import WHOLE, Base, SharingRule

Items = list[list[Item]]  # by line
Weights = Mapping[int, int | Fraction]  # by place of the line


def value_alone(line: LotLine) -> int:
    """What the line would earn alone (rial); without evidence, at its reserve price."""
    return (line.reserve_per_kg if line.alone_per_kg is None else line.alone_per_kg) * line.kg


def numbers(**given: float) -> tuple[tuple[str, float], ...]:
    """The numbers that explain an item."""
    return tuple(given.items())


def sums(items: Items) -> list[int]:
    """What each line has so far."""
    return [sum(each.amount for each in mine) for mine in items]


def by_member(lines: Sequence[LotLine], amounts: Sequence[int]) -> dict[str, int]:
    """Amounts of lines added up by member."""
    added: dict[str, int] = defaultdict(int)
    for line, amount in zip(lines, amounts, strict=True):
        added[line.member] += amount
    return added


def spread(lines: Sequence[LotLine], amounts: Mapping[str, int]) -> list[int]:
    """Amounts of members divided among their own lines by kilograms."""
    places: dict[str, dict[int, int]] = defaultdict(dict)
    for place, line in enumerate(lines):
        places[line.member][place] = line.kg
    parts = {place: part for member, kg in places.items() for place, part in apportion(amounts[member], kg).items()}
    return [parts[place] for place in range(len(lines))]


# Each order


def add_proceeds(
    items: Items, order: SettledOrder, lines: Sequence[LotLine], values: Sequence[int], rule: SharingRule
) -> None:
    """Contract sum, the buyer's difference to it by kg, then what the rule moves within the order."""
    mine = {place: line for place, line in enumerate(lines) if line.order == order.order}
    kg = {place: line.kg for place, line in mine.items()}
    contract_total = order.price_per_kg * sum(kg.values())
    difference = apportion(order.received - contract_total, kg)
    for place in mine:
        paid = numbers(received=order.received, contract=contract_total)
        contract = numbers(kg=kg[place], price_per_kg=order.price_per_kg)
        items[place].append(Item("contract", order.price_per_kg * kg[place], "", contract))
        items[place].append(Item("received_difference", difference[place], "", paid))
    if rule.name in ("uniform", "equal_gain"):
        return
    weights = _weights(rule, mine, values)
    shares = apportion(order.received, weights)
    code = cast(Literal["quality", "proportional", "fixed"], rule.name)
    for place in mine:
        moved = shares[place] - order.price_per_kg * kg[place] - difference[place]
        items[place].append(Item(code, moved, "", _reason(rule, place, mine, values, weights)))


def _weights(rule: SharingRule, mine: Mapping[int, LotLine], values: Sequence[int]) -> Weights:
    """What the lines of an order share by; kilograms where a base is nothing for all of them."""
    if rule.name == "quality":
        return _base("quality", mine, values)
    if rule.name == "proportional":
        return _base("alone", mine, values)
    parts: dict[int, Fraction] = defaultdict(Fraction)
    for name, thousandths in rule.weights.items():
        base = _base(name, mine, values)
        total = sum(base.values())
        for place, own in base.items():
            parts[place] += Fraction(thousandths * own) / total
    return parts


def _base(base: Base, mine: Mapping[int, LotLine], values: Sequence[int]) -> Weights:
    kg = {place: line.kg for place, line in mine.items()}
    found: Weights = kg
    if base == "quality":
        found = {place: values[place] * line.kg for place, line in mine.items()}
    elif base == "alone":
        found = {place: value_alone(line) for place, line in mine.items()}
    elif base == "member":  # one head each, over its lines by kilograms
        whole = by_member(list(mine.values()), list(kg.values()))
        found = {place: Fraction(line.kg, whole[line.member]) for place, line in mine.items()}
    return found if any(found.values()) else kg


def _reason(
    rule: SharingRule, place: int, mine: Mapping[int, LotLine], values: Sequence[int], weights: Weights
) -> tuple[tuple[str, float], ...]:
    kg = sum(line.kg for line in mine.values())
    if rule.name == "quality":
        mean = Fraction(sum(values[each] * line.kg for each, line in mine.items()), kg)
        return numbers(value_per_kg=values[place], mean_value_per_kg=float(mean), kg=mine[place].kg)
    if rule.name == "proportional":
        return numbers(alone=value_alone(mine[place]), alone_of_order=sum(map(value_alone, mine.values())))
    by_formula = numbers(part=float(weights[place] / Fraction(WHOLE)), part_by_kg=mine[place].kg / kg)
    return by_formula + tuple((base, thousandths) for base, thousandths in sorted(rule.weights.items()))


# All orders together


def add_equal_gain(items: Items, lines: Sequence[LotLine]) -> None:
    """Bring each member to its value alone and the same gain (or loss) on top."""
    before = sums(items)
    alone = [value_alone(line) for line in lines]
    members = sorted({line.member for line in lines})
    gains = apportion(sum(before) - sum(alone), dict.fromkeys(members, 1))
    for place, gain in enumerate(spread(lines, gains)):
        reason = numbers(alone=alone[place], gain=gains[lines[place].member], members=len(members))
        items[place].append(Item("equal_gain", alone[place] + gain - before[place], "", reason))


def gain_of(items: Items, lines: Sequence[LotLine]) -> int:
    """What the lines with evidence have beyond their value alone; 0 when it is a loss.

    With evidence of all it is what the lot earned net of costs less the sum of alone; lines
    without evidence count as no gain.
    """
    amounts = zip(sums(items), lines, strict=True)
    return max(sum(amount - value_alone(line) for amount, line in amounts if line.alone_per_kg is not None), 0)


def add_reserve(items: Items, lines: Sequence[LotLine], rule: SharingRule, floors: int) -> int:
    """Take the rule's part of the gain for the reserve, and no more than leaves all floors covered.

    It is taken from all in proportion to what the orders brought them, so that the rest is shared
    by the rule; under `equal_gain`, from each member the same. Gives back what was taken (rial).
    """
    gain = gain_of(items, lines)
    taken = min(gain * rule.reserve // WHOLE, max(sum(sums(items)) - floors, 0))
    if not taken:
        return 0
    if rule.name == "equal_gain":
        parts = spread(lines, apportion(taken, dict.fromkeys(sorted({line.member for line in lines}), 1)))
    else:
        proceeds = {place: sum(each.amount for each in mine if each.code != "cost") for place, mine in enumerate(items)}
        parts = list(apportion(taken, proceeds).values())
    for place, part in enumerate(parts):
        reason = numbers(reserve=taken, gain=gain, thousandths=rule.reserve)
        items[place].append(Item("reserve", -part, "", reason))
    return taken
