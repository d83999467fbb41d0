"""Votes and the count at the same moment: nothing slips in behind the count, and no number is given twice."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from kandoo.engine.sharing_rule import SharingRule
from kandoo.sharing.models import RuleVote
from kandoo.sharing.problems import WrongStep
from tests import voting
from tests.world import MEMBERS, NOW, TODAY, World, add_firm, add_person, found

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(as_owner: Callable[[], Any]) -> World:
    world = found("lorestan", "agent", as_owner)
    with world.as_("agent"):
        for name in MEMBERS:
            add_firm(world, name, "beekeeping", hives=100)
            add_person(world, name, "member", name)
    return world


def closing(work: Callable[[], Any]) -> Any:
    """Run in a thread and give its connection back."""
    try:
        return work()
    finally:
        connection.close()


def test_a_count_waits_for_a_vote_that_is_being_written(world: World) -> None:
    draft = voting.propose(world, "agent", SharingRule("uniform"), TODAY, NOW, quorum_percent=0)
    proposal = voting.open_vote(world, draft, TODAY)
    is_written, may_commit = threading.Event(), threading.Event()

    def vote_slowly() -> None:
        with world.as_("kuh"):
            voting.cast(world, proposal, "kuh", True, TODAY, NOW)
            is_written.set()
            assert may_commit.wait(60)

    with ThreadPoolExecutor(2) as threads:
        voting_now = threads.submit(closing, vote_slowly)
        assert is_written.wait(60)
        counting = threads.submit(closing, lambda: voting.count(world, proposal, TODAY, NOW))
        with pytest.raises(TimeoutError):
            counting.result(timeout=1)
        may_commit.set()
        voting_now.result(60)
        decided = counting.result(60)
    assert (decided.yes, decided.no, decided.status) == (1, 0, "adopted")
    with pytest.raises(WrongStep):
        voting.cast(world, proposal, "darreh", False, TODAY, NOW)


def test_two_people_of_one_firm_voting_at_once_leave_one_answer_after_the_other(world: World) -> None:
    with world.as_("agent"):
        add_person(world, "kuh-2", "member", "kuh")
    world.firms["kuh-2"] = world.firms["kuh"]
    draft = voting.propose(world, "agent", SharingRule("uniform"), TODAY, NOW, quorum_percent=0)
    proposal = voting.open_vote(world, draft, TODAY)

    def vote_often(name: str, is_yes: bool) -> None:
        for _ in range(8):
            voting.cast(world, proposal, name, is_yes, TODAY, NOW)

    with ThreadPoolExecutor(2) as threads:
        for each in [
            threads.submit(closing, lambda: vote_often("kuh", True)),
            threads.submit(closing, lambda: vote_often("kuh-2", False)),
        ]:
            each.result(60)
    with world.as_("kuh"):
        numbers = list(RuleVote.objects.filter(proposal=proposal).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    decided = voting.count(world, proposal, TODAY, NOW)
    assert (decided.yes or 0) + (decided.no or 0) == 1
