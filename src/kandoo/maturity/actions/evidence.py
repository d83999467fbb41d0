"""What shows an answer is brought, or taken back while the assessment is being answered."""

from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.maturity.actions.answering import note, open_and_locked, writer
from kandoo.maturity.catalogue import catalogue
from kandoo.maturity.documents import Document
from kandoo.maturity.models import Assessment, Evidence
from kandoo.maturity.problems import NotPossible
from kandoo.programme.models import Meeting, PaperEdition
from kandoo.register.access import Seat

__all__ = ["Document", "Shown", "add_evidence", "take_back_evidence"]


@dataclass(frozen=True, slots=True)
class Shown:
    """What shows an answer: exactly one of the three."""

    document: Document | None = None
    edition: PaperEdition | None = None
    meeting: Meeting | None = None

    @property
    def is_one(self) -> bool:
        """Whether exactly one is given."""
        return sum(each is not None for each in (self.document, self.edition, self.meeting)) == 1


@transaction.atomic
def add_evidence(*, seat: Seat, assessment: Assessment, question: str, shown: Shown, now: datetime) -> Evidence:
    """Attach a document, an edition of a paper or a meeting to a question.

    Raises NotPossible when it is none or several, of another file, or attached already.
    """
    writer(seat)
    locked = open_and_locked(assessment)
    if catalogue().question(question) is None or not shown.is_one:
        raise NotPossible(_("Choose one: a document, a paper of the file, or a meeting."))
    if shown.edition is not None and shown.edition.file_id != locked.file_id:
        raise NotPossible(_("This paper belongs to another file."))
    made = Evidence(
        cluster_id=locked.cluster_id,
        file_id=locked.file_id,
        assessment=locked,
        question=question,
        edition=shown.edition,
        meeting=shown.meeting,
        by=seat.person,
        at=now,
    )
    stored = shown.document.stored_name() if shown.document else ""
    if shown.document is not None:
        made.name, made.sha256, made.size = (
            shown.document.short_name,
            shown.document.sha256,
            len(shown.document.content),
        )
    _refuse_doubles(made)
    if shown.document is not None:
        made.document.save(stored, ContentFile(shown.document.content), save=False)
    made.save(force_insert=True)
    note(seat, locked, "show-evidence", question=question, sha256=made.sha256)
    return made


def _refuse_doubles(made: Evidence) -> None:
    same = Evidence.objects.filter(
        assessment=made.assessment,
        question=made.question,
        sha256=made.sha256,
        edition=made.edition_id,
        meeting=made.meeting_id,
    )
    if same.exists():
        raise NotPossible(_("This shows the answer already."))


@transaction.atomic
def take_back_evidence(*, seat: Seat, evidence: Evidence) -> None:
    """Take evidence off a question that is still being answered."""
    writer(seat)
    locked = open_and_locked(evidence.assessment)
    evidence.delete()
    note(seat, locked, "take-back-evidence", question=evidence.question)
