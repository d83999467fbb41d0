"""The account of cooperation: a member's own statement, the account for staff, safe totals for the others."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.benefit import access, accounts, queries, words
from kandoo.benefit.models import ActionKind, Gain
from kandoo.benefit.statement import days_to_cash
from kandoo.benefit.views.statements import statement_page
from kandoo.register.access import Seat, seated
from kandoo.register.queries import members_on
from kandoo.site import tables
from kandoo.site.language import fold, jalali_year, latin_digits
from kandoo.site.lists import asker, in_order, page_of
from kandoo.site.pictures import ranks

SORTS = {
    "member": "enterprise__sort_key",
    "alone": "alone",
    "joint": "net",
    "gain": "gain",
}


@seated("agent", "auditor", "member", "officer", "controller")
def home(request: HttpRequest) -> HttpResponse:
    """What cooperation is worth, as far as the seat may know."""
    seat = asker(request)
    if seat.role == "member" and seat.enterprise is not None:
        return statement_page(request, seat, seat.enterprise)
    if seat.is_one_of(*access.STAFF):
        return _account(request, seat)
    return _totals(request, seat)


def _account(request: HttpRequest, seat: Seat) -> HttpResponse:
    every = access.gains_seen_by(seat)
    rows = found(request, every)
    listed = list(rows)
    total = accounts.total(listed)
    by = request.GET.get("by", "")
    groups = accounts.rolled(listed, by) if by in accounts.WAYS else []
    page = page_of(request, groups or in_order(request, rows, SORTS, "-season -code enterprise__sort_key"))
    cash = {} if groups else days_to_cash(page.object_list)
    context = {
        "page_obj": page,
        "is_rolled": bool(groups),
        "rows": [] if groups else [(each, cash[each.pk]) for each in page],
        "total": total,
        "sums": accounts.rounded(total),
        "has_any": every.exists(),
        "left_out": max(
            members_on(seat.cluster, timezone.localdate()).count() - len({each.enterprise_id for each in listed}), 0
        ),
        "selects": _selects(request, every),
        "figures": accounts.pictures(listed),
        "newest": every.aggregate(newest=Max("season"))["newest"],
        "query": request.GET.urlencode(),
    }
    return render(request, "benefit/account.html", context)


def found(request: HttpRequest, rows: QuerySet[Gain]) -> QuerySet[Gain]:
    """The gains the address asks for: member or action in words, season, kind, evidence."""
    text = request.GET.get("q", "").strip()
    if text:
        key = fold(text)
        named = rows.filter(title__icontains=text) | rows.filter(code__icontains=latin_digits(text))
        rows = named | rows.filter(enterprise__search_key__contains=key) if key else named
    season = latin_digits(request.GET.get("season", ""))
    if season.isdecimal() and len(season) == 4:
        rows = rows.filter(season=int(season))
    if request.GET.get("kind") in ActionKind.values:
        rows = rows.filter(action=request.GET["kind"])
    if request.GET.get("evidence") in ("yes", "no"):
        rows = rows.filter(is_documented=request.GET["evidence"] == "yes")
    return rows


def _selects(request: HttpRequest, every: QuerySet[Gain]) -> list[dict[str, Any]]:
    def select(name: str, label: str, options: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
        return {"name": name, "label": label, "options": list(options), "value": request.GET.get(name, "")}

    seasons = [(each, accounts.year(each)) for each in queries.seasons_of(every)]
    kinds = [(kind, label) for kind, label in ActionKind.choices if every.filter(action=kind).exists()]
    return [
        select("season", _("Season"), seasons),
        select("kind", _("Kind"), kinds),
        select("evidence", _("Evidence"), [("yes", _("Documented")), ("no", _("Missing"))]),
        select("by", _("Added up by"), [(way, str(label)) for way, label in accounts.WAYS.items()]),
    ]


@seated("agent", "auditor")
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The account as it is filtered, one line a member and action; amounts in rial."""
    rows = list(
        found(request, access.gains_seen_by(asker(request))).order_by("-season", "code", "enterprise__sort_key")
    )
    cash = days_to_cash(rows)
    heads = [
        _("Season"), _("Kind"), _("Joint action"), _("Title"), _("Member"), _("Quantity"), _("Unit"), _("Joint (rial)"),
        _("Fees (rial)"), _("Own transport (rial)"), _("Own hours"), _("Own time (rial)"), _("Public subsidy (rial)"),
        _("Alone (rial)"), _("Without evidence (rial)"), _("Gain (rial)"), _("Gain if documented (rial)"),
        _("Documented"), _("Harvested on"), _("Delivered on"), _("Days from harvest to cash"), _("Days to cash alone"),
        _("Reason of the correction"),
    ]  # fmt: skip
    lines = (
        (
            each.season, words.kind_words(each.action), each.code, each.title, each.enterprise, each.quantity, each.unit,
            each.joint, each.fees, each.own_costs, each.hours, each.time, each.subsidy, each.alone, each.undocumented,
            each.gain, each.claimed, _("yes") if each.is_documented else _("no"), each.harvested_on, each.delivered_on,
            cash[each.pk], each.alone_days, each.reason,
        )
        for each in rows
    )  # fmt: skip
    return tables.as_file(form, heads, lines, "benefit")


def _totals(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Totals of actions in which five or more took part; nobody can be read from them."""
    actions = queries.action_totals(seat.cluster)
    today = timezone.localdate()
    season = actions[0].season if actions else jalali_year(today)
    part = queries.taking_part(seat.cluster, season)
    known = [each for each in actions if each.gain is not None and each.season == season]
    groups = queries.gain_groups(seat.cluster, season)
    means = [amount // count for count, amount in groups]
    texts = [
        _("Members: %(n)s; %(gain)s each on average") % {"n": words.number(count), "gain": words.rounded(mean)}
        for (count, _sum), mean in zip(groups, means, strict=True)
    ]
    context = {
        "actions": [(each, words.kind_words(each.action), words.units(each.quantity, each.unit)) for each in actions],
        "season": season,
        "gain": round(sum(each.gain or 0 for each in known), -1) if known else None,
        "part": part,
        "left_out": max(members_on(seat.cluster, today).count() - part.members, 0),
        "picture": ranks(means, texts, name=_("Gain by groups of members"), language=accounts.language())
        if groups
        else "",
        "rows": [[words.number(count), words.rounded(mean)] for (count, _sum), mean in zip(groups, means, strict=True)],
        "columns": [_("Members"), _("Gain of each on average")],
    }
    return render(request, "benefit/totals.html", context)
