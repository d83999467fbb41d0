"""The plan around the chain: the vision in its turns, what answers a problem, what serves an objective, activities from a table."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kandoo.credit import actions as credit
from kandoo.credit.models import Activity
from kandoo.programme.models import ClusterFile
from kandoo.register.models import Cluster, Person
from kandoo.strategy.actions.rows import note
from kandoo.strategy.models import Answer, ImportedPart, Objective, Problem, Serving, Vision
from kandoo.strategy.problems import Fault, Faulty, NotPossible
from kandoo.strategy.queries.rows import Holder


@dataclass(frozen=True, slots=True)
class VisionTerms:
    """What the cluster wants to be by a Jalali year, and who agreed on it when."""

    text_fa: str
    text_en: str
    by_year: int
    agreed_on: date
    agreed_by: str


@transaction.atomic
def set_vision(*, by: Person, file: ClusterFile, terms: VisionTerms, now: datetime) -> Vision:
    """Write the vision that was agreed; the one before stays on file."""
    if terms.agreed_on > timezone.localdate(now):
        raise NotPossible(_("A vision is not agreed on a day to come."))
    made = Vision.objects.create(
        cluster_id=file.cluster_id, file=file, by=by, at=now, text_fa=terms.text_fa, text_en=terms.text_en,
        by_year=terms.by_year, agreed_on=terms.agreed_on, agreed_by=terms.agreed_by,
    )  # fmt: skip
    note(by, Holder(file), "set-vision", f"vision/{made.pk}")
    return made


@transaction.atomic
def answer_problem(*, by: Person, problem: Problem, activities: Collection[Activity]) -> None:
    """Name the activities that answer a problem, all of them; also when its study is frozen."""
    Answer.objects.filter(problem=problem).exclude(activity__in=activities).delete()
    held = set(Answer.objects.filter(problem=problem).values_list("activity_id", flat=True))
    place = {"cluster_id": problem.cluster_id, "file_id": problem.file_id}
    for each in activities:
        if each.pk not in held:
            Answer.objects.create(**place, problem=problem, activity=each)
    codes = sorted(each.code for each in activities)
    note(by, Holder(problem.file), "answer-problem", f"strategy-problems/{problem.pk}", activities=codes)


@transaction.atomic
def serve_objective(*, by: Person, objective: Objective, activities: Collection[Activity]) -> None:
    """Name the activities that serve an objective, all of them; each leaves the objective it served before."""
    Serving.objects.filter(objective=objective).exclude(activity__in=activities).delete()
    place = {"cluster_id": objective.cluster_id, "file_id": objective.file_id}
    for each in activities:
        Serving.objects.update_or_create(activity=each, defaults=place | {"objective": objective})
    codes = sorted(each.code for each in activities)
    note(by, Holder(objective.file), "serve-objective", f"strategy-objectives/{objective.pk}", activities=codes)


@transaction.atomic
def import_activities(
    *,
    by: Person,
    programme: Cluster,
    file: ClusterFile,
    rows: Sequence[tuple[int, credit.ActivityTerms]],
    name: str,
    content: bytes,
    now: datetime,
) -> int:
    """Plan the activities of a table: known codes of this cluster are changed, others added.

    Raises Faulty with every refusal by its row (also of the cost rule in force), NotPossible when this table was
    read before; then nothing is written.
    """
    place = {"file": file, "diagnosis": None, "part": "activities", "sha256": hashlib.sha256(content).hexdigest()}
    if ImportedPart.objects.filter(**place).exists():
        raise NotPossible(_("This very file was read before. Nothing was written."))
    faults: list[Fault] = []
    held = {each.code: each for each in Activity.objects.filter(file=file)}
    for line, terms in rows:
        terms = replace(terms, file=file, province=file.province)
        try:
            if terms.code in held:
                credit.change_activity(by=by, activity=held[terms.code], terms=terms)
            else:
                credit.plan_activity(by=by, programme=programme, terms=terms)
        except credit.NotPossible as problem:
            faults.append(Fault(line, "", str(problem)))
    if faults:
        raise Faulty(faults)
    ImportedPart.objects.create(cluster_id=file.cluster_id, **place, name=name[-200:], rows=len(rows), by=by, at=now)
    detail = {"part": "activities", "rows": len(rows)}
    note(by, Holder(file), "import-strategy", f"cluster-file/{file.pk}", sha256=place["sha256"], **detail)
    return len(rows)
