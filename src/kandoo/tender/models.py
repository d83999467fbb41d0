"""Calls for an agent, a supervisor or a provider: criteria, offers, marks, prices opened last, the award."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kandoo.credit.models import Contract

CLUSTER = "register.Cluster"
PERSON = "register.Person"


class Call(models.Model):
    """A call for offers on the work of one cluster's file.

    It is published, closes at a moment, its offers are marked, then the prices of those at or above the floor are
    opened and one is chosen. The database holds this order (migration 0002).
    """

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("call", "Draft")
        PUBLISHED = "published", pgettext_lazy("call", "Published")
        MARKED = "marked", pgettext_lazy("call", "Marked, prices closed")
        OPENED = "opened", pgettext_lazy("call", "Prices opened")
        AWARDED = "awarded", pgettext_lazy("call", "Awarded")
        CANCELLED = "cancelled", pgettext_lazy("call", "Cancelled")

    OPEN = (Status.DRAFT, Status.PUBLISHED, Status.MARKED, Status.OPENED)

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey("programme.ClusterFile", models.PROTECT, related_name="calls")
    number = models.CharField(_("Number"), max_length=24)
    kind = models.CharField(_("Kind"), max_length=12, choices=Contract.Kind)
    title = models.CharField(_("Title"), max_length=160)
    scope = models.TextField(_("What is to be done"), max_length=4000)
    handing_in = models.TextField(_("Where and how offers are handed in"), max_length=1000)
    price_weight = models.PositiveSmallIntegerField(_("Weight of the price"))  # thousandths
    floor = models.PositiveSmallIntegerField(_("Least quality"))  # 0 to 100; below it the price stays closed
    closes_at = models.DateTimeField(_("Closes at"))
    status = models.CharField(_("State"), max_length=10, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("Why it was cancelled"), max_length=300, blank=True)
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, related_name="calls")  # what came of it
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "number"], name="call_number_once"),
            models.CheckConstraint(
                condition=Q(price_weight__range=(0, 900), floor__range=(0, 100)), name="call_weights_in_bounds"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "cancelled"]) | Q(published_at__lt=F("closes_at")),
                name="call_closes_after_it_is_published",
            ),
            models.CheckConstraint(condition=~Q(status="cancelled") | ~Q(reason=""), name="call_cancelled_with_reason"),
            models.CheckConstraint(
                condition=~Q(status__in=["opened", "awarded"]) | Q(opened_at__isnull=False, opened_by__isnull=False),
                name="prices_opened_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["cluster", "-closes_at"]), models.Index(fields=["file"])]

    def __str__(self) -> str:
        return self.title


class Criterion(models.Model):
    """What offers are marked by; the weights of a call make 1000 together."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    call = models.ForeignKey(Call, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField()  # 1, 2, …
    name = models.CharField(_("Criterion"), max_length=120)
    weight = models.PositiveSmallIntegerField(_("Weight"))  # thousandths

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["call", "position"], name="criterion_of_call_once"),
            models.CheckConstraint(condition=Q(weight__range=(1, 1000)), name="criterion_of_call_weighs_something"),
        ]

    def __str__(self) -> str:
        return self.name


class Offer(models.Model):
    """An offer as it was handed in; its price lies in its envelope and is written down when the prices are opened."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    call = models.ForeignKey(Call, models.PROTECT, related_name="offers")
    position = models.PositiveSmallIntegerField()  # 1, 2, … as they came
    name = models.CharField(_("Who offers"), max_length=160)
    national_number = models.CharField(_("National number"), max_length=20)
    phone = models.CharField(_("Phone"), max_length=20, blank=True)
    document = models.CharField(_("Document"), max_length=160)
    received_at = models.DateTimeField(_("Received"))
    price = models.PositiveBigIntegerField(_("Price"), null=True)  # rial
    withdrawn_at = models.DateTimeField(null=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["call", "position"], name="offer_position_once"),
            models.UniqueConstraint(
                fields=["call", "national_number"], condition=Q(withdrawn_at=None), name="one_offer_each"
            ),
            models.CheckConstraint(condition=Q(price=None) | Q(price__gt=0), name="price_above_zero"),
        ]

    def __str__(self) -> str:
        return self.name


class Mark(models.Model):
    """How one person marks an offer on a criterion, 0 to 100, unseen by the others until all marks are in."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    call = models.ForeignKey(Call, models.PROTECT, related_name="marks")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="marks")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="marks")
    points = models.PositiveSmallIntegerField(_("Mark"))
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "criterion", "by"], name="one_mark_each"),
            models.CheckConstraint(condition=Q(points__range=(0, 100)), name="mark_within_bounds"),
        ]

    def __str__(self) -> str:
        return f"{self.points} by {self.by_id}"


class Award(models.Model):
    """The offer that was chosen, and on which paper; with the reason where it is not the first of the order."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    call = models.OneToOneField(Call, models.PROTECT, related_name="award")
    offer = models.OneToOneField(Offer, models.PROTECT, related_name="award")
    place = models.PositiveSmallIntegerField(_("Place in the order"))
    document = models.CharField(_("Minutes or letter of the choice"), max_length=160)
    reason = models.CharField(_("Reason"), max_length=600, blank=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(place=1) | ~Q(reason=""), name="another_than_the_first_with_reason")
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} chosen"
