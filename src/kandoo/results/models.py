"""Indicators, their baseline and targets, what was typed in of them, and periods that are closed for good.

What can be computed from Kandoo's own records is never kept here but asked of `kandoo_measure`
(`row_security.FUNCTIONS`); a closed period alone keeps it, as it stood. Targets, values, closed periods
and what they froze are never changed or deleted (migration 0002).
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kandoo.programme.models.procedure import TwoNames

CLUSTER = "register.Cluster"
PERSON = "register.Person"
FILE = "programme.ClusterFile"


class Origin(models.TextChoices):
    """Where a figure comes from."""

    COMPUTED = "computed", _("Computed from the records")
    TYPED = "typed", _("Typed in")
    PUBLISHED = "published", pgettext_lazy("figure", "Published")


class Indicator(TwoNames):
    """What is measured, how often and on whose word. `measure` names what computes it; empty: it is typed in.

    Texts are Persian, those of `_en` English; `said` gives the page's.
    """

    class Level(models.TextChoices):
        INPUT = "input", _("Input")
        ACTIVITY = "activity", pgettext_lazy("results chain", "Activity")
        OUTPUT = "output", _("Output")
        OUTCOME = "outcome", _("Outcome")
        IMPACT = "impact", _("Impact")

    class Frequency(models.TextChoices):
        MONTH = "month", _("Every month")
        QUARTER = "quarter", _("Every quarter")
        YEAR = "year", _("Every year")

    class Better(models.TextChoices):
        UP = "up", _("More is better")
        DOWN = "down", _("Less is better")

    class Kind(models.TextChoices):
        NUMBER = "number", _("Number")
        PERCENT = "percent", _("Percent")
        RIAL = "rial", _("Rial (shown in toman)")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    code = models.SlugField(_("Code"), max_length=40)
    position = models.PositiveSmallIntegerField(_("Place in the list"), default=0)
    level = models.CharField(_("Level"), max_length=10, choices=Level)
    kind = models.CharField(_("Kind of figure"), max_length=8, choices=Kind, default=Kind.NUMBER)
    unit = models.CharField(_("Unit"), max_length=60)
    unit_en = models.CharField(_("Unit in English"), max_length=60, blank=True)
    definition = models.TextField(_("Definition"))
    definition_en = models.TextField(_("Definition in English"), blank=True)
    source = models.CharField(_("Source"), max_length=300)
    source_en = models.CharField(_("Source in English"), max_length=300, blank=True)
    breakdown = models.CharField(_("Breakdown"), max_length=200, blank=True)
    breakdown_en = models.CharField(_("Breakdown in English"), max_length=200, blank=True)
    verifier = models.CharField(_("Verified by"), max_length=200)
    verifier_en = models.CharField(_("Verified by, in English"), max_length=200, blank=True)
    bias = models.CharField(_("Known bias"), max_length=400)
    bias_en = models.CharField(_("Known bias in English"), max_length=400, blank=True)
    frequency = models.CharField(_("Frequency"), max_length=8, choices=Frequency)
    better = models.CharField(_("Direction"), max_length=4, choices=Better, default=Better.UP)
    measure = models.CharField(max_length=40, blank=True)  # a code of `measures.MEASURES`
    is_retired = models.BooleanField(_("No longer asked for"), default=False)

    class Meta:
        ordering = ["position", "code"]
        constraints = [models.UniqueConstraint(fields=["cluster", "code"], name="indicator_code_once")]

    def said(self, name: str) -> str:
        """One of its texts in the language of the page: `unit`, `definition`, `source`, `breakdown`, …"""
        english = (get_language() or "fa").startswith("en")
        return str((english and getattr(self, f"{name}_en")) or getattr(self, name))

    def units(self, closed: "Frozen | None" = None) -> tuple[str, str]:
        """The unit in Persian and English; of a closed figure the one it was closed with."""
        said = closed or self
        return said.unit, said.unit_en or said.unit


class Target(models.Model):
    """Baseline and target of an indicator for a cluster, from the moment it was set; the newest holds."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(FILE, models.PROTECT, related_name="targets")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets")
    baseline = models.DecimalField(_("Baseline"), max_digits=24, decimal_places=4, null=True, blank=True)
    baseline_on = models.DateField(_("Day of the baseline"), null=True, blank=True)
    baseline_source = models.CharField(_("Source of the baseline"), max_length=300, blank=True)
    target = models.DecimalField(_("Target"), max_digits=24, decimal_places=4, null=True, blank=True)
    target_on = models.DateField(_("To be reached by"), null=True, blank=True)
    reason = models.CharField(_("Reason"), max_length=300)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(baseline=None, baseline_on=None)
                | Q(baseline__isnull=False, baseline_on__isnull=False) & ~Q(baseline_source=""),
                name="baseline_has_day_and_source",
            ),
            models.CheckConstraint(
                condition=Q(target=None, target_on=None) | Q(target__isnull=False, target_on__isnull=False),
                name="target_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(baseline__isnull=False) | Q(target__isnull=False), name="target_says_something"
            ),
        ]
        indexes = [models.Index(fields=["file", "indicator", "-at"])]

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.baseline} → {self.target}"


