"""What the pages of diagnosis and plan say: states as badges, gaps in sentences, figures in the page's digits."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from kandoo.engine.budget import WHOLE
from kandoo.site import language as lang
from kandoo.site.lists import page_language
from kandoo.strategy.models import Diagnosis
from kandoo.strategy.parts import Column
from kandoo.strategy.queries.activities import Planned
from kandoo.strategy.queries.chain import Gap

STATE_WORDS = {
    "done": pgettext_lazy("activity", "Done"),
    "late": pgettext_lazy("activity", "Late"),
    "running": pgettext_lazy("activity", "Under way"),
    "ahead": pgettext_lazy("activity", "To come"),
    "measured": gettext_lazy("Has an indicator"),
    "unmeasured": gettext_lazy("Has no indicator"),
}
STATE_KINDS = {"done": "good", "late": "bad", "running": "plain", "ahead": "unknown"}
GAP_WORDS = {
    "unplaced": gettext_lazy("Activity “%(row)s” stands nowhere in the chain."),
    "no_output": gettext_lazy("“%(row)s” leads to no output."),
    "no_indicator": gettext_lazy("Outcome “%(row)s” has no indicator."),
    "no_outcome": gettext_lazy("Impact “%(row)s” rests on no outcome."),
    "leads_nowhere": gettext_lazy("“%(row)s” leads to nothing."),
    "no_assumption": gettext_lazy("The step “%(row)s” says no assumption."),
}


def badge(kind: str, text: Any) -> dict[str, str]:
    """A state as a badge."""
    return {"kind": kind, "text": str(text)}


def study_badge(status: str | None) -> dict[str, str]:
    """The state of a study; of a file that has none too."""
    if not status:
        return badge("unknown", _("Not begun"))
    kinds = {"draft": "plain", "prepared": "warn", "frozen": "good"}
    return badge(kinds[status], Diagnosis.Status(status).label)


def standing_badge(planned: Planned) -> dict[str, str]:
    """The state of an activity."""
    return badge(STATE_KINDS[planned.state], STATE_WORDS[planned.state])


def standing_words(planned: Planned) -> str:
    """The state of an activity with its days and, where it is so, that no money is committed."""
    activity = planned.activity
    words = [str(STATE_WORDS[planned.state]), f"{day(activity.starts_on)} – {day(activity.ends_on)}"]
    if planned.is_unfunded:
        words.append(pgettext("activity", "unfunded"))
    return " · ".join(words)


def gap_words(gap: Gap) -> str:
    """A gap of the chain in one sentence."""
    return str(GAP_WORDS[gap.kind] % {"row": gap.row})


def shown(column: Column, value: Any) -> str:
    """A cell of a part as a page shows it."""
    if value is None or value == "":
        return "—"
    match column.kind:
        case "choice":
            return str(dict(column.choices)[value])
        case "whole":
            return number(value)
        case "toman":
            return money(value)
        case "percent":
            return percent(value, WHOLE)
        case "day":
            return day(value)
    return str(value)


def day(value: Any) -> str:
    """A day in figures."""
    return lang.format_day(value, page_language(), style="short")


def number(value: Any) -> str:
    """A figure in the digits of the page."""
    return lang.format_number(value, page_language())


def money(rial: int) -> str:
    """An amount with its unit."""
    return lang.format_toman(rial, page_language())


def percent(part: float, whole: float) -> str:
    """A share in whole percent."""
    text = number(round(100 * part / whole) if whole else 0)
    return f"{text}٪" if page_language() == "fa" else f"{text}%"
