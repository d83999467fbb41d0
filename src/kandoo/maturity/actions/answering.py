"""A self-assessment is begun, answered over several sittings, submitted once and remarked on."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from kandoo.maturity import access
from kandoo.maturity.catalogue import LEVELS, catalogue
from kandoo.maturity.models import Answer, Assessment, Remark
from kandoo.maturity.problems import NotPossible
from kandoo.maturity.queries.assessments import standing_of
from kandoo.programme.models import ClusterFile
from kandoo.programme.queries.people import people_for
from kandoo.register.access import Seat
from kandoo.site import audit, notices

Status = Assessment.Status


@transaction.atomic
def begin_assessment(*, seat: Seat, file: ClusterFile, today: date) -> Assessment:
    """Begin the next self-assessment of a file. Raises NotPossible while one is still being answered."""
    writer(seat)
    last = Assessment.objects.filter(file=file).aggregate(last=Max("number"))["last"] or 0
    try:
        with transaction.atomic():  # the database holds that one is open, also when two begin at once
            begun = Assessment.objects.create(
                cluster_id=file.cluster_id,
                file=file,
                number=last + 1,
                catalogue=catalogue().edition,
                begun_on=today,
                begun_by=seat.person,
            )
    except IntegrityError:
        raise NotPossible(
            _("A self-assessment is being answered already. Go on with it, or submit it first.")
        ) from None
    note(seat, begun, "begin-assessment")
    return begun


@transaction.atomic
def answer_question(
    *, seat: Seat, assessment: Assessment, question: str, level: int, why: str, now: datetime
) -> Answer:
    """Save the level of one question; another sitting may change it until the assessment is submitted."""
    writer(seat)
    locked = open_and_locked(assessment)
    if catalogue().question(question) is None or not 0 <= level < LEVELS:
        raise NotPossible(_("Choose one of the four levels."))
    saved, _is_new = Answer.objects.update_or_create(
        assessment=locked,
        question=question,
        defaults={"level": level, "note": why.strip(), "by": seat.person, "at": now},
        create_defaults={
            "cluster_id": locked.cluster_id, "file_id": locked.file_id, "level": level, "note": why.strip(),
            "by": seat.person, "at": now,
        },
    )  # fmt: skip
    note(seat, locked, "answer-question", question=question, level=level)
    return saved


@transaction.atomic
def submit_assessment(*, seat: Seat, assessment: Assessment, now: datetime) -> Assessment:
    """Fix an assessment for good. Raises NotPossible while questions are unanswered."""
    writer(seat)
    locked = open_and_locked(assessment)
    standing = standing_of(locked)
    if standing.unanswered:
        raise NotPossible(
            _("Questions not answered yet: %(n)s. Level 0 is an answer too.") % {"n": len(standing.unanswered)}
        )
    locked.status, locked.submitted_at, locked.submitted_by = Status.SUBMITTED, now, seat.person
    locked.content = {
        each.theme.code: {"claimed": each.claimed, "shown": each.shown, "most": each.most} for each in standing.themes
    }
    locked.save(update_fields=["status", "submitted_at", "submitted_by", "content"])
    note(seat, locked, "submit-assessment", claimed=standing.claimed, shown=standing.shown)
    readers = people_for(locked.cluster_id, locked.file.province, "supervisor", "officer")
    _tell(locked, set(readers), "assessment-submitted", seat)
    return locked


@transaction.atomic
def remark(*, seat: Seat, assessment: Assessment, text: str, now: datetime, question: str = "") -> Remark:
    """What the supervisor or an officer says to the whole or to one answer; who answers is told."""
    if not access.may_remark(seat):
        raise NotPossible(_("Remarks are made by the supervisor or an officer."))
    if not text.strip():
        raise NotPossible(_("Write the remark."))
    made = Remark.objects.create(
        cluster_id=assessment.cluster_id,
        file_id=assessment.file_id,
        assessment=assessment,
        question=question,
        text=text.strip(),
        by=seat.person,
        at=now,
    )
    note(seat, assessment, "remark-on-assessment", question=question)
    _tell(assessment, {assessment.submitted_by_id or assessment.begun_by_id}, "assessment-remark", seat)
    return made


def open_and_locked(assessment: Assessment) -> Assessment:
    """The assessment for this transaction alone; NotPossible once it is submitted."""
    locked = Assessment.objects.select_for_update(of=("self",)).select_related("file").get(pk=assessment.pk)
    if locked.status != Status.OPEN:
        raise NotPossible(_("This self-assessment is submitted and never changes. Begin the next one."))
    return locked


def writer(seat: Seat) -> None:
    """NotPossible for a seat that does not answer."""
    if not access.may_write(seat):
        raise NotPossible(_("A self-assessment is answered by the agent or an officer."))


def note(seat: Seat, assessment: Assessment, verb: str, **detail: Any) -> None:
    """A line in the trail."""
    subject = f"assessment/{assessment.pk}"
    audit.record(
        by=seat.person, cluster_id=assessment.cluster_id, verb=verb, subject=subject, province=assessment.file.province,
        **detail,
    )  # fmt: skip


def _tell(assessment: Assessment, people: set[int], code: str, seat: Seat) -> None:
    notices.tell(
        people - {seat.person.pk},
        cluster_id=assessment.cluster_id,
        code=code,
        url=f"/maturity/assessments/{assessment.pk}/",
        cluster=assessment.file.name_fa,
    )
