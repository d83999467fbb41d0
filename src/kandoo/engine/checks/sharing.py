"""Check shares of a joint purchase from its raw tables, sharing no code with `kandoo.engine.sharing`.

Everything is computed anew: each member's cost alone, by going through the steps; who buys together;
the reserve; what each pays by the rule, to the last unit; the totals. What is told of temptation and
of Shapley values is checked in `sharing_groups.py`.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .sharing_groups import Terms, least, shapley_faults, temptation_faults

Rows = Sequence[Mapping[str, str]]
FORMULAS = {"uniform": {"quantity": 1000}, "proportional": {"alone": 1000}}


class Unreadable(ValueError):
    """What is to be checked is no shares.json."""


def faults(needs: Rows, steps: Rows, shares: Mapping[str, Any]) -> list[str]:
    """What is wrong with shares.json; empty when nothing is.

    Raises
    ------
    Unreadable
        When a part is missing or of another kind.
    """
    try:
        return _faults(needs, steps, shares)
    except (KeyError, TypeError, AttributeError) as problem:
        raise Unreadable(f"is not as shares.json should be: {problem!r}") from problem


def _faults(needs: Rows, steps: Rows, shares: Mapping[str, Any]) -> list[str]:
    members = [row["member_id"].strip() for row in needs]
    told = {share["member_id"]: share for share in shares["shares"]}
    if [share["member_id"] for share in shares["shares"]] != members:
        return ["The shares are not those of the members, in the order of the file."]
    terms = Terms(
        steps[0]["kind"].strip(), [(_whole(step["quantity_from"]), _whole(step["unit_price"])) for step in steps]
    )
    quantity = {row["member_id"].strip(): _whole(row["quantity"]) for row in needs}
    alone = {member: least(terms, own) for member, own in quantity.items()}
    for row in needs:
        member, price = row["member_id"].strip(), row["alone_price"].strip()
        alone[member] = min(alone[member], quantity[member] * _whole(price)) if price else alone[member]
    found = [fault for member in members for fault in _member_faults(told[member], alone[member])]
    name, weights = shares["rule"], shares.get("weights", {})
    if name not in (*FORMULAS, "equal_gain", "fixed") or (name == "fixed" and sum(weights.values()) != 1000):
        return [*found, f"There is no rule {name} with weights {weights}."]
    pool = _pool(name, quantity, alone, terms)
    if shares["outside"] != [member for member in members if member not in pool]:
        return [*found, "Outside are others than those for whom the pool is dearer."]
    found += _amount_faults(shares, told, {m: quantity[m] for m in sorted(pool)}, alone, terms)
    found += temptation_faults(shares, {m: told[m]["amount"] for m in pool}, quantity, terms)
    return found + shapley_faults(shares["shapley"], quantity, terms)


def _whole(text: str) -> int:
    """A whole number as people write it, in any digits, perhaps with a decimal sign."""
    return int(Decimal(text.strip().replace("\u066b", ".")))


def _member_faults(share: Mapping[str, Any], alone: int) -> list[str]:
    member, found = share["member_id"], []
    if share["alone"] != alone:
        found.append(f"{member}: alone is {alone}, not {share['alone']}.")
    if share["gain"] != share["alone"] - share["amount"]:
        found.append(f"{member}: the gain is not alone less amount.")
    if not 0 <= share["amount"] <= alone:
        found.append(f"{member} pays {share['amount']}, alone {alone}.")
    return found


# Who buys together


def _pool(name: str, quantity: Mapping[str, int], alone: Mapping[str, int], terms: Terms) -> set[str]:
    ranking = sorted(quantity, key=lambda member: (-Fraction(alone[member], quantity[member]), member))
    heads, units, money = [(0, 0, 0)], 0, 0
    for place, member in enumerate(ranking, start=1):
        units, money = units + quantity[member], money + alone[member]
        heads.append((place, units, money))
    if name == "uniform":
        fits = (
            place
            for place, units, _ in heads[1:]
            if least(terms, units) * quantity[ranking[place - 1]] <= alone[ranking[place - 1]] * units
        )
        return set(ranking[: max(fits, default=0)])
    best = max(heads, key=lambda head: (head[2] - least(terms, head[1]), head[0]))
    pool, units = set(ranking[: best[0]]), best[1]
    before: set[str] | None = None
    while pool != before:
        before = set(pool)
        for member in ranking:
            own = quantity[member]
            if member in pool and least(terms, units) - least(terms, units - own) > alone[member]:
                pool, units = pool - {member}, units - own
            elif member not in pool and least(terms, units + own) - least(terms, units) <= alone[member]:
                pool, units = pool | {member}, units + own
    return pool


# What each pays


def _amount_faults(
    shares: Mapping[str, Any],
    told: Mapping[str, Any],
    quantity: Mapping[str, int],
    alone: Mapping[str, int],
    terms: Terms,
) -> list[str]:
    """Of the pool, its members in the order of their ids."""
    bill = least(terms, sum(quantity.values()))
    gain = sum(alone[member] for member in quantity) - bill
    reserve = gain * shares.get("reserve_thousandths", 0) // 1000
    found = []
    if shares["total"] != sum(share["amount"] for share in told.values()):
        found.append("The shares do not add up to the total.")
    if shares["bill"] != bill or shares.get("reserve", 0) != reserve:
        found.append(f"The bill is {bill} and the reserve {reserve}; told are others.")
    for member in shares["outside"]:
        if told[member]["amount"] != alone[member]:
            found.append(f"{member} is outside and does not pay what it pays alone.")
    if shares["rule"] == "equal_gain":
        due = _same_gain(gain - reserve, {member: alone[member] for member in quantity})
    else:
        formula = shares["weights"] if shares["rule"] == "fixed" else FORMULAS[shares["rule"]]
        due = _by_formula(bill + reserve, formula, quantity, {member: alone[member] for member in quantity})
    for member, amount in due.items():
        if told[member]["amount"] != amount:
            found.append(f"{member} pays {told[member]['amount']}; by the rule it is {amount}.")
    return found


def _same_gain(gain: int, alone: Mapping[str, int]) -> dict[str, int]:
    """The highest gain that all can have, each at most its cost alone; what is left goes one by one."""
    low, high = 0, max(alone.values(), default=0)
    while low < high:
        middle = (low + high + 1) // 2
        if sum(min(cost, middle) for cost in alone.values()) <= gain:
            low = middle
        else:
            high = middle - 1
    left = gain - sum(min(cost, low) for cost in alone.values())
    due = {}
    for member, cost in alone.items():
        extra = 1 if cost > low and left > 0 else 0
        left -= extra
        due[member] = cost - min(cost, low) - extra
    return due


def _by_formula(
    amount: int, formula: Mapping[str, int], quantity: Mapping[str, int], alone: Mapping[str, int]
) -> dict[str, int]:
    due = dict.fromkeys(quantity, 0)
    bases: dict[str, Mapping[str, int]] = {"quantity": quantity, "alone": alone, "member": dict.fromkeys(quantity, 1)}
    for base, part in _largest_remainder(amount, dict(sorted(formula.items()))).items():
        for member, own in _largest_remainder(part, bases[base]).items():
            due[member] += own
    over = {member: max(amount - alone[member], 0) for member, amount in due.items()}
    room = {member: max(alone[member] - amount, 0) for member, amount in due.items()}
    made_good = _largest_remainder(sum(over.values()), room)
    return {member: due[member] - over[member] + made_good[member] for member in due}


def _largest_remainder(amount: int, weights: Mapping[str, int]) -> dict[str, int]:
    """By weights whose keys are in order; equal remainders are served in that order."""
    whole = sum(weights.values())
    if not whole:
        return dict.fromkeys(weights, 0)
    pairs = {key: divmod(amount * weight, whole) for key, weight in weights.items()}
    left = amount - sum(part for part, _ in pairs.values())
    served = set(sorted(pairs, key=lambda key: -pairs[key][1])[:left])
    return {key: part + (key in served) for key, (part, _) in pairs.items()}
