"""Small purchases and their cheapest plans by trying everything; shared by the buying tests."""

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

from kandoo.engine.buying import ANY_DAY, BuyingPlan, Needs, Offer, Step, Supplier, plan_purchase
from kandoo.engine.checks.buying import check_purchase

NEED_DEFAULTS: dict[str, Any] = {
    "item": "jar", "quantity": 4, "quantity_max": "", "place": "town", "latest_date": "", "alone_price": 10,
}  # fmt: skip
STEP_DEFAULTS: dict[str, Any] = {
    "item": "jar", "kind": "all_units", "quantity_from": 1, "unit_price": 8, "capacity": "", "pack": "",
    "minimum_order": "", "delivery_fixed": "", "places": "", "deliver_by": "",
}  # fmt: skip
Rows = list[dict[str, Any]]


def need(member: str, **given: Any) -> dict[str, Any]:
    return {"member_id": member, **NEED_DEFAULTS, **given}


def step(supplier: str, **given: Any) -> dict[str, Any]:
    return {"supplier_id": supplier, **STEP_DEFAULTS, **given}


def needs_of(rows: Rows) -> Needs:
    return Needs.build(
        [row["member_id"] for row in rows],
        [row["item"] for row in rows],
        [row["quantity"] for row in rows],
        [row["quantity_max"] or row["quantity"] for row in rows],
        [row["place"] for row in rows],
        [row["latest_date"] or ANY_DAY for row in rows],
        [row["alone_price"] for row in rows],
    )


