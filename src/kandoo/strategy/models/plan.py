"""Vision, objectives and the results chain: what is done, what it leads to, and on which assumptions."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kandoo.programme.models.procedure import TwoNames
from kandoo.strategy.models.diagnosis import CLUSTER, FILE, PERSON, TwoTexts

ACTIVITY = "credit.Activity"
INDICATOR = "results.Indicator"


class Vision(TwoTexts):
    """What the cluster wants to be by a year. Never changed: a further one takes its place, both stay."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(FILE, models.PROTECT, related_name="visions")
    by_year = models.PositiveSmallIntegerField(_("By the year"))  # Jalali
    agreed_on = models.DateField(_("Agreed on"))
    agreed_by = models.CharField(_("Agreed by"), max_length=160)  # the council, an assembly of members
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-agreed_on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(by_year__range=(1300, 1600)), name="vision_by_a_year")]


class Objective(TwoNames):
    """A strategic objective, measured by an indicator where it has one."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(FILE, models.PROTECT, related_name="objectives")
    code = models.CharField(_("Code"), max_length=12)
    indicator = models.ForeignKey(
        INDICATOR, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Indicator")
    )

    class Meta:
        ordering = ["code", "pk"]
        constraints = [models.UniqueConstraint(fields=["file", "code"], name="objective_code_once")]


class Serving(models.Model):
    """The objective that an activity serves; one at most."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(FILE, models.PROTECT, related_name="+")
    objective = models.ForeignKey(Objective, models.PROTECT, related_name="servings")
    activity = models.OneToOneField(ACTIVITY, models.PROTECT, related_name="serving")

    def __str__(self) -> str:
        return f"{self.activity_id} serves {self.objective_id}"


class Level(models.TextChoices):
    """The five levels of a results chain, in order."""

    INPUT = "input", pgettext_lazy("results chain", "Input")
    ACTIVITY = "activity", pgettext_lazy("results chain", "Activity")
    OUTPUT = "output", pgettext_lazy("results chain", "Output")
    OUTCOME = "outcome", pgettext_lazy("results chain", "Outcome")
    IMPACT = "impact", pgettext_lazy("results chain", "Impact")


class Node(TwoTexts):
    """A link of the results chain. Its level stays; an activity of the plan stands at the level of activities."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(FILE, models.PROTECT, related_name="nodes")
    code = models.CharField(_("Code"), max_length=12)
    level = models.CharField(_("Level"), max_length=8, choices=Level)
    activity = models.OneToOneField(
        ACTIVITY, models.PROTECT, null=True, blank=True, related_name="node", verbose_name=_("Activity of the plan")
    )
    indicator = models.ForeignKey(
        INDICATOR, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Indicator")
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["file", "code"], name="node_code_once"),
            models.CheckConstraint(
                condition=Q(activity=None) | Q(level="activity"), name="activity_stands_at_its_level"
            ),
        ]


class Edge(models.Model):
    """One thing leads to a later one, if the assumption holds; the risk is that it does not."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    file = models.ForeignKey(FILE, models.PROTECT, related_name="edges")
    source = models.ForeignKey(Node, models.PROTECT, related_name="leads_to", verbose_name=_("From"))
    target = models.ForeignKey(Node, models.PROTECT, related_name="comes_from", verbose_name=_("To"))
    assumption = models.CharField(_("Assumption"), max_length=300, blank=True)
    risk = models.CharField(_("Risk"), max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "target"], name="edge_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="edge_leads_on"),
        ]

    def __str__(self) -> str:
        arrow = "→" if (get_language() or "fa").startswith("en") else "←"  # in the direction of reading
        return f"{self.source} {arrow} {self.target}"
