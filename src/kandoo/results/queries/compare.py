"""One indicator over all clusters a seat sees: like beside like, and what is overdue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Max, QuerySet

from kandoo.programme.models import ClusterFile
from kandoo.results.models import Frozen, Indicator, Value
from kandoo.results.periods import MONTHS

FROM_STAGE = 5  # position of G5: from here on a cluster has a plan and owes its figures


@dataclass(frozen=True, slots=True)
class Compared:
    """A cluster's newest figure of an indicator: of its newest closed period, or typed in since."""

    file: ClusterFile
    value: Decimal
    last: date
    source: str
    is_closed: bool


def compared(files: QuerySet[ClusterFile], indicator: Indicator) -> list[Compared]:
    """The newest figure of each cluster that has one, in the order of the clusters. Three queries."""
    newest: dict[int, Compared] = {}
    by_pk = {each.pk: each for each in files}
    closed = Frozen.objects.filter(file__in=by_pk, indicator=indicator, value__isnull=False).select_related("lock")
    for row in closed.order_by("lock__last"):
        assert row.value is not None
        newest[row.file_id] = Compared(by_pk[row.file_id], row.value, row.lock.last, row.source, True)
    typed = Value.objects.filter(file__in=by_pk, indicator=indicator, corrected_by=None).order_by("last", "dated", "pk")
    for each in typed:
        held = newest.get(each.file_id)
        if held is None or (not held.is_closed and held.last <= each.last) or held.last < each.last:
            newest[each.file_id] = Compared(by_pk[each.file_id], each.value, each.last, each.source, False)
    return [newest[pk] for pk in by_pk if pk in newest]


def typed_newest(files: Sequence[int]) -> dict[tuple[int, int], date]:
    """The last day of the newest typed figure by file and indicator."""
    rows = Value.objects.filter(file__in=files).order_by().values_list("file", "indicator").annotate(newest=Max("last"))
    return {(file, indicator): newest for file, indicator, newest in rows}


def is_overdue(indicator: Indicator, newest: date | None, today: date) -> bool:
    """Whether a typed indicator should have had a figure: a period of its own has passed, and a month more."""
    days = 30 * (MONTHS[indicator.frequency] + 1)
    return newest is None or (today - newest).days > days
