"""What a technical supervisor's report says, computed from the records: the own visits and advice, what was confirmed or
sent back, and what is open in each cluster. The same plain values as in `content`.

A supervisor supervises the clusters it visits: one whose visits began by the end of the period, and of which a visit or
an advice still ran in it. All is told as of the period's end, or of today while it runs.
"""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import translation

from kandoo.programme.models import ClusterFile, Condition
from kandoo.programme.queries.people import names
from kandoo.reports.queries.content import SCHEMA, Content
from kandoo.reports.queries.handled import handled, named, waiting
from kandoo.reports.queries.owing import overdue
from kandoo.results.periods import Period
from kandoo.visits.models import Advice, Visit
from kandoo.visits.queries import GRACE

Told = list[tuple[Any, str]]  # a visit or an advice, and where it stood
OPEN = ("visits_late", "advice_open", "advice_late", "waiting", "conditions_overdue", "reports_overdue")


def supervised(programme_id: int, province: str, supervisor_id: int, period: Period) -> QuerySet[ClusterFile]:
    """The clusters of a place that a supervisor supervised in a period."""
    own = Visit.objects.filter(cluster=programme_id, supervisor=supervisor_id).exclude(status=Visit.Status.CANCELLED)
    begun = own.filter(planned_on__lte=period.last)
    running = Q(planned_on__gte=period.first) | Q(visited_on__gte=period.first) | Q(status=Visit.Status.PLANNED)
    advised = Advice.objects.filter(Q(kept_on=None) | Q(kept_on__gte=period.first), visit__supervisor=supervisor_id)
    files = _files(programme_id, province).filter(pk__in=begun.values("file"))
    return files.filter(Q(pk__in=own.filter(running).values("file")) | Q(pk__in=advised.values("file")))


def of_supervisor(programme_id: int, province: str, supervisor_id: int, period: Period, today: date) -> Content:
    """The whole content of a supervisor's own report on a period."""
    until = min(period.last, today)
    files = supervised(programme_id, province, supervisor_id, period).order_by("sort_key", "pk")
    visits = _visits(files, supervisor_id, period, until)
    advice = _advice(files, supervisor_id, period, until)
    clusters = _clusters(files, visits, advice, waiting(files, supervisor_id, until), until)
    return {
        "schema": SCHEMA,
        "supervisor": {"name": _name_of(programme_id, supervisor_id), "province": province},
        "clusters": clusters,
        "open": {name: sum(each[name] for each in clusters.values()) for name in OPEN},
        "visits": _visits_told(visits, period),
        "advice": _advice_told(advice, period),
        "handled": handled(_files(programme_id, province), supervisor_id, period),
    }


def _files(programme_id: int, province: str) -> QuerySet[ClusterFile]:
    files = ClusterFile.objects.filter(cluster=programme_id)
    return files.filter(province=province) if province else files


def _name_of(programme_id: int, person_id: int) -> dict[str, str]:
    """A person's name in Persian and English, for readers who do not see its record."""
    said = {}
    for language in ("fa", "en"):
        with translation.override(language):
            said[language] = names(programme_id).get(person_id, "")
    return said


def _visits(files: QuerySet[ClusterFile], supervisor_id: int, period: Period, until: date) -> Told:
    """Planned for the period, made in it, or planned before and not made when it ended."""
    within = (period.first, period.last)
    unmade = Q(planned_on__lt=period.first) & (Q(status=Visit.Status.PLANNED) | Q(visited_on__gt=until))
    rows = Visit.objects.filter(Q(planned_on__range=within) | Q(visited_on__range=within) | unmade)
    rows = rows.filter(file__in=files.values("pk"), supervisor=supervisor_id).select_related("file")
    found = rows.annotate(advised=Count("advice")).order_by("planned_on", "pk")
    return [(each, _stood(each, until)) for each in found]


def _stood(visit: Visit, until: date) -> str:
    if visit.status == Visit.Status.CANCELLED:
        return "called_off"
    if visit.visited_on is not None and visit.visited_on <= until:
        return "made"
    return "late" if visit.planned_on < until - timedelta(days=GRACE) else "planned"


def _visits_told(visits: Told, period: Period) -> Content:
    stood = Counter(state for _visit, state in visits)
    planned = [
        state
        for visit, state in visits
        if period.first <= visit.planned_on <= period.last and state != "called_off"
    ]  # fmt: skip
    made = planned.count("made")
    return {
        "planned": len(planned), "made": made, "further": stood["made"] - made, "called_off": stood["called_off"],
        "late": stood["late"], "rows": [_visit(visit, state) for visit, state in visits],
    }  # fmt: skip


def _visit(visit: Any, state: str) -> Content:
    told = {"cluster": named(visit.file), "planned": visit.planned_on.isoformat(), "state": state}
    if state != "made":
        return told | {"visited": None, "course": "", "advice": 0}
    return told | {"visited": visit.visited_on.isoformat(), "course": visit.course, "advice": visit.advised}


def _advice(files: QuerySet[ClusterFile], supervisor_id: int, period: Period, until: date) -> Told:
    """Given by the end of the period, and kept in it or still open then."""
    rows = Advice.objects.filter(Q(kept_on=None) | Q(kept_on__gte=period.first), file__in=files.values("pk"))
    rows = rows.filter(visit__supervisor=supervisor_id, visit__visited_on__lte=until)
    return [(each, _became(each, until)) for each in rows.select_related("file", "visit").order_by("due_on", "pk")]


def _became(advice: Advice, until: date) -> str:
    if advice.kept_on is not None and advice.kept_on <= until:
        return "kept"
    return "late" if advice.due_on < until else "open"


def _advice_told(advice: Told, period: Period) -> Content:
    became = Counter(state for _advice, state in advice)
    rows = [
        {
            "cluster": named(each.file), "text": each.text, "owner": each.owner_name, "due": each.due_on.isoformat(),
            "state": state,
        }
        for each, state in advice
    ]  # fmt: skip
    return {
        "given": sum(each.visit.visited_on >= period.first for each, _state in advice), "kept": became["kept"],
        "open": became["open"] + became["late"], "late": became["late"], "rows": rows,
    }  # fmt: skip


def _clusters(
    files: QuerySet[ClusterFile], visits: Told, advice: Told, waits: Counter[int], until: date
) -> dict[str, Content]:
    """By the cluster's code: its stage, its visits, and what is open there."""
    stood = Counter((visit.file_id, state) for visit, state in visits)
    became = Counter((each.file_id, state) for each, state in advice)
    conditions = _conditions_overdue(files, until)
    reports = overdue(files, until)
    return {
        each.code: {
            "name_fa": each.name_fa, "name_en": each.name_en, "place": place, "stage": each.stage,
            "visits_made": stood[each.pk, "made"], "visits_late": stood[each.pk, "late"],
            "advice_open": became[each.pk, "open"] + became[each.pk, "late"], "advice_late": became[each.pk, "late"],
            "waiting": waits[each.pk], "conditions_overdue": conditions[each.pk],
            "reports_overdue": int(each.pk in reports),
        }
        for place, each in enumerate(files)
    }  # fmt: skip


def _conditions_overdue(files: QuerySet[ClusterFile], until: date) -> Counter[int]:
    is_open = Q(kept_on=None) | Q(kept_on__gt=until)
    rows = Condition.objects.filter(is_open, file__in=files.values("pk"), due_on__lt=until, decision__on__lte=until)
    return Counter(rows.values_list("file", flat=True))
