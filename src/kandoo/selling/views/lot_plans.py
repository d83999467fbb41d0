"""The plan of a lot: made, exported, answered by the members, agreed."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kandoo.register.access import seated
from kandoo.register.models import Enterprise
from kandoo.selling import access, actions, queries, reading
from kandoo.selling.forms.lots import AnswerForm
from kandoo.selling.models import Consent, PlanLine
from kandoo.selling.problems import NotPossible
from kandoo.selling.views.lot_figures import agree_figures, consents_of
from kandoo.site import tables
from kandoo.site.lists import asker, words_of


@require_POST
@seated("agent")
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Compute the plan; `leave_out` plans again without the members who said no."""
    seat = asker(request)
    lot = access.lot_seen_by(seat, pk)
    refused = Consent.objects.filter(plan=lot.plan_id, is_yes=False).values_list("enterprise", flat=True)
    without = sorted(refused) if request.POST.get("leave_out") and lot.plan_id else []
    try:
        made = actions.plan_lot(by=seat.person, lot=lot, without=without)
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        filled = made.planned_orders.filter(accepted=True).count()
        text = ngettext("The plan is ready: it fills %(n)s order.", "The plan is ready: it fills %(n)s orders.", filled)
        messages.success(request, text % {"n": reading.number(filled)})
    return redirect("selling:lot", lot.pk)


@seated("agent", "auditor")
def plan_export(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Every line of the plan: whose drums, which numbers, for which order."""
    lot = access.lot_seen_by(asker(request), pk)
    if lot.plan_id is None:
        raise Http404
    heads = [
        _("Order"), _("Title"), _("Member"), _("Batch"), _("Kind"), _("Drums"), _("Drum numbers"),
        _("Mass (kg)"), _("Drums to sample"), _("Reserve (rial per kg)"), _("Transport (rial per kg)"),
        _("Alone (rial per kg)"),
    ]  # fmt: skip
    lines = PlanLine.objects.filter(plan=lot.plan_id).select_related("order", "enterprise", "offer__batch")
    rows = (
        (
            line.order.code, line.order.title, line.enterprise, line.offer.batch.code, line.offer.batch.kind,
            line.drums, " ".join(map(str, line.numbers)), line.kg,
            " ".join(map(str, line.sample_drums)), line.offer.reserve_per_kg, line.offer.transport_per_kg,
            line.offer.alone_per_kg,
        )
        for line in lines.order_by("order__code", "offer__batch__code")
    )  # fmt: skip
    return tables.as_file(form, heads, rows, f"plan-{lot.code}")


@require_POST
@seated("agent", "member")
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """A member's yes or no to its own part; the agent writes down one given by word of mouth."""
    seat = asker(request)
    lot = access.lot_seen_by(seat, pk)
    form = AnswerForm(request.POST)
    enterprise = (
        seat.enterprise if seat.role == "member" else _member_of(seat.cluster.pk, request.POST.get("member", ""))
    )
    if not form.is_valid() or enterprise is None:
        messages.error(request, _("Choose yes or no."))
        return redirect("selling:lot", lot.pk)
    try:
        actions.answer_plan(by=seat.person, lot=lot, enterprise_id=enterprise.pk, **form.cleaned_data)
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, _("The answer is written down. It can be changed until the lot is agreed."))
    return redirect("selling:lot", lot.pk)


def _member_of(cluster: int, pk: str) -> Enterprise:
    return get_object_or_404(Enterprise, cluster=cluster, pk=pk if pk.isdecimal() else 0)


@seated("agent")
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Fix the plan for good; the page before it says in figures what that means."""
    seat = asker(request)
    lot = access.lot_seen_by(seat, pk)
    problem = ""
    if request.method == "POST":
        try:
            actions.agree_lot(by=seat.person, lot=lot, now=timezone.now())
        except NotPossible as refusal:
            problem = words_of(refusal)
        else:
            messages.success(request, _("The lot is agreed. Plan, sharing rule and prices alone are fixed."))
            return redirect("selling:lot", lot.pk)
    consents = consents_of(lot)
    waiting = [each for each in consents if each.answer is not True]
    context = {
        "lot": lot,
        "problem": problem,
        "waiting": waiting,
        "figures": agree_figures(lot),
        "language": queries.page_language(),
    }
    return render(request, "selling/lot_agree.html", context)
