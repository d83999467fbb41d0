"""Buying together in the small world: one round open with two sealed quotations, and one brought to its bills.

Qand and Jars supply; Bagh keeps the point in town. The open round is built by the actions, each by the
person who would take it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from kandoo.buying.actions import goods, needs, quotations, rounds
from kandoo.buying.models import CollectionPoint, Item, Need, Quotation, Round
from kandoo.selling.uploads import Upload

if TYPE_CHECKING:
    from tests.world import World

Steps = Mapping[str, Sequence[tuple[int, int]]]
NEEDING = ("kuh", "darreh", "cheshmeh", "bagh", "sang", "rud")
SUGAR: Steps = {"sugar": [(1, 581_930), (1_000, 541_970), (2_000, 501_910)]}
JARS: Steps = {"jar": [(1, 113_370), (960, 95_630)]}
ALONE = 600_000  # rial for a kilogram of sugar


def buy(world: "World", now: datetime) -> None:
    """A catalogue, two points, a round called, one open with sealed quotations and one that is billed."""
    today = now.date()
    _stock(world)
    call(world, "called", today)
    this = world.rounds["sealed"] = open_round(world, call(world, "sealed", today))
    for member in NEEDING:
        need(world, this, member, today)
    need(world, this, "kuh", today, by="bagh", item="jar")
    need(world, this, "sang", today, by="agent", item="jar")
    quote(world, this, "qand", SUGAR, today, minimum_order=300_000_030, shows_steps=True)
    given = quote(world, this, "jars", JARS, today, delivery_fixed=10_000_070, delivery=2_000_090)
    with world.as_("jars"):
        paper = Upload("آنالیز.pdf", b"%PDF-1.4 test %%EOF")
        quotations.add_certificate(by=world.people["jars"], quotation=given, upload=paper, today=today)
    _bring_to_bills(world, now)


def _stock(world: "World") -> None:
    from tests.world import add_firm, add_person

    agent = world.people["agent"]
    with world.as_("agent"):
        add_firm(world, "qand", "input_supply")
        add_person(world, "qand", "supplier", "qand")
        for code, fa, en, unit, pack in (
            ("sugar", "شکر", "Sugar", "kg", 50),
            ("jar", "شیشه عسل", "Honey jar", "piece", 24),
            ("jar-round", "شیشه گرد", "Round jar", "piece", 24),
        ):
            item = Item(cluster=world.cluster, code=code, name_fa=fa, name_en=en, unit=unit, pack=pack)
            rounds.save_item(by=agent, item=item)
        for code, fa, en, keeper in (
            ("town", "انبار شهر", "Town store", world.people["bagh"]),
            ("village", "انبار روستا", "Village store", None),
        ):
            point = CollectionPoint(cluster=world.cluster, code=code, name_fa=fa, name_en=en, keeper=keeper)
            rounds.save_point(by=agent, point=point)


def call(world: "World", name: str, today: date, *, deposit_percent: int = 20) -> Round:
    """A round of sugar and jars at both points; a round jar may stand in for a jar."""
    with world.as_("agent"):
        items = {each.code: each for each in Item.objects.filter(cluster=world.cluster)}
        terms = rounds.RoundTerms(
            title="خرید آزمایشی",
            items=[items["sugar"], items["jar"]],
            places={point: today + timedelta(days=30) for point in CollectionPoint.objects.all()},
            closes_on=today + timedelta(days=10),
            deposit_percent=deposit_percent,
            substitutes={items["jar"].pk: [items["jar-round"]]},
        )
        this = rounds.call_round(by=world.people["agent"], cluster=world.cluster, terms=terms, today=today)
    world.rounds[name] = this
    return this


def open_round(world: "World", this: Round) -> Round:
    """The agent opens a round."""
    with world.as_("agent"):
        return rounds.open_round(by=world.people["agent"], this=this)


def need(
    world: "World", this: Round, member: str, today: date, *, by: str = "", item: str = "sugar", quantity: int = 150
) -> Need:
    """A need in town, entered by its member or by somebody for it."""
    who = by or member
    with world.as_(who):
        return needs.enter_need(
            by=world.people[who],
            this=this,
            enterprise=world.firms[member],
            round_item=this.items.get(item__code=item),
            place=this.places.get(point__code="town"),
            terms=needs.NeedTerms(quantity, alone=ALONE),
            today=today,
            confirmed="" if by else Need.Confirmed.SELF,
        )


def quote(
    world: "World", this: Round, supplier: str, steps: Steps, today: date, *, delivery: int = 0, **terms: int
) -> Quotation:
    """A sealed quotation that delivers to town."""
    with world.as_(supplier):
        lines = [
            quotations.LineTerms(round_item=this.items.get(item__code=code), steps=each) for code, each in steps.items()
        ]
        places = {this.places.get(point__code="town"): delivery}
        return quotations.give_quotation(
            by=world.people[supplier],
            this=this,
            supplier=world.firms[supplier],
            terms=quotations.QuotationTerms(
                lines=lines,
                valid_until=today + timedelta(days=40),
                places=places,
                **terms,  # type: ignore[arg-type]
            ),
            today=today,
        )


def _bring_to_bills(world: Any, now: datetime) -> None:
    """A round in which six buy sugar of Qand, taken to its bills; kuh gave a kilogram back."""
    from kandoo.buying.tests import goods_stage  # it stands on tests.world

    today = now.date()
    this = open_round(world, call(world, "billed", today))
    for name in NEEDING:
        need(world, this, name, today)
    quote(world, this, "qand", SUGAR, today)
    this = world.rounds["billed"] = goods_stage.agreed(world, this)
    goods_stage.bring(world, this)
    goods_stage.divide(world, this)
    goods_stage.hand_out(world, this)
    with world.as_("kuh"):
        mine = this.hand_outs.get(enterprise=world.firms["kuh"])
        goods.give_back(
            by=world.people["kuh"], this=this, hand_out=mine, quantity=1, reason="کیسه پاره", on=today, today=today
        )
    goods_stage.invoice(world, this)
    goods_stage.settle(world, this)
    with world.as_("agent"):
        this.refresh_from_db()
