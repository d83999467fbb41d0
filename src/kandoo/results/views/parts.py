"""What the pages of results share."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from kandoo.programme.problems import NotPossible
from kandoo.results.periods import Period, recent
from kandoo.site.lists import words_of

OFFERED = {"quarter": 9, "year": 5}


def form_page(
    request: HttpRequest, form: BaseForm, do: Callable[[], HttpResponse], context: dict[str, Any]
) -> HttpResponse:
    """A page with one form: what the action refuses is said on top of it and what was typed stays."""
    if request.method == "POST" and form.is_valid():
        try:
            return do()
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
    return render(request, "results/part.html", {"form": form} | context)


def period_asked(request: HttpRequest, today: date) -> Period:
    """The period of the address; else the quarter of today."""
    key = request.GET.get("period", "")
    if not key:
        return Period.holding(today, "quarter")
    try:
        return Period.of(key)
    except ValueError:
        raise Http404 from None


def period_select(period: Period, today: date, label: Any) -> dict[str, Any]:
    """Quarters and years to choose from."""
    offered = [each for kind, count in OFFERED.items() for each in recent(today, kind, count)]
    if period not in offered:
        offered.append(period)
    return {
        "name": "period",
        "label": label,
        "options": [(each.key, str(each)) for each in offered],
        "value": period.key,
    }
