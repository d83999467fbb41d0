"""What a study found: an industry with its curves and map, two years compared, everything to take away."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo.finding import access, actions, queries, reading, report
from kandoo.finding.problems import NotPossible
from kandoo.finding.results import Industry, Tables
from kandoo.register.access import Seat, seated
from kandoo.site.lists import asker, page_of, words_of


@seated(*access.READERS)
def industry(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """One industry: sentence, curves, map, quotients with interval and stars, concentration."""
    seat = asker(request)
    tables, line = _industry(seat, pk, place)
    context: dict[str, Any] = reading.industry_context(tables, line)
    context |= {
        "values": reading.area_values(tables, line),
        "may_propose": access.may_propose(seat),
        "is_apiary": tables.study.profile == "apiary",
    }
    return render(request, "finding/industry.html", context)


@seated(*access.READERS)
def areas(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """The map of an industry's groups."""
    tables, line = _industry(asker(request), pk, place)
    return JsonResponse(reading.areas(tables, line))


@seated(*access.READERS)
def compared(request: HttpRequest, pk: int) -> HttpResponse:
    """All industries in both years."""
    tables = _tables(asker(request), pk)
    if not tables.has_before:
        raise Http404
    rows = reading.change_lines(tables)
    context = reading.overview(tables) | {
        "page_obj": page_of(request, rows),
        "newly": [row["name"] for row in rows if row["is_new"]],
    }
    return render(request, "finding/compared.html", context)


@seated(*access.READERS)
def download_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Every table, and the report in both languages."""
    tables = _tables(asker(request), pk)
    name = f"kandoo-study-{tables.study.pk}.zip"
    return HttpResponse(
        report.package(tables.study),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
@seated("officer")
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a found cluster a candidate of the programme, with the study as its evidence."""
    seat = asker(request)
    if not access.may_propose(seat):
        raise PermissionDenied
    tables = _tables(seat, pk)
    try:
        file = actions.propose(
            seat=seat,
            study=tables.study,
            industry=request.POST.get("industry", ""),
            region=request.POST.get("region", ""),
            today=timezone.localdate(),
            now=timezone.now(),
        )
    except NotPossible as problem:
        messages.error(request, words_of(problem))
        return redirect("finding:study", pk)
    messages.success(request, _("The candidate is on file, with this study as its first paper."))
    return redirect("programme:file", file.pk)


def _tables(seat: Seat, pk: int) -> Tables:
    """The tables of a finished study, or 404."""
    study = access.study_seen_by(seat, pk)
    if not queries.is_finished(study):
        raise Http404
    return Tables(study)


def _industry(seat: Seat, pk: int, place: int) -> tuple[Tables, Industry]:
    tables = _tables(seat, pk)
    line = tables.industry(place)
    if line is None:
        raise Http404
    return tables, line
