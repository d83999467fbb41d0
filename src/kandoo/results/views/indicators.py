"""One indicator of a cluster; one indicator over all clusters; the list of indicators."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.programme import reading
from kandoo.programme.access import at_desk, file_seen_by, files_seen_by, is_programme
from kandoo.programme.models import ClusterFile
from kandoo.register.access import Seat, seated
from kandoo.results import access, actions, words
from kandoo.results.forms import BaselineForm, IndicatorForm, TargetForm, ValueForm, WordsForm
from kandoo.results.models import Frozen, Indicator, Target, Value
from kandoo.results.periods import Period, recent
from kandoo.results.queries.behind import rows_behind
from kandoo.results.queries.compare import compared
from kandoo.results.queries.measured import measured, so_far
from kandoo.results.queries.table import indicators_of, rows_of
from kandoo.results.views.files import _shown
from kandoo.results.views.parts import form_page, period_asked, period_select
from kandoo.site import pictures
from kandoo.site.lists import asker, page_language, page_of

SHOWN = {"month": 12, "quarter": 8, "year": 5}  # periods in the picture


@seated(*access.READERS)
def one(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One indicator: what it is, how it went, who says what, and the rows behind it."""
    seat, today = asker(request), timezone.localdate()
    found = file_seen_by(seat, pk)
    indicator = access.indicator_of(found, code)
    period = period_asked(request, today)
    row = next((each for each in rows_of(found, period.first, period.last) if each.code == code), None)
    if row is None:
        raise Http404
    computed = row.is_computed and indicator.measure
    values = (
        Value.objects.filter(file=found, indicator=indicator).select_related("corrected_by").order_by("-last", "-pk")
    )
    context = {
        "file": found,
        "indicator": indicator,
        "period": period,
        "selects": [period_select(period, today, _("Period"))],
        "shown": _shown(row),
        "facts": [(label, indicator.said(name)) for name, label in _facts() if indicator.said(name)],
        "picture": _picture(found, indicator, period),
        "behind": rows_behind(seat, found, indicator.measure, period.first, period.last) if computed else [],
        "is_computed": computed,
        "values": [(words.shown(each.value, indicator.kind, indicator.said("unit")), each) for each in values],
        "targets": Target.objects.filter(file=found, indicator=indicator).order_by("-at", "-pk"),
        "may_write": access.may_write(seat),
        "in_programme": is_programme(seat),
    }
    return render(request, "results/indicator.html", context)


def _facts() -> list[tuple[str, Any]]:
    return [
        ("definition", _("Definition")), ("unit", _("Unit")), ("source", _("Source")), ("breakdown", _("Breakdown")),
        ("verifier", _("Verified by")), ("bias", _("Known bias")),
    ]  # fmt: skip


def _picture(file: ClusterFile, indicator: Indicator, until: Period) -> Any:
    """The figure of each period, a bar each: as closed, of the records, or as typed."""
    periods = recent(until.last, indicator.frequency, SHOWN[indicator.frequency])[::-1]
    closed = {
        (each.lock.first, each.lock.last): each
        for each in Frozen.objects.filter(file=file, indicator=indicator).select_related("lock")
    }
    steps = []
    for each in periods:
        frozen = closed.get((each.first, each.last))
        value, units = frozen.value if frozen else None, indicator.units(frozen)
        if value is None and indicator.measure:
            said = measured(file.pk, each.first, so_far(each.last)).get(indicator.measure)
            value = said.value if said else None
        elif value is None:
            typed = Value.objects.filter(file=file, indicator=indicator, first__gte=each.first, last__lte=each.last)
            newest = typed.filter(corrected_by=None).order_by("-last", "-dated", "-pk").first()
            value = newest.value if newest else None
        if value is not None:
            text = words.shown(value, indicator.kind, units[page_language() == "en"])
            steps.append(pictures.Step(str(each), float(value), text, is_total=True))
    return pictures.waterfall(steps, name=str(indicator), language=page_language()) if len(steps) > 1 else ""


