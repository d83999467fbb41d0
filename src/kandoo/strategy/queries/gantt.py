"""Activities on one scale of time, with Jalali months as its marks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from persiantools.jdatetime import JalaliDate

from kandoo.programme.models import ClusterFile
from kandoo.strategy.queries.activities import Planned, planned

MARKS_MOST = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """The first day of a Jalali month, where the scale has a line."""

    day: date
    year: int
    month: int


@dataclass(frozen=True, slots=True)
class Gantt:
    """The plan on a scale from the first day of a month to that of another. `today` lies on it."""

    rows: tuple[Planned, ...]
    first: date
    last: date
    today: date
    marks: tuple[Mark, ...]

    def at(self, day: date) -> float:
        """Where a day stands, from 0 to 1."""
        return (day - self.first).days / max((self.last - self.first).days, 1)


def gantt_of(file: ClusterFile, today: date) -> Gantt | None:
    """The activities of a file by date; None while there is none."""
    rows = planned(file, today)
    if not rows:
        return None
    days = [today, *(each.activity.starts_on for each in rows), *(each.activity.ends_on for each in rows)]
    first, last = month_of(min(days)), month_after(max(days))
    return Gantt(tuple(rows), first, last, today, tuple(marks(first, last)))


def month_of(day: date) -> date:
    """The first day of the Jalali month in which a day lies."""
    jalali = JalaliDate(day)
    return JalaliDate(jalali.year, jalali.month, 1).to_gregorian()


def month_after(day: date, months: int = 1) -> date:
    """The first day of the Jalali month so many months later."""
    jalali = JalaliDate(day)
    place = jalali.year * 12 + jalali.month - 1 + months
    return JalaliDate(place // 12, place % 12 + 1, 1).to_gregorian()


def marks(first: date, last: date, most: int = MARKS_MOST) -> Sequence[Mark]:
    """Firsts of months between two firsts, as few as fit: every month, third, sixth or twelfth, years first.

    >>> [(each.year, each.month) for each in marks(date(2026, 3, 21), date(2027, 3, 21))]
    [(1405, 1), (1405, 4), (1405, 7), (1405, 10), (1406, 1)]
    """
    months = []
    day = first
    while day <= last:
        jalali = JalaliDate(day)
        months.append(Mark(day, jalali.year, jalali.month))
        day = month_after(day)
    steps = (1, 3, 6, 12, 24, 60)
    return next(
        (kept for step in steps if len(kept := [each for each in months if _falls(each, step)]) <= most),
        months[:1],
    )


def _falls(mark: Mark, step: int) -> bool:
    return (mark.year * 12 + mark.month - 1) % step == 0
