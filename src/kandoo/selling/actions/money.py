"""A lot's costs, delivery, payments and settlement; each fact is booked through the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.benefit import actions as benefit
from kandoo.engine import posting_rules
from kandoo.engine.settlement import Settlement, settle, split_payments
from kandoo.ledger.actions import party_of, post
from kandoo.register.models import Enterprise, Person
from kandoo.selling.actions.steps import Status, locked, note, people_in, tell
from kandoo.selling.models import Cost, Delivery, FirstPayment, Lot, Order, PaySlip, PlanLine, Receipt
from kandoo.selling.problems import NotPossible
from kandoo.selling.settling import lot_to_settle, sum_in_rial, sum_owed
from kandoo.site.numbering import next_code
from kandoo.trace import actions as trace


@dataclass(frozen=True, slots=True)
class Paid:
    """What a buyer paid for its order, in the smallest unit of the order's currency, and in rial."""

    amount: int
    rial: int
    on: date
    document: str


@transaction.atomic
def add_cost(
    *,
    by: Person,
    lot: Lot,
    kind: str,
    amount: int,
    document: str,
    on: date,
    paid_to: Enterprise | None = None,
) -> Cost:
    """Write down a cost the lot bears together, with its document."""
    lot = locked(lot, Status.CALLED, Status.OPEN, Status.PLANNED, Status.AGREED, Status.DELIVERED)
    if amount <= 0:
        raise NotPossible(_("A cost is above zero."))
    cost = Cost.objects.create(
        cluster_id=lot.cluster_id,
        lot=lot,
        kind=kind,
        amount=amount,
        paid_to=paid_to,
        document=document,
        on=on,
        by=by,
    )
    note(by, lot, "add-cost", cost=cost.pk, kind=kind, amount=amount)
    if lot.status == Status.DELIVERED:
        _post_cost(by, cost)
    return cost


@transaction.atomic
def remove_cost(*, by: Person, cost: Cost) -> None:
    """Take back a cost entered in error, before the lot is delivered and its costs are booked."""
    lot = locked(cost.lot, Status.CALLED, Status.OPEN, Status.PLANNED, Status.AGREED)
    note(by, lot, "remove-cost", kind=cost.kind, amount=cost.amount, document=cost.document)
    cost.delete()


def _post_cost(by: Person, cost: Cost) -> None:
    supplier = party_of(cost.paid_to_id) if cost.paid_to_id else f"outside/{cost.document}"
    entry = posting_rules.lot_cost(
        source=f"lot/{cost.lot_id}/cost/{cost.pk}", lot=str(cost.lot_id), supplier=supplier, amount=cost.amount
    )
    post(by=by, cluster_id=cost.cluster_id, entry=entry, on=cost.on, lot_id=cost.lot_id)


@transaction.atomic
def deliver_lot(*, by: Person, lot: Lot, weighed_kg: Mapping[int, int], on: date, today: date) -> Lot:
    """Write down what was weighed of each line; book the sale, the costs and the first payments.

    `weighed_kg` is net kilograms by plan line; a line left out was delivered as planned. Never more
    than the drums were declared to hold (law 3).
    """
    lot = locked(lot, Status.AGREED)
    if on > today:
        raise NotPossible(_("The delivery date lies in the future."))
    lines = list(PlanLine.objects.filter(plan=lot.plan).select_related("offer__batch", "order"))
    _check_weights(lines, weighed_kg)
    deliveries = Delivery.objects.bulk_create(
        Delivery(
            cluster_id=lot.cluster_id,
            lot=lot,
            line=line,
            enterprise_id=line.enterprise_id,
            drums=line.drums,
            net_kg=weighed_kg.get(line.pk, line.kg),
        )
        for line in lines
    )
    lot.status, lot.delivered_on = Status.DELIVERED, on
    lot.save(update_fields=["status", "delivered_on"])
    lot.orders.filter(status=Order.Status.IN_LOT).update(status=Order.Status.FILLED)
    note(by, lot, "deliver-lot", kg=sum(each.net_kg for each in deliveries))
    for cost in lot.costs.all():
        _post_cost(by, cost)
    _post_sales(by, lot, on)
    _pay_first(by, lot, on)
    for order in lot.orders.filter(pk__in={line.order_id for line in lines}):
        trace.publish(by=by, lot=lot, order=order, delivered_on=on)
    tell(lot, people_in(lot), "lot-delivered")
    return lot


def _check_weights(lines: Sequence[PlanLine], weighed_kg: Mapping[int, int]) -> None:
    known = {line.pk: line for line in lines}
    if weighed_kg.keys() - known.keys():
        raise NotPossible(_("One of the lines is not part of this lot's plan."))
    for pk, kg in weighed_kg.items():
        if not 1 <= kg <= known[pk].kg:
            raise NotPossible(
                _("Batch %(batch)s: write between 1 and %(most)s kg; its drums were declared to hold no more.")
                % {"batch": known[pk].offer.batch.code, "most": known[pk].kg}
            )


