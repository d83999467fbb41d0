"""The least correction: nobody ends below its floor while the lot covers all floors.

A member's floor is its reserve price and, for the lines with evidence, no less than what they would
earn alone. When the lot covers all reserve prices but not all of that, the floor is the reserve
price; when it covers not even those, each member gets the same share of its own.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from kandoo.engine.money import apportion
from kandoo.engine.settlement_records import Item, ItemCode, LotLine
from kandoo.engine.settlement_rules import Items, by_member, numbers, spread, sums


def reserves_of(lines: Sequence[LotLine]) -> dict[str, int]:
    """Each member's reserve price for all it gave (rial)."""
    return by_member(lines, [line.reserve_per_kg * line.kg for line in lines])


def floors_of(lines: Sequence[LotLine]) -> dict[str, int]:
    """Each member's floor when the lot covers all: its reserve price, and alone where there is evidence."""
    known, unknown = _floors(lines)
    return {member: known[member] + unknown[member] for member in known}


def _floors(lines: Sequence[LotLine]) -> tuple[dict[str, int], dict[str, int]]:
    """The floors of the lines with evidence and of those without, by member."""
    has = [line.alone_per_kg is not None for line in lines]
    asked = [line.reserve_per_kg * line.kg for line in lines]
    alone = by_member(lines, [(line.alone_per_kg or 0) * line.kg for line in lines])
    with_evidence = by_member(lines, [amount * known for amount, known in zip(asked, has, strict=True)])
    without = by_member(lines, [amount * (not known) for amount, known in zip(asked, has, strict=True)])
    return {member: max(with_evidence[member], alone[member]) for member in alone}, without


def add_correction(items: Items, lines: Sequence[LotLine]) -> None:
    """Lift members to their floor, or share out what there is when it is too little."""
    net, reserve, floors = by_member(lines, sums(items)), reserves_of(lines), floors_of(lines)
    total = sum(net.values())
    is_short = total < sum(reserve.values())
    if is_short:
        kg = by_member(lines, [line.kg for line in lines])
        wanted = apportion(total, reserve if any(reserve.values()) else kg)
        change = {member: wanted[member] - net[member] for member in net}
    else:
        floors = floors if total >= sum(floors.values()) else reserve
        change = least_correction(net, floors)
    code: ItemCode = "shortfall" if is_short else "floor"
    for place, part in enumerate(_placed(items, lines, change)):
        member = lines[place].member
        floor = reserve[member] if is_short else floors[member]
        reason = numbers(before=net[member], floor=floor, change=change[member])
        items[place].append(Item(code, part, "", reason))


def least_correction(net: Mapping[str, int], floors: Mapping[str, int]) -> dict[str, int]:
    """The change by member that moves the least money and leaves nobody below its floor.

    Those above give in proportion to what they have above; one pass is enough, since nobody gives
    more than that. The nets must together cover the floors. The sum of changes is zero.
    """
    lifts = {member: max(floors[member] - net[member], 0) for member in net}
    above = {member: max(net[member] - floors[member], 0) for member in net}
    given = apportion(sum(lifts.values()), above)
    return {member: lifts[member] - given[member] for member in net}


def _placed(items: Items, lines: Sequence[LotLine], change: Mapping[str, int]) -> list[int]:
    """The change by line, by kilograms; then a member's lines without evidence make up what those with
    evidence lack of their floor, where they keep their own."""
    parts = spread(lines, change)
    after = [amount + part for amount, part in zip(sums(items), parts, strict=True)]
    known, unknown = _floors(lines)
    places: dict[tuple[str, bool], dict[int, int]] = defaultdict(dict)
    for place, line in enumerate(lines):
        places[line.member, line.alone_per_kg is not None][place] = line.kg
    for member in change:
        with_evidence, without = places[member, True], places[member, False]
        missing = max(known[member] - sum(after[place] for place in with_evidence), 0)
        spare = sum(after[place] for place in without) - unknown[member]
        if with_evidence and without and missing <= spare:
            for place, part in (apportion(missing, with_evidence) | apportion(-missing, without)).items():
                parts[place] += part
    return parts
