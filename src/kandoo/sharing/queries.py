"""Rules in force, the state of a vote, and stored simulations, as plain values."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db import connection

from kandoo.engine.sharing_rule import DEFAULT_RULES, ActionKind, SharingRule
from kandoo.sharing.comparing import MemberLine, SeasonSummary, Simulation
from kandoo.sharing.counting import Terms
from kandoo.sharing.models import RuleProposal, RuleVote, SimulatedShare

Status = RuleProposal.Status


@dataclass(frozen=True, slots=True)
class InForce:
    """The rule of a kind of action on a day; `proposal` is None while the members have chosen none."""

    kind: ActionKind
    rule: SharingRule
    proposal: RuleProposal | None


@dataclass(frozen=True, slots=True)
class VoteState:
    """How many have voted; how they voted is None until it is counted."""

    votes: int
    yes: int | None
    no: int | None


def kind_of(proposal: RuleProposal) -> ActionKind:
    """The kind of action a proposal is about."""
    return cast(ActionKind, proposal.kind)


def in_force(cluster_id: int, kind: ActionKind, on: date) -> InForce:
    """The adopted rule with the latest day of coming into force not after `on`; the default where there is none."""
    adopted = RuleProposal.objects.filter(
        cluster=cluster_id, kind=kind, status=Status.ADOPTED, in_force_from__lte=on
    ).order_by("-in_force_from", "-decided_at", "-pk")
    chosen = adopted.first()
    return InForce(kind, SharingRule.from_dict(chosen.rule) if chosen else DEFAULT_RULES[kind], chosen)


def rule_in_force(cluster_id: int, kind: ActionKind, on: date) -> SharingRule:
    """The rule by which an action called on a day is shared; it is copied into the action."""
    return in_force(cluster_id, kind, on).rule


def vote_state(proposal: RuleProposal) -> VoteState:
    """Turnout of a vote, and its totals once it is decided."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT votes, yes, no FROM kandoo_votes(%s)", [proposal.pk])
        row = cursor.fetchone()
    return VoteState(*row) if row else VoteState(0, None, None)


def terms_of(proposal: RuleProposal) -> Terms:
    """What the law of the count needs of an opened proposal."""
    assert proposal.electorate is not None, "A vote that was opened has its electorate."
    return Terms(proposal.electorate, proposal.quorum_percent, proposal.majority_percent)


def own_vote(proposal: RuleProposal, enterprise_id: int) -> RuleVote | None:
    """The answer of an enterprise that counts now."""
    return RuleVote.objects.filter(proposal=proposal, enterprise=enterprise_id).order_by("-number").first()


def stored_simulation(proposal: RuleProposal) -> Simulation:
    """The simulation as it was shown with the vote; of the lines those that the asker may see."""
    lines = tuple(
        MemberLine(each.enterprise_id, each.now, each.proposed, each.alone, each.lots)
        for each in SimulatedShare.objects.filter(proposal=proposal).order_by("enterprise")
    )
    return Simulation(SeasonSummary.from_dict(proposal.simulation), lines)


def unanswered(cluster_id: int, enterprise_id: int, today: date) -> list[RuleProposal]:
    """Open votes in which an enterprise may vote and has not."""
    answered = RuleVote.objects.filter(enterprise=enterprise_id).values("proposal")
    return list(
        RuleProposal.objects.filter(cluster=cluster_id, status=Status.OPEN, vote_closes_on__gte=today)
        .filter(electors__enterprise=enterprise_id)
        .exclude(pk__in=answered)
        .order_by("vote_closes_on", "pk")
    )


def waiting_for_agent(cluster_id: int, today: date) -> list[RuleProposal]:
    """Drafts to be opened and votes to be counted."""
    proposals = RuleProposal.objects.filter(cluster=cluster_id)
    drafts = proposals.filter(status=Status.DRAFT)
    ended = proposals.filter(status=Status.OPEN, vote_closes_on__lte=today)
    return [*ended.order_by("vote_closes_on", "pk"), *drafts.order_by("pk")]
