"""Buying together in the demo: a round settled months ago, one whose goods are awaited, one open with sealed quotations.

Items, prices and firms are invented examples: no current prices were found in public sources.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from kandoo.benefit import actions as benefit
from kandoo.buying.actions import goods, money, plans, quotations, rounds
from kandoo.buying.actions.needs import NeedTerms, enter_need
from kandoo.buying.models import (
    CollectionPoint,
    HandOut,
    Item,
    Need,
    NeedPrice,
    OrderLine,
    PlanLine,
    PurchaseOrder,
    Round,
)
from kandoo.demo import password_of
from kandoo.register import actions as register
from kandoo.selling.uploads import Upload

if TYPE_CHECKING:
    from kandoo.demo.building import Stage

# code: (Persian, English, unit, units in a pack, packs on a pallet, rial alone for a unit, units a hundred hives need)
ITEMS: dict[str, tuple[str, str, str, int, int | None, int, int]] = {
    "sugar": ("شکر", "Sugar", "kg", 50, 20, 620_000, 300),
    "foundation": ("ورق موم", "Wax foundation", "sheet", 25, None, 480_000, 150),
    "jar": ("شیشه یک‌کیلویی عسل", "Honey jar, 1 kg", "piece", 12, 80, 130_000, 240),
    "lid": ("در شیشه", "Jar lid", "piece", 100, None, 28_000, 240),
    "drum": ("بشکه ۲۹۰ کیلویی", "Drum, 290 kg", "piece", 1, 8, 9_500_000, 2),
    "varroa": ("داروی واروا", "Varroa medicine", "set", 10, None, 2_400_000, 4),
}
POINTS = {
    "khorramabad": ("انبار نمونه خرم‌آباد", "Sample store of Khorramabad", "خرم‌آباد، جاده نمونه، پلاک ۱۱"),
    "borujerd": ("انبار نمونه بروجرد", "Sample store of Borujerd", "بروجرد، خیابان نمونه، پلاک ۷"),
}
Steps = Mapping[str, Sequence[tuple[int, int]]]
SWEET: Steps = {
    "sugar": [(1, 590_000), (4_000, 545_000), (9_000, 515_000)],
    "varroa": [(1, 2_250_000), (100, 1_980_000)],
}
PACKED: Steps = {
    "foundation": [(1, 460_000), (2_000, 410_000)],
    "jar": [(1, 118_000), (4_800, 99_000), (12_000, 94_000)],
    "lid": [(1, 25_000), (4_800, 19_500)],
    "drum": [(1, 8_900_000), (40, 8_100_000)],
    "varroa": [(1, 2_300_000), (120, 2_050_000)],
}
SETTLED_DAYS_AGO = 130


def buy(stage: Stage) -> None:
    """The catalogue, two points, a second supplier; a round settled, one ordered, one open."""
    with stage.played_by("agent"):
        _stock(stage)
        _add_sugar_mill(stage)
    _settle_whole(stage.on(stage.today - timedelta(days=SETTLED_DAYS_AGO)))
    _order(stage.on(stage.today - timedelta(days=25)))
    this = _call(stage.on(stage.today - timedelta(days=6)), "خرید نمونه بهار", days_open=15)
    _enter_needs(stage, this, range(3, 240, 16), documented=False)
    _quote(stage, this)


def _stock(stage: Stage) -> None:
    agent = stage.people["agent"]
    for code, (fa, en, unit, pack, pallet, _alone, _need) in ITEMS.items():
        item = Item(cluster=stage.cluster, code=code, name_fa=fa, name_en=en, unit=unit, pack=pack, pallet=pallet)
        rounds.save_item(by=agent, item=item)
    for code, (fa, en, address) in POINTS.items():
        keeper = stage.people["member"] if code == "borujerd" else None
        point = CollectionPoint(
            cluster=stage.cluster, code=code, name_fa=fa, name_en=en, address=address, keeper=keeper
        )
        rounds.save_point(by=agent, point=point)


def _add_sugar_mill(stage: Stage) -> None:
    """A second supplier, with a login."""
    agent = stage.people["agent"]
    stage.firms["sugar"] = register.add_enterprise(
        by=agent,
        cluster=stage.cluster,
        name_fa="قند نمونه لرستان",
        name_en="Sample Sugar Mill of Lorestan",
        stage="input_supply",
        workers=60,
        sites=[],
        joined_on=stage.today - timedelta(days=700),
    )
    stage.people["supplier2"] = register.add_person(
        by=agent,
        cluster=stage.cluster,
        username="supplier2",
        password=password_of("supplier2"),
        name_fa="نمونه، فروشنده قند",
        name_en="Sample Sugar Seller",
        role="supplier",
        enterprise=stage.firms["sugar"],
        from_on=stage.today - timedelta(days=365),
    )


def _settle_whole(stage: Stage) -> None:
    """A round from its call to its bills: sugar came short and was divided by the rule."""
    this = _call(stage, "خرید نمونه تابستان", days_open=10)
    _enter_needs(stage, this, [1, 2, *range(8, 240, 6)], documented=True)
    _quote(stage, this)
    _agree(stage.on(stage.today + timedelta(days=11)), this)
    _bring(stage.on(stage.today + timedelta(days=22)), this)
    _settle(stage.on(stage.today + timedelta(days=30)), this)


def _order(stage: Stage) -> None:
    """A round that is agreed; its goods have not come yet."""
    this = _call(stage, "خرید نمونه پاییز", days_open=10)
    _enter_needs(stage, this, [1, *range(5, 240, 12)], documented=True)
    _quote(stage, this)
    _agree(stage.on(stage.today + timedelta(days=11)), this)


def _call(stage: Stage, title: str, *, days_open: int) -> Round:
    with stage.played_by("agent") as agent:
        closes_on = stage.today + timedelta(days=days_open)
        terms = rounds.RoundTerms(
            title=title,
            items=list(Item.objects.filter(cluster=stage.cluster).order_by("pk")),
            places=dict.fromkeys(
                CollectionPoint.objects.filter(cluster=stage.cluster).order_by("pk"), closes_on + timedelta(days=21)
            ),
            closes_on=closes_on,
            shortage_rule=Round.Shortage.EQUAL_FLOOR,
        )
        this = rounds.call_round(by=agent, cluster=stage.cluster, terms=terms, today=stage.today)
        return rounds.open_round(by=agent, this=this)


def _enter_needs(stage: Stage, this: Round, members: Sequence[int], *, documented: bool) -> None:
    """The agent enters what members said on the phone; those with evidence sent the photo of their last bill."""
    with stage.played_by("agent") as agent:
        items = {each.item.code: each for each in this.items.select_related("item")}
        places = list(this.places.order_by("pk"))
        for number in members:
            firm, hives = stage.firms[f"member-{number}"], int(stage.random.integers(40, 220))
            place = places[number % len(places)]
            for code in stage.random.choice(list(ITEMS), 3, replace=False).tolist():
                quantity = max(1, ITEMS[code][6] * hives // 100)
                alone = ITEMS[code][5] * int(stage.random.integers(96, 107)) // 100 // 100 * 100
                terms = NeedTerms(
                    quantity, quantity + quantity // 10, alone=alone, alone_from="فروشگاه نمونه شهرستان",
                    alone_on=stage.today - timedelta(days=12),
                )  # fmt: skip
                need = enter_need(
                    by=agent, this=this, enterprise=firm, round_item=items[code], place=place, terms=terms,
                    today=stage.today, confirmed=Need.Confirmed.PHONE,
                )  # fmt: skip
                if documented and number % 9:
                    paper = Upload("فاکتور.pdf", f"%PDF-1.4 sample {number} {code} %%EOF".encode())
                    price = NeedPrice.objects.get(need=need)
                    benefit.keep_with_need(by=agent, need=need, price=price, kind="invoice", document=paper)


def _quote(stage: Stage, this: Round) -> None:
    """Two suppliers' sealed quotations; for the medicine they compete."""
    for username, firm, steps, delivery in (
        ("supplier", "supplier", PACKED, 90_000_000),
        ("supplier2", "sugar", SWEET, 120_000_000),
    ):
        with stage.played_by(username) as supplier:
            lines = [
                quotations.LineTerms(round_item=each, steps=steps[each.item.code])
                for each in this.items.select_related("item")
                if each.item.code in steps
            ]
            terms = quotations.QuotationTerms(
                lines=lines,
                valid_until=this.closes_on + timedelta(days=45),
                minimum_order=500_000_000,
                delivery_fixed=delivery,
                payment_days=30,
                terms="نمونه: سی روز پس از تحویل",
                shows_steps=username == "supplier2",
            )
            quotations.give_quotation(
                by=supplier, this=this, supplier=stage.firms[firm], terms=terms, today=min(stage.today, this.closes_on)
            )


