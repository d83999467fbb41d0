"""The account of cooperation: what a member would have had alone, recorded before; what it gained, counted after.

An action is a kind (`selling`, `buying`, …) and the number of its row there, so that one account
serves them all. What is agreed and what is counted never change (migration 0002).
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

CLUSTER = "register.Cluster"
ENTERPRISE = "register.Enterprise"
PERSON = "register.Person"


class ActionKind(models.TextChoices):
    """The kinds of joint action, as in `engine.sharing_rule`."""

    SELLING = "selling", _("Joint selling")
    BUYING = "buying", _("Joint buying")
    SERVICES = "services", _("Shared services")
    COLLECTION = "collection", _("Collection")


class Evidence(models.Model):
    """One price that a member could have had alone, with its paper or a note; until the action is agreed."""

    class Kind(models.TextChoices):
        QUOTATION = "quotation", _("Quotation")
        INVOICE = "invoice", _("Own last invoice")
        MEDIAN = "district_median", _("District median")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="evidence")
    action = models.CharField(_("Joint action"), max_length=12, choices=ActionKind)
    action_id = models.PositiveBigIntegerField()
    item = models.CharField(_("For"), max_length=40, blank=True)  # a batch's code; empty: all of the member's
    kind = models.CharField(_("Kind"), max_length=16, choices=Kind, default=Kind.QUOTATION)
    who = models.CharField(_("Who would pay that"), max_length=160)
    per_unit = models.BigIntegerField(_("Price"))  # rial for one unit
    unit = models.CharField(_("Unit"), max_length=12, default="kg")
    on = models.DateField(_("Date"))
    note = models.CharField(_("Note"), max_length=300, blank=True)
    sample = models.PositiveIntegerField(_("Size of the sample"), default=0)  # of a median
    document = models.FileField(_("Document"), upload_to="evidence/%Y/", blank=True)
    document_name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    with_offer = models.BooleanField(default=False)  # came with the offer and goes with its changes
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(per_unit__gt=0), name="evidence_has_a_price"),
            models.CheckConstraint(
                condition=~Q(kind="district_median") | Q(sample__gte=5), name="median_of_five_at_least"
            ),
        ]
        indexes = [models.Index(fields=["action", "action_id", "enterprise"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.per_unit}"


class OwnTime(models.Model):
    """What a member says of its own work in an action, and of the days it would have waited alone."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="own_times")
    action = models.CharField(max_length=12, choices=ActionKind)
    action_id = models.PositiveBigIntegerField()
    hours = models.DecimalField(_("Your own hours"), max_digits=6, decimal_places=1, null=True)
    alone_days = models.PositiveSmallIntegerField(_("Days until you are paid, alone"), null=True)
    at = models.DateTimeField(auto_now=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["action", "action_id", "enterprise"], name="own_time_once")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.hours} h"


class TimeValue(models.Model):
    """What an hour of a member's own work counts in a season, with its source."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    season = models.PositiveSmallIntegerField(_("Season (Jalali year)"))
    per_hour = models.PositiveBigIntegerField(_("Value of an hour"))  # rial
    source = models.CharField(_("Source"), max_length=200)
    dated = models.DateField(_("Date of the source"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cluster", "season"], name="one_hour_value_per_season")]

    def __str__(self) -> str:
        return f"{self.season}: {self.per_hour}"


class Subsidy(models.Model):
    """Public money that raised the earnings or lowered the bill of an action; shown apart, never a gain."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    action = models.CharField(max_length=12, choices=ActionKind)
    action_id = models.PositiveBigIntegerField()
    amount = models.PositiveBigIntegerField(_("Amount"))  # rial
    source = models.CharField(_("Source"), max_length=200)
    on = models.DateField(_("Date"))
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["action", "action_id"])]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="subsidy_above_zero")]

    def __str__(self) -> str:
        return f"{self.amount} {self.source}"


class StandAlone(models.Model):
    """What a member would have had alone, as it stood when the action was agreed."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="stand_alones")
    action = models.CharField(max_length=12, choices=ActionKind)
    action_id = models.PositiveBigIntegerField()
    quantity = models.PositiveBigIntegerField()
    unit = models.CharField(max_length=12, default="kg")
    per_unit = models.BigIntegerField(null=True)  # rial, over all items with evidence; null where none has
    total = models.BigIntegerField()  # rial, of the items with evidence
    kind = models.CharField(max_length=16, blank=True)  # of evidence; empty where there is none, "mixed" for several
    is_documented = models.BooleanField()  # every item is
    content = models.JSONField()  # items: [{item, goods, quantity, per_unit, kind, why_not, claimed, evidence: […]}]
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["action", "action_id", "enterprise"], name="alone_fixed_once")]
        indexes = [models.Index(fields=["cluster", "-at"])]

    def __str__(self) -> str:
        return f"{self.enterprise_id} alone {self.total}"


class Gain(models.Model):
    """What a member gained in one action, all amounts in rial; a mistake is corrected by a new row."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="gains")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="gains")
    action = models.CharField(_("Joint action"), max_length=12, choices=ActionKind)
    action_id = models.PositiveBigIntegerField()
    season = models.PositiveSmallIntegerField(_("Season"))  # Jalali year of the delivery
    code = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    side = models.CharField(max_length=8)  # earning | cost
    quantity = models.PositiveBigIntegerField()
    unit = models.CharField(max_length=12, default="kg")
    joint = models.BigIntegerField()  # before fees
    alone = models.BigIntegerField()  # of what has evidence
    undocumented = models.BigIntegerField()  # net of what has none
    fees = models.BigIntegerField()
    own_costs = models.BigIntegerField()
    hours = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    time = models.BigIntegerField(null=True)
    subsidy = models.BigIntegerField()
    net = models.BigIntegerField()
    gain = models.BigIntegerField(_("Gain"))
    claimed = models.BigIntegerField()  # gain there would be had the rest been documented
    is_documented = models.BooleanField()
    taken = models.JSONField()  # what the engine was given, to count a correction from
    steps = models.JSONField()  # [[code, amount]] from alone to together
    harvested_on = models.DateField(null=True)  # mean day, by mass
    delivered_on = models.DateField()
    alone_days = models.PositiveSmallIntegerField(null=True)  # harvest to cash alone, as the member said
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["action", "action_id", "enterprise"], condition=Q(corrects=None), name="gain_counted_once"
            ),
            models.CheckConstraint(condition=Q(corrects=None) | ~Q(reason=""), name="correction_has_a_reason"),
            models.CheckConstraint(
                condition=Q(side="earning", gain=F("net") - F("alone") - F("undocumented"))
                | Q(side="cost", gain=F("alone") + F("undocumented") - F("net")),
                name="gain_is_what_is_left",
            ),
        ]
        indexes = [
            models.Index(fields=["cluster", "season", "enterprise"]),
            models.Index(fields=["action", "action_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.gain}"
