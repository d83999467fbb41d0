"""Accounts of the parties: who is owed what, one party's statement, what is open and since when."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kandoo.engine.open_items import by_age
from kandoo.ledger import access, papers, queries, words
from kandoo.ledger.forms import DaysForm
from kandoo.ledger.reasons import reasons_of
from kandoo.register.access import Seat, seated
from kandoo.register.models import Enterprise
from kandoo.site import language as lang
from kandoo.site import tables
from kandoo.site.lists import asker, page_of

LANGUAGES = ("fa", "en")
SIDES: dict[str, Callable[[int], bool]] = {
    "owed": lambda net: net > 0,
    "owing": lambda net: net < 0,
    "even": lambda net: net == 0,
}


@seated(*access.STAFF)
def parties(request: HttpRequest) -> HttpResponse:
    """Every party with one balance over all joint actions; largest first."""
    rows = _party_rows(request, asker(request))
    context = {
        "page_obj": page_of(request, rows),
        "owed": sum(row["balance"].net for row in rows if row["balance"].net > 0),
        "owing": -sum(row["balance"].net for row in rows if row["balance"].net < 0),
        "selects": [
            {
                "name": "side",
                "label": _("Balance"),
                "options": [("owed", _("Owed to it")), ("owing", _("Owes us")), ("even", _("Even"))],
                "value": request.GET.get("side", ""),
            }
        ],
    }
    return render(request, "ledger/parties.html", context)


def _party_rows(request: HttpRequest, seat: Seat) -> list[dict[str, Any]]:
    balances = {each.enterprise_id: each for each in queries.party_balances(seat.cluster)}
    firms = access.parties_seen_by(seat)
    if text := lang.fold(request.GET.get("q", "")):
        firms = firms.filter(search_key__contains=text)
    nothing = queries.PartyBalance(0)
    rows: list[dict[str, Any]] = [{"firm": firm, "balance": balances.get(firm.pk, nothing)} for firm in firms]
    if side := SIDES.get(request.GET.get("side", "")):
        rows = [row for row in rows if side(row["balance"].net)]
    return sorted(rows, key=lambda row: (-abs(row["balance"].net), row["firm"].sort_key))


@seated(*access.STAFF)
def parties_export(request: HttpRequest, form: str) -> HttpResponse:
    """The parties found as a file; amounts in rial."""
    heads = [_("Party"), _("Owed to it"), _("Owed by it"), _("Net"), _("Deposits"), _("Advances"), _("Under way")]
    rows = (
        (
            row["firm"], row["balance"].owed, row["balance"].owing, row["balance"].net, row["balance"].deposits,
            row["balance"].advances, row["balance"].in_transit,
        )
        for row in _party_rows(request, asker(request))
    )  # fmt: skip
    return tables.as_file(form, heads, rows, "parties")


@seated(*access.PARTIES)
def own(request: HttpRequest) -> HttpResponse:
    """A party's own account."""
    seat = asker(request)
    if seat.enterprise is None:
        raise Http404
    return _statement_page(request, seat, seat.enterprise)


@seated(*access.STAFF)
def party(request: HttpRequest, pk: int) -> HttpResponse:
    """The account of one party, for those who keep and check the books."""
    seat = asker(request)
    return _statement_page(request, seat, access.party_seen_by(seat, pk))


def _statement_page(request: HttpRequest, seat: Seat, firm: Enterprise) -> HttpResponse:
    form = DaysForm(request.GET or None, auto_id="filter-%s")
    first, last = form.days() if form.is_bound else (None, None)
    found = queries.statement(firm, first, last)
    position = next(iter(queries.party_balances(seat.cluster, firm.pk)), queries.PartyBalance(firm.pk))
    items = queries.open_items(seat.cluster, firm.pk).get(firm.pk, [])
    page = page_of(request, found.lines[::-1], 50)
    reasons = reasons_of(seat, {line.source: firm.pk for line in page})
    context = {
        "firm": firm,
        "is_own": seat.enterprise == firm,
        "statement": found,
        "position": position,
        "page_obj": page,
        "rows": [(line, words.fact_of(line.rule), reasons[line.source]) for line in page],
        "form": form,
        "ages": _ages(items),
        "query": request.GET.urlencode(),
    }
    return render(request, "ledger/statement.html", context)


