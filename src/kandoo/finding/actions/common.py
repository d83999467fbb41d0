"""What every writer of studies needs: the study locked, the trail, the cells of its file."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kandoo.finding.importing.looked import Looked
from kandoo.finding.importing.reading import Sheet, read_sheet
from kandoo.finding.models import Job, Study
from kandoo.register.access import Seat
from kandoo.site import audit


def sheet_of(study: Study) -> Sheet:
    """The cells of a study's file."""
    with study.file.open("rb") as file:
        return read_sheet(file.read(), study.file.name or "")


def locked(study: Study) -> Study:
    """The study as it is now, kept from other writers until the transaction ends."""
    return Study.objects.select_for_update(of=("self",)).select_related("job", "cluster").get(pk=study.pk)


def note(seat: Seat, study: Study, verb: str, **detail: Any) -> None:
    """A line of the trail about a study."""
    audit.record(
        by=seat.person, cluster_id=study.cluster_id, verb=verb, subject=f"study/{study.pk}", province=study.province,
        **detail,
    )  # fmt: skip


def hand_over(*, seat: Seat, study: Study, kind: str, now: datetime) -> Job:
    """Have the worker do it, anew where it was done before."""
    fresh = {
        "cluster_id": study.cluster_id,
        "person": seat.person,
        "kind": kind,
        "state": Job.State.WAITING,
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
    }
    return Job.objects.update_or_create(study=study, defaults=fresh)[0]


def keep_look(study: Study, found: Looked) -> None:
    """Keep what a look at every row found."""
    study.fault_rows, study.is_whole_at_fault = found.fault_rows, found.is_whole_at_fault
    study.faults, study.remarks, study.years = found.faults, found.remarks, found.years
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
