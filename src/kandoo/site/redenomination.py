"""The dated change of the unit in which a cluster writes its money. No stored amount changes."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.register.models import Cluster, Person
from kandoo.site import audit, units
from kandoo.site.models import Redenomination


class NotPossible(ValueError):
    """Why the unit cannot be changed so, in the reader's words."""


def writing_in(cluster_id: int, today: date) -> units.Writing:
    """How a cluster's amounts are written on a day."""
    row = Redenomination.objects.filter(cluster=cluster_id).first()
    if row is None:
        return units.Writing()
    unit = units.Unit(row.name_fa, row.name_en, row.rial)
    return units.Change(unit, row.starts_on, row.both_until).writing(today)


@transaction.atomic
def announce(
    *,
    by: Person,
    cluster: Cluster,
    name_fa: str,
    name_en: str,
    rial: int,
    starts_on: date,
    both_until: date,
    source: str,
    today: date,
) -> Redenomination:
    """Say from which day another unit is written; one that has not begun is replaced.

    Raises
    ------
    NotPossible
        When the day is past, the days are out of order, or a change has already begun.
    """
    before = Redenomination.objects.filter(cluster=cluster).first()
    if before is not None and before.starts_on <= today:
        raise NotPossible(_("The new unit is already in force and stays."))
    if starts_on <= today:
        raise NotPossible(_("The first day of a new unit lies in the future."))
    if both_until < starts_on:
        raise NotPossible(_("Both units cannot end before the new one begins."))
    if before is not None:
        before.delete()
    row = Redenomination.objects.create(
        cluster=cluster,
        name_fa=name_fa,
        name_en=name_en,
        rial=rial,
        starts_on=starts_on,
        both_until=both_until,
        source=source,
        by=by,
    )
    audit.record(by=by, cluster_id=cluster.pk, verb="announce-unit", subject=f"cluster/{cluster.pk}", rial=rial)
    return row


@transaction.atomic
def call_off(*, by: Person, cluster: Cluster, today: date) -> None:
    """Take back a change that has not begun.

    Raises
    ------
    NotPossible
        When there is none, or it has begun.
    """
    row = Redenomination.objects.filter(cluster=cluster, starts_on__gt=today).first()
    if row is None:
        raise NotPossible(_("There is no coming change of the unit to take back."))
    row.delete()
    audit.record(by=by, cluster_id=cluster.pk, verb="call-off-unit", subject=f"cluster/{cluster.pk}")
