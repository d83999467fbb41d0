"""A small whole world for tests: one cluster with a person in every role and a lot settled among
six members and paid in part, an order and a lot still open, and a second cluster next door.

Built by the actions, each by the person who would take it. Kuh, Darreh, Cheshmeh, Bagh, Sang and
Rud keep bees; Hamburg and Dubai buy; the Lab tests.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kandoo.benefit import actions as benefit
from kandoo.benefit.joint import Joint
from kandoo.buying.models import Round
from kandoo.ledger import actions as ledger
from kandoo.ledger.actions import NewVoucher
from kandoo.programme.models import ClusterFile
from kandoo.register import actions as register
from kandoo.register.models import Cluster, Enterprise, Person
from kandoo.selling import actions as selling
from kandoo.selling.actions.batches import NewResult
from kandoo.selling.actions.lots import OfferTerms
from kandoo.selling.actions.money import Paid
from kandoo.selling.actions.orders import OrderTerms
from kandoo.selling.models import Batch, Lot, Order
from kandoo.selling.settling import sum_in_rial
from kandoo.site import redenomination
from kandoo.site.security import acting_as
from tests import (
    buying,
    crediting,
    finding,
    maturity,
    nation,
    paying,
    reports,
    results,
    strategy,
    tender,
    visits,
    voting,
)

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
HARVEST = date(2026, 8, 1)
MEMBERS = ("kuh", "darreh", "cheshmeh", "bagh", "sang", "rud")
PASSWORD = "sarv-o-chenar-1405"
PANEL = {
    "moisture": "16.5",
    "hmf": "12",
    "diastase": "14",
    "sucrose": "1.2",
    "fructose": "38",
    "glucose": "31",
    "free_acidity": "18",
    "ec": "0.25",
    "insoluble": "0.05",
}


@dataclass
class World:
    """Who and what there is, by short names."""

    cluster: Cluster
    people: dict[str, Person] = field(default_factory=dict)
    firms: dict[str, Enterprise] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    lots: dict[str, Lot] = field(default_factory=dict)
    programme: Cluster = field(init=False)
    files: dict[str, ClusterFile] = field(default_factory=dict)  # of the programme
    rounds: dict[str, Round] = field(default_factory=dict)

    def as_(self, name: str) -> AbstractContextManager[None]:
        """Ask the database as this person."""
        return acting_as(self.people[name].pk)

    def client(self, name: str) -> Client:
        """A browser in which this person has signed in."""
        client = Client()
        with acting_as(None, desk="sign-in"):
            client.force_login(self.people[name])
        return client


def make_world(as_owner: Callable[[], AbstractContextManager[Any]]) -> World:
    """Found the cluster and take a lot through to its pay slips."""
    world = found("lorestan", "agent", as_owner)
    _add_cast(world)
    _harvest(world)
    _trade(world)
    _announce_unit(world)
    paying.pay(world, NOW, TODAY)
    _keep_books(world)
    voting.decide_rules(world, NOW, TODAY)
    buying.buy(world, NOW)
    nation.build_nation(world, as_owner, NOW, TODAY)
    maturity.build(world, NOW, TODAY)
    crediting.fund(world, NOW, TODAY)
    tender.call_for_offers(world, NOW)
    visits.visit(world, NOW, TODAY)
    results.measure(world, NOW, TODAY)
    strategy.plan_strategy(world, NOW, TODAY)
    reports.report(world, NOW, TODAY)
    finding.study_lists(world, NOW, TODAY)
    return world


def _keep_books(world: World) -> None:
    """A deposit written down by hand; the year before is closed."""
    agent = world.people["agent"]
    deposit = NewVoucher("deposit_received", 9_000_000, TODAY, "رسید ۷", world.firms["kuh"])
    with world.as_("agent"):
        ledger.record_voucher(by=agent, cluster=world.cluster, new=deposit, today=TODAY)
        ledger.close_period(by=agent, cluster=world.cluster, through=date(2026, 3, 20), today=TODAY)


def _announce_unit(world: World) -> None:
    """Four zeros less, long after these tests."""
    with world.as_("agent"):
        redenomination.announce(
            by=world.people["agent"],
            cluster=world.cluster,
            name_fa="ریال نو",
            name_en="new rial",
            rial=10_000,
            starts_on=date(2099, 1, 1),
            both_until=date(2100, 1, 1),
            source="قانون نمونه",
            today=TODAY,
        )


def found(code: str, agent: str, as_owner: Callable[[], AbstractContextManager[Any]]) -> World:
    """A cluster with its first agent."""
    with as_owner():
        cluster, person = register.found_cluster(
            code=code,
            name_fa=f"خوشه {code}",
            name_en=f"Cluster {code}",
            profile="honey",
            province="IR-15",
            agent_username=agent,
            agent_password=PASSWORD,
            agent_name_fa="عامل",
            started_on=date(2024, 1, 1),
        )
    return World(cluster, {agent: person})


def add_firm(world: World, name: str, stage: str, *, hives: int = 0) -> Enterprise:
    """An enterprise; with hives it is a member with an apiary."""
    site = register.SiteTerms(
        name_fa=f"زنبورستان {name}",
        latitude=Decimal("33.48"),
        longitude=Decimal("48.35"),
        hives=hives,
        hives_on=date(2026, 7, 1),
        hives_source="سرشماری",
    )
    firm = register.add_enterprise(
        by=world.people["agent"],
        cluster=world.cluster,
        name_fa=f"بنگاه {name}",
        name_en=f"Firm {name}",
        stage=stage,
        identifiers={"economic_code": f"411{len(world.firms):08d}"},
        phone="0912000" + f"{len(world.firms):04d}",
        sheba="" if name == "rud" else paying.sheba_of(len(world.firms)),
        sites=[site] if hives else [],
        joined_on=date(2025, 1, 1) if hives else None,
    )
    world.firms[name] = firm
    return firm


def add_person(world: World, name: str, role: str, firm: str = "") -> Person:
    """Somebody with one role."""
    person = register.add_person(
        by=world.people["agent"], cluster=world.cluster, username=name, password=PASSWORD, name_fa=f"شخص {name}"
    )
    register.give_role(
        by=world.people["agent"],
        cluster=world.cluster,
        person=person,
        role=role,
        enterprise=world.firms[firm] if firm else None,
        from_on=date(2025, 1, 1),
    )
    world.people[name] = person
    return person


def _add_cast(world: World) -> None:
    with world.as_("agent"):
        for name in MEMBERS:
            add_firm(world, name, "beekeeping", hives=100)
            add_person(world, name, "member", name)
        for name, stage, role in (
            ("lab", "laboratory", "laboratory"),
            ("jars", "input_supply", "supplier"),
            ("hamburg", "trade", "buyer"),
            ("dubai", "retail", "buyer"),
        ):
            add_firm(world, name, stage)
            add_person(world, name, role, name)
        add_person(world, "officer", "officer")
        add_person(world, "auditor", "auditor")
        add_person(world, "controller", "controller")


def record(world: World, member: str, *, drums: int = 3, kind: str = "thyme") -> Batch:
    """A harvest, written down by its member."""
    with world.as_(member):
        site = world.firms[member].sites.get()
        return selling.record_batch(
            by=world.people[member],
            site=site,
            kind=kind,
            harvested_on=HARVEST,
            drums=drums,
            drum_kg=290,
            today=TODAY,
            now=NOW,
        )


def test_panel(world: World, batch: Batch, by: str = "agent", **changed: str) -> None:
    """Enter a whole panel, some of its values changed."""
    values = PANEL | changed
    with world.as_(by):
        selling.enter_results(
            by=world.people[by],
            batch=batch,
            results=[NewResult(code, Decimal(value)) for code, value in values.items()],
            tested_on=HARVEST + timedelta(days=10),
            today=TODAY,
            laboratory=world.firms["lab"],
        )


test_panel.__test__ = False  # type: ignore[attr-defined]


def _harvest(world: World) -> None:
    for name in MEMBERS:
        world.batches[name] = record(world, name)
    first = world.batches["kuh"]
    with world.as_("agent"):
        selling.ask_sample(by=world.people["agent"], batch=first, laboratory=world.firms["lab"], today=TODAY)
    test_panel(world, first, by="lab")
    for name in MEMBERS[1:]:
        test_panel(world, world.batches[name])
    with world.as_("agent"):
        agent = world.people["agent"]
        benefit.set_time_value(
            by=agent, cluster=world.cluster, season=1405, per_hour=1_000_000, source="مزد نمونه", dated=HARVEST
        )
        register.set_season_yield(
            by=agent, cluster=world.cluster, season=1405, kg_per_hive=Decimal(25), source="برآورد", dated=HARVEST
        )
        ledger.set_rate(by=agent, cluster=world.cluster, currency="EUR", rial=1_250_000, on=HARVEST, source="نمونه")
        selling.add_attachment(by=agent, batch=first, kind="certificate", name="گواهی.pdf", content=b"%PDF-1.4 test")
    barred = world.batches["barred"] = record(world, "rud", drums=1)
    with world.as_("agent"):
        residue = NewResult("chloramphenicol", Decimal("0.2"))
        selling.enter_results(by=world.people["agent"], batch=barred, results=[residue], tested_on=TODAY, today=TODAY)
    world.batches["spare"] = record(world, "kuh", drums=2)
    test_panel(world, world.batches["spare"])


def order_terms(**changed: Any) -> OrderTerms:
    """An order of six drums by EU rules, at 4 000 000 rial a kilogram."""
    terms: dict[str, Any] = {
        "title": "سفارش آزمایشی",
        "price_per_kg": 4_000_000,
        "currency": "IRR",
        "mass_min_kg": 3_000,
        "mass_max_kg": 5_220,
        "deliver_by": TODAY + timedelta(days=60),
        "limits": {"moisture": (None, 18.0)},
        "standard": "eu",
    }
    return OrderTerms(**(terms | changed))


def place(world: World, buyer: str, **changed: Any) -> Order:
    """An order placed by its buyer."""
    with world.as_(buyer):
        return selling.place_order(
            by=world.people[buyer], buyer=world.firms[buyer], terms=order_terms(**changed), today=TODAY
        )


def invoice(text: str) -> SimpleUploadedFile:
    """A member's own last invoice, as a file of its own."""
    return SimpleUploadedFile("invoice.pdf", f"%PDF-1.4 {text} %%EOF".encode())


