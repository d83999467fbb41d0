"""Small sales and their best plans by trying everything; shared by the selling tests."""

import itertools
from collections.abc import Mapping
from math import nan
from typing import Any

from hypothesis import strategies as st

from kandoo.engine.checks.selling import check_sale
from kandoo.engine.laws import BlendLaw
from kandoo.engine.selling import Batches, Orders, SalePlan

LAWS: Mapping[str, BlendLaw] = {
    "moisture": BlendLaw("moisture", "linear_mass"),
    "hmf": BlendLaw("hmf", "linear_mass"),
    "fructose": BlendLaw("fructose", "linear_mass"),
    "glucose": BlendLaw("glucose", "linear_mass"),
    "ec": BlendLaw("ec", "linear_dry_matter", ("moisture",)),
    "colour": BlendLaw("colour", "optical_density", curve=((8, 0.0945), (34, 0.378), (85, 1.389), (114, 3.008))),
    "fg_sum": BlendLaw("fg_sum", "sum_of", ("fructose", "glucose")),
    "fg_ratio": BlendLaw("fg_ratio", "ratio_of", ("fructose", "glucose")),
    "ph": BlendLaw("ph", "component"),
}
BATCH_DEFAULTS: dict[str, Any] = {
    "member_id": "m", "kind": "thyme", "drums": 4, "drum_kg": 300, "reserve_per_kg": 60,
    "transport_per_kg": 5, "barred": 0,
}  # fmt: skip
ORDER_DEFAULTS: dict[str, Any] = {
    "price_per_kg": 100, "mass_min_kg": 600, "mass_max_kg": 1200, "kinds": "", "sources_max": "",
    "drums_min": 1,
}  # fmt: skip


def batch(name: str, **given: Any) -> dict[str, Any]:
    return {"batch_id": name, **BATCH_DEFAULTS, **given}


def order(name: str, **given: Any) -> dict[str, Any]:
    return {"order_id": name, **ORDER_DEFAULTS, **given}


def built(batches: list[dict[str, Any]], orders: list[dict[str, Any]]) -> tuple[Batches, Orders]:
    """The rows as the engine's columns."""
    parameters = sorted({key for row in batches for key in row if key in LAWS})
    limited = sorted({key for row in orders for key in row if key[:-4] in LAWS})
    quality = {name: [row.get(name, nan) for row in batches] for name in parameters}
    columns = {name: [row[name] for row in batches] for name in ("batch_id", *BATCH_DEFAULTS)}
    sides = {
        end: {key[:-4]: [row.get(key, nan) for row in orders] for key in limited if key[-4:] == end}
        for end in ("_min", "_max")
    }
    return Batches.build(**columns, quality=quality), Orders.build(
        order_id=[row["order_id"] for row in orders],
        price_per_kg=[row["price_per_kg"] for row in orders],
        mass_min_kg=[row["mass_min_kg"] for row in orders],
        mass_max_kg=[row["mass_max_kg"] for row in orders],
        kinds=[frozenset(filter(None, row["kinds"].split(";"))) for row in orders],
        sources_max=[row["sources_max"] or None for row in orders],
        drums_min=[row["drums_min"] for row in orders],
        lower=sides["_min"],
        upper=sides["_max"],
    )


def violations(batches: list[dict[str, Any]], orders: list[dict[str, Any]], plan: SalePlan) -> list[str]:
    return check_sale(batches, orders, plan.to_dict(), LAWS)


def best_by_trying_all(batches: list[dict[str, Any]], orders: list[dict[str, Any]]) -> int:
    """The best objective; every division of every batch's drums over the orders is tried."""
    fillings = [[_empty(batches), *_fillings(batches, each)] for each in orders]
    best = 0
    for chosen in itertools.product(*fillings):
        taken = [sum(drums) for drums in zip(*(drums for drums, _ in chosen), strict=True)]
        if all(n <= row["drums"] for n, row in zip(taken, batches, strict=True)):
            best = max(best, sum(value for _, value in chosen))
    return best


def _empty(batches: list[dict[str, Any]]) -> tuple[tuple[int, ...], int]:
    return (0,) * len(batches), 0


def _fillings(batches: list[dict[str, Any]], order: dict[str, Any]) -> list[tuple[tuple[int, ...], int]]:
    """Every way to fill one order that the independent check accepts, with its value."""
    found = []
    for drums in itertools.product(*(range(row["drums"] + 1) for row in batches)):
        if not any(drums):
            continue
        used = [(row, n) for row, n in zip(batches, drums, strict=True) if n]
        mass = sum(n * row["drum_kg"] for row, n in used)
        value = sum(
            n * row["drum_kg"]
            * (order["price_per_kg"] - row["reserve_per_kg"] - row["transport_per_kg"])
            for row, n in used
        )  # fmt: skip
        listed = [{"batch_id": row["batch_id"], "drums": n} for row, n in used]
        entry = {"order_id": order["order_id"], "accepted": True, "mass_kg": mass,
                 "drums": listed, "blend": {}}  # fmt: skip
        claim = {"objective": value, "bound": value, "gap": 0, "orders": [entry]}
        if value > 0 and not check_sale(batches, [order], claim, LAWS):
            found.append((drums, value))
    return found


def tenths(low: int, high: int) -> st.SearchStrategy[float]:
    return st.integers(low, high).map(lambda n: n / 10)


@st.composite
def sales(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """One to four batches and one or two orders, with all that can bind."""
    batches = [
        batch(
            f"b{place}",
            kind=draw(st.sampled_from(["thyme", "citrus"])),
            drums=draw(st.integers(0, 3)),
            drum_kg=draw(st.sampled_from([280, 300, 305])),
            reserve_per_kg=draw(st.integers(50, 110)),
            barred=draw(st.sampled_from([0, 0, 0, 1])),
            moisture=draw(st.one_of(tenths(160, 210), tenths(160, 210), st.just(nan))),
            ec=draw(tenths(2, 12)),
            colour=draw(st.integers(10, 110)),
            fructose=draw(tenths(350, 420)),
            glucose=draw(tenths(280, 350)),
            ph=draw(tenths(35, 45)),
        )
        for place in range(draw(st.integers(1, 4)))
    ]
    limits = {
        "moisture_max": tenths(170, 200), "ec_max": tenths(5, 9), "colour_max": st.integers(30, 90),
        "colour_min": st.integers(10, 30), "fg_sum_min": tenths(680, 730),
        "fg_ratio_min": st.integers(110, 130).map(lambda n: n / 100), "ph_max": tenths(38, 44),
    }  # fmt: skip
    orders = []
    for place in range(draw(st.integers(1, 2))):
        low = draw(st.sampled_from([0, 300, 560, 900, 1200]))
        chosen = draw(st.lists(st.sampled_from(sorted(limits)), max_size=3, unique=True))
        orders.append(
            order(
                f"o{place}",
                price_per_kg=draw(st.integers(80, 140)),
                mass_min_kg=low,
                mass_max_kg=low + draw(st.sampled_from([0, 100, 500, 900])),
                kinds=draw(st.sampled_from(["", "thyme", "thyme;citrus"])),
                sources_max=draw(st.sampled_from(["", 1, 2])),
                drums_min=draw(st.integers(1, 2)),
                **{name: draw(limits[name]) for name in chosen},
            )
        )
    return batches, orders
