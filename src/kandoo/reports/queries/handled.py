"""What a supervisor confirmed or sent back in a period, and what waited for a supervisor when it ended."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from kandoo.credit.models import Phase
from kandoo.programme.models import ClusterFile, PaperEdition
from kandoo.reports.models import Report
from kandoo.reports.queries.content import Content, in_both
from kandoo.results.periods import Period
from kandoo.strategy.models import Diagnosis

STEPS = ("confirmed", "returned")
# What a supervisor answers for: its rows with their file at hand, where the file stands, and the steps kept in the row.
SOURCES: dict[str, tuple[QuerySet[Any], str, tuple[str, ...]]] = {
    "paper": (PaperEdition.objects.select_related("file", "paper__required"), "file", STEPS),
    "phase": (Phase.objects.select_related("contract__file"), "contract__file", STEPS[:1]),
    "report": (Report.objects.select_related("file"), "file", STEPS),
    "study": (Diagnosis.objects.select_related("file"), "file", STEPS[:1]),
}


def named(file: ClusterFile) -> dict[str, str]:
    """A cluster's name in both languages."""
    return {"fa": file.name_fa, "en": file.name_en or file.name_fa}


def handled(files: QuerySet[ClusterFile], supervisor_id: int, period: Period) -> Content:
    """How many of each kind were confirmed and sent back, and which, day by day."""
    rows = [*_kept(files, supervisor_id, period), *_phases_returned(files, supervisor_id, period)]
    counts = Counter((each["kind"], each["step"]) for each in rows)
    return {kind: {step: counts[kind, step] for step in STEPS} for kind in SOURCES} | {
        "rows": sorted(rows, key=lambda each: each["on"])
    }


def _kept(files: QuerySet[ClusterFile], supervisor_id: int, period: Period) -> Iterator[Content]:
    """What the rows themselves keep of person and moment."""
    for kind, (rows, file, steps) in SOURCES.items():
        of_files = rows.filter(**{f"{file}__in": files.values("pk")}).order_by("pk")
        for step in steps:
            at = f"{step}_at"
            taken = {f"{step}_by": supervisor_id, f"{at}__date__range": (period.first, period.last)}
            for each in of_files.filter(**taken):
                of = each.contract.file if kind == "phase" else each.file
                yield _row(kind, step, of, timezone.localdate(getattr(each, at)), _what(each))


def _phases_returned(files: QuerySet[ClusterFile], supervisor_id: int, period: Period) -> Iterator[Content]:
    """A phase that is sent back keeps neither person nor day; the trail does (`kandoo_phases_sent_back`)."""
    since, until = (_begin(day) for day in (period.first, period.last + timedelta(days=1)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM kandoo_phases_sent_back(%s, %s, %s)", [supervisor_id, since, until])
        found = cursor.fetchall()
    by_pk = files.in_bulk([file for file, _at, _what in found])
    for file, at, what in found:
        if file in by_pk:
            yield _row("phase", "returned", by_pk[file], timezone.localdate(at), what)


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _row(kind: str, step: str, file: ClusterFile, on: date, what: str | dict[str, str]) -> Content:
    return {"on": on.isoformat(), "cluster": named(file), "kind": kind, "what": what, "step": step}


def _what(each: Any) -> str | dict[str, str]:
    """A paper by its name, a phase by its contract and title, a report by its period, a study by its edition."""
    match each:
        case PaperEdition():
            required = each.paper.required
            return {"fa": required.name_fa, "en": required.name_en} if required else each.paper.title
        case Phase():
            return f"{each.contract.number} · {each.title}"
        case Report():
            return in_both(Period(each.year, each.number, each.kind))
        case _:
            return str(each.number)


def waiting(files: QuerySet[ClusterFile], supervisor_id: int, until: date) -> Counter[int]:
    """By file: papers, phases and reports that waited for a supervisor at the end of a day; not those of the own hand."""
    answered = Q(confirmed_at__date__lte=until)
    back = Q(returned_at__date__lte=until)
    within = files.values("pk")
    papers = PaperEdition.objects.filter(file__in=within, prepared_at__date__lte=until)
    phases = Phase.objects.filter(contract__file__in=within, delivered_on__lte=until)
    reports = Report.objects.filter(file__in=within, submitted_at__date__lte=until)
    found: Counter[int] = Counter()
    found.update(papers.exclude(answered | back | Q(prepared_by=supervisor_id)).values_list("file", flat=True))
    found.update(phases.exclude(answered | Q(delivered_by=supervisor_id)).values_list("contract__file", flat=True))
    found.update(reports.exclude(answered | back | Q(by=supervisor_id)).values_list("file", flat=True))
    return found
