"""Selling together: batches with their laboratory values, orders, and the joint lot."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

CLUSTER = "register.Cluster"
ENTERPRISE = "register.Enterprise"
PERSON = "register.Person"


class Batch(models.Model):
    """One harvest of one member at one apiary, in drums of the same net mass."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="batches")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="batches")
    site = models.ForeignKey("register.Site", models.PROTECT, related_name="batches")
    code = models.CharField(_("Batch"), max_length=20)
    kind = models.CharField(_("Kind"), max_length=40)  # a code of the profile
    harvested_on = models.DateField(_("Harvest date"))
    season = models.PositiveSmallIntegerField(_("Season"))  # Jalali year of the harvest
    drums = models.PositiveIntegerField(_("Drums"))
    drum_kg = models.PositiveIntegerField(_("Net mass of a drum (kg)"))
    note = models.CharField(_("Note"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    # Law 3: mass above hives x plausible yield is held until it is explained and released.
    held_at = models.DateTimeField(null=True)
    held_harvest_kg = models.PositiveIntegerField(null=True)  # of the apiary and season, this batch included
    held_plausible_kg = models.PositiveIntegerField(null=True)
    explanation = models.TextField(_("Explanation"), blank=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    release_reason = models.CharField(max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "code"], name="batch_code_once"),
            models.CheckConstraint(condition=Q(drums__gt=0, drum_kg__gt=0), name="batch_has_mass"),
        ]
        indexes = [
            models.Index(fields=["cluster", "-harvested_on"]),
            models.Index(fields=["enterprise", "season"]),
            models.Index(fields=["site", "season"]),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def mass_kg(self) -> int:
        """Net mass of the whole batch."""
        return self.drums * self.drum_kg

    @property
    def is_held(self) -> bool:
        """Held and not yet released."""
        return self.held_at is not None and self.released_at is None


class Attachment(models.Model):
    """A photo or a certificate of a batch; known again by its checksum."""

    class Kind(models.TextChoices):
        PHOTO = "photo", _("Photo")
        CERTIFICATE = "certificate", _("Certificate")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="attachments")
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind)
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to="batches/%Y/")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.name


class Sample(models.Model):
    """A batch whose sample a laboratory of the cluster is to test."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="samples")
    laboratory = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="samples")
    asked_on = models.DateField(_("Asked on"))
    asked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    done_on = models.DateField(_("Done on"), null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "laboratory"], name="sample_once_per_laboratory")]

    def __str__(self) -> str:
        return f"{self.batch_id} at {self.laboratory_id}"


class LabResult(models.Model):
    """One tested value of a batch: by which method, which laboratory, on which day.

    Numbers are in the profile's unit of the parameter; a qualitative test has a `finding`. The
    latest test of a parameter is the one that counts; earlier ones stay.
    """

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="results")
    parameter = models.CharField(_("Parameter"), max_length=40)
    value = models.DecimalField(_("Value"), max_digits=12, decimal_places=4, null=True)
    finding = models.CharField(_("Finding"), max_length=20, blank=True)
    method = models.CharField(_("Method"), max_length=120)
    laboratory = models.ForeignKey(ENTERPRISE, models.PROTECT, null=True, related_name="+")
    laboratory_name = models.CharField(_("Laboratory"), max_length=160, blank=True)  # one outside the register
    tested_on = models.DateField(_("Tested on"))
    certificate = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(value__isnull=False) | ~Q(finding=""), name="result_says_something"),
        ]
        indexes = [models.Index(fields=["batch", "parameter", "-tested_on"])]

    def __str__(self) -> str:
        return f"{self.parameter} {self.value if self.value is not None else self.finding}"


class Bar(models.Model):
    """Law 4: this batch is out for good. There is no way back, so nothing here changes."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    batch = models.OneToOneField(Batch, models.PROTECT, related_name="bar")
    result = models.ForeignKey(LabResult, models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)  # residue | authenticity
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.batch_id} {self.code}"


