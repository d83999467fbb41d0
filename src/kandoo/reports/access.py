"""Who may see, write, confirm or receive a report; row security says the same once more below."""

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from kandoo.programme.access import file_seen_by, files_seen_by, is_programme
from kandoo.programme.models import ClusterFile
from kandoo.programme.queries.people import officered
from kandoo.register.access import Seat
from kandoo.reports.models import Report

READERS = ("officer", "auditor", "controller", "supervisor", "committee", "agent")
Status = Report.Status
OVERSEERS = ("officer", "auditor")  # they read what supervisors submit on their own work


def reports_seen_by(seat: Seat) -> QuerySet[Report]:
    """Submitted reports of the files a seat sees and of its province, of the nation all; and its own drafts.

    Supervisors' own are seen by officers, auditors and the supervisor who wrote them.
    """
    wanted = Q(file__in=files_seen_by(seat).values("pk"))
    if is_programme(seat):
        here = Q(file=None, cluster=seat.cluster) & (Q(province=seat.province) if seat.province else Q())
        wanted |= here & (Q() if seat.role in OVERSEERS else Q(supervisor=None))
    if writes_own(seat):
        wanted |= Q(supervisor=seat.person, cluster=seat.cluster, province=seat.province)
    return Report.objects.filter(wanted).filter(~Q(status=Status.DRAFT) | Q(by=seat.person))


def report_seen_by(seat: Seat, pk: int) -> Report:
    """One report, or 404."""
    return get_object_or_404(reports_seen_by(seat).select_related("file"), pk=pk)


def may_write(seat: Seat) -> bool:
    """Whether the seat writes reports on the files it sees: an agent on its own cluster, officers."""
    return seat.role == "agent" or (seat.role == "officer" and is_programme(seat))


def writes_own(seat: Seat) -> bool:
    """Whether the seat writes a report on its own work: a technical supervisor's."""
    return seat.role == "supervisor" and is_programme(seat)


def file_reported_by(seat: Seat, pk: int) -> ClusterFile:
    """A file on which the seat may report, or 404."""
    if not may_write(seat):
        raise Http404
    return file_seen_by(seat, pk)


def draft_of(seat: Seat, pk: int) -> Report:
    """A draft of the person's own, or 404."""
    return get_object_or_404(reports_seen_by(seat), pk=pk, status=Status.DRAFT, by=seat.person)


def may_confirm(seat: Seat, report: Report) -> bool:
    """A supervisor who did not write a cluster's report."""
    is_right = seat.role == "supervisor" and is_programme(seat) and report.file_id is not None
    return is_right and report.status == Status.SUBMITTED and report.by_id != seat.person.pk


def may_receive(seat: Seat, report: Report) -> bool:
    """An officer who neither wrote nor confirmed it: of the province or the nation, for a province's of the nation,
    for a supervisor's of the desk that takes it in."""
    others = seat.person.pk not in (report.by_id, report.confirmed_by_id)
    is_officer = seat.role == "officer" and is_programme(seat) and others
    if report.supervisor_id is not None:
        is_desk = seat.province == taken_in_by(report.cluster_id, report.province)
        return is_officer and is_desk and report.status == Status.SUBMITTED
    if report.file_id is None:
        return is_officer and not seat.province and report.status == Status.SUBMITTED
    return is_officer and report.status == Status.CONFIRMED


def taken_in_by(programme_id: int, province: str) -> str:
    """Whose officers take in the reports of a province's supervisors: its own; where it has none, the nation's (blank)."""
    return province if province in officered(programme_id) else ""


def may_return(seat: Seat, report: Report) -> bool:
    """Whoever could confirm or receive it may send it back."""
    if report.status not in (Status.SUBMITTED, Status.CONFIRMED) or not is_programme(seat):
        return False
    if report.supervisor_id is not None:
        return may_receive(seat, report)
    is_officer = seat.role == "officer" and not seat.province
    is_right = seat.role in ("officer", "supervisor") if report.file_id else is_officer
    return is_right and report.by_id != seat.person.pk
