"""Check the settlement of a joint purchase from its raw input, sharing no code with `buying_settlement.py`.

What is checked: every total to the last unit; that every taking is charged once; nobody above what it
would pay at most; that what was not covered could not be; one price a unit under the uniform rule, but
for who is at its most; the same gain under the equal rule; and the reserve by its thousandths.
"""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from typing import Any


def faults(invoices: Sequence[Any], takings: Sequence[Any], result: Any) -> list[str]:
    """What is wrong with a settlement; empty when nothing is."""
    invoiced = sum(each.delivery + sum(goods.amount for goods in each.goods) for each in invoices)
    charged = sum(each.amount for each in result.charges)
    most = sum(each.most for each in takings if each.units)
    found = []
    if result.invoiced != invoiced or charged + result.uncovered != invoiced + result.reserve:
        found.append(f"The charges, {charged}, do not add up to the invoices, {invoiced}, and the reserve.")
    if result.reserve != sum(each.reserve for each in result.charges):
        found.append("The reserve is not what the charges put into it.")
    if result.uncovered != max(invoiced - most, 0):
        found.append(f"{result.uncovered} are not covered; with {most} at most it should be {max(invoiced - most, 0)}.")
    given = sorted((_key(each), each.units, each.most) for each in takings if each.units)
    if given != sorted((_key(each), each.units, each.most) for each in result.charges):
        found.append("The charges are not those of what was kept.")
    if any(not 0 <= each.reserve <= each.amount for each in result.charges):
        found.append("A part for the reserve is not within its charge.")
    cells: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for each in result.charges:
        cells[each.item, each.place].append(each)
    for cell, charges in sorted(cells.items()):
        found += [f"{cell}: {fault}" for fault in _cell_faults(charges, result.rule)]
    return found


def _key(row: Any) -> tuple[str, str, str, str]:
    return row.member, row.item, row.place, row.supplier


def _cell_faults(charges: Sequence[Any], rule: Any) -> list[str]:
    members: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for each in charges:
        row = members[each.member]
        row[0], row[1], row[2] = row[0] + each.amount, row[1] + each.units, row[2] + each.most
    found = [f"{member} pays above its most." for member, (amount, _, most) in members.items() if amount > most]
    gain = sum(each.most - each.amount + each.reserve for each in charges)
    if (reserve := sum(each.reserve for each in charges)) != gain * rule.reserve // 1_000:
        found.append(f"The reserve gets {reserve} of a gain of {gain}.")
    if rule.name == "uniform" and all(amount < most for amount, _, most in members.values()):
        least = max(Fraction(amount - 1, units) for amount, units, _ in members.values())
        greatest = min(Fraction(amount + 1, units) for amount, units, _ in members.values())
        if least > greatest:
            found.append("Not everybody pays one price for a unit.")
    if rule.name == "equal_gain":
        gains = [most - amount for amount, _, most in members.values() if amount]
        if gains and max(gains) - min(gains) > 1:
            found.append("Not everybody gains the same.")
    return found
