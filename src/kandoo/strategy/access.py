"""Who may see or do what with a diagnosis and a plan. Row security says the same once more below."""

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from kandoo.programme.access import READERS_OF_A_FILE, file_seen_by, files_seen_by, is_programme
from kandoo.programme.models import ClusterFile
from kandoo.register.access import Seat
from kandoo.strategy.models import Diagnosis

__all__ = ["READERS_OF_A_FILE", "file_seen_by", "files_seen_by", "is_programme"]


def may_write(seat: Seat) -> bool:
    """Whether the seat writes diagnosis and plan of the files it sees: officers, and the agent of the cluster."""
    return (seat.role == "officer" and is_programme(seat)) or (seat.role == "agent" and not is_programme(seat))


def file_written_by(seat: Seat, pk: int) -> ClusterFile:
    """A file whose plan the seat may write; else 404."""
    if not may_write(seat):
        raise Http404
    return file_seen_by(seat, pk)


def diagnoses_seen_by(seat: Seat) -> QuerySet[Diagnosis]:
    """The editions of every file a seat sees."""
    return Diagnosis.objects.filter(file__in=files_seen_by(seat).values("pk")).select_related("file")


def diagnosis_seen_by(seat: Seat, file: int, number: int) -> Diagnosis:
    """One edition, or 404."""
    return get_object_or_404(diagnoses_seen_by(seat), file=file, number=number)


def may_change(seat: Seat, diagnosis: Diagnosis) -> bool:
    """Whether the seat may change what an edition says: a writer, while it is being written."""
    return may_write(seat) and diagnosis.status == Diagnosis.Status.DRAFT


def may_confirm(seat: Seat, diagnosis: Diagnosis) -> bool:
    """A supervisor who did not prepare it."""
    is_waiting = diagnosis.status == Diagnosis.Status.PREPARED and diagnosis.prepared_by_id != seat.person.pk
    return seat.role == "supervisor" and is_programme(seat) and is_waiting
