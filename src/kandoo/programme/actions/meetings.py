"""Meetings: called with an agenda, held with those present, a decision on each gate, closed with minutes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from kandoo.programme import access, gates
from kandoo.programme.models import (
    AgendaItem,
    Attendance,
    Ballot,
    Body,
    BodyMember,
    ClusterFile,
    Condition,
    Decision,
    Meeting,
)
from kandoo.programme.problems import NotPossible
from kandoo.programme.queries.gates import Votes, members_on, standing_of, vote_of
from kandoo.programme.queries.people import people_for
from kandoo.programme.queries.procedure import next_gate
from kandoo.register.access import Seat
from kandoo.site import audit, language, notices

Status = Meeting.Status
Outcome = Decision.Outcome


@dataclass(frozen=True, slots=True)
class NewCondition:
    """What somebody must do by a day."""

    text: str
    owner_name: str
    due_on: date
    owner_id: int | None = None  # when the owner is somebody who signs in


@transaction.atomic
def call_meeting(
    *, seat: Seat, body: Body, on: date, files: Sequence[ClusterFile], today: date, place: str = ""
) -> Meeting:
    """Call a body for the next gates of some files, and tell its members who can sign in.

    Raises NotPossible when a gate is not this body's to decide.
    """
    _require_called_by(seat, body, today)
    if on < today:
        raise NotPossible(_("A meeting is called for today or a day to come."))
    if not files:
        raise NotPossible(_("Choose at least one cluster for the agenda."))
    number = (Meeting.objects.filter(body=body).aggregate(last=Max("number"))["last"] or 0) + 1
    meeting = Meeting.objects.create(
        cluster_id=body.cluster_id, body=body, number=number, on=on, place=place.strip(), called_by=seat.person
    )
    for file in ClusterFile.objects.filter(pk__in=[each.pk for each in files]).order_by("sort_key"):
        gate = next_gate(file)
        if gate is None:
            raise NotPossible(_("%(file)s has passed its last gate.") % {"file": file})
        if fault := gates.body_fault(gate, body, file):
            raise NotPossible(f"{file}: {fault}")
        AgendaItem.objects.create(cluster_id=body.cluster_id, meeting=meeting, file=file, stage=gate)
    _note(seat, meeting, "call-meeting", files=[each.pk for each in files])
    people = [each.person_id for each in members_on(body, today) if each.person_id]
    day = language.format_day(on, "fa", style="short")
    _tell(meeting, set(people) - {seat.person.pk}, "meeting-called", body=body.name_fa, day=day)
    return meeting


def _require_called_by(seat: Seat, body: Body, today: date) -> None:
    if not access.may_run(seat, body) and not access.leads(seat, body, today):
        raise NotPossible(_("A meeting is called by an officer, or by chair or secretary of the body."))


@transaction.atomic
def hold_meeting(*, seat: Seat, meeting: Meeting, present: Iterable[BodyMember], today: date) -> Meeting:
    """Open the sitting and write down who is there; again, to correct it, until something is decided."""
    _require_lead(seat, meeting, today)
    meeting = _locked(meeting, Status.CALLED, Status.HELD)
    if today < meeting.on:
        raise NotPossible(_("The meeting is on a day to come."))
    if Decision.objects.filter(item__meeting=meeting).exists():
        raise NotPossible(_("The meeting has decided already; who was present stays as it is."))
    if Ballot.objects.filter(item__meeting=meeting).exists():
        raise NotPossible(_("Somebody has voted already; who was present stays as it is."))
    seated = {each.pk: each.person_id for each in members_on(meeting.body, meeting.on)}
    chosen = {each.pk for each in present}
    if chosen - seated.keys():
        raise NotPossible(_("Only members of the body on that day are written down as present."))
    meeting.status = Status.HELD
    meeting.save(update_fields=["status"])
    Attendance.objects.filter(meeting=meeting).delete()
    Attendance.objects.bulk_create(
        Attendance(cluster_id=meeting.cluster_id, meeting=meeting, member_id=pk) for pk in sorted(chosen)
    )
    _note(seat, meeting, "hold-meeting", present=len(chosen))
    people = {person for pk in chosen if (person := seated[pk])} - {seat.person.pk}
    _tell(meeting, people, "vote-open", body=meeting.body.name_fa)
    return meeting


@transaction.atomic
def cast_ballot(*, seat: Seat, item: AgendaItem, choice: str, now: datetime, reason: str = "") -> Ballot:
    """Vote on a gate oneself, in the sitting; the vote is open and stays as it is."""
    meeting = Meeting.objects.get(pk=item.meeting_id)  # locked by the database: a member may not write it
    _require_step(meeting, Status.HELD)
    member = vote_of(seat.person.pk, meeting.pk)
    if member is None:
        raise NotPossible(_("Those vote who are written down as present and have a vote."))
    if Decision.objects.filter(item=item).exists():
        raise NotPossible(_("This gate is decided already."))
    if choice not in Ballot.Choice.values:
        raise NotPossible(_("Choose in favour, against or abstained."))
    if Ballot.objects.filter(item=item, member=member).exists():
        raise NotPossible(_("You have voted on this already; a vote stays as it is."))
    ballot = Ballot.objects.create(
        cluster_id=meeting.cluster_id, item=item, member=member, choice=choice, reason=reason.strip(),
        by=seat.person, at=now,
    )  # fmt: skip
    _note(seat, meeting, "cast-ballot", gate=item.stage.code, choice=choice)
    return ballot


@transaction.atomic
def decide(
    *,
    seat: Seat,
    item: AgendaItem,
    outcome: str,
    votes: Votes,
    resolution: str,
    today: date,
    now: datetime,
    conditions: Sequence[NewCondition] = (),
) -> Decision:
    """Write down what the meeting resolved on a gate; stage and state of the file follow at once.

    Raises NotPossible with every reason why it may not be decided so; the database holds the same.
    """
    _require_lead(seat, item.meeting, today)
    meeting = _locked(item.meeting, Status.HELD)
    standing = standing_of(item, votes, outcome)
    faults = gates.faults(standing)
    if (outcome == Outcome.CONDITIONAL) != bool(conditions):
        faults.append(_("A decision with conditions names at least one; any other names none."))
    if any(each.due_on <= meeting.on for each in conditions):
        faults.append(_("A condition is due after the meeting."))
    if not resolution.strip():
        faults.append(_("Write the resolution."))
    if faults:
        raise NotPossible(" ".join(faults))
    decision = Decision.objects.create(
        cluster_id=meeting.cluster_id,
        item=item,
        file_id=item.file_id,
        stage_id=item.stage_id,
        outcome=outcome,
        yes=votes.yes,
        no=votes.no,
        abstained=votes.abstained,
        resolution=resolution.strip(),
        on=meeting.on,
        by=seat.person,
        at=now,
    )
    for each in conditions:
        Condition.objects.create(
            cluster_id=meeting.cluster_id,
            file_id=item.file_id,
            decision=decision,
            text=each.text.strip(),
            owner_name=each.owner_name.strip(),
            owner_id=each.owner_id,
            due_on=each.due_on,
        )
    _after(seat, meeting, decision, [each.owner_id for each in conditions if each.owner_id])
    return decision


def _after(seat: Seat, meeting: Meeting, decision: Decision, owners: Sequence[int]) -> None:
    """The trail, and word to the officers and the owners of conditions."""
    file = ClusterFile.objects.get(pk=decision.file_id)
    subject = f"file/{file.pk}"
    audit.record(
        by=seat.person, cluster_id=file.cluster_id, verb="decide-gate", subject=subject, province=file.province,
        meeting=meeting.pk, gate=decision.stage.code, outcome=decision.outcome,
    )  # fmt: skip
    people = {*people_for(file.cluster_id, file.province, "officer"), *owners} - {seat.person.pk}
    notices.tell(
        people,
        cluster_id=file.cluster_id,
        code="gate-decided",
        url=f"/programme/clusters/{file.pk}/",
        cluster=file.name_fa,
        gate=decision.stage.name_fa,
    )


@transaction.atomic
def close_meeting(*, seat: Seat, meeting: Meeting, minutes: str, today: date) -> Meeting:
    """End the sitting with its minutes, which never change. What was not decided can be called again."""
    _require_lead(seat, meeting, today)
    meeting = _locked(meeting, Status.HELD)
    if not minutes.strip():
        raise NotPossible(_("Write the minutes."))
    meeting.status, meeting.minutes = Status.CLOSED, minutes.strip()
    meeting.save(update_fields=["status", "minutes"])
    _note(seat, meeting, "close-meeting")
    return meeting


@transaction.atomic
def cancel_meeting(*, seat: Seat, meeting: Meeting, today: date) -> Meeting:
    """Take a called meeting back; its members are told."""
    _require_called_by(seat, meeting.body, today)
    meeting = _locked(meeting, Status.CALLED)
    meeting.status = Status.CANCELLED
    meeting.save(update_fields=["status"])
    _note(seat, meeting, "cancel-meeting")
    people = {each.person_id for each in members_on(meeting.body, today) if each.person_id} - {seat.person.pk}
    _tell(meeting, people, "meeting-cancelled", body=meeting.body.name_fa)
    return meeting


@transaction.atomic
def keep_condition(*, seat: Seat, condition: Condition, evidence: str, on: date, today: date) -> Condition:
    """Say that a condition is kept, and by what that is known."""
    condition = Condition.objects.select_for_update().get(pk=condition.pk)
    if condition.kept_on is not None:
        raise NotPossible(_("This condition is kept already."))
    if not evidence.strip():
        raise NotPossible(_("Say by what one knows that the condition is kept."))
    if on > today:
        raise NotPossible(_("This day is still to come."))
    condition.kept_on, condition.evidence, condition.kept_by = on, evidence.strip(), seat.person
    condition.save(update_fields=["kept_on", "evidence", "kept_by"])
    audit.record(
        by=seat.person, cluster_id=condition.cluster_id, verb="keep-condition", subject=f"file/{condition.file_id}",
        province=condition.file.province,
    )  # fmt: skip
    return condition


def _locked(meeting: Meeting, *steps: str) -> Meeting:
    found = Meeting.objects.select_for_update(of=("self",)).select_related("body").get(pk=meeting.pk)
    _require_step(found, *steps)
    return found


def _require_step(meeting: Meeting, *steps: str) -> None:
    if meeting.status not in steps:
        raise NotPossible(
            _("The meeting is now “%(step)s”, so this cannot be done.") % {"step": meeting.get_status_display()}
        )


def _require_lead(seat: Seat, meeting: Meeting, today: date) -> None:
    if not access.leads(seat, meeting.body, today):
        raise NotPossible(_("Only chair or secretary of the body write down what it does."))


def _note(seat: Seat, meeting: Meeting, verb: str, **detail: Any) -> None:
    audit.record(
        by=seat.person, cluster_id=meeting.cluster_id, verb=verb, subject=f"meeting/{meeting.pk}",
        province=meeting.body.province, **detail,
    )  # fmt: skip


def _tell(meeting: Meeting, people: Iterable[int], code: str, **values: str) -> None:
    notices.tell(people, cluster_id=meeting.cluster_id, code=code, url=f"/programme/meetings/{meeting.pk}/", **values)