class Order(models.Model):
    """What a buyer wants: mass, kinds, limits, standard, date, and the price it pays."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        IN_LOT = "in_lot", _("In a joint lot")
        FILLED = "filled", _("Filled")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Currency(models.TextChoices):
        IRR = "IRR", _("Rial (shown in toman)")
        EUR = "EUR", _("Euro")
        USD = "USD", _("US dollar")
        AED = "AED", _("UAE dirham")
        CNY = "CNY", _("Chinese yuan")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="orders")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="orders", verbose_name=_("Buyer"))
    code = models.CharField(_("Order"), max_length=20)
    title = models.CharField(_("Title"), max_length=120)
    price_per_kg = models.BigIntegerField(_("Price per kg"))  # smallest unit of the currency
    currency = models.CharField(_("Currency"), max_length=3, choices=Currency, default=Currency.IRR)
    mass_min_kg = models.PositiveIntegerField(_("Least mass (kg)"))
    mass_max_kg = models.PositiveIntegerField(_("Most mass (kg)"))
    kinds = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("Kinds"))
    limits = models.JSONField(default=dict)  # {parameter: [least or null, most or null]}
    standard = models.CharField(_("Standard"), max_length=40, blank=True)  # a code of the standards
    sources_max = models.PositiveIntegerField(_("Most source batches"), null=True, blank=True)
    drums_min = models.PositiveIntegerField(_("Least drums of a batch used"), default=1)
    deliver_by = models.DateField(_("Deliver by"))
    papers = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("Papers wanted"))
    note = models.TextField(_("Note"), blank=True)
    status = models.CharField(_("State"), max_length=10, choices=Status, default=Status.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "code"], name="order_code_once"),
            models.CheckConstraint(
                condition=Q(mass_min_kg__gt=0, mass_max_kg__gte=F("mass_min_kg"), price_per_kg__gt=0),
                name="order_is_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Lot(models.Model):
    """The joint lot: many members' drums, blended to fill orders none could fill alone."""

    class Status(models.TextChoices):
        CALLED = "called", _("Called")
        OPEN = "open", _("Open for offers")
        PLANNED = "planned", _("Planned")
        AGREED = "agreed", _("Agreed")
        DELIVERED = "delivered", _("Delivered")
        SETTLED = "settled", _("Settled")
        CANCELLED = "cancelled", _("Cancelled")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="lots")
    code = models.CharField(_("Lot"), max_length=20)
    title = models.CharField(_("Title"), max_length=120)
    status = models.CharField(_("State"), max_length=10, choices=Status, default=Status.CALLED)
    orders = models.ManyToManyField(Order, through="LotOrder", related_name="lots")
    offers_until = models.DateField(_("Offers until"))
    first_percent = models.PositiveSmallIntegerField(_("First payment (percent)"), default=70)
    rule = models.JSONField(default=dict)  # the sharing rule, copied when the lot is called
    plan = models.ForeignKey("Plan", models.PROTECT, null=True, related_name="+")
    called_at = models.DateTimeField(auto_now_add=True)
    called_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    delivered_on = models.DateField(null=True)
    settled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "code"], name="lot_code_once"),
            models.CheckConstraint(condition=Q(first_percent__lte=100), name="first_percent_is_a_percentage"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class LotOrder(models.Model):
    """An order that a lot is to fill."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, models.CASCADE, related_name="lot_orders")
    order = models.ForeignKey(Order, models.PROTECT, related_name="lot_orders")
    rate = models.PositiveBigIntegerField(default=1)  # rial for one unit of the order's currency
    rate_on = models.DateField(null=True)
    rate_source = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "order"], name="order_once_in_lot")]

    def __str__(self) -> str:
        return f"{self.lot_id}/{self.order_id}"


class Offer(models.Model):
    """A member's batch offered to a lot: the least it wants, and what it would get alone."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, models.CASCADE, related_name="offers")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="offers")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="offers")
    drums = models.PositiveIntegerField(_("Drums offered"))
    reserve_per_kg = models.BigIntegerField(_("Reserve price per kg"))  # rial
    transport_per_kg = models.BigIntegerField(_("Transport per kg"), default=0)  # rial
    alone_per_kg = models.BigIntegerField(_("Best price alone per kg"))  # rial
    alone_outlet = models.CharField(_("Best outlet alone"), max_length=160)
    alone_on = models.DateField(_("Date of that price"))
    alone_document = models.FileField(_("Document"), upload_to="outlets/%Y/", blank=True)
    is_withdrawn = models.BooleanField(default=False)  # taken back; an earlier plan may still name it
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "batch"], name="batch_offered_once"),
            models.CheckConstraint(
                condition=Q(drums__gt=0, reserve_per_kg__gte=0, transport_per_kg__gte=0, alone_per_kg__gte=0),
                name="offer_is_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} to {self.lot_id}"


class Plan(models.Model):
    """A computed plan with its certificate; kept as it was, never changed."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, models.CASCADE, related_name="plans")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    objective = models.BigIntegerField()  # rial above reserve and transport
    bound = models.BigIntegerField()  # no plan of these drums can exceed it
    gap = models.FloatField()
    content = models.JSONField()  # SalePlan.to_dict()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "number"], name="plan_number_once")]

    def __str__(self) -> str:
        return f"{self.lot_id} plan {self.number}"


class PlannedOrder(models.Model):
    """What the plan says for one order: how much, the predicted blend and its margins; no member named."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="planned_orders")
    order = models.ForeignKey(Order, models.PROTECT, related_name="planned_orders")
    accepted = models.BooleanField()
    mass_kg = models.PositiveIntegerField()
    producers = models.PositiveIntegerField()
    content = models.JSONField()  # the order's part of the plan, without drums

    def __str__(self) -> str:
        return f"{self.plan_id}/{self.order_id}"


class PlanLine(models.Model):
    """A member's part: so many drums of this batch for that order."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="lines")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="lines")
    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="plan_lines")
    drums = models.PositiveIntegerField()
    numbers = ArrayField(models.PositiveIntegerField())  # of the drums within the batch, rising
    kg = models.PositiveIntegerField()
    sample_drums = ArrayField(models.PositiveIntegerField(), default=list)  # numbers within the batch

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "offer", "order"], name="line_once")]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.drums} drums"

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The drum numbers as runs of (first, last); one run unless earlier lots left holes."""
        spans: list[tuple[int, int]] = []
        for number in self.numbers:
            if spans and number == spans[-1][1] + 1:
                spans[-1] = (spans[-1][0], number)
            else:
                spans.append((number, number))
        return spans


class Consent(models.Model):
    """A member's answer to its part of a plan."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="consents")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="consents")
    is_yes = models.BooleanField()
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "enterprise"], name="one_answer_per_plan")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {'yes' if self.is_yes else 'no'}"


class Cost(models.Model):
    """What the lot cost together: transport, analysis, homogenising, drums, papers."""

    class Kind(models.TextChoices):
        TRANSPORT = "transport", _("Transport")
        ANALYSIS = "analysis", _("Laboratory analysis")
        HOMOGENISING = "homogenising", _("Homogenising")
        PACKING = "packing", _("Drums and packing")
        PAPERS = "papers", _("Papers and customs")
        FEE = "fee", _("Cluster fee")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, models.CASCADE, related_name="costs")
    kind = models.CharField(_("Kind"), max_length=14, choices=Kind)
    amount = models.PositiveBigIntegerField(_("Amount"))  # rial
    paid_to = models.ForeignKey(ENTERPRISE, models.PROTECT, null=True, blank=True, related_name="+")
    document = models.CharField(_("Document"), max_length=160)
    on = models.DateField(_("Date"))
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


class Delivery(models.Model):
    """What was weighed when a planned line was delivered."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, models.CASCADE, related_name="deliveries")
    line = models.OneToOneField(PlanLine, models.PROTECT, related_name="delivery")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="deliveries")
    drums = models.PositiveIntegerField()
    net_kg = models.PositiveIntegerField(_("Net mass (kg)"))

    def __str__(self) -> str:
        return f"{self.line_id} {self.net_kg} kg"


