"""The value of an hour of own work, season by season."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.benefit import actions
from kandoo.benefit.forms import TimeValueForm
from kandoo.benefit.models import TimeValue
from kandoo.register.access import seated
from kandoo.selling.problems import NotPossible
from kandoo.site.language import jalali_year
from kandoo.site.lists import asker, words_of


@seated("agent", "auditor")
def hour(request: HttpRequest) -> HttpResponse:
    """What an hour counts; the agent sets it with its source."""
    seat, today = asker(request), timezone.localdate()
    if request.method == "POST" and seat.role != "agent":
        raise PermissionDenied
    form = TimeValueForm(request.POST or None, initial={"season": jalali_year(today), "dated": today})
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_time_value(by=seat.person, cluster=seat.cluster, **form.cleaned_data)
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, _("The value of an hour is set. Gains counted before keep theirs."))
            return redirect("benefit:hour")
    values = list(TimeValue.objects.filter(cluster=seat.cluster).order_by("-season"))
    now = next((each for each in values if each.season == jalali_year(today)), None)
    context = {"values": values, "now": now, "form": form if seat.role == "agent" else None}
    return render(request, "benefit/hour.html", context)
