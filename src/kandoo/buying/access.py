"""Who may see or do what in buying together. Row security says the same once more below.

What a seat may not see is missing (404); what it may see but not do is refused by the guard of the view (403).
"""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from kandoo.buying.models import (
    Bill,
    Certificate,
    CollectionPoint,
    Deposit,
    HandOut,
    Item,
    Need,
    NeedPrice,
    NeedVersion,
    PurchaseOrder,
    Quotation,
    Round,
    RoundPlace,
)
from kandoo.register.access import Seat
from kandoo.register.models import Enterprise

STAFF = ("agent", "auditor")
READERS = ("agent", "member", "supplier", "officer", "auditor", "controller")


def items_seen_by(seat: Seat) -> QuerySet[Item]:
    """The catalogue of the cluster."""
    return Item.objects.filter(cluster=seat.cluster)


def points_seen_by(seat: Seat) -> QuerySet[CollectionPoint]:
    """The collection points of the cluster."""
    return CollectionPoint.objects.filter(cluster=seat.cluster).select_related("keeper")


def rounds_seen_by(seat: Seat) -> QuerySet[Round]:
    """The cluster's rounds; a supplier sees those that were opened."""
    rounds = Round.objects.filter(cluster=seat.cluster)
    if seat.role == "supplier":
        return rounds.exclude(status=Round.Status.CALLED)
    return rounds if seat.is_one_of(*READERS) else rounds.none()


def round_seen_by(seat: Seat, pk: int) -> Round:
    """One round, or 404."""
    return get_object_or_404(rounds_seen_by(seat).select_related("plan", "cluster"), pk=pk)


def places_kept_by(seat: Seat, this: Round) -> QuerySet[RoundPlace]:
    """The points of a round that the seat looks after: all for the agent, a keeper's own."""
    places = this.places.select_related("point")
    return places if seat.role == "agent" else places.filter(point__keeper=seat.person)


def needs_seen_by(seat: Seat, this: Round) -> QuerySet[Need]:
    """All needs of a round for the agent and auditor, a member's own and those at points it keeps."""
    needs = this.needs.select_related("enterprise", "round_item__item", "place__point").order_by("pk")
    if seat.is_one_of(*STAFF):
        return needs
    return needs.filter(Q(enterprise=_own(seat)) | Q(place__point__keeper=seat.person))


def need_seen_by(seat: Seat, this: Round, pk: int) -> Need:
    """One need, or 404."""
    return get_object_or_404(needs_seen_by(seat, this), pk=pk)


def reads_needs(seat: Seat, this: Round) -> bool:
    """Whether the seat may open the list of needs: the agent, the auditor, who keeps a point of the round."""
    return seat.is_one_of(*STAFF) or places_kept_by(seat, this).exists()


def may_withdraw(seat: Seat, need: Need) -> bool:
    """The agent and the member may take back any; the keeper what the member has not confirmed."""
    if seat.role == "agent" or need.enterprise_id == _own(seat):
        return True
    return not need.confirmed and need.place.point.keeper_id == seat.person.pk


def earlier_needs_seen_by(seat: Seat, this: Round, enterprise: Enterprise) -> QuerySet[Need]:
    """What an enterprise needed in rounds called before, as far as the seat may see it."""
    needs = Need.objects.filter(enterprise=enterprise, round__cluster=seat.cluster, is_withdrawn=False)
    needs = needs.filter(round__called_at__lt=this.called_at).select_related(
        "round", "round_item__item", "place__point"
    )
    if seat.is_one_of(*STAFF) or enterprise.pk == _own(seat):
        return needs
    return needs.filter(place__point__keeper=seat.person)


def prices_seen_by(seat: Seat, this: Round) -> QuerySet[NeedPrice]:
    """Prices said with needs: all for the agent and auditor, a member's own, and those one typed for another."""
    prices = NeedPrice.objects.filter(need__round=this)
    if seat.is_one_of(*STAFF):
        return prices
    return prices.filter(Q(enterprise=_own(seat)) | Q(by=seat.person))


