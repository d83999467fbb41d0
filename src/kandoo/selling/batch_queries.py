"""What the batch pages show: states, totals, harvest against hives, and where the drums went."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, TextChoices, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from kandoo import profiles
from kandoo.register.access import Seat
from kandoo.register.models import Cluster, Enterprise, SeasonYield, Site
from kandoo.selling import queries
from kandoo.selling.models import Batch, LabResult, Lot, PlanLine
from kandoo.site import language as lang

GONE = (Lot.Status.DELIVERED, Lot.Status.SETTLED)


class State(TextChoices):
    """How a batch stands; the first that fits, from the gravest."""

    WITHDRAWN = "withdrawn", _("Withdrawn")
    BARRED = "barred", _("Barred for good")
    HELD = "held", _("Held")
    PROMISED = "promised", _("Promised to a lot")
    UNTESTED = "untested", _("Not tested yet")
    READY = "ready", _("Ready to offer")


BADGES = {
    State.WITHDRAWN: "plain",
    State.BARRED: "bad",
    State.HELD: "warn",
    State.PROMISED: "good",
    State.UNTESTED: "unknown",
    State.READY: "good",
}
SORTS = {
    "code": "code",
    "firm": "enterprise__sort_key",
    "kind": "kind",
    "date": "harvested_on",
    "drums": "drums",
    "mass": "kg",
    "state": "state",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which batches a list is asked for; every value as it stands in the address."""

    q: str = ""
    kind: str = ""
    season: str = ""
    state: str = ""
    county: str = ""
    firm: str = ""
    sort: str = "-date"

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Wanted":
        values = {name: asked.get(name, "").strip() for name in ("q", "kind", "season", "state", "county", "firm")}
        sort = asked.get("sort", "-date")
        return cls(**values, sort=sort if sort.removeprefix("-") in SORTS else "-date")


def with_state(batches: QuerySet[Batch]) -> QuerySet[Any]:
    """Batches with `kg`, `promised` drums and their `state`."""
    held_by_lots = Lot.objects.filter(status__in=queries.HELD_BY_LOTS)
    promised = (
        PlanLine.objects.filter(offer__batch=OuterRef("pk"), plan__in=held_by_lots.values("plan"))
        .order_by()
        .values("offer__batch")
        .annotate(total=Sum("drums"))
        .values("total")
    )
    tested = Exists(LabResult.objects.filter(batch=OuterRef("pk")))
    return batches.annotate(kg=F("drums") * F("drum_kg"), promised=Coalesce(Subquery(promised), 0)).annotate(
        state=Case(
            When(withdrawn_at__isnull=False, then=Value(State.WITHDRAWN.value)),
            When(bar__isnull=False, then=Value(State.BARRED.value)),
            When(held_at__isnull=False, released_at=None, then=Value(State.HELD.value)),
            When(promised__gt=0, then=Value(State.PROMISED.value)),
            When(~tested, then=Value(State.UNTESTED.value)),
            default=Value(State.READY.value),
        )
    )


def listed(batches: QuerySet[Batch], wanted: Wanted) -> QuerySet[Batch]:
    """The batches of a list: searched, filtered and in the order asked for."""
    rows = with_state(batches)
    if wanted.q:
        searched = Q(code__icontains=lang.latin_digits(wanted.q))
        if key := lang.fold(wanted.q):
            searched |= Q(enterprise__search_key__contains=key)
        rows = rows.filter(searched)
    for name, column in (("kind", "kind"), ("county", "site__county"), ("state", "state")):
        if value := getattr(wanted, name):
            rows = rows.filter(**{column: value})
    for name, column in (("season", "season"), ("firm", "enterprise")):
        if value := lang.latin_digits(getattr(wanted, name)):
            rows = rows.filter(**{column: value}) if value.isdecimal() and len(value) < 10 else rows.none()
    sign = "-" if wanted.sort.startswith("-") else ""
    return rows.order_by(f"{sign}{SORTS[wanted.sort.removeprefix('-')]}", "-pk")


@dataclass(frozen=True, slots=True)
class SeasonFigures:
    """A season's batches in figures; `on_hand_kg` is what was harvested and not yet delivered."""

    season: int
    on_hand_kg: int
    count: int
    held: int
    held_kg: int
    barred: int
    barred_kg: int
    untested: int
    untested_kg: int
    ready_kg: int


def season_figures(batches: QuerySet[Batch], season: int) -> SeasonFigures:
    """What is on hand of a season, and how much of it cannot be offered yet, or ever."""
    of_season = batches.filter(season=season)
    rows = with_state(of_season).order_by().values_list("state").annotate(number=Count("pk"), mass=Sum("kg"))
    found = {state: (number, mass) for state, number, mass in rows}
    present = [found[state] for state in found if state != State.WITHDRAWN]
    gone = Lot.objects.filter(status__in=GONE)
    delivered = PlanLine.objects.filter(offer__batch__in=of_season, plan__in=gone.values("plan"))
    return SeasonFigures(
        season=season,
        on_hand_kg=sum(mass for _number, mass in present) - (delivered.aggregate(kg=Sum("kg"))["kg"] or 0),
        count=sum(number for number, _mass in present),
        held=found.get(State.HELD, (0, 0))[0],
        held_kg=found.get(State.HELD, (0, 0))[1],
        barred=found.get(State.BARRED, (0, 0))[0],
        barred_kg=found.get(State.BARRED, (0, 0))[1],
        untested=found.get(State.UNTESTED, (0, 0))[0],
        untested_kg=found.get(State.UNTESTED, (0, 0))[1],
        ready_kg=found.get(State.READY, (0, 0))[1],
    )


