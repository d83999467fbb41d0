"""What the worker writes: how far it is, the tables, or why there are none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kandoo.finding.actions.common import keep_look
from kandoo.finding.importing.looked import Looked
from kandoo.finding.models import Job, Output, Study
from kandoo.site import notices

State = Job.State


@dataclass(frozen=True, slots=True)
class Beat:
    """How far the work is, as the worker saw it last."""

    share: float = 0.0
    doing: str = ""
    left: int | None = None


def beat(*, job_id: int, worker: str, seen: Beat, now: datetime) -> bool:
    """Keep a job alive and say how far it is; False when it is to be stopped or is no longer this worker's."""
    mine = Job.objects.filter(pk=job_id, worker=worker, state=State.RUNNING)
    kept = mine.update(beat_at=now, share=seen.share, doing=seen.doing[:200], seconds_left=seen.left)
    return bool(kept) and not mine.filter(is_cancel_asked=True).exists()


@transaction.atomic
def finish(*, job_id: int, worker: str, outputs: Mapping[str, bytes], now: datetime) -> bool:
    """Keep the tables and tell who asked; False when the job is no longer this worker's."""
    job = (
        Job.objects.select_for_update()
        .select_related("study")
        .filter(pk=job_id, worker=worker, state=State.RUNNING)
        .first()
    )
    if job is None:
        return False
    if job.is_cancel_asked:
        job.state, job.ended_at = State.CANCELLED, now
        job.save(update_fields=["state", "ended_at"])
        return True
    keep_outputs(job.study, outputs)
    job.state, job.ended_at, job.share, job.seconds_left = State.DONE, now, 1.0, 0
    job.save(update_fields=["state", "ended_at", "share", "seconds_left"])
    _tell(job, "study-done")
    return True


@transaction.atomic
def keep_check(*, job_id: int, worker: str, found: Looked, now: datetime) -> bool:
    """Keep what was found in the rows; the job goes. False when it is no longer this worker's."""
    job = Job.objects.select_for_update().filter(pk=job_id, worker=worker, state=State.RUNNING).first()
    if job is None:
        return False
    if job.is_cancel_asked:
        job.state, job.ended_at = State.CANCELLED, now
        job.save(update_fields=["state", "ended_at"])
        return True
    study = Study.objects.select_for_update().get(pk=job.study_id)
    job.delete()
    keep_look(study, found)
    return True


def keep_outputs(study: Study, outputs: Mapping[str, bytes]) -> None:
    """Put these tables in the place of what was measured before."""
    Output.objects.filter(study=study).delete()
    Output.objects.bulk_create(
        Output(cluster_id=study.cluster_id, study=study, name=name, content=content)
        for name, content in sorted(outputs.items())
    )


@transaction.atomic
def end_without(*, job_id: int, worker: str, state: str, problem: str, now: datetime) -> None:
    """A job was stopped, has failed, or is given back to wait for another worker."""
    job = (
        Job.objects.select_for_update()
        .select_related("study")
        .filter(pk=job_id, worker=worker, state=State.RUNNING)
        .first()
    )
    if job is None:
        return
    if job.is_cancel_asked:
        state = State.CANCELLED
    job.state, job.problem = state, problem
    job.ended_at = None if state == State.WAITING else now
    if state == State.WAITING:
        job.attempts = max(job.attempts - 1, 0)
    job.save(update_fields=["state", "problem", "ended_at", "attempts"])
    if state == State.FAILED:
        _tell(job, "study-failed")


def _tell(job: Job, code: str) -> None:
    notices.tell(
        [job.person_id], cluster_id=job.cluster_id, code=code, url=f"/finding/{job.study_id}/", title=job.study.title
    )