class Value(models.Model):
    """What somebody says of an indicator in a period, with paper and source; others may say otherwise beside it."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(FILE, models.PROTECT, related_name="values")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="values")
    first = models.DateField(_("First day"))
    last = models.DateField(_("Last day"))
    value = models.DecimalField(_("Figure"), max_digits=24, decimal_places=4)
    origin = models.CharField(_("Origin"), max_length=10, choices=Origin, default=Origin.TYPED)
    source = models.CharField(_("Source"), max_length=300)
    dated = models.DateField(_("Date of the source"))
    document = models.FileField(_("Evidence"), upload_to="results/%Y/")
    document_name = models.CharField(max_length=200)  # as it was sent
    sha256 = models.CharField(_("Checksum"), max_length=64)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="value_period_in_order"),
            models.CheckConstraint(condition=Q(corrects=None) | ~Q(reason=""), name="value_corrected_with_reason"),
            models.CheckConstraint(condition=~Q(origin="computed"), name="what_is_computed_is_not_typed"),
            models.CheckConstraint(condition=~Q(sha256="") & ~Q(source=""), name="value_has_evidence"),
            models.UniqueConstraint(
                fields=["file", "indicator", "first", "last", "source"],
                condition=Q(corrects=None),
                name="source_says_it_once",
            ),
        ]
        indexes = [models.Index(fields=["file", "indicator", "last"])]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.value} until {self.last}"


class Lock(models.Model):
    """A period of a cluster that is closed for good: its figures stand in `Frozen`."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(FILE, models.PROTECT, related_name="locks")
    first = models.DateField(_("First day"))
    last = models.DateField(_("Last day"))
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "first", "last"], name="period_locked_once"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="lock_period_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.first} – {self.last}"


class Frozen(models.Model):
    """One figure of a closed period as it was then, with the words it was measured by; `value` None: withheld."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(FILE, models.PROTECT, related_name="+")
    lock = models.ForeignKey(Lock, models.PROTECT, related_name="figures")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    baseline = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    target = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    origin = models.CharField(max_length=10, choices=Origin)
    unit = models.CharField(max_length=60)
    unit_en = models.CharField(max_length=60, blank=True)
    definition = models.TextField()
    definition_en = models.TextField(blank=True)
    source = models.CharField(max_length=300)
    as_of = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lock", "indicator"], name="figure_frozen_once")]
        indexes = [models.Index(fields=["file", "indicator", "as_of"])]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.value}"


class ImportedValues(models.Model):
    """A table of typed values that was read; its checksum refuses it a second time."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(FILE, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "sha256"], name="values_read_once")]

    def __str__(self) -> str:
        return self.name
