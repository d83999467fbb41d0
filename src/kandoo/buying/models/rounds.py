"""The round of joint buying: what is bought, where it is handed out, by which rules."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kandoo.buying.models.catalogue import CLUSTER, PERSON, CollectionPoint, Item


class Round(models.Model):
    """Many members' needs, few suppliers' sealed quotations, one plan at least cost."""

    class Status(models.TextChoices):
        CALLED = "called", _("Called")
        OPEN = "open", _("Open for needs and quotations")
        PLANNED = "planned", _("Planned")
        AGREED = "agreed", _("Agreed")
        DELIVERED = "delivered", _("Delivered")
        SETTLED = "settled", _("Settled")
        CANCELLED = "cancelled", _("Cancelled")

    class Shortage(models.TextChoices):
        PRO_RATA = "pro_rata", _("In proportion to what was ordered")
        EQUAL_FLOOR = "equal_floor", _("An equal part for each first")
        SMALL_FIRST = "small_first", _("Small orders first")
        ROTATION = "rotation", _("Who was cut before is served first")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="rounds")
    code = models.CharField(_("Round"), max_length=20)
    title = models.CharField(_("Title"), max_length=120)
    status = models.CharField(_("State"), max_length=10, choices=Status, default=Status.CALLED)
    closes_on = models.DateField(_("Last day for needs and quotations"))
    deposit_percent = models.PositiveSmallIntegerField(_("Deposit (percent of the bill)"), default=0)
    shortage_rule = models.CharField(_("When goods run short"), max_length=12, choices=Shortage)
    rule = models.JSONField(default=dict)  # the sharing rule, copied when the round is called
    note = models.TextField(_("Note"), blank=True)
    # Set when quotations are first opened, never again: from then on none is written or changed.
    quotes_opened_at = models.DateTimeField(null=True)
    waived = models.JSONField(default=list)  # suppliers whose minimum order is not held to: [enterprise pk]
    plan = models.ForeignKey("buying.Plan", models.PROTECT, null=True, related_name="+")
    called_at = models.DateTimeField(auto_now_add=True)
    called_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    delivered_on = models.DateField(null=True)
    settled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "code"], name="round_code_once"),
            models.CheckConstraint(condition=Q(deposit_percent__lte=100), name="deposit_is_a_percentage"),
            models.CheckConstraint(
                condition=Q(status__in=["called", "open", "cancelled"]) | Q(quotes_opened_at__isnull=False),
                name="planned_after_opening_quotations",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def is_sealed(self) -> bool:
        """Whether quotations are still closed to all but their suppliers."""
        return self.quotes_opened_at is None


class RoundItem(models.Model):
    """An item of the catalogue in a round, with the pack it is bought in."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, models.CASCADE, related_name="items")
    item = models.ForeignKey(Item, models.PROTECT, related_name="in_rounds")
    pack = models.PositiveIntegerField(_("Units in a pack"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "item"], name="item_once_in_round"),
            models.CheckConstraint(condition=Q(pack__gt=0), name="round_pack_holds_units"),
        ]
        ordering = ["item__sort_key", "pk"]

    def __str__(self) -> str:
        return str(self.item)


class Substitute(models.Model):
    """Another item of the catalogue that a supplier may bring in place of the one asked for."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    round_item = models.ForeignKey(RoundItem, models.CASCADE, related_name="substitutes")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round_item", "item"], name="substitute_once")]

    def __str__(self) -> str:
        return str(self.item)


class RoundPlace(models.Model):
    """A collection point of a round and the day its goods are handed out."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, models.CASCADE, related_name="places")
    point = models.ForeignKey(CollectionPoint, models.PROTECT, related_name="in_rounds")
    on = models.DateField(_("Handed out on"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "point"], name="point_once_in_round")]
        ordering = ["point__sort_key", "pk"]

    def __str__(self) -> str:
        return str(self.point)