@seated("officer", "agent")
def figure(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Type in what a source says, with its evidence; beside what there is, or in the place of an own mistake."""
    seat, today = asker(request), timezone.localdate()
    found = access.file_written_by(seat, pk)
    indicator = access.indicator_of(found, code)
    corrects = None
    if wanted := request.GET.get("corrects", ""):
        values = Value.objects.filter(file=found, indicator=indicator, corrected_by=None)
        corrects = get_object_or_404(values, pk=wanted if wanted.isdecimal() else 0)
    start: dict[str, Any] = {"dated": today}
    if corrects is not None:
        start |= {name: getattr(corrects, name) for name in ("value", "first", "last", "source")}
    else:
        period = Period.holding(today, indicator.frequency).before()
        start |= {"first": period.first, "last": period.last}
    form = ValueForm(
        request.POST or None, request.FILES or None, today=today, corrects=corrects, unit=indicator.said("unit"),
        initial=start,
    )  # fmt: skip

    def do() -> HttpResponse:
        actions.add_value(
            by=seat.person, file=found, indicator=indicator, terms=form.terms(), document=form.evidence(),
            today=today, now=timezone.now(),
        )  # fmt: skip
        messages.success(request, _("The figure stands beside the others."))
        return redirect("results:indicator", pk, code)

    answer = _("No figure replaces another: two sources that differ stand side by side.")
    return form_page(request, form, do, _part(found, indicator, _("Add a figure"), _("Write it down"), answer))


def _part(file: ClusterFile, indicator: Indicator, title: str, submit: str, answer: str) -> dict[str, Any]:
    back = reverse("results:indicator", args=[file.pk, indicator.code])
    return {"title": f"{indicator}: {title}", "submit": submit, "answer": answer, "file": file, "back": back}


@seated("officer", "agent")
def target(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Say what is to be reached by when."""
    seat = asker(request)
    found = access.file_written_by(seat, pk)
    indicator = access.indicator_of(found, code)
    form = TargetForm(request.POST or None, unit=indicator.said("unit"))

    def do() -> HttpResponse:
        actions.set_target(by=seat.person, file=found, indicator=indicator, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The target is set; earlier ones stay on record."))
        return redirect("results:indicator", pk, code)

    answer = _("A target is never changed: a further one takes its place and says why.")
    return form_page(request, form, do, _part(found, indicator, _("Set a target"), _("Set it"), answer))


@seated("officer", "agent")
def baseline(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Say where the cluster began."""
    seat, today = asker(request), timezone.localdate()
    found = access.file_written_by(seat, pk)
    indicator = access.indicator_of(found, code)
    form = BaselineForm(request.POST or None, today=today, unit=indicator.said("unit"))

    def do() -> HttpResponse:
        actions.set_baseline(by=seat.person, file=found, indicator=indicator, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The baseline is set; earlier ones stay on record."))
        return redirect("results:indicator", pk, code)

    answer = _("The diagnosis fixes baselines by itself; set one here where records do not reach so far.")
    return form_page(request, form, do, _part(found, indicator, _("Set a baseline"), _("Set it"), answer))


@at_desk()
def compare(request: HttpRequest) -> HttpResponse:
    """One indicator over the clusters a seat sees, like beside like."""
    seat = asker(request)
    indicators = indicators_of(seat.cluster.pk)
    wanted = {name: request.GET.get(name, "") for name in ("code", "product", "stage")}
    chosen = next((each for each in indicators if each.code == wanted["code"]), indicators[0] if indicators else None)
    narrowed = {name: wanted[name] for name in ("product", "stage") if wanted[name]}
    files = files_seen_by(seat).filter(**narrowed).order_by("sort_key")
    rows = compared(files, chosen) if chosen else []
    rows.sort(key=lambda each: each.value, reverse=chosen is not None and chosen.better == Indicator.Better.UP)
    page = page_of(request, rows)
    context = {
        "indicators": indicators,
        "chosen": chosen,
        "page_obj": page,
        "rows": [_compared(each, chosen) for each in page] if chosen else [],
        "files": files.count(),
        "selects": _selects(seat, indicators, wanted, chosen),
        "may_define": access.may_define(seat),
    }
    return render(request, "results/compare.html", context)


def _compared(each: Any, indicator: Indicator) -> dict[str, Any]:
    text = words.shown(each.value, indicator.kind, each.units[page_language() == "en"])
    return {"row": each, "text": text, "province": reading.province_name(each.file.province)}


def _selects(
    seat: Seat, indicators: list[Indicator], wanted: dict[str, str], chosen: Indicator | None
) -> list[dict[str, Any]]:
    files = files_seen_by(seat).order_by()
    products = sorted(files.values_list("product", flat=True).distinct())
    stages = sorted(files.values_list("stage", flat=True).distinct())
    return [
        {"name": "code", "label": _("Indicator"), "options": [(each.code, str(each)) for each in indicators],
         "value": chosen.code if chosen else ""},
        {"name": "product", "label": _("Product"), "options": [(each, each) for each in products], "value": wanted["product"]},
        {"name": "stage", "label": _("Stage"), "options": [(each, each) for each in stages], "value": wanted["stage"]},
    ]  # fmt: skip


@at_desk()
def definitions(request: HttpRequest) -> HttpResponse:
    """What is measured, how, by whom checked, and where it misleads; POST takes in what ships."""
    seat = asker(request)
    if request.method == "POST":
        if not access.may_define(seat):
            raise Http404
        actions.take_shipped_indicators(by=seat.person, programme=seat.cluster)
        messages.success(request, _("The indicators that ship are in the list."))
        return redirect("results:definitions")
    found = Indicator.objects.filter(cluster=seat.cluster)
    context = {
        "indicators": [(each, each.said("definition"), each.said("bias"), each.said("source")) for each in found],
        "computed": sum(bool(each.measure) for each in found),
        "may_define": access.may_define(seat),
    }
    return render(request, "results/definitions.html", context)


@at_desk("officer")
def define(request: HttpRequest) -> HttpResponse:
    """Add an indicator of the programme's own."""
    seat = asker(request)
    if not access.may_define(seat):
        raise Http404
    form = IndicatorForm(request.POST or None)

    def do() -> HttpResponse:
        actions.define_indicator(by=seat.person, programme=seat.cluster, terms=form.cleaned_data)
        messages.success(request, _("The indicator is in the list."))
        return redirect("results:definitions")

    answer = _("Its figures are typed in with evidence; what the records can say is in the list already.")
    return form_page(request, form, do, _list_part(_("Add an indicator"), answer))


def _list_part(title: str, answer: str) -> dict[str, Any]:
    return {"title": title, "submit": _("Save"), "answer": answer, "back": reverse("results:definitions")}


@at_desk("officer")
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Make the words of an indicator clearer."""
    seat = asker(request)
    indicator = access.indicator_kept_by(seat, code)
    held = {name: getattr(indicator, name) for name in WordsForm.Meta.fields}
    form = WordsForm(request.POST or None, initial=held)

    def do() -> HttpResponse:
        actions.change_indicator(by=seat.person, indicator=indicator, terms=form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("results:definitions")

    answer = _("What it measures stays; figures of closed periods keep the words of their day.")
    return form_page(request, form, do, _list_part(str(indicator), answer))
