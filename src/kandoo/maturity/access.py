"""Who may see and write gauges and self-assessments. Row security says the same once more below."""

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from kandoo.maturity.models import Assessment, Evidence, PartAnswer
from kandoo.programme.access import file_seen_by, files_seen_by
from kandoo.programme.models import ClusterFile
from kandoo.register.access import Seat

WRITERS = ("officer", "agent")
REMARKERS = ("officer", "supervisor")


def may_write(seat: Seat) -> bool:
    """Whether the seat answers and types figures in the files it sees."""
    return seat.is_one_of(*WRITERS)


def may_remark(seat: Seat) -> bool:
    """Whether the seat remarks on assessments."""
    return seat.is_one_of(*REMARKERS)


def file_written_by(seat: Seat, pk: int) -> ClusterFile:
    """A file in which the seat answers and types figures; else 404."""
    if not may_write(seat):
        raise Http404
    return file_seen_by(seat, pk)


def assessments_seen_by(seat: Seat) -> QuerySet[Assessment]:
    """Assessments of the files a seat sees."""
    return Assessment.objects.filter(file__in=files_seen_by(seat).values("pk")).select_related("file")


def assessment_seen_by(seat: Seat, pk: int) -> Assessment:
    """One assessment, or 404."""
    return get_object_or_404(assessments_seen_by(seat), pk=pk)


def assessment_answered_by(seat: Seat, pk: int) -> Assessment:
    """One that is being answered, by who may; else 404."""
    if not may_write(seat):
        raise Http404
    return get_object_or_404(assessments_seen_by(seat), pk=pk, status=Assessment.Status.OPEN)


def evidence_seen_by(seat: Seat, pk: int) -> Evidence:
    """One piece of evidence, or 404."""
    seen = Evidence.objects.filter(file__in=files_seen_by(seat).values("pk")).select_related("assessment")
    return get_object_or_404(seen, pk=pk)


def part_answer_seen_by(seat: Seat, pk: int) -> PartAnswer:
    """One typed figure, or 404."""
    return get_object_or_404(PartAnswer.objects.filter(file__in=files_seen_by(seat).values("pk")), pk=pk)
