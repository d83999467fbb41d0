"""The only writers of reports: begun, worded, submitted and frozen, confirmed, received, sent back."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from kandoo.programme.models import ClusterFile
from kandoo.programme.problems import NotPossible
from kandoo.programme.queries.people import people_for
from kandoo.register.access import Seat
from kandoo.reports import access
from kandoo.reports.models import Report
from kandoo.reports.queries import content as made
from kandoo.reports.queries.supervision import of_supervisor, supervised
from kandoo.results.actions import lock_period
from kandoo.results.periods import Period
from kandoo.site import audit, notices

Status = Report.Status
TEXTS = ("done", "obstacles", "next_steps")


def checksum(content: Any) -> str:
    """SHA-256 of a content in its one written form."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@transaction.atomic
def begin_report(
    *, seat: Seat, period: Period, today: date, now: datetime, file: ClusterFile | None = None, province: str = ""
) -> Report:
    """A draft on a period; of a cluster, else a supervisor's own, else of a province or the nation.

    The living report there is, if there is one. A draft of somebody who writes no more is taken over with its words.
    """
    is_own = file is None and access.writes_own(seat)
    if not (is_own or access.may_write(seat)):
        raise NotPossible(_("Reports are written by the agent of the cluster and by officers."))
    if period.first > today:
        raise NotPossible(_("This period has not begun."))
    place = {
        "cluster_id": file.cluster_id if file else seat.cluster.pk,
        "file": file,
        "province": file.province if file else seat.province if is_own else province,
        "supervisor": seat.person if is_own else None,
    }
    same = Report.objects.filter(**place, kind=period.kind, year=period.year, number=period.number)
    living = same.exclude(status=Status.RETURNED).first()
    left = living if living is not None and living.status == Status.DRAFT and living.by_id != seat.person.pk else None
    if living is not None and left is None:
        return living
    if is_own and not supervised(seat.cluster.pk, seat.province, seat.person.pk, period).exists():
        raise NotPossible(_("No visit of yours to a cluster ran in this period, so there is nothing to report."))
    before = same.order_by("-edition").first()
    texts = {name: getattr(before, name) for name in TEXTS} if before else {}
    if left is not None:
        _note(seat, left, "drop-report")
        left.delete()
    edition = (same.aggregate(last=Max("edition"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            report = Report.objects.create(
                **place, kind=period.kind, year=period.year, number=period.number, first=period.first, last=period.last,
                edition=edition, by=seat.person, at=now, **texts,
            )  # fmt: skip
    except IntegrityError:  # a draft of somebody else, which nobody but its author sees
        raise NotPossible(_("Somebody else is writing this report.")) from None
    _note(seat, report, "begin-report")
    return report


@transaction.atomic
def word_report(*, seat: Seat, report: Report, **texts: str) -> Report:
    """Write the author's words of a draft."""
    report = _locked(report, Status.DRAFT)
    for name in TEXTS:
        setattr(report, name, texts.get(name, getattr(report, name)).strip())
    report.save(update_fields=list(TEXTS))
    return report


def content_of(report: Report, today: date) -> made.Content:
    """What the records say for a report today."""
    period = Period(report.year, report.number, report.kind)
    if report.file is not None:
        return made.of_file(report.file, period, today)
    if report.supervisor_id is not None:
        return of_supervisor(report.cluster_id, report.province, report.supervisor_id, period, today)
    return made.of_place(report.cluster_id, report.province, period)


@transaction.atomic
def submit_report(*, seat: Seat, report: Report, today: date, now: datetime) -> Report:
    """Freeze what the records say, with the author's words. Raises NotPossible before the period is over."""
    report = _locked(report, Status.DRAFT)
    if report.last >= today:
        raise NotPossible(_("The period is not over; the report is submitted after its last day."))
    if not report.done and report.supervisor_id is None:
        raise NotPossible(_("Say in a sentence what was done."))
    report.content = content_of(report, today)
    report.sha256, report.status, report.submitted_at = checksum(report.content), Status.SUBMITTED, now
    report.save(update_fields=["content", "sha256", "status", "submitted_at"])
    _note(seat, report, "submit-report", sha256=report.sha256)
    _tell(report, _receivers(report), "report-submitted", seat)
    return report


def _receivers(report: Report) -> Iterable[int]:
    """For whom a submitted report waits: supervisors of the cluster; officers of the nation; those who take in a supervisor's."""
    if report.file_id is not None:
        return people_for(report.cluster_id, report.province, "supervisor")
    nation = people_for(report.cluster_id, "", "officer")
    if report.supervisor_id is None or not access.taken_in_by(report.cluster_id, report.province):
        return nation
    return set(people_for(report.cluster_id, report.province, "officer")) - set(nation)


@transaction.atomic
def confirm_report(*, seat: Seat, report: Report, now: datetime) -> Report:
    """The supervisor says that it is right."""
    report = _locked(report, Status.SUBMITTED)
    if not access.may_confirm(seat, report):
        raise NotPossible(_("A submitted report of a cluster is confirmed by a supervisor who did not write it."))
    report.status, report.confirmed_by, report.confirmed_at = Status.CONFIRMED, seat.person, now
    report.save(update_fields=["status", "confirmed_by", "confirmed_at"])
    _note(seat, report, "confirm-report")
    _tell(report, people_for(report.cluster_id, report.province, "officer"), "report-confirmed", seat)
    return report


@transaction.atomic
def receive_report(*, seat: Seat, report: Report, now: datetime) -> Report:
    """An officer takes it in; the period's figures of the cluster are closed with it."""
    report = _locked(report, Status.SUBMITTED, Status.CONFIRMED)
    if not access.may_receive(seat, report):
        raise NotPossible(_("It is received by an officer who neither wrote nor confirmed it, once it is confirmed."))
    report.status, report.received_by, report.received_at = Status.RECEIVED, seat.person, now
    report.save(update_fields=["status", "received_by", "received_at"])
    if report.file is not None:
        lock_period(by=seat.person, file=report.file, first=report.first, last=report.last, now=now)
    _note(seat, report, "receive-report")
    _tell(report, [report.by_id], "report-received", seat)
    return report


@transaction.atomic
def return_report(*, seat: Seat, report: Report, remark: str, now: datetime) -> Report:
    """Send it back with what to change; a further edition takes its place, this one stays on record."""
    report = _locked(report, Status.SUBMITTED, Status.CONFIRMED)
    if not access.may_return(seat, report):
        raise NotPossible(_("You may not send this report back."))
    if not remark.strip():
        raise NotPossible(_("Say what is to be changed."))
    report.status, report.returned_by, report.returned_at = Status.RETURNED, seat.person, now
    report.remark = remark.strip()
    report.save(update_fields=["status", "returned_by", "returned_at", "remark"])
    _note(seat, report, "return-report")
    _tell(report, [report.by_id], "report-returned", seat)
    return report


@transaction.atomic
def drop_draft(*, seat: Seat, report: Report) -> None:
    """Take an own draft away; nothing of it was frozen."""
    report = _locked(report, Status.DRAFT)
    _note(seat, report, "drop-report")
    report.delete()


def _locked(report: Report, *steps: str) -> Report:
    found = Report.objects.select_for_update(of=("self",)).select_related("file").filter(pk=report.pk).first()
    if found is None:  # row security locks no row for who may only read it
        raise NotPossible(_("This step is not yours to take."))
    if found.status not in steps:
        raise NotPossible(
            _("The report is now “%(step)s”, so this cannot be done.") % {"step": found.get_status_display()}
        )
    return found


def _note(seat: Seat, report: Report, verb: str, **detail: Any) -> None:
    subject = f"file/{report.file_id}" if report.file_id else f"cluster/{report.cluster_id}"
    period = Period(report.year, report.number, report.kind).key
    audit.record(
        by=seat.person, cluster_id=report.cluster_id, verb=verb, subject=subject,
        province=report.file.province if report.file else report.province, report=report.pk, period=period, **detail,
    )  # fmt: skip


def _tell(report: Report, people: Iterable[int], code: str, seat: Seat) -> None:
    notices.tell(
        set(people) - {seat.person.pk},
        cluster_id=report.cluster_id,
        code=code if report.supervisor_id is None else f"own-{code}",
        url=f"/reports/{report.pk}/",
        cluster=report.file.name_fa if report.file else report.cluster.name_fa,
    )
