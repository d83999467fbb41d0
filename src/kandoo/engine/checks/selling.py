"""Is a joint sale what it says? Recomputed from raw rows; shares no code with the planner."""

from collections.abc import Mapping, Sequence
from math import isfinite, isnan, nan
from typing import Any

from ..laws import BlendLaw

TOLERANCE = 1e-9  # of a limit
LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫", "01234567890123456789.")

Row = Mapping[str, Any]
Part = tuple[Row, int]  # a batch row and the drums of it


def check_sale(
    batches: Sequence[Row], orders: Sequence[Row], plan: Mapping[str, Any],
    laws: Mapping[str, BlendLaw],
) -> list[str]:  # fmt: skip
    """Every rule that a plan breaks, in plain English; an empty list when it breaks none.

    Parameters
    ----------
    batches, orders : rows by column name as the files carry them (text or numbers).
    plan : the contents of plan.json.
    laws : parameter -> how it blends.
    """
    batch_of = {_text(row, "batch_id"): row for row in batches if _text(row, "batch_id")}
    order_of = {_text(row, "order_id"): row for row in orders if _text(row, "order_id")}
    found: list[str] = []
    objective: float = 0
    taken = dict.fromkeys(batch_of, 0)
    planned = [each["order_id"] for each in plan["orders"]]
    if sorted(planned) != sorted(order_of):
        found.append("The plan does not list every order once.")
    for entry in plan["orders"]:
        unknown = [each["batch_id"] for each in entry["drums"] if each["batch_id"] not in batch_of]
        if unknown or entry["order_id"] not in order_of:
            found.append(f"{entry['order_id']}: unknown order or batches {unknown}.")
            continue
        parts = [(batch_of[each["batch_id"]], each["drums"]) for each in entry["drums"]]
        order = order_of[entry["order_id"]]
        found += [f"{entry['order_id']}: {each}" for each in _order_faults(order, entry, parts, laws)]
        for row, drums in parts:
            taken[_text(row, "batch_id")] += drums
            objective += _gain(row, order, drums)
    for name, drums in taken.items():
        if drums > _number(batch_of[name], "drums"):
            found.append(f"{name}: {drums} drums are sold, more than it has.")
    return found + _certificate_faults(plan, objective)


def _order_faults(
    order: Row, entry: Mapping[str, Any], parts: Sequence[Part], laws: Mapping[str, BlendLaw]
) -> list[str]:
    mass = sum(drums * _number(row, "drum_kg") for row, drums in parts)
    found = []
    if bool(parts) != bool(entry["accepted"]):
        found.append("accepted and drums contradict each other.")
    if abs(mass - entry["mass_kg"]) > 1e-6:
        found.append(f"mass is {mass} kg, not {entry['mass_kg']}.")
    if not parts:
        return found
    low, high = _number(order, "mass_min_kg"), _number(order, "mass_max_kg")
    if not low - 1e-6 <= mass <= high + 1e-6:
        found.append(f"{mass} kg is outside {low} to {high} kg.")
    names = [_text(row, "batch_id") for row, _ in parts]
    if len(set(names)) != len(names):
        found.append("a batch is listed twice.")
    sources = _number(order, "sources_max", 0)
    if sources and len(names) > sources:
        found.append(f"{len(names)} sources, {sources:g} allowed.")
    found += _drum_faults(order, parts)
    for column in order:
        if column and column[-4:] in ("_min", "_max") and column[:-4] in laws:
            found += _limit_faults(order, column, parts, laws)
    return found + _blend_faults(entry, parts, laws)


def _drum_faults(order: Row, parts: Sequence[Part]) -> list[str]:
    kinds = order.get("kinds") or ()
    if isinstance(kinds, str):
        kinds = [kind.strip() for kind in kinds.split(";") if kind.strip()]
    least = _number(order, "drums_min", 1)
    found = []
    for row, drums in parts:
        name = _text(row, "batch_id")
        if not isinstance(drums, int) or drums < max(least, 1):
            found.append(f"{drums} drums of {name}, at least {least:g} wanted.")
        if _number(row, "barred", 0):
            found.append(f"{name} is barred.")
        if kinds and _text(row, "kind") not in kinds:
            found.append(f"{name} is {_text(row, 'kind')}, which is not accepted.")
    return found


