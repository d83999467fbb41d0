"""A checked list is handed to the worker, stopped, put aside, or proposed as a candidate of the programme."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.finding.actions.common import hand_over, locked, note
from kandoo.finding.evidence import evidence_for
from kandoo.finding.models import Job, Proposed, Study
from kandoo.finding.problems import NotPossible
from kandoo.programme import actions as programme
from kandoo.programme.models import ClusterFile, RequiredPaper
from kandoo.register.access import Seat
from kandoo.site import audit

State = Job.State


@transaction.atomic
def ask(*, seat: Seat, study: Study, now: datetime) -> Job:
    """Hand a checked list to the worker; what is measured already is measured anew."""
    study = locked(study)
    if study.step not in (Study.Step.READY, Study.Step.ASKED):
        raise NotPossible(_("Confirm the columns and put the faults right first."))
    if study.work is not None and study.work.is_open:
        raise NotPossible(_("This study is being measured already."))
    job = hand_over(seat=seat, study=study, kind=Job.Kind.MEASURE, now=now)
    study.step = Study.Step.ASKED
    study.save(update_fields=["step"])
    note(seat, study, "ask-study", options=study.options)
    return job


@transaction.atomic
def cancel(*, seat: Seat, study: Study, now: datetime) -> None:
    """Stop a study: at once while it waits, by its worker within a second while it is measured."""
    job = Job.objects.select_for_update().get(study=study)
    if not job.is_open:
        raise NotPossible(_("This study has ended already."))
    job.is_cancel_asked = True
    if job.state == State.WAITING:
        job.state, job.ended_at = State.CANCELLED, now
    job.save(update_fields=["is_cancel_asked", "state", "ended_at"])
    note(seat, study, "stop-study")


@transaction.atomic
def put_aside(*, seat: Seat, study: Study) -> None:
    """Delete a study with its file and tables; not one that a candidate rests on, nor one being measured."""
    study = locked(study)
    if study.work is not None and study.work.is_open:
        raise NotPossible(_("This study is being measured. Stop it first."))
    if study.proposed.exists():
        raise NotPossible(_("A candidate of the programme rests on this study, so it is kept."))
    storage, name = study.file.storage, study.file.name
    audit.record(
        by=seat.person,
        cluster_id=study.cluster_id,
        verb="put-study-aside",
        subject=f"deleted-study/{study.pk}",
        province=study.province,
        title=study.title,
    )
    study.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


@transaction.atomic
def propose(*, seat: Seat, study: Study, industry: str, region: str, today: date, now: datetime) -> ClusterFile:
    """Open the file of a found cluster in the programme's register, with the study's report as its first paper.

    Raises NotPossible when it was proposed before, or the programme refuses it.
    """
    found = evidence_for(study, industry, region)
    if Proposed.objects.filter(study=study, industry=industry, region=region).exists():
        raise NotPossible(_("This cluster was proposed already."))
    terms = programme.FileTerms(
        name_fa=found.name,
        province=seat.province or found.province,
        county=found.county,
        product=industry[:60],
        definition=found.definition[:300],
        source=found.source[:300],
        dated=today,
        is_example=study.is_example,
    )
    try:
        file = programme.open_file(by=seat.person, programme=seat.cluster, terms=terms, today=today)
        required = (
            RequiredPaper.objects.filter(stage__procedure=file.procedure_id).order_by("stage__position", "pk").first()
        )
        programme.bring_paper(
            seat=seat, file=file, name=f"study-{study.pk}.zip", content=found.package, now=now, required=required,
            note=found.definition[:300],
        )  # fmt: skip
    except programme.NotPossible as problem:
        raise NotPossible(str(problem)) from None
    Proposed.objects.create(
        cluster_id=study.cluster_id, study=study, industry=industry, region=region, file=file, by=seat.person, at=now
    )
    note(seat, study, "propose-cluster", file=file.pk, industry=industry, region=region)
    return file
