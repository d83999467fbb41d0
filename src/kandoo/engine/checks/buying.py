"""Is a joint purchase what it says? Recomputed from raw rows; shares no code with the planner.

What is checked: each supplier's lines against its quotation (packs by place, capacity, places, steps,
minimum order, delivery), each member's lines against its needs (place, date, tolerance), that what
members get is what suppliers bring but for the surplus told, that amounts add up to the invoices with nobody
above what it pays alone, and that total, saving and gap follow. Not that the bound is true: for that the
tests try every plan of small purchases.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from math import isfinite
from typing import Any

from persiantools.jdatetime import JalaliDate

LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
FOR_EVER = 10**12

Row = Mapping[str, Any]
Key = tuple[str, str, str]  # member or supplier, item, place


def check_purchase(needs: Sequence[Row], quotations: Sequence[Row], plan: Mapping[str, Any]) -> list[str]:
    """Every rule that a plan breaks, in plain English; an empty list when it breaks none.

    Parameters
    ----------
    needs, quotations : rows by column name as the files carry them (text or numbers).
    plan : the contents of plan.json.
    """
    wanted: dict[Key, list[Row]] = defaultdict(list)
    for row in needs:
        wanted[_text(row, "member_id"), _text(row, "item"), _text(row, "place")].append(row)
    offers = _offers(quotations)
    found: list[str] = []
    brought: dict[Key, int] = defaultdict(int)
    invoices = 0
    names = [each["supplier_id"] for each in plan["suppliers"]]
    if len(set(names)) != len(names):
        found.append("A supplier is listed twice.")
    for entry in plan["suppliers"]:
        invoices += entry["delivery"] + sum(line["quantity"] * line["unit_price"] for line in entry["lines"])
        found += [f"{entry['supplier_id']}: {each}" for each in _supplier_faults(entry, offers, brought)]
    found += _stock_faults(plan, brought)
    found += _member_faults(plan, wanted, offers)
    amounts = sum(member["amount"] for member in plan["members"])
    if amounts != invoices:
        found.append(f"Members pay {amounts}, suppliers ask {invoices}.")
    return found + _total_faults(plan, needs, invoices)


def _offers(quotations: Sequence[Row]) -> dict[tuple[str, str], dict[str, Any]]:
    """(supplier, item) -> its terms; what a supplier says once holds in all its rows."""
    offers: dict[tuple[str, str], dict[str, Any]] = {}
    minimum: dict[str, int] = {}
    delivery: dict[str, int] = {}
    for row in quotations:
        supplier, item = _text(row, "supplier_id"), _text(row, "item")
        terms = offers.setdefault((supplier, item), {"steps": [], "capacity": None, "pack": None, "places": None,
                                                     "day": None, "kind": _text(row, "kind")})  # fmt: skip
        terms["steps"].append((_number(row, "quantity_from"), _number(row, "unit_price")))
        for name in ("capacity", "pack"):
            terms[name] = _number(row, name) if _text(row, name) else terms[name]
        places = {part.strip() for part in _text(row, "places").split(";") if part.strip()}
        terms["places"] = places or terms["places"]
        terms["day"] = _day(row, "deliver_by") if _text(row, "deliver_by") else terms["day"]
        minimum[supplier] = max(minimum.get(supplier, 0), _number(row, "minimum_order") or 0)
        delivery[supplier] = max(delivery.get(supplier, 0), _number(row, "delivery_fixed") or 0)
    for (supplier, _), terms in offers.items():
        terms["steps"].sort()
        terms["minimum"], terms["delivery"] = minimum[supplier], delivery[supplier]
    return offers


def _supplier_faults(
    entry: Mapping[str, Any], offers: Mapping[tuple[str, str], dict[str, Any]], brought: dict[Key, int]
) -> list[str]:
    supplier, found = entry["supplier_id"], []
    by_item: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for line in entry["lines"]:
        by_item[line["item"]].append(line)
        brought[supplier, line["item"], line["place"]] += line["quantity"]
    if not entry["lines"]:
        found.append("is listed and brings nothing.")
    for item, lines in by_item.items():
        terms = offers.get((supplier, item))
        if terms is None:
            found.append(f"does not offer {item}.")
            continue
        found += [f"{item}: {each}" for each in _line_faults(lines, terms)]
        by_place: dict[str, int] = defaultdict(int)
        for line in lines:
            by_place[line["place"]] += line["quantity"]
        for place, quantity in by_place.items():
            if quantity % (terms["pack"] or 1):
                found.append(f"{item}: {quantity} units for {place} are no whole packs of {terms['pack']}.")
            if terms["places"] and place not in terms["places"]:
                found.append(f"{item}: does not deliver to {place}.")
    some = next((terms for (name, _), terms in offers.items() if name == supplier), None)
    value = sum(line["quantity"] * line["unit_price"] for line in entry["lines"])
    if some and value < some["minimum"]:
        found.append(f"goods of {value} are below the minimum order {some['minimum']}.")
    if some and entry["delivery"] != some["delivery"]:
        found.append(f"delivery is {some['delivery']}, not {entry['delivery']}.")
    return found


def _line_faults(lines: Sequence[Mapping[str, Any]], terms: Mapping[str, Any]) -> list[str]:
    total, found = sum(line["quantity"] for line in lines), []
    if any(not isinstance(line["quantity"], int) or line["quantity"] < 1 for line in lines):
        found.append("a line is no whole quantity of at least 1.")
    if terms["capacity"] is not None and total > terms["capacity"]:
        found.append(f"{total} units are above the capacity {terms['capacity']}.")
    if total < terms["steps"][0][0]:
        found.append(f"{total} units are below the least quantity sold, {terms['steps'][0][0]}.")
    told: dict[int, int] = defaultdict(int)
    for line in lines:
        told[line["unit_price"]] += line["quantity"]
    if dict(told) != _prices(total, terms):
        found.append(f"units by price are {_prices(total, terms)}, not {dict(told)}.")
    return found


def _prices(total: int, terms: Mapping[str, Any]) -> dict[int, int]:
    """Unit price -> units of it, for so many units."""
    units: dict[int, int] = defaultdict(int)
    steps = terms["steps"]
    if terms["kind"] == "all_units":
        return {[price for start, price in steps if start <= total or start == steps[0][0]][-1]: total}
    for number, (start, price) in enumerate(steps):
        first = 1 if number == 0 else max(start, 1)
        last = steps[number + 1][0] - 1 if number + 1 < len(steps) else total
        if min(last, total) >= first:
            units[price] += min(last, total) - first + 1
    return dict(units)


def _stock_faults(plan: Mapping[str, Any], brought: Mapping[Key, int]) -> list[str]:
    taken: dict[Key, int] = defaultdict(int)
    for member in plan["members"]:
        for line in member["lines"]:
            taken[line["supplier_id"], line["item"], line["place"]] += line["quantity"]
    for line in plan["surplus"]:
        taken[line["supplier_id"], line["item"], line["place"]] += line["quantity"]
    return [
        f"{' '.join(key)}: {brought.get(key, 0)} units are brought, {taken.get(key, 0)} taken or told as surplus."
        for key in sorted({*brought, *taken})
        if brought.get(key, 0) != taken.get(key, 0)
    ]


def _member_faults(
    plan: Mapping[str, Any], wanted: Mapping[Key, list[Row]], offers: Mapping[tuple[str, str], dict[str, Any]]
) -> list[str]:
    unserved: dict[Key, int] = defaultdict(int)
    missing: dict[Key, int] = defaultdict(int)
    for line in plan["unserved"]:
        key = (line["member_id"], line["item"], line["place"])
        unserved[key] += line["cost"]
        missing[key] += line["quantity"]
        prices = [_number(row, "alone_price") or 0 for row in wanted.get(key, [])]
        if line["quantity"] < 1 or line["cost"] not in [price * line["quantity"] for price in prices]:
            return [f"{key}: unserved {line} is no need at its own price."]
    found = []
    names = {member for member, _, _ in wanted}
    if {member["member_id"] for member in plan["members"]} != names or len(plan["members"]) != len(names):
        return ["The members are not those of the needs, each once."]
    lines_of: dict[Key, list[Mapping[str, Any]]] = defaultdict(list)
    for member in plan["members"]:
        for line in member["lines"]:
            lines_of[member["member_id"], line["item"], line["place"]].append(line)
    for key in lines_of:
        if key not in wanted:
            found.append(f"{key} is delivered and nobody needs it.")
    alone: dict[str, int] = defaultdict(int)
    for key, rows in wanted.items():
        value = sum((_number(row, "quantity") or 0) * (_number(row, "alone_price") or 0) for row in rows)
        alone[key[0]] += value - unserved[key]
        found += [f"{key}: {each}" for each in _need_faults(rows, lines_of[key], missing[key], offers)]
        amount = sum(line["amount"] for line in lines_of[key])
        if amount > value - unserved[key]:
            found.append(f"{key}: pays {amount}, alone {value - unserved[key]}.")
    for member in plan["members"]:
        if member["amount"] != sum(line["amount"] for line in member["lines"]):
            found.append(f"{member['member_id']}: the lines do not add up to {member['amount']}.")
        if member["alone"] != alone[member["member_id"]] or member["gain"] != member["alone"] - member["amount"]:
            found.append(f"{member['member_id']}: alone is {alone[member['member_id']]}, not {member['alone']}.")
        if member["gain"] < 0 or any(line["amount"] < 0 for line in member["lines"]):
            found.append(f"{member['member_id']}: pays more than alone, or less than nothing.")
    return found


def _need_faults(
    rows: Sequence[Row],
    lines: Sequence[Mapping[str, Any]],
    missing: int,
    offers: Mapping[tuple[str, str], dict[str, Any]],
) -> list[str]:
    """What is wrong with what one member gets of one item at one place."""
    found = []
    wanted = sum(_number(row, "quantity") or 0 for row in rows)
    received = sum(line["quantity"] for line in lines)
    if not 0 <= wanted - missing <= received:
        found.append(f"{received} units are received, {missing} of {wanted} told as unserved.")
    if missing and len(rows) == 1 and received + missing != wanted:
        found.append(f"{received} units are received and {missing} unserved, {wanted} wanted.")
    days = []
    for line in lines:
        terms = offers.get((line["supplier_id"], line["item"]))
        if terms is None:
            return [f"{line['supplier_id']} does not offer it."]
        days.append((terms["day"] if terms["day"] is not None else -FOR_EVER, line["quantity"]))
    for day in {each for each, _ in days}:
        late = sum(quantity for each, quantity in days if each >= day)
        accepted = sum(_most(row) for row in rows if _day(row, "latest_date") >= day)
        if late > accepted:
            found.append(f"{late} units arrive on day {day} or later, {accepted} are accepted then.")
    return found


def _total_faults(plan: Mapping[str, Any], needs: Sequence[Row], invoices: int) -> list[str]:
    found = []
    alone = sum((_number(row, "quantity") or 0) * (_number(row, "alone_price") or 0) for row in needs)
    total = invoices + sum(line["cost"] for line in plan["unserved"])
    if plan["total_cost"] != total or not isinstance(plan["total_cost"], int):
        found.append(f"The total is {total}, not {plan['total_cost']}.")
    if plan["alone_cost"] != alone:
        found.append(f"Alone all needs cost {alone}, not {plan['alone_cost']}.")
    if total > alone:
        found.append("The plan costs more than everybody alone.")
    if not isfinite(plan["bound"]) or plan["bound"] > total:
        found.append(f"The bound {plan['bound']} is above the total {total}.")
    elif abs(plan["gap"] - ((total - plan["bound"]) / total if total else 0)) > 1e-9:
        found.append(f"The gap {plan['gap']} does not follow from bound and total.")
    if not 0 <= plan["epsilon"] <= plan["epsilon_bound"] <= 1 + 1e-9:
        found.append(f"Epsilon {plan['epsilon']} is not between 0 and its bound {plan['epsilon_bound']}.")
    return found


def _most(row: Row) -> int:
    return _number(row, "quantity_max") or _number(row, "quantity") or 0


def _text(row: Row, column: str) -> str:
    cell = row.get(column)
    return "" if cell is None else str(cell).replace("\u200e", "").replace("\u200f", "").strip()


def _number(row: Row, column: str) -> int | None:
    text = _text(row, column).translate(LATIN)
    return int(float(text)) if text and not text.isdigit() else int(text) if text else None


def _day(row: Row, column: str) -> int:
    text = _text(row, column).translate(LATIN).replace("/", "-")
    if not text:
        return FOR_EVER
    if text.isdigit():
        return int(text)
    year, month, day = map(int, text.split("-"))
    if 1200 <= year < 1700:
        return int(JalaliDate(year, month, day).to_gregorian().toordinal())  # type: ignore[no-untyped-call]
    return date(year, month, day).toordinal()
