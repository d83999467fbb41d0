"""Who is paid: payees, contracts with weighted phases, budget commitments and the orders that pay them."""

from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kandoo.credit.models.lines import FILE, Activity, CreditLine
from kandoo.credit.models.years import CLUSTER, PERSON
from kandoo.register.models import NamedRow


class Payee(NamedRow):
    """Somebody the programme pays: known by one national number, so that an invoice is known again."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    number = models.CharField(_("National number"), max_length=20)  # of the person or the company
    sheba = models.CharField(_("Sheba (IBAN)"), max_length=26, blank=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cluster", "number"], name="payee_once")]


class Contract(models.Model):
    """A contract that is paid by the weight of its phases, each after the supervisor has confirmed it."""

    class Kind(models.TextChoices):
        AGENT = "agent", _("Contract of a cluster development agent")
        SUPERVISOR = "supervisor", _("Contract of a technical supervisor")
        PROVIDER = "provider", _("Contract of a service provider")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(FILE, models.PROTECT, related_name="contracts")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="contracts")
    number = models.CharField(_("Contract"), max_length=24)
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind)
    title = models.CharField(_("Title"), max_length=160)
    payee = models.ForeignKey(Payee, models.PROTECT, related_name="contracts")
    payee_name = models.CharField(_("Contractor"), max_length=160)
    amount = models.PositiveBigIntegerField(_("Amount"))  # rial, the agency's part
    signed_on = models.DateField(_("Signed on"))
    ends_on = models.DateField(_("Ends on"))
    document = models.CharField(_("Document"), max_length=160)
    advance_max = models.BigIntegerField(_("Advance at most"))  # rial
    advanced = models.BigIntegerField(default=0)  # rial, paid before anything was delivered
    advance_open = models.BigIntegerField(default=0)  # of it, not yet taken off a phase
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "number"], name="contract_number_once"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, advance_max__gte=0, advance_max__lte=F("amount")), name="contract_in_bounds"
            ),
            models.CheckConstraint(
                condition=Q(advanced__lte=F("advance_max"), advance_open__range=(0, F("advanced"))),
                name="advance_within_its_limit",
            ),
        ]
        indexes = [models.Index(fields=["file"])]

    def __str__(self) -> str:
        return self.number


class Phase(models.Model):
    """A phase of a contract: delivered with its paper, then confirmed or sent back by the supervisor."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="phases")
    position = models.PositiveSmallIntegerField()  # 1, 2, …
    title = models.CharField(_("Phase"), max_length=160)
    deliverable = models.CharField(_("What is delivered"), max_length=200)
    weight = models.PositiveSmallIntegerField(_("Weight"))  # thousandths of the contract
    amount = models.PositiveBigIntegerField(_("Amount"))  # rial
    due_on = models.DateField(_("Due on"))
    paper = models.ForeignKey("programme.PaperEdition", models.PROTECT, null=True, related_name="+")
    delivered_on = models.DateField(_("Delivered on"), null=True)
    delivered_as = models.CharField(_("Document"), max_length=160, blank=True)
    delivered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    remark = models.CharField(_("Remark of the supervisor"), max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "position"], name="phase_once"),
            models.CheckConstraint(condition=Q(weight__range=(1, 1000), amount__gt=0), name="phase_weighs_something"),
            models.CheckConstraint(
                condition=Q(delivered_on=None, delivered_by=None)
                | Q(delivered_on__isnull=False, delivered_by__isnull=False),
                name="phase_delivered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | (
                    Q(confirmed_by__isnull=False, confirmed_at__isnull=False, delivered_on__isnull=False)
                    & ~Q(confirmed_by=F("delivered_by"))
                ),
                name="phase_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Commitment(models.Model):
    """Money of a line bound to an activity and a payee; its running totals (rial) are kept by the database."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    line = models.ForeignKey(CreditLine, models.PROTECT, related_name="commitments")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="commitments")
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, related_name="commitments")
    payee = models.ForeignKey(Payee, models.PROTECT, related_name="commitments")
    payee_name = models.CharField(_("Payee"), max_length=160)
    number = models.CharField(_("Commitment"), max_length=24)
    title = models.CharField(_("Title"), max_length=160)
    amount = models.PositiveBigIntegerField(_("Share of the programme"))  # rial, as it was committed
    member_share = models.PositiveBigIntegerField(_("Share of the members"), default=0)  # rial
    other_share = models.PositiveBigIntegerField(_("Share of others"), default=0)  # rial
    agency_max = models.PositiveSmallIntegerField()  # thousandths, by the rule of the day
    on = models.DateField(_("Date"))
    committed = models.BigIntegerField(default=0)
    paid = models.BigIntegerField(default=0)
    carried = models.BigIntegerField(default=0)
    carried_from = models.OneToOneField("self", models.PROTECT, null=True, related_name="carried_to")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "number"], name="commitment_number_once"),
            models.CheckConstraint(
                condition=Q(committed__gte=F("paid") + F("carried"), paid__gte=0, carried__gte=0),
                name="paid_within_the_commitment",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="commitment_above_zero"),
            models.CheckConstraint(
                condition=LessThanOrEqual(
                    F("amount") * 1000, F("agency_max") * (F("amount") + F("member_share") + F("other_share"))
                ),
                name="agency_share_within_its_limit",
            ),
        ]
        indexes = [models.Index(fields=["line"]), models.Index(fields=["activity"]), models.Index(fields=["contract"])]

    def __str__(self) -> str:
        return self.number

    @property
    def unpaid(self) -> int:
        """What may still be paid of it, in rial."""
        return self.committed - self.paid - self.carried


class PaymentOrder(models.Model):
    """An order to pay: prepared at one desk, paid or sent back at another. An invoice is paid once."""

    class Kind(models.TextChoices):
        ADVANCE = "advance", _("Advance")
        PHASE = "phase", _("Phase of a contract")
        INVOICE = "invoice", _("Invoice")

    class Status(models.TextChoices):
        PREPARED = "prepared", _("Waits for the controller")
        PAID = "paid", pgettext_lazy("credit", "Paid")
        SENT_BACK = "sent_back", pgettext_lazy("credit", "Sent back")

    LIVE = (Status.PREPARED, Status.PAID)

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="orders")
    phase = models.ForeignKey(Phase, models.PROTECT, null=True, related_name="orders")
    payee = models.ForeignKey(Payee, models.PROTECT, related_name="orders")
    number = models.CharField(_("Payment order"), max_length=24)
    kind = models.CharField(_("Kind"), max_length=8, choices=Kind)
    gross = models.BigIntegerField(_("Due"))  # rial
    recovered = models.BigIntegerField(_("Taken off for the advance"), default=0)  # rial
    amount = models.BigIntegerField(_("To be paid"))  # rial
    invoice_number = models.CharField(_("Number of the invoice"), max_length=60)
    invoice_key = models.CharField(max_length=60, editable=False)  # digits and letters alone, folded
    invoice_on = models.DateField(_("Date of the invoice"))
    paper = models.ForeignKey("programme.PaperEdition", models.PROTECT, null=True, related_name="+")
    status = models.CharField(_("State"), max_length=10, choices=Status, default=Status.PREPARED)
    prepared_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)  # why it was sent back

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "number"], name="payment_order_once"),
            models.UniqueConstraint(
                fields=["cluster", "payee", "invoice_key"],
                condition=Q(status__in=["prepared", "paid"]),
                name="credit_invoice_used_once",
            ),
            models.UniqueConstraint(
                fields=["phase"], condition=Q(status__in=["prepared", "paid"]), name="phase_paid_once"
            ),
            models.CheckConstraint(
                condition=Q(amount=F("gross") - F("recovered"), amount__gt=0, recovered__gte=0), name="order_adds_up"
            ),
            models.CheckConstraint(condition=~Q(invoice_key=""), name="order_names_its_invoice"),
            models.CheckConstraint(
                condition=Q(kind="phase", phase__isnull=False) | (~Q(kind="phase") & Q(phase=None)),
                name="phase_order_names_its_phase",
            ),
            models.CheckConstraint(
                condition=Q(status="prepared", decided_by=None, decided_at=None)
                | (
                    Q(status="paid", decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decided_by=F("prepared_by"))
                )
                | (Q(status="sent_back", decided_by__isnull=False, decided_at__isnull=False) & ~Q(reason="")),
                name="another_desk_pays",
            ),
        ]
        indexes = [models.Index(fields=["cluster", "status"]), models.Index(fields=["commitment"])]

    def __str__(self) -> str:
        return self.number
