"""Studies that find clusters in a list of sites: the file, the work in the background, what came out."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

CLUSTER = "register.Cluster"
PERSON = "register.Person"


class Study(models.Model):
    """A list of sites and what is asked of it. In a programme, `province` says whose desk asks; blank: the nation."""

    class Source(models.TextChoices):
        UPLOAD = "upload", _("A file")
        REGISTER = "register", _("The apiaries of this cluster")

    class Profile(models.TextChoices):
        ESTABLISHMENTS = "establishments", _("Establishments of many industries")
        APIARY = "apiary", _("Apiary census: colonies as size, districts compared")

    class Step(models.TextChoices):
        COLUMNS = "columns", _("Columns to be confirmed")
        CHECKING = "checking", _("Rows being looked at")
        FAULTY = "faulty", _("Faults in the file")
        READY = "ready", _("Ready to be measured")
        ASKED = "asked", _("Handed to the computer")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    province = models.CharField(_("Province"), max_length=6, blank=True)
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    title = models.CharField(_("Name of the study"), max_length=120)
    source = models.CharField(_("Source"), max_length=10, choices=Source, default=Source.UPLOAD)
    profile = models.CharField(_("Kind of list"), max_length=16, choices=Profile, default=Profile.ESTABLISHMENTS)
    file = models.FileField(upload_to="studies/%Y/")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()  # under the heading
    headings = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)  # field → place of its column, from 0
    options = models.JSONField(default=dict)  # Choices.to_dict()
    years = models.JSONField(default=list)  # in the file, after the columns were confirmed
    faults = models.JSONField(default=list)  # the first thousand
    fault_rows = models.PositiveIntegerField(default=0)
    is_whole_at_fault = models.BooleanField(default=False)  # leaving rows out would not help
    leaves_out = models.BooleanField(default=False)  # the faulty rows, knowingly
    remarks = models.JSONField(default=list)
    step = models.CharField(_("State"), max_length=8, choices=Step, default=Step.COLUMNS)
    is_example = models.BooleanField(_("Example"), default=False)  # invented, and said so wherever it is shown
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "province", "source", "profile", "sha256"], name="study_of_a_file_once"
            )
        ]
        indexes = [models.Index(fields=["cluster", "-created_at"])]

    def __str__(self) -> str:
        return self.title

    @property
    def work(self) -> "Job | None":
        """The work on it, if it was asked for."""
        return getattr(self, "job", None)


class Job(models.Model):
    """The work on a study, taken by a worker with `kandoo_claim_study` and kept by its heartbeat.

    A check that is done leaves no job behind: the study itself says what it found.
    """

    class Kind(models.TextChoices):
        CHECK = "check", _("Looking at every row")
        MEASURE = "measure", _("Measuring")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("work", "Waiting")
        RUNNING = "running", pgettext_lazy("work", "Being measured")
        DONE = "done", pgettext_lazy("work", "Measured")
        FAILED = "failed", pgettext_lazy("work", "Failed")
        CANCELLED = "cancelled", pgettext_lazy("work", "Stopped")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    study = models.OneToOneField(Study, models.CASCADE, related_name="job")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")  # as whom the worker acts
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.MEASURE)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)  # a running job whose beat is old is taken up again
    worker = models.CharField(max_length=80, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    share = models.FloatField(default=0.0)  # done, 0 to 1
    doing = models.CharField(max_length=200, blank=True)  # "kd: wood"
    seconds_left = models.PositiveIntegerField(null=True)
    is_cancel_asked = models.BooleanField(default=False)
    problem = models.TextField(blank=True)  # a code of words.PROBLEMS, then details

    class Meta:
        indexes = [models.Index(fields=["state", "asked_at"])]

    def __str__(self) -> str:
        return f"{self.study_id}: {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)


class Output(models.Model):
    """A table that came out, as the file it leaves as."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    study = models.ForeignKey(Study, models.CASCADE, related_name="outputs")
    name = models.CharField(max_length=80)  # lq.csv, before/lq.csv, extents.geojson, run.json …
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "name"], name="output_once")]

    def __str__(self) -> str:
        return f"{self.name} of {self.study_id}"

    @property
    def data(self) -> bytes:
        content: Any = self.content
        return bytes(content)


class Proposed(models.Model):
    """A cluster that was found and given to the programme as a candidate."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    study = models.ForeignKey(Study, models.PROTECT, related_name="proposed")
    industry = models.CharField(max_length=200)
    region = models.CharField(max_length=200, blank=True)
    file = models.ForeignKey("programme.ClusterFile", models.PROTECT, related_name="+")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "industry", "region"], name="proposed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.industry} in {self.region}"
