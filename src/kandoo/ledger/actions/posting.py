"""Post entries. A fact is booked once: its source is the key, and posting it again changes nothing."""

from collections.abc import Sequence
from datetime import date

from django.db import connection, transaction

from kandoo.engine import books, posting_rules
from kandoo.ledger.models import Entry, Leg, PeriodClose
from kandoo.ledger.problems import ClosedPeriod
from kandoo.register.models import Person
from kandoo.site import audit

LOCK = 7301  # the same in migration 0005: entries share it, a close holds it alone
OUTSIDE = "outside"  # "outside/Waybill 12" names a party the register does not hold


@transaction.atomic
def post(
    *,
    by: Person,
    cluster_id: int,
    entry: books.Entry,
    on: date,
    lot_id: int | None = None,
    round_id: int | None = None,
    reason: str = "",
    reverses: Entry | None = None,
) -> Entry:
    """Write a balanced entry, or give back the one that already books its source.

    Raises
    ------
    ClosedPeriod
        When the books are closed on that day.
    """
    row = Entry.objects.filter(cluster_id=cluster_id, source=entry.source).first()
    if row is not None:
        return row
    require_open(cluster_id, on)
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
                party=leg.party.removeprefix(f"{OUTSIDE}/") if leg.party.startswith(f"{OUTSIDE}/") else "",
                lot_id=lot_id,
                round_id=round_id,
                amount=leg.amount,
                currency=leg.currency,
            )
            for leg in entry.legs
        )
    return row


def require_open(cluster_id: int, on: date) -> None:
    """Refuse a day on which the books are closed; PostgreSQL refuses it again.

    Waits for a close under way, so that its day is known; until this transaction ends, no close begins.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [LOCK, cluster_id])
    closed = PeriodClose.objects.filter(cluster=cluster_id, through__gte=on).order_by("-through").first()
    if closed is not None:
        raise ClosedPeriod(closed.through)


def enterprise_of(party: str) -> int | None:
    """The enterprise a leg's party names ("enterprise/12"); None for the pool itself."""
    kind, _, number = party.partition("/")
    return int(number) if kind == "enterprise" else None


def party_of(enterprise_id: int) -> str:
    """How a leg names an enterprise."""
    return f"enterprise/{enterprise_id}"


@transaction.atomic
def reverse(*, by: Person, entry: Entry, reason: str, on: date) -> Entry:
    """Book the mirror image of an entry, linked to it; asking again gives back the same reversal."""
    twin = Entry.objects.filter(reverses=entry).first()
    if twin is not None:
        return twin
    legs = list(entry.legs.order_by("pk"))
    lots = {leg.lot_id for leg in legs}
    rounds = {leg.round_id for leg in legs}
    twin = post(
        by=by,
        cluster_id=entry.cluster_id,
        entry=posting_rules.reversal(_as_booked(entry, legs), reason),
        on=on,
        lot_id=lots.pop() if len(lots) == 1 else None,
        round_id=rounds.pop() if len(rounds) == 1 else None,
        reason=reason,
        reverses=entry,
    )
    audit.record(by=by, cluster_id=entry.cluster_id, verb="reverse-entry", subject=f"entry/{entry.pk}", reason=reason)
    return twin


def _as_booked(entry: Entry, legs: Sequence[Leg]) -> books.Entry:
    """A stored entry as the value it was booked from."""
    return books.Entry(
        rule=entry.rule,
        source=entry.source,
        legs=tuple(
            books.Leg(
                leg.account,
                party_of(leg.enterprise_id) if leg.enterprise_id else f"{OUTSIDE}/{leg.party}",
                leg.amount,
                leg.currency,
                str(leg.lot_id or leg.round_id or OUTSIDE),
            )
            for leg in legs
        ),
        memo_code=entry.rule,
        reverses=entry.reverses.source if entry.reverses else "",
    )
