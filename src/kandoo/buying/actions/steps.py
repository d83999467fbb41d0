"""What every step of a round shares: its lock, its line in the trail, and whom it tells."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from kandoo.buying.models import PlanLine, Round
from kandoo.buying.problems import WrongStep
from kandoo.register.models import Person
from kandoo.site import audit, notices

Status = Round.Status


def locked(this: Round, *steps: str) -> Round:
    """The round under lock, or a word on why it is not at one of these steps."""
    this = Round.objects.select_for_update(of=("self",)).select_related("cluster", "plan").get(pk=this.pk)
    require(this, *steps)
    return this


def require(this: Round, *steps: str) -> None:
    """Refuse unless the round is at one of these steps."""
    if this.status not in steps:
        raise WrongStep(_("The round is now “%(step)s”, so this cannot be done.") % {"step": this.get_status_display()})


def members_in(this: Round) -> set[int]:
    """The enterprises with a part in the present plan."""
    return set(PlanLine.objects.filter(plan=this.plan_id).values_list("enterprise_id", flat=True))


def people_in(this: Round) -> list[int]:
    """The persons of the members in the present plan."""
    return notices.people_with(this.cluster_id, "member", enterprises=members_in(this))


def note(by: Person, this: Round, verb: str, **detail: Any) -> None:
    """One line in the trail."""
    audit.record(by=by, cluster_id=this.cluster_id, verb=verb, subject=f"round/{this.pk}", **detail)


def tell(this: Round, people: Iterable[int], code: str, **values: str) -> None:
    """A notice to each person that leads to the round."""
    notices.tell(
        people,
        cluster_id=this.cluster_id,
        code=code,
        url=f"/buying/rounds/{this.pk}/",
        round=f"{this.code} {this.title}",
        **values,
    )
