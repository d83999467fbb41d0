"""The life-cycle gauge of files: figures from the cluster's own records and typed ones become readings.

Counts come from one SECURITY DEFINER function that answers only to who may read the file; the engine combines them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from persiantools.jdatetime import JalaliDate

from kandoo import profiles
from kandoo.engine.life_cycle import Gauge, Part, Reading, Stage, life_cycle, service_depth
from kandoo.maturity.catalogue import life_cycle_profile
from kandoo.maturity.models import PartAnswer
from kandoo.programme.models import ClusterFile

ANSWER_LASTS = 2  # years for which a typed figure counts
RUNG_TRADE, RUNG_EXPORT = 4, 6
STAGES = 7  # place of the counts by stage in a row of the function
FIRST_MONTH_OF_SEASON = 7  # before it, the season's harvest is not in and the one before counts

Fact = tuple[str, int | None]  # what a figure is made of: its code, and how many (None: withheld)


@dataclass(frozen=True, slots=True)
class Figure:
    """One part's figure: what was read, what it is made of, and what else was said of it."""

    reading: Reading
    origin: str = ""  # computed, published or typed; empty where nothing is known
    facts: tuple[Fact, ...] = ()
    answer: PartAnswer | None = None  # the typed figure that is used
    others: tuple[PartAnswer, ...] = ()  # typed figures that stand beside a computed one


@dataclass(frozen=True, slots=True)
class ClusterGauge:
    """The gauge of a file on a day, over the year that ends then."""

    file: ClusterFile
    on: date
    gauge: Gauge
    figures: Mapping[str, Figure] = field(repr=False)

    @property
    def stage(self) -> Stage | None:
        """Where it stands; None: cannot say."""
        return self.gauge.stage

    @property
    def sureness(self) -> float:
        """How sure that is, from 0 to 1."""
        return self.gauge.sureness

    @property
    def parts(self) -> tuple[Part, ...]:
        """What each part says."""
        return self.gauge.parts


@dataclass(frozen=True, slots=True)
class _Counts:
    """A row of `kandoo_life_cycle_parts`."""

    file: int
    profile: str
    record_since: date | None
    members_before: int
    members: int
    came: int
    went: int
    stages: Mapping[str, int]
    contracts: int
    contracts_inside: int
    exported_kg: int | None
    harvested_kg: int | None
    exporters: int
    producers: int
    is_withheld: bool
    lots: int
    rounds: int
    export_lots: int
    took_part: int
    pairs: int
    steps: int
    steps_by_agent: int
    has_acted: bool


def gauge_of(file: ClusterFile, on: date) -> ClusterGauge | None:
    """The gauge of a file over the year that ends on a day; None where nothing at all is known."""
    return gauges_of([file], on).get(file.pk)


def gauges_of(files: Sequence[ClusterFile], on: date) -> dict[int, ClusterGauge]:
    """The gauges of many files that the asker may read, in two queries."""
    return _gauges(files, on, list(PartAnswer.objects.filter(file__in=[each.pk for each in files])))


def way_of(file: ClusterFile, on: date, years: int = 5) -> list[tuple[date, ClusterGauge | None]]:
    """The gauge on the same day of this year and the years before, the oldest first."""
    answers = list(PartAnswer.objects.filter(file=file))
    days = [years_before(on, back) for back in range(years - 1, -1, -1)]
    return [(day, _gauges([file], day, answers).get(file.pk)) for day in days]


