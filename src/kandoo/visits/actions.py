"""The only writers of visits: planned, moved, called off, reported with advice; and what became of the advice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.programme.models import ClusterFile
from kandoo.programme.problems import NotPossible
from kandoo.programme.queries.people import people_for
from kandoo.register.models import Person
from kandoo.site import audit, notices
from kandoo.visits.models import Advice, Visit
from kandoo.visits.queries import days

Status = Visit.Status
MOST = 36  # visits of one plan


@dataclass(frozen=True, slots=True)
class ReportTerms:
    """What a supervisor says of a visit. advice: (what, who, by when)."""

    visited_on: date
    place: str
    met: str
    found: str
    course: str
    advice: Sequence[tuple[str, str, date]]


@transaction.atomic
def plan_visits(
    *,
    by: Person,
    file: ClusterFile,
    supervisor: int,
    first: date,
    until: date,
    months: int,
    purpose: str,
    now: datetime,
) -> list[Visit]:
    """Plan visits on the same day of the month, every so many months; days that are planned already stay as they are."""
    if supervisor not in people_for(file.cluster_id, file.province, "supervisor"):
        raise NotPossible(_("This person is not a supervisor of the province."))
    if until < first:
        raise NotPossible(_("The last day does not lie before the first."))
    wanted = days(first, until, months)
    if len(wanted) > MOST:
        raise NotPossible(
            _("These are %(n)s visits; plan %(most)s at most at once.") % {"n": len(wanted), "most": MOST}
        )
    there = set(
        Visit.objects.filter(file=file, supervisor=supervisor).exclude(status=Status.CANCELLED).values_list("planned_on", flat=True)
    )  # fmt: skip
    made = Visit.objects.bulk_create(
        Visit(
            cluster_id=file.cluster_id, file=file, supervisor_id=supervisor, planned_on=day, purpose=purpose.strip(), by=by, at=now
        )
        for day in wanted
        if day not in there
    )  # fmt: skip
    if not made:
        raise NotPossible(_("All these days are planned already."))
    _note(by, file, "plan-visits", visits=len(made))
    _tell([supervisor], file, "visits-planned", by.pk)
    return made


@transaction.atomic
def move_visit(*, by: Person, visit: Visit, to: date, reason: str) -> Visit:
    """Another day for a planned visit."""
    visit = _planned(visit)
    if not reason.strip():
        raise NotPossible(_("Write why, so that the others know."))
    others = Visit.objects.filter(file=visit.file, supervisor=visit.supervisor_id, planned_on=to)
    if others.exclude(status=Status.CANCELLED).exists():
        raise NotPossible(_("A visit is planned for this day already."))
    before, visit.planned_on, visit.reason = visit.planned_on, to, reason.strip()
    visit.save(update_fields=["planned_on", "reason"])
    _note(by, visit.file, "move-visit", before=before.isoformat(), reason=visit.reason)
    _tell([visit.supervisor_id], visit.file, "visit-moved", by.pk)
    return visit


@transaction.atomic
def cancel_visit(*, by: Person, visit: Visit, reason: str) -> Visit:
    """Call a planned visit off; it stays on record with its reason."""
    visit = _planned(visit)
    if not reason.strip():
        raise NotPossible(_("Write why, so that the others know."))
    visit.status, visit.reason = Status.CANCELLED, reason.strip()
    visit.save(update_fields=["status", "reason"])
    _note(by, visit.file, "cancel-visit", reason=visit.reason)
    _tell([visit.supervisor_id], visit.file, "visit-called-off", by.pk)
    return visit


@transaction.atomic
def report_visit(*, by: Person, visit: Visit, terms: ReportTerms, today: date, now: datetime) -> Visit:
    """The supervisor who went says what was found and advises; it is not changed afterwards."""
    visit = _planned(visit)
    if visit.supervisor_id != by.pk:
        raise NotPossible(_("A visit is reported by the supervisor who went."))
    if terms.visited_on > today:
        raise NotPossible(_("This day is still to come."))
    late = next((what for what, _who, due in terms.advice if due < terms.visited_on), None)
    if late is not None:
        raise NotPossible(_("“%(advice)s” would be due before the visit.") % {"advice": late})
    for name in ("visited_on", "place", "met", "found", "course"):
        setattr(visit, name, getattr(terms, name))
    visit.status, visit.reported_at = Status.DONE, now
    visit.save(update_fields=["visited_on", "place", "met", "found", "course", "status", "reported_at"])
    Advice.objects.bulk_create(
        Advice(
            cluster_id=visit.cluster_id, file=visit.file, visit=visit, position=place, text=what, owner_name=who, due_on=due
        )
        for place, (what, who, due) in enumerate(terms.advice, start=1)
    )  # fmt: skip
    _note(by, visit.file, "report-visit", visit=visit.pk, advice=len(terms.advice))
    _tell(people_for(visit.cluster_id, visit.file.province, "officer"), visit.file, "visit-reported", by.pk, visit)
    return visit


@transaction.atomic
def follow_advice(*, by: Person, advice: Advice, how: str, today: date) -> Advice:
    """Say what was done of an advice, once."""
    advice = Advice.objects.select_for_update(of=("self",)).select_related("file", "visit").get(pk=advice.pk)
    if advice.kept_on is not None:
        raise NotPossible(_("What became of this advice is on record already."))
    if not how.strip():
        raise NotPossible(_("Say in a sentence what was done."))
    advice.kept_on, advice.kept_how, advice.kept_by = today, how.strip(), by
    advice.save(update_fields=["kept_on", "kept_how", "kept_by"])
    _note(by, advice.file, "follow-advice", visit=advice.visit_id, advice=advice.position)
    _tell([advice.visit.supervisor_id], advice.file, "advice-followed", by.pk, advice.visit)
    return advice


def _planned(visit: Visit) -> Visit:
    found = Visit.objects.select_for_update(of=("self",)).select_related("file").get(pk=visit.pk)
    if found.status != Status.PLANNED:
        raise NotPossible(
            _("The visit is now “%(state)s”, so this cannot be done.") % {"state": found.get_status_display()}
        )
    return found


def _note(by: Person, file: ClusterFile, verb: str, **detail: Any) -> None:
    audit.record(
        by=by, cluster_id=file.cluster_id, verb=verb, subject=f"file/{file.pk}", province=file.province, **detail
    )


def _tell(people: Sequence[int], file: ClusterFile, code: str, but: int, visit: Visit | None = None) -> None:
    url = f"/visits/{visit.pk}/" if visit else f"/visits/files/{file.pk}/"
    notices.tell(set(people) - {but}, cluster_id=file.cluster_id, code=code, url=url, cluster=file.name_fa)
