"""What PostgreSQL itself refuses, whoever asks past the actions; and the actions' own refusals with their reason."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from kandoo.programme import actions
from kandoo.programme.models import AgendaItem, Condition, Decision, Meeting, PaperEdition, Stage
from kandoo.programme.queries.gates import members_on
from kandoo.programme.queries.procedure import in_force
from tests import nation
from tests.world import NOW, TODAY, World

pytestmark = pytest.mark.django_db


def refused(world: World, name: str, statement: str, *values: Any) -> None:
    """PostgreSQL answers with an error or touches nothing."""
    try:
        with transaction.atomic(), world.as_(name), connection.cursor() as cursor:
            cursor.execute(statement, values)
            touched = cursor.rowcount
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    except DatabaseError:
        return
    assert touched == 0, statement


def test_stage_and_state_of_a_file_are_moved_by_no_hand(nation_world: World, as_owner: Callable[[], Any]) -> None:
    stone = nation_world.files["stone"].pk
    for column, value in (("stage", "G5"), ("status", "exited"), ("first_gate", 9), ("stage_since", "2020-01-01")):
        refused(nation_world, "nation", f"UPDATE programme_clusterfile SET {column} = %s WHERE id = %s", value, stone)
    with pytest.raises(DatabaseError), as_owner() as cursor, transaction.atomic():
        cursor.execute("UPDATE programme_clusterfile SET stage = 'G5' WHERE id = %s", [stone])


@pytest.mark.parametrize(
    "table", ["decision", "stagemark", "count", "procedure", "stage", "requiredpaper", "papercomment", "reminder"]
)
def test_what_was_written_down_never_changes(nation_world: World, as_owner: Callable[[], Any], table: str) -> None:
    for statement in (f"UPDATE programme_{table} SET id = id", f"DELETE FROM programme_{table}"):
        refused(nation_world, "nation", statement)
        with pytest.raises(DatabaseError), as_owner() as cursor, transaction.atomic():
            cursor.execute(statement)


def decision_row(world: World, item: AgendaItem, **changed: Any) -> tuple[str, list[Any]]:
    row = {
        "cluster_id": world.programme.pk,
        "item_id": item.pk,
        "file_id": item.file_id,
        "stage_id": item.stage_id,
        "outcome": "passed",
        "yes": 3,
        "no": 0,
        "abstained": 0,
        "resolution": "x",
        '"on"': TODAY,
        "by_id": world.people["chair"].pk,
        "at": NOW,
    } | changed
    places = ", ".join(["%s"] * len(row))
    return f"INSERT INTO programme_decision ({', '.join(row)}) VALUES ({places})", list(row.values())


@pytest.fixture
def sitting(nation_world: World) -> tuple[World, AgendaItem]:
    """The committee sits on stone, whose papers of the first gates are not there."""
    world = nation_world
    with world.as_("chair"):
        seat = nation.seat_of(world, "chair")
        body = Meeting.objects.latest("pk").body
        meeting = actions.call_meeting(seat=seat, body=body, on=TODAY, files=[world.files["stone"]], today=TODAY)
        actions.hold_meeting(seat=seat, meeting=meeting, present=members_on(body, TODAY), today=TODAY)
        return world, AgendaItem.objects.select_related("meeting__body", "file", "stage").get(meeting=meeting)


def test_a_gate_is_not_passed_without_its_papers(sitting: tuple[World, AgendaItem]) -> None:
    world, item = sitting
    statement, values = decision_row(world, item)
    refused(world, "chair", statement, *values)
    with world.as_("chair"), pytest.raises(actions.NotPossible) as problem:
        decide(world, item, "passed")
    assert "برگه امتیازدهی" in str(problem.value)
    with world.as_("chair"):
        decide(world, item, "waiting")  # to wait needs no papers
        item.file.refresh_from_db()
    assert (item.file.stage, item.file.status) == ("G0", "waiting")


def decide(world: World, item: AgendaItem, outcome: str, *, name: str = "chair", **more: Any) -> Decision:
    given: dict[str, Any] = {"votes": actions.Votes(3), "resolution": "تصمیم", "today": TODAY, "now": NOW}
    return actions.decide(seat=nation.seat_of(world, name), item=item, outcome=outcome, **(given | more))


def test_no_gate_is_skipped(sitting: tuple[World, AgendaItem]) -> None:
    world, item = sitting
    with world.as_("nation"):
        later = Stage.objects.get(procedure=item.file.procedure_id, code="G2")
    nation.approve_papers(world, item.file, nation.papers_up_to(world, item.file, "G2"), NOW)
    statement, values = decision_row(world, item, stage_id=later.pk)
    refused(world, "chair", statement, *values)
    statement, values = decision_row(world, item)
    with world.as_("chair"), connection.cursor() as cursor:
        cursor.execute(statement, values)  # the one that follows is taken
        item.file.refresh_from_db()
    assert item.file.stage == "G1"


@pytest.mark.parametrize("name", ["province", "supervisor", "voter", "elsewhere", "nation", "agent", "inspector"])
def test_only_chair_or_secretary_decide(sitting: tuple[World, AgendaItem], name: str) -> None:
    world, item = sitting
    statement, values = decision_row(world, item, outcome="rejected", by_id=world.people[name].pk)
    refused(world, name, statement, *values)
    refused(world, name, *_as_chair(world, item))
    with world.as_(name), pytest.raises((actions.NotPossible, Meeting.DoesNotExist)):
        decide(world, item, "rejected", name=name)


def _as_chair(world: World, item: AgendaItem) -> tuple[Any, ...]:
    statement, values = decision_row(world, item, outcome="rejected")
    return statement, *values


@pytest.mark.parametrize("name", ["supervisor", "inspector", "treasurer", "voter", "province"])
def test_who_does_not_lead_a_body_is_told_so_and_its_sitting_goes_on(
    sitting: tuple[World, AgendaItem], name: str
) -> None:
    world, item = sitting
    client = world.client(name)
    path = f"/programme/meetings/{item.meeting_id}"
    for step, sent in (("hold", {"present": []}), ("close", {"minutes": "پایان"})):
        assert client.post(f"{path}/{step}/", sent, follow=True).status_code == 200
    with world.as_("nation"):
        meeting = Meeting.objects.get(pk=item.meeting_id)
        assert (meeting.status, meeting.present.count()) == ("held", 3)


def test_nobody_sits_twice_in_a_body(nation_world: World) -> None:
    body, by = nation.form_body(nation_world, "office"), nation_world.people["province"]
    with nation_world.as_("province"):
        seat: dict[str, Any] = {"by": by, "body": body, "name": "دیگری", "person": nation_world.people["chair"]}
        with pytest.raises(actions.NotPossible, match="دو رأی"):
            actions.seat_member(from_on=TODAY, **seat)
        member = body.members.get(person=nation_world.people["chair"])
        actions.unseat_member(by=by, member=member, to_on=TODAY)
        actions.seat_member(from_on=TODAY, **seat)


def test_a_condition_with_an_owner_says_what_is_to_be_done(sitting: tuple[World, AgendaItem]) -> None:
    world, item = sitting
    sent = {"outcome": "waiting", "yes": "3", "no": "0", "abstained": "0", "resolution": "تصمیم", "owner2": "کسی"}
    page = world.client("chair").post(f"/programme/agenda/{item.pk}/decide/", sent).content.decode()
    assert "بنویسید این مسئول چه کند" in page and "کسی" in page
    with world.as_("chair"):
        assert not Decision.objects.filter(item=item).exists()


def test_quorum_and_votes_are_those_of_the_members_present(sitting: tuple[World, AgendaItem]) -> None:
    world, item = sitting
    for votes in ({"yes": 4}, {"yes": 1, "no": 2}, {"yes": 2}, {"yes": 1, "no": 1, "abstained": 1}):
        statement, values = decision_row(world, item, outcome="rejected", **votes)
        refused(world, "chair", statement, *values)
    with world.as_("chair"):
        seat = nation.seat_of(world, "chair")
        present = members_on(item.meeting.body, TODAY)[:1]
        actions.hold_meeting(seat=seat, meeting=item.meeting, present=present, today=TODAY)
        with pytest.raises(actions.NotPossible) as problem:
            decide(world, item, "rejected", votes=actions.Votes(1))
    assert "حد نصاب" in str(problem.value)


def test_the_next_gate_waits_for_conditions_and_they_for_evidence(nation_world: World) -> None:
    world, honey = nation_world, nation_world.files["honey"]
    nation.approve_papers(
        world, honey, [p for p in nation.papers_up_to(world, honey, "G3") if p.stage.code == "G3"], NOW
    )
    office = nation.form_body(world, "office")
    with pytest.raises(actions.NotPossible) as problem, transaction.atomic():
        nation.pass_gate(world, office, honey, TODAY, NOW)
    assert "شرط" in str(problem.value)
    with world.as_("province"):
        condition = Condition.objects.get(file=honey)
        kept = "UPDATE programme_condition SET kept_on = now() WHERE id = %s"
        refused(world, "province", kept, condition.pk)
        refused(world, "province", "UPDATE programme_condition SET text = 'x' WHERE id = %s", condition.pk)
        actions.keep_condition(
            seat=nation.seat_of(world, "province"), condition=condition, evidence="نامه", on=TODAY, today=TODAY
        )
    nation.pass_gate(world, office, honey, TODAY, NOW)
    with world.as_("province"):
        honey.refresh_from_db()
    assert honey.stage == "G3"


def test_another_body_does_not_decide(nation_world: World) -> None:
    council = nation.form_body(nation_world, "council", file=nation_world.files["honey"])
    with nation_world.as_("chair"), pytest.raises(actions.NotPossible):
        actions.call_meeting(
            seat=nation.seat_of(nation_world, "chair"),
            body=council,
            on=TODAY,
            files=[nation_world.files["honey"]],
            today=TODAY,
        )


def test_an_edition_is_approved_by_a_third_person_of_the_right_level(nation_world: World) -> None:
    honey = nation_world.files["honey"]
    opinion = next(p for p in nation.papers_up_to(nation_world, honey, "G2") if p.code == "opinion")
    with nation_world.as_("deputy"):
        edition = actions.bring_paper(
            seat=nation.seat_of(nation_world, "deputy"),
            file=honey,
            required=opinion,
            name="o.pdf",
            content=b"2",
            now=NOW,
        )
    confirm = "UPDATE programme_paperedition SET status = 'confirmed', confirmed_by_id = %s, confirmed_at = now() WHERE id = %s"
    approve = (
        "UPDATE programme_paperedition SET status = 'approved', approved_by_id = %s, approved_at = now() WHERE id = %s"
    )
    refused(nation_world, "deputy", confirm, nation_world.people["deputy"].pk, edition.pk)
    refused(nation_world, "nation", approve, nation_world.people["nation"].pk, edition.pk)  # not confirmed
    with nation_world.as_("supervisor"):
        actions.confirm_edition(seat=nation.seat_of(nation_world, "supervisor"), edition=edition, now=NOW)
    refused(nation_world, "province", approve, nation_world.people["province"].pk, edition.pk)  # asks for the nation
    refused(nation_world, "nation", "UPDATE programme_paperedition SET sha256 = 'x' WHERE id = %s", edition.pk)
    with nation_world.as_("province"), pytest.raises(actions.NotPossible):
        actions.approve_edition(seat=nation.seat_of(nation_world, "province"), edition=edition, now=NOW)
    with nation_world.as_("nation"):
        actions.approve_edition(seat=nation.seat_of(nation_world, "nation"), edition=edition, now=NOW)
        assert PaperEdition.objects.get(pk=edition.pk).status == "approved"


def test_a_closed_round_keeps_its_scores(nation_world: World) -> None:
    refused(nation_world, "province", "UPDATE programme_score SET value = 100")
    refused(nation_world, "province", "DELETE FROM programme_candidate")
    refused(nation_world, "province", "UPDATE programme_selectionround SET closed_on = NULL")


def test_reminders_go_out_once_a_week(nation_world: World) -> None:
    with nation_world.as_("province"):
        for later, told in ((0, 0), (6, 0), (7, 1), (8, 0), (14, 1)):
            day = TODAY + timedelta(days=later)
            assert actions.remind(programme=nation_world.programme, today=day) == told, later


def test_an_edition_of_the_procedure_is_newer_and_whole(nation_world: World) -> None:
    by, shipped = nation_world.people["nation"], dict(actions.shipped_procedure())
    with nation_world.as_("nation"):
        for wrong in (
            shipped,
            shipped | {"edition": 2, "stages": shipped["stages"][:3]},
            shipped | {"edition": 2, "stages": [shipped["stages"][0]] * 2},
        ):
            with pytest.raises(actions.NotPossible), transaction.atomic():
                actions.issue_procedure(by=by, programme=nation_world.programme, document=wrong)
        newer = shipped | {"edition": 2, "in_force_from": "2026-06-01"}
        actions.issue_procedure(by=by, programme=nation_world.programme, document=newer)
    later = nation.open_file(nation_world, "province", nation.terms("مس لرستان", "مس"), TODAY)
    with nation_world.as_("province"):
        assert (later.procedure.edition, nation_world.files["stone"].procedure.edition) == (2, 1)


def test_an_edition_for_a_far_day_does_not_hold_up_the_next_one(nation_world: World) -> None:
    by, shipped, programme = nation_world.people["nation"], dict(actions.shipped_procedure()), nation_world.programme
    with nation_world.as_("nation"):
        for edition, day in ((2, date(2070, 1, 1)), (3, TODAY)):
            document = shipped | {"edition": edition, "in_force_from": day}
            actions.issue_procedure(by=by, programme=programme, document=document, today=TODAY)
        found = [in_force(programme, each) for each in (TODAY - timedelta(days=1), TODAY, date(2071, 1, 1))]
        assert [each and each.edition for each in found] == [1, 3, 3]


def test_the_daily_command_reminds(nation_world: World, as_owner: Callable[[], Any], capsys: Any) -> None:
    from django.core.management import call_command

    with as_owner():
        call_command("remind")
    assert capsys.readouterr().out.startswith("nation: ")


def test_a_member_votes_once_for_itself_and_its_vote_stands(sitting: tuple[World, AgendaItem]) -> None:
    world, item = sitting
    with world.as_("voter"):
        seat = nation.seat_of(world, "voter")
        actions.cast_ballot(seat=seat, item=item, choice="no", now=NOW, reason="سهم اعضا روشن نیست")
        with pytest.raises(actions.NotPossible):
            actions.cast_ballot(seat=seat, item=item, choice="yes", now=NOW)
    refused(world, "voter", "UPDATE programme_ballot SET choice = 'yes'")
    statement, values = decision_row(world, item, outcome="waiting")  # three in favour: the vote against is left out
    refused(world, "chair", statement, *values)
    with world.as_("chair"):
        with pytest.raises(actions.NotPossible):
            decide(world, item, "waiting")
        with pytest.raises(actions.NotPossible):  # who was there stays as it is
            present = members_on(item.meeting.body, TODAY)
            actions.hold_meeting(
                seat=nation.seat_of(world, "chair"), meeting=item.meeting, present=present, today=TODAY
            )
        assert decide(world, item, "waiting", votes=actions.Votes(2, 1)).no == 1
    with world.as_("chair"), pytest.raises(actions.NotPossible):  # too late
        actions.cast_ballot(seat=nation.seat_of(world, "chair"), item=item, choice="yes", now=NOW)


@pytest.mark.parametrize("name", ["province", "supervisor", "elsewhere", "nation", "agent", "inspector", "chair"])
def test_nobody_votes_for_another(sitting: tuple[World, AgendaItem], name: str) -> None:
    world, item = sitting
    with world.as_("chair"):
        voter = next(
            each for each in members_on(item.meeting.body, TODAY) if each.person_id == world.people["voter"].pk
        )
    statement = (
        "INSERT INTO programme_ballot (cluster_id, item_id, member_id, choice, reason, by_id, at)"
        " VALUES (%s, %s, %s, 'yes', '', %s, now())"
    )
    for by in (name, "voter"):
        refused(world, name, statement, item.cluster_id, item.pk, voter.pk, world.people[by].pk)
    if name != "chair":
        with world.as_(name), pytest.raises((actions.NotPossible, Meeting.DoesNotExist)):
            actions.cast_ballot(seat=nation.seat_of(world, name), item=item, choice="yes", now=NOW)
