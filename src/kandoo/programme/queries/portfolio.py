"""The portfolio: where all clusters stand, how that grew, what stands beside each stage, like beside like."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from django.db.models import Count as Counted
from django.db.models import QuerySet

from kandoo.engine.budget import LineState
from kandoo.programme.models import ClusterFile, Count, Decision, PaperEdition, Stage, StageMark
from kandoo.site.language import jalali_year, parse_day

YEARS = 5  # shown in the funnel
MONTH = 30.4  # days


@dataclass(frozen=True, slots=True)
class Standing:
    """One file as the portfolio needs it."""

    pk: int
    name_fa: str
    name_en: str
    province: str
    product: str
    stage: str
    status: str
    stage_since: date


@dataclass(slots=True)
class StageLine:
    """One stage: how many stand there, since how long, and the newest figures of those that have any."""

    stage: Stage
    files: int = 0
    months: float | None = None  # the median at this stage
    firms: int = 0
    workers: int = 0
    with_figures: int = 0
    warned: int = 0
    approved: int = 0  # rial, of all years
    paid: int = 0


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many clusters had reached each stage, or gone further, at the end of each year."""

    years: tuple[int, ...]  # Jalali
    rows: tuple[tuple[Stage, tuple[int, ...]], ...]


def standings(files: QuerySet[ClusterFile]) -> list[Standing]:
    """All files, the fields of the portfolio alone."""
    names = Standing.__slots__
    return [Standing(*row) for row in files.order_by("sort_key").values_list(*names)]


def by_province(rows: Sequence[Standing]) -> dict[str, int]:
    """How many clusters each province has on file."""
    return dict(Counter(each.province for each in rows))


def funnel(files: QuerySet[ClusterFile], stages: Sequence[Stage], today: date) -> Funnel:
    """Stages over the last years, from the marks that every move leaves; one query.

    A file that came in at a later stage counts for the stages before from its first mark on.
    """
    place = {each.code: each.position for each in stages}
    marks: dict[int, list[tuple[date, int]]] = defaultdict(list)
    rows = StageMark.objects.filter(file__in=files.order_by().values("pk")).order_by()
    for file, code, on in rows.values_list("file", "stage", "on"):
        marks[file].append((on, place.get(code, 0)))
    last = jalali_year(today)
    years = tuple(range(last - YEARS + 1, last + 1))
    ends = [min(parse_day(f"{year + 1}/1/1"), today) for year in years]
    reached: dict[int, list[int]] = {each.position: [0] * len(years) for each in stages}
    for held in marks.values():
        for column, end in enumerate(ends):
            best = max((position for on, position in held if on <= end), default=None)
            for position in range(best + 1) if best is not None else ():
                reached[position][column] += 1
    return Funnel(years, tuple((each, tuple(reached[each.position])) for each in stages))


def newest_figures(files: QuerySet[ClusterFile]) -> dict[int, dict[str, Count]]:
    """Of each file and measure the figure of the newest date."""
    found: dict[int, dict[str, Count]] = defaultdict(dict)
    for count in Count.objects.filter(file__in=files.order_by().values("pk")).order_by("dated", "pk"):
        found[count.file_id or 0][count.measure] = count
    return dict(found)


def stage_lines(
    rows: Sequence[Standing],
    stages: Sequence[Stage],
    figures: Mapping[int, Mapping[str, Count]],
    warned: Mapping[int, object],
    money: Mapping[int, LineState],
    today: date,
) -> list[StageLine]:
    """Stage by stage what stands beside it."""
    lines = {each.code: StageLine(each) for each in stages}
    days: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        line = lines[row.stage]
        line.files += 1
        line.warned += row.pk in warned
        days[row.stage].append((today - row.stage_since).days)
        held = figures.get(row.pk, {})
        line.with_figures += bool(held)
        line.firms += held["firms"].value if "firms" in held else 0
        line.workers += held["workers"].value if "workers" in held else 0
        if row.pk in money:
            line.approved += money[row.pk].approved
            line.paid += money[row.pk].paid
    for code, values in days.items():
        lines[code].months = median(values) / MONTH
    return list(lines.values())


@dataclass(slots=True)
class Likeness:
    """One cluster beside others like it."""

    file: ClusterFile
    days_at_stage: int
    approved: int = 0
    decisions: int = 0
    changes: list[tuple[str, float, Count, Count]] = field(default_factory=list)  # measure, ratio, first, last


def compared(files: QuerySet[ClusterFile], today: date) -> list[Likeness]:
    """Clusters side by side. A figure's change is told only between two of the same definition and source."""
    rows = list(files.order_by("sort_key"))
    keys = [each.pk for each in rows]
    approved = _counted(PaperEdition.objects.filter(file__in=keys, status="approved"))
    decisions = _counted(Decision.objects.filter(file__in=keys))
    changes = _changes(keys)
    return [
        Likeness(
            each,
            (today - each.stage_since).days,
            approved.get(each.pk, 0),
            decisions.get(each.pk, 0),
            changes.get(each.pk, []),
        )
        for each in rows
    ]


def _counted(rows: QuerySet[PaperEdition] | QuerySet[Decision]) -> dict[int, int]:
    return dict(rows.order_by().values_list("file").annotate(n=Counted("pk")).values_list("file", "n"))


def _changes(keys: Sequence[int]) -> dict[int, list[tuple[str, float, Count, Count]]]:
    series: dict[tuple[int, str, str, str], list[Count]] = defaultdict(list)
    for count in Count.objects.filter(file__in=keys).order_by("dated", "pk"):
        series[count.file_id or 0, count.measure, count.definition, count.source].append(count)
    found: dict[int, list[tuple[str, float, Count, Count]]] = defaultdict(list)
    for (file, _measure, _definition, _source), held in series.items():
        first, last = held[0], held[-1]
        if first.dated < last.dated and first.value:
            found[file].append((str(last.get_measure_display()), last.value / first.value - 1, first, last))
    return dict(found)
