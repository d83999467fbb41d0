"""What the records themselves say: one question to the database for all measures of a period."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from kandoo.results.periods import MONTHS, Period


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure of the records; None where it is withheld to keep members' trade theirs."""

    value: Decimal | None
    is_withheld: bool


def measured(file_id: int, first: date, last: date) -> dict[str, Measured]:
    """Every measure there are records of, by its code; none for who may not read the file."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT measure, value, withheld FROM kandoo_measures(%s, %s, %s)", [file_id, first, last])
        return {code: Measured(value, withheld) for code, value, withheld in cursor.fetchall()}


def so_far(last: date) -> date:
    """The last day of a period, or today while it runs: nothing is late, and nothing known, before its day."""
    return min(last, timezone.localdate())


def before(first: date, last: date) -> tuple[date, date]:
    """The period before: the month, quarter or year before, or as many days."""
    for kind in MONTHS:
        period = Period.holding(first, kind)
        if (period.first, period.last) == (first, last):
            return period.before().first, period.before().last
    return first - (last - first) - timedelta(days=1), first - timedelta(days=1)
