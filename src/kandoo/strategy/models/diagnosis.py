"""The diagnostic study of a cluster in editions: actors, value chain, strengths and weaknesses, problems.

What is prepared is changed by nobody; what is confirmed is the baseline and never changes (migration 0002).
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kandoo.programme.models.procedure import TwoNames

CLUSTER = "register.Cluster"
PERSON = "register.Person"
FILE = "programme.ClusterFile"


class TwoTexts(models.Model):
    """A row with a Persian and an English sentence."""

    text_fa = models.CharField(_("In Persian"), max_length=300)
    text_en = models.CharField(_("In English"), max_length=300, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        english = (get_language() or "fa").startswith("en")
        return (self.text_en or self.text_fa) if english else self.text_fa


class Diagnosis(models.Model):
    """An edition of the study. One may be open at a time; a further one begins as a copy of the one before."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Being written")
        PREPARED = "prepared", _("Waits for the supervisor")
        FROZEN = "frozen", _("Baseline")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(FILE, models.PROTECT, related_name="diagnoses")
    number = models.PositiveSmallIntegerField(_("Edition"))
    note = models.CharField(_("What changed"), max_length=300, blank=True)
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(_("State"), max_length=10, choices=Status, default=Status.DRAFT)
    remark = models.CharField(_("Remark of the supervisor"), max_length=300, blank=True)
    opened_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    prepared_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    prepared_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    baseline_on = models.DateField(_("Baseline of"), null=True)  # the day its figures are of

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="diagnosis_edition_once"),
            models.UniqueConstraint(
                fields=["file"], condition=Q(status__in=["draft", "prepared"]), name="one_open_diagnosis"
            ),
            models.CheckConstraint(
                condition=Q(status="draft", prepared_by=None, confirmed_by=None)
                | Q(status="prepared", prepared_by__isnull=False, confirmed_by=None)
                | Q(
                    status="frozen",
                    prepared_by__isnull=False,
                    confirmed_by__isnull=False,
                    confirmed_at__isnull=False,
                    baseline_on__isnull=False,
                ),
                name="diagnosis_goes_step_by_step",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("prepared_by")), name="another_confirms_diagnosis"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} edition {self.number}"


