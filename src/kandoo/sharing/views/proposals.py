"""Proposals: listed, written, shown with their simulation, voted on, counted."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kandoo.engine.sharing_rule import SharingRule
from kandoo.register.access import Seat, seated
from kandoo.sharing import access, actions, queries, reading, words
from kandoo.sharing.comparing import SeasonSummary, Simulation
from kandoo.sharing.counting import decide
from kandoo.sharing.forms import ProposalForm, VoteForm
from kandoo.sharing.models import RuleProposal
from kandoo.sharing.problems import NotPossible
from kandoo.sharing.simulating import simulate_last_season
from kandoo.sharing.views.parts import simulation_context, simulation_file
from kandoo.site import language
from kandoo.site.lists import asker, page_language, page_of, words_of

Status = RuleProposal.Status


@seated(*access.READERS)
def proposals(request: HttpRequest) -> HttpResponse:
    """All proposals a seat sees, newest first."""
    seat = asker(request)
    found = _found(request, access.proposals_seen_by(seat))
    selects = [
        {"name": "kind", "label": _("Kind of action"), "options": RuleProposal.Kind.choices, "value": request.GET.get("kind", "")},
        {"name": "state", "label": _("State"), "options": Status.choices, "value": request.GET.get("state", "")},
    ]  # fmt: skip
    page = page_of(request, found)
    rows = [{"proposal": each, "rule": words.short(SharingRule.from_dict(each.rule))} for each in page]
    context = {
        "page_obj": page,
        "rows": rows,
        "selects": selects,
        "open": access.proposals_seen_by(seat).filter(status=Status.OPEN).count(),
        "may_propose": seat.role in access.PROPOSERS,
    }
    return render(request, "sharing/proposals.html", context)


def _found(request: HttpRequest, rows: QuerySet[RuleProposal]) -> QuerySet[RuleProposal]:
    text = language.same_letters(request.GET.get("q", "").strip())
    if text:
        rows = rows.filter(title__icontains=text) | rows.filter(reason__icontains=text)
    if request.GET.get("kind") in RuleProposal.Kind.values:
        rows = rows.filter(kind=request.GET["kind"])
    if request.GET.get("state") in Status.values:
        rows = rows.filter(status=request.GET["state"])
    return rows.order_by("-proposed_at", "-pk")


@seated(*access.PROPOSERS)
def new(request: HttpRequest) -> HttpResponse:
    """Write a proposal; the rule may come from the page where it was tried."""
    seat = asker(request)
    today = timezone.localdate()
    form = ProposalForm(request.POST or None, today=today, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            proposal = actions.propose_rule(seat=seat, terms=form.terms(), today=today, now=timezone.now())
        except NotPossible as problem:
            form.add_error(None, words_of(problem))
        else:
            messages.success(request, _("The proposal is written. It goes to the vote when the agent opens it."))
            return redirect("sharing:proposal", proposal.pk)
    return render(request, "sharing/new.html", {"form": form})


@seated(*access.READERS)
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """A proposal: where it stands, what it would have changed, and one's own vote."""
    seat = asker(request)
    found = access.proposal_seen_by(seat, pk)
    simulation = _simulation(seat, found)
    if simulation and request.GET.get("form"):
        return simulation_file(request.GET["form"], seat, simulation)
    context = {
        "proposal": found,
        "words": words.rule_words(SharingRule.from_dict(found.rule), queries.kind_of(found)),
        "steps": reading.steps_of(found.status, _days(found)),
        **_vote_context(seat, found),
        **(simulation_context(request, seat, simulation) if simulation else {}),
    }
    return render(request, "sharing/proposal.html", context)


def _simulation(seat: Seat, found: RuleProposal) -> Simulation | None:
    """As it was kept when the vote opened; computed now for a draft, for those who may read the season."""
    if found.status == Status.DRAFT:
        if not seat.is_one_of(*access.STAFF):
            return None
        return simulate_last_season(seat, queries.kind_of(found), SharingRule.from_dict(found.rule))
    return queries.stored_simulation(found) if found.simulation else Simulation(SeasonSummary(), ())


