"""Closing a round: quotations opened, the plan made and made again, answered, agreed."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo.buying import access
from kandoo.buying.actions import plans as actions
from kandoo.buying.closing_reading import below_minimum, plan_context
from kandoo.buying.forms.rounds import AnswerForm
from kandoo.buying.models import Round
from kandoo.buying.plan_answers import answers_to
from kandoo.buying.problems import NotPossible
from kandoo.register.access import Seat, seated
from kandoo.register.models import Enterprise
from kandoo.site import tables
from kandoo.site.lists import asker, words_of


@seated("agent")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the quotations and plan; the page before it says what that means."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    problem = ""
    if request.method == "POST":
        try:
            actions.close_round(by=seat.person, this=this, now=timezone.now())
        except NotPossible as refusal:
            problem = words_of(refusal)
        else:
            messages.success(request, _("The quotations are open and the plan is made. The members have been told."))
            return redirect("buying:round", pk)
    needs = this.needs.filter(is_withdrawn=False)
    context = {
        "round": this,
        "problem": problem,
        "is_early": timezone.localdate() <= this.closes_on,
        "suppliers": len(actions.sealed_suppliers(this)),
        "members": needs.exclude(confirmed="").values("enterprise").distinct().count(),
        "unconfirmed": needs.filter(confirmed="").count(),
    }
    return render(request, "buying/close.html", context)


@require_POST
@seated("agent")
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan again: without a member, with a member again, or below a supplier's least order."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    if this.plan is None:
        raise Http404
    without, waived = set(this.plan.without), set(this.waived)
    without |= _chosen(request, "leave_out")
    without -= _chosen(request, "take_in")
    waived |= _chosen(request, "waive")
    waived -= _chosen(request, "hold_to")
    try:
        actions.plan_again(by=seat.person, this=this, now=timezone.now(), without=without, waived=waived)
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, _("The plan is made again. What changed stands below."))
    return redirect("buying:round", pk)


def _chosen(request: HttpRequest, name: str) -> set[int]:
    return {int(each) for each in request.POST.getlist(name) if each.isdecimal()}


@seated("agent", "auditor")
def minimum(request: HttpRequest, pk: int) -> HttpResponse:
    """Suppliers left out by their least order: extend, send anyway or cancel, each with its consequence."""
    this = _planned(asker(request), pk)
    rows = below_minimum(this, timezone.localdate())
    return render(request, "buying/minimum.html", {"round": this, "rows": rows})


def _planned(seat: Seat, pk: int) -> Round:
    this = access.round_seen_by(seat, pk)
    if this.plan is None:
        raise Http404
    return this


@seated("agent", "auditor")
def plan_export(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Every line of the plan: who gets how much of what from whom, where, at which amount."""
    this = _planned(asker(request), pk)
    heads = [
        _("Member"), _("Item"), _("Collection point"), _("Supplier"), _("Brings"), _("Quantity"), _("Unit"),
        _("Amount (rial)"), _("Highest price or price alone (rial)"),
    ]  # fmt: skip
    lines = this.plan.lines.select_related(  # type: ignore[union-attr]
        "enterprise", "need__round_item__item", "need__place__point", "need__price", "supplier", "brings"
    )
    rows = (
        (
            line.enterprise, line.need.round_item, line.need.place, line.supplier, line.brings, line.quantity,
            line.need.round_item.item.get_unit_display(), line.amount, line.need.price.ceiling,
        )
        for line in lines.order_by("enterprise__sort_key", "pk")
    )  # fmt: skip
    return tables.as_file(form, heads, rows, f"plan-{this.code}")


@require_POST
@seated("agent", "member")
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """A member's yes or no to its own part; the agent writes down one given by word of mouth."""
    seat = asker(request)
    this = access.round_seen_by(seat, pk)
    form = AnswerForm(request.POST)
    enterprise = seat.enterprise if seat.role == "member" else _member_of(seat, request.POST.get("member", ""))
    if not form.is_valid() or enterprise is None:
        messages.error(request, _("Choose yes or no."))
        return redirect("buying:round", pk)
    said = form.cleaned_data
    try:
        actions.answer_plan(
            by=seat.person, this=this, plan_id=said["plan"], enterprise_id=enterprise.pk, is_yes=said["is_yes"],
            reason=said["reason"], now=timezone.now(),
        )  # fmt: skip
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        yes, no = (
            _("Your yes is written down."),
            _("The withdrawal is written down; the plan was made again without it."),
        )
        messages.success(request, yes if said["is_yes"] else no)
    return redirect("buying:round", pk)


def _member_of(seat: Seat, pk: str) -> Enterprise:
    return get_object_or_404(Enterprise, cluster=seat.cluster, pk=pk if pk.isdecimal() else 0)


@seated("agent")
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Fix the plan for good and order; the page before it says in figures what that means."""
    seat = asker(request)
    this = _planned(seat, pk)
    problem = ""
    if request.method == "POST":
        try:
            actions.agree_round(by=seat.person, this=this, now=timezone.now())
        except NotPossible as refusal:
            problem = words_of(refusal)
        else:
            messages.success(
                request, _("The round is agreed and the orders are made. Suppliers and members have been told.")
            )
            return redirect("buying:round", pk)
    assert this.plan is not None, "a planned round has a plan"
    context = {
        **plan_context(this.plan),
        "round": this,
        "problem": problem,
        "waiting": [each for each in answers_to(this.plan) if each.answer is not True],
        "deposits": sum(actions.deposits_missing(this).values()),
    }
    return render(request, "buying/agree.html", context)
