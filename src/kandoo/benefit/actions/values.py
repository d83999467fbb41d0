"""What the agent says for all: the value of an hour of own work, and public money in an action."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.benefit.joint import Joint
from kandoo.benefit.models import Gain, Subsidy, TimeValue
from kandoo.register.models import Cluster, Person
from kandoo.selling.problems import NotPossible, WrongStep
from kandoo.site import audit


@transaction.atomic
def set_time_value(*, by: Person, cluster: Cluster, season: int, per_hour: int, source: str, dated: date) -> TimeValue:
    """What an hour of a member's own work counts in a season; gains counted before keep their own."""
    if per_hour <= 0:
        raise NotPossible(_("The value of an hour is above zero."))
    row, _is_new = TimeValue.objects.update_or_create(
        cluster=cluster, season=season, defaults={"per_hour": per_hour, "source": source.strip(), "dated": dated}
    )
    audit.record(
        by=by,
        cluster_id=cluster.pk,
        verb="set-time-value",
        subject=f"season/{season}",
        per_hour=per_hour,
        source=source,
    )
    return row


@transaction.atomic
def add_subsidy(*, by: Person, joint: Joint, amount: int, source: str, on: date, today: date) -> Subsidy:
    """Public money that raised what an action earned or lowered what it cost; it will not count as gain."""
    _check_open(joint)
    if amount <= 0:
        raise NotPossible(_("The amount is above zero."))
    if on > today:
        raise NotPossible(_("The date lies in the future."))
    row = Subsidy.objects.create(
        cluster_id=joint.cluster.pk, **joint.key, amount=amount, source=source.strip(),
        on=on, by=by,
    )  # fmt: skip
    audit.record(
        by=by, cluster_id=joint.cluster.pk, verb="add-subsidy", subject=joint.subject, amount=amount, source=source
    )
    return row


@transaction.atomic
def remove_subsidy(*, by: Person, joint: Joint, subsidy: Subsidy) -> None:
    """Take back public money entered in error, before the action is settled."""
    _check_open(joint)
    audit.record(
        by=by, cluster_id=joint.cluster.pk, verb="remove-subsidy", subject=joint.subject, amount=subsidy.amount,
        source=subsidy.source,
    )  # fmt: skip
    subsidy.delete()


def _check_open(joint: Joint) -> None:
    if joint.status == "settled" or Gain.objects.filter(**joint.key).exists():
        raise WrongStep(_("This is settled and its gain counted; correct the gain of each member."))
