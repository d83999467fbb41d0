"""Rules by which members share: proposed, simulated, voted on, and from a day on in force."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

CLUSTER = "register.Cluster"
ENTERPRISE = "register.Enterprise"
PERSON = "register.Person"


class RuleProposal(models.Model):
    """A rule that somebody wants for a kind of joint action, and what the members said to it.

    Adopted proposals are the history of rules: once decided, a proposal never changes. The choices
    of the members stay in `RuleVote`; here stand only the totals, from the count on.
    """

    class Kind(models.TextChoices):
        SELLING = "selling", _("Selling together")
        BUYING = "buying", _("Buying together")
        SERVICES = "services", _("Shared services")
        COLLECTION = "collection", _("Collection and transport")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Vote open")
        ADOPTED = "adopted", _("Adopted")
        REJECTED = "rejected", pgettext_lazy("proposal", "Rejected")
        WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "Withdrawn")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    kind = models.CharField(_("Kind of action"), max_length=12, choices=Kind)
    rule = models.JSONField()  # SharingRule.to_dict()
    title = models.CharField(_("Title"), max_length=120)
    reason = models.TextField(_("Reason"))
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, null=True, related_name="+")  # None: the agent
    proposed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    vote_opens_on = models.DateField(_("Vote opened on"), null=True)  # the day it was opened
    vote_closes_on = models.DateField(_("Last day to vote"))
    quorum_percent = models.PositiveSmallIntegerField(_("Quorum"))  # of the electorate
    majority_percent = models.PositiveSmallIntegerField(_("Majority"))  # of the votes cast
    in_force_from = models.DateField(_("In force from"))
    status = models.CharField(_("State"), max_length=10, choices=Status, default=Status.DRAFT)
    electorate = models.PositiveIntegerField(null=True)  # enterprises, frozen when the vote opens
    yes = models.PositiveIntegerField(null=True)  # from the count on
    no = models.PositiveIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    simulation = models.JSONField(default=dict)  # SeasonSummary.to_dict(), as members saw it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "kind"], condition=Q(status="open"), name="one_open_vote_per_kind"
            ),
            models.CheckConstraint(
                condition=Q(quorum_percent__lte=100, majority_percent__range=(50, 100)), name="vote_terms_are_possible"
            ),
            models.CheckConstraint(
                condition=Q(vote_closes_on__gte=F("vote_opens_on")), name="vote_closes_after_opening"
            ),
        ]
        indexes = [models.Index(fields=["cluster", "kind", "status", "-in_force_from"])]

    def __str__(self) -> str:
        return self.title


class Elector(models.Model):
    """An enterprise that may vote: it belonged to the cluster on the day the vote opened."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    proposal = models.ForeignKey(RuleProposal, models.PROTECT, related_name="electors")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "enterprise"], name="elector_once")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} in {self.proposal_id}"


class RuleVote(models.Model):
    """What an enterprise answered. A change of mind is a new row; the one with the highest number counts."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    proposal = models.ForeignKey(RuleProposal, models.PROTECT, related_name="votes")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()  # 1, 2, … by enterprise
    is_yes = models.BooleanField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "enterprise", "number"], name="vote_number_once")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} in {self.proposal_id}, vote {self.number}"


class SimulatedShare(models.Model):
    """One member's line of the simulation that was shown with a vote; rial over the whole season."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    proposal = models.ForeignKey(RuleProposal, models.PROTECT, related_name="simulated_shares")
    enterprise = models.ForeignKey(ENTERPRISE, models.PROTECT, related_name="+")
    season = models.PositiveSmallIntegerField()  # Jalali year in which the lots were settled
    now = models.BigIntegerField()  # by the rule each lot used
    proposed = models.BigIntegerField()
    alone = models.BigIntegerField()  # of the kilograms with evidence
    lots = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "enterprise"], name="simulated_once")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} in {self.proposal_id}"
