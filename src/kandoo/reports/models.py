"""Reports of a period: a draft that computes itself, frozen when it is submitted, then confirmed and received."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

CLUSTER = "register.Cluster"
PERSON = "register.Person"


class Report(models.Model):
    """One edition of the report of a cluster (`file`), of a province, or of the nation (both blank), on a period.

    Where `supervisor` is set it is that technical supervisor's own: on the visits, the advice and the confirmations
    in the clusters of the province that it visits.

    A draft holds the author's words alone: its numbers are counted anew on every look. Submitting writes `content`
    with its checksum; from then on nothing of it changes (migration 0002), and what was wrong is told by a further edition.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("report", "Draft")
        SUBMITTED = "submitted", pgettext_lazy("report", "Submitted")
        CONFIRMED = "confirmed", pgettext_lazy("report", "Confirmed by the supervisor")
        RECEIVED = "received", pgettext_lazy("report", "Received")
        RETURNED = "returned", pgettext_lazy("report", "Sent back")

    class Kind(models.TextChoices):
        MONTH = "month", _("Monthly")
        QUARTER = "quarter", _("Quarterly")
        YEAR = "year", _("Annual")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey("programme.ClusterFile", models.PROTECT, null=True, blank=True, related_name="reports")
    province = models.CharField(_("Province"), max_length=6, blank=True)
    supervisor = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(_("Kind"), max_length=8, choices=Kind)
    year = models.PositiveSmallIntegerField(_("Year"))  # Jalali
    number = models.PositiveSmallIntegerField()  # of the month or quarter in the year; 1 for a year
    first = models.DateField()
    last = models.DateField()
    edition = models.PositiveSmallIntegerField(_("Edition"), default=1)
    status = models.CharField(_("State"), max_length=10, choices=Status, default=Status.DRAFT)
    done = models.TextField(_("What was done"), blank=True)
    obstacles = models.TextField(_("What stood in the way"), blank=True)
    next_steps = models.TextField(_("What comes next"), blank=True)
    content = models.JSONField(null=True)
    sha256 = models.CharField(_("Checksum"), max_length=64, blank=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    remark = models.CharField(_("Remark"), max_length=600, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "file", "province", "supervisor", "kind", "year", "number", "edition"],
                nulls_distinct=False,
                name="report_edition_once",
            ),
            models.UniqueConstraint(
                fields=["cluster", "file", "province", "supervisor", "kind", "year", "number"],
                condition=~Q(status="returned"),
                nulls_distinct=False,
                name="one_living_report_a_period",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", content=None, sha256="")
                | (~Q(status="draft") & Q(content__isnull=False, submitted_at__isnull=False) & ~Q(sha256="")),
                name="a_submitted_report_has_its_content",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("by")), name="another_confirms_the_report"
            ),
            models.CheckConstraint(
                condition=Q(received_by=None) | (~Q(received_by=F("by")) & ~Q(received_by=F("confirmed_by"))),
                name="a_further_person_receives_it",
            ),
            models.CheckConstraint(condition=~Q(status="returned") | ~Q(remark=""), name="sent_back_with_a_remark"),
            models.CheckConstraint(
                condition=Q(supervisor=None)
                | Q(supervisor=F("by"), file=None, confirmed_by=None) & ~Q(status="confirmed"),
                name="a_supervisor_writes_its_own",
            ),
        ]
        indexes = [
            models.Index(fields=["cluster", "-last"]),
            models.Index(fields=["file", "-last"]),
            models.Index(fields=["cluster", "status"]),
            models.Index(fields=["supervisor", "-last"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}-{self.number} of {self.file_id or self.province or 'the nation'}"
