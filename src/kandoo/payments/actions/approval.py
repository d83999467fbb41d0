"""The second person: a controller approves a run, and every payment of it is booked as under way."""

import hashlib
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kandoo.engine import posting_rules
from kandoo.engine.bank_file import pain_001
from kandoo.ledger.actions import party_of, post
from kandoo.payments import queries
from kandoo.payments.actions.steps import LineStatus, Status, locked, note, tell
from kandoo.payments.models import PaymentLine, PaymentRun
from kandoo.payments.problems import BalancesChanged, Change, NotPossible
from kandoo.register.models import Person, Role
from kandoo.site.language import format_toman
from kandoo.site.lists import page_language


@transaction.atomic
def approve_run(*, by: Person, run: PaymentRun, now: datetime, today: date) -> PaymentRun:
    """Approve a run as it was proposed, or say what has changed since; then it is on its way to the bank.

    Each payment is booked once under its own source, so that no party is ever paid twice.
    """
    run = locked(run, Status.PROPOSED)
    _check_person(by, run)
    account = queries.account_of(run.cluster)
    if account is None:
        raise NotPossible(_("Write down the cluster’s own account first; the bank file needs it."))
    lines = list(run.lines.filter(status=LineStatus.WAITING).order_by("number"))
    if changes := _changes(run, lines):
        raise BalancesChanged(changes)
    run.holder, run.bank, run.sheba, run.bic = account.holder, account.bank, account.sheba, account.bic
    run.status, run.approved_by, run.approved_at = Status.APPROVED, by, now
    run.executes_on = max(run.executes_on, today)
    run.sha256 = hashlib.sha256(pain_001(queries.as_bank_file(run))).hexdigest()
    run.save()
    run.lines.filter(status=LineStatus.WAITING).update(status=LineStatus.SENT, sent_on=today)
    for line in lines:
        _book(by, line, today)
    amount = sum(each.amount for each in lines)
    note(by, run, "approve-run", lines=len(lines), amount=amount, sha256=run.sha256)
    tell(run, {run.made_by_id}, "run-approved", amount=amount)
    return run


def _check_person(by: Person, run: PaymentRun) -> None:
    if by.pk == run.made_by_id:
        raise NotPossible(_("You made this run, so another person has to approve it."))
    if not Role.objects.filter(person=by, cluster=run.cluster_id, role=Role.Name.CONTROLLER).exists():
        raise NotPossible(_("Only a controller of the cluster approves payments."))


def _changes(run: PaymentRun, lines: list[PaymentLine]) -> list[Change]:
    """What is no longer as the run says, party by party."""
    owed = queries.parties_owed(run.cluster)
    language = page_language()
    changes = []
    for line in lines:
        party = owed.get(line.enterprise_id)
        amount = party.amount if party else 0
        if party is None or (party.owed, party.owing) != (line.owed, line.owing):
            was, is_now = format_toman(line.amount, language), format_toman(amount, language)
            changes.append(Change(line.name, _("Balance"), was, is_now))
        elif party.sheba != line.sheba:
            changes.append(Change(line.name, _("Sheba (IBAN)"), line.sheba, party.sheba))
    return changes


def _book(by: Person, line: PaymentLine, on: date) -> None:
    entry = posting_rules.payment_sent(
        source=f"payment/{line.pk}/sent",
        party=party_of(line.enterprise_id),
        owed=line.owed,
        owing=line.owing,
    )
    post(by=by, cluster_id=line.cluster_id, entry=entry, on=on)
