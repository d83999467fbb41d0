"""What the pages of rules share: a simulation as far as a seat may see it, and its file."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kandoo.register.access import Seat
from kandoo.sharing import access, reading
from kandoo.sharing.comparing import Simulation
from kandoo.site import tables
from kandoo.site.lists import page_of


def simulation_context(request: HttpRequest, seat: Seat, simulation: Simulation) -> dict[str, Any]:
    """All lines with search and order for the staff, its own for a member, counts for all."""
    summary = simulation.summary
    context: dict[str, Any] = {
        "summary": summary,
        "summary_words": reading.summary_words(summary),
        "counts_words": reading.counts_words(summary),
    }
    if seat.is_one_of(*access.STAFF) and simulation.lines:
        return context | _all_lines(request, seat, simulation)
    line = simulation.of(seat.enterprise.pk) if seat.role == "member" and seat.enterprise else None
    if line is None:
        return context
    return context | {"own": line, "own_picture": reading.own_picture(line)}


def _all_lines(request: HttpRequest, seat: Seat, simulation: Simulation) -> dict[str, Any]:
    rows = reading.rows_of(seat, simulation.lines)
    found = reading.sorted_rows(rows, q=request.GET.get("q", ""), sort=request.GET.get("sort", ""))
    changes = [line.difference for line in simulation.lines]
    return {
        "page_obj": page_of(request, found),
        "bars": reading.bars(simulation.lines),
        "gain": sum(each > 0 for each in changes),
        "lose": sum(each < 0 for each in changes),
        "worst": round(min(changes), -1),
        "best": round(max(changes), -1),
        "is_staff": True,
    }


def simulation_file(form: str, seat: Seat, simulation: Simulation) -> HttpResponse:
    """Every member's line as a table to take away; for the staff alone."""
    if not seat.is_one_of(*access.STAFF):
        raise Http404
    heads = [
        _("Member"), _("Lots"), _("By the rule used (rial)"), _("By the proposed rule (rial)"), _("Difference (rial)"),
        _("Alone (rial)"),
    ]  # fmt: skip
    rows = (
        (row.name, row.line.lots, row.line.now, row.line.proposed, row.line.difference, row.line.alone)
        for row in reading.sorted_rows(reading.rows_of(seat, simulation.lines), q="", sort="")
    )
    return tables.as_file(form, heads, rows, "simulation")
