"""Paying what is owed: the run that two persons make and approve, its lines, and what the bank answers.

A run pays one netted balance per party. Laws that PostgreSQL holds are in migration 0002: who made a
run never approves it, an approved run and its lines keep what was approved, and a line moves only
from one state to the next.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

CLUSTER = "register.Cluster"
ENTERPRISE = "register.Enterprise"
PERSON = "register.Person"


class PayingAccount(models.Model):
    """The bank account of the cluster from which runs are paid."""

    cluster = models.OneToOneField(CLUSTER, models.PROTECT, related_name="paying_account")
    holder = models.CharField(_("Account holder"), max_length=140)
    bank = models.CharField(_("Bank and branch"), max_length=120)
    sheba = models.CharField(_("Sheba (IBAN)"), max_length=26)
    bic = models.CharField(_("BIC of the bank"), max_length=11, blank=True)
    set_at = models.DateTimeField(auto_now=True)
    set_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.sheba


class PaymentRun(models.Model):
    """One order to the bank: made by one person, approved by another, answered line by line."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Being made")
        PROPOSED = "proposed", _("Waits for approval")
        APPROVED = "approved", _("Approved, at the bank")
        ANSWERED = "answered", _("Answered by the bank")
        CANCELLED = "cancelled", _("Cancelled")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="payment_runs")
    number = models.CharField(_("Payment run"), max_length=24)
    status = models.CharField(_("State"), max_length=10, choices=Status, default=Status.DRAFT)
    least = models.PositiveBigIntegerField(_("Least amount"), default=1)  # rial; smaller balances wait
    executes_on = models.DateField(_("Day of payment"))
    note = models.CharField(_("Note"), max_length=140, blank=True)
    made_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    proposed_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    # The account as it was at approval, and the checksum of the bank file made from it.
    holder = models.CharField(max_length=140, blank=True)
    bank = models.CharField(max_length=120, blank=True)
    sheba = models.CharField(max_length=26, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "number"], name="run_number_once"),
            models.CheckConstraint(condition=~Q(approved_by=F("made_by")), name="run_is_approved_by_another"),
            models.CheckConstraint(
                condition=Q(
                    status__in=["approved", "answered"],
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                    sha256__gt="",
                )
                | Q(status__in=["draft", "proposed", "cancelled"], approved_by__isnull=True, approved_at__isnull=True),
                name="run_is_approved_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["cluster", "-made_at"])]

    def __str__(self) -> str:
        return self.number


class PaymentLine(models.Model):
    """One party's payment: the balance owed, what the party owes, and what is paid of it."""

    class Status(models.TextChoices):
        HELD = "held", _("Held back")
        WAITING = "waiting", _("Not sent yet")
        SENT = "sent", _("At the bank")
        PAID = "paid", _("Paid")
        FAILED = "failed", _("Not paid")
        RETURNED = "returned", _("Paid, then returned")
        DROPPED = "dropped", _("Run cancelled")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    run = models.ForeignKey(PaymentRun, models.PROTECT, related_name="lines")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="payment_lines")
    number = models.CharField(_("Payment"), max_length=35)  # the end-to-end id in the bank file
    name = models.CharField(_("Receiver"), max_length=160)
    sheba = models.CharField(_("Sheba (IBAN)"), max_length=26)
    owed = models.BigIntegerField(_("Owed to the party"))  # rial
    owing = models.BigIntegerField(_("Owed by the party"))  # rial
    amount = models.BigIntegerField(_("Amount"))  # rial, the difference
    status = models.CharField(_("State"), max_length=8, choices=Status, default=Status.WAITING)
    sent_on = models.DateField(null=True)
    bank_reference = models.CharField(_("Bank reference"), max_length=60, blank=True)
    paid_on = models.DateField(_("Paid on"), null=True)
    answered_on = models.DateField(null=True)  # the bank's day of the last answer
    reason = models.CharField(_("Reason"), max_length=200, blank=True)  # held, failed or returned

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "number"], name="payment_number_once"),
            models.UniqueConstraint(fields=["run", "enterprise"], name="party_once_in_run"),
            models.UniqueConstraint(
                fields=["enterprise"], condition=Q(status="waiting"), name="party_waits_in_one_run_only"
            ),
            models.CheckConstraint(
                condition=Q(amount=F("owed") - F("owing"), amount__gt=0, owing__gte=0), name="payment_is_what_is_left"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["held", "failed", "returned"]) | ~Q(reason=""), name="payment_says_why_not"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["paid", "returned"]) | Q(paid_on__isnull=False), name="paid_on_a_day"
            ),
        ]
        indexes = [
            models.Index(fields=["cluster", "status"]),
            models.Index(fields=["enterprise", "-id"]),
            models.Index(fields=["cluster", "sheba", "amount"]),
        ]

    def __str__(self) -> str:
        return self.number


class PaymentRemark(models.Model):
    """What somebody wrote to a run: a question, an answer, why it was sent back or cancelled."""

    class Kind(models.TextChoices):
        REMARK = "remark", _("Remark")
        SENT_BACK = "sent_back", _("Sent back")
        CANCELLED = "cancelled", _("Cancelled")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    run = models.ForeignKey(PaymentRun, models.PROTECT, related_name="remarks")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.REMARK)
    text = models.CharField(_("Remark"), max_length=500)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.run_id} {self.kind}"


class BankFile(models.Model):
    """An answer of the bank that was read: known again by its checksum, taken in once."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="bank_files")
    name = models.CharField(_("File"), max_length=200)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cluster", "sha256"], name="bank_file_once")]

    def __str__(self) -> str:
        return self.name


class BankRow(models.Model):
    """One row of the bank's answer, and the payment it answers; unmatched until somebody says."""

    class State(models.TextChoices):
        PAID = "paid", _("Paid")
        REJECTED = "rejected", _("Not paid")
        RETURNED = "returned", _("Paid, then returned")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(BankFile, models.PROTECT, related_name="rows")
    row = models.PositiveIntegerField(_("Row"))
    end_to_end = models.CharField(max_length=60, blank=True)
    sheba = models.CharField(_("Sheba (IBAN)"), max_length=26, blank=True)
    amount = models.BigIntegerField(_("Amount"), null=True)  # rial
    state = models.CharField(_("State"), max_length=8, choices=State)
    reference = models.CharField(_("Bank reference"), max_length=60, blank=True)
    on = models.DateField(_("Date"))
    reason = models.CharField(_("Reason"), max_length=200, blank=True)
    line = models.ForeignKey(PaymentLine, models.PROTECT, null=True, related_name="bank_rows")
    not_ours = models.CharField(_("Why it is not ours"), max_length=200, blank=True)
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "row"], name="bank_row_once"),
            models.CheckConstraint(condition=Q(line__isnull=True) | Q(not_ours=""), name="bank_row_ours_or_not"),
        ]
        indexes = [models.Index(fields=["cluster", "line"])]

    def __str__(self) -> str:
        return f"{self.file_id}/{self.row}"
