"""What may be going wrong with a cluster under way, told early."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count as Counted
from django.db.models import Min, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kandoo.programme.models import AgentTerm, ClusterFile, Condition, Stage
from kandoo.site.language import format_day, format_number
from kandoo.site.lists import page_language

STILL = 90  # days without a paper moving
CHANGED = 365  # days for which a change of the agent is told
WITH_AGENT = "G3"  # from this stage on a cluster has an agent


@dataclass(frozen=True, slots=True)
class Warning:
    """One thing to look at: its kind and what it is, in words."""

    kind: str  # still · agent · no-agent · overdue
    text: str


def warnings(files: QuerySet[ClusterFile], stages: Sequence[Stage], today: date) -> dict[int, list[Warning]]:
    """Warnings by file, for files under way: active, past the first gate, not yet standing alone. Three queries."""
    first = {each.code for each in stages if each.position == 0}
    running = files.filter(status=ClusterFile.Status.ACTIVE).exclude(stage__in=first).order_by()
    found: dict[int, list[Warning]] = defaultdict(list)
    with_agent = _from(stages, WITH_AGENT)
    rows = running.values_list("pk", "stage", "agent_name", "last_moved_on")
    for pk, stage, agent, moved in rows:
        if (today - moved).days > STILL:
            days = format_number((today - moved).days, page_language(), 0)
            found[pk].append(Warning("still", _("No paper has moved for %(days)s days.") % {"days": days}))
        if stage in with_agent and not agent:
            found[pk].append(Warning("no-agent", _("It has no cluster development agent.")))
    _overdue(running, today, found)
    _changed(running, today, found)
    return dict(found)


def _from(stages: Sequence[Stage], code: str) -> set[str]:
    """The codes of a stage and of all after it."""
    start = next((each.position for each in stages if each.code == code), len(stages))
    return {each.code for each in stages if each.position >= start}


def _overdue(running: QuerySet[ClusterFile], today: date, found: dict[int, list[Warning]]) -> None:
    rows = (
        Condition.objects.filter(file__in=running.values("pk"), kept_on=None, due_on__lt=today)
        .order_by()
        .values_list("file")
        .annotate(n=Counted("pk"), since=Min("due_on"))
    )
    for pk, n, since in rows:
        text = ngettext(
            "%(n)s condition is overdue since %(day)s.", "%(n)s conditions are overdue, the first since %(day)s.", n
        )
        day = format_day(since, page_language(), style="short")
        found[pk].append(Warning("overdue", text % {"n": format_number(n, page_language(), 0), "day": day}))


def _changed(running: QuerySet[ClusterFile], today: date, found: dict[int, list[Warning]]) -> None:
    since = today - timedelta(days=CHANGED)
    rows = AgentTerm.objects.filter(file__in=running.values("pk"), to_on__gte=since).order_by("to_on")
    for each in rows:
        day = format_day(each.to_on or today, page_language(), style="short")
        found[each.file_id].append(Warning("agent", _("The agent changed on %(day)s.") % {"day": day}))
