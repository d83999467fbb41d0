"""Who may see or do what in the register; the seat from which a person asks.

A seat is one role of one person in one cluster. Every page is asked for from a seat; the other
apps' access functions take it too. What may not be seen looks like what is not there (404).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from kandoo.register.models import Cluster, Enterprise, Person, Role

SESSION_SEAT = "seat"


@dataclass(frozen=True, slots=True)
class Seat:
    """One role of one person in one cluster."""

    pk: int  # of the role
    person: Person
    cluster: Cluster
    role: str
    enterprise: Enterprise | None
    province: str = ""  # in a programme: the province the role is held for, blank for the whole nation

    @property
    def province_name(self) -> str:
        """The province's name in the language of the page; empty for none."""
        return Role(province=self.province).province_name

    @classmethod
    def of(cls, request: HttpRequest) -> "Seat | None":
        """The seat the person chose, or the first they have; None for a stranger."""
        if not request.user.is_authenticated:
            return None
        cached: Seat | None = getattr(request, "seat", None)
        if cached is None:
            seats = seats_of(request.user)
            chosen = request.session.get(SESSION_SEAT)
            cached = next((seat for seat in seats if seat.pk == chosen), seats[0] if seats else None)
            request.seat = cached  # type: ignore[attr-defined]
        return cached

    def is_one_of(self, *roles: str) -> bool:
        """Whether the seat's role is among these."""
        return self.role in roles


def seats_of(person: Person) -> list[Seat]:
    """All seats a person has today."""
    today = timezone.localdate()
    roles = (
        Role.objects.filter(person=person, from_on__lte=today)
        .filter(Q(to_on=None) | Q(to_on__gt=today))
        .select_related("cluster", "enterprise")
        .order_by("pk")
    )
    return [Seat(each.pk, person, each.cluster, each.role, each.enterprise, each.province) for each in roles]


View = Callable[..., HttpResponse]


def seated(*roles: str) -> Callable[[Callable[Concatenate[HttpRequest, ...], HttpResponse]], View]:
    """Let a view be asked for from a seat with one of these roles (any, when none is named).

    A signed-out person is led to sign in; one in another seat is told so (403).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            seat = Seat.of(request)
            if seat is None or (roles and seat.role not in roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def firms_seen_by(seat: Seat) -> QuerySet[Enterprise]:
    """The directory of the cluster; a buyer sees its own firm alone."""
    firms = Enterprise.objects.filter(cluster=seat.cluster)
    if seat.role == Role.Name.BUYER:
        return firms.filter(pk=seat.enterprise.pk) if seat.enterprise else firms.none()
    return firms


def firm_seen_by(seat: Seat, pk: int) -> Enterprise:
    """One firm of the directory, or 404."""
    return get_object_or_404(firms_seen_by(seat), pk=pk)


def firm_edited_by(seat: Seat, pk: int) -> Enterprise:
    """A firm the seat may change: any for the agent, its own for a member; else 404."""
    firm = firm_seen_by(seat, pk)
    if not may_edit(seat, firm):
        raise Http404
    return firm


def may_edit(seat: Seat, firm: Enterprise) -> bool:
    """Whether the seat may change the firm's record."""
    if seat.role == Role.Name.AGENT:
        return True
    return seat.role == Role.Name.MEMBER and seat.enterprise is not None and seat.enterprise.pk == firm.pk


def may_see_private(seat: Seat, firm: Enterprise) -> bool:
    """Whether the seat may see sites, hive counts, numbers and the bank account of a firm."""
    if seat.is_one_of(Role.Name.AGENT, Role.Name.AUDITOR):
        return True
    return seat.enterprise is not None and seat.enterprise.pk == firm.pk


def keeps_people(seat: Seat) -> bool:
    """Whether the seat keeps the people of its tenant: an agent, in a programme an officer of the whole nation."""
    if seat.cluster.kind == Cluster.Kind.PROGRAMME:
        return seat.role == Role.Name.OFFICER and not seat.province
    return seat.role == Role.Name.AGENT


def keeping(*more: str) -> Callable[[Callable[Concatenate[HttpRequest, ...], HttpResponse]], View]:
    """Let a view be asked for by those who keep the people of their tenant, and by these further roles."""

    def decorate(view: Callable[Concatenate[HttpRequest, ...], HttpResponse]) -> View:
        @wraps(view)
        @seated()
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            seat = Seat.of(request)
            if seat is None or not (keeps_people(seat) or seat.role in more):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def people_seen_by(seat: Seat) -> QuerySet[Person]:
    """The people with a role in the cluster, now or before, and those the agent added; for agent and auditor."""
    if not keeps_people(seat) and seat.role != Role.Name.AUDITOR:
        return Person.objects.filter(pk=seat.person.pk)
    return Person.objects.filter(Q(roles__cluster=seat.cluster) | Q(added_by=seat.person)).distinct()


def person_seen_by(seat: Seat, pk: int) -> Person:
    """One person of the cluster, or 404."""
    return get_object_or_404(people_seen_by(seat), pk=pk)


def person_run_by(seat: Seat, pk: int) -> Person:
    """A person whose record and password the seat may look after; else 404.

    An agent looks after people who work for firms of its clusters, and new ones until they sign in;
    never after another agent, an officer or an auditor.
    """
    person = person_seen_by(seat, pk)
    if pk not in people_run_by(seat):
        raise Http404
    return person


def people_run_by(seat: Seat) -> set[int]:
    """The people whose record the seat may look after, as the database says."""
    if not keeps_people(seat):
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT unnest(kandoo_people_i_run())")
        return {row[0] for row in cursor.fetchall()}
