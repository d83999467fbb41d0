"""The visits of technical supervisors to a cluster, and what they advised there."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

CLUSTER = "register.Cluster"
PERSON = "register.Person"


class Visit(models.Model):
    """A visit: planned for a day, then reported once by the supervisor, or called off. A report is never changed."""

    class Status(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("visit", "Planned")
        DONE = "done", pgettext_lazy("visit", "Reported")
        CANCELLED = "cancelled", pgettext_lazy("visit", "Called off")

    class Course(models.TextChoices):
        GOOD = "good", _("On course")
        BEHIND = "behind", _("Behind its plan")
        STOPPED = "stopped", _("At a standstill")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey("programme.ClusterFile", models.PROTECT, related_name="visits")
    supervisor = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    planned_on = models.DateField(_("Planned for"))
    purpose = models.CharField(_("Purpose"), max_length=300)
    status = models.CharField(_("State"), max_length=10, choices=Status, default=Status.PLANNED)
    visited_on = models.DateField(_("Day of the visit"), null=True)
    place = models.CharField(_("Place"), max_length=160, blank=True)
    met = models.TextField(_("Whom the supervisor met"), max_length=1000, blank=True)
    found = models.TextField(_("What was found"), max_length=4000, blank=True)
    course = models.CharField(_("How the project stands"), max_length=8, choices=Course, blank=True)
    reported_at = models.DateTimeField(null=True)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)  # why it was moved or called off
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="done", visited_on__isnull=False, reported_at__isnull=False)
                & ~Q(met="")
                & ~Q(found="")
                & ~Q(course="")
                | ~Q(status="done") & Q(visited_on=None, reported_at=None),
                name="a_reported_visit_says_what_was_found",
            ),
            models.CheckConstraint(condition=~Q(status="cancelled") | ~Q(reason=""), name="called_off_with_a_reason"),
            models.UniqueConstraint(
                fields=["file", "supervisor", "planned_on"],
                condition=~Q(status="cancelled"),
                name="one_visit_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["cluster", "status", "planned_on"]),
            models.Index(fields=["file", "planned_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} on {self.planned_on}"


class Advice(models.Model):
    """What the supervisor advised: who does it by when, and what became of it."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey("programme.ClusterFile", models.PROTECT, related_name="advice")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="advice")
    position = models.PositiveSmallIntegerField()  # 1, 2, …
    text = models.CharField(_("Advice"), max_length=300)
    owner_name = models.CharField(_("Who does it"), max_length=120)
    due_on = models.DateField(_("Due on"))
    kept_on = models.DateField(_("Followed on"), null=True)
    kept_how = models.CharField(_("What was done"), max_length=300, blank=True)
    kept_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "position"], name="advice_once"),
            models.CheckConstraint(
                condition=Q(kept_on=None, kept_how="", kept_by=None)
                | Q(kept_on__isnull=False, kept_by__isnull=False) & ~Q(kept_how=""),
                name="advice_followed_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["file", "kept_on", "due_on"])]

    def __str__(self) -> str:
        return self.text
