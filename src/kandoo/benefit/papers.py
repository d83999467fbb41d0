"""The benefit statement on paper: one page a member and season, in Persian or English."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from kandoo.benefit import figures, words
from kandoo.benefit.statement import Statement
from kandoo.site.language import localise_digits
from kandoo.site.pictures import Step
from kandoo.trace.papers.sheet import Words, typeset


def statements_pdf(read: Sequence[Statement], language: str, printed_on: Any) -> bytes:
    """The statements, each on its own page."""
    with translation.override(language):
        says = Words(language)
        data = {
            "sheets": [sheet_data(each, says) for each in read],
            "day": says.day(printed_on),
            "words": {
                "title": _("Benefit of working together"),
                "missing": _("Not documented, so not counted"),
                "remarks": _("Also"),
                "definition": figures.definition(),
                "how": figures.how_to_document(),
            },
        }
        return typeset("benefit", language, data)


def sheet_data(read: Statement, says: Words) -> dict[str, Any]:
    """What one page says."""
    return {
        "cluster": says.name(read.firm.cluster),
        "member": says.name(read.firm),
        "season": _("Season %(year)s") % {"year": localise_digits(str(read.season), says.language)},
        "headline": figures.headline(read),
        "is_gain": read.gain >= 0,
        "figures": [[each.label, each.value, each.sentence] for each in figures.five(read)],
        "without": figures.without(read),
        "pictures": [
            {"title": title, "steps": _bars(words.steps_of(read.way(side)))}
            for side, title in figures.picture_titles().items()
            if read.of_side(side)
        ],
        "missing": [f"{says.joined([says.isolated(each.title), each.item])}: {each.why}" for each in read.missing[:6]],
        "remarks": figures.remarks(read),
    }


def _bars(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Each step with its bar from and to, as parts of the scale."""
    ends = list(
        accumulate(steps, lambda level, step: step.amount if step.is_total else level + step.amount, initial=0.0)
    )
    low, high = min(ends), max(ends)
    span = (high - low) or 1.0
    return [
        {
            "label": step.label,
            "text": step.text,
            "is_total": step.is_total,
            "is_gain": step.is_total or step.amount >= 0,
            "from": (min(0.0 if step.is_total else before, after) - low) / span,
            "size": abs(after - (0.0 if step.is_total else before)) / span,
        }
        for step, before, after in zip(steps, ends, ends[1:], strict=False)
    ]