def _ages(items: Sequence[Any]) -> list[tuple[str, int]]:
    """The open sums by age, in words."""
    return list(zip(age_words(), by_age(items, timezone.localdate()), strict=True))


def age_words() -> list[str]:
    """The names of the ages."""
    return [_("up to 30 days"), _("31 to 60 days"), _("61 to 90 days"), _("over 90 days")]


def _firm(request: HttpRequest, pk: int) -> Enterprise:
    return access.party_seen_by(asker(request), pk)


@require_GET
@seated(*access.STAFF, *access.PARTIES)
def statement_pdf(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """A statement as a PDF, in Persian or English."""
    firm = _firm(request, pk)
    if language not in LANGUAGES:
        raise Http404
    first, last = DaysForm(request.GET).days()
    pdf = papers.statement_pdf(firm, queries.statement(firm, first, last), first, last, language, timezone.localdate())
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="statement-{firm.pk}-{language}.pdf"'},
    )


@require_GET
@seated(*access.STAFF, *access.PARTIES)
def statement_export(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """A statement as Excel or CSV; amounts in rial."""
    firm = _firm(request, pk)
    found = queries.statement(firm, *DaysForm(request.GET).days())
    heads = [_("Date"), _("Fact"), _("Reason"), _("Owed to it"), _("Paid or owed by it"), _("Balance")]
    return tables.as_file(form, heads, _lines(asker(request), firm, found), f"statement-{firm.pk}")


def _lines(seat: Seat, firm: Enterprise, found: queries.Statement) -> Iterator[tuple[Any, ...]]:
    reasons = reasons_of(seat, {line.source: firm.pk for line in found.lines})
    yield ("", _("Opening balance"), "", "", "", found.opening)
    for line in found.lines:
        text = " · ".join(filter(None, [reasons[line.source].text, line.reason]))
        yield (line.on, words.fact_of(line.rule), text, max(line.amount, 0), max(-line.amount, 0), line.balance)
    yield ("", _("Closing balance"), "", "", "", found.closing)


@seated(*access.STAFF)
def open_items(request: HttpRequest) -> HttpResponse:
    """What is open of every party by age, oldest first."""
    seat = asker(request)
    rows = _open_rows(seat)
    sums = [sum(row["ages"][place] for row in rows) for place in range(4)]
    context = {
        "page_obj": page_of(request, rows),
        "ages": list(zip(age_words(), sums, strict=True)),
        "words": age_words(),
        "total": sum(sums),
    }
    return render(request, "ledger/open_items.html", context)


def _open_rows(seat: Seat) -> list[dict[str, Any]]:
    today = timezone.localdate()
    items = queries.open_items(seat.cluster)
    firms = access.parties_seen_by(seat).in_bulk(items)
    rows = [
        {
            "firm": firms[pk],
            "oldest": max(item.age(today) for item in mine),
            "since": min(item.on for item in mine),
            "ages": by_age(mine, today),
            "left": sum(item.left for item in mine),
        }
        for pk, mine in items.items()
    ]
    return sorted(rows, key=lambda row: (-row["oldest"], row["firm"].sort_key))


@seated(*access.STAFF)
def open_items_export(request: HttpRequest, form: str) -> HttpResponse:
    """The open items by party as a file; amounts in rial."""
    heads = [_("Party"), _("Open since"), _("Days"), *age_words(), _("Net")]
    rows = ((row["firm"], row["since"], row["oldest"], *row["ages"], row["left"]) for row in _open_rows(asker(request)))
    return tables.as_file(form, heads, rows, "open-items")
