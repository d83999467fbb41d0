"""Who may read the books: agent, auditor and controller all of them, a party its own account."""

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404

from kandoo.ledger.models import Entry, Leg, PeriodClose, Voucher
from kandoo.register.access import Seat
from kandoo.register.models import Enterprise

STAFF = ("agent", "auditor", "controller")
PARTIES = ("member", "supplier", "laboratory")  # a buyer reads its orders; its account is in its own currency


def entries_seen_by(seat: Seat) -> QuerySet[Entry]:
    """The cluster's journal with its legs, newest first; of a party, the entries and legs of its own."""
    legs = Leg.objects.select_related("enterprise", "lot", "round").order_by("pk")
    entries = Entry.objects.filter(cluster=seat.cluster)
    if not seat.is_one_of(*STAFF):
        legs = legs.filter(enterprise=seat.enterprise)
        entries = entries.filter(legs__enterprise=seat.enterprise).distinct()
    return entries.prefetch_related(Prefetch("legs", legs)).order_by("-on", "-pk")


def entry_seen_by(seat: Seat, pk: int) -> Entry:
    """One entry, or 404."""
    return get_object_or_404(entries_seen_by(seat), pk=pk)


def parties_seen_by(seat: Seat) -> QuerySet[Enterprise]:
    """The firms that have an account here; of a party, itself."""
    firms = Enterprise.objects.filter(cluster=seat.cluster)
    if seat.is_one_of(*STAFF):
        return firms.filter(pk__in=Leg.objects.filter(cluster=seat.cluster).values("enterprise"))
    return firms.filter(pk=seat.enterprise.pk) if seat.enterprise else firms.none()


def party_seen_by(seat: Seat, pk: int) -> Enterprise:
    """One party, or 404."""
    return get_object_or_404(parties_seen_by(seat), pk=pk)


def vouchers_seen_by(seat: Seat) -> QuerySet[Voucher]:
    """All vouchers for the staff; of a party, those that name it."""
    vouchers = Voucher.objects.filter(cluster=seat.cluster).select_related("enterprise", "supplier", "entry")
    if seat.is_one_of(*STAFF):
        return vouchers
    return vouchers.filter(enterprise=seat.enterprise) | vouchers.filter(supplier=seat.enterprise)


def voucher_seen_by(seat: Seat, pk: int) -> Voucher:
    """One voucher, or 404."""
    return get_object_or_404(vouchers_seen_by(seat), pk=pk)


def closes_seen_by(seat: Seat) -> QuerySet[PeriodClose]:
    """The days through which the books are closed, newest first."""
    return PeriodClose.objects.filter(cluster=seat.cluster).select_related("by").order_by("-through")


def close_seen_by(seat: Seat, pk: int) -> PeriodClose:
    """One close, or 404."""
    return get_object_or_404(closes_seen_by(seat), pk=pk)
