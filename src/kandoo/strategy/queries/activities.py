"""The activities of a plan with their money and where they stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce

from kandoo.credit.models import Activity
from kandoo.programme.models import ClusterFile

State = Literal["done", "late", "running", "ahead"]


@dataclass(frozen=True, slots=True)
class Planned:
    """An activity of the plan: its state on a day, what is committed to it and paid (rial)."""

    activity: Activity
    state: State
    committed: int
    paid: int

    @property
    def is_unfunded(self) -> bool:
        """Whether the programme is to bear a part of it and nothing is committed."""
        return self.state != "done" and self.activity.agency_share > 0 and self.committed == 0


def activities_of(file: ClusterFile) -> QuerySet[Activity]:
    """The activities of a file by their first day, with what is committed to them and paid."""
    net = Coalesce(Sum(F("commitments__committed") - F("commitments__carried")), 0)
    money = {"bound": net, "spent": Coalesce(Sum("commitments__paid"), 0)}
    return Activity.objects.filter(file=file).annotate(**money).order_by("starts_on", "code")


def state_on(activity: Activity, day: date) -> State:
    """Done, late (past its last day), running, or still ahead."""
    if activity.done_on is not None and activity.done_on <= day:
        return "done"
    if activity.ends_on < day:
        return "late"
    return "running" if activity.starts_on <= day else "ahead"


def planned(file: ClusterFile, today: date) -> list[Planned]:
    """Every activity of the file as it stands on a day."""
    return [
        Planned(each, state_on(each, today), int(each.bound), int(each.spent))  # type: ignore[attr-defined]
        for each in activities_of(file)
    ]


def late(rows: Iterable[Planned]) -> list[Planned]:
    """Those past their last day and not done."""
    return [each for each in rows if each.state == "late"]


def unfunded(rows: Iterable[Planned], today: date) -> list[Planned]:
    """Those that should have begun and to which nothing is committed."""
    return [each for each in rows if each.is_unfunded and each.activity.starts_on < today]
