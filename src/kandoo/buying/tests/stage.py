"""What the tests of buying together share: a cluster with a catalogue, points, members and suppliers, on a fixed day.

    stage = staged(as_owner)                                a cluster in which nothing was called yet
    this = opened(stage)                                    a round open for needs and quotations
    with_needs(stage, this); with_quotations(stage, this)   six members' needs, two sealed quotations

Kuh, Darreh, Cheshmeh, Bagh, Sang and Rud keep bees; Jars and Qand supply; Bagh keeps the point at Shahr.
Money is in rial, days are counted from TODAY.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from kandoo.buying.actions.needs import NeedTerms, enter_need
from kandoo.buying.actions.quotations import LineTerms, QuotationTerms, give_quotation
from kandoo.buying.actions.rounds import RoundTerms, call_round, open_round, save_item, save_point
from kandoo.buying.models import CollectionPoint, Item, Need, Quotation, Round, RoundItem, RoundPlace
from kandoo.selling.tests.lot_stage import fix_the_day, rows_of, signed_in, text_of
from tests.world import MEMBERS, TODAY, World, add_firm, add_person, found

__all__ = [
    "MEMBERS", "TODAY", "Stage", "called", "entered", "fix_the_day", "item_in", "opened", "place_in", "quoted",
    "rows_of", "signed_in", "staged", "text_of", "with_needs", "with_quotations",
]  # fmt: skip

AsOwner = Callable[[], AbstractContextManager[Any]]
CLOSES = TODAY + timedelta(days=10)
HANDED_OUT = TODAY + timedelta(days=30)
# code: (Persian, English, unit, units in a pack, packs on a pallet, alone rial for a unit)
CATALOGUE: dict[str, tuple[str, str, str, int, int | None, int]] = {
    "sugar": ("شکر", "Sugar", "kg", 50, 20, 600_000),
    "wax": ("ورق موم", "Wax foundation", "sheet", 25, None, 450_000),
    "jar": ("شیشه عسل", "Honey jar", "piece", 24, 40, 120_000),
}
POINTS = {"shahr": ("انبار شهر", "Town store"), "roosta": ("انبار روستا", "Village store")}
# Units a member needs in `with_needs`: (sugar, wax, jars); 0: none.
WANTED = {
    "kuh": (120, 30, 200),
    "darreh": (200, 0, 240),
    "cheshmeh": (150, 50, 96),
    "bagh": (90, 25, 0),
    "sang": (260, 40, 300),
    "rud": (180, 60, 120),
}


@dataclass
class Stage(World):
    """The world of buying together, by short names."""

    items: dict[str, Item] = field(default_factory=dict)
    points: dict[str, CollectionPoint] = field(default_factory=dict)


def staged(as_owner: AsOwner) -> Stage:
    """The cluster with its people, its catalogue and its points."""
    bare = found("lorestan", "agent", as_owner)
    stage = Stage(bare.cluster, bare.people)
    with stage.as_("agent"):
        for name in MEMBERS:
            add_firm(stage, name, "beekeeping", hives=100)
            add_person(stage, name, "member", name)
        for name in ("jars", "qand"):
            add_firm(stage, name, "input_supply")
            add_person(stage, name, "supplier", name)
        add_person(stage, "auditor", "auditor")
        add_person(stage, "officer", "officer")
        add_person(stage, "controller", "controller")
        _stock(stage)
    return stage


def _stock(stage: Stage) -> None:
    agent = stage.people["agent"]
    for code, (fa, en, unit, pack, pallet, _alone) in CATALOGUE.items():
        item = Item(cluster=stage.cluster, code=code, name_fa=fa, name_en=en, unit=unit, pack=pack, pallet=pallet)
        stage.items[code] = save_item(by=agent, item=item)
    for code, (fa, en) in POINTS.items():
        keeper = stage.people["bagh"] if code == "shahr" else None
        point = CollectionPoint(cluster=stage.cluster, code=code, name_fa=fa, name_en=en, keeper=keeper)
        stage.points[code] = save_point(by=agent, point=point)


def called(stage: Stage, **changed: Any) -> Round:
    """A round of the whole catalogue at both points, not open yet; `changed` are fields of RoundTerms."""
    terms: dict[str, Any] = {
        "title": "خرید پاییز",
        "items": list(stage.items.values()),
        "places": dict.fromkeys(stage.points.values(), HANDED_OUT),
        "closes_on": CLOSES,
    }
    with stage.as_("agent"):
        return call_round(
            by=stage.people["agent"], cluster=stage.cluster, terms=RoundTerms(**terms | changed), today=TODAY
        )


def opened(stage: Stage, **changed: Any) -> Round:
    """A round open for needs and quotations."""
    this = called(stage, **changed)
    with stage.as_("agent"):
        return open_round(by=stage.people["agent"], this=this)


def item_in(this: Round, code: str) -> RoundItem:
    """An item of the catalogue as the round buys it; asked by somebody who sees the round."""
    return this.items.select_related("item").get(item__code=code)


def place_in(this: Round, code: str) -> RoundPlace:
    """A point of the round."""
    return this.places.select_related("point").get(point__code=code)


def entered(
    stage: Stage,
    this: Round,
    member: str,
    code: str,
    quantity: int,
    *,
    by: str = "",
    place: str = "shahr",
    confirmed: str | None = None,
    today: date = TODAY,
    **terms: Any,
) -> Need:
    """A need, entered by its member or by somebody for it; `terms` are fields of NeedTerms."""
    if not {"alone", "highest"} & terms.keys():
        terms["alone"] = CATALOGUE[code][5]
    who = by or member
    with stage.as_(who):
        return enter_need(
            by=stage.people[who],
            this=this,
            enterprise=stage.firms[member],
            round_item=item_in(this, code),
            place=place_in(this, place),
            terms=NeedTerms(quantity, **terms),
            today=today,
            confirmed=(Need.Confirmed.SELF if who == member else "") if confirmed is None else confirmed,
        )


def with_needs(
    stage: Stage, this: Round, wanted: Mapping[str, Sequence[int]] = WANTED, *, place: str = "shahr"
) -> list[Need]:
    """The needs of six members, each entered by itself: by member its units of sugar, wax and jars."""
    return [
        entered(stage, this, member, code, quantity, place=place)
        for member, quantities in wanted.items()
        for code, quantity in zip(CATALOGUE, quantities, strict=True)
        if quantity
    ]


def quoted(
    stage: Stage, this: Round, supplier: str, steps: Mapping[str, Sequence[tuple[int, int]]], **changed: Any
) -> Quotation:
    """A sealed quotation: by item its (quantity from, rial for a unit); `changed` are fields of QuotationTerms."""
    with stage.as_(supplier):
        lines = [LineTerms(round_item=item_in(this, code), steps=each) for code, each in steps.items()]
        terms = QuotationTerms(lines=lines, **{"valid_until": CLOSES + timedelta(days=30)} | changed)
        return give_quotation(
            by=stage.people[supplier], this=this, supplier=stage.firms[supplier], terms=terms, today=TODAY
        )


def with_quotations(stage: Stage, this: Round) -> dict[str, Quotation]:
    """Two suppliers' sealed quotations: Qand sells sugar and shows its steps, Jars all but sugar."""
    sugar = {"sugar": [(1, 580_000), (1_000, 540_000), (2_000, 500_000)]}
    rest = {"wax": [(1, 440_000), (200, 400_000)], "jar": [(1, 110_000), (960, 95_000)]}
    return {
        "qand": quoted(stage, this, "qand", sugar, minimum_order=300_000_000, shows_steps=True),
        "jars": quoted(stage, this, "jars", rest, delivery_fixed=10_000_000),
    }
