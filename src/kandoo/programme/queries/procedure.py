"""The procedure in force and its stages."""

from collections.abc import Sequence
from datetime import date

from django.db import connection

from kandoo.programme.models import ClusterFile, Procedure, RequiredPaper, Stage
from kandoo.register.models import Cluster


def in_force(programme: Cluster, day: date) -> Procedure | None:
    """The edition of the procedure by which new files go on a day: the newest of those whose day has come."""
    return Procedure.objects.filter(cluster=programme, in_force_from__lte=day).order_by("edition").last()


def first_stages(programme: Cluster) -> list[str]:
    """The codes of the stages with which an edition of the procedure begins."""
    return list(
        Stage.objects.filter(cluster=programme, position=0).order_by().values_list("code", flat=True).distinct()
    )


def stages_of(procedure_id: int) -> list[Stage]:
    """The stages of an edition in the order of the gates."""
    return list(Stage.objects.filter(procedure=procedure_id).order_by("position"))


def all_stages(programme: Cluster) -> list[Stage]:
    """One stage for each code, of the newest edition that has it, in the order of the gates."""
    rows = Stage.objects.filter(cluster=programme).order_by("procedure__edition")
    newest = {each.code: each for each in rows}
    return sorted(newest.values(), key=lambda each: (each.position, each.code))


def next_gate(file: ClusterFile) -> Stage | None:
    """The gate that a file stands before; none after the last."""
    stages: Sequence[Stage] = stages_of(file.procedure_id)
    here = next((each.position for each in stages if each.code == file.stage), None)
    return next((each for each in stages if here is not None and each.position == here + 1), None)


def papers_missing(file: ClusterFile, gate: Stage) -> list[RequiredPaper]:
    """The required papers not yet approved, of every gate from the first kept here up to this one.

    Counted by the same function of the database that refuses a decision without them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT programme_papers_missing(%s, %s)", [file.pk, gate.pk])
        (wanted,) = cursor.fetchone()
    found = RequiredPaper.objects.select_related("stage").in_bulk(wanted)
    return [found[pk] for pk in wanted]
