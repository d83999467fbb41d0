"""What every writer of studies needs: the study locked, the trail, the cells of its file."""

from typing import Any

from kandoo.finding.importing.reading import Sheet, read_sheet
from kandoo.finding.models import Study
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
    audit.record(by=seat.person, cluster_id=study.cluster_id, verb=verb, subject=f"study/{study.pk}", **detail)