def suppliers_of(rows: Rows) -> list[Supplier]:
    offers: dict[str, dict[str, Rows]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        offers[row["supplier_id"]][row["item"]].append(row)
    return [
        Supplier(
            name,
            tuple(offer_of(item, steps) for item, steps in items.items()),
            next(iter(items.values()))[0]["minimum_order"] or 0,
            next(iter(items.values()))[0]["delivery_fixed"] or 0,
        )
        for name, items in offers.items()
    ]


def offer_of(item: str, rows: Rows) -> Offer:
    first = rows[0]
    return Offer(
        item,
        tuple(sorted(Step(row["quantity_from"], row["unit_price"]) for row in rows)),
        first["kind"],
        None if first["capacity"] == "" else first["capacity"],
        first["pack"] or 1,
        frozenset(first["places"].split(";")) if first["places"] else None,
        first["deliver_by"] or None,
    )


def planned(needs: Rows, quotations: Rows, *, gap: float = 0.0) -> BuyingPlan:
    """The plan, after the independent check found nothing wrong with it."""
    plan = plan_purchase(needs_of(needs), suppliers_of(quotations), gap=gap)
    assert check_purchase(needs, quotations, plan.to_dict()) == []
    return plan


def least_by_trying_all(needs: Rows, quotations: Rows, most: int) -> int:
    """The least total cost; every number of packs of every offer that somebody can use is tried at every place."""
    offers: dict[tuple[str, str], Rows] = defaultdict(list)
    for row in quotations:
        if any(_reaches(row, each) for each in needs):
            offers[row["supplier_id"], row["item"]].append(row)
    places = sorted({row["place"] for row in needs})
    choices = [list(_loads(rows, places, most)) for rows in offers.values()]
    best: int = sum(row["quantity"] * row["alone_price"] for row in needs)
    for loads in itertools.product(*choices):
        invoices = _invoices(dict(zip(offers, loads, strict=True)), offers)
        if invoices is not None and invoices < best:
            best = min(best, invoices + _unserved(needs, offers, dict(zip(offers, loads, strict=True))))
    return best


def _reaches(offer: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    in_time = (offer["deliver_by"] or 0) <= (row["latest_date"] or ANY_DAY)
    here = not offer["places"] or row["place"] in offer["places"].split(";")
    return bool(offer["item"] == row["item"] and in_time and here)


def _loads(rows: Rows, places: list[str], most: int) -> Iterator[Mapping[str, int]]:
    """Units by place in whole packs, of which the supplier sells the sum."""
    first = rows[0]
    allowed = [place for place in places if not first["places"] or place in first["places"].split(";")]
    pack = first["pack"] or 1
    least = min(row["quantity_from"] for row in rows)
    for packs in itertools.product(range(most // pack + 1), repeat=len(allowed)):
        total = sum(packs) * pack
        if total == 0 or (total >= least and (first["capacity"] == "" or total <= first["capacity"])):
            yield {place: count * pack for place, count in zip(allowed, packs, strict=True) if count}


def _invoices(loads: Mapping[tuple[str, str], Mapping[str, int]], offers: Mapping[tuple[str, str], Rows]) -> int | None:
    """All invoices; None when an order is below its supplier's minimum."""
    value: dict[str, int] = defaultdict(int)
    for (supplier, item), load in loads.items():
        if load:
            value[supplier] += _price(offers[supplier, item], sum(load.values()))
    total = 0
    for supplier, goods in value.items():
        terms = next(rows[0] for (name, _), rows in offers.items() if name == supplier)
        if goods < (terms["minimum_order"] or 0):
            return None
        total += goods + int(terms["delivery_fixed"] or 0)
    return total


def _price(rows: Rows, quantity: int) -> int:
    """Unit by unit."""
    ranked = sorted(rows, key=lambda row: int(row["quantity_from"]))
    units = [quantity] * quantity if ranked[0]["kind"] == "all_units" else list(range(1, quantity + 1))
    total: int = 0
    for unit in units:
        reached = [row for row in ranked if row["quantity_from"] <= unit] or ranked[:1]
        total += int(reached[-1]["unit_price"])
    return total


def _unserved(
    needs: Rows, offers: Mapping[tuple[str, str], Rows], loads: Mapping[tuple[str, str], Mapping[str, int]]
) -> int:
    """What is bought alone: each unit to the dearest need alone that it reaches, by augmenting paths."""
    stock: list[tuple[str, str, int]] = []  # item, place, day of each unit
    for (supplier, item), load in loads.items():
        day = offers[supplier, item][0]["deliver_by"] or 0
        stock += [(item, place, day) for place, units in load.items() for _ in range(units)]
    taken: dict[int, int] = {}
    cost = 0
    units = [row for row in needs for _ in range(row["quantity"])]
    units.sort(key=lambda row: -int(row["alone_price"]))

    def place(unit: int, seen: set[int]) -> bool:
        row = units[unit]
        for number, (item, where, day) in enumerate(stock):
            fits = item == row["item"] and where == row["place"] and day <= (row["latest_date"] or ANY_DAY)
            if fits and number not in seen:
                seen.add(number)
                if number not in taken or place(taken[number], seen):
                    taken[number] = unit
                    return True
        return False

    for unit, row in enumerate(units):
        if not place(unit, set()):
            cost += int(row["alone_price"])
    return cost


@st.composite
def purchases(draw: st.DrawFn) -> tuple[Rows, Rows]:
    """One to five needs and one to three suppliers, with all that can bind."""
    needs = {}
    for _ in range(draw(st.integers(1, 5))):
        quantity = draw(st.integers(1, 4))
        row = need(
            draw(st.sampled_from(["anvil", "borer", "cutter"])),
            item=draw(st.sampled_from(["jar", "jar", "lid"])),
            quantity=quantity,
            quantity_max=draw(st.sampled_from(["", quantity + 1, quantity + 3])),
            place=draw(st.sampled_from(["town", "town", "hill"])),
            latest_date=draw(st.sampled_from([5, 9])),
            alone_price=draw(st.integers(0, 14)),
        )
        needs[row["member_id"], row["item"], row["place"], row["latest_date"]] = row
    quotations: Rows = []
    for number in range(draw(st.integers(1, 2))):
        whole = {
            "minimum_order": draw(st.sampled_from(["", "", 20, 45])),
            "delivery_fixed": draw(st.sampled_from(["", 0, 3, 9])),
            "deliver_by": draw(st.sampled_from(["", 4, 7, 12])),
        }
        for item in draw(st.sampled_from([["jar"], ["jar"], ["jar", "lid"]])):
            terms = {
                "item": item,
                "kind": draw(st.sampled_from(["all_units", "incremental"])),
                "capacity": draw(st.sampled_from(["", "", 5, 9])),
                "pack": draw(st.sampled_from(["", 2, 3])),
                "places": draw(st.sampled_from(["", "", "town", "hill;town"])),
            }
            start, price = draw(st.sampled_from([0, 1, 1, 3])), draw(st.integers(4, 12))
            for _ in range(draw(st.integers(1, 3))):
                quotations.append(step(f"s{number}", quantity_from=start, unit_price=price, **terms, **whole))
                start, price = start + draw(st.integers(1, 4)), max(price + draw(st.integers(-4, 1)), 0)
    return list(needs.values()), quotations
