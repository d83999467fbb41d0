"""The portfolio: where all clusters stand, what waits for the reader, early warnings, like beside like."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control

from kandoo.programme import access, gates_picture, reading
from kandoo.programme.access import at_desk
from kandoo.programme.models import ClusterFile, Stage
from kandoo.programme.queries import files as queries
from kandoo.programme.queries import follow_up, money
from kandoo.programme.queries import portfolio as figures
from kandoo.programme.queries.procedure import all_stages
from kandoo.programme.queries.tasks import Moment, waiting
from kandoo.programme.queries.warnings import Warning, warnings
from kandoo.programme.views.papers import waiting_for
from kandoo.register import places
from kandoo.register.access import Seat
from kandoo.site import tables
from kandoo.site.lists import asker, page_of

WARNED_SHOWN = 10


@at_desk()
def portfolio(request: HttpRequest) -> HttpResponse:
    """All clusters at one look: map, gates, funnel over the years, stages beside results, what to look at."""
    seat, today = asker(request), timezone.localdate()
    files = access.files_seen_by(seat)
    stages = all_stages(seat.cluster)
    rows = figures.standings(files)
    warned = _warnings(seat, files, stages, today)
    named = {each.pk: each for each in rows}
    running = {each.code for each in stages if each.position > 1}  # found feasible, or further
    sick = sorted(warned.items(), key=lambda each: (-len(each[1]), named[each[0]].stage_since))
    context = {
        "files": len(rows),
        "running": sum(each.status == ClusterFile.Status.ACTIVE and each.stage in running for each in rows),
        "place": reading.province_name(seat.province),
        "warned": len(warned),
        "sick": [{"row": named[pk], "warnings": held} for pk, held in sick[:WARNED_SHOWN]],
        "sickest": named[sick[0][0]] if sick else None,
        "gates": gates_picture.picture(
            rows, stages, warned, name=_("Clusters by stage"), url=reverse("programme:files")
        ),
        "funnel": figures.funnel(files, stages, today),
        "lines": figures.stage_lines(
            rows, stages, figures.newest_figures(files), warned, money.sums_by_file(seat), today
        ),
        "tasks": tasks_of(seat, today),
        **_map(rows, warned),
    }
    return render(request, "programme/portfolio.html", context)


def _warnings(seat: Seat, files: QuerySet[ClusterFile], stages: list[Stage], today: date) -> dict[int, list[Warning]]:
    """What may be going wrong: of the file, of its money, of what is owed on it."""
    found = warnings(files, stages, today)
    for others in (money.warnings_by_file(seat, today), follow_up.warnings_by_file(files, today)):
        for pk, more in others.items():
            found.setdefault(pk, []).extend(more)
    return found


def _map(rows: list[figures.Standing], warned: dict[int, list[Warning]]) -> dict[str, Any]:
    """Provinces by their number of clusters, on the map and in the table."""
    counted = figures.by_province(rows)
    sick: dict[str, int] = {}
    for each in rows:
        sick[each.province] = sick.get(each.province, 0) + (each.pk in warned)
    names = reading.province_names()
    words = {code: _("Clusters: %(n)s") % {"n": reading.number(n)} for code, n in counted.items()}
    table = [(code, names.get(code, code), n, sick[code]) for code, n in counted.items()]
    return {
        "values": {"values": counted, "texts": {names.get(code, code): text for code, text in words.items()} | words},
        "provinces": sorted(table, key=lambda each: (-each[2], each[1])),
    }


def tasks_of(seat: Seat, today: date) -> list[dict[str, Any]]:
    """What waits for this person, papers first."""
    papers = waiting_for(seat).count()
    words = ngettext("%(n)s paper waits for you.", "%(n)s papers wait for you.", papers)
    mine = [(papers, words, "programme:papers", _("Look at them"))] if papers else []
    return [
        {"text": text % {"count": n, "n": reading.number(n)}, "url": reverse(url), "action": action}
        for n, text, url, action in [*mine, *waiting(Moment(seat, today, timezone.now()))]
    ]


@cache_control(private=True, max_age=86_400)
@at_desk()
def areas(request: HttpRequest) -> HttpResponse:
    """The provinces as GeoJSON."""
    return HttpResponse(places.province_outlines(), content_type="application/geo+json")


@at_desk()
def warned(request: HttpRequest) -> HttpResponse:
    """Every cluster with a warning, those with most first."""
    seat, today = asker(request), timezone.localdate()
    files = access.files_seen_by(seat)
    stages = all_stages(seat.cluster)
    found = _warnings(seat, files, stages, today)
    kind = request.GET.get("kind", "")
    chosen = {pk: held for pk, held in found.items() if not kind or any(each.kind == kind for each in held)}
    rows = sorted(files.filter(pk__in=chosen), key=lambda each: (-len(chosen[each.pk]), each.stage_since))
    if request.GET.get("as"):
        return _warned_file(request.GET["as"], rows, chosen)
    page = page_of(request, rows)
    kinds = [("still", _("No paper moved")), ("overdue", _("Condition overdue")), ("agent", _("Agent changed")), ("no-agent", _("No agent")), ("money", _("Public money")), ("indicator", _("Indicator overdue")), ("report", _("Report overdue")), ("visit", _("Supervisor’s visit"))]  # fmt: skip
    context = {
        "page_obj": page,
        "rows": [(each, chosen[each.pk], reading.province_name(each.province)) for each in page],
        "all": len(found),
        "selects": [{"name": "kind", "label": _("Warning"), "options": kinds, "value": kind}],
        "stage_names": reading.stage_names(stages),
    }
    return render(request, "programme/warned.html", context)


def _warned_file(form: str, rows: list[ClusterFile], found: dict[int, list[Warning]]) -> HttpResponse:
    heads = [_("Cluster"), _("Province"), _("Stage"), _("Warnings")]
    lines = (
        (str(each), reading.province_name(each.province), each.stage, " ".join(one.text for one in found[each.pk]))
        for each in rows
    )
    return tables.as_file(form, heads, lines, "warnings")


@at_desk()
def compare(request: HttpRequest) -> HttpResponse:
    """Clusters of one product or one stage side by side."""
    seat, today = asker(request), timezone.localdate()
    wanted = queries.Wanted.of(request.GET)
    stages = all_stages(seat.cluster)
    files = access.files_seen_by(seat)
    chosen = files.none()
    if wanted.product or wanted.stage:
        chosen = queries.listed(seat, wanted)
    page = page_of(request, figures.compared(chosen, today))
    context = {
        "page_obj": page,
        "rows": [(each, reading.province_name(each.file.province)) for each in page],
        "asked": bool(wanted.product or wanted.stage),
        "selects": _likeness(seat, stages, wanted),
        "stage_names": reading.stage_names(stages),
    }
    return render(request, "programme/compare.html", context)


def _likeness(seat: Seat, stages: list[Stage], wanted: queries.Wanted) -> list[dict[str, Any]]:
    return [
        {"name": "product", "label": _("Product"), "options": [(each, each) for each in queries.products(seat)], "value": wanted.product},
        {"name": "stage", "label": _("Stage"), "options": list(reading.stage_names(stages).items()), "value": wanted.stage},
    ]  # fmt: skip
