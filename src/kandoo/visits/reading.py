"""Visits in words."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from kandoo.visits.models import Advice, Visit

COURSES = {"good": "good", "behind": "warn", "stopped": "bad"}
COLUMNS = (
    *(gettext_lazy("Cluster"), gettext_lazy("Planned for"), gettext_lazy("State"), gettext_lazy("Day of the visit")),
    *(gettext_lazy("Technical supervisor"), gettext_lazy("Purpose"), gettext_lazy("How the project stands")),
    *(gettext_lazy("What was found"), gettext_lazy("Reason")),
)


def badge(visit: Visit, today: date) -> dict[str, str]:
    """Where a visit stands."""
    if visit.status == Visit.Status.DONE:
        return {"kind": COURSES[visit.course], "text": visit.get_course_display()}
    if visit.status == Visit.Status.CANCELLED:
        return {"kind": "unknown", "text": visit.get_status_display()}
    if visit.planned_on < today:
        return {"kind": "bad", "text": pgettext("visit", "Late")}
    return {"kind": "plain", "text": visit.get_status_display()}


def row(visit: Visit, people: dict[int, str], today: date) -> dict[str, Any]:
    """A visit with its badge and its supervisor's name."""
    return {"visit": visit, "badge": badge(visit, today), "supervisor": people.get(visit.supervisor_id, "")}


def cells(visit: Visit, people: dict[int, str]) -> tuple[Any, ...]:
    """As a row of a table."""
    return (
        str(visit.file), visit.planned_on, visit.get_status_display(), visit.visited_on, people.get(visit.supervisor_id, ""),
        visit.purpose, visit.get_course_display() if visit.course else "", visit.found, visit.reason,
    )  # fmt: skip


def advice_badge(advice: Advice, today: date) -> dict[str, str]:
    """What became of an advice."""
    if advice.kept_on is not None:
        return {"kind": "good", "text": pgettext("advice", "Followed")}
    if advice.due_on < today:
        return {"kind": "bad", "text": pgettext("advice", "Overdue")}
    return {"kind": "plain", "text": _("Open")}
