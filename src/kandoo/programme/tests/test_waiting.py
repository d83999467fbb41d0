"""What waits for each person, what is owed on a cluster, and what a citizen sees of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from kandoo.programme import access, actions
from kandoo.programme.queries.follow_up import warnings_by_file
from kandoo.programme.queries.gates import members_on
from kandoo.programme.queries.tasks import Moment, waiting
from kandoo.results.queries.public import public_results
from tests import nation, tender, visits
from tests.world import NOW, TODAY, World

pytestmark = pytest.mark.django_db
AsOwner = Callable[[], AbstractContextManager[Any]]


@pytest.fixture
def world(made_world: World) -> World:
    return made_world


def waits(world: World, name: str) -> dict[str, int]:
    """How many of each kind, by the address where it is done."""
    with world.as_(name):
        seat = nation.seat_of(world, name)
        return {address: count for count, _text, address, _action in waiting(Moment(seat, TODAY, NOW))}


def test_a_report_waits_for_the_supervisor_then_for_the_officer(world: World) -> None:
    assert waits(world, "province")["reports:home"] == 2  # of the honey, confirmed; of the supervisor, submitted
    assert "reports:home" not in waits(world, "supervisor")
    assert waits(world, "nation")["reports:home"] == 2  # and of the province


def test_a_closed_call_waits_for_the_marks_of_each(world: World) -> None:
    assert "tender:calls" not in waits(world, "chair")
    call = tender.published(world, "فراخوان", NOW - timedelta(days=10))
    tender.marked(world, "chair", tender.offered(world, call, "نمونه یک", NOW - timedelta(days=9)), (70, 70), NOW)
    assert "tender:calls" not in waits(world, "chair")
    assert waits(world, "voter")["tender:calls"] == 1


def test_a_visit_waits_for_its_supervisor_alone(world: World) -> None:
    before = waits(world, "supervisor").get("visits:home", 0)
    visits.planned(world, TODAY - timedelta(days=3), NOW, days=0)
    assert waits(world, "supervisor")["visits:home"] == before + 1
    assert "visits:home" not in waits(world, "province")


def test_a_vote_waits_for_who_is_present_and_has_not_voted(world: World) -> None:
    def votes(name: str) -> list[str]:
        with world.as_(name):
            seat = nation.seat_of(world, name)
            return [
                word
                for n, text, *_ in waiting(Moment(seat, TODAY, NOW))
                if "رأی" in (word := text % {"count": n, "n": n})
            ]

    body = nation.form_body(world, "committee")
    with world.as_("province"):
        stone = world.files["stone"]
        seat = nation.seat_of(world, "province")
        meeting = actions.call_meeting(seat=seat, body=body, on=TODAY, files=[stone], today=TODAY)
    assert votes("voter") == []
    with world.as_("chair"):
        seat = nation.seat_of(world, "chair")
        actions.hold_meeting(seat=seat, meeting=meeting, present=members_on(body, TODAY), today=TODAY)
    assert len(votes("voter")) == 1
    with world.as_("voter"):
        item = meeting.agenda.select_related("meeting__body", "stage").get()
        actions.cast_ballot(seat=nation.seat_of(world, "voter"), item=item, choice="no", now=NOW, reason="روشن نیست")
    assert votes("voter") == []


def test_every_thing_owed_on_a_cluster_is_warned_of(world: World) -> None:
    later = TODAY + timedelta(days=200)
    with world.as_("nation"), translation.override("en"):
        files = access.files_seen_by(nation.seat_of(world, "nation"))
        with CaptureQueriesContext(connection) as asked:
            found = warnings_by_file(files, later)
    held = found[world.files["honey"].pk]
    assert {each.kind for each in held} >= {"indicator", "visit"}
    assert any(each.text.startswith("No new figure of ") for each in held)
    assert len(asked) <= 6


def test_a_citizen_reads_stage_money_and_results_of_one_cluster(world: World) -> None:
    honey = world.files["honey"]
    text = Client().get(f"/open/clusters/{honey.code}/").content.decode()
    assert "عسل لرستان" in text and "پول عمومی به سال مالی" in text and "تومان" in text
    (indicator,) = {each.indicator_fa for each in public_results() if each.indicator == "trained"}
    assert indicator in text
    assert Client().get("/open/clusters/ZZ/").status_code == 404
    listed = Client().get("/open/").content.decode()
    for address in ("/open/results.csv", "/open/iati.xml", "/open/calls/", f"/open/clusters/{honey.code}/"):
        assert address in listed
