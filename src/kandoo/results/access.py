"""Who may see or write an indicator's figures; row security says the same once more below."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from kandoo.programme.access import file_seen_by, files_seen_by, is_programme, of_the_nation
from kandoo.programme.models import ClusterFile
from kandoo.register.access import Seat
from kandoo.results.models import Indicator

READERS = ("officer", "auditor", "controller", "supervisor", "committee", "agent")


def may_write(seat: Seat) -> bool:
    """Whether the seat sets targets and types in figures of the files it sees: officers, and a cluster's own agent."""
    return seat.role == "agent" or (seat.role == "officer" and is_programme(seat))


def may_close(seat: Seat) -> bool:
    """Whether the seat closes periods of the files it sees."""
    return seat.role == "officer" and is_programme(seat)


def may_define(seat: Seat) -> bool:
    """Whether the seat keeps the list of indicators."""
    return of_the_nation(seat)


def file_written_by(seat: Seat, pk: int) -> ClusterFile:
    """A file whose figures the seat may write, or 404."""
    if not may_write(seat):
        raise Http404
    return file_seen_by(seat, pk)


def own_file(seat: Seat) -> ClusterFile | None:
    """The file of the agent's own cluster."""
    return files_seen_by(seat).first()


def indicator_of(file: ClusterFile, code: str) -> Indicator:
    """One indicator of the programme that keeps a file, or 404."""
    return get_object_or_404(Indicator, cluster=file.cluster_id, code=code)


def indicator_kept_by(seat: Seat, code: str) -> Indicator:
    """An indicator the seat may change, or 404."""
    if not may_define(seat):
        raise Http404
    return get_object_or_404(Indicator, cluster=seat.cluster, code=code)
