"""What every step of a lot shares: its lock, its line in the trail, and whom it tells."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from kandoo.register.models import Person
from kandoo.selling.models import Lot, PlanLine
from kandoo.selling.problems import WrongStep
from kandoo.site import audit, notices

Status = Lot.Status


def members_in(lot: Lot) -> set[int]:
    """The enterprises with a part in the present plan."""
    return set(PlanLine.objects.filter(plan=lot.plan_id).values_list("enterprise_id", flat=True))


def people_in(lot: Lot) -> list[int]:
    return notices.people_with(lot.cluster_id, "member", enterprises=members_in(lot))


def locked(lot: Lot, *steps: str) -> Lot:
    """The lot under lock, or a word on why it is not at one of these steps."""
    lot = Lot.objects.select_for_update(of=("self",)).select_related("cluster", "plan").get(pk=lot.pk)
    if lot.status not in steps:
        raise WrongStep(_("The lot is now “%(step)s”, so this cannot be done.") % {"step": lot.get_status_display()})
    return lot


def note(by: Person, lot: Lot, verb: str, **detail: Any) -> None:
    audit.record(by=by, cluster_id=lot.cluster_id, verb=verb, subject=f"lot/{lot.pk}", **detail)


def tell(lot: Lot, people: Iterable[int], code: str, **values: str) -> None:
    notices.tell(
        people,
        cluster_id=lot.cluster_id,
        code=code,
        url=f"/selling/lots/{lot.pk}/",
        lot=f"{lot.code} {lot.title}",
        **values,
    )
