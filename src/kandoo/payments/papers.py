"""A payment run on paper: the sum, every payment with its account, and room for two signatures."""

from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kandoo.payments.models import PaymentLine, PaymentRun
from kandoo.payments.queries import people
from kandoo.trace.papers.sheet import Words, typeset

Status = PaymentLine.Status
MOST_PAGES = 500


def run_pdf(run: PaymentRun, language: str) -> bytes:
    """The list of a run in Persian or English; toman with rial beside it."""
    with translation.override(language):
        return typeset("payment_list", language, run_data(run, language))


def run_data(run: PaymentRun, language: str) -> dict[str, Any]:
    """What the paper says: the payments of the run, without those held back."""
    words = Words(language)
    lines = list(
        run.lines.exclude(status__in=[Status.HELD, Status.DROPPED]).select_related("enterprise").order_by("number")
    )
    total = sum(each.amount for each in lines)
    count = words.number(len(lines))
    answer = ngettext("%(n)s payment, %(sum)s", "%(n)s payments, %(sum)s", len(lines))
    return {
        "cluster": words.name(run.cluster),
        "number": run.number,
        "answer": answer % {"n": count, "sum": words.toman(total)},
        "total": words.toman(total),
        "total-rial": words.rial(total),
        "facts": _facts(run, words),
        "columns": [_("Payment"), _("Receiver"), _("Sheba (IBAN)"), _("Amount")],
        "rows": [_row(each, words) for each in lines],
        "signatures": [_("Made by: name, day, signature"), _("Controller: name, day, signature")],
        "page-words": _("page {page} of {pages}"),
        "digits": [words.number(number) for number in range(1, MOST_PAGES)],
        "words": {"title": _("Payment run"), "total": _("Total")},
    }


def _facts(run: PaymentRun, words: Words) -> list[list[str]]:
    names = people(run.cluster_id)
    facts = [
        [_("State"), run.get_status_display()],
        [_("Day of payment"), words.day(run.executes_on)],
        [_("Made by"), f"{names.get(run.made_by_id, '')} · {words.short_day(timezone.localdate(run.made_at))}"],
    ]
    if run.approved_by_id is not None and run.approved_at is not None:
        day = words.short_day(timezone.localdate(run.approved_at))
        facts += [[_("Approved by"), f"{names.get(run.approved_by_id, '')} · {day}"]]
        facts += [[_("From account"), f"{words.isolated(run.holder)} · {words.isolated(run.sheba)}"]]
        facts += [[_("Checksum of the bank file"), words.isolated(run.sha256[:16])]]
    return facts


def _row(line: PaymentLine, words: Words) -> dict[str, str]:
    return {
        "number": line.number,
        "name": words.name(line.enterprise),
        "sheba": line.sheba,
        "toman": words.toman(line.amount),
        "rial": words.rial(line.amount),
    }
