"""Sharing rules of the small world: one adopted by the members' votes, one still open."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from kandoo.engine.sharing_rule import SharingRule
from kandoo.register.access import Seat, seats_of
from kandoo.sharing import actions as sharing
from kandoo.sharing.models import RuleProposal

if TYPE_CHECKING:
    from tests.world import World


def seat_of(world: World, name: str) -> Seat:
    """The first seat of one of the cast; to be asked for as that person."""
    return seats_of(world.people[name])[0]


def propose(world: World, by: str, rule: SharingRule, today: date, now: datetime, **terms: Any) -> RuleProposal:
    """A draft, of selling and for a vote of one day unless said otherwise."""
    usual: dict[str, Any] = {
        "kind": "selling",
        "title": "قاعده آزمایشی",
        "reason": "تا همه بدانند",
        "vote_closes_on": today,
        "in_force_from": today,
    }
    with world.as_(by):
        wanted = sharing.ProposalTerms(rule=rule, **(usual | terms))
        return sharing.propose_rule(seat=seat_of(world, by), terms=wanted, today=today, now=now)


def open_vote(world: World, proposal: RuleProposal, today: date) -> RuleProposal:
    """The agent puts a draft to the vote."""
    with world.as_("agent"):
        return sharing.open_vote(seat=seat_of(world, "agent"), proposal=proposal, today=today)


def cast(world: World, proposal: RuleProposal, name: str, is_yes: bool, today: date, now: datetime) -> None:
    """A member votes."""
    with world.as_(name):
        sharing.vote(
            by=world.people[name],
            proposal=proposal,
            enterprise=world.firms[name],
            is_yes=is_yes,
            today=today,
            now=now,
        )


def count(world: World, proposal: RuleProposal, today: date, now: datetime) -> RuleProposal:
    """The agent has the votes counted."""
    with world.as_("agent"):
        return sharing.count_votes(by=world.people["agent"], proposal=proposal, today=today, now=now)


def decide_rules(world: World, now: datetime, today: date) -> None:
    """Members adopt a rule for buying; another one, for selling, is still open."""
    bought = propose(world, "agent", SharingRule("uniform", reserve=100), today, now, kind="buying")
    open_vote(world, bought, today)
    for name, is_yes in (("kuh", True), ("darreh", True), ("sang", False)):
        cast(world, bought, name, is_yes, today, now)
    count(world, bought, today, now)
    later = today + timedelta(days=14)
    terms = {"title": "یک قیمت", "vote_closes_on": later, "in_force_from": later}
    sold = propose(world, "kuh", SharingRule("uniform"), today, now, **terms)
    open_vote(world, sold, today)
    cast(world, sold, "kuh", True, today, now)
