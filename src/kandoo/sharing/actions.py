"""The only writers of sharing rules: proposed, put to the vote, voted on, counted or withdrawn."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kandoo.engine.sharing_rule import EARNING_KINDS, ActionKind, BadRule, SharingRule
from kandoo.register.access import Seat
from kandoo.register.models import Enterprise, Person
from kandoo.register.queries import members_on
from kandoo.sharing import queries
from kandoo.sharing.models import Elector, RuleProposal, RuleVote, SimulatedShare
from kandoo.sharing.problems import NotPossible, WrongStep
from kandoo.sharing.queries import kind_of
from kandoo.sharing.simulating import simulate_last_season
from kandoo.site import audit, language, notices
from kandoo.site.lists import page_language

__all__ = ["NotPossible", "ProposalTerms", "WrongStep", "check_kind", "count_votes", "open_vote", "propose_rule",
           "vote", "withdraw_proposal"]  # fmt: skip

Status = RuleProposal.Status
_VOTE_LOCK = 7_429  # first key of the advisory locks of votes; the second is the proposal
_TITLES = "fa"


@dataclass(frozen=True, slots=True)
class ProposalTerms:
    """What is put to the members. Percentages are whole: of the electorate, and of the votes cast."""

    kind: ActionKind
    rule: SharingRule
    title: str
    reason: str
    vote_closes_on: date
    in_force_from: date
    quorum_percent: int = 50
    majority_percent: int = 60


def check_kind(kind: ActionKind, rule: SharingRule) -> None:
    """Refuse a rule that a kind of action cannot use: only earnings can be shared by quality."""
    if kind not in EARNING_KINDS and (rule.name == "quality" or rule.weights.get("quality")):
        raise BadRule("kind", f"A bill cannot be shared by quality, and {kind} makes bills.")


@transaction.atomic
def propose_rule(*, seat: Seat, terms: ProposalTerms, today: date, now: datetime) -> RuleProposal:
    """Write a draft for the agent to put to the vote.

    Raises BadRule when the rule does not suit the kind, NotPossible when the dates cannot be.
    """
    check_kind(terms.kind, terms.rule)
    if terms.vote_closes_on < today:
        raise NotPossible(_("The last day to vote has passed."))
    if terms.in_force_from < terms.vote_closes_on:
        raise NotPossible(_("A rule can be in force from the last day of its vote at the earliest."))
    proposal = RuleProposal.objects.create(
        cluster=seat.cluster,
        kind=terms.kind,
        rule=terms.rule.to_dict(),
        title=terms.title.strip(),
        reason=terms.reason.strip(),
        enterprise=seat.enterprise if seat.role == "member" else None,
        proposed_by=seat.person,
        proposed_at=now,
        vote_closes_on=terms.vote_closes_on,
        in_force_from=terms.in_force_from,
        quorum_percent=terms.quorum_percent,
        majority_percent=terms.majority_percent,
    )
    _note(seat.person, proposal, "propose-rule", rule=proposal.rule)
    if seat.role != "agent":
        _tell(proposal, notices.people_with(proposal.cluster_id, "agent"), "rule-proposed")
    return proposal


@transaction.atomic
def open_vote(*, seat: Seat, proposal: RuleProposal, today: date) -> RuleProposal:
    """Put a draft to the vote: freeze the electorate and the simulation, and tell every member."""
    proposal = _locked(proposal, Status.DRAFT)
    if proposal.vote_closes_on < today:
        raise NotPossible(_("The last day to vote has passed. Withdraw this draft and propose again."))
    if RuleProposal.objects.filter(cluster=proposal.cluster_id, kind=proposal.kind, status=Status.OPEN).exists():
        raise NotPossible(_("A vote on this kind of action is open already. Count or withdraw it first."))
    voters = list(members_on(proposal.cluster, today).filter(is_commercial=True).values_list("pk", flat=True))
    if not voters:
        raise NotPossible(_("The cluster has no member that could vote."))
    Elector.objects.bulk_create(
        Elector(cluster_id=proposal.cluster_id, proposal=proposal, enterprise_id=pk) for pk in sorted(voters)
    )
    proposal.simulation = _keep_simulation(seat, proposal)
    proposal.status, proposal.vote_opens_on, proposal.electorate = Status.OPEN, today, len(voters)
    proposal.save(update_fields=["simulation", "status", "vote_opens_on", "electorate"])
    _note(seat.person, proposal, "open-vote", electorate=len(voters))
    until = language.format_day(proposal.vote_closes_on, _TITLES, style="short")
    people = notices.people_with(proposal.cluster_id, "member", enterprises=voters)
    _tell(proposal, people, "vote-opened", until=until)
    return proposal


def _keep_simulation(seat: Seat, proposal: RuleProposal) -> dict[str, Any]:
    """Write down every member's line as it will be shown; what all may know goes into the proposal."""
    simulation = simulate_last_season(seat, kind_of(proposal), SharingRule.from_dict(proposal.rule))
    if simulation.summary.season is None:
        return simulation.summary.to_dict()
    SimulatedShare.objects.bulk_create(
        SimulatedShare(
            cluster_id=proposal.cluster_id,
            proposal=proposal,
            enterprise_id=line.enterprise,
            season=simulation.summary.season,
            now=line.now,
            proposed=line.proposed,
            alone=line.alone,
            lots=line.lots,
        )
        for line in simulation.lines
    )
    return simulation.summary.to_dict()


