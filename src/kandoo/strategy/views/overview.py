"""Where every plan stands, and the plan of one cluster on one page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.programme.access import at_desk
from kandoo.programme.reading import province_name
from kandoo.register.access import seated
from kandoo.site import language as lang
from kandoo.site.lists import asker, in_order, page_of
from kandoo.strategy import access, reading_plan, words
from kandoo.strategy.access import READERS_OF_A_FILE
from kandoo.strategy.models import Diagnosis, Vision
from kandoo.strategy.queries import listing
from kandoo.strategy.queries.activities import late, unfunded
from kandoo.strategy.queries.burn import burn_of
from kandoo.strategy.queries.chain import chain_of, gaps_of, objectives_of
from kandoo.strategy.queries.gantt import gantt_of

SORTS = {"name": "sort_key", "planned": "planned", "late": "late", "unfunded": "unfunded"}


@at_desk()
def files(request: HttpRequest) -> HttpResponse:
    """Every cluster with its study and plan: which have a baseline, where activities are late or without money."""
    seat, today = asker(request), timezone.localdate()
    every = access.files_seen_by(seat)
    found = listing.listed(every, today)
    if key := lang.fold(request.GET.get("q", "")):
        found = found.filter(search_key__contains=key)
    state = request.GET.get("state", "")
    page = page_of(request, in_order(request, listing.narrowed(found, state), SORTS, "sort_key"))
    context = {
        "page_obj": page,
        "rows": [(each, words.study_badge(each.study), province_name(each.province)) for each in page],
        "all": every.count(),
        "with_baseline": Diagnosis.objects.filter(file__in=every.values("pk"), status="frozen")
        .order_by()
        .values("file")
        .distinct()
        .count(),
        "place": province_name(seat.province),
        "selects": [{"name": "state", "label": _("State"), "options": _states(), "value": state}],
    }
    return render(request, "strategy/files.html", context)


def _states() -> list[tuple[str, str]]:
    said = (
        _("Has a baseline"),
        _("Study being written"),
        _("No study"),
        _("Activities late"),
        _("Begun without money"),
    )
    return list(zip(listing.STATES, said, strict=True))


@seated("agent")
def own(request: HttpRequest) -> HttpResponse:
    """The agent's way to the plan of its own cluster."""
    found = access.files_seen_by(asker(request)).first()
    return redirect("programme:own") if found is None else redirect("strategy:file", found.pk)


@seated(*READERS_OF_A_FILE)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """A cluster's plan on one page: vision, objectives, chain, activities by date, budget burn, and its study."""
    seat, today = asker(request), timezone.localdate()
    found = access.file_seen_by(seat, pk)
    chain = chain_of(found, today)
    gaps = gaps_of(chain)
    studies = Diagnosis.objects.filter(file=found)
    context: dict[str, Any] = {
        "file": found,
        "vision": Vision.objects.filter(file=found).first(),
        "objectives": objectives_of(found),
        "chain": reading_plan.results_chain(chain, gaps),
        "gaps": len(gaps),
        "gantt": reading_plan.gantt(gantt_of(found, today)),
        "burn": reading_plan.burn(burn_of(found, today)),
        "activities": chain.activities,
        "late": late(chain.activities),
        "unfunded": unfunded(chain.activities, today),
        "study": studies.first(),
        "study_badge": words.study_badge(getattr(studies.first(), "status", None)),
        "baseline": studies.filter(status=Diagnosis.Status.FROZEN).first(),
        "may_write": access.may_write(seat),
        "is_officer": access.is_programme(seat) and seat.role == "officer",
        "in_programme": access.is_programme(seat),
    }
    return render(request, "strategy/file.html", context)