def versions_seen_by(seat: Seat, this: Round) -> QuerySet[NeedVersion]:
    """The history of needs: all for the agent and auditor, a member's own, and what one entered for another."""
    versions = NeedVersion.objects.filter(need__round=this).select_related(
        "need__round_item__item", "need__place__point"
    )
    if seat.is_one_of(*STAFF):
        return versions
    return versions.filter(Q(enterprise=_own(seat)) | Q(by=seat.person))


def quotations_seen_by(seat: Seat, this: Round) -> QuerySet[Quotation]:
    """A supplier's own; all for the agent and auditor once the round has opened them, none before."""
    quotations = this.quotations.filter(is_withdrawn=False).select_related("enterprise").order_by("pk")
    if seat.role == "supplier":
        return quotations.filter(enterprise=seat.enterprise)
    return quotations if seat.is_one_of(*STAFF) and not this.is_sealed else quotations.none()


def quotation_seen_by(seat: Seat, pk: int) -> Quotation:
    """One quotation, or 404."""
    found = get_object_or_404(Quotation.objects.select_related("round"), pk=pk)
    return get_object_or_404(quotations_seen_by(seat, found.round), pk=pk)


def certificate_seen_by(seat: Seat, pk: int) -> Certificate:
    """A paper of a quotation that the seat sees, or 404."""
    paper = get_object_or_404(Certificate.objects.select_related("quotation__round"), pk=pk)
    get_object_or_404(quotations_seen_by(seat, paper.quotation.round), pk=paper.quotation_id)
    return paper


def orders_seen_by(seat: Seat) -> QuerySet[PurchaseOrder]:
    """All orders to suppliers for the agent and auditor, a supplier's own."""
    orders = PurchaseOrder.objects.filter(cluster=seat.cluster).select_related("round", "enterprise")
    if seat.is_one_of(*STAFF):
        return orders
    return orders.filter(enterprise=seat.enterprise) if seat.role == "supplier" else orders.none()


def order_seen_by(seat: Seat, pk: int) -> PurchaseOrder:
    """One order, or 404."""
    return get_object_or_404(orders_seen_by(seat), pk=pk)


def hand_outs_seen_by(seat: Seat, this: Round) -> QuerySet[HandOut]:
    """All for the agent and auditor, a keeper's points', a member's own."""
    rows = this.hand_outs.select_related("enterprise", "item", "place__point").order_by(
        "place", "enterprise__sort_key", "pk"
    )
    if seat.is_one_of(*STAFF):
        return rows
    return rows.filter(Q(enterprise=_own(seat)) | Q(place__point__keeper=seat.person))


def bills_seen_by(seat: Seat) -> QuerySet[Bill]:
    """All for the agent and auditor, a member's own."""
    bills = Bill.objects.filter(cluster=seat.cluster).select_related("round", "enterprise")
    if seat.is_one_of(*STAFF):
        return bills
    return bills.filter(enterprise=_own(seat)) if seat.role == "member" else bills.none()


def bill_seen_by(seat: Seat, pk: int) -> Bill:
    """One bill, or 404."""
    return get_object_or_404(bills_seen_by(seat), pk=pk)


def deposits_seen_by(seat: Seat, this: Round) -> QuerySet[Deposit]:
    """All for the agent and auditor, a member's own."""
    deposits = this.deposits.select_related("enterprise").order_by("-on", "-pk")
    if seat.is_one_of(*STAFF):
        return deposits
    return deposits.filter(enterprise=_own(seat)) if seat.role == "member" else deposits.none()


def _own(seat: Seat) -> int | None:
    """The firm a member answers for; no other seat owns a need or a bill."""
    return seat.enterprise.pk if seat.role == "member" and seat.enterprise else None
