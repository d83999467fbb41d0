"""The money of a round: deposits, suppliers' invoices, the settlement into each member's bill and the books."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kandoo.benefit import actions as benefit
from kandoo.buying.actions.steps import Status, locked, note, require, tell
from kandoo.buying.models import Bill, Deposit, Invoice, OrderLine, PurchaseOrder, Round
from kandoo.buying.problems import NotPossible
from kandoo.buying.settling import Kept, kept_in, missing_of, settlement_of
from kandoo.engine import posting_rules
from kandoo.engine.buying_settlement import Charge, PurchaseSettlement
from kandoo.ledger import actions as ledger
from kandoo.ledger.actions import party_of
from kandoo.ledger.models import Entry
from kandoo.ledger.problems import ClosedPeriod
from kandoo.register.models import Enterprise, Person
from kandoo.site import notices
from kandoo.site.lists import words_of
from kandoo.site.numbering import next_code

TAKES_DEPOSITS = (Status.OPEN, Status.PLANNED, Status.AGREED, Status.DELIVERED)
TAKES_INVOICES = (Status.AGREED, Status.DELIVERED)


def _post(by: Person, this: Round, entry: Any, on: date) -> None:
    try:
        ledger.post(by=by, cluster_id=this.cluster_id, entry=entry, on=on, round_id=this.pk)
    except ClosedPeriod as problem:
        raise NotPossible(words_of(problem)) from None


# Deposits


@transaction.atomic
def enter_deposit(
    *, by: Person, this: Round, enterprise: Enterprise, amount: int, document: str, on: date, today: date
) -> Deposit:
    """Write down what a member paid ahead; it is taken off its bill."""
    this = locked(this, *TAKES_DEPOSITS)
    if amount <= 0:
        raise NotPossible(_("A deposit is above zero."))
    if on > today:
        raise NotPossible(_("The date lies in the future."))
    if not this.needs.filter(enterprise=enterprise).exists():
        raise NotPossible(_("%(member)s needs nothing in this round.") % {"member": enterprise})
    row = Deposit.objects.create(
        cluster_id=this.cluster_id, round=this, enterprise=enterprise, amount=amount, document=document.strip(), on=on,
        by=by,
    )  # fmt: skip
    entry = posting_rules.purchase_deposit_received(
        source=f"round/{this.pk}/deposit/{row.pk}", lot=str(this.pk), party=party_of(enterprise.pk), amount=amount
    )
    _post(by, this, entry, on)
    note(by, this, "enter-deposit", enterprise=enterprise.pk, amount=amount, document=row.document)
    return row


@transaction.atomic
def take_back_deposit(*, by: Person, deposit: Deposit, today: date) -> None:
    """Undo a deposit entered in error, before the settlement; the books keep it and its mirror image."""
    this = locked(deposit.round, *TAKES_DEPOSITS)
    _unpost(by, this, f"round/{this.pk}/deposit/{deposit.pk}", today)
    note(by, this, "take-back-deposit", enterprise=deposit.enterprise_id, amount=deposit.amount)
    deposit.delete()


def _unpost(by: Person, this: Round, source: str, today: date) -> None:
    entry = Entry.objects.filter(cluster_id=this.cluster_id, source=source).first()
    if entry is None:
        return
    try:
        ledger.reverse(by=by, entry=entry, reason=_("Entered in error"), on=today)
    except ClosedPeriod as problem:
        raise NotPossible(words_of(problem)) from None


def deposits_of(this: Round) -> dict[int, int]:
    """What each member paid ahead for a round, in rial."""
    sums: dict[int, int] = defaultdict(int)
    for enterprise, amount in this.deposits.values_list("enterprise_id", "amount"):
        sums[enterprise] += amount
    return dict(sums)


def return_deposits(*, by: Person, this: Round, deposits: Mapping[int, int], on: date) -> None:
    """Owe back what members paid ahead and no bill takes: all of it when a round is cancelled."""
    owed = {party_of(pk): amount for pk, amount in sorted(deposits.items()) if amount}
    if owed:
        source = f"round/{this.pk}/deposits-back"
        _post(by, this, posting_rules.purchase_deposit_returned(source=source, lot=str(this.pk), deposits=owed), on)


# Invoices


@transaction.atomic
def enter_invoice(
    *,
    by: Person,
    order: PurchaseOrder,
    number: str,
    goods: Mapping[int, int],
    delivery: int,
    on: date,
    today: date,
    remark: str = "",
    is_agent: bool,
) -> Invoice:
    """Write down what a supplier asks for its order, line by line in rial.

    Entered by the agent it is booked at once; a supplier's own is booked when the agent settles.
    """
    require(order.round, *TAKES_INVOICES)
    lines = list(order.lines.order_by("pk"))
    _check_invoice(order, lines, number, goods, delivery)
    if on > today:
        raise NotPossible(_("The date lies in the future."))
    total = sum(goods.values()) + delivery
    try:
        with transaction.atomic():
            row = Invoice.objects.create(
                cluster_id=order.cluster_id, order=order, enterprise_id=order.enterprise_id, number=number.strip(),
                goods=[[line.pk, goods[line.pk]] for line in lines], delivery=delivery, total=total, on=on,
                note=remark.strip(), by=by,
            )  # fmt: skip
    except IntegrityError:
        raise NotPossible(_("This order has an invoice already, or the number was used before.")) from None
    note(by, order.round, "enter-invoice", order=order.code, number=row.number, total=total, ordered=order.total)
    if is_agent:
        _post_invoice(by, order.round, row, on)
    else:
        tell(order.round, notices.people_with(order.cluster_id, "agent"), "invoice-entered", order=order.code)
    return row


def _check_invoice(
    order: PurchaseOrder, lines: Sequence[OrderLine], number: str, goods: Mapping[int, int], delivery: int
) -> None:
    if not number.strip():
        raise NotPossible(_("Write the number of the invoice."))
    if Invoice.objects.filter(enterprise=order.enterprise_id, number=number.strip()).exists():
        raise NotPossible(
            _("Invoice %(number)s of this supplier was entered before; nothing was changed.") % {"number": number}
        )
    if goods.keys() != {line.pk for line in lines}:
        raise NotPossible(_("Write an amount for every line of the order, zero where nothing is asked."))
    if min(*goods.values(), delivery) < 0:
        raise NotPossible(_("An amount is not below zero."))


def _post_invoice(by: Person, this: Round, invoice: Invoice, on: date) -> None:
    if not invoice.total:
        return
    entry = posting_rules.purchase_invoiced(
        source=f"round/{this.pk}/invoice/{invoice.pk}", lot=str(this.pk), supplier=party_of(invoice.enterprise_id),
        amount=invoice.total,
    )  # fmt: skip
    _post(by, this, entry, on)


@transaction.atomic
def take_back_invoice(*, by: Person, invoice: Invoice, today: date, is_agent: bool) -> None:
    """Undo an invoice entered in error, before the settlement; one that is booked is the agent's to undo."""
    this = invoice.order.round
    require(this, *TAKES_INVOICES)
    source = f"round/{this.pk}/invoice/{invoice.pk}"
    if is_agent:
        _unpost(by, this, source, today)
    elif invoice.by_id != by.pk:
        raise NotPossible(_("The agent entered this invoice; ask the agent to take it back."))
    note(by, this, "take-back-invoice", order=invoice.order.code, number=invoice.number, total=invoice.total)
    invoice.delete()


