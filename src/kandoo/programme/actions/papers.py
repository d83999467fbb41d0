"""The only writers of papers: an edition is brought, remarked on, confirmed, approved or sent back."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from kandoo.programme import access
from kandoo.programme.models import ClusterFile, Paper, PaperComment, PaperEdition, RequiredPaper
from kandoo.programme.problems import NotPossible
from kandoo.programme.queries.people import people_for
from kandoo.register.access import Seat
from kandoo.site import audit, notices
from kandoo.site.lists import joined

Status = PaperEdition.Status
LARGEST = 20 * 1024 * 1024  # bytes
SUFFIXES = ("pdf", "docx", "xlsx", "odt", "ods", "csv", "png", "jpg", "jpeg", "txt", "zip")


@transaction.atomic
def bring_paper(
    *,
    seat: Seat,
    file: ClusterFile,
    name: str,
    content: bytes,
    now: datetime,
    required: RequiredPaper | None = None,
    title: str = "",
    note: str = "",
) -> PaperEdition:
    """Add an edition of a required paper, or of another one under its own title.

    Raises NotPossible when the document is of another kind, too large, or in the file already.
    """
    suffix = _suffix(name, content)
    checksum = hashlib.sha256(content).hexdigest()
    same = PaperEdition.objects.select_related("paper__required").filter(file=file, sha256=checksum).first()
    if same is not None:
        raise NotPossible(
            _("This very document is in the file already: %(paper)s, edition %(n)s.")
            % {"paper": same.paper, "n": same.number}
        )
    if required is not None and required.stage.procedure_id != file.procedure_id:
        raise NotPossible(_("This paper belongs to another edition of the procedure."))
    paper = _paper(file, required, title.strip())
    last = paper.editions.aggregate(last=Max("number"))["last"] or 0
    edition = PaperEdition(
        cluster_id=file.cluster_id,
        file=file,
        paper=paper,
        number=last + 1,
        note=note.strip(),
        name=PurePath(name).name[-200:],
        sha256=checksum,
        size=len(content),
        prepared_by=seat.person,
        prepared_at=now,
    )
    edition.document.save(f"{checksum[:24]}.{suffix}", ContentFile(content), save=False)
    edition.save(force_insert=True)
    _note(seat, edition, "bring-paper", sha256=checksum)
    _tell(edition, people_for(file.cluster_id, file.province, "supervisor"), "paper-prepared", seat)
    return edition


def _paper(file: ClusterFile, required: RequiredPaper | None, title: str) -> Paper:
    """The paper an edition goes to; begun when it is the first."""
    if required is None and not title:
        raise NotPossible(_("Give the paper a title."))
    wanted = {"required": required} if required else {"required": None, "title": title}
    found = Paper.objects.filter(file=file, **wanted).first()
    return found or Paper.objects.create(
        cluster_id=file.cluster_id, file=file, required=required, title="" if required else title
    )


def _suffix(name: str, content: bytes) -> str:
    suffix = PurePath(name).suffix.lower().lstrip(".")
    if suffix not in SUFFIXES:
        raise NotPossible(_("Send a document of one of these kinds: %(kinds)s.") % {"kinds": joined(SUFFIXES)})
    if not content:
        raise NotPossible(_("The document is empty."))
    if len(content) > LARGEST:
        raise NotPossible(_("The document is larger than 20 MB."))
    return suffix


@transaction.atomic
def confirm_edition(*, seat: Seat, edition: PaperEdition, now: datetime) -> PaperEdition:
    """Somebody other than who prepared it, supervisor or officer, says it is right."""
    edition = _locked(edition)
    if not access.may_confirm(seat, edition):
        raise NotPossible(_("A prepared edition is confirmed by a supervisor or officer who did not prepare it."))
    edition.status, edition.confirmed_by, edition.confirmed_at = Status.CONFIRMED, seat.person, now
    edition.save(update_fields=["status", "confirmed_by", "confirmed_at"])
    _note(seat, edition, "confirm-paper")
    _tell(edition, people_for(edition.cluster_id, edition.file.province, "officer"), "paper-confirmed", seat)
    return edition


@transaction.atomic
def approve_edition(*, seat: Seat, edition: PaperEdition, now: datetime) -> PaperEdition:
    """A third person, an officer, approves; of the nation where the paper asks for it."""
    edition = _locked(edition)
    if not access.may_approve(seat, edition):
        required = edition.paper.required
        if required is not None and required.approved_by == RequiredPaper.Level.NATION and seat.province:
            raise NotPossible(_("This paper is approved by an officer of the nation."))
        raise NotPossible(_("A confirmed edition is approved by an officer who neither prepared nor confirmed it."))
    edition.status, edition.approved_by, edition.approved_at = Status.APPROVED, seat.person, now
    edition.save(update_fields=["status", "approved_by", "approved_at"])
    _note(seat, edition, "approve-paper")
    _tell(edition, [edition.prepared_by_id], "paper-approved", seat)
    return edition


@transaction.atomic
def return_edition(*, seat: Seat, edition: PaperEdition, reason: str, now: datetime) -> PaperEdition:
    """Send an edition back with the reason as a remark; what follows is another edition."""
    edition = _locked(edition)
    if not access.may_return(seat, edition):
        raise NotPossible(_("This edition is approved or was sent back; bring another edition instead."))
    if not reason.strip():
        raise NotPossible(_("Say what must be changed."))
    PaperComment.objects.create(
        cluster_id=edition.cluster_id,
        file_id=edition.file_id,
        edition=edition,
        text=reason.strip(),
        by=seat.person,
        at=now,
    )
    edition.status, edition.returned_by, edition.returned_at = Status.RETURNED, seat.person, now
    edition.save(update_fields=["status", "returned_by", "returned_at"])
    _note(seat, edition, "return-paper", reason=reason.strip())
    _tell(edition, [edition.prepared_by_id], "paper-returned", seat)
    return edition


@transaction.atomic
def comment_on(*, seat: Seat, edition: PaperEdition, text: str, now: datetime) -> PaperComment:
    """A remark on an edition; whoever prepared it is told."""
    if not text.strip():
        raise NotPossible(_("Write the remark."))
    remark = PaperComment.objects.create(
        cluster_id=edition.cluster_id,
        file_id=edition.file_id,
        edition=edition,
        text=text.strip(),
        by=seat.person,
        at=now,
    )
    _note(seat, edition, "remark-on-paper")
    _tell(edition, [edition.prepared_by_id], "paper-remark", seat)
    return remark


def _locked(edition: PaperEdition) -> PaperEdition:
    found = PaperEdition.objects.select_for_update(of=("self",)).select_related("paper__required", "file")
    return found.get(pk=edition.pk)


def _note(seat: Seat, edition: PaperEdition, verb: str, **detail: Any) -> None:
    audit.record(
        by=seat.person, cluster_id=edition.cluster_id, verb=verb, subject=f"edition/{edition.pk}",
        province=edition.paper.file.province, **detail,
    )  # fmt: skip


def _tell(edition: PaperEdition, people: Iterable[int], code: str, seat: Seat) -> None:
    """Tell people of an edition, but not who did the step."""
    notices.tell(
        set(people) - {seat.person.pk},
        cluster_id=edition.cluster_id,
        code=code,
        url=f"/programme/editions/{edition.pk}/",
        paper=str(edition.paper),
        cluster=edition.file.name_fa,
    )
