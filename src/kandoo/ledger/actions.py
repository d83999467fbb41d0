"""Post entries. A fact is booked once: its source is the key, and posting it again changes nothing."""

from datetime import date

from django.db import transaction

from kandoo.engine import posting_rules
from kandoo.ledger.models import Entry, Leg
from kandoo.register.models import Person


@transaction.atomic
def post(
    *,
    by: Person,
    cluster_id: int,
    entry: posting_rules.Entry,
    on: date,
    lot_id: int | None = None,
    reason: str = "",
    reverses: Entry | None = None,
) -> Entry:
    """Write a balanced entry, or give back the one that already books its source."""
    row, is_new = Entry.objects.get_or_create(
        cluster_id=cluster_id,
        source=entry.source,
        defaults={"rule": entry.rule, "on": on, "posted_by": by, "reason": reason, "reverses": reverses},
    )
    if is_new:
        Leg.objects.bulk_create(
            Leg(
                cluster_id=cluster_id,
                entry=row,
                account=leg.account,
                enterprise_id=enterprise_of(leg.party),
                lot_id=lot_id,
                amount=leg.amount,
                currency=leg.currency,
            )
            for leg in entry.legs
        )
    return row


def enterprise_of(party: str) -> int | None:
    """The enterprise a leg's party names ("enterprise/12"); None for the pool itself."""
    kind, _, number = party.partition("/")
    return int(number) if kind == "enterprise" else None


def party_of(enterprise_id: int) -> str:
    """How a leg names an enterprise."""
    return f"enterprise/{enterprise_id}"

