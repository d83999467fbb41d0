"""Who may see or do what in the programme. Row security says the same once more below."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from kandoo.programme.models import (
    Body,
    BodyMember,
    ClusterFile,
    Condition,
    Meeting,
    PaperEdition,
    SelectionRound,
)
from kandoo.register.access import Seat, View, seated
from kandoo.register.models import Cluster

ROLES = ("officer", "auditor", "controller", "supervisor", "committee")
READERS_OF_A_FILE = (*ROLES, "agent")


def at_desk(*roles: str) -> Callable[[Callable[Concatenate[HttpRequest, ...], HttpResponse]], View]:
    """Let a view be asked for from a seat of a programme with one of these roles (any, when none is named)."""

    def decorate(view: Callable[Concatenate[HttpRequest, ...], HttpResponse]) -> View:
        @wraps(view)
        @seated(*(roles or ROLES))
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            seat = Seat.of(request)
            if seat is None or not is_programme(seat):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def is_programme(seat: Seat) -> bool:
    """Whether the seat is in a programme, not in a cluster."""
    return seat.cluster.kind == Cluster.Kind.PROGRAMME


def of_the_nation(seat: Seat) -> bool:
    """Whether the seat is an officer's of the whole nation."""
    return is_programme(seat) and seat.role == "officer" and not seat.province


def files_seen_by(seat: Seat) -> QuerySet[ClusterFile]:
    """The files of the seat's province, of the nation all; for an agent the file of its own cluster."""
    if is_programme(seat):
        files = ClusterFile.objects.filter(cluster=seat.cluster)
        return files.filter(province=seat.province) if seat.province else files
    return ClusterFile.objects.filter(tenant=seat.cluster) if seat.role == "agent" else ClusterFile.objects.none()


def file_seen_by(seat: Seat, pk: int) -> ClusterFile:
    """One file, or 404."""
    return get_object_or_404(files_seen_by(seat), pk=pk)


def file_kept_by(seat: Seat, pk: int) -> ClusterFile:
    """A file the seat may change: an officer's of the province or the nation; else 404."""
    if seat.role != "officer":
        raise Http404
    return file_seen_by(seat, pk)


def may_bring_papers(seat: Seat) -> bool:
    """Whether the seat may add papers to the files it sees: officers, and the agent to its own cluster's."""
    return seat.is_one_of("officer", "agent")


def may_confirm(seat: Seat, edition: PaperEdition) -> bool:
    """A supervisor or officer who did not prepare it."""
    is_right = seat.is_one_of("officer", "supervisor") and is_programme(seat)
    return is_right and edition.status == PaperEdition.Status.PREPARED and edition.prepared_by_id != seat.person.pk


def may_approve(seat: Seat, edition: PaperEdition) -> bool:
    """An officer, of the nation where the paper asks for it, who neither prepared nor confirmed it."""
    required = edition.paper.required
    level_fits = not seat.province or required is None or required.approved_by == required.Level.PROVINCE
    others = seat.person.pk not in (edition.prepared_by_id, edition.confirmed_by_id)
    is_officer = seat.role == "officer" and is_programme(seat)
    return is_officer and level_fits and others and edition.status == PaperEdition.Status.CONFIRMED


def may_return(seat: Seat, edition: PaperEdition) -> bool:
    """Whoever could confirm or approve may send it back."""
    is_under_way = edition.status in (PaperEdition.Status.PREPARED, PaperEdition.Status.CONFIRMED)
    return seat.is_one_of("officer", "supervisor") and is_programme(seat) and is_under_way


def edition_seen_by(seat: Seat, pk: int) -> PaperEdition:
    """One edition of a paper, or 404."""
    editions = PaperEdition.objects.filter(file__in=files_seen_by(seat).values("pk"))
    return get_object_or_404(editions.select_related("paper__required__stage", "file"), pk=pk)


def bodies_seen_by(seat: Seat) -> QuerySet[Body]:
    """The bodies of the seat's province and of the nation."""
    bodies = Body.objects.filter(cluster=seat.cluster)
    return bodies.filter(province__in=("", seat.province)) if seat.province else bodies


def body_seen_by(seat: Seat, pk: int) -> Body:
    """One body, or 404."""
    return get_object_or_404(bodies_seen_by(seat), pk=pk)


def may_run(seat: Seat, body: Body) -> bool:
    """Whether the seat may change a body's members and call its meetings."""
    return seat.role == "officer" and seat.province in ("", body.province)


def leads(seat: Seat, body: Body, today: Any) -> bool:
    """Whether the person is chair or secretary of a body today."""
    posts = (BodyMember.Post.CHAIR, BodyMember.Post.SECRETARY)
    led = body.members.filter(person=seat.person, post__in=posts, from_on__lte=today)
    return led.filter(Q(to_on=None) | Q(to_on__gt=today)).exists()


def meetings_seen_by(seat: Seat) -> QuerySet[Meeting]:
    """The meetings of the seat's province's bodies; of the nation all."""
    meetings = Meeting.objects.filter(cluster=seat.cluster)
    return meetings.filter(body__province=seat.province) if seat.province else meetings


def meeting_seen_by(seat: Seat, pk: int) -> Meeting:
    """One meeting, or 404."""
    return get_object_or_404(meetings_seen_by(seat).select_related("body"), pk=pk)


def conditions_seen_by(seat: Seat) -> QuerySet[Condition]:
    """The conditions on the files a seat sees."""
    return Condition.objects.filter(file__in=files_seen_by(seat).values("pk"))


def rounds_seen_by(seat: Seat) -> QuerySet[SelectionRound]:
    """The rounds of selection of the seat's province; of the nation all."""
    rounds = SelectionRound.objects.filter(cluster=seat.cluster)
    return rounds.filter(province=seat.province) if seat.province else rounds


def round_seen_by(seat: Seat, pk: int) -> SelectionRound:
    """One round, or 404."""
    return get_object_or_404(rounds_seen_by(seat), pk=pk)
