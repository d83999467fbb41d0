"""Papers of a file: editions with their checksum, remarks, and the chain prepared, confirmed, approved."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kandoo.programme.models.files import ClusterFile
from kandoo.programme.models.procedure import CLUSTER, PERSON, RequiredPaper


class Paper(models.Model):
    """One paper of a file; what it says stands in its editions."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(ClusterFile, models.PROTECT, related_name="papers")
    required = models.ForeignKey(RequiredPaper, models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(_("Title"), max_length=160)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["file", "required"], condition=Q(required__isnull=False), name="required_paper_once_in_file"
            )
        ]

    def __str__(self) -> str:
        return str(self.required) if self.required_id else self.title


class PaperEdition(models.Model):
    """An edition: its document never changes, and three people in turn answer for it."""

    class Status(models.TextChoices):
        PREPARED = "prepared", _("Prepared")
        CONFIRMED = "confirmed", pgettext_lazy("paper", "Confirmed")
        APPROVED = "approved", pgettext_lazy("paper", "Approved")
        RETURNED = "returned", _("Sent back")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(ClusterFile, models.PROTECT, related_name="editions")
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField(_("Edition"))
    note = models.CharField(_("What changed"), max_length=300, blank=True)
    name = models.CharField(max_length=200)  # of the document, as it was sent
    document = models.FileField(_("Document"), upload_to="programme/%Y/")
    sha256 = models.CharField(_("Checksum"), max_length=64)
    size = models.PositiveIntegerField()  # bytes
    status = models.CharField(_("State"), max_length=10, choices=Status, default=Status.PREPARED)
    prepared_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="paper_edition_once"),
            models.UniqueConstraint(fields=["file", "sha256"], name="document_once_in_file"),
            models.CheckConstraint(
                condition=Q(status="prepared", confirmed_by=None, approved_by=None)
                | Q(status="confirmed", confirmed_by__isnull=False, approved_by=None)
                | Q(status="approved", confirmed_by__isnull=False, approved_by__isnull=False)
                | Q(status="returned", returned_by__isnull=False, approved_by=None),
                name="edition_goes_step_by_step",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("prepared_by")), name="another_person_confirms"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | (~Q(approved_by=F("prepared_by")) & ~Q(approved_by=F("confirmed_by"))),
                name="a_third_person_approves",
            ),
        ]
        indexes = [models.Index(fields=["file", "status"]), models.Index(fields=["-prepared_at"])]

    def __str__(self) -> str:
        return f"{self.paper_id} edition {self.number}"


class PaperComment(models.Model):
    """A remark on an edition, by the supervisor or anybody who reads the file."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(ClusterFile, models.PROTECT, related_name="+")
    edition = models.ForeignKey(PaperEdition, models.PROTECT, related_name="comments")
    text = models.TextField(_("Remark"))
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text[:60]
