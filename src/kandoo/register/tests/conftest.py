"""The stage: one cluster, its agent, two rival beekeepers, an officer, an auditor and a buyer."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from kandoo.register import actions
from kandoo.register.access import Seat
from kandoo.register.models import Cluster, Enterprise, Person, Role
from kandoo.site.security import acting_as

TODAY = date(2026, 11, 22)
AsOwner = Callable[[], AbstractContextManager[Any]]


@dataclass
class Stage:
    cluster: Cluster
    people: dict[str, Person] = field(default_factory=dict)
    firms: dict[str, Enterprise] = field(default_factory=dict)

    @property
    def agent(self) -> Person:
        return self.people["agent"]

    def acting(self, name: str = "agent") -> AbstractContextManager[None]:
        """The database takes this person for the one who asks."""
        return acting_as(self.people[name].pk)

    def seat(self, name: str = "agent") -> Seat:
        role = Role.objects.select_related("cluster", "enterprise").get(person=self.people[name])
        return Seat(role.pk, self.people[name], role.cluster, role.role, role.enterprise)

    def add_beekeeper(
        self, name_fa: str, *, hives: int = 50, place: tuple[str, str] = ("33.48780", "48.35580"), **terms: Any
    ) -> Enterprise:
        site = actions.SiteTerms(
            "زنبورستان", Decimal(place[0]), Decimal(place[1]), hives=hives, hives_on=TODAY, hives_source="own count"
        )
        return actions.add_enterprise(
            by=self.agent,
            cluster=self.cluster,
            name_fa=name_fa,
            stage="beekeeping",
            sites=[site],
            joined_on=date(2024, 4, 20),
            **terms,
        )


def found() -> Stage:
    cluster, agent = actions.found_cluster(
        code="lorestan-honey",
        name_fa="خوشه عسل لرستان",
        name_en="Lorestan honey cluster",
        profile="honey",
        province="IR-15",
        agent_username="agent",
        agent_password="agent-password-1",
        agent_name_fa="عامل",
        started_on=date(2024, 1, 1),
    )
    return Stage(cluster, {"agent": agent})


@pytest.fixture
def empty_stage(as_owner: AsOwner) -> Stage:
    """A cluster with its agent and nobody else."""
    with as_owner():
        return found()


@pytest.fixture
def stage(empty_stage: Stage) -> Stage:
    """Anbar and Bahar keep bees and are rivals."""
    stage = empty_stage
    with stage.acting():
        stage.firms["anbar"] = stage.add_beekeeper(
            "زنبورداری انبار", hives=60, phone="09160000001", sheba="IR062960000000100324200001"
        )
        stage.firms["bahar"] = stage.add_beekeeper(
            "زنبورداری بهار",
            hives=7013,
            place=("33.49550", "49.05780"),
            phone="09160000002",
            identifiers={"natural_person": "0084575948", "apiary_code": "LO-77"},
        )
        stage.firms["buyer"] = actions.add_enterprise(
            by=stage.agent, cluster=stage.cluster, name_fa="بازرگانی هامبورگ", name_en="Hamburg Trading", stage="trade"
        )
        for name, role, firm in (
            ("anbar", "member", "anbar"),
            ("bahar", "member", "bahar"),
            ("buyer", "buyer", "buyer"),
            ("officer", "officer", None),
            ("auditor", "auditor", None),
        ):
            stage.people[name] = actions.add_person(
                by=stage.agent,
                cluster=stage.cluster,
                username=name,
                password=f"{name}-password-1",
                name_fa=f"شخص {name}",
                role=role,
                enterprise=stage.firms[firm] if firm else None,
                from_on=date(2025, 1, 1),
            )
    return stage


@pytest.fixture
def signed_in(as_owner: AsOwner) -> Callable[[Stage, str], Client]:
    """A browser in which one of the stage's people has signed in, in English."""

    def sign_in(stage: Stage, name: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.cookies["django_language"] = "en"
        with as_owner():
            client.force_login(stage.people[name])
        return client

    return sign_in


@pytest.fixture
def acting_agent(stage: Stage) -> Iterator[Stage]:
    """The stage, asked by the agent."""
    with stage.acting():
        yield stage