def offer(world: World, lot: Lot, batch: Batch, member: str, *, drums: int = 3) -> None:
    """An offer made by its member."""
    with world.as_(member):
        selling.offer_batch(
            by=world.people[member],
            lot=lot,
            batch=batch,
            terms=OfferTerms(
                drums=drums,
                reserve_per_kg=3_100_000,
                alone_per_kg=3_000_000,
                alone_outlet="خریدار محلی",
                alone_on=TODAY - timedelta(days=10),
                transport_per_kg=20_000,
                alone_kind="invoice",
                alone_document=invoice(f"{member} {batch.code}"),
                alone_days=40,
            ),
            today=TODAY,
        )


def call(world: World, orders: list[Order]) -> Lot:
    """A lot called and opened by the agent."""
    agent = world.people["agent"]
    with world.as_("agent"):
        lot = selling.call_lot(
            by=agent,
            cluster=world.cluster,
            title="محموله آزمایشی",
            orders=orders,
            offers_until=TODAY + timedelta(days=10),
            today=TODAY,
        )
        return selling.open_lot(by=agent, lot=lot)


def plan_and_agree(world: World, lot: Lot) -> None:
    """The agent plans, every member in the plan says yes, the agent agrees."""
    agent = world.people["agent"]
    with world.as_("agent"):
        selling.plan_lot(by=agent, lot=lot)
        lot.refresh_from_db()
        parts = set(lot.plan.lines.values_list("enterprise_id", flat=True))  # type: ignore[union-attr]
    for name in MEMBERS:
        if world.firms[name].pk in parts:
            with world.as_(name):
                selling.answer_plan(by=world.people[name], lot=lot, enterprise_id=world.firms[name].pk, is_yes=True)
    with world.as_("agent"):
        selling.agree_lot(by=agent, lot=lot, now=NOW)


