"""A figure of the gauge that Kandoo has no record of is written down with its source and what shows it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.maturity import access
from kandoo.maturity.catalogue import life_cycle_profile
from kandoo.maturity.documents import Document
from kandoo.maturity.models import PartAnswer
from kandoo.maturity.problems import NotPossible
from kandoo.programme.models import ClusterFile, PaperEdition
from kandoo.register.access import Seat
from kandoo.site import audit


@dataclass(frozen=True, slots=True)
class FigureTerms:
    """A figure as somebody writes it down. `value`: a share of one, or a rung from 0 to 6."""

    part: str
    value: Decimal
    dated: date
    origin: str
    source: str
    count: int | None = None
    document: Document | None = None
    edition: PaperEdition | None = None


@transaction.atomic
def enter_figure(*, seat: Seat, file: ClusterFile, terms: FigureTerms, today: date, now: datetime) -> PartAnswer:
    """Write a figure down. Raises NotPossible without evidence, of a day to come, or out of its range."""
    _check(seat, file, terms, today)
    made = PartAnswer(
        cluster_id=file.cluster_id,
        file=file,
        part=terms.part,
        value=terms.value,
        count=terms.count,
        dated=terms.dated,
        origin=terms.origin,
        source=terms.source.strip(),
        edition=terms.edition,
        by=seat.person,
        at=now,
    )
    if terms.document is not None:
        made.name, made.sha256 = terms.document.short_name, terms.document.sha256
        made.document.save(terms.document.stored_name(), ContentFile(terms.document.content), save=False)
    made.save(force_insert=True)
    audit.record(
        by=seat.person,
        cluster_id=file.cluster_id,
        verb="enter-gauge-figure",
        subject=f"file/{file.pk}",
        province=file.province,
        part=terms.part,
        value=str(terms.value),
    )
    return made


def _check(seat: Seat, file: ClusterFile, terms: FigureTerms, today: date) -> None:
    if not access.may_write(seat):
        raise NotPossible(_("Figures are written down by the agent or an officer."))
    if terms.part not in {each.code for each in life_cycle_profile().parts}:
        raise NotPossible(_("The gauge has no such part."))
    if not 0 <= terms.value <= (6 if terms.part == "ladder" else 1):
        raise NotPossible(_("A share lies between 0 and 100 percent, a rung between 0 and 6."))
    if terms.dated > today:
        raise NotPossible(_("The figure’s date is still to come."))
    if not terms.source.strip():
        raise NotPossible(_("Say who counted or published it."))
    if (terms.document is None) == (terms.edition is None):
        raise NotPossible(_("Add what shows it: a document, or a paper of the file."))
    if terms.edition is not None and terms.edition.file_id != file.pk:
        raise NotPossible(_("This paper belongs to another file."))
