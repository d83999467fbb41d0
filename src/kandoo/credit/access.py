"""Who may see or move public money. Row security says the same once more below."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from kandoo.credit.models import (
    Activity,
    Commitment,
    Contract,
    CreditLine,
    FiscalYear,
    Movement,
    Payee,
    PaymentOrder,
    Phase,
)
from kandoo.programme.access import ROLES, at_desk, is_programme
from kandoo.register.access import Seat, View, seated

__all__ = ["AGENT_TOO", "DESKS", "ROLES", "at_desk", "for_contracts"]

AGENT_TOO = (*ROLES, "agent")  # of the cluster's own contract
DESKS = ("officer", "controller", "auditor")  # read payees and their accounts


def for_contracts(view: Callable[Concatenate[HttpRequest, ...], HttpResponse]) -> View:
    """Let a view be asked for from any seat of a programme, or by the agent of a cluster that has a file."""

    @wraps(view)
    @seated(*AGENT_TOO)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        seat = Seat.of(request)
        if seat is None or not (is_programme(seat) or seat.role == "agent"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def _of_seat(seat: Seat, province: str, tenant: str) -> Q:
    """The rows of a seat's province, of the nation all; of an agent those of its own cluster."""
    if not is_programme(seat):
        return Q(**{tenant: seat.cluster}) if seat.role == "agent" else Q(pk__in=[])
    own = Q(cluster=seat.cluster)
    return own & Q(**{province: seat.province}) if seat.province else own


def years_seen_by(seat: Seat) -> QuerySet[FiscalYear]:
    """The programme's fiscal years, newest first."""
    return FiscalYear.objects.filter(cluster=seat.cluster).order_by("-year")


def year_seen_by(seat: Seat, year: int) -> FiscalYear:
    """One year, or 404."""
    return get_object_or_404(years_seen_by(seat), year=year)


def lines_seen_by(seat: Seat) -> QuerySet[CreditLine]:
    """The credit lines of the seat's province; of the nation all."""
    lines = CreditLine.objects.filter(_of_seat(seat, "province", "file__tenant"))
    return lines.select_related("year", "file", "activity")


def line_seen_by(seat: Seat, pk: int) -> CreditLine:
    """One line, or 404."""
    return get_object_or_404(lines_seen_by(seat), pk=pk)


def activities_seen_by(seat: Seat) -> QuerySet[Activity]:
    """The activities of the seat's province; of the nation all."""
    return Activity.objects.filter(_of_seat(seat, "province", "file__tenant")).select_related("file")


def activity_seen_by(seat: Seat, pk: int) -> Activity:
    """One activity, or 404."""
    return get_object_or_404(activities_seen_by(seat), pk=pk)


def movements_seen_by(seat: Seat) -> QuerySet[Movement]:
    """The movements of the lines a seat sees."""
    movements = Movement.objects.filter(line__in=lines_seen_by(seat).values("pk"))
    return movements.select_related("line__year", "activity", "commitment", "law")


def movement_seen_by(seat: Seat, pk: int) -> Movement:
    """One movement, or 404."""
    return get_object_or_404(movements_seen_by(seat), pk=pk)


def contracts_seen_by(seat: Seat) -> QuerySet[Contract]:
    """The contracts of the files a seat sees."""
    return Contract.objects.filter(_of_seat(seat, "file__province", "file__tenant")).select_related("file", "activity")


def contract_seen_by(seat: Seat, pk: int) -> Contract:
    """One contract, or 404."""
    return get_object_or_404(contracts_seen_by(seat), pk=pk)


def phase_seen_by(seat: Seat, pk: int) -> Phase:
    """One phase of a contract, or 404."""
    phases = Phase.objects.filter(contract__in=contracts_seen_by(seat).values("pk"))
    return get_object_or_404(phases.select_related("contract__file"), pk=pk)


def commitments_seen_by(seat: Seat) -> QuerySet[Commitment]:
    """The commitments of the lines a seat sees."""
    commitments = Commitment.objects.filter(line__in=lines_seen_by(seat).values("pk"))
    return commitments.select_related("line__year", "line__file", "activity", "contract")


def commitment_seen_by(seat: Seat, pk: int) -> Commitment:
    """One commitment, or 404."""
    return get_object_or_404(commitments_seen_by(seat), pk=pk)


def orders_seen_by(seat: Seat) -> QuerySet[PaymentOrder]:
    """The payment orders of the lines a seat sees."""
    orders = PaymentOrder.objects.filter(commitment__line__in=lines_seen_by(seat).values("pk"))
    return orders.select_related("commitment__line__year", "commitment__activity", "commitment__contract", "phase")


def order_seen_by(seat: Seat, pk: int) -> PaymentOrder:
    """One payment order, or 404."""
    return get_object_or_404(orders_seen_by(seat), pk=pk)


def payees_seen_by(seat: Seat) -> QuerySet[Payee]:
    """The payees of the programme, for those who prepare, pay and audit."""
    payees = Payee.objects.filter(cluster=seat.cluster)
    return payees.order_by("sort_key") if seat.is_one_of(*DESKS) else payees.none()


def may_move(seat: Seat) -> bool:
    """Whether the seat moves money on the lines it sees."""
    return seat.role == "controller" and is_programme(seat)


def may_govern(seat: Seat) -> bool:
    """Whether the seat writes down years, laws, ceilings and lines: the controller of the nation."""
    return may_move(seat) and not seat.province


def may_prepare(seat: Seat) -> bool:
    """Whether the seat plans activities, keeps contracts and prepares payments."""
    return seat.role == "officer" and is_programme(seat)


def may_deliver(seat: Seat) -> bool:
    """Whether the seat may say that a phase is delivered."""
    return may_prepare(seat) or (seat.role == "agent" and not is_programme(seat))


def may_confirm(seat: Seat, phase: Phase) -> bool:
    """A supervisor who did not deliver it."""
    is_delivered = phase.delivered_on is not None and phase.confirmed_by_id is None
    return seat.role == "supervisor" and is_delivered and phase.delivered_by_id != seat.person.pk


def may_pay(seat: Seat, order: PaymentOrder) -> bool:
    """A controller who neither prepared the order nor confirmed its phase."""
    others = {order.prepared_by_id, order.phase.confirmed_by_id if order.phase else None}
    return may_move(seat) and order.status == PaymentOrder.Status.PREPARED and seat.person.pk not in others
