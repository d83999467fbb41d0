"""A self-assessment: several sittings, claimed and shown, frozen by the database, compared, remarked on."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from kandoo.maturity import actions
from kandoo.maturity.catalogue import BadCatalogue, catalogue, parse_catalogue
from kandoo.maturity.models import Answer, Assessment, Evidence, Remark
from kandoo.maturity.queries import assessments as queries
from kandoo.programme.models import Meeting, PaperEdition
from kandoo.site.models import Notice
from tests.maturity import answer_all, paper
from tests.nation import seat_of
from tests.world import NOW, TODAY, World

pytestmark = pytest.mark.django_db
AsOwner = Callable[[], AbstractContextManager[Any]]


def begun(world: World) -> Assessment:
    with world.as_("agent"):
        found = queries.open_of(world.files["honey"])
    assert found is not None
    return found


def test_the_catalogue_has_about_thirty_questions_of_five_themes_with_four_levels() -> None:
    held = catalogue()
    assert [each.code for each in held.themes] == ["structure", "governance", "finance", "strategy", "achievements"]
    assert 25 <= len(held.questions) <= 31
    for question in held.questions:
        assert len({each.fa for each in question.levels}) == len({each.en for each in question.levels}) == 4
        assert question.papers.fa and question.papers.en and held.question(question.code) is question
    assert held.question("luck") is None
    with pytest.raises(BadCatalogue, match="themes"):
        parse_catalogue({"edition": "1", "source": {"fa": "ا", "en": "a"}, "themes": []})


def test_a_level_without_evidence_is_claimed_and_not_shown(assessed: World) -> None:
    with assessed.as_("supervisor"):
        newest = queries.newest_of(assessed.files["honey"])
        assert newest is not None and newest.number == 1
        standing = queries.standing_of(newest)
    count = len(catalogue().questions)
    assert (standing.claimed, standing.shown, standing.most) == (2 * count, 2, 3 * count)
    assert sum(each.is_only_claimed for each in standing.lines) == count - 1
    assert newest.content["structure"] == {"claimed": 8, "shown": 2, "most": 12}


def test_one_is_answered_at_a_time_and_submitted_when_whole(assessed: World) -> None:
    honey = assessed.files["honey"]
    with assessed.as_("agent"):
        seat = seat_of(assessed, "agent")
        with pytest.raises(actions.NotPossible):
            actions.begin_assessment(seat=seat, file=honey, today=TODAY)
        with pytest.raises(actions.NotPossible, match=str(len(catalogue().questions) - 1)):
            actions.submit_assessment(seat=seat, assessment=begun(assessed), now=NOW)
    second = begun(assessed)
    answer_all(assessed, second, NOW, level=1)
    answer_all(assessed, second, NOW, level=3)  # another sitting, another mind
    with assessed.as_("agent"):
        assert Answer.objects.filter(assessment=second, level=3).count() == len(catalogue().questions)
        done = actions.submit_assessment(seat=seat, assessment=second, now=NOW)
        assert queries.newest_of(honey) == done and queries.open_of(honey) is None
        earlier = queries.before(done)
        assert earlier is not None and earlier.number == 1
        assert actions.begin_assessment(seat=seat, file=honey, today=TODAY).number == 3
    with assessed.as_("supervisor"):
        assert Notice.objects.filter(person=assessed.people["supervisor"], code="assessment-submitted").exists()


def test_what_is_submitted_never_changes_whoever_tries(assessed: World, as_owner: AsOwner) -> None:
    with assessed.as_("agent"):
        seat = seat_of(assessed, "agent")
        done = queries.newest_of(assessed.files["honey"])
        assert done is not None
        for step in (
            lambda: actions.answer_question(seat=seat, assessment=done, question="mass", level=0, why="", now=NOW),
            lambda: actions.submit_assessment(seat=seat, assessment=done, now=NOW),
            lambda: actions.add_evidence(
                seat=seat, assessment=done, question="mass", shown=actions.Shown(paper("late")), now=NOW
            ),
        ):
            with pytest.raises(actions.NotPossible):
                step()
    with as_owner():
        for change in (
            lambda: Assessment.objects.filter(pk=done.pk).update(status="open", submitted_at=None, submitted_by=None),
            lambda: Assessment.objects.filter(pk=done.pk).update(content={}),
            lambda: Assessment.objects.filter(pk=done.pk).delete(),
            lambda: Answer.objects.filter(assessment=done).update(level=3),
            lambda: Answer.objects.filter(assessment=done).delete(),
            lambda: Evidence.objects.filter(assessment=done).delete(),
            lambda: Remark.objects.filter(assessment=done).update(text="خوب"),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_evidence_is_one_thing_of_this_file_and_not_twice(assessed: World) -> None:
    second = begun(assessed)
    with assessed.as_("agent"):
        seat = seat_of(assessed, "agent")
        edition = PaperEdition.objects.filter(file=assessed.files["honey"]).first()

        def add(shown: actions.Shown, question: str = "mass") -> Evidence:
            return actions.add_evidence(seat=seat, assessment=second, question=question, shown=shown, now=NOW)

        made = add(actions.Shown(paper("one")))
        assert made.sha256 == paper("one").sha256 and made.size == len(paper("one").content)
        add(actions.Shown(paper("one")), "leader")
        for wrong in (
            actions.Shown(),
            actions.Shown(paper("one")),
            actions.Shown(paper("two"), edition),
            actions.Shown(actions.Document("x.exe", b"x")),
            actions.Shown(actions.Document("x.pdf", b"")),
        ):
            with pytest.raises(actions.NotPossible):
                add(wrong)
        actions.take_back_evidence(seat=seat, evidence=made)
        assert not Evidence.objects.filter(pk=made.pk).exists()


def test_a_meeting_shows_only_what_it_was_about(assessed: World) -> None:
    with assessed.as_("province"):
        meeting = Meeting.objects.filter(agenda__file=assessed.files["honey"]).first()
        assert meeting is not None
        seat, second = seat_of(assessed, "province"), begun(assessed)
        shown = actions.Shown(meeting=meeting)
        actions.add_evidence(seat=seat, assessment=second, question="roles", shown=shown, now=NOW)
    with assessed.as_("elsewhere"):
        other = queries.open_of(assessed.files["saffron"])
        assert other is not None
        with pytest.raises(DatabaseError), transaction.atomic():
            actions.add_evidence(
                seat=seat_of(assessed, "elsewhere"), assessment=other, question="roles", shown=shown, now=NOW
            )


def test_supervisor_and_officer_remark_and_the_agent_is_told(assessed: World) -> None:
    second = begun(assessed)
    with assessed.as_("supervisor"):
        seat = seat_of(assessed, "supervisor")
        actions.remark(seat=seat, assessment=second, text="کدام فهرست؟", question="mass", now=NOW)
        with pytest.raises(actions.NotPossible):
            actions.remark(seat=seat, assessment=second, text="  ", now=NOW)
        with pytest.raises(actions.NotPossible):
            actions.answer_question(seat=seat, assessment=second, question="mass", level=0, why="", now=NOW)
        with pytest.raises(actions.NotPossible):
            shown = actions.Shown(paper("mine"))
            actions.add_evidence(seat=seat, assessment=second, question="mass", shown=shown, now=NOW)
    with assessed.as_("agent"):
        line = next(each for each in queries.standing_of(second).lines if each.question.code == "mass")
        assert [each.text for each in line.remarks] == ["کدام فهرست؟"]
        assert Notice.objects.filter(code="assessment-remark").count() == 2
        with pytest.raises(actions.NotPossible):
            actions.remark(seat=seat_of(assessed, "agent"), assessment=second, text="من", now=NOW)
    with assessed.as_("inspector"), pytest.raises(DatabaseError), transaction.atomic():
        Answer.objects.create(
            cluster_id=second.cluster_id, file_id=second.file_id, assessment=second, question="leader", level=3,
            by=assessed.people["inspector"], at=NOW,
        )  # fmt: skip
