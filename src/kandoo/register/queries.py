"""Rows of the register to plain values: who is a member, the firms list, counts by stage and county."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from kandoo import profiles
from kandoo.engine.product import IdentifierScheme, SizeClass
from kandoo.register import access
from kandoo.register.access import Seat
from kandoo.register.importing.doubles import Candidate
from kandoo.register.models import Cluster, Enterprise, Identifier, Membership, Person, Role, Site
from kandoo.site.language import fold, latin_digits, same_letters, sort_key

SORTS = {"name": "sort_key", "joined": "joined_on", "hives": "hives"}


def running_on(day: date) -> Q:
    """Memberships that run on a day."""
    return Q(joined_on__lte=day) & (Q(left_on=None) | Q(left_on__gt=day))


def members_on(cluster: Cluster, day: date) -> QuerySet[Enterprise]:
    """The enterprises that belong to a cluster on a day."""
    running = Membership.objects.filter(running_on(day), enterprise=OuterRef("pk"))
    return Enterprise.objects.filter(Exists(running), cluster=cluster)


def members_by_stage(cluster: Cluster, day: date) -> dict[str, int]:
    """How many members each stage of the value chain has on a day, in the profile's order."""
    counted = dict(
        members_on(cluster, day)
        .order_by()
        .values_list("stage")
        .annotate(members=Count("pk"))
        .values_list("stage", "members")
    )
    stages = profiles.load(cluster.profile).stages
    known = {code: counted.pop(code) for code in stages if code in counted}
    return known | counted


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the firms list is asked for, as it stands in the address."""

    q: str = ""
    stage: str = ""
    form: str = ""
    county: str = ""
    size: str = ""
    membership: str = ""  # present, past or never
    sort: str = "name"

    @classmethod
    def of(cls, values: Mapping[str, str]) -> "Wanted":
        return cls(**{name: values.get(name, "").strip() for name in cls.__slots__ if values.get(name)})

    @property
    def is_narrowed(self) -> bool:
        return any(getattr(self, name) for name in self.__slots__ if name != "sort")


def sees_sites(seat: Seat) -> bool:
    """Whether the seat sees all sites of the cluster, so that county and hives can be asked for."""
    return seat.is_one_of("agent", "auditor")


def firms_listed(seat: Seat, wanted: Wanted, today: date) -> QuerySet[Any]:
    """The firms a seat sees, narrowed and ordered; with `member_since`, `joined_on` and `hives`."""
    firms: QuerySet[Any] = access.firms_seen_by(seat).annotate(
        member_since=Subquery(
            Membership.objects.filter(running_on(today), enterprise=OuterRef("pk")).values("joined_on")[:1]
        ),
        joined_on=Subquery(
            Membership.objects.filter(enterprise=OuterRef("pk")).order_by("-joined_on").values("joined_on")[:1]
        ),
        hives=Subquery(
            Site.objects.filter(enterprise=OuterRef("pk"))
            .order_by()
            .values("enterprise")
            .annotate(all=Sum("hives"))
            .values("all")
        ),
    )
    firms = _searched(firms, seat, wanted.q)
    if wanted.stage:
        firms = firms.filter(stage=wanted.stage)
    if wanted.form:
        firms = firms.filter(form=wanted.form)
    if wanted.county and sees_sites(seat):
        firms = firms.filter(Exists(Site.objects.filter(enterprise=OuterRef("pk"), county=wanted.county)))
    return _of_size(_by_membership(firms, wanted.membership), seat, wanted.size).order_by(*_order(seat, wanted.sort))


def _searched(firms: QuerySet[Any], seat: Seat, text: str) -> QuerySet[Any]:
    """Every word in the name; or, for those who see numbers, the beginning of one."""
    words = [folded for word in text.split() if (folded := fold(word))]
    if not words:
        return firms.none() if text else firms
    named = Q()
    for word in words:
        named &= Q(search_key__contains=word)
    if sees_sites(seat):
        number = latin_digits(text).replace(" ", "")
        numbered = Identifier.objects.filter(enterprise=OuterRef("pk"), value__istartswith=number)
        return firms.filter(named | Q(Exists(numbered)))
    return firms.filter(named)


def _by_membership(firms: QuerySet[Any], membership: str) -> QuerySet[Any]:
    if membership == "present":
        return firms.filter(member_since__isnull=False)
    if membership == "past":
        return firms.filter(member_since=None, joined_on__isnull=False)
    return firms.filter(joined_on=None) if membership == "never" else firms


def _of_size(firms: QuerySet[Any], seat: Seat, size: str) -> QuerySet[Any]:
    classes = {each.code: each for each in profiles.load(seat.cluster.profile).size_classes}
    if size not in classes:
        return firms
    firms = firms.filter(workers__gte=classes[size].employees_from)
    most = classes[size].employees_to
    return firms if most is None else firms.filter(workers__lte=most)


def _order(seat: Seat, sort: str) -> list[Any]:
    name = sort.removeprefix("-")
    if name not in SORTS or (name == "hives" and not sees_sites(seat)):
        name, sort = "name", "name"
    column = F(SORTS[name])
    first = column.desc(nulls_last=True) if sort.startswith("-") else column.asc(nulls_last=True)
    return [first, "sort_key", "pk"]


@dataclass(frozen=True, slots=True)
class CountyCount:
    """Members and hives of a county; None where the group is too small to be told."""

    county: str
    enterprises: int | None
    hives: int | None


def county_counts(seat: Seat, counties: Iterable[str], today: date) -> list[CountyCount]:
    """Members with a site in each county and their hives.

    All for those who see sites. Others get the counts the database gives out: of five members or
    more, hives only where none holds more than half.
    """
    rows = _all_counts(seat.cluster, today) if sees_sites(seat) else _safe_counts(seat.cluster)
    none = (0, 0) if sees_sites(seat) else (None, None)
    return [CountyCount(county, *rows.get(county, none)) for county in counties]


def _all_counts(cluster: Cluster, today: date) -> dict[str, tuple[int | None, int | None]]:
    rows = (
        Site.objects.filter(cluster=cluster, enterprise__in=members_on(cluster, today).values("pk"))
        .order_by()
        .values("county")
        .annotate(members=Count("enterprise", distinct=True), all=Coalesce(Sum("hives"), 0))
    )
    return {row["county"]: (row["members"], row["all"]) for row in rows}


def _safe_counts(cluster: Cluster) -> dict[str, tuple[int | None, int | None]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT county, enterprises, hives FROM kandoo_county_counts(%s)", [cluster.pk])
        return {county: (enterprises, hives) for county, enterprises, hives in cursor.fetchall()}


def candidates(cluster: Cluster, *, but_not: int | None = None) -> list[Candidate]:
    """Every firm of the register as doubles are looked for."""
    numbers: dict[int, dict[str, str]] = {}
    for firm, scheme, value in Identifier.objects.filter(cluster=cluster).values_list("enterprise", "scheme", "value"):
        numbers.setdefault(firm, {})[scheme] = value
    counties: dict[int, set[str]] = {}
    for firm, county in Site.objects.filter(cluster=cluster).exclude(county="").values_list("enterprise", "county"):
        counties.setdefault(firm, set()).add(county)
    firms = Enterprise.objects.filter(cluster=cluster).order_by("pk")
    return [
        Candidate(name_fa, name_en, numbers.get(pk, {}), frozenset(counties.get(pk, ())), firm=pk)
        for pk, name_fa, name_en in firms.values_list("pk", "name_fa", "name_en")
        if pk != but_not
    ]


def sites_on_map(seat: Seat, today: date) -> QuerySet[Site]:
    """Sites of present members that the seat may see one by one: all, or its own."""
    sites = Site.objects.filter(cluster=seat.cluster).select_related("enterprise")
    if sees_sites(seat):
        return sites.filter(enterprise__in=members_on(seat.cluster, today).values("pk"))
    return sites.filter(enterprise=seat.enterprise) if seat.enterprise else sites.none()


def newest_count_on(cluster: Cluster) -> date | None:
    """The day of the newest count of hives the asker sees."""
    newest: date | None = Site.objects.filter(cluster=cluster).aggregate(newest=Max("hives_on"))["newest"]
    return newest


def size_name(cluster: Cluster, workers: int | None, language: str) -> str:
    """The size class of a number of workers, in words; nothing when it is not known."""
    if workers is None:
        return ""
    return profiles.load(cluster.profile).size_class(workers).name.in_language(language)


def stage_names(cluster: Cluster, language: str) -> dict[str, str]:
    """The stages of the value chain by code, in words and in order."""
    return {code: each.name.in_language(language) for code, each in profiles.load(cluster.profile).stages.items()}


def size_classes(cluster: Cluster) -> tuple[SizeClass, ...]:
    """The size classes of the cluster's product."""
    return profiles.load(cluster.profile).size_classes


