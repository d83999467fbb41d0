"""The indicators of a cluster in a period: what the records say, what was typed in, baseline, target, other sources."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from kandoo.programme.models import ClusterFile, Count
from kandoo.results.models import Frozen, Indicator, Lock, Origin, Target, Value
from kandoo.results.queries.measured import Measured, before, measured, so_far
from kandoo.site.lists import page_language

# A published count that says the same thing as a measure.
COUNTED = {"members": Count.Measure.FIRMS, "jobs": Count.Measure.WORKERS}


@dataclass(frozen=True, slots=True)
class Other:
    """What another source says of the same figure."""

    value: Decimal
    source: str
    dated: date
    origin: str


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator of a cluster in a period. `value` None: withheld, or nothing is known."""

    indicator: int
    code: str
    name_fa: str
    name_en: str
    unit_fa: str
    unit_en: str
    kind: str  # number | percent | rial
    level: str
    better: str  # up | down
    baseline: Decimal | None
    baseline_on: date | None
    target: Decimal | None
    target_on: date | None
    value: Decimal | None
    is_computed: bool
    is_withheld: bool
    is_locked: bool
    source: str
    as_of: date | None
    others: tuple[Other, ...]
    previous: Decimal | None

    @property
    def unit(self) -> str:
        """The unit in the language of the page."""
        return self.unit_en if page_language() == "en" else self.unit_fa

    @property
    def way(self) -> float | None:
        """The part of the way from baseline to target that is gone, 0 to 1; None without all three."""
        if self.baseline is None or self.target is None or self.value is None or self.baseline == self.target:
            return None
        return float(min(max((self.value - self.baseline) / (self.target - self.baseline), Decimal(0)), Decimal(1)))


def indicators_of(programme_id: int) -> list[Indicator]:
    """The indicators a programme asks for, in their order."""
    return list(Indicator.objects.filter(cluster=programme_id, is_retired=False))


def rows_of(file: ClusterFile, first: date, last: date) -> list[Row]:
    """All indicators of a cluster in a period; of a closed period as it was closed. Eight queries, whatever it holds."""
    indicators = indicators_of(file.cluster_id)
    locked = Lock.objects.filter(file=file, first=first, last=last).first()
    frozen = {each.indicator_id: each for each in Frozen.objects.filter(lock=locked)} if locked else {}
    found = measured(file.pk, first, so_far(last))
    said = _said(file, first, last)
    earlier = _values_before(file, indicators, first, last)
    targets, counts = targets_of(file, locked.at if locked else None), _counts(file, last)
    return [
        _row(each, found.get(each.measure), said[each.pk], counts.get(each.measure, ()), targets.get(each.pk),
             earlier.get(each.pk), frozen.get(each.pk), last, is_locked=locked is not None)
        for each in indicators
    ]  # fmt: skip


def _row(
    indicator: Indicator,
    computed: Measured | None,
    typed: Sequence[Value],
    counts: Sequence[Other],
    target: Target | None,
    previous: Decimal | None,
    frozen: Frozen | None,
    last: date,
    *,
    is_locked: bool,
) -> Row:
    others = [Other(each.value, each.source, each.dated, each.origin) for each in typed] + list(counts)
    value: Decimal | None = None
    source, as_of, is_computed, is_withheld = "", None, False, False
    if computed is not None:
        value, is_computed, is_withheld, as_of = computed.value, True, computed.is_withheld, so_far(last)
        source = _("Kandoo’s records")
    elif typed:
        first_said, *rest = others
        value, source, as_of, others = first_said.value, first_said.source, first_said.dated, rest
    if frozen is not None:
        value, as_of = frozen.value, frozen.as_of
        is_computed, is_withheld = frozen.origin == Origin.COMPUTED, frozen.value is None
        source = _("Kandoo’s records") if is_computed else frozen.source
    unit_fa, unit_en = indicator.units(frozen)
    return Row(
        indicator=indicator.pk, code=indicator.code, name_fa=indicator.name_fa, name_en=indicator.name_en,
        unit_fa=unit_fa, unit_en=unit_en, kind=indicator.kind, level=indicator.level, better=indicator.better,
        baseline=target.baseline if target else None, baseline_on=target.baseline_on if target else None,
        target=target.target if target else None, target_on=target.target_on if target else None,
        value=value, is_computed=is_computed, is_withheld=is_withheld, is_locked=is_locked,
        source=source, as_of=as_of, others=tuple(others), previous=previous,
    )  # fmt: skip


def targets_of(file: ClusterFile, until: datetime | None = None) -> dict[int, Target]:
    """The newest baseline and target of each indicator, or those that held at a moment."""
    said = Target.objects.filter(file=file, **({"at__lte": until} if until else {}))
    return {each.indicator_id: each for each in said.order_by("at", "pk")}


def values_within(file: ClusterFile, first: date, last: date) -> list[Value]:
    """What was typed in of a period or a part of it and not corrected since, the newest source first."""
    rows = Value.objects.filter(file=file, first__gte=first, last__lte=last, corrected_by=None)
    return list(rows.order_by("-last", "-dated", "-pk"))


def _said(file: ClusterFile, first: date, last: date) -> dict[int, list[Value]]:
    said: dict[int, list[Value]] = defaultdict(list)
    for each in values_within(file, first, last):
        said[each.indicator_id].append(each)
    return said


def _values_before(file: ClusterFile, indicators: Sequence[Indicator], first: date, last: date) -> dict[int, Decimal]:
    """The figures of the period before: as closed, else of the records, else as typed."""
    since, until = before(first, last)
    closed = Frozen.objects.filter(Q(lock__file=file, lock__first=since, lock__last=until), value__isnull=False)
    found = {each.indicator_id: each.value for each in closed if each.value is not None}
    records = measured(file.pk, since, until)
    said = _said(file, since, until)
    for each in indicators:
        computed = records.get(each.measure)
        value = computed.value if computed else said[each.pk][0].value if said[each.pk] else None
        if each.pk not in found and value is not None:
            found[each.pk] = value
    return found


def _counts(file: ClusterFile, last: date) -> Mapping[str, Sequence[Other]]:
    """Published counts of the cluster up to a day, the newest of each source."""
    rows = Count.objects.filter(file=file, dated__lte=last, measure__in=COUNTED.values()).order_by("dated", "pk")
    newest = {(each.measure, each.source, each.definition): each for each in rows}
    found: dict[str, list[Other]] = defaultdict(list)
    for measure, counted in COUNTED.items():
        for each in newest.values():
            if each.measure == counted:
                source = f"{each.source} ({each.definition})"
                found[measure].append(Other(Decimal(each.value), source, each.dated, Origin.PUBLISHED))
    return found