def _days(found: RuleProposal) -> dict[str, str]:
    def day(value: Any) -> str:
        if value is None:
            return ""
        local = timezone.localdate(value) if hasattr(value, "hour") else value
        return language.format_day(local, page_language(), style="short")

    opened, closes = day(found.vote_opens_on), day(found.vote_closes_on)
    return {
        "proposed": day(found.proposed_at),
        "opened": opened,
        "vote": _("%(opened)s to %(closes)s") % {"opened": opened, "closes": closes} if opened else _("until %(day)s") % {"day": closes},
        "decided": day(found.decided_at),
        "in_force": _("from %(day)s") % {"day": day(found.in_force_from)},
    }  # fmt: skip


def _vote_context(seat: Seat, found: RuleProposal) -> dict[str, Any]:
    today = timezone.localdate()
    is_open = found.status == Status.OPEN
    own = queries.own_vote(found, seat.enterprise.pk) if seat.role == "member" and seat.enterprise else None
    context: dict[str, Any] = {
        "own_vote": own,
        "may_vote": access.may_vote(seat, found) and today <= found.vote_closes_on,
        "may_open": seat.role == "agent" and found.status == Status.DRAFT,
        "may_count": seat.role == "agent" and is_open and today >= found.vote_closes_on,
        "may_withdraw": access.may_withdraw(seat, found),
    }
    if found.electorate is None:
        return context
    state, terms = queries.vote_state(found), queries.terms_of(found)
    context |= {"state": state, "votes_needed": terms.votes_needed}
    if state.yes is not None and state.no is not None:
        figures = {
            "yes": state.yes,
            "cast": state.votes,
            "electorate": terms.electorate,
            "needed": terms.votes_needed,
            "yes_needed": terms.yes_needed(state.votes),
        }
        context["outcome"] = words.outcome_words(decide(terms, state.yes, state.no), figures)
    return context


@require_POST
@seated("agent")
def open_for_votes(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a draft to the vote."""
    seat = asker(request)
    found = access.proposal_seen_by(seat, pk)
    try:
        opened = actions.open_vote(seat=seat, proposal=found, today=timezone.localdate())
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        told = _("The vote is open. Member firms that may vote: %(n)s; their people have been told.")
        messages.success(request, told % {"n": reading.number(opened.electorate or 0)})
    return redirect("sharing:proposal", pk)


@require_POST
@seated("member")
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer for one's firm, or change the answer."""
    seat = asker(request)
    found = access.proposal_seen_by(seat, pk)
    form = VoteForm(request.POST)
    if seat.enterprise is None or not form.is_valid():
        raise PermissionDenied
    try:
        actions.vote(
            by=seat.person,
            proposal=found,
            enterprise=seat.enterprise,
            is_yes=form.cleaned_data["is_yes"],
            today=timezone.localdate(),
            now=timezone.now(),
        )
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, _("Your vote is kept. Neither the agent nor any other member sees how you voted."))
    return redirect("sharing:proposal", pk)


@require_POST
@seated("agent")
def count(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the votes counted; what they say is done."""
    found = access.proposal_seen_by(asker(request), pk)
    try:
        decided = actions.count_votes(
            by=asker(request).person, proposal=found, today=timezone.localdate(), now=timezone.now()
        )
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        is_adopted = decided.status == Status.ADOPTED
        messages.success(request, _("The rule is adopted.") if is_adopted else _("The rule is not adopted."))
    return redirect("sharing:proposal", pk)


@require_POST
@seated(*access.PROPOSERS)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a draft back, or call a vote off."""
    seat = asker(request)
    found = access.proposal_seen_by(seat, pk)
    if not access.may_withdraw(seat, found):
        raise PermissionDenied
    try:
        actions.withdraw_proposal(by=seat.person, proposal=found)
    except NotPossible as problem:
        messages.error(request, words_of(problem))
    else:
        messages.success(request, _("The proposal is withdrawn. It stays on record."))
    return redirect("sharing:proposals")