def years_before(on: date, years: int) -> date:
    """The same day some years ago; 28 February for the 29th."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return on.replace(year=on.year - years, day=28)


def season_of(on: date) -> int:
    """The Jalali year of the newest harvest that is in on a day."""
    day = JalaliDate(on)
    return int(day.year if day.month >= FIRST_MONTH_OF_SEASON else day.year - 1)


def _gauges(files: Sequence[ClusterFile], on: date, answers: Sequence[PartAnswer]) -> dict[int, ClusterGauge]:
    counted = {each.file: each for each in _counts([each.pk for each in files if each.tenant_id], on)}
    found = {}
    for file in files:
        own = [each for each in answers if each.file_id == file.pk]
        figures = _figures(counted.get(file.pk), valid_on(own, on), on)
        if any(each.reading.state == "known" for each in figures.values()):
            gauge = life_cycle([each.reading for each in figures.values()], life_cycle_profile())
            found[file.pk] = ClusterGauge(file, on, gauge, figures)
    return found


def valid_on(answers: Iterable[PartAnswer], on: date) -> list[PartAnswer]:
    """The typed figures that count on a day, the newest first."""
    since = years_before(on, ANSWER_LASTS)
    counting = (each for each in answers if since < each.dated <= on)
    return sorted(counting, key=lambda each: (each.dated, each.pk or 0), reverse=True)


def _counts(files: list[int], on: date) -> list[_Counts]:
    if not files:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM kandoo_life_cycle_parts(%s, %s, %s)", [files, on, season_of(on)])
        return [_counts_of(row) for row in cursor.fetchall()]


def _counts_of(row: Sequence[Any]) -> _Counts:
    held = [_plain(each) for each in row]
    held[STAGES] = json.loads(row[STAGES])
    return _Counts(*held)


def _plain(value: Any) -> Any:
    return int(value) if hasattr(value, "as_tuple") else value


def _figures(counts: _Counts | None, answers: Sequence[PartAnswer], on: date) -> dict[str, Figure]:
    computed = _computed(counts, on) if counts else {}
    return {
        rule.code: _figure(rule.code, computed.get(rule.code), [each for each in answers if each.part == rule.code])
        for rule in life_cycle_profile().parts
    }


def _figure(code: str, computed: Figure | None, answers: list[PartAnswer]) -> Figure:
    """The computed figure where there is one; else the newest typed one; of the ladder the higher rung."""
    found = computed or Figure(Reading(code, state="missing"))
    if not answers:
        return found
    newest = answers[0]
    value = found.reading.value
    if value is not None and not (code == "ladder" and float(newest.value) > value):
        return Figure(found.reading, found.origin, found.facts, None, tuple(answers))
    typed = Reading(code, float(newest.value), newest.count)
    return Figure(typed, newest.origin, found.facts, newest, tuple(answers[1:]))


def _computed(counts: _Counts, on: date) -> dict[str, Figure]:
    since = years_before(on, 1)
    is_old_enough = counts.record_since is not None and counts.record_since <= since
    members, possible = counts.members, counts.members * (counts.members - 1) // 2
    entry = _share("entry", counts.came, members if is_old_enough else 0)
    acted = counts.has_acted
    return {
        "entry": _told(entry, came=counts.came, members=members),
        "exit": _told(_share("exit", counts.went, counts.members_before), went=counts.went, before=counts.members_before),
        "services": _services(counts),
        "inner_trade": _told(
            _share("inner_trade", counts.contracts_inside, counts.contracts),
            inside=counts.contracts_inside,
            contracts=counts.contracts,
        ),
        "export": _export(counts, season_of(on)),
        "ladder": _ladder(counts),
        "joint_action": _told(
            _share("joint_action", counts.took_part, members if acted else 0), took_part=counts.took_part, members=members
        ),
        "density": _told(
            _share("density", counts.pairs, possible if acted else 0, of=members), pairs=counts.pairs, possible=possible
        ),
        "dependence": _told(
            _share("dependence", counts.steps_by_agent, counts.steps), by_agent=counts.steps_by_agent, steps=counts.steps
        ),
    }  # fmt: skip


def _share(code: str, part: int, whole: int, *, of: int | None = None) -> Reading:
    """A share, or missing where it is of nothing. `of`: the cases it is made of, where they are not the whole."""
    return Reading(code, part / whole, of or whole) if whole else Reading(code, state="missing")


def _told(reading: Reading, **facts: int | None) -> Figure:
    return Figure(reading, "computed" if reading.state == "known" else "", tuple(facts.items()))


def _services(counts: _Counts) -> Figure:
    if counts.profile not in profiles.codes() or not counts.stages:
        return _told(Reading("services", state="missing"))
    stages = list(profiles.load(counts.profile).stages)
    depth, others = service_depth(counts.stages, stages)
    home = max(stages, key=lambda each: counts.stages.get(each, 0))
    served = {each: n for each, n in counts.stages.items() if each != home and each in stages}
    return _told(Reading("services", depth), providers=sum(served.values()), served=len(served), stages=others)


def _export(counts: _Counts, season: int) -> Figure:
    facts = {"exported_kg": counts.exported_kg, "harvested_kg": counts.harvested_kg, "season": season}
    if counts.exported_kg is not None and counts.harvested_kg:
        share = min(1.0, counts.exported_kg / counts.harvested_kg)
        return _told(Reading("export", share, counts.producers), **facts)
    return _told(Reading("export", state="withheld" if counts.is_withheld else "missing"), season=season)


def _ladder(counts: _Counts) -> Figure:
    facts = {"lots": counts.lots, "rounds": counts.rounds, "export_lots": counts.export_lots}
    rung = RUNG_EXPORT if counts.export_lots else RUNG_TRADE if counts.lots + counts.rounds else None
    return _told(Reading("ladder", rung) if rung else Reading("ladder", state="missing"), **facts)
