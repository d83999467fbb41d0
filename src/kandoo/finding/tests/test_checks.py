"""The rows of a long list are looked at by the worker: the same faults as at once, stopped, taken up again."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.translation import override

from kandoo.finding import actions, worker
from kandoo.finding.actions import bringing
from kandoo.finding.choices import Choices
from kandoo.finding.models import Job, Output, Study
from kandoo.finding.problems import NotPossible
from kandoo.finding.tests.stage import as_csv, rows, two_years
from kandoo.finding.views import bringing as pages
from kandoo.finding.words import PROBLEMS
from kandoo.finding.worker import Worker, folder_of
from kandoo.register.access import Seat, seats_of
from tests.world import World, found

pytestmark = pytest.mark.django_db
KEPT = ("step", "faults", "fault_rows", "is_whole_at_fault", "remarks", "years", "options")


@pytest.fixture
def world(as_owner: Callable[[], Any]) -> World:
    return found("lorestan", "agent", as_owner)


def seat_of(world: World) -> Seat:
    return seats_of(world.people["agent"])[0]


def brought(world: World, content: bytes) -> Study:
    with world.as_("agent"):
        return actions.bring_list(seat=seat_of(world), name="sites.csv", content=content, now=timezone.now())


def confirmed(world: World, study: Study, *, later: bool, **more: Any) -> Study:
    said = {"title": "a", "profile": study.profile, "mapping": study.mapping, "choices": Choices(99), **more}
    with world.as_("agent"):
        if later:
            return actions.hand_over_columns(seat=seat_of(world), study=study, now=timezone.now(), **said)
        return actions.confirm_columns(seat=seat_of(world), study=study, **said)


def now_of(world: World, study: Study) -> Study:
    with world.as_("agent"):
        return Study.objects.select_related("job").get(pk=study.pk)


def faulty() -> list[list[Any]]:
    table = rows()
    table[5][2], table[9][0] = "33°29'", "s003"
    table[11][2:4] = ["27.5", "50.4"]  # in the Persian Gulf
    return table


@pytest.mark.parametrize("content", [as_csv(rows()), as_csv(faulty()), two_years()], ids=["good", "faulty", "years"])
def test_the_worker_finds_what_would_be_found_at_once(world: World, content: bytes) -> None:
    study = brought(world, content)
    at_once = {name: getattr(confirmed(world, study, later=False), name) for name in KEPT}
    handed = confirmed(world, study, later=True)
    assert handed.step == Study.Step.CHECKING and not handed.faults
    assert Worker().work_once() and not Worker().work_once()
    after = now_of(world, study)
    assert {name: getattr(after, name) for name in KEPT} == at_once
    assert after.work is None and not folder_of(study.pk).joinpath("check").exists()


def test_no_row_is_looked_at_within_the_request(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any, **__: Any) -> None:
        raise AssertionError

    study = brought(world, as_csv(rows()))
    monkeypatch.setattr(bringing, "check", never)
    assert confirmed(world, study, later=True).step == Study.Step.CHECKING
    with pytest.raises(AssertionError):
        confirmed(world, brought(world, as_csv(rows(2))), later=False)


def test_a_missing_column_is_said_at_once(world: World) -> None:
    study = brought(world, as_csv(rows()))
    study = confirmed(world, study, later=True, mapping={"site": 0})
    assert study.step == Study.Step.FAULTY and study.is_whole_at_fault and not Worker().work_once()


def test_rows_are_left_out_by_the_worker_too_and_the_study_is_measured_after_it(world: World) -> None:
    study = brought(world, as_csv(faulty()))
    confirmed(world, study, later=True)
    Worker().work_once()
    with world.as_("agent"):
        actions.leave_rows_out(seat=seat_of(world), study=study, later=timezone.now())
        with pytest.raises(NotPossible):
            actions.ask(seat=seat_of(world), study=study, now=timezone.now())
    Worker().work_once()
    after = now_of(world, study)
    assert after.step == Study.Step.READY and after.leaves_out and after.remarks[0][2] == "left-out"
    with world.as_("agent"):
        actions.ask(seat=seat_of(world), study=study, now=timezone.now())
    assert now_of(world, study).work.kind == Job.Kind.MEASURE  # type: ignore[union-attr]


def test_a_stopped_look_finds_nothing_and_can_be_asked_for_again(world: World) -> None:
    study = brought(world, as_csv(rows()))
    confirmed(world, study, later=True)
    with world.as_("agent"):
        actions.cancel(seat=seat_of(world), study=study, now=timezone.now())
    assert not Worker().work_once() and now_of(world, study).step == Study.Step.CHECKING
    confirmed(world, study, later=True)
    Worker().work_once()
    assert now_of(world, study).step == Study.Step.READY


def test_a_look_that_is_stopped_midway_keeps_nothing(world: World) -> None:
    study = brought(world, as_csv(rows()))
    confirmed(world, study, later=True)
    taken = Worker(name="one").take()
    assert taken is not None
    with world.as_("agent"):
        actions.cancel(seat=seat_of(world), study=study, now=timezone.now())
    Worker(name="one")._see_through(taken)
    after = now_of(world, study)
    assert after.work is not None and after.work.state == Job.State.CANCELLED and after.step == Study.Step.CHECKING
    assert not folder_of(study.pk).joinpath("check").exists()


def test_a_silent_worker_s_look_is_taken_up_by_the_next_and_its_own_word_comes_too_late(world: World) -> None:
    study = brought(world, as_csv(rows()))
    confirmed(world, study, later=True)
    silent = Worker(name="silent")
    taken = silent.take()
    assert taken is not None
    time.sleep(0.05)
    assert Worker(name="second", silent_seconds=0.01).work_once()
    assert now_of(world, study).step == Study.Step.READY
    silent._see_through(taken)
    assert now_of(world, study).step == Study.Step.READY


def test_a_look_that_breaks_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    study = brought(world, as_csv(rows()))
    confirmed(world, study, later=True)
    monkeypatch.setattr(worker, "CHECKER", "kandoo.no_such_module")
    Worker().work_once()
    after = now_of(world, study)
    assert after.work is not None and (after.work.state, after.work.problem) == (Job.State.FAILED, "broken")
    page = world.client("agent").get(f"/finding/{study.pk}/").content.decode()
    with override("fa"):
        assert str(PROBLEMS["broken"]) in page
    assert f"/finding/{study.pk}/columns/" in page


def test_what_was_measured_by_other_columns_is_not_shown_any_more(world: World) -> None:
    study = brought(world, as_csv(rows()))
    confirmed(world, study, later=False)
    with world.as_("agent"):
        actions.ask(seat=seat_of(world), study=study, now=timezone.now())
        Job.objects.filter(study=study).update(state=Job.State.DONE)
        actions.keep_outputs(study, {"run.json": b"{}", "summary.json": b"{}"})
    confirmed(world, study, later=False, choices=Choices(199))
    page = world.client("agent").get(f"/finding/{study.pk}/").content.decode()
    assert "آماده سنجش" in page and f"/finding/{study.pk}/ask/" in page
    with world.as_("agent"):
        assert Output.objects.filter(study=study).exists()  # until it is measured anew


def test_the_page_of_a_long_list_shows_how_far_the_look_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "AT_ONCE_ROWS", 100)
    client = world.client("agent")
    answer = client.post("/finding/new/", {"file": SimpleUploadedFile("sites.csv", as_csv(faulty()))}, follow=True)
    form = answer.context["form"]
    chosen = {name: "" if (value := form[name].value()) is None else value for name in form.fields}
    answer = client.post(
        answer.redirect_chain[-1][0], chosen | {"profile": "establishments", "simulations": "99"}, follow=True
    )
    pk = answer.context["study"].pk
    text = answer.content.decode()
    assert "در حال بررسی است" in text and f'hx-get="/finding/{pk}/progress/"' in text
    assert client.get(f"/finding/{pk}/progress/").status_code == 200
    assert client.get(f"/finding/{pk}/faults/").status_code == 302
    Worker().work_once()
    assert client.get(f"/finding/{pk}/progress/").headers["HX-Refresh"] == "true"
    assert "۳ ردیف" in client.get(f"/finding/{pk}/faults/").content.decode()
    answer = client.post(f"/finding/{pk}/leave-out/", follow=True)
    assert "در حال بررسی است" in answer.content.decode()
    Worker().work_once()
    assert "آماده سنجش" in client.get(f"/finding/{pk}/").content.decode()
