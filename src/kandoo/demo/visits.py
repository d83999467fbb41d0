"""The supervisor's visits to the honey: two reported, the next ones planned."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from kandoo.demo.nation import LORESTAN, PROGRAMME
from kandoo.programme.models import ClusterFile
from kandoo.visits import actions
from kandoo.visits.models import Advice

if TYPE_CHECKING:
    from kandoo.demo.building import Stage

FIRST_DAYS_AGO, DAYS = 130, 360
REPORTS = (
    ("behind", "فهرست اعضا کامل است؛ نشست‌های شورا دو ماه عقب است. (نمونه)", (("دو نشست شورا پشت سر هم برگزار شود", "دبیر شورا", 30),)),
    ("good", "دو محمولهٔ مشترک تحویل شد و پرداخت‌ها روشن است. (نمونه)", (
        ("طرح کسب‌وکار خط همگن‌سازی بازنگری شود", "عامل خوشه", 25), ("نتیجهٔ آزمایش‌ها با اعضا مرور شود", "آزمایشگاه و عامل", 90),
    )),
)  # fmt: skip


def build(stage: Stage) -> None:
    """Every two months; the agent has followed the first advice."""
    with stage.played_by("lorestan") as officer:
        honey = ClusterFile.objects.get(cluster__code=PROGRAMME["code"], product="عسل", province=LORESTAN)
        first = stage.today - timedelta(days=FIRST_DAYS_AGO)
        planned = actions.plan_visits(
            by=officer, file=honey, supervisor=stage.people["supervisor"].pk, first=first, until=first + timedelta(days=DAYS),
            months=2, purpose="بازدید دوماهه در اجرا (نمونه)", now=stage.on(first).now,
        )  # fmt: skip
    with stage.played_by("supervisor") as supervisor:
        for visit, (course, found, rows) in zip(planned, REPORTS, strict=False):
            advice = [(what, who, visit.planned_on + timedelta(days=days)) for what, who, days in rows]
            terms = actions.ReportTerms(visit.planned_on, "الیگودرز", "عامل، سه عضو و دبیر شورا", found, course, advice)
            now = stage.on(visit.planned_on).now
            actions.report_visit(by=supervisor, visit=visit, terms=terms, today=visit.planned_on, now=now)
    with stage.played_by("agent") as agent:
        advice_first = Advice.objects.filter(file=honey).order_by("visit__planned_on", "position")[0]
        actions.follow_advice(
            by=agent, advice=advice_first, how="دو نشست برگزار شد. (نمونه)", today=advice_first.due_on
        )