def _limit_faults(order: Row, column: str, parts: Sequence[Part], laws: Mapping[str, BlendLaw]) -> list[str]:
    limit = _number(order, column, nan)
    if isnan(limit):
        return []
    sign = 1 if column.endswith("_max") else -1
    law = laws[column[:-4]]
    values = predictions(law, parts)
    slack = TOLERANCE * max(1.0, abs(limit))
    return [
        f"{column} {limit:g} is broken or not tested: {value}."
        for value in values
        if not sign * value <= sign * limit + slack
    ]


def _blend_faults(entry: Mapping[str, Any], parts: Sequence[Part], laws: Mapping[str, BlendLaw]) -> list[str]:
    found = []
    for parameter, told in entry["blend"].items():
        value = predictions(laws[parameter], parts)[0]
        if not abs(value - told) <= 1e-6 * max(1.0, abs(told)):
            found.append(f"{parameter} of the blend is {value}, not {told}.")
    return found


def predictions(law: BlendLaw, parts: Sequence[Part]) -> list[float]:
    """All values that must meet a limit; the first is the prediction. NaN when untested."""

    def mean(values: Sequence[float], weights: Sequence[float]) -> float:
        return sum(w * v for w, v in zip(weights, values, strict=True)) / sum(weights)

    def column(name: str) -> list[float]:
        return [_number(row, name, nan) for row, _ in parts]

    mass = [drums * _number(row, "drum_kg") for row, drums in parts]
    if law.law == "component":
        return column(law.parameter)
    if law.law == "linear_dry_matter":
        moisture = (law.parts or ("moisture",))[0]
        if any(moisture in row for row, _ in parts):
            wet = column(moisture)
            mass = [w * (1 - m / 100) for w, m in zip(mass, wet, strict=True)]
        return [mean(column(law.parameter), mass)]
    if law.law == "optical_density":
        density = [_interpolate(law.curve, value) for value in column(law.parameter)]
        back = [(scale, value) for value, scale in law.curve]
        return [_interpolate(back, mean(density, mass)), mean(column(law.parameter), mass)]
    if law.law == "sum_of":
        sums = [sum(each) for each in zip(*map(column, law.parts), strict=True)]
        measured = column(law.parameter)
        return [mean([m if isnan(s) else s for s, m in zip(sums, measured, strict=True)], mass)]
    if law.law == "ratio_of":
        return [mean(column(law.parts[0]), mass) / mean(column(law.parts[1]), mass)]
    return [mean(column(law.parameter), mass)]


def _interpolate(points: Sequence[tuple[float, float]], x: float) -> float:
    if isnan(x):
        return nan
    left, right = points[0], points[1]
    for each in points[2:]:
        if x > right[0]:
            left, right = right, each
    return left[1] + (x - left[0]) * (right[1] - left[1]) / (right[0] - left[0])


def _gain(batch: Row, order: Row, drums: int) -> float:
    margin = int(_number(order, "price_per_kg")) - int(_number(batch, "reserve_per_kg"))
    margin -= int(_number(batch, "transport_per_kg", 0))
    kilograms = _number(batch, "drum_kg")
    return drums * margin * (int(kilograms) if kilograms == int(kilograms) else kilograms)


def _certificate_faults(plan: Mapping[str, Any], objective: float) -> list[str]:
    found = []
    told, bound, gap = plan["objective"], plan["bound"], plan["gap"]
    parts = max(len(plan["orders"]), 1)  # each order's money is a whole number
    if not isinstance(told, int) or not -1e-6 <= objective - told < parts:
        found.append(f"The objective is {objective}, not {told}.")
    if isinstance(objective, int) and objective != told:
        found.append(f"The objective is {objective}, not {told}.")
    if not isfinite(bound) or bound < told:
        found.append(f"The bound {bound} is below the objective {told}.")
    elif abs(gap - ((bound - told) / bound if bound else 0)) > 1e-9:
        found.append(f"The gap {gap} does not follow from bound and objective.")
    return found


def _text(row: Row, column: str) -> str:
    return str(row.get(column) or "").strip()


def _number(row: Row, column: str, empty: float = nan) -> float:
    cell = row.get(column)
    text = "" if cell is None else str(cell).strip().translate(LATIN)
    return float(text) if text else empty