def schemes(cluster: Cluster) -> Mapping[str, IdentifierScheme]:
    """The numbers by which firms of the cluster may be known."""
    return profiles.load(cluster.profile).identifier_schemes


def is_member_on(firm: Enterprise, day: date) -> bool:
    """Whether a firm belongs to its cluster on a day."""
    return firm.memberships.filter(running_on(day)).exists()


def people_listed(seat: Seat, *, q: str = "", role: str = "", firm: str = "") -> list[Person]:
    """The people of a cluster in Persian order, narrowed by name, role or firm."""
    today = timezone.localdate()
    found: QuerySet[Any] = access.people_seen_by(seat)
    for word in q.split():
        same = same_letters(latin_digits(word))
        found = found.filter(
            Q(name_fa__icontains=word) | Q(name_fa__icontains=same) | Q(name_en__icontains=same)
            | Q(username__icontains=same) | Q(phone__icontains=same)
        )  # fmt: skip
    held = Role.objects.filter(held_on(today), person=OuterRef("pk"), cluster=seat.cluster)
    if role:
        found = found.filter(Exists(held.filter(role=role)))
    if firm.isdecimal():
        found = found.filter(Exists(held.filter(enterprise=int(firm))))
    return sorted(found, key=lambda each: (sort_key(each.get_full_name()), each.pk))


