"""Editions of the study: begun as a copy, prepared by one, confirmed as the baseline by a supervisor, or sent back."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.programme.models import ClusterFile
from kandoo.programme.queries.people import people_for
from kandoo.register.models import Person
from kandoo.results.actions import fix_baseline
from kandoo.site import notices
from kandoo.site.security import acting_as
from kandoo.strategy.actions.rows import note
from kandoo.strategy.models import Answer, Diagnosis
from kandoo.strategy.parts import OF_DIAGNOSIS, PROBLEMS
from kandoo.strategy.problems import NotPossible
from kandoo.strategy.queries.complete import lacking
from kandoo.strategy.queries.rows import Holder

Status = Diagnosis.Status


@transaction.atomic
def open_edition(*, by: Person, file: ClusterFile, now: datetime, reason: str = "") -> Diagnosis:
    """Begin the study, or a further edition as a copy of the one before.

    Raises NotPossible while one is open, or when a further edition gives no reason.
    """
    before = Diagnosis.objects.filter(file=file).first()
    if before is not None and before.status != Status.FROZEN:
        raise NotPossible(_("Edition %(n)s is still open.") % {"n": before.number})
    if before is not None and not reason.strip():
        raise NotPossible(_("Say why a further edition is needed."))
    made = Diagnosis.objects.create(
        cluster_id=file.cluster_id,
        file=file,
        number=before.number + 1 if before else 1,
        note=reason.strip(),
        copied_from=before,
        opened_by=by,
        opened_at=now,
    )
    if before is not None:
        _copy(Holder(file, before), Holder(file, made))
    note(by, Holder(file), "open-diagnosis", _subject(made), edition=made.number)
    return made


def _copy(source: Holder, target: Holder) -> None:
    """Every row anew; what points to another row points to its copy."""
    copies: dict[tuple[str, int], Any] = {}
    for part in OF_DIAGNOSIS:
        waiting = list(source.rows(part).order_by("pk"))
        while waiting:
            row = waiting.pop(0)
            held = {each.name: getattr(row, each.name) for each in part.columns}
            of = {each.name: each.of for each in part.columns if each.kind == "row" and held[each.name] is not None}
            if any((other, held[name].pk) not in copies for name, other in of.items()):
                waiting.append(row)  # after the row it hangs on
                continue
            held |= {name: copies[other, held[name].pk] for name, other in of.items()}
            copies[part.code, row.pk] = part.model._default_manager.create(**target.place(part), **held)
    answers = Answer.objects.filter(problem__diagnosis=source.diagnosis)
    for each in answers:
        Answer.objects.create(
            cluster_id=each.cluster_id,
            file_id=each.file_id,
            problem=copies[PROBLEMS.code, each.problem_id],
            activity_id=each.activity_id,
        )


@transaction.atomic
def prepare(*, by: Person, diagnosis: Diagnosis, now: datetime) -> Diagnosis:
    """Say that the study is whole; a supervisor is asked to confirm it.

    Raises NotPossible with every reason why it is not.
    """
    diagnosis = _locked(diagnosis, Status.DRAFT, _("This edition is not being written."))
    if reasons := lacking(diagnosis):
        raise NotPossible(" ".join(reasons))
    diagnosis.status, diagnosis.prepared_by, diagnosis.prepared_at = Status.PREPARED, by, now
    diagnosis.remark = ""
    diagnosis.save()
    file = diagnosis.file
    note(by, Holder(file), "prepare-diagnosis", _subject(diagnosis), edition=diagnosis.number)
    asked = set(people_for(file.cluster_id, file.province, "supervisor")) - {by.pk}
    _tell(diagnosis, asked, "diagnosis-prepared")
    return diagnosis


@transaction.atomic
def freeze(*, by: Person, diagnosis: Diagnosis, on: date, now: datetime) -> int:
    """Confirm a prepared study as the baseline of a day; from then on it never changes.

    Writes the baseline of every indicator that has a figure by that day and returns how many. Raises NotPossible
    where it is not prepared, or was prepared by the same person.
    """
    diagnosis = _locked(diagnosis, Status.PREPARED, _("This edition does not wait for a confirmation."))
    if diagnosis.prepared_by_id == by.pk:
        raise NotPossible(_("You prepared this edition; another person confirms it."))
    if on > timezone.localdate(now):
        raise NotPossible(_("The day of a baseline is not still to come."))
    diagnosis.status, diagnosis.confirmed_by, diagnosis.confirmed_at = Status.FROZEN, by, now
    diagnosis.baseline_on = on
    diagnosis.save()
    fixed = _fix_baseline(diagnosis, on, now)
    note(
        by, Holder(diagnosis.file), "freeze-diagnosis", _subject(diagnosis),
        edition=diagnosis.number, on=on.isoformat(), indicators=fixed,
    )  # fmt: skip
    _tell(diagnosis, {diagnosis.prepared_by_id}, "diagnosis-frozen")
    return fixed


def _fix_baseline(diagnosis: Diagnosis, on: date, now: datetime) -> int:
    """The baselines are the preparer's figures, which the supervisor has confirmed: they are written in the preparer's name."""
    assert diagnosis.prepared_by_id is not None, "A prepared edition has its preparer."
    with acting_as(diagnosis.prepared_by_id):
        writer = Person.objects.get(pk=diagnosis.prepared_by_id)
        if not ClusterFile.objects.filter(pk=diagnosis.file_id).exists():
            raise NotPossible(
                _("Whoever prepared it no longer works on this file; send it back, so that another prepares it.")
            )
        return fix_baseline(by=writer, file=diagnosis.file, on=on, now=now)


@transaction.atomic
def send_back(*, by: Person, diagnosis: Diagnosis, remark: str) -> Diagnosis:
    """Give a prepared study back to be written on, with what is missing."""
    diagnosis = _locked(diagnosis, Status.PREPARED, _("This edition does not wait for a confirmation."))
    if not remark.strip():
        raise NotPossible(_("Say what is missing."))
    writer = diagnosis.prepared_by_id
    diagnosis.status, diagnosis.prepared_by, diagnosis.prepared_at = Status.DRAFT, None, None
    diagnosis.remark = remark.strip()
    diagnosis.save()
    note(by, Holder(diagnosis.file), "return-diagnosis", _subject(diagnosis), reason=diagnosis.remark)
    _tell(diagnosis, {writer}, "diagnosis-returned", reason=diagnosis.remark)
    return diagnosis


def _locked(diagnosis: Diagnosis, status: str, refusal: str) -> Diagnosis:
    held = Diagnosis.objects.select_for_update(of=("self",)).select_related("file").get(pk=diagnosis.pk)
    if held.status != status:
        raise NotPossible(refusal)
    return held


def _subject(diagnosis: Diagnosis) -> str:
    return f"diagnosis/{diagnosis.pk}"


def _tell(diagnosis: Diagnosis, people: Any, code: str, **values: Any) -> None:
    file = diagnosis.file
    url = f"/strategy/files/{file.pk}/diagnosis/{diagnosis.number}/"
    wanted = {each for each in people if each is not None}
    notices.tell(wanted, cluster_id=file.cluster_id, code=code, url=url, file=str(file), **values)