def _agree(stage: Stage, this: Round) -> None:
    """Close, let every member with a part say yes, and agree."""
    own = {stage.firms["member-1"].pk: "member", stage.firms["member-2"].pk: "member2"}
    with stage.played_by("agent") as agent:
        plans.close_round(by=agent, this=this, now=stage.now)
        this.refresh_from_db()
        members = set(PlanLine.objects.filter(plan=this.plan_id).values_list("enterprise_id", flat=True))
    for enterprise in sorted(members):
        with stage.played_by(own.get(enterprise, "agent")) as person:
            plans.answer_plan(
                by=person, this=this, plan_id=this.plan_id or 0, enterprise_id=enterprise, is_yes=True, now=stage.now
            )
    with stage.played_by("agent") as agent:
        plans.agree_round(by=agent, this=this, now=stage.now)


def _bring(stage: Stage, this: Round) -> None:
    """All comes but an eighth of the sugar, of which a bag is torn; what came is divided and handed out."""
    with stage.played_by("agent") as agent:
        this.refresh_from_db()
        arrived = {}
        for line in OrderLine.objects.filter(place__round=this).select_related("item"):
            short = line.quantity // 8 if line.item.code == "sugar" else 0
            torn = min(50, short)
            note = "یک کیسه پاره بود" if torn else ""
            arrived[line.pk] = goods.Arrived(line.quantity - short, broken=torn, note=note)
        goods.enter_arrivals(by=agent, this=this, arrived=arrived, on=stage.today, today=stage.today)
        goods.divide_goods(by=agent, this=this, today=stage.today)
        this.refresh_from_db()
        rows = list(HandOut.objects.filter(round=this))
        goods.sign_hand_outs(by=agent, this=this, hand_outs=rows, how=HandOut.Signed.SIGNATURE, now=stage.now)


def _settle(stage: Stage, this: Round) -> None:
    """Each supplier invoices what came in good state; each member gets its bill."""
    with stage.played_by("agent") as agent:
        for number, order in enumerate(PurchaseOrder.objects.filter(round=this).order_by("pk"), start=1):
            money.enter_invoice(
                by=agent,
                order=order,
                number=f"نمونه-{number}",
                goods={line.pk: goods.good_of(line) * line.unit_price for line in order.lines.all()},
                delivery=order.delivery,
                on=stage.today,
                today=stage.today,
                is_agent=True,
            )
        money.settle_round(by=agent, this=this, now=stage.now, today=stage.today)
