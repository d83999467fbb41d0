"""Who may see or do what in selling together. Row security says the same once more below.

What a seat may not see is missing (404); what it may see but not do is refused by the guard of the
view (403).
"""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from kandoo.register.access import Seat
from kandoo.selling.models import Attachment, Batch, Lot, Offer, Order, PaySlip, PlannedOrder

STAFF = ("agent", "auditor")


def batches_seen_by(seat: Seat) -> QuerySet[Batch]:
    """All for the agent and auditor, a member's own, and a laboratory's samples."""
    batches = Batch.objects.filter(cluster=seat.cluster).select_related("enterprise", "site", "bar")
    if seat.is_one_of(*STAFF):
        return batches
    if seat.role == "member":
        return batches.filter(enterprise=seat.enterprise)
    if seat.role == "laboratory":  # it sees no apiaries, and a join to a hidden one would hide the batch
        return (
            batches.select_related(None).select_related("enterprise", "bar").filter(samples__laboratory=seat.enterprise)
        )
    return batches.none()


def batch_seen_by(seat: Seat, pk: int) -> Batch:
    """One batch, or 404."""
    return get_object_or_404(batches_seen_by(seat), pk=pk)


def attachment_seen_by(seat: Seat, pk: int) -> Attachment:
    """A file of a batch that the seat sees, or 404."""
    return get_object_or_404(Attachment, pk=pk, batch__in=batches_seen_by(seat))


def may_keep_batch(seat: Seat, batch: Batch) -> bool:
    """Whether the seat may add to a batch's own record: its member or the agent."""
    return seat.role == "agent" or (seat.role == "member" and batch.enterprise == seat.enterprise)


def may_enter_results(seat: Seat, batch: Batch) -> bool:
    """The agent, the member for its own batch, a laboratory for a sample it was given."""
    if may_keep_batch(seat, batch):
        return True
    return seat.role == "laboratory" and batch.samples.filter(laboratory=seat.enterprise).exists()


def orders_seen_by(seat: Seat) -> QuerySet[Order]:
    """All for the agent and auditor, a buyer's own; to members and officers those in a lot."""
    orders = Order.objects.filter(cluster=seat.cluster).select_related("enterprise")
    if seat.is_one_of(*STAFF):
        return orders
    if seat.role == "buyer":
        return orders.filter(enterprise=seat.enterprise)
    if seat.is_one_of("member", "officer"):
        return orders.filter(status__in=[Order.Status.IN_LOT, Order.Status.FILLED])
    return orders.none()


def order_seen_by(seat: Seat, pk: int) -> Order:
    """One order, or 404."""
    return get_object_or_404(orders_seen_by(seat), pk=pk)


def may_keep_order(seat: Seat, order: Order) -> bool:
    """Whether the seat may change or withdraw the order: its buyer or the agent."""
    return seat.role == "agent" or (seat.role == "buyer" and order.enterprise == seat.enterprise)


def lots_seen_by(seat: Seat) -> QuerySet[Lot]:
    """The cluster's lots; a buyer sees those that hold an order of its own."""
    lots = Lot.objects.filter(cluster=seat.cluster)
    if seat.is_one_of("agent", "auditor", "member", "officer"):
        return lots
    if seat.role == "buyer":
        return lots.filter(orders__enterprise=seat.enterprise).distinct()
    return lots.none()


def lot_seen_by(seat: Seat, pk: int) -> Lot:
    """One lot, or 404."""
    return get_object_or_404(lots_seen_by(seat), pk=pk)


def offers_seen_by(seat: Seat, lot: Lot) -> QuerySet[Offer]:
    """All offers of a lot for the agent and auditor, a member's own."""
    offers = lot.offers.filter(is_withdrawn=False).select_related("batch", "batch__site", "enterprise")
    if seat.is_one_of(*STAFF):
        return offers
    if seat.role == "member":
        return offers.filter(enterprise=seat.enterprise)
    return offers.none()


def planned_orders_seen_by(seat: Seat, lot: Lot) -> QuerySet[PlannedOrder]:
    """What the present plan says for each order; a buyer sees its own order's part."""
    parts = PlannedOrder.objects.filter(plan=lot.plan_id).select_related("order", "order__enterprise")
    if seat.role == "buyer":
        return parts.filter(order__enterprise=seat.enterprise)
    return parts


def pay_slips_seen_by(seat: Seat) -> QuerySet[PaySlip]:
    """All for the agent and auditor, a member's own."""
    slips = PaySlip.objects.filter(lot__cluster=seat.cluster).select_related("lot", "enterprise")
    if seat.is_one_of(*STAFF):
        return slips
    if seat.role == "member":
        return slips.filter(enterprise=seat.enterprise)
    return slips.none()


def pay_slip_seen_by(seat: Seat, pk: int) -> PaySlip:
    """One pay slip, or 404."""
    return get_object_or_404(pay_slips_seen_by(seat), pk=pk)
