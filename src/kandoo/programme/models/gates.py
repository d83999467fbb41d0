"""Bodies that decide, their meetings, what they resolved, and what they asked for in return."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kandoo.programme.models.files import ClusterFile
from kandoo.programme.models.procedure import CLUSTER, PERSON, BodyKind, Stage, TwoNames


class Body(TwoNames):
    """A committee or council: of a province, of the nation (blank province), or of one cluster (`file`)."""

    class Rule(models.TextChoices):
        VOTE = "vote", _("Majority of those present")
        CONSENSUS = "consensus", _("Consensus")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    kind = models.CharField(_("Kind"), max_length=10, choices=BodyKind)
    province = models.CharField(_("Province"), max_length=6, blank=True)
    file = models.ForeignKey(ClusterFile, models.PROTECT, null=True, blank=True, related_name="bodies")
    quorum = models.PositiveSmallIntegerField(_("Quorum"))  # voting members who must be present
    rule = models.CharField(_("How it decides"), max_length=10, choices=Rule, default=Rule.VOTE)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quorum__gte=1), name="quorum_is_somebody"),
            models.CheckConstraint(
                condition=(Q(kind="council") & Q(file__isnull=False)) | (~Q(kind="council") & Q(file=None)),
                name="a_council_is_of_one_cluster",
            ),
            models.CheckConstraint(
                condition=Q(kind="nation", province="") | (~Q(kind="nation") & ~Q(province="")),
                name="only_the_nation_has_no_province",
            ),
        ]


class BodyMember(models.Model):
    """Somebody in a body, from a day to a day; with a login or without."""

    class Post(models.TextChoices):
        CHAIR = "chair", _("Chair")
        SECRETARY = "secretary", _("Secretary")
        MEMBER = "member", _("Member of the body")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    body = models.ForeignKey(Body, models.PROTECT, related_name="members")
    person = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("Name"), max_length=120)
    organisation = models.CharField(_("Organisation"), max_length=160, blank=True)
    post = models.CharField(_("Post"), max_length=10, choices=Post, default=Post.MEMBER)
    is_voting = models.BooleanField(_("Has a vote"), default=True)
    from_on = models.DateField(_("From"))
    to_on = models.DateField(_("Until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")), name="body_member_leaves_after_coming"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Meeting(models.Model):
    """A sitting of a body: called, held with those present, then closed with its minutes for good."""

    class Status(models.TextChoices):
        CALLED = "called", _("Called")
        HELD = "held", _("Being held")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    body = models.ForeignKey(Body, models.PROTECT, related_name="meetings")
    number = models.PositiveSmallIntegerField(_("Number"))  # 1, 2, … within the body
    on = models.DateField(_("Day"))
    place = models.CharField(_("Place"), max_length=160, blank=True)
    status = models.CharField(_("State"), max_length=10, choices=Status, default=Status.CALLED)
    minutes = models.TextField(_("Minutes"), blank=True)
    called_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["body", "number"], name="meeting_number_once")]
        indexes = [models.Index(fields=["cluster", "-on"])]

    def __str__(self) -> str:
        return f"{self.body_id}, meeting {self.number}"


class Attendance(models.Model):
    """A member who was present."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="present")
    member = models.ForeignKey(BodyMember, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "member"], name="present_once")]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.meeting_id}"


class AgendaItem(models.Model):
    """A gate of a file that a meeting is to decide."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="agenda")
    file = models.ForeignKey(ClusterFile, models.PROTECT, related_name="agenda")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "file"], name="file_once_on_agenda")]

    def __str__(self) -> str:
        return f"{self.file_id} for {self.stage_id}"


class Ballot(models.Model):
    """How a member who signs in voted on a gate, in the sitting and openly; once, and never changed."""

    class Choice(models.TextChoices):
        YES = "yes", _("In favour")
        NO = "no", _("Against")
        ABSTAINED = "abstained", _("Abstained")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="ballots")
    member = models.ForeignKey(BodyMember, models.PROTECT, related_name="+")
    choice = models.CharField(_("Vote"), max_length=10, choices=Choice)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "member"], name="one_ballot_a_member")]

    def __str__(self) -> str:
        return f"{self.member_id} on {self.item_id}: {self.choice}"


class Decision(models.Model):
    """What a meeting resolved on a gate. The database checks order, papers, quorum, votes and right; never changed."""

    class Outcome(models.TextChoices):
        PASSED = "passed", _("Passed")
        CONDITIONAL = "conditional", _("Passed with conditions")
        WAITING = "waiting", _("To wait")
        REJECTED = "rejected", _("Not passed")

    PASSING = (Outcome.PASSED, Outcome.CONDITIONAL)

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="decision")
    file = models.ForeignKey(ClusterFile, models.PROTECT, related_name="decisions")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+")
    outcome = models.CharField(_("Outcome"), max_length=12, choices=Outcome)
    yes = models.PositiveSmallIntegerField(_("In favour"))
    no = models.PositiveSmallIntegerField(_("Against"))
    abstained = models.PositiveSmallIntegerField(_("Abstained"))
    resolution = models.TextField(_("Resolution"))
    on = models.DateField(_("Day"))
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["file", "on"])]

    def __str__(self) -> str:
        return f"{self.stage_id} of {self.file_id}: {self.outcome}"


class Condition(models.Model):
    """What somebody must do by a day for a conditional decision; the next gate waits for it."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(ClusterFile, models.PROTECT, related_name="conditions")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="conditions")
    text = models.CharField(_("Condition"), max_length=300)
    owner_name = models.CharField(_("Owner"), max_length=120)
    owner = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(_("Due on"))
    kept_on = models.DateField(_("Kept on"), null=True)
    evidence = models.CharField(_("Evidence"), max_length=300, blank=True)
    kept_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kept_on=None, evidence="", kept_by=None)
                | (Q(kept_on__isnull=False, kept_by__isnull=False) & ~Q(evidence="")),
                name="kept_with_evidence",
            )
        ]
        indexes = [models.Index(fields=["cluster", "due_on"], condition=Q(kept_on=None), name="open_conditions")]

    def __str__(self) -> str:
        return self.text


class Reminder(models.Model):
    """A day on which the owner and the officers were reminded of a condition."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(ClusterFile, models.PROTECT, related_name="+")
    condition = models.ForeignKey(Condition, models.PROTECT, related_name="reminders")
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["condition", "on"], name="reminded_once_a_day")]

    def __str__(self) -> str:
        return f"{self.condition_id} on {self.on}"
