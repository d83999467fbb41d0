"""One indicator over all clusters a seat sees: like beside like, and what is overdue."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.programme.models import ClusterFile
from kandoo.results.models import Frozen, Indicator, Origin, Target, Value
from kandoo.results.periods import MONTHS


@dataclass(frozen=True, slots=True)
class Compared:
    """A cluster's newest figure of an indicator: of its newest closed period, or typed in since."""

    file: ClusterFile
    value: Decimal
    last: date
    source: str
    is_closed: bool
    units: tuple[str, str]  # Persian, English


def compared(files: QuerySet[ClusterFile], indicator: Indicator) -> list[Compared]:
    """The newest figure of each cluster that has one, in the order of the clusters. Three queries."""
    newest: dict[int, Compared] = {}
    by_pk = {each.pk: each for each in files}
    closed = Frozen.objects.filter(file__in=by_pk, indicator=indicator, value__isnull=False).select_related("lock")
    for row in closed.order_by("lock__last"):
        assert row.value is not None
        source = _("Kandoo’s records") if row.origin == Origin.COMPUTED else row.source
        units = indicator.units(row)
        newest[row.file_id] = Compared(by_pk[row.file_id], row.value, row.lock.last, source, True, units)
    typed = Value.objects.filter(file__in=by_pk, indicator=indicator, corrected_by=None).order_by("last", "dated", "pk")
    for each in typed:
        held = newest.get(each.file_id)
        if held is None or (not held.is_closed and held.last <= each.last) or held.last < each.last:
            held = Compared(by_pk[each.file_id], each.value, each.last, each.source, False, indicator.units())
            newest[each.file_id] = held
    return [newest[pk] for pk in by_pk if pk in newest]


def overdue(files: QuerySet[ClusterFile], today: date) -> dict[int, list[Indicator]]:
    """By file: indicators with a target that are typed in and had no figure for a period of their own and a month more.

    Two queries, however many files. What was never typed in is counted from the day its target was set.
    """
    known = Indicator.objects.filter(measure="", is_retired=False).order_by("position", "code")
    indicators = {each.pk: each for each in known}
    typed = (
        Value.objects.filter(file=OuterRef("file"), indicator=OuterRef("indicator")).order_by("-last").values("last")
    )
    wanted = Target.objects.filter(file__in=files.values("pk"), indicator__in=list(indicators), target__isnull=False)
    rows = wanted.order_by().values("file", "indicator").annotate(set_at=Max("at"), newest=Subquery(typed[:1]))
    found: dict[int, list[Indicator]] = defaultdict(list)
    for row in rows:
        indicator, since = indicators[row["indicator"]], row["newest"] or timezone.localdate(row["set_at"])
        if (today - since).days > 30 * (MONTHS[indicator.frequency] + 1):
            found[row["file"]].append(indicator)
    return {file: sorted(held, key=lambda each: (each.position, each.code)) for file, held in found.items()}
