"""Build the demo cluster step by step, each step an action taken by the person who would take it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np
from persiantools.jdatetime import JalaliDate

from kandoo.demo import (
    books,
    buying,
    calls,
    credit_years,
    establishments,
    maturity,
    nation,
    nature,
    password_of,
    reports,
    results,
    strategy,
    trading,
    visits,
    voting,
)
from kandoo.demo.cast import CAST, CLUSTER, FIRMS
from kandoo.ledger import actions as ledger
from kandoo.register import actions as register
from kandoo.register.models import Cluster, Enterprise, Person, Site
from kandoo.selling import actions as selling
from kandoo.selling.actions.batches import NewResult
from kandoo.selling.models import Batch, Lot
from kandoo.site import notices, security
from kandoo.site.language import localise_digits

MEMBERS, BATCHES = 240, 600
SEED = 1405


@dataclass(frozen=True, slots=True)
class Stage:
    """What the steps share: the cluster, its people by username, its firms by key."""

    cluster: Cluster
    people: dict[str, Person]
    firms: dict[str, Enterprise]
    today: date
    now: datetime
    random: np.random.Generator

    def on(self, day: date) -> Stage:
        """The same stage on an earlier day."""
        return replace(self, today=day, now=self.now - (self.today - day))

    @contextmanager
    def played_by(self, username: str) -> Iterator[Person]:
        """Act as one person: the database sees it so too."""
        person = self.people[username]
        with security.acting_as(person.pk):
            yield person


def found(today: date) -> None:
    """The first step, which only the database's owner can take: a cluster and its agent."""
    agent = next(each for each in CAST if each.role == "agent")
    register.found_cluster(
        **CLUSTER,
        is_demo=True,
        counties=[each.key for each in nature.counties()],
        started_on=today - timedelta(days=5 * 365),
        agent_username=agent.username,
        agent_password=password_of(agent.username),
        agent_name_fa=agent.name_fa,
        agent_name_en=agent.name_en,
    )
    nation.found(today)


def _agent() -> tuple[Person, Cluster]:
    """The founding agent, looked up at the desk where people sign in."""
    with security.acting_as(None, desk="sign-in"):
        agent = Person.objects.get(username="agent")
    with security.acting_as(agent.pk):
        return agent, Cluster.objects.get(code=CLUSTER["code"])


def is_loaded() -> bool:
    """Whether the last step has been taken."""
    with security.acting_as(None, desk="sign-in"):
        agent = Person.objects.filter(username="agent").first()
    if agent is None:
        return True  # no demo was founded here
    with security.acting_as(agent.pk):
        return Lot.objects.filter(cluster__code=CLUSTER["code"]).exists()


def build(today: date, now: datetime) -> None:
    """Take every step in one transaction: the demo is there whole, or not at all."""
    agent, cluster = _agent()
    stage = Stage(cluster, {"agent": agent}, {}, today, now, np.random.default_rng(SEED))
    with security.acting_as(agent.pk):
        sites = _add_firms(stage)
        _add_people(stage)
        _record_sources(stage)
    batches = _record_batches(stage, sites)
    _enter_results(stage, batches)
    books.price_time(stage, _season(stage))
    trading.trade(stage, newest=_tested_by(stage))
    buying.buy(stage)
    books.keep(stage)
    voting.propose(stage)
    nation.build(stage)
    credit_years.build(stage)
    calls.build(stage)
    establishments.bring(stage)
    results.build(stage)
    strategy.build(stage)
    maturity.build(stage)
    visits.build(stage)
    reports.build(stage)
    for username, person in stage.people.items():
        with stage.played_by(username):
            notices.mark_read(person, stage.now, keep=3)


