"""Who may read the books: the agent and the auditor of the cluster."""

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404

from kandoo.ledger.models import Entry, Leg
from kandoo.register.access import Seat


def entries_seen_by(seat: Seat) -> QuerySet[Entry]:
    """The cluster's journal with its legs, newest first."""
    legs = Prefetch("legs", Leg.objects.select_related("enterprise", "lot").order_by("pk"))
    return Entry.objects.filter(cluster=seat.cluster).prefetch_related(legs).order_by("-on", "-pk")


def entry_seen_by(seat: Seat, pk: int) -> Entry:
    """One entry, or 404."""
    return get_object_or_404(entries_seen_by(seat), pk=pk)
