"""The benefit statement of a member: on the page and on paper, one member's or a whole season's."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kandoo.benefit import access, figures, papers, words
from kandoo.benefit.near import near
from kandoo.benefit.queries import seasons_of
from kandoo.benefit.statement import Statement, read_season
from kandoo.register.access import Seat, seated
from kandoo.register.models import Enterprise
from kandoo.register.queries import members_on
from kandoo.site.language import fold, jalali_year, latin_digits
from kandoo.site.lists import asker, page_of

LANGUAGES = ("fa", "en")
SEASONS = range(1380, 1501)


@seated("agent", "auditor", "member")
def statement(request: HttpRequest, enterprise: int) -> HttpResponse:
    """One member's season."""
    seat = asker(request)
    return statement_page(request, seat, access.member_seen_by(seat, enterprise))


def statement_page(request: HttpRequest, seat: Seat, firm: Enterprise) -> HttpResponse:
    """The statement of the season that the address asks for, or of the newest."""
    today = timezone.localdate()
    seasons = sorted(
        {jalali_year(today), *seasons_of(access.gains_seen_by(seat).filter(enterprise=firm))}, reverse=True
    )
    season = _season(request.GET.get("season", ""), seasons)
    read = read_season(seat, season, [firm])[0]
    context = {
        "read": read,
        "is_own": seat.enterprise == firm,
        "seasons": seasons,
        "selects": [_season_select(seasons, season)] if len(seasons) > 1 else [],
        "headline": figures.headline(read),
        "figures": figures.five(read),
        "without": figures.without(read),
        "remarks": figures.remarks(read),
        "how": figures.how_to_document(),
        "definition": figures.definition(),
        "pictures": _pictures(read),
        "gains": [(each, read.cash_days[each.pk], words.units(each.quantity, each.unit)) for each in read.gains],
        "open": [] if seat.role == "auditor" else access.taking_evidence(seat, firm),
        "near": near(firm, today),
    }
    return render(request, "benefit/statement.html", context)


def _season(asked: str, seasons: list[int]) -> int:
    """The season asked for where there is one; else the newest."""
    text = latin_digits(asked)
    return int(text) if text.isdecimal() and len(text) == 4 and int(text) in SEASONS else seasons[0]


def _season_select(seasons: list[int], season: int) -> dict[str, Any]:
    options = [(each, words.number(each, 0).replace("٬", "").replace(",", "")) for each in seasons]
    return {"name": "season", "label": _("Season"), "options": options, "value": season}


def _pictures(read: Statement) -> list[dict[str, Any]]:
    """A waterfall for what is sold together and one for what is bought."""
    found = []
    for side, title in figures.picture_titles().items():
        if read.of_side(side):
            steps = words.steps_of(read.way(side))
            found.append(
                {"title": title, "svg": words.picture(steps), "rows": [[step.label, step.text] for step in steps]}
            )
    return found


@require_GET
@seated("agent", "auditor", "member")
def pdf(request: HttpRequest, enterprise: int, season: int, language: str) -> HttpResponse:
    """One member's statement on paper."""
    seat = asker(request)
    firm = access.member_seen_by(seat, enterprise)
    if language not in LANGUAGES or season not in SEASONS:
        raise Http404
    content = papers.statements_pdf(read_season(seat, season, [firm]), language, timezone.localdate())
    return _pdf(content, f"benefit-{season}-{firm.pk}-{language}")


@require_GET
@seated("agent", "auditor")
def season_pdf(request: HttpRequest, season: int, language: str) -> HttpResponse:
    """Every member's statement of a season in one file, a page each."""
    seat = asker(request)
    if language not in LANGUAGES or season not in SEASONS:
        raise Http404
    firms = list(members_on(seat.cluster, timezone.localdate()).order_by("sort_key", "pk"))
    read = [each for each in read_season(seat, season, firms) if not each.is_empty]
    if not read:
        raise Http404
    return _pdf(papers.statements_pdf(read, language, timezone.localdate()), f"benefit-{season}-{language}")


def _pdf(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}.pdf"'}
    )


@seated("agent", "auditor")
def members(request: HttpRequest) -> HttpResponse:
    """Every member with its gain of a season, the smallest first: those who took part in nothing too."""
    seat, today = asker(request), timezone.localdate()
    seasons = sorted({jalali_year(today), *seasons_of(access.gains_seen_by(seat))}, reverse=True)
    season = _season(request.GET.get("season", ""), seasons)
    firms = members_on(seat.cluster, today)
    if text := fold(request.GET.get("q", "")):
        firms = firms.filter(search_key__contains=text)
    sums: dict[int, tuple[int, int, bool]] = {}
    for each in access.gains_seen_by(seat).filter(season=season):
        gain, count, is_whole = sums.get(each.enterprise_id, (0, 0, True))
        sums[each.enterprise_id] = (gain + each.gain, count + 1, is_whole and each.is_documented)
    rows = [(firm, *sums.get(firm.pk, (None, 0, True))) for firm in firms.order_by("sort_key", "pk")]
    rows.sort(key=lambda row: (row[1] is not None, row[1] or 0))
    context = {
        "page_obj": page_of(request, rows, 50),
        "season": season,
        "selects": [_season_select(seasons, season)],
        "members": len(rows),
        "left_out": sum(row[1] is None for row in rows),
        "has_any": bool(sums),
    }
    return render(request, "benefit/members.html", context)
