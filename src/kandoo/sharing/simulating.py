"""The last season's settled lots as values, and settled again under another rule.

A member may try rules and see its own line, but not the rivals' drums and prices that it comes from.
So the season is read at a desk of its own: in that scope alone the database opens what lots are
divided from, in the member's cluster and to reading (`AT_SIMULATION` in the policies of selling), and nothing but a
`Simulation` leaves it. This function is the only place that sits down at that desk.
"""

from datetime import date

from django.utils import timezone

from kandoo.engine.settlement import LotToSettle
from kandoo.engine.sharing_rule import ActionKind, SharingRule
from kandoo.register.access import Seat
from kandoo.register.models import Cluster
from kandoo.selling.models import Lot, Receipt
from kandoo.selling.settling import lot_to_settle
from kandoo.sharing.comparing import SeasonSummary, Simulation, simulate
from kandoo.site import language
from kandoo.site.security import acting_as


def simulate_last_season(seat: Seat, kind: ActionKind, rule: SharingRule) -> Simulation:
    """The season settled again, for a seat that may know all lines or is shown its own alone."""
    if kind != "selling":
        return Simulation(SeasonSummary(), ())  # of the other kinds nothing has been settled yet
    with acting_as(seat.person.pk, desk="simulation"):
        season, lots = last_season(seat.cluster)
        return simulate(season, lots, rule)


def last_season(cluster: Cluster) -> tuple[int | None, list[LotToSettle]]:
    """The newest Jalali year in which lots were settled, and those lots; (None, []) when there are none."""
    settled = list(
        Lot.objects.filter(cluster=cluster, status=Lot.Status.SETTLED)
        .select_related("cluster", "plan")
        .order_by("settled_at", "pk")
    )
    if not settled:
        return None, []
    season = max(_season(lot) for lot in settled)
    return season, [_again(lot) for lot in settled if _season(lot) == season]


def _season(lot: Lot) -> int:
    assert lot.settled_at is not None
    day: date = timezone.localtime(lot.settled_at).date()
    return language.jalali_year(day)


def _again(lot: Lot) -> LotToSettle:
    """A settled lot as it was divided: what its buyers really paid, by the rule it used."""
    receipts = Receipt.objects.filter(lot=lot).select_related("order").order_by("order")
    return lot_to_settle(lot, {each.order: each.rial for each in receipts})
