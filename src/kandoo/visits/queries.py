"""What a visit plan still holds, what is late, and what became of advice."""

from datetime import date, timedelta

from django.db.models import Count, Min, QuerySet
from persiantools.jdatetime import JalaliDate

from kandoo.programme.models import ClusterFile
from kandoo.visits.models import Advice, Visit

GRACE = 7  # days after the planned day until a visit counts as late


def days(first: date, until: date, months: int) -> list[date]:
    """The same day of the Jalali month, every so many months; the last of a month that is too short."""
    start = JalaliDate(first)
    found = []
    for step in range(0, 1000, months):
        count = start.month - 1 + step
        year, month = start.year + count // 12, count % 12 + 1
        last: int = JalaliDate.days_in_month(month, year)
        day: date = JalaliDate(year, month, min(start.day, last)).to_gregorian()
        if day > until:
            break
        found.append(day)
    return found


def late(files: QuerySet[ClusterFile], today: date) -> dict[int, date]:
    """By file: the planned day of the oldest visit that should have been reported. One query."""
    visits = Visit.objects.filter(
        file__in=files.values("pk"), status=Visit.Status.PLANNED, planned_on__lt=today - timedelta(days=GRACE)
    )
    return dict(visits.order_by().values_list("file").annotate(Min("planned_on")))


def open_advice(files: QuerySet[ClusterFile], today: date) -> dict[int, tuple[int, date]]:
    """By file: how many pieces of advice are overdue and since when. One query."""
    rows = Advice.objects.filter(file__in=files.values("pk"), kept_on=None, due_on__lt=today).order_by()
    return {
        file: (count, since)
        for file, count, since in rows.values_list("file").annotate(n=Count("pk"), since=Min("due_on"))
    }