def _add_firms(stage: Stage) -> list[Site]:
    """The institutions, then 240 beekeepers spread over the counties by area."""
    counties = nature.counties()
    by_key = {each.key: each for each in counties}
    joined = stage.today - timedelta(days=4 * 365)
    for firm in FIRMS:
        places = [_site(stage, "office", firm.name_fa, by_key[firm.county])] if firm.county else []
        stage.firms[firm.key] = register.add_enterprise(
            by=stage.people["agent"],
            cluster=stage.cluster,
            name_fa=firm.name_fa,
            name_en=firm.name_en,
            form=firm.form,
            is_commercial=firm.is_commercial,
            stage=firm.stage,
            workers=firm.workers,
            sites=places,
            sheba=sheba(900 + FIRMS.index(firm)) if firm.is_member else "",
            joined_on=joined if firm.is_member else None,
        )
    shares = np.array([each.share for each in counties])
    for number in range(1, MEMBERS + 1):
        county = counties[int(stage.random.choice(len(counties), p=shares / shares.sum()))]
        _add_beekeeper(stage, number, county, joined)
    return list(Site.objects.filter(cluster=stage.cluster, kind=Site.Kind.APIARY).order_by("pk"))


def _add_beekeeper(stage: Stage, number: int, county: nature.County, joined: date) -> None:
    shown = localise_digits(f"{number:03d}", "fa")
    apiary = replace(
        _site(stage, "apiary", f"زنبورستان نمونه {shown}", county),
        hives=nature.hives(stage.random),
        hives_on=stage.today - timedelta(days=45),
        hives_source="سرشماری نمونه زنبورستان‌ها",
    )
    stage.firms[f"member-{number}"] = register.add_enterprise(
        by=stage.people["agent"],
        cluster=stage.cluster,
        name_fa=f"زنبورداری نمونه {shown} {county.name_fa}",
        name_en=f"Sample Apiary {number:03d} {county.name_en}",
        stage="beekeeping",
        workers=int(stage.random.integers(1, 6)),
        sites=[apiary],
        sheba="" if number % 40 == 13 else sheba(number),  # a few have not said where they are paid
        joined_on=joined + timedelta(days=int(stage.random.integers(0, 1200))),
    )


def sheba(number: int) -> str:
    """An invented account at an invented branch, with check digits that fit."""
    account = f"017{number:019d}"
    return f"IR{98 - int(f'{account}182700') % 97:02d}{account}"


def _site(stage: Stage, kind: str, name_fa: str, county: nature.County) -> register.SiteTerms:
    latitude, longitude = nature.place_in(county, stage.random)
    return register.SiteTerms(
        name_fa=name_fa, kind=kind, latitude=Decimal(str(latitude)), longitude=Decimal(str(longitude))
    )


def _add_people(stage: Stage) -> None:
    for actor in CAST:
        if actor.username in stage.people:
            continue
        person = register.add_person(
            by=stage.people["agent"],
            cluster=stage.cluster,
            username=actor.username,
            password=password_of(actor.username),
            name_fa=actor.name_fa,
            name_en=actor.name_en,
        )
        register.give_role(
            by=stage.people["agent"],
            cluster=stage.cluster,
            person=person,
            role=actor.role,
            enterprise=stage.firms[actor.firm] if actor.firm else None,
            from_on=stage.today - timedelta(days=365),
        )
        stage.people[actor.username] = person


def _record_sources(stage: Stage) -> None:
    """The season's plausible yield, and example rates: no current rate was found in public sources."""
    register.set_season_yield(
        by=stage.people["agent"],
        cluster=stage.cluster,
        season=_season(stage),
        kg_per_hive=Decimal(24),
        source="برآورد نمونه: دو و نیم برابر میانگین منتشرشده استان (۹٫۲)",
        dated=stage.today - timedelta(days=60),
    )
    for currency, rial in (("EUR", 1_250_000), ("AED", 295_000), ("USD", 1_083_000)):
        ledger.set_rate(
            by=stage.people["agent"],
            cluster=stage.cluster,
            currency=currency,
            rial=rial,
            on=min(stage.today - timedelta(days=75), _tested_by(stage)),  # before the season's first sale
            source="نرخ نمونه (ساختگی)",
        )


