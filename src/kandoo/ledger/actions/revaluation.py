"""At the end of a period, what is still owed abroad is counted at that day's rate."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from kandoo.engine import posting_rules
from kandoo.ledger.actions.posting import post, reverse
from kandoo.ledger.models import Entry
from kandoo.ledger.problems import NotPossible
from kandoo.ledger.queries.foreign import open_foreign
from kandoo.register.models import Cluster, Person


def revalue(*, by: Person, cluster: Cluster, through: date) -> list[Entry]:
    """Book the rate's gain or loss on the last day, and undo it on the next one.

    Part of closing a period. The payment that comes later is then still counted from the lot's own
    rate, and the whole of what the rate made stays with the members of the lot.

    Raises
    ------
    NotPossible
        When a currency that is owed has no rate up to that day.
    """
    booked = []
    for each in open_foreign(cluster, through):
        if each.without_rate:
            raise NotPossible(
                _("%(currency)s is still owed and has no rate up to that day. Write the rate down first.")
                % {"currency": each.without_rate}
            )
        if not each.gain:
            continue
        fact = posting_rules.revalued(
            source=f"revalued/{through.isoformat()}/lot/{each.lot_id}",
            lot=str(each.lot_id),
            booked=each.booked,
            now=each.now,
        )
        entry = post(by=by, cluster_id=cluster.pk, entry=fact, on=through, lot_id=each.lot_id)
        reverse(by=by, entry=entry, reason=_("The new period begins"), on=through + timedelta(days=1))
        booked.append(entry)
    return booked
