"""What was planned to be spent by each month, and what was committed and paid by then. The programme's part, rial."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from persiantools.jdatetime import JalaliDate

from kandoo.credit.models import Activity, Movement
from kandoo.programme.models import ClusterFile
from kandoo.strategy.queries.gantt import month_after, month_of

Kind = Movement.Kind
# What a movement adds to (+1) or takes from (-1) what is committed, and what is paid; carrying over moves nothing.
COMMITTED = {Kind.COMMITTED: 1, Kind.RELEASED: -1}
PAID = {Kind.PAID: 1, Kind.REFUNDED: -1, Kind.REFUNDED_LATE: -1}


FINE = 10_000  # rial: a plan spread over days says no finer


@dataclass(frozen=True, slots=True)
class Point:
    """The sums by the end of a month; `committed` and `paid` are None for what is still to come."""

    until: date  # the first day after it
    planned: int
    committed: int | None
    paid: int | None


@dataclass(frozen=True, slots=True)
class YearRow:
    """A fiscal year: what was planned, committed and paid within it, and by its end."""

    year: int
    planned: int
    committed: int
    paid: int
    planned_by: int
    committed_by: int
    paid_by: int


@dataclass(frozen=True, slots=True)
class Burn:
    """The sums month by month from the first of a month, and year by year."""

    first: date
    today: date
    points: tuple[Point, ...]
    years: tuple[YearRow, ...]

    @property
    def now(self) -> Point:
        """The sums as they stand today: the last point with money."""
        return [each for each in self.points if each.committed is not None][-1]


def burn_of(file: ClusterFile, today: date) -> Burn | None:
    """The burn of a file's plan; None without an activity."""
    activities = list(Activity.objects.filter(file=file))
    if not activities:
        return None
    moved = list(
        Movement.objects.filter(activity__file=file, kind__in=[*COMMITTED, *PAID])
        .order_by("on", "pk")
        .values_list("on", "kind", "amount")
    )
    days = [today, *(each.starts_on for each in activities), *(each.ends_on for each in activities)]
    days += [on for on, _kind, _amount in moved]
    first, last = month_of(min(days)), month_after(max(days))
    bound, spent = _steps(moved, COMMITTED), _steps(moved, PAID)
    ends = _months(first, last)
    points = tuple(
        Point(
            end,
            sum(planned_until(each, end) for each in activities),
            _sum_before(bound, min(end, today + timedelta(days=1))) if _begins(end) <= today else None,
            _sum_before(spent, min(end, today + timedelta(days=1))) if _begins(end) <= today else None,
        )
        for end in ends
    )
    return Burn(first, today, points, tuple(_years(points)))


def planned_until(activity: Activity, day: date) -> int:
    """The programme's part of an activity that its plan spends before a day, spread evenly over its days; rial, to a thousand toman."""
    whole = (activity.ends_on - activity.starts_on).days + 1
    gone = min(max((day - activity.starts_on).days, 0), whole)
    part = activity.borne["agency"]
    return part if gone == whole else part * gone // whole // FINE * FINE


def _begins(end: date) -> date:
    """The first day of the month that ends before a day."""
    return month_of(end - timedelta(days=1))


def _months(first: date, last: date) -> list[date]:
    ends = []
    while first < last:
        first = month_after(first)
        ends.append(first)
    return ends


def _steps(moved: Sequence[tuple[date, str, int]], signs: dict[Kind, int]) -> tuple[list[date], list[int]]:
    """Days of movements and the sum after each."""
    wanted = [(on, signs[Kind(kind)] * amount) for on, kind, amount in moved if kind in signs]
    return [on for on, _amount in wanted], list(accumulate(amount for _on, amount in wanted))


def _sum_before(steps: tuple[list[date], list[int]], day: date) -> int:
    days, sums = steps
    place = bisect_right(days, day - timedelta(days=1))
    return sums[place - 1] if place else 0


def _years(points: Sequence[Point]) -> list[YearRow]:
    """Year by year; a year that is not over counts what is committed and paid so far."""
    ends: dict[int, tuple[int, int, int]] = {}
    committed = paid = 0
    for point in points:
        committed, paid = (
            point.committed if point.committed is not None else committed,
            point.paid if point.paid is not None else paid,
        )
        ends[JalaliDate(point.until - timedelta(days=1)).year] = (point.planned, committed, paid)
    rows, before = [], (0, 0, 0)
    for year, now in ends.items():
        inside = (now[0] - before[0], now[1] - before[1], now[2] - before[2])
        rows.append(YearRow(year, *inside, *now))
        before = now
    return rows
