"""Who may see, plan and report visits; row security says the same once more below."""

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from kandoo.programme.access import READERS_OF_A_FILE, file_seen_by, files_seen_by, is_programme
from kandoo.programme.models import ClusterFile
from kandoo.register.access import Seat
from kandoo.visits.models import Advice, Visit

READERS = READERS_OF_A_FILE
PLANNERS = ("officer", "supervisor")


def visits_seen_by(seat: Seat) -> QuerySet[Visit]:
    """The visits to the files a seat sees."""
    return Visit.objects.filter(file__in=files_seen_by(seat).values("pk")).select_related("file")


def visit_seen_by(seat: Seat, pk: int) -> Visit:
    """One visit, or 404."""
    return get_object_or_404(visits_seen_by(seat), pk=pk)


def advice_seen_by(seat: Seat) -> QuerySet[Advice]:
    """The advice on the files a seat sees."""
    return Advice.objects.filter(file__in=files_seen_by(seat).values("pk")).select_related("file", "visit")


def may_plan(seat: Seat) -> bool:
    """Whether the seat plans visits: officers and supervisors."""
    return is_programme(seat) and seat.role in PLANNERS


def file_planned_by(seat: Seat, pk: int) -> ClusterFile:
    """A file to which the seat may plan visits, or 404."""
    if not may_plan(seat):
        raise Http404
    return file_seen_by(seat, pk)


def may_report(seat: Seat, visit: Visit) -> bool:
    """The supervisor whose visit it is, while it is planned."""
    is_own = is_programme(seat) and seat.role == "supervisor" and visit.supervisor_id == seat.person.pk
    return is_own and visit.status == Visit.Status.PLANNED


def may_answer(seat: Seat) -> bool:
    """Whether the seat says what became of an advice: officers, supervisors, and the agent on its own cluster."""
    return may_plan(seat) or seat.role == "agent"
