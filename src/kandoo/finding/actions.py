"""The only writers of studies: brought, columns confirmed, handed to the computer, stopped, put aside, proposed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.finding import queries
from kandoo.finding.choices import Choices
from kandoo.finding.evidence import evidence_for
from kandoo.finding.importing.checking import Checked, check
from kandoo.finding.importing.columns import guess_columns, guess_profile
from kandoo.finding.importing.reading import Sheet, read_sheet
from kandoo.finding.models import Job, Output, Proposed, Study
from kandoo.finding.problems import NotPossible
from kandoo.programme import actions as programme
from kandoo.programme.models import ClusterFile, RequiredPaper
from kandoo.register.access import Seat
from kandoo.site import audit, notices

FAULTS_KEPT = 1000
State = Job.State


@transaction.atomic
def bring_list(
    *, seat: Seat, name: str, content: bytes, now: datetime, title: str = "", is_example: bool = False
) -> Study:
    """Keep a file of sites with its checksum and guess its columns. Nothing of it is used before they are confirmed.

    Raises Unreadable when it is no table, NotPossible when the very file is here already.
    """
    sheet = read_sheet(content, name)
    profile = guess_profile(sheet.headings)
    checksum = hashlib.sha256(content).hexdigest()
    _refuse_same(seat, checksum, Study.Source.UPLOAD)
    study = Study(
        cluster=seat.cluster,
        province=seat.province,
        person=seat.person,
        title=(title or PurePath(name).stem)[:120],
        profile=profile,
        file_name=PurePath(name).name[-200:],
        sha256=checksum,
        rows=len(sheet.rows),
        headings=sheet.headings,
        mapping=guess_columns(sheet.headings, profile),
        options=Choices().to_dict(),
        is_example=is_example,
        created_at=now,
    )
    study.file.save(
        f"{checksum[:24]}.{PurePath(name).suffix.lstrip('.').lower() or 'csv'}", ContentFile(content), save=False
    )
    study.save(force_insert=True)
    _note(seat, study, "bring-list", sha256=checksum, rows=study.rows)
    return study


@transaction.atomic
def take_own_apiaries(*, seat: Seat, title: str, today: date, now: datetime) -> Study:
    """A study of the apiaries of the cluster's members, as the register has them today.

    Raises NotPossible when there are too few, or a study of the very same list is here already.
    """
    content = queries.own_apiaries(seat.cluster, today)
    sheet = read_sheet(content, "apiaries.csv")
    checksum = hashlib.sha256(content).hexdigest()
    _refuse_same(seat, checksum, Study.Source.REGISTER)
    study = Study(
        cluster=seat.cluster,
        person=seat.person,
        title=title[:120],
        source=Study.Source.REGISTER,
        profile=Study.Profile.APIARY,
        file_name=f"apiaries-{today.isoformat()}.csv",
        sha256=checksum,
        rows=len(sheet.rows),
        headings=sheet.headings,
        mapping=guess_columns(sheet.headings, "apiary"),
        options=Choices().to_dict(),
        created_at=now,
    )
    study.file.save(f"{checksum[:24]}.csv", ContentFile(content), save=False)
    study.save(force_insert=True)
    _note(seat, study, "bring-list", sha256=checksum, rows=study.rows, source="register")
    return study


def _refuse_same(seat: Seat, checksum: str, source: str) -> None:
    same = Study.objects.filter(cluster=seat.cluster, province=seat.province, source=source, sha256=checksum).first()
    if same is not None:
        raise NotPossible(
            _("This very list is here already: “%(title)s”. Open it to measure it in another way.")
            % {"title": same.title}
        )


@transaction.atomic
def confirm_columns(
    *, seat: Seat, study: Study, title: str, profile: str, mapping: Mapping[str, int], choices: Choices
) -> Study:
    """Say what the columns mean and what is asked; every row is checked, and faults are kept to be shown."""
    study = _locked(study)
    if study.work is not None and study.work.is_open:
        raise NotPossible(_("This study is being measured. Stop it first."))
    study.title, study.profile, study.mapping = title.strip()[:120], profile, dict(mapping)
    study.options, study.leaves_out = choices.to_dict(), False
    _look(study, check(sheet_of(study), mapping, profile))
    _note(seat, study, "confirm-columns", faults=study.fault_rows, step=study.step)
    return study


@transaction.atomic
def leave_rows_out(*, seat: Seat, study: Study) -> Study:
    """Go on without the rows at fault, knowingly."""
    study = _locked(study)
    if study.step != Study.Step.FAULTY:
        raise NotPossible(_("There is no fault left."))
    if study.is_whole_at_fault:
        raise NotPossible(_("Something is wrong with the list as a whole; leaving rows out would not help."))
    left = study.fault_rows
    study.leaves_out = True
    _look(study, check(sheet_of(study), study.mapping, study.profile, leaves_out=True))
    _note(seat, study, "leave-rows-out", rows=left)
    return study


def _look(study: Study, found: Checked) -> None:
    """Keep what a check found."""
    study.fault_rows, study.is_whole_at_fault = len(found.bad_lines), found.is_whole_at_fault
    study.faults = [each.to_json() for each in found.faults[:FAULTS_KEPT]]
    study.remarks = [each.to_json() for each in found.remarks]
    study.years = [] if found.faults else found.years
    study.step = Study.Step.FAULTY if found.faults else Study.Step.READY
    if study.years:
        study.options = _with_years(study.options, study.years)
    study.save()


def _with_years(options: Mapping[str, Any], years: list[int]) -> dict[str, Any]:
    """The newest year is measured and the oldest compared with it, unless others were chosen."""
    year = options["year"] if options["year"] in years else years[-1]
    before = options["before"] if options["before"] in years and options["before"] < year else None
    older = [each for each in years if each < year]
    return {**options, "year": year, "before": before or (older[0] if older else None)}


@transaction.atomic
def choose_years(*, seat: Seat, study: Study, year: int, before: int | None) -> Study:
    """Which year of a checked list is measured, and which is compared with it."""
    study = _locked(study)
    if study.step != Study.Step.READY or year not in study.years or (before is not None and before not in study.years):
        raise NotPossible(_("Choose among the years of the list."))
    if before is not None and before >= year:
        raise NotPossible(_("The year to compare with comes before the year that is measured."))
    study.options = {**study.options, "year": year, "before": before}
    study.save(update_fields=["options"])
    return study


@transaction.atomic
def ask(*, seat: Seat, study: Study, now: datetime) -> Job:
    """Hand a checked list to the worker; what is measured already is measured anew."""
    study = _locked(study)
    if study.step not in (Study.Step.READY, Study.Step.ASKED):
        raise NotPossible(_("Confirm the columns and put the faults right first."))
    if study.work is not None and study.work.is_open:
        raise NotPossible(_("This study is being measured already."))
    job = Job.objects.update_or_create(
        study=study,
        defaults={
            "cluster_id": study.cluster_id,
            "person": seat.person,
            "state": State.WAITING,
            "asked_at": now,
            "begun_at": None,
            "ended_at": None,
            "beat_at": None,
            "worker": "",
            "attempts": 0,
            "share": 0.0,
            "doing": "",
            "seconds_left": None,
            "is_cancel_asked": False,
            "problem": "",
        },
    )[0]
    study.step = Study.Step.ASKED
    study.save(update_fields=["step"])
    _note(seat, study, "ask-study", options=study.options)
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
    _note(seat, study, "stop-study")


@transaction.atomic
def put_aside(*, seat: Seat, study: Study) -> None:
    """Delete a study with its file and tables; not one that a candidate rests on, nor one being measured."""
    study = _locked(study)
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
        title=study.title,
    )
    study.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


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
    _note(seat, study, "propose-cluster", file=file.pk, industry=industry, region=region)
    return file


def sheet_of(study: Study) -> Sheet:
    """The cells of a study's file."""
    with study.file.open("rb") as file:
        return read_sheet(file.read(), study.file.name or "")


def _locked(study: Study) -> Study:
    return Study.objects.select_for_update(of=("self",)).select_related("job", "cluster").get(pk=study.pk)


def _note(seat: Seat, study: Study, verb: str, **detail: Any) -> None:
    audit.record(by=seat.person, cluster_id=study.cluster_id, verb=verb, subject=f"study/{study.pk}", **detail)


def _tell(job: Job, code: str) -> None:
    notices.tell(
        [job.person_id], cluster_id=job.cluster_id, code=code, url=f"/finding/{job.study_id}/", title=job.study.title
    )