def deliver_and_settle(world: World, lot: Lot, *, received: float = 1.0) -> None:
    """Costs, weighing, payment of a part or all, pay slips."""
    agent = world.people["agent"]
    with world.as_("agent"):
        selling.add_cost(
            by=agent,
            lot=lot,
            kind="analysis",
            amount=90_000_001,
            document="صورت‌حساب ۱",
            on=TODAY,
            paid_to=world.firms["lab"],
        )
        selling.deliver_lot(by=agent, lot=lot, weighed_kg={}, on=TODAY, today=TODAY)
        lot.refresh_from_db()
        paid = {
            order.pk: Paid(amount=int(rial * received), rial=int(rial * received), on=TODAY, document="حواله ۱")
            for order, rial in sum_in_rial(lot).items()
        }
        selling.settle_lot(by=agent, lot=lot, paid=paid, now=NOW, today=TODAY)
        lot.refresh_from_db()


def _trade(world: World) -> None:
    world.orders["hamburg"] = place(world, "hamburg")
    lot = world.lots["settled"] = call(world, [world.orders["hamburg"]])
    for name in MEMBERS:
        offer(world, lot, world.batches[name], name)
    plan_and_agree(world, lot)
    deliver_and_settle(world, lot)
    world.orders["dubai"] = place(world, "dubai", mass_min_kg=290, mass_max_kg=580)
    open_lot = world.lots["open"] = call(world, [world.orders["dubai"]])
    offer(world, open_lot, world.batches["spare"], "kuh", drums=2)
    with world.as_("agent"):
        agent = world.people["agent"]
        benefit.add_subsidy(
            by=agent, joint=Joint.of_lot(open_lot), amount=1_000, source="کمک نمونه", on=TODAY, today=TODAY
        )