class _OfDiagnosis(models.Model):
    """A row of an edition, known by its code there."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(FILE, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


_LEVELS = [(place, str(place)) for place in range(1, 6)]


class Actor(TwoNames, _OfDiagnosis):  # noqa: DJ008 - named by TwoNames
    """Who acts in the cluster or on it; power and interest go from 1 (little) to 5 (much)."""

    class Kind(models.TextChoices):
        FIRM = "firm", pgettext_lazy("actor", "Firms")
        INSTITUTION = "institution", pgettext_lazy("actor", "Institution")
        BUYER = "buyer", pgettext_lazy("actor", "Buyers")
        SUPPLIER = "supplier", pgettext_lazy("actor", "Suppliers")
        SUPPORT = "support", pgettext_lazy("actor", "Support body")

    diagnosis = models.ForeignKey(Diagnosis, models.PROTECT, related_name="actors")
    code = models.CharField(_("Code"), max_length=12)
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind)
    role = models.CharField(_("Role in the cluster"), max_length=200)
    members = models.PositiveIntegerField(_("How many"), default=1)
    power = models.PositiveSmallIntegerField(_("Power (1 to 5)"))
    interest = models.PositiveSmallIntegerField(_("Interest (1 to 5)"))
    source = models.CharField(_("Source"), max_length=200)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["diagnosis", "code"], name="actor_code_once"),
            models.CheckConstraint(
                condition=Q(power__range=(1, 5), interest__range=(1, 5), members__gte=1), name="actor_on_the_map"
            ),
        ]


class ActorLink(_OfDiagnosis):
    """What goes from one actor to another."""

    class Kind(models.TextChoices):
        SELLS = "sells", _("sells to")
        SERVES = "serves", _("serves")
        FUNDS = "funds", _("funds")
        ADVISES = "advises", _("advises")
        RULES = "rules", _("sets rules for")
        JOINS = "joins", _("works together with")

    diagnosis = models.ForeignKey(Diagnosis, models.PROTECT, related_name="links")
    source = models.ForeignKey(Actor, models.PROTECT, related_name="links_out", verbose_name=_("From"))
    target = models.ForeignKey(Actor, models.PROTECT, related_name="links_in", verbose_name=_("To"))
    kind = models.CharField(_("Link"), max_length=8, choices=Kind)
    note = models.CharField(pgettext_lazy("study", "Note"), max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["diagnosis", "source", "target", "kind"], name="actor_link_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="actor_links_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.get_kind_display()} {self.target}"


class ChainStage(TwoNames, _OfDiagnosis):  # noqa: DJ008 - named by TwoNames
    """A stage of the value chain in its order: what a unit costs when it comes in and brings when it goes out."""

    diagnosis = models.ForeignKey(Diagnosis, models.PROTECT, related_name="stages")
    code = models.CharField(_("Code"), max_length=12)
    position = models.PositiveSmallIntegerField(_("Place in the chain"))
    firms = models.PositiveIntegerField(_("Firms"))
    unit = models.CharField(_("Unit"), max_length=20)
    volume = models.PositiveBigIntegerField(_("Volume in a year"))  # units
    price_in = models.PositiveBigIntegerField(_("Price of a unit coming in"))  # rial
    price_out = models.PositiveBigIntegerField(_("Price of a unit going out"))  # rial
    inside = models.PositiveSmallIntegerField(_("Made inside the cluster"))  # thousandths of the value added
    explained = models.CharField(_("Why it does not meet the stage before"), max_length=300, blank=True)
    source = models.CharField(_("Source"), max_length=200)
    dated = models.DateField(_("Date of the source"))

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["diagnosis", "code"], name="chain_stage_code_once"),
            models.UniqueConstraint(
                fields=["diagnosis", "position"], deferrable=models.Deferrable.DEFERRED, name="chain_stage_place_once"
            ),
            models.CheckConstraint(condition=Q(inside__lte=1000, volume__gte=1), name="chain_stage_in_bounds"),
        ]

    @property
    def value_added(self) -> int:
        """What the stage adds in a year, in rial; below zero where it loses."""
        return (self.price_out - self.price_in) * self.volume

    @property
    def value_inside(self) -> int:
        """The part of it made inside the cluster, in rial."""
        return self.value_added * self.inside // 1000


class SwotPoint(TwoTexts, _OfDiagnosis):
    """A strength, weakness, opportunity or threat with its evidence; weight from 1 (light) to 5 (heavy)."""

    class Quadrant(models.TextChoices):
        STRENGTH = "strength", _("Strength")
        WEAKNESS = "weakness", _("Weakness")
        OPPORTUNITY = "opportunity", _("Opportunity")
        THREAT = "threat", _("Threat")

    diagnosis = models.ForeignKey(Diagnosis, models.PROTECT, related_name="points")
    code = models.CharField(_("Code"), max_length=12)
    quadrant = models.CharField(_("Quadrant"), max_length=12, choices=Quadrant)
    evidence = models.CharField(pgettext_lazy("study", "Evidence"), max_length=300)
    weight = models.PositiveSmallIntegerField(_("Weight (1 to 5)"))

    class Meta:
        ordering = ["-weight", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["diagnosis", "code"], name="swot_code_once"),
            models.CheckConstraint(condition=Q(weight__range=(1, 5)), name="swot_weighs_something"),
        ]


class Problem(TwoTexts, _OfDiagnosis):
    """A problem of the tree: the core, or a cause or effect that hangs on the core or on one of its own side."""

    class Side(models.TextChoices):
        CORE = "core", _("Core problem")
        CAUSE = "cause", _("Cause")
        EFFECT = "effect", pgettext_lazy("problem", "Effect")

    diagnosis = models.ForeignKey(Diagnosis, models.PROTECT, related_name="problems")
    code = models.CharField(_("Code"), max_length=12)
    side = models.CharField(_("Side"), max_length=8, choices=Side)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("Hangs on")
    )
    evidence = models.CharField(pgettext_lazy("study", "Evidence"), max_length=300)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["diagnosis", "code"], name="problem_code_once"),
            models.UniqueConstraint(fields=["diagnosis"], condition=Q(side="core"), name="one_core_problem"),
            models.CheckConstraint(
                condition=Q(side="core", parent=None) | (~Q(side="core") & Q(parent__isnull=False)),
                name="every_problem_hangs_on_another",
            ),
        ]


class Answer(_OfDiagnosis):
    """An activity that answers a problem; planned after the study, so it may be named when that is frozen."""

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="answers")
    activity = models.ForeignKey("credit.Activity", models.PROTECT, related_name="answers")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["problem", "activity"], name="problem_answered_once")]

    def __str__(self) -> str:
        return f"{self.activity_id} answers {self.problem_id}"


class ImportedPart(_OfDiagnosis):
    """A filled-in table that was read into a part; its checksum refuses it a second time."""

    diagnosis = models.ForeignKey(Diagnosis, models.PROTECT, null=True, related_name="+")
    part = models.CharField(max_length=12)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["file", "diagnosis", "part", "sha256"], nulls_distinct=False, name="strategy_table_read_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
