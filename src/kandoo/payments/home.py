"""What of payments waits for whom, on each role's first page."""

from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kandoo.payments import access, queries
from kandoo.payments.models import PaymentLine, PaymentRemark, PaymentRun
from kandoo.register.access import Seat
from kandoo.site import language
from kandoo.site.lists import page_language

Waiting = tuple[str, str, str]  # words, address, the word on the button


def controller_figures(seat: Seat) -> dict[str, Any]:
    """What waits for the controller's approval: how many runs, and their sum in rial."""
    runs = _proposed(seat)
    lines = PaymentLine.objects.filter(run__in=runs, status=PaymentLine.Status.WAITING)
    return {"waiting": len(runs), "waiting_sum": lines.aggregate(sum=Sum("amount"))["sum"] or 0}


def _proposed(seat: Seat) -> list[PaymentRun]:
    runs = access.runs_seen_by(seat).filter(status=PaymentRun.Status.PROPOSED)
    return list(runs.exclude(made_by=seat.person).order_by("proposed_at"))


def waiting_for(seat: Seat) -> list[Waiting]:
    """Runs to approve for a controller, runs sent back and balances to pay for an agent, rows to match for both."""
    if seat.role == "controller":
        words = _("Payment run %(run)s waits for your approval.")
        own = [
            (words % {"run": each}, reverse("payments:run", args=[each.pk]), _("Check and approve"))
            for each in _proposed(seat)
        ]
    elif seat.role == "agent":
        own = [*_sent_back(seat), *_balances(seat)]
    else:
        return []
    return [*own, *_unmatched(seat)]


def _sent_back(seat: Seat) -> list[Waiting]:
    back = PaymentRemark.objects.filter(kind=PaymentRemark.Kind.SENT_BACK).values("run")
    runs = access.runs_seen_by(seat).filter(status=PaymentRun.Status.DRAFT, made_by=seat.person, pk__in=back)
    words = _("Payment run %(run)s was sent back to you.")
    return [(words % {"run": each}, reverse("payments:run", args=[each.pk]), _("Read why")) for each in runs]


def _balances(seat: Seat) -> list[Waiting]:
    found = queries.payable(seat.cluster, 1)
    if not found.parties:
        return []
    sum_ = language.format_toman(found.total, page_language())
    words = ngettext("%(n)s party is owed %(sum)s.", "%(n)s parties are owed %(sum)s.", len(found.parties))
    text = words % {"n": _number(len(found.parties)), "sum": sum_}
    return [(text, reverse("payments:run_new"), _("Make a payment run"))]


def _unmatched(seat: Seat) -> list[Waiting]:
    count = access.unmatched_seen_by(seat).count()
    if not count:
        return []
    words = ngettext(
        "%(n)s row of the bank’s answers is not matched.", "%(n)s rows of the bank’s answers are not matched.", count
    )
    return [(words % {"n": _number(count)}, reverse("payments:unmatched"), _("Match them"))]


def _number(count: int) -> str:
    return language.format_number(count, page_language(), 0)
