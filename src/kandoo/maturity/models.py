"""Self-assessments with their answers and evidence, remarks, and figures of the gauge that somebody typed in."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

CLUSTER = "register.Cluster"
PERSON = "register.Person"
FILE = "programme.ClusterFile"
EDITION = "programme.PaperEdition"
MEETING = "programme.Meeting"
LEVELS = 4  # 0 … 3


class PartAnswer(models.Model):
    """A figure of the life-cycle gauge that Kandoo has no record of, as somebody published or counted it.

    Never changed or deleted: a better figure is another row, and the newest of the same day's age counts.
    """

    class Origin(models.TextChoices):
        PUBLISHED = "published", _("Published")
        TYPED = "typed", _("Counted by us")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(FILE, models.PROTECT, related_name="part_answers")
    part = models.CharField(_("Part"), max_length=20)  # a code of the gauge's profile
    value = models.DecimalField(_("Figure"), max_digits=8, decimal_places=4)  # a share of one, or a rung from 0 to 6
    count = models.PositiveIntegerField(_("Of how many"), null=True, blank=True)  # cases behind a share
    dated = models.DateField(_("Date of the figure"))
    origin = models.CharField(_("Where it comes from"), max_length=10, choices=Origin)
    source = models.CharField(_("Source"), max_length=300)
    name = models.CharField(max_length=200, blank=True)  # of the document, as it was sent
    document = models.FileField(_("Document"), upload_to="maturity/%Y/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    edition = models.ForeignKey(EDITION, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256="", edition__isnull=False) | (~Q(sha256="") & Q(edition=None)),
                name="part_answer_has_its_evidence",
            ),
            models.CheckConstraint(
                condition=Q(part="ladder", value__range=(0, 6)) | (~Q(part="ladder") & Q(value__range=(0, 1))),
                name="part_answer_in_its_range",
            ),
            models.CheckConstraint(condition=Q(count=None) | Q(count__gt=0), name="part_answer_of_some"),
        ]
        indexes = [models.Index(fields=["file", "part", "-dated"])]

    def __str__(self) -> str:
        return f"{self.part} {self.value} on {self.dated}"


class Assessment(models.Model):
    """A self-assessment of the cluster's management: begun, answered over several sittings, submitted, then fixed."""

    class Status(models.TextChoices):
        OPEN = "open", _("Being answered")
        SUBMITTED = "submitted", _("Submitted")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(FILE, models.PROTECT, related_name="assessments")
    number = models.PositiveSmallIntegerField(_("Number"))  # 1, 2, … of the file
    catalogue = models.CharField(_("Edition of the questions"), max_length=20)
    status = models.CharField(_("State"), max_length=10, choices=Status, default=Status.OPEN)
    begun_on = models.DateField(_("Begun on"))
    begun_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    content = models.JSONField(default=dict)  # on submission: {theme: {claimed, shown, most}}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="assessment_number_once"),
            models.UniqueConstraint(fields=["file"], condition=Q(status="open"), name="one_assessment_at_a_time"),
            models.CheckConstraint(
                condition=Q(status="open", submitted_at=None, submitted_by=None)
                | Q(status="submitted", submitted_at__isnull=False, submitted_by__isnull=False),
                name="assessment_submitted_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["cluster", "-begun_on"])]

    def __str__(self) -> str:
        return f"assessment {self.number} of {self.file_id}"


class Answer(models.Model):
    """The level a cluster gives itself on one question, and why."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(FILE, models.PROTECT, related_name="+")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="answers")
    question = models.CharField(max_length=40)  # a code of the catalogue
    level = models.PositiveSmallIntegerField(_("Level"))
    note = models.CharField(_("Why"), max_length=1000, blank=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "question"], name="question_answered_once"),
            models.CheckConstraint(condition=Q(level__lt=LEVELS), name="answer_level"),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.level}"


class Evidence(models.Model):
    """What shows an answer: a document with its checksum, an edition of a paper of the file, or a meeting."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(FILE, models.PROTECT, related_name="+")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="evidence")
    question = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True)  # of the document, as it was sent
    document = models.FileField(_("Document"), upload_to="maturity/%Y/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)  # bytes
    edition = models.ForeignKey(EDITION, models.PROTECT, null=True, related_name="+")
    meeting = models.ForeignKey(MEETING, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256="", edition__isnull=False, meeting=None)
                | Q(sha256="", edition=None, meeting__isnull=False)
                | (~Q(sha256="") & Q(edition=None, meeting=None)),
                name="evidence_is_one_thing",
            ),
            models.UniqueConstraint(
                fields=["assessment", "question", "sha256", "edition", "meeting"],
                nulls_distinct=False,
                name="evidence_once_for_a_question",
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"evidence for {self.question}"


class Remark(models.Model):
    """What the supervisor or an officer says to an assessment or to one answer; never changed."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(FILE, models.PROTECT, related_name="+")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="remarks")
    question = models.CharField(max_length=40, blank=True)
    text = models.TextField(_("Remark"))
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text[:60]
