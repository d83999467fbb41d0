"""The trail of what was done, and the notices that tell people of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditRecord(models.Model):
    """One step somebody took. Never changed, never deleted."""

    cluster = models.ForeignKey("register.Cluster", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    person = models.ForeignKey("register.Person", models.PROTECT, null=True, related_name="+")
    province = models.CharField(max_length=6, blank=True)  # ISO 3166-2, in a programme; blank: the whole of it
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


class Redenomination(models.Model):
    """A new unit of money: from a day on it is written, for a time with toman beside it. Stored rial stay."""

    cluster = models.OneToOneField("register.Cluster", models.PROTECT, related_name="redenomination")
    name_fa = models.CharField(_("Name in Persian"), max_length=40)
    name_en = models.CharField(_("Name in English"), max_length=40)
    rial = models.PositiveIntegerField(_("Rial of today in one new unit"))
    starts_on = models.DateField(_("First day"))
    both_until = models.DateField(_("Both units are shown until"))
    source = models.CharField(_("Source"), max_length=200)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey("register.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(rial__gte=2), name="new_unit_is_larger"),
            models.CheckConstraint(
                condition=models.Q(both_until__gte=models.F("starts_on")), name="both_units_after_the_first_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name_en} from {self.starts_on}"


class Counter(models.Model):
    """The last number given in a series of a cluster; only `kandoo_next_number` reads or moves it."""

    cluster = models.ForeignKey("register.Cluster", models.PROTECT, related_name="+")
    series = models.CharField(max_length=40)  # "B-1405"
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cluster", "series"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.series}-{self.last}"
