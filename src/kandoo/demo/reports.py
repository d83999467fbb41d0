"""The honey's quarterly reports: two received, the last quarter still owed; the province's on the quarter before;
and the technical supervisor's own: the last quarter's submitted, the present one's begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kandoo.demo.nation import LORESTAN, PROGRAMME, seat_of
from kandoo.programme.models import ClusterFile
from kandoo.register.access import seats_of
from kandoo.reports import actions
from kandoo.results.periods import Period

if TYPE_CHECKING:
    from kandoo.demo.building import Stage

TEXTS = {
    "done": "گردآوری و تحویل محموله‌های مشترک پیش رفت و دو دورهٔ آموزشی برگزار شد. (نمونه)",
    "obstacles": "نرخ حمل بالا رفت و دو عضو دیر تحویل دادند. (نمونه)",
    "next_steps": "نشست شورای راهبری و خرید مشترک شکر. (نمونه)",
}
SUMMARY = "خوشهٔ عسل پس از دو نشست پیاپی شورا به راه افتاد؛ بازنگری طرح خط همگن‌سازی هنوز مانده است. (نمونه)"


def build(stage: Stage) -> None:
    """Each report through its three hands; the quarter that has just ended is left to be written."""
    with stage.played_by("nation"):
        honey = ClusterFile.objects.get(cluster__code=PROGRAMME["code"], name_en="Honey of Lorestan")
    last = Period.holding(stage.today, "quarter").before()
    for period in (last.before().before(), last.before()):
        with stage.played_by("agent") as agent:
            seat = next(each for each in seats_of(agent) if each.role == "agent")
            report = actions.begin_report(seat=seat, file=honey, period=period, today=stage.today, now=stage.now)
            report = actions.word_report(seat=seat, report=report, **TEXTS)
            report = actions.submit_report(seat=seat, report=report, today=stage.today, now=stage.now)
        with stage.played_by("supervisor"):
            actions.confirm_report(seat=seat_of(stage, "supervisor"), report=report, now=stage.now)
        with stage.played_by("lorestan"):
            actions.receive_report(seat=seat_of(stage, "lorestan"), report=report, now=stage.now)
    with stage.played_by("lorestan"):
        seat = seat_of(stage, "lorestan")
        place = actions.begin_report(
            seat=seat, province=LORESTAN, period=last.before(), today=stage.today, now=stage.now
        )
        place = actions.word_report(seat=seat, report=place, done="گزارش خوشه‌های استان گرد آمد. (نمونه)")
        actions.submit_report(seat=seat, report=place, today=stage.today, now=stage.now)
    with stage.played_by("supervisor"):
        seat = seat_of(stage, "supervisor")
        own = actions.begin_report(seat=seat, period=last, today=stage.today, now=stage.now)
        own = actions.word_report(seat=seat, report=own, done=SUMMARY)
        actions.submit_report(seat=seat, report=own, today=stage.today, now=stage.now)
        present = Period.holding(stage.today, "quarter")
        actions.begin_report(seat=seat, period=present, today=stage.today, now=stage.now)
