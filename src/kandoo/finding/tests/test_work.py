"""A study goes from file to tables: claimed once, cancelled, taken up again when its worker is killed, equal each time."""

import os
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from kandoo.finding import actions, worker
from kandoo.finding.actions import Beat
from kandoo.finding.choices import Choices
from kandoo.finding.models import Job, Output, Study
from kandoo.finding.problems import NotPossible
from kandoo.finding.results import Tables
from kandoo.finding.tests.stage import as_csv, rows, two_years
from kandoo.finding.worker import Worker, folder_of
from kandoo.register.access import Seat, seats_of
from tests.world import World, found

pytestmark = pytest.mark.django_db
FEW = Choices(simulations=99)


@pytest.fixture
def world(as_owner: Callable[[], Any]) -> World:
    return found("lorestan", "agent", as_owner)


def seat_of(world: World) -> Seat:
    return seats_of(world.people["agent"])[0]


def asked(world: World, content: bytes, choices: Choices = FEW) -> Study:
    """A list brought, its columns confirmed as guessed, and handed to the worker."""
    with world.as_("agent"):
        seat = seat_of(world)
        study = actions.bring_list(seat=seat, name="sites.csv", content=content, now=timezone.now())
        study = actions.confirm_columns(
            seat=seat, study=study, title="کارگاه‌ها", profile=study.profile, mapping=study.mapping, choices=choices
        )
        assert study.step == Study.Step.READY, study.faults
        actions.ask(seat=seat, study=study, now=timezone.now())
    return study


def job_of(world: World, study: Study) -> Job:
    with world.as_("agent"):
        return Job.objects.get(study=study)


def outputs_of(world: World, study: Study) -> dict[str, bytes]:
    with world.as_("agent"):
        return {each.name: each.data for each in Output.objects.filter(study=study)}


def test_a_list_is_measured_and_the_planted_cluster_found(world: World) -> None:
    study = asked(world, as_csv(rows()))
    assert Worker().work_once()
    assert not Worker().work_once()
    job = job_of(world, study)
    assert (job.state, job.share) == (Job.State.DONE, 1.0)
    assert not folder_of(study.pk).exists()
    with world.as_("agent"):
        tables = Tables(Study.objects.get(pk=study.pk))
        first = tables.industries[0]
        assert first.name == "سنگ" and first.is_gathered
        assert tables.comparable(first) is not None
        assert tables.quotients("سنگ")[0]["region"] == "ازنا"
        assert any(tables.groups(each.name) for each in tables.industries)
        assert tables.industries[-1].is_few
        assert world.people["agent"].notices.filter(code="study-done").count() == 1


def test_two_years_are_measured_side_by_side(world: World) -> None:
    study = asked(world, two_years())
    assert (study.options["year"], study.options["before"]) == (1404, 1400)
    Worker().work_once()
    with world.as_("agent"):
        tables = Tables(Study.objects.get(pk=study.pk))
        stone = tables.industries[0]
        assert stone.is_gathered and not tables.before[stone.name].is_gathered
        assert tables.rows("shift_share.csv", stone.name)


def test_a_job_is_claimed_once_and_only_at_the_worker_s_desk(world: World) -> None:
    study = asked(world, as_csv(rows()))
    with world.as_("agent"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kandoo_claim_study('somebody', interval '1 s')")
        assert cursor.fetchone() == (0,)
    taken = Worker(name="one").take()
    assert taken is not None and taken.study == study.pk and taken.person == world.people["agent"].pk
    assert Worker(name="two").take() is None


def test_a_stopped_job_ends_and_what_is_finished_is_used_again(world: World) -> None:
    study = asked(world, as_csv(rows()))
    with world.as_("agent"):
        actions.cancel(seat=seat_of(world), study=study, now=timezone.now())
    assert not Worker().work_once()
    assert job_of(world, study).state == Job.State.CANCELLED
    with world.as_("agent"):
        actions.ask(seat=seat_of(world), study=study, now=timezone.now())
    taken = Worker(name="one").take()
    assert taken is not None
    with world.as_("agent"):
        actions.cancel(seat=seat_of(world), study=study, now=timezone.now())
        assert not actions.beat(job_id=taken.job, worker="one", seen=Beat(), now=timezone.now())
    Worker(name="one")._see_through(taken)
    assert job_of(world, study).state == Job.State.CANCELLED
    assert not outputs_of(world, study)


def test_a_killed_worker_s_job_is_taken_up_again_and_gives_the_same_tables(world: World) -> None:
    study = asked(world, as_csv(rows()))
    Worker().work_once()
    whole = outputs_of(world, study)
    with world.as_("agent"):
        actions.ask(seat=seat_of(world), study=study, now=timezone.now())
    killed = Worker(name="killed")
    taken = killed.take()
    assert taken is not None
    with world.as_("agent"):
        worker.prepare(Study.objects.get(pk=study.pk), folder_of(study.pk))
    child = worker.start_child(folder_of(study.pk), worker.CHILD)
    pieces = folder_of(study.pk) / "report" / ".census"
    deadline = time.monotonic() + 300
    while len(list(pieces.glob("*.json"))) < 2 and child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    assert Worker(name="second", silent_seconds=3600).take() is None  # its heart may still beat
    time.sleep(0.05)
    assert Worker(name="second", silent_seconds=0.01).work_once()
    job = job_of(world, study)
    assert (job.state, job.worker, job.attempts) == (Job.State.DONE, "second", 2)
    assert outputs_of(world, study) == whole
    with world.as_("agent"):  # the killed one comes to life again: it finds that the job is not its own
        assert not actions.finish(job_id=taken.job, worker="killed", outputs={}, now=timezone.now())
    assert outputs_of(world, study) == whole


def test_a_job_that_breaks_off_three_times_has_failed(world: World) -> None:
    study = asked(world, as_csv(rows()))
    for name in ("one", "two", "three"):
        assert Worker(name=name, silent_seconds=0.01).take() is not None
        time.sleep(0.03)
    assert Worker(name="four", silent_seconds=0.01).take() is None
    job = job_of(world, study)
    assert (job.state, job.problem) == (Job.State.FAILED, "lost")


def test_a_list_whose_program_breaks_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    study = asked(world, as_csv(rows()))
    monkeypatch.setattr(worker, "CHILD", "kandoo.no_such_module")
    Worker().work_once()
    assert (job_of(world, study).state, job_of(world, study).problem) == (Job.State.FAILED, "broken")


def test_nothing_is_computed_of_a_faulty_list_until_its_rows_are_left_out(world: World) -> None:
    table = rows()
    table[5][2] = "33°29'"
    with world.as_("agent"):
        seat = seat_of(world)
        study = actions.bring_list(seat=seat, name="a.csv", content=as_csv(table), now=timezone.now())
        study = actions.confirm_columns(
            seat=seat, study=study, title="a", profile=study.profile, mapping=study.mapping, choices=FEW
        )
        assert (study.step, study.fault_rows) == (Study.Step.FAULTY, 1)
        with pytest.raises(NotPossible):
            actions.ask(seat=seat, study=study, now=timezone.now())
        study = actions.leave_rows_out(seat=seat, study=study)
        assert study.step == Study.Step.READY and study.leaves_out
        actions.ask(seat=seat, study=study, now=timezone.now())
        with pytest.raises(NotPossible):
            actions.bring_list(seat=seat, name="b.csv", content=as_csv(table), now=timezone.now())