def seasons_of(batches: QuerySet[Batch]) -> list[int]:
    """Seasons with a batch, newest first."""
    return sorted(set(batches.order_by().values_list("season", flat=True).distinct()), reverse=True)


def counties_of(batches: QuerySet[Batch]) -> list[str]:
    """Counties with a batch."""
    found = batches.order_by().exclude(site__county="").values_list("site__county", flat=True).distinct()
    return sorted(found)


# Law 3: the harvest of an apiary and season against its hives


@dataclass(frozen=True, slots=True)
class Outlook:
    """The harvest of an apiary in a season beside what its hives plausibly give, with the reasons."""

    season: int
    harvested_kg: int
    plausible_kg: int
    hives: int
    hives_on: date | None
    hives_source: str
    kg_per_hive: float
    basis: str
    dated: date | None
    is_assumption: bool

    @property
    def excess_kg(self) -> int:
        return max(self.harvested_kg - self.plausible_kg, 0)

    @property
    def room_kg(self) -> int:
        return max(self.plausible_kg - self.harvested_kg, 0)


def outlook(site: Site, season: int, *, more_kg: int = 0) -> Outlook:
    """What an apiary has harvested in a season, `more_kg` added, and its plausible ceiling."""
    profile = profiles.load(site.cluster.profile)
    own = SeasonYield.objects.filter(cluster=site.cluster, season=season).first()
    kg_per_hive = float(own.kg_per_hive) if own else profile.yield_kg_per_hive_max
    harvested = Batch.objects.filter(site=site, season=season, withdrawn_at=None).aggregate(
        kg=Sum(F("drums") * F("drum_kg"))
    )["kg"]
    rule = profile.yield_rule
    return Outlook(
        season=season,
        harvested_kg=(harvested or 0) + more_kg,
        plausible_kg=int((site.hives or 0) * kg_per_hive),
        hives=site.hives or 0,
        hives_on=site.hives_on,
        hives_source=site.hives_source,
        kg_per_hive=kg_per_hive,
        basis=own.source if own else rule.basis.in_language(queries.page_language()),
        dated=own.dated if own else rule.dated,
        is_assumption=own is None and rule.is_assumption,
    )


# Where the drums went


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Some drums of a batch: offered to a lot, or standing in its plan under these numbers."""

    lot: Lot
    drums: int
    kg: int
    spans: tuple[tuple[int, int], ...] = ()  # drum numbers as runs; none while only offered


def whereabouts(batch: Batch) -> list[Whereabouts]:
    """Offers still open and the drums each plan took, by number."""
    lots = Lot.objects.filter(status__in=queries.HELD_BY_LOTS)
    lines = PlanLine.objects.filter(offer__batch=batch, plan__in=lots.values("plan")).select_related("offer__lot")
    taken = [
        Whereabouts(
            lot=each.offer.lot,
            drums=each.drums,
            kg=each.kg,
            spans=tuple(each.spans),
        )
        for each in lines.order_by("numbers")
    ]
    waiting = batch.offers.filter(is_withdrawn=False, lot__status=Lot.Status.OPEN).select_related("lot").order_by("pk")
    return taken + [Whereabouts(each.lot, each.drums, each.drums * batch.drum_kg) for each in waiting]


def laboratories(cluster: Cluster) -> QuerySet[Enterprise]:
    """The laboratories of the register."""
    return Enterprise.objects.filter(cluster=cluster, stage="laboratory").order_by("sort_key")


def results_by_day(batch: Batch) -> list[LabResult]:
    """Every result of a batch, newest first."""
    rows = batch.results.select_related("laboratory", "certificate")
    return list(rows.order_by("-tested_on", "pk"))


def what_passes(batches: QuerySet[Batch], profile: profiles.Profile, market: str, season: int) -> dict[str, int]:
    """How many of a season's batches stand how in a market; barred and withdrawn ones left out."""
    rows = list(batches.filter(season=season, withdrawn_at=None, bar=None))
    results = queries.latest_results(rows)
    counts: dict[str, int] = {}
    for batch in rows:
        found = queries.values_of(results[batch.pk])
        overall = queries.market_verdict(profile, market, batch.kind, found).overall
        counts[overall] = counts.get(overall, 0) + 1
    return counts


def facts_of(batch: Batch) -> Any:
    """The batch with its `kg`, `promised` drums and `state`."""
    return with_state(Batch.objects.filter(pk=batch.pk).select_related("enterprise", "bar__result")).get()


def waiting_for_results(batches: QuerySet[Batch], seat: Seat) -> QuerySet[Batch]:
    """Batches nobody has tested yet; for a laboratory the samples it has not answered."""
    if seat.role == "laboratory":
        return batches.filter(samples__laboratory=seat.enterprise, samples__done_on=None).order_by("pk")
    untested = ~Exists(LabResult.objects.filter(batch=OuterRef("pk")))
    return batches.filter(untested, withdrawn_at=None).order_by("pk")
