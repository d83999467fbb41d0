"""Suppliers' sealed quotations: until the round closes nobody but the supplier reads a figure of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kandoo.buying.models.catalogue import CLUSTER, ENTERPRISE, PERSON, Item
from kandoo.buying.models.rounds import Round, RoundItem, RoundPlace


class Quotation(models.Model):
    """One supplier's answer to a round: its terms. Money in rial."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, models.CASCADE, related_name="quotations")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="quotations")  # the supplier
    minimum_order = models.PositiveBigIntegerField(_("Least value of an order"), default=0)
    delivery_fixed = models.PositiveBigIntegerField(_("Delivery, whatever is ordered"), default=0)
    valid_until = models.DateField(_("Valid until"))
    payment_days = models.PositiveSmallIntegerField(_("Days until payment is due"), default=0)
    terms = models.TextField(_("Payment terms and remarks"), blank=True)
    # Members may read how far it is to the next step and to the minimum, without price or name.
    shows_steps = models.BooleanField(_("Show members the way to my next step"), default=False)
    is_withdrawn = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "enterprise"], name="one_quotation_a_supplier")]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.enterprise_id}"


class QuotationPlace(models.Model):
    """A point a supplier delivers to and what that costs beside its fixed delivery; none listed: all, at no more."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    quotation = models.ForeignKey(Quotation, models.CASCADE, related_name="places")
    place = models.ForeignKey(RoundPlace, models.PROTECT, related_name="+")
    delivery = models.PositiveBigIntegerField(_("Delivery to this point"), default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["quotation", "place"], name="place_once_in_quotation")]

    def __str__(self) -> str:
        return f"{self.quotation_id} to {self.place_id}"


class QuotationLine(models.Model):
    """What a supplier asks for one item: price steps, pack, capacity, day of delivery."""

    class Kind(models.TextChoices):
        ALL_UNITS = "all_units", _("The price of the step holds for every unit")
        INCREMENTAL = "incremental", _("Each price holds for the units of its step")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    quotation = models.ForeignKey(Quotation, models.CASCADE, related_name="lines")
    round_item = models.ForeignKey(RoundItem, models.PROTECT, related_name="+")
    brings = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("Brings"))  # or a substitute
    kind = models.CharField(_("Kind of steps"), max_length=12, choices=Kind, default=Kind.ALL_UNITS)
    steps = models.JSONField(_("Price steps"))  # [[quantity from, rial for a unit], …] rising in quantity
    capacity = models.PositiveIntegerField(_("Most units"), null=True, blank=True)
    pack = models.PositiveIntegerField(_("Units in a pack"), default=1)
    deliver_by = models.DateField(_("Delivers by"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quotation", "round_item"], name="item_quoted_once"),
            models.CheckConstraint(condition=Q(pack__gt=0), name="quoted_pack_holds_units"),
        ]

    def __str__(self) -> str:
        return f"{self.quotation_id} {self.round_item_id}"


class Certificate(models.Model):
    """A paper of a quotation: a certificate of analysis, a licence, a price list."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    quotation = models.ForeignKey(Quotation, models.CASCADE, related_name="certificates")
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to="quotations/%Y/")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.name
