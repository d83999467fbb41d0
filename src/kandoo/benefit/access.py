"""Who may see or do what in the account of cooperation. Row security says the same once more below."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from kandoo.benefit.joint import BEFORE_AGREEMENT, Joint, as_joint
from kandoo.benefit.models import Evidence, Gain, StandAlone
from kandoo.buying.access import round_seen_by, rounds_seen_by
from kandoo.register.access import Seat
from kandoo.register.models import Enterprise
from kandoo.selling.access import lot_seen_by, lots_seen_by

STAFF = ("agent", "auditor")
READERS_OF_TOTALS = ("agent", "auditor", "officer", "controller")


def gains_seen_by(seat: Seat) -> QuerySet[Gain]:
    """The gains that count, all for the agent and auditor, a member's own; corrected ones are left out."""
    gains = Gain.objects.filter(cluster=seat.cluster, corrected_by=None).select_related("enterprise")
    return _own_or_all(seat, gains)


def gain_seen_by(seat: Seat, pk: int) -> Gain:
    """One gain, corrected or not, or 404."""
    gains = Gain.objects.filter(cluster=seat.cluster).select_related("enterprise", "cluster", "corrects")
    return get_object_or_404(_own_or_all(seat, gains), pk=pk)


def stand_alones_seen_by(seat: Seat) -> QuerySet[StandAlone]:
    """What was fixed as alone."""
    return _own_or_all(seat, StandAlone.objects.filter(cluster=seat.cluster))


def evidence_seen_by(seat: Seat) -> QuerySet[Evidence]:
    """All evidence for the agent and auditor, a member's own."""
    return _own_or_all(seat, Evidence.objects.filter(cluster=seat.cluster).select_related("enterprise"))


def one_evidence_seen_by(seat: Seat, pk: int) -> Evidence:
    """One piece of evidence, or 404."""
    return get_object_or_404(evidence_seen_by(seat), pk=pk)


def _own_or_all(seat: Seat, rows: QuerySet[Any]) -> QuerySet[Any]:
    if seat.is_one_of(*STAFF):
        return rows
    return rows.filter(enterprise=seat.enterprise) if seat.role == "member" else rows.none()


def member_seen_by(seat: Seat, pk: int) -> Enterprise:
    """The member whose statement or evidence the seat may open: any for staff, its own; or 404."""
    if seat.role == "member" and (seat.enterprise is None or seat.enterprise.pk != pk):
        raise Http404
    if not seat.is_one_of("member", *STAFF):
        raise Http404
    return get_object_or_404(Enterprise, pk=pk, cluster=seat.cluster)


def joint_seen_by(seat: Seat, place: str, pk: int) -> Joint:
    """The lot or round in which members record what they would have had alone, or 404."""
    return as_joint(round_seen_by(seat, pk) if place == "rounds" else lot_seen_by(seat, pk))


def taking_evidence(seat: Seat, enterprise: Enterprise) -> list[Joint]:
    """The actions not agreed yet in which a member has a part, the newest of each kind first; then other lots."""
    rounds = rounds_seen_by(seat).filter(
        status__in=BEFORE_AGREEMENT, needs__enterprise=enterprise, needs__is_withdrawn=False
    )
    lots = lots_seen_by(seat).filter(status__in=BEFORE_AGREEMENT).order_by("-pk")
    rounds = rounds.select_related("cluster").distinct().order_by("-pk")
    return [*(Joint.of_lot(each) for each in lots[:3]), *(Joint.of_round(each) for each in rounds[:3])]


def may_give_evidence(seat: Seat, joint: Joint) -> bool:
    """The member itself or the agent, until the action is agreed."""
    return seat.is_one_of("agent", "member") and joint.takes_evidence


def may_say_time(seat: Seat, joint: Joint) -> bool:
    """Hours are said until the action is settled."""
    return seat.is_one_of("agent", "member") and not joint.is_over
