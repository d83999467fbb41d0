"""Who may see or do what with studies. Row security says the same once more below."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from kandoo.finding.models import Study
from kandoo.register.access import Seat
from kandoo.register.models import Cluster

READERS = ("agent", "officer", "auditor")
WRITERS = ("agent", "officer")


def studies_seen_by(seat: Seat) -> QuerySet[Study]:
    """The studies of the seat's cluster or programme; of a province's desk its own and the nation's."""
    studies = Study.objects.filter(cluster=seat.cluster)
    if seat.role == "officer":
        studies = studies.exclude(source=Study.Source.REGISTER)
    if seat.role not in READERS:
        return studies.none()
    return studies.filter(Q(province="") | Q(province=seat.province)) if seat.province else studies


def study_seen_by(seat: Seat, pk: int) -> Study:
    """One study with its work, or 404."""
    return get_object_or_404(studies_seen_by(seat).select_related("job", "cluster"), pk=pk)


def has_own_apiaries(seat: Seat) -> bool:
    """Whether the seat may take the cluster's own apiaries: it reads every member's hives anyway."""
    return seat.role == "agent" and seat.cluster.kind == Cluster.Kind.CLUSTER


def may_propose(seat: Seat) -> bool:
    """Whether what is found can become a candidate of the seat's programme."""
    return seat.role == "officer" and seat.cluster.kind == Cluster.Kind.PROGRAMME
