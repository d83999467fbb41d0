"""Double entry: every joint action's money as balanced legs, never changed, never deleted.

PostgreSQL refuses an entry that does not balance per currency when the transaction commits, and
any change to a leg, any leg added later, and any posting into a closed period (migrations 0003
and 0005).
"""

from django.db import models
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from kandoo.site import language as lang


class Entry(models.Model):
    """One fact's legs. `source` names the fact and can be booked once: it is the idempotency key."""

    cluster = models.ForeignKey("register.Cluster", models.PROTECT, related_name="entries")
    rule = models.CharField(_("Rule"), max_length=40)
    source = models.CharField(_("Source"), max_length=120)
    on = models.DateField(_("Date"))
    posted_at = models.DateTimeField(auto_now_add=True)
    posted_by = models.ForeignKey("register.Person", models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    reason = models.CharField(_("Reason"), max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cluster", "source"], name="fact_booked_once")]
        indexes = [models.Index(fields=["cluster", "-on", "-id"])]

    def __str__(self) -> str:
        return f"{self.rule} {self.source}"


class Leg(models.Model):
    """One side of an entry: debit above zero, credit below, in the currency's smallest unit."""

    cluster = models.ForeignKey("register.Cluster", models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="legs")
    account = models.CharField(_("Account"), max_length=40)
    enterprise = models.ForeignKey("register.Enterprise", models.PROTECT, null=True, related_name="legs")
    party = models.CharField(_("Party"), max_length=180, blank=True)  # one outside the register
    lot = models.ForeignKey("selling.Lot", models.PROTECT, null=True, related_name="legs")
    round = models.ForeignKey("buying.Round", models.PROTECT, null=True, related_name="legs")
    amount = models.BigIntegerField(_("Amount"))
    currency = models.CharField(_("Currency"), max_length=3, default="IRR")

    class Meta:
        indexes = [models.Index(fields=["cluster", "account", "enterprise"]), models.Index(fields=["entry"])]
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount=0), name="leg_is_not_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount} {self.currency}"


class ExchangeRate(models.Model):
    """Rial for one unit of a currency on a day, with its source."""

    class Currency(models.TextChoices):
        IRR = "IRR", _("Rial (shown in toman)")
        EUR = "EUR", _("Euro")
        USD = "USD", _("US dollar")
        AED = "AED", _("UAE dirham")
        CNY = "CNY", _("Chinese yuan")

    cluster = models.ForeignKey("register.Cluster", models.PROTECT, related_name="+")
    currency = models.CharField(_("Currency"), max_length=3, choices=Currency)
    rial = models.PositiveBigIntegerField(_("Rial for one unit"))
    on = models.DateField(_("Date"))
    source = models.CharField(_("Source"), max_length=160)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cluster", "currency", "on"], name="one_rate_a_day")]

    def __str__(self) -> str:
        return f"{self.currency} {self.rial}"


class PeriodClose(models.Model):
    """The books are closed through a day: nothing is posted to it or before, ever again."""

    cluster = models.ForeignKey("register.Cluster", models.PROTECT, related_name="period_closes")
    through = models.DateField(_("Last day of the period"))
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey("register.Person", models.PROTECT, related_name="+")
    entries = models.PositiveIntegerField()  # entries up to that day
    balances = models.JSONField()  # the trial balance on that day: [account, currency, debit, credit]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cluster", "through"], name="period_closed_once")]

    def __str__(self) -> str:
        language = "en" if (get_language() or "fa").startswith("en") else "fa"
        return gettext("Closed through %(day)s") % {"day": lang.format_day(self.through, language)}


class Voucher(models.Model):
    """A fact written down by hand, with its document: a fee, a deposit, inputs on credit, a subsidy."""

    class Kind(models.TextChoices):
        FEE = "fee_charged", _("Fee charged to a member")
        INPUT = "input_on_credit", _("Inputs given on credit")
        DEPOSIT = "deposit_received", _("Deposit received")
        DEPOSIT_BACK = "deposit_returned", _("Deposit to be returned")
        DEPOSIT_KEPT = "deposit_kept", _("Deposit forfeited to the reserve")
        RECEIVED = "money_received", _("Money received from a party")
        ADVANCE = "advance_granted", _("Advance granted")
        ADVANCE_BACK = "advance_recovered", _("Advance taken off")
        SUBSIDY = "subsidy_received", _("Public subsidy received")
        SUBSIDY_ON = "subsidy_granted", _("Subsidy granted to a party")
        RESERVE = "reserve_used", _("Spent from the reserve")

    cluster = models.ForeignKey("register.Cluster", models.PROTECT, related_name="vouchers")
    number = models.CharField(_("Voucher"), max_length=20)
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind)
    enterprise = models.ForeignKey("register.Enterprise", models.PROTECT, null=True, related_name="vouchers")
    supplier = models.ForeignKey("register.Enterprise", models.PROTECT, null=True, related_name="+")
    amount = models.BigIntegerField(_("Amount"))  # rial
    on = models.DateField(_("Date"))
    document = models.CharField(_("Document"), max_length=160)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    scan = models.FileField(upload_to="vouchers/%Y/", blank=True)  # the document itself: a picture or a PDF
    scan_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey("register.Person", models.PROTECT, related_name="+")
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="voucher")
    file_sha256 = models.CharField(max_length=64, blank=True)  # of the imported file it came from

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "number"], name="voucher_number_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="voucher_above_zero"),
        ]
        indexes = [models.Index(fields=["cluster", "-on", "-id"]), models.Index(fields=["enterprise", "-on"])]

    def __str__(self) -> str:
        return self.number
