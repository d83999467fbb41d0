"""Close the books through a day."""

from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kandoo.ledger import queries
from kandoo.ledger.actions.posting import LOCK
from kandoo.ledger.actions.revaluation import revalue
from kandoo.ledger.models import Entry, PeriodClose
from kandoo.ledger.problems import NotPossible
from kandoo.register.models import Cluster, Person
from kandoo.site import audit


@transaction.atomic
def close_period(*, by: Person, cluster: Cluster, through: date, today: date) -> PeriodClose:
    """Close the books through a day that has passed; keeps the trial balance of that day.

    What is still owed abroad is counted at the day's rate first.

    Raises
    ------
    NotPossible
        When the day has not passed, the books are closed through it already, or a currency that is
        still owed has no rate.
    """
    if through >= today:
        raise NotPossible(_("A period ends before today; choose an earlier day."))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, cluster.pk])
    last = PeriodClose.objects.filter(cluster=cluster).order_by("-through").first()
    if last is not None and last.through >= through:
        raise NotPossible(_("The books are already closed through that day."))
    revalue(by=by, cluster=cluster, through=through)
    entries = Entry.objects.filter(cluster=cluster, on__lte=through)
    balances = queries.trial_balance(entries)
    close = PeriodClose.objects.create(
        cluster=cluster,
        through=through,
        by=by,
        entries=entries.count(),
        balances=[[each.account, each.currency, each.debit, each.credit] for each in balances.accounts],
    )
    audit.record(
        by=by, cluster_id=cluster.pk, verb="close-period", subject=f"period/{close.pk}", through=through.isoformat()
    )
    return close
