"""What members need. Prices stand apart: who enters or hands out for a member does not read them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kandoo.buying.models.catalogue import CLUSTER, ENTERPRISE, PERSON
from kandoo.buying.models.rounds import Round, RoundItem, RoundPlace


class Need(models.Model):
    """A member's need of one item at one point: so many units, up to so many, by a day."""

    class Confirmed(models.TextChoices):
        SELF = "self", _("By the member")
        PHONE = "phone", _("By phone")
        PAPER = "paper", _("On paper")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, models.CASCADE, related_name="needs")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="needs")
    round_item = models.ForeignKey(RoundItem, models.PROTECT, related_name="needs")
    place = models.ForeignKey(RoundPlace, models.PROTECT, related_name="needs")
    quantity = models.PositiveIntegerField(_("Quantity"))
    quantity_max = models.PositiveIntegerField(_("Accepted up to"))
    latest_on = models.DateField(_("Latest date"), null=True, blank=True)
    # Empty: entered for the member, who has not confirmed; such a need is not planned for.
    confirmed = models.CharField(_("Confirmed"), max_length=6, choices=Confirmed, blank=True)
    is_withdrawn = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "round_item", "place"], name="need_once_at_a_point"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, quantity_max__gte=F("quantity")), name="need_is_possible"
            ),
        ]
        indexes = [models.Index(fields=["round", "enterprise"])]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.quantity}"


class NeedPrice(models.Model):
    """The most a member would pay for a unit, and its best price alone. Rial; None: not said."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    need = models.OneToOneField(Need, models.CASCADE, related_name="price")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="+")
    highest = models.BigIntegerField(_("Highest price"), null=True)
    alone = models.BigIntegerField(_("Best price alone"), null=True)
    alone_from = models.CharField(_("Who would sell at that price"), max_length=160, blank=True)
    alone_on = models.DateField(_("Date of that price"), null=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")  # who typed it may read it

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(highest__gt=0) | Q(alone__gt=0), name="need_has_a_ceiling"),
        ]

    def __str__(self) -> str:
        return f"{self.need_id}"

    @property
    def ceiling(self) -> int:
        """The most a unit may cost the member: nobody pays more than it says, nor than it would alone."""
        return min(each for each in (self.highest, self.alone) if each)


class NeedVersion(models.Model):
    """A need as it stood after one entry or change; never changed."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    need = models.ForeignKey(Need, models.CASCADE, related_name="versions")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    quantity_max = models.PositiveIntegerField()
    highest = models.BigIntegerField(null=True)
    alone = models.BigIntegerField(null=True)
    latest_on = models.DateField(null=True)
    confirmed = models.CharField(max_length=6, blank=True)
    is_withdrawn = models.BooleanField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.need_id} {self.quantity}"
