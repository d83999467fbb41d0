"""Rows to plain values: what pages show and what the engine is given."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.utils.translation import get_language

from kandoo import profiles
from kandoo.engine.limits import Result, Standard
from kandoo.engine.standards import Conditions, Verdict, verdict
from kandoo.register.models import Cluster, SeasonYield
from kandoo.selling.models import Batch, LabResult, Lot, Offer, Order, PlanLine

HELD_BY_LOTS = (Lot.Status.PLANNED, Lot.Status.AGREED, Lot.Status.DELIVERED, Lot.Status.SETTLED)


def page_language() -> str:
    """`fa` or `en`, the language in which this request is answered."""
    return "en" if (get_language() or "fa").startswith("en") else "fa"


def plausible_yield(cluster: Cluster, season: int) -> float:
    """Kilograms a hive plausibly gives: the season's figure, or the profile's where none is set."""
    own = SeasonYield.objects.filter(cluster=cluster, season=season).first()
    return float(own.kg_per_hive) if own else profiles.load(cluster.profile).yield_kg_per_hive_max


def usual_method(profile: profiles.Profile, code: str) -> str:
    """The method a laboratory uses where it names none: the profile's first."""
    test = profile.parameters.get(code) or profile.tests[code]
    return test.methods[0] if test.methods else ""


def result_value(result: LabResult) -> Result:
    """A stored result as the engine takes it: a number, or the finding's word."""
    return result.finding if result.value is None else float(result.value)


def latest_results(batches: Iterable[Batch]) -> dict[int, dict[str, LabResult]]:
    """For each batch the newest test of each parameter, by day and then by entry."""
    latest: dict[int, dict[str, LabResult]] = {batch.pk: {} for batch in batches}
    rows = LabResult.objects.filter(batch__in=latest).order_by("tested_on", "pk")
    for row in rows.select_related("laboratory", "certificate"):
        latest[row.batch_id][row.parameter] = row
    return latest


def results_of(batch: Batch) -> dict[str, LabResult]:
    """The newest test of each parameter of one batch."""
    return latest_results([batch])[batch.pk]


def values_of(results: Mapping[str, LabResult]) -> dict[str, Result]:
    """Results as the engine takes them."""
    return {code: result_value(each) for code, each in results.items()}


def conditions_of(profile: profiles.Profile, kind: str) -> Conditions:
    """What of a kind decides which limits apply to it."""
    return Conditions.of(profile.kinds[kind])


def conditions_of_blend(profile: profiles.Profile, kinds: Sequence[str]) -> list[Conditions]:
    """What decides the limits of a blend of these kinds; each of the conditions must be met.

    Blossom honey with honeydew is a class of its own. Where any kind is taken, the blend is judged
    as blossom honey of no named plant, to which no exception applies.
    """
    conditions = [conditions_of(profile, kind) for kind in kinds]
    if len({each.honey_class for each in conditions}) > 1:
        return [Conditions(honey_class="blossom_honeydew_blend")]
    return conditions or [Conditions()]


def market_verdict(profile: profiles.Profile, market: str, kind: str, found: Mapping[str, Result]) -> Verdict:
    """How goods of a kind with these results stand in a market, as a component of a lot."""
    standard: Standard = profiles.market_standard(profile.code, market)
    return verdict(standard, conditions_of(profile, kind), found, on="component")


def promised_drums(batch: Batch) -> int:
    """Drums of a batch that stand in the plan of a lot not cancelled."""
    return promised_drums_of([batch.pk]).get(batch.pk, 0)


def promised_drums_of(batch_ids: Iterable[int], *, but_not: int | None = None) -> dict[int, int]:
    """Drums of each batch in the present plans of lots; those of lot `but_not` left out."""
    lots = Lot.objects.filter(status__in=HELD_BY_LOTS)
    if but_not is not None:
        lots = lots.exclude(pk=but_not)
    rows = (
        PlanLine.objects.filter(offer__batch__in=list(batch_ids), plan__in=lots.values("plan"))
        .values_list("offer__batch")
        .annotate(total=Sum("drums"))
    )
    return dict(rows)


def drums_used(batch_id: int, *, but_not: int) -> set[int]:
    """The drum numbers of a batch that other lots' plans hold, so that no drum is named twice."""
    lots = Lot.objects.filter(status__in=HELD_BY_LOTS).exclude(pk=but_not)
    lines = PlanLine.objects.filter(offer__batch=batch_id, plan__in=lots.values("plan"))
    return {number for numbers in lines.values_list("numbers", flat=True) for number in numbers}


def lot_totals(lot: Lot) -> dict[str, Any]:
    """Totals of a lot for a member or officer; empty while they would give somebody away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT members, kg, amount, alone FROM kandoo_lot_totals(%s)", [lot.pk])
        row = cursor.fetchone()
    return dict(zip(("members", "kg", "amount", "alone"), row, strict=True)) if row else {}


def price_in_rial(order: Order, rate: int) -> int:
    """The order's price per kg in rial, rounded down; `rate` is rial for one unit of its currency."""
    if order.currency == Order.Currency.IRR:
        return order.price_per_kg
    return order.price_per_kg * rate // 100


def last_alone(enterprise_id: int) -> Any:
    """The outlet a member named last time, offered as a start."""
    return Offer.objects.filter(enterprise=enterprise_id).order_by("-at").first()
