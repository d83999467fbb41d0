"""Delivered against pledged, by member and season."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kandoo.register.access import Seat, seated
from kandoo.selling import access, pledges
from kandoo.selling.pledges import Kept
from kandoo.site import language as lang
from kandoo.site import tables
from kandoo.site.lists import asker, page_of

READERS = ("agent", "auditor", "member", "officer")
SORTS: dict[str, Callable[[Kept], Any]] = {
    "member": lambda row: row.enterprise.sort_key,
    "season": lambda row: row.season,
    "agreed": lambda row: row.agreed,
    "delivered": lambda row: row.delivered,
    "rate": lambda row: 2.0 if row.rate is None else row.rate,
    "short": lambda row: row.short,
}


@seated(*READERS)
def deliveries(request: HttpRequest) -> HttpResponse:
    """All members for staff, its own line for a member, sums of groups for an officer."""
    seat = asker(request)
    if seat.role == "officer":
        return render(request, "selling/delivery_totals.html", {"seasons": pledges.season_totals(seat.cluster)})
    rows = _wanted(request, seat)
    due, delivered = pledges.totals(rows)
    context = {
        "page_obj": page_of(request, rows),
        "due": due,
        "delivered": delivered,
        "short": [each for each in rows if each.short],
        "rate": delivered / due if due else None,
        "is_staff": seat.is_one_of(*access.STAFF),
        "seasons": sorted({each.season for each in pledges.kept_by(seat)}, reverse=True),
    }
    return render(request, "selling/deliveries.html", context)


def _wanted(request: HttpRequest, seat: Seat) -> list[Kept]:
    """The rows the address asks for, in its order."""
    rows = pledges.kept_by(seat)
    season, words = lang.latin_digits(request.GET.get("season", "")), lang.fold(request.GET.get("q", ""))
    if season.isdecimal():
        rows = [each for each in rows if each.season == int(season)]
    if words:
        rows = [each for each in rows if words in each.enterprise.search_key]
    if request.GET.get("short"):
        rows = [each for each in rows if each.short]
    sort = request.GET.get("sort", "")
    key = SORTS.get(sort.removeprefix("-"))
    return sorted(rows, key=key, reverse=sort.startswith("-")) if key else rows


@seated("agent", "auditor", "member")
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The rows as a file, kilograms."""
    heads = [
        _("Member"), _("Season"), _("Offered (kg)"), _("Agreed (kg)"), _("Of it due (kg)"), _("Delivered (kg)"),
        _("Delivered of due (percent)"), _("Short (kg)"),
    ]  # fmt: skip
    rows = (
        (
            each.enterprise, each.season, each.offered, each.agreed, each.due, each.delivered,
            None if each.rate is None else round(100 * each.rate, 1), each.short,
        )
        for each in _wanted(request, asker(request))
    )  # fmt: skip
    return tables.as_file(form, heads, rows, "delivered-against-pledged")
