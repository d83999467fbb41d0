"""The catalogue and the collection points: found, added, changed, retired; the catalogue as a file too."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kandoo.buying import access, catalogue_file
from kandoo.buying.actions import rounds as actions
from kandoo.buying.actions.catalogue import import_items
from kandoo.buying.forms.catalogue import CatalogueFileForm, ItemForm, PointForm
from kandoo.buying.models import Item
from kandoo.register.access import Seat, seated
from kandoo.selling.uploads import SIZE_MAX
from kandoo.site import language as lang
from kandoo.site import tables
from kandoo.site.lists import asker, in_order, page_language, page_of

SORTS = {"name": "sort_key", "code": "code", "pack": "pack"}
FAULTS_SHOWN = 200


@seated(*access.READERS)
def item_list(request: HttpRequest) -> HttpResponse:
    """The catalogue, with search and order in the address."""
    seat = asker(request)
    states = {
        "name": "state",
        "label": _("State"),
        "options": [("on", _("On offer")), ("off", _("Retired"))],
        "value": request.GET.get("state", ""),
    }
    context = {
        "page_obj": page_of(request, _found(request, seat)),
        "selects": [states],
        "may_edit": seat.role == "agent",
    }
    return render(request, "buying/catalogue.html", context)


def _found(request: HttpRequest, seat: Seat) -> QuerySet[Item]:
    rows = access.items_seen_by(seat)
    for word in filter(None, map(lang.fold, request.GET.get("q", "").split())):
        rows = rows.filter(search_key__contains=word) | rows.filter(code__contains=word)
    if request.GET.get("state") in ("on", "off"):
        rows = rows.filter(is_active=request.GET["state"] == "on")
    return in_order(request, rows, SORTS, "-is_active sort_key pk")


@seated("agent")
def item_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add a thing to the catalogue, or change it."""
    seat = asker(request)
    item = None if pk is None else get_object_or_404(access.items_seen_by(seat), pk=pk)
    form = ItemForm(request.POST or None, instance=item, cluster=seat.cluster)
    if request.method == "POST" and form.is_valid():
        actions.save_item(by=seat.person, item=form.save(commit=False))
        messages.success(request, _("The catalogue is changed. Rounds that were called keep their pack."))
        return redirect("buying:catalogue")
    return render(request, "buying/catalogue_item.html", {"form": form, "item": item})


@require_POST
@seated("agent")
def item_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a thing off the catalogue, or put it back; rounds that hold it keep it."""
    seat = asker(request)
    item = get_object_or_404(access.items_seen_by(seat), pk=pk)
    item.is_active = not item.is_active
    actions.save_item(by=seat.person, item=item)
    text = _("%(item)s is on offer again.") if item.is_active else _("%(item)s is retired: new rounds do not offer it.")
    messages.success(request, text % {"item": item})
    return redirect("buying:catalogue")


@require_GET
@seated(*access.READERS)
def item_export(request: HttpRequest, form: str) -> HttpResponse:
    """The found part of the catalogue as a file, which can be filled in and sent back."""
    rows = catalogue_file.rows_of(_found(request, asker(request)))
    return tables.as_file(form, [str(each) for each in catalogue_file.HEADINGS.values()], rows, "catalogue")


@seated("agent")
def item_import(request: HttpRequest) -> HttpResponse:
    """Take the catalogue from a file: checked whole, stored whole."""
    seat = asker(request)
    form = CatalogueFileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "units": [each.label for each in Item.Unit]}
    if request.method == "POST" and form.is_valid():
        read = _read(seat, form)
        if read and not read.faults:
            new, changed = import_items(by=seat.person, items=read.items)
            counts = {"new": _number(new), "changed": _number(changed)}
            messages.success(request, _("The file is stored: %(new)s new, %(changed)s already known.") % counts)
            return redirect("buying:catalogue")
        faults = read.faults if read else []
        context |= {"faults": faults[:FAULTS_SHOWN], "fault_count": len(faults)}
    return render(request, "buying/catalogue_import.html", context)


def _read(seat: Seat, form: CatalogueFileForm) -> catalogue_file.ReadCatalogue | None:
    chosen = form.cleaned_data["file"]
    try:
        if chosen.size > SIZE_MAX:
            raise tables.UnreadableTable(_("The file is too large. Split it into smaller ones."))
        return catalogue_file.read_catalogue(tables.read_table(chosen.read(), chosen.name), seat.cluster)
    except tables.UnreadableTable as problem:
        form.add_error("file", str(problem))
        return None


@seated(*access.READERS)
def point_list(request: HttpRequest) -> HttpResponse:
    """The collection points, those in use first."""
    seat = asker(request)
    rows = access.points_seen_by(seat)
    for word in filter(None, map(lang.fold, request.GET.get("q", "").split())):
        rows = rows.filter(search_key__contains=word)
    page = page_of(request, rows.order_by("-is_active", "sort_key", "pk"))
    return render(request, "buying/points.html", {"page_obj": page, "may_edit": seat.role == "agent"})


@seated("agent")
def point_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add a collection point, or change it."""
    seat = asker(request)
    point = None if pk is None else get_object_or_404(access.points_seen_by(seat), pk=pk)
    form = PointForm(request.POST or None, instance=point, cluster=seat.cluster)
    if request.method == "POST" and form.is_valid():
        actions.save_point(by=seat.person, point=form.save(commit=False))
        messages.success(request, _("The collection point is stored."))
        return redirect("buying:points")
    return render(request, "buying/points_point.html", {"form": form, "point": point})


def _number(value: int) -> str:
    return lang.format_number(value, page_language())