def _season(stage: Stage) -> int:
    """The Jalali year of the newest harvest that is in."""
    today = JalaliDate(stage.today)
    return int(today.year if today.month >= 7 else today.year - 1)


def _tested_by(stage: Stage) -> date:
    """The day by which all harvests of the season have been tested."""
    return JalaliDate(_season(stage), 6, 31).to_gregorian()


def _record_batches(stage: Stage, sites: Sequence[Site]) -> list[Batch]:
    """600 harvests of two seasons, written down by the agent; member 1 and 2 write down their own."""
    batches: list[Batch] = []
    own = {stage.firms["member-1"].pk: "member", stage.firms["member-2"].pk: "member2"}
    for round_number in range(3):
        for site in sites:
            if len(batches) == BATCHES:
                break
            with stage.played_by(own.get(site.enterprise_id, "agent")) as person:
                batches.append(_record_batch(stage, person, site, round_number))
    return batches


def _record_batch(stage: Stage, person: Person, site: Site, round_number: int) -> Batch:
    """One harvest: rounds 0 and 1 are this season's early and late one, round 2 last season's."""
    season = _season(stage) - (round_number == 2)
    month = 5 if round_number == 1 else 4
    day = JalaliDate(season, month, int(stage.random.integers(1, 30))).to_gregorian()
    part = nature.harvest_per_hive(stage.random) * (1.0 if round_number == 2 else 0.5)
    mass = (site.hives or 0) * part
    if site.pk % 97 == 0 and round_number == 0:
        mass *= 6  # a few harvests too good to be true: held until explained
    drums = max(1, round(mass / 290))
    drum_kg = 290 if drums > 1 else int(np.clip(mass, 150, 290))
    return selling.record_batch(
        by=person,
        site=site,
        kind=nature.kind(stage.random),
        harvested_on=day,
        drums=drums,
        drum_kg=drum_kg,
        today=stage.today,
        now=stage.now,
    )


def _enter_results(stage: Stage, batches: Sequence[Batch]) -> None:
    """Nine batches in ten are tested; the laboratory itself enters those of its samples."""
    laboratory = stage.firms["laboratory"]
    for place, batch in enumerate(batches):
        if place % 10 == 7:
            continue
        is_sample = place % 12 == 0
        if is_sample:
            with stage.played_by("agent") as agent:
                selling.ask_sample(by=agent, batch=batch, laboratory=laboratory, today=batch.harvested_on)
        with stage.played_by("laboratory" if is_sample else "agent") as person:
            selling.enter_results(
                by=person,
                batch=batch,
                results=_results(stage, place, batch),
                tested_on=batch.harvested_on + timedelta(days=int(stage.random.integers(5, 30))),
                today=stage.today,
                laboratory=laboratory,
            )
    for batch in [each for place, each in enumerate(batches) if place % 10 == 7][:6]:
        with stage.played_by("agent") as agent:
            selling.ask_sample(by=agent, batch=batch, laboratory=laboratory, today=stage.today)


def _results(stage: Stage, place: int, batch: Batch) -> list[NewResult]:
    """The panel of a batch; one in 150 shows a forbidden residue, one in 200 foreign sugar."""
    values = nature.laboratory_values(batch.kind, stage.random)
    results = [NewResult(code, Decimal(str(value))) for code, value in values.items()]
    residue = Decimal("0.21") if place % 150 == 40 else None
    results.append(NewResult("chloramphenicol", residue, "" if residue else "not_detected"))
    if place % 4 == 0:
        sugar = Decimal("9.4") if place % 200 == 120 else Decimal(str(round(float(stage.random.uniform(0, 4)), 1)))
        results.append(NewResult("c4_sugar_pct", sugar))
        results.append(NewResult("nmr", None, "conformant"))
    return results
