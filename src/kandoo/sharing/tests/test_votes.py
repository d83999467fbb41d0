"""From a proposal through the vote to a rule in force; who sees what on the way."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from kandoo.engine.sharing_rule import BadRule, SharingRule
from kandoo.selling.models import PaySlip
from kandoo.sharing import actions, queries
from kandoo.sharing.counting import Terms, Vote, decide, tally
from kandoo.sharing.models import Elector, RuleProposal, RuleVote, SimulatedShare
from kandoo.sharing.problems import NotPossible, WrongStep
from kandoo.sharing.simulating import simulate_last_season
from kandoo.site.models import AuditRecord
from tests import voting
from tests.world import MEMBERS, NOW, TODAY, World, call, found, place

pytestmark = pytest.mark.django_db
AsOwner = Callable[[], Any]
EQUAL = SharingRule("equal_gain")
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def world(made_world: World) -> World:
    """The small world, its open vote withdrawn so that another on selling can be opened."""
    world = made_world
    with world.as_("agent"):
        open_one = RuleProposal.objects.get(status="open")
        actions.withdraw_proposal(by=world.people["agent"], proposal=open_one)
    return world


def voted(world: World, answers: dict[str, bool], *, rule: SharingRule = EQUAL, **terms: Any) -> RuleProposal:
    """A vote of one day, counted at its end."""
    proposal = voting.open_vote(world, voting.propose(world, "agent", rule, TODAY, NOW, **terms), TODAY)
    for name, is_yes in answers.items():
        voting.cast(world, proposal, name, is_yes, TODAY, NOW)
    return voting.count(world, proposal, TODAY, NOW)


def votes_of(world: World, name: str, proposal: RuleProposal) -> list[int]:
    with world.as_(name):
        return list(RuleVote.objects.filter(proposal=proposal).values_list("enterprise_id", flat=True))


def test_an_adopted_rule_is_in_force_from_its_day_and_not_before(world: World) -> None:
    proposal = voted(world, dict.fromkeys(("kuh", "darreh", "bagh"), True), in_force_from=TOMORROW)
    assert proposal.status == "adopted"
    with world.as_("agent"):
        assert queries.rule_in_force(world.cluster.pk, "selling", TODAY) == SharingRule("quality")
        assert queries.rule_in_force(world.cluster.pk, "selling", TOMORROW) == EQUAL
        assert queries.rule_in_force(world.cluster.pk, "services", TOMORROW) == SharingRule("uniform")


@pytest.mark.parametrize(
    ("answers", "terms", "status"),
    [
        ({"kuh": True, "darreh": True}, {}, "rejected"),  # a third of the firms, a half is needed
        ({"kuh": True, "darreh": True, "sang": False}, {"majority_percent": 66}, "adopted"),
        ({"kuh": True, "darreh": True, "sang": False}, {"majority_percent": 67}, "rejected"),
        ({}, {"quorum_percent": 0}, "rejected"),
    ],
)
def test_the_database_decides_as_the_law_says(
    world: World, answers: dict[str, bool], terms: dict[str, Any], status: str
) -> None:
    proposal = voted(world, answers, **terms)
    yes, no = tally(Vote(place, 1, answer) for place, answer in enumerate(answers.values()))
    assert (proposal.yes, proposal.no, proposal.status) == (yes, no, status)
    law = decide(Terms(len(MEMBERS), proposal.quorum_percent, proposal.majority_percent), yes, no)
    assert (law == "adopted") == (status == "adopted")


def test_a_change_of_mind_counts_once_and_both_answers_stay(world: World) -> None:
    proposal = voting.open_vote(world, voting.propose(world, "agent", EQUAL, TODAY, NOW), TODAY)
    for is_yes in (True, False, False, True, False):
        voting.cast(world, proposal, "kuh", is_yes, TODAY, NOW)
    with world.as_("kuh"):
        rows = list(RuleVote.objects.filter(proposal=proposal).order_by("number").values_list("number", "is_yes"))
    assert rows == [(1, True), (2, False), (3, True), (4, False)]
    decided = voting.count(world, proposal, TODAY, NOW)
    assert (decided.yes, decided.no) == (0, 1)


def test_a_rule_counted_late_is_never_in_force_for_the_past(world: World) -> None:
    draft = voting.propose(world, "agent", EQUAL, TODAY, NOW, quorum_percent=0)
    proposal = voting.open_vote(world, draft, TODAY)
    voting.cast(world, proposal, "kuh", True, TODAY, NOW)
    late = voting.count(world, proposal, TODAY + timedelta(days=9), NOW + timedelta(days=9))
    assert late.in_force_from == TODAY + timedelta(days=9)


def test_votes_are_secret(world: World) -> None:
    answers = dict.fromkeys(("kuh", "darreh", "bagh"), True) | {"sang": False}
    proposal = voting.open_vote(world, voting.propose(world, "agent", EQUAL, TODAY, NOW), TODAY)
    for name, is_yes in answers.items():
        voting.cast(world, proposal, name, is_yes, TODAY, NOW)
    for name in ("agent", "auditor", "officer", "rud", "controller"):
        assert votes_of(world, name, proposal) == [], name
    assert votes_of(world, "kuh", proposal) == [world.firms["kuh"].pk]
    for name in ("agent", "auditor", "kuh", "officer"):
        with world.as_(name):
            assert queries.vote_state(proposal) == queries.VoteState(4, None, None), name
    voting.count(world, proposal, TODAY, NOW)
    assert votes_of(world, "agent", proposal) == [] == votes_of(world, "officer", proposal)
    assert votes_of(world, "kuh", proposal) == [world.firms["kuh"].pk]
    assert len(votes_of(world, "auditor", proposal)) == 4
    with world.as_("kuh"):
        assert queries.vote_state(proposal) == queries.VoteState(4, 3, 1)


def test_the_trail_says_that_a_firm_voted_and_not_how(world: World) -> None:
    with world.as_("agent"):
        trail = list(AuditRecord.objects.filter(verb__in=["vote-rule", "change-vote"]))
    assert trail
    assert all("yes" not in str(record.detail) for record in trail)


def test_the_database_takes_no_other_outcome_and_no_change_afterwards(world: World, as_owner: AsOwner) -> None:
    proposal = voting.open_vote(world, voting.propose(world, "agent", EQUAL, TODAY, NOW), TODAY)
    with world.as_("agent"):
        RuleProposal.objects.filter(pk=proposal.pk).update(status="adopted", yes=6, no=0, decided_at=NOW)
        proposal.refresh_from_db()
    assert (proposal.status, proposal.yes) == ("rejected", 0)
    for change in ({"status": "adopted"}, {"rule": {"name": "uniform"}}, {"in_force_from": TODAY}):
        with pytest.raises(DatabaseError), transaction.atomic(), world.as_("agent"):
            RuleProposal.objects.filter(pk=proposal.pk).update(**change)
    with as_owner(), pytest.raises(DatabaseError), transaction.atomic():
        Elector.objects.filter(proposal=proposal).delete()


def test_what_is_put_to_the_vote_stays_as_it_was_shown(world: World) -> None:
    proposal = voting.open_vote(world, voting.propose(world, "agent", EQUAL, TODAY, NOW), TODAY)
    for change in ({"rule": {"name": "uniform"}}, {"quorum_percent": 1}, {"electorate": 1}, {"status": "draft"}):
        with pytest.raises(DatabaseError), transaction.atomic(), world.as_("agent"):
            RuleProposal.objects.filter(pk=proposal.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic(), world.as_("agent"):
        SimulatedShare.objects.create(
            cluster=world.cluster, proposal=proposal, enterprise=world.firms["lab"], season=1405, now=1, proposed=1,
            alone=1, lots=1,
        )  # fmt: skip


def test_a_member_votes_for_its_own_firm_alone(world: World) -> None:
    proposal = voting.open_vote(world, voting.propose(world, "agent", EQUAL, TODAY, NOW), TODAY)
    for enterprise in (world.firms["darreh"], world.firms["lab"]):
        with pytest.raises(DatabaseError), transaction.atomic(), world.as_("kuh"):
            RuleVote.objects.create(
                cluster=world.cluster, proposal=proposal, enterprise=enterprise, number=1, is_yes=True,
                by=world.people["kuh"], at=NOW,
            )  # fmt: skip
    with world.as_("lab"), pytest.raises((NotPossible, RuleProposal.DoesNotExist)):
        actions.vote(
            by=world.people["lab"], proposal=proposal, enterprise=world.firms["lab"], is_yes=True, today=TODAY, now=NOW
        )


def test_steps_come_in_their_order(world: World) -> None:
    draft = voting.propose(world, "kuh", EQUAL, TODAY, NOW, vote_closes_on=TOMORROW, in_force_from=TOMORROW)
    with pytest.raises(WrongStep):
        voting.cast(world, draft, "kuh", True, TODAY, NOW)
    proposal = voting.open_vote(world, draft, TODAY)
    with pytest.raises(WrongStep):
        voting.count(world, proposal, TODAY, NOW)
    with pytest.raises(WrongStep):
        voting.open_vote(world, proposal, TODAY)
    second = voting.propose(world, "agent", EQUAL, TODAY, NOW)
    with pytest.raises(NotPossible, match="باز"):
        voting.open_vote(world, second, TODAY)
    with pytest.raises(WrongStep):
        voting.cast(world, proposal, "kuh", True, TOMORROW + timedelta(days=1), NOW)


def test_a_draft_is_its_proposers_and_the_staffs(world: World) -> None:
    draft = voting.propose(world, "kuh", EQUAL, TODAY, NOW)
    seen = {}
    for name in ("agent", "auditor", "kuh", "darreh", "officer"):
        with world.as_(name):
            seen[name] = RuleProposal.objects.filter(pk=draft.pk).exists()
    assert seen == {"agent": True, "auditor": True, "kuh": True, "darreh": False, "officer": False}
    with pytest.raises(DatabaseError), transaction.atomic(), world.as_("kuh"):
        RuleProposal.objects.filter(pk=draft.pk).update(status="open")


def test_quality_cannot_share_a_bill(world: World) -> None:
    for rule in (SharingRule("quality"), SharingRule("fixed", weights={"quality": 1_000})):
        with pytest.raises(BadRule):
            voting.propose(world, "agent", rule, TODAY, NOW, kind="buying")


def test_a_lot_keeps_its_copy_of_the_rule_and_what_is_settled_stays(world: World) -> None:
    with world.as_("auditor"):
        before = list(PaySlip.objects.order_by("pk").values("amount", "content"))
    earlier = world.lots["open"]
    voted(world, dict.fromkeys(MEMBERS, True), rule=SharingRule("fixed", 50, {"quantity": 400, "member": 600}))
    later = call(world, [place(world, "hamburg")])
    with world.as_("auditor"):
        earlier.refresh_from_db()
        assert SharingRule.from_dict(earlier.rule) == SharingRule("quality")
        assert later.rule == {"name": "fixed", "reserve": 50, "weights": {"member": 600, "quantity": 400}}
        assert list(PaySlip.objects.order_by("pk").values("amount", "content")) == before


def test_the_same_rule_simulated_gives_the_pay_slips_to_the_rial(world: World) -> None:
    with world.as_("agent"):
        again = simulate_last_season(voting.seat_of(world, "agent"), "selling", SharingRule("quality"))
        slips = dict(PaySlip.objects.values_list("enterprise_id", "amount"))
    assert {line.enterprise: line.now for line in again.lines} == slips
    assert all(line.difference == 0 for line in again.lines)
    assert (again.summary.season, again.summary.lots, again.summary.members) == (1405, 1, 6)


def test_a_cluster_without_settled_lots_says_there_is_nothing_to_simulate(as_owner: AsOwner) -> None:
    empty = found("stone", "neighbour", as_owner)
    with empty.as_("neighbour"):
        seat = voting.seat_of(empty, "neighbour")
        assert simulate_last_season(seat, "selling", EQUAL).summary.season is None
        assert simulate_last_season(seat, "buying", SharingRule("uniform")).summary.season is None
