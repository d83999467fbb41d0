"""The procedure: its stages with question, papers and decider, and its editions, read from and written to tables."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.programme import access, actions, procedure_table, reading
from kandoo.programme.access import at_desk
from kandoo.programme.forms.procedure import EditionForm
from kandoo.programme.models import Procedure, RequiredPaper
from kandoo.programme.queries.procedure import in_force, stages_of
from kandoo.programme.views.parts import form_page
from kandoo.register.access import Seat
from kandoo.site import tables
from kandoo.site.lists import asker


@at_desk()
def procedure(request: HttpRequest) -> HttpResponse:
    """The edition in force, or another that the address names."""
    seat = asker(request)
    shown = _shown(request, seat)
    if request.GET.get("as") and shown:
        rows = procedure_table.rows_of(shown)
        return tables.as_file(request.GET["as"], procedure_table.headings(), rows, f"procedure-{shown.edition}")
    stages = stages_of(shown.pk) if shown else []
    papers: dict[int, list[RequiredPaper]] = {}
    for each in RequiredPaper.objects.filter(stage__in=stages).order_by("position"):
        papers.setdefault(each.stage_id, []).append(each)
    context = {
        "shown": shown,
        "rows": [(each, reading.question(each), papers.get(each.pk, [])) for each in stages],
        "editions": Procedure.objects.filter(cluster=seat.cluster).order_by("-edition"),
        "may_issue": access.of_the_nation(seat),
    }
    return render(request, "programme/procedure.html", context)


def _shown(request: HttpRequest, seat: Seat) -> Procedure | None:
    wanted = request.GET.get("edition", "")
    if wanted.isdecimal():
        return get_object_or_404(Procedure, cluster=seat.cluster, pk=int(wanted))
    return in_force(seat.cluster, timezone.localdate())


@at_desk("officer")
def edition_new(request: HttpRequest) -> HttpResponse:
    """Issue another edition from its table."""
    seat = asker(request)
    if not access.of_the_nation(seat):
        raise PermissionDenied
    last = Procedure.objects.filter(cluster=seat.cluster).order_by("edition").last()
    if last is None:
        raise Http404
    form = EditionForm(request.POST or None, request.FILES or None, initial={"in_force_from": timezone.localdate()})

    def do() -> HttpResponse:
        document, today = _document(form.cleaned_data, last), timezone.localdate()
        actions.issue_procedure(by=seat.person, programme=seat.cluster, document=document, today=today)
        messages.success(request, _("The edition is issued. New files go by it from its day on."))
        return redirect("programme:procedure")

    return form_page(request, "programme/edition_new.html", form, do, {"last": last})


def _document(held: dict[str, Any], last: Procedure) -> dict[str, Any]:
    """What the action takes: the table's stages under the next number."""
    sent = held["file"]
    try:
        stages = procedure_table.stages_in(tables.read_table(sent.read(), sent.name))
    except tables.UnreadableTable as problem:
        raise actions.NotPossible(str(problem)) from problem
    return {
        "code": last.code,
        "edition": last.edition + 1,
        "name": {"fa": last.name_fa, "en": last.name_en},
        "in_force_from": held["in_force_from"],
        "reason": {"fa": held["reason"]},
        "source": {"fa": held["source"]},
        "stages": stages,
    }
