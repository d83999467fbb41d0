"""The honey's indicators: where it began, what is to be reached, two sources that differ, two closed quarters.

Figures of the cluster's own records are the demo's own; what is typed in is invented and says so.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from kandoo.demo.nation import PROGRAMME
from kandoo.programme.models import ClusterFile
from kandoo.register.models import Cluster
from kandoo.results import actions
from kandoo.results.models import Indicator
from kandoo.results.periods import Period

if TYPE_CHECKING:
    from kandoo.demo.building import Stage

SOURCE = "مطالعهٔ شناختی نمونه"
# indicator, where it began, what is to be reached
AIMS = (("members", 150, 300), ("trained", 20, 120), ("kg-sold", 0, 60_000), ("share-in-actions", 0, 40))
# indicator, the figure, whose word: two differ on the trained
SAID = (
    ("trained", 64, "فهرست حضور عامل (نمونه)"),
    ("trained", 51, "گواهی‌های مرکز آموزش (نمونه)"),
    ("satisfaction", 71, "پیمایش نمونه"),
)
EVIDENCE = "این سند نمونه است و برای نمایش ساخته شده: {indicator}، {source}."


def build(stage: Stage) -> None:
    """Indicators of the programme, then the honey's figures quarter by quarter."""
    with stage.played_by("nation") as officer:
        programme = Cluster.objects.get(code=PROGRAMME["code"])
        actions.take_shipped_indicators(by=officer, programme=programme)
        indicators = {each.code: each for each in Indicator.objects.filter(cluster=programme)}
        honey = ClusterFile.objects.get(cluster=programme, name_en="Honey of Lorestan")
    this = Period.holding(stage.today, "quarter")
    with stage.played_by("lorestan") as officer:
        for code, began, aim in AIMS:
            actions.set_baseline(
                by=officer, file=honey, indicator=indicators[code], value=Decimal(began),
                on=stage.today - timedelta(days=830), source=SOURCE, now=stage.now - timedelta(days=820),
            )  # fmt: skip
            actions.set_target(
                by=officer, file=honey, indicator=indicators[code], target=Decimal(aim),
                target_on=stage.today + timedelta(days=400), reason="برنامهٔ عمل سه‌ساله (نمونه)",
                now=stage.now - timedelta(days=690),
            )  # fmt: skip
        last = this.before()
        for code, figure, source in SAID:
            terms = actions.ValueTerms(Decimal(figure), last.first, last.last, source, last.last)
            words = EVIDENCE.format(indicator=indicators[code], source=source)
            actions.add_value(
                by=officer, file=honey, indicator=indicators[code], terms=terms,
                document=actions.Document(f"{code}.txt", words.encode()), today=stage.today, now=stage.now,
            )  # fmt: skip
        for period in (last.before().before(), last.before()):
            actions.lock_period(by=officer, file=honey, first=period.first, last=period.last, now=stage.now)
