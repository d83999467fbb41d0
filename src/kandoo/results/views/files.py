"""The indicators of one cluster: the table of a period, taken away, brought in, closed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo.programme.access import file_seen_by, is_programme
from kandoo.programme.problems import NotPossible
from kandoo.register.access import seated
from kandoo.results import access, actions, importing, words
from kandoo.results.forms import TableForm
from kandoo.results.models import Indicator, Lock
from kandoo.results.periods import Period
from kandoo.results.queries.table import Row, rows_of
from kandoo.results.views.parts import period_asked, period_select
from kandoo.site import tables
from kandoo.site.language import format_number
from kandoo.site.lists import asker, page_language, words_of

FAULTS_SHOWN = 100


@seated("agent")
def own(request: HttpRequest) -> HttpResponse:
    """The agent's way to the indicators of its own cluster."""
    found = access.own_file(asker(request))
    return render(request, "programme/no_file.html") if found is None else redirect("results:file", found.pk)


@seated(*access.READERS)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """All indicators of a cluster in a period: baseline, target, now, before, and on whose word."""
    seat, today = asker(request), timezone.localdate()
    found = file_seen_by(seat, pk)
    period = period_asked(request, today)
    rows = rows_of(found, period.first, period.last)
    if form := request.GET.get("as"):
        return tables.as_file(form, _headings(), map(_line, rows), f"indicators-{found.code}-{period.key}")
    is_locked = Lock.objects.filter(file=found, first=period.first, last=period.last).exists()
    context = {
        "file": found,
        "period": period,
        "selects": [period_select(period, today, _("Period"))],
        "groups": _groups(rows),
        "known": sum(each.value is not None for each in rows),
        "all": len(rows),
        "is_locked": is_locked,
        "may_write": access.may_write(seat),
        "may_close": access.may_close(seat) and not is_locked and period.last < today,
        "in_programme": is_programme(seat),
        "before": period.before(),
    }
    return render(request, "results/file.html", context)


def _groups(rows: list[Row]) -> list[dict[str, Any]]:
    names = dict(Indicator.Level.choices)
    return [
        {"name": names[level], "rows": [_shown(each) for each in rows if each.level == level]}
        for level in words.LEVELS
        if any(each.level == level for each in rows)
    ]


def _shown(row: Row) -> dict[str, Any]:
    texts = {
        name: words.shown(getattr(row, name), row.kind, row.unit)
        for name in ("value", "previous", "baseline", "target")
    }
    others = [(words.shown(each.value, row.kind, row.unit), each) for each in row.others]
    return {"row": row, "texts": texts, "others": others, "percent": None if row.way is None else round(100 * row.way)}


def _headings() -> list[str]:
    return [
        _("Indicator"), _("Code"), _("Unit"), _("Baseline"), _("Target"), _("Figure"), _("Period before"), _("Origin"),
        _("Source"), _("Date"),
    ]  # fmt: skip


def _line(row: Row) -> tuple[Any, ...]:
    name = row.name_en if page_language() == "en" else row.name_fa
    origin = _("Withheld") if row.is_withheld else _("Computed from the records") if row.is_computed else _("Typed in")
    return (
        name, row.code, row.unit, row.baseline, row.target, row.value, row.previous,
        origin if row.value is not None or row.is_withheld else "", row.source, row.as_of,
    )  # fmt: skip


@require_POST
@seated("officer")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a period for good."""
    seat, now = asker(request), timezone.now()
    found = file_seen_by(seat, pk)
    if not access.may_close(seat):
        raise Http404
    try:
        period = Period.of(request.POST.get("period", ""))
        actions.lock_period(by=seat.person, file=found, first=period.first, last=period.last, now=now)
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    except ValueError:
        raise Http404 from None
    else:
        messages.success(request, _("The period is closed; its figures stay as they are."))
    return redirect(f"{request.path.removesuffix('close/')}?period={request.POST['period']}")


@seated("officer", "agent")
def import_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Check a table of figures whole and write it, or show every fault and write nothing."""
    seat = asker(request)
    found = access.file_written_by(seat, pk)
    form = TableForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"file": found, "form": form, "columns": list(importing.COLUMNS.values())}
    if request.method != "POST" or not form.is_valid():
        return render(request, "results/import.html", context)
    sent = form.cleaned_data["file"]
    today, now = timezone.localdate(), timezone.now()
    try:
        number = actions.import_values(
            by=seat.person, file=found, name=sent.name, content=sent.read(), today=today, now=now
        )
    except actions.Faulty as problem:
        context |= {"faults": problem.faults[:FAULTS_SHOWN], "all": len(problem.faults)}
        return render(request, "results/import.html", context)
    except (NotPossible, tables.UnreadableTable) as problem:
        form.add_error("file", words_of(problem))
        return render(request, "results/import.html", context)
    done = _("Figures written down: %(n)s.") % {"n": format_number(number, page_language(), 0)}
    messages.success(request, done)
    return redirect("results:file", pk)


@seated("officer", "agent")
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """The headings, to be filled in."""
    found = access.file_written_by(asker(request), pk)
    return tables.as_file(request.GET.get("as", "xlsx"), importing.headings(), [], f"figures-{found.code}")
