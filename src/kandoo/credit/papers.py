"""The letter of a year's end on paper: what was paid, what lapses, what is carried over, room to sign."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kandoo.credit import reading
from kandoo.credit.models import Closing, Commitment
from kandoo.site.language import localise_digits
from kandoo.trace.papers.sheet import Words, typeset


def letter_pdf(closing: Closing, language: str) -> bytes:
    """The letter in Persian or English; toman with rial beside it."""
    with translation.override(language):
        return typeset("credit_letter", language, letter_data(closing, language))


def letter_data(closing: Closing, language: str) -> dict[str, Any]:
    """What the letter says."""
    words, line = Words(language), closing.line
    lapsed = closing.unallocated + closing.uncommitted
    carried = Commitment.objects.filter(line=line, carried__gt=0).order_by("pk")
    return {
        "programme": words.name(line.cluster),
        "number": closing.number,
        "day": words.day(closing.on),
        "answer": _("%(lapsed)s lapses and %(carried)s is carried over.")
        % {"lapsed": words.toman(lapsed), "carried": words.toman(closing.carried)},
        "facts": [
            [_("Credit line"), f"{words.isolated(str(line))} · {words.isolated(line.code)}"],
            [_("Fiscal year"), localise_digits(str(line.year.year), language)],
            [_("Province"), reading.province(line.province)],
            [_("Cluster"), words.isolated(str(line.file)) if line.file else "—"],
            [_("Reason"), words.isolated(closing.reason)],
        ],
        "columns": [_("Step"), _("Amount"), _("In rial")],
        "rows": [[label, words.toman(rial), words.rial(rial)] for label, rial in _steps(closing)],
        "carried-title": _("Carried to %(year)s") % {"year": localise_digits(str(line.year.year + 1), language)},
        "carried": [
            [
                each.number,
                f"{words.isolated(each.title)} · {words.isolated(each.payee_name)}",
                words.toman(each.carried),
            ]
            for each in carried
        ],
        "signatures": [_("Controller: name, day, signature"), _("Officer: name, day, signature")],
        "words": {"title": _("Letter of the year’s end")},
    }


def _steps(closing: Closing) -> list[tuple[str, int]]:
    return [
        (pgettext("credit", "Approved"), closing.approved),
        (pgettext("credit", "Paid"), closing.paid),
        (_("Lapsed: never allocated"), closing.unallocated),
        (_("Lapsed: allocated, not committed"), closing.uncommitted),
        (pgettext("credit", "Carried over"), closing.carried),
    ]
