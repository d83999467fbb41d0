"""Who may see and run calls; row security says the same once more below."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from kandoo.programme.access import files_seen_by, is_programme
from kandoo.register.access import Seat
from kandoo.tender.models import Call, Offer

MARKERS = ("officer", "supervisor", "committee")


def calls_seen_by(seat: Seat) -> QuerySet[Call]:
    """The calls of the province's files, of the nation all; drafts by officers alone."""
    if not is_programme(seat):
        return Call.objects.none()
    calls = Call.objects.filter(file__in=files_seen_by(seat).values("pk")).select_related("file")
    return calls if seat.role == "officer" else calls.filter(~Q(published_at=None))


def call_seen_by(seat: Seat, pk: int) -> Call:
    """One call, or 404."""
    return get_object_or_404(calls_seen_by(seat), pk=pk)


def offer_seen_by(seat: Seat, pk: int) -> Offer:
    """One offer, or 404."""
    calls = calls_seen_by(seat).values("pk")
    return get_object_or_404(Offer.objects.filter(call__in=calls).select_related("call__file"), pk=pk)


def may_run(seat: Seat) -> bool:
    """Whether the seat writes calls, offers and awards: officers."""
    return is_programme(seat) and seat.role == "officer"


def may_mark(seat: Seat) -> bool:
    """Whether the seat marks offers: officers, supervisors and members of committees."""
    return is_programme(seat) and seat.role in MARKERS
