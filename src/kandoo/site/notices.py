"""Tell people what concerns them. The words live here, once, and are shown in the reader's language."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from kandoo.site.language import format_day, format_toman, localise_digits, parse_day
from kandoo.site.lists import page_language
from kandoo.site.models import Notice

DAYS = ("until", "day")  # values that are days, written in either calendar

TEXTS = {
    "lot-called": _("A joint lot was called: %(lot)s. Offer your batches until %(until)s."),
    "lot-planned": _("The plan of %(lot)s is ready. Please look at your part and answer."),
    "lot-agreed": _("%(lot)s is agreed. Your part is fixed; delivery follows."),
    "lot-delivered": _("%(lot)s was delivered. Your first payment is owed to you and is paid in the next payment run."),
    "lot-settled": _("%(lot)s is settled. Your pay slip is ready."),
    "lot-cancelled": _("%(lot)s was cancelled: %(reason)s"),
    "batch-held": _("Batch %(batch)s is held: more honey than the hives plausibly give."),
    "batch-released": _("Batch %(batch)s is released."),
    "batch-barred": _("Batch %(batch)s is barred for good: %(reason)s"),
    "result-entered": _("A laboratory result was entered for batch %(batch)s."),
    "order-placed": _("A buyer placed order %(order)s."),
    "member-answered": _("A member answered the plan of %(lot)s."),
    "sample-asked": _("A sample of batch %(batch)s was assigned to your laboratory."),
    "gain-corrected": _("Your gain in %(action)s was corrected: %(reason)s"),
    "rule-proposed": _("A member proposes a sharing rule: %(title)s. Open the vote when it is ready."),
    "vote-opened": _(
        "A vote on a sharing rule is open: %(title)s. See what it would change for you and vote until %(until)s."
    ),
    "vote-called-off": _("The vote on this sharing rule was called off: %(title)s"),
    "rule-adopted": _("The members adopted a sharing rule: %(title)s"),
    "rule-rejected": _("The members did not adopt this sharing rule: %(title)s"),
    "round-called": _("A joint buying round was called: %(round)s. Write what you need until %(until)s."),
    "round-extended": _("There is more time for %(round)s: until %(until)s."),
    "round-cancelled": _("The round %(round)s was cancelled: %(reason)s"),
    "round-planned": _("The plan of %(round)s is ready. Please look at your part and answer."),
    "round-replanned": _("%(round)s was planned again. Your part has changed; please look at it and answer."),
    "round-answered": _("A member said yes to its part of %(round)s."),
    "round-refused": _("A member withdrew from the plan of %(round)s: look at the new plan."),
    "round-agreed": _("%(round)s is agreed. What you ordered is fixed; goods follow."),
    "order-sent": _("Order %(order)s of %(round)s was sent to you."),
    "need-entered": _("%(item)s was entered for you in %(round)s. Please confirm it."),
    "needs-imported": _("Needs were entered for you in %(round)s. Please confirm them."),
    "goods-arrived": _("Goods of %(round)s have arrived at a collection point."),
    "goods-divided": _("The goods of %(round)s are divided. See what is yours and where to take it."),
    "invoice-entered": _("The supplier sent the invoice for order %(order)s of %(round)s."),
    "round-settled": _("%(round)s is settled. Your bill is ready."),
    "quotation-given": _("A supplier has sent a sealed quotation for %(round)s."),
    "diagnosis-prepared": _("The diagnosis of %(file)s waits for your confirmation."),
    "diagnosis-frozen": _("The diagnosis of %(file)s is confirmed: it is the baseline now."),
    "diagnosis-returned": _("The diagnosis of %(file)s was sent back to you: %(reason)s"),
    "credit-allocated": _("%(amount)s was allocated on the credit line %(line)s."),
    "credit-committed": _("%(amount)s is committed: %(title)s. Its payments can be prepared."),
    "order-prepared": _("Payment order %(order)s, %(amount)s, waits for you."),
    "order-paid": _("Payment order %(order)s, %(amount)s, is paid."),
    "order-sent-back": _("Payment order %(order)s was sent back to you: %(reason)s"),
    "phase-delivered": _("A phase is delivered and waits for your confirmation: %(phase)s"),
    "phase-confirmed": _("The supervisor confirmed a phase: %(phase)s. Its payment can be prepared."),
    "phase-sent-back": _("The supervisor sent a phase back: %(phase)s. %(reason)s"),
    "line-closed": _("The credit line %(line)s is closed for its year; %(amount)s lapsed."),
    "run-proposed": _("Payment run %(run)s, %(amount)s, waits for your approval."),
    "run-sent-back": _("Payment run %(run)s was sent back to you: %(reason)s"),
    "run-cancelled": _("Payment run %(run)s was cancelled: %(reason)s"),
    "run-remark": _("Somebody wrote to payment run %(run)s: %(text)s"),
    "run-approved": _("Payment run %(run)s, %(amount)s, is approved. Its bank file is ready."),
    "run-answered": _("The bank has answered every payment of run %(run)s."),
    "paper-prepared": _("%(paper)s of %(cluster)s waits for your confirmation."),
    "paper-confirmed": _("%(paper)s of %(cluster)s is confirmed and waits for approval."),
    "paper-approved": _("%(paper)s of %(cluster)s is approved."),
    "paper-returned": _("%(paper)s of %(cluster)s was sent back to you. The remark says what to change."),
    "paper-remark": _("Somebody wrote a remark on %(paper)s of %(cluster)s."),
    "meeting-called": _("%(body)s meets on %(day)s. Read the briefs of its agenda."),
    "report-submitted": _("A report on %(cluster)s was submitted and waits for you."),
    "own-report-submitted": _("A technical supervisor submitted a report on its own work; it waits for you."),
    "own-report-received": _("The report on your own work was received."),
    "own-report-returned": _("The report on your own work was sent back. The remark says what to change."),
    "report-confirmed": _("The supervisor confirmed a report on %(cluster)s; receive it."),
    "report-received": _("Your report on %(cluster)s was received."),
    "call-published": _("A call was published: %(title)s. Its offers are to be marked after the closing."),
    "call-awarded": _("An offer was chosen: %(title)s."),
    "visits-planned": _("Visits to %(cluster)s were planned for you."),
    "visit-moved": _("Your visit to %(cluster)s has another day."),
    "visit-called-off": _("Your visit to %(cluster)s was called off."),
    "visit-reported": _("The supervisor reported a visit to %(cluster)s."),
    "advice-followed": _("Your advice to %(cluster)s was followed; see what was done."),
    "report-returned": _("Your report on %(cluster)s was sent back. The remark says what to change."),
    "vote-open": _("The sitting of %(body)s is open: vote on its agenda."),
    "meeting-cancelled": _("The meeting of %(body)s was cancelled."),
    "gate-decided": _("A meeting decided on the gate “%(gate)s” of %(cluster)s."),
    "condition-due": _("A condition of %(cluster)s is due on %(day)s: %(condition)s"),
    "assessment-submitted": _("%(cluster)s submitted its self-assessment."),
    "assessment-remark": _("Somebody wrote a remark on the self-assessment of %(cluster)s."),
    "study-done": _("“%(title)s” is measured: see which industries gather where."),
    "study-failed": _("“%(title)s” could not be measured. Its page says why."),
    "payment-paid": _("%(amount)s was paid into your account."),
    "payment-failed": _("The bank could not pay you %(amount)s: %(reason)s The amount stays owed to you."),
    "payment-returned": _("A payment of %(amount)s came back from your bank: %(reason)s The amount stays owed to you."),
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


def _shown(name: str, value: Any, language: str) -> str:
    """An amount is kept in rial; it, a day and the digits of a code are written in the reader's language."""
    if name == "amount":
        return format_toman(value, language)
    if name in DAYS:
        return format_day(parse_day(value), language, style="short")
    return localise_digits(str(value), language)


def text_of(notice: Notice) -> str:
    """The notice in the present language; its values keep their own direction inside the sentence."""
    language = page_language()
    isolated = {name: f"\u2068{_shown(name, value, language)}\u2069" for name, value in notice.values.items()}
    return str(TEXTS[notice.code]) % isolated
