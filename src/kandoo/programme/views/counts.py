"""Published counts of clusters: several of the same thing, side by side, each with definition, date and source."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.programme import actions, reading
from kandoo.programme.access import at_desk
from kandoo.programme.forms.files import CountForm
from kandoo.programme.models import Count
from kandoo.programme.queries import files as queries
from kandoo.programme.views.files import stage_choices
from kandoo.programme.views.parts import form_page
from kandoo.site import tables
from kandoo.site.lists import asker


@at_desk()
def counts(request: HttpRequest) -> HttpResponse:
    """What was counted, by whom, when, by which definition; figures of the same thing stand together."""
    seat = asker(request)
    wanted = {name: request.GET.get(name, "") for name in ("measure", "province")}
    rows = list(queries.published(seat.cluster.pk, **wanted))
    if request.GET.get("as"):
        return _file(request.GET["as"], rows)
    groups = [_group(list(each)) for _key, each in groupby(rows, key=_of)]
    selects = [
        {"name": "measure", "label": _("What was counted"), "options": Count.Measure.choices, "value": wanted["measure"]},
        {"name": "province", "label": _("Province"), "options": list(reading.province_names().items()), "value": wanted["province"]},
    ]  # fmt: skip
    context = {
        "groups": groups,
        "counts": len(rows),
        "differing": sum(each["low"] != each["high"] for each in groups),
        "selects": selects,
        "may_add": seat.role == "officer",
    }
    return render(request, "programme/counts.html", context)


def _of(count: Count) -> tuple[str, str, str, str]:
    return count.measure, count.province, count.stage, count.product


def _group(rows: list[Count]) -> dict[str, Any]:
    first = rows[0]
    values = [each.value for each in rows]
    words = [first.get_measure_display(), reading.province_name(first.province), first.stage, first.product]
    return {"title": " · ".join(filter(None, words)), "rows": rows, "low": min(values), "high": max(values)}


def _file(form: str, rows: list[Count]) -> HttpResponse:
    heads = [_("What was counted"), _("Figure"), _("Province"), _("Product"), _("Stage"), _("Definition"), _("Date"), _("Source")]  # fmt: skip
    table = (
        (each.get_measure_display(), each.value, reading.province_name(each.province), each.product, each.stage,
         each.definition, each.dated, each.source)
        for each in rows
    )  # fmt: skip
    return tables.as_file(form, heads, table, "counts")


@at_desk("officer")
def count_new(request: HttpRequest) -> HttpResponse:
    """Write down a published count."""
    seat, today = asker(request), timezone.localdate()
    form = CountForm(
        request.POST or None, seat=seat, today=today, stages=stage_choices(seat), initial={"province": seat.province}
    )

    def do() -> HttpResponse:
        terms, now = form.terms(), timezone.now()
        actions.add_count(by=seat.person, programme=seat.cluster, terms=terms, today=today, now=now)
        messages.success(request, _("The figure stands beside the others."))
        return redirect("programme:counts")

    return form_page(request, "programme/count_new.html", form, do, {})
