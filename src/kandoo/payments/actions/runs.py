"""A payment run until it is approved: made from the balances, held back in part, proposed, sent back, cancelled."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from kandoo.payments import queries
from kandoo.payments.actions.steps import LineStatus, Status, drafted_by, lock_payments, locked, note, remark, tell
from kandoo.payments.models import PaymentLine, PaymentRemark, PaymentRun
from kandoo.payments.problems import NotPossible
from kandoo.payments.queries import Party
from kandoo.register.models import Cluster, Person
from kandoo.site import notices
from kandoo.site.language import jalali_year
from kandoo.site.numbering import next_code


@transaction.atomic
def make_run(
    *,
    by: Person,
    cluster: Cluster,
    least: int,
    executes_on: date,
    now: datetime,
    today: date,
    note_on_transfers: str = "",
    held: Mapping[int, str] | None = None,
) -> PaymentRun:
    """Draft a run from all parties owed at least `least` rial; `held` says whom not to pay yet, and why.

    A party without a valid Sheba, or waiting in another run, is left out.
    """
    _check_terms(least, executes_on, today)
    lock_payments(cluster.pk)
    found = queries.payable(cluster, least).parties
    if not found:
        raise NotPossible(_("Nobody can be paid now: no party with a valid Sheba is owed this much."))
    run = PaymentRun.objects.create(
        cluster=cluster,
        number=next_code(cluster.pk, f"PR-{jalali_year(today)}"),
        least=least,
        executes_on=executes_on,
        note=note_on_transfers,
        made_by=by,
        made_at=now,
    )
    _add_lines(run, found, held or {})
    note(by, run, "make-run", lines=len(found), amount=sum(each.amount for each in found))
    return run


def _check_terms(least: int, executes_on: date, today: date) -> None:
    if least < 1:
        raise NotPossible(_("The least amount is above zero."))
    if executes_on < today:
        raise NotPossible(_("The day of payment has passed."))


def _add_lines(run: PaymentRun, parties: tuple[Party, ...], held: Mapping[int, str]) -> None:
    last = run.lines.aggregate(last=Max("number"))["last"]
    first = int(last.rpartition("-")[2]) + 1 if last else 1
    PaymentLine.objects.bulk_create(
        PaymentLine(
            cluster_id=run.cluster_id,
            run=run,
            enterprise=each.enterprise,
            number=f"{run.number}-{place:05d}",
            name=each.enterprise.name_fa,
            sheba=each.sheba,
            owed=each.owed,
            owing=each.owing,
            amount=each.amount,
            status=LineStatus.HELD if held.get(each.enterprise.pk) else LineStatus.WAITING,
            reason=held.get(each.enterprise.pk, ""),
        )
        for place, each in enumerate(parties, start=first)
    )


@transaction.atomic
def refresh_run(*, by: Person, run: PaymentRun, executes_on: date, today: date) -> PaymentRun:
    """Take balances and accounts as they are now: amounts change, parties come and go, what is held stays held."""
    run = drafted_by(by, run)
    _check_terms(run.least, executes_on, today)
    now = {each.enterprise.pk: each for each in queries.payable(run.cluster, run.least, beside=run).parties}
    changed = gone = 0
    for line in run.lines.select_related("enterprise"):
        party = now.pop(line.enterprise_id, None)
        if party is None:
            line.delete()
            gone += 1
        elif (line.owed, line.owing, line.sheba) != (party.owed, party.owing, party.sheba):
            line.owed, line.owing, line.amount = party.owed, party.owing, party.amount
            line.sheba, line.name = party.sheba, party.enterprise.name_fa
            line.save(update_fields=["owed", "owing", "amount", "sheba", "name"])
            changed += 1
    _add_lines(run, tuple(now.values()), {})
    run.executes_on = executes_on
    run.save(update_fields=["executes_on"])
    note(by, run, "refresh-run", changed=changed, gone=gone, come=len(now))
    return run


@transaction.atomic
def hold_payment(*, by: Person, line: PaymentLine, reason: str) -> None:
    """Do not pay this party yet; its balance waits for a later run."""
    if not reason.strip():
        raise NotPossible(_("Write why this payment is held back."))
    _move(by, line, LineStatus.WAITING, LineStatus.HELD, reason.strip(), "hold-payment")


@transaction.atomic
def release_payment(*, by: Person, line: PaymentLine) -> None:
    """Pay this party after all."""
    if PaymentLine.objects.filter(enterprise=line.enterprise_id, status=LineStatus.WAITING).exists():
        raise NotPossible(_("%(name)s already waits in another run.") % {"name": line.name})
    _move(by, line, LineStatus.HELD, LineStatus.WAITING, "", "release-payment")


def _move(by: Person, line: PaymentLine, old: str, new: str, reason: str, verb: str) -> None:
    run = drafted_by(by, line.run)
    moved = run.lines.filter(pk=line.pk, status=old).update(status=new, reason=reason)
    if not moved:
        raise NotPossible(_("This payment was changed meanwhile. Look at it again."))
    note(by, run, verb, payment=line.number, reason=reason)


@transaction.atomic
def propose_run(*, by: Person, run: PaymentRun, now: datetime) -> PaymentRun:
    """Hand the run to the controllers; until they answer it does not change."""
    run = drafted_by(by, run)
    sums = queries.sums_of(run.lines.all())
    if not sums.count(LineStatus.WAITING):
        raise NotPossible(_("Every payment of this run is held back; there is nothing to approve."))
    if queries.account_of(run.cluster) is None:
        raise NotPossible(_("Write down the cluster’s own account first; the bank file needs it."))
    controllers = set(notices.people_with(run.cluster_id, "controller")) - {by.pk}
    if not controllers:
        raise NotPossible(_("No other person is controller of this cluster, so nobody could approve the run."))
    run.status, run.proposed_at = Status.PROPOSED, now
    run.save(update_fields=["status", "proposed_at"])
    note(by, run, "propose-run", lines=sums.count(LineStatus.WAITING), amount=sums.amount(LineStatus.WAITING))
    tell(run, controllers, "run-proposed", amount=sums.amount(LineStatus.WAITING))
    return run


@transaction.atomic
def send_run_back(*, by: Person, run: PaymentRun, reason: str) -> PaymentRun:
    """A controller does not approve the run: it is a draft again, with the reason."""
    run = locked(run, Status.PROPOSED)
    remark(by, run, reason, PaymentRemark.Kind.SENT_BACK)
    run.status, run.proposed_at = Status.DRAFT, None
    run.save(update_fields=["status", "proposed_at"])
    note(by, run, "send-run-back", reason=reason)
    tell(run, [run.made_by_id], "run-sent-back", reason=reason)
    return run


@transaction.atomic
def cancel_run(*, by: Person, run: PaymentRun, reason: str, now: datetime) -> PaymentRun:
    """Give up a run before it is approved; its parties are free for another one."""
    run = locked(run, Status.DRAFT, Status.PROPOSED)
    remark(by, run, reason, PaymentRemark.Kind.CANCELLED)
    run.status, run.cancelled_at = Status.CANCELLED, now
    run.save(update_fields=["status", "cancelled_at"])
    run.lines.filter(status=LineStatus.WAITING).update(status=LineStatus.DROPPED)
    note(by, run, "cancel-run", reason=reason)
    tell(run, {run.made_by_id} - {by.pk}, "run-cancelled", reason=reason)
    return run


@transaction.atomic
def remark_on_run(*, by: Person, run: PaymentRun, text: str) -> PaymentRemark:
    """Write a remark to a run and tell the other side."""
    written = remark(by, run, text)
    note(by, run, "remark-on-run")
    others = {run.made_by_id, *notices.people_with(run.cluster_id, "controller")} - {by.pk}
    tell(run, others, "run-remark", text=written.text)
    return written