# The settlement


@transaction.atomic
def settle_round(
    *, by: Person, this: Round, now: datetime, today: date, cover_from_reserve: bool = False
) -> PurchaseSettlement:
    """Divide the invoices by the members' rule, write each member's bill, and book what each owes.

    Nobody is billed above its ceiling; what that leaves over is refused, unless the agent has the
    cluster's reserve bear it.
    """
    this = locked(this, Status.DELIVERED)
    missing = missing_of(this)
    if missing.unsigned:
        raise NotPossible(_("Lines not handed out yet: %(count)s.") % {"count": missing.unsigned})
    if missing.uninvoiced:
        codes = ", ".join(each.code for each in missing.uninvoiced)
        raise NotPossible(_("These orders have no invoice yet: %(codes)s.") % {"codes": codes})
    kept = kept_in(this)
    result = settlement_of(this, kept)
    if result.uncovered and not cover_from_reserve:
        raise NotPossible(
            _(
                "The invoices are above what members would pay at most. Agree with the supplier, or let the reserve bear it."
            )
        )
    bills = _write_bills(this, kept, result)
    benefit.record_gains_round(by=by, this=this)
    _post_settlement(by, this, bills, result, today)
    this.status, this.settled_at = Status.SETTLED, now
    this.save(update_fields=["status", "settled_at"])
    note(by, this, "settle-round", invoiced=result.invoiced, reserve=result.reserve, covered=result.uncovered,
         bills=len(bills))  # fmt: skip
    members = {each.enterprise_id for each in bills}
    tell(this, notices.people_with(this.cluster_id, "member", enterprises=members), "round-settled")
    return result


