"""The procedure as data: stages, what each asks, which papers it needs and who decides."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

CLUSTER = "register.Cluster"
PERSON = "register.Person"


class BodyKind(models.TextChoices):
    """Who meets to decide."""

    OFFICE = "office", _("Provincial office")
    COMMITTEE = "committee", _("Provincial committee")
    COUNCIL = "council", _("Steering council")
    NATION = "nation", _("National committee")


class TwoNames(models.Model):
    """A row with a Persian and an English name."""

    name_fa = models.CharField(_("Name in Persian"), max_length=160)
    name_en = models.CharField(_("Name in English"), max_length=160, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        english = (get_language() or "fa").startswith("en")
        return (self.name_en or self.name_fa) if english else self.name_fa


class Procedure(TwoNames):
    """One edition of the procedure. Once files are on it, it never changes; a change is another edition."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    code = models.CharField(_("Code"), max_length=20)
    edition = models.PositiveSmallIntegerField(_("Edition"))
    in_force_from = models.DateField(_("In force from"))
    reason = models.CharField(_("Reason for the change"), max_length=300)
    source = models.CharField(_("Source"), max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cluster", "code", "edition"], name="procedure_edition_once")]


class Stage(TwoNames):
    """A stage and the gate into it: its question is answered in a meeting of the body that decides."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="stages")
    code = models.CharField(_("Code"), max_length=8)  # G0 … G9
    position = models.PositiveSmallIntegerField()  # 0, 1, …: the order of the gates
    question_fa = models.CharField(_("Question in Persian"), max_length=300)
    question_en = models.CharField(_("Question in English"), max_length=300, blank=True)
    decided_by = models.CharField(_("Decided by"), max_length=10, choices=BodyKind)
    weight = models.PositiveSmallIntegerField(_("Weight of the phase"))  # thousandths of the agent's contract
    is_exit = models.BooleanField(_("Ends the programme's support"), default=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "code"], name="stage_code_once"),
            models.UniqueConstraint(fields=["procedure", "position"], name="stage_position_once"),
            models.CheckConstraint(condition=Q(weight__lte=1000), name="stage_weight_is_a_part"),
        ]


class RequiredPaper(TwoNames):
    """A paper without which a gate cannot be passed."""

    class Level(models.TextChoices):
        PROVINCE = "province", _("Officer of the province")
        NATION = "nation", _("Officer of the nation")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="+")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="papers")
    code = models.CharField(_("Code"), max_length=40)
    position = models.PositiveSmallIntegerField()
    approved_by = models.CharField(_("Approved by"), max_length=10, choices=Level, default=Level.PROVINCE)

    class Meta:
        ordering = ["stage__position", "position"]
        constraints = [models.UniqueConstraint(fields=["stage", "code"], name="required_paper_once")]