class FirstPayment(models.Model):
    """What a member was paid at delivery, a part of the share then expected."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="first_payments")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="first_payments")
    expected = models.BigIntegerField()  # rial, the whole share as expected at delivery
    amount = models.BigIntegerField()  # rial
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "enterprise"], name="first_payment_once")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.amount}"


class Receipt(models.Model):
    """What a buyer paid for its part of a lot."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, models.CASCADE, related_name="receipts")
    order = models.ForeignKey(Order, models.PROTECT, related_name="receipts")
    amount = models.PositiveBigIntegerField(_("Amount"))  # smallest unit of the order's currency
    rial = models.PositiveBigIntegerField(_("Amount (rial)"))
    on = models.DateField(_("Date"))
    document = models.CharField(_("Document"), max_length=160)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "order"], name="receipt_once")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.rial}"


class PaySlip(models.Model):
    """What a member earned in a lot, item by item, and what it would have earned alone."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="pay_slips")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="pay_slips")
    number = models.CharField(_("Pay slip"), max_length=24)
    amount = models.BigIntegerField()  # rial
    first = models.BigIntegerField()
    final = models.BigIntegerField()
    alone = models.BigIntegerField()
    content = models.JSONField()  # the member's share as the engine gave it
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "enterprise"], name="pay_slip_once")]

    def __str__(self) -> str:
        return self.number

    @property
    def gain(self) -> int:
        """What the joint lot brought above selling alone, in rial."""
        return self.amount - self.alone
