"""What a report says, computed from the records: plain values that JSON keeps, in no language.

Money is rial, days are ISO 8601, figures of indicators are decimal strings. Names, units and our own words come in both
languages; what somebody typed stays as it was typed. The database keeps no order of keys, so what has an order says its `place`.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from kandoo.credit.models import Activity, CreditLine, Movement, Phase
from kandoo.maturity.queries.gauge import gauge_of
from kandoo.programme.models import ClusterFile, Condition, Decision, PaperEdition, Stage, StageMark
from kandoo.programme.queries.warnings import warnings
from kandoo.reports.models import Report
from kandoo.results.periods import Period
from kandoo.results.queries.table import Row, rows_of
from kandoo.strategy.queries.chain import summary_of

SCHEMA = 2  # since 2 units and sources are in both languages, before in the submitter's alone; and places are kept
RECORDS = _("Kandoo’s records")
Content = dict[str, Any]
KINDS = {
    "approved": ({"approved", "raised"}, {"cut"}),
    "allocated": ({"allocated"}, {"returned"}),
    "committed": ({"committed"}, {"released"}),
    "paid": ({"paid"}, {"refunded", "refunded_late"}),
}


def of_file(file: ClusterFile, period: Period, today: date) -> Content:
    """The whole content of a cluster's report on a period."""
    until = min(period.last, today)
    return {
        "schema": SCHEMA,
        "cluster": {"code": file.code, "name_fa": file.name_fa, "name_en": file.name_en, "province": file.province},
        "standing": _standing(file, until),
        "decisions": [_decision(each) for each in _decisions(file, period)],
        "conditions": _conditions(file, period, until),
        "papers": [_paper(each) for each in _papers(file, period)],
        "money": {
            "period": money(_movements(file, period.first, period.last)),
            "to_date": money(_movements(file, None, period.last)),
        },
        "activities": _activities(file, period, until),
        "phases": [_phase(each) for each in _phases(file, period)],
        "indicators": {
            each.code: _indicator(each, place) for place, each in enumerate(rows_of(file, period.first, period.last))
        },
        "plan": _plan(file),
        "life_cycle": _life_cycle(file, until),
        "warnings": _warnings(file, today),
    }


def _standing(file: ClusterFile, until: date) -> Content:
    """The stage that was reached by the period's end."""
    mark = StageMark.objects.filter(file=file, on__lte=until).order_by("-on", "-pk").first()
    code, since = (mark.stage, mark.on) if mark else (file.stage, file.stage_since)
    stage = Stage.objects.get(procedure=file.procedure_id, code=code)
    return {
        "stage": code, "stage_fa": stage.name_fa, "stage_en": stage.name_en, "since": since.isoformat(),
        "status": file.status, "agent": file.agent_name,
    }  # fmt: skip


def _decisions(file: ClusterFile, period: Period) -> Iterable[Decision]:
    return (
        Decision.objects.filter(file=file, on__range=(period.first, period.last))
        .select_related("stage")
        .order_by("on", "pk")
    )


def _decision(each: Decision) -> Content:
    return {"on": each.on.isoformat(), "gate": each.stage.code, "outcome": each.outcome, "resolution": each.resolution}


def _conditions(file: ClusterFile, period: Period, until: date) -> Content:
    rows = Condition.objects.filter(file=file)
    is_open = Q(kept_on=None) | Q(kept_on__gt=until)
    held = rows.filter(is_open, decision__on__lte=until).order_by("due_on", "pk")
    return {
        "kept": rows.filter(kept_on__range=(period.first, period.last)).count(),
        "overdue": held.filter(due_on__lt=until).count(),
        "open": [{"text": each.text, "owner": each.owner_name, "due": each.due_on.isoformat()} for each in held],
    }


def _papers(file: ClusterFile, period: Period) -> Iterable[PaperEdition]:
    moved = Q()
    for name in ("prepared_at", "confirmed_at", "approved_at", "returned_at"):
        moved |= Q(**{f"{name}__date__range": (period.first, period.last)})
    return PaperEdition.objects.filter(moved, file=file).select_related("paper__required").order_by("prepared_at", "pk")


def _paper(each: PaperEdition) -> Content:
    required = each.paper.required
    names = (required.name_fa, required.name_en) if required else (each.paper.title, each.paper.title)
    return {"name_fa": names[0], "name_en": names[1], "edition": each.number, "status": each.status}


def _movements(file: ClusterFile, first: date | None, last: date) -> Any:
    rows = Movement.objects.filter(line__file=file, on__lte=last)
    return rows.filter(on__gte=first) if first else rows


def money(rows: Any) -> dict[str, int]:
    """What movements add up to, in rial: approved, allocated, committed, paid."""
    sums: dict[str, int] = {}
    for kind, amount in rows.values_list("kind", "amount"):
        sums[kind] = sums.get(kind, 0) + amount
    return {
        name: sum(sums.get(kind, 0) for kind in more) - sum(sums.get(kind, 0) for kind in less)
        for name, (more, less) in KINDS.items()
    }