def _write_bills(this: Round, kept: Sequence[Kept], result: PurchaseSettlement) -> list[Bill]:
    paid_ahead = deposits_of(this)
    charges = {(each.member, each.item, each.place, each.supplier): each for each in result.charges}
    lines: dict[int, list[Kept]] = defaultdict(list)
    for each in kept:
        lines[each.hand_out.enterprise_id].append(each)
    billed = {member: mine for member, mine in lines.items() if any(each.units for each in mine)}
    amounts = result.members
    return Bill.objects.bulk_create(
        Bill(
            cluster_id=this.cluster_id,
            round=this,
            enterprise_id=member,
            number=next_code(this.cluster_id, f"B-{this.code.removeprefix('R-')}"),
            amount=amounts[str(member)],
            deposit=min(paid_ahead.get(member, 0), amounts[str(member)]),
            alone=sum(each.alone for each in mine),
            content={
                "lines": [_bill_line(each, charges.get(each.key)) for each in mine],
                "rule": result.rule.to_dict(),
                "deposit_paid": paid_ahead.get(member, 0),
            },
        )
        for member, mine in billed.items()
    )


def _bill_line(kept: Kept, charge: Charge | None) -> dict[str, Any]:
    row = kept.hand_out
    return {
        "item": row.line.need.round_item.item.code,
        "brought": row.item.code,
        "unit": row.item.unit,
        "supplier": row.line.quotation_line.quotation.enterprise_id,
        "place": row.place.point_id,
        "ordered": row.ordered,
        "handed": row.quantity,
        "returned": kept.returned,
        "quantity": kept.units,
        "wanted": kept.wanted,
        "planned": row.line.amount,
        "amount": charge.amount if charge else 0,
        "reserve": charge.reserve if charge else 0,
        "most": charge.most if charge else 0,
        "alone": kept.alone,
    }


def _post_settlement(by: Person, this: Round, bills: Sequence[Bill], result: PurchaseSettlement, on: date) -> None:
    """Invoices not booked yet, the bills, deposits taken off them, and what is left of deposits owed back."""
    for invoice in Invoice.objects.filter(order__round=this).order_by("pk"):
        _post_invoice(by, this, invoice, on)
    source, lot = f"round/{this.pk}", str(this.pk)
    amounts = {party_of(each.enterprise_id): each.amount for each in bills if each.amount}
    if result.invoiced:
        entry = posting_rules.purchase_settled(
            source=f"{source}/settled", lot=lot, invoiced=result.invoiced, bills=amounts, reserve=result.reserve,
            covered=result.uncovered,
        )  # fmt: skip
        _post(by, this, entry, on)
    applied = {each.enterprise_id: each.deposit for each in bills if each.deposit}
    if applied:
        deposits = {party_of(pk): amount for pk, amount in applied.items()}
        _post(
            by,
            this,
            posting_rules.purchase_deposit_applied(source=f"{source}/deposits", lot=lot, deposits=deposits),
            on,
        )
    left = {pk: amount - applied.get(pk, 0) for pk, amount in deposits_of(this).items()}
    return_deposits(by=by, this=this, deposits=left, on=on)
