"""The rows behind a computed figure, as far as a seat may see them: each with its day, words and address."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from kandoo.buying.access import rounds_seen_by
from kandoo.credit.access import activities_seen_by, movements_seen_by
from kandoo.programme.access import conditions_seen_by, is_programme, meetings_seen_by
from kandoo.programme.models import ClusterFile, PaperEdition
from kandoo.register.access import Seat
from kandoo.register.models import Membership
from kandoo.results.queries.measured import so_far
from kandoo.selling.access import lots_seen_by
from kandoo.site.language import format_money
from kandoo.site.lists import page_language

ROWS_MAX = 200
MONEY = {
    "approved": ("approved", "raised", "cut"),
    "allocated": ("allocated", "returned"),
    "committed": ("committed", "released"),
    "paid": ("paid", "refunded", "refunded_late"),
    "cofinance": ("committed",),
}


@dataclass(frozen=True, slots=True)
class Behind:
    """One row behind a figure; url is empty where its page is another's."""

    on: date | None
    text: str
    url: str


def rows_behind(seat: Seat, file: ClusterFile, measure: str, first: date, last: date) -> list[Behind] | None:
    """At most 200 rows, the newest first; None where the rows are the cluster's own and the seat sees sums alone."""
    last = so_far(last)
    if measure in MONEY:
        return list(_movements(seat, file, measure, first, last))
    of_file = _OF_FILE.get(measure)
    if of_file is not None:
        return list(of_file(seat, file, first, last))
    if is_programme(seat):
        return None
    of_cluster = _OF_CLUSTER.get(measure)
    return list(of_cluster(seat, first, last)) if of_cluster else []


def _at_desk(seat: Seat, url: str) -> str:
    """An agent reads the row, the page behind it is the programme's."""
    return url if is_programme(seat) else ""


def _movements(seat: Seat, file: ClusterFile, measure: str, first: date, last: date) -> Iterable[Behind]:
    rows = movements_seen_by(seat).filter(line__file=file, kind__in=MONEY[measure], on__range=(first, last))
    for each in rows.select_related("line").order_by("-on", "-pk")[:ROWS_MAX]:
        amount = format_money(each.amount, "IRR", page_language())
        yield Behind(
            each.on,
            f"{each.get_kind_display()} · {amount} · {each.line}",
            _at_desk(seat, f"/credit/movements/{each.pk}/"),
        )


def _meetings(seat: Seat, file: ClusterFile, first: date, last: date) -> Iterable[Behind]:
    if not is_programme(seat):
        return
    rows = meetings_seen_by(seat).filter(
        Q(body__file=file) | Q(agenda__file=file), status="closed", on__range=(first, last)
    )
    for each in rows.select_related("body").distinct().order_by("-on", "-pk")[:ROWS_MAX]:
        yield Behind(each.on, str(each.body), reverse("programme:meeting", args=[each.pk]))


def _papers(seat: Seat, file: ClusterFile, first: date, last: date) -> Iterable[Behind]:
    rows = PaperEdition.objects.filter(file=file, status="approved", approved_at__date__range=(first, last))
    for each in rows.select_related("paper__required").order_by("-approved_at")[:ROWS_MAX]:
        yield Behind(_day(each.approved_at), str(each.paper), reverse("programme:edition", args=[each.pk]))


def _conditions(seat: Seat, file: ClusterFile, first: date, last: date) -> Iterable[Behind]:
    rows = conditions_seen_by(seat).filter(file=file, due_on__lt=last).filter(Q(kept_on=None) | Q(kept_on__gt=last))
    for each in rows.order_by("due_on")[:ROWS_MAX]:
        yield Behind(each.due_on, each.text, reverse("programme:file", args=[file.pk]))


def _activities(*, done: bool) -> Callable[[Seat, ClusterFile, date, date], Iterable[Behind]]:
    def rows(seat: Seat, file: ClusterFile, first: date, last: date) -> Iterable[Behind]:
        late = Q(ends_on__lt=last) & (Q(done_on=None) | Q(done_on__gt=last))
        wanted = Q(done_on__range=(first, last)) if done else late
        for each in activities_seen_by(seat).filter(wanted, file=file).order_by("ends_on")[:ROWS_MAX]:
            yield Behind(
                each.done_on or each.ends_on, f"{each.code} · {each}", _at_desk(seat, f"/credit/activities/{each.pk}/")
            )

    return rows


def _lots(seat: Seat, first: date, last: date) -> Iterable[Behind]:
    rows = lots_seen_by(seat).filter(delivered_on__range=(first, last), status__in=["delivered", "settled"])
    for each in rows.order_by("-delivered_on")[:ROWS_MAX]:
        yield Behind(each.delivered_on, f"{each.code} · {each.title}", f"/selling/lots/{each.pk}/")


def _rounds(seat: Seat, first: date, last: date) -> Iterable[Behind]:
    rows = rounds_seen_by(seat).filter(delivered_on__range=(first, last), status__in=["delivered", "settled"])
    for each in rows.order_by("-delivered_on")[:ROWS_MAX]:
        yield Behind(each.delivered_on, f"{each.code} · {each.title}", f"/buying/rounds/{each.pk}/")


def _both(seat: Seat, first: date, last: date) -> Iterable[Behind]:
    return sorted([*_lots(seat, first, last), *_rounds(seat, first, last)], key=_order, reverse=True)


def _members(column: str) -> Callable[[Seat, date, date], Iterable[Behind]]:
    def rows(seat: Seat, first: date, last: date) -> Iterable[Behind]:
        wanted: dict[str, Any] = {f"{column}__range": (first, last)} if column else {"joined_on__lte": last}
        found = Membership.objects.filter(cluster=seat.cluster, enterprise__is_commercial=True, **wanted)
        if not column:
            found = found.filter(Q(left_on=None) | Q(left_on__gt=last))
        for each in found.select_related("enterprise").order_by("-joined_on")[:ROWS_MAX]:
            day = getattr(each, column or "joined_on")
            yield Behind(day, str(each.enterprise), f"/register/firms/{each.enterprise_id}/")

    return rows


def _order(row: Behind) -> date:
    return row.on or date.min


def _day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None


_OF_FILE: Mapping[str, Callable[[Seat, ClusterFile, date, date], Iterable[Behind]]] = {
    "meetings": _meetings,
    "papers_approved": _papers,
    "conditions_overdue": _conditions,
    "activities_done": _activities(done=True),
    "activities_late": _activities(done=False),
}
_OF_CLUSTER: Mapping[str, Callable[[Seat, date, date], Iterable[Behind]]] = {
    "members": _members(""),
    "jobs": _members(""),
    "members_joined": _members("joined_on"),
    "members_left": _members("left_on"),
    **dict.fromkeys(("lots", "kg_sold", "kg_exported", "drums_traced", "premium", "kept_pledges", "buyers"), _lots),
    **dict.fromkeys(("sales", "export_sales"), _lots),
    **dict.fromkeys(("rounds", "saving", "purchases", "suppliers"), _rounds),
    **dict.fromkeys(("members_in_actions", "share_in_actions", "actions_a_member"), _both),
}
