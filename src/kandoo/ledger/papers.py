"""A party's statement as a PDF."""

from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from kandoo.ledger import words as books
from kandoo.ledger.queries import Statement, StatementLine
from kandoo.register.models import Enterprise
from kandoo.trace.papers.sheet import Words, typeset


def statement_pdf(
    firm: Enterprise, found: Statement, first: date | None, last: date | None, language: str, today: date
) -> bytes:
    """The statement over the days asked for, in Persian or English."""
    with translation.override(language):
        return typeset("statement", language, statement_data(firm, found, first, last, language, today))


def statement_data(
    firm: Enterprise, found: Statement, first: date | None, last: date | None, language: str, today: date
) -> dict[str, Any]:
    """What the sheet says."""
    words = Words(language)
    return {
        "cluster": words.name(firm.cluster),
        "firm": words.isolated(str(firm)),
        "day": words.day(today),
        "facts": [[_("Days"), _days(first, last, words)]],
        "closing": words.toman(abs(found.closing)),
        "closing-words": closing_words(found.closing),
        "is_owed": found.closing >= 0,
        "columns": [_("Date"), _("What happened"), _("Owed to you"), _("Paid, or owed by you"), _("Balance")],
        "rows": [
            ["", _("Opening balance"), "", "", words.toman(found.opening)],
            *(_row(line, words) for line in found.lines),
        ],
        "sums": [words.toman(found.credited), words.toman(found.debited), words.toman(found.closing)],
        "words": {"title": _("Statement of account"), "sum": _("Sum")},
        "page-words": _("page {page} of {pages}"),
        "digits": [words.number(number) for number in range(1, 400)],
    }


def closing_words(closing: int) -> str:
    """What the closing balance means."""
    if closing > 0:
        return _("is owed to you")
    return _("is owed by you") if closing < 0 else _("Nothing is owed on either side")


def _days(first: date | None, last: date | None, words: Words) -> str:
    if first and last:
        return _("from %(first)s to %(last)s") % {"first": words.day(first), "last": words.day(last)}
    if first:
        return _("from %(first)s on") % {"first": words.day(first)}
    if last:
        return _("until %(last)s") % {"last": words.day(last)}
    return _("all days")


def _row(line: StatementLine, words: Words) -> list[str]:
    what = books.fact_of(line.rule)
    if line.reason:
        what = f"{what}: {words.isolated(line.reason)}"
    credit = words.toman(line.amount) if line.amount > 0 else ""
    debit = words.toman(-line.amount) if line.amount < 0 else ""
    return [words.short_day(line.on), what, credit, debit, words.toman(line.balance)]
