"""The pages of sharing rules, seat by seat."""

from collections.abc import Callable
from typing import Any

import pytest

from kandoo.engine.sharing_rule import SharingRule
from kandoo.selling.tests.lot_stage import fix_the_day, rows_of, signed_in, text_of
from kandoo.sharing.models import RuleProposal, RuleVote
from tests import voting
from tests.world import NOW, TODAY, World

pytestmark = pytest.mark.django_db
AsOwner = Callable[[], Any]
TRY = "/sharing/try/?kind=selling&rule={}"
FORMULA = {"kind": "selling", "rule": "fixed", "reserve": "۵", "quantity": "۶۲٫۵", "member": "37.5", "scale": "percent"}


@pytest.fixture
def world(made_world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    fix_the_day(monkeypatch)
    return made_world


@pytest.fixture
def browse(world: World, as_owner: AsOwner) -> Callable[..., Any]:
    return lambda name, language="en": signed_in(world, name, as_owner, language)


def open_proposal(world: World) -> RuleProposal:
    with world.as_("agent"):
        return RuleProposal.objects.get(status="open")


def proposal_form(**changed: Any) -> dict[str, Any]:
    return {
        **FORMULA,
        "title": "فرمول ما",
        "reason": "کوچک‌ترها هم سهم ببرند",
        "vote_closes_on": "۱۴۰۵/۰۹/۱۵",
        "in_force_from": "۱۴۰۵/۰۹/۱۶",
        "quorum_percent": "۳۰",
        "majority_percent": "۶۰",
        **changed,
    }


def test_the_rules_page_names_each_rule_with_an_example_that_adds_up(browse: Any) -> None:
    response = browse("officer").get("/sharing/")
    assert "By quality" in text_of(response)
    for meaning in response.context["meanings"]:
        assert sum(row.amount for row in meaning["example"]) == 16_000_000_000, meaning["code"]
    adopted = response.context["rows"][1]
    assert adopted["words"].reserve and adopted["proposal"] is not None


def test_nobody_but_the_staff_tries_a_rule_on_the_rivals_season(world: World, browse: Any) -> None:
    for name in ("kuh", "officer", "hamburg"):
        assert browse(name).get(TRY.format("uniform")).status_code == 403


def test_the_agent_sees_searches_and_takes_away_all_lines(world: World, browse: Any) -> None:
    agent = browse("agent")
    assert len(agent.get(TRY.format("uniform")).context["page_obj"]) == 6
    assert [row.name for row in agent.get(TRY.format("uniform") + "&q=kuh").context["page_obj"]] == ["Firm kuh"]
    names = [row.name for row in agent.get(TRY.format("uniform") + "&sort=-member").context["page_obj"]]
    assert names == sorted(names, reverse=True)
    rows = rows_of(agent.get(TRY.format("uniform") + "&form=xlsx").content)
    assert len(rows) == 7
    assert all(row[4] == row[3] - row[2] for row in rows[1:])


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"quantity": "60"}, "97.5%, not to 100 percent"),
        ({"rule": "uniform"}, "Only the members&#x27; own formula has parts"),
        ({"reserve": "100.5"}, "between 0 and 100 percent"),
        ({"quantity": "-10", "member": "110"}, "cannot be below zero"),
        ({"quantity": "62.55"}, "whole number of thousandths"),
        ({"kind": "buying", "quality": "37.5", "member": ""}, "Only what is earned"),
        ({"quantity": "much"}, "Write a number"),
        ({"vote_closes_on": "1405/08/30"}, "has passed"),
        ({"in_force_from": "1405/09/02"}, "at the earliest"),
        ({"majority_percent": "49"}, "50"),
    ],
)
def test_a_rule_that_cannot_be_is_said_so_and_nothing_is_written(
    world: World, browse: Any, changed: dict[str, str], words: str
) -> None:
    with world.as_("agent"):
        before = RuleProposal.objects.count()
    response = browse("agent").post("/sharing/proposals/new/", proposal_form(**changed))
    assert response.status_code == 200
    assert words in text_of(response)
    assert "فرمول ما" in text_of(response)  # what was typed is kept
    with world.as_("agent"):
        assert RuleProposal.objects.count() == before


@pytest.mark.parametrize("scale", ["percent", "thousandths"])
def test_weights_are_written_in_percent_or_thousandths_with_any_digits(world: World, browse: Any, scale: str) -> None:
    typed = {"scale": "thousandths", "reserve": "٥٠", "quantity": "۶۲۵", "member": "375"} if scale != "percent" else {}
    assert browse("kuh").post("/sharing/proposals/new/", proposal_form(**typed)).status_code == 302
    with world.as_("kuh"):
        rule = RuleProposal.objects.get(title="فرمول ما").rule
    assert SharingRule.from_dict(rule) == SharingRule("fixed", 50, {"quantity": 625, "member": 375})


