"""What is owed on a cluster under way: figures of its plan, its report, its supervisor's visits and what they advised."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kandoo.programme.models import ClusterFile
from kandoo.programme.queries.warnings import Warning
from kandoo.reports.queries import owing
from kandoo.results.models import Indicator
from kandoo.results.queries import compare
from kandoo.site.language import format_day, format_number
from kandoo.site.lists import joined, page_language
from kandoo.visits import queries as visits

NAMED = 2  # indicators told by name; the others are counted


def warnings_by_file(files: QuerySet[ClusterFile], today: date) -> dict[int, list[Warning]]:
    """Warnings by file, for files under way. Five queries."""
    running = files.filter(status=ClusterFile.Status.ACTIVE)
    found: dict[int, list[Warning]] = defaultdict(list)
    for pk, held in compare.overdue(running, today).items():
        found[pk].append(Warning("indicator", _indicators(held)))
    for pk, period in owing.overdue(running, today).items():
        found[pk].append(Warning("report", _("The report on %(period)s is overdue.") % {"period": period}))
    for pk, day in visits.late(running, today).items():
        text = _("The supervisor’s visit of %(day)s is not reported.") % {"day": _short(day)}
        found[pk].append(Warning("visit", text))
    for pk, (count, since) in visits.open_advice(running, today).items():
        text = ngettext(
            "%(n)s piece of the supervisor’s advice is overdue since %(day)s.",
            "%(n)s pieces of the supervisor’s advice are overdue, the first since %(day)s.",
            count,
        )
        found[pk].append(Warning("visit", text % {"n": _number(count), "day": _short(since)}))
    return dict(found)


def _indicators(held: Sequence[Indicator]) -> str:
    names = joined(held[:NAMED])
    if len(held) <= NAMED:
        return _("No new figure of %(names)s.") % {"names": names}
    more = _number(len(held) - NAMED)
    return _("No new figure of %(names)s and %(n)s more.") % {"names": names, "n": more}


def _short(day: date) -> str:
    return format_day(day, page_language(), style="short")


def _number(count: int) -> str:
    return format_number(count, page_language(), 0)
