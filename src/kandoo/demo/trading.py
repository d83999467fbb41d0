"""Three orders shaped like real ones and three joint lots: two settled, one open for offers.

Prices and rates are examples: no current ones were found in public sources.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kandoo.demo import books
from kandoo.register.models import Person
from kandoo.selling import actions as selling
from kandoo.selling.actions.lots import OfferTerms
from kandoo.selling.actions.money import Paid
from kandoo.selling.actions.orders import OrderTerms
from kandoo.selling.actions.steps import members_in
from kandoo.selling.models import Batch, Lot, Order
from kandoo.selling.settling import sum_in_rial, sum_owed

if TYPE_CHECKING:
    from kandoo.demo.building import Stage

OFFERED_MAX = 4  # drums of a batch: no member holds half of a lot
ALONE_MEAN, ALONE_SPREAD = 3_400_000, 240_000  # rial per kg at the member's own best outlet


def trade(stage: Stage, newest: date) -> None:
    """Three orders, three lots: two settled since the honey was tested, the third open for offers."""
    span = (stage.today - newest).days
    first_day = stage.on(newest + timedelta(days=span // 8))
    second_day = stage.on(newest + timedelta(days=span // 2))
    europe = _place(first_day, "buyer", "importer", _container(first_day))
    _settle_whole(first_day, "کانتینر نمونه اروپا", europe, share=3, wait=span // 8)
    books.pay_first_run(first_day.on(first_day.today + timedelta(days=span // 4)))
    tehran = _place(second_day, "buyer3", "tehran", _packer(second_day))
    _settle_whole(second_day, "محموله نمونه تهران", tehran, share=4, wait=span // 8)
    gulf = _place(stage, "buyer2", "retailer", _retail(stage))
    last = _call(stage, "محموله نمونه خلیج فارس", [gulf], days_left=21)
    _offer(stage, last, share=5, also=("member",))


def _settle_whole(stage: Stage, title: str, order: Order, *, share: int, wait: int) -> None:
    """A lot from its call to its pay slips; the buyer pays some days after delivery."""
    lot = _call(stage, title, [order], days_left=5)
    _offer(stage, lot, share=share)
    books.bring_evidence(stage, lot)
    _agree(stage, lot)
    _deliver_and_settle(stage, lot, paid_on=stage.on(stage.today + timedelta(days=wait)))


def _container(stage: Stage) -> OrderTerms:
    """A 20-foot container for an importer in the European Union: 69 or 70 drums of 290 kg."""
    return OrderTerms(
        title="کانتینر ۲۰ فوت عسل چندگل برای اروپا",
        price_per_kg=360,
        currency="EUR",
        mass_min_kg=20_000,
        mass_max_kg=20_300,
        deliver_by=stage.today + timedelta(days=30),
        kinds=("multifloral", "astragalus", "thyme", "thistle"),
        limits={"moisture": (None, 18.0), "hmf": (None, 20.0), "diastase": (10.0, None), "colour": (None, 60.0)},
        standard="eu",
        sources_max=40,
        drums_min=1,
        papers=("invoice", "packing_list", "certificate_of_origin", "health_certificate", "certificate_of_analysis"),
    )


def _retail(stage: Stage) -> OrderTerms:
    """Three tonnes of thyme and astragalus honey for shops around the Gulf."""
    return OrderTerms(
        title="عسل آویشن و گون برای فروشگاه‌های خلیج فارس",
        price_per_kg=1_650,
        currency="AED",
        mass_min_kg=3_000,
        mass_max_kg=4_500,
        deliver_by=stage.today + timedelta(days=70),
        kinds=("thyme", "astragalus"),
        limits={"moisture": (None, 17.5), "hmf": (None, 25.0)},
        standard="gulf",
        sources_max=15,
        papers=("invoice", "certificate_of_origin", "certificate_of_analysis", "halal"),
    )


def _packer(stage: Stage) -> OrderTerms:
    """Nine tonnes for a packer in Tehran, judged by the national standard."""
    return OrderTerms(
        title="عسل فله برای بسته‌بندی تهران",
        price_per_kg=3_950_000,
        currency="IRR",
        mass_min_kg=8_000,
        mass_max_kg=9_500,
        deliver_by=stage.today + timedelta(days=60),
        limits={"diastase": (8.0, None), "hmf": (None, 40.0), "proline": (200.0, None)},
        standard="",
        drums_min=2,
        papers=("invoice", "certificate_of_analysis"),
    )


def _place(stage: Stage, username: str, firm: str, terms: OrderTerms) -> Order:
    with stage.played_by(username) as buyer:
        return selling.place_order(by=buyer, buyer=stage.firms[firm], terms=terms, today=stage.today)


def _call(stage: Stage, title: str, orders: list[Order], days_left: int) -> Lot:
    with stage.played_by("agent") as agent:
        lot = selling.call_lot(
            by=agent,
            cluster=stage.cluster,
            title=title,
            orders=orders,
            offers_until=stage.today + timedelta(days=days_left),
            today=stage.today,
        )
        return selling.open_lot(by=agent, lot=lot)


def _offer(stage: Stage, lot: Lot, *, share: int, also: Iterable[str] = ()) -> None:
    """Every so many members offer what they have, the two with a login for themselves."""
    own = {stage.firms["member-1"].pk: "member", stage.firms["member-2"].pk: "member2"}
    with stage.played_by("agent"):
        batches = list(
            Batch.objects.filter(cluster=stage.cluster, bar=None, withdrawn_at=None, held_at=None)
            .select_related("enterprise")
            .order_by("pk")
        )
    for batch in batches:
        is_own = batch.enterprise_id in own
        if not is_own and batch.enterprise_id % share:
            continue
        with stage.played_by(own.get(batch.enterprise_id, "agent")) as person:
            try:
                _offer_batch(stage, person, lot, batch)
            except selling.BatchInUse:
                continue  # its drums went into the other lot


def _offer_batch(stage: Stage, person: Person, lot: Lot, batch: Batch) -> None:
    alone = int(stage.random.normal(ALONE_MEAN, ALONE_SPREAD)) // 10_000 * 10_000
    if person.username != "agent":
        alone = 2_900_000  # far from the market: those who sign in have the most to gain
    selling.offer_batch(
        by=person,
        lot=lot,
        batch=batch,
        terms=OfferTerms(
            drums=min(batch.drums, OFFERED_MAX),
            reserve_per_kg=alone + 50_000,
            transport_per_kg=int(stage.random.integers(2, 9)) * 5_000,
            alone_per_kg=alone,
            alone_outlet="خریدار نمونه در محل",
            alone_on=stage.today - timedelta(days=20),
        ),
        today=stage.today,
    )


def _agree(stage: Stage, lot: Lot) -> None:
    """Plan, let every member with a part say yes, and agree."""
    with stage.played_by("agent") as agent:
        selling.plan_lot(by=agent, lot=lot)
        lot.refresh_from_db()
        parts = members_in(lot)
        own = {stage.firms["member-1"].pk: "member", stage.firms["member-2"].pk: "member2"}
    for enterprise in sorted(parts):
        with stage.played_by(own.get(enterprise, "agent")) as person:
            selling.answer_plan(by=person, lot=lot, enterprise_id=enterprise, is_yes=True)
    with stage.played_by("agent") as agent:
        selling.agree_lot(by=agent, lot=lot, now=stage.now)


def _deliver_and_settle(stage: Stage, lot: Lot, paid_on: Stage) -> None:
    """The costs come in, the drums are weighed, the buyer pays, each member gets its pay slip."""
    delivered = stage.today
    costs = (
        ("transport", 1_450_000_000, "carrier", "بارنامه نمونه ۱۱"),
        ("analysis", 920_000_000, "laboratory", "صورت‌حساب نمونه آزمایشگاه ۷"),
        ("homogenising", 1_100_000_000, "packer", "صورت‌حساب نمونه کارگاه ۴"),
        ("papers", 380_000_000, None, "گواهی‌های نمونه صادرات"),
    )
    with stage.played_by("agent") as agent:
        for kind, amount, firm, document in costs:
            selling.add_cost(
                by=agent,
                lot=lot,
                kind=kind,
                amount=amount,
                document=document,
                on=delivered,
                paid_to=stage.firms[firm] if firm else None,
            )
        selling.deliver_lot(by=agent, lot=lot, weighed_kg={}, on=delivered, today=stage.today)
        lot.refresh_from_db()
        owed = sum_owed(lot)
        paid = {order.pk: _payment(order, owed[order], rial, paid_on) for order, rial in sum_in_rial(lot).items()}
        selling.settle_lot(by=agent, lot=lot, paid=paid, now=paid_on.now, today=paid_on.today)


def _payment(order: Order, amount: int, rial: int, stage: Stage) -> Paid:
    """In full; the bank changes foreign money at two per cent above the rate of the call."""
    received = rial if order.currency == Order.Currency.IRR else rial * 102 // 100
    return Paid(amount=amount, rial=received, on=stage.today, document="حواله نمونه ۲۱")
