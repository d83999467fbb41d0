"""Credit lines with their running totals, the activities they pay for, and every movement of money."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kandoo.credit.models.years import CLUSTER, PERSON, BudgetLaw, CostKind, FiscalYear
from kandoo.engine.budget import WHOLE, LineState
from kandoo.engine.money import apportion
from kandoo.register.models import NamedRow

FILE = "programme.ClusterFile"


class Activity(NamedRow):
    """What money is for: an activity of a cluster's plan (or a province's), its owner, cost and the effect expected.

    Shares are thousandths of the whole cost; what members and others do not bear is the programme's.
    """

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    province = models.CharField(_("Province"), max_length=6)  # ISO 3166-2
    file = models.ForeignKey(FILE, models.PROTECT, null=True, blank=True, related_name="activities")
    code = models.CharField(_("Code"), max_length=24)
    kind = models.CharField(_("Kind of cost"), max_length=12, choices=CostKind)
    owner = models.CharField(_("Owner"), max_length=120, blank=True)  # who sees that it is done
    cost = models.PositiveBigIntegerField(_("Whole cost"))  # rial, planned
    member_share = models.PositiveSmallIntegerField(_("Share of the members"), default=0)
    other_share = models.PositiveSmallIntegerField(_("Share of others"), default=0)
    starts_on = models.DateField(_("Begins on"))
    ends_on = models.DateField(_("Ends on"))
    done_on = models.DateField(_("Done on"), null=True, blank=True)
    indicator = models.CharField(_("Indicator"), max_length=160)
    effect = models.CharField(_("Expected effect"), max_length=300)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "code"], name="activity_code_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on"), cost__gt=0), name="activity_in_order"),
            models.CheckConstraint(condition=Q(member_share__lte=1000 - F("other_share")), name="activity_borne_once"),
        ]
        indexes = [models.Index(fields=["file", "starts_on"]), models.Index(fields=["cluster", "province"])]

    @property
    def agency_share(self) -> int:
        """What the programme bears, in thousandths."""
        return WHOLE - self.member_share - self.other_share

    @property
    def borne(self) -> dict[str, int]:
        """The whole cost divided among `agency`, `member` and `other`, to the last rial."""
        shares = {"agency": self.agency_share, "member": self.member_share, "other": self.other_share}
        return apportion(self.cost, shares)


class CreditLine(NamedRow):
    """A line of a year's budget. Its totals (rial) are written by the movements alone: the database keeps them.

    At every moment paid ≤ committed ≤ allocated ≤ approved, and what was paid, carried over or has lapsed
    is never more than what was approved.
    """

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    year = models.ForeignKey(FiscalYear, models.PROTECT, related_name="lines")
    code = models.CharField(_("Credit line"), max_length=24)
    province = models.CharField(_("Province"), max_length=6, blank=True)  # blank: the whole nation
    file = models.ForeignKey(FILE, models.PROTECT, null=True, blank=True, related_name="credit_lines")
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, blank=True, related_name="lines")
    approved = models.BigIntegerField(pgettext_lazy("credit", "Approved"), default=0)
    allocated = models.BigIntegerField(pgettext_lazy("credit", "Allocated"), default=0)
    committed = models.BigIntegerField(pgettext_lazy("credit", "Committed"), default=0)
    paid = models.BigIntegerField(pgettext_lazy("credit", "Paid"), default=0)
    returned = models.BigIntegerField(pgettext_lazy("credit", "Returned"), default=0)
    lapsed = models.BigIntegerField(pgettext_lazy("credit", "Lapsed"), default=0)
    carried = models.BigIntegerField(pgettext_lazy("credit", "Carried over"), default=0)
    closed_on = models.DateField(_("Closed on"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "year", "code"], name="credit_line_once"),
            models.CheckConstraint(condition=Q(allocated__lte=F("approved")), name="allocated_within_approved"),
            models.CheckConstraint(condition=Q(committed__lte=F("allocated")), name="committed_within_allocated"),
            models.CheckConstraint(condition=Q(paid__lte=F("committed")), name="paid_within_committed"),
            models.CheckConstraint(
                condition=Q(approved__gte=F("paid") + F("lapsed") + F("carried")), name="no_rial_leaves_twice"
            ),
            models.CheckConstraint(
                condition=Q(paid__gte=0, returned__gte=0, lapsed__gte=0, carried__gte=0), name="no_total_below_zero"
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(approved=F("paid") + F("lapsed") + F("carried")),
                name="closed_with_every_rial_told",
            ),
        ]
        indexes = [
            models.Index(fields=["cluster", "year", "province"]),
            models.Index(fields=["file", "year"]),
            models.Index(fields=["cluster", "sort_key"]),
        ]

    @property
    def state(self) -> LineState:
        """The totals as the engine takes them."""
        return LineState(
            self.approved, self.allocated, self.committed, self.paid, self.returned, self.lapsed, self.carried
        )


class Movement(models.Model):
    """One step of money on a line, with its entry in the ledger and the paper, law and decision it rests on.

    Never changed or deleted; what undoes a step is another one (a cut, a return, a release, a refund).
    """

    class Kind(models.TextChoices):
        APPROVED = "approved", pgettext_lazy("movement", "Approved")
        RAISED = "raised", _("Raised by an amendment")
        CUT = "cut", _("Cut by an amendment")
        ALLOCATED = "allocated", pgettext_lazy("movement", "Allocated")
        RETURNED = "returned", _("Allocation returned")
        COMMITTED = "committed", pgettext_lazy("movement", "Committed")
        RELEASED = "released", _("Commitment released")
        PAID = "paid", pgettext_lazy("movement", "Paid")
        REFUNDED = "refunded", _("Refunded by the payee")
        REFUNDED_LATE = "refunded_late", _("Refunded after the year’s end")
        LAPSED = "lapsed", pgettext_lazy("movement", "Lapsed")
        CARRIED_OUT = "carried_out", _("Carried to the next year")
        CARRIED_IN = "carried_in", _("Carried from the year before")

    BY_LAW = (Kind.APPROVED, Kind.RAISED, Kind.CUT)
    OF_A_COMMITMENT = (
        *(Kind.COMMITTED, Kind.RELEASED, Kind.PAID, Kind.REFUNDED, Kind.REFUNDED_LATE),
        *(Kind.CARRIED_OUT, Kind.CARRIED_IN),
    )

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    line = models.ForeignKey(CreditLine, models.PROTECT, related_name="movements")
    number = models.CharField(_("Number"), max_length=24)
    kind = models.CharField(_("Movement"), max_length=14, choices=Kind)
    amount = models.BigIntegerField(_("Amount"))  # rial
    on = models.DateField(_("Date"))
    document = models.CharField(_("Document"), max_length=160)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    law = models.ForeignKey(BudgetLaw, models.PROTECT, null=True, related_name="movements")
    paper = models.ForeignKey("programme.PaperEdition", models.PROTECT, null=True, related_name="+")
    decision = models.ForeignKey("programme.Decision", models.PROTECT, null=True, related_name="+")
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, related_name="movements")
    commitment = models.ForeignKey("credit.Commitment", models.PROTECT, null=True, related_name="movements")
    order = models.OneToOneField("credit.PaymentOrder", models.PROTECT, null=True, related_name="movement")
    entry = models.OneToOneField("ledger.Entry", models.PROTECT, related_name="credit_movement")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "number"], name="movement_number_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="movement_above_zero"),
            models.CheckConstraint(
                condition=Q(kind__in=["approved", "raised", "cut"], law__isnull=False)
                | (~Q(kind__in=["approved", "raised", "cut"]) & Q(law=None)),
                name="the_law_approves_and_amends",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        *("committed", "released", "paid", "refunded", "refunded_late"),
                        *("carried_out", "carried_in"),
                    ],
                    commitment__isnull=False,
                )
                | Q(kind__in=["approved", "raised", "cut", "allocated", "returned", "lapsed"], commitment=None),
                name="movement_names_its_commitment",
            ),
            models.CheckConstraint(
                condition=Q(kind="paid", order__isnull=False) | (~Q(kind="paid") & Q(order=None)),
                name="paid_by_an_order",
            ),
        ]
        indexes = [
            models.Index(fields=["line", "on", "id"]),
            models.Index(fields=["cluster", "-on", "-id"]),
            models.Index(fields=["activity"]),
        ]

    def __str__(self) -> str:
        return self.number


class Closing(models.Model):
    """The year's end of a line: what was paid, what lapsed, what went on; with the number of its letter."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    line = models.OneToOneField(CreditLine, models.PROTECT, related_name="closing")
    number = models.CharField(_("Letter"), max_length=24)
    on = models.DateField(_("Date"))
    approved = models.BigIntegerField()  # rial, all of them as they stood
    paid = models.BigIntegerField()
    unallocated = models.BigIntegerField()  # lapsed without ever being allocated
    uncommitted = models.BigIntegerField()  # lapsed, though allocated
    carried = models.BigIntegerField()
    to_line = models.ForeignKey(CreditLine, models.PROTECT, null=True, related_name="carried_from")
    reason = models.CharField(_("Reason"), max_length=300)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "number"], name="closing_letter_once"),
            models.CheckConstraint(condition=Q(carried=0) | Q(to_line__isnull=False), name="carried_somewhere"),
        ]

    def __str__(self) -> str:
        return self.number