def test_from_draft_to_a_counted_vote_by_page(world: World, browse: Any) -> None:
    with world.as_("agent"):
        RuleProposal.objects.filter(status="open").update(status="withdrawn")
    today = "1405/09/01"
    agent = browse("agent")
    page = agent.post("/sharing/proposals/new/", proposal_form(vote_closes_on=today, in_force_from=today)).url
    assert "Open the vote" in text_of(agent.get(page))
    assert browse("kuh").get(page).status_code == 404
    agent.post(f"{page}open/")
    for name in ("kuh", "bagh"):
        member = browse(name)
        assert "Your firm has not voted yet" in text_of(member.get("/"))
        assert "Should this rule be used?" in text_of(member.get(page))
        member.post(f"{page}vote/", {"is_yes": "yes"})
        assert "Your firm has not voted yet" not in text_of(member.get("/"))
    assert agent.post(f"{page}vote/", {"is_yes": "yes"}).status_code == 403
    assert "2 of 6 member firms" in text_of(agent.get(page))
    assert "waits for its count" in text_of(agent.get("/"))
    assert browse("kuh").post(f"{page}count/").status_code == 403
    agent.post(f"{page}count/")
    text = text_of(browse("officer").get(page))
    assert "2 of 2 votes said yes; 2 were needed." in text
    assert "فرمول ما" in text_of(browse("auditor").get("/sharing/history/"))
    assert "The members adopted a sharing rule" in text_of(browse("darreh").get("/notices/"))


def test_an_opened_proposal_shows_a_member_its_stored_line_and_a_badly_sent_vote_is_refused(
    world: World, browse: Any
) -> None:
    page = f"/sharing/proposals/{open_proposal(world).pk}/"
    response = browse("darreh").get(page)
    assert response.context["own"].enterprise == world.firms["darreh"].pk
    assert response.context["own"].difference == 0
    assert browse("darreh").post(f"{page}vote/", {"is_yes": "perhaps"}).status_code == 403
    with world.as_("darreh"):
        assert not RuleVote.objects.filter(proposal=open_proposal(world)).exists()
    officer = browse("officer").get(page)
    assert "own" not in officer.context and "page_obj" not in officer.context


def test_a_member_withdraws_its_own_draft_alone(world: World, browse: Any) -> None:
    draft = voting.propose(world, "kuh", SharingRule("uniform"), TODAY, NOW)
    page = f"/sharing/proposals/{draft.pk}/withdraw/"
    assert browse("darreh").post(page).status_code == 404
    assert browse("kuh").post(f"/sharing/proposals/{open_proposal(world).pk}/withdraw/").status_code == 403
    assert browse("kuh").post(page).status_code == 302
    with world.as_("kuh"):
        draft.refresh_from_db()
    assert draft.status == "withdrawn"


def test_the_list_is_searched_and_narrowed(browse: Any) -> None:
    officer = browse("officer")
    assert len(officer.get("/sharing/proposals/").context["rows"]) == 2
    assert len(officer.get("/sharing/proposals/?kind=buying").context["rows"]) == 1
    assert "No proposal matches" in text_of(officer.get("/sharing/proposals/?q=nothing"))


@pytest.mark.parametrize("name", ["lab", "jars", "hamburg", "controller"])
def test_other_seats_have_no_part_in_it(world: World, browse: Any, name: str) -> None:
    client = browse(name)
    for page in ("", "try/", "proposals/", "history/", "proposals/new/", f"proposals/{open_proposal(world).pk}/"):
        assert client.get(f"/sharing/{page}").status_code == 403, page


def test_the_pay_slip_and_the_lot_name_the_rule_and_say_the_share_in_two_sentences(world: World, browse: Any) -> None:
    with world.as_("kuh"):
        slip = world.lots["settled"].pay_slips.get(enterprise=world.firms["kuh"])
    english = text_of(browse("kuh").get(f"/selling/pay-slips/{slip.pk}/"))
    assert "because each batch earns in proportion to the value of its quality" in english
    assert "#rule-quality" in english
    persian = text_of(browse("kuh", "fa").get(f"/selling/pay-slips/{slip.pk}/"))
    assert "هر بهر به نسبت ارزش کیفی خود سهم می‌برد" in persian
    assert "#rule-quality" in text_of(browse("kuh").get(f"/selling/lots/{world.lots['settled'].pk}/"))
