"""The money of a lot as a seat may see it: costs, first payments, what came in, the pay slips."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from kandoo.register.access import Seat
from kandoo.selling import access
from kandoo.selling.models import FirstPayment, Lot, PaySlip, Receipt

Status = Lot.Status


@dataclass(frozen=True, slots=True)
class Certificate:
    """What anybody may check of a settlement: it adds up, nobody is below reserve, who is below alone."""

    received: int
    costs: int
    paid: int
    reserve: int  # what went into the cluster's reserve fund
    below_reserve: tuple[PaySlip, ...]
    below_alone: tuple[PaySlip, ...]
    without_evidence: int  # kilograms

    @property
    def adds_up(self) -> bool:
        """Whether the slips and the reserve are what came in less the costs, to the rial."""
        return self.received - self.costs == self.paid + self.reserve


def money_parts(seat: Seat, lot: Lot) -> dict[str, Any]:
    """What the page of a lot says of money: all of it to staff, a member's own to the member."""
    costs = list(lot.costs.select_related("paid_to").order_by("on", "pk"))
    parts: dict[str, Any] = {"costs": costs, "cost_total": sum(each.amount for each in costs)}
    if seat.is_one_of(*access.STAFF):
        return parts | _staff(lot)
    first = FirstPayment.objects.filter(lot=lot, enterprise=seat.enterprise).first()
    slip = access.pay_slips_seen_by(seat).filter(lot=lot).first()
    return parts | {"slip": slip, "first": first, "first_own": first.amount if first else 0}


def _staff(lot: Lot) -> dict[str, Any]:
    if lot.status not in (Status.DELIVERED, Status.SETTLED):
        return {}
    first = FirstPayment.objects.filter(lot=lot).select_related("enterprise").order_by("enterprise__sort_key")
    parts: dict[str, Any] = {
        "kg_delivered": lot.deliveries.aggregate(kg=Sum("net_kg"))["kg"] or 0,
        "first_payments": first,
        "first_total": first.aggregate(total=Sum("amount"))["total"] or 0,
    }
    return parts | (_settled(lot) if lot.status == Status.SETTLED else {})


def _settled(lot: Lot) -> dict[str, Any]:
    slips = list(lot.pay_slips.select_related("enterprise").order_by("enterprise__sort_key"))
    return {
        "slips": slips,
        "slip_total": sum(each.amount for each in slips),
        "slip_gain": sum(each.content["gain"] for each in slips),
        "receipts": Receipt.objects.filter(lot=lot)
        .select_related("order", "order__enterprise")
        .order_by("order__code"),
        "certificate": certificate_of(lot, slips),
    }


def certificate_of(lot: Lot, slips: list[PaySlip]) -> Certificate:
    """The settlement counted again from its slips, receipts and costs."""
    return Certificate(
        received=Receipt.objects.filter(lot=lot).aggregate(total=Sum("rial"))["total"] or 0,
        costs=lot.costs.aggregate(total=Sum("amount"))["total"] or 0,
        paid=sum(each.amount for each in slips),
        reserve=-sum(item["amount"] for each in slips for item in each.content["items"] if item["code"] == "reserve"),
        below_reserve=tuple(each for each in slips if each.amount < each.content["reserve"]),
        below_alone=tuple(each for each in slips if each.content["gain"] < 0),
        without_evidence=sum(each.content["kg_without_evidence"] for each in slips),
    )