def held_on(day: date) -> Q:
    """Roles that are held on a day."""
    return Q(from_on__lte=day) & (Q(to_on=None) | Q(to_on__gt=day))


def roles_held(person: Person, cluster: Cluster, day: date) -> list[Role]:
    """What a person does in a cluster on a day."""
    return list(person.roles.filter(held_on(day), cluster=cluster).select_related("enterprise").order_by("pk"))


def people_by_role(cluster: Cluster, day: date) -> list[tuple[str, int]]:
    """How many people hold each role on a day, in words and in the order of the roles."""
    counted = dict(
        Role.objects.filter(held_on(day), cluster=cluster)
        .order_by()
        .values_list("role")
        .annotate(people=Count("person", distinct=True))
        .values_list("role", "people")
    )
    return [(str(name.label), counted[name.value]) for name in Role.Name if name.value in counted]


def agents_of(cluster: Cluster) -> list[dict[str, str]]:
    """The names of the agents of a cluster today, for everybody in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name_fa, name_en FROM kandoo_agents(%s)", [cluster.pk])
        return [{"name_fa": name_fa, "name_en": name_en} for name_fa, name_en in cursor.fetchall()]


def source_title(profile: str, source: str) -> str:
    """What a source's code in a profile stands for; the code itself when it is already a title."""
    return _source_titles(profile).get(source, source)


@cache
def _source_titles(profile: str) -> dict[str, str]:
    sources: Any = profiles.standards_document(profile).get("sources") or {}
    return {code: str(each["title"]) for code, each in sources.items()}
