"""What waits for a person in the programme: one count and one address for each kind of work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kandoo.credit.access import contracts_seen_by, orders_seen_by
from kandoo.credit.models import PaymentOrder, Phase
from kandoo.programme import access
from kandoo.programme.models import AgendaItem, Meeting
from kandoo.programme.queries.people import officered
from kandoo.register.access import Seat
from kandoo.reports.access import reports_seen_by
from kandoo.reports.models import Report
from kandoo.tender.access import MARKERS, calls_seen_by
from kandoo.tender.models import Call, Mark
from kandoo.visits.access import visits_seen_by
from kandoo.visits.models import Visit


@dataclass(frozen=True, slots=True)
class Moment:
    """Who asks, and when."""

    seat: Seat
    today: date
    now: datetime


def _meetings(at: Moment) -> QuerySet[Any]:
    return access.meetings_seen_by(at.seat).filter(status__in=[Meeting.Status.CALLED, Meeting.Status.HELD])


def _votes(at: Moment) -> QuerySet[Any]:
    """Gates on the table of a sitting in which the person is present, has a vote and has not voted."""
    mine = Q(meeting__present__member__person=at.seat.person, meeting__present__member__is_voting=True)
    open_items = AgendaItem.objects.filter(mine, meeting__status=Meeting.Status.HELD, decision=None)
    return open_items.exclude(ballots__member__person=at.seat.person).distinct()


def _conditions(at: Moment) -> QuerySet[Any]:
    return access.conditions_seen_by(at.seat).filter(kept_on=None, due_on__lt=at.today)


def _phases(at: Moment) -> QuerySet[Any]:
    phases = Phase.objects.filter(contract__in=contracts_seen_by(at.seat).values("pk"), confirmed_by=None)
    return phases.filter(delivered_on__isnull=False).exclude(delivered_by=at.seat.person)


def _orders(at: Moment) -> QuerySet[Any]:
    orders = orders_seen_by(at.seat).filter(status=PaymentOrder.Status.PREPARED)
    return orders.exclude(prepared_by=at.seat.person)


def _reports(at: Moment) -> QuerySet[Any]:
    """A supervisor confirms, an officer receives: never one's own, nor what one has confirmed."""
    reports = reports_seen_by(at.seat).exclude(by=at.seat.person).exclude(confirmed_by=at.seat.person)
    if at.seat.role == "supervisor":
        return reports.filter(status=Report.Status.SUBMITTED, file__isnull=False)
    confirmed = Q(status=Report.Status.CONFIRMED, file__isnull=False)
    submitted = Q(status=Report.Status.SUBMITTED, file=None)
    own, of_place = submitted & Q(supervisor__isnull=False), submitted & Q(supervisor=None)
    if at.seat.province:
        return reports.filter(confirmed | own & Q(province=at.seat.province))
    return reports.filter(confirmed | of_place | own & ~Q(province__in=officered(at.seat.cluster.pk)))


def _calls(at: Moment) -> QuerySet[Any]:
    """Calls that are closed and of which the person has marked no offer."""
    marked = Mark.objects.filter(by=at.seat.person).values("call")
    calls = calls_seen_by(at.seat).filter(status=Call.Status.PUBLISHED, closes_at__lte=at.now)
    return calls.exclude(pk__in=marked)


def _visits(at: Moment) -> QuerySet[Any]:
    planned = visits_seen_by(at.seat).filter(supervisor=at.seat.person, status=Visit.Status.PLANNED)
    return planned.filter(planned_on__lte=at.today)


# (roles, empty: all; what waits; words by %(count)s and %(n)s; address; what the link says)
KINDS: tuple[tuple[tuple[str, ...], Callable[[Moment], QuerySet[Any]], Any, str, Any], ...] = (
    (
        ("committee", "officer"),
        _votes,
        ngettext_lazy("%(n)s gate waits for your vote.", "%(n)s gates wait for your vote.", "count"),
        "programme:meetings",
        _("Vote"),
    ),
    (
        (),
        _meetings,
        ngettext_lazy("%(n)s meeting is called or being held.", "%(n)s meetings are called or being held.", "count"),
        "programme:meetings",
        _("See the agenda"),
    ),
    (
        (),
        _conditions,
        ngettext_lazy("%(n)s condition is overdue.", "%(n)s conditions are overdue.", "count"),
        "programme:conditions",
        _("See the conditions"),
    ),
    (
        ("supervisor",),
        _visits,
        ngettext_lazy("%(n)s visit is due; report it.", "%(n)s visits are due; report them.", "count"),
        "visits:home",
        _("See the visits"),
    ),
    (
        ("supervisor",),
        _phases,
        ngettext_lazy("%(n)s delivered phase waits for you.", "%(n)s delivered phases wait for you.", "count"),
        "credit:contracts",
        _("See the contracts"),
    ),
    (
        ("supervisor", "officer"),
        _reports,
        ngettext_lazy("%(n)s report waits for you.", "%(n)s reports wait for you.", "count"),
        "reports:home",
        _("See the reports"),
    ),
    (
        MARKERS,
        _calls,
        ngettext_lazy(
            "%(n)s call is closed and waits for your marks.", "%(n)s calls are closed and wait for your marks.", "count"
        ),
        "tender:calls",
        _("Mark the offers"),
    ),
    (
        ("controller",),
        _orders,
        ngettext_lazy("%(n)s payment order waits for you.", "%(n)s payment orders wait for you.", "count"),
        "credit:orders",
        _("See the orders"),
    ),
)


def waiting(at: Moment) -> list[tuple[int, Any, str, Any]]:
    """(how many, words, address, what the link says) of each kind of work of which something waits."""
    found = [
        (rows(at).count(), words, address, action)
        for roles, rows, words, address, action in KINDS
        if not roles or at.seat.role in roles
    ]
    return [each for each in found if each[0]]
