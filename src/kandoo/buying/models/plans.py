"""The plan of a round with its certificate, each member's part and answer, each supplier's part."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kandoo.buying.models.catalogue import CLUSTER, ENTERPRISE, PERSON, Item
from kandoo.buying.models.needs import Need
from kandoo.buying.models.quotations import Quotation, QuotationLine
from kandoo.buying.models.rounds import Round


class Plan(models.Model):
    """A computed plan, kept as it was. Money in rial."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, models.CASCADE, related_name="plans")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    total_cost = models.BigIntegerField()  # invoices, and what is not bought together at its price alone
    bound = models.BigIntegerField()  # no plan costs less
    gap = models.FloatField()
    alone_cost = models.BigIntegerField()
    without = models.JSONField(default=list)  # enterprises left out: [pk]
    content = models.JSONField()  # BuyingPlan.to_dict()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="buying_plan_number_once")]

    def __str__(self) -> str:
        return f"{self.round_id} plan {self.number}"


class PlanLine(models.Model):
    """A member's part: so many units of a need from one supplier at this amount."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="lines")
    need = models.ForeignKey(Need, models.PROTECT, related_name="lines")
    quotation_line = models.ForeignKey(QuotationLine, models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="buying_lines")
    # As the quotation says, which the member does not read.
    supplier = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="+")
    brings = models.ForeignKey(Item, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    amount = models.BigIntegerField()  # rial, with its part of the delivery

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "need", "quotation_line"], name="buying_line_once")]

    def __str__(self) -> str:
        return f"{self.need_id} {self.quantity}"


class SupplierPart(models.Model):
    """What the plan orders from one supplier; no member named."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="supplier_parts")
    quotation = models.ForeignKey(Quotation, models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="+")
    goods = models.BigIntegerField()  # rial
    delivery = models.BigIntegerField()  # rial
    content = models.JSONField()  # lines: [{item, place, quantity, unit_price}]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "enterprise"], name="supplier_once_in_plan")]

    def __str__(self) -> str:
        return f"{self.plan_id}/{self.enterprise_id}"


class Consent(models.Model):
    """A member's answer to its part of a plan."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="consents")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="+")
    is_yes = models.BooleanField()
    # Carried over from the plan before, whose part was no better for the member.
    is_carried = models.BooleanField(default=False)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "enterprise"], name="one_answer_per_buying_plan")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {'yes' if self.is_yes else 'no'}"
