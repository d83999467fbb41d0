"""The trial balance of a day, and the closing of a period."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.ledger import access, actions, queries, words
from kandoo.ledger.forms import CloseForm, DaysForm
from kandoo.ledger.models import Entry
from kandoo.ledger.problems import NotPossible
from kandoo.register.access import Seat, seated
from kandoo.selling.access import lots_seen_by
from kandoo.selling.models import Lot
from kandoo.site import tables
from kandoo.site.lists import asker, page_of, words_of


@seated(*access.STAFF)
def trial_balance(request: HttpRequest) -> HttpResponse:
    """Every account's debits and credits over the days asked for; each opens to its entries."""
    form = DaysForm(request.GET or None, auto_id="filter-%s")
    first, last = form.days() if form.is_bound else (None, None)
    context = {
        "form": form,
        "balances": queries.trial_balance(_entries(asker(request), first, last)),
        "accounts": dict(words.accounts()),
        "days": request.GET.urlencode(),
    }
    return render(request, "ledger/trial_balance.html", context)


def _entries(seat: Seat, first: date | None, last: date | None) -> Any:
    return queries.matching(access.entries_seen_by(seat), queries.Wanted(first=first, last=last))


@seated(*access.STAFF)
def trial_balance_export(request: HttpRequest, form: str) -> HttpResponse:
    """The trial balance as a file; amounts in the smallest unit of each currency."""
    found = queries.trial_balance(_entries(asker(request), *DaysForm(request.GET).days()))
    heads = [_("Account"), _("Currency (amounts in its smallest unit)"), _("Debit"), _("Credit"), _("Balance")]
    rows = (
        (words.account_name(each.account), each.currency, each.debit, each.credit, each.balance)
        for each in found.accounts
    )
    return tables.as_file(form, heads, rows, "trial-balance")


@seated(*access.STAFF)
def periods(request: HttpRequest) -> HttpResponse:
    """Through which day the books are closed; the agent looks at what a close would fix, then closes."""
    seat = asker(request)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and seat.role != "agent":
        raise PermissionDenied
    look: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        through = form.cleaned_data["through"]
        if "confirmed" in request.POST and _close(request, seat, form, through):
            return redirect("ledger:periods")
        look = _what_closes(seat, through)
    closes = access.closes_seen_by(seat)
    context = {
        "page_obj": page_of(request, closes),
        "last": closes.first(),
        "form": form,
        "look": look,
        "may_close": seat.role == "agent",
    }
    return render(request, "ledger/periods.html", context)


def _close(request: HttpRequest, seat: Seat, form: CloseForm, through: date) -> bool:
    try:
        actions.close_period(by=seat.person, cluster=seat.cluster, through=through, today=timezone.localdate())
    except NotPossible as problem:
        form.add_error("through", words_of(problem))
        return False
    messages.success(request, _("The period is closed. Nothing can be booked into it any more."))
    return True


def _what_closes(seat: Seat, through: date) -> dict[str, Any]:
    """What a close through a day would fix, and what is still unfinished then."""
    entries = Entry.objects.filter(cluster=seat.cluster, on__lte=through)
    is_even = queries.trial_balance(entries).is_even
    foreign = queries.open_foreign(seat.cluster, through)
    lots = Lot.objects.in_bulk([each.lot_id for each in foreign])
    return {
        "through": through,
        "entries": entries.count(),
        "is_even": is_even,
        "foreign": [(each, lots[each.lot_id]) for each in foreign],
        "may_close": is_even and not any(each.without_rate for each in foreign),
        "unsettled": list(lots_seen_by(seat).filter(status=Lot.Status.DELIVERED, delivered_on__lte=through)),
    }


@seated(*access.STAFF)
def period(request: HttpRequest, pk: int) -> HttpResponse:
    """A closed period with the trial balance it kept, beside the same computed today."""
    seat = asker(request)
    close = access.close_seen_by(seat, pk)
    now = queries.trial_balance(Entry.objects.filter(cluster=seat.cluster, on__lte=close.through))
    context = {
        "close": close,
        "rows": [
            (words.account_name(account), currency, debit, credit)
            for account, currency, debit, credit in close.balances
        ],
        "is_same": close.balances == [[each.account, each.currency, each.debit, each.credit] for each in now.accounts],
    }
    return render(request, "ledger/period.html", context)
