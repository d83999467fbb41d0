"""The pages of a round: each seat at each step reads its own part and nobody else's."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kandoo.buying.actions.plans import close_round
from kandoo.buying.models import Plan, Round
from kandoo.buying.tests.stage import (
    TODAY,
    Stage,
    fix_the_day,
    opened,
    quoted,
    signed_in,
    staged,
    text_of,
    with_needs,
    with_quotations,
)

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC)
Sign = Callable[[str], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(as_owner: Any, monkeypatch: pytest.MonkeyPatch) -> Stage:
    fix_the_day(monkeypatch)
    return staged(as_owner)


@pytest.fixture
def sign(stage: Stage, as_owner: Any) -> Sign:
    return lambda role: signed_in(stage, role, as_owner, language="fa")


def page(client: Client, this: Round, name: str = "round") -> str:
    response = client.get(reverse(f"buying:{name}", args=[this.pk]))
    assert response.status_code == 200, response.status_code
    return text_of(response)


def ready(stage: Stage) -> Round:
    this = opened(stage)
    with_needs(stage, this)
    with_quotations(stage, this)
    return this


@pytest.mark.parametrize("role", ["agent", "kuh", "qand", "auditor", "officer", "controller"])
def test_every_seat_opens_the_list_and_an_open_round(stage: Stage, sign: Sign, role: str) -> None:
    this = ready(stage)
    client = sign(role)
    assert this.title in text_of(client.get(reverse("buying:rounds")))
    page(client, this)


@pytest.mark.parametrize("role", ["agent", "kuh", "qand", "auditor", "officer", "controller"])
def test_every_seat_opens_a_planned_round(stage: Stage, sign: Sign, role: str) -> None:
    this = ready(stage)
    sign("agent").post(reverse("buying:close", args=[this.pk]))
    page(sign(role), this)


def test_the_agent_reads_no_figure_of_a_sealed_quotation_and_all_after_closing(stage: Stage, sign: Sign) -> None:
    this = ready(stage)
    agent = sign("agent")
    assert "۵۴٬۰۰۰" not in page(agent, this)
    agent.post(reverse("buying:close", args=[this.pk]))
    assert "۵۴٬۰۰۰" in page(agent, this)


def test_a_member_withdraws_on_its_page_and_the_agent_sees_what_changed(stage: Stage, sign: Sign) -> None:
    this = ready(stage)
    agent = sign("agent")
    agent.post(reverse("buying:close", args=[this.pk]))
    member = sign("sang")
    with stage.as_("agent"):
        plan = Round.objects.get(pk=this.pk).plan_id
    member.post(
        reverse("buying:answer", args=[this.pk]), {"plan": plan, "is_yes": "no", "reason": "زنبورستان را فروختم"}
    )
    with stage.as_("agent"):
        assert Plan.objects.filter(round=this).count() == 2
    text = page(agent, this)
    assert "زنبورستان را فروختم" in text and "تغییر کرد" in text


def test_all_say_yes_and_the_agent_agrees(stage: Stage, sign: Sign) -> None:
    this = ready(stage)
    agent = sign("agent")
    agent.post(reverse("buying:close", args=[this.pk]))
    with stage.as_("agent"):
        plan = Round.objects.get(pk=this.pk).plan
        assert plan is not None
        members = sorted(set(plan.lines.values_list("enterprise_id", flat=True)))
    for pk in members:
        agent.post(reverse("buying:answer", args=[this.pk]), {"plan": plan.pk, "member": pk, "is_yes": "yes"})
    assert "سفارش" in page(agent, this, "agree")
    agent.post(reverse("buying:agree", args=[this.pk]))
    with stage.as_("agent"):
        assert Round.objects.get(pk=this.pk).status == Round.Status.AGREED
    for role in ("agent", "kuh", "qand", "auditor", "officer"):
        page(sign(role), this)


def test_a_least_order_not_reached_offers_three_ways_with_their_consequences(stage: Stage, sign: Sign) -> None:
    this = opened(stage)
    with_needs(stage, this)
    quoted(stage, this, "qand", {"sugar": [(1, 400_000)]}, minimum_order=10**11)
    quoted(stage, this, "jars", {"sugar": [(1, 590_000)]})
    agent = sign("agent")
    agent.post(reverse("buying:close", args=[this.pk]))
    text = page(agent, this, "minimum")
    assert all(word in text for word in ("وقت بیشتر", "سفارش با وجود آن", "لغو"))
    agent.post(reverse("buying:plan", args=[this.pk]), {"waive": stage.firms["qand"].pk})
    assert "کمتر از حداقل سفارش" in page(agent, this)


def test_the_plan_comes_as_excel_for_staff_alone(stage: Stage, sign: Sign) -> None:
    this = ready(stage)
    agent = sign("agent")
    agent.post(reverse("buying:close", args=[this.pk]))
    address = reverse("buying:plan_export", args=[this.pk, "xlsx"])
    assert agent.get(address).status_code == 200
    assert sign("kuh").get(address).status_code == 403


def test_extending_and_cancelling_say_what_is_wrong_in_place(stage: Stage, sign: Sign) -> None:
    this = ready(stage)
    agent = sign("agent")
    assert (
        "k-field"
        in agent.post(reverse("buying:round_extend", args=[this.pk]), {"closes_on": "۱۳۰۰/۰۱/۰۱"}).content.decode()
    )
    assert agent.post(reverse("buying:round_cancel", args=[this.pk]), {"reason": ""}).status_code == 200
    agent.post(reverse("buying:round_cancel", args=[this.pk]), {"reason": "کارخانه بسته شد"})
    assert "کارخانه بسته شد" in page(sign("kuh"), this)


def test_closing_counts_on_the_present_moment(stage: Stage) -> None:
    this = ready(stage)
    with stage.as_("agent"):
        close_round(by=stage.people["agent"], this=this, now=NOW)
        assert Round.objects.get(pk=this.pk).quotes_opened_at == NOW
