"""The journal: newest first, searched, taken away; an entry with its legs, and its reversal."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo.buying.models import Round
from kandoo.ledger import access, actions, queries, words
from kandoo.ledger.forms import JournalFilter, ReversalForm
from kandoo.ledger.models import Entry, Leg
from kandoo.ledger.problems import NotPossible
from kandoo.ledger.reasons import reasons_of
from kandoo.register.access import firms_seen_by, seated
from kandoo.selling.models import Lot
from kandoo.site import tables
from kandoo.site.lists import asker, page_of, words_of

PAGE_ROWS = 50
# Undone by what the bank says of the payment, never from the journal; PostgreSQL refuses it too.
OF_PAYMENTS = ("payment_sent", "payment_confirmed", "payment_failed")


@seated(*access.STAFF)
def journal(request: HttpRequest) -> HttpResponse:
    """The entries found, one line each, and the proof that debits and credits are equal."""
    seat = asker(request)
    form = JournalFilter(seat, request.GET)
    wanted = form.wanted()
    entries = queries.matching(access.entries_seen_by(seat), wanted)
    listed = entries.prefetch_related(None).select_related("reversed_by", "reverses")
    page = page_of(request, listed, PAGE_ROWS)
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
    rounds = Round.objects.in_bulk({this for each in sums.values() for this in each.rounds})
    return [
        {
            "entry": entry,
            "fact": words.fact_of(entry.rule),
            "sums": sums[entry.pk].sums,
            "debited": [words.account_name(code) for code in sums[entry.pk].debited],
            "credited": [words.account_name(code) for code in sums[entry.pk].credited],
            "lots": [lots[pk] for pk in sums[entry.pk].lots if pk in lots],  # a controller sees no lots
            "rounds": [rounds[pk] for pk in sums[entry.pk].rounds if pk in rounds],
        }
        for entry in entries
    ]


@seated(*access.STAFF)
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The entries found as a file, one row a leg. Amounts in the smallest unit of the currency."""
    seat = asker(request)
    entries = queries.matching(access.entries_seen_by(seat), JournalFilter(seat, request.GET).wanted())
    heads = [
        _("Entry"), _("Date"), _("Fact"), _("Source"), _("Account"), _("Party"), _("Lot or round"), _("Debit"), _("Credit"),
        _("Currency (amounts in its smallest unit)"), _("Reason"),
    ]  # fmt: skip
    return tables.as_file(form, heads, _leg_rows(entries), "journal")


def _leg_rows(entries: Any) -> Iterator[tuple[Any, ...]]:
    for entry in entries:
        for leg in entry.legs.all():
            yield (
                entry.pk, entry.on, words.fact_of(entry.rule), entry.source, words.account_name(leg.account),
                leg.enterprise or "", _joint_code(leg), max(leg.amount, 0), max(-leg.amount, 0),
                leg.currency, entry.reason,
            )  # fmt: skip


def _joint_code(leg: Leg) -> str:
    """The code of the lot or the round that a leg concerns."""
    joint = leg.lot or leg.round
    return joint.code if joint else ""


@seated(*access.STAFF, *access.PARTIES)
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry with its legs, the fact behind it, and its twin where it was reversed; a party sees its own legs."""
    return _entry_page(request, access.entry_seen_by(asker(request), pk), ReversalForm())


@seated("agent")
@require_POST
def reverse_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Book the mirror image of an entry, with its reason."""
    found = access.entry_seen_by(asker(request), pk)
    form = ReversalForm(request.POST)
    if found.reverses or found.rule in OF_PAYMENTS or not form.is_valid():
        return _entry_page(request, found, form)
    try:
        twin = actions.reverse(
            by=asker(request).person, entry=found, reason=form.cleaned_data["reason"], on=timezone.localdate()
        )
    except NotPossible as problem:
        form.add_error(None, words_of(problem))
        return _entry_page(request, found, form)
    messages.success(request, _("The entry is reversed. Both stay in the books, linked to each other."))
    return redirect("ledger:entry", twin.pk)


def _entry_page(request: HttpRequest, found: Entry, form: ReversalForm) -> HttpResponse:
    seat = asker(request)
    legs: list[Leg] = list(found.legs.all())
    party = seat.enterprise.pk if seat.enterprise else None
    context = {
        "is_staff": seat.is_one_of(*access.STAFF),
        "reason": reasons_of(seat, {found.source: party})[found.source],
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
        "sums": [(each.currency, max(each.debit, each.credit)) for each in _totals(found)],
        "lots": list({leg.lot_id: leg.lot for leg in legs if leg.lot}.values()),
        "document": queries.document_of(found.source),
        "twin": found.reverses or getattr(found, "reversed_by", None),
        "may_reverse": seat.role == "agent"
        and found.rule not in OF_PAYMENTS
        and not found.reverses
        and not hasattr(found, "reversed_by"),
        "form": form,
    }
    return render(request, "ledger/entry.html", context)


def _totals(found: Entry) -> list[queries.AccountBalance]:
    return queries.trial_balance(Entry.objects.filter(pk=found.pk)).totals
