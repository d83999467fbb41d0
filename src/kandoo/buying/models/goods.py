"""Orders to suppliers, what came, who got it, what went back, invoices, and each member's bill."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kandoo.buying.models.catalogue import CLUSTER, ENTERPRISE, PERSON, Item
from kandoo.buying.models.plans import PlanLine
from kandoo.buying.models.quotations import QuotationLine
from kandoo.buying.models.rounds import Round, RoundPlace


class PurchaseOrder(models.Model):
    """The order to one supplier, made when the round is agreed."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, models.PROTECT, related_name="purchase_orders")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="purchase_orders")  # the supplier
    code = models.CharField(_("Order"), max_length=24)
    delivery = models.BigIntegerField(_("Delivery"))  # rial
    total = models.BigIntegerField(_("Total"))  # rial, with delivery
    is_below_minimum = models.BooleanField(default=False)  # sent anyway, below the supplier's least order
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "code"], name="purchase_order_code_once"),
            models.UniqueConstraint(fields=["round", "enterprise"], name="one_order_a_supplier"),
        ]

    def __str__(self) -> str:
        return self.code


class OrderLine(models.Model):
    """So many units of an item for one point at one price."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    order = models.ForeignKey(PurchaseOrder, models.CASCADE, related_name="lines")
    quotation_line = models.ForeignKey(QuotationLine, models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")  # what is brought: the item or its substitute
    place = models.ForeignKey(RoundPlace, models.PROTECT, related_name="order_lines")
    quantity = models.PositiveIntegerField()
    unit_price = models.BigIntegerField()  # rial

    def __str__(self) -> str:
        return f"{self.order_id} {self.quantity}"


class Arrival(models.Model):
    """What came of an order line on a day: units that are good, broken, and wrong. Never changed; taken back until it is divided."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="arrivals")
    good = models.PositiveIntegerField(_("Good"))
    broken = models.PositiveIntegerField(_("Broken"), default=0)
    wrong = models.PositiveIntegerField(_("Wrong"), default=0)
    on = models.DateField(_("Date"))
    note = models.CharField(_("Note"), max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.line_id} {self.good}"


class Invoice(models.Model):
    """What a supplier asks for an order in the end: goods that were kept, delivery. Rial. Never changed."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    order = models.OneToOneField(PurchaseOrder, models.PROTECT, related_name="invoice")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="+")  # the supplier
    number = models.CharField(_("Number of the invoice"), max_length=60)
    goods = models.JSONField()  # [[order line pk, rial], …]
    delivery = models.BigIntegerField(_("Delivery"))
    total = models.BigIntegerField(_("Total"))
    on = models.DateField(_("Date"))
    note = models.CharField(_("Note"), max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "number"], name="invoice_used_once"),
            models.CheckConstraint(condition=Q(total__gte=F("delivery"), delivery__gte=0), name="invoice_adds_up"),
        ]

    def __str__(self) -> str:
        return self.number


class HandOut(models.Model):
    """What a member is to be handed of its line, after what came short was divided; then what it took."""

    class Signed(models.TextChoices):
        SIGNATURE = "signature", _("Signature on the list")
        PHONE = "phone", _("Confirmed by phone")
        SELF = "self", _("Confirmed by the member")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, models.PROTECT, related_name="hand_outs")
    line = models.OneToOneField(PlanLine, models.PROTECT, related_name="hand_out")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="hand_outs")
    place = models.ForeignKey(RoundPlace, models.PROTECT, related_name="hand_outs")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    ordered = models.PositiveIntegerField()
    quantity = models.PositiveIntegerField()  # for the member
    signed = models.CharField(_("Confirmed"), max_length=10, choices=Signed, blank=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__lte=F("ordered")), name="nobody_gets_more_than_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.quantity}"


class Return(models.Model):
    """Units a member gave back before the settlement, and why. Never changed."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    hand_out = models.ForeignKey(HandOut, models.PROTECT, related_name="returns")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("Units given back"))
    reason = models.CharField(_("Reason"), max_length=300)
    on = models.DateField(_("Date"))
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="return_above_zero")]

    def __str__(self) -> str:
        return f"{self.hand_out_id} {self.quantity}"


class Deposit(models.Model):
    """What a member paid ahead for a round; taken off its bill, or owed back. Rial."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, models.PROTECT, related_name="deposits")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="+")
    amount = models.PositiveBigIntegerField(_("Amount"))
    document = models.CharField(_("Document"), max_length=160)
    on = models.DateField(_("Date"))
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="deposit_above_zero")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.amount}"


class Bill(models.Model):
    """What a member pays for a round: its lines, the deposit taken off, what it would have paid alone."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, models.PROTECT, related_name="bills")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="bills")
    number = models.CharField(_("Bill"), max_length=24)
    amount = models.BigIntegerField()  # rial, with its part of the reserve
    deposit = models.BigIntegerField(default=0)  # rial, taken off
    alone = models.BigIntegerField()  # rial: what the same units cost it alone
    content = models.JSONField()  # lines: [{item, supplier, ordered, quantity, amount, alone}], reserve
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "enterprise"], name="bill_once"),
            models.UniqueConstraint(fields=["cluster", "number"], name="bill_number_once"),
            models.CheckConstraint(condition=Q(amount__lte=F("alone")), name="nobody_pays_above_alone"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def saved(self) -> int:
        """Against buying the same alone."""
        return self.alone - self.amount

    @property
    def due(self) -> int:
        """Left to pay after the deposit."""
        return self.amount - self.deposit
