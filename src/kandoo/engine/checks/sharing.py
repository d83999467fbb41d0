"""Check shares of a joint purchase from its raw tables, sharing no code with `kandoo.engine.sharing`.

What is checked: each member's cost alone, by going through the steps; that nobody pays more; that
the pool pays its bill and the shares add up to the total; that the worst group's figure is its own;
and that no single member of the pool, nor all together, is tempted more than is told.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any


def faults(
    needs: Sequence[Mapping[str, str]], steps: Sequence[Mapping[str, str]], shares: Mapping[str, Any]
) -> list[str]:
    """What is wrong with shares.json; empty when nothing is."""
    members = [row["member_id"].strip() for row in needs]
    told = {share["member_id"]: share for share in shares["shares"]}
    if [share["member_id"] for share in shares["shares"]] != members:
        return ["The shares are not those of the members, in the order of the file."]
    quantity = {row["member_id"].strip(): int(row["quantity"]) for row in needs}
    found = []
    for row in needs:
        member, price = row["member_id"].strip(), row["alone_price"].strip()
        alone = _least(steps, quantity[member])
        if price:
            alone = min(alone, quantity[member] * int(price))
        found += _member_faults(told[member], alone)
    outside = set(shares["outside"])
    pool = [member for member in members if member not in outside]
    found += [f"{m} is outside and does not pay what it pays alone." for m in outside if told[m]["gain"]]
    if shares["total"] != sum(share["amount"] for share in shares["shares"]):
        found.append("The shares do not add up to the total.")
    bill = _least(steps, sum(quantity[member] for member in pool))
    if bill != shares["bill"] or bill != sum(told[member]["amount"] for member in pool):
        found.append(f"The pool does not pay its bill of {bill}.")
    found += _temptation_faults(shares, pool, quantity, steps)
    everything = _least(steps, sum(quantity.values()))
    if sum(value["amount"] for value in shares["shapley"]) != everything:
        found.append(f"The Shapley values do not add up to {everything}.")
    return found


def _member_faults(share: Mapping[str, Any], alone: int) -> list[str]:
    member, found = share["member_id"], []
    if share["alone"] != alone:
        found.append(f"{member}: alone is {alone}, not {share['alone']}.")
    if share["gain"] != share["alone"] - share["amount"]:
        found.append(f"{member}: the gain is not alone less amount.")
    if not 0 <= share["amount"] <= alone:
        found.append(f"{member} pays {share['amount']}, alone {alone}.")
    return found


def _temptation_faults(
    shares: Mapping[str, Any], pool: Sequence[str], quantity: Mapping[str, int], steps: Sequence[Mapping[str, str]]
) -> list[str]:
    paid = {share["member_id"]: share["amount"] for share in shares["shares"]}

    def saved(group: Sequence[str]) -> Fraction:
        money = sum(paid[member] for member in group)
        less = money - _least(steps, sum(quantity[member] for member in group))
        return Fraction(less, money) if less > 0 else Fraction(0)

    found = []
    worst = shares["worst_group"]
    if not set(worst) <= set(pool):
        found.append("The worst group is not of the pool.")
    if abs(float(saved(worst)) - shares["epsilon"]) > 1e-12:
        found.append("The worst group does not save epsilon.")
    if shares["epsilon_bound"] < shares["epsilon"]:
        found.append("Epsilon is above its bound.")
    groups = [*([member] for member in pool), list(pool)]
    if any(float(saved(group)) > shares["epsilon"] + 1e-12 for group in groups):
        found.append("A member alone, or the whole pool, saves more than epsilon.")
    return found


def _least(steps: Sequence[Mapping[str, str]], wanted: int) -> int:
    """The lowest bill for at least so many: of exactly so many, or of the first unit of a later step."""
    if wanted == 0:
        return 0
    starts = [int(step["quantity_from"]) for step in steps]
    buys = [wanted] if wanted >= starts[0] else []
    return min(_bill(steps, bought) for bought in buys + [start for start in starts if start > wanted])


def _bill(steps: Sequence[Mapping[str, str]], bought: int) -> int:
    reached = [step for step in steps if int(step["quantity_from"]) <= bought]
    if steps[0]["kind"].strip() == "all_units":
        return int(reached[-1]["unit_price"]) * bought
    bill, upper = 0, bought
    for step in reversed(reached):
        lower = max(int(step["quantity_from"]) - 1, 0) if step is not steps[0] else 0
        bill += (upper - lower) * int(step["unit_price"])
        upper = lower
    return bill
