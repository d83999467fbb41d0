"""The trail of what was done, and the notices that tell people of it."""

from django.db import models


class AuditRecord(models.Model):
    """One step somebody took. Never changed, never deleted."""

    cluster = models.ForeignKey("register.Cluster", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    person = models.ForeignKey("register.Person", models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)  # "lot/7"
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["cluster", "subject"]), models.Index(fields=["cluster", "-at"])]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"


class Notice(models.Model):
    """Something a person should know; its words come from `notices.TEXTS`."""

    cluster = models.ForeignKey("register.Cluster", models.PROTECT, related_name="+")
    person = models.ForeignKey("register.Person", models.CASCADE, related_name="notices")
    at = models.DateTimeField(auto_now_add=True)
    code = models.CharField(max_length=60)
    values = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-at"])]

    def __str__(self) -> str:
        return f"{self.code} to {self.person_id}"


class Counter(models.Model):
    """The last number given in a series of a cluster; only `kandoo_next_number` reads or moves it."""

    cluster = models.ForeignKey("register.Cluster", models.PROTECT, related_name="+")
    series = models.CharField(max_length=40)  # "B-1405"
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cluster", "series"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.series}-{self.last}"