def _post_sales(by: Person, lot: Lot, on: date) -> None:
    """The buyers owe the contract sum of what was delivered."""
    owed = sum_owed(lot)
    for order, rial in sum_in_rial(lot).items():
        entry = posting_rules.sale_delivered(
            source=f"lot/{lot.pk}/order/{order.pk}/delivered",
            lot=str(lot.pk),
            buyer=party_of(order.enterprise_id),
            amount=owed[order],
            currency=order.currency,
            rial=rial,
        )
        post(by=by, cluster_id=lot.cluster_id, entry=entry, on=on, lot_id=lot.pk)


def _pay_first(by: Person, lot: Lot, on: date) -> None:
    """Owe each member the agreed part of the share expected when the buyers pay in full."""
    expected = settle(lot_to_settle(lot, sum_in_rial(lot)))
    payments = {int(each.member): split_payments(max(each.amount, 0), lot.first_percent)[0] for each in expected.shares}
    FirstPayment.objects.bulk_create(
        FirstPayment(
            cluster_id=lot.cluster_id,
            lot=lot,
            enterprise_id=int(each.member),
            expected=each.amount,
            amount=payments[int(each.member)],
            on=on,
        )
        for each in expected.shares
    )
    paid = {party_of(pk): amount for pk, amount in payments.items() if amount}
    if paid:
        entry = posting_rules.first_payment(source=f"lot/{lot.pk}/first-payment", lot=str(lot.pk), payments=paid)
        post(by=by, cluster_id=lot.cluster_id, entry=entry, on=on, lot_id=lot.pk)


@transaction.atomic
def settle_lot(*, by: Person, lot: Lot, paid: Mapping[int, Paid], now: datetime, today: date) -> Settlement:
    """Divide what the buyers paid, write each member's pay slip, and book what is owed to each.

    `paid` has one entry for each order that was delivered, by its primary key.
    """
    lot = locked(lot, Status.DELIVERED)
    owed = sum_in_rial(lot)
    if {order.pk for order in owed} != paid.keys():
        raise NotPossible(_("Enter what each buyer of this lot has paid."))
    if any(each.on > today for each in paid.values()):
        raise NotPossible(_("The date of a payment lies in the future."))
    gains = [_receive(by, lot, order, paid[order.pk], amount) for order, amount in owed.items()]
    result = settle(lot_to_settle(lot, {order: paid[order.pk].rial for order in owed}))
    _write_pay_slips(lot, result)
    benefit.record_gains(by=by, lot=lot)
    _post_settlement(by, lot, result, sum(gains), today)
    lot.status, lot.settled_at = Status.SETTLED, now
    lot.save(update_fields=["status", "settled_at"])
    note(by, lot, "settle-lot", received=result.received, costs=result.costs, total=result.total)
    tell(lot, people_in(lot), "lot-settled")
    return result


def _receive(by: Person, lot: Lot, order: Order, paid: Paid, owed: int) -> int:
    """Book what a buyer paid against the rial it owed; the gain that the exchange rate made, in rial."""
    Receipt.objects.create(
        cluster_id=lot.cluster_id,
        lot=lot,
        order=order,
        amount=paid.amount,
        rial=paid.rial,
        on=paid.on,
        document=paid.document,
    )
    fact = {"source": f"lot/{lot.pk}/order/{order.pk}/paid", "lot": str(lot.pk), "buyer": party_of(order.enterprise_id)}
    if order.currency == Order.Currency.IRR:
        entry = posting_rules.buyer_paid(**fact, received=paid.rial, owed=owed)
    else:
        entry = posting_rules.buyer_paid_abroad(
            **fact,
            currency=order.currency,
            paid=paid.amount,
            owed=sum_owed(lot)[order],
            received=paid.rial,
            booked=owed,
        )
    post(by=by, cluster_id=lot.cluster_id, entry=entry, on=paid.on, lot_id=lot.pk)
    return -sum(leg.amount for leg in entry.legs if leg.account == "exchange_gain_loss")


def _write_pay_slips(lot: Lot, result: Settlement) -> None:
    first = dict(lot.first_payments.values_list("enterprise_id", "amount"))
    content = {each["member"]: each for each in result.to_dict()["shares"]}
    PaySlip.objects.bulk_create(
        PaySlip(
            cluster_id=lot.cluster_id,
            lot=lot,
            enterprise_id=int(each.member),
            number=next_code(lot.cluster_id, f"P-{lot.code.removeprefix('L-')}"),
            amount=each.amount,
            first=first[int(each.member)],
            final=each.amount - first[int(each.member)],
            alone=each.amount - each.gain,  # what has no evidence counts as paid: no gain
            content=content[each.member],
        )
        for each in result.shares
    )


def _post_settlement(by: Person, lot: Lot, result: Settlement, exchange_gain: int, on: date) -> None:
    """Proceeds less costs become what is owed to the members; a payment run pays it."""
    first = {party_of(pk): paid for pk, paid in lot.first_payments.values_list("enterprise_id", "amount") if paid}
    shares = {party_of(int(each.member)): each.amount for each in result.shares}
    settled = posting_rules.lot_settled(
        source=f"lot/{lot.pk}/settled",
        lot=str(lot.pk),
        received=result.received,
        costs=result.costs,
        shares=shares,
        first_payments=first,
        reserve=result.reserve,
        exchange_gain=exchange_gain,
    )
    post(by=by, cluster_id=lot.cluster_id, entry=settled, on=on, lot_id=lot.pk)
