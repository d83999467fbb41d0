"""Conditions of decisions: which are open, overdue, kept; reminders."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kandoo.programme import access, actions, reading
from kandoo.programme.access import at_desk
from kandoo.programme.forms.gates import KeptForm
from kandoo.programme.views.parts import form_page
from kandoo.site.lists import asker, page_of


@at_desk()
def conditions(request: HttpRequest) -> HttpResponse:
    """What somebody promised for a decision: the open ones by their day."""
    seat, today = asker(request), timezone.localdate()
    seen = access.conditions_seen_by(seat).select_related("file")
    state = request.GET.get("state", "open")
    rows = {
        "open": seen.filter(kept_on=None).order_by("due_on", "pk"),
        "overdue": seen.filter(kept_on=None, due_on__lt=today).order_by("due_on", "pk"),
        "kept": seen.exclude(kept_on=None).order_by("-kept_on", "-pk"),
    }.get(state, seen.order_by("-due_on", "-pk"))
    options = [("open", _("Open")), ("overdue", _("Overdue")), ("kept", _("Kept"))]
    context = {
        "page_obj": page_of(request, rows),
        "open": seen.filter(kept_on=None).count(),
        "overdue": seen.filter(kept_on=None, due_on__lt=today).count(),
        "selects": [{"name": "state", "label": _("State"), "options": options, "value": state}],
        "today": today,
        "is_officer": seat.role == "officer",
    }
    return render(request, "programme/conditions.html", context)


@at_desk("officer", "supervisor", "committee")
def condition_kept(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that a condition is kept."""
    seat, today = asker(request), timezone.localdate()
    seen = access.conditions_seen_by(seat)
    if seat.role != "officer":
        seen = seen.filter(owner=seat.person)
    found = get_object_or_404(seen.select_related("file"), pk=pk)
    form = KeptForm(request.POST or None, today=today)

    def do() -> HttpResponse:
        held = form.cleaned_data
        actions.keep_condition(seat=seat, condition=found, evidence=held["evidence"], on=held["on"], today=today)
        messages.success(request, _("The condition is kept."))
        return redirect("programme:file", found.file_id)

    return form_page(request, "programme/condition_kept.html", form, do, {"condition": found})


@require_POST
@at_desk("officer")
def remind(request: HttpRequest) -> HttpResponse:
    """Remind owners and officers of what is due; nobody twice in a week."""
    told = actions.remind(programme=asker(request).cluster, today=timezone.localdate())
    text = ngettext("A reminder of %(n)s condition was sent.", "Reminders of %(n)s conditions were sent.", told)
    none = _("Everybody was reminded within the last week, or nothing is due.")
    messages.success(request, text % {"n": reading.number(told)} if told else none)
    return redirect("programme:conditions")