@transaction.atomic
def vote(
    *, by: Person, proposal: RuleProposal, enterprise: Enterprise, is_yes: bool, today: date, now: datetime
) -> RuleVote:
    """An enterprise answers, or changes its answer, through somebody who acts for it.

    The trail says that it voted, never how: the agent reads the trail.
    """
    _hold(proposal)
    proposal.refresh_from_db()
    if proposal.status != Status.OPEN or today > proposal.vote_closes_on:
        raise WrongStep(_("This vote is closed."))
    if not proposal.electors.filter(enterprise=enterprise).exists():
        raise NotPossible(_("Your firm was not a member on the day the vote opened, so it has no vote in it."))
    earlier = queries.own_vote(proposal, enterprise.pk)
    if earlier is not None and earlier.is_yes == is_yes:
        return earlier
    given = RuleVote.objects.create(
        cluster_id=proposal.cluster_id,
        proposal=proposal,
        enterprise=enterprise,
        number=earlier.number + 1 if earlier else 1,
        is_yes=is_yes,
        by=by,
        at=now,
    )
    _note(by, proposal, "change-vote" if earlier else "vote-rule", enterprise=enterprise.pk)
    return given


@transaction.atomic
def count_votes(*, by: Person, proposal: RuleProposal, today: date, now: datetime) -> RuleProposal:
    """Count on the last day or later. The database counts and decides; nobody reads the votes for it."""
    proposal = _locked(proposal, Status.OPEN)
    if today < proposal.vote_closes_on:
        day = language.format_day(proposal.vote_closes_on, page_language())
        raise WrongStep(_("The vote runs until %(day)s; it can be counted from that day on.") % {"day": day})
    # Any decided state asks for the count; the trigger writes the true one with its figures.
    RuleProposal.objects.filter(pk=proposal.pk).update(status=Status.REJECTED, decided_at=now)
    proposal.refresh_from_db()
    _note(by, proposal, "count-votes", outcome=proposal.status, yes=proposal.yes, no=proposal.no)
    people = notices.people_with(proposal.cluster_id, "member")
    _tell(proposal, people, "rule-adopted" if proposal.status == Status.ADOPTED else "rule-rejected")
    return proposal


@transaction.atomic
def withdraw_proposal(*, by: Person, proposal: RuleProposal) -> None:
    """Take back a draft, or call off an open vote; it stays on record."""
    was = proposal.status
    proposal = _locked(proposal, Status.DRAFT, Status.OPEN)
    proposal.status = Status.WITHDRAWN
    proposal.save(update_fields=["status"])
    _note(by, proposal, "withdraw-proposal")
    if was == Status.OPEN:
        _tell(proposal, notices.people_with(proposal.cluster_id, "member"), "vote-called-off")


def _hold(proposal: RuleProposal) -> None:
    """Votes and the count of a proposal wait for each other, so that no vote slips in behind the count."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_VOTE_LOCK, proposal.pk])


def _locked(proposal: RuleProposal, *steps: str) -> RuleProposal:
    _hold(proposal)
    found = RuleProposal.objects.select_for_update(of=("self",)).select_related("cluster").get(pk=proposal.pk)
    if found.status not in steps:
        raise WrongStep(
            _("The proposal is now “%(step)s”, so this cannot be done.") % {"step": found.get_status_display()}
        )
    return found


def _note(by: Person, proposal: RuleProposal, verb: str, **detail: Any) -> None:
    audit.record(by=by, cluster_id=proposal.cluster_id, verb=verb, subject=f"proposal/{proposal.pk}", **detail)


def _tell(proposal: RuleProposal, people: list[int], code: str, **values: str) -> None:
    notices.tell(
        people,
        cluster_id=proposal.cluster_id,
        code=code,
        url=f"/sharing/proposals/{proposal.pk}/",
        title=proposal.title,
        **values,
    )
