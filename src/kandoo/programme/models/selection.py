"""Choosing among candidates: criteria with weights, scores with evidence, the order and how sure it is."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kandoo.programme.models.files import ClusterFile
from kandoo.programme.models.procedure import CLUSTER, PERSON, TwoNames


class SelectionRound(TwoNames):
    """A round of prioritising in a province. Closed, it keeps every candidate with its scores for good."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    province = models.CharField(_("Province"), max_length=6, blank=True)  # blank: the whole nation
    year = models.PositiveSmallIntegerField(_("Year (Jalali)"))
    spread = models.PositiveSmallIntegerField(_("How far weights may be off"), default=25)  # percent
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    closed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    ranking = models.JSONField(default=list)  # once closed: file, score, rank, rank_low, rank_high, first_share
    opened_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(spread__lte=100), name="spread_is_a_part")]


class Criterion(TwoNames):
    """What candidates are compared by. Scores are 0 to 100; only the proportion of weights matters."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    round = models.ForeignKey(SelectionRound, models.PROTECT, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    weight = models.PositiveSmallIntegerField(_("Weight"))
    guide = models.CharField(_("What 0 and 100 mean"), max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.CheckConstraint(condition=Q(weight__range=(1, 100)), name="criterion_weighs_something")]


class Candidate(models.Model):
    """A file that takes part in a round."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    round = models.ForeignKey(SelectionRound, models.PROTECT, related_name="candidates")
    file = models.ForeignKey(ClusterFile, models.PROTECT, related_name="candidatures")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "file"], name="candidate_once")]

    def __str__(self) -> str:
        return f"{self.file_id} in {self.round_id}"


class Score(models.Model):
    """What a candidate was given on a criterion, and on what evidence; changed while the round is open."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    round = models.ForeignKey(SelectionRound, models.PROTECT, related_name="scores")
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores")
    value = models.PositiveSmallIntegerField(_("Score"))
    evidence = models.CharField(_("Evidence"), max_length=300)
    dated = models.DateField(_("Date of the evidence"))
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["candidate", "criterion"], name="score_once"),
            models.CheckConstraint(condition=Q(value__lte=100), name="score_at_most_100"),
            models.CheckConstraint(condition=~Q(evidence=""), name="score_has_evidence"),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id} by {self.criterion_id}: {self.value}"
