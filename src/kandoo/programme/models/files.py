"""Clusters of the nation as the programme keeps them, and what was counted of them, by whom and when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kandoo.programme.models.procedure import CLUSTER, PERSON, Procedure
from kandoo.register.models import NamedRow


class ClusterFile(NamedRow):
    """The file of a cluster. `cluster` is the programme that keeps it, `tenant` the cluster if it works on Kandoo.

    `stage` and `status` are moved by decisions alone: the database refuses any other hand. A file that
    comes from earlier records stands at once where they say; its papers are kept from `first_gate` on.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        WAITING = "waiting", _("Waiting")
        REJECTED = "rejected", _("Not chosen")
        EXITED = "exited", _("Stands alone")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    code = models.CharField(_("Code"), max_length=20)
    province = models.CharField(_("Province"), max_length=6)  # ISO 3166-2
    county = models.CharField(_("County"), max_length=60, blank=True)  # key of the boundary file, or a name
    product = models.CharField(_("Product"), max_length=60)
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="files")
    stage = models.CharField(_("Stage"), max_length=8)  # code of the last gate passed
    stage_since = models.DateField(_("At this stage since"))
    first_gate = models.PositiveSmallIntegerField(default=0)  # position of the first gate whose papers are kept here
    status = models.CharField(_("State"), max_length=10, choices=Status, default=Status.ACTIVE)
    tenant = models.OneToOneField(CLUSTER, models.PROTECT, null=True, blank=True, related_name="+")
    agent_name = models.CharField(_("Cluster development agent"), max_length=120, blank=True)
    definition = models.CharField(_("Definition"), max_length=300)  # by which it counts as a cluster
    source = models.CharField(_("Source"), max_length=300)
    dated = models.DateField(_("Date of the source"))
    is_example = models.BooleanField(_("Example"), default=False)  # invented, and said so wherever it is shown
    last_moved_on = models.DateField(_("Last paper moved on"))
    opened_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "code"], name="file_code_once"),
            models.UniqueConstraint(fields=["cluster", "province", "search_key"], name="file_named_once_in_province"),
        ]
        indexes = [
            models.Index(fields=["cluster", "province", "stage"]),
            models.Index(fields=["cluster", "product"]),
            models.Index(fields=["cluster", "stage", "status"]),
            models.Index(fields=["cluster", "sort_key"]),
        ]


class StageMark(models.Model):
    """The day a file reached a stage; written by the database, never changed."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(ClusterFile, models.PROTECT, related_name="marks")
    stage = models.CharField(max_length=8)
    on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["file", "on"]), models.Index(fields=["cluster", "on"])]

    def __str__(self) -> str:
        return f"{self.file_id} at {self.stage} on {self.on}"


class AgentTerm(models.Model):
    """The days on which somebody was the agent of a cluster; the last day is not included."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(ClusterFile, models.PROTECT, related_name="agents")
    name = models.CharField(_("Name"), max_length=120)
    from_on = models.DateField(_("From"))
    to_on = models.DateField(_("Until"), null=True, blank=True)
    reason = models.CharField(_("Reason for leaving"), max_length=300, blank=True)
    handed_over = models.TextField(_("What was handed over"), blank=True)  # a line for each thing

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file"], condition=Q(to_on=None), name="one_agent_at_a_time"),
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")), name="agent_leaves_after_coming"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Count(models.Model):
    """A figure that somebody published, with its definition, date and source.

    Two sources stand side by side: a row is never changed or deleted. Of one cluster (`file`), or of a
    province, product and stage; a blank one means all.
    """

    class Measure(models.TextChoices):
        CLUSTERS = "clusters", _("Clusters")
        FIRMS = "firms", _("Firms")
        WORKERS = "workers", _("People working")
        EXPORTS = "exports", _("Exports (US dollars a year)")
        PROJECTS = "projects", _("Development projects")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(ClusterFile, models.PROTECT, null=True, blank=True, related_name="counts")
    province = models.CharField(_("Province"), max_length=6, blank=True)
    product = models.CharField(_("Product"), max_length=60, blank=True)
    stage = models.CharField(_("Stage"), max_length=8, blank=True)
    measure = models.CharField(_("What was counted"), max_length=10, choices=Measure)
    value = models.BigIntegerField(_("Figure"))
    definition = models.CharField(_("Definition"), max_length=300)
    dated = models.DateField(_("Date"))
    source = models.CharField(_("Source"), max_length=300)
    is_example = models.BooleanField(_("Example"), default=False)
    entered_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(value__gte=0), name="count_not_below_zero"),
            models.UniqueConstraint(
                fields=[
                    *("cluster", "file", "province", "product", "stage"),
                    *("measure", "definition", "dated", "source"),
                ],
                nulls_distinct=False,
                name="count_entered_once",
            ),
        ]
        indexes = [models.Index(fields=["cluster", "measure", "-dated"]), models.Index(fields=["file", "measure"])]

    def __str__(self) -> str:
        return f"{self.measure} {self.value} on {self.dated}"


class ImportedFile(models.Model):
    """A table of clusters that was read; its checksum refuses it a second time."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cluster", "sha256"], name="table_read_once")]

    def __str__(self) -> str:
        return self.name
