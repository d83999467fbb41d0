"""People, their roles, and the link with which they set a password."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from kandoo.register import actions
from kandoo.register.models import Person, Role
from kandoo.register.tests.conftest import TODAY, Stage
from kandoo.site.security import acting_as

SignIn = Callable[[Stage, str], Client]


def test_an_agent_adds_a_person_who_sets_a_password_by_the_link(stage: Stage, signed_in: SignIn) -> None:
    client = signed_in(stage, "agent")
    typed = {"name_fa": "رضا", "username": "۰۹۱۶۲", "role": "member", "firm": "زنبورداري بهار", "from_on": "1405/01/01"}
    page = client.post("/register/people/new/", typed, follow=True)
    address = page.redirect_chain[-1][0]
    shown = client.post(f"{address}link/")
    assert shown["Cache-Control"].startswith("max-age=0")
    (link,) = set(re.findall(r'href="http://testserver(/account/password/reset/key/[^"]+)"', shown.content.decode()))

    stranger = Client()
    form = stranger.get(link, follow=True)
    assert form.status_code == 200
    done = stranger.post(form.redirect_chain[-1][0], {"password1": "a-new-password-7", "password2": "a-new-password-7"})
    assert done.status_code == 302
    with stage.acting():
        assert Person.objects.get(username="09162").check_password("a-new-password-7")
    assert b"a-new-password-7" not in Client().get(link, follow=True).content  # the link is spent


def test_a_taken_username_is_said_and_nothing_is_lost(stage: Stage, signed_in: SignIn) -> None:
    typed = {"name_fa": "رضا", "username": "anbar", "role": "auditor", "from_on": "1405/01/01"}
    page = signed_in(stage, "agent").post("/register/people/new/", typed).content.decode()
    assert "is taken; choose another" in page
    assert 'value="رضا"' in page


@pytest.mark.parametrize(
    ("firm", "words"),
    [("", "Choose the firm"), ("نیست", "No firm has this name"), ("زنبورداری تکراری", "Several firms")],
)
def test_a_member_needs_one_known_firm(stage: Stage, signed_in: SignIn, firm: str, words: str) -> None:
    with stage.acting():
        stage.add_beekeeper("زنبورداری تکراری")
        stage.add_beekeeper("زنبورداری تکراری", place=("33.49550", "49.05780"))
    typed = {"name_fa": "رضا", "username": "reza", "role": "member", "firm": firm, "from_on": "1405/01/01"}
    assert words in signed_in(stage, "agent").post("/register/people/new/", typed).content.decode()


def test_a_role_ends_and_can_be_given_again(acting_agent: Stage) -> None:
    role = Role.objects.get(person=acting_agent.people["anbar"])
    actions.end_role(by=acting_agent.agent, role=role, to_on=TODAY - timedelta(days=1))
    with pytest.raises(actions.NotPossible):
        actions.end_role(by=acting_agent.agent, role=role, to_on=TODAY)
    again = actions.give_role(
        by=acting_agent.agent,
        cluster=acting_agent.cluster,
        person=acting_agent.people["anbar"],
        role="member",
        enterprise=acting_agent.firms["anbar"],
        from_on=TODAY,
    )
    assert (again.pk, again.to_on) == (role.pk, None)
    with pytest.raises(actions.NotPossible):
        actions.give_role(
            by=acting_agent.agent,
            cluster=acting_agent.cluster,
            person=acting_agent.people["anbar"],
            role="member",
            enterprise=acting_agent.firms["anbar"],
            from_on=TODAY,
        )


def test_nobody_ends_their_own_role_as_agent_but_another_agent_can(acting_agent: Stage) -> None:
    own = Role.objects.get(person=acting_agent.agent)
    with pytest.raises(actions.NotPossible):
        actions.end_role(by=acting_agent.agent, role=own, to_on=TODAY)
    second = actions.add_person(
        by=acting_agent.agent, cluster=acting_agent.cluster, username="second", role="agent", from_on=TODAY
    )
    with acting_as(second.pk):
        assert actions.end_role(by=second, role=own, to_on=TODAY).to_on == TODAY


@pytest.mark.parametrize(("role", "has_firm"), [("member", False), ("agent", True)])
def test_a_role_names_a_firm_exactly_when_it_is_one_of_a_firm(acting_agent: Stage, role: str, has_firm: bool) -> None:
    firm = acting_agent.firms["anbar"] if has_firm else None
    with pytest.raises(actions.NotPossible):
        actions.give_role(
            by=acting_agent.agent,
            cluster=acting_agent.cluster,
            person=acting_agent.people["officer"],
            role=role,
            enterprise=firm,
            from_on=TODAY,
        )


def test_no_link_is_made_for_officers_auditors_and_agents_who_have_signed_in(stage: Stage, signed_in: SignIn) -> None:
    client = signed_in(stage, "agent")
    signed_in(stage, "officer")
    assert client.post(f"/register/people/{stage.people['officer'].pk}/link/").status_code == 404
    assert client.post(f"/register/people/{stage.agent.pk}/link/").status_code == 404
    assert client.post(f"/register/people/{stage.people['anbar'].pk}/link/").status_code == 200


def test_the_auditor_reads_the_people_and_changes_none(stage: Stage, signed_in: SignIn) -> None:
    client = signed_in(stage, "auditor")
    assert client.get("/register/people/").status_code == 200
    assert client.get(f"/register/people/{stage.people['anbar'].pk}/").status_code == 200
    assert client.get(f"/register/people/{stage.people['anbar'].pk}/edit/").status_code == 403
    assert signed_in(stage, "anbar").get("/register/people/").status_code == 403


def test_people_are_found_by_name_role_and_phone(stage: Stage, signed_in: SignIn) -> None:
    client = signed_in(stage, "agent")
    assert "شخص bahar" in client.get("/register/people/?q=bahar").content.decode()
    assert "شخص bahar" not in client.get("/register/people/?role=auditor").content.decode()
    assert "Nobody is like that" in client.get("/register/people/?q=zzz").content.decode()
