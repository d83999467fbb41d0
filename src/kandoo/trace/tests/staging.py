"""A small cluster and one joint lot, played through by its actions: the stage of these tests.

Twelve beekeepers of three counties: six in Khorramabad, five in Dorud and one in Azna, who must not
be readable from anything public. An importer buys; a laboratory tests.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from kandoo.register.models import Cluster, Enterprise, Membership, Person, Role, Site
from kandoo.selling import actions
from kandoo.selling.actions.batches import NewResult
from kandoo.selling.actions.lots import OfferTerms
from kandoo.selling.actions.money import Paid
from kandoo.selling.actions.orders import OrderTerms
from kandoo.selling.models import Batch, Lot, Order, PlanLine
from kandoo.site import security

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=timezone.get_default_timezone())
COUNTIES = ["Khorramabad"] * 6 + ["Dorud"] * 5 + ["Azna"]
PRICE = 1_987_650  # rial per kg, to be found nowhere in public
VALUES = {
    "moisture": "16.5",
    "hmf": "8.2",
    "diastase": "14",
    "sucrose": "2.4",
    "fructose": "38",
    "glucose": "31",
    "free_acidity": "22",
    "ec": "0.35",
    "insoluble": "0.04",
}


@dataclass
class Stage:
    """The cast: the cluster, its people by username, its firms by key."""

    cluster: Cluster
    people: dict[str, Person] = field(default_factory=dict)
    firms: dict[str, Enterprise] = field(default_factory=dict)
    sites: list[Site] = field(default_factory=list)
    order: Order | None = None
    lot: Lot | None = None


def found(counties: Iterable[str] = COUNTIES) -> Stage:
    """Write the register as the owner of the tables does."""
    cluster = Cluster.objects.create(
        code="lorestan-honey",
        name_fa="خوشهٔ عسل لرستان",
        name_en="Lorestan honey cluster",
        place_fa="لرستان",
        place_en="Lorestan",
        profile="honey",
        province="IR-15",
        counties=sorted(set(counties)),
    )
    stage = Stage(cluster)
    for number, county in enumerate(counties, start=1):
        firm = _firm(
            stage, f"member-{number}", f"زنبورداری رازدار {number:02d}", f"Secretive Apiary {number:02d}", "beekeeping"
        )
        Membership.objects.create(cluster=cluster, enterprise=firm, joined_on=TODAY - timedelta(days=900))
        stage.sites.append(_apiary(cluster, firm, county))
    _firm(stage, "importer", "واردکنندهٔ هامبورگ", "Hamburg Importers", "trade")
    _firm(stage, "laboratory", "آزمایشگاه خرم‌آباد", "Laboratory of Khorramabad", "laboratory")
    for username, role, firm_key in (
        ("agent", "agent", ""),
        ("auditor", "auditor", ""),
        ("buyer", "buyer", "importer"),
        ("member-1", "member", "member-1"),
        ("member-2", "member", "member-2"),
    ):
        person = Person.objects.create(username=username, name_fa=f"شخص {username}", name_en=f"Person {username}")
        Role.objects.create(
            cluster=cluster,
            person=person,
            role=role,
            enterprise=stage.firms.get(firm_key),
            from_on=TODAY - timedelta(days=900),
        )
        stage.people[username] = person
    return stage


def _firm(stage: Stage, key: str, name_fa: str, name_en: str, chain_stage: str) -> Enterprise:
    stage.firms[key] = Enterprise.objects.create(
        cluster=stage.cluster, name_fa=name_fa, name_en=name_en, stage=chain_stage, workers=2
    )
    return stage.firms[key]


def _apiary(cluster: Cluster, firm: Enterprise, county: str) -> Site:
    return Site.objects.create(
        cluster=cluster,
        enterprise=firm,
        kind=Site.Kind.APIARY,
        name_fa=f"زنبورستان {firm.name_fa}",
        latitude=Decimal("33.48780"),
        longitude=Decimal("48.35580"),
        county=county,
        hives=120,
        hives_on=TODAY - timedelta(days=60),
        hives_source="سرشماری",
    )


def play_to_plan(stage: Stage, drums: Iterable[int] | None = None) -> Stage:
    """From harvests to a planned lot that takes every drum on offer."""
    agent = stage.people["agent"]
    taken = list(drums or [4] * len(stage.sites))
    with security.acting_as(agent.pk):
        batches = [_batch(stage, site, number) for number, site in enumerate(stage.sites)]
        kg = sum(290 * each for each in taken)
        stage.order = actions.place_order(by=agent, buyer=stage.firms["importer"], terms=_terms(kg), today=TODAY)
        stage.lot = actions.call_lot(
            by=agent,
            cluster=stage.cluster,
            title="صادرات پاییز",
            orders=[stage.order],
            offers_until=TODAY,
            today=TODAY,
        )
        actions.open_lot(by=agent, lot=stage.lot)
        stage.lot.refresh_from_db()
        for number, (batch, offered) in enumerate(zip(batches, taken, strict=True)):
            actions.offer_batch(by=agent, lot=stage.lot, batch=batch, terms=_offer(number, offered), today=TODAY)
        actions.plan_lot(by=agent, lot=stage.lot, seconds=5)
        stage.lot.refresh_from_db()
    return stage


def play_to_delivery(stage: Stage, drums: Iterable[int] | None = None) -> Stage:
    """From harvests to a delivered lot; one line weighed ten kilograms less."""
    play_to_plan(stage, drums)
    agent, lot = stage.people["agent"], stage.lot
    assert lot is not None
    with security.acting_as(agent.pk):
        for enterprise in set(PlanLine.objects.filter(plan=lot.plan).values_list("enterprise", flat=True)):
            actions.answer_plan(by=agent, lot=lot, enterprise_id=enterprise, is_yes=True)
        actions.agree_lot(by=agent, lot=lot, now=NOW)
        actions.add_cost(
            by=agent,
            lot=lot,
            kind="analysis",
            amount=54_321_000,
            document="INV-12",
            on=TODAY,
            paid_to=stage.firms["laboratory"],
        )
        first = PlanLine.objects.filter(plan=lot.plan).order_by("pk").first()
        assert first is not None
        weighed = {first.pk: first.kg - 10}
        stage.lot = actions.deliver_lot(by=agent, lot=lot, weighed_kg=weighed, on=TODAY, today=TODAY)
    return stage


def play_to_settlement(stage: Stage) -> Stage:
    """From harvests to pay slips."""
    play_to_delivery(stage)
    agent, lot, order = stage.people["agent"], stage.lot, stage.order
    assert lot is not None
    assert order is not None
    with security.acting_as(agent.pk):
        kg = sum(lot.deliveries.values_list("net_kg", flat=True))
        paid = Paid(amount=kg * PRICE, rial=kg * PRICE, on=TODAY, document="حواله ۱۲")
        actions.settle_lot(by=agent, lot=lot, paid={order.pk: paid}, now=NOW, today=TODAY)
        lot.refresh_from_db()
    return stage


def _batch(stage: Stage, site: Site, number: int) -> Batch:
    agent = stage.people["agent"]
    batch = actions.record_batch(
        by=agent,
        site=site,
        kind="astragalus" if number % 3 else "thyme",
        harvested_on=date(2026, 7, 1) + timedelta(days=2 * number),
        drums=5,
        drum_kg=290,
        today=TODAY,
        now=NOW,
    )
    results = [NewResult(code, Decimal(value) * (100 + number) / 100) for code, value in VALUES.items()]
    results += [NewResult("chloramphenicol", Decimal(0)), NewResult("nmr", finding="conformant")]
    if number % 2:
        results.append(NewResult("amitraz", Decimal(12)))
    actions.enter_results(
        by=agent,
        batch=batch,
        results=results,
        tested_on=date(2026, 9, 1) + timedelta(days=number),
        today=TODAY,
        laboratory=stage.firms["laboratory"] if number % 2 else None,
        laboratory_name="" if number % 2 else site.enterprise.name_fa,
    )
    return batch


def _terms(kg: int) -> OrderTerms:
    return OrderTerms(
        title="یک کانتینر",
        price_per_kg=PRICE,
        currency="IRR",
        mass_min_kg=kg,
        mass_max_kg=kg,
        deliver_by=TODAY + timedelta(days=60),
        kinds=["astragalus", "thyme"],
        limits={"moisture": (None, 20.0), "hmf": (None, 40.0)},
        standard="codex",
    )


def _offer(number: int, drums: int) -> OfferTerms:
    return OfferTerms(
        drums=drums,
        reserve_per_kg=1_200_000 + 10_000 * number,
        alone_per_kg=1_350_000 + 5_000 * number,
        alone_outlet="خریدار محلی",
        alone_on=TODAY - timedelta(days=20),
        transport_per_kg=4_000,
    )
