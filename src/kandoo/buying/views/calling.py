"""Calling a round of joint buying."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.buying import access
from kandoo.buying.actions import rounds as actions
from kandoo.buying.forms.calling import RoundForm
from kandoo.buying.problems import NotPossible
from kandoo.register.access import seated
from kandoo.sharing.queries import rule_in_force
from kandoo.sharing.words import rule_words
from kandoo.site.lists import asker, words_of


@seated("agent")
def new(request: HttpRequest) -> HttpResponse:
    """Call a round: what is bought, where it is handed out, by which rules."""
    seat, today = asker(request), timezone.localdate()
    items = list(access.items_seen_by(seat).filter(is_active=True).order_by("sort_key", "pk"))
    points = list(access.points_seen_by(seat).filter(is_active=True).order_by("sort_key", "pk"))
    form = RoundForm(request.POST or None, items=items, points=points, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            this = actions.call_round(by=seat.person, cluster=seat.cluster, terms=form.terms(), today=today)
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, _("The round is called. Look at it once more and open it."))
            return redirect("buying:round", this.pk)
    context = {
        "form": form,
        "items": items,
        "points": points,
        "rule": rule_words(rule_in_force(seat.cluster.pk, "buying", today), "buying"),
    }
    return render(request, "buying/round_new.html", context)
