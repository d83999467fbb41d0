"""Rounds of selection: opened, scored on evidence, ranked with its stability, closed and kept."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo.programme import access, actions, ranking, reading
from kandoo.programme.access import at_desk
from kandoo.programme.forms.selection import RoundForm, ScoreForm
from kandoo.programme.models import Candidate, SelectionRound
from kandoo.programme.queries.procedure import first_stages
from kandoo.programme.queries.selection import Place, Table, kept, ranked, table_of
from kandoo.programme.views.parts import form_page, tried
from kandoo.register.access import Seat
from kandoo.site import language, tables
from kandoo.site.lists import asker, page_of


@at_desk()
def rounds(request: HttpRequest) -> HttpResponse:
    """Every round a seat sees, the newest first."""
    seat = asker(request)
    page = page_of(request, access.rounds_seen_by(seat).order_by("-opened_on", "-pk"))
    context = {
        "page_obj": page,
        "rows": [(each, reading.province_name(each.province)) for each in page],
        "open": access.rounds_seen_by(seat).filter(closed_on=None).count(),
        "may_open": seat.role == "officer",
    }
    return render(request, "programme/rounds.html", context)


@at_desk("officer")
def round_new(request: HttpRequest) -> HttpResponse:
    """Open a round."""
    seat, today = asker(request), timezone.localdate()
    files = (
        access.files_seen_by(seat)
        .filter(stage__in=first_stages(seat.cluster))
        .exclude(status="exited")
        .order_by("province", "sort_key")
    )
    start = {"year": language.jalali_year(today), "spread": 25, "province": seat.province}
    form = RoundForm(request.POST or None, seat=seat, files=files, initial=start)

    def do() -> HttpResponse:
        held = form.cleaned_data
        opened = actions.open_round(
            seat=seat, name_fa=held["name_fa"], name_en=held["name_en"], province=held["province"], year=held["year"],
            spread=held["spread"], criteria=form.criteria(), files=list(held["clusters"]), today=today,
        )  # fmt: skip
        messages.success(request, _("The round is open. Score each candidate on evidence."))
        return redirect("programme:round", opened.pk)

    return form_page(request, "programme/round_new.html", form, do, {})


@at_desk()
def round(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: the order, how sure it is, and every score with its evidence."""
    seat = asker(request)
    found = access.round_seen_by(seat, pk)
    table = table_of(found)
    places = kept(found) if found.closed_on else ranked(table)
    if request.GET.get("as"):
        return _file(request.GET["as"], table, places)
    names = {each.pk: str(each) for each in table.files}
    context = {
        "round": found,
        "place": reading.province_name(found.province),
        "table": table,
        "rows": _rows(table, places),
        "first": names.get(places[0].file) if places else "",
        "is_sure": bool(places) and places[0].rank_high == 1,
        "first_share": places[0].first_share if places else None,
        "picture": ranking.picture(places, names) if places else "",
        "missing": len(table.missing),
        "is_officer": seat.role == "officer",
    }
    return render(request, "programme/round.html", context)


def _rows(table: Table, places: tuple[Place, ...]) -> list[dict[str, Any]]:
    """Candidates in their order, each with its scores by criterion."""
    of_file = {each.file: each for each in places}
    candidates = {each.file_id: each.pk for each in table.round.candidates.all()}
    files = sorted(table.files, key=lambda each: of_file[each.pk].rank if each.pk in of_file else 0)
    return [
        {
            "file": each,
            "place": of_file.get(each.pk),
            "candidate": candidates[each.pk],
            "scores": [table.scores.get((each.pk, criterion.pk)) for criterion in table.criteria],
            "badge": reading.status_badge(each),
        }
        for each in files
    ]


def _file(form: str, table: Table, places: tuple[Place, ...]) -> HttpResponse:
    heads = [
        _("Cluster"), _("Place"), _("Best place"), _("Worst place"), _("First in part of the draws"), _("Score"),
        *(f"{each} ({reading.number(each.weight)})" for each in table.criteria),
    ]  # fmt: skip
    of_file = {each.file: each for each in places}
    lines = []
    for file in table.files:
        place = of_file.get(file.pk)
        ranks = [place.rank, place.rank_low, place.rank_high, place.first_share, place.score] if place else [None] * 5
        scores = [table.scores.get((file.pk, each.pk)) for each in table.criteria]
        lines.append([str(file), *ranks, *(each.value if each else None for each in scores)])
    return tables.as_file(form, heads, lines, "selection")


@at_desk("officer")
def score(request: HttpRequest, pk: int) -> HttpResponse:
    """Score one candidate by every criterion."""
    seat, today = asker(request), timezone.localdate()
    candidate = _candidate(seat, pk)
    held = {each.criterion_id: each for each in candidate.scores.all()}
    form = ScoreForm(
        request.POST or None, criteria=candidate.round.criteria.order_by("position"), held=held, today=today
    )

    @transaction.atomic
    def do() -> HttpResponse:
        for criterion, value, evidence, dated in form.scores():
            actions.score(
                seat=seat,
                candidate=candidate,
                criterion=criterion,
                value=value,
                evidence=evidence,
                dated=dated,
                today=today,
            )
        messages.success(request, _("The scores are written down with their evidence."))
        return redirect("programme:round", candidate.round_id)

    return form_page(request, "programme/score.html", form, do, {"candidate": candidate})


def _candidate(seat: Seat, pk: int) -> Candidate:
    found = Candidate.objects.filter(round__in=access.rounds_seen_by(seat).values("pk"))
    candidate = get_object_or_404(found.select_related("round", "file"), pk=pk)
    if candidate.round.closed_on is not None:
        raise Http404
    return candidate


@require_POST
@at_desk("officer")
def round_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Fix the order; all candidates stay with their scores."""
    seat = asker(request)
    found: SelectionRound = access.round_seen_by(seat, pk)
    done = _("The round is closed. Every candidate stays on record with its scores.")
    tried(request, lambda: actions.close_round(seat=seat, round=found, today=timezone.localdate()), done)
    return redirect("programme:round", pk)
