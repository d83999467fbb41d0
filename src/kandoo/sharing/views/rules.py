"""The rules in force, what each means, how they came, and a page to try others on the last season."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from kandoo.engine.sharing_rule import ACTION_KINDS, RULE_NAMES, SharingRule
from kandoo.register.access import Seat, seated
from kandoo.sharing import access, queries, reading, words
from kandoo.sharing.forms import RuleForm
from kandoo.sharing.models import RuleProposal
from kandoo.sharing.simulating import simulate_last_season
from kandoo.sharing.views.parts import simulation_context, simulation_file
from kandoo.site.lists import asker

KIND_NAMES = dict(RuleProposal.Kind.choices)


@seated(*access.READERS)
def rules(request: HttpRequest) -> HttpResponse:
    """By which rule each kind of action is shared today, and what every rule means with an example."""
    seat = asker(request)
    today = timezone.localdate()
    rows = [_rule_row(queries.in_force(seat.cluster.pk, kind, today)) for kind in ACTION_KINDS]
    seen = access.proposals_seen_by(seat)
    context = {
        "rows": rows,
        "selling": rows[0],
        "meanings": [_meaning(name) for name in RULE_NAMES],
        "open": list(seen.filter(status=RuleProposal.Status.OPEN).order_by("vote_closes_on")),
        "may_try": seat.role in access.STAFF,
    }
    return render(request, "sharing/rules.html", context)


def _rule_row(found: queries.InForce) -> dict[str, Any]:
    return {
        "kind": KIND_NAMES[found.kind],
        "words": words.rule_words(found.rule, found.kind),
        "proposal": found.proposal,
    }


def _meaning(name: Any) -> dict[str, Any]:
    rows = reading.example(name)
    return {
        "code": name,
        "name": words.NAMES[name],
        "selling": words.meaning(name, "selling"),
        "paying": words.meaning(name, "buying") if name in words.rules_for("buying") else "",
        "example": rows,
        "is_formula": name == "fixed",
    }


@seated(*access.READERS)
def history(request: HttpRequest) -> HttpResponse:
    """Every rule that was ever adopted, by kind, with its day and its vote; the newest first."""
    adopted = (
        access.proposals_seen_by(asker(request))
        .filter(status=RuleProposal.Status.ADOPTED)
        .order_by("-in_force_from", "-decided_at", "-pk")
    )
    kinds = {kind: [each for each in adopted if each.kind == kind] for kind in ACTION_KINDS}
    context = {
        "kinds": [
            {"name": KIND_NAMES[kind], "rows": [_history_row(each) for each in rows], "default": _default(kind)}
            for kind, rows in kinds.items()
        ],
        "count": len(adopted),
    }
    return render(request, "sharing/history.html", context)


def _history_row(proposal: RuleProposal) -> dict[str, Any]:
    rule = SharingRule.from_dict(proposal.rule)
    return {"proposal": proposal, "rule": words.short(rule), "votes": (proposal.yes or 0) + (proposal.no or 0)}


def _default(kind: Any) -> str:
    return words.short(queries.DEFAULT_RULES[kind])


@seated(*access.STAFF)
def try_rule(request: HttpRequest) -> HttpResponse:
    """Try a rule on the last season, member by member."""
    seat = asker(request)
    is_asked = "rule" in request.GET
    form = RuleForm(request.GET if is_asked else None, initial=_start(seat))
    context: dict[str, Any] = {"form": form, "may_propose": seat.role in access.PROPOSERS}
    if is_asked and form.is_valid():
        simulation = simulate_last_season(seat, form.kind_chosen, form.chosen)
        if request.GET.get("form"):
            return simulation_file(request.GET["form"], seat, simulation)
        context |= simulation_context(request, seat, simulation)
        context |= {"words": words.rule_words(form.chosen, form.kind_chosen), "asked": request.GET.urlencode()}
    return render(request, "sharing/try.html", context)


def _start(seat: Seat) -> dict[str, Any]:
    """The rule in force, to start from."""
    return {"kind": "selling", "rule": queries.rule_in_force(seat.cluster.pk, "selling", timezone.localdate()).name}
