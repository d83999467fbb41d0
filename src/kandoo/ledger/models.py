"""Double entry: every joint action's money as balanced legs, never changed, never deleted.

PostgreSQL refuses an entry that does not balance per currency when the transaction commits, and
any change to a leg (migration 0002).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
    amount = models.BigIntegerField(_("Amount"))
    currency = models.CharField(_("Currency"), max_length=3, default="IRR")

    class Meta:
        indexes = [models.Index(fields=["cluster", "account", "enterprise"]), models.Index(fields=["entry"])]
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount=0), name="leg_is_not_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount} {self.currency}"
