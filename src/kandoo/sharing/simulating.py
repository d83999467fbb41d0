"""The last season's settled lots as values, and settled again under another rule.

Every drum and price of the season goes into it, so only those who may read them can ask: the agent
and the auditor. A member reads its own line as it was kept when the vote opened.
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


def simulate_last_season(seat: Seat, kind: ActionKind, rule: SharingRule) -> Simulation:
    """The season settled again, for a seat that may know all lines."""
    if kind != "selling":
        return Simulation(SeasonSummary(), ())  # of the other kinds nothing has been settled yet
    return simulate(*last_season(seat.cluster), rule)


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
    day: date = timezone.localdate(lot.settled_at)
    return language.jalali_year(day)


def _again(lot: Lot) -> LotToSettle:
    """A settled lot as it was divided: what its buyers really paid, by the rule it used."""
    receipts = Receipt.objects.filter(lot=lot).select_related("order").order_by("order")
    return lot_to_settle(lot, {each.order: each.rial for each in receipts})
