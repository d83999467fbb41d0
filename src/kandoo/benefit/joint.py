"""A joint action as the account of cooperation takes it, whatever it is: a lot of honey, a round of buying."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from kandoo.benefit.models import ActionKind
from kandoo.buying.models import Round
from kandoo.engine.benefit import Side
from kandoo.register.models import Cluster
from kandoo.selling.models import Lot

BEFORE_AGREEMENT = ("called", "open", "planned")  # lots and rounds call their steps alike
OVER = ("settled", "cancelled")


@dataclass(frozen=True, slots=True)
class Joint:
    """One joint action: its kind, the number of its row there, and whether members earn or pay in it."""

    kind: str
    pk: int
    cluster: Cluster
    code: str
    title: str
    status: str
    side: Side
    row: Lot | Round

    @classmethod
    def of_lot(cls, lot: Lot) -> "Joint":
        return cls(ActionKind.SELLING, lot.pk, lot.cluster, lot.code, lot.title, lot.status, "earning", lot)

    @classmethod
    def of_round(cls, this: Round) -> "Joint":
        return cls(ActionKind.BUYING, this.pk, this.cluster, this.code, this.title, this.status, "cost", this)

    @property
    def key(self) -> dict[str, Any]:
        """What finds its rows in the account."""
        return {"action": self.kind, "action_id": self.pk}

    @property
    def place(self) -> str:
        """Its part of an address: /benefit/lots/7/."""
        return "lots" if isinstance(self.row, Lot) else "rounds"

    @property
    def subject(self) -> str:
        """Its name in the trail."""
        return f"{self.place.removesuffix('s')}/{self.pk}"

    @property
    def url(self) -> str:
        """Its own page."""
        return reverse("selling:lot" if isinstance(self.row, Lot) else "buying:round", args=[self.pk])

    @property
    def entry_url(self) -> str:
        """Where a member writes the offer or the need that names its price alone."""
        return reverse("selling:lot_offer" if isinstance(self.row, Lot) else "buying:need", args=[self.pk])

    @property
    def is_buying(self) -> bool:
        return self.side == "cost"

    @property
    def takes_evidence(self) -> bool:
        """Evidence is given until the action is agreed."""
        return self.status in BEFORE_AGREEMENT

    @property
    def is_over(self) -> bool:
        return self.status in OVER

    @property
    def agreed_on(self) -> date:
        """The day on which it was agreed; today while it is not."""
        at = self.row.agreed_at
        return timezone.localdate(at) if at else timezone.localdate()


def as_joint(row: Lot | Round) -> Joint:
    """A lot or a round as a joint action."""
    return Joint.of_lot(row) if isinstance(row, Lot) else Joint.of_round(row)
