"""Tell people what concerns them. The words live here, once, and are shown in the reader's language."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from kandoo.site.models import Notice

TEXTS = {
    "lot-called": _("A joint lot was called: %(lot)s. Offer your batches until %(until)s."),
    "lot-planned": _("The plan of %(lot)s is ready. Please look at your part and answer."),
    "lot-agreed": _("%(lot)s is agreed. Your part is fixed; delivery follows."),
    "lot-delivered": _("%(lot)s was delivered. The first payment is on its way."),
    "lot-settled": _("%(lot)s is settled. Your pay slip is ready."),
    "lot-cancelled": _("%(lot)s was cancelled: %(reason)s"),
    "batch-held": _("Batch %(batch)s is held: more honey than the hives plausibly give."),
    "batch-released": _("Batch %(batch)s is released."),
    "batch-barred": _("Batch %(batch)s is barred for good: %(reason)s"),
    "result-entered": _("A laboratory result was entered for batch %(batch)s."),
    "order-placed": _("A buyer placed order %(order)s."),
    "member-answered": _("A member answered the plan of %(lot)s."),
    "sample-asked": _("A sample of batch %(batch)s was assigned to your laboratory."),
}


def tell(people: Iterable[int], *, cluster_id: int, code: str, url: str = "", **values: Any) -> None:
    """Leave a notice for each person; part of the action's transaction, so it is there or neither is."""
    assert code in TEXTS, code
    text = json.dumps(values, ensure_ascii=False)
    rows = [(cluster_id, person, code, text, url) for person in sorted(set(people))]
    with connection.cursor() as cursor:
        # Not through the model: it would read the row back, and a notice is its receiver's alone.
        cursor.executemany(
            "INSERT INTO site_notice (cluster_id, person_id, at, code, values, url) VALUES (%s, %s, now(), %s, %s::jsonb, %s)",
            rows,
        )


def people_with(cluster_id: int, *roles: str, enterprises: Iterable[int] | None = None) -> list[int]:
    """The people who hold a role in a cluster today, of all or some enterprises.

    Asked through a function of the database: a notice must reach people whose rows its sender
    may not see.
    """
    chosen = None if enterprises is None else sorted(set(enterprises))
    with connection.cursor() as cursor:
        cursor.execute("SELECT kandoo_people(%s, %s, %s)", [cluster_id, list(roles), chosen])
        return [row[0] for row in cursor.fetchall()]


def mark_read(person: Any, now: datetime, *, keep: int = 0) -> None:
    """A person has read its notices, all but the newest `keep`."""
    unread = Notice.objects.filter(person=person, read_at=None).order_by("-at", "-pk")
    Notice.objects.filter(pk__in=list(unread.values_list("pk", flat=True)[keep:])).update(read_at=now)


def text_of(notice: Notice) -> str:
    """The notice in the present language; its values keep their own direction inside the sentence."""
    isolated = {name: f"\u2068{value}\u2069" for name, value in notice.values.items()}
    return str(TEXTS[notice.code]) % isolated
