"""One tap on a need: confirmed by its member, confirmed to the agent, taken back."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo.buying import access
from kandoo.buying.actions.needs import confirm_need, withdraw_need
from kandoo.buying.models import Need
from kandoo.buying.problems import NotPossible
from kandoo.register.access import seated
from kandoo.site.lists import asker, words_of


@require_POST
@seated("member")
def confirm_own(request: HttpRequest, pk: int) -> HttpResponse:
    """A member confirms all that was entered for it."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    waiting = access.needs_seen_by(seat, this).filter(enterprise=seat.enterprise, confirmed="", is_withdrawn=False)
    try:
        with transaction.atomic():
            for each in waiting:
                confirm_need(by=seat.person, need=each, how=Need.Confirmed.SELF)
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, _("Confirmed. Your needs are planned for when the round closes."))
    return redirect("buying:round", pk)


@require_POST
@seated("agent")
def confirm(request: HttpRequest, pk: int, need: int) -> HttpResponse:
    """The agent notes that a member confirmed by phone or on paper."""
    seat = asker(request)
    found = access.need_seen_by(seat, access.round_seen_by(seat, pk), need)
    how = request.POST.get("how", "")
    if how not in (Need.Confirmed.PHONE, Need.Confirmed.PAPER):
        raise Http404
    try:
        confirm_need(by=seat.person, need=found, how=how)
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, _("Noted: %(member)s has confirmed.") % {"member": found.enterprise})
    return redirect("buying:needs", pk)


@require_POST
@seated("agent", "member", "supplier")
def withdraw(request: HttpRequest, pk: int, need: int) -> HttpResponse:
    """Take a need back: the member and the agent any, a keeper what the member has not confirmed."""
    seat = asker(request)
    found = access.need_seen_by(seat, access.round_seen_by(seat, pk), need)
    if not access.may_withdraw(seat, found):
        raise Http404
    try:
        withdraw_need(by=seat.person, need=found)
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        item = {"item": found.round_item}
        messages.success(request, _("%(item)s is taken back. It can be entered again while the round is open.") % item)
    if seat.role == "member" and found.enterprise == seat.enterprise:
        return redirect("buying:need", pk)
    return redirect("buying:need_for", pk, found.enterprise_id)
