"""Fiscal years, the laws that approve their money, and the dated rules of what the programme may bear."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

CLUSTER = "register.Cluster"
PERSON = "register.Person"


class CostKind(models.TextChoices):
    """What money is spent on; ceilings, shares and advances go by it."""

    AGENT = "agent", _("Cluster development agent")
    SUPERVISOR = "supervisor", _("Technical supervisor")
    STUDY = "study", _("Study")
    TRAINING = "training", _("Training")
    EVENT = "event", _("Fair or visit")
    MARK = "mark", _("Marks, sampling and tests")
    FACILITY = "facility", _("Shared facility")
    NETWORK = "network", _("Networks and trust")
    OTHER = "other", _("Other cost")


class FiscalYear(models.Model):
    """A Jalali year of the budget. What was committed in it may be paid until `pays_until`."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("Fiscal year"))  # 1405
    starts_on = models.DateField(_("First day"))  # 1 Farvardin
    ends_on = models.DateField(_("Last day"))
    pays_until = models.DateField(_("Commitments are paid until"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "year"], name="fiscal_year_once"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on"), pays_until__gte=F("ends_on")), name="fiscal_year_in_order"
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)


class BudgetLaw(models.Model):
    """A budget law, or an amendment of it with its own day. Never changed: a change is another amendment."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    year = models.ForeignKey(FiscalYear, models.PROTECT, related_name="laws")
    number = models.CharField(_("Number of the law"), max_length=60)
    title = models.CharField(_("Title"), max_length=200)
    dated = models.DateField(_("Date"))
    source = models.CharField(_("Source"), max_length=300)
    amends = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="amendments")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cluster", "year", "number"], name="budget_law_once")]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class CostRule(models.Model):
    """From a day on: what the programme bears at most of a kind of cost. The newest before a day is in force."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    kind = models.CharField(_("Kind of cost"), max_length=12, choices=CostKind)
    from_on = models.DateField(_("In force from"))
    agency_max = models.PositiveSmallIntegerField(_("Share of the programme at most"))  # thousandths
    advance_max = models.PositiveSmallIntegerField(_("Advance at most"))  # thousandths of a contract
    amount_max = models.PositiveBigIntegerField(_("Ceiling of one commitment"), null=True, blank=True)  # rial
    source = models.CharField(_("Source"), max_length=300)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "kind", "from_on"], name="cost_rule_once_a_day"),
            models.CheckConstraint(
                condition=Q(agency_max__range=(1, 1000), advance_max__lte=500), name="cost_rule_in_bounds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} from {self.from_on}"


class ImportedLines(models.Model):
    """A table of approved lines that was read; its checksum refuses it a second time."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cluster", "sha256"], name="credit_table_read_once")]

    def __str__(self) -> str:
        return self.name
