"""The gauge: of all clusters, of one with its parts and its years, and figures that are typed in."""

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.engine.life_cycle import STAGES
from kandoo.maturity import access, actions, pictures, reading, words
from kandoo.maturity.catalogue import life_cycle_profile
from kandoo.maturity.forms import FigureForm
from kandoo.maturity.models import Assessment, PartAnswer
from kandoo.maturity.queries import assessments as assessed
from kandoo.maturity.queries.gauge import ClusterGauge, gauge_of, gauges_of, way_of
from kandoo.maturity.views.parts import document_answer, form_page
from kandoo.programme.access import READERS_OF_A_FILE, at_desk, file_seen_by, files_seen_by, is_programme
from kandoo.programme.models import ClusterFile
from kandoo.programme.queries.files import Wanted, listed
from kandoo.programme.reading import province_name
from kandoo.register.access import seated
from kandoo.site import tables
from kandoo.site.lists import asker, page_language, page_of


@at_desk()
def home(request: HttpRequest) -> HttpResponse:
    """Clusters that have a gauge or a self-assessment; a search finds any cluster."""
    seat, today = asker(request), timezone.localdate()
    page = page_of(request, _listed(request).order_by("sort_key", "pk"))
    gauges = gauges_of(list(page), today)
    newest = _newest([each.pk for each in page])
    context = {
        "page_obj": page,
        "rows": [_row(each, gauges.get(each.pk), newest.get(each.pk)) for each in page],
        "gauged": _gauged(files_seen_by(seat)).count(),
        "all": files_seen_by(seat).count(),
        "is_whole": request.GET.get("which") == "all",
    }
    return render(request, "maturity/home.html", context)


def _listed(request: HttpRequest) -> QuerySet[ClusterFile]:
    wanted = Wanted(q=request.GET.get("q", "").strip()[:100])
    found = listed(asker(request), wanted)
    return found if wanted.q or request.GET.get("which") == "all" else _gauged(found)


def _gauged(files: QuerySet[ClusterFile]) -> QuerySet[ClusterFile]:
    answers = PartAnswer.objects.filter(file=OuterRef("pk"))
    done = Assessment.objects.filter(file=OuterRef("pk"))
    return files.filter(Q(tenant__isnull=False) | Exists(answers) | Exists(done))


def _newest(files: list[int]) -> dict[int, Assessment]:
    submitted = Assessment.objects.filter(file__in=files, status=Assessment.Status.SUBMITTED).order_by("number")
    return {each.file_id: each for each in submitted}


def _row(file: ClusterFile, gauge: ClusterGauge | None, newest: Assessment | None) -> dict[str, Any]:
    return {
        "file": file,
        "province": province_name(file.province),
        "badge": reading.stage_badge(gauge),
        "sureness": reading.percent(gauge.sureness) if gauge else "",
        "known": reading.percent(gauge.gauge.known) if gauge else "",
        "newest": newest,
        "score": reading.score_of(newest),
    }


@seated("agent")
def own(request: HttpRequest) -> HttpResponse:
    """The agent's way to the gauge of its own cluster."""
    found = files_seen_by(asker(request)).first()
    if found is None:
        return render(request, "programme/no_file.html")
    return redirect("maturity:file", found.pk)


@seated(*READERS_OF_A_FILE)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """One cluster: its stage, how sure that is and why, the parts, what would change it, the years."""
    seat, today = asker(request), timezone.localdate()
    found = file_seen_by(seat, pk)
    way = way_of(found, today)
    gauge = way[-1][1]
    newest = assessed.newest_of(found)
    context: dict[str, Any] = {
        "file": found,
        "in_programme": is_programme(seat),
        "may_write": access.may_write(seat),
        "gauge": gauge,
        "badge": reading.stage_badge(gauge),
        "newest": newest,
        "score": reading.score_of(newest),
        "open": assessed.open_of(found),
        "parts_missing": [(each.code, words.PARTS[each.code]) for each in life_cycle_profile().parts],
        "profile": life_cycle_profile(),
    }
    if gauge:
        context |= _gauge_words(gauge, way)
    return render(request, "maturity/file.html", context)


def _gauge_words(gauge: ClusterGauge, way: list[tuple[Any, ClusterGauge | None]]) -> dict[str, Any]:
    return {
        "answer": reading.answer(gauge),
        "picture": reading.gauge_picture(gauge),
        "picture_rows": reading.gauge_rows(gauge),
        "reasons": reading.sureness_reasons(gauge),
        "parts": reading.part_rows(gauge),
        "changes": reading.changes(gauge),
        "key": pictures.stages_key([str(words.STAGES[each]) for each in STAGES]),
        "way": [
            {
                "on": on,
                "badge": reading.stage_badge(each),
                "sureness": reading.percent(each.sureness) if each else "",
                "picture": _year_picture(each) if each else "",
            }
            for on, each in way
        ],
    }


def _year_picture(gauge: ClusterGauge) -> Any:
    shares = gauge.gauge.shares
    assert shares is not None
    name = " · ".join(f"{words.STAGES[stage]} {reading.percent(shares[place])}" for place, stage in enumerate(STAGES))
    return pictures.shares_picture(shares, name=name, language=page_language())


@seated(*READERS_OF_A_FILE)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The parts as a table to take away."""
    found = file_seen_by(asker(request), pk)
    gauge = gauge_of(found, timezone.localdate())
    rows = reading.part_rows(gauge) if gauge else []
    headings = [_("Part"), _("Figure"), _("Room"), _("Points at"), _("Weight"), _("Made of"), _("Source"), _("State")]
    lines = [
        (
            each.label,
            each.value,
            each.room,
            each.points_at,
            each.weight,
            each.made_of,
            each.source or each.origin,
            each.state,
        )
        for each in rows
    ]
    return tables.as_file(request.GET.get("as", "xlsx"), headings, lines, "gauge")


@seated("officer", "agent")
def figure_new(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Write down a figure of which Kandoo has no record."""
    seat, today = asker(request), timezone.localdate()
    found = access.file_written_by(seat, pk)
    if part not in words.PARTS:
        raise Http404
    form = FigureForm(request.POST or None, request.FILES or None, part=part, file=found, today=today)

    def do() -> HttpResponse:
        actions.enter_figure(seat=seat, file=found, terms=form.terms(), today=today, now=timezone.now())
        messages.success(
            request, _("The figure stands, with its source. It never changes; a newer one takes its place.")
        )
        return redirect("maturity:file", pk)

    back = reverse("maturity:file", args=[pk])
    context = {"title": words.PARTS[part], "file": found, "back": back, "trail": [(str(found), back)]}
    return form_page(request, "maturity/figure_new.html", form, do, context)


@seated(*READERS_OF_A_FILE)
def figure_document(request: HttpRequest, pk: int) -> HttpResponse:
    """What shows a typed figure: its document, or the paper's page."""
    found = access.part_answer_seen_by(asker(request), pk)
    if found.edition_id:
        return redirect("programme:edition", found.edition_id)
    return document_answer(found.document, found.name)
