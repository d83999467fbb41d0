"""The journal: newest first, searched, taken away; an entry with its legs, and its reversal."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo.ledger import access, actions, queries, words
from kandoo.ledger.forms import JournalFilter, ReversalForm
from kandoo.ledger.models import Entry, Leg
from kandoo.register.access import Seat, firms_seen_by, seated
from kandoo.selling.models import Lot
from kandoo.site import language, tables

READERS = ("agent", "auditor", "controller")
PAGE_ROWS = 50


def _asker(request: HttpRequest) -> Seat:
    """The seat that a `seated` view has let in."""
    seat = Seat.of(request)
    assert seat is not None
    return seat


@seated(*READERS)
def journal(request: HttpRequest) -> HttpResponse:
    """The entries found, one line each, and the proof that debits and credits are equal."""
    seat = _asker(request)
    form = JournalFilter(seat, request.GET)
    wanted = form.wanted()
    entries = queries.matching(access.entries_seen_by(seat), wanted)
    listed = entries.prefetch_related(None).select_related("reversed_by", "reverses")
    page = Paginator(listed, PAGE_ROWS).get_page(language.latin_digits(request.GET.get("page", "1")))
    context = {
        "page_obj": page,
        "rows": _rows(page.object_list),
        "form": form,
        "balances": queries.trial_balance(entries),
        "accounts": dict(words.accounts()),
        "firm": firms_seen_by(seat).filter(pk=wanted.enterprise or 0).first(),
        "is_whole": wanted == queries.Wanted(),
    }
    return render(request, "ledger/journal.html", context)


def _rows(entries: Any) -> list[dict[str, Any]]:
    sums = queries.summaries(entries)
    lots = Lot.objects.in_bulk({lot for each in sums.values() for lot in each.lots})
    return [
        {
            "entry": entry,
            "fact": words.fact_of(entry.rule),
            "sums": sums[entry.pk].sums,
            "debited": [words.account_name(code) for code in sums[entry.pk].debited],
            "credited": [words.account_name(code) for code in sums[entry.pk].credited],
            "lots": [lots[pk] for pk in sums[entry.pk].lots],
        }
        for entry in entries
    ]


@seated(*READERS)
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The entries found as a file, one row a leg. Amounts in the smallest unit of the currency."""
    seat = _asker(request)
    entries = queries.matching(access.entries_seen_by(seat), JournalFilter(seat, request.GET).wanted())
    heads = [
        _("Entry"), _("Date"), _("Fact"), _("Source"), _("Account"), _("Party"), _("Lot"), _("Debit"), _("Credit"),
        _("Currency (amounts in its smallest unit)"), _("Reason"),
    ]  # fmt: skip
    return tables.as_file(form, heads, _leg_rows(entries), "journal")


def _leg_rows(entries: Any) -> Iterator[tuple[Any, ...]]:
    for entry in entries:
        for leg in entry.legs.all():
            yield (
                entry.pk, entry.on, words.fact_of(entry.rule), entry.source, words.account_name(leg.account),
                leg.enterprise or "", leg.lot.code if leg.lot else "", max(leg.amount, 0), max(-leg.amount, 0),
                leg.currency, entry.reason,
            )  # fmt: skip


@seated(*READERS)
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry with its legs, the fact behind it, and its twin where it was reversed."""
    return _entry_page(request, access.entry_seen_by(_asker(request), pk), ReversalForm())


@seated("agent")
@require_POST
def reverse_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Book the mirror image of an entry, with its reason."""
    found = access.entry_seen_by(_asker(request), pk)
    form = ReversalForm(request.POST)
    if found.reverses or not form.is_valid():
        return _entry_page(request, found, form)
    twin = actions.reverse(
        by=_asker(request).person, entry=found, reason=form.cleaned_data["reason"], on=timezone.localdate()
    )
    messages.success(request, _("The entry is reversed. Both stay in the books, linked to each other."))
    return redirect("ledger:entry", twin.pk)


def _entry_page(request: HttpRequest, found: Entry, form: ReversalForm) -> HttpResponse:
    legs: list[Leg] = list(found.legs.all())
    context = {
        "entry": found,
        "fact": words.fact_of(found.rule),
        "legs": [
            {
                "account": words.account_name(leg.account),
                "party": leg.enterprise,
                "outside": leg.party,
                "debit": leg.amount if leg.amount > 0 else None,
                "credit": -leg.amount if leg.amount < 0 else None,
                "currency": leg.currency,
            }
            for leg in legs
        ],
        "sums": [(each.currency, each.debit) for each in _totals(found)],
        "lots": list({leg.lot_id: leg.lot for leg in legs if leg.lot}.values()),
        "document": queries.document_of(found.source),
        "twin": found.reverses or getattr(found, "reversed_by", None),
        "may_reverse": _asker(request).role == "agent" and not found.reverses and not hasattr(found, "reversed_by"),
        "form": form,
    }
    return render(request, "ledger/entry.html", context)


def _totals(found: Entry) -> list[queries.AccountBalance]:
    return queries.trial_balance(Entry.objects.filter(pk=found.pk)).totals