def _activities(file: ClusterFile, period: Period, until: date) -> Content:
    rows = Activity.objects.filter(file=file).order_by("starts_on", "pk")
    late = rows.filter(ends_on__lt=until).filter(Q(done_on=None) | Q(done_on__gt=until))
    return {
        "begun": [_activity(each) for each in rows.filter(starts_on__range=(period.first, period.last))],
        "done": [_activity(each) for each in rows.filter(done_on__range=(period.first, period.last))],
        "late": [_activity(each) for each in late],
    }


def _activity(each: Activity) -> Content:
    return {"code": each.code, "name_fa": each.name_fa, "name_en": each.name_en, "ends": each.ends_on.isoformat()}


def _phases(file: ClusterFile, period: Period) -> Iterable[Phase]:
    moved = Q(delivered_on__range=(period.first, period.last)) | Q(
        confirmed_at__date__range=(period.first, period.last)
    )
    return Phase.objects.filter(moved, contract__file=file).select_related("contract").order_by("contract", "position")


def _phase(each: Phase) -> Content:
    confirmed = timezone.localdate(each.confirmed_at).isoformat() if each.confirmed_at else None
    delivered = each.delivered_on.isoformat() if each.delivered_on else None
    return {"contract": each.contract.number, "title": each.title, "delivered": delivered, "confirmed": confirmed}


def _indicator(row: Row, place: int) -> Content:
    unit = {"fa": row.unit_fa, "en": row.unit_en}
    return {
        "name_fa": row.name_fa, "name_en": row.name_en, "unit": unit, "kind": row.kind, "level": row.level,
        "value": _text(row.value), "previous": _text(row.previous), "baseline": _text(row.baseline),
        "target": _text(row.target), "computed": row.is_computed, "withheld": row.is_withheld,
        "place": place, "source": in_both(RECORDS) if row.is_computed else row.source,
        "others": [{"value": _text(each.value), "source": each.source} for each in row.others],
    }  # fmt: skip


def in_both(word: Any) -> dict[str, str]:
    """A translatable word of ours, in Persian and English."""
    said = {}
    for language in ("fa", "en"):
        with translation.override(language):
            said[language] = str(word)
    return said


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _plan(file: ClusterFile) -> Content:
    found = summary_of(file)
    return {
        "objectives": len(found.objectives), "activities": found.activities, "done": found.done, "late": found.late,
        "unfunded": found.unfunded, "gaps": len(found.gaps),
    }  # fmt: skip


def _life_cycle(file: ClusterFile, on: date) -> Content | None:
    found = gauge_of(file, on)
    return None if found is None else {"stage": found.stage, "sureness": round(float(found.sureness), 2)}


def _warnings(file: ClusterFile, today: date) -> Content:
    stages = list(Stage.objects.filter(procedure=file.procedure_id).order_by("position"))
    said: Content = {}
    for language in ("fa", "en"):
        with translation.override(language):
            found = warnings(ClusterFile.objects.filter(pk=file.pk), stages, today)
            said[language] = [each.text for each in found.get(file.pk, [])]
    return said


def of_place(programme_id: int, province: str, period: Period) -> Content:
    """A province's or the nation's report: its clusters, their newest frozen reports on the period, the money of its lines."""
    files = ClusterFile.objects.filter(cluster=programme_id, **({"province": province} if province else {}))
    owing = files.filter(status=ClusterFile.Status.ACTIVE, stage__in=["G3", "G4", "G5", "G6", "G7"]).order_by(
        "sort_key"
    )
    of_period = Report.objects.filter(
        file__in=files.values("pk"), kind=period.kind, year=period.year, number=period.number,
        status__in=[Report.Status.CONFIRMED, Report.Status.RECEIVED],
    )  # fmt: skip
    reports = {each.file_id: each for each in of_period.order_by("edition")}
    lines = CreditLine.objects.filter(cluster=programme_id, **({"province": province} if province else {}))
    moved = Movement.objects.filter(line__in=lines.values("pk"), on__lte=period.last)
    by_stage: dict[str, int] = {}
    for stage in files.order_by("stage").values_list("stage", flat=True):
        by_stage[stage] = by_stage.get(stage, 0) + 1
    return {
        "schema": SCHEMA,
        "place": {"province": province},
        "stages": by_stage,
        "clusters": {
            each.code: _cluster(each, reports.get(each.pk)) | {"place": place} for place, each in enumerate(owing)
        },
        "money": {"period": money(moved.filter(on__gte=period.first)), "to_date": money(moved)},
        "totals": _totals([each.content for each in reports.values() if each.content]),
    }


def _cluster(file: ClusterFile, report: Report | None) -> Content:
    return {
        "name_fa": file.name_fa, "name_en": file.name_en, "stage": file.stage,
        "report": None if report is None else {"edition": report.edition, "status": report.status, "sha256": report.sha256},
    }  # fmt: skip


def _totals(contents: list[Content]) -> Content:
    """Sums over the clusters that reported, of what can be added: numbers and money, not percents."""
    totals: Content = {}
    for content in contents:
        for code, each in content["indicators"].items():
            if each["kind"] == "percent" or each["value"] is None:
                continue
            held = totals.setdefault(
                code,
                {name: each[name] for name in ("name_fa", "name_en", "unit", "kind", "level")}
                | {"value": "0", "clusters": 0, "place": each.get("place", 0)},
            )
            held["value"] = _text(Decimal(held["value"]) + Decimal(each["value"]))
            held["clusters"] += 1
    return totals
