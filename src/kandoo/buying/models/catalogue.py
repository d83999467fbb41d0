"""What may be bought together, and where it is handed out."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kandoo.register.models import NamedRow

CLUSTER = "register.Cluster"
ENTERPRISE = "register.Enterprise"
PERSON = "register.Person"


class Item(NamedRow):
    """A thing members buy: its unit, the units in a pack and the packs on a pallet."""

    class Unit(models.TextChoices):
        KG = "kg", _("kg")
        PIECE = "piece", _("piece")
        SHEET = "sheet", _("sheet")
        LITRE = "litre", _("litre")
        SET = "set", _("set")

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="catalogue")
    code = models.SlugField(_("Code"), max_length=40)
    unit = models.CharField(_("Unit"), max_length=8, choices=Unit)
    pack = models.PositiveIntegerField(_("Units in a pack"), default=1)
    pallet = models.PositiveIntegerField(_("Packs on a pallet"), null=True, blank=True)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    is_active = models.BooleanField(_("On offer"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "code"], name="item_code_once"),
            models.CheckConstraint(
                condition=Q(pack__gt=0) & (Q(pallet=None) | Q(pallet__gt=0)), name="pack_holds_units"
            ),
        ]
        indexes = [models.Index(fields=["cluster", "sort_key"])]

    @property
    def pallet_units(self) -> int:
        """Units on a pallet; of a pack where no pallet is known."""
        return self.pack * (self.pallet or 1)


class CollectionPoint(NamedRow):
    """Where goods are handed out; its keeper may enter needs for members there and confirm what was taken."""

    cluster = models.ForeignKey(CLUSTER, models.PROTECT, related_name="collection_points")
    code = models.SlugField(_("Code"), max_length=40)
    address = models.CharField(_("Address"), max_length=300, blank=True)
    county = models.CharField(_("County"), max_length=60, blank=True)  # key of the boundary file
    keeper = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="points_kept", verbose_name=_("Keeper")
    )
    is_active = models.BooleanField(_("In use"), default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cluster", "code"], name="point_code_once")]
