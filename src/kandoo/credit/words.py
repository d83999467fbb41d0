"""Refusals of money in words: which ceiling, and what is left."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kandoo.credit.problems import OverTheCeiling
from kandoo.engine.budget import OverCeiling
from kandoo.site import language as lang
from kandoo.site.lists import page_language

_OVER = {
    "cut": gettext_lazy("An amendment cannot take what is allocated: %(left)s of this line is not allocated."),
    "allocated": gettext_lazy("This is above what is approved: %(left)s can still be allocated on this line."),
    "returned": gettext_lazy("Only what is not committed can be returned: %(left)s."),
    "committed": gettext_lazy("This is above what is allocated: %(left)s can still be committed on this line."),
    "released": gettext_lazy("Only what is not paid can be released: %(left)s."),
    "paid": gettext_lazy("This is above what is committed: %(left)s can still be paid."),
    "refunded": gettext_lazy("No more can come back than was paid: %(left)s."),
    "refunded_late": gettext_lazy("No more can come back than was paid: %(left)s."),
    "share": gettext_lazy("This is above the share the programme may bear: of this cost it bears %(left)s at most."),
    "amount": gettext_lazy("This is above the ceiling of one commitment of this kind: %(left)s."),
    "advance": gettext_lazy("This is above the advance this contract allows: %(left)s can still be paid in advance."),
    "activity": gettext_lazy(
        "This is above what the programme is to bear of the activity: %(left)s of it is not committed yet."
    ),
    "contract": gettext_lazy("This is above what the contract costs: %(left)s of it is not committed yet."),
}


def money(rial: int) -> str:
    """An amount in the language of the page, with its unit."""
    return lang.format_toman(rial, page_language())


def share(thousandths: int) -> str:
    """A share in percent, in the language of the page."""
    text = lang.format_number(thousandths / 10, page_language())
    return f"{text}٪" if page_language() == "fa" else f"{text}%"


def day(value: object) -> str:
    """A day in figures, in the language of the page."""
    return lang.format_day(value, page_language(), style="short")  # type: ignore[arg-type]


def over(problem: OverCeiling, asked: int) -> OverTheCeiling:
    """The refusal with what was asked, the ceiling, and what is left; nothing was written."""
    asked_words = _("You asked for %(asked)s.") % {"asked": money(asked)}
    return OverTheCeiling(f"{_OVER[problem.code] % {'left': money(max(problem.left, 0))}} {asked_words}")
