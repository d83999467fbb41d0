"""What a study still lacks before it can become the baseline, and where its value chain does not meet."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from django.utils.translation import gettext as _

from kandoo.site import language as lang
from kandoo.site.lists import joined, page_language
from kandoo.strategy.models import ChainStage, Diagnosis, Problem, SwotPoint
from kandoo.strategy.parts import ACTORS, LINKS, PROBLEMS, STAGES, SWOT
from kandoo.strategy.queries.rows import Holder


@dataclass(frozen=True, slots=True)
class Break:
    """Where a stage does not meet the one before. `what`: its price or its volume; `explained`: why, if it is said."""

    stage: ChainStage
    before: ChainStage
    what: Literal["price", "volume"]

    @property
    def explained(self) -> str:
        return self.stage.explained

    @property
    def words(self) -> str:
        """The break in one sentence."""
        names: dict[str, object] = {"stage": self.stage, "before": self.before}
        if self.what == "price":
            return _("%(stage)s pays %(paid)s a unit, and %(before)s gets %(got)s.") % (
                names | {"paid": _money(self.stage.price_in), "got": _money(self.before.price_out)}
            )
        return _("%(stage)s takes in %(taken)s, and %(before)s gives %(given)s.") % (
            names | {"taken": _number(self.stage.volume), "given": _number(self.before.volume)}
        )


def breaks(stages: Sequence[ChainStage]) -> list[Break]:
    """Where the price going out is not the price coming in, or more comes in than went out."""
    found: list[Break] = []
    for before, stage in pairwise(stages):
        if stage.price_in != before.price_out:
            found.append(Break(stage, before, "price"))
        if stage.unit == before.unit and stage.volume > before.volume:
            found.append(Break(stage, before, "volume"))
    return found


def lacking(diagnosis: Diagnosis) -> list[str]:
    """Why the study is not whole yet, in words; empty when it is."""
    holder = Holder(diagnosis.file, diagnosis)
    reasons = [
        _("“%(part)s” is empty.") % {"part": part.label}
        for part in (ACTORS, LINKS, STAGES, SWOT, PROBLEMS)
        if not holder.rows(part).order_by().exists()
    ]
    return [*reasons, *_of_swot(holder), *_of_tree(holder), *_of_chain(holder)]


def _of_swot(holder: Holder) -> list[str]:
    held = set(holder.rows(SWOT).order_by().values_list("quadrant", flat=True))
    missing = [str(label) for value, label in SwotPoint.Quadrant.choices if value not in held]
    return [_("No point is written for: %(which)s.") % {"which": joined(missing)}] if held and missing else []


def _of_tree(holder: Holder) -> list[str]:
    held = set(holder.rows(PROBLEMS).order_by().values_list("side", flat=True))
    missing = [str(label) for value, label in Problem.Side.choices if value not in held]
    return [_("The problem tree lacks: %(which)s.") % {"which": joined(missing)}] if held and missing else []


def _of_chain(holder: Holder) -> list[str]:
    stages = list(holder.rows(STAGES))
    words = [each.words for each in breaks(stages) if not each.explained]
    if 0 < len(stages) < 2:
        words.append(_("A value chain has two stages at least."))
    return words


def _money(rial: int) -> str:
    return lang.format_toman(rial, page_language())


def _number(value: int) -> str:
    return lang.format_number(value, page_language())
