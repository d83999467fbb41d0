"""Who may see or do what with sharing rules. Row security says the same once more below."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from kandoo.register.access import Seat
from kandoo.sharing.models import RuleProposal, SimulatedShare

READERS = ("agent", "auditor", "member", "officer")
STAFF = ("agent", "auditor")
PROPOSERS = ("agent", "member")
Status = RuleProposal.Status


def proposals_seen_by(seat: Seat) -> QuerySet[RuleProposal]:
    """All for the agent and auditor; for the others a draft only when it is their own firm's."""
    proposals = RuleProposal.objects.filter(cluster=seat.cluster)
    if seat.is_one_of(*STAFF):
        return proposals
    if seat.role == "member":
        return proposals.filter(~Q(status=Status.DRAFT) | Q(enterprise=seat.enterprise))
    return proposals.exclude(status=Status.DRAFT)


def proposal_seen_by(seat: Seat, pk: int) -> RuleProposal:
    """One proposal, or 404."""
    return get_object_or_404(proposals_seen_by(seat), pk=pk)


def may_withdraw(seat: Seat, proposal: RuleProposal) -> bool:
    """A draft by its proposer or the agent; an open vote by the agent alone."""
    if seat.role == "agent":
        return proposal.status in (Status.DRAFT, Status.OPEN)
    is_own = seat.role == "member" and proposal.enterprise_id is not None and proposal.enterprise == seat.enterprise
    return is_own and proposal.status == Status.DRAFT


def may_vote(seat: Seat, proposal: RuleProposal) -> bool:
    """Whether the seat acts for a firm of the electorate while the vote is open."""
    if seat.role != "member" or seat.enterprise is None or proposal.status != Status.OPEN:
        return False
    return proposal.electors.filter(enterprise=seat.enterprise).exists()


def simulated_shares_seen_by(seat: Seat, proposal: RuleProposal) -> QuerySet[SimulatedShare]:
    """All lines of a stored simulation for the agent and auditor, a member's own."""
    shares = proposal.simulated_shares.all()
    if seat.is_one_of(*STAFF):
        return shares
    return shares.filter(enterprise=seat.enterprise) if seat.role == "member" else shares.none()
