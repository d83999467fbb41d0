"""A small cluster for the tests of batches: two rival beekeepers, an agent, a laboratory, an auditor."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.test import Client
from django.utils import timezone

from kandoo.register.models import Cluster, Enterprise, Membership, Person, Role, Site
from kandoo.selling import actions
from kandoo.selling.actions.batches import NewResult
from kandoo.selling.models import Batch, LabResult
from kandoo.site.security import acting_as

HARVEST = date(2026, 9, 1)
TESTED = date(2026, 9, 20)
GOOD = {
    "moisture": "17.2",
    "hmf": "8",
    "diastase": "14",
    "sucrose": "2",
    "fructose": "38",
    "glucose": "31",
    "ec": "0.3",
    "free_acidity": "20",
    "insoluble": "0.02",
}
Values = dict[str, str]


@dataclass
class Stage:
    """Who plays: people by username, firms and apiaries by key."""

    cluster: Cluster
    people: dict[str, Person] = field(default_factory=dict)
    firms: dict[str, Enterprise] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)

    def record(self, who: str = "sahand", *, site: str = "", drums: int = 5, by: str = "", **given: Any) -> Batch:
        """A harvest of a member, entered by the member."""
        person = self.people[by or who]
        with acting_as(person.pk):
            return actions.record_batch(
                by=person,
                site=self.sites[site or who],
                drums=drums,
                **_filled(given, kind="thyme", harvested_on=HARVEST, drum_kg=290, today=today(), now=now()),
            )

    def test(self, batch: Batch, values: Values, *, by: str = "agent", **given: Any) -> list[LabResult]:
        """Results of a batch; a value that is no number is a finding."""
        person = self.people[by]
        with acting_as(person.pk):
            return actions.enter_results(
                by=person,
                batch=batch,
                results=[_result(code, value) for code, value in values.items()],
                **_filled(given, tested_on=TESTED, today=today(), laboratory_name="Elsewhere"),
            )

    def give_sample(self, batch: Batch) -> None:
        agent = self.people["agent"]
        with acting_as(agent.pk):
            actions.ask_sample(by=agent, batch=batch, laboratory=self.firms["laboratory"], today=today())


def _filled(given: dict[str, Any], **usual: Any) -> dict[str, Any]:
    return usual | given


def _result(code: str, value: str) -> NewResult:
    try:
        return NewResult(code, value=Decimal(value))
    except ArithmeticError:
        return NewResult(code, finding=value)


def today() -> date:
    return timezone.localdate()


def now() -> datetime:
    return timezone.now()


def found() -> Stage:
    """Write the register as the owner of the tables does."""
    cluster = Cluster.objects.create(
        code="lorestan-honey", name_fa="خوشهٔ عسل لرستان", name_en="Lorestan honey", profile="honey", province="IR-15"
    )
    stage = Stage(cluster)
    for name in ("sahand", "bahar"):
        stage.firms[name] = _firm(cluster, name, "beekeeping")
        stage.sites[name] = Site.objects.create(
            cluster=cluster,
            enterprise=stage.firms[name],
            name_fa=f"زنبورستان {name}",
            latitude=Decimal("33.5"),
            longitude=Decimal("48.3"),
            county="Khorramabad",
            hives=100,
            hives_on=date(2026, 5, 1),
            hives_source="visit",
        )
        _person(stage, name, "member", stage.firms[name])
    stage.firms["laboratory"] = _firm(cluster, "laboratory", "laboratory")
    stage.firms["buyer"] = _firm(cluster, "buyer", "trade")
    _person(stage, "laboratory", "laboratory", stage.firms["laboratory"])
    _person(stage, "buyer", "buyer", stage.firms["buyer"])
    for name in ("agent", "auditor", "officer"):
        _person(stage, name, name, None)
    return stage


def _firm(cluster: Cluster, name: str, stage: str) -> Enterprise:
    firm = Enterprise.objects.create(cluster=cluster, name_fa=f"بنگاه {name}", name_en=f"Firm {name}", stage=stage)
    Membership.objects.create(cluster=cluster, enterprise=firm, joined_on=date(2024, 1, 1))
    return firm


def _person(stage: Stage, name: str, role: str, firm: Enterprise | None) -> None:
    person = Person.objects.create(username=name, name_en=name, name_fa=name)
    Role.objects.create(cluster=stage.cluster, person=person, role=role, enterprise=firm, from_on=date(2024, 1, 1))
    stage.people[name] = person


def signed_in(stage: Stage, name: str, as_owner: Any, language: str = "en") -> Client:
    """A browser in which a person is signed in."""
    client = Client()
    client.cookies["django_language"] = language
    with as_owner():
        client.force_login(stage.people[name])
    return client
